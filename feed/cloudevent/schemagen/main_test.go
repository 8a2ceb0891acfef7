package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/feed/asr"
	"liveroom/feed/webhook"
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

// TestTheDescriptionIsCurrent: and every reference in it leads somewhere.
func TestTheDescriptionIsCurrent(t *testing.T) {
	want, err := asyncapi()
	if err != nil {
		t.Fatal(err)
	}
	const dir = "../../../docs"
	got, err := os.ReadFile(filepath.Join(dir, asyncapiName))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("docs/asyncapi.json is not what the Go types say: run go generate ./feed/cloudevent")
	}
	var doc map[string]any
	if err := json.Unmarshal(got, &doc); err != nil {
		t.Fatal(err)
	}
	refs := 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for k, x := range v {
				if to, ok := x.(string); ok && k == "$ref" {
					refs++
					if !leads(doc, dir, to) {
						t.Errorf("%s leads nowhere", to)
					}
				}
				walk(x)
			}
		}
	}
	walk(doc)
	if refs < 3*len(types) {
		t.Errorf("%d references", refs)
	}
}

// TestTheDescriptionSaysWhatItLeavesOut: everything else that comes by the door is
// named, with the page that tells of it.
func TestTheDescriptionSaysWhatItLeavesOut(t *testing.T) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(s))
	}
	said := plain(leftOut)
	for _, name := range append(append([]string{"dycast"}, asr.Formats...), slices.Collect(maps.Keys(webhook.Platforms))...) {
		if !strings.Contains(said, plain(name)) {
			t.Errorf("%s comes by the door and is not told of in what the description leaves out", name)
		}
	}
	const page = "docs/sources.md"
	if _, err := os.Stat(filepath.Join("..", "..", "..", page)); err != nil || !strings.Contains(leftOut, page) {
		t.Errorf("where the rest stands, %s, is not said: %v", page, err)
	}
	b, err := asyncapi()
	if err != nil || !strings.Contains(string(b), leftOut) {
		t.Errorf("the description does not say what it leaves out: %v", err)
	}
}

func leads(doc map[string]any, dir, to string) bool {
	path, inside := strings.CutPrefix(to, "#/")
	if !inside {
		_, err := os.Stat(filepath.Join(dir, to))
		return err == nil
	}
	var at any = doc
	for part := range strings.SplitSeq(path, "/") {
		of, ok := at.(map[string]any)
		if !ok {
			return false
		}
		at = of[part]
	}
	return at != nil
}

// TestWhatCannotBeDescribed: a type that JSON Schema is not made of here is named
// with its place, and nothing is guessed.
func TestWhatCannotBeDescribed(t *testing.T) {
	for want, data := range map[string]any{
		"schema of x: A: chan int is not supported": struct{ A chan int }{},
		"schema of x: A: B: int8 is not supported":  struct{ A *struct{ B int8 } }{},
		"schema of x: A: strconv.Atoi": struct {
			A int64 `min:"few"`
		}{},
		"schema of x: B: strconv.Atoi": struct {
			A float64 `json:"a" max:"7"`
			B int64   `json:"b" max:"many"`
		}{},
	} {
		if b, err := render("x", data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T is described with %s, %v, want %q", data, b, err, want)
		}
	}
}

func TestWrite(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "schema")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(root, "taken")
	if err := os.MkdirAll(filepath.Join(taken, asyncapiName, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(taken, "schema"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{dir}, 0, ""},
		{nil, 2, "name the directory"},
		{[]string{dir, dir}, 2, "name the directory"},
		{[]string{filepath.Join(root, "absent")}, 2, "write schema"},
		{[]string{filepath.Join(taken, "schema")}, 2, "write the description"},
	} {
		var said strings.Builder
		if code := run(tt.args, &said); code != tt.code || !strings.Contains(said.String(), tt.said) || (said.Len() > 0) != (code != 0) {
			t.Errorf("schemagen %q exits with %d and says %q", tt.args, code, said.String())
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != len(types) {
		t.Errorf("%d schemas of %d types are written (%v)", len(files), len(types), err)
	}
	if _, err := os.Stat(filepath.Join(root, asyncapiName)); err != nil {
		t.Error(err)
	}
}
