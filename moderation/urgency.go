package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// A Reason says why a case is urgent, and how much that counts.
type Reason struct {
	Code   ReasonCode
	Points int
	Of     int64 // what it is made of: minutes, fen, or how many
}

// ReasonCode names a reason.
type ReasonCode string

// The reasons.
const (
	ReasonLate      ReasonCode = "late"      // a clock ran out; Of: minutes ago
	ReasonSoon      ReasonCode = "soon"      // a clock will; Of: minutes from now
	ReasonEscalated ReasonCode = "escalated" // it was handed up
	ReasonUrgent    ReasonCode = "urgent"    // of its complaints, so many are urgent
	ReasonStake     ReasonCode = "stake"     // money at stake; Of: fen
	ReasonAlike     ReasonCode = "alike"     // so many complaints of the same problem
	ReasonEarlier   ReasonCode = "earlier"   // so many earlier cases of its product or buyers
)

// A grade is from when on a reason counts so much. Of several that apply the
// first holds.
type grade struct {
	from   int64
	points int
}

// grades are what makes a case urgent: a late clock before all, because it
// breaks a promise that was made to somebody.
var grades = map[ReasonCode][]grade{
	ReasonLate:      {{24 * 60, 140}, {60, 120}, {0, 100}},
	ReasonEscalated: {{1, 80}},
	ReasonUrgent:    {{3, 60}, {1, 50}},
	ReasonStake:     {{1_000_00, 30}, {200_00, 10}},
	ReasonAlike:     {{50, 40}, {10, 25}, {2, 10}},
	ReasonEarlier:   {{5, 30}, {2, 20}, {1, 10}},
}

// soon is how many points a clock counts that runs out within so many minutes.
var soon = []grade{{2 * 60, 60}, {12 * 60, 30}, {24 * 60, 10}}

func points(list []grade, of int64) int {
	for _, g := range list {
		if of >= g.from {
			return g.points
		}
	}
	return 0
}

// Urgency is how urgent a case is, and why.
type Urgency struct {
	Case    Case
	Points  int
	Reasons []Reason // the weightiest first
}

// Urgency tells how urgent the case is at a moment of the room's clock; alike is
// how many complaints its problems have.
func (c *Case) Urgency(now time.Time, alike int) Urgency {
	u := Urgency{Case: *c}
	add := func(code ReasonCode, of int64, n int) {
		if n > 0 {
			u.Reasons = append(u.Reasons, Reason{code, n, of})
			u.Points += n
		}
	}
	if !c.DueAt.IsZero() {
		if left := int64(c.DueAt.Sub(now) / time.Minute); policy.Late(now, c.DueAt) {
			add(ReasonLate, -left, points(grades[ReasonLate], -left))
		} else if i := slices.IndexFunc(soon, func(g grade) bool { return left < g.from }); i >= 0 {
			add(ReasonSoon, left, soon[i].points)
		}
	}
	if !c.Escalated.IsZero() {
		add(ReasonEscalated, 1, points(grades[ReasonEscalated], 1))
	}
	for _, r := range []struct {
		code ReasonCode
		of   int64
	}{
		{ReasonUrgent, int64(c.Urgent)},
		{ReasonStake, c.StakeFen},
		{ReasonAlike, int64(alike)},
		{ReasonEarlier, int64(c.Earlier)},
	} {
		add(r.code, r.of, points(grades[r.code], r.of))
	}
	slices.SortStableFunc(u.Reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return u
}

// Queue ranks the cases of a room, or of all, that are not over: the most urgent
// first, of equals the one that is due first, then the oldest.
func (d *Desk) Queue(ctx context.Context, room string) ([]Urgency, error) {
	queue, err := rank(ctx, d.store, room, d.now())
	if err != nil {
		return nil, fmt.Errorf("rank the cases: %w", err)
	}
	return queue, nil
}

func rank(ctx context.Context, r Reader, room string, now time.Time) ([]Urgency, error) {
	cases, err := r.Cases(ctx, Page{Room: room, Open: true})
	if err != nil {
		return nil, err
	}
	problems, err := r.Problems(ctx, Page{Room: room})
	if err != nil {
		return nil, err
	}
	size := make(map[int64]int)
	for _, p := range problems {
		for _, id := range p.Complaints {
			size[id] = len(p.Complaints)
		}
	}
	var out []Urgency
	for _, c := range cases {
		if c.State.Over() {
			continue
		}
		alike := 0
		for _, id := range c.Complaints {
			alike = max(alike, size[id])
		}
		out = append(out, c.Urgency(now, alike))
	}
	slices.SortFunc(out, func(a, b Urgency) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), byDue(a.Case.DueAt, b.Case.DueAt), cmp.Compare(a.Case.ID, b.Case.ID))
	})
	return out, nil
}

// byDue orders what is due, and what is not due at all behind it.
func byDue(a, b time.Time) int {
	switch {
	case a.IsZero() || b.IsZero():
		return -cmp.Compare(Stamp(a), Stamp(b))
	default:
		return a.Compare(b)
	}
}
