package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFound(t *testing.T) {
	dir := t.TempDir()
	file, cache := filepath.Join(dir, "FuzzX.corpus"), filepath.Join(dir, "cache")
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(why string) {
		t.Helper()
		if got, err := found(file, cache); err == nil {
			t.Errorf("%s: %q is kept", why, got)
		}
	}
	nothing("neither a corpus nor a cache")
	write(file, "")
	nothing("an empty corpus")
	write(filepath.Join(cache, "1"), "go test fuzz v1\nfloat64(1)\n")
	nothing("a cache of what no target takes")
	write(filepath.Join(cache, "2"), "go test fuzz v1\nstring(\"longer\")\nint(1)\n")
	write(filepath.Join(cache, "3"), "go test fuzz v1\nint(1)\n")
	write(file, "int(1)\nint(22)\n")
	want := []string{"int(1)", "int(22)", "string(\"longer\")\tint(1)"}
	if got, err := found(file, cache); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// TestFewest: each input that reaches what none before it reached is kept, and
// others beside them up to the bounds.
func TestFewest(t *testing.T) {
	kept := fewest([]input{{"a", []string{"1"}}, {"b", []string{"1", "2"}}, {"c", []string{"3"}}, {"d", nil}})
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(kept, want) {
		t.Errorf("%q, want %q", kept, want)
	}
	var many []input
	for range keptInputs + 50 {
		many = append(many, input{"same", []string{"1"}})
	}
	many = append(many, input{"only this reaches it", []string{"2"}})
	if kept := fewest(many); len(kept) != keptInputs || !slices.Contains(kept, "only this reaches it") {
		t.Errorf("%d of %d are kept, want %d with the one that reaches most", len(kept), len(many), keptInputs)
	}
}
