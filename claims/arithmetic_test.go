package claims_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// linesFound is what the checker finds in the lines of testdata.
func linesFound(t *testing.T) []claims.Finding {
	t.Helper()
	s, err := loadFile("testdata/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/lines.tsv")
	if err != nil {
		t.Fatal(err)
	}
	checker := claims.New(s)
	var found []claims.Finding
	for line := range strings.Lines(string(data)) {
		if col := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(col) == 3 {
			found = append(found, checker.Check(claims.Utterance{SKU: col[0], Speaker: claims.SpeakerHost, Text: col[2]}, nil)...)
		}
	}
	return found
}

func loadFile(name string) (*sheet.Sheet, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sheet.Load(name, f)
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
