package feed

import (
	"context"
	"sync"
)

// Bounds of what a source holds while the sink is busy. They are also what a
// blocked sink costs in memory, whatever the peer sends.
const (
	inboxEvents = 2 * batchMost
	inboxBytes  = 8 << 20
)

// An arrival is an event with the connection it came over.
type arrival struct {
	event     Event
	link      *link // nil: made here
	duplicate bool  // to be acknowledged, not to be committed
}

// An inbox stands between the goroutine that reads and the one that commits.
type inbox struct {
	mu       sync.Mutex
	arrivals []arrival
	spare    []arrival // what was handed out last, to be filled again
	bytes    int
	urgent   int // of the arrivals, how many nobody should wait with
	closed   bool
	ready    chan struct{} // a batch begins or is due, or the inbox was closed
	space    chan struct{} // something was taken
}

func newInbox() *inbox {
	return &inbox{ready: make(chan struct{}, 1), space: make(chan struct{}, 1)}
}

// urgent tells of words of the host or an assistant in their final form: what is
// found in them a person must see at once.
func urgent(e *Event) bool {
	switch e.Kind {
	case KindTranscript:
		return e.Speech == nil || !e.Speech.Partial
	case KindChat:
		return e.User.Role == RoleHost || e.User.Role == RoleAssistant
	}
	return false
}

// put adds a, waiting for space. It fails only when ctx ends. The taking side is
// woken only when that changes what it does: waking it for every event costs as
// much as the event.
func (b *inbox) put(ctx context.Context, a arrival) error {
	size := len(a.event.Raw) + len(a.event.Text)
	for {
		b.mu.Lock()
		if len(b.arrivals) == 0 || len(b.arrivals) < inboxEvents && b.bytes+size <= inboxBytes {
			b.arrivals = append(b.arrivals, a)
			b.bytes += size
			wake := len(b.arrivals) == 1 || len(b.arrivals) == batchEvents
			if urgent(&a.event) {
				b.urgent++
				wake = true
			}
			b.mu.Unlock()
			if wake {
				signal(b.ready)
			}
			return nil
		}
		b.mu.Unlock()
		select {
		case <-b.space:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take removes at most n arrivals, oldest first. They are valid until it is called
// again.
func (b *inbox) take(n int) []arrival {
	b.mu.Lock()
	defer b.mu.Unlock()
	n = min(n, len(b.arrivals))
	taken := b.arrivals[:n:n]
	clear(b.spare)
	b.arrivals, b.spare = append(b.spare[:0], b.arrivals[n:]...), b.arrivals
	for i := range taken {
		e := &taken[i].event
		b.bytes -= len(e.Raw) + len(e.Text)
		if urgent(e) {
			b.urgent--
		}
	}
	signal(b.space)
	return taken
}

// state tells how much there is, and whether it is to be taken now.
func (b *inbox) state() (n int, due, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.arrivals), b.closed || b.urgent > 0 || len(b.arrivals) >= batchEvents, b.closed
}

// close tells the taking side that nothing more will come.
func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	signal(b.ready)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
