package claims_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liveroom/claims"
)

// shout finds every "爆款" and keeps quiet about absolute terms.
type shout struct{}

func (shout) Touches(folded []rune) bool { return strings.Contains(string(folded), "爆款") }
func (shout) Version() string            { return "v1" }

func (shout) Vocabulary() claims.Vocabulary { return claims.Vocabulary{} }

func (shout) Apply(s claims.Spoken, found []claims.Finding) []claims.Finding {
	for i := range found {
		if found[i].Category == claims.CategoryAbsolute {
			found[i].Aside = claims.AsideExempt
		}
	}
	text := string(s.Folded())
	if at := strings.Index(text, "爆款"); at >= 0 {
		from := len([]rune(text[:at]))
		if s.Asserted(from, from+2) {
			found = append(found, s.Finding(claims.CategoryConduct, claims.VerdictBanned, "shop.shout", from, from+2))
		}
	}
	return found
}

func TestRulesAreLaidOverTheChecks(t *testing.T) {
	c := claims.New(nil, claims.WithRules(shout{}))
	if c.RulesVersion() != "v1" {
		t.Errorf("rules version %q", c.RulesVersion())
	}
	say := func(text string) []claims.Finding {
		return c.Check(claims.Utterance{ID: "u", Speaker: claims.SpeakerHost, Text: text}, nil)
	}
	found := say("加我微信下单，這個爆款你们看")
	if len(found) != 2 || found[0].Category != claims.CategoryOffplatform || found[1].Rule != "shop.shout" {
		t.Fatalf("found %+v", found)
	}
	if f := found[1]; f.Said != "爆款" || f.Start != 9 || f.End != 11 || f.Rules != "v1" || f.Law == "" || f.Why == "" || f.Suggest == "" {
		t.Errorf("the rule's finding is %+v", f)
	}
	if found := say("这不是爆款"); len(found) != 0 {
		t.Errorf("denied words were found: %+v", found)
	}
	found = say("这款是国家级的品质")
	if len(found) != 1 || found[0].Aside != claims.AsideExempt {
		t.Fatalf("found %+v", found)
	}
	if raised := claims.Raised(found); len(raised) != 0 {
		t.Errorf("an exempted finding was raised: %+v", raised)
	}
}

func TestRuleIDsAreThoseInTheCode(t *testing.T) {
	known := claims.RuleIDs()
	if !slices.IsSorted(known) || len(slices.Compact(slices.Clone(known))) != len(known) {
		t.Error("RuleIDs are not sorted, each once")
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "wrong" || len(call.Args) != 6 {
				return true
			}
			if lit, ok := call.Args[4].(*ast.BasicLit); ok {
				id, err := strconv.Unquote(lit.Value)
				if seen++; err != nil || !slices.Contains(known, id) {
					t.Errorf("%s: rule %q is not in RuleIDs, so nobody can override it: add it to rules.go", e.Name(), id)
				}
			}
			return true
		})
	}
	if seen < 20 {
		t.Errorf("only %d rules were seen in the code", seen)
	}
}
