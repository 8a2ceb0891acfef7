//go:build unix && !race

package feed_test

import (
	"testing"

	"liveroom/feed/feedtest"
)

// promisedLines are those that a core makes fit in a second. It is asked of each
// second of processor time: how much of that a test gets, on a machine that does
// something else, tells nothing. On a quiet one it is ten times as much.
const promisedLines = 100_000

// TestLinesAreMadeFitFast holds every line to it, in the best of some turns.
func TestLinesAreMadeFitFast(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED by -short: how fast lines are made fit is NOT measured; run without it")
	}
	const n, turns = 20_000, 10
	for name, line := range lines {
		best := 0.0
		for turn := 0; turn < turns && (turn < 3 || best < promisedLines); turn++ {
			from := feedtest.Computed(t)
			for range n {
				line.fit(line.text)
			}
			best = max(best, n/(feedtest.Computed(t)-from).Seconds())
		}
		t.Logf("%s: %.0f lines in a second of processor time", name, best)
		if best < promisedLines {
			t.Errorf("%s: only %.0f lines are made fit in a second of processor time, %d are promised", name, best, promisedLines)
		}
	}
}
