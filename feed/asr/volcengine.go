package asr

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Types of a binary message.
const (
	volcResult = 0x9
	volcAck    = 0xb
	volcError  = 0xf
)

// Flags of a binary message.
const (
	volcSequence = 1 << 0 // a sequence number follows the header
	volcLast     = 1 << 1 // nothing comes after this one
)

const volcGzip = 1

// Limits of one message; real ones inflate to some 10 kB and hold some tens of
// results.
const (
	maxInflated = 16 << 20
	maxResults  = 4096
)

var (
	errShort    = errors.New("the message ends within its header")
	errInflated = errors.New("inflates to more than 16 MiB")
)

// A volcMessage is one binary message, all numbers big-endian.
type volcMessage struct {
	kind    byte
	last    bool
	code    uint32 // of an error
	payload []byte
}

func readVolc(b []byte) (m volcMessage, err error) {
	if len(b) < 4 {
		return m, errShort
	}
	header := int(b[0]&0xf) * 4
	m.kind, m.last = b[1]>>4, b[1]&volcLast != 0
	sequence, zipped := b[1]&volcSequence != 0, b[2]&0xf == volcGzip
	if header < 4 || header > len(b) {
		return m, errShort
	}
	b = b[header:]
	number := func() (v uint32) {
		if len(b) < 4 {
			err = errShort
			return 0
		}
		v, b = binary.BigEndian.Uint32(b), b[4:]
		return v
	}
	if m.kind == volcError {
		m.code = number()
	} else if sequence {
		number()
	}
	size := number()
	if err != nil {
		return m, err
	}
	if int64(size) > int64(len(b)) {
		return m, fmt.Errorf("payload of %d bytes, only %d are left", size, len(b))
	}
	m.payload = b[:size]
	if zipped {
		m.payload, err = inflate(m.payload)
	}
	return m, err
}

func inflate(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("no gzip: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err != nil {
		return nil, fmt.Errorf("broken gzip: %w", err)
	}
	if len(out) > maxInflated {
		return nil, errInflated
	}
	return out, nil
}

// volcengine reads one message. The whole list of utterances is sent again each
// time: one is told once when it is definite.
func (s *session) volcengine(d *feed.Decoded, data []byte, recv time.Time) error {
	m, err := readVolc(data)
	if err != nil {
		return err
	}
	switch m.kind {
	case volcAck:
		return nil
	case volcError:
		s.tell(d, recv, CodeError, fmt.Sprintf("%d %s", m.code, strings.ToValidUTF8(string(m.payload), "\uFFFD")))
		s.stream = nil // it hears no more of this one
		return nil
	case volcResult:
	default:
		return feed.Unknown(fmt.Sprintf("message type %d", m.kind), fmt.Errorf("message type %d is not one that a server sends", m.kind))
	}
	var body struct {
		Result struct {
			Text       wire.Scalar `json:"text"`
			Utterances []struct {
				Definite wire.Scalar `json:"definite"`
				Start    wire.Scalar `json:"start_time"`
				End      wire.Scalar `json:"end_time"`
				Text     wire.Scalar `json:"text"`
			} `json:"utterances"`
		} `json:"result"`
	}
	if err := read(m.payload, &body); err != nil {
		return err
	}
	for _, u := range body.Result.Utterances {
		start, end := u.Start.Int(), u.End.Int()
		st := s.current(recv, end)
		if start <= st.done {
			continue
		}
		definite := u.Definite == "1"
		s.hear(d, recv, result{
			utterance: fmt.Sprintf("volc/%s/%d", st.key, start), text: string(u.Text),
			partial: !definite, start: start, end: end, timed: true,
		})
		if definite {
			st.done = start
		}
	}
	if len(body.Result.Utterances) == 0 {
		st := s.current(recv, 0)
		s.hear(d, recv, result{utterance: fmt.Sprintf("volc/%s/%d", st.key, st.done+1), text: string(body.Result.Text), partial: !m.last})
	}
	if m.last {
		s.stream = nil
	}
	return nil
}
