package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	defaultReadLimit = 1 << 20
	// A batch is committed when it has batchEvents, is batchWait old or holds what
	// is urgent, which may wait for the batch before: so that one is no larger. It
	// takes more with it where more came while the one before was committed: each
	// commit costs the same flush, whatever is in it.
	batchEvents = 128
	batchMost   = 512
	batchWait   = 50 * time.Millisecond
	// A person must see within about a second that nothing is recorded.
	sinkPatience = time.Second
)

// Config says what one source is.
type Config struct {
	Source     string      // unique among all sources: the key of its position
	Room       string      // every event's room; "" keeps the room that the peer names
	ReadLimit  int64       // longest message in bytes; 0: 1 MiB
	AllowPlain bool        // ws:// beyond this machine
	TLS        *tls.Config // nil: the system's certificates; TLS 1.2 at least in any case

	// Pace hurries every wait for the peer: a program that plays the peer itself has
	// no minute to find out that it is gone. 0: as fast as a network asks for.
	Pace   Pace
	Clock  func() time.Time // when messages arrive; nil: time.Now
	Jitter func() float64   // spreads reconnects, in [0, 1); nil: random
	// Status is told when the state changes; nil: nobody asks. It must not call
	// the source.
	Status func(Status)
	// Refused is told why each message, or part of one, could not be read. The
	// text of the error is untrusted.
	Refused func(error)
	Dial    DialFunc // nil: the network
	// Proxy finds the proxy by which an address is dialled; nil: the environment does.
	Proxy func(*http.Request) (*url.URL, error)
	// Accept waits for the next connection of a peer that dials us; nil: we dial.
	// It fails only when ctx ends or no connection can come any more.
	Accept func(ctx context.Context) (*websocket.Conn, error)
}

// A Source is one peer that events come from.
type Source struct {
	cfg      Config
	protocol Protocol
	asking   *asking

	mu      sync.Mutex // held during Status callbacks, so that they do not overlap
	status  Status
	link    State // what the connection does, beneath StateBlocked
	linkErr error
	blocked error
}

// NewSource makes a source that speaks p.
func NewSource(cfg Config, p Protocol) (*Source, error) {
	if cfg.Source == "" {
		return nil, errors.New("feed: a source needs a name")
	}
	if cfg.ReadLimit < 0 {
		return nil, fmt.Errorf("feed: source %s: read limit %d is negative", cfg.Source, cfg.ReadLimit)
	}
	if cfg.ReadLimit == 0 {
		cfg.ReadLimit = defaultReadLimit
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.Float64
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	return &Source{cfg: cfg, protocol: p, asking: newAsking(), status: Status{
		Room: cfg.Room, Source: cfg.Source, Protocol: p.Name(),
	}}, nil
}

// Status is what the source is doing now.
func (s *Source) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// A run is one call of Run.
type run struct {
	*Source
	sink    Sink
	inbox   *inbox
	tracker *tracker
	backoff Backoff
	// held waits for what tells whether there is a gap before it.
	held   []Event
	moving *moving // nil: the connection stays where it is
	asked  Request // by which the connection was opened
	skew   Skew
	storms storms
	// leaving outlives the context of Run, for what was received until then.
	leaving *leaving
	// strangers are what the decoder did not know.
	strangers strangers
}

// Run connects and reconnects until ctx ends (nil), the peer closes for good
// (nil) or no new attempt can help (the reason, with what to do). When ctx ends
// it stops reading first. It returns when everything received is committed; if the
// sink takes nothing for half a minute after ctx, the error says how many events
// are not, and what becomes of them.
func (s *Source) Run(ctx context.Context, sink Sink) error {
	r := &run{Source: s, sink: sink, inbox: newInbox(), backoff: Backoff{Jitter: s.cfg.Jitter}}
	s.setLink(StateDialling, nil)
	r.leaving = leaveAfter(ctx, leaveStalled)
	defer r.leaving.end()
	pos, known := r.position(ctx)
	if !known { // ctx ended before the sink could answer
		s.setLink(StateEnded, nil)
		return nil
	}
	r.tracker = newTracker(s.cfg.Source, s.cfg.Room, pos)
	committed := make(chan error, 1)
	go func() { committed <- r.commitAll(pos) }()

	err := r.connectAll(ctx)
	if ctx.Err() != nil || errors.Is(err, errEnded) {
		err = nil
	}
	r.inbox.close()
	if closer, ok := able[Closer](s.protocol); ok {
		r.close(ctx, closer)
	}
	if err = errors.Join(err, <-committed); err != nil {
		err = fmt.Errorf("source %s: %w", s.cfg.Source, err)
		s.setLink(StateFailed, err)
		return err
	}
	s.setLink(StateEnded, nil)
	return nil
}

// close lets the protocol end what it keeps open.
func (r *run) close(ctx context.Context, c Closer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closerTimeout)
	defer cancel()
	if err := c.Close(ctx); err != nil {
		r.refused(err)
	}
}

// connectAll keeps a connection up, and returns why it no longer does.
func (r *run) connectAll(ctx context.Context) error {
	for n := 0; ; n++ {
		if n > 0 {
			r.count(func(st *Status) { st.Reconnects++ })
		}
		if n == 0 || r.cfg.Accept == nil {
			r.setLink(StateDialling, nil)
		}
		healthy, why := r.connectOnce(ctx)
		var dialled *dialError
		var fatal *fatalError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(why, errEnded):
			return why
		case errors.As(why, &fatal):
			return fatal.err
		case errors.As(why, &dialled) && dialled.permanent:
			return dialled
		}
		if healthy {
			r.backoff.Reset()
		}
		var asked time.Duration
		if dialled != nil {
			asked = dialled.retryAfter
		}
		r.setLink(StateWaiting, why)
		if r.cfg.Accept != nil {
			continue // it is the peer that waits before it comes again
		}
		delay := r.backoff.Next(asked)
		if errors.Is(why, errRestarts) || dialled != nil && dialled.refused && !r.tracker.linkedAt.IsZero() {
			delay = r.backoff.Restarted()
		}
		if !sleep(ctx, delay) {
			return ctx.Err()
		}
	}
}

// A fatalError ends the source.
type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }

var errRedial = errors.New("the peer asked for a new connection")

// connectOnce runs one connection to its end, and tells why it ended and
// whether it was up long enough to count as healthy.
func (r *run) connectOnce(ctx context.Context) (healthy bool, why error) {
	pos := r.tracker.pos
	conn, err := r.connect(ctx, pos)
	if err != nil {
		return false, err
	}
	up := time.Now()
	session := r.protocol.NewSession(pos)
	var kept time.Duration
	if keeper, ok := as[Keeper](session); ok {
		kept = keeper.Keeps()
	}
	r.tracker.linked(r.cfg.Clock(), kept)
	r.setLink(StateLive, nil)
	l, err := r.follow(ctx, newLink(conn, session, &r.cfg))
	r.held = r.storms.sums(r.held)
	if len(r.held) > 0 { // the connection ended before it showed that it resumed
		if lost := r.receive(r.leaving, l, nil, r.held[len(r.held)-1].Recv); lost != nil && err == nil {
			err = lost
		}
	}
	if errors.Is(err, errTooLong) {
		r.refused(err)
	}
	if lost := r.tellUnknown(r.leaving, r.cfg.Clock(), true); lost != nil && err == nil {
		err = lost
	}
	return time.Since(up) >= healthyAfter, err
}

// connect dials the peer, or waits for it to dial.
func (r *run) connect(ctx context.Context, pos Position) (*websocket.Conn, error) {
	if r.cfg.Accept != nil {
		conn, err := r.cfg.Accept(ctx)
		if err != nil {
			return nil, &fatalError{err}
		}
		return conn, nil
	}
	req, err := r.request(ctx, pos)
	if err != nil {
		return nil, err
	}
	r.asked = req
	return r.dial(ctx, req)
}

// request asks the protocol, or its peer, where to connect.
func (r *run) request(ctx context.Context, pos Position) (Request, error) {
	opener, ok := able[Opener](r.protocol)
	if !ok {
		req, err := r.protocol.Request(pos)
		if err != nil {
			return req, &fatalError{err}
		}
		return req, nil
	}
	req, err := opener.Open(ctx, pos)
	var denied *DeniedError
	if errors.As(err, &denied) {
		return req, &fatalError{err}
	}
	return req, err
}

// able finds what a protocol, or one that it wraps, can do.
func able[T any](p Protocol) (can T, ok bool) {
	for {
		if can, ok = p.(T); ok {
			return can, true
		}
		wrapper, wraps := p.(interface{ Unwrap() Protocol })
		if !wraps {
			return can, false
		}
		p = wrapper.Unwrap()
	}
}

// message takes in one message that arrived over l.
func (r *run) message(ctx context.Context, l *link, f Frame) error {
	recv := r.cfg.Clock()
	r.count(func(st *Status) { st.Received++ })
	for d := l.decode(f, recv); ; d, recv = d.Then(ctx), r.cfg.Clock() {
		if err := r.take(ctx, l, f, d, recv); err != nil || d.Then == nil {
			return err
		}
	}
}

// join notes whether what happens in the room comes over l by now.
func (r *run) join(l *link, d Decoded, recv time.Time) {
	if l.joined {
		return
	}
	r.tracker.linkedAt = recv
	l.joined = d.Joined || !l.replaying() && slices.ContainsFunc(d.Events, func(e Event) bool { return e.Kind != KindSystem })
}

// take delivers and answers what one message came to.
func (r *run) take(ctx context.Context, l *link, f Frame, d Decoded, recv time.Time) error {
	for _, err := range d.Refused {
		r.refused(err)
	}
	r.join(l, d, recv)
	events := r.unknown(l, &d, r.complete(l, f, d.Events, recv))
	if !r.hold(l, events) {
		if err := r.receive(ctx, l, events, recv); err != nil {
			return err
		}
	}
	if err := r.tellUnknown(ctx, recv, false); err != nil {
		return err
	}
	for _, answer := range d.Answers {
		r.asking.answered(answer)
	}
	if err := l.send(d.Reply); err != nil {
		return err
	}
	if d.Fatal != nil {
		return &fatalError{d.Fatal}
	}
	if d.Redial {
		return errRedial
	}
	if d.Move != nil {
		r.move(ctx, l, *d.Move)
	}
	return nil
}

// hold keeps events back while the peer may still show that it sends again all
// that was missed, or has not let us in, so that the whole gap can stand before them.
// Of a peer that does not replay something known proves nothing: shops and relays
// tell old things again at any time.
func (r *run) hold(l *link, events []Event) bool {
	if !r.tracker.unproven() {
		return false
	}
	_, replays := as[Replayer](l.session)
	if replays && slices.ContainsFunc(events, func(e Event) bool { return r.tracker.known(&e) }) {
		r.tracker.resumed()
		return false
	}
	if l.joined && !l.replaying() || len(r.held)+len(events) > inboxEvents {
		return false
	}
	r.held = append(r.held, events...)
	return true
}

// receive delivers what was held and events, with the gaps before and between
// them.
func (r *run) receive(ctx context.Context, l *link, events []Event, recv time.Time) error {
	if gap, found := r.tracker.message(recv); found {
		if err := r.deliver(ctx, nil, &gap, false); err != nil {
			return err
		}
	}
	if len(r.held) > 0 {
		events = append(r.held, events...)
		r.held = nil
	}
	for i := range events {
		e := &events[i]
		gap, found, duplicate := r.tracker.event(e)
		if found {
			if err := r.deliver(ctx, nil, &gap, false); err != nil {
				return err
			}
		}
		if err := r.deliver(ctx, l, e, duplicate); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) refused(err error) {
	r.count(func(st *Status) { st.Refused++ })
	if r.cfg.Refused != nil {
		r.cfg.Refused(err)
	}
}

func (r *run) deliver(ctx context.Context, l *link, e *Event, duplicate bool) error {
	if duplicate {
		r.count(func(st *Status) { st.Duplicates++ })
		if !l.acks() {
			return nil
		}
	}
	return r.inbox.put(ctx, arrival{event: *e, link: l, duplicate: duplicate})
}

func (s *Source) count(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// setLink notes what the connection does.
func (s *Source) setLink(state State, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link, s.linkErr = state, err
	s.tell()
}

// setBlocked notes that the sink refuses, or with nil that it no longer does.
func (s *Source) setBlocked(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.blocked != nil {
		s.blocked = err
		s.tell()
	}
}

var errSlow = errors.New("the record takes longer than a second to write")

// watchSink says that the sink is blocked when it does not return in time. The
// function it returns ends the watch.
func (s *Source) watchSink() (stop func()) {
	returned := false
	t := time.AfterFunc(sinkPatience, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !returned {
			s.blocked = errSlow
			s.tell()
		}
	})
	return func() {
		t.Stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		returned = true
	}
}

// tell passes the status on when the state changed. A sink that cannot be
// written outweighs whatever the connection does.
func (s *Source) tell() {
	state, err := s.link, s.linkErr
	if s.blocked != nil && state != StateFailed && state != StateEnded {
		state, err = StateBlocked, s.blocked
	}
	if state == s.status.State {
		s.status.Err = err
		return
	}
	if state == StateDialling && err == nil {
		err = s.status.Err // still the reason that there is no connection
	}
	if !state.away() || !s.status.State.away() {
		s.status.Since = s.cfg.Clock()
	}
	s.status.State, s.status.Err = state, err
	if s.cfg.Status != nil {
		s.cfg.Status(s.status)
	}
}

// away tells that there is no connection and one is being tried for.
func (s State) away() bool { return s == StateDialling || s == StateWaiting }

// sleep waits for d, or with false until ctx ends.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
