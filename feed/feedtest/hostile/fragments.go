package hostile

import "slices"

func fragments() []Case {
	x := Event(2, "x")
	kept := func(name string, write func(*Peer)) Case {
		return Case{Class: "fragmentation", Name: name, Do: silent(write), Texts: []string{"x"}}
	}
	cut := func(name, says string, write func(*Peer)) Case {
		return Case{Class: "fragmentation", Name: name, Do: silent(write), Want: Cut, Code: 1002, Says: says}
	}
	both := cut("a whole message, then a piece of nothing", "continuation after FIN", func(p *Peer) { p.Pieces(x, 9); p.Frame(Continue, "z") })
	both.Texts = []string{"x"}
	return []Case{
		cut("a ping in pieces", "FIN not set", func(p *Peer) { p.Frame(Ping, "a"); p.Frame(fin|Continue, "b") }),
		cut("a pong in pieces", "FIN not set", func(p *Peer) { p.Frame(Pong, "a"); p.Frame(fin|Continue, "b") }),
		cut("a close in pieces", "FIN not set", func(p *Peer) { p.Frame(Close, "\x03\xe8"); p.Frame(fin|Continue, "b") }),
		kept("in two pieces", func(p *Peer) { p.Pieces(x, 10) }),
		kept("in pieces of one byte", func(p *Peer) { p.Pieces(x, slices.Repeat([]int{1}, len(x)-1)...) }),
		kept("in pieces of nothing but the last", func(p *Peer) { p.Pieces(x, 0, 0, 0, 0) }),
		kept("with nothing in the last piece", func(p *Peer) { p.Pieces(x, len(x)) }),
		kept("in two pieces, byte by byte", func(p *Peer) {
			for _, b := range slices.Concat(p.frame(Text, []byte(x[:10])), p.frame(fin|Continue, []byte(x[10:]))) {
				p.Write([]byte{b})
			}
		}),
		{Class: "fragmentation", Name: "a ping between two pieces", Texts: []string{"x"}, Do: func(p *Peer) error {
			p.Frame(Text, x[:10])
			err := pinged(p, "between")
			p.Frame(fin|Continue, x[10:])
			return err
		}},
		kept("a pong between two pieces", func(p *Peer) { p.Frame(Text, x[:10]); p.Frame(fin|Pong, "between"); p.Frame(fin|Continue, x[10:]) }),
		kept("pings between all pieces", func(p *Peer) {
			p.Frame(Text, "")
			for i := range len(x) {
				p.Frame(fin|Ping, "p")
				p.Frame(Continue, x[i:i+1])
			}
			p.Frame(fin|Continue, "")
		}),
		kept("65536 bytes in pieces of 1300", func(p *Peer) { p.Pieces(sized("x", 65536), slices.Repeat([]int{1300}, 50)...) }),
		cut("a last piece of nothing", "continuation after FIN", func(p *Peer) { p.Frame(fin|Continue, "a") }),
		cut("a piece of nothing", "continuation after FIN", func(p *Peer) { p.Frame(Continue, "a"); p.Frame(fin|Continue, "b") }),
		cut("an empty piece of nothing", "continuation after FIN", func(p *Peer) { p.Frame(fin|Continue, "") }),
		both,
		cut("a text amid a text", "data before FIN", func(p *Peer) { p.Frame(Text, "a"); p.Say(x) }),
		cut("a text begun amid a text", "data before FIN", func(p *Peer) { p.Frame(Text, "a"); p.Frame(Text, "b"); p.Frame(fin|Continue, "c") }),
		cut("a binary amid a text", "data before FIN", func(p *Peer) { p.Frame(Text, "a"); p.Frame(fin|Binary, "b") }),
		cut("a text amid a binary", "data before FIN", func(p *Peer) { p.Frame(Binary, "a"); p.Say(x) }),
		{Class: "fragmentation", Name: "a close amid a text", Want: Closed, Code: 1000, Says: "code 1000", Do: silent(func(p *Peer) {
			p.Frame(Text, x[:10])
			p.Bye(1000, "")
			p.Frame(fin|Continue, x[10:])
		})},
		{Class: "fragmentation", Name: "never ended", Want: Closed, Says: "EOF", Do: silent(func(p *Peer) { p.Frame(Text, x[:10]); p.End() })},
	}
}

func utf8Cases() []Case {
	var all []Case
	for name, text := range map[string]string{
		"Greek": "κόσμε", "two bytes, the first": "\u0080", "two bytes, the last": "\u07ff", "three bytes, the first": "\u0800", "below the surrogates": "\ud7ff",
		"above the surrogates": "\ue000", "the replacement": "\ufffd", "four bytes, the first": "\U00010000", "four bytes, the last": "\U0010ffff",
		"no character": "\ufffe", "no character of plane 1": "\U0001ffff", "a mark of order": "\ufeff", "Chinese": "真的是纯羊绒吗",
	} {
		c := bytesCase("UTF-8", name, fin|Text, Event(2, text))
		c.Texts = []string{text}
		all = append(all, c)
	}
	for name, bytes := range map[string]string{
		"a continuation alone": "\x80", "the last continuation alone": "\xbf", "five continuations": "\x80\xbf\x80\xbf\x80", "a lead alone": "\xc3",
		"a lead of three with one": "\xe4\xb8", "a lead of four with two": "\xf0\x9f\x98", "overlong in two": "\xc0\xaf", "overlong in three": "\xe0\x80\xaf",
		"overlong in four": "\xf0\x80\x80\xaf", "overlong nothing": "\xc0\x80", "a high surrogate": "\xed\xa0\x80", "a low surrogate": "\xed\xbf\xbf",
		"surrogates": "\xed\xa0\xbd\xed\xb8\x80", "beyond the last": "\xf4\x90\x80\x80", "f5": "\xf5\x80\x80\x80", "five bytes": "\xf8\x88\x80\x80\x80",
		"six bytes": "\xfc\x84\x80\x80\x80\x80", "fe": "\xfe", "ff": "\xff", "Latin-1": "\xe9t\xe9", "GBK": "\xd1\xf2\xc8\xde", "a control of 8 bits": "\x9b31m",
	} {
		c := bytesCase("UTF-8", name, fin|Text, Event(2, "a"+bytes+"b"))
		c.Want = Refused
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Case) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	split := Event(2, "羊")
	at := len(split) - len(`羊"}}`) + 1
	return append(all,
		Case{Class: "UTF-8", Name: "a character in two pieces", Texts: []string{"羊"}, Do: silent(func(p *Peer) { p.Pieces(split, at) })},
		Case{Class: "UTF-8", Name: "a character in three pieces", Texts: []string{"羊"}, Do: silent(func(p *Peer) { p.Pieces(split, at, 1) })},
		Case{Class: "UTF-8", Name: "broken in the second piece", Want: Refused, Do: silent(func(p *Peer) { p.Frame(Text, split[:at]); p.Frame(fin|Continue, "\xff\xff\"}}") })},
	)
}
