package record

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"liveroom/feed"
)

// Tap makes p write what its connections receive, and what they say, to w. In what
// they say the secrets are written over, and right after connecting all that could be
// a token or a signature; heartbeats are left out, and so is sound, which is another's
// and large, but for when it began. The clock tells when something is said. When w fails the source ends,
// with the reason.
func Tap(p feed.Protocol, w *Writer, clock func() time.Time, secrets ...string) feed.Protocol {
	t := tap{Protocol: p, w: w, clock: clock, conns: new(atomic.Int64)}
	for _, s := range secrets {
		if s = strings.TrimPrefix(s, "oauth:"); s != "" {
			t.secrets = append(t.secrets, []byte(s))
		}
	}
	return t
}

type tap struct {
	feed.Protocol
	w       *Writer
	clock   func() time.Time
	secrets [][]byte
	conns   *atomic.Int64 // how many there were
	conn    int           // which one this is of
}

// longSound is more than any recogniser is told in one binary message but sound.
const longSound = 64

// keys are what a login may hold of tokens and signatures.
var keys = regexp.MustCompile(`[0-9A-Za-z+/=_-]{24,}`)

// masked is a frame of ours with its secrets written over, each byte of them, so that
// the lengths that binary messages tell stay right.
func (t tap) masked(f feed.Frame, login bool) feed.Frame {
	data := bytes.Clone(f.Data)
	for _, s := range t.secrets {
		data = bytes.ReplaceAll(data, s, bytes.Repeat([]byte("*"), len(s)))
	}
	if login {
		data = keys.ReplaceAllFunc(data, func(m []byte) []byte { return bytes.Repeat([]byte("*"), len(m)) })
	}
	return feed.Frame{Binary: f.Binary, Data: data}
}

// say writes what is said.
func (t tap) say(f feed.Frame, at time.Time, login bool) error {
	return t.write(t.masked(f, login), at, true)
}

// Unwrap lets what the protocol can do count.
func (t tap) Unwrap() feed.Protocol { return t.Protocol }

func (t tap) NewSession(pos feed.Position) feed.Session {
	return t.session(t.Protocol.NewSession(pos))
}

// session taps a new connection.
func (t tap) session(inner feed.Session) feed.Session {
	t.conn = int(t.conns.Add(1) - 1)
	s := tappedSession{Session: inner, tap: t}
	if acker, ok := s.Session.(feed.Acker); ok {
		return tappedAcker{tappedSession: s, acker: acker}
	}
	if talker, ok := s.Session.(feed.Talker); ok {
		return tappedTalker{tappedSession: s, talker: talker}
	}
	return s
}

type tappedSession struct {
	feed.Session
	tap tap
}

// Unwrap lets what the session can do count.
func (s tappedSession) Unwrap() feed.Session { return s.Session }

// Hello writes the login without what it proves.
func (s tappedSession) Hello() []feed.Frame {
	hello := s.Session.Hello()
	for _, f := range hello {
		_ = s.tap.say(f, s.tap.clock(), true) // the first Decode meets the same error
	}
	return hello
}

func (s tappedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	err := s.tap.write(f, recv, false)
	d := s.Session.Decode(f, recv)
	for _, out := range d.Reply {
		if err == nil {
			err = s.tap.say(out, recv, false)
		}
	}
	if d.Move != nil {
		moved := *d.Move
		moved.Session = s.tap.session(moved.Session)
		d.Move = &moved
	}
	if err != nil {
		d.Fatal = fmt.Errorf("%w: free the disk or choose another file", err)
	}
	return d
}

type tappedAcker struct {
	tappedSession
	acker feed.Acker
}

func (s tappedAcker) Committed(events []feed.Event) []feed.Frame {
	frames := s.acker.Committed(events)
	for _, f := range frames {
		_ = s.tap.say(f, s.tap.clock(), false) // the next Decode meets the same error
	}
	return frames
}

type tappedTalker struct {
	tappedSession
	talker feed.Talker
}

// Talk writes what is said beside the answers. Of the sound it writes when it began,
// from which the times of what is heard in it count.
func (s tappedTalker) Talk(ctx context.Context, say func(feed.Frame) error) error {
	sounds := false
	return s.talker.Talk(ctx, func(f feed.Frame) error {
		switch {
		case !f.Binary || len(f.Data) <= longSound:
			_ = s.tap.say(f, s.tap.clock(), false)
		case !sounds:
			sounds = true
			_ = s.tap.w.WriteAt(Frame{Frame: feed.Frame{Binary: true}, Out: true, Sound: true, Conn: s.tap.conn}, s.began())
		}
		return say(f)
	})
}

// began is when the first sound was there.
func (s tappedTalker) began() time.Time {
	if t, ok := s.talker.(interface{ FirstSound() time.Time }); ok {
		return t.FirstSound()
	}
	return s.tap.clock()
}

func (t tap) write(f feed.Frame, at time.Time, out bool) error {
	return t.w.WriteAt(Frame{Frame: feed.Frame{Binary: f.Binary, Data: bytes.Clone(f.Data)}, Out: out, Conn: t.conn}, at)
}
