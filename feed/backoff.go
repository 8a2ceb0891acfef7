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

// backoff spreads attempts with full jitter: a delay drawn evenly between
// nothing and a bound that doubles with each failure.
type backoff struct {
	jitter   func() float64 // in [0, 1)
	failures int
}

// next is the delay before the next attempt, beyond what the peer asked for.
func (b *backoff) next(asked time.Duration) time.Duration {
	bound := backoffCap
	if b.failures < 7 { // 250 ms doubled seven times is beyond the cap
		bound = min(bound, backoffBase<<b.failures)
	}
	b.failures++
	return min(asked, retryAfterCap) + time.Duration(b.jitter()*float64(bound))
}

func (b *backoff) reset() { b.failures = 0 }
