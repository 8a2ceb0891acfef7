package moderation_test

import (
	"slices"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

var (
	moli = moderation.Actor{Name: "茉莉", Role: moderation.RoleAgent}
	boss = moderation.Actor{Name: "老秦", Role: moderation.RoleSupervisor}
)

// All the ways a case can go, and what must be said: r a reason, o an outcome.
var ways = map[[2]moderation.CaseState]string{
	{"open", "in_review"}:     "",
	{"open", "waiting"}:       "r",
	{"open", "resolved"}:      "o",
	{"in_review", "open"}:     "",
	{"in_review", "waiting"}:  "r",
	{"in_review", "resolved"}: "o",
	{"waiting", "in_review"}:  "",
	{"waiting", "resolved"}:   "o",
	{"resolved", "closed"}:    "",
	{"resolved", "in_review"}: "r",
	{"closed", "in_review"}:   "r",
}

var allStates = []moderation.CaseState{
	moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved,
	moderation.CaseStateClosed, moderation.CaseStateWithdrawn, "",
}

func TestTheWaysOfACase(t *testing.T) {
	for _, from := range allStates {
		for _, to := range allStates {
			needs, can := ways[[2]moderation.CaseState{from, to}]
			if moderation.CanMove(from, to) != can {
				t.Errorf("%q to %q: possible %v, want %v", from, to, !can, can)
			}
			reason, outcome := moderation.MoveNeeds(from, to)
			if reason != (needs == "r") || outcome != (needs == "o") {
				t.Errorf("%q to %q needs a reason %v, an outcome %v; want %q", from, to, reason, outcome, needs)
			}
		}
	}
}

// Which kinds of case each role opens and works on: m, a and s are the roles.
var kindsOf = map[moderation.CaseKind]struct{ opens, takes string }{
	moderation.CaseFalseAdvertising: {"mas", "mas"},
	moderation.CaseComplaint:        {"mas", "mas"},
	moderation.CaseOrderRisk:        {"mas", ".as"},
	moderation.CaseQualification:    {"mas", "m.s"},
	moderation.CaseAppeal:           {"mas", "..s"},
	moderation.CaseSpotCheck:        {"..s", "..s"},
}

func TestWhoWorksOnWhat(t *testing.T) {
	if len(kindsOf) != len(moderation.AllCaseKinds) {
		t.Errorf("the table has %d kinds, there are %d", len(kindsOf), len(moderation.AllCaseKinds))
	}
	for _, kind := range moderation.AllCaseKinds {
		for i, role := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor} {
			want := kindsOf[kind]
			if role.Opens(kind) != (want.opens[i] != '.') || role.Takes(kind) != (want.takes[i] != '.') {
				t.Errorf("a %s opens %s: %v, takes it: %v", role, kind, role.Opens(kind), role.Takes(kind))
			}
		}
		if moderation.Role("owner").Opens(kind) || moderation.Role("").Takes(kind) {
			t.Errorf("a role that does not exist works on %s", kind)
		}
	}
	d := withFlags(t)
	d.refused(moderation.CodeNotYours, you, moderation.OpenCase{Room: "A", Kind: moderation.CaseSpotCheck, Title: "抽查"})
	c := d.opens(lan, moderation.CaseOrderRisk, "同一地址七单")
	d.refused(moderation.CodeNotYours, lan, moderation.TakeCase{Case: c.ID, Version: c.Version})
	d.refused(moderation.CodeNotYours, lan, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version})
}

// opens opens a case of a kind that is about nothing.
func (d *desk) opens(by moderation.Actor, kind moderation.CaseKind, title string) moderation.Case {
	d.t.Helper()
	return *d.do(by, moderation.OpenCase{Room: "A", Kind: kind, Title: title}).Case
}

func TestALeaseRunsOut(t *testing.T) {
	d := withFlags(t)
	c := d.opens(lan, moderation.CaseComplaint, "掉毛")
	c = *d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
	if !c.LeaseUntil.Equal(start.Add(20*time.Minute)) || c.Holder(d.clock.Now()) != "小柚" {
		t.Fatalf("case %+v", c)
	}
	d.clock.pass(19 * time.Minute)
	d.refused(moderation.CodeOwned, moli, moderation.TakeCase{Case: c.ID, Version: c.Version})
	c = *d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "在看"}).Case
	if !c.LeaseUntil.Equal(d.clock.Now().Add(20 * time.Minute)) {
		t.Errorf("work did not renew the lease: until %v", c.LeaseUntil)
	}
	d.clock.pass(20 * time.Minute)
	if c.Holder(d.clock.Now()) != "" {
		t.Error("the lease ran out and the case is still held")
	}
	c = *d.do(moli, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
	if c.Owner != "茉莉" {
		t.Errorf("case %+v", c)
	}
	d.refused(moderation.CodeOwned, you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	d.clock.pass(time.Hour)
	c = *d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview}).Case
	if c.Owner != "小柚" {
		t.Errorf("who works on a case that nobody holds has it: %+v", c)
	}
	d.verify()
}

func TestTheNextCase(t *testing.T) {
	d := newDesk(t)
	d.commit(
		onAir(1, "D01", 100), says(2, "百分之百纯羊毛"), trade(3, "LR1", feed.StatusPaid, "D01", 120000),
		complains(4, "充电时冒火花，手被烫伤了", "D01", ""), complains(5, "还没发货", "D01", ""),
	)
	late := d.opens(lan, moderation.CaseComplaint, "迟")
	d.clock.pass(49 * time.Hour)
	plain := d.opens(lan, moderation.CaseComplaint, "小事")
	danger := *d.do(lan, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "烫伤", Complaints: []int64{1}}).Case
	spot := d.opens(boss, moderation.CaseSpotCheck, "抽查")
	next := func(a moderation.Actor) int64 { d.t.Helper(); return d.do(a, moderation.NextCase{}).Case.ID }

	if got := []int64{next(you), next(moli), next(you)}; !slices.Equal(got, []int64{late.ID, danger.ID, plain.ID}) {
		t.Errorf("the next were %v, want the late, the dangerous, the plain one", got)
	}
	d.refused(moderation.CodeNoneLeft, you, moderation.NextCase{})
	if got := next(boss); got != spot.ID {
		t.Errorf("a supervisor gets case %d, want the spot check", got)
	}
	d.refused(moderation.CodeNoneLeft, boss, moderation.NextCase{Room: "B"})

	c := d.incident(late.ID)
	d.refused(moderation.CodeNeedsText, you, moderation.SkipCase{Case: c.ID, Version: c.Version})
	c = *d.do(you, moderation.SkipCase{Case: c.ID, Version: c.Version, Reason: "认识买家"}).Case
	if c.Owner != "" || !c.SkippedBy("小柚") || c.SkippedBy("茉莉") {
		t.Errorf("skipped case %+v", c)
	}
	d.refused(moderation.CodeNoneLeft, you, moderation.NextCase{})
	if got := next(moli); got != late.ID {
		t.Errorf("somebody else gets case %d, want the skipped one", got)
	}
	c = d.incident(plain.ID)
	c = *d.do(you, moderation.SnoozeCase{Case: c.ID, Version: c.Version, Until: d.clock.Now().Add(10 * time.Minute), Reason: "等快递"}).Case
	if c.Owner != "" || len(c.Notes) != 1 {
		t.Errorf("snoozed case %+v", c)
	}
	d.refused(moderation.CodeNoneLeft, you, moderation.NextCase{})
	d.clock.pass(10 * time.Minute)
	if got := next(you); got != plain.ID || !d.incident(plain.ID).SnoozedTo.IsZero() {
		t.Errorf("after the snooze case %d, want %d", got, plain.ID)
	}
	d.verify()
}

func TestPuttingOffNeedsATimeAndAReason(t *testing.T) {
	d := withFlags(t)
	c := d.opens(lan, moderation.CaseComplaint, "掉毛")
	d.refused(moderation.CodeNotLater, lan, moderation.SnoozeCase{Case: c.ID, Version: c.Version, Until: d.clock.Now(), Reason: "x"})
	d.refused(moderation.CodeNeedsReason, lan, moderation.SnoozeCase{Case: c.ID, Version: c.Version, Until: d.clock.Now().Add(1)})
}

func TestHandingUpAndAssigning(t *testing.T) {
	d := withFlags(t)
	c := d.opens(lan, moderation.CaseComplaint, "掉毛")
	c = *d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version}).Case
	d.refused(moderation.CodeNeedsReason, you, moderation.EscalateCase{Case: c.ID, Version: c.Version})
	c = *d.do(you, moderation.EscalateCase{Case: c.ID, Version: c.Version, Reason: "涉及安全"}).Case
	if c.Owner != "" || c.Escalated.IsZero() || len(c.Notes) != 1 {
		t.Errorf("escalated case %+v", c)
	}
	d.refused(moderation.CodeEscalated, you, moderation.TakeCase{Case: c.ID, Version: c.Version})
	d.refused(moderation.CodeEscalated, moli, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	d.refused(moderation.CodeNoneLeft, moli, moderation.NextCase{})
	d.refused(moderation.CodeUnchanged, boss, moderation.EscalateCase{Case: c.ID, Version: c.Version, Reason: "x"})
	d.refused(moderation.CodeNotAllowed, lan, moderation.AssignCase{Case: c.ID, Version: c.Version, To: "茉莉"})
	d.refused(moderation.CodeNeedsText, boss, moderation.AssignCase{Case: c.ID, Version: c.Version})
	c = *d.do(boss, moderation.AssignCase{Case: c.ID, Version: c.Version, To: "茉莉"}).Case
	if c.Owner != "茉莉" || !c.Escalated.IsZero() {
		t.Errorf("assigned case %+v", c)
	}
	d.do(moli, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateReview})
	c = d.incident(c.ID)
	c = *d.do(moli, moderation.ReleaseCase{Case: c.ID, Version: c.Version}).Case
	d.refused(moderation.CodeUnchanged, moli, moderation.ReleaseCase{Case: c.ID, Version: c.Version})
	d.verify()
}

func TestWatchingAndRelating(t *testing.T) {
	d := withFlags(t)
	a, b := d.opens(lan, moderation.CaseComplaint, "掉毛"), d.opens(lan, moderation.CaseComplaint, "起球")
	d.do(you, moderation.WatchCase{Case: a.ID})
	d.refused(moderation.CodeUnchanged, you, moderation.WatchCase{Case: a.ID})
	d.refused(moderation.CodeUnchanged, lan, moderation.WatchCase{Case: a.ID, Off: true})
	d.do(lan, moderation.WatchCase{Case: a.ID})
	d.do(you, moderation.WatchCase{Case: a.ID, Off: true})
	d.do(lan, moderation.RelateCases{Case: a.ID, Other: b.ID})
	a, b = d.incident(a.ID), d.incident(b.ID)
	if !slices.Equal(a.Watchers, []string{"阿岚"}) || !slices.Equal(a.Related, []int64{b.ID}) || !slices.Equal(b.Related, []int64{a.ID}) {
		t.Errorf("cases %+v and %+v", a, b)
	}
	d.refused(moderation.CodeUnchanged, lan, moderation.RelateCases{Case: b.ID, Other: a.ID})
	d.refused(moderation.CodeUnchanged, lan, moderation.RelateCases{Case: b.ID, Other: b.ID})
	d.refused(moderation.CodeNotFound, lan, moderation.RelateCases{Case: b.ID, Other: 99})
	d.verify()
}

// That somebody watches a case meanwhile does not keep others from undoing.
func TestWatchersDoNotHoldUpAnUndo(t *testing.T) {
	d := withFlags(t)
	c := d.opens(lan, moderation.CaseComplaint, "掉毛")
	d.do(you, moderation.TakeCase{Case: c.ID, Version: c.Version})
	d.do(lan, moderation.WatchCase{Case: c.ID})
	d.do(you, moderation.Undo{})
	if c = d.incident(c.ID); c.Owner != "" || !slices.Equal(c.Watchers, []string{"阿岚"}) {
		t.Errorf("case %+v", c)
	}
	d.verify()
}

func TestAnAppealIsHeardBySomebodyElse(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	appeal := moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "商家不服", AppealOf: c.ID}
	d.refused(moderation.CodeNothingToAppeal, you, appeal)
	d.do(bing, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	a := *d.do(you, appeal).Case
	if a.SKU != "D01" || a.AppealOf != c.ID || !slices.Equal(a.Related, []int64{c.ID}) || a.Host != "h1" {
		t.Errorf("appeal %+v", a)
	}
	d.refused(moderation.CodeNotYours, you, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.refused(moderation.CodeOwnDecision, bing, moderation.TakeCase{Case: a.ID, Version: a.Version})
	d.refused(moderation.CodeNoneLeft, bing, moderation.NextCase{})
	if r := d.do(boss, moderation.NextCase{}); r.Case.ID != a.ID {
		t.Errorf("another supervisor gets %+v", r.Case)
	}
	d.refused(moderation.CodeNeedsAppealed, you, moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "x"})
	d.refused(moderation.CodeNeedsAppealed, you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "x", AppealOf: c.ID})
	d.refused(moderation.CodeNotFound, you, moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "x", AppealOf: 99})
	d.verify()
}

func TestWhatACaseIsAbout(t *testing.T) {
	d := withFlags(t)
	c := *d.do(you, moderation.OpenCase{
		Room: "A", Kind: moderation.CaseComplaint, Title: "不是纯羊毛", SKU: "D01", Flags: []int64{1}, Complaints: []int64{1}, Merchant: "栖岫",
	}).Case
	if c.Host != "h1" || !slices.Equal(c.Buyers, []string{"u1"}) || c.StakeFen != 0 || c.Merchant != "栖岫" || c.Earlier != 0 {
		t.Errorf("case %+v", c)
	}
	d.commit(complains(20, "又是假的，不是纯羊毛", "D01", ""))
	d.clock.pass(time.Minute)
	again := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "又来", SKU: "D01", Complaints: []int64{2}}).Case
	if again.Earlier != 1 {
		t.Errorf("%d earlier cases, want 1: %+v", again.Earlier, again)
	}
	got := make(map[moderation.LinkKind][]int64)
	for _, h := range must(moderation.CaseHistory(t.Context(), d.store, again.ID)) {
		for _, c := range h.Cases {
			got[h.Link.Kind] = append(got[h.Link.Kind], c.ID)
		}
	}
	for _, kind := range []moderation.LinkKind{moderation.LinkRoom, moderation.LinkProduct, moderation.LinkBuyer} {
		if !slices.Equal(got[kind], []int64{c.ID}) {
			t.Errorf("earlier cases of its %s: %v, want %d", kind, got[kind], c.ID)
		}
	}
	if h := must(moderation.CaseHistory(t.Context(), d.store, c.ID)); len(h) != 0 {
		t.Errorf("the first case has a history: %+v", h)
	}
	d.do(you, moderation.Undo{})
	third := d.opens(you, moderation.CaseComplaint, "第三")
	for _, h := range must(moderation.CaseHistory(t.Context(), d.store, third.ID)) {
		for _, earlier := range h.Cases {
			if earlier.ID == again.ID {
				t.Error("a withdrawn case is in the history")
			}
		}
	}
	if _, err := moderation.CaseHistory(t.Context(), d.store, 99); err == nil {
		t.Error("the history of a case that is not there: no error")
	}
}

func TestMoreComesIntoACase(t *testing.T) {
	d := withFlags(t)
	c := d.opens(you, moderation.CaseComplaint, "不是纯羊毛")
	d.refused(moderation.CodeUnchanged, you, moderation.AddToCase{Case: c.ID, Version: c.Version})
	c = *d.do(you, moderation.AddToCase{Case: c.ID, Version: c.Version, Flags: []int64{1}, Complaints: []int64{1}}).Case
	c = *d.do(you, moderation.AddToCase{Case: c.ID, Version: c.Version, Flags: []int64{2}, Orders: []string{"LR1"}}).Case
	if !slices.Equal(c.Flags, []int64{1, 2}) || !slices.Equal(c.Complaints, []int64{1}) || !slices.Equal(c.Buyers, []string{"u1"}) || c.Host != "h1" {
		t.Errorf("case %+v", c)
	}
	d.refused(moderation.CodeInCase, you, moderation.AddToCase{Case: c.ID, Version: c.Version, Flags: []int64{2}})
	other := d.opens(you, moderation.CaseComplaint, "另一件")
	d.refused(moderation.CodeInCase, you, moderation.AddToCase{Case: other.ID, Version: other.Version, Complaints: []int64{1}})
	d.refused(moderation.CodeNotFound, you, moderation.AddToCase{Case: other.ID, Version: other.Version, Complaints: []int64{9}})
	d.do(you, moderation.MoveCase{Case: other.ID, Version: other.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUnfounded})
	d.refused(moderation.CodeOver, you, moderation.AddToCase{Case: other.ID, Version: other.Version + 1, Flags: []int64{3}})
	d.verify()
}
