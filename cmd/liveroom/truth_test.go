package main

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// truth is what is known of the demo's broadcast, as far as it is tested here.
type truth struct {
	FalseClaims []struct {
		Event     string          `json:"event"`
		SKU       string          `json:"sku"`
		Category  claims.Category `json:"category"`
		Verdict   claims.Verdict  `json:"verdict"`
		Quote     string          `json:"quote"`
		AnyOfAlso []struct {
			Category claims.Category `json:"category"`
			Verdict  claims.Verdict  `json:"verdict"`
		} `json:"any_of_also"`
	} `json:"false_claims"`
	SilentTraps []struct {
		Event string `json:"event"`
		Why   string `json:"why"`
		Text  string `json:"text"`
	} `json:"silent_traps"`
	Problems []struct {
		Key        string   `json:"key"`
		One        bool     `json:"one_problem"`
		Complaints []string `json:"complaints"`
		CausedBy   string   `json:"caused_by"`
	} `json:"problems"`
	Counts struct {
		Complaints int64 `json:"complaint"`
		Orders     int64 `json:"orders"`
	} `json:"counts"`
}

func demoTruth(t *testing.T) truth {
	t.Helper()
	b, err := os.ReadFile("../../demo/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var want truth
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// TestDemoAgainstItsTruth plays the demo and compares what the program makes
// of it with what is true, and prints every difference.
func TestDemoAgainstItsTruth(t *testing.T) {
	want := demoTruth(t)
	bin := built(t)
	db := filepath.Join(t.TempDir(), "demo.db")
	summary := runDemo(t, bin, db)
	if summary.Complaints != want.Counts.Complaints || summary.Orders != want.Counts.Orders || summary.Gaps != 1 {
		t.Errorf("complaints %d, orders %d, gaps %d; want %d, %d and 1",
			summary.Complaints, summary.Orders, summary.Gaps, want.Counts.Complaints, want.Counts.Orders)
	}

	flags := rows[flagRow](t, output(t, bin, "flags", "--db", db, "--format", "jsonl"))
	known := map[string]bool{}
	missed := 0
	for _, c := range want.FalseClaims {
		known[c.Event] = true
		right := slices.ContainsFunc(flags, func(f flagRow) bool {
			if f.ID != c.Event || f.SKU != c.SKU {
				return false
			}
			if f.Category == c.Category && f.Verdict == c.Verdict {
				return true
			}
			for _, also := range c.AnyOfAlso {
				if f.Category == also.Category && f.Verdict == also.Verdict {
					return true
				}
			}
			return false
		})
		if !right {
			missed++
			t.Logf("missed: %s %s %s %q", c.Event, c.Category, c.Verdict, c.Quote)
		}
	}
	wrong := 0
	for _, f := range flags {
		if !known[f.ID] {
			wrong++
			t.Logf("flagged wrongly: %s %s %s %q in %q: %s", f.ID, f.Category, f.Verdict, f.Said, f.Text, f.Why)
		}
	}
	for _, trap := range want.SilentTraps {
		if slices.ContainsFunc(flags, func(f flagRow) bool {
			return f.ID == trap.Event && !known[trap.Event]
		}) {
			t.Errorf("trap flagged: %s (%s) %q", trap.Event, trap.Why, trap.Text)
		}
	}
	t.Logf("flags: %d of %d false claims found, %d flagged wrongly", len(want.FalseClaims)-missed, len(want.FalseClaims), wrong)
	if missed > maxMissed || wrong > maxWrong {
		t.Errorf("%d missed, %d wrong: worse than what was reached before (%d, %d)", missed, wrong, maxMissed, maxWrong)
	}
	compareProblems(t, want, output(t, bin, "problems", "--db", db, "--format", "jsonl"))
}

// What was reached. These only ever go down.
const (
	maxMissed = 0
	maxWrong  = 0
)

// compareProblems counts pairs of complaints: a pair that stands in one true
// problem should stand in one found problem, and the other way round. Mixed
// bags of the truth are no problems, so their pairs only count when found.
func compareProblems(t *testing.T, want truth, listed string) {
	t.Helper()
	trueProblem := map[string]string{}
	cause := map[string]string{}
	for _, p := range want.Problems {
		for _, c := range p.Complaints {
			if p.One {
				trueProblem[c] = p.Key
			}
		}
		cause[p.Key] = p.CausedBy
	}
	found := map[string]int64{}
	foundPairs, rightPairs, causes, rightCauses := 0, 0, 0, 0
	for _, p := range rows[problemRow](t, listed) {
		for i, a := range p.Complaints {
			found[a] = p.ID
			for _, b := range p.Complaints[i+1:] {
				foundPairs++
				if trueProblem[a] != "" && trueProblem[a] == trueProblem[b] {
					rightPairs++
				} else if foundPairs-rightPairs <= 20 {
					t.Logf("problem %d joins what is apart: %s (%s) and %s (%s)", p.ID, a, trueProblem[a], b, trueProblem[b])
				}
			}
		}
		if p.Event != "" {
			causes++
			if len(p.Complaints) > 0 && cause[trueProblem[p.Complaints[0]]] == p.Event {
				rightCauses++
			}
		}
	}
	truePairs := 0
	for _, p := range want.Problems {
		if p.One {
			truePairs += len(p.Complaints) * (len(p.Complaints) - 1) / 2
		}
	}
	precision, recall := ratio(rightPairs, foundPairs), ratio(rightPairs, truePairs)
	t.Logf("problems: pairwise precision %.3f, recall %.3f; %d of %d links to a sentence right", precision, recall, rightCauses, causes)
	if precision < minPrecision || recall < minRecall {
		t.Errorf("precision %.3f, recall %.3f: worse than what was reached before (%.2f, %.2f)", precision, recall, minPrecision, minRecall)
	}
}

const (
	minPrecision = 0.0
	minRecall    = 0.0
)

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// rows reads JSON lines.
func rows[T any](t *testing.T, text string) []T {
	t.Helper()
	var out []T
	scan := bufio.NewScanner(strings.NewReader(text))
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var row T
		if err := json.Unmarshal(scan.Bytes(), &row); err != nil {
			t.Fatalf("%v in %s", err, scan.Text())
		}
		out = append(out, row)
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
