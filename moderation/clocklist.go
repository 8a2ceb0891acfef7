package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// A CaseClock is a clock of a case as it stands at a moment.
type CaseClock struct {
	Case     Case
	Clock    Clock
	State    ClockState
	AtRisk   bool
	Due      time.Time // while it stands still: if it ran on now
	Left     time.Duration
	Why      policy.Text // how the due time was counted
	Forecast []policy.ForecastDay
	Holiday  bool // one lies between now and when it is due
}

// ClocksOf lists the clocks of a room's cases, or of all, that still ask for
// something: first those that ran out, then those at risk, then the others that
// run, each by when they are due; last those that stand still. A clock is at
// risk when it has no more left than before says.
func ClocksOf(ctx context.Context, r Reader, set *policy.Set, room string, now time.Time, before time.Duration) ([]CaseClock, error) {
	cases, err := r.Cases(ctx, Page{Room: room, Open: true})
	if err != nil {
		return nil, fmt.Errorf("clocks of the cases: %w", err)
	}
	zones := make(map[string]reckoning)
	var out []CaseClock
	for _, c := range cases {
		by, ok := zones[c.Room]
		if !ok {
			if by, err = reckoningOf(ctx, r, set, c.Room); err != nil {
				return nil, fmt.Errorf("clocks of the cases: %w", err)
			}
			zones[c.Room] = by
		}
		for _, k := range c.Clocks {
			if k.MetAt.IsZero() {
				out = append(out, by.stands(c, k, now, before))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b CaseClock) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.Due.Compare(b.Due), cmp.Compare(a.Case.ID, b.Case.ID))
	})
	return out, nil
}

// stands tells how a clock stands.
func (by reckoning) stands(c Case, k Clock, now time.Time, before time.Duration) CaseClock {
	as := k.AsPolicy()
	due := as.Due(by.calendar, now, by.zone)
	out := CaseClock{
		Case: c, Clock: k, State: k.State(now), AtRisk: as.AtRisk(by.calendar, now, before, by.zone), Due: due.At,
		Left: as.Remaining(by.calendar, now, by.zone), Why: due.Text, Forecast: as.Forecast(by.calendar, now, by.zone),
	}
	for _, day := range out.Forecast {
		out.Holiday = out.Holiday || !day.Late && (day.Kind == policy.Holiday || day.Kind == policy.MakeUp)
	}
	return out
}

func (c *CaseClock) rank() int {
	switch {
	case c.State == ClockMissed:
		return 0
	case c.AtRisk:
		return 1
	case c.State == ClockRunning:
		return 2
	}
	return 3
}

// Clocks lists the clocks of a room's cases as ClocksOf does, now and by the
// policies in force. before 0: as early as the consoles tell.
func (d *Desk) Clocks(ctx context.Context, room string, before time.Duration) ([]CaseClock, error) {
	return ClocksOf(ctx, d.store, d.Policies(), room, d.now(), d.before(before))
}

// before is how early a clock counts as at risk; 0: as the consoles tell.
func (d *Desk) before(asked time.Duration) time.Duration { return cmp.Or(asked, d.notify[0].Before) }
