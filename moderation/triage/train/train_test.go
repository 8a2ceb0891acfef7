package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"liveroom/claims/learn"
)

// A change of the corpus, the lexicon or the cues must come with its weights.
func TestTheWeightsAreThoseOfTheCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("learns the whole corpus")
	}
	msgs, err := corpus("../corpus")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := fit(msgs).Write(&b, names(), faint); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../weights.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if n := learn.Differs(b.String(), string(want)); n > 0 {
		t.Fatalf("line %d of weights.tsv is not what the corpus gives: run go generate ./moderation/triage", n)
	}
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

func TestMissingCorpusIsNamed(t *testing.T) {
	err := run([]string{t.TempDir()}, t.TempDir()+"/w.tsv", 0)
	if err == nil || !strings.Contains(err.Error(), "abuse.txt") {
		t.Errorf("got %v", err)
	}
	if err := run(nil, "", 0); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("got %v", err)
	}
}
