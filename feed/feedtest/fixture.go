package feedtest

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// A Fixture is one frame of a fixture file with what it should come to.
type Fixture struct {
	Name   string
	Dir    string // "in": arrives here; "out": we send it
	Op     string // "text", "binary" or "http"
	Data   []byte
	Expect jsontext.Value // the events, with the fields worth comparing; nil: no opinion
	Line   []byte         // as it stands in the file

	// Of an "http" one, whose body is Data.
	Proto  string
	Header http.Header
	Key    string // in base64, where the body is encrypted
}

// Frame is the fixture as it arrives.
func (f Fixture) Frame() feed.Frame {
	return feed.Frame{Binary: f.Op == "binary", Data: bytes.Clone(f.Data)}
}

// Shared reads a file of the fixtures beside the project, which are not ours to
// keep in it. Where they are absent the test is skipped and says so.
func Shared(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "fixtures", dir, name))
	if os.IsNotExist(err) {
		t.Skipf("NOT TESTED: the fixture %s/%s is not beside the project (../shared/fixtures)", dir, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// root is the folder of go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// Fixtures reads the frames of dir/wire-constructed.jsonl.
func Fixtures(t testing.TB, dir string) []Fixture {
	t.Helper()
	var out []Fixture
	for line := range bytes.Lines(Shared(t, dir, "wire-constructed.jsonl")) {
		var f struct {
			Name   string         `json:"name"`
			Dir    string         `json:"dir"`
			Op     string         `json:"op"`
			Text   string         `json:"text"`
			Bytes  []byte         `json:"b64"`
			Expect jsontext.Value `json:"expect"`

			Proto   string            `json:"proto"`
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
			Key     string            `json:"key_b64"`
		}
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		data := f.Bytes
		switch f.Op {
		case "text":
			data = []byte(f.Text)
		case "http":
			data = []byte(f.Body)
		}
		header := http.Header{}
		for name, v := range f.Headers {
			header.Set(name, v)
		}
		out = append(out, Fixture{
			Name: f.Name, Dir: f.Dir, Op: f.Op, Data: data, Expect: f.Expect, Line: bytes.Clone(line),
			Proto: f.Proto, Header: header, Key: f.Key,
		})
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no fixture", dir)
	}
	return out
}

// Incoming decodes, in order and on one connection, each fixture of dir that
// arrives here and compares what it comes to.
func Incoming(t *testing.T, dir string, decode func(feed.Frame) feed.Decoded) {
	t.Helper()
	for _, f := range Fixtures(t, dir) {
		if f.Dir != "in" || f.Op == "http" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			d := decode(f.Frame())
			if f.Expect != nil {
				Check(t, d, f.Expect)
			}
		})
	}
}

// Check compares the events of d with those expected: their number, their order
// and every field that expect names.
func Check(t testing.TB, d feed.Decoded, expect jsontext.Value) {
	t.Helper()
	var want []jsontext.Value
	if err := json.Unmarshal(expect, &want); err != nil {
		t.Fatal(err)
	}
	if len(d.Events) != len(want) {
		t.Fatalf("%d events, want %d; refused %v", len(d.Events), len(want), d.Refused)
	}
	for i, e := range d.Events {
		got, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "", got, want[i])
	}
}

// compare asks of got every member that want has; null and "" there mean that
// it is not told.
func compare(t testing.TB, at string, got, want jsontext.Value) {
	t.Helper()
	if got == nil && (want.Kind() == 'n' || string(want) == `""`) {
		return
	}
	if want.Kind() != '{' {
		if string(got) != string(want) {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
		return
	}
	var have, need map[string]jsontext.Value
	if err := json.Unmarshal(want, &need); err != nil {
		t.Fatal(err)
	}
	if got.Kind() == '{' {
		if err := json.Unmarshal(got, &have); err != nil {
			t.Fatal(err)
		}
	}
	delete(need, "note")
	for name, v := range need {
		compare(t, at+"/"+name, have[name], v)
	}
}
