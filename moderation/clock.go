package moderation

import (
	"slices"
	"time"
)

// A Clock is something that must be done about a case by a time. It is started
// once and ends by being met, in time or late; nothing takes it away.
type Clock struct {
	Name     string // what must be done: ClockReview, ClockResult, or a policy's name of it
	Policy   string // id of the policy that asks for it; "" : the desk's own
	Version  string // of that policy
	Started  time.Time
	Due      time.Time // later by each pause that is over
	Pauses   []Pause
	MetAt    time.Time // when it was done; zero: not yet
	MissedAt time.Time // when it ran out undone; zero: it did not
}

// Pause is a time in which a clock stood still.
type Pause struct {
	From   time.Time
	To     time.Time // zero: it still does
	Reason string
}

// The clocks that the moves of a case meet.
const (
	ClockReview = "review" // somebody has looked at it
	ClockResult = "result" // it has an outcome
)

const (
	// reviewWithin and resultWithin are how long a case may wait where no policy
	// says otherwise: what the best-known guarantee of hosts promises buyers.
	reviewWithin = 48 * time.Hour
	resultWithin = 72 * time.Hour
)

// DefaultClocks are the clocks of a new case where no policy gives it any.
func DefaultClocks(_ Case, now time.Time) []Clock {
	return []Clock{
		{Name: ClockReview, Started: now, Due: now.Add(reviewWithin)},
		{Name: ClockResult, Started: now, Due: now.Add(resultWithin)},
	}
}

// ClockState is where a clock stands.
type ClockState string

// The states of a clock.
const (
	ClockRunning ClockState = "running"
	ClockPaused  ClockState = "paused"
	ClockMet     ClockState = "met"
	ClockMissed  ClockState = "missed" // ran out, whether it was met later or not
)

// State tells where the clock stands at a moment.
func (c *Clock) State(now time.Time) ClockState {
	switch {
	case !c.MissedAt.IsZero():
		return ClockMissed
	case !c.MetAt.IsZero():
		return ClockMet
	case c.paused():
		return ClockPaused
	case !now.Before(c.Due):
		return ClockMissed
	}
	return ClockRunning
}

func (c *Clock) paused() bool {
	return len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To.IsZero()
}

// runs tells whether the clock still asks for something and does not stand still.
func (c *Clock) runs() bool { return c.MetAt.IsZero() && !c.paused() }

// The changes of a case's clocks work on a copy: the case before is still needed.

// settle notes which clocks ran out until now, and the next that will.
func (c *Case) settle(now time.Time) {
	c.Clocks = slices.Clone(c.Clocks)
	c.DueAt = noTime
	for i := range c.Clocks {
		k := &c.Clocks[i]
		if !k.runs() {
			continue
		}
		if k.MissedAt.IsZero() && !now.Before(k.Due) {
			k.MissedAt = k.Due
		}
		if c.DueAt.IsZero() || k.Due.Before(c.DueAt) {
			c.DueAt = k.Due
		}
	}
}

// meet ends the clocks of a name that still ask for something. A pause that it
// ends in counts as over: what was waited for was not needed.
func (c *Case) meet(name string, now time.Time) {
	c.resume(name, now)
	c.settle(now)
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.Name == name && k.MetAt.IsZero() {
			k.MetAt = now
		}
	}
	c.settle(now)
}

// pause lets all running clocks stand still.
func (c *Case) pause(reason string, now time.Time) {
	c.settle(now)
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.runs() {
			k.Pauses = append(slices.Clone(k.Pauses), Pause{From: now, Reason: reason})
		}
	}
	c.settle(now)
}

// resume lets clocks run on, those of a name or, with "", all. A clock that ran
// out before it stood still is as late as it was.
func (c *Case) resume(name string, now time.Time) {
	c.Clocks = slices.Clone(c.Clocks)
	for i := range c.Clocks {
		k := &c.Clocks[i]
		if !k.paused() || name != "" && k.Name != name {
			continue
		}
		k.Pauses = slices.Clone(k.Pauses)
		last := &k.Pauses[len(k.Pauses)-1]
		last.To = later(last.From, now)
		if k.MissedAt.IsZero() {
			k.Due = k.Due.Add(last.To.Sub(last.From))
		}
	}
	c.settle(now)
}

// restart gives a case that is taken up again the time it had for a result.
func (c *Case) restart(now time.Time) {
	for _, k := range slices.Backward(c.Clocks) {
		if k.Name != ClockResult || k.MetAt.IsZero() {
			continue
		}
		within := k.Due.Sub(k.Started)
		for _, p := range k.Pauses {
			if k.MissedAt.IsZero() || p.From.Before(k.MissedAt) {
				within -= p.To.Sub(p.From)
			}
		}
		c.Clocks = append(slices.Clone(c.Clocks), Clock{Name: k.Name, Policy: k.Policy, Version: k.Version, Started: now, Due: now.Add(within)})
		break
	}
	c.settle(now)
}

// pending is a clock that must be met before the case can be closed.
func (c *Case) pending(now time.Time) (Clock, bool) {
	i := slices.IndexFunc(c.Clocks, func(k Clock) bool { return k.MetAt.IsZero() && k.State(now) != ClockMissed })
	if i < 0 {
		return Clock{}, false
	}
	return c.Clocks[i], true
}
