package main

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims/learn"
)

// A change of the hits or the cues must come with its table.
func TestTheTableIsThatOfTheHits(t *testing.T) {
	texts, err := readAll([]string{"../corpus.tsv", "../own.tsv"})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := write(texts, &got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../weights.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if n := learn.Differs(got.String(), string(want)); n > 0 {
		t.Errorf("line %d of weights.tsv is not what the hits give: run go generate ./claims/meant", n)
	}
}

func TestACorpusThatCannotBeReadNamesItsLine(t *testing.T) {
	for _, bad := range []string{"x\tprice\t⟦a⟧", "+\tprice", "-\tprice\tno hit", "+\tprice\t⟦⟧"} {
		name := t.TempDir() + "/corpus.tsv"
		if err := os.WriteFile(name, []byte("# hits\n"+bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(name); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: error %v does not name line 2", bad, err)
		}
	}
}
