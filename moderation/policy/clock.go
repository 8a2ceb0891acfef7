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
	Within  Span      `json:"within"`       // zero: exactly until Until
	Met     Fact      `json:"met,omitzero"` // the fact that ends it; "" : nothing tells
	Started time.Time `json:"started"`
	// Earliest is before when it is not expected; zero: at once.
	Earliest time.Time `json:"earliest,omitzero"`
	// Until is when a record keeps that it runs out, with the pauses that are
	// over; zero: that is counted from Started.
	Until  time.Time `json:"until,omitzero"`
	Pauses []Pause   `json:"pauses,omitzero"`
	MetAt  time.Time `json:"met_at,omitzero"`
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

// Clocks are the clocks that the policies of the ids, or all of them, have
// started for a matter by a moment; windows of clauses are none. A clock starts
// when the fact comes that it runs from.
func (s *Set) Clocks(m Matter, asOf time.Time, ids ...string) ([]Clock, error) {
	m, asOf, ids, err := s.prepare(m, asOf, ids)
	if err != nil {
		return nil, fmt.Errorf("clocks of policies: %w", err)
	}
	var out []Clock
	for _, id := range ids {
		p, governed := s.governing(id, m, asOf)
		if !p.inForce(DateOf(governed.In(m.Zone))) {
			continue
		}
		e := s.evaluation(p, m, asOf)
		for _, rule := range p.Clocks {
			d, runs := e.deadline(rule)
			if !runs || d.Due == nil {
				continue
			}
			c := Clock{Name: d.ID, Policy: p.ID, Version: p.Version, Text: d.Text, Within: d.Due.Span, Met: rule.Met, Started: d.Due.From}
			if d.Earliest != nil {
				c.Earliest = d.Earliest.At
			}
			if d.MetAt != nil {
				c.MetAt = *d.MetAt
			}
			out = append(out, c)
		}
	}
	return out, nil
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
	d := c.begin(cal, zone)
	for _, p := range c.Pauses {
		if second(p.From).After(d.At) {
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

// begin is the due time before the pauses that it does not hold yet.
func (c Clock) begin(cal *Calendar, zone *time.Location) Due {
	if c.Until.IsZero() {
		return cal.Due(c.Started, c.Within, zone)
	}
	d := Due{From: second(c.Started).In(zone), Span: c.Within, At: c.Until.In(zone)}
	for day := DateOf(d.From) + 1; c.Within.Unit == WorkingDays && day <= DateOf(d.At); day++ {
		cal.pass(&d, day)
	}
	d.explain()
	return d
}

// longer is the due time after a pause.
func (c Clock) longer(cal *Calendar, d Due, p Pause, to time.Time, zone *time.Location) Due {
	from := p.From.In(zone)
	to = to.In(zone)
	var shown, shownEN string
	held := !c.Until.IsZero() && !p.To.IsZero() // in Until already
	if c.Within.exact() {
		more := to.Sub(from)
		shown, shownEN = durationZH(more), durationEN(more)
		if !held {
			d.At = d.At.Add(more)
		}
	} else {
		more := Span{cal.days(from, to, c.Within.Unit), c.Within.Unit}
		shown, shownEN = more.Chinese(), more.String()
		if !held {
			cal.goOn(&d, more, zone)
		}
	}
	d.pauses = append(d.pauses[:len(d.pauses):len(d.pauses)], Text{
		fmt.Sprintf("%s 至 %s 暂停（%s），顺延 %s", from.Format(time.DateTime), to.Format(time.DateTime), p.Reason, shown),
		fmt.Sprintf("paused from %s to %s (%s): %s longer", from.Format(time.DateTime), to.Format(time.DateTime), p.Reason, shownEN),
	})
	d.explain()
	return d
}

// goOn moves the due time on by days, to the end of the last.
func (c *Calendar) goOn(d *Due, more Span, zone *time.Location) {
	switch {
	case more.N == 0:
	case more.Unit == WorkingDays:
		d.At = c.count(d, DateOf(d.At), more.N).End(zone)
	default:
		d.At = (DateOf(d.At) + Date(more.N)).End(zone)
	}
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
		return second(c.MetAt)
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
