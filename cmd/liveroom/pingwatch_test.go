package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A pingWatch reads what one side of a connection writes, in whatever pieces it
// comes, and finds the pings: frames of RFC 6455, 5.2, behind a handshake of HTTP.
type pingWatch struct {
	unread []byte // less than a frame, or than the handshake
	shaken bool   // the handshake is over
	other  bool   // and led to no websocket
}

// see takes the next piece and tells how many pings it completes.
func (p *pingWatch) see(piece []byte) (pings int) {
	if p.other {
		return 0
	}
	p.unread = append(p.unread, piece...)
	if !p.shaken {
		head, rest, whole := bytes.Cut(p.unread, []byte("\r\n\r\n"))
		if !whole {
			return 0
		}
		p.shaken, p.other = true, !bytes.Contains(bytes.ToLower(head), []byte("\nupgrade: websocket"))
		p.unread = bytes.Clone(rest)
	}
	for !p.other {
		size, whole := frameSize(p.unread)
		if !whole {
			break
		}
		if p.unread[0]&0xf == 0x9 {
			pings++
		}
		p.unread = p.unread[size:]
	}
	return pings
}

// frameSize is how many bytes the first frame of b has, where all of them are there.
func frameSize(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, false
	}
	size, payload := 2, uint64(b[1]&0x7f)
	switch payload {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if len(b) < size {
		return 0, false
	}
	switch payload {
	case 126:
		payload = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		payload = binary.BigEndian.Uint64(b[2:])
	}
	if b[1]&0x80 != 0 {
		size += 4
	}
	return size + int(payload), uint64(len(b)) >= uint64(size)+payload
}

// TestPingsAreSeenInAnyPieces: what a busy machine writes at once or in halves.
func TestPingsAreSeenInAnyPieces(t *testing.T) {
	long := append([]byte{0x82, 126, 1, 0}, make([]byte, 256)...)
	longer := append([]byte{0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}, bytes.Repeat([]byte("\x89\x00"), 1<<15)...)
	pong, ping, masked, told := []byte("\x8a\x00"), []byte("\x89\x00"), []byte("\x89\x80\x01\x02\x03\x04"), []byte("\x89\x02hi")
	shaken := []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
	said := bytes.Join([][]byte{shaken, ping, pong, long, masked, longer, told, ping}, nil)
	for _, size := range []int{1, 2, 3, 100, len(said)} {
		var watch pingWatch
		seen := 0
		for rest := said; len(rest) > 0; {
			n := min(size, len(rest))
			seen += watch.see(rest[:n])
			rest = rest[n:]
		}
		if seen != 4 {
			t.Errorf("in pieces of %d: %d pings, want 4", size, seen)
		}
	}
	var page pingWatch
	if n := page.see([]byte("POST /hook HTTP/1.1\r\n\r\n\x89\x00")); n != 0 {
		t.Errorf("%d pings in a post", n)
	}
}
