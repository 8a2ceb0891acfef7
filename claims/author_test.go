package claims_test

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestQualityOnOtherGoodsAndVoices holds the checks to goods and ways of
// speaking they were not made on. Of the first set every fourth line is counted
// by itself: no rule was written with those in view. The sets in folders have
// each their own goods and voices.
func TestQualityOnOtherGoodsAndVoices(t *testing.T) {
	var most, fourth score
	checkAuthorSet(t, "", func(n int, l labelled, found []claims.Finding) {
		of := &most
		if n%4 == 0 {
			of = &fourth
		}
		of.add(l, found)
	})
	most.hold(t, "three of four", 0.88, 0.035)
	fourth.hold(t, "the fourth", 0.75, 0.09)
	for _, set := range []struct {
		name          string
		typed, alarms float64
	}{
		{"p", 0.70, 0.15}, {"q", 0.66, 0.14}, {"r", 0.65, 0.12},
	} {
		var all score
		checkAuthorSet(t, set.name, func(_ int, l labelled, found []claims.Finding) { all.add(l, found) })
		all.hold(t, set.name, set.typed, set.alarms)
	}
}

// checkAuthorSet checks the lines of a set of testdata/author one by one; n
// counts from 1.
func checkAuthorSet(t *testing.T, set string, yield func(n int, l labelled, found []claims.Finding)) {
	t.Helper()
	dir := filepath.Join("testdata", "author", set)
	facts, err := os.Open(filepath.Join(dir, "facts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	s, err := sheet.Load("facts.csv", facts)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.Open(filepath.Join(dir, "utterances.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	checker := claims.New(s)
	sc := bufio.NewScanner(lines)
	for n := 1; sc.Scan(); n++ {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		yield(n, l, checker.Check(utterance(l), nil))
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func (s *score) hold(t *testing.T, set string, floor, most float64) {
	t.Helper()
	if s.silent < 100 || s.typedTP+s.typedFN < 90 {
		t.Fatalf("%s: only %d silent lines and %d findings", set, s.silent, s.typedTP+s.typedFN)
	}
	typed := f1(s.typedTP, s.typedFP, s.typedFN)
	flagged := f1(s.flaggedTP, s.flaggedFP, s.flaggedFN)
	alarms := float64(s.flaggedFP) / float64(s.silent)
	t.Logf("%s: typed F1 %.3f, flagged F1 %.3f, alarms on %.3f of %d silent lines", set, typed, flagged, alarms, s.silent)
	if typed < floor || alarms > most {
		t.Errorf("%s: typed F1 %.3f (floor %.2f), alarms %.3f (at most %.3f)", set, typed, floor, alarms, most)
	}
}
