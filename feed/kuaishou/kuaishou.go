// Package kuaishou reads a Kuaishou live room through the socket of the web
// page. The platform documents none of it: prefer a relay where there is one.
//
// Delivery: every comment, gift and notice becomes one event; what the platform
// says of the room itself becomes a system event. Likes, shares and the list of
// top viewers are counters and come to nothing on purpose. What cannot be read,
// and a payload not known here, stand in Decoded.Refused. A gift counts what it
// adds to its streak.
//
// Ordering: as sent; within one message comments, then gifts, then notices.
//
// Replay: none. Events carry no offset; their IDs are the platform's, and empty
// where it leaves them so: then the source names the event by its bytes.
//
// Limits: one message may inflate to 16 MiB and hold 4,096 feeds.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package kuaishou

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"liveroom/feed"
)

// heartbeatEvery is the interval that the platform asks for.
const heartbeatEvery = 20 * time.Second

// Options say which room is read, with what the web page was given for it. None
// is needed to read recorded frames.
type Options struct {
	URL          string // one of websocketUrls
	Token        string
	LiveStreamID string
	Clock        func() time.Time // dates what is sent; nil: time.Now
	Page         func() string    // 16 characters that name this page; nil: random
}

// A Protocol reads one room. It follows streaks of gifts from one connection to
// the next.
type Protocol struct {
	o       Options
	mu      sync.Mutex
	streaks streaks
}

// New makes the protocol of the room that o names.
func New(o Options) *Protocol {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Page == nil {
		o.Page = randomPage
	}
	return &Protocol{o: o}
}

// randomPage tells pages apart; it proves nothing.
func randomPage() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, 16)
	for i := range b {
		b[i] = letters[rand.IntN(len(letters))]
	}
	return string(b)
}

// Name is "kuaishou".
func (p *Protocol) Name() string { return "kuaishou" }

// String never shows the token.
func (p *Protocol) String() string { return "kuaishou:" + p.o.LiveStreamID }

// GoString never shows the token.
func (p *Protocol) GoString() string { return p.String() }

// Request tells where to connect; the platform cannot go on after a place.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	if p.o.URL == "" || p.o.Token == "" || p.o.LiveStreamID == "" {
		return feed.Request{}, errors.New("kuaishou: set url, token and channel (the liveStreamId) to what the room's page was given")
	}
	return feed.Request{URL: p.o.URL}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{p: p} }

// pageID names this page and when it was opened.
func (p *Protocol) pageID() string {
	return p.o.Page() + "_" + strconv.FormatInt(p.o.Clock().UnixMilli(), 10)
}

func (p *Protocol) added(streak string, combo int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.streaks.added(streak, combo)
}
