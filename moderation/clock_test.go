package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims/tomldoc"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
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

// policies are the shipped ones with the files laid over them.
func policies(t testing.TB, files ...string) *policy.Set {
	t.Helper()
	var of []tomldoc.File
	for i, text := range files {
		of = append(of, tomldoc.File{Name: fmt.Sprint("policy", i, ".toml"), Text: []byte(text)})
	}
	set, err := policy.Load(must(policy.Shipped()), of...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// ownClocks is a file of service clocks that replaces the shipped one.
const ownClocks = `
id = "service.clocks"
kind = "service_clock"
title = "时限"
title_en = "Clocks"
governs = "case.opened_at"
source = "the house"
checked = 2026-11-22
[[clock]]
id = "result"
text = "5 个工作日出结果"
text_en = "Result in 5 working days"
from = "case.opened_at"
within = "5 working days"
met = "decision.decided_at"
[[clock]]
id = "report"
text = "发货后 24 小时内核对物流"
text_en = "Tracking checked within 24 hours of shipping"
from = "order.shipped_at"
within = "24 hours"
[[clock]]
id = "thanks"
text = "出结果后 2 天内告知买家"
text_en = "Buyer told within 2 days of the result"
from = "decision.decided_at"
within = "2 days"
when = 'case.kind == "complaint"'
[facts]
case.opened_at = 2026-11-20T20:00:00
case.kind = "complaint"
[[example]]
name = "the week after"
as_of = 2026-11-23T00:00:00
due = [{ id = "result", at = 2026-11-27T23:59:59, state = "running" }]
`

// Which clocks a case gets stands in the policies, by its kind.
func TestTheClocksOfEachKind(t *testing.T) {
	d := withFlags(t)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	if got := tells(c, start); got != "review running 48h0m0s, result running 72h0m0s" {
		t.Error(got)
	}
	k := c.Clocks[0]
	if k.Policy != "service.clocks" || len(k.Version) != 16 || k.Text != "48 小时内审核" || k.TextEN != "Reviewed within 48 hours" || k.Within != "48 hours" {
		t.Errorf("clock %+v", k)
	}
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded}).Case
	appeal := *d.do(boss, moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: c.ID}).Case
	// Friday evening in Shanghai: the fifth working day is the next Friday.
	if got := tells(appeal, start); got != "review running 48h0m0s, appeal-decision running 171h59m59s" {
		t.Error(got)
	}
	if k := appeal.Clocks[1]; !k.Earliest.Equal(start.Add(75*time.Hour + 59*time.Minute + 59*time.Second)) {
		t.Errorf("expected from %s on", k.Earliest)
	}
	appeal = *d.do(bing, moderation.MoveCase{Case: appeal.ID, Version: appeal.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	if got := tells(appeal, start); got != "review met 48h0m0s, appeal-decision met 171h59m59s" {
		t.Error(got)
	}
	d.verify()
}

// A clock starts when the fact comes that it runs from, and no second time.
func TestAFactStartsAClock(t *testing.T) {
	set := policies(t, ownClocks)
	d := newDesk(t, func(c *moderation.Config) { c.Policies = set })
	d.commit(says(1, "羊毛"), trade(2, "LR1", feed.StatusPaid, "D01", 100), trade(3, "LR2", feed.StatusPaid, "D01", 100))
	c := *d.do(boss, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "掉毛", Orders: []string{"LR1"}}).Case
	c = *d.do(boss, moderation.AddToCase{Case: c.ID, Version: c.Version, Orders: []string{"LR2"}}).Case
	step := func(what, want string) {
		t.Helper()
		c = d.incident(c.ID)
		if got := tells(c, d.clock.Now()); got != want {
			t.Errorf("%s: %s\nwant %s", what, got, want)
		}
	}
	step("nothing shipped", "result running 171h59m59s")
	d.clock.pass(time.Hour)
	d.commit(trade(3600, "LR1", feed.StatusShipped, "D01", 100))
	step("one is shipped", "result running 171h59m59s, report running 25h0m0s")
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等物流"}).Case
	d.commit(trade(3601, "LR2", feed.StatusShipped, "D01", 100), trade(3602, "LR1", feed.StatusShipped, "D01", 200))
	step("the other while it waits", "result paused 171h59m59s, report paused 25h0m0s, report paused 25h0m1s")
	if p := c.Clocks[2].Pauses; len(p) != 1 || p[0].Reason != "等物流" {
		t.Errorf("pauses %+v", p)
	}
	d.clock.pass(time.Hour)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	step("decided", "result met 171h59m59s, report running 26h0m0s, report running 26h0m0s, thanks running 51h59m59s")
	c = *d.do(boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: "report"}).Case
	step("checked", "result met 171h59m59s, report met 26h0m0s, report met 26h0m0s, thanks running 51h59m59s")
	d.restart()
	d.verify()
}

// A payment brings the clocks of its policy with it: by when it is reviewed,
// decided and on its way. That the host may appeal is no clock of the desk's.
func TestTheClocksOfAPayment(t *testing.T) {
	d, c := proposed(t)
	names := func() string {
		var out []string
		for _, k := range c.Clocks {
			out = append(out, k.Name+" "+string(k.State(d.clock.Now())))
		}
		return strings.Join(out, ", ")
	}
	if got := names(); got != "review running, result running, 1.8.review running, 1.8.result running" {
		t.Errorf("proposed: %s", got)
	}
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	c = d.give(bing, c, "LR1", policy.Facts{"buyer.has_wallet": policy.Bool(false)})
	c = *d.do(bing, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	if got := names(); got != "review met, result met, 1.8.review met, 1.8.result met, 1.10.payout running" {
		t.Errorf("resolved: %s", got)
	}
	if k := c.Clocks[4]; k.Within != "3 working days" || k.Earliest.IsZero() || k.Due.In(policy.DefaultZone).Format(time.DateTime) != "2026-11-25 23:59:59" {
		t.Errorf("payout %+v", k)
	}
	d.clock.pass(time.Hour)
	c = d.give(bing, c, "LR1", policy.Facts{"decision.paid_at": policy.Moment(d.clock.Now())})
	if got := names(); !strings.HasSuffix(got, "1.10.payout met") || len(c.Clocks) != 5 {
		t.Errorf("paid: %s", got)
	}
	d.do(bing, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed})
	d.verify()
}

// The time of a policy's clock counts as the policy counts it: over a pause
// within a day nothing is gained, over one into the next working day a day.
func TestWorkingDaysOverAPause(t *testing.T) {
	set := policies(t, ownClocks)
	d := newDesk(t, func(c *moderation.Config) { c.Policies = set })
	d.clock.now = time.Date(2026, 9, 29, 2, 0, 0, 0, time.UTC) // the Tuesday before National Day
	d.commit(says(1, "羊毛"))
	c := d.opens(boss, moderation.CaseFalseAdvertising, "羊毛")
	due := func(want string) {
		t.Helper()
		if got := c.DueAt.In(policy.DefaultZone).Format(time.DateTime); got != want {
			t.Errorf("due %s, want %s", got, want)
		}
	}
	wait := func(how time.Duration) {
		t.Helper()
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等商家"}).Case
		d.clock.pass(how)
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
	}
	due("2026-10-12 23:59:59") // 30, 8, 9, the Saturday worked for it, 12
	wait(2 * time.Hour)
	due("2026-10-12 23:59:59")
	d.clock.pass(40 * time.Hour)
	wait(5 * 24 * time.Hour) // only days of the holiday begin meanwhile
	due("2026-10-12 23:59:59")
	wait(48 * time.Hour) // into the 8th
	due("2026-10-13 23:59:59")
	d.verify()
}

func TestAPersonStartsAClock(t *testing.T) {
	d := withFlags(t)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	pay := moderation.StartClock{
		Case: c.ID, Version: c.Version, Clock: "pay", Policy: "honest-host", Of: "v1", Started: start, Due: start.Add(time.Hour),
	}
	c = *d.do(boss, pay).Case
	if !c.DueAt.Equal(start.Add(time.Hour)) {
		t.Errorf("due at %v, want what was said", c.DueAt)
	}
	pay.Version = c.Version
	d.refused(moderation.CodeUnchanged, boss, pay)
	bad := pay
	bad.Clock, bad.Due = "x", bad.Started
	d.refused(moderation.CodeBadClock, boss, bad)
	bad.Due, bad.Within = time.Time{}, "5 fortnights"
	d.refused(moderation.CodeBadClock, boss, bad)
	d.refused(moderation.CodeBadClock, boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: "nothing"})
	d.refused(moderation.CodeBadClock, boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: moderation.ClockResult})
	c = *d.do(boss, moderation.StartClock{Case: c.ID, Version: c.Version, Clock: "back", Within: "3 working days", Started: start}).Case
	if got := c.Clocks[3].Due.In(policy.DefaultZone).Format(time.DateTime); got != "2026-11-25 23:59:59" {
		t.Errorf("three working days from Friday evening end %s", got)
	}
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	r := d.refused(moderation.CodeClockRuns, boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed})
	if !strings.Contains(r.Error(), "pay is still to be done") {
		t.Errorf("refusal %q", r.Error())
	}
	for _, name := range []string{"pay", "back"} {
		c = *d.do(boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: name}).Case
	}
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed}).Case
	late := pay
	late.Version, late.Clock = c.Version, "again"
	d.refused(moderation.CodeOver, boss, late)
	d.verify()
}

// Clocks of a record from before policies gave them run on to the second, and
// the policies start none beside them.
func TestOlderClocksRunOn(t *testing.T) {
	d := withFlags(t)
	old := moderation.Case{Room: "A", Kind: moderation.CaseComplaint, State: moderation.CaseStateOpen, Title: "掉毛", OpenedAt: start, DueAt: start.Add(48 * time.Hour)}
	for name, hours := range map[string]time.Duration{"review": 48, "result": 72} {
		old.Clocks = append(old.Clocks, moderation.Clock{Name: name, Started: start.Add(500 * time.Millisecond), Due: start.Add(hours*time.Hour + 500*time.Millisecond)})
	}
	slices.SortFunc(old.Clocks, func(a, b moderation.Clock) int { return a.Due.Compare(b.Due) })
	if err := d.store.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutCase(&old) }); err != nil {
		t.Fatal(err)
	}
	c := *d.do(boss, moderation.MoveCase{Case: old.ID, Version: old.Version, To: moderation.CaseStateWaiting, Reason: "等"}).Case
	d.clock.pass(time.Hour)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
	if got := tells(c, d.clock.Now()); got != "review met 49h0m0s, result running 73h0m0s" {
		t.Error(got)
	}
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	if got := tells(c, d.clock.Now()); got != "review met 49h0m0s, result met 73h0m0s" {
		t.Error(got)
	}
}

// The host's clock may be put back while a case waits: no pause is turned around,
// and nothing is due earlier for it.
func TestAClockThatWasPutBack(t *testing.T) {
	d := withFlags(t)
	d.clock.pass(2 * time.Hour)
	c := d.opens(boss, moderation.CaseComplaint, "掉毛")
	was := c.DueAt
	for _, jump := range []time.Duration{-time.Hour, time.Hour, -3 * time.Hour} {
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateWaiting, Reason: "等"}).Case
		d.clock.pass(jump)
		c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
		for _, k := range c.Clocks {
			for i, p := range k.Pauses {
				if p.To.Before(p.From) || p.From.Before(k.Started) || i > 0 && p.From.Before(k.Pauses[i-1].To) {
					t.Errorf("after %s: pauses %+v", jump, k.Pauses)
				}
			}
		}
		if c.DueAt.Before(was) {
			t.Errorf("after %s: due %s, before %s", jump, c.DueAt, was)
		}
		was = c.DueAt
	}
	d.verify()
}

// A clock that a policy starts while the case waits stands still with the rest.
func TestAClockStartedInAPause(t *testing.T) {
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
	for _, u := range must(d.Queue(t.Context(), "A", 0)) {
		got = append(got, u.Case.ID)
	}
	if want := []int64{many.ID, plain.ID, second.ID}; !slices.Equal(got, want) {
		t.Errorf("the queue is %v, want %v", got, want)
	}
	if first := must(d.Queue(t.Context(), "", 1)); len(first) != 1 || first[0].Case.Title != "羊毛" || first[0].Case.ID != many.ID {
		t.Errorf("first in the queue is %+v", first)
	}
}
