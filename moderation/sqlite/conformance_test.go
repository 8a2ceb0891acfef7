package sqlite_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/conformance"
	"liveroom/feed/feedtest"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// A desk that sources deliver to, on a record in a file.
type deskSink struct {
	*moderation.Desk
	t     testing.TB
	store *sqlite.Store
	news  feedtest.News
}

func newDesk(t testing.TB) conformance.Sink {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "record.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return &deskSink{Desk: desk, t: t, store: store}
}

// Commit wakes who waits.
func (d *deskSink) Commit(ctx context.Context, b feed.Batch) error {
	err := d.Desk.Commit(ctx, b)
	d.news.Lock()
	defer d.news.Unlock()
	d.news.Changed()
	return err
}

// Events reads the record.
func (d *deskSink) Events(keep func(feed.Event) bool) []feed.Event {
	rows, err := d.store.Events(context.Background(), moderation.Page{Limit: 10000})
	if err != nil {
		d.t.Errorf("read the record: %v", err)
	}
	slices.SortFunc(rows, func(a, b moderation.Recorded) int { return int(a.Index - b.Index) })
	var all []feed.Event
	for _, row := range rows {
		if keep == nil || keep(row.Event) {
			all = append(all, row.Event)
		}
	}
	return all
}

// Wait looks at the record after each commit.
func (d *deskSink) Wait(n int, keep func(feed.Event) bool, patience time.Duration) error {
	return d.news.Wait("events on disk", n, patience, func() int { return len(d.Events(keep)) })
}

// TestSourcesIntoTheRecord plays, into a desk on a file, a protocol of each sort: one
// that repeats, one that asks for acknowledgement, one that numbers its events, one
// without times and one without ids.
func TestSourcesIntoTheRecord(t *testing.T) {
	for _, s := range []conformance.Subject{
		conformance.TwitchRepeated(), conformance.TMC(), conformance.Events(), conformance.BarrageA(), conformance.KuaishouUnnumbered(),
	} {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			conformance.Check(t, s, newDesk)
		})
	}
}
