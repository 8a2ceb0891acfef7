package surge_test

import (
	"fmt"
	"path/filepath"
	"slices"
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

// TestASurgeIsWhatItSays: as many of everything as was asked for, the same every
// time but for the salts of what is sealed, and borne out by its ledger.
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
	if head, err := again.Head(t.Context()); err != nil || head.Size != audit.Head.Size {
		t.Errorf("the second ledger has %d leaves, %v; the first one %d", head.Size, err, audit.Head.Size)
	}
	if one, two := told(t, store), told(t, again); !slices.Equal(one, two) {
		t.Error("the second surge tells other things than the first")
	}
}

// told is what a record's events say, its complaints' problems, and its cases.
func told(t *testing.T, store *sqlite.Store) []string {
	t.Helper()
	var out []string
	events, err := store.Events(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		out = append(out, string(e.Raw))
	}
	complaints, err := store.Complaints(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range complaints {
		out = append(out, fmt.Sprint(c.Text, c.OrderID, c.Problem, c.Case))
	}
	cases, err := store.Cases(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		out = append(out, fmt.Sprint(c.Title, c.SKU, c.StakeFen, c.Earlier, c.Flags, c.Complaints))
	}
	return out
}
