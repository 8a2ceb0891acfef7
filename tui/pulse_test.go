package tui

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPulseLosesNothing: whatever comes in whatever order, the counts add up, the
// buckets stay few, and the first begins no later than the first event.
func TestPulseLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pulse
		total, first := int64(0), time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "events") {
			at := start.Add(time.Duration(rapid.IntRange(-3600, 24*3600).Draw(t, "second")) * time.Second)
			n := rapid.Int32Range(1, 1000).Draw(t, "n")
			p.add(at, n)
			total += int64(n)
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if len(p.counts) > pulseCap {
				t.Fatalf("%d buckets", len(p.counts))
			}
		}
		if b := p.begins(); b.After(first) || first.Sub(b) > time.Duration(p.step) {
			t.Fatalf("it begins at %v, the first event was at %v, a bucket is %v", b, first, time.Duration(p.step))
		}
		sum := int64(0)
		for _, n := range p.cells(7, func(at time.Time) int { return int(at.Unix() % 7) }) {
			sum += n
		}
		if sum != total {
			t.Fatalf("%d of %d events are left", sum, total)
		}
	})
}

// TestASurgeIsFarMoreThanUsual, of enough to be no chance.
func TestASurgeIsFarMoreThanUsual(t *testing.T) {
	flat := func(n int64) []int64 {
		out := make([]int64, 60)
		for i := range out {
			out[i] = n
		}
		return out
	}
	with := func(cells []int64, at int, n int64) []int64 {
		cells[at] = n
		return cells
	}
	for _, tt := range []struct {
		name  string
		cells []int64
		want  int // surges
	}{
		{"nothing yet", flat(0), 0},
		{"as always", flat(50), 0},
		{"one below", with(flat(50), 30, 149), 0},
		{"three times as much", with(flat(50), 30, 150), 1},
		{"much more of little", with(flat(1), 30, 19), 0},
		{"and of enough", with(flat(1), 30, 20), 1},
		{"only few cells had any", []int64{1, 1, 90, 1}, 0},
	} {
		got := 0
		for i, s := range surges(tt.cells) {
			if s {
				got++
				if i != 30 {
					t.Errorf("%s: a surge in cell %d", tt.name, i)
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: %d surges, want %d", tt.name, got, tt.want)
		}
	}
}
