package claims_test

import (
	"testing"
)

// TestOrdinaryTalkOfBodiesAndTime: hints on use, the host's own night and what
// fits whom speak of bodies, amounts and days as promised effects do, and
// promise nothing.
func TestOrdinaryTalkOfBodiesAndTime(t *testing.T) {
	checker := checkerOver(t, "testdata/ordinary/facts.csv")
	eachRow(t, "testdata/ordinary/lines.tsv", 2, 140, func(col []string) {
		for _, f := range checker.Check(host(col[0], col[1]), nil) {
			t.Errorf("%s %s: %s/%s over %q (%s)", col[0], col[1], f.Category, f.Verdict, f.Said, f.Rule)
		}
	})
}

// TestPromisesOfBodiesAndTime: the same goods, promised to do what their sheet
// does not bear out.
func TestPromisesOfBodiesAndTime(t *testing.T) {
	checker := checkerOver(t, "testdata/ordinary/facts.csv")
	eachRow(t, "testdata/ordinary/promised.tsv", 3, 80, func(col []string) {
		found := checker.Check(host(col[0], col[2]), nil)
		if len(found) != 1 || string(found[0].Category) != col[1] {
			t.Errorf("%s %s: %+v, want %s", col[0], col[2], found, col[1])
		}
	})
}
