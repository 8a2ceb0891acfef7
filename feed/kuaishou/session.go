package kuaishou

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Payload types.
const (
	csHeartbeat    = 1
	csEnterRoom    = 200
	scHeartbeatAck = 101
	scError        = 103
	scEnterAck     = 300
	scAuthorPause  = 301
	scAuthorResume = 302
	scFeedPush     = 310
	scWatching     = 340
	scViolation    = 355
	scShopOpened   = 360
	scShopClosed   = 361
)

// Compression types.
const (
	plain      = 1
	compressed = 2
	encrypted  = 3
)

// Limits of one message; real ones inflate to some 10 kB and hold some tens of
// feeds.
const (
	maxInflated = 16 << 20
	maxFeeds    = 4096
)

var (
	errInflated  = errors.New("inflates to more than 16 MiB")
	errFeeds     = fmt.Errorf("holds more than %d feeds", maxFeeds)
	errEncrypted = errors.New("the payload is encrypted, which is not supported")
)

// A session is one connection.
type session struct {
	p       *Protocol
	entered bool
	seq     int64
}

// Hello asks to enter the room.
func (s *session) Hello() []feed.Frame {
	o := s.p.o
	body := protoText(protoText(nil, 1, o.Token), 2, o.LiveStreamID)
	return []feed.Frame{socketMessage(csEnterRoom, protoText(body, 7, s.p.pageID()))}
}

// Joins is true: messages come once the room was entered.
func (s *session) Joins() bool { return true }

// Heartbeat keeps the platform from dropping the connection.
func (s *session) Heartbeat() (time.Duration, feed.Frame) {
	return heartbeatEvery, socketMessage(csHeartbeat, protoNumber(nil, 1, uint64(s.p.o.Clock().UnixMilli())))
}

func protoNumber(b []byte, num int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(num)<<3), v)
}

func protoText(b []byte, num int, s string) []byte {
	b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(num)<<3|2), uint64(len(s)))
	return append(b, s...)
}

// socketMessage writes one message of ours.
func socketMessage(kind uint64, payload []byte) feed.Frame {
	b := protoNumber(protoNumber(nil, 1, kind), 2, plain)
	return feed.Frame{Binary: true, Data: protoText(b, 3, string(payload))}
}

// Decode reads one message.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	// Events keep parts of the message, and f.Data is not ours to keep.
	data := bytes.Clone(f.Data)
	err := s.message(&d, data)
	if err != nil {
		d.Events = nil
		d.Refused = append(d.Refused, fmt.Errorf("kuaishou: %w", err))
	}
	for i := range d.Events {
		e := &d.Events[i]
		// What has neither an id nor a time is named by when it arrived, so it keeps
		// no time: the same person may say the same twice.
		if e.Recv = recv; e.At.IsZero() && e.ID != "" {
			e.At = recv
		}
		if e.Raw == nil {
			e.Raw = data
		}
		if e.ID == "" && e.Kind == feed.KindSystem && e.Code != "notice" {
			s.seq++
			e.ID = fmt.Sprintf("%s:%d:%d", e.Code, recv.UnixNano(), s.seq)
		}
	}
	return d
}

func (s *session) message(d *feed.Decoded, data []byte) error {
	var kind, compression int64
	var payload []byte
	err := wire.Fields(data, func(f wire.Field) error {
		switch f.Num {
		case 1:
			kind = f.Number()
		case 2:
			compression = f.Number()
		case 3:
			payload = f.Data
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch compression {
	case compressed:
		if payload, err = inflate(payload); err != nil {
			return fmt.Errorf("payload %d: %w", kind, err)
		}
	case encrypted:
		return fmt.Errorf("payload %d: %w", kind, errEncrypted)
	}
	if err := s.payload(d, kind, payload); err != nil {
		return fmt.Errorf("payload %d: %w", kind, err)
	}
	return nil
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

// of the room itself: what a payload without content says.
var rooms = map[int64]feed.Event{
	scAuthorPause:  {Code: "stream_pause", Text: "live paused"},
	scAuthorResume: {Code: "stream_resume", Text: "live resumed"},
	scShopOpened:   {Code: "shop_opened", Text: "shop opened"},
	scShopClosed:   {Code: "shop_closed", Text: "shop closed"},
}

func (s *session) payload(d *feed.Decoded, kind int64, b []byte) error {
	switch kind {
	case scEnterAck:
		s.entered, d.Joined = true, true
		return nil
	case scHeartbeatAck, scWatching:
		return nil
	case scFeedPush:
		return s.push(d, b)
	case scError:
		return s.fault(d, b)
	case scViolation:
		return violation(d, b)
	}
	e, known := rooms[kind]
	if !known {
		return feed.Unknown(fmt.Sprintf("payload %d", kind), errors.New("not known"))
	}
	e.Kind = feed.KindSystem
	d.Events = append(d.Events, e)
	return nil
}

// fault reads an error{1 code, 2 message}. Before the room was entered it is the
// answer to our login, and will be the same again.
func (s *session) fault(d *feed.Decoded, b []byte) error {
	var code int64
	var text string
	err := wire.Fields(b, func(f wire.Field) error {
		switch f.Num {
		case 1:
			code = f.Number()
		case 2:
			text = f.Text()
		}
		return nil
	})
	if err != nil {
		return err
	}
	e := feed.Event{Kind: feed.KindSystem, Code: "server_error", Text: fmt.Sprintf("error %d %s", code, text)}
	if s.entered {
		d.Redial = true
	} else {
		e.Code = feed.CodeAuthFailed
		d.Fatal = fmt.Errorf("kuaishou refused to let us in with code %d (%s): take a new token from the room's page and set it in token", code, wire.Quote(text))
	}
	d.Events = append(d.Events, e)
	return nil
}

// violation reads a suspicion{1 raised} of the platform's own moderators.
func violation(d *feed.Decoded, b []byte) error {
	raised := false
	err := wire.Fields(b, func(f wire.Field) error {
		if f.Num == 1 {
			raised = f.Number() != 0
		}
		return nil
	})
	if err != nil {
		return err
	}
	e := feed.Event{Kind: feed.KindSystem, Code: "violation_cleared", Text: "suspected violation cleared"}
	if raised {
		e.Code, e.Text, e.Severity = "suspected_violation", "suspected violation", "high"
	}
	d.Events = append(d.Events, e)
	return nil
}
