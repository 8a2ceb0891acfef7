package claims_test

import (
	"bufio"
	"os"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestQualityOnOtherGoodsAndVoices holds the checks to goods and ways of
// speaking they were not made on. Every fourth line is counted by itself: no
// rule was written with those in view.
func TestQualityOnOtherGoodsAndVoices(t *testing.T) {
	facts, err := os.Open("testdata/author/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	s, err := sheet.Load("facts.csv", facts)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.Open("testdata/author/utterances.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	checker := claims.New(s)
	var most, fourth score
	sc := bufio.NewScanner(lines)
	for n := 1; sc.Scan(); n++ {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		of := &most
		if n%4 == 0 {
			of = &fourth
		}
		of.add(l, checker.Check(utterance(l), nil))
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name          string
		score         score
		typed, alarms float64
	}{
		{"three of four", most, 0.88, 0.035},
		{"the fourth", fourth, 0.75, 0.09},
	} {
		if c.score.silent < 100 || c.score.typedTP+c.score.typedFN < 90 {
			t.Fatalf("%s: only %d silent lines and %d findings", c.name, c.score.silent, c.score.typedTP+c.score.typedFN)
		}
		typed := f1(c.score.typedTP, c.score.typedFP, c.score.typedFN)
		alarms := float64(c.score.flaggedFP) / float64(c.score.silent)
		t.Logf("%s: typed F1 %.3f, alarms on %.3f of %d silent lines", c.name, typed, alarms, c.score.silent)
		if typed < c.typed || alarms > c.alarms {
			t.Errorf("%s: typed F1 %.3f (floor %.2f), alarms %.3f (at most %.3f)", c.name, typed, c.typed, alarms, c.alarms)
		}
	}
}
