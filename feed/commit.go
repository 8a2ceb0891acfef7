package feed

import (
	"context"
	"fmt"
	"time"
)

// position asks the sink where the source was, until it can tell or ctx ends.
func (r *run) position(ctx context.Context) (pos Position, known bool) {
	err := r.insist(ctx, func() (err error) {
		pos, err = r.sink.Position(ctx, r.cfg.Source)
		return err
	})
	pos.Source = r.cfg.Source
	return pos, err == nil
}

// commitAll commits what comes into the inbox until it is closed and empty. It
// fails only when ctx ends first, with how much is lost.
func (r *run) commitAll(ctx context.Context, pos Position) error {
	for r.waitForBatch() {
		arrivals := r.inbox.take(batchEvents)
		batch := Batch{Source: r.cfg.Source, Events: make([]Event, 0, len(arrivals))}
		for _, a := range arrivals {
			pos = advance(pos, a.event)
			if !a.duplicate {
				batch.Events = append(batch.Events, a.event)
			}
		}
		batch.Position = pos
		if len(batch.Events) > 0 {
			batch.Room = batch.Events[0].Room
			if err := r.insist(ctx, func() error { return r.sink.Commit(ctx, batch) }); err != nil {
				n, _ := r.inbox.state()
				return fmt.Errorf("%d events received could not be recorded: %w", n+len(batch.Events), err)
			}
		}
		acknowledge(arrivals)
	}
	return nil
}

// waitForBatch returns when a batch is full or old enough, or with false when
// nothing is left.
func (r *run) waitForBatch() bool {
	n, closed := r.inbox.state()
	for n == 0 {
		if closed {
			return false
		}
		<-r.inbox.ready
		n, closed = r.inbox.state()
	}
	old := time.NewTimer(batchWait)
	defer old.Stop()
	for n < batchEvents && !closed {
		select {
		case <-r.inbox.ready:
			n, closed = r.inbox.state()
		case <-old.C:
			return true
		}
	}
	return true
}

// acknowledge tells each connection which of its events are on disk.
func acknowledge(arrivals []arrival) {
	for len(arrivals) > 0 {
		n := 1
		for n < len(arrivals) && arrivals[n].link == arrivals[0].link {
			n++
		}
		events := make([]Event, n)
		for i, a := range arrivals[:n] {
			events[i] = a.event
		}
		if l := arrivals[0].link; l != nil {
			l.committed(events)
		}
		arrivals = arrivals[n:]
	}
}

// insist calls fn until it succeeds, telling meanwhile that the source is
// blocked. It fails only when ctx ends, with fn's last error.
func (r *run) insist(ctx context.Context, fn func() error) error {
	b := backoff{jitter: r.cfg.Jitter}
	for {
		stop := r.watchSink()
		err := fn()
		stop()
		if err == nil {
			r.setBlocked(nil)
			return nil
		}
		r.setBlocked(err)
		if !sleep(ctx, b.next(0)) {
			return err
		}
	}
}
