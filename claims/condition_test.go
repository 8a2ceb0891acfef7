package claims

import (
	"go/ast"
	"go/parser"
	"go/token"
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
	name := regexp.MustCompile(`"([a-z]+\.[a-z._]+)"`)
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

// TestWordsAreData: a family of words that a rule looks for stands in the
// lexicon, with its source, where it can be read and checked by people who read
// no code. Up to three words tell structure and may stand in the code.
func TestWordsAreData(t *testing.T) {
	const most = 3
	looks := map[string]bool{"any": true, "behind": true, "ahead": true, "containsAny": true, "near": true}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !looks[called(call)] {
				return true
			}
			words, names := 0, false
			for _, arg := range call.Args {
				if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					words++
					names = names || strings.Contains(lit.Value, "_") // of rows of the lexicon, not words
				}
			}
			if words > most && !names {
				t.Errorf("%s: %d words in code: a list in lexicon/rule_words.tsv is for them", set.Position(call.Pos()), words)
			}
			return true
		})
	}
}

// called is the name of the function that a call calls.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
