// Package conformance is what every source must pass: the same story told to each
// protocol, over a real websocket, by a small server that behaves as the real peer
// does, read by a real feed.Source into a sink that keeps what a record keeps.
//
// # How a new source joins
//
// Write its server as a package of its own beside the decoder (see twitchtest), a
// file here that makes a [Subject] of it, and add that to [Subjects]. A subject's
// [Room] says messages, and as much more as the protocol can: each of the small
// interfaces below Room that it implements is a promise that is then tested. What
// the protocol cannot do stands in Subject.Cannot with the reason, and the suite
// tests what the program promises instead: a gap for what is not sent again, the
// time of arrival for what has no time. A subject that neither can nor says why it
// cannot fails. No case is skipped. A new scene joins with a flaw in flaws_test.go, of
// a source in which it must fail: without one nobody knows that it can.
//
// A subject of a peer that dials us sets cfg.Accept in Source and lets its peer dial
// through Stage.Gate, again and again until Close; its Way says so, and it tells the
// Gate that PeerDials. One that is no websocket at all is a Runner.
//
// # What is promised to a subject
//
// A Room is made for one case and closed at its end. Its methods are called from one
// goroutine. IDs of messages are decimal numbers beyond 2^53 that no float can tell
// apart; times are whole seconds.
//
// A memory that does what a record does stands for it, unless [Check] is given
// another, such as the desk on SQLite.
package conformance

import (
	"context"
	"testing"
	"time"

	"liveroom/feed"
)

// A Message is what somebody says in a room.
type Message struct {
	ID     string // a decimal number
	Author string // a decimal number
	Name   string
	Role   feed.Role
	At     time.Time // in whole seconds
	Text   string
	Paid   bool // what people paid for, where that is another kind of message
}

// A Stage is what a room is played on.
type Stage struct {
	// Gate is the network between: a peer that dials us dials through it.
	Gate *Gate
	// Denied asks for a room that the program has no right to read: a stale token, a
	// wrong code. Its server refuses as the real one does.
	Denied bool
}

// A Room is a live room at a peer, played by the protocol's own server.
type Room interface {
	// Source makes the protocol that reads this room, and sets in cfg what such a
	// source needs. It is called once for each start of the program.
	Source(cfg *feed.Config) (feed.Protocol, error)
	// WaitJoined returns when the room was joined n times since the beginning: from
	// then on what is said is sent. An error says how often when patience ends.
	WaitJoined(n int, patience time.Duration) error
	// Say says messages, in order, in as few frames as the peer would. A message said
	// before is sent again as the peer sends again. What is said while nobody
	// listens, a peer that resumes keeps and any other forgets.
	Say(messages ...Message) error
	// Close ends the server, and returns when nothing of it runs.
	Close()
}

// A Retracter withdraws a message that was said. Unless it Cannot.
type Retracter interface{ Retract(m Message) error }

// A Clearer takes out all that the author of a message had written by a moment, or,
// with nobody's message, all that anybody had. Unless it Cannot.
type Clearer interface {
	Clear(of Message, at time.Time) error
}

// A Kicker ends connections as the peer itself does when it wants to: with a
// command, a close frame, an error. The program must come again.
type Kicker interface{ Kick() error }

// A Beater counts what keeps a connection alive by the protocol's own means: our
// heartbeats that the server answered, or its own.
type Beater interface {
	WaitBeats(n int, patience time.Duration) error
}

// An Oddity says something well-formed that the program cannot know: a command of
// next year's. It must be counted, as refused or as an event of its own.
type Oddity interface{ Odd() error }

// A Breaker says something that cannot be read.
type Breaker interface{ Break() error }

// An Acknowledged peer knows which messages were acknowledged to it.
type Acknowledged interface {
	WaitAcked(ids []string, patience time.Duration) error
	Acked() []string
}

// A Runner reads its room without a feed.Source, until ctx ends.
type Runner interface {
	Run(ctx context.Context, cfg feed.Config, sink feed.Sink) error
}

// An Ability is something that protocols differ in.
type Ability string

// What protocols differ in, with what is tested instead.
const (
	Resumes  Ability = "resumes"   // what was missed is sent again; else: a gap says what is not known
	IDs      Ability = "ids"       // messages are numbered; else: the same bytes are one event, or each arrival where there is no time
	Times    Ability = "times"     // messages tell when they were said; else: the time of arrival
	Clamps   Ability = "clamps"    // a clock that is hours wrong is not believed; else: times stay as told
	Roles    Ability = "roles"     // host and moderators are marked; else: everybody is a viewer
	Retracts Ability = "retracts"  // messages are withdrawn; else: nothing is ever struck out
	Clears   Ability = "clears"    // what somebody wrote, or the whole chat, is taken out at once; else: it never is
	Logins   Ability = "logins"    // who has no right to read is refused; else: who is not there yet is tried again
	Beats    Ability = "beats"     // a heartbeat of the protocol's; else: the websocket's own pings
	HandsOff Ability = "hands off" // a kick names where to go on, without loss; else: a kick is a cut
	Acks     Ability = "acks"      // what is on disk is acknowledged; else: nothing is said of it
	Odds     Ability = "odds"      // commands not known can come
	Breaks   Ability = "breaks"    // frames that cannot be read can come
)

// A Way is how the program and a peer come together.
type Way string

// The ways beside the program's dialling.
const (
	DialsIn Way = "dials in" // the peer dials us and stays
	Posts   Way = "posts"    // the peer dials us for each thing that it says
)

// A Subject is one protocol before the suite.
type Subject struct {
	Name string
	Open func(t testing.TB, s Stage) Room
	// Cannot says of each ability that the protocol lacks why.
	Cannot map[Ability]string
	// Expect changes what a message should come to from the usual: a chat with the
	// message's ID, author, role, time and text. nil: nothing.
	Expect func(m Message, e *feed.Event)
	// Key names an event, or what a message should come to, where the protocol numbers
	// nothing: by what both have. "" leaves an event out of the story. nil: its ID.
	Key func(e feed.Event) string
	// Repeats tells that the last messages are told again to who comes back, without a
	// promise that they reach back to what was missed: there is a gap all the same.
	Repeats bool
	// Way is how the two come together; "": the program dials.
	Way Way
	// Pace is how much faster than usual a peer is given up where a scene waits for
	// that; 0: 20, which makes a minute of silence 3 s.
	Pace feed.Pace
	// Beats is how many heartbeats take longer than a silent peer is borne; 0: 3.
	Beats int
	// Denied is what the error of a refused login must say: what to do.
	Denied string
	// Secrets must never be told.
	Secrets []string

	// spoil makes whoever reads the room a flawed one, in the tests that show that each
	// scene can fail; nil: it is good.
	spoil func(*feed.Config, feed.Protocol, feed.Sink) (feed.Protocol, feed.Sink)
}

func (s *Subject) can(a Ability) bool { return s.Cannot[a] == "" }

// key names an event in the story.
func (s *Subject) key(e feed.Event) string {
	if s.Key != nil {
		return s.Key(e)
	}
	return e.ID
}

// idle is what the program does when nobody is there.
func (s *Subject) idle() feed.State {
	switch s.Way {
	case DialsIn:
		return feed.StateDialling
	case Posts:
		return feed.StateLive
	}
	return feed.StateWaiting
}

// expected is what m should come to.
func (s *Subject) expected(m Message) feed.Event {
	e := feed.Event{
		Kind: feed.KindChat, ID: m.ID, At: m.At, Text: m.Text,
		User: feed.User{ID: m.Author, Name: m.Name, Role: m.Role},
	}
	if !s.can(Roles) {
		e.User.Role = feed.RoleViewer
	}
	if s.Expect != nil {
		s.Expect(m, &e)
	}
	return e
}

// check finds promises that a room does not keep, and abilities that nobody tells
// of.
func (s *Subject) check(t testing.TB, r Room) {
	t.Helper()
	has := func(a Ability, implements bool) {
		if why := s.Cannot[a]; implements == (why != "") {
			t.Errorf("%s: the room implements what %q asks for: %v; that it cannot is said: %q", s.Name, a, implements, why)
		}
	}
	_, retracts := r.(Retracter)
	has(Retracts, retracts)
	_, clears := r.(Clearer)
	has(Clears, clears)
	_, beats := r.(Beater)
	has(Beats, beats)
	_, acks := r.(Acknowledged)
	has(Acks, acks)
	_, odd := r.(Oddity)
	has(Odds, odd)
	_, breaks := r.(Breaker)
	has(Breaks, breaks)
	if _, kicks := r.(Kicker); !kicks {
		t.Errorf("%s: every peer can end a connection: the room must be a Kicker", s.Name)
	}
	if s.can(Logins) && s.Denied == "" {
		t.Errorf("%s: say in Denied what the error of a refused login must tell", s.Name)
	}
}
