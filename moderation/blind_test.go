package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// decidedTwoWays is a desk on whose first flag 阿岚 or 阿梅 decided, and the spot
// check of all flags that 秉文 planned. What was decided, and all that followed
// from it, is the same on every other flag.
func decidedTwoWays(t *testing.T, confirmed bool) (*desk, moderation.Case) {
	t.Helper()
	d := newDesk(t)
	d.commit(onAir(1, "D01", 12900), says(2, "百分之百纯羊毛"), says(3, "它最好"), trade(4, "LR1", feed.StatusPaid, "D01", 12900))
	if confirmed {
		c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
		d.do(lan, moderation.TellHost{Flag: 1, Text: "更正：含棉"})
		c = must(d.store.Case(t.Context(), c.ID))
		d.do(boss2, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "阿岚判得对，纯羊毛不实"})
	} else {
		d.do(mei, moderation.DismissFlag{Flag: 1, Reason: "听错了"})
		d.opens(you, moderation.CaseComplaint, "另一件") // so that the spot check has the same number
	}
	d.clock.pass(time.Minute)
	for id := int64(2); id <= int64(len(d.flags())); id++ {
		d.do(lan, moderation.ConfirmFlag{Flag: id})
	}
	d.clock.pass(time.Minute)
	return d, d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: 50})
}

var boss2 = moderation.Actor{Name: "老陈", Role: moderation.RoleSupervisor}

// tellingWords are what would tell the first decision on the first flag.
var tellingWords = []string{"阿岚", "阿梅", "听错了", "更正：含棉", "判得对", "纯羊毛不实", "confirmed", "dismissed"}

// shownTo is what a person's seat gives out about flags, and about all the rest.
func shownTo(t *testing.T, d *desk, who moderation.Actor) (flags, rest string) {
	t.Helper()
	ctx := t.Context()
	seat := d.Seat(who)
	sub := seat.Subscribe()
	defer sub.Close()
	u := must(sub.Next(ctx))
	r := seat.Reader()
	var b strings.Builder
	for _, f := range append(slices.Clone(u.Flags), must(r.Flags(ctx, moderation.Page{}))...) {
		fmt.Fprintf(&b, "%+v\n", f)
	}
	fmt.Fprintf(&b, "%+v\n", must(r.Flag(ctx, 1)))
	fmt.Fprintf(&b, "%+v\n", must(r.FlagsAbout(ctx, "A", "D01", must(r.Flag(ctx, 1)).Finding.Category)))
	for _, status := range []string{"open", "confirmed", "dismissed"} {
		by := moderation.HasText{Column: moderation.ColumnStatus, In: []string{status}}
		fmt.Fprintf(&b, "%v\n", must(r.Sift(ctx, moderation.ListFlags, by, moderation.Page{})).Keys)
		fmt.Fprintf(&b, "%v\n", must(r.Sift(ctx, moderation.ListFlags, moderation.Not{Of: by}, moderation.Page{})).Keys)
	}
	for _, s := range must(seat.SpeechWindow(ctx, "LR1")) {
		fmt.Fprintf(&b, "%+v\n", s.Flags)
	}
	if flags = b.String(); strings.Count(flags, "ID:1 ") < 5 {
		t.Fatalf("too few reads brought the flag: this proves nothing: %s", flags)
	}
	b.Reset()
	for _, c := range append(slices.Clone(u.Cases), must(r.Cases(ctx, moderation.Page{}))...) {
		fmt.Fprintf(&b, "%+v\n", c)
		fmt.Fprintf(&b, "%+v\n", must(r.Case(ctx, c.ID)))
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", must(r.CasesOf(ctx, moderation.Link{Kind: moderation.LinkRoom, Value: "A"}, 1<<62, 0)), must(seat.Queue(ctx, "A", 0)))
	for _, c := range must(seat.Clocks(ctx, "A", 0)) {
		fmt.Fprintf(&b, "%+v\n", c.Case)
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", u.Effects, must(r.Effects(ctx, time.Time{})))
	for _, l := range must(r.Leaves(ctx, 0, 0)) {
		if l.Kind != moderation.LeafEvent {
			fmt.Fprintf(&b, "%s %s %s\n", l.Kind, l.Ref, l.Data)
		}
	}
	return flags, b.String()
}

// TestTheReviewerCannotTellTheDecisions plays one broadcast twice, once with a
// flag confirmed, put right, noted and in a case, once with it dismissed: who
// reviews it sees the same flags, and in all the rest nothing of the decision.
func TestTheReviewerCannotTellTheDecisions(t *testing.T) {
	yes, _ := decidedTwoWays(t, true)
	no, _ := decidedTwoWays(t, false)
	for _, who := range []moderation.Actor{bing, boss} {
		ifConfirmed, rest := shownTo(t, yes, who)
		ifDismissed, restNo := shownTo(t, no, who)
		if ifConfirmed != ifDismissed {
			t.Errorf("%s can tell the flags apart:\n%s\n%s", who.Name, ifConfirmed, ifDismissed)
		}
		for _, w := range tellingWords {
			if strings.Contains(ifConfirmed+ifDismissed+rest+restNo, w) {
				t.Errorf("%s is shown %q", who.Name, w)
			}
		}
		if !strings.Contains(rest, moderation.BlindText) || strings.Contains(rest, "纯羊毛") {
			t.Errorf("%s is shown the case of the flag: %s", who.Name, rest)
		}
	}
	// Who does not review is shown all of it, so the test could fail.
	flags, rest := shownTo(t, yes, lan)
	for _, w := range []string{"阿岚", "confirmed", "更正：含棉", "判得对"} {
		if !strings.Contains(flags+rest, w) {
			t.Errorf("the moderator is not shown %q", w)
		}
	}
	yes.verify()
}

// TestAVerdictLiftsTheBlindfold: the reviewer's own verdict shows the flag and
// its case, on the screen that is open too; nobody else's flag with it.
func TestAVerdictLiftsTheBlindfold(t *testing.T) {
	ctx := t.Context()
	d, check := decidedTwoWays(t, true)
	seat := d.Seat(boss)
	sub := seat.Subscribe()
	defer sub.Close()
	must(sub.Next(ctx))
	if _, err := seat.Do(ctx, boss, moderation.ReviewSample{Case: check.ID, Flag: 1, Verdict: moderation.FlagConfirmed}); err != nil {
		t.Fatal(err)
	}
	u := must(sub.Next(ctx))
	i := slices.IndexFunc(u.Flags, func(f moderation.Flag) bool { return f.ID == 1 })
	if i < 0 || u.Flags[i].DecidedBy != lan.Name || u.Flags[i].Review != 0 || u.Flags[i].Corrected.IsZero() {
		t.Errorf("after the verdict the update brings %+v", u.Flags)
	}
	if !slices.ContainsFunc(u.Cases, func(c moderation.Case) bool { return c.ID == 1 && c.Title != moderation.BlindText && len(c.Notes) == 1 }) {
		t.Errorf("after the verdict the update brings the cases %+v", u.Cases)
	}
	if f := must(seat.Reader().Flag(ctx, 2)); f.Review != check.ID || f.DecidedBy != "" {
		t.Errorf("the next flag is %+v", f)
	}
	d.do(boss2, moderation.ReviewSample{Case: check.ID, Flag: 2, Verdict: moderation.FlagDismissed})
	if f := must(seat.Reader().Flag(ctx, 2)); f.DecidedBy != lan.Name {
		t.Errorf("what somebody else has reviewed stays hidden: %+v", f)
	}
	d.verify()
}

// TestPlanningHidesOnOpenScreens: a screen that showed a decision shows it no
// longer once the flag is drawn, and its own decisions always.
func TestPlanningHidesOnOpenScreens(t *testing.T) {
	ctx := t.Context()
	d := newDesk(t)
	d.commit(onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), says(3, "它最好"))
	d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true})
	n := int64(len(d.flags()))
	for id := int64(2); id <= n; id++ {
		d.do(boss, moderation.ConfirmFlag{Flag: id})
	}
	d.clock.pass(time.Minute)
	sub := d.Seat(boss).Subscribe()
	defer sub.Close()
	if u := must(sub.Next(ctx)); u.Flags[0].DecidedBy != lan.Name {
		t.Fatalf("before %+v", u.Flags[0])
	}
	check := d.plans(moderation.SamplePlan{By: moderation.SampleModerator, Only: lan.Name, Size: 5})
	u := must(sub.Next(ctx))
	if len(u.Flags) == 0 || u.Flags[0].Review != check.ID || u.Flags[0].DecidedBy != "" || u.Flags[0].Case != 0 {
		t.Errorf("drawn, it is %+v", u.Flags)
	}
	for _, c := range u.Cases {
		switch {
		case c.ID == check.ID && c.Plan.Only != "":
			t.Errorf("the plan names who decided: %+v", c.Plan)
		case c.ID != check.ID && c.Title != moderation.BlindText:
			t.Errorf("its case is shown: %+v", c)
		}
	}
	if f := must(d.Seat(boss).Reader().Flag(ctx, 2)); f.DecidedBy != boss.Name {
		t.Errorf("one's own decision is %+v", f)
	}
	if c := must(d.Seat(bing).Reader().Case(ctx, check.ID)); c.Plan.Only != lan.Name {
		t.Errorf("who planned it is shown %+v", c.Plan)
	}
	// Decided again, it drops out of the spot check and is shown, with its case.
	d.clock.pass(time.Second)
	d.do(boss2, moderation.ReviewSample{Case: check.ID, Flag: 1, Verdict: moderation.FlagDismissed})
	must(sub.Next(ctx))
	d.do(bing, moderation.DismissFlag{Flag: 1, Reason: "复核后改判"})
	u = must(sub.Next(ctx))
	if u.Flags[0].DecidedBy != bing.Name || u.Flags[0].Review != 0 {
		t.Errorf("decided again it is %+v", u.Flags[0])
	}
}

// TestADeedDoesNotTellEither: what one may not do to a flag before the verdict is
// refused without a word about who decided it.
func TestADeedDoesNotTellEither(t *testing.T) {
	ctx := t.Context()
	d, check := decidedTwoWays(t, true)
	for _, c := range []moderation.Command{
		moderation.ConfirmFlag{Flag: 1},
		moderation.ConfirmFlag{Flag: 1, OpenCase: true},
		moderation.DismissFlag{Flag: 1, Reason: "x"},
		moderation.SnoozeFlag{Flag: 1},
		moderation.CorrectHost{Flag: 1, Text: "x"},
		moderation.TellHost{Flag: 1, Text: "x"},
		moderation.OpenExposed{Flag: 1},
		moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "x", Flags: []int64{2}},
	} {
		no := d.refused(moderation.CodeBlind, boss, c)
		for _, w := range tellingWords {
			if strings.Contains(no.Error(), w) {
				t.Errorf("%s: %s", c.Name(), no)
			}
		}
	}
	d.refused(moderation.CodeDecided, mei, moderation.ConfirmFlag{Flag: 1})
	seat := d.Seat(boss)
	if _, err := seat.BlastRadius(ctx, 1); code(err) != moderation.CodeBlind {
		t.Errorf("its blast radius: %v", err)
	}
	if _, err := seat.RecommendPenalty(ctx, 1, moderation.Offence{}); code(err) != moderation.CodeBlindCase {
		t.Errorf("a penalty: %v", err)
	}
	if r := must(seat.Do(ctx, boss, moderation.TakeCase{Case: 1, Version: d.incident(1).Version})); r.Case.Title != moderation.BlindText {
		t.Errorf("taken, its case is %+v", r.Case)
	}
	// Once everybody is done the spot check is over, and so is the hiding.
	for _, s := range d.incident(check.ID).Sample {
		d.do(boss, moderation.ReviewSample{Case: check.ID, Flag: s.Flag, Verdict: moderation.FlagConfirmed})
	}
	if _, err := seat.BlastRadius(ctx, 1); err != nil {
		t.Errorf("after the verdict its blast radius: %v", err)
	}
	d.do(boss, moderation.DismissFlag{Flag: 2, Reason: "复核后改判"})
	d.verify()
}

// TestASeatKnowsEveryWayOut: whoever gives the desk another way to read says here
// whether it tells of decisions; such a one needs its own on Seat.
func TestASeatKnowsEveryWayOut(t *testing.T) {
	tellsNone := []string{
		// They write, wire, or tell of sources, policies and what was asked.
		"Commit", "Drafts", "Import", "Policies", "Position", "Run", "Seat", "SourceStatus", "Unanswered", "UseChecker", "UsePolicies", "UseShelf", "Warn", "WayOut", "Ways",
		// It blinds by itself.
		"SpotCheck",
	}
	own := []string{"BlastRadius", "Clocks", "Do", "Queue", "Reader", "RecommendPenalty", "Scenarios", "SpeechWindow", "Subscribe"}
	desk := reflect.TypeFor[*moderation.Desk]()
	for i := range desk.NumMethod() {
		name := desk.Method(i).Name
		if !slices.Contains(tellsNone, name) && !slices.Contains(own, name) {
			t.Errorf("Desk.%s is new: if it gives out flags, cases or effects, Seat needs its own", name)
		}
	}
	reader := reflect.TypeFor[moderation.Reader]()
	blind := []string{"Case", "CaseAbout", "Cases", "CasesOf", "Effects", "Flag", "Flags", "FlagsAbout", "Leaves", "Sift"}
	plain := []string{
		"ActionByKey", "Bought", "CasesNaming", "Complaint", "Complaints", "Counts", "Events", "EventsAround", "EventsOf", "Head", "LastAction", "Order", "Orders", "OrdersOf",
		"Position", "Problem", "Problems", "Question", "Questions", "Rooms", "Tally", "Utterances", "Waiting", "Withdrawing",
	}
	for i := range reader.NumMethod() {
		if name := reader.Method(i).Name; !slices.Contains(blind, name) && !slices.Contains(plain, name) {
			t.Errorf("Reader.%s is new: if it gives out flags, cases or effects, Seat's reader needs its own", name)
		}
	}
}

// BenchmarkSeat is what hiding costs a screen that an update comes to.
func BenchmarkSeat(b *testing.B) {
	for _, n := range []int{0, 300} {
		b.Run(fmt.Sprint(n, " to review"), func(b *testing.B) {
			d := withDecisions(b, 400)
			if n > 0 {
				d.plans(moderation.SamplePlan{By: moderation.SampleRandom, Size: n})
			}
			sub := d.Seat(boss).Subscribe()
			defer sub.Close()
			must(sub.Next(context.Background()))
			i := 1000
			for b.Loop() {
				i++
				d.commit(says(i, "百分之百纯羊毛"))
				must(sub.Next(context.Background()))
			}
		})
	}
}

// code is the code of a refusal; "" : it is none.
func code(err error) moderation.Code {
	var no *moderation.Refusal
	if errors.As(err, &no) {
		return no.Code
	}
	return ""
}
