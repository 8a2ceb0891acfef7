package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// wen is a supervisor who decides nothing else in the tests.
var wen = moderation.Actor{Name: "文主管", Role: moderation.RoleSupervisor}

// appeals raises an appeal against a case.
func (d *desk) appeals(of moderation.Case, set ...func(*moderation.OpenCase)) moderation.Case {
	d.t.Helper()
	return *d.do(you, appealOf(of, set...)).Case
}

func appealOf(of moderation.Case, set ...func(*moderation.OpenCase)) moderation.OpenCase {
	o := moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "主播不服", AppealOf: of.ID, Evidence: 2}
	for _, s := range set {
		s(&o)
	}
	return o
}

func (d *desk) decides(by moderation.Actor, c moderation.Case, o moderation.Outcome) moderation.Case {
	d.t.Helper()
	return *d.do(by, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: o}).Case
}

// The last second of the seventh day is in time, the next is not; days are the
// room's. Who is late is told by which clause, and a supervisor may let them in
// with a reason, which the case keeps.
func TestTheTimeToAppeal(t *testing.T) {
	last := time.Date(2026, 11, 27, 15, 59, 59, 0, time.UTC) // 23:59:59 in Shanghai
	for _, tt := range []struct {
		name string
		at   time.Time
		late bool
	}{
		{"at once", start, false},
		{"the second before the last", last.Add(-time.Second), false},
		{"the last second", last, false},
		{"one second later", last.Add(time.Second), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := withFlags(t)
			c := d.penalises(boss, d.upheld(1), moderation.Offence{})
			d.clock.pass(tt.at.Sub(start))
			if !tt.late {
				if a := d.appeals(c); a.Appeal.Late || !a.Appeal.Until.Equal(last) || a.Appeal.Window != "5.9.window" || a.Appeal.Policy != "douyin.appeal" {
					t.Errorf("appeal %+v", a.Appeal)
				}
				return
			}
			no := d.refused(moderation.CodeAppealLate, you, appealOf(c))
			if no.Args["clause"] != "5.9.window" && no.Args["clause"] != "1.17.window" || no.Args["at"] != last.Format(time.RFC3339) {
				t.Errorf("refusal %+v", no)
			}
			sorry := func(o *moderation.OpenCase) { o.Late = "平台停机两天" }
			d.refused(moderation.CodeAppealLate, you, appealOf(c, sorry))
			a := *d.do(wen, appealOf(c, sorry)).Case
			if !a.Appeal.Late || len(a.Notes) != 1 || a.Notes[0].By != wen.Name {
				t.Errorf("late appeal %+v", a)
			}
			d.verify()
		})
	}
}

// An appeal raised in time may be entered later: the moment it was raised
// counts, for the window as for the clock of its decision.
func TestAnAppealIsEnteredLaterThanRaised(t *testing.T) {
	d := withFlags(t)
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	d.clock.pass(9 * 24 * time.Hour)
	raised := func(at time.Time) func(*moderation.OpenCase) {
		return func(o *moderation.OpenCase) { o.RaisedAt = at }
	}
	d.refused(moderation.CodeRaisedWhen, you, appealOf(c, raised(start.Add(-time.Second))))
	d.refused(moderation.CodeRaisedWhen, you, appealOf(c, raised(d.clock.Now().Add(time.Second))))
	a := d.appeals(c, raised(start.Add(24*time.Hour)))
	i := slices.IndexFunc(a.Clocks, func(k moderation.Clock) bool { return k.Name == "appeal-decision" })
	// Raised on Saturday the 21st in Shanghai: five working days end on the 27th.
	if i < 0 || !a.Clocks[i].Started.Equal(start.Add(24*time.Hour)) || !a.Clocks[i].Due.Equal(time.Date(2026, 11, 27, 15, 59, 59, 0, time.UTC)) {
		t.Errorf("clocks %+v", a.Clocks)
	}
	d.verify()
}

func TestWhatCanBeContested(t *testing.T) {
	d := withFlags(t)
	warned := d.penalises(boss, d.upheld(1), moderation.Offence{Gravity: "low"})
	no := d.refused(moderation.CodeNotAppealable, you, appealOf(warned))
	if no.Args["clause"] != "1.17.ruling" && no.Args["clause"] != "5.9.ticket" {
		t.Errorf("a warning was refused by %+v", no)
	}
	fined := d.penalises(boss, d.upheld(4), moderation.Offence{Gravity: "high"})
	d.refused(moderation.CodeNoOffender, you, appealOf(fined, func(o *moderation.OpenCase) { o.AppealBy = "courier" }))
	bare := d.appeals(fined, func(o *moderation.OpenCase) { o.Evidence = 0 })
	if bare.Appeal.Policy != "kuaishou.appeal" || bare.Appeal.Ruling != "penalty" || !slices.Contains(bare.Appeal.DecidedBy, "老秦") || !slices.Contains(bare.Appeal.DecidedBy, "阿岚") {
		t.Errorf("without evidence the other policy lets it in: %+v", bare.Appeal)
	}
	d.refused(moderation.CodeAppealed, you, appealOf(fined))
	d.decides(wen, bare, moderation.OutcomeUnfounded)
	d.refused(moderation.CodeAppealed, you, appealOf(fined))
	d.refused(moderation.CodeNothingToAppeal, you, appealOf(bare))
	d.verify()
}

// Where the house has only the policy that asks for evidence, an appeal without
// any is refused by that clause.
func TestAnAppealGoesByTheHousesPolicies(t *testing.T) {
	shipped := must(policy.Shipped())
	d := newDesk(t, func(c *moderation.Config) { c.Policies = must(shipped.Only("penalty.seller", "douyin.appeal")) })
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"))
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	if no := d.refused(moderation.CodeNotAppealable, you, appealOf(c, func(o *moderation.OpenCase) { o.Evidence = 0 })); no.Args["clause"] != "4.7.evidence" {
		t.Errorf("refusal %+v", no)
	}
	d.appeals(c)
	d.verify()
}

func TestWhoHearsAnAppeal(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	c = d.decides(bing, c, moderation.OutcomeUpheld)
	c = d.penalises(boss, c, moderation.Offence{})
	a := d.appeals(c)
	for _, decider := range []moderation.Actor{bing, boss, {Name: lan.Name, Role: moderation.RoleSupervisor}} {
		d.refused(moderation.CodeOwnDecision, decider, moderation.TakeCase{Case: a.ID, Version: a.Version})
		d.refused(moderation.CodeOwnDecision, decider, moderation.MoveCase{Case: a.ID, Version: a.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
		d.refused(moderation.CodeTheirDecision, wen, moderation.AssignCase{Case: a.ID, Version: a.Version, To: decider.Name})
	}
	// That the contested case is taken up again, and decided by another, frees
	// nobody to hear what they once decided.
	c = *d.do(wen, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview, Reason: "补充证据"}).Case
	d.refused(moderation.CodeOwnDecision, bing, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.decides(wen, c, moderation.OutcomeUpheld)
	d.refused(moderation.CodeOwnDecision, wen, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.refused(moderation.CodeNotYours, you, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.do(moderation.Actor{Name: "第四人", Role: moderation.RoleSupervisor}, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.verify()
}

func TestAnUpheldAppealReverses(t *testing.T) {
	d := withFlags(t)
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	a := d.appeals(c)
	d.refused(moderation.CodeAppealOutcome, wen, moderation.MoveCase{Case: a.ID, Version: a.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeCorrected})
	a = d.decides(wen, a, moderation.OutcomeUpheld)
	p := d.incident(c.ID).Penalties[0]
	if p.State != moderation.PenaltyReversed || p.EndedBy != wen.Name || p.Appeal != a.ID || !slices.Equal(p.Measures, fineAndScore) || p.ImposedBy != "老秦" {
		t.Errorf("penalty %+v", p)
	}
	if !slices.Contains(d.incident(c.ID).Related, a.ID) {
		t.Error("the contested case does not lead to its appeal")
	}
	next := d.upheld(4)
	advice := must(d.RecommendPenalty(t.Context(), next.ID, moderation.Offence{}))
	if r := advice.Result.Recommendation; !slices.Equal(r.Reversed, []string{fmt.Sprint("#", c.ID)}) || len(r.Counted) != 0 || r.Points != 1 {
		t.Errorf("the strike still counts: %+v", r)
	}

	// Nothing makes the decided appeal come to something else.
	back := moderation.MoveCase{Case: a.ID, Version: a.Version, To: moderation.CaseStateReview, Reason: "再看"}
	d.refused(moderation.CodeReversalStands, wen, back)
	a = *d.do(wen, moderation.MoveCase{Case: a.ID, Version: a.Version, To: moderation.CaseStateClosed}).Case
	back.Version = a.Version
	d.refused(moderation.CodeReversalStands, wen, back)
	d.refused(moderation.CodeUnchanged, boss, moderation.LiftPenalty{Case: c.ID, Penalty: 1, Reason: "期满", Version: d.incident(c.ID).Version})

	// Whoever was reversed may be penalised anew, and that can be contested anew.
	c = d.penalises(boss, d.incident(c.ID), moderation.Offence{Gravity: "medium", Kind: "conduct"})
	if len(c.Penalties) != 2 {
		t.Fatalf("penalties %+v", c.Penalties)
	}
	d.verify()
}

func TestAnUnfoundedAppealLeavesAllAsItIs(t *testing.T) {
	d := withFlags(t)
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	a := d.decides(wen, d.appeals(c), moderation.OutcomeUnfounded)
	if now := d.incident(c.ID); now.Version != c.Version || now.Penalties[0].State != moderation.PenaltyImposed {
		t.Errorf("the contested case changed: %+v", now)
	}
	// It may be heard again, by another than who ruled.
	a = *d.do(wen, moderation.MoveCase{Case: a.ID, Version: a.Version, To: moderation.CaseStateReview, Reason: "新证据"}).Case
	d.decides(wen, a, moderation.OutcomeUpheld)
	if d.incident(c.ID).Penalties[0].State != moderation.PenaltyReversed {
		t.Error("heard again and upheld, and the penalty stands")
	}
	d.verify()
}

// A buyer's appeal leaves the host's penalty in the same case alone.
func TestAnAppealReversesWhatHitTheAppellant(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "互相指责", Flags: []int64{1}, Complaints: []int64{1}}).Case
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	c = d.decides(lan, c, moderation.OutcomeUpheld)
	c = d.penalises(boss, c, moderation.Offence{})
	c = d.penalises(boss, c, moderation.Offence{By: moderation.OffenderBuyer, Kind: "malicious_claim", Gravity: "high"})
	byBuyer := func(o *moderation.OpenCase) { o.AppealBy = moderation.OffenderBuyer }
	a := d.appeals(c, byBuyer)
	d.refused(moderation.CodeAppealed, you, appealOf(c, byBuyer))
	other := d.appeals(c, func(o *moderation.OpenCase) { o.AppealBy = moderation.OffenderHost })
	d.decides(wen, a, moderation.OutcomeUpheld)
	c = d.incident(c.ID)
	if c.Penalties[0].State != moderation.PenaltyImposed || c.Penalties[1].State != moderation.PenaltyReversed {
		t.Errorf("penalties %+v", c.Penalties)
	}
	d.decides(wen, other, moderation.OutcomeUpheld)
	if c = d.incident(c.ID); c.Penalties[0].Appeal != other.ID || c.Penalties[1].Appeal != a.ID {
		t.Errorf("penalties %+v", c.Penalties)
	}
	d.verify()
}

// Within its window an upheld appeal can be undone: the penalty stands again, its
// strike counts again, and nobody outside is told of a reversal.
func TestUndoingAnUpheldAppeal(t *testing.T) {
	d := withFlags(t)
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	a := d.appeals(c)
	before := d.state()
	d.decides(wen, a, moderation.OutcomeUpheld)
	d.do(wen, moderation.Undo{})
	if after := d.state(); after != before {
		t.Errorf("undone\n got %s\nwant %s", after, before)
	}
	for _, e := range must(d.store.Effects(t.Context(), time.Time{})) {
		var n moderation.PenaltyNotice
		if err := json.Unmarshal([]byte(e.Text), &n); err != nil {
			t.Fatal(err)
		}
		if n.State == moderation.PenaltyReversed && e.Status != moderation.EffectCancelled {
			t.Errorf("effect %+v", e)
		}
	}
	d.decides(wen, d.incident(a.ID), moderation.OutcomeUpheld)
	d.clock.pass(time.Minute)
	d.refused(moderation.CodeUndoOver, wen, moderation.Undo{})
	d.verify()
}

// appealSteps are what people may do around appeals, on rows that mostly exist.
func appealSteps(t *rapid.T, d *desk) moderation.Command {
	id := rapid.SampledFrom([]int64{2, 1, 3, 4}).Draw(t, "case")
	c, _ := d.store.Case(context.Background(), id)
	move := moderation.MoveCase{Case: id, Version: c.Version, To: moderation.CaseStateResolved, Reason: "说明"}
	move.Outcome = rapid.SampledFrom([]moderation.Outcome{moderation.OutcomeUpheld, moderation.OutcomeUpheld, moderation.OutcomeUnfounded, moderation.OutcomeCorrected}).Draw(t, "outcome")
	again := move
	again.To, again.Outcome = moderation.CaseStateReview, ""
	by := rapid.SampledFrom([]moderation.Offender{"", moderation.OffenderHost, moderation.OffenderBuyer}).Draw(t, "by")
	return rapid.SampledFrom([]moderation.Command{
		move, move, move, move,
		moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: 1, AppealBy: by, Evidence: 1},
		moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: id, Evidence: 1, Late: "停机"},
		moderation.ImposePenalty{
			Case: id, Version: c.Version, Offence: moderation.Offence{By: by, Gravity: "high", Kind: "false_advertising"},
			Measures: []policy.Measure{policy.MeasureFine}, FineFen: 100, Reason: "从重",
		},
		moderation.LiftPenalty{Case: id, Penalty: 1, Version: c.Version, Reason: "期满"},
		again,
		moderation.TakeCase{Case: id, Version: c.Version},
		moderation.AssignCase{Case: id, Version: c.Version, To: "文主管"},
		moderation.Undo{},
	}).Draw(t, "command")
}

// heard fails where somebody decided an appeal against what they had decided.
func (d *desk) heard(t *rapid.T, who moderation.Actor, c moderation.Command, before map[int64]moderation.Case) {
	m, ok := c.(moderation.MoveCase)
	a := before[m.Case]
	if !ok || a.Kind != moderation.CaseAppeal {
		return
	}
	of := before[a.AppealOf]
	own := of.ResolvedBy == who.Name || slices.Contains(a.Appeal.DecidedBy, who.Name)
	for _, p := range of.Penalties {
		own = own || p.ImposedBy == who.Name
	}
	for _, p := range of.Payments {
		own = own || p.State == moderation.PaymentApproved && (p.By == who.Name || p.DecidedBy == who.Name)
	}
	if own {
		t.Fatalf("%s moved %+v, an appeal against what they decided in %+v", who.Name, a, of)
	}
}

// reversedOnce fails where a penalty is reversed without an upheld appeal, by one
// more than once, or stands though one was upheld.
func (d *desk) reversedOnce(t *rapid.T) {
	cases := make(map[int64]moderation.Case)
	for _, c := range must(d.store.Cases(context.Background(), moderation.Page{})) {
		cases[c.ID] = c
	}
	told := make(map[string]int)
	for _, e := range must(d.store.Effects(context.Background(), time.Time{})) {
		var n moderation.PenaltyNotice
		if json.Unmarshal([]byte(e.Text), &n) == nil && n.State == moderation.PenaltyReversed && e.Status != moderation.EffectCancelled {
			told[fmt.Sprint(n.Case, ".", n.Penalty)]++
		}
	}
	for _, c := range cases {
		for i, p := range c.Penalties {
			a := cases[p.Appeal]
			upheld := a.AppealOf == c.ID && a.State.Over() && a.Outcome == moderation.OutcomeUpheld
			want := 0
			if p.State == moderation.PenaltyReversed {
				want = 1
			}
			if (p.State == moderation.PenaltyReversed) != upheld || told[fmt.Sprint(c.ID, ".", i+1)] != want {
				t.Fatalf("penalty %+v of %+v, told %v, appeal %+v", p, c, told, a)
			}
		}
		for _, p := range c.Payments {
			a := cases[p.Appeal]
			upheld := a.AppealOf == c.ID && a.State.Over() && a.Outcome == moderation.OutcomeUpheld
			if (p.State == moderation.PaymentReversed) != upheld || p.DecidedBy == "" {
				t.Fatalf("payment %+v of %+v, appeal %+v", p, c, a)
			}
		}
	}
}

// contested is case 1, with a payment that 秉文 approved and a penalty that 老秦
// imposed, and case 2, an appeal against both.
func (d *desk) contested() {
	d.t.Helper()
	d.commit(misledEvents()...)
	d.clock.pass(2 * time.Hour)
	c := d.give(lan, d.matter(), "", enough())
	c = *d.do(lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee}).Case
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	d.appeals(d.penalises(boss, d.decides(bing, c, moderation.OutcomeUpheld), moderation.Offence{}))
}

// Both fall with one appeal, in one deed, and its undoing brings both back.
func TestAnUpheldAppealReversesPenaltyAndCompensation(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Product = goods })
	d.contested()
	stand := func(penalty moderation.PenaltyState, payment moderation.PaymentState) {
		t.Helper()
		if c := d.incident(1); c.Penalties[0].State != penalty || c.Payments[0].State != payment {
			t.Errorf("penalty %+v, payment %+v", c.Penalties[0], c.Payments[0])
		}
	}
	stand(moderation.PenaltyImposed, moderation.PaymentApproved)
	before := len(must(d.store.Actions(t.Context(), moderation.Page{})))
	d.decides(wen, d.incident(2), moderation.OutcomeUpheld)
	stand(moderation.PenaltyReversed, moderation.PaymentReversed)
	if got := len(must(d.store.Actions(t.Context(), moderation.Page{}))); got != before+1 {
		t.Errorf("%d deeds, want one", got-before)
	}
	d.do(wen, moderation.Undo{})
	stand(moderation.PenaltyImposed, moderation.PaymentApproved)
	d.decides(wen, d.incident(2), moderation.OutcomeUnfounded)
	stand(moderation.PenaltyImposed, moderation.PaymentApproved)
	d.verify()
}

// Whatever people do in whatever order: nobody hears an appeal against what they
// decided, what is reversed is reversed once and by an appeal that was upheld,
// and an undo puts all back.
func TestAppealsInAnyOrder(t *testing.T) {
	run, upheld := 0, 0
	dir := t.TempDir()
	fresh := func(name string, at time.Time) *desk {
		d := &desk{t: t, path: filepath.Join(dir, name+".db"), clock: &clock{now: at}}
		d.cfg = moderation.Config{Checker: words{}, Clock: d.clock.Now, Product: goods}
		return d
	}
	first := fresh("contested", start)
	first.open()
	first.contested()
	if err := first.store.Close(); err != nil {
		t.Fatal(err)
	}
	record := must(os.ReadFile(first.path))
	rapid.Check(t, func(rt *rapid.T) {
		run++
		d := fresh(fmt.Sprint(run), first.clock.Now())
		if err := os.WriteFile(d.path, record, 0o600); err != nil {
			rt.Fatal(err)
		}
		d.open()
		defer func() { _ = d.store.Close() }()
		people := []moderation.Actor{wen, boss, bing, {Name: lan.Name, Role: moderation.RoleSupervisor}, {Name: "第四人", Role: moderation.RoleSupervisor}}
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			d.clock.pass(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, time.Hour, 80 * time.Hour}).Draw(rt, "pass"))
			who := rapid.SampledFrom(people).Draw(rt, "actor")
			cmd := appealSteps(rt, d)
			before, was := make(map[int64]moderation.Case), d.state()
			for _, c := range must(d.store.Cases(context.Background(), moderation.Page{})) {
				before[c.ID] = c
			}
			_, err := d.Do(context.Background(), who, cmd)
			var no *moderation.Refusal
			if err != nil && !errors.As(err, &no) {
				rt.Fatalf("%#v by %s: %v", cmd, who.Name, err)
			}
			d.sound(rt)
			d.reversedOnce(rt)
			if err != nil {
				continue
			}
			d.heard(rt, who, cmd, before)
			if m, ok := cmd.(moderation.MoveCase); ok && before[m.Case].Kind == moderation.CaseAppeal && m.Outcome == moderation.OutcomeUpheld {
				upheld++
			}
			if _, undo := cmd.(moderation.Undo); undo || !rapid.Bool().Draw(rt, "undo at once") {
				continue
			}
			if _, err := d.Do(context.Background(), who, moderation.Undo{}); err != nil {
				rt.Fatalf("undo of %#v: %v", cmd, err)
			}
			if after := d.state(); after != was {
				rt.Fatalf("undo of %#v\n got %s\nwant %s", cmd, after, was)
			}
			d.reversedOnce(rt)
		}
		// Whatever was done, somebody tries to uphold what is still to be heard: so
		// each run tries the property, however few runs a busy machine leaves time for.
		d.clock.pass(80 * time.Hour)
		for _, who := range people {
			before := make(map[int64]moderation.Case)
			for _, c := range must(d.store.Cases(context.Background(), moderation.Page{})) {
				before[c.ID] = c
			}
			uphold := moderation.MoveCase{Case: 2, Version: before[2].Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld, Reason: "说明"}
			_, err := d.Do(context.Background(), who, uphold)
			var no *moderation.Refusal
			if err != nil && !errors.As(err, &no) {
				rt.Fatalf("%#v by %s: %v", uphold, who.Name, err)
			}
			d.reversedOnce(rt)
			if err == nil {
				d.heard(rt, who, uphold, before)
				upheld++
			}
		}
		d.sound(rt)
		d.verify()
	})
	t.Logf("%d appeals upheld in %d runs", upheld, run)
	if upheld == 0 {
		t.Errorf("no appeal was upheld in %d runs: the property was never tried", run)
	}
}
