package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
)

// linesFound is what the checker finds in the lines of testdata.
func linesFound(t *testing.T) []claims.Finding {
	t.Helper()
	checker := ownChecker(t)
	var found []claims.Finding
	eachRow(t, "testdata/lines.tsv", 3, 100, func(col []string) { found = append(found, checker.Check(host(col[0], col[2]), nil)...) })
	return found
}

func TestArithmeticIsInBothLanguages(t *testing.T) {
	rules := map[string]bool{}
	for _, f := range linesFound(t) {
		if (f.Arithmetic == "") != (f.ArithmeticEN == "") {
			t.Errorf("%s %q: %q but %q", f.Rule, f.Said, f.Arithmetic, f.ArithmeticEN)
		}
		if f.Arithmetic != "" {
			rules[f.Rule] = true
		}
		for _, zh := range []string{" 对 ", "高 ", "低 ", "原价", "近30天", "现价", " 元", "小时对", "赠品", "赔 "} {
			if strings.Contains(f.ArithmeticEN, zh) || strings.Contains(f.WhyEN, "（") {
				t.Errorf("%s: Chinese in %q or %q", f.Rule, f.ArithmeticEN, f.WhyEN)
			}
		}
		if !strings.Contains(f.WhyEN, f.ArithmeticEN) || !strings.Contains(f.Why, f.Arithmetic) {
			t.Errorf("%s: the reasons %q and %q leave the arithmetic out", f.Rule, f.Why, f.WhyEN)
		}
	}
	if len(rules) < 7 {
		t.Errorf("arithmetic only of %v", rules)
	}
}
