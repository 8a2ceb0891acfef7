package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSchemasAreCurrent(t *testing.T) {
	const dir = "../../../docs/schema"
	for name, data := range types {
		want, err := render(name, data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("docs/schema/%s.json is not what the Go types say: run go generate ./feed/cloudevent", name)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != len(types) {
		t.Errorf("%d schemas for %d types (%v)", len(files), len(types), err)
	}
}

func TestWrite(t *testing.T) {
	if err := write(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("writing to an absent directory succeeded")
	}
}
