package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
	"liveroom/claims/likeness"
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

// What is learned of all sets but one must tell the claims of that one, and
// leave nearly all lines alone that claim nothing. The rules, the stance and the
// sheet have no say here.
func TestWhatIsLearnedTellsLinesItNeverSaw(t *testing.T) {
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
	held, err := readLabelled(filepath.Join(labelled, set, "utterances.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	of, told, right, gated := 0, 0, 0, 0
	for _, l := range held {
		if l.is != [likeness.NumKinds]bool{} {
			of++
		}
		var text fold.Text
		text.Fold(l.text)
		r := model.Read(text.R)
		best := likeness.Kind(0)
		for k := range likeness.NumKinds {
			if r.Sum[k] > r.Sum[best] {
				best = k
			}
		}
		sure := r.Sum[best]
		r.Done()
		switch {
		case sure < 0:
			continue
		case !model.Suspect(text.R):
			gated++
			continue
		}
		told++
		if l.is[best] || l.may[best] {
			right++
		}
	}
	t.Logf("of %d lines that claim something of a kind %d were told, %d of them right; the gate kept %d back", of, told, right, gated)
	if right*100 < of*45 || right*100 < told*85 || gated*10 > told {
		t.Errorf("of %d lines %d were told, %d right, and the gate kept %d back; want 45%% told right, 85%% of what is told right, and at most one of ten kept back", of, told, right, gated)
	}
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
