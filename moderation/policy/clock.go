package policy

import (
	"errors"
	"fmt"
	"time"
)

// A Clock is the time that somebody has to do something, as it runs in a case.
// It stops while it is paused. Its methods return a changed copy; the zone is
// the room's.
//
// A clock of hours is longer by the seconds it was paused. A clock of days is
// longer by the days (the working days) that began while it was paused, so that
// a pause within one day changes nothing.
type Clock struct {
	Name    string    `json:"name"` // the clock's id in its policy
	Policy  string    `json:"policy"`
	Version string    `json:"version"` // of the policy that started it
	Text    Text      `json:"text"`
	Within  Span      `json:"within"`
	Started time.Time `json:"started"`
	Pauses  []Pause   `json:"pauses,omitzero"`
	MetAt   time.Time `json:"met_at,omitzero"`
}

// A Pause is a time in which a clock does not run.
type Pause struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"` // zero: it still lasts
	Reason string    `json:"reason"`
}

// Paused is the state of a clock that does not run.
const Paused DeadlineState = "paused"

// What can be wrong with a change to a clock.
var (
	ErrClockMet       = errors.New("the clock was met already")
	ErrClockPaused    = errors.New("the clock is paused already")
	ErrClockRuns      = errors.New("the clock is not paused")
	ErrClockBackwards = errors.New("a time before the clock's last change")
	ErrNoReason       = errors.New("a pause needs a reason")
)

// Clocks are the clocks of the policy that have started; windows of clauses are
// none.
func (r *Result) Clocks() []Clock {
	var out []Clock
	for _, d := range r.Deadlines {
		if d.Window || d.Due == nil {
			continue
		}
		c := Clock{Name: d.ID, Policy: r.Policy, Version: r.Version, Text: d.Text, Within: d.Due.Span, Started: d.Due.From}
		if d.MetAt != nil {
			c.MetAt = *d.MetAt
		}
		out = append(out, c)
	}
	return out
}

// last is the clock's last change.
func (c Clock) last() time.Time {
	if n := len(c.Pauses); n > 0 {
		if to := c.Pauses[n-1].To; !to.IsZero() {
			return to
		}
		return c.Pauses[n-1].From
	}
	return c.Started
}

// IsPaused tells whether the clock stands still.
func (c Clock) IsPaused() bool {
	n := len(c.Pauses)
	return n > 0 && c.Pauses[n-1].To.IsZero()
}

// Pause stops the clock at a moment.
func (c Clock) Pause(at time.Time, reason string) (Clock, error) {
	at = second(at)
	switch {
	case !c.MetAt.IsZero():
		return c, fmt.Errorf("pause %s: %w", c.Name, ErrClockMet)
	case c.IsPaused():
		return c, fmt.Errorf("pause %s: %w", c.Name, ErrClockPaused)
	case at.Before(c.last()):
		return c, fmt.Errorf("pause %s: %w", c.Name, ErrClockBackwards)
	case reason == "":
		return c, fmt.Errorf("pause %s: %w", c.Name, ErrNoReason)
	}
	c.Pauses = append(c.Pauses[:len(c.Pauses):len(c.Pauses)], Pause{From: at, Reason: reason})
	return c, nil
}

// Resume lets the clock run on from a moment.
func (c Clock) Resume(at time.Time) (Clock, error) {
	at = second(at)
	switch {
	case !c.IsPaused():
		return c, fmt.Errorf("resume %s: %w", c.Name, ErrClockRuns)
	case at.Before(c.last()):
		return c, fmt.Errorf("resume %s: %w", c.Name, ErrClockBackwards)
	}
	pauses := append([]Pause{}, c.Pauses...)
	pauses[len(pauses)-1].To = at
	c.Pauses = pauses
	return c, nil
}

// Meet records that what the clock is for was done. A pause ends with it.
func (c Clock) Meet(at time.Time) (Clock, error) {
	at = second(at)
	switch {
	case !c.MetAt.IsZero():
		return c, fmt.Errorf("meet %s: %w", c.Name, ErrClockMet)
	case at.Before(c.last()):
		return c, fmt.Errorf("meet %s: %w", c.Name, ErrClockBackwards)
	}
	if c.IsPaused() {
		c, _ = c.Resume(at)
	}
	c.MetAt = at
	return c, nil
}

// Due tells when the clock runs out. While it is paused that is when it would
// if it ran on now.
func (c Clock) Due(cal *Calendar, now time.Time, zone *time.Location) Due {
	now = second(now)
	d := cal.Due(c.Started, c.Within, zone)
	for _, p := range c.Pauses {
		if p.From.After(d.At) {
			break // it was late before
		}
		to := p.To
		if to.IsZero() {
			to = p.From
			if now.After(to) {
				to = now
			}
		}
		d = c.longer(cal, d, p, to, zone)
	}
	return d
}

// longer is the due time after a pause.
func (c Clock) longer(cal *Calendar, d Due, p Pause, to time.Time, zone *time.Location) Due {
	from := p.From.In(zone)
	to = to.In(zone)
	var more Span
	out := d
	switch c.Within.Unit {
	case Hours:
		out.At = d.At.Add(to.Sub(from))
	case Days, WorkingDays:
		more = Span{cal.days(from, to, c.Within.Unit), c.Within.Unit}
		out = cal.Due(c.Started, Span{c.Within.N + d.paused + more.N, c.Within.Unit}, zone)
		out.Span, out.paused = c.Within, d.paused+more.N
		out.pauses = d.pauses
	}
	shown := more.Chinese()
	shownEN := more.String()
	if c.Within.Unit == Hours {
		shown, shownEN = durationZH(to.Sub(from)), durationEN(to.Sub(from))
	}
	out.pauses = append(out.pauses[:len(out.pauses):len(out.pauses)], Text{
		fmt.Sprintf("%s 至 %s 暂停（%s），顺延 %s", from.Format(time.DateTime), to.Format(time.DateTime), p.Reason, shown),
		fmt.Sprintf("paused from %s to %s (%s): %s longer", from.Format(time.DateTime), to.Format(time.DateTime), p.Reason, shownEN),
	})
	out.explain()
	return out
}

// days counts the days of a unit that begin between two moments.
func (c *Calendar) days(from, to time.Time, u Unit) int64 {
	n := int64(0)
	for d := DateOf(from) + 1; d <= DateOf(to); d++ {
		if u == Days || c.Day(d).Working() {
			n++
		}
	}
	return n
}

// Remaining is how long the clock has left at a moment, negative when it is
// late; of a clock that was met, how long it had left then.
func (c Clock) Remaining(cal *Calendar, now time.Time, zone *time.Location) time.Duration {
	now = c.until(now)
	return c.Due(cal, now, zone).At.Sub(now)
}

// until is the moment up to which the clock ran.
func (c Clock) until(now time.Time) time.Time {
	if !c.MetAt.IsZero() {
		return c.MetAt
	}
	return second(now)
}

// State tells where the clock stands.
func (c Clock) State(cal *Calendar, now time.Time, zone *time.Location) DeadlineState {
	switch late := c.Remaining(cal, now, zone) < 0; {
	case late:
		return Missed
	case !c.MetAt.IsZero():
		return Met
	case c.IsPaused():
		return Paused
	}
	return Running
}

// AtRisk tells whether the clock runs and has no more left than the threshold.
func (c Clock) AtRisk(cal *Calendar, now time.Time, threshold time.Duration, zone *time.Location) bool {
	return c.State(cal, now, zone) == Running && c.Remaining(cal, now, zone) <= threshold
}
