package claims_test

import (
	"testing"
)

// TestLinesCutShort checks every line of our own cut off after each of its
// characters: a recogniser hands on half sentences, and a rule that looks at
// what follows its word must not look beyond the end.
func TestLinesCutShort(t *testing.T) {
	checker := ownChecker(t)
	eachRow(t, "testdata/lines.tsv", 3, 100, func(col []string) {
		for end := range col[2] {
			said := col[2][:end]
			for _, f := range checker.Check(host(col[0], said), nil) {
				if n := len([]rune(said)); f.Start < 0 || f.End > n || f.Start >= f.End {
					t.Fatalf("%q: span %d–%d of %d characters", said, f.Start, f.End, n)
				}
			}
		}
	})
}
