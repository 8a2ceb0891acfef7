package tmc

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A session is one connection. token is what the server gave for it and wants
// to see again in every message.
type session struct {
	p     *Protocol
	token string
}

// Hello is the signed login.
func (s *session) Hello() []feed.Frame {
	return []feed.Frame{connect(s.p.o, s.p.o.Clock())}
}

// Heartbeat fetches what waits at the server, which also keeps the connection.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return pullEvery, pull(s.token) }

// Keeps is how long the server holds what was not confirmed.
func (s *session) Keeps() time.Duration { return kept }

// Committed confirms the messages whose events are on disk.
func (s *session) Committed(events []feed.Event) []feed.Frame {
	var frames []feed.Frame
	for _, e := range events {
		if id, err := strconv.ParseInt(e.ID, 10, 64); err == nil {
			frames = append(frames, confirm(s.token, id))
		}
	}
	return frames
}

// Decode reads one message.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	m, err := readMessage(f.Data)
	if err == nil {
		err = s.message(&d, m, recv)
	}
	if err != nil {
		d.Refused = append(d.Refused, fmt.Errorf("tmc: %w", err))
	}
	for i := range d.Events {
		d.Events[i].Recv, d.Events[i].Raw = recv, bytes.Clone(f.Data)
	}
	return d
}

func (s *session) message(d *feed.Decoded, m message, recv time.Time) error {
	kind := m.custom[keyKind].num
	switch {
	case m.kind == typeConnectAck && m.status != 0:
		s.refused(d, m, recv)
		return nil
	case m.kind == typeConnectAck:
		s.token = m.token
		d.Reply = append(d.Reply, pull(s.token))
		return nil
	case m.status != 0:
		return fmt.Errorf("the server reports status %d (%s)", m.status, wire.Quote(m.phrase))
	case m.kind == typeSend && kind == kindData:
		return s.data(d, m, recv)
	case m.kind == typeSendAck, m.kind == typeSend && kind == 0:
		return nil
	}
	return feed.Unknown(fmt.Sprintf("message type %d of kind %d", m.kind, kind), fmt.Errorf("message type %d of kind %d is not one that a server sends", m.kind, kind))
}

// refused ends the source: the same key, secret and group would be refused
// again.
func (s *session) refused(d *feed.Decoded, m message, recv time.Time) {
	d.Fatal = fmt.Errorf("taobao refused the login with status %d (%s): check app_key, the secret in token, and that this machine's clock is right",
		m.status, wire.Quote(m.phrase))
	d.Events = append(d.Events, feed.Event{
		ID:   fmt.Sprintf("connect:%d:%d", m.status, recv.UnixNano()),
		Kind: feed.KindSystem, Code: feed.CodeAuthFailed, Text: "tmc connect failed", At: recv,
	})
}

// data takes in one message of the shop.
func (s *session) data(d *feed.Decoded, m message, recv time.Time) error {
	id := m.custom["id"].num
	e, state, later, err := event(m)
	if err != nil {
		if id != 0 {
			d.Reply = append(d.Reply, failed(s.token, id, err.Error()))
		}
		return err
	}
	if id == 0 {
		return errors.New("the message has no id: it cannot be confirmed")
	}
	if state != "" && !s.p.admit(id, state, later) {
		d.Reply = append(d.Reply, confirm(s.token, id))
		return nil
	}
	e.ID = strconv.FormatInt(id, 10)
	e.At = wire.FirstTime(wire.Millis(m.custom["time"].scalar()), wire.Millis(m.custom["outtime"].scalar()), recv)
	d.Events = append(d.Events, e)
	return nil
}
