package feed

import "time"

// A Pace is how many times sooner than usual a peer is said something to and is
// given up. 0 means 1. Neither the delays between attempts nor what the record may
// take are hurried.
type Pace float64

// of is how long d lasts.
func (p Pace) of(d time.Duration) time.Duration {
	if p <= 0 {
		return d
	}
	return max(time.Millisecond, time.Duration(float64(d)/float64(p)))
}

// until is when d from now is over.
func (p Pace) until(d time.Duration) time.Time { return time.Now().Add(p.of(d)) }
