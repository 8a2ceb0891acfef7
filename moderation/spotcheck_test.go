package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/feed"
	"liveroom/moderation"
)

var mei = moderation.Actor{Name: "阿梅", Role: moderation.RoleModerator}

// withDecisions is a desk with n flags, decided by 阿岚 and 阿梅 in turn, every
// third dismissed; the last one is open. Hosts h1 and h2 speak in turn.
func withDecisions(t testing.TB, n int) *desk {
	d := newDesk(t)
	var events []feed.Event
	for i := range n {
		e := says(i+2, "百分之百纯羊毛")
		if i%2 == 1 {
			e.User.ID = "h2"
		}
		if i%4 == 3 {
			e.Text = "羊毛"
		}
		events = append(events, e)
	}
	d.commit(append([]feed.Event{onAir(1, "D01", 100)}, events...)...)
	for i := range n - 1 {
		who := []moderation.Actor{lan, mei}[i%2]
		d.clock.pass(time.Second)
		if i%3 == 2 {
			d.do(who, moderation.DismissFlag{Flag: int64(i + 1), Reason: "听错了"})
		} else {
			d.do(who, moderation.ConfirmFlag{Flag: int64(i + 1)})
		}
	}
	d.clock.pass(time.Minute)
	return d
}

func (d *desk) plans(p moderation.SamplePlan) moderation.Case {
	d.t.Helper()
	return *d.do(bing, moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: p}).Case
}

func sampled(c moderation.Case) []int64 {
	var ids []int64
	for _, s := range c.Sample {
		ids = append(ids, s.Flag)
	}
	return slices.Sorted(slices.Values(ids))
}

func TestASampleIsDrawnByItsPlan(t *testing.T) {
	for _, tt := range []struct {
		name string
		plan moderation.SamplePlan
		size int
		of   int
		each func(f moderation.Flag) string
		most int
	}{
		{"at random", moderation.SamplePlan{By: moderation.SampleRandom, Size: 5}, 5, 20, nil, 0},
		{"a share, rounded up", moderation.SamplePlan{By: moderation.SampleRandom, Permille: 101}, 3, 20, nil, 0},
		{"more than there are", moderation.SamplePlan{By: moderation.SampleRandom, Size: 50}, 20, 20, nil, 0},
		{"so many of each moderator", moderation.SamplePlan{By: moderation.SampleModerator, Size: 3}, 6, 20, func(f moderation.Flag) string { return f.DecidedBy }, 3},
		{"of one moderator", moderation.SamplePlan{By: moderation.SampleModerator, Only: "阿梅", Permille: 1000}, 10, 10, func(f moderation.Flag) string { return f.DecidedBy }, 10},
		{"so many of each rule", moderation.SamplePlan{By: moderation.SampleRule, Size: 2}, 2, 20, func(f moderation.Flag) string { return f.Finding.Rule }, 2},
		{"so many of each host", moderation.SamplePlan{By: moderation.SampleHost, Size: 4}, 8, 20, func(f moderation.Flag) string { return fmt.Sprint(f.Event % 2) }, 4},
		{"of a time", moderation.SamplePlan{By: moderation.SampleRandom, Size: 50, From: start.Add(3 * time.Second), To: start.Add(7 * time.Second)}, 4, 4, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := withDecisions(t, 21)
			c := d.plans(tt.plan)
			if len(c.Sample) != tt.size || c.Plan.Of != tt.of || c.Plan.Seed == 0 || !c.Plan.DrawnAt.Equal(d.clock.Now()) || c.Kind != moderation.CaseSpotCheck {
				t.Errorf("%d of %d drawn, want %d of %d: %+v", len(c.Sample), c.Plan.Of, tt.size, tt.of, c.Plan)
			}
			parts := make(map[string]int)
			for _, id := range sampled(c) {
				f := d.flag(id)
				if f.Status != moderation.FlagConfirmed && f.Status != moderation.FlagDismissed {
					t.Errorf("flag %+v was drawn", f)
				}
				if tt.each != nil {
					parts[tt.each(f)]++
				}
			}
			for part, n := range parts {
				if n != tt.most {
					t.Errorf("%d of %q, want %d", n, part, tt.most)
				}
			}
			if len(slices.Compact(sampled(c))) != len(c.Sample) {
				t.Errorf("a flag was drawn twice: %v", sampled(c))
			}
			d.verify()
		})
	}
}

// The same seed draws the same from the same decisions, another one another
// sample; anybody can draw again from what the record keeps.
func TestADrawCanBeRepeated(t *testing.T) {
	plan := moderation.SamplePlan{By: moderation.SampleRandom, Size: 5}
	first := withDecisions(t, 21).plans(plan)
	plan.Seed = first.Plan.Seed
	if again := withDecisions(t, 21).plans(plan); !slices.Equal(sampled(again), sampled(first)) {
		t.Errorf("the same seed drew %v, then %v", sampled(first), sampled(again))
	}
	plan.Seed++
	if other := withDecisions(t, 21).plans(plan); slices.Equal(sampled(other), sampled(first)) {
		t.Errorf("another seed drew %v again", sampled(first))
	}
	var all []int64
	for i := range 20 {
		all = append(all, int64(i+1))
	}
	if drawn := slices.Sorted(slices.Values(moderation.Draw(first.Plan.Seed, all, 5))); !slices.Equal(drawn, sampled(first)) {
		t.Errorf("drawn again by hand: %v, want %v", drawn, sampled(first))
	}
}

// A draw is fair: over many seeds each id comes up about as often as any other.
func TestADrawIsFair(t *testing.T) {
	ids := []int64{3, 5, 8, 13, 21, 34, 55, 89, 144, 233}
	times := make(map[int64]int)
	const seeds = 4000
	for seed := range int64(seeds) {
		for _, id := range moderation.Draw(seed, ids, 3) {
			times[id]++
		}
	}
	for _, id := range ids {
		// 3 of 10, standard deviation 29: five of them either way.
		if got := float64(times[id]); math.Abs(got-seeds*0.3) > 145 {
			t.Errorf("id %d came up %v times of %d, want about %v", id, got, seeds, seeds*0.3)
		}
	}
}

func TestADrawHangsOnSeedAndIDsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 1000), 0, 40, rapid.ID).Draw(t, "ids")
		seed, n := rapid.Int64().Draw(t, "seed"), rapid.IntRange(0, 50).Draw(t, "n")
		drawn := moderation.Draw(seed, ids, n)
		if !slices.Equal(drawn, moderation.Draw(seed, rapid.Permutation(ids).Draw(t, "turned"), n)) || len(drawn) != min(n, len(ids)) {
			t.Fatalf("drew %v", drawn)
		}
		// A smaller sample is the beginning of a greater one.
		if k := len(drawn) / 2; !slices.Equal(moderation.Draw(seed, ids, k), drawn[:k]) {
			t.Fatalf("drew %v, and %d of them otherwise", drawn, k)
		}
	})
}

func TestPlansThatDrawNothing(t *testing.T) {
	d := withDecisions(t, 7)
	plan := func(p moderation.SamplePlan) moderation.PlanSpotCheck {
		return moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: p}
	}
	for _, p := range []moderation.SamplePlan{
		{},
		{By: moderation.SampleRandom},
		{By: "weather", Size: 1},
		{By: moderation.SampleRandom, Only: "阿岚", Size: 1},
		{By: moderation.SampleRandom, Size: 1, Permille: 1},
		{By: moderation.SampleRandom, Size: -1},
		{By: moderation.SampleRandom, Size: 501},
		{By: moderation.SampleRandom, Permille: 1001},
		{By: moderation.SampleRandom, Size: 1, Seed: -1},
		{By: moderation.SampleRandom, Size: 1, Seed: 1 << 53},
		{By: moderation.SampleRandom, Size: 1, From: start, To: start},
	} {
		d.refused(moderation.CodeBadPlan, bing, plan(p))
	}
	d.refused(moderation.CodeNothingToSample, bing, plan(moderation.SamplePlan{By: moderation.SampleModerator, Only: "无此人", Size: 1}))
	d.refused(moderation.CodeNothingToSample, bing, plan(moderation.SamplePlan{By: moderation.SampleRandom, Size: 1, From: d.clock.Now()}))
	d.refused(moderation.CodeNotFound, bing, moderation.PlanSpotCheck{Room: "Z", Title: "x", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 1}})
	d.refused(moderation.CodeNeedsText, bing, moderation.PlanSpotCheck{Room: "A", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 1}})
	// What one spot check holds, the next does not draw, unless it was withdrawn.
	c := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 4})
	if next := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 50}); len(next.Sample) != 2 || slices.Contains(sampled(c), next.Sample[0].Flag) {
		t.Errorf("drew %v after %v", sampled(next), sampled(c))
	}
	d.do(bing, moderation.Undo{})
	d.do(bing, moderation.Undo{})
	if all := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 50}); len(all.Sample) != 6 {
		t.Errorf("drew %v", sampled(all))
	}
	d.verify()
}

// Supervisors who draw at the same time never draw the same flag.
func TestNobodyDrawsAFlagThatAnotherDrew(t *testing.T) {
	d := withDecisions(t, 21)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			plan := moderation.SamplePlan{By: moderation.SampleRandom, Size: 4, Seed: int64(i + 1)}
			_, err := d.Do(context.Background(), bing, moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: plan})
			var no *moderation.Refusal
			if err != nil && (!errors.As(err, &no) || no.Code != moderation.CodeConflict && no.Code != moderation.CodeNothingToSample) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	held := make(map[int64]int64)
	for _, c := range must(d.store.Cases(t.Context(), moderation.Page{})) {
		for _, s := range c.Sample {
			if other, ok := held[s.Flag]; ok {
				t.Errorf("flag %d is in the cases %d and %d", s.Flag, other, c.ID)
			}
			held[s.Flag] = c.ID
		}
	}
	if len(held) == 0 {
		t.Error("nobody drew anything")
	}
	d.verify()
}

// Who looks again is not told what was decided first, in nothing that the desk
// gives them, until their own verdict is in the record.
func TestTheSecondReviewIsBlind(t *testing.T) {
	d := withDecisions(t, 7)
	c := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 6})
	hidden := func(views []moderation.SampleView) {
		t.Helper()
		for _, v := range views {
			truth := d.flag(v.Sampled.Flag)
			bare := moderation.Flag{
				ID: truth.ID, Room: truth.Room, Event: truth.Event, EventID: truth.EventID, At: truth.At, Finding: truth.Finding, Text: truth.Text,
				Shown: truth.Shown, Status: moderation.FlagOpen,
			}
			switch {
			case v.Reviewed() && (v.First != truth.Status || v.FirstBy != truth.DecidedBy || !reflect.DeepEqual(v.Flag, truth)):
				t.Errorf("reviewed, and still hidden: %+v", v)
			case !v.Reviewed() && (v.First != "" || v.FirstBy != "" || !reflect.DeepEqual(v.Flag, bare)):
				t.Errorf("the first decision is told before the second: %+v", v)
			}
		}
	}
	for _, s := range c.Sample {
		if s.First != "" || s.FirstBy != "" {
			t.Errorf("the case tells the first decision: %+v", s)
		}
	}
	spot, views, err := d.SpotCheck(t.Context(), boss, c.ID)
	if err != nil || len(views) != 6 || spot.ID != c.ID {
		t.Fatalf("%+v, %v", views, err)
	}
	hidden(views)
	r := d.do(boss, moderation.ReviewSample{Case: c.ID, Flag: c.Sample[2].Flag, Verdict: moderation.FlagDismissed, Reason: "听得清楚，是混纺"})
	if got := d.incident(c.ID).Sample[2]; got != r.Case.Sample[2] || got.By != "老秦" || got.First == "" {
		t.Errorf("reviewed %+v", got)
	}
	_, views, err = d.SpotCheck(t.Context(), boss, c.ID)
	if err != nil || !views[2].Reviewed() {
		t.Fatalf("%+v, %v", views, err)
	}
	hidden(views)
	// Undone, it is hidden again.
	d.do(boss, moderation.Undo{})
	_, views, err = d.SpotCheck(t.Context(), boss, c.ID)
	if err != nil || views[2].Reviewed() {
		t.Fatalf("%+v, %v", views, err)
	}
	hidden(views)
	for _, who := range []moderation.Actor{lan, you} {
		if _, _, err := d.SpotCheck(t.Context(), who, c.ID); err == nil {
			t.Errorf("a %s reads a spot check", who.Role)
		}
	}
	other := d.opens(lan, moderation.CaseComplaint, "另一件")
	if _, _, err := d.SpotCheck(t.Context(), boss, other.ID); err == nil {
		t.Error("a complaint was read as a spot check")
	}
	if _, _, err := d.SpotCheck(t.Context(), boss, 99); err == nil {
		t.Error("a case that is not there was read")
	}
	d.verify()
}

func TestWhoReviewsASample(t *testing.T) {
	d := withDecisions(t, 7)
	d.do(boss, moderation.DismissFlag{Flag: 1, Reason: "改判"})
	d.do(boss, moderation.DismissFlag{Flag: 2, Reason: "改判"})
	c := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 6})
	review := func(flag int64, v moderation.FlagStatus) moderation.ReviewSample {
		return moderation.ReviewSample{Case: c.ID, Flag: flag, Verdict: v}
	}
	d.refused(moderation.CodeOwnReview, boss, review(1, moderation.FlagConfirmed))
	_, views, err := d.SpotCheck(t.Context(), boss, c.ID)
	if i := slices.IndexFunc(views, func(v moderation.SampleView) bool { return v.Sampled.Flag == 1 }); err != nil || !views[i].Own {
		t.Errorf("views %+v, %v", views, err)
	}
	d.do(bing, review(1, moderation.FlagConfirmed))
	d.refused(moderation.CodeReviewed, wen, review(1, moderation.FlagConfirmed))
	d.refused(moderation.CodeBadVerdict, bing, review(2, moderation.FlagSnoozed))
	d.refused(moderation.CodeBadVerdict, bing, review(2, ""))
	d.refused(moderation.CodeNotFound, bing, review(7, moderation.FlagConfirmed))
	d.refused(moderation.CodeNotFound, bing, moderation.ReviewSample{Case: 99, Flag: 1, Verdict: moderation.FlagConfirmed})

	// What is decided again after the draw drops out, and is counted. Who has yet to
	// review it reviews it first.
	d.clock.pass(time.Second)
	d.refused(moderation.CodeBlind, wen, moderation.ConfirmFlag{Flag: 2})
	d.do(boss, moderation.ConfirmFlag{Flag: 2})
	d.refused(moderation.CodeOvertaken, bing, review(2, moderation.FlagConfirmed))
	// A supervisor who holds the case keeps it while another reviews.
	held := d.incident(c.ID).Owner
	d.do(wen, review(4, moderation.FlagConfirmed))
	if got := d.incident(c.ID).Owner; got != held || held != "秉文" {
		t.Errorf("the case was %s's and is %s's", held, got)
	}
	s := must(moderation.SpotChecksOf(t.Context(), d.store, "A", time.Time{}))
	if s.Checks != 1 || s.Sampled != 6 || s.Reviewed != 2 || s.Overtaken != 1 {
		t.Errorf("spot checks %+v", s)
	}
	spot := d.incident(c.ID)
	d.do(bing, moderation.MoveCase{Case: c.ID, Version: spot.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	d.refused(moderation.CodeOver, wen, review(5, moderation.FlagConfirmed))
	d.verify()
}

// The figures are those of the decisions: 阿岚 confirmed 7 and dismissed 3, 阿梅
// 7 and 3; the reviewer agrees with 阿岚 throughout and never with 阿梅.
func TestAgreementByModeratorAndRule(t *testing.T) {
	d := withDecisions(t, 21)
	c := d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 20})
	half := start
	for i, s := range c.Sample {
		f := d.flag(s.Flag)
		verdict := f.Status
		if f.DecidedBy == "阿梅" {
			verdict = map[moderation.FlagStatus]moderation.FlagStatus{moderation.FlagConfirmed: moderation.FlagDismissed, moderation.FlagDismissed: moderation.FlagConfirmed}[verdict]
		}
		d.clock.pass(time.Second)
		d.do(boss, moderation.ReviewSample{Case: c.ID, Flag: s.Flag, Verdict: verdict})
		if i == 9 {
			half = d.clock.Now().Add(1)
		}
	}
	got := make(map[string]moderation.Agreement)
	s := must(moderation.SpotChecksOf(t.Context(), d.store, "", time.Time{}))
	for _, a := range s.Figures {
		got[string(a.Of)+" "+a.Name] = a
	}
	for _, tt := range []struct {
		row   string
		table [2][2]int64
		kappa float64
	}{
		{"all ", [2][2]int64{{7, 7}, {3, 3}}, 0},
		{"moderator 阿岚", [2][2]int64{{7, 0}, {0, 3}}, 1},
		{"moderator 阿梅", [2][2]int64{{0, 7}, {3, 0}}, -0.7241},
		{"rule ", [2][2]int64{{7, 7}, {3, 3}}, 0},
	} {
		a := got[tt.row]
		if len(a.Table) != 2 || [2][2]int64{[2]int64(a.Table[0]), [2]int64(a.Table[1])} != tt.table {
			t.Errorf("%s: table %v, want %v", tt.row, a.Table, tt.table)
			continue
		}
		if f := a.Table.Measure(); f.Kappa == nil || math.Abs(*f.Kappa-tt.kappa) > 5e-5 {
			t.Errorf("%s: figure %+v, want kappa %v", tt.row, f, tt.kappa)
		}
	}
	if len(got) != 4 || len(s.Figures) != 4 {
		t.Errorf("figures %+v", s.Figures)
	}
	if later := must(moderation.SpotChecksOf(t.Context(), d.store, "", half)); later.Reviewed != 10 {
		t.Errorf("%d reviewed in the second half, want 10", later.Reviewed)
	}
	if none := must(moderation.SpotChecksOf(t.Context(), d.store, "B", time.Time{})); none.Checks != 0 || none.Figures[0].Table.N() != 0 {
		t.Errorf("of another room: %+v", none)
	}
	d.verify()
}
