// Package helix asks Twitch's HTTP API: to act in a channel's chat, that is to mute
// somebody and to let them speak again, to delete, pin, unpin or answer a message,
// to allow or deny one that AutoMod holds; what a token is good for; and to send a
// channel's events to a websocket, which package eventsub reads.
//
// Delivery: all but answers is asked for up to three times; done twice it comes to the
// same, and what Twitch says of a thing that is so already (banned, not banned, gone,
// pinned, not pinned) counts as done. A held message that was decided before, or whose
// time is over, is a *feed.SettledError: who decided it, and how, Twitch does not say. An answer in the chat is asked for again only where
// Twitch certainly did not take it: what was sent and got no word wraps
// feed.ErrPerhaps and is never sent again. 4xx is a *feed.RefusedError and final, but
// for 429, which waits until Twitch says it is over, and 409 of two who change one ban at once.
// Subscriptions are asked for once: who listens dials again by itself.
//
// Ordering: as asked, where the caller asks one after another.
//
// Locking: an API may be used by any number of goroutines.
package helix

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"liveroom/feed"
)

// Kinds are the acts that Twitch's API knows.
var Kinds = []feed.ActKind{feed.ActMute, feed.ActUnmute, feed.ActDelete, feed.ActPin, feed.ActUnpin, feed.ActAllow, feed.ActDeny, feed.ActReply}

// Scopes are what a token needs for each of them.
var Scopes = map[feed.ActKind]string{
	feed.ActMute:   "moderator:manage:banned_users",
	feed.ActUnmute: "moderator:manage:banned_users",
	feed.ActDelete: "moderator:manage:chat_messages",
	feed.ActPin:    "moderator:manage:chat_messages",
	feed.ActUnpin:  "moderator:manage:chat_messages",
	feed.ActAllow:  "moderator:manage:automod",
	feed.ActDeny:   "moderator:manage:automod",
	feed.ActReply:  "user:write:chat",
}

const defaultHost = "https://api.twitch.tv"

// defaultID is where Twitch tells about tokens.
const defaultID = "https://id.twitch.tv"

// Options say for whom an API asks, and in which channel.
type Options struct {
	Channel string // the broadcaster's login, with or without "#"
	Token   string // a user's access token, for acts a moderator's, with or without "oauth:"
	// Keep keeps a connection for the next request, which is for who subscribes.
	Keep bool
	// Host answers in the place of api.twitch.tv and id.twitch.tv: https://, or
	// http:// on this machine. "" : Twitch's own
	Host   string
	Client *http.Client                                  // nil: one of its own
	Clock  func() time.Time                              // nil: time.Now
	After  func(d time.Duration) (over <-chan time.Time) // nil: time.After
}

// keepFor is how long a connection waits for the next request.
const keepFor = 10 * time.Second

// An API asks for one channel, as the user to whom its token belongs.
type API struct {
	channel, token string
	api, id        string
	client         *http.Client
	clock          func() time.Time
	after          func(time.Duration) <-chan time.Time

	// mu guards me. It is not held while Twitch is asked who is who: of two acts that
	// find nobody known, both ask.
	mu sync.Mutex
	me *account // nil: not known, or no more
}

// New checks the options. No request is made.
func New(o Options) (*API, error) {
	a := &API{
		channel: strings.ToLower(strings.TrimPrefix(o.Channel, "#")), token: strings.TrimPrefix(o.Token, "oauth:"),
		api: defaultHost + "/helix", id: defaultID + "/oauth2", clock: o.Clock, after: o.After,
		client: &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: tryWithin, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			// On a connection that was used before, the transport may send a request
			// once more by itself.
			DisableKeepAlives: !o.Keep, IdleConnTimeout: keepFor,
		}},
	}
	switch {
	case a.channel == "":
		return nil, errors.New("channel is missing: name the broadcaster's login")
	case a.token == "" || strings.ContainsFunc(a.token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("token is missing: Twitch's API needs a user's access token, with or without \"oauth:\"")
	}
	if o.Host != "" {
		if _, err := feed.CheckHTTP(o.Host); err != nil {
			return nil, fmt.Errorf("api: %w", err)
		}
		host := strings.TrimSuffix(o.Host, "/")
		a.api, a.id = host+"/helix", host+"/oauth2"
	}
	if o.Client != nil {
		c := *o.Client
		a.client = &c
	}
	// A redirect would hand the token to another host.
	a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if a.clock == nil {
		a.clock = time.Now
	}
	if a.after == nil {
		a.after = time.After
	}
	return a, nil
}

// String never shows the token.
func (a *API) String() string { return "twitch's API for #" + a.channel }

// GoString never shows the token.
func (a *API) GoString() string { return a.String() }

// LogValue never shows the token.
func (a *API) LogValue() slog.Value { return slog.StringValue(a.String()) }
