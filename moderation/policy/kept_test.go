package policy_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/moderation/policy"
)

var update = flag.Bool("update", false, "write the kept answers anew")

// TestAKeptQuestionIsAnsweredAsBefore: a record keeps the policy, the working
// days and the facts; another version of this program must answer from them
// what was answered then. A change of testdata/kept/answer.json changes what
// people were told.
func TestAKeptQuestionIsAnsweredAsBefore(t *testing.T) {
	kept := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", "kept", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	set, err := load(nil, string(kept("policy.toml")), string(kept("calendar.toml")))
	if err != nil {
		t.Fatal(err)
	}
	var facts policy.Facts
	if err := json.Unmarshal(kept("facts.json"), &facts); err != nil {
		t.Fatal(err)
	}
	r := ask(t, set, facts, "2026-10-12 09:00:00", "house.honesty")
	got, err := json.Marshal(r, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", "kept", "answer.json"), got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := kept("answer.json"); string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
