package claims

import (
	"slices"
	"strings"
	"testing"

	"liveroom/claims/lexicon"
)

// TestEveryExemptionIsBound: the data and the code name the same exemptions,
// and every rule that the data names exists.
func TestEveryExemptionIsBound(t *testing.T) {
	known := map[string]bool{}
	for _, e := range lexicon.Exemptions() {
		known[e.ID] = true
		if conditions[e.ID] == nil {
			t.Errorf("no code tells whether %s holds", e.ID)
		}
		for _, p := range append(slices.Clone(e.Rules), e.Not...) {
			if p != "*" && !slices.ContainsFunc(ruleIDs, func(id string) bool {
				return p == id || strings.HasSuffix(p, ".") && strings.HasPrefix(id, p)
			}) {
				t.Errorf("%s names %q, which is no rule", e.ID, p)
			}
		}
	}
	for id := range conditions {
		if !known[id] {
			t.Errorf("the lexicon does not have %s", id)
		}
	}
	for _, term := range lexicon.Terms() {
		if term.Class == lexicon.Exempt && !slices.ContainsFunc(term.Info, func(id string) bool { return known[id] }) {
			t.Errorf("%s does not tell which exemption it is of", term.ID())
		}
	}
}
