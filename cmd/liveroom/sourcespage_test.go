package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTheSourcesPageLoads: every block of docs/sources.md is a config that loads,
// and every protocol that can be connected has one.
func TestTheSourcesPageLoads(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "sources.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\$\{(\w+)\}`).FindAllStringSubmatch(string(page), -1) {
		t.Setenv(m[1], "a-secret-of-the-tests")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "doudian.secret"), []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	for n, b := range blocks {
		path := filepath.Join(dir, "liveroom.toml")
		text := "[door]\nlisten = \"127.0.0.1:0\"\n[[room]]\nid = \"r\"\n" + b[1]
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := loadConfig(path)
		if err != nil {
			t.Errorf("block %d: %v\n%s", n+1, err, b[1])
			continue
		}
		for _, s := range c.Rooms[0].Sources {
			shown[s.Protocol] = true
			if _, err := newProtocol(s, "r"); err != nil {
				t.Errorf("block %d: %v", n+1, err)
			}
		}
	}
	for _, name := range protocolNames() {
		if !shown[name] {
			t.Errorf("docs/sources.md shows no config for %s", name)
		}
	}
}
