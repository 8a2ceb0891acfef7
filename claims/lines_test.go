package claims_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestLines tells what the check is for, line by line.
func TestLines(t *testing.T) {
	f, err := os.Open("testdata/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("facts.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/lines.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checker := claims.New(s)
	n := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		n++
		col := strings.Split(line, "\t")
		found := checker.Check(claims.Utterance{ID: "x", SKU: col[0], Speaker: claims.SpeakerHost, Text: col[2]}, nil)
		if problem := compare(col[1], found); problem != "" {
			t.Errorf("%s %s: %s", col[0], col[2], problem)
		}
	}
	if n < 100 {
		t.Fatalf("only %d lines", n)
	}
}

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
	f, err := os.Open("testdata/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("facts.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	c := claims.New(s)
	for _, sku := range []string{"T10", "T11", "T14"} {
		if found := c.Check(claims.Utterance{SKU: sku, Speaker: claims.SpeakerHost, Text: "大家看\x1b[31m这个\x1b[0m"}, nil); len(found) > 0 {
			t.Errorf("%s: %+v", sku, found)
		}
	}
}
