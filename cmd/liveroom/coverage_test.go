package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// serviceRows are how many rows each part of the services has.
var serviceRows = []int{17, 3, 8, 10, 15, 13}

// TestCoverage holds docs/coverage.md to what there is: every row once, every
// command and test it names.
func TestCoverage(t *testing.T) {
	page, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	root := newRoot()
	var got []string
	line := regexp.MustCompile(`(?m)^\| (\d\.\d+) \| [^|]+ \| ([^|]+) \| (\w+) \|$`)
	for _, m := range line.FindAllStringSubmatch(string(page), -1) {
		got = append(got, m[1])
		if !tests[m[3]] {
			t.Errorf("%s: there is no test %s", m[1], m[3])
		}
		for _, c := range regexp.MustCompile("`liveroom ([a-z]+)( [a-z]+)?").FindAllStringSubmatch(m[2], -1) {
			if found, _, err := root.Find([]string{c[1]}); err != nil || found == root {
				t.Errorf("%s: there is no command %q", m[1], c[1])
			}
		}
	}
	var want []string
	for part, n := range serviceRows {
		for i := range n {
			want = append(want, fmt.Sprintf("%d.%d", part+1, i+1))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows %v\nwant %v", got, want)
	}
}

// testNames are the names of all tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(text, -1) {
			out[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
