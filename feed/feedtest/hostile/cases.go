package hostile

import (
	"fmt"
	"slices"
)

// An Outcome is what must become of a connection over which a case was played.
type Outcome int

const (
	// Kept means: the messages of the case are events, and the connection goes on.
	Kept Outcome = iota
	// Refused means: the message is counted as refused, and the connection goes on.
	Refused
	// Cut means: the connection is ended, with an error that tells why.
	Cut
	// Closed means: the peer ended the connection itself, as it may.
	Closed
)

// A Case is something a peer does once the connection is up. The event with
// offset 1 came before it; those that the case itself sends go on from 2.
type Case struct {
	Class string
	Name  string
	Do    func(p *Peer) error // its error says what the other end did wrong
	Want  Outcome
	Texts []string // of the events that must come of it
	Code  int      // by which the other end closes, where it must be one
	Says  string   // what the error tells, where it is Cut or Closed
}

// ReadLimit is the longest message that the other end takes.
const ReadLimit = 1 << 20

// Cases lists everything, class by class.
func Cases() []Case {
	return slices.Concat(framing(), pings(), reserved(), opcodes(), fragments(), utf8Cases(), closes(), limits(), broken())
}

// silent turns a case that only writes into one.
func silent(write func(p *Peer)) func(*Peer) error {
	return func(p *Peer) error { write(p); return nil }
}

func bytesCase(class, name string, first byte, payload string) Case {
	return Case{Class: class, Name: name, Do: silent(func(p *Peer) { p.Frame(first, payload) })}
}

func framing() []Case {
	var all []Case
	for _, n := range []int{125, 126, 127, 128, 65535, 65536} {
		c := bytesCase("framing", fmt.Sprintf("text of %d bytes", n), fin|Text, sized("x", n))
		c.Texts = []string{"x"}
		all = append(all, c)
		c = bytesCase("framing", fmt.Sprintf("binary of %d bytes", n), fin|Binary, sized("x", n))
		c.Want = Refused
		all = append(all, c)
	}
	empty, none := bytesCase("framing", "text of nothing", fin|Text, ""), bytesCase("framing", "binary of nothing", fin|Binary, "")
	empty.Want, none.Want = Refused, Refused
	return append(all, empty, none,
		Case{Class: "framing", Name: "text byte by byte", Texts: []string{"x"}, Do: silent(func(p *Peer) {
			for _, b := range p.frame(fin|Text, []byte(Event(2, "x"))) {
				p.Write([]byte{b})
			}
		})},
		Case{Class: "framing", Name: "65536 bytes in writes of 997", Texts: []string{"x"}, Do: silent(func(p *Peer) {
			for part := range slices.Chunk(p.frame(fin|Text, []byte(sized("x", 65536))), 997) {
				p.Write(part)
			}
		})},
		Case{Class: "framing", Name: "three messages in one write", Texts: []string{"x", "y", "z"}, Do: silent(func(p *Peer) {
			p.Write(slices.Concat(p.frame(fin|Text, []byte(Event(2, "x"))), p.frame(fin|Text, []byte(Event(3, "y"))), p.frame(fin|Text, []byte(Event(4, "z")))))
		})},
		Case{Class: "framing", Name: "masked the wrong way round", Want: Cut, Code: 1002, Says: "bad MASK", Do: silent(func(p *Peer) {
			p.Write(head(fin|Text, 3, !p.Client, []byte("abc")))
		})},
		Case{Class: "framing", Name: "a ping masked the wrong way round", Want: Cut, Code: 1002, Says: "bad MASK", Do: silent(func(p *Peer) {
			p.Write(head(fin|Ping, 3, !p.Client, []byte("abc")))
		})},
	)
}

// pinged sends a ping and wants it answered with the same bytes.
func pinged(p *Peer, payload string) error {
	p.Frame(fin|Ping, payload)
	return ponged(p, payload)
}

func ponged(p *Peer, payload string) error {
	for {
		op, got, err := p.Read()
		if err != nil {
			return fmt.Errorf("no pong came: %w", err)
		}
		if op != Pong {
			continue
		}
		if string(got) != payload {
			return fmt.Errorf("a pong of %q, not %q", got, payload)
		}
		return nil
	}
}

func pings() []Case {
	ping := func(name string, do func(*Peer) error) Case { return Case{Class: "ping", Name: name, Do: do} }
	long := Case{Class: "ping", Name: "of 126 bytes", Want: Cut, Code: 1002, Says: "len > 125", Do: silent(func(p *Peer) { p.Frame(fin|Ping, string(make([]byte, 126))) })}
	longPong := Case{Class: "ping", Name: "a pong of 126 bytes", Want: Cut, Code: 1002, Says: "len > 125", Do: silent(func(p *Peer) { p.Frame(fin|Pong, string(make([]byte, 126))) })}
	return []Case{
		ping("of nothing", func(p *Peer) error { return pinged(p, "") }),
		ping("of text", func(p *Peer) error { return pinged(p, "Hello, world!") }),
		ping("of bytes that are no text", func(p *Peer) error { return pinged(p, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff") }),
		ping("of 125 bytes", func(p *Peer) error { return pinged(p, string(make([]byte, 125))) }),
		long, longPong,
		ping("of 125 bytes, byte by byte", func(p *Peer) error {
			for _, b := range p.frame(fin|Ping, make([]byte, 125)) {
				p.Write([]byte{b})
			}
			return ponged(p, string(make([]byte, 125)))
		}),
		ping("a pong nobody asked for", silent(func(p *Peer) { p.Frame(fin|Pong, "") })),
		ping("a pong with bytes nobody asked for", silent(func(p *Peer) { p.Frame(fin|Pong, "unasked \xff") })),
		ping("a pong, then a ping", func(p *Peer) error { p.Frame(fin|Pong, "unasked"); return pinged(p, "asked") }),
		ping("ten at once, each answered", func(p *Peer) error {
			for i := range 10 {
				p.Frame(fin|Ping, fmt.Sprint(i))
			}
			for i := range 10 {
				if err := ponged(p, fmt.Sprint(i)); err != nil {
					return err
				}
			}
			return nil
		}),
		ping("ten thousand", silent(func(p *Peer) {
			one := p.frame(fin|Ping, nil)
			for range 100 {
				p.Write(slices.Repeat(one, 100))
			}
		})),
	}
}

func reserved() []Case {
	var all []Case
	for name, bits := range map[string]byte{
		"1": rsv1, "2": rsv2, "3": rsv3, "1 and 2": rsv1 | rsv2, "1 and 3": rsv1 | rsv3, "2 and 3": rsv2 | rsv3, "1, 2 and 3": rsv1 | rsv2 | rsv3,
	} {
		all = append(all,
			bytesCase("reserved bits", name+" on a text", fin|bits|Text, Event(2, "x")),
			bytesCase("reserved bits", name+" on a ping", fin|bits|Ping, ""))
	}
	all = append(all,
		bytesCase("reserved bits", "1 on a close", fin|rsv1|Close, "\x03\xe8"),
		Case{Class: "reserved bits", Name: "2 on the second piece", Do: silent(func(p *Peer) { p.Frame(Text, "a"); p.Frame(fin|rsv2|Continue, "b") })})
	for i := range all {
		all[i].Want, all[i].Code, all[i].Says = Cut, 1002, "RSV"
	}
	slices.SortFunc(all, func(a, b Case) int { // a map has no order, and a test's name should
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

func opcodes() []Case {
	var all []Case
	for _, op := range []byte{0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF} {
		all = append(all,
			bytesCase("opcodes", fmt.Sprintf("%#x", op), fin|op, "payload"),
			Case{Class: "opcodes", Name: fmt.Sprintf("%#x amid a message in pieces", op), Do: silent(func(p *Peer) {
				p.Frame(Text, `{"specversion":`)
				p.Frame(fin|op, "")
				p.Frame(fin|Continue, `"1.0"}`)
			})})
	}
	for i := range all {
		all[i].Want, all[i].Code, all[i].Says = Cut, 1002, "bad opcode"
	}
	return all
}

// Play plays the case and sees that the other end goes, and how, where it must.
func (c Case) Play(p *Peer) error {
	if err := c.Do(p); err != nil {
		return err
	}
	if c.Want != Cut && c.Want != Closed {
		return nil
	}
	code, err := p.Code(patience)
	if err != nil {
		return err
	}
	if c.Code != 0 && code != 0 && code != c.Code { // 0: the close was lost in a reset
		return fmt.Errorf("closed with code %d, not %d", code, c.Code)
	}
	return nil
}
