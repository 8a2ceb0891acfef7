package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
)

// TestLines tells what the check is for, line by line.
func TestLines(t *testing.T) { checkTable(t, ownChecker(t), "testdata/lines.tsv", 100) }

func compare(want string, found []claims.Finding) string {
	left := map[string]bool{}
	for _, f := range found {
		left[string(f.Category)+"/"+string(f.Verdict)] = true
	}
	var missed []string
	allowed := map[string]bool{}
	for _, one := range strings.Split(want, ";") {
		if one == "-" {
			continue
		}
		hit := false
		for _, l := range strings.Split(one, "|") {
			allowed[l] = true
			hit = hit || left[l]
		}
		if !hit {
			missed = append(missed, "missed "+one)
		}
	}
	for l := range left {
		if !allowed[l] {
			missed = append(missed, "extra "+l)
		}
	}
	return strings.Join(missed, ", ")
}

func TestColoursOfATerminalAreNoClaim(t *testing.T) {
	c := ownChecker(t)
	for _, sku := range []string{"T10", "T11", "T14"} {
		if found := c.Check(claims.Utterance{SKU: sku, Speaker: claims.SpeakerHost, Text: "大家看\x1b[31m这个\x1b[0m"}, nil); len(found) > 0 {
			t.Errorf("%s: %+v", sku, found)
		}
	}
}
