package tui

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/moderation"
)

// TestRecordsGoToTheirPlace: a table that takes records in one by one shows what
// one that sorts all of them anew does, whatever came and changed.
func TestRecordsGoToTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kept := table[moderation.Order]{less: orderOrder, limit: 40, steady: true}
		for range rapid.IntRange(1, 120).Draw(t, "orders") {
			id := int64(rapid.IntRange(1, 60).Draw(t, "id"))
			paid := start.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "second")) * time.Second)
			kept.put(id, moderation.Order{Number: id, PaidAt: paid})
			if rapid.Bool().Draw(t, "looked at") {
				kept.rows()
			}
			got := ids(kept.rows())
			if len(got) != len(kept.by) || len(got) > kept.limit {
				t.Fatalf("%d rows of %d records", len(got), len(kept.by))
			}
			kept.dirty = true
			if want := ids(kept.rows()); !slices.Equal(got, want) {
				t.Fatalf("shown as %v, sorted anew %v", got, want)
			}
		}
	})
}

func ids[T any](rows []*record[T]) []int64 {
	var out []int64
	for _, r := range rows {
		out = append(out, r.id)
	}
	return out
}
