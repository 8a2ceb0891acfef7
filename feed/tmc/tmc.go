// Package tmc reads the orders, refunds and live rooms of a Taobao shop from
// Taobao's message channel (TMC), which pushes them over a websocket.
//
// Delivery: every message becomes one event, or a refusal that says why. A
// message is confirmed only when its event is on disk; until then the server
// sends it again. One that cannot be read is reported as failed, so that it
// stays with the server and shows up there. Two things come to no event and are
// confirmed at once: a message that tells the same state of the same order or
// refund under another id, and a state that a later one has overtaken.
//
// Ordering: as sent, which is not by time. An order therefore only moves
// forward: created, paid, shipped, completed; closed ends it.
//
// Replay: the server keeps what was not confirmed, so a connection that was away
// for less than a day has missed nothing and leaves no gap. All readers of one
// group share its messages: two consoles need a group each.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package tmc

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"time"

	"liveroom/feed"
)

// DefaultURL is the production server, which speaks plain ws only.
const DefaultURL = "ws://mc.api.taobao.com/"

// DefaultGroup is the group that every app has.
const DefaultGroup = "default"

const (
	// pullEvery is how often the server is asked for its backlog.
	pullEvery = 30 * time.Second
	// kept is for how long an unconfirmed message is sent again at least.
	kept = 24 * time.Hour
)

// Options say which app's messages are read. None is needed to read recorded
// frames.
type Options struct {
	AppKey string
	Secret string           // the app's secret: signs the login, and is not sent
	Group  string           // empty means DefaultGroup
	URL    string           // empty means DefaultURL
	Clock  func() time.Time // dates the login; nil: time.Now
}

// A Protocol reads one group of an app.
type Protocol struct {
	o      Options
	mu     sync.Mutex
	states states
}

// New makes the protocol of the app that o names.
func New(o Options) *Protocol {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if o.Group == "" {
		o.Group = DefaultGroup
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Protocol{o: o}
}

// Name is "tmc".
func (p *Protocol) Name() string { return "tmc" }

// String never shows the secret.
func (p *Protocol) String() string { return "tmc:" + p.o.AppKey + "/" + p.o.Group }

// GoString never shows the secret.
func (p *Protocol) GoString() string { return p.String() }

// Request tells where to connect; the server knows by itself where to go on.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	if p.o.AppKey == "" || p.o.Secret == "" {
		return feed.Request{}, errors.New("tmc: set app_key and token to the key and the secret of the app")
	}
	return feed.Request{URL: p.o.URL}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{p: p} }

// sign proves that the secret is known without sending it.
func sign(o Options, stamp string) string {
	sum := md5.Sum([]byte(o.Secret + "app_key" + o.AppKey + "group_name" + o.Group + "timestamp" + stamp + o.Secret))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// admit tells whether the message with this id is to become an event.
func (p *Protocol) admit(id int64, state string, later []string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.states.admit(id, state, later)
}

// maxStates is how many states of orders and refunds are remembered: some hours
// of a busy shop. What the record forgets to refuse here it still refuses to
// move back.
const maxStates = 16384

// states remember which message first told a state. They outlive connections,
// because it is after one is cut that the server sends twice.
type states struct {
	first map[string]int64
	ring  []string
	next  int
}

// admit remembers that the message tells state, unless another message told it,
// or one of the later states, before. The same message sent again is admitted:
// its event may not be on disk yet.
func (s *states) admit(id int64, state string, later []string) bool {
	if first, known := s.first[state]; known {
		return first == id
	}
	for _, l := range later {
		if _, known := s.first[l]; known {
			return false
		}
	}
	if s.first == nil {
		s.first = make(map[string]int64)
	}
	s.first[state] = id
	if len(s.ring) < maxStates {
		s.ring = append(s.ring, state)
		return true
	}
	delete(s.first, s.ring[s.next])
	s.ring[s.next] = state
	s.next = (s.next + 1) % maxStates
	return true
}
