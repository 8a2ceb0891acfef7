package claims

import (
	"os"
	"path/filepath"
	"regexp"
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

// TestEveryListIsUsed: code and lexicon name the same lists.
func TestEveryListIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	name := regexp.MustCompile(`"([a-z]+\.[a-z.]+)"`)
	listed := regexp.MustCompile(`(?:listed|ListOf)\("([^"]+)"\)`)
	have := map[string]bool{}
	for _, term := range lexicon.Terms() {
		have[term.Name] = have[term.Name] || term.Class == lexicon.List
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = true
		}
		for _, m := range listed.FindAllStringSubmatch(string(data), -1) {
			if !have[m[1]] {
				t.Errorf("%s asks for the list %q, which the lexicon does not have", f, m[1])
			}
		}
	}
	for name, list := range have {
		if list && !used[name] {
			t.Errorf("no code asks for the list %q", name)
		}
	}
}
