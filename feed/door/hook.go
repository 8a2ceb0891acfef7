package door

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"liveroom/feed"
	"liveroom/feed/webhook"
)

const (
	postBytes   = 1 << 20
	bodyTimeout = 10 * time.Second
	// answerIn is within what every platform here wants to be answered, whatever the
	// record does meanwhile.
	answerIn = 3 * time.Second
	// postsKept is how many posts are remembered, for as long as postWindow; the
	// record knows older ones.
	postsKept  = 65536
	postWindow = time.Hour
	retryPosts = 5 * time.Second
	// slowAfter is when a person is told that nothing is being recorded.
	slowAfter = time.Second
)

var (
	errSlow = fmt.Errorf("the record takes longer than %s to write", slowAfter)
	// errLate: the record may still take it; who posts again will hear that it did.
	errLate = fmt.Errorf("the record takes longer than %s to write", answerIn)
	errBusy = fmt.Errorf("the posts before this one take longer than %s to record", answerIn)
)

// A Hook is a way in for the posts of one shop, at /hook/NAME.
type Hook struct {
	Name     string
	Platform string // a key of webhook.Platforms
	Secret   string
	Source   string // of the events: the key of its position
	Room     string
	Sink     feed.Sink
	// Status is told what becomes of the posts; nil: nobody asks.
	Status func(feed.Status)
	// Refused is told why each post was not taken; nil: nobody asks. The text of
	// the error is untrusted.
	Refused func(error)
	// Keep is handed each post that was signed, one after another, before it is
	// answered; nil: nobody asks. A post that it does not take is answered as one that
	// the record does not. What nobody signed never comes to it, and of one that comes
	// again and again no more than platforms repeat: who writes to a disk with it is
	// not filled by strangers.
	Keep func(Post) error
}

type hook struct {
	Hook
	door   *Door
	decode webhook.Decoder

	// turn holds one while a post is recorded: posts are taken in one after
	// another, and what stands up to mu is the one's whose turn it is.
	turn  chan struct{}
	pos   feed.Position
	known bool // pos was asked for
	skew  feed.Skew
	seen  map[[sha256.Size]byte]time.Time
	kept  *counter // of posts that were handed to Keep

	mu     sync.Mutex // of status; held while it is told
	status feed.Status
}

// Hook opens a way in for posts. Its source counts as live from now on: a shop
// that has nothing to say posts nothing.
func (d *Door) Hook(h Hook) error {
	decode, ok := webhook.Platforms[h.Platform]
	if !ok {
		names := slices.Sorted(maps.Keys(webhook.Platforms))
		return fmt.Errorf("door %q: platform %q is not known: use one of %s", h.Name, feed.Sanitise(h.Platform), strings.Join(names, ", "))
	}
	if h.Secret == "" {
		return fmt.Errorf("door %q: the shop's secret is missing: without it anybody could post orders", h.Name)
	}
	if err := webhook.CheckSecret(h.Platform, h.Secret); err != nil {
		return fmt.Errorf("door %q: %w", h.Name, err)
	}
	if err := d.claim(h.Name); err != nil {
		return err
	}
	way := &hook{
		Hook: h, door: d, decode: decode, turn: make(chan struct{}, 1), seen: map[[sha256.Size]byte]time.Time{},
		kept:   newCounter(d.cfg.Clock, repeatsKept, postWindow),
		status: feed.Status{Room: h.Room, Source: h.Source, Protocol: "webhook", State: feed.StateLive, Since: d.cfg.Clock()},
	}
	way.tell(func(*feed.Status) {})
	d.mux.HandleFunc("/hook/"+h.Name, way.serve)
	return nil
}

func (h *hook) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "This address takes posts.")
		return
	}
	host := peer(r)
	if left := h.door.offences.shut(host); left > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(left/time.Second)+1))
		refuse(w, http.StatusTooManyRequests, "Too many posts that were not taken.")
		return
	}
	body, err := readPost(w, r)
	if err != nil {
		// Nobody is known by what was not read, and reading costs.
		h.door.offences.note(host)
		h.refused(fmt.Errorf("a post from %s was not read: %w", host, err))
		status := http.StatusBadRequest
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			status = http.StatusRequestEntityTooLarge
		}
		refuse(w, status, "The post could not be read.")
		return
	}
	events, reply, err := h.decode(r.Header, body, h.Secret)
	switch {
	case errors.Is(err, webhook.ErrSignature):
		h.door.offences.note(host)
		h.refused(fmt.Errorf("a post from %s: %w", host, err))
		refuse(w, http.StatusUnauthorized, "The signature does not fit.")
		return
	case err != nil:
		h.refused(fmt.Errorf("a signed post from %s: %w", host, err))
		reply = unread
	}
	p := h.post(r, body, reply)
	if err == nil {
		err = h.take(events, p)
	} else {
		err = h.keepUnread(p)
	}
	if err != nil {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryPosts/time.Second)))
		refuse(w, http.StatusServiceUnavailable, again)
		return
	}
	answer(w, reply)
}

// again is what is said of a post that could not be recorded.
const again = "The record cannot be written just now: post again."

// readPost reads a body; of one that says itself that it is too long, nothing.
func readPost(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limit := int64(postBytes)
	if r.ContentLength > limit {
		limit = 0
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}

// take commits the events of a post; nil means that they are on disk. A platform that
// hangs up, and a door that is being closed, do not undo what was begun.
func (h *hook) take(events []feed.Event, p *Post) error {
	if !h.door.posts.enter() {
		return errShut
	}
	h.count(func(s *feed.Status) {
		s.Received++
		for i := range events {
			if events[i].Code == feed.CodeUnknown {
				s.Unknown++
			}
		}
	})
	return h.inTurn(func(ctx context.Context, a *verdict) error { return h.record(ctx, a, events, p) })
}

// inTurn calls fn for a post that entered, when those before it are done. It returns in
// time even where fn does not.
func (h *hook) inTurn(fn func(ctx context.Context, a *verdict) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerIn)
	leave := func() { cancel(); h.door.posts.leave() }
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		leave()
		return errBusy
	}
	done := make(chan error, 1)
	var a verdict
	go func() {
		defer leave()
		defer func() { <-h.turn }()
		done <- fn(ctx, &a)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done: // and ended the context with it
		return err
	default:
	}
	if a.is(answeredLate) {
		return errLate
	}
	select { // that it is answered well is being written
	case err := <-done:
		return err
	case <-time.After(keepIn):
		return errLate
	}
}

// record commits the events of a post. It is its turn.
func (h *hook) record(ctx context.Context, a *verdict, events []feed.Event, p *Post) error {
	recv := h.door.cfg.Clock()
	p.At = recv
	events = webhook.Complete(h.Platform, events, p.Body, h.Source, h.Room, recv, &h.skew)
	mark := markOf(events, p.Body)
	at, repeated := h.seen[mark]
	if repeated = repeated && recv.Sub(at) < postWindow; repeated {
		h.tell(func(s *feed.Status) { s.Duplicates += int64(len(events)) })
		events = nil
	}
	err := h.watched(func() error {
		if err := h.commit(ctx, events); err != nil {
			return err
		}
		return h.keep(a, mark, p)
	})
	if err != nil {
		h.state(feed.StateBlocked, err)
		return err
	}
	if !repeated {
		h.remember(mark, recv)
	}
	if !repeated || h.Keep != nil { // else nothing was written, and nothing is known of the record
		h.state(feed.StateLive, nil)
	}
	return nil
}

// watched calls fn, telling meanwhile that the record cannot be written where it
// takes long.
func (h *hook) watched(fn func() error) error {
	returned := false // guarded by mu
	slow := time.AfterFunc(slowAfter, func() {
		now := h.door.cfg.Clock()
		h.tell(func(s *feed.Status) {
			if !returned && s.State != feed.StateBlocked {
				s.State, s.Since, s.Err = feed.StateBlocked, now, errSlow
			}
		})
	})
	err := fn()
	slow.Stop()
	h.mu.Lock()
	returned = true
	h.mu.Unlock()
	return err
}

// commit hands events to the sink, a room at a time, as sinks want them.
func (h *hook) commit(ctx context.Context, events []feed.Event) error {
	if !h.known && len(events) > 0 {
		pos, err := h.Sink.Position(ctx, h.Source)
		if err != nil {
			return fmt.Errorf("ask the record for the position of %s: %w", h.Source, err)
		}
		pos.Source = h.Source
		h.pos, h.known = pos, true
	}
	for len(events) > 0 {
		n := slices.IndexFunc(events, func(e feed.Event) bool { return e.Room != events[0].Room })
		if n < 0 {
			n = len(events)
		}
		pos := h.pos
		pos.ID, pos.At = events[n-1].ID, events[n-1].Recv
		batch := feed.Batch{Room: events[0].Room, Source: h.Source, Events: events[:n], Position: pos}
		if err := h.Sink.Commit(ctx, batch); err != nil {
			return err
		}
		h.pos, events = pos, events[n:]
	}
	return nil
}

// markOf tells two posts apart by the signed body and by what was understood of
// it: a shop posts the same order under several topics.
func markOf(events []feed.Event, body []byte) [sha256.Size]byte {
	sum := sha256.New()
	for _, e := range events {
		if e.Code == feed.CodeSkew {
			continue // ours, and not with each post whose clock is wrong
		}
		_, _ = fmt.Fprintf(sum, "%q%q%q", e.Kind, e.Status, e.Code)
	}
	_, _ = sum.Write(body)
	return [sha256.Size]byte(sum.Sum(nil))
}

// remember keeps a post's mark, letting go of old ones.
func (h *hook) remember(mark [sha256.Size]byte, at time.Time) {
	if len(h.seen) >= postsKept {
		for p, then := range h.seen {
			if at.Sub(then) >= postWindow {
				delete(h.seen, p)
			}
		}
		if len(h.seen) >= postsKept {
			clear(h.seen)
		}
	}
	h.seen[mark] = at
}

// state notes what the record does with the posts.
func (h *hook) state(state feed.State, err error) {
	now := h.door.cfg.Clock()
	h.tell(func(s *feed.Status) {
		if s.State != state {
			s.State, s.Since = state, now
		}
		s.Err = err
	})
}

func (h *hook) count(change func(*feed.Status)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.status)
}

// tell changes the status and passes it on.
func (h *hook) tell(change func(*feed.Status)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.status)
	if h.Status != nil {
		h.Status(h.status)
	}
}

func (h *hook) refused(err error) {
	h.tell(func(s *feed.Status) { s.Received++; s.Refused++ })
	if h.Refused != nil {
		h.Refused(err)
	}
}
