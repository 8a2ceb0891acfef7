package claims_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims/fold"
)

// shortest is how many letters a sentence has at least that counts as copied:
// shorter ones are what anybody says. Among the hard cases are idioms and terms
// of trade (没有最好只有更好, dermatologist tested), which sentences are longer than.
const (
	shortest     = 8
	shortestCase = 10
	letterWeight = 3 // letters that say as much as one character
)

// TestNoSentenceOfABenchmarkIsInTheRepository: what the checks are scored on
// must not be known to them by heart, nor to a reader of their tests. A hit is
// told by its id alone.
func TestNoSentenceOfABenchmarkIsInTheRepository(t *testing.T) {
	begins := map[string][]sentence{}
	n := 0
	for _, s := range benchmarkSentences(t) {
		if len(s.letters) >= shortest {
			key := string(s.letters[:shortest])
			begins[key] = append(begins[key], s)
			n++
		}
	}
	if n < 1500 { // of more than two thousand
		t.Fatalf("only %d sentences", n)
	}
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != "..":
			return fs.SkipDir
		case d.IsDir() || !holdsText(path):
			return nil
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, id := range copied(lettersOf(string(data)), begins) {
			t.Errorf("%s holds %s", path, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 300 {
		t.Errorf("only %d files were read", files)
	}
}

func holdsText(path string) bool {
	switch filepath.Ext(path) {
	case ".go", ".tsv", ".csv", ".jsonl", ".json", ".toml", ".txt", ".txtar", ".md", ".yml", ".svg", ".golden", ".srt", ".vtt":
		return true
	}
	return false
}

// A sentence is a line of a benchmark, with its letters alone.
type sentence struct {
	id      string
	letters []rune
}

func benchmarkSentences(t *testing.T) []sentence {
	t.Helper()
	var out []sentence
	for _, set := range []string{"dev", "check", "real-dev"} {
		for _, file := range []string{"utterances", "messages"} {
			sc := bufio.NewScanner(openShared(t, "bench/"+set+"/"+file+".jsonl"))
			sc.Buffer(nil, 1<<20)
			for sc.Scan() {
				var l struct {
					ID   string `json:"id"`
					Text string `json:"text"`
				}
				if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
					t.Fatalf("%s/%s: a line that cannot be read", set, file)
				}
				out = append(out, sentence{set + " " + l.ID, lettersOf(l.Text)})
			}
		}
	}
	sc := bufio.NewScanner(openShared(t, "bench/cases.tsv"))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if col := strings.Split(sc.Text(), "\t"); len(col) > 2 && col[0] != "id" {
			letters, weight := lettersOf(col[2]), 0
			for _, r := range letters {
				if weight++; fold.Han(r) {
					weight += letterWeight - 1
				}
			}
			if weight >= shortestCase*letterWeight {
				out = append(out, sentence{"cases " + col[0], letters})
			}
		}
	}
	return out
}

// lettersOf folds a text and keeps its letters and figures: commas and spaces
// make no other sentence.
func lettersOf(s string) []rune {
	var f fold.Text
	f.Fold(s)
	return slices.DeleteFunc(f.R, func(r rune) bool { return !fold.Han(r) && !fold.Letter(r) && !fold.Digit(r) })
}

// copied lists the sentences that stand in a text.
func copied(text []rune, begins map[string][]sentence) []string {
	var ids []string
	for i := 0; i+shortest <= len(text); i++ {
		for _, s := range begins[string(text[i:i+shortest])] {
			if i+len(s.letters) <= len(text) && slices.Equal(text[i:i+len(s.letters)], s.letters) && !slices.Contains(ids, s.id) {
				ids = append(ids, s.id)
			}
		}
	}
	return ids
}
