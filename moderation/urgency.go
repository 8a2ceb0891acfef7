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
	w := Waiting{ID: c.ID, DueAt: c.DueAt, Escalated: !c.Escalated.IsZero(), Urgent: c.Urgent, StakeFen: c.StakeFen, Earlier: c.Earlier, Alike: alike}
	w.weigh(now, func(code ReasonCode, of int64, n int) {
		u.Reasons = append(u.Reasons, Reason{code, n, of})
		u.Points += n
	})
	slices.SortStableFunc(u.Reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return u
}

// A Waiting is what makes a case urgent, and no more: after a broadcast thousands
// are ranked whenever somebody asks what is next.
type Waiting struct {
	ID        int64
	DueAt     time.Time // zero: not due
	Escalated bool
	Urgent    int
	StakeFen  int64
	Earlier   int
	Alike     int // complaints of the largest problem that one of its own is in
}

// weigh tells add of each reason, what it is made of, and how much it counts.
func (w *Waiting) weigh(now time.Time, add func(code ReasonCode, of int64, n int)) {
	count := func(code ReasonCode, of int64, n int) {
		if n > 0 {
			add(code, of, n)
		}
	}
	if !w.DueAt.IsZero() {
		if left := int64(w.DueAt.Sub(now) / time.Minute); policy.Late(now, w.DueAt) {
			count(ReasonLate, -left, points(grades[ReasonLate], -left))
		} else if i := slices.IndexFunc(soon, func(g grade) bool { return left < g.from }); i >= 0 {
			count(ReasonSoon, left, soon[i].points)
		}
	}
	if w.Escalated {
		count(ReasonEscalated, 1, points(grades[ReasonEscalated], 1))
	}
	count(ReasonUrgent, int64(w.Urgent), points(grades[ReasonUrgent], int64(w.Urgent)))
	count(ReasonStake, w.StakeFen, points(grades[ReasonStake], w.StakeFen))
	count(ReasonAlike, int64(w.Alike), points(grades[ReasonAlike], int64(w.Alike)))
	count(ReasonEarlier, int64(w.Earlier), points(grades[ReasonEarlier], int64(w.Earlier)))
}

// A WaitingFor says which of the cases that are not over are asked for.
type WaitingFor struct {
	Room string // "" : all
	// Free leaves those of the kinds that somebody may be given: open or in
	// review, held by nobody at Lease, and not put off beyond Now. Without it all
	// are asked for.
	Free       bool
	Kinds      []CaseKind
	Lease, Now time.Time
}

// Queue ranks the cases of a room, or of all, that are not over, and reads the
// first limit of them (0: all): the most urgent first, of equals the one that is
// due first, then the oldest.
func (d *Desk) Queue(ctx context.Context, room string, limit int) ([]Urgency, error) {
	return QueueOf(ctx, d.store, room, limit, d.now())
}

// QueueOf is Desk.Queue of a record at a moment of the rooms' clock.
func QueueOf(ctx context.Context, r Reader, room string, limit int, now time.Time) ([]Urgency, error) {
	queue, err := rank(ctx, r, WaitingFor{Room: room}, now)
	if err != nil {
		return nil, fmt.Errorf("rank the cases: %w", err)
	}
	if limit > 0 && len(queue) > limit {
		queue = queue[:limit]
	}
	var out []Urgency
	for _, w := range queue {
		c, err := r.Case(ctx, w.ID)
		if err != nil {
			return nil, fmt.Errorf("rank the cases: %w", err)
		}
		out = append(out, c.Urgency(now, w.Alike))
	}
	return out, nil
}

// rank lists what waits, the most urgent first.
func rank(ctx context.Context, r Reader, what WaitingFor, now time.Time) ([]Waiting, error) {
	all, err := r.Waiting(ctx, what)
	if err != nil {
		return nil, err
	}
	type ranked struct{ points, at int }
	order := make([]ranked, len(all))
	for i := range all {
		sum := 0
		all[i].weigh(now, func(_ ReasonCode, _ int64, n int) { sum += n })
		order[i] = ranked{sum, i}
	}
	slices.SortFunc(order, func(a, b ranked) int {
		x, y := &all[a.at], &all[b.at]
		return cmp.Or(cmp.Compare(b.points, a.points), byDue(x.DueAt, y.DueAt), cmp.Compare(x.ID, y.ID))
	})
	out := make([]Waiting, len(all))
	for i, o := range order {
		out[i] = all[o.at]
	}
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
