package sqlite

import (
	"fmt"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// TestTheIndexLeavesCommitsSafe: the search index may be lost with a power cut, and
// what is committed behind it may not.
func TestTheIndexLeavesCommitsSafe(t *testing.T) {
	s := gatherable(t)
	synchronous := func() (level, indexed int) {
		t.Helper()
		err := s.Update(t.Context(), func(of moderation.Tx) error {
			w := of.(*tx)
			if err := w.row(t.Context(), "SELECT indexed FROM search_state", nil, &indexed); err != nil {
				return err
			}
			return w.row(t.Context(), "PRAGMA synchronous", nil, &level)
		})
		if err != nil {
			t.Fatal(err)
		}
		return level, indexed
	}
	const full, n = 2, 2*indexAt + 1
	events := make([]feed.Event, n)
	for i := range events {
		events[i] = feed.Event{Source: "s", ID: fmt.Sprint(i), Room: "A", Kind: feed.KindChat, Text: "能机洗吗"}
	}
	if err := s.Update(t.Context(), func(of moderation.Tx) error {
		_, _, err := of.AddEvents(events)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(2 * indexIdle) {
		level, indexed := synchronous()
		if level != full {
			t.Fatalf("with %d events indexed a commit waits for the disk as at level %d, want %d", indexed, level, full)
		}
		if indexed == n {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d events are indexed", indexed, n)
		}
	}
}
