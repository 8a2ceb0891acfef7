package claims_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// A score counts a labelled set: findings asked for, and lines kept silent.
type score struct {
	hit, extra, missed int // typed findings
	silent, alarms     int // lines that ask for nothing, and those that raised something
	wrong              []string
}

func (s score) f1() float64 { return float64(2*s.hit) / float64(max(2*s.hit+s.extra+s.missed, 1)) }

func (s *score) line(l labelled, found []claims.Finding) {
	left := map[label]bool{}
	for _, f := range found {
		left[label{string(f.Category), string(f.Verdict)}] = true
	}
	allowed, used := map[label]bool{}, map[label]bool{}
	for _, a := range l.AlsoOK {
		allowed[a] = true
	}
	var wrong []string
	for _, e := range l.Expect {
		any := e.AnyOf
		if len(any) == 0 {
			any = []label{{e.Category, e.Verdict}}
		}
		hit := false
		for _, a := range any {
			allowed[a] = true
			if !hit && left[a] && !used[a] {
				used[a], hit = true, true
			}
		}
		if hit {
			s.hit++
		} else {
			s.missed++
			wrong = append(wrong, "missed "+any[0].Category)
		}
	}
	raised := false
	for a := range left {
		if !used[a] && !allowed[a] {
			s.extra++
			raised = true
			wrong = append(wrong, "extra "+a.Category+"/"+a.Verdict)
		}
	}
	if len(l.Expect) == 0 {
		s.silent++
		if raised {
			s.alarms++
		}
	}
	if len(wrong) > 0 {
		s.wrong = append(s.wrong, fmt.Sprintf("%s %s %s: %s", l.ID, l.SKU, l.Text, strings.Join(wrong, ", ")))
	}
}

// TestAuthorSet holds the check to goods and voices it was not made on: 38
// products, four ways of speaking. Every fourth line is counted by itself.
func TestAuthorSet(t *testing.T) {
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
		of.line(l, checker.Check(utterance(l), nil))
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		s      score
		f1     float64
		alarms int
	}{
		{"three of four", most, 0.60, 47},
		{"the fourth", fourth, 0.57, 14},
	} {
		if c.s.silent+c.s.hit+c.s.missed < 150 {
			t.Fatalf("%s: only %d silent lines and %d findings", c.name, c.s.silent, c.s.hit+c.s.missed)
		}
		t.Logf("%s: F1 %.3f, alarms on %d of %d silent lines", c.name, c.s.f1(), c.s.alarms, c.s.silent)
		if c.s.f1() < c.f1 || c.s.alarms > c.alarms {
			t.Errorf("%s: F1 %.3f of at least %.3f, alarms on %d of at most %d lines", c.name, c.s.f1(), c.f1, c.s.alarms, c.alarms)
		}
	}
}
