package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheExamplesOfTheDocumentLoad: what docs/rules.md shows can be copied.
func TestTheExamplesOfTheDocumentLoad(t *testing.T) {
	b, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(b), -1)
	for _, m := range blocks {
		file.WriteString(m[1] + "\n")
	}
	set, err := loadAll(file.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) < 3 || len(set.Rules()) != 1 {
		t.Errorf("%d blocks, rules %+v", len(blocks), set.Rules())
	}
	for _, f := range set.Test() {
		t.Errorf("%s:%d: %q: %s", f.File, f.Line, f.Text, f.Why)
	}
}
