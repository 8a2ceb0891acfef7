package report_test

import (
	"testing"
	"time"

	"liveroom/demo"
	"liveroom/moderation"
	"liveroom/moderation/report"
)

// TestReviewAgreesWithTheReport: what a supervisor sees while the broadcast runs
// is what the report says of the same rows afterwards.
func TestReviewAgreesWithTheReport(t *testing.T) {
	h, r := storyReport(t)
	review, err := report.ReviewOf(t.Context(), h.store, r.Room.ID, r.Period.From, h.now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "precision", review.Rules, r.Rule)
	by := map[string]report.Load{}
	for _, p := range review.People {
		by[p.Name] = p
	}
	l, b, y := by[lan.Name], by[bing.Name], by[you.Name]
	same(t, "阿岚", []any{l.Confirmed, l.Dismissed, l.Decided, l.Median, l.Resolved}, []any{1, 1, 2, 8 * sec, 0})
	same(t, "秉文", []any{b.Confirmed, b.Dismissed, b.Median, b.Resolved}, []any{1, 0, 40 * sec, 1})
	same(t, "小柚", []any{y.Decided, y.Resolved}, []any{0, 1})
}

// TestReviewOfNothing: before anybody decided there is nobody and no figure, and
// who holds a case has it in hand.
func TestReviewOfNothing(t *testing.T) {
	h := demoHouse(t)
	review, err := report.ReviewOf(t.Context(), h.store, demo.Room, time.Time{}, h.now)
	if err != nil {
		t.Fatal(err)
	}
	if len(review.People) != 0 || review.Checks.Checks != 0 || len(review.Rules) == 0 {
		t.Errorf("before any decision: %+v", review)
	}
	for _, p := range review.Rules {
		if p.Open != p.Raised || p.Share().Known() {
			t.Errorf("%s was judged by nobody: %+v", p.Rule, p)
		}
	}
	opened := h.do(bing, moderation.OpenCase{Room: demo.Room, Kind: moderation.CaseQualification, Title: "资质过期"}).Case
	h.do(bing, moderation.TakeCase{Case: opened.ID, Version: opened.Version})
	review, err = report.ReviewOf(t.Context(), h.store, demo.Room, time.Time{}, h.now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "who holds a case", review.People, []report.Load{{Name: bing.Name, Holding: 1}})
}
