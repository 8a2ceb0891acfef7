package feedtest

import (
	"fmt"
	"sync"
	"time"
)

// News is the lock of a peer that is played: its holders tell those who wait that
// something changed. The zero value is ready.
type News struct {
	sync.Mutex
	changed chan struct{}
}

// Changed wakes who waits. The lock is held.
func (n *News) Changed() {
	if n.changed != nil {
		close(n.changed)
		n.changed = nil
	}
}

// Next is closed at the next change. The lock is held.
func (n *News) Next() <-chan struct{} {
	if n.changed == nil {
		n.changed = make(chan struct{})
	}
	return n.changed
}

// Wait returns when count, called with the lock held, is at least want, or with an
// error that says what it is when patience ends.
func (n *News) Wait(what string, want int, patience time.Duration, count func() int) error {
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		n.Lock()
		have, changed := count(), n.Next()
		n.Unlock()
		if have >= want {
			return nil
		}
		select {
		case <-changed:
		case <-end.C:
			return fmt.Errorf("%d %s after %s, want %d", have, what, patience, want)
		}
	}
}
