package claims_test

import (
	"testing"

	"liveroom/claims"
)

// TestGoods tells what is claimed of material, brand, origin and ingredients,
// each frame with what it must find and what it must leave alone.
func TestGoods(t *testing.T) {
	checkTable(t, checkerOver(t, "testdata/goods.csv"), "testdata/goods.tsv", 300)
}

// TestWhatIsOnlyHeardIsListenedToFirst: a term found by its sound may be the
// recogniser's slip, so a person listens before judging.
func TestWhatIsOnlyHeardIsListenedToFirst(t *testing.T) {
	checker := checkerOver(t, "testdata/goods.csv")
	for text, want := range map[string]bool{"烟先安百分之十": true, "烟酰胺百分之十": false} {
		found := checker.Check(claims.Utterance{SKU: "G02", Speaker: claims.SpeakerHost, Text: text}, nil)
		if len(found) != 1 || found[0].ListenFirst != want {
			t.Errorf("%s: %+v, want listen first %v", text, found, want)
		}
	}
}
