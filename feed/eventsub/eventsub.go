// Package eventsub reads a Twitch channel through EventSub over a websocket: the
// chat, what AutoMod holds back, and what the channel's moderators do.
//
// Delivery: every notification becomes one event, or a refusal that says why; a
// type not known here is a system event with the code "unknown". A message that
// AutoMod holds is a system event with the code "automod_hold" and its text.
// Twitch sends a notification at least once; a second one has the same ID.
//
// Ordering: as sent.
//
// Replay: Twitch sends nothing of what happened while a connection was away, so
// each reconnect is a gap. When Twitch itself asks to go on elsewhere, the old
// connection is read until the new one is welcomed, and there is none. A chat
// message has the same Source and ID as on IRC: read both ways it is one event.
//
// Twitch wants nothing said on the connection but pongs. What is to be sent over
// it is asked for through its HTTP API, see Subscriber.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package eventsub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"liveroom/feed"
)

// DefaultURL asks for a sign of life every 30 s.
const DefaultURL = "wss://eventsub.wss.twitch.tv/ws?keepalive_timeout_seconds=30"

const (
	// subscribeWithin is how long Twitch keeps a connection without a
	// subscription.
	subscribeWithin = 10 * time.Second
	// grace is what a keepalive may be late.
	grace = 5 * time.Second
	// Bounds of the keepalive that a session may be given.
	minKeepalive = 10 * time.Second
	maxKeepalive = 600 * time.Second
)

// A Subscriber asks Twitch to send a channel's events to a websocket session. It
// must be done within ten seconds. refused tells of each type of event that
// Twitch will not send; with err nothing will come at all, and a
// *feed.DeniedError means that asking again is of no use.
type Subscriber interface {
	Subscribe(ctx context.Context, session string) (refused []error, err error)
}

// Options say which channel is read. None is needed to read recorded frames.
type Options struct {
	// Channel is the broadcaster's login, with or without "#". It may be empty
	// only for recorded frames; then each event's own channel counts.
	Channel string
	// Subscriber makes Twitch send; nil asks for nothing.
	Subscriber Subscriber
	URL        string // empty means DefaultURL
}

// A Protocol reads one channel.
type Protocol struct {
	url        string
	channel    string // with "#", or ""
	subscriber Subscriber
}

// New makes the protocol of the channel that o names.
func New(o Options) *Protocol {
	p := &Protocol{url: o.URL, subscriber: o.Subscriber}
	if p.url == "" {
		p.url = DefaultURL
	}
	if login := strings.ToLower(strings.TrimPrefix(o.Channel, "#")); login != "" {
		p.channel = "#" + login
	}
	return p
}

// Name is "eventsub".
func (p *Protocol) Name() string { return "eventsub" }

// Source is the name of this channel as a source of events.
func (p *Protocol) Source() string { return "twitch:" + p.channel }

// Request tells where to connect; Twitch cannot go on after a place.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	if p.channel == "" || p.subscriber == nil {
		return feed.Request{}, errors.New("eventsub: set channel to the broadcaster's login and token to a user's access token")
	}
	return feed.Request{URL: p.url}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{p: p} }

// subscribe is the IO that a welcome calls for.
func (p *Protocol) subscribe(session string, recv time.Time) func(context.Context) feed.Decoded {
	return func(up context.Context) (d feed.Decoded) {
		ctx, cancel := context.WithTimeout(up, subscribeWithin)
		defer cancel()
		refused, err := p.subscriber.Subscribe(ctx, session)
		if up.Err() != nil { // it is we who leave, and not Twitch who refuses
			return d
		}
		for _, r := range refused {
			d.Refused = append(d.Refused, fmt.Errorf("eventsub: %w", r))
		}
		var denied *feed.DeniedError
		switch {
		case errors.As(err, &denied):
			d.Fatal = fmt.Errorf("eventsub: %w", err)
			d.Events = append(d.Events, feed.Event{
				ID: "auth:" + session, Source: p.Source(), Room: p.channel, Kind: feed.KindSystem,
				Code: feed.CodeAuthFailed, Text: "eventsub subscription denied", At: recv, Recv: recv,
			})
		case err != nil:
			d.Refused = append(d.Refused, fmt.Errorf("eventsub: subscribe: %w", err))
			d.Redial = true
		default:
			d.Joined = true
		}
		return d
	}
}
