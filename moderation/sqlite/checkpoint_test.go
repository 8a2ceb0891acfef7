package sqlite

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// TestTheLogBeginsAnew: whatever is written, the log does not grow with it, and the
// writer leaves nearly all of the writing back to others.
func TestTheLogBeginsAnew(t *testing.T) {
	s := gatherable(t)
	const page = 4096
	raw := []byte(strings.Repeat("x", 20_000))
	written := 0
	for n := 0; written < 20*longLog*page; n++ {
		events := make([]feed.Event, 100)
		for i := range events {
			events[i] = feed.Event{Source: "s", ID: fmt.Sprint(n, " ", i), Room: "A", Kind: feed.KindGap, Raw: raw}
			written += len(raw)
		}
		if err := s.Update(t.Context(), func(of moderation.Tx) error {
			_, _, err := of.AddEvents(events)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(s.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(6 * longLog * page); info.Size() > most {
		t.Errorf("after %d MB the log has %d MB, want at most %d", written>>20, info.Size()>>20, most>>20)
	}
	// What SQLite takes for a mode that it does not know would write back.
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		log, left := checkpoint(s.pool, "NOOP")
		if log > 0 && left < backAt {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("of %d pages in the log %d are not written back", log, left)
		}
	}
}

// TestLookingAtTheLogWritesNothingBack: the SQLite that we bring along knows how to.
func TestLookingAtTheLogWritesNothingBack(t *testing.T) {
	s := gatherable(t)
	for range 2 {
		log, left := checkpoint(s.log.db, "NOOP")
		if log == 0 || left != log {
			t.Errorf("of %d pages in the log %d are not written back; nobody has written any back", log, left)
		}
	}
	checkpoint(s.log.db, "PASSIVE")
	if log, left := checkpoint(s.log.db, "NOOP"); log == 0 || left != 0 {
		t.Errorf("of %d pages in the log %d are not written back; all were", log, left)
	}
}

// TestCatchingUpIsWrittenBackToo: what is indexed while nobody writes does not stay in
// the log either, which nobody else would shorten.
func TestCatchingUpIsWrittenBackToo(t *testing.T) {
	s := gatherable(t)
	events := make([]feed.Event, 40*indexAt)
	for i := range events {
		events[i] = feed.Event{Source: "s", ID: fmt.Sprint(i), Room: "A", Kind: feed.KindChat, Text: fmt.Sprintf("第%d条 这条围巾能机洗吗", i)}
	}
	if err := s.Update(t.Context(), func(of moderation.Tx) error {
		w := of.(*tx)
		if _, _, err := w.AddEvents(events); err != nil {
			return err
		}
		w.behind = 0 // as if the file was opened with them
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var behind int64
		if err := s.row(t.Context(), "SELECT (SELECT max(idx) FROM events) - indexed FROM search_state", nil, &behind); err != nil {
			t.Fatal(err)
		}
		log, left := checkpoint(s.log.db, "NOOP")
		if behind == 0 && left < backAt {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d events are not indexed, and of %d pages in the log %d are not written back", behind, log, left)
		}
	}
}
