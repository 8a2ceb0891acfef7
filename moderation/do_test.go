package moderation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// withFlags is a desk with flags 1 (material, D01), 2 (material, D01), 3
// (absolute, D01) and 4 (material, D02), order LR1 and a complaint about it.
func withFlags(t *testing.T) *desk {
	d := newDesk(t)
	d.commit(
		onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), says(3, "纯羊毛的 最好"), onAir(4, "D02", 200), says(5, "羊毛"),
		trade(6, "LR1", feed.StatusPaid, "D01", 100), complains(7, "不是纯羊毛", "D01", "LR1"),
	)
	return d
}

func TestEveryRefusalHasASentence(t *testing.T) {
	for _, c := range moderation.Codes() {
		if text := (&moderation.Refusal{Code: c}).Error(); text == "" {
			t.Errorf("%s has no sentence", c)
		}
	}
}

func TestConfirmAFlag(t *testing.T) {
	d := withFlags(t)
	d.clock.pass(time.Minute)
	r := d.do(lan, moderation.ConfirmFlag{Flag: 1})
	f := d.flag(1)
	if f.Status != moderation.FlagConfirmed || f.DecidedBy != "阿岚" || !f.DecidedAt.Equal(at(60)) || f.Case != 0 || f.Version != 2 {
		t.Errorf("flag %+v", f)
	}
	if r.Flag == nil || r.Flag.Status != moderation.FlagConfirmed || r.Case != nil || !r.UndoUntil.Equal(at(75)) || r.Action == 0 {
		t.Errorf("result %+v", r)
	}
	d.refused(moderation.CodeDecided, moderation.Actor{Name: "小柚", Role: moderation.RoleModerator}, moderation.DismissFlag{Flag: 1})
	d.refused(moderation.CodeDecided, lan, moderation.SnoozeFlag{Flag: 1})
	d.refused(moderation.CodeNotFound, lan, moderation.ConfirmFlag{Flag: 99})
	d.verify()
}

func TestAConfirmedFlagJoinsTheCaseOfItsMatter(t *testing.T) {
	d := withFlags(t)
	first := d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	c := first.Case
	if c == nil || c.Kind != moderation.CaseFalseAdvertising || c.State != moderation.CaseStateOpen || c.SKU != "D01" || c.Category != "material" ||
		c.Title != "纯羊毛" || c.OpenedBy != "阿岚" || !c.DueAt.Equal(c.OpenedAt.Add(48*time.Hour)) || first.Flag.Case != c.ID {
		t.Fatalf("case %+v, flag %+v", c, first.Flag)
	}
	tests := []struct {
		name string
		flag int64
		same bool
	}{
		{"the same matter", 2, true},
		{"another category", 3, false},
		{"another product", 4, false},
	}
	for _, tt := range tests {
		r := d.do(lan, moderation.ConfirmFlag{Flag: tt.flag, OpenCase: true})
		if (r.Case.ID == c.ID) != tt.same {
			t.Errorf("%s: flag %d is in case %d, the first in case %d", tt.name, tt.flag, r.Case.ID, c.ID)
		}
	}
	if got := d.incident(c.ID).Flags; !slices.Equal(got, []int64{1, 2}) {
		t.Errorf("the case holds flags %v, want 1 and 2", got)
	}
	d.verify()
}

func TestAConfirmedFlagCanStillBeGivenACase(t *testing.T) {
	d := withFlags(t)
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	r := d.do(bing, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	if f := d.flag(1); f.Case == 0 || f.Case != r.Case.ID || f.DecidedBy != "阿岚" {
		t.Errorf("flag %+v, result %+v", f, r)
	}
	d.refused(moderation.CodeDecided, lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
}

func TestOnlyASupervisorOverturns(t *testing.T) {
	d := withFlags(t)
	d.do(lan, moderation.DismissFlag{Flag: 1, Reason: " 听错 "})
	if f := d.flag(1); f.Reason != "听错" || f.Status != moderation.FlagDismissed {
		t.Errorf("flag %+v", f)
	}
	r := d.refused(moderation.CodeDecided, lan, moderation.ConfirmFlag{Flag: 1})
	if r.Args["by"] != "阿岚" || !strings.Contains(r.Error(), "flag #1 was already dismissed by 阿岚") {
		t.Errorf("refusal %q", r.Error())
	}
	d.do(bing, moderation.ConfirmFlag{Flag: 1})
	if f := d.flag(1); f.Status != moderation.FlagConfirmed || f.DecidedBy != "秉文" || f.Reason != "" {
		t.Errorf("flag %+v", f)
	}
	d.verify()
}

func TestCorrectTheHost(t *testing.T) {
	d := withFlags(t)
	r := d.do(lan, moderation.CorrectHost{Flag: 1, Text: " 更正一下 "})
	all := must(d.store.Effects(t.Context(), time.Time{}))
	if len(all) != 1 {
		t.Fatalf("effects %+v", all)
	}
	e := all[0]
	if e.Kind != "correct-host" || e.Target != "transcript-2" || e.Text != "更正一下" || e.Status != moderation.EffectPending ||
		!e.NotBefore.Equal(r.UndoUntil) || e.Flag != 1 || e.Action != r.Action || e.Room != "A" {
		t.Errorf("effect %+v, result %+v", e, r)
	}
	if f := d.flag(1); !f.Corrected.IsZero() || f.Version != 1 || r.Flag == nil {
		t.Errorf("flag %+v: nobody was told yet", f)
	}
	d.refused(moderation.CodeNeedsText, lan, moderation.CorrectHost{Flag: 1, Text: " \u200b\n"})
	d.refused(moderation.CodeTooLong, lan, moderation.CorrectHost{Flag: 1, Text: strings.Repeat("正", 4001)})
	d.do(lan, moderation.DismissFlag{Flag: 2})
	d.refused(moderation.CodeNotConfirmed, lan, moderation.CorrectHost{Flag: 2, Text: "更正"})
	d.verify()
}

func TestTellTheHost(t *testing.T) {
	d := withFlags(t)
	if d.WayOut("r1", "", "correct-host") {
		t.Error("a desk without an effector has a way out")
	}
	d.clock.pass(time.Minute)
	told := at(60)
	r := d.do(lan, moderation.TellHost{Flag: 1, Text: " 跟主播说了 "})
	all := must(d.store.Effects(t.Context(), time.Time{}))
	if len(all) != 1 {
		t.Fatalf("effects %+v", all)
	}
	e := all[0]
	if e.Kind != "tell-host" || e.Text != "跟主播说了" || e.Status != moderation.EffectSent || e.Result != "told by 阿岚" || e.Flag != 1 || e.Action != r.Action {
		t.Errorf("effect %+v", e)
	}
	if f := d.flag(1); !f.Corrected.Equal(told) || f.ChangedBy != "阿岚" {
		t.Errorf("flag %+v", f)
	}
	d.clock.pass(time.Second)
	d.do(lan, moderation.TellHost{Flag: 1, Text: "又说了一遍"})
	if f := d.flag(1); !f.Corrected.Equal(told) {
		t.Errorf("told first at %v, want %v", f.Corrected, told)
	}
	d.do(lan, moderation.Undo{})
	if f := d.flag(1); !f.Corrected.Equal(told) {
		t.Error("undoing the second telling undid the first")
	}
	d.do(lan, moderation.Undo{})
	if f := d.flag(1); !f.Corrected.IsZero() {
		t.Errorf("flag %+v after undoing", f)
	}
	for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
		if e.Status != moderation.EffectCancelled {
			t.Errorf("effect %+v after undoing", e)
		}
	}
	d.refused(moderation.CodeNeedsText, lan, moderation.TellHost{Flag: 1, Text: " "})
	d.refused(moderation.CodeNotFound, lan, moderation.TellHost{Flag: 99, Text: "更正"})
	d.do(lan, moderation.DismissFlag{Flag: 2})
	d.refused(moderation.CodeNotConfirmed, lan, moderation.TellHost{Flag: 2, Text: "更正"})
	d.verify()
}

func TestOpenACaseByHand(t *testing.T) {
	d := withFlags(t)
	open := moderation.OpenCase{
		Room: "A", Kind: moderation.CaseComplaint, Title: "不是纯羊毛", SKU: "D01", Flags: []int64{1, 1}, Complaints: []int64{1}, Orders: []string{"LR1"},
	}
	r := d.do(you, open)
	if !slices.Equal(r.Case.Flags, []int64{1}) || r.Case.Category != "material" {
		t.Errorf("case %+v", r.Case)
	}
	m := must(d.store.Complaints(t.Context(), moderation.Page{}))[0]
	o := must(d.store.Order(t.Context(), "LR1"))
	if d.flag(1).Case != r.Case.ID || m.Case != r.Case.ID || o.Case != r.Case.ID {
		t.Errorf("flag in case %d, complaint in %d, order in %d; want %d", d.flag(1).Case, m.Case, o.Case, r.Case.ID)
	}
	d.refused(moderation.CodeInCase, you, open)
	with := func(change func(*moderation.OpenCase)) moderation.OpenCase {
		c := moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "x"}
		change(&c)
		return c
	}
	for code, c := range map[moderation.Code]moderation.OpenCase{
		moderation.CodeNeedsText: with(func(c *moderation.OpenCase) { c.Title = " " }),
		moderation.CodeBadKind:   with(func(c *moderation.OpenCase) { c.Kind = "quarrel" }),
		moderation.CodeNotFound:  with(func(c *moderation.OpenCase) { c.Room = "nowhere" }),
	} {
		d.refused(code, you, c)
	}
	for _, c := range []moderation.OpenCase{
		with(func(c *moderation.OpenCase) { c.Flags = []int64{99} }),
		with(func(c *moderation.OpenCase) { c.Complaints = []int64{99} }),
		with(func(c *moderation.OpenCase) { c.Orders = []string{"none"} }),
	} {
		d.refused(moderation.CodeNotFound, you, c)
	}
	if n := len(must(d.store.Cases(t.Context(), moderation.Page{}))); n != 1 {
		t.Errorf("%d cases after refusals, want 1", n)
	}
	d.verify()
}

func TestACaseFromOpeningToClosing(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	move := func(to moderation.CaseState, outcome moderation.Outcome, reason string) moderation.MoveCase {
		return moderation.MoveCase{Case: c.ID, Version: c.Version, To: to, Outcome: outcome, Reason: reason}
	}
	c = *d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
	if c.Owner != "小柚" {
		t.Fatalf("case %+v", c)
	}
	d.refused(moderation.CodeUnchanged, you, moderation.TakeCase{Case: c.ID, Version: c.Version})
	d.refused(moderation.CodeOwned, lan, moderation.TakeCase{Case: c.ID, Version: c.Version})
	d.refused(moderation.CodeOwned, lan, move(moderation.CaseStateReview, "", ""))
	d.refused(moderation.CodeBadMove, you, move(moderation.CaseStateClosed, moderation.OutcomeUpheld, ""))
	c = *d.do(you, move(moderation.CaseStateReview, "", "先听回放")).Case
	c = *d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "属实"}).Case
	d.refused(moderation.CodeNeedsOutcome, you, move(moderation.CaseStateResolved, "", ""))
	d.refused(moderation.CodeBadOutcome, you, move(moderation.CaseStateResolved, "maybe", ""))
	c = *d.do(you, move(moderation.CaseStateResolved, moderation.OutcomeUpheld, "")).Case
	d.refused(moderation.CodeBadMove, you, move(moderation.CaseStateOpen, "", ""))
	c = *d.do(you, move(moderation.CaseStateClosed, "", "")).Case
	if c.State != moderation.CaseStateClosed || c.Outcome != moderation.OutcomeUpheld || c.ClosedAt.IsZero() || len(c.Notes) != 2 {
		t.Errorf("closed case %+v", c)
	}
	d.refused(moderation.CodeNeedsReason, you, move(moderation.CaseStateReview, "", ""))
	c = *d.do(bing, move(moderation.CaseStateReview, "", "买家申诉")).Case
	if c.State != moderation.CaseStateReview || c.Outcome != "" || !c.ClosedAt.IsZero() || c.Owner != "小柚" {
		t.Errorf("reopened case %+v", c)
	}
	c = *d.do(bing, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
	if c.Owner != "秉文" {
		t.Errorf("case %+v", c)
	}
	d.refused(moderation.CodeNotFound, you, moderation.TakeCase{Case: 99, Version: 1})
	d.verify()
}

func TestTwoPeopleOnOneCase(t *testing.T) {
	d := withFlags(t)
	seen := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	d.do(you, moderation.TakeCase{Case: seen.ID, Version: seen.Version})
	for _, c := range []moderation.Command{
		moderation.TakeCase{Case: seen.ID, Version: seen.Version},
		moderation.MoveCase{Case: seen.ID, Version: seen.Version, To: moderation.CaseStateReview},
		moderation.NoteCase{Case: seen.ID, Version: seen.Version, Text: "x"},
		moderation.NoteCase{Case: seen.ID, Text: "x"},
	} {
		r := d.refused(moderation.CodeConflict, bing, c)
		if !errors.Is(r, moderation.ErrConflict) || !strings.Contains(r.Error(), "case #1 was changed by 小柚") {
			t.Errorf("refusal %q", r.Error())
		}
	}
	if c := d.incident(seen.ID); c.Owner != "小柚" {
		t.Errorf("case %+v", c)
	}
}

// Each row holds what is done, and what must be as before once it is undone.
func TestUndo(t *testing.T) {
	tests := []struct {
		name string
		do   func(d *desk)
	}{
		{"confirm", func(d *desk) { d.do(lan, moderation.ConfirmFlag{Flag: 2}) }},
		{"confirm and join", func(d *desk) { d.do(lan, moderation.ConfirmFlag{Flag: 2, OpenCase: true}) }},
		{"confirm and open", func(d *desk) { d.do(lan, moderation.ConfirmFlag{Flag: 3, OpenCase: true}) }},
		{"dismiss", func(d *desk) { d.do(lan, moderation.DismissFlag{Flag: 2, Reason: "x"}) }},
		{"snooze", func(d *desk) { d.do(lan, moderation.SnoozeFlag{Flag: 2}) }},
		{"correct the host", func(d *desk) { d.do(lan, moderation.CorrectHost{Flag: 2, Text: "更正"}) }},
		{"tell the host", func(d *desk) { d.do(lan, moderation.TellHost{Flag: 2, Text: "更正"}) }},
		{"take", func(d *desk) { d.do(lan, moderation.TakeCase{Case: 1, Version: 1}) }},
		{"next", func(d *desk) { d.do(lan, moderation.NextCase{}) }},
		{"skip", func(d *desk) { d.do(lan, moderation.SkipCase{Case: 1, Version: 1, Reason: "x"}) }},
		{"add to a case", func(d *desk) {
			d.do(lan, moderation.AddToCase{Case: 1, Version: 1, Flags: []int64{2}, Complaints: []int64{1}, Orders: []string{"LR1"}})
		}},
		{"watch", func(d *desk) { d.do(lan, moderation.WatchCase{Case: 1}) }},
		{"escalate", func(d *desk) { d.do(lan, moderation.EscalateCase{Case: 1, Version: 1, Reason: "x"}) }},
		{"put off", func(d *desk) {
			d.do(lan, moderation.SnoozeCase{Case: 1, Version: 1, Until: d.clock.Now().Add(time.Hour), Reason: "x"})
		}},
		{"start a clock", func(d *desk) {
			d.do(lan, moderation.StartClock{Case: 1, Version: 1, Clock: "pay", Started: start, Due: start.Add(time.Hour)})
		}},
		{"wait", func(d *desk) {
			d.do(lan, moderation.MoveCase{Case: 1, Version: 1, To: moderation.CaseStateWaiting, Reason: "x"})
		}},
		{"move", func(d *desk) {
			d.do(lan, moderation.MoveCase{Case: 1, Version: 1, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
		}},
		{"note", func(d *desk) { d.do(lan, moderation.NoteCase{Case: 1, Version: 1, Text: "x"}) }},
		{"open by hand", func(d *desk) {
			d.do(lan, moderation.OpenCase{
				Room: "A", Kind: moderation.CaseComplaint, Title: "x", Flags: []int64{2}, Complaints: []int64{1}, Orders: []string{"LR1"},
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := withFlags(t)
			d.do(moderation.Actor{Name: "小柚", Role: moderation.RoleModerator}, moderation.ConfirmFlag{Flag: 1, OpenCase: true}) // case 1
			before := d.state()
			tt.do(d)
			if d.state() == before {
				t.Fatal("the action changed nothing")
			}
			r := d.do(lan, moderation.Undo{})
			if after := d.state(); after != before {
				t.Errorf("after undo\n got %s\nwant %s", after, before)
			}
			if r.Undone == "" || r.Action == 0 || !r.UndoUntil.IsZero() {
				t.Errorf("result %+v", r)
			}
			d.refused(moderation.CodeNothingToUndo, lan, moderation.Undo{})
			for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
				if e.Status != moderation.EffectCancelled {
					t.Errorf("effect %+v, want it cancelled", e)
				}
			}
			if a := must(d.store.Actions(t.Context(), moderation.Page{})); len(a) != 3 || a[2].Command != "undo" || !a[1].Undone {
				t.Errorf("actions %+v, want the undoing as one of its own", a)
			}
			d.verify()
		})
	}
}

// state is what a person sees of all rows: no version, no hand that wrote last,
// and no case that was withdrawn.
func (d *desk) state() string {
	d.t.Helper()
	ctx := d.t.Context()
	var b strings.Builder
	for _, f := range d.flags() {
		f.Version, f.ChangedBy = 0, ""
		fmt.Fprintf(&b, "%+v\n", f)
	}
	for _, c := range must(d.store.Cases(ctx, moderation.Page{})) {
		if c.State != moderation.CaseStateWithdrawn {
			c.Version, c.ChangedBy, c.ChangedAt, c.Seal = 0, "", time.Time{}, moderation.Seal{}
			fmt.Fprintf(&b, "%+v\n", c)
		}
	}
	for _, c := range must(d.store.Complaints(ctx, moderation.Page{})) {
		c.Version, c.Seal = 0, moderation.Seal{}
		fmt.Fprintf(&b, "%+v\n", c)
	}
	for _, p := range must(d.store.Problems(ctx, moderation.Page{})) {
		if p.Into == 0 {
			p.Version, p.ChangedBy, p.Seal = 0, "", moderation.Seal{}
			fmt.Fprintf(&b, "%+v\n", p)
		}
	}
	for _, q := range must(d.store.Questions(ctx, moderation.Page{})) {
		q.Version, q.Seal = 0, moderation.Seal{}
		fmt.Fprintf(&b, "%+v\n", q)
	}
	for _, o := range must(d.store.Orders(ctx, moderation.Page{})) {
		o.Version, o.Seal = 0, moderation.Seal{}
		fmt.Fprintf(&b, "%+v\n", o)
	}
	for _, e := range must(d.store.Effects(ctx, time.Time{})) {
		if e.Status != moderation.EffectCancelled {
			e.Seal = moderation.Seal{}
			fmt.Fprintf(&b, "%+v\n", e)
		}
	}
	return b.String()
}

func TestUndoStepByStep(t *testing.T) {
	d := withFlags(t)
	before := d.state()
	d.do(lan, moderation.SnoozeFlag{Flag: 1})
	d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	d.do(lan, moderation.ConfirmFlag{Flag: 2, OpenCase: true})
	for range 3 {
		d.do(lan, moderation.Undo{})
	}
	if after := d.state(); after != before {
		t.Errorf("after three undos\n got %s\nwant %s", after, before)
	}
	d.refused(moderation.CodeNothingToUndo, lan, moderation.Undo{})
	d.verify()
}

func TestUndoHasItsTime(t *testing.T) {
	d := withFlags(t)
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	d.clock.pass(15*time.Second - 1)
	d.do(lan, moderation.Undo{})
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	d.clock.pass(15 * time.Second)
	d.refused(moderation.CodeUndoOver, lan, moderation.Undo{})
	if d.flag(1).Status != moderation.FlagConfirmed {
		t.Error("a refused undo changed the flag")
	}
}

func TestUndoRespectsWhatOthersDidSince(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "在看"})
	r := d.refused(moderation.CodeChangedSince, lan, moderation.Undo{})
	if !strings.Contains(r.Error(), "confirm-flag cannot be undone, case #1 was changed by 小柚 since") {
		t.Errorf("refusal %q", r.Error())
	}
	if d.flag(1).Status != moderation.FlagConfirmed {
		t.Error("half of the action was undone")
	}
	d.refused(moderation.CodeNothingToUndo, bing, moderation.Undo{})
	d.verify()
}

// Orders go on changing with what arrives; undoing takes back only the case.
func TestUndoKeepsWhatArrivedSince(t *testing.T) {
	d := withFlags(t)
	d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "x", Orders: []string{"LR1"}})
	d.commit(trade(8, "LR1", feed.StatusShipped, "D01", 100))
	d.do(you, moderation.Undo{})
	if o := must(d.store.Order(t.Context(), "LR1")); o.Status != feed.StatusShipped || o.Case != 0 {
		t.Errorf("order %+v, want it shipped and in no case", o)
	}
	d.verify()
}

// TestTheUndoWindowIsThePersons: a replay's clock may run a day in a second;
// the person has fifteen seconds of their own.
func TestTheUndoWindowIsThePersons(t *testing.T) {
	wall := &clock{now: start.Add(48 * time.Hour)}
	d := newDesk(t, func(c *moderation.Config) { c.Wall = wall.Now })
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"))
	d.do(lan, moderation.DismissFlag{Flag: 1})
	d.clock.pass(24 * time.Hour)
	wall.pass(14 * time.Second)
	d.do(lan, moderation.Undo{})
	if f := d.flag(1); f.Status != moderation.FlagOpen {
		t.Errorf("after the undo the flag is %s", f.Status)
	}
	d.do(lan, moderation.DismissFlag{Flag: 1})
	wall.pass(15 * time.Second)
	d.refused(moderation.CodeUndoOver, lan, moderation.Undo{})
}
