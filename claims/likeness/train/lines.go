package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"liveroom/claims/likeness"
)

// A line is what is learned from.
type line struct {
	text string
	is   [likeness.NumKinds]bool
	may  [likeness.NumKinds]bool // may be read so or not: nothing is learned
}

// sets are the folders of labelled lines; the first is the folder itself.
var sets = []string{"", "p", "q", "r"}

func read(corpus, labelled, without string) ([]line, error) {
	out, err := readCorpus(corpus)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		if without != "" && set == strings.TrimSuffix(without, "author") {
			continue
		}
		lines, err := readLabelled(filepath.Join(labelled, set, "utterances.jsonl"))
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

// near are kinds that a line of one may as well be taken for.
var near = map[likeness.Kind][]likeness.Kind{
	likeness.Medical:    {likeness.Effect, likeness.Efficacy},
	likeness.Effect:     {likeness.Efficacy},
	likeness.Efficacy:   {likeness.Effect},
	likeness.Absolute:   {likeness.Credential},
	likeness.Credential: {likeness.Absolute},
}

// readCorpus reads lines of a kind, or "-", a tab and a text.
func readCorpus(dir string) ([]line, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("read corpus: no .tsv in %s", dir)
	}
	var out []line
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read corpus: %w", err)
		}
		n := 0
		for l := range strings.Lines(string(b)) {
			n++
			l = strings.TrimSuffix(l, "\n")
			if l == "" || l[0] == '#' {
				continue
			}
			kind, text, ok := strings.Cut(l, "\t")
			k, known := kindOf(kind)
			if !ok || !known && kind != "-" {
				return nil, fmt.Errorf("%s line %d: want a kind or -, a tab and a line", name, n)
			}
			e := line{text: text}
			if known {
				e.is[k] = true
				for _, o := range near[k] {
					e.may[o] = true
				}
			}
			out = append(out, e)
		}
	}
	return out, nil
}

func kindOf(name string) (likeness.Kind, bool) {
	for k := range likeness.NumKinds {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}

type label struct {
	Category string `json:"category"`
}

// readLabelled reads a set of labelled lines. A viewer claims nothing whatever
// he writes, so his lines teach nothing.
func readLabelled(name string) ([]line, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read labelled lines: %w", err)
	}
	defer f.Close()
	var out []line
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		var u struct {
			Speaker string `json:"speaker"`
			Text    string `json:"text"`
			Expect  []struct {
				label
				AnyOf []label `json:"any_of"`
			} `json:"expect"`
			AlsoOK []label `json:"also_ok"`
		}
		if err := json.Unmarshal(sc.Bytes(), &u); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, n, err)
		}
		if u.Speaker == "viewer" {
			continue
		}
		e := line{text: u.Text}
		for _, a := range u.AlsoOK {
			if k, ok := kindOf(a.Category); ok {
				e.may[k] = true
			}
		}
		for _, x := range u.Expect {
			for _, a := range slices.Concat([]label{x.label}, x.AnyOf) {
				if k, ok := kindOf(a.Category); ok {
					e.is[k] = true
				}
			}
		}
		out = append(out, e)
	}
	return out, sc.Err()
}
