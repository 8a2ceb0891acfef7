package record

import (
	"bytes"
	"fmt"
	"time"

	"liveroom/feed"
)

// Tap makes p write what its connections receive, and what they answer, to w.
// What is said right after connecting is left out, since it may hold a token,
// and so are heartbeats. The clock tells when an answer is given. When w fails
// the source ends, with the reason.
func Tap(p feed.Protocol, w *Writer, clock func() time.Time) feed.Protocol {
	return tap{Protocol: p, w: w, clock: clock}
}

type tap struct {
	feed.Protocol
	w     *Writer
	clock func() time.Time
}

// Unwrap lets what the protocol can do count.
func (t tap) Unwrap() feed.Protocol { return t.Protocol }

func (t tap) NewSession(pos feed.Position) feed.Session {
	return t.session(t.Protocol.NewSession(pos))
}

func (t tap) session(inner feed.Session) feed.Session {
	s := tappedSession{Session: inner, tap: t}
	if acker, ok := s.Session.(feed.Acker); ok {
		return tappedAcker{tappedSession: s, acker: acker}
	}
	return s
}

type tappedSession struct {
	feed.Session
	tap tap
}

// Unwrap lets what the session can do count.
func (s tappedSession) Unwrap() feed.Session { return s.Session }

func (s tappedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	err := s.tap.write(f, recv, false)
	d := s.Session.Decode(f, recv)
	for _, out := range d.Reply {
		if err == nil {
			err = s.tap.write(out, recv, true)
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
		_ = s.tap.write(f, s.tap.clock(), true) // the next Decode meets the same error
	}
	return frames
}

func (t tap) write(f feed.Frame, at time.Time, out bool) error {
	return t.w.Write(Frame{
		Frame: feed.Frame{Binary: f.Binary, Data: bytes.Clone(f.Data)},
		T:     at.Sub(t.w.start), At: at, Out: out,
	})
}
