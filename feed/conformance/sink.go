package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// A Sink is a feed.Sink that tells what it keeps.
type Sink interface {
	feed.Sink
	// Events are those kept so far that keep accepts, in the order of the record.
	Events(keep func(feed.Event) bool) []feed.Event
	// Wait returns when n of the events kept are accepted by keep, or with an error
	// that says how many were when patience ends.
	Wait(n int, keep func(feed.Event) bool, patience time.Duration) error
}

var errRefused = errors.New("the disk is full")

// A strict sink is what Check keeps events in: a memory that holds a source to what
// a sink is promised.
type strict struct {
	Sink
	t    testing.TB
	news feedtest.News
	busy atomic.Bool

	refusing bool
	refused  int
}

func (s *strict) Commit(ctx context.Context, b feed.Batch) error {
	if s.busy.Swap(true) {
		s.t.Error("a source commits from two goroutines")
	}
	defer s.busy.Store(false)
	for _, err := range faults(b) {
		s.t.Errorf("batch of %s: %v", b.Source, err)
	}
	s.news.Lock()
	refusing := s.refusing
	if refusing {
		s.refused++
		s.news.Changed()
	}
	s.news.Unlock()
	if refusing {
		return errRefused
	}
	return s.Sink.Commit(ctx, b)
}

// refuse makes every commit fail, or no longer.
func (s *strict) refuse(yes bool) {
	s.news.Lock()
	defer s.news.Unlock()
	s.refusing = yes
}

func (s *strict) waitRefused(n int) error {
	return s.news.Wait("commits refused", n, patience, func() int { return s.refused })
}

// faults is what is wrong with a batch.
func faults(b feed.Batch) (all []error) {
	if len(b.Events) == 0 {
		all = append(all, errors.New("no events"))
	}
	if b.Position.Source != b.Source {
		all = append(all, fmt.Errorf("the position is of source %q", b.Position.Source))
	}
	seen := map[[2]string]bool{}
	for _, e := range b.Events {
		key := [2]string{e.Source, e.ID}
		switch {
		case e.Room != b.Room:
			all = append(all, fmt.Errorf("event %s is of room %q, the batch of %q", e.ID, e.Room, b.Room))
		case e.ID == "" || e.Source == "" || e.Kind == "":
			all = append(all, fmt.Errorf("event without identity: %+v", e))
		case seen[key]:
			all = append(all, fmt.Errorf("event %s stands twice", e.ID))
		case e.Recv.IsZero() || e.At.IsZero():
			all = append(all, fmt.Errorf("event %s has no time", e.ID))
		case e.Gap == nil && len(e.Raw) == 0:
			all = append(all, fmt.Errorf("event %s has no raw bytes to be evidence", e.ID))
		case e.Shown.String() != feed.Sanitise(e.Text).String() || e.User.Shown.String() != feed.Sanitise(e.User.Name).String():
			all = append(all, fmt.Errorf("event %s is not cleaned", e.ID))
		case slices.ContainsFunc([]string{e.ID, e.Room, e.Text, e.User.ID, e.User.Name, e.Code}, func(s string) bool { return !utf8.ValidString(s) }):
			all = append(all, fmt.Errorf("event %s holds what is no UTF-8", e.ID))
		}
		seen[key] = true
	}
	return all
}

// memory is the sink of Check.
func memory(testing.TB) Sink { return feedtest.NewSink() }
