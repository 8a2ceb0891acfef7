package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liveroom/tui"
)

// TestMemoryIsOnePersonsOwn keeps an arrangement for one and finds none for
// another, however alike their names are on a file system without case.
func TestMemoryIsOnePersonsOwn(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	if _, err := memoryOf("Li").Load(); err != nil {
		t.Fatalf("nothing kept yet is an error: %v", err)
	}
	if err := memoryOf("Li").Save(tui.Remembered{}); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, name := range []string{"Li", "li", "小周", "../小周", strings.Repeat("长", 200), ""} {
		path := memoryOf(name).path
		if other, taken := names[strings.ToLower(path)]; taken || len(filepath.Base(path)) > 100 || filepath.Dir(path) != filepath.Dir(memoryOf("Li").path) {
			t.Errorf("%q is kept in %s, as %q is", name, path, other)
		}
		names[strings.ToLower(path)] = name
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(memoryOf("Li").path), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("one arrangement is kept in %v, %v", left, err)
	}
}

// TestBrokenMemoryIsSetAside: the next start is clean, and the file is still
// there to be looked at.
func TestBrokenMemoryIsSetAside(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	s := memoryOf("小周")
	for _, broken := range []string{`{"layouts":`, `[]`, "\x00", strings.Repeat(" ", maxMemory+1)} {
		if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.Load()
		if err == nil || !strings.Contains(err.Error(), "set aside as "+s.path+".broken") {
			t.Fatalf("%.20q: %v", broken, err)
		}
		if kept, err := os.ReadFile(s.path + ".broken"); err != nil || string(kept) != broken {
			t.Fatalf("set aside: %.20q, %v", kept, err)
		}
		if _, err := s.Load(); err != nil {
			t.Fatalf("the next start: %v", err)
		}
	}
}

func TestMemoryWithoutAPlaceSaysSo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", file)
	if err := memoryOf("小周").Save(tui.Remembered{}); err == nil {
		t.Error("an arrangement was kept below a file")
	}
}
