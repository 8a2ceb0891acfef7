package claims_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestLinesCutShort checks every line of our own cut off after each of its
// characters: a recogniser hands on half sentences, and a rule that looks at
// what follows its word must not look beyond the end.
func TestLinesCutShort(t *testing.T) {
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
	for line := range strings.Lines(string(data)) {
		col := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(col) < 3 {
			continue
		}
		for end := range col[2] {
			said := col[2][:end]
			for _, f := range checker.Check(claims.Utterance{ID: "x", SKU: col[0], Speaker: claims.SpeakerHost, Text: said}, nil) {
				if n := len([]rune(said)); f.Start < 0 || f.End > n || f.Start >= f.End {
					t.Fatalf("%q: span %d–%d of %d characters", said, f.Start, f.End, n)
				}
			}
		}
	}
}
