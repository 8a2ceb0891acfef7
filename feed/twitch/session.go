package twitch

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/feed/eventsub"
)

// A session is one connection: where its login stands, and what tells apart
// lines that carry neither an id nor a time.
type session struct {
	p       *Protocol
	welcome bool
	current bool // what comes from now on is not repeated
	seq     int64
	other   feed.Session // reads recorded frames of EventSub; nil: none came
}

// Hello asks for tags first: lines that come before the answer would lack
// their ids. JOIN waits for the greeting, see Decode.
func (s *session) Hello() []feed.Frame {
	hello := []feed.Frame{text("CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership")}
	if s.p.pass != "" {
		hello = append(hello, text("PASS "+s.p.pass))
	}
	return append(hello, text("NICK "+s.p.nick))
}

// Heartbeat is a PING of our own, which Twitch answers with a PONG.
func (s *session) Heartbeat() (time.Duration, feed.Frame) {
	return heartbeatEvery, text("PING :liveroom")
}

func text(s string) feed.Frame { return feed.Frame{Data: []byte(s + "\r\n")} }

// Decode reads the lines of one frame. A frame of EventSub, which is JSON where
// no IRC line can be, is read as such.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	if bytes.HasPrefix(f.Data, []byte{'{'}) {
		if s.other == nil {
			s.other = eventsub.New(eventsub.Options{Channel: s.p.channel}).NewSession(feed.Position{})
		}
		d = s.other.Decode(f, recv)
		d.Move = nil // only a socket of EventSub's can be asked to move
		return d
	}
	data := bytes.Clone(f.Data)
	for n := 1; len(data) > 0; n++ {
		var raw []byte
		raw, data, _ = bytes.Cut(data, []byte{'\n'})
		raw = bytes.TrimSuffix(raw, []byte{'\r'})
		if len(raw) == 0 {
			continue
		}
		if err := s.line(&d, raw, recv); err != nil {
			d.Refused = append(d.Refused, fmt.Errorf("twitch line %d (%s): %w", n, excerpt(raw), err))
		}
	}
	return d
}

// excerpt is the start of a line, escaped so that it can stand in an error.
func excerpt(raw []byte) string {
	const most = 60
	if len(raw) > most {
		return fmt.Sprintf("%+q…", raw[:most])
	}
	return fmt.Sprintf("%+q", raw)
}

// line takes one line in. What the connection itself needs is answered here;
// all else becomes one event.
func (s *session) line(d *feed.Decoded, raw []byte, recv time.Time) error {
	l, err := parseLine(strings.ToValidUTF8(string(raw), "\uFFFD"))
	if err != nil {
		return err
	}
	switch l.command {
	case "PING":
		d.Reply = append(d.Reply, text("PONG :"+pingToken(l.param(0))))
	case "PONG":
	case "001":
		s.welcome = true
		if s.p.channel != "" {
			d.Reply = append(d.Reply, text("JOIN "+s.p.channel))
		}
	case "366": // the end of the member list ends the joining
		s.current, d.Joined = true, true
	case "002", "003", "004", "375", "372", "376", "353":
	case "CAP":
		return s.capability(l)
	case "JOIN":
		if l.login() != s.p.nick {
			return s.add(d, l, raw, recv)
		}
	case "RECONNECT":
		d.Redial = true
		return s.add(d, l, raw, recv)
	case "NOTICE":
		if d.Fatal == nil {
			d.Fatal = s.fatal(l)
		}
		return s.add(d, l, raw, recv)
	default:
		return s.add(d, l, raw, recv)
	}
	return nil
}

// pingToken is what a PING wants back, without what would end the line early.
func pingToken(s string) string {
	if i := strings.IndexAny(s, "\r\x00"); i >= 0 {
		return s[:i]
	}
	return s
}

// capability reads the answer to CAP REQ. Without tags no message has an id or
// a time, so a refusal is told.
func (s *session) capability(l line) error {
	if l.param(1) == "NAK" {
		return fmt.Errorf("the server refused %s: messages come without ids and times", excerpt([]byte(l.param(2))))
	}
	return nil
}

// refusals are the notices before the greeting that end a login.
var refusals = map[string]bool{
	"Login authentication failed": true,
	"Login unsuccessful":          true,
	"Improperly formatted auth":   true,
	"Invalid NICK":                true,
}

// fatal tells why a notice means that no new connection can help, or nil.
func (s *session) fatal(l line) error {
	if l.param(0) == "*" && !s.welcome && refusals[l.param(1)] {
		if s.p.pass == "" {
			return fmt.Errorf("twitch refused the anonymous login (%s): set login and token of an account", l.param(1))
		}
		return fmt.Errorf("twitch refused the login as %s (%s): make a new token of this account with the scope chat:read, or leave login and token empty to read anonymously", s.p.nick, l.param(1))
	}
	switch l.tag("msg-id") {
	case "msg_channel_suspended":
		return fmt.Errorf("twitch channel %s does not exist or is suspended: check the channel's name", excerpt([]byte(l.param(0))))
	case "msg_banned":
		return fmt.Errorf("twitch account %s is banned from %s: leave login and token empty to read anonymously", s.p.nick, excerpt([]byte(l.param(0))))
	}
	return nil
}

// Joins is true: the chat comes once the channel was joined.
func (s *session) Joins() bool { return true }

// Replaying tells whether lines from before this connection may still come.
// Twitch itself sends none; services in front of it that keep recent messages
// send them upon JOIN, marked historical.
func (s *session) Replaying() bool { return !s.current }

// add turns a line into its event.
func (s *session) add(d *feed.Decoded, l line, raw []byte, recv time.Time) error {
	if l.tag("tmi-sent-ts") != "" && l.tag("historical") == "" {
		s.current, d.Joined = true, true
	}
	e, err := s.event(l, recv)
	if err != nil {
		return err
	}
	e.Raw = raw
	d.Events = append(d.Events, e)
	return nil
}
