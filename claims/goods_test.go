package claims_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// TestGoods tells what is claimed of material, brand, origin and ingredients,
// each frame with what it must find and what it must leave alone.
func TestGoods(t *testing.T) {
	f, err := os.Open("testdata/goods.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("goods.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/goods.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checker := claims.New(s)
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		col := strings.Split(line, "\t")
		found := checker.Check(claims.Utterance{ID: "x", SKU: col[0], Speaker: claims.SpeakerHost, Text: col[2]}, nil)
		if problem := compare(col[1], found); problem != "" {
			t.Errorf("%s %s: %s", col[0], col[2], problem)
		}
	}
}

// TestWhatIsOnlyHeardIsListenedToFirst: a term found by its sound may be the
// recogniser's slip, so a person listens before judging.
func TestWhatIsOnlyHeardIsListenedToFirst(t *testing.T) {
	f, err := os.Open("testdata/goods.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := sheet.Load("goods.csv", f)
	if err != nil {
		t.Fatal(err)
	}
	checker := claims.New(s)
	for text, want := range map[string]bool{"烟先安百分之十": true, "烟酰胺百分之十": false} {
		found := checker.Check(claims.Utterance{SKU: "G02", Speaker: claims.SpeakerHost, Text: text}, nil)
		if len(found) != 1 || found[0].ListenFirst != want {
			t.Errorf("%s: %+v, want listen first %v", text, found, want)
		}
	}
}
