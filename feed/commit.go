package feed

import (
	"context"
	"time"
)

// position asks the sink where the source was, until it can tell or ctx ends.
func (r *run) position(ctx context.Context) (pos Position, known bool) {
	err := r.insist(func(d time.Duration) bool { return sleep(ctx, d) }, func() (err error) {
		pos, err = r.sink.Position(ctx, r.cfg.Source)
		return err
	})
	pos.Source = r.cfg.Source
	return pos, err == nil
}

// commitAll commits what comes into the inbox until it is closed and empty. It
// fails only when the time for leaving is over first, with how much is not recorded.
func (r *run) commitAll(pos Position) error {
	for r.waitForBatch() {
		arrivals := r.inbox.take(batchMost)
		for len(arrivals) > 0 {
			n := runLength(arrivals, func(a, b *arrival) bool { return a.event.Room == b.event.Room })
			next, err := r.commit(pos, arrivals[:n])
			if err != nil {
				waiting, _, _ := r.inbox.state()
				return unrecorded(waiting, arrivals, pos, err)
			}
			pos = next
			r.leaving.progress()
			acknowledge(arrivals[:n])
			arrivals = arrivals[n:]
		}
	}
	return nil
}

// commit commits arrivals of one room, and returns the position after them.
func (r *run) commit(pos Position, arrivals []arrival) (Position, error) {
	batch := Batch{
		Room: arrivals[0].event.Room, Source: r.cfg.Source, Events: make([]Event, 0, len(arrivals)),
	}
	for i := range arrivals {
		a := &arrivals[i]
		pos = advance(pos, &a.event)
		if !a.duplicate {
			batch.Events = append(batch.Events, a.event)
		}
	}
	if batch.Position = pos; len(batch.Events) == 0 {
		return pos, nil
	}
	return pos, r.insist(r.leaving.sleep, func() error { return r.sink.Commit(r.leaving, batch) })
}

// runLength is the length of the run at the start of s that is alike.
func runLength(s []arrival, alike func(a, b *arrival) bool) int {
	n := 1
	for n < len(s) && alike(&s[0], &s[n]) {
		n++
	}
	return n
}

// waitForBatch returns when a batch is full, old enough or urgent, or with false
// when nothing is left.
func (r *run) waitForBatch() bool {
	n, due, closed := r.inbox.state()
	for n == 0 {
		if closed {
			return false
		}
		<-r.inbox.ready
		n, due, closed = r.inbox.state()
	}
	if due {
		return true
	}
	old := time.NewTimer(batchWait)
	defer old.Stop()
	for !due {
		select {
		case <-r.inbox.ready:
			_, due, _ = r.inbox.state()
		case <-old.C:
			return true
		}
	}
	return true
}

// acknowledge tells each connection that wants to know which of its events are on
// disk.
func acknowledge(arrivals []arrival) {
	for len(arrivals) > 0 {
		n := runLength(arrivals, func(a, b *arrival) bool { return a.link == b.link })
		if l := arrivals[0].link; l != nil && l.acks() {
			events := make([]Event, n)
			for i := range events {
				events[i] = arrivals[i].event
			}
			l.committed(events)
		}
		arrivals = arrivals[n:]
	}
}

// insist calls fn until it succeeds, telling meanwhile that the source is
// blocked. It fails only when there is no sleeping any more, with fn's last error.
func (r *run) insist(sleep func(time.Duration) bool, fn func() error) error {
	b := Backoff{Jitter: r.cfg.Jitter}
	for {
		stop := r.watchSink()
		err := fn()
		stop()
		if err == nil {
			r.setBlocked(nil)
			return nil
		}
		r.setBlocked(err)
		if !sleep(b.Next(0)) {
			return err
		}
	}
}
