package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/feed"
	"liveroom/moderation"
)

// randomCommand is any command, on rows that mostly exist, of versions that
// mostly are right.
func randomCommand(t *rapid.T, d *desk) moderation.Command {
	flag := rapid.Int64Range(0, 6).Draw(t, "flag")
	id := rapid.Int64Range(1, 5).Draw(t, "case")
	version := rapid.Int64Range(0, 3).Draw(t, "stale")
	if c, err := d.store.Case(context.Background(), id); err == nil && version > 0 {
		version = c.Version
	}
	text := rapid.SampledFrom([]string{"", "听过", "属实\n", "\x1b[2J", "\xff"}).Draw(t, "text")
	other := rapid.Int64Range(1, 5).Draw(t, "other")
	soon := d.clock.Now().Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "hours")) * time.Hour)
	clock := rapid.SampledFrom([]string{"pay", "answer", moderation.ClockReview, moderation.ClockResult, ""}).Draw(t, "clock")
	return rapid.SampledFrom([]moderation.Command{
		moderation.ConfirmFlag{Flag: flag, OpenCase: rapid.Bool().Draw(t, "open")},
		moderation.DismissFlag{Flag: flag, Reason: text},
		moderation.SnoozeFlag{Flag: flag},
		moderation.CorrectHost{Flag: flag, Text: text},
		moderation.TellHost{Flag: flag, Text: text},
		moderation.OpenCase{
			Room: "A", Kind: rapid.SampledFrom(append([]moderation.CaseKind{"x"}, moderation.AllCaseKinds...)).Draw(t, "kind"),
			Title: text, Flags: []int64{flag}, Complaints: []int64{1}, Orders: []string{"LR1"},
		},
		moderation.SplitProblem{
			Problem:    rapid.Int64Range(1, 3).Draw(t, "problem"),
			Complaints: rapid.SliceOfN(rapid.Int64Range(1, 6), 0, 3).Draw(t, "complaints"),
		},
		moderation.MergeProblems{Into: rapid.Int64Range(1, 3).Draw(t, "into"), From: rapid.Int64Range(1, 3).Draw(t, "from")},
		moderation.AnswerQuestion{Question: rapid.Int64Range(1, 3).Draw(t, "question"), Text: text},
		moderation.TakeCase{Case: id, Version: version},
		moderation.MoveCase{
			Case: id, Version: version, Reason: text, To: rapid.SampledFrom(allStates).Draw(t, "to"),
			Outcome: rapid.SampledFrom([]moderation.Outcome{"", moderation.OutcomeUpheld, moderation.OutcomeUnfounded, "x"}).Draw(t, "outcome"),
		},
		moderation.NoteCase{Case: id, Version: version, Text: text},
		moderation.AddToCase{Case: id, Version: version, Flags: []int64{flag}, Complaints: []int64{rapid.Int64Range(1, 5).Draw(t, "complaint")}},
		moderation.OpenExposed{Flag: flag},
		moderation.NextCase{},
		moderation.ReleaseCase{Case: id, Version: version},
		moderation.SkipCase{Case: id, Version: version, Reason: text},
		moderation.AssignCase{Case: id, Version: version, To: rapid.SampledFrom([]string{"", "阿岚", "小柚"}).Draw(t, "to whom")},
		moderation.EscalateCase{Case: id, Version: version, Reason: text},
		moderation.SnoozeCase{Case: id, Version: version, Until: soon, Reason: text},
		moderation.WatchCase{Case: id, Off: rapid.Bool().Draw(t, "off")},
		moderation.RelateCases{Case: id, Other: other},
		moderation.StartClock{Case: id, Version: version, Clock: clock, Within: rapid.SampledFrom([]string{"", "5 working days", "2 hours"}).Draw(t, "within"), Started: d.clock.Now(), Due: soon},
		moderation.MeetClock{Case: id, Version: version, Clock: clock},
		moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: other},
		moderation.ImposePenalty{Case: id, Version: version, Offence: moderation.Offence{Gravity: "high"}, FineFen: 100, Reason: text},
		moderation.PlanSpotCheck{Room: "A", Title: text, Plan: moderation.SamplePlan{By: moderation.SampleRule, Size: 2}},
		moderation.ReviewSample{Case: id, Flag: flag, Verdict: moderation.FlagDismissed, Reason: text},
		moderation.LiftPenalty{Case: id, Version: version, Penalty: 1, Reason: text},
		moderation.FreezeOrders{Case: id, Version: version, Orders: []string{"LR1"}, Reason: text},
		moderation.ReleaseOrders{Case: id, Version: version, Orders: []string{"LR1"}, Reason: text},
		moderation.HearMerchant{
			Case: id, Version: version, Orders: []string{"LR1"}, Text: text,
			Verdict: rapid.SampledFrom([]moderation.Verdict{moderation.VerdictGenuine, moderation.VerdictBadFaith, "x"}).Draw(t, "verdict"),
		},
		moderation.Undo{},
	}).Draw(t, "command")
}

// sound fails where the record is in a state that nothing may lead to.
func (d *desk) sound(t *rapid.T) {
	ctx := context.Background()
	cases := make(map[int64]moderation.Case)
	for _, c := range must(d.store.Cases(ctx, moderation.Page{})) {
		cases[c.ID] = c
		ended := c.State == moderation.CaseStateResolved || c.State == moderation.CaseStateClosed
		if c.State != moderation.CaseStateWithdrawn && ended != (c.Outcome != "") {
			t.Fatalf("a case is %s with the outcome %q", c.State, c.Outcome)
		}
		soundClocks(t, c)
		soundHolds(t, c)
		soundPenalties(t, c)
		if (c.State == moderation.CaseStateClosed || c.State == moderation.CaseStateWithdrawn) == c.ClosedAt.IsZero() {
			t.Fatalf("a case is %s, closed at %v", c.State, c.ClosedAt)
		}
	}
	in := func(what string, id int64, listed func(moderation.Case) bool) {
		if id == 0 {
			return
		}
		if c, ok := cases[id]; !ok || c.State == moderation.CaseStateWithdrawn || !listed(c) {
			t.Fatalf("%s is in case %d, which is %+v", what, id, c)
		}
	}
	for _, f := range d.flags() {
		decided := f.Status == moderation.FlagConfirmed || f.Status == moderation.FlagDismissed
		if decided && (f.DecidedBy == "" || f.DecidedAt.IsZero()) {
			t.Fatalf("flag %d is %s by nobody", f.ID, f.Status)
		}
		in(fmt.Sprint("flag ", f.ID), f.Case, func(c moderation.Case) bool { return slices.Contains(c.Flags, f.ID) })
	}
	for _, m := range must(d.store.Complaints(ctx, moderation.Page{})) {
		in(fmt.Sprint("complaint ", m.ID), m.Case, func(c moderation.Case) bool { return slices.Contains(c.Complaints, m.ID) })
	}
	for _, p := range must(d.store.Problems(ctx, moderation.Page{})) {
		if p.Into != 0 && len(p.Complaints) > 0 {
			t.Fatalf("problem %d was put into %d and keeps complaints %v", p.ID, p.Into, p.Complaints)
		}
	}
	for _, o := range must(d.store.Orders(ctx, moderation.Page{})) {
		in("order "+o.ID, o.Case, func(c moderation.Case) bool { return slices.Contains(c.Orders, o.ID) })
	}
	for _, e := range must(d.store.Effects(ctx, time.Time{})) {
		byHand := e.Kind == moderation.TellHost{}.Name() && e.Status == moderation.EffectSent
		if !byHand && e.Status != moderation.EffectPending && e.Status != moderation.EffectCancelled {
			t.Fatalf("an effect is %s though nobody carries any", e.Status)
		}
	}
}

// soundHolds fails where a case holds back what it does not have, the same order
// twice, or, when it has an outcome, an order nobody answers for.
func soundHolds(t *rapid.T, c moderation.Case) {
	held := make(map[string]bool)
	for _, h := range c.Holds {
		switch {
		case !slices.Contains(c.Orders, h.Order):
			t.Fatalf("case %d holds back an order of others: %+v", c.ID, h)
		case h.By == "" || h.Reason == "" || (h.ReleasedBy == "") != (h.Release == ""):
			t.Fatalf("case %d: nobody says why: %+v", c.ID, h)
		case held[h.Order] && h.Held():
			t.Fatalf("case %d holds back %s twice", c.ID, h.Order)
		case c.Outcome != "" && h.Held() && h.Verdict != moderation.VerdictBadFaith:
			t.Fatalf("case %d is %s with the outcome %s and still holds back %+v", c.ID, c.State, c.Outcome, h)
		}
		held[h.Order] = held[h.Order] || h.Held()
	}
}

// soundClocks fails where a case's clocks are not what its state asks for.
func soundClocks(t *rapid.T, c moderation.Case) {
	if c.State == moderation.CaseStateWithdrawn {
		return
	}
	var next time.Time
	for _, k := range c.Clocks {
		paused := len(k.Pauses) > 0 && k.Pauses[len(k.Pauses)-1].To.IsZero()
		open := k.MetAt.IsZero()
		switch {
		case k.Started.IsZero() || !k.Due.After(k.Started):
			t.Fatalf("case %d: clock %+v", c.ID, k)
		case paused && (!open || c.State != moderation.CaseStateWaiting):
			t.Fatalf("case %d is %s and its clock stands still: %+v", c.ID, c.State, k)
		case open && !paused && c.State == moderation.CaseStateWaiting:
			t.Fatalf("case %d waits and its clock runs: %+v", c.ID, k)
		case open && c.State == moderation.CaseStateClosed && k.MissedAt.IsZero():
			t.Fatalf("case %d is closed and its clock runs: %+v", c.ID, k)
		}
		if open && !paused && (next.IsZero() || k.Due.Before(next)) {
			next = k.Due
		}
	}
	if !c.DueAt.Equal(next) {
		t.Fatalf("case %d is due at %v and its next clock at %v", c.ID, c.DueAt, next)
	}
	if (c.State == moderation.CaseStateOpen) && len(c.Clocks) == 0 {
		t.Fatalf("case %d has no clock", c.ID)
	}
}

// soundPenalties fails where a case's penalties are not what it came to.
func soundPenalties(t *rapid.T, c moderation.Case) {
	standing := make(map[string]bool)
	for _, p := range c.Penalties {
		who := string(p.By) + p.Subject
		switch {
		case p.State != moderation.PenaltyImposed && (p.EndedBy == "" || (p.EndReason == "") != (p.Appeal != 0)):
			t.Fatalf("case %d: a penalty ended by nobody or for nothing: %+v", c.ID, p)
		case p.State != moderation.PenaltyImposed:
		case c.Outcome == moderation.OutcomeUnfounded || c.State == moderation.CaseStateWithdrawn || standing[who]:
			t.Fatalf("case %d is %s, %s, with the penalties %+v", c.ID, c.State, c.Outcome, c.Penalties)
		}
		standing[who] = standing[who] || p.State == moderation.PenaltyImposed
	}
}

// clocks are when the clocks of all cases are due, by their names and starts.
func (d *desk) clocks() map[string]time.Time {
	out := make(map[string]time.Time)
	for _, c := range must(d.store.Cases(context.Background(), moderation.Page{})) {
		for _, k := range c.Clocks {
			out[fmt.Sprint(c.ID, k.Name, k.Started)] = k.Due
		}
	}
	return out
}

// fits fails where somebody works on a case that is not for them.
func fits(t *rapid.T, who moderation.Actor, c moderation.Command, worked *moderation.Case) {
	switch c.(type) {
	case moderation.TakeCase, moderation.NextCase, moderation.MoveCase, moderation.StartClock, moderation.MeetClock, moderation.AddToCase, moderation.OpenExposed:
	default:
		return
	}
	if !who.Role.Takes(worked.Kind) || !worked.Escalated.IsZero() && who.Role != moderation.RoleSupervisor {
		t.Fatalf("%#v by a %s came to %+v", c, who.Role, worked)
	}
}

// moved fails where a case went a way that is no move, unless it was undone.
func moved(t *rapid.T, c moderation.Command, before, after map[int64]moderation.CaseState) {
	if _, undo := c.(moderation.Undo); undo {
		return
	}
	for id, from := range before {
		if to := after[id]; to != from && !moderation.CanMove(from, to) {
			t.Fatalf("%s moved case %d from %s to %s", c.Name(), id, from, to)
		}
	}
}

func (d *desk) caseStates() map[int64]moderation.CaseState {
	out := make(map[int64]moderation.CaseState)
	for _, c := range must(d.store.Cases(context.Background(), moderation.Page{})) {
		out[c.ID] = c.State
	}
	return out
}

// Whatever people do in whatever order, no forbidden state is reached, an undo
// restores what was, a refusal changes nothing, and the ledger verifies.
func TestNobodyCanBreakTheRecord(t *testing.T) {
	run := 0
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		run++
		d := &desk{t: t, path: filepath.Join(dir, fmt.Sprint(run, ".db")), clock: &clock{now: start}}
		d.cfg = moderation.Config{Checker: words{}, Clock: d.clock.Now}
		d.open()
		defer func() { _ = d.store.Close() }()
		d.commit(
			onAir(1, "D01", 100), says(2, "纯羊毛"), says(3, "纯羊毛 最好"), onAir(4, "D02", 100), says(5, "羊毛"),
			trade(6, "LR1", feed.StatusPaid, "D01", 100), complains(7, "不是纯羊毛", "D01", "LR1"), complains(8, "还没发货", "D01", ""),
			complains(9, "标签写着聚酯纤维，不是纯羊毛", "D01", ""), complains(10, "催发货", "D01", ""), asks(11, "能机洗吗"), asks(12, "包邮吗"),
		)
		people := []moderation.Actor{lan, you, bing, {Name: "客", Role: "viewer"}}
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			d.clock.pass(rapid.SampledFrom([]time.Duration{0, time.Second, 10 * time.Second, 30 * time.Minute, 30 * time.Hour, -time.Hour}).Draw(rt, "pass"))
			who := rapid.SampledFrom(people).Draw(rt, "actor")
			c := randomCommand(rt, d)
			states, clocks, before := d.caseStates(), d.clocks(), d.state()
			res, err := d.Do(context.Background(), who, c)
			var no *moderation.Refusal
			switch {
			case err != nil && !errors.As(err, &no):
				rt.Fatalf("%#v by %s: %v", c, who.Name, err)
			case err != nil && d.state() != before:
				rt.Fatalf("%#v by %s was refused (%v) and changed the record", c, who.Name, err)
			case err == nil && !who.Role.May(c.Name()):
				rt.Fatalf("%#v was done by a %s", c, who.Role)
			}
			moved(rt, c, states, d.caseStates())
			if err == nil {
				fits(rt, who, c, res.Case)
			}
			if _, undo := c.(moderation.Undo); !undo {
				kept := d.clocks()
				for k, due := range clocks {
					if now, ok := kept[k]; !ok || now.Before(due) {
						rt.Fatalf("%#v lost the clock %s, due %s, or made it due earlier: %s", c, k, due, now)
					}
				}
			}
			d.sound(rt)
			if _, undo := c.(moderation.Undo); err != nil || undo || !rapid.Bool().Draw(rt, "undo at once") {
				continue
			}
			if _, err := d.Do(context.Background(), who, moderation.Undo{}); err != nil {
				rt.Fatalf("undo of %#v: %v", c, err)
			}
			if after := d.state(); after != before {
				rt.Fatalf("undo of %#v\n got %s\nwant %s", c, after, before)
			}
			d.sound(rt)
		}
		d.verify()
	})
}
