//go:build unix

package report_test

import (
	"syscall"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/report"
	"liveroom/moderation/surge"
)

func surged(t testing.TB, size surge.Size) *house {
	t.Helper()
	checker, err := surge.Checker()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, checker)
	h.now = surge.Now
	if err := surge.Fill(t.Context(), h.Desk, size); err != nil {
		t.Fatal(err)
	}
	return h
}

// computed is how long the program has computed: a machine that others use as well
// makes everything late, and nothing more work.
func computed(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestMakeIsQuick holds the promise, a report in three seconds on fifty thousand
// orders and ten thousand complaints, at a tenth of its size and of its time.
func TestMakeIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes everything slow")
	}
	const within = 3 * time.Second / 10
	h := surged(t, surge.Tenth)
	best := time.Hour
	for range 3 {
		from := computed(t)
		r := h.make(report.Options{Room: surge.Room, Now: surge.Now})
		html(t, r, report.ZH)
		best = min(best, computed(t)-from)
		n := r.Totals
		if n.Orders != surge.Tenth.Orders || n.Complaints != surge.Tenth.Complaints || n.Exposed == 0 || len(r.Cases) < surge.Tenth.Cases || len(r.Problems) < 10 {
			t.Errorf("of a surge of %+v the report has %+v, %d cases, %d problems", surge.Tenth, n, len(r.Cases), len(r.Problems))
		}
	}
	t.Logf("%+v: %s", surge.Tenth, best)
	if best > within {
		t.Errorf("a report on %+v took %s of work, not %s", surge.Tenth, best, within)
	}
}

// BenchmarkReport is the promise at its full size: reading the record and writing
// the page.
func BenchmarkReport(b *testing.B) {
	h := surged(b, surge.Full)
	for b.Loop() {
		html(b, h.make(report.Options{Room: surge.Room, Now: surge.Now}), report.ZH)
	}
}

// BenchmarkVerify is what checking the ledger beside it takes.
func BenchmarkVerify(b *testing.B) {
	h := surged(b, surge.Full)
	for b.Loop() {
		if _, err := moderation.Verify(b.Context(), h.store); err != nil {
			b.Fatal(err)
		}
	}
}
