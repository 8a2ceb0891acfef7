package lexicon_test

import (
	"testing"

	"liveroom/claims/lexicon"
)

func TestEveryTermHasSourceAndDate(t *testing.T) {
	seen := map[string]bool{}
	for _, term := range lexicon.Terms() {
		if term.Source == "" || len(term.Checked) != len("2026-11-21") || term.Class == lexicon.None {
			t.Errorf("%s: source %q, checked %q", term.ID(), term.Source, term.Checked)
		}
		if seen[term.ID()] {
			t.Errorf("%s stands twice", term.ID())
		}
		seen[term.ID()] = true
	}
	if len(seen) < 3000 {
		t.Errorf("only %d terms", len(seen))
	}
}
