package claims_test

import (
	"bufio"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// A score counts hits and misses the way bench/score.go does.
type score struct {
	typedTP, typedFP, typedFN       int
	flaggedTP, flaggedFP, flaggedFN int
	silent                          int
}

func f1(tp, fp, fn int) float64 { return 2 * float64(tp) / float64(max(1, 2*tp+fp+fn)) }

func (s *score) add(l labelled, found []claims.Finding) {
	left, allowed := map[label]bool{}, map[label]bool{}
	for _, f := range found {
		left[label{string(f.Category), string(f.Verdict)}] = true
	}
	for _, a := range l.AlsoOK {
		allowed[a] = true
	}
	raised := false
	for f := range left {
		raised = raised || !allowed[f] || len(l.Expect) > 0
	}
	switch {
	case len(l.Expect) > 0 && raised:
		s.flaggedTP++
	case len(l.Expect) > 0:
		s.flaggedFN++
	case raised:
		s.flaggedFP++
		s.silent++
	default:
		s.silent++
	}
	used := map[label]bool{}
	for _, e := range l.Expect {
		any := e.AnyOf
		if len(any) == 0 {
			any = []label{{e.Category, e.Verdict}}
		}
		hit := false
		for _, a := range any {
			allowed[a] = true
			if left[a] && !used[a] && !hit {
				used[a], hit = true, true
			}
		}
		if hit {
			s.typedTP++
		} else {
			s.typedFN++
		}
	}
	for f := range left {
		if !used[f] && !allowed[f] {
			s.typedFP++
		}
	}
}

// TestQualityOnTheLabelledSets fails when the checks get worse than the floors
// that were once reached.
func TestQualityOnTheLabelledSets(t *testing.T) {
	for _, set := range []struct {
		name                   string
		typed, flagged, alarms float64
	}{
		{"dev", 0.975, 0.98, 0.01}, {"check", 0.88, 0.905, 0.04}, {"real-dev", 0.97, 0.97, 0.02},
	} {
		t.Run(set.name, func(t *testing.T) {
			checker, lines := loadSet(t, "bench/"+set.name)
			var s score
			for _, l := range lines {
				s.add(l, checker.Check(utterance(l), nil))
			}
			typed, flagged := f1(s.typedTP, s.typedFP, s.typedFN), f1(s.flaggedTP, s.flaggedFP, s.flaggedFN)
			alarms := float64(s.flaggedFP) / float64(max(1, s.silent))
			t.Logf("typed F1 %.3f, flagged F1 %.3f, alarms on %.3f of %d silent lines", typed, flagged, alarms, s.silent)
			if typed < set.typed || flagged < set.flagged || alarms > set.alarms {
				t.Errorf("typed F1 %.3f (floor %.3f), flagged F1 %.3f (%.3f), alarms %.3f (at most %.3f)", typed, set.typed, flagged, set.flagged, alarms, set.alarms)
			}
		})
	}
}

// TestOrdinaryCopyRaisesNothing reads copy and encyclopedia sentences that no
// sheet is about.
func TestOrdinaryCopyRaisesNothing(t *testing.T) {
	checker := claims.New(nil)
	n, raised := 0, 0
	for _, name := range []string{"data/neutral/dev_first200.jsonl", "data/neutral/dev_first300.jsonl"} {
		sc := bufio.NewScanner(openShared(t, name))
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var l struct {
				Summary string `json:"summary"`
				Claim   string `json:"claim"`
			}
			if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
				t.Fatal(err)
			}
			n++
			if found := checker.Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: l.Summary + l.Claim}, nil); len(found) > 0 {
				raised++
				t.Logf("%s/%s over %q (%s): %s", found[0].Category, found[0].Verdict, found[0].Said, found[0].Rule, l.Summary+l.Claim)
			}
		}
	}
	t.Logf("%d of %d lines raised something", raised, n)
	if raised*1000 > n*15 {
		t.Errorf("%d of %d lines raised something, at most 1.5 %% may", raised, n)
	}
}
