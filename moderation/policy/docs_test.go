package policy_test

import (
	"os"
	"regexp"
	"testing"
)

// TestTheExamplesOfTheDocumentHold: what docs/rules.md shows can be copied, and
// does what the document says.
func TestTheExamplesOfTheDocumentHold(t *testing.T) {
	b, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, m := range regexp.MustCompile("(?s)```toml policy\n(.*?)```").FindAllStringSubmatch(string(b), -1) {
		files = append(files, m[1])
	}
	set, err := load(shipped(t), files...)
	if err != nil {
		t.Fatal(err)
	}
	if base := shipped(t); len(files) != 2 || len(set.Policies()) != len(base.Policies())+1 || set.Examples() <= base.Examples() || !set.Calendar().Published(2027) {
		t.Errorf("%d files, %d policies", len(files), len(set.Policies()))
	}
	for _, f := range set.Test() {
		t.Errorf("%s:%d: %s %s: want %s, got %s", f.File, f.Line, f.Policy, f.Clause, f.Want, f.Got)
	}
	for _, p := range shipped(t).Policies() {
		if !regexp.MustCompile("`" + regexp.QuoteMeta(p.ID) + "`").Match(b) {
			t.Errorf("the document does not name %s", p.ID)
		}
	}
}
