package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/learn"
	"liveroom/claims/likeness"
	"liveroom/claims/sheet"
)

const labelled = "../../testdata/author"

// A change of the lines, the families or the cues must come with its tables.
func TestTheTablesAreThoseOfTheLines(t *testing.T) {
	if testing.Short() {
		t.Skip("learns all lines")
	}
	lines, err := read("../corpus", labelled, "")
	if err != nil {
		t.Fatal(err)
	}
	var weights, gate strings.Builder
	if err := write(lines, &weights, &gate); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"weights.tsv": weights.String(), "gate.tsv": gate.String()} {
		want, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if n := learn.Differs(got, string(want)); n > 0 {
			t.Errorf("line %d of %s is not what the lines give: run go generate ./claims/likeness", n, name)
		}
	}
}

// What is learned of all sets but one must help on that one: more is found, and
// hardly more silent lines raise an alarm.
func TestWhatIsLearnedHelpsWithGoodsItNeverSaw(t *testing.T) {
	if testing.Short() {
		t.Skip("learns the lines of all sets but one")
	}
	const set = "q"
	lines, err := read("../corpus", labelled, set)
	if err != nil {
		t.Fatal(err)
	}
	var weights, gate strings.Builder
	if err := write(lines, &weights, &gate); err != nil {
		t.Fatal(err)
	}
	model, err := likeness.Load(weights.String(), gate.String())
	if err != nil {
		t.Fatal(err)
	}
	found, right, alarms := try(t, set, model)
	t.Logf("%d found beside the rules, %d of them right, %d on silent lines", found, right, alarms)
	if right < 8 || right*100 < found*75 || alarms > 3 {
		t.Errorf("of %d found beside the rules %d are right and %d on silent lines; want 8, three of four, and at most 3", found, right, alarms)
	}
}

// try counts what a model finds beside the rules in a set, what of it is right
// or may be said, and what stands on lines that claim nothing.
func try(t *testing.T, set string, model *likeness.Model) (found, right, alarms int) {
	t.Helper()
	facts, err := os.Open(filepath.Join(labelled, set, "facts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	s, err := sheet.Load("facts.csv", facts)
	if err != nil {
		t.Fatal(err)
	}
	checker := claims.New(s, claims.WithLikeness(claims.BuiltinLikeness().With(model)))
	f, err := os.Open(filepath.Join(labelled, set, "utterances.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var u struct {
			SKU     string `json:"sku"`
			Speaker string `json:"speaker"`
			Text    string `json:"text"`
			Expect  []struct {
				label
				AnyOf []label `json:"any_of"`
			} `json:"expect"`
			AlsoOK []label `json:"also_ok"`
		}
		if err := json.Unmarshal(sc.Bytes(), &u); err != nil {
			t.Fatal(err)
		}
		wanted := map[string]bool{}
		for _, e := range u.Expect {
			wanted[e.Category] = true
			for _, a := range e.AnyOf {
				wanted[a.Category] = true
			}
		}
		for _, a := range u.AlsoOK {
			wanted[a.Category] = true
		}
		for _, x := range checker.Check(claims.Utterance{SKU: u.SKU, Speaker: claims.Speaker(u.Speaker), Text: u.Text}, nil) {
			if !strings.HasSuffix(x.Rule, ".learned") {
				continue
			}
			found++
			if wanted[string(x.Category)] {
				right++
			} else if len(u.Expect) == 0 {
				alarms++
			}
		}
	}
	return found, right, alarms
}

func TestUnreadableLinesAreNamed(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	if err := run([]string{dir, labelled}, out, out, ""); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("an empty corpus: %v", err)
	}
	bad := filepath.Join(dir, "bad.tsv")
	if err := os.WriteFile(bad, []byte("# a note\nmagic\t一句话\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{dir, labelled}, out, out, ""); err == nil || !strings.Contains(err.Error(), "bad.tsv line 2") {
		t.Errorf("an unknown kind: %v", err)
	}
	if err := run([]string{"../corpus", dir}, out, out, ""); err == nil || !strings.Contains(err.Error(), "utterances.jsonl") {
		t.Errorf("no labelled lines: %v", err)
	}
	if err := run(nil, out, out, ""); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("no arguments: %v", err)
	}
}
