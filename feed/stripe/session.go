package stripe

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A session is one connection.
type session struct {
	secret  string
	waiting map[string][]feed.Frame // the acknowledgements of each event not on disk yet, in order
}

// Hello is nothing: Stripe speaks first.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing: pings keep the connection.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// Committed acknowledges the events that are on disk.
func (s *session) Committed(events []feed.Event) []feed.Frame {
	var frames []feed.Frame
	for _, e := range events {
		// One event may have come several times before it was on disk; each delivery
		// is told of here, and acknowledged by itself.
		if acks := s.waiting[e.ID]; len(acks) > 1 {
			frames, s.waiting[e.ID] = append(frames, acks[0]), acks[1:]
		} else if len(acks) == 1 {
			frames = append(frames, acks[0])
			delete(s.waiting, e.ID)
		}
	}
	return frames
}

// A message is every frame.
type message struct {
	Type         string                 `json:"type"`
	Payload      wire.Scalar            `json:"event_payload"`
	Headers      map[string]wire.Scalar `json:"http_headers"`
	Conversation wire.Scalar            `json:"webhook_conversation_id"`
	WebhookID    wire.Scalar            `json:"webhook_id"`
}

// Decode reads one frame.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	var m message
	err := json.Unmarshal(f.Data, &m, wire.Options)
	if err != nil {
		err = fmt.Errorf("no JSON message: %w", wire.Clean(err))
	} else {
		err = s.message(&d, m, recv)
	}
	if err != nil {
		d.Refused = append(d.Refused, fmt.Errorf("stripe: %w", err))
	}
	for i := range d.Events {
		d.Events[i].Recv, d.Events[i].Raw = recv, bytes.Clone(f.Data)
	}
	return d
}

func (s *session) message(d *feed.Decoded, m message, recv time.Time) error {
	switch m.Type {
	case "webhook_event":
	case "request_log_event": // of requests to Stripe, which are not ours to watch
		return nil
	case "":
		return errors.New("the message names no type")
	default:
		return feed.Unknown(m.Type, fmt.Errorf("message type %s is not known", wire.Quote(m.Type)))
	}
	if s.secret != "" && !signed(s.secret, m) {
		return errors.New("the event is not signed by this session")
	}
	e, told, err := event([]byte(m.Payload))
	if err != nil {
		return err
	}
	ack, err := m.ack(e.ID)
	if err != nil {
		return err
	}
	if !told {
		d.Reply = append(d.Reply, ack)
		return nil
	}
	e.At = wire.FirstTime(e.At, recv)
	s.waiting[e.ID] = append(s.waiting[e.ID], ack)
	d.Events = append(d.Events, e)
	return nil
}

// ack is what Stripe wants to hear when an event has arrived.
func (m message) ack(id string) (feed.Frame, error) {
	b, err := json.Marshal(struct {
		Type         string `json:"type"`
		Conversation string `json:"webhook_conversation_id"`
		Event        string `json:"event_id"`
		WebhookID    string `json:"webhook_id"`
	}{"event_ack", string(m.Conversation), id, string(m.WebhookID)})
	if err != nil {
		return feed.Frame{}, fmt.Errorf("write the acknowledgement: %w", err)
	}
	return feed.Frame{Data: b}, nil
}

// signed tells whether the payload carries the secret's signature: t=TIME,
// v1=HEX, perhaps several of them, over TIME, a dot and the payload. How old it
// is says nothing here: the connection itself is Stripe's.
func signed(secret string, m message) bool {
	var header string
	for name, v := range m.Headers {
		if strings.EqualFold(name, "Stripe-Signature") {
			header = string(v)
		}
	}
	var stamp string
	var sums []string
	for pair := range strings.SplitSeq(header, ",") {
		switch name, v, _ := strings.Cut(pair, "="); name {
		case "t":
			stamp = v
		case "v1":
			sums = append(sums, v)
		}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(stamp + "." + string(m.Payload)))
	want := mac.Sum(nil)
	for _, sum := range sums {
		if got, err := hex.DecodeString(sum); err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}
