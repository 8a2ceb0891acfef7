package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// How long a source that is told to stop goes on trying to record what it has
	// received while the record takes nothing of it. What is taken in pieces may
	// take as long as it takes: a source holds only so much.
	leaveStalled = 30 * time.Second
	// How often it tries then: a person waits for the program to end.
	leaveAgain = time.Second
	// How long a Closer may take.
	closerTimeout = 5 * time.Second
)

// A leaving is what is left to a source when it is told to stop: a context that
// ends some time after its parent, or after the last progress since then.
type leaving struct {
	context.Context
	told   <-chan struct{} // closed when the source is told to stop
	cancel context.CancelFunc
	stop   func() bool
	grace  time.Duration

	mu    sync.Mutex
	timer *time.Timer // nil: not told to stop yet
}

func leaveAfter(ctx context.Context, grace time.Duration) *leaving {
	l := &leaving{told: ctx.Done(), grace: grace}
	l.Context, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	l.stop = context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.timer = time.AfterFunc(grace, l.cancel)
	})
	return l
}

// progress gives as much time again.
func (l *leaving) progress() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil && l.Err() == nil {
		l.timer.Reset(l.grace)
	}
}

// end lets go of it.
func (l *leaving) end() {
	l.stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.cancel()
}

// sleep waits for d, less when the source is told to stop, or with false until
// the time for that is over.
func (l *leaving) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-l.told:
	}
	again := time.NewTimer(min(d, leaveAgain))
	defer again.Stop()
	select {
	case <-again.C:
		return true
	case <-l.Done():
		return false
	}
}

// unrecorded says what becomes of events that were received and are not on disk
// when the source ends: none of them was acknowledged.
func unrecorded(waiting int, arrivals []arrival, after Position, why error) error {
	n := waiting + len(arrivals)
	if errors.Is(why, context.Canceled) {
		why = fmt.Errorf("the record took nothing for %s", leaveStalled)
	}
	fate := "nobody sends them again, the next start records a gap from " + after.At.Format(time.RFC3339) + " on"
	switch {
	case slices.ContainsFunc(arrivals, func(a arrival) bool { return a.link != nil && a.link.acks() }):
		fate = "their peer was not told that they arrived and sends them again"
	case after.Epoch != "":
		fate = "the next start asks for them again"
	case after.At.IsZero():
		fate = "they were the source's first, and nobody sends them again"
	}
	return fmt.Errorf("%d events received could not be recorded: %w; %s", n, why, fate)
}
