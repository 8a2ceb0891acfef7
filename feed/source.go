package feed

import (
	"context"
	"net/http"
	"time"
)

// A Frame is one whole websocket message.
type Frame struct {
	Binary bool
	Data   []byte
}

// A Request is how a connection is opened.
type Request struct {
	URL          string
	Header       http.Header
	Subprotocols []string
	// Renew is after how long the peer wants the connection to be opened anew, by the
	// same request; 0: never.
	Renew time.Duration
}

// A Protocol knows how one kind of peer is talked to. It does no IO.
type Protocol interface {
	// Name is the protocol's name as the config and `decode` use it.
	Name() string
	// Request tells how to connect so that the peer goes on after pos.
	Request(pos Position) (Request, error)
	// NewSession starts the state of one connection.
	NewSession(pos Position) Session
}

// An Opener is a Protocol whose peer must first be asked, by other means, where
// to connect. Before each connection Open is called instead of Request. Its
// error is tried again later, but for a *DeniedError. A Protocol that wraps an
// Opener or a Closer shows it by a method Unwrap() Protocol.
type Opener interface {
	Open(ctx context.Context, pos Position) (Request, error)
}

// A Closer is a Protocol that keeps something open at its peer beside the
// connection. Close is called once, when no connection will be opened any more; it
// has some seconds. Its error is told and changes nothing.
type Closer interface {
	Close(ctx context.Context) error
}

// A DeniedError is why a peer will not have us, however often it is asked.
type DeniedError struct{ Reason string }

// Error says what to do.
func (e *DeniedError) Error() string { return e.Reason }

// A Session is one connection's decoder. It is used by one goroutine and does
// no IO: what it wants sent stands in Decoded.Reply. It may also be an Acker, a
// Replayer, a Keeper or a Listener; one that wraps another session shows it by a
// method Unwrap() Session, and what the other can do counts as its own.
type Session interface {
	// Hello is what to send right after the handshake, in order.
	Hello() []Frame
	// Heartbeat is what to send at which interval; 0 means nothing.
	Heartbeat() (every time.Duration, frame Frame)
	// Decode turns one message that arrived at recv into events.
	// It must not keep f.Data.
	Decode(f Frame, recv time.Time) Decoded
}

// Decoded is what one message came to.
type Decoded struct {
	Events  []Event
	Reply   []Frame  // to be written at once, in order
	Answers []Answer // to what the peer was asked to do
	Refused []error  // each part of the message that could not be read, and why
	Joined  bool     // from now on what happens in the room comes here: see Joiner
	Redial  bool     // the peer asks for a new connection
	Move    *Move    // the peer asks to go on at another address
	Fatal   error    // no new connection can help (bad token, no such room)
	// Then is IO that the message calls for, done before the next one is read.
	// What it came to is treated as the message's own. It must not use the
	// session.
	Then func(ctx context.Context) Decoded
}

// A Batch is a run of one source's events, in order, to be committed together
// with the position they lead to.
type Batch struct {
	Room     string
	Source   string
	Events   []Event
	Position Position
}

// A Sink keeps what sources deliver. Commit returns nil only when every event
// of the batch is on disk (or was there before); after an error nothing of the
// batch is. A source that gets an error stops reading and offers the same
// batch again. Commit is called from one goroutine per source.
type Sink interface {
	Commit(ctx context.Context, b Batch) error
	// Position is where the source was at its last commit; the zero value
	// (with Source set) for a source never seen.
	Position(ctx context.Context, source string) (Position, error)
}

// State is what a source is doing.
type State string

// The states of a source.
const (
	StateDialling State = "dialling"
	StateLive     State = "live"
	StateWaiting  State = "waiting" // between two attempts
	StateBlocked  State = "blocked" // the record cannot be written: not reading
	StateEnded    State = "ended"   // the peer closed for good
	StateFailed   State = "failed"  // Err says why no new attempt is made
)

// Status is what a source tells of itself whenever State changes.
type Status struct {
	Room       string
	Source     string
	Protocol   string
	State      State
	Since      time.Time // since when it is so; new attempts to connect do not change it
	Err        error
	Reconnects int
	Received   int64 // messages
	Refused    int64 // messages or parts that could not be read
	Duplicates int64 // events that had been received before
	Unknown    int64 // messages or parts of a kind that the decoder does not know
}
