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
	Within   string // the span as the policy writes it; "" : exactly from Started to Due
	Started  time.Time
	Due      time.Time // the last second that is in time; later by each pause that is over
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
	case late(now, c.Due):
		return ClockMissed
	}
	return ClockRunning
}

// late tells whether a due time is over. Times of promises count whole seconds.
func late(now, due time.Time) bool { return now.Truncate(time.Second).After(due) }

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
		if k.MissedAt.IsZero() && late(now, k.Due) {
			k.MissedAt = k.Due
		}
		if c.DueAt.IsZero() || k.Due.Before(c.DueAt) {
			c.DueAt = k.Due
		}
	}
}

// A lengthener tells when a clock runs out whose last pause is over: hours are
// longer by the pause, working days by those that began in it.
type lengthener func(c Case, k Clock) time.Time

// byThePause is the lengthener where no policy counts otherwise.
func byThePause(_ Case, k Clock) time.Time {
	last := k.Pauses[len(k.Pauses)-1]
	return k.Due.Add(last.To.Sub(last.From))
}

// meet ends the clocks of a name that still ask for something. A pause that it
// ends in counts as over: what was waited for was not needed.
func (c *Case) meet(name string, now time.Time, due lengthener) {
	c.resume(name, now, due)
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
func (c *Case) resume(name string, now time.Time, due lengthener) {
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
			k.Due = later(k.Due, Unstamp(Stamp(due(*c, *k))))
		}
	}
	c.settle(now)
}

// restart gives a case that is taken up again the time for a result that a new
// one would get.
func (c *Case) restart(fresh []Clock, now time.Time) {
	for _, k := range fresh {
		if k.Name == ClockResult {
			c.Clocks = append(slices.Clone(c.Clocks), k)
		}
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
