package storetest

import (
	"fmt"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
)

// withdrawing is the n-th event of a room, which withdraws something or, of neither,
// nothing.
func withdrawing(room string, n int, retracts, clears string) feed.Event {
	e := chat(room, n)
	e.Kind, e.Code, e.Retracts, e.Clears = feed.KindSystem, "user_banned", retracts, clears
	return e
}

// testWithdrawing asks for the few events that withdraw others: each once, those of
// somebody as those of nobody, a page at a time, of one room or of all.
func testWithdrawing(t *testing.T, h *harness) {
	nobodys := withdrawing("A", 5, "", feed.ClearsChat)
	nobodys.User = feed.User{}
	all := []feed.Event{
		chat("A", 1), withdrawing("A", 2, "c0001", ""), withdrawing("B", 3, "", feed.ClearsPerson),
		withdrawing("A", 4, "", ""), nobodys, withdrawing("A", 6, "", feed.ClearsPerson),
	}
	h.update(func(tx moderation.Tx) error { // one by one and many at once
		if _, _, err := tx.AddEvents(all[:2]); err != nil {
			return err
		}
		_, _, err := tx.AddEvents(all)
		return err
	})
	for _, tt := range []struct {
		room  string
		after int64
		limit int
		want  []int64
	}{
		{"A", 0, 0, []int64{2, 5, 6}},
		{"A", 0, 2, []int64{2, 5}},
		{"A", 2, 2, []int64{5, 6}},
		{"A", 6, 0, nil},
		{"B", 0, 0, []int64{3}},
		{"", 2, 2, []int64{3, 5}},
		{"elsewhere", 0, 0, nil},
	} {
		t.Run(fmt.Sprintf("%s after %d", tt.room, tt.after), func(t *testing.T) {
			var got []int64
			for _, e := range must[[]moderation.Recorded](t)(h.Withdrawing(t.Context(), tt.room, tt.after, tt.limit)) {
				got = append(got, e.Index)
				same(t, "event", sealedAs(t, e), recorded(e.Index, all[e.Index-1]))
			}
			same(t, "indexes", got, tt.want)
		})
	}
}
