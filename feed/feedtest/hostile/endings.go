package hostile

import (
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"strings"
)

// End closes the writing half, if the connection has halves, and else all of it.
func (p *Peer) End() {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = p.Conn.Close()
}

// Reset ends the connection so that the other end is told of an error.
func (p *Peer) Reset() {
	c := p.Conn
	if inner, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = inner.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func closes() []Case {
	closed := func(name string, code int, says string, write func(*Peer)) Case {
		return Case{Class: "close", Name: name, Want: Closed, Code: code, Says: says, Do: silent(write)}
	}
	cut := func(name, says, payload string) Case {
		c := bytesCase("close", name, fin|Close, payload)
		c.Want, c.Code, c.Says = Cut, 1002, says
		return c
	}
	said := closed("after a message", 1000, "code 1000", func(p *Peer) { p.Say(Event(2, "x")); p.Bye(1000, "") })
	said.Texts = []string{"x"}
	all := []Case{
		said,
		closed("twice", 1000, "code 1000", func(p *Peer) { p.Bye(1000, ""); p.Bye(1001, "") }),
		closed("then a ping", 1000, "code 1000", func(p *Peer) { p.Bye(1000, ""); p.Frame(fin|Ping, "") }),
		closed("then a message, which is not read", 1000, "code 1000", func(p *Peer) { p.Bye(1000, ""); p.Say(Event(2, "late")) }),
		closed("then 256 kB", 1000, "code 1000", func(p *Peer) { p.Bye(1000, ""); p.Say(sized("late", 256<<10)) }),
		closed("without a code", 0, "code 1005", func(p *Peer) { p.Frame(fin|Close, "") }),
		closed("of one byte", 0, "code 1005", func(p *Peer) { p.Frame(fin|Close, "a") }),
		closed("with a reason of 123 bytes", 1000, "code 1000", func(p *Peer) { p.Bye(1000, strings.Repeat("r", 123)) }),
		closed("with a reason that would paint the screen", 1000, "␛[2J", func(p *Peer) { p.Bye(1000, "\x1b[2J\x1b]0;x\x07\u202e") }),
		cut("with a reason of 124 bytes", "len > 125", "\x03\xe8"+strings.Repeat("r", 124)),
		cut("with a reason that is not UTF-8", "invalid utf8", "\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"),
		closed("with a length that lies", 0, "", func(p *Peer) { p.Write(p.lying(fin|Close, 60, []byte("\x03\xe8"))); p.End() }),
	}
	for _, code := range []int{1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999} {
		all = append(all, closed(fmt.Sprintf("with code %d", code), code, fmt.Sprintf("code %d", code), func(p *Peer) { p.Bye(uint16(code), "") }))
	}
	for _, code := range []int{0, 999, 1004, 1005, 1006, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		all = append(all, cut(fmt.Sprintf("with code %d", code), "bad close code", string(binary.BigEndian.AppendUint16(nil, uint16(code)))))
	}
	return all
}

// Flood writes the head of one frame of n bytes, and then them, from a buffer that
// is always the same, until the other end goes.
func (p *Peer) Flood(first byte, n int) {
	p.Write(p.lying(first, uint64(n), nil))
	chunk := make([]byte, 32<<10)
	for n > 0 && !p.Gone() {
		chunk = chunk[:min(len(chunk), n)]
		p.Write(chunk)
		n -= len(chunk)
	}
}

func limits() []Case {
	cut := func(name string, write func(*Peer)) Case {
		return Case{Class: "limits", Name: name, Want: Cut, Says: "read_limit", Do: silent(write)}
	}
	exact := bytesCase("limits", "a message as long as may be", fin|Text, sized("x", ReadLimit))
	exact.Texts = []string{"x"}
	refused := func(name, payload string) Case {
		c := bytesCase("limits", name, fin|Text, payload)
		c.Want = Refused
		return c
	}
	return []Case{
		exact,
		cut("a byte more", func(p *Peer) { p.Flood(fin|Text, ReadLimit+1) }),
		cut("20 MB", func(p *Peer) { p.Flood(fin|Text, 20<<20) }),
		cut("20 MB of binary", func(p *Peer) { p.Flood(fin|Binary, 20<<20) }),
		cut("20 MB in pieces of 64 kB", func(p *Peer) { p.endless(make([]byte, 64<<10), 320) }),
		cut("20 MB in pieces of 256 bytes", func(p *Peer) { p.endless(make([]byte, 256), 80<<10) }),
		cut("16 GiB told, 3 bytes sent", func(p *Peer) { p.Write(p.lying(fin|Text, 16<<30, []byte("abc"))) }),
		{Class: "limits", Name: "2^63 told", Want: Cut, Do: silent(func(p *Peer) { p.Write(p.lying(fin|Text, 1<<63, nil)) })},
		{Class: "limits", Name: "2^64-1 told", Want: Cut, Do: silent(func(p *Peer) { p.Write(p.lying(fin|Text, 1<<64-1, nil)) })},
		{Class: "limits", Name: "2^63-1 told after a piece", Want: Cut, Do: silent(func(p *Peer) { p.Frame(Text, "a"); p.Write(p.lying(Continue, 1<<63-1, nil)) })},
		{Class: "limits", Name: "50,000 pieces of nothing", Texts: []string{"x"}, Do: silent(func(p *Peer) {
			x := Event(2, "x")
			p.Frame(Text, x[:3])
			for range 50 {
				p.Write(slices.Repeat(p.frame(Continue, nil), 1000))
			}
			p.Frame(fin|Continue, x[3:])
		})},
		refused("a hundred thousand brackets", strings.Repeat("[", 100_000)),
		refused("an event nested ten thousand deep", `{"specversion":"1.0","id":"c2","source":"h","type":"liveroom.chat.v1","data":`+strings.Repeat(`{"a":`, 10_000)+"1"+strings.Repeat("}", 10_001)),
		refused("a number of a million digits", `{"specversion":"1.0","id":"c2","source":"h","type":"liveroom.chat.v1","epoch":"e","offset":`+strings.Repeat("9", 1_000_000)+`,"data":{"text":"x"}}`),
		{Class: "limits", Name: "a thousand messages that are none", Want: Refused, Do: silent(func(p *Peer) {
			p.Write(slices.Repeat(p.frame(fin|Text, []byte("x")), 1000))
		})},
	}
}

// endless writes the pieces of a message that has no end.
func (p *Peer) endless(piece []byte, n int) {
	p.Frame(Text, "")
	one := p.frame(Continue, piece)
	for len(one) < 32<<10 {
		one, n = append(one, one...), n/2
	}
	for range n {
		if p.Gone() {
			return
		}
		p.Write(one)
	}
}

func broken() []Case {
	closed := func(name, says string, write func(*Peer)) Case {
		return Case{Class: "broken", Name: name, Want: Closed, Says: says, Do: silent(write)}
	}
	return []Case{
		closed("ended amid a head", "EOF", func(p *Peer) { p.Write([]byte{fin | Text}); p.End() }),
		closed("ended amid a length", "EOF", func(p *Peer) { p.Write([]byte{fin | Text, p.maskBit() | 127, 0, 0}); p.End() }),
		closed("ended amid a message", "EOF", func(p *Peer) { p.Write(p.lying(fin|Text, 100, []byte("abc"))); p.End() }),
		closed("ended without a word", "EOF", func(p *Peer) { p.End() }),
		closed("reset amid a message", "", func(p *Peer) { p.Write(p.lying(fin|Text, 100, []byte("abc"))); p.Reset() }),
		closed("reset amid a head", "", func(p *Peer) { p.Write([]byte{fin | Text}); p.Reset() }),
		closed("reset without a word", "", func(p *Peer) { p.Reset() }),
		{Class: "broken", Name: "HTTP in place of frames", Want: Cut, Do: silent(func(p *Peer) { p.Write([]byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) })},
		{Class: "broken", Name: "a hello of TLS in place of frames", Want: Cut, Do: silent(func(p *Peer) { p.Write([]byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")) })},
		{Class: "broken", Name: "a kilobyte of 0xff", Want: Cut, Do: silent(func(p *Peer) { p.Write(slices.Repeat([]byte{0xff}, 1024)) })},
		{Class: "broken", Name: "a kilobyte of 0xa5", Want: Cut, Do: silent(func(p *Peer) { p.Write(slices.Repeat([]byte{0xa5}, 1024)) })},
		// What a deflated text looks like where nobody agreed on deflating.
		{Class: "deflate", Name: "a deflated text", Want: Cut, Code: 1002, Says: "RSV1", Do: silent(func(p *Peer) { p.Frame(fin|rsv1|Text, "\xf2\x48\xcd\xc9\xc9\x07\x00") })},
		{Class: "deflate", Name: "a deflated binary", Want: Cut, Code: 1002, Says: "RSV1", Do: silent(func(p *Peer) { p.Frame(fin|rsv1|Binary, "\xf2\x48\xcd\xc9\xc9\x07\x00") })},
		{Class: "deflate", Name: "a deflated text in pieces", Want: Cut, Code: 1002, Says: "RSV1", Do: silent(func(p *Peer) { p.Frame(rsv1|Text, "\xf2\x48\xcd"); p.Frame(fin|Continue, "\xc9\xc9\x07\x00") })},
	}
}

func (p *Peer) maskBit() byte {
	if p.Client {
		return 0x80
	}
	return 0
}
