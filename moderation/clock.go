package moderation

import (
	"context"
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// A Clock is something that must be done about a case by a time. It is started
// once and ends by being met, in time or late; nothing takes it away. How its
// time is counted is the policies' business: see AsPolicy.
type Clock struct {
	Name     string // what must be done, as its policy calls it
	Policy   string // id of the policy that asks for it; "" : a person's, or an older record's
	Version  string // of that policy
	Text     string // what must be done, in the policy's words
	TextEN   string
	Within   string // the span as the policy writes it; "" : exactly from Started to Due
	Met      string // the fact that ends it, as the policy names it; "" : a person says so
	Started  time.Time
	Earliest time.Time // it is not expected before; zero: at once
	Due      time.Time // the last second that is in time; later by each pause that is over
	Pauses   []Pause
	MetAt    time.Time // when it was done; zero: not yet
	MissedAt time.Time // when it ran out undone; zero: it did not
	Notices  []Notice  // what people were told of it, each once
}

// Pause is a time in which a clock stood still.
type Pause struct {
	From   time.Time
	To     time.Time // zero: it still does
	Reason string
}

// ClockState is where a clock stands.
type ClockState = policy.DeadlineState

// The states of a clock.
const (
	ClockRunning = policy.Running
	ClockPaused  = policy.Paused
	ClockMet     = policy.Met
	ClockMissed  = policy.Missed // ran out, whether it was met later or not
)

// AsPolicy is the clock as the policies reckon with it. What it runs out at is
// what the record keeps: a promise does not move when a calendar is published
// later.
func (c *Clock) AsPolicy() policy.Clock {
	k := policy.Clock{
		Name: c.Name, Policy: c.Policy, Version: c.Version, Text: policy.Text{ZH: firstOf(c.Text, c.Name), EN: firstOf(c.TextEN, c.Name)},
		Started: c.Started, Until: c.Due, MetAt: c.MetAt,
	}
	if span, err := policy.ParseSpan(c.Within); err == nil {
		k.Within = span
	}
	for _, p := range c.Pauses {
		k.Pauses = append(k.Pauses, policy.Pause(p))
	}
	return k
}

// State tells where the clock stands at a moment.
func (c *Clock) State(now time.Time) ClockState {
	switch {
	case !c.MissedAt.IsZero():
		return ClockMissed
	case !c.MetAt.IsZero():
		return ClockMet
	case c.paused():
		return ClockPaused
	case policy.Late(now, c.Due):
		return ClockMissed
	}
	return ClockRunning
}

func (c *Clock) paused() bool {
	return len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To.IsZero()
}

// runs tells whether the clock still asks for something and does not stand still.
func (c *Clock) runs() bool { return c.MetAt.IsZero() && !c.paused() }

// notBefore is the moment of a change to the clock: never one before its last, so
// that a host's clock that was put back does not turn a pause around.
func (c *Clock) notBefore(now time.Time) time.Time {
	last := c.Started
	if n := len(c.Pauses); n > 0 {
		last = later(c.Pauses[n-1].From, c.Pauses[n-1].To)
	}
	return later(last, now)
}

// A reckoning is what due times are counted with.
type reckoning struct {
	calendar *policy.Calendar
	zone     *time.Location
}

// reckoning is what a room's due times are counted with.
func (d *Desk) reckoning(ctx context.Context, r Reader, room string) (reckoning, error) {
	return reckoningOf(ctx, r, d.Policies(), room)
}

func reckoningOf(ctx context.Context, r Reader, set *policy.Set, room string) (reckoning, error) {
	_, zone, err := Inquiry{Record: r}.room(ctx, room)
	return reckoning{set.Calendar(), zone}, err
}

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
		if k.MissedAt.IsZero() && policy.Late(now, k.Due) {
			k.MissedAt = k.Due
		}
		if c.DueAt.IsZero() || k.Due.Before(c.DueAt) {
			c.DueAt = k.Due
		}
	}
}

// meet ends the clocks that still ask for something and are picked. A pause that
// it ends in counts as over: what was waited for was not needed.
func (c *Case) meet(pick func(*Clock) bool, now time.Time, by reckoning) {
	c.resume(pick, now, by)
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.MetAt.IsZero() && pick(k) {
			k.MetAt = k.notBefore(now)
		}
	}
	c.settle(now)
}

// pause lets all running clocks stand still.
func (c *Case) pause(reason string, now time.Time) {
	c.settle(now)
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.runs() {
			k.Pauses = append(slices.Clone(k.Pauses), Pause{From: k.notBefore(now), Reason: reason})
		}
	}
	c.settle(now)
}

// resume lets the clocks that are picked run on. A clock that ran out before it
// stood still is as late as it was.
func (c *Case) resume(pick func(*Clock) bool, now time.Time, by reckoning) {
	c.Clocks = slices.Clone(c.Clocks)
	for i := range c.Clocks {
		k := &c.Clocks[i]
		if !k.paused() || !pick(k) {
			continue
		}
		at := k.notBefore(now)
		if k.MissedAt.IsZero() {
			k.Due = later(k.Due, Unstamp(Stamp(k.AsPolicy().Due(by.calendar, at, by.zone).At)))
		}
		k.Pauses = slices.Clone(k.Pauses)
		k.Pauses[len(k.Pauses)-1].To = at
	}
	c.settle(now)
}

func everyClock(*Clock) bool { return true }

// pending is a clock that must be met before the case can be closed.
func (c *Case) pending(now time.Time) (Clock, bool) {
	i := slices.IndexFunc(c.Clocks, func(k Clock) bool { return k.MetAt.IsZero() && k.State(now) != ClockMissed })
	if i < 0 {
		return Clock{}, false
	}
	return c.Clocks[i], true
}
