package eventsub

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A session is one connection.
type session struct {
	p         *Protocol
	moved     bool // took over what another connection had subscribed to
	keepalive time.Duration
}

// Hello is nothing: Twitch speaks first, and closes when it is spoken to.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing: it is Twitch that sends keepalives.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// Patience is the keepalive that the welcome promised.
func (s *session) Patience() time.Duration {
	return min(max(s.keepalive, minKeepalive), maxKeepalive) + grace
}

// Joins tells that nothing comes before it was asked for.
func (s *session) Joins() bool { return !s.moved && s.p.subscriber != nil }

// A message is every frame.
type message struct {
	Metadata struct {
		ID      string      `json:"message_id"`
		Type    string      `json:"message_type"`
		Time    wire.Scalar `json:"message_timestamp"`
		Subject string      `json:"subscription_type"`
	} `json:"metadata"`
	Payload struct {
		Session struct {
			ID        string      `json:"id"`
			Keepalive wire.Scalar `json:"keepalive_timeout_seconds"`
			Reconnect wire.Scalar `json:"reconnect_url"`
		} `json:"session"`
		Subscription struct {
			Type   wire.Scalar `json:"type"`
			Status wire.Scalar `json:"status"`
		} `json:"subscription"`
		Event jsontext.Value `json:"event"`
	} `json:"payload"`
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
		d.Refused = append(d.Refused, fmt.Errorf("eventsub: %w", err))
	}
	for i := range d.Events {
		d.Events[i].Recv, d.Events[i].Raw = recv, bytes.Clone(f.Data)
	}
	return d
}

func (s *session) message(d *feed.Decoded, m message, recv time.Time) error {
	switch m.Metadata.Type {
	case "session_welcome":
		return s.welcome(d, m, recv)
	case "session_keepalive":
		return nil
	case "session_reconnect":
		if url := string(m.Payload.Session.Reconnect); url != "" {
			d.Move = &feed.Move{Request: feed.Request{URL: url}, Session: &session{p: s.p, moved: true}}
		} else {
			d.Redial = true
		}
		return nil
	case "revocation":
		s.revoked(d, m, recv)
		return nil
	case "notification":
		e, err := s.notification(m, recv)
		if err == nil {
			d.Events = append(d.Events, e)
		}
		return err
	case "":
		return errors.New("the message names no message_type")
	}
	return feed.Unknown(m.Metadata.Type, fmt.Errorf("unknown message_type %s", wire.Quote(m.Metadata.Type)))
}

func (s *session) welcome(d *feed.Decoded, m message, recv time.Time) error {
	id := m.Payload.Session.ID
	if id == "" {
		return errors.New("session_welcome names no session")
	}
	s.keepalive = time.Duration(min(m.Payload.Session.Keepalive.Count(), int64(maxKeepalive/time.Second))) * time.Second
	if !s.moved && s.p.subscriber != nil {
		d.Then = s.p.subscribe(id, recv)
	}
	return nil
}

// revoked tells that one type of event will not come any more. When the token or
// the account is the reason, none will.
func (s *session) revoked(d *feed.Decoded, m message, recv time.Time) {
	sub := m.Payload.Subscription
	e := s.event(m, target{}, recv)
	e.Code, e.Text = "subscription_revoked", fmt.Sprintf("%s: %s", sub.Type, sub.Status)
	d.Events = append(d.Events, e)
	switch sub.Status {
	case "authorization_revoked", "user_removed":
		d.Fatal = fmt.Errorf("eventsub: twitch sends nothing more (%s): make a new token of the account and set it in token", wire.Quote(string(sub.Status)))
	}
}

// event starts an event of a message, about a channel.
func (s *session) event(m message, of target, recv time.Time) feed.Event {
	e := feed.Event{
		Source: s.p.Source(), Room: s.p.channel, Kind: feed.KindSystem, Recv: recv,
		At: wire.FirstTime(stamp(m.Metadata.Time), recv),
	}
	if s.p.channel == "" && of.Login != "" {
		e.Room = "#" + string(of.Login)
		e.Source += e.Room
	}
	if m.Metadata.ID != "" {
		e.ID = m.Metadata.Type + ":" + m.Metadata.ID
		if m.Metadata.Subject != "" {
			e.ID = m.Metadata.Subject + ":" + m.Metadata.ID
		}
	}
	return e
}

// stamp reads a time as Twitch writes it; the zero time where there is none that
// can be written again.
func stamp(v wire.Scalar) time.Time {
	t, err := time.Parse(time.RFC3339Nano, string(v))
	if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
