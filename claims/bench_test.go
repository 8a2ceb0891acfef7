package claims_test

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

const sharedDir = "../../shared"

// A labelled line of a benchmark set, as bench/SCHEMA.md has it.
type labelled struct {
	ID      string          `json:"id"`
	SKU     string          `json:"sku"`
	Speaker string          `json:"speaker"`
	Text    string          `json:"text"`
	Expect  []expectedLabel `json:"expect"`
	AlsoOK  []label         `json:"also_ok"`
	Tags    []string        `json:"tags"`
}

type label struct {
	Category string `json:"category"`
	Verdict  string `json:"verdict"`
}

type expectedLabel struct {
	Category string  `json:"category"`
	Verdict  string  `json:"verdict"`
	AnyOf    []label `json:"any_of"`
}

func openShared(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedDir, name))
	if err != nil {
		t.Skipf("LOUD: %s is not here, this test proved nothing: %v", name, err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func loadSet(t testing.TB, dir string) (*claims.Checker, []labelled) {
	t.Helper()
	s, err := sheet.Load("facts.csv", openShared(t, dir+"/facts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var set []labelled
	sc := bufio.NewScanner(openShared(t, dir+"/utterances.jsonl"))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		set = append(set, l)
	}
	return claims.New(s), set
}

func utterance(l labelled) claims.Utterance {
	return claims.Utterance{ID: l.ID, SKU: l.SKU, Speaker: claims.Speaker(l.Speaker), Text: l.Text}
}
