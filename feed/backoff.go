package feed

import "time"

const (
	backoffBase = 250 * time.Millisecond
	backoffCap  = 30 * time.Second
	// A stream counts as healthy after this long; before, a peer that accepts
	// and breaks would be dialled ever again at the shortest delay.
	healthyAfter = time.Minute
	// A peer may ask for patience, but not switch the source off.
	retryAfterCap = time.Hour
)

// Backoff spreads attempts with full jitter: a delay drawn evenly between
// nothing and a bound that doubles with each failure.
type Backoff struct {
	Jitter   func() float64 // in [0, 1)
	failures int
}

// Next is the delay before the next attempt, beyond what the peer asked for. Others
// were asked the same, so the longer that is the wider they are spread.
func (b *Backoff) Next(asked time.Duration) time.Duration {
	bound := backoffCap
	if b.failures < 7 { // 250 ms doubled seven times is beyond the cap
		bound = min(bound, backoffBase<<b.failures)
	}
	b.failures++
	bound = max(bound, min(asked, backoffCap))
	return min(asked, retryAfterCap) + time.Duration(b.Jitter()*float64(bound))
}

// Restarted is the delay after a peer to which we were connected said that it
// restarts, or turns out to be gone: everybody else lost it in the same moment, and
// would come back in the same too. A peer on this machine has nobody else.
func (b *Backoff) Restarted() time.Duration {
	b.failures++
	return time.Duration(b.Jitter() * float64(backoffCap))
}

// Reset is for an attempt that lasted.
func (b *Backoff) Reset() { b.failures = 0 }
