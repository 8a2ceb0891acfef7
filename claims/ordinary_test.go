package claims_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestOrdinaryTalkOfBodiesAndTime: hints on use, the host's own night and what
// fits whom speak of bodies, amounts and days as promised effects do, and
// promise nothing.
func TestOrdinaryTalkOfBodiesAndTime(t *testing.T) {
	f, err := os.Open("testdata/ordinary/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("facts.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/ordinary/lines.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checker, n := claims.New(s), 0
	for line := range strings.Lines(string(data)) {
		sku, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		n++
		for _, f := range checker.Check(claims.Utterance{SKU: sku, Speaker: claims.SpeakerHost, Text: text}, nil) {
			t.Errorf("%s %s: %s/%s over %q (%s)", sku, text, f.Category, f.Verdict, f.Said, f.Rule)
		}
	}
	if n < 140 {
		t.Errorf("only %d lines", n)
	}
}

// TestPromisesOfBodiesAndTime: the same goods, promised to do what their sheet
// does not bear out.
func TestPromisesOfBodiesAndTime(t *testing.T) {
	f, err := os.Open("testdata/ordinary/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("facts.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/ordinary/promised.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checker, n := claims.New(s), 0
	for line := range strings.Lines(string(data)) {
		col := strings.Split(strings.TrimSpace(line), "\t")
		n++
		found := checker.Check(claims.Utterance{SKU: col[0], Speaker: claims.SpeakerHost, Text: col[2]}, nil)
		if len(found) != 1 || string(found[0].Category) != col[1] {
			t.Errorf("%s %s: %+v, want %s", col[0], col[2], found, col[1])
		}
	}
	if n < 80 {
		t.Errorf("only %d lines", n)
	}
}
