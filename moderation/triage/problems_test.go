package triage_test

import (
	"os"
	"strings"
	"testing"

	"liveroom/moderation/triage"
)

// TestProblemsOfASurge holds the groups against what a person put together:
// of all pairs of complaints, how many that are together belong so, and how
// many that belong so are together.
func TestProblemsOfASurge(t *testing.T) {
	data, err := os.ReadFile("testdata/problems.tsv")
	if err != nil {
		t.Fatal(err)
	}
	index := triage.NewIndex()
	var labels, texts []string
	var groups []*triage.Group
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		col := strings.Split(strings.TrimRight(line, "\n"), "\t")
		c := triage.Complaint{ID: int64(len(labels) + 1), SKU: col[1], Text: col[2]}
		groups = append(groups, index.Join(index.Place(c, nil), c, 0))
		labels, texts = append(labels, col[0]), append(texts, col[1]+" "+col[2])
	}
	var both, together, belong int
	for i := range labels {
		for j := range i {
			is := groups[i] != nil && groups[i] == groups[j]
			want := labels[i] != "-" && labels[i] == labels[j]
			if is {
				together++
			}
			if want {
				belong++
			}
			switch {
			case is && want:
				both++
			case is && testing.Verbose():
				t.Logf("together: %s %q and %s %q", labels[j], texts[j], labels[i], texts[i])
			}
		}
		if groups[i] == nil && labels[i] != "-" && testing.Verbose() {
			t.Logf("in none: %s %q", labels[i], texts[i])
		}
	}
	precision, recall := float64(both)/float64(together), float64(both)/float64(belong)
	t.Logf("%d complaints, %d pairs belong together: precision %.3f, recall %.3f", len(labels), belong, precision, recall)
	if precision < 0.95 || recall < 0.85 {
		t.Errorf("precision %.3f, recall %.3f: want 0.95 and 0.85", precision, recall)
	}
}
