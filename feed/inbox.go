package feed

import (
	"context"
	"sync"
)

// Bounds of what a source holds while the sink is busy. They are also what a
// blocked sink costs in memory, whatever the peer sends.
const (
	inboxEvents = 1024
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
	bytes    int
	closed   bool
	ready    chan struct{} // something was put, or the inbox was closed
	space    chan struct{} // something was taken
}

func newInbox() *inbox {
	return &inbox{ready: make(chan struct{}, 1), space: make(chan struct{}, 1)}
}

// put adds a, waiting for space. It fails only when ctx ends.
func (b *inbox) put(ctx context.Context, a arrival) error {
	size := len(a.event.Raw) + len(a.event.Text)
	for {
		b.mu.Lock()
		if len(b.arrivals) == 0 || len(b.arrivals) < inboxEvents && b.bytes+size <= inboxBytes {
			b.arrivals = append(b.arrivals, a)
			b.bytes += size
			b.mu.Unlock()
			signal(b.ready)
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

// take removes at most n arrivals, oldest first.
func (b *inbox) take(n int) []arrival {
	b.mu.Lock()
	defer b.mu.Unlock()
	n = min(n, len(b.arrivals))
	taken := make([]arrival, n)
	copy(taken, b.arrivals)
	for _, a := range taken {
		b.bytes -= len(a.event.Raw) + len(a.event.Text)
	}
	rest := copy(b.arrivals, b.arrivals[n:])
	clear(b.arrivals[rest:])
	b.arrivals = b.arrivals[:rest]
	signal(b.space)
	return taken
}

func (b *inbox) state() (n int, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.arrivals), b.closed
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
