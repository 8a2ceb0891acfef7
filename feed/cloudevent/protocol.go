package cloudevent

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"liveroom/feed"
)

// Subprotocol is what a client offers and a server must answer.
const Subprotocol = "cloudevents.json"

// Config is how a producer is reached.
type Config struct {
	URL   string
	Token string // sent as "Authorization: Bearer …"; "" sends none
	Room  string // for events that name none
}

type protocol struct {
	url         url.URL
	token, room string
}

// New makes the protocol for one producer.
func New(c Config) (feed.Protocol, error) {
	u, err := url.Parse(c.URL)
	if err != nil { // its text would repeat the address, which may hold a secret
		return nil, errors.New("cloudevent: the address is not a URL: write it like wss://host/path")
	}
	return protocol{url: *u, token: c.Token, room: c.Room}, nil
}

func (protocol) Name() string { return "cloudevent" }

// Request asks for what comes after pos.
func (p protocol) Request(pos feed.Position) (feed.Request, error) {
	u := p.url
	if pos.Epoch != "" {
		q := u.Query()
		q.Set("epoch", pos.Epoch)
		q.Set("after", strconv.FormatInt(pos.Offset, 10))
		u.RawQuery = q.Encode()
	}
	req := feed.Request{URL: u.String(), Subprotocols: []string{Subprotocol}}
	if p.token != "" {
		req.Header = http.Header{"Authorization": {"Bearer " + p.token}}
	}
	return req, nil
}

func (p protocol) NewSession(feed.Position) feed.Session { return session{room: p.room} }

type session struct{ room string }

func (session) Hello() []feed.Frame { return nil }

func (session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

func (s session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	if f.Binary {
		return feed.Decoded{Refused: []error{errors.New("a binary message: events come as text")}}
	}
	if a, is, err := answer(f.Data); is {
		if err != nil {
			return feed.Decoded{Refused: []error{fmt.Errorf("not an answer: %w", err)}}
		}
		return feed.Decoded{Answers: []feed.Answer{a}}
	}
	e, err := Decode(f.Data)
	if err != nil {
		return feed.Decoded{Refused: []error{fmt.Errorf("not an event: %w", err)}}
	}
	e.Recv, e.Raw = recv, bytes.Clone(f.Data)
	if e.At.IsZero() {
		e.At = recv
	}
	if e.Room == "" {
		e.Room = s.room
	}
	return feed.Decoded{Events: []feed.Event{e}}
}
