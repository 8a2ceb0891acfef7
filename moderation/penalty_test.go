package moderation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

var (
	fineAndScore = []policy.Measure{policy.MeasureFine, policy.MeasureScore}
	year         = 365 * 24 * time.Hour
)

// upheld is a case about a flag that a person confirmed, resolved as upheld by
// 阿岚.
func (d *desk) upheld(flag int64) moderation.Case {
	d.t.Helper()
	c := *d.do(lan, moderation.ConfirmFlag{Flag: flag, OpenCase: true}).Case
	return *d.do(lan, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
}

// penalises imposes what is recommended, with a fine of 500 yuan where there is
// one.
func (d *desk) penalises(by moderation.Actor, c moderation.Case, o moderation.Offence) moderation.Case {
	d.t.Helper()
	cmd := moderation.ImposePenalty{Case: c.ID, Offence: o, Version: c.Version}
	if slices.Contains(must(d.RecommendPenalty(d.t.Context(), c.ID, o)).Measures(), policy.MeasureFine) {
		cmd.FineFen = 50000
	}
	return *d.do(by, cmd).Case
}

func TestAPenaltyIsRecommendedWithItsReason(t *testing.T) {
	d := withFlags(t)
	c := d.upheld(1)
	a := must(d.RecommendPenalty(t.Context(), c.ID, moderation.Offence{}))
	want := moderation.Offence{By: moderation.OffenderHost, Subject: "h1", Kind: "false_advertising", Gravity: "high"}
	if a.Offence != want || !slices.Equal(a.Measures(), fineAndScore) || a.Result.Policy != "penalty.seller" {
		t.Fatalf("advice %+v", a)
	}
	if why := a.Result.Recommendation.Reason; !strings.Contains(why.ZH, "共 4 分") || !strings.Contains(why.EN, "4 points") {
		t.Errorf("reason %+v", why)
	}
	for _, tt := range []struct {
		name     string
		offence  moderation.Offence
		policy   string
		measures []policy.Measure
	}{
		{"a person judges it slight", moderation.Offence{Gravity: "low"}, "penalty.seller", []policy.Measure{policy.MeasureWarning}},
		{"a counterfeit goes by the rule of its own", moderation.Offence{Kind: "counterfeit"}, "penalty.counterfeit", []policy.Measure{
			policy.MeasureDelist, policy.MeasureClose, policy.MeasureFine, policy.MeasureScore, policy.MeasureEnd, policy.MeasureReport,
		}},
	} {
		a := must(d.RecommendPenalty(t.Context(), c.ID, tt.offence))
		if a.Result.Policy != tt.policy || !slices.Equal(a.Measures(), tt.measures) {
			t.Errorf("%s: %s recommends %v", tt.name, a.Result.Policy, a.Measures())
		}
	}
	if _, err := d.RecommendPenalty(t.Context(), 99, moderation.Offence{}); err == nil {
		t.Error("a case that is not there has a recommendation")
	}
	open := d.opens(lan, moderation.CaseFalseAdvertising, "未决")
	if _, err := d.RecommendPenalty(t.Context(), open.ID, moderation.Offence{}); err == nil {
		t.Error("nobody is known to have offended, and something is recommended")
	}
}

// What nobody confirmed is covered by no ladder, and the policy names what is
// missing.
func TestNothingIsRecommendedBeforeSomebodyConfirmed(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	a := must(d.RecommendPenalty(t.Context(), c.ID, moderation.Offence{}))
	if a.Result.Recommendation != nil || a.Result.Standing != policy.Open || !slices.Contains(a.Result.Missing, "offence.confirmed") {
		t.Errorf("advice %+v", a)
	}
	d.refused(moderation.CodeNotEstablished, boss, moderation.ImposePenalty{Case: c.ID, Version: c.Version})
}

func TestWhoGoesAgainstTheRecommendationSaysWhy(t *testing.T) {
	d := withFlags(t)
	c := d.upheld(1)
	impose := func(change func(*moderation.ImposePenalty)) moderation.ImposePenalty {
		p := moderation.ImposePenalty{Case: c.ID, Version: c.Version, FineFen: 50000}
		change(&p)
		return p
	}
	for _, tt := range []struct {
		name   string
		code   moderation.Code
		change func(*moderation.ImposePenalty)
	}{
		{"less, without a word", moderation.CodeNotRecommended, func(p *moderation.ImposePenalty) {
			p.Measures, p.FineFen = []policy.Measure{policy.MeasureWarning}, 0
		}},
		{"more, without a word", moderation.CodeNotRecommended, func(p *moderation.ImposePenalty) {
			p.Measures = append(slices.Clone(fineAndScore), policy.MeasureBan)
		}},
		{"no measure that is known", moderation.CodeBadMeasure, func(p *moderation.ImposePenalty) { p.Measures = []policy.Measure{"flogging"} }},
		{"a fine without its amount", moderation.CodeFine, func(p *moderation.ImposePenalty) { p.FineFen = 0 }},
		{"a fine of less than nothing", moderation.CodeFine, func(p *moderation.ImposePenalty) { p.FineFen = -1 }},
		{"an amount without a fine", moderation.CodeFine, func(p *moderation.ImposePenalty) { p.Offence.Gravity = "low" }},
		{"an offence nobody knows", moderation.CodeBadOffence, func(p *moderation.ImposePenalty) { p.Offence.Kind = "rudeness" }},
		{"somebody who is not in the case", moderation.CodeNoOffender, func(p *moderation.ImposePenalty) { p.Offence.Subject = "h2" }},
		{"a merchant the case does not know", moderation.CodeNoOffender, func(p *moderation.ImposePenalty) { p.Offence.By = moderation.OffenderMerchant }},
		{"an offender of no kind", moderation.CodeNoOffender, func(p *moderation.ImposePenalty) { p.Offence.By = "courier" }},
		{"an old version", moderation.CodeConflict, func(p *moderation.ImposePenalty) { p.Version-- }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.t = t
			d.refused(tt.code, boss, impose(tt.change))
		})
	}
	d.t = t
	d.refused(moderation.CodeNotAllowed, lan, impose(func(*moderation.ImposePenalty) {}))
	r := d.do(boss, impose(func(p *moderation.ImposePenalty) {
		p.Measures, p.FineFen, p.Reason = []policy.Measure{policy.MeasureWarning}, 0, "初犯，当场更正"
	}))
	p := r.Case.Penalties[0]
	version := must(d.RecommendPenalty(t.Context(), c.ID, moderation.Offence{})).Result.Version
	if p.State != moderation.PenaltyImposed || p.ImposedBy != "老秦" || p.Reason != "初犯，当场更正" || p.Policy != "penalty.seller" || p.Version != version ||
		!slices.Equal(p.Recommended, fineAndScore) || !slices.Equal(p.Measures, []policy.Measure{policy.MeasureWarning}) || p.Points != 4 || p.Why == "" || p.WhyEN == "" {
		t.Errorf("penalty %+v", p)
	}
	d.refused(moderation.CodePenalised, boss, moderation.ImposePenalty{Case: c.ID, Version: r.Case.Version, FineFen: 1})
	d.verify()
}

// Strikes are of the same host, from other cases; what expired, what an appeal
// reversed and what was unfounded after all count for nothing, what was lifted
// counts.
func TestStrikesOfBefore(t *testing.T) {
	seller := moderation.Offence{Gravity: "medium"}
	for _, tt := range []struct {
		name   string
		happen func(d *desk, c moderation.Case)
		points int64
		told   string
	}{
		{"one", func(*desk, moderation.Case) {}, 6, "#1 of 2026-11-20 4"},
		{"lifted since", func(d *desk, c moderation.Case) {
			d.do(boss, moderation.LiftPenalty{Case: c.ID, Penalty: 1, Reason: "期满", Version: c.Version})
		}, 6, "#1 of 2026-11-20 4"},
		{"in its last year", func(d *desk, _ moderation.Case) { d.clock.pass(year + 3*time.Hour) }, 6, "#1"},
		{"expired", func(d *desk, _ moderation.Case) { d.clock.pass(year + 4*time.Hour) }, 2, "1 expired"},
		{"unfounded after all", func(d *desk, c moderation.Case) {
			c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview, Reason: "复核"}).Case
			none := moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded}
			d.refused(moderation.CodePenaltyStands, boss, none)
			c = *d.do(boss, moderation.LiftPenalty{Case: c.ID, Penalty: 1, Reason: "误判", Version: c.Version}).Case
			none.Version = c.Version
			d.do(boss, none)
		}, 2, "2 points (this offence 2): below"},
		{"imposed twice in one case", func(d *desk, c moderation.Case) {
			c = *d.do(boss, moderation.LiftPenalty{Case: c.ID, Penalty: 1, Reason: "改判", Version: c.Version}).Case
			d.penalises(boss, c, moderation.Offence{Gravity: "low"})
		}, 3, "#1 of 2026-11-20 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := withFlags(t)
			tt.happen(d, d.penalises(boss, d.upheld(1), moderation.Offence{}))
			next := d.upheld(4)
			a := must(d.RecommendPenalty(t.Context(), next.ID, seller))
			if a.Result.Recommendation == nil || a.Result.Recommendation.Points != tt.points {
				t.Fatalf("advice %+v", a)
			}
			if got := a.Result.Recommendation.Reason.EN; !strings.Contains(got, strings.TrimSuffix(tt.told, ": below")) {
				t.Errorf("reason %q, want it to tell %q", got, tt.told)
			}
			d.verify()
		})
	}
}

// A buyer's penalty is on the buyer's ladder, and no host's strike counts on it.
func TestABuyerHasALadderToo(t *testing.T) {
	d := withFlags(t)
	d.penalises(boss, d.upheld(1), moderation.Offence{})
	c := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseOrderRisk, Title: "同址七单", Orders: []string{"LR1"}}).Case
	c = *d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	a := must(d.RecommendPenalty(t.Context(), c.ID, moderation.Offence{Gravity: "high"}))
	if a.Offence.By != moderation.OffenderBuyer || a.Offence.Kind != "fake_order" || a.Result.Policy != "penalty.buyer" || len(a.Strikes) != 0 ||
		!slices.Equal(a.Measures(), []policy.Measure{policy.MeasureNoService}) {
		t.Errorf("advice %+v", a)
	}
	d.refused(moderation.CodeNoLadder, boss, moderation.ImposePenalty{Case: c.ID, Version: c.Version})
	c = d.penalises(boss, c, moderation.Offence{Gravity: "high"})
	if p := c.Penalties[0]; p.By != moderation.OffenderBuyer || p.FineFen != 0 {
		t.Errorf("penalty %+v", p)
	}
	d.verify()
}

func TestLiftingAPenalty(t *testing.T) {
	d := withFlags(t)
	c := d.penalises(boss, d.upheld(1), moderation.Offence{})
	lift := moderation.LiftPenalty{Case: c.ID, Penalty: 1, Version: c.Version}
	d.refused(moderation.CodeNeedsReason, boss, lift)
	lift.Reason = "期满"
	d.refused(moderation.CodeNotAllowed, you, lift)
	d.refused(moderation.CodeNotFound, boss, moderation.LiftPenalty{Case: c.ID, Penalty: 2, Reason: "期满", Version: c.Version})
	d.refused(moderation.CodeNotFound, boss, moderation.LiftPenalty{Case: c.ID, Reason: "期满", Version: c.Version})
	c = *d.do(bing, lift).Case
	if p := c.Penalties[0]; p.State != moderation.PenaltyLifted || p.EndedBy != "秉文" || p.EndReason != "期满" || p.EndedAt.IsZero() {
		t.Errorf("penalty %+v", p)
	}
	lift.Version = c.Version
	d.refused(moderation.CodeUnchanged, boss, lift)
	d.do(bing, moderation.Undo{})
	if p := d.incident(c.ID).Penalties[0]; p.State != moderation.PenaltyImposed || p.EndedBy != "" {
		t.Errorf("lifting was undone: %+v", p)
	}
	d.verify()
}

// A penalty stands whether or not there is anybody to tell: without a way out it
// is kept, and nothing has failed.
func TestAPenaltyWithoutAWayOutIsKept(t *testing.T) {
	d := withFlags(t)
	d.penalises(boss, d.upheld(1), moderation.Offence{})
	d.clock.pass(time.Minute)
	defer d.run(t)()
	if e := d.effectOnce(t, moderation.EffectKept); e.Kind != moderation.EffectPenalty {
		t.Errorf("effect %+v", e)
	}
}

// And one that the way out refuses has failed.
func TestAPenaltyThatCannotBeTold(t *testing.T) {
	d := newDesk(t, func(c *moderation.Config) { c.Effector = &way{err: errors.New("the platform does not answer")} })
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"))
	d.penalises(boss, d.upheld(1), moderation.Offence{})
	d.clock.pass(time.Minute)
	defer d.run(t)()
	d.effectOnce(t, moderation.EffectFailed)
}

// A penalty is told outside in the shape of a webhook once it can no longer be
// undone, and not at all when it is.
func TestAPenaltyIsToldOutside(t *testing.T) {
	w := &way{}
	d := newDesk(t, func(c *moderation.Config) { c.Effector = w })
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), onAir(3, "D02", 100), says(4, "羊毛"))
	d.penalises(boss, d.upheld(1), moderation.Offence{})
	d.do(boss, moderation.Undo{})
	c := d.penalises(boss, d.incident(1), moderation.Offence{})
	d.clock.pass(20 * time.Second)
	d.do(boss, moderation.LiftPenalty{Case: c.ID, Penalty: 1, Reason: "期满", Version: c.Version})
	var got []moderation.PenaltyNotice
	effects := must(d.store.Effects(t.Context(), time.Time{}))
	for _, e := range effects {
		var n moderation.PenaltyNotice
		if err := json.Unmarshal([]byte(e.Text), &n); err != nil || e.Kind != moderation.EffectPenalty || e.Target != "h1" {
			t.Fatalf("effect %+v: %v", e, err)
		}
		got = append(got, n)
	}
	if len(effects) != 3 || effects[0].Status != moderation.EffectCancelled || effects[0].Key == effects[1].Key {
		t.Fatalf("effects %+v", effects)
	}
	want := moderation.PenaltyNotice{
		Type: "liveroom.penalty.v1", Case: c.ID, Penalty: 1, State: moderation.PenaltyImposed, By: moderation.OffenderHost, Subject: "h1", Offence: "false_advertising",
		Gravity: "high", Measures: fineAndScore, FineFen: 50000, Policy: "penalty.seller", Version: c.Penalties[0].Version, At: start,
	}
	if g := got[1]; !slices.Equal(g.Measures, want.Measures) || !g.At.Equal(want.At) || g.State != want.State || g.FineFen != want.FineFen || g.Version != want.Version {
		t.Errorf("notice %+v\nwant %+v", g, want)
	}
	if got[2].State != moderation.PenaltyLifted || !got[2].At.Equal(start.Add(20*time.Second)) {
		t.Errorf("notice %+v", got[2])
	}
	d.verify()
}
