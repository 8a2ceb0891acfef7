package surge_test

import (
	"path/filepath"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
	"liveroom/moderation/surge"
)

// filled is a desk on a record that holds a surge.
func filled(t testing.TB, size surge.Size) (*moderation.Desk, *sqlite.Store) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "surge.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	checker, err := surge.Checker()
	if err != nil {
		t.Fatal(err)
	}
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{
		Store: store, Checker: checker, Clock: func() time.Time { return surge.Now },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := surge.Fill(t.Context(), desk, size); err != nil {
		t.Fatal(err)
	}
	return desk, store
}

// TestASurgeIsWhatItSays: as many of everything as was asked for, the same
// record every time, and one that its ledger bears out.
func TestASurgeIsWhatItSays(t *testing.T) {
	size := surge.Size{Orders: 503, Complaints: 101, Cases: 30}
	_, store := filled(t, size)
	audit, err := moderation.Verify(t.Context(), store)
	if err != nil || audit.Err() != nil {
		t.Fatal(err, audit.Err())
	}
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if counts.Orders != 503 || counts.Complaints != 101 || counts.Flags < 20 || counts.Cases < 50 || counts.Problems < 10 {
		t.Errorf("the surge holds %+v", counts)
	}
	_, again := filled(t, size)
	for _, s := range []*sqlite.Store{store, again} {
		head, err := s.Head(t.Context())
		if err != nil || head != audit.Head {
			t.Errorf("the record ends in %+v, %v; the first one in %+v", head, err, audit.Head)
		}
	}
}
