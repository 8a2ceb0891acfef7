// Package feedtest helps to test sources over real connections.
//
// A Sink promises what the record's store does: an event is kept once, told
// apart by (Source, ID), in the order of the commits, and a batch's position is
// kept with it. It may be used by several goroutines.
package feedtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"liveroom/feed"
)

// A Sink keeps events in memory.
type Sink struct {
	mu       sync.Mutex
	changed  chan struct{} // closed at the next commit
	events   []feed.Event
	known    map[[2]string]bool
	position map[string]feed.Position
	doubled  int
}

// NewSink makes an empty sink.
func NewSink() *Sink {
	return &Sink{changed: make(chan struct{}), known: map[[2]string]bool{}, position: map[string]feed.Position{}}
}

// Commit keeps the events that are new.
func (s *Sink) Commit(_ context.Context, b feed.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range b.Events {
		key := [2]string{e.Source, e.ID}
		if s.known[key] {
			s.doubled++
			continue
		}
		s.known[key] = true
		s.events = append(s.events, e)
	}
	s.position[b.Source] = b.Position
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// Position is that of the last commit of source.
func (s *Sink) Position(_ context.Context, source string) (feed.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.position[source]
	p.Source = source
	return p, nil
}

// Events are those kept so far that keep accepts, in order; nil accepts all.
func (s *Sink) Events(keep func(feed.Event) bool) []feed.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return filter(s.events, keep)
}

// Doubled is how many events were offered again and not kept.
func (s *Sink) Doubled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.doubled
}

func filter(events []feed.Event, keep func(feed.Event) bool) []feed.Event {
	if keep == nil {
		return slices.Clone(events)
	}
	var out []feed.Event
	for _, e := range events {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

// Wait returns when n of the events kept are accepted by keep, or with an error
// that says how many were when patience ends.
func (s *Sink) Wait(n int, keep func(feed.Event) bool, patience time.Duration) error {
	end := time.After(patience)
	for {
		s.mu.Lock()
		have, changed := len(filter(s.events, keep)), s.changed
		s.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-changed:
		case <-end:
			return fmt.Errorf("%d events after %s, want %d", have, patience, n)
		}
	}
}

// ClockFrom is a clock that shows at when it is made, and goes on from there.
func ClockFrom(at time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return at.Add(time.Since(start)) }
}
