package bilibili

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/andybalholm/brotli"

	"liveroom/feed"
)

// The header of every packet: u32 length with the header, u16 header length,
// u16 version, u32 operation, u32 sequence, big-endian.
const headerLen = 16

// Operations.
const (
	opHeartbeat      = 2
	opHeartbeatReply = 3
	opMessage        = 5
	opAuth           = 7
	opAuthReply      = 8
)

// Versions of a body.
const (
	verJSON   = 0
	verPlain  = 1
	verZlib   = 2
	verBrotli = 3
)

// Limits of one message; real ones nest once, inflate to some 100 kB and hold
// some tens of packets.
const (
	maxInflated = 16 << 20
	maxNesting  = 2
	maxPackets  = 4096
)

// firstBody is what a body is given room for before its bytes have come; the
// length it claims may be a lie.
const firstBody = 64 << 10

var (
	errInflated = errors.New("inflates to more than 16 MiB")
	errNesting  = errors.New("compressed more than twice over")
	errPackets  = errors.New("holds more than 4096 packets")
)

// A header is what stands before a packet's body.
type header struct {
	length uint32
	hdrLen uint16
	ver    uint16
	op     uint32
}

func readHeader(b []byte) header {
	return header{
		length: binary.BigEndian.Uint32(b[0:]),
		hdrLen: binary.BigEndian.Uint16(b[4:]),
		ver:    binary.BigEndian.Uint16(b[6:]),
		op:     binary.BigEndian.Uint32(b[8:]),
	}
}

// check holds the lengths against what is left of the message. A websocket
// message is whole, so a length past its end is a fault and no reason to wait.
func (h header) check(left int64) error {
	switch {
	case h.hdrLen != headerLen:
		return fmt.Errorf("header length %d, expected 16", h.hdrLen)
	case h.length < headerLen:
		return fmt.Errorf("packet length %d is less than its header's 16", h.length)
	case int64(h.length) > left:
		return fmt.Errorf("packet length %d, only %d bytes are left", h.length, left)
	}
	return nil
}

// packet writes one packet of ours.
func packet(op uint32, body []byte) feed.Frame {
	b := make([]byte, headerLen, headerLen+len(body))
	binary.BigEndian.PutUint32(b[0:], uint32(headerLen+len(body)))
	binary.BigEndian.PutUint16(b[4:], headerLen)
	binary.BigEndian.PutUint16(b[6:], verPlain)
	binary.BigEndian.PutUint32(b[8:], op)
	binary.BigEndian.PutUint32(b[12:], 1)
	return feed.Frame{Binary: true, Data: append(b, body...)}
}

// A message is the work on one websocket message: its limits and its events.
type message struct {
	s       *session
	d       *feed.Decoded
	recv    time.Time
	left    int64 // bytes that may still be inflated
	packets int
	seen    map[string]bool
}

// run reads packets that follow each other in r, of which limit bytes may come.
// It ends at the end of r, or at a heartbeat reply: there the server repeats
// the client's own bytes after the packet's end.
func (m *message) run(r io.Reader, limit func() int64, depth int) error {
	var head [headerLen]byte
	for {
		_, err := io.ReadFull(r, head[:])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("packet header: %w", err)
		}
		if m.packets++; m.packets > maxPackets {
			return errPackets
		}
		h := readHeader(head[:])
		if err := h.check(limit() + headerLen); err != nil {
			return err
		}
		var body bytes.Buffer
		body.Grow(int(min(h.length, firstBody)))
		if _, err := io.CopyN(&body, r, int64(h.length)-headerLen); err != nil {
			return fmt.Errorf("packet body: %w", noEOF(err))
		}
		if h.op == opHeartbeatReply {
			return nil
		}
		if err := m.packet(h, body.Bytes(), depth); err != nil {
			return err
		}
	}
}

// noEOF keeps a body's early end from being taken for the end of the run.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// packet takes one packet in. An error ends the message; what is wrong with
// this packet alone is told in Refused.
func (m *message) packet(h header, body []byte, depth int) error {
	switch {
	case h.op == opAuthReply:
		m.authReply(body)
		return nil
	case h.op != opMessage:
		m.refuse(feed.Unknown(fmt.Sprintf("operation %d", h.op), fmt.Errorf("operation %d is not one a server sends", h.op)))
		return nil
	}
	switch h.ver {
	case verJSON, verPlain:
		return m.command(body)
	case verZlib, verBrotli:
		if depth == maxNesting {
			return errNesting
		}
		return m.inflate(h.ver, body, depth)
	}
	m.refuse(feed.Unknown(fmt.Sprintf("body version %d", h.ver), fmt.Errorf("body version %d is not known (0 and 1 plain, 2 zlib, 3 brotli)", h.ver)))
	return nil
}

// inflate reads a compressed run of packets and takes back what came of it when
// the stream turns out to be broken.
func (m *message) inflate(ver uint16, body []byte, depth int) error {
	events, refused := len(m.d.Events), len(m.d.Refused)
	err := func() error {
		r, err := m.s.inflaters[depth].open(ver, body)
		if err != nil {
			return err
		}
		bounded := &budgetReader{r: r, left: &m.left}
		return m.run(bounded, func() int64 { return m.left }, depth+1)
	}()
	if err == nil {
		return nil
	}
	m.d.Events, m.d.Refused, m.seen = m.d.Events[:events], m.d.Refused[:refused], nil
	return fmt.Errorf("compressed part (version %d): %w", ver, err)
}

// An inflater keeps its decompressors: a new one costs 40 kB a message.
type inflater struct {
	zlib   io.ReadCloser
	brotli *brotli.Reader
}

func (i *inflater) open(ver uint16, body []byte) (io.Reader, error) {
	src := bytes.NewReader(body)
	if ver == verBrotli {
		if i.brotli == nil {
			i.brotli = brotli.NewReader(src)
			return i.brotli, nil
		}
		return i.brotli, i.brotli.Reset(src)
	}
	if i.zlib == nil {
		r, err := zlib.NewReader(src)
		if err != nil {
			return nil, err
		}
		i.zlib = r
		return r, nil
	}
	return i.zlib, i.zlib.(zlib.Resetter).Reset(src, nil)
}

// A budgetReader ends with errInflated when more than the budget comes.
type budgetReader struct {
	r    io.Reader
	left *int64
}

func (b *budgetReader) Read(p []byte) (int, error) {
	if *b.left <= 0 {
		n, err := b.r.Read(p[:min(len(p), 1)])
		if n > 0 {
			return 0, errInflated
		}
		return 0, err
	}
	n, err := b.r.Read(p[:min(int64(len(p)), *b.left)])
	*b.left -= int64(n)
	return n, err
}
