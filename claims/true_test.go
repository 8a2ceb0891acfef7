package claims_test

import (
	"path/filepath"
	"strings"
	"testing"

	"liveroom/claims"
)

// TestTrueInManyWords: what the sheet bears out is left alone in whatever way it
// is told, and its false twin, which says the same way what is not so, is found.
func TestTrueInManyWords(t *testing.T) {
	checkers := map[string]*claims.Checker{}
	twins := 0
	eachRow(t, "testdata/true.tsv", 3, 400, func(col []string) {
		checkLines(t, checkerFor(t, checkers, col[0]), []spoken{{col[0], col[1], col[2]}})
		if col[1] != "-" {
			twins++
		}
	})
	if twins < 40 {
		t.Fatalf("only %d lines are false", twins)
	}
}

// checkerFor is the one over the sheet of an author's set, told by how the
// number of its product begins; each is made once.
func checkerFor(t *testing.T, made map[string]*claims.Checker, sku string) *claims.Checker {
	t.Helper()
	set := strings.ToLower(sku[:1])
	if made[set] == nil {
		made[set] = checkerOver(t, filepath.Join("testdata", "author", set, "facts.csv"))
	}
	return made[set]
}
