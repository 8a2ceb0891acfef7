// Package twitch reads a Twitch channel's chat: IRC over a websocket.
//
// Delivery: every line of a frame becomes exactly one event, except the lines
// that only keep the connection going (PING, PONG, CAP ACK, the greeting, the
// channel's member list and our own JOIN). A line that is no IRC stands in
// Decoded.Refused; a command not known here is a system event with the code
// "unknown". Nothing is dropped silently.
//
// Ordering: events stand in the order of the lines. Twitch's own times run
// backwards by up to about 0.1 s between neighbours.
//
// Replay: Twitch sends nothing again after a reconnect, so each one is a gap,
// unless a service in between repeats the last lines upon JOIN and one of them
// is known. Events carry no offset; what tells two of them apart is their ID:
// the message's own id where it has one, else a hash of what the line says and
// when it was sent. The same line sent twice therefore is one event.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine. The
// console only reads: nothing here sends a chat message.
package twitch

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"liveroom/feed"
)

// DefaultURL is the only address Twitch offers for chat over websockets.
const DefaultURL = "wss://irc-ws.chat.twitch.tv:443"

// heartbeatEvery is below the 5 minutes after which Twitch itself pings, so
// that a dead connection shows before the server would have spoken.
const heartbeatEvery = 4 * time.Minute

// Options say which channel is read, and as whom.
type Options struct {
	// Channel is the broadcaster's login, with or without "#". It may be empty
	// only for reading recorded lines; then each line's own channel counts.
	Channel string
	// Login and Token sign in as that account; the token needs the scope
	// chat:read. Both empty means reading anonymously, which sees the same.
	Login string
	Token string
	// URL is the server's address; empty means DefaultURL.
	URL string
}

// A Protocol reads one channel.
type Protocol struct {
	url     string
	channel string // with "#", or ""
	source  string
	nick    string
	pass    string // "" when anonymous
}

// New checks the options. Its errors name the option and what is expected.
func New(o Options) (*Protocol, error) {
	channel := strings.ToLower(strings.TrimPrefix(o.Channel, "#"))
	if channel != "" && !isLogin(channel) {
		return nil, fmt.Errorf("twitch channel %q: expected the broadcaster's login, 1 to 25 letters, digits or _", o.Channel)
	}
	p := &Protocol{url: o.URL}
	if p.url == "" {
		p.url = DefaultURL
	}
	if channel != "" {
		p.channel = "#" + channel
	}
	p.source = sourceOf(p.channel)
	if o.Token == "" {
		p.nick = anonymousNick(channel)
		return p, nil
	}
	p.nick = strings.ToLower(o.Login)
	if !isLogin(p.nick) {
		return nil, fmt.Errorf("twitch login %q: a token needs the login of its account, 1 to 25 letters, digits or _", o.Login)
	}
	token := strings.TrimPrefix(o.Token, "oauth:")
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("twitch token: expected the letters and digits of an access token, with or without \"oauth:\"")
	}
	p.pass = "oauth:" + token
	return p, nil
}

// isLogin tells whether s can be an account's login in lower case.
func isLogin(s string) bool {
	if s == "" || len(s) > 25 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// anonymousNick is a name of the form Twitch lets in without a password.
func anonymousNick(channel string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(channel))
	return fmt.Sprintf("justinfan%05d", 10000+h.Sum32()%90000)
}

// Name is "twitch".
func (p *Protocol) Name() string { return "twitch" }

// Source is the name of this channel as a source of events.
func (p *Protocol) Source() string { return p.source }

// String never shows the token.
func (p *Protocol) String() string { return p.source + " as " + p.nick }

// GoString never shows the token.
func (p *Protocol) GoString() string { return p.String() }

func sourceOf(channel string) string { return "twitch:" + channel }

// Request tells where to connect; the place makes no difference, since Twitch
// cannot go on after one.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	if p.channel == "" {
		return feed.Request{}, errors.New("twitch: no channel is named; set channel to the broadcaster's login")
	}
	return feed.Request{URL: p.url}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session {
	return &session{p: p}
}
