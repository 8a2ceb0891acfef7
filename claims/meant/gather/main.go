// Command gather writes the hits of the labelled lines of our own, read as if no
// exemption held, as the examples that package meant learns from.
//
//	go run ./gather ../testdata > corpus.tsv
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gather TESTDATA > corpus.tsv")
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	if err := errors.Join(gather(out, os.Args[1]), out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, "gather:", err)
		os.Exit(2)
	}
}

// tables are the labelled lines in tables, each with its goods; lines about
// goods of another sheet are left out.
var tables = []struct{ facts, lines string }{
	{"facts.csv", "lines.tsv"},
	{"goods.csv", "goods.tsv"},
	{"ordinary/facts.csv", "ordinary/lines.tsv"},
	{"ordinary/facts.csv", "ordinary/promised.tsv"},
	{"author/p/facts.csv", "true.tsv"},
	{"author/q/facts.csv", "true.tsv"},
	{"author/r/facts.csv", "true.tsv"},
}

func gather(out io.Writer, testdata string) error {
	fmt.Fprintln(out, "# Hits in labelled lines: + the label bears it out, - it does not; category; the line, the hit marked.")
	author := filepath.Join(testdata, "author")
	sets, err := filepath.Glob(filepath.Join(author, "*", "utterances.jsonl"))
	if err != nil {
		return fmt.Errorf("list sets: %w", err)
	}
	for _, name := range append([]string{filepath.Join(author, "utterances.jsonl")}, sets...) {
		// Every fourth line of the first set is held back from all learning.
		held := 0
		if filepath.Dir(name) == author {
			held = 4
		}
		if err := gatherSet(out, filepath.Join(filepath.Dir(name), "facts.csv"), name, held); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := gatherSet(out, filepath.Join(testdata, t.facts), filepath.Join(testdata, t.lines), 0); err != nil {
			return err
		}
	}
	return nil
}

type label struct {
	Category claims.Category `json:"category"`
}

type labelled struct {
	SKU     string         `json:"sku"`
	Speaker claims.Speaker `json:"speaker"`
	Text    string         `json:"text"`
	Expect  []struct {
		label
		AnyOf []label `json:"any_of"`
	} `json:"expect"`
	AlsoOK []label `json:"also_ok"`
}

// bears reports whether a label of the line is of the category.
func (l *labelled) bears(c claims.Category) bool {
	all := l.AlsoOK
	for _, e := range l.Expect {
		all = append(append(all, e.label), e.AnyOf...)
	}
	for _, one := range all {
		if one.Category == c {
			return true
		}
	}
	return false
}

// parse reads a line of a set, or of a table: goods, labels (none for a table
// of innocent lines), words.
func parse(row string) (l labelled, ok bool, err error) {
	if strings.HasPrefix(row, "{") {
		err := json.Unmarshal([]byte(row), &l)
		return l, err == nil, err
	}
	col := strings.Split(strings.TrimRight(row, "\n"), "\t")
	if strings.HasPrefix(row, "#") || len(col) < 2 {
		return l, false, nil
	}
	l = labelled{SKU: col[0], Speaker: claims.SpeakerHost, Text: col[len(col)-1]}
	if len(col) == 3 {
		for _, one := range strings.FieldsFunc(col[1], func(r rune) bool { return r == ';' || r == '|' }) {
			category, _, _ := strings.Cut(one, "/")
			l.AlsoOK = append(l.AlsoOK, label{claims.Category(category)})
		}
	}
	return l, true, nil
}

func gatherSet(out io.Writer, goods, set string, held int) error {
	facts, err := os.Open(goods)
	if err != nil {
		return fmt.Errorf("gather: %w", err)
	}
	defer facts.Close()
	s, err := sheet.Load(facts.Name(), facts)
	if err != nil {
		return fmt.Errorf("gather: %w", err)
	}
	lines, err := os.ReadFile(set)
	if err != nil {
		return fmt.Errorf("gather: %w", err)
	}
	checker := claims.New(s)
	n := 0
	for row := range strings.Lines(string(lines)) {
		n++
		l, ok, err := parse(row)
		if err != nil {
			return fmt.Errorf("gather: %s line %d: %w", set, n, err)
		}
		if !ok || l.SKU != "" && s.Product(l.SKU) == nil || held > 0 && n%held == 0 || l.Speaker == claims.SpeakerViewer || strings.ContainsAny(l.Text, "⟦⟧\t\n") {
			continue
		}
		gatherLine(out, checker, &l)
	}
	return nil
}

func gatherLine(out io.Writer, checker *claims.Checker, l *labelled) {
	u := claims.Utterance{SKU: l.SKU, Speaker: l.Speaker, Text: l.Text}
	t := []rune(l.Text)
	for _, f := range append(checker.Check(u, nil), checker.Exempted(u, nil)...) {
		sign := "-"
		if l.bears(f.Category) {
			sign = "+"
		}
		fmt.Fprintf(out, "%s\t%s\t%s⟦%s⟧%s\n", sign, f.Category, string(t[:f.Start]), string(t[f.Start:f.End]), string(t[f.End:]))
	}
}
