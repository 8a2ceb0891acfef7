package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	linkTo   = regexp.MustCompile(`\]\(([^)\s#]*)(#[^)\s]+)?\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	unlinked = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	halfDone = regexp.MustCompile(`(?m)^(<{7}|>{7}) `)
)

// anchors are the places of a page that a link can name.
func anchors(page string) map[string]bool {
	at := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		at["#"+strings.ReplaceAll(unlinked.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-")] = true
	}
	return at
}

// TestPagesHoldTogether: every link of the manual leads to a page and a place in it
// that are there, and no page is left between two of its versions.
func TestPagesHoldTogether(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) < 5 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	links := 0
	for _, page := range append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if mark := halfDone.FindString(string(b)); mark != "" {
			t.Errorf("%s: a merge was left half done: %q", page, mark)
		}
		for _, l := range linkTo.FindAllStringSubmatch(string(b), -1) {
			to, place := l[1], l[2]
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			links++
			target := page
			if to != "" {
				target = filepath.Join(filepath.Dir(page), to)
			}
			led, err := os.Stat(target)
			if err != nil {
				t.Errorf("%s: the link to %s leads nowhere", page, to)
				continue
			}
			if place == "" || led.IsDir() {
				continue
			}
			if text, err := os.ReadFile(target); err != nil || !anchors(string(text))[place] {
				t.Errorf("%s: %s has no place %s", page, target, place)
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links: this looks at too little", links)
	}
}
