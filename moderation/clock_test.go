package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
)

// tells writes a case's clocks: state, and how long after its start each is due.
func tells(c moderation.Case, now time.Time) string {
	var out []string
	for _, k := range c.Clocks {
		out = append(out, fmt.Sprintf("%s %s %s", k.Name, k.State(now), k.Due.Sub(start)))
	}
	return strings.Join(out, ", ")
}

func TestTheClocksOfACase(t *testing.T) {
	d := withFlags(t)
	c := d.opens(lan, moderation.CaseComplaint, "掉毛")
	step := func(what, want string, due time.Duration) {
		t.Helper()
		if got := tells(c, d.clock.Now()); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
		if wanted := start.Add(due); due == 0 && !c.DueAt.IsZero() || due != 0 && !c.DueAt.Equal(wanted) {
			t.Errorf("%s: due at %v, want %v", what, c.DueAt, wanted)
		}
	}
	move := func(to moderation.CaseState, outcome moderation.Outcome, reason string) {
		t.Helper()
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: to, Outcome: outcome, Reason: reason}).Case
	}
	hours := func(n int) { d.clock.pass(time.Duration(n) * time.Hour) }
	step("opened", "review running 48h0m0s, result running 72h0m0s", 48*time.Hour)
	hours(1)
	move(moderation.CaseStateReview, "", "")
	step("looked at", "review met 48h0m0s, result running 72h0m0s", 72*time.Hour)
	hours(1)
	move(moderation.CaseStateWaiting, "", "等买家的照片")
	step("waits", "review met 48h0m0s, result paused 72h0m0s", 0)
	if p := c.Clocks[1].Pauses; len(p) != 1 || p[0].Reason != "等买家的照片" || !p[0].To.IsZero() {
		t.Errorf("pauses %+v", p)
	}
	hours(100)
	step("waits long", "review met 48h0m0s, result paused 72h0m0s", 0)
	move(moderation.CaseStateReview, "", "")
	step("taken up again", "review met 48h0m0s, result running 172h0m0s", 172*time.Hour)
	hours(69)
	step("nearly late", "review met 48h0m0s, result running 172h0m0s", 172*time.Hour)
	hours(1)
	step("the last second", "review met 48h0m0s, result running 172h0m0s", 172*time.Hour)
	d.clock.pass(time.Second)
	step("late", "review met 48h0m0s, result missed 172h0m0s", 172*time.Hour)
	move(moderation.CaseStateResolved, moderation.OutcomeUpheld, "")
	step("resolved late", "review met 48h0m0s, result missed 172h0m0s", 0)
	if k := c.Clocks[1]; !k.MissedAt.Equal(k.Due) || !k.MetAt.Equal(d.clock.Now()) {
		t.Errorf("clock %+v", k)
	}
	move(moderation.CaseStateReview, "", "买家补充了证据")
	step("reopened", "review met 48h0m0s, result missed 172h0m0s, result running 244h0m1s", 244*time.Hour+time.Second)
	move(moderation.CaseStateResolved, moderation.OutcomeUpheld, "")
	move(moderation.CaseStateClosed, "", "")
	step("closed", "review met 48h0m0s, result missed 172h0m0s, result met 244h0m1s", 0)
	d.verify()
}

func TestAPolicysClocks(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) {
		c.Clocks = func(of moderation.Case, now time.Time) []moderation.Clock {
			return []moderation.Clock{{Name: moderation.ClockResult, Policy: "honest-host", Version: "v1", Started: now, Due: now.Add(24 * time.Hour)}}
		}
	})
	d.commit(says(1, "羊毛"))
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	if !c.DueAt.Equal(start.Add(24*time.Hour)) || c.Clocks[0].Policy != "honest-host" {
		t.Fatalf("case %+v", c)
	}
	pay := moderation.StartClock{
		Case: c.ID, Version: c.Version, Clock: "pay", Policy: "honest-host", Of: "v1", Started: start, Due: start.Add(time.Hour),
	}
	c = *d.do(boss, pay).Case
	if !c.DueAt.Equal(start.Add(time.Hour)) {
		t.Errorf("due at %v, want what the policy says", c.DueAt)
	}
	pay.Version = c.Version
	d.refused(moderation.CodeUnchanged, boss, pay)
	bad := pay
	bad.Clock, bad.Due = "x", bad.Started
	d.refused(moderation.CodeBadClock, boss, bad)
	d.refused(moderation.CodeBadClock, boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: "nothing"})
	d.refused(moderation.CodeBadClock, boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: moderation.ClockResult})

	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	r := d.refused(moderation.CodeClockRuns, boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed})
	if !strings.Contains(r.Error(), "pay is still to be done") {
		t.Errorf("refusal %q", r.Error())
	}
	c = *d.do(boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: "pay"}).Case
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed}).Case
	late := pay
	late.Version, late.Clock = c.Version, "again"
	d.refused(moderation.CodeOver, boss, late)
	d.verify()
}

// A policy counts working days: a pause within one day gives nothing, one over a
// night a day.
func TestAPolicyLengthensItsClocks(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) {
		c.Due = func(_ moderation.Case, k moderation.Clock) time.Time {
			if k.Within != "5 working days" {
				t.Errorf("asked about %+v", k)
			}
			last := k.Pauses[len(k.Pauses)-1]
			return k.Due.AddDate(0, 0, last.To.YearDay()-last.From.YearDay())
		}
		c.Clocks = func(_ moderation.Case, now time.Time) []moderation.Clock {
			return []moderation.Clock{{Name: moderation.ClockResult, Policy: "appeals", Within: "5 working days", Started: now, Due: now.AddDate(0, 0, 7)}}
		}
	})
	d.commit(says(1, "羊毛"))
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	due := c.DueAt
	wait := func(how time.Duration) {
		t.Helper()
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等商家"}).Case
		d.clock.pass(how)
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
	}
	wait(2 * time.Hour)
	if !c.DueAt.Equal(due) {
		t.Errorf("a pause within a day made it due at %v, not %v", c.DueAt, due)
	}
	wait(30 * time.Hour)
	if !c.DueAt.Equal(due.AddDate(0, 0, 1)) {
		t.Errorf("a pause over a night made it due at %v, not a day after %v", c.DueAt, due)
	}
	d.verify()
}

// A clock that a policy starts while the case waits stands still with the rest.
func TestAClockThatStartsInAPause(t *testing.T) {
	d := withFlags(t)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等物流"}).Case
	c = *d.do(boss, moderation.StartClock{Case: c.ID, Version: c.Version, Clock: "pay", Policy: "p", Started: start, Due: start.Add(time.Hour)}).Case
	if got := tells(c, start); !strings.HasSuffix(got, "pay paused 1h0m0s") || c.Clocks[2].Pauses[0].Reason != "等物流" {
		t.Errorf("clocks %s", got)
	}
	d.clock.pass(5 * time.Hour)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
	if got := tells(c, d.clock.Now()); !strings.HasSuffix(got, "pay running 6h0m0s") {
		t.Errorf("clocks %s", got)
	}
	d.verify()
}

func TestWhyACaseIsUrgent(t *testing.T) {
	now := start
	c := func(change func(*moderation.Case)) moderation.Case {
		c := moderation.Case{DueAt: now.Add(40 * time.Hour)}
		change(&c)
		return c
	}
	tests := []struct {
		name  string
		c     moderation.Case
		alike int
		want  []moderation.Reason
	}{
		{"nothing", c(func(*moderation.Case) {}), 1, nil},
		{"late by a day", c(func(c *moderation.Case) { c.DueAt = now.Add(-25 * time.Hour) }), 0, []moderation.Reason{{Code: "late", Points: 140, Of: 1500}}},
		{"the last second", c(func(c *moderation.Case) { c.DueAt = now }), 0, []moderation.Reason{{Code: "soon", Points: 60}}},
		{"late now", c(func(c *moderation.Case) { c.DueAt = now.Add(-time.Second) }), 0, []moderation.Reason{{Code: "late", Points: 100}}},
		{"soon", c(func(c *moderation.Case) { c.DueAt = now.Add(time.Hour) }), 0, []moderation.Reason{{Code: "soon", Points: 60, Of: 60}}},
		{"no clock", c(func(c *moderation.Case) { c.DueAt = time.Time{} }), 0, nil},
		{"money", c(func(c *moderation.Case) { c.StakeFen = 100_000 }), 0, []moderation.Reason{{Code: "stake", Points: 30, Of: 100_000}}},
		{"a little money", c(func(c *moderation.Case) { c.StakeFen = 19_999 }), 0, nil},
		{
			"all of it", c(func(c *moderation.Case) {
				c.DueAt, c.Urgent, c.StakeFen, c.Earlier, c.Escalated = now.Add(-time.Minute), 2, 30_000, 3, now
			}), 50,
			[]moderation.Reason{
				{Code: "late", Points: 100, Of: 1},
				{Code: "escalated", Points: 80, Of: 1},
				{Code: "urgent", Points: 50, Of: 2},
				{Code: "alike", Points: 40, Of: 50},
				{Code: "earlier", Points: 20, Of: 3},
				{Code: "stake", Points: 10, Of: 30_000},
			},
		},
	}
	for _, tt := range tests {
		u := tt.c.Urgency(now, tt.alike)
		sum := 0
		for _, r := range u.Reasons {
			sum += r.Points
		}
		if !slices.Equal(u.Reasons, tt.want) || sum != u.Points {
			t.Errorf("%s: %+v, %d points; want %+v", tt.name, u.Reasons, u.Points, tt.want)
		}
	}
}

func TestTheQueue(t *testing.T) {
	d := newDesk(t)
	d.commit(grievances()...)
	plain := d.opens(lan, moderation.CaseComplaint, "小事")
	many := *d.do(lan, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "羊毛", Complaints: []int64{1}}).Case
	d.clock.pass(time.Minute)
	second := d.opens(lan, moderation.CaseComplaint, "后来")
	done := d.opens(boss, moderation.CaseSpotCheck, "抽查")
	d.do(boss, moderation.MoveCase{Case: done.ID, Version: done.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
	var got []int64
	for _, u := range must(d.Queue(t.Context(), "A")) {
		got = append(got, u.Case.ID)
	}
	if want := []int64{many.ID, plain.ID, second.ID}; !slices.Equal(got, want) {
		t.Errorf("the queue is %v, want %v", got, want)
	}
}
