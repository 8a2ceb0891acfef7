package claims_test

import (
	"bufio"
	"slices"
	"strings"
	"testing"

	"liveroom/claims"
)

// A hardCase is a line of the hard cases: what was said, the facts in free
// text, and what one author holds of it.
type hardCase struct {
	id, text, facts, verdict string
	review                   bool // a person may well look at it
	why                      string
}

func hardCases(t *testing.T) []hardCase {
	t.Helper()
	var cases []hardCase
	sc := bufio.NewScanner(openShared(t, "bench/cases.tsv"))
	for sc.Scan() {
		if c := strings.Split(sc.Text(), "\t"); len(c) == 7 && c[0] != "id" {
			cases = append(cases, hardCase{c[0], c[2], c[3], c[4], c[5] == "1", c[6]})
		}
	}
	return cases
}

// answered reports whether a finding is of a kind that answers the author: which of our categories answer the author's verdicts that name a
// kind of claim.
func (h hardCase) answered(found []claims.Finding) bool {
	return slices.ContainsFunc(found, func(f claims.Finding) bool {
		switch {
		case strings.Contains(h.verdict, "absolute") && (f.Category == claims.CategoryAbsolute || f.Category == claims.CategoryCredential):
			return true
		case h.verdict == "medical" && slices.Contains([]claims.Category{claims.CategoryMedical, claims.CategoryEfficacy, claims.CategoryEffect}, f.Category):
			return true
		case h.verdict == "price" && slices.Contains([]claims.Category{claims.CategoryPrice, claims.CategoryAbsolute, claims.CategoryOffplatform, claims.CategoryQuantity}, f.Category):
			return true
		}
		return h.verdict == "promise" && f.Category == claims.CategoryPromise || strings.HasPrefix(h.verdict, "unsupported") || h.verdict == "contradicted" && f.Verdict == claims.VerdictContradicted
	})
}

// A caseScore counts what the hard cases come to.
type caseScore struct {
	lines, hit, missed, wrong, fine, alarms, others, answered int
}

func (s caseScore) precision() float64 { return float64(s.hit) / float64(max(1, s.hit+s.wrong)) }
func (s caseScore) recall() float64    { return float64(s.hit) / float64(max(1, s.hit+s.missed)) }
func (s caseScore) alarmRate() float64 { return float64(s.alarms) / float64(max(1, s.fine)) }

// add counts a case: what the author says is contradicted must be found so;
// what is fine must raise nothing, unless a person may look at it. A false
// price or promise is contradicted by our sheet, so such a finding is no
// mistake on a line that the author calls price or promise.
func (s *caseScore) add(h hardCase, found []claims.Finding) (mistake string) {
	s.lines++
	contradicted := slices.ContainsFunc(found, func(f claims.Finding) bool { return f.Verdict == claims.VerdictContradicted })
	answered := h.answered(found)
	switch {
	case h.verdict == "contradicted" && contradicted:
		s.hit++
	case h.verdict == "contradicted":
		s.missed++
		return "missed"
	case h.verdict == "fine":
		if h.review {
			return ""
		}
		s.fine++
		if contradicted {
			s.wrong++
		}
		if len(found) > 0 {
			s.alarms++
			return "alarm"
		}
	default:
		s.others++
		if answered {
			s.answered++
		} else {
			mistake = "unanswered"
		}
		if contradicted && !answered && !h.review {
			s.wrong++
			mistake = "wrong"
		}
	}
	return mistake
}

func TestHardCases(t *testing.T) {
	var all, mapped caseScore
	for _, h := range hardCases(t) {
		row := readFacts(h.facts, h.text)
		checker, err := row.checker()
		if err != nil {
			t.Fatalf("%s %s: %v", h.id, h.facts, err)
		}
		found := checker.Check(claims.Utterance{SKU: "on-air", Speaker: claims.SpeakerHost, Text: h.text}, nil)
		if len(row.left) > 0 {
			t.Logf("unmapped %s %s: %s", h.id, h.facts, strings.Join(row.left, " | "))
		} else {
			mapped.add(h, found)
		}
		if m := all.add(h, found); m != "" {
			var got []string
			for _, f := range found {
				got = append(got, string(f.Category)+"/"+string(f.Verdict)+" "+f.Said)
			}
			t.Logf("%s %s [%s] %s | %s: %s (%s)", m, h.id, h.verdict, h.text, h.facts, strings.Join(got, ", "), h.why)
		}
	}
	for _, s := range []struct {
		of string
		caseScore
	}{{"all", all}, {"mapped", mapped}} {
		const precision, recall, alarms = 0.95, 0.85, 0.04
		if s.precision() < precision || s.recall() < recall || s.alarmRate() > alarms {
			t.Errorf("%s: precision %.3f (at least %.2f), recall %.3f (%.2f), alarms %.3f (at most %.2f)", s.of, s.precision(), precision, s.recall(), recall, s.alarmRate(), alarms)
		}
		t.Logf("%s: %d lines; contradicted: precision %.3f, recall %.3f (%d of %d); alarms on %.3f of %d fine lines; of the others %d of %d answered",
			s.of, s.lines, s.precision(), s.recall(), s.hit, s.hit+s.missed, s.alarmRate(), s.fine, s.answered, s.others)
	}
}
