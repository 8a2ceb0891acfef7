package claims_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestTrueInManyWords: what the sheet bears out is left alone in whatever way it
// is told, and its false twin, which says the same way what is not so, is found.
func TestTrueInManyWords(t *testing.T) {
	data, err := os.ReadFile("testdata/true.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checkers := map[string]*claims.Checker{}
	lines, twins := 0, 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		col := strings.Split(line, "\t")
		set := strings.ToLower(col[0][:1])
		if checkers[set] == nil {
			checkers[set] = checkerOver(t, filepath.Join("testdata", "author", set, "facts.csv"))
		}
		found := checkers[set].Check(claims.Utterance{ID: "x", SKU: col[0], Speaker: claims.SpeakerHost, Text: col[2]}, nil)
		if problem := compare(col[1], found); problem != "" {
			t.Errorf("%s %s: %s", col[0], col[2], problem)
		}
		lines++
		if col[1] != "-" {
			twins++
		}
	}
	if lines < 400 || twins < 40 {
		t.Fatalf("only %d lines, %d of them false", lines, twins)
	}
}

func checkerOver(t *testing.T, facts string) *claims.Checker {
	t.Helper()
	f, err := os.Open(facts)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load(filepath.Base(facts), f)
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(s)
}
