package tui

import (
	"slices"
	"testing"
	"time"

	"liveroom/moderation"
)

// What runs out first stands first; a case that waits for somebody outside has
// no clock that runs and is not the most urgent of all.
func TestCasesStandByWhenTheyAreDue(t *testing.T) {
	now := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	var all []*record[moderation.Case]
	for id, c := range []moderation.Case{
		{State: moderation.CaseStateClosed},
		{State: moderation.CaseStateWaiting},
		{State: moderation.CaseStateResolved, DueAt: now},
		{State: moderation.CaseStateOpen, DueAt: now.Add(time.Hour)},
		{State: moderation.CaseStateReview, DueAt: now.Add(-time.Hour)},
	} {
		all = append(all, &record[moderation.Case]{id: int64(id), v: c})
	}
	slices.SortFunc(all, caseOrder)
	var got []int64
	for _, r := range all {
		got = append(got, r.id)
	}
	if want := []int64{4, 3, 1, 2, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
