package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"
)

// rounding is how far, in thousandths, a weight may be off on a machine that
// multiplies and adds in one step.
const rounding = 2

// A change of the corpus, the lexicon or the cues must come with its weights.
func TestTheWeightsAreThoseOfTheCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("learns the whole corpus")
	}
	msgs, err := corpus("../corpus")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	learn(msgs).write(&b)
	want, err := os.ReadFile("../weights.tsv")
	if err != nil {
		t.Fatal(err)
	}
	a, z := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	if len(a) != len(z) {
		t.Fatalf("weights.tsv has %d lines, the corpus gives %d: run go generate ./moderation/triage", len(z), len(a))
	}
	for i := range a {
		if !near(a[i], z[i]) {
			t.Fatalf("line %d of weights.tsv is\n%s\nthe corpus gives\n%s\nrun go generate ./moderation/triage", i+1, z[i], a[i])
		}
	}
}

func near(a, z string) bool {
	if a == z {
		return true
	}
	f, g := strings.Split(a, "\t"), strings.Split(z, "\t")
	if len(f) != len(g) || f[0] != g[0] {
		return false
	}
	for i := range f[1:] {
		x, _ := strconv.Atoi("0" + strings.TrimPrefix(f[i+1], "-"))
		y, _ := strconv.Atoi("0" + strings.TrimPrefix(g[i+1], "-"))
		if x-y > rounding || y-x > rounding {
			return false
		}
	}
	return true
}

func TestWhatIsHeldBackIsMostlyRight(t *testing.T) {
	if testing.Short() {
		t.Skip("learns the whole corpus three times")
	}
	msgs, err := corpus("../corpus")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := validate(&b, msgs, 3); err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(b.String()[strings.LastIndex(strings.TrimSpace(b.String()), "\n")+1:], " ")
	got, err := strconv.ParseFloat(strings.Fields(last)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	if got < 0.83 {
		t.Errorf("%.3f of the held-back messages were right, want 0.83", got)
	}
}

func TestLearnerTellsTwoKindsApart(t *testing.T) {
	l := learner{kinds: 2, scale: []float64{1, 1, 1}, decay: 0.01, epochs: 100}
	w := l.fit([]example{
		{cues: []int32{0, 2}, kind: 0, rate: 1},
		{cues: []int32{1, 2}, kind: 1, rate: 1},
	})
	if w[0][0] <= w[0][1] || w[1][1] <= w[1][0] {
		t.Errorf("weights %v", w)
	}
	if d := w[2][0] - w[2][1]; d > 0.01 || d < -0.01 {
		t.Errorf("what both share speaks for one: %v", w[2])
	}
}

func TestMissingCorpusIsNamed(t *testing.T) {
	err := run([]string{t.TempDir()}, t.TempDir()+"/w.tsv", 0)
	if err == nil || !strings.Contains(err.Error(), "abuse.txt") {
		t.Errorf("got %v", err)
	}
	if err := run(nil, "", 0); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("got %v", err)
	}
}
