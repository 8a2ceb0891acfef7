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
	// answerIn is within what every platform here wants to be answered.
	answerIn = 3 * time.Second
	// postsKept is how many bodies are remembered, for as long as postWindow.
	postsKept  = 65536
	postWindow = time.Hour
	retryPosts = 5 * time.Second
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
}

type hook struct {
	Hook
	door   *Door
	decode webhook.Decoder

	mu     sync.Mutex // held while a post is taken in
	pos    feed.Position
	known  bool // pos was asked for
	status feed.Status
	skew   feed.Skew
	seen   map[[sha256.Size]byte]time.Time
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
	if err := d.claim(h.Name); err != nil {
		return err
	}
	way := &hook{
		Hook: h, door: d, decode: decode, seen: map[[sha256.Size]byte]time.Time{},
		status: feed.Status{Room: h.Room, Source: h.Source, Protocol: "webhook", State: feed.StateLive, Since: d.cfg.Clock()},
	}
	way.tell()
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
		refuse(w, http.StatusTooManyRequests, "Too many posts with a wrong signature.")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, postBytes))
	if err != nil {
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
		refuse(w, http.StatusBadRequest, "The post could not be understood.")
		return
	}
	if err := h.take(r.Context(), events, body); err != nil {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryPosts/time.Second)))
		refuse(w, http.StatusServiceUnavailable, "The record cannot be written just now: post again.")
		return
	}
	w.Header().Set("Content-Type", reply.Type)
	w.WriteHeader(reply.Status)
	_, _ = io.WriteString(w, reply.Body)
}

// take commits the events of a post; nil means that they are on disk.
func (h *hook) take(ctx context.Context, events []feed.Event, body []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	h.status.Received++
	recv := h.door.cfg.Clock()
	events = h.complete(events, body, recv)
	mark := markOf(events, body)
	if at, again := h.seen[mark]; again && recv.Sub(at) < postWindow {
		h.status.Duplicates += int64(len(events))
		h.tell()
		return nil
	}
	if len(events) > 0 {
		if err := h.commit(ctx, events); err != nil {
			h.state(feed.StateBlocked, err, recv)
			return err
		}
	}
	h.remember(mark, recv)
	h.state(feed.StateLive, nil, recv)
	return nil
}

// commit hands events to the sink, a room at a time, as sinks want them.
func (h *hook) commit(ctx context.Context, events []feed.Event) error {
	if !h.known {
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

// complete fills in what the decoder left open. Shops post again for days: old
// times are honest, times to come are not.
func (h *hook) complete(events []feed.Event, body []byte, recv time.Time) []feed.Event {
	out := make([]feed.Event, 0, len(events))
	for i := range events {
		e := &events[i]
		if e.Raw == nil {
			e.Raw = body
		}
		feed.Finish(e, h.Source, h.Room, i, recv)
		if note := h.skew.Clamp(e, true); note != nil {
			out = append(out, *note)
		}
		out = append(out, *e)
	}
	return out
}

// markOf tells two posts apart by the signed body and by what was understood of
// it: a shop posts the same order under several topics.
func markOf(events []feed.Event, body []byte) [sha256.Size]byte {
	sum := sha256.New()
	for _, e := range events {
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

// state notes what the record does with the posts. The lock is held.
func (h *hook) state(s feed.State, err error, now time.Time) {
	if h.status.State != s {
		h.status.State, h.status.Since = s, now
	}
	h.status.Err = err
	h.tell()
}

func (h *hook) tell() {
	if h.Status != nil {
		h.Status(h.status)
	}
}

func (h *hook) refused(err error) {
	h.mu.Lock()
	h.status.Received++
	h.status.Refused++
	h.tell()
	h.mu.Unlock()
	if h.Refused != nil {
		h.Refused(err)
	}
}
