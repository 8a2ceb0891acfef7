package learn_test

import (
	"strings"
	"testing"

	"liveroom/claims/learn"
)

// FuzzReadWeights: a table that can be read is written out and read back as it
// was.
func FuzzReadWeights(f *testing.F) {
	f.Add("\t5\t-3\no好\t12\t\n")
	f.Add("# a\n\t\t\nx\t1\t2147483647\n")
	f.Add("\t9999999999\t1")
	f.Fuzz(func(t *testing.T, tsv string) {
		w, err := learn.ReadWeights(tsv, 2)
		if (w == nil) == (err == nil) {
			t.Fatalf("weights %v, error %v", w, err)
		}
		if err != nil {
			return
		}
		var b strings.Builder
		if err := w.Write(&b, []string{"one", "other"}, 0); err != nil {
			t.Fatal(err)
		}
		again, err := learn.ReadWeights(b.String(), 2)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if len(again.Cues) != len(w.Cues) || len(again.Rows) != len(w.Rows) {
			t.Fatalf("%d cues written, %d read back", len(w.Cues), len(again.Cues))
		}
	})
}
