package hostile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"
)

// Opcodes of RFC 6455, 5.2.
const (
	Continue = 0x0
	Text     = 0x1
	Binary   = 0x2
	Close    = 0x8
	Ping     = 0x9
	Pong     = 0xA
)

// Bits of a frame's first byte.
const (
	fin  = 0x80
	rsv1 = 0x40
	rsv2 = 0x20
	rsv3 = 0x10
)

// A Peer is one end of a connection after the handshake. A client masks what it
// sends, as it has to.
type Peer struct {
	Conn   net.Conn
	Client bool
	in     *bufio.Reader
	failed error      // the first write that failed: the other end is gone
	cuts   *rand.Rand // where writes are cut in two; nil: they are not
}

// NewPeer takes over a connection; in holds what was read of it already.
func NewPeer(c net.Conn, in *bufio.Reader, client bool) *Peer {
	return &Peer{Conn: c, Client: client, in: in}
}

// Write writes bytes as they are. That the other end went away meanwhile is no
// failure: it may well have had enough.
func (p *Peer) Write(b []byte) {
	if p.failed != nil {
		return
	}
	_ = p.Conn.SetWriteDeadline(time.Now().Add(patience))
	if p.cuts != nil && len(b) > 1 {
		n := 1 + p.cuts.IntN(len(b)-1)
		if _, p.failed = p.Conn.Write(b[:n]); p.failed != nil {
			return
		}
		b = b[n:]
	}
	_, p.failed = p.Conn.Write(b)
}

// Cut cuts each write in two where the seed says; 0 leaves them whole.
func (p *Peer) Cut(seed uint64) {
	if seed != 0 {
		p.cuts = rand.New(rand.NewPCG(seed, 0))
	}
}

// patience is how long one end waits for the other in a test.
const patience = 10 * time.Second

// Gone tells whether the other end was seen to be gone.
func (p *Peer) Gone() bool { return p.failed != nil }

// maskKey is not zero, so that a frame unmasked by mistake is not understood.
var maskKey = [4]byte{0x37, 0xfa, 0x21, 0x3d}

// frame makes one whole frame as this end has to.
func (p *Peer) frame(first byte, payload []byte) []byte {
	return p.lying(first, uint64(len(payload)), payload)
}

// lying makes a frame that tells another length than it has.
func (p *Peer) lying(first byte, length uint64, payload []byte) []byte {
	return head(first, length, p.Client, payload)
}

func head(first byte, length uint64, masked bool, payload []byte) []byte {
	b := append(make([]byte, 0, 14+len(payload)), first, 0)
	switch {
	case length < 126:
		b[1] = byte(length)
	case length < 1<<16:
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(length))
	default:
		b[1] = 127
		b = binary.BigEndian.AppendUint64(b, length)
	}
	if !masked {
		return append(b, payload...)
	}
	b[1] |= 0x80
	b = append(b, maskKey[:]...)
	for i, c := range payload {
		b = append(b, c^maskKey[i%4])
	}
	return b
}

// Frame writes one whole frame; first has its bits and opcode.
func (p *Peer) Frame(first byte, payload string) { p.Write(p.frame(first, []byte(payload))) }

// Say writes one message.
func (p *Peer) Say(payload string) { p.Frame(fin|Text, payload) }

// Pieces writes one message in so many frames.
func (p *Peer) Pieces(payload string, sizes ...int) {
	first := byte(Text)
	for _, n := range sizes {
		n = min(n, len(payload))
		p.Frame(first, payload[:n])
		first, payload = Continue, payload[n:]
	}
	p.Frame(fin|first, payload)
}

// Bye ends the connection as an honest peer does that has nothing more to say.
func (p *Peer) Bye(code uint16, reason string) {
	p.Frame(fin|Close, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}

// ErrStill is why Code fails when the other end neither closes nor goes.
var ErrStill = errors.New("the other end is still there")

// Code reads until the other end closes, and returns the code it gave; 0 is none.
func (p *Peer) Code(within time.Duration) (int, error) {
	_ = p.Conn.SetReadDeadline(time.Now().Add(within))
	for {
		op, payload, err := p.Read()
		var late net.Error
		switch {
		case errors.As(err, &late) && late.Timeout():
			return 0, ErrStill
		case err != nil: // it is gone
			return 0, nil //nolint:nilerr // how it went is no failure here
		case op == Close && len(payload) >= 2:
			return int(binary.BigEndian.Uint16(payload)), nil
		case op == Close:
			return 1005, nil
		}
	}
}

// Read reads one frame that the other end sent.
func (p *Peer) Read() (op byte, payload []byte, err error) {
	var h [2]byte
	if _, err := io.ReadFull(p.in, h[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(h[1] & 0x7f)
	var wide [8]byte
	switch n {
	case 126:
		_, err = io.ReadFull(p.in, wide[6:])
		n = binary.BigEndian.Uint64(wide[:])
	case 127:
		_, err = io.ReadFull(p.in, wide[:])
		n = binary.BigEndian.Uint64(wide[:])
	}
	if err != nil {
		return 0, nil, err
	}
	var key [4]byte
	if h[1]&0x80 != 0 {
		if _, err := io.ReadFull(p.in, key[:]); err != nil {
			return 0, nil, err
		}
	}
	if n > 1<<20 {
		return 0, nil, errors.New("the other end sends more than a mebibyte")
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(p.in, payload); err != nil {
		return 0, nil, err
	}
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	return h[0] & 0xf, payload, nil
}
