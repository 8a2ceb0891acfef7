// Command train learns from hits in labelled lines whether a host stands behind
// what he says, and writes the table that package meant embeds. The same hits
// give the same table.
//
//	go run ./train -weights weights.tsv corpus.tsv own.tsv
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
	"liveroom/claims/meant"
)

func main() {
	weights := flag.String("weights", "", "file to write the weights to")
	flag.Parse()
	if flag.NArg() == 0 || *weights == "" {
		fmt.Fprintln(os.Stderr, "usage: train -weights FILE CORPUS...")
		os.Exit(2)
	}
	if err := run(flag.Args(), *weights); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(2)
	}
}

func run(corpus []string, weights string) error {
	texts, err := readAll(corpus)
	if err != nil {
		return err
	}
	out, err := os.Create(weights)
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return errors.Join(write(texts, out), out.Close())
}

func readAll(corpus []string) ([]learn.Text, error) {
	var out []learn.Text
	for _, name := range corpus {
		texts, err := read(name)
		if err != nil {
			return nil, err
		}
		out = append(out, texts...)
	}
	return out, nil
}

// read takes in a corpus: a sign, a category and a line with its hit marked,
// parted by tabs.
func read(corpus string) ([]learn.Text, error) {
	b, err := os.ReadFile(corpus)
	if err != nil {
		return nil, fmt.Errorf("read corpus: %w", err)
	}
	var out []learn.Text
	n := 0
	for l := range strings.Lines(string(b)) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if strings.HasPrefix(l, "#") {
			continue
		}
		col := strings.Split(l, "\t")
		if len(col) != 3 || col[0] != "+" && col[0] != "-" {
			return nil, fmt.Errorf("%s line %d: want + or -, a category and a line, parted by tabs", corpus, n)
		}
		before, rest, opened := strings.Cut(col[2], "⟦")
		said, after, closed := strings.Cut(rest, "⟧")
		if !opened || !closed || said == "" {
			return nil, fmt.Errorf("%s line %d: want the hit marked ⟦so⟧", corpus, n)
		}
		t := learn.Text{Cues: cues(col[1], before, said, after), Rate: 1, Long: true}
		if col[0] == "+" {
			t.Kind = 1
		}
		out = append(out, t)
	}
	return out, nil
}

// cues folds a line and finds the hit in it again.
func cues(category, before, said, after string) []string {
	var t fold.Text
	t.Fold(before + said + after)
	start, end := len([]rune(before)), len([]rune(before+said))
	from, to := len(t.R), 0
	for i := range t.R {
		if a, z := t.Raw(i, i+1); a < end && z > start {
			from, to = min(from, i), max(to, i+1)
		}
	}
	if from >= to {
		from, to = 0, len(t.R)
	}
	return meant.Cues(category, t.R, from, to)
}

// How the hits are learned. Measured by learning from all sets but one and
// trying that one.
const (
	decay  = 1.5 // how small weights are held
	epochs = 200 // passes over the hits
	seldom = 5   // a cue in fewer hits says nothing
	faint  = 20  // a cue whose weight, in thousandths, does not reach this is left out
)

func write(texts []learn.Text, out io.Writer) error {
	shown := make([][]string, len(texts))
	for i, t := range texts {
		shown[i] = t.Cues
	}
	l := learn.Learner{Kinds: 2, Decay: decay, Epochs: epochs}
	w := l.Learn(learn.Common(shown, seldom), func(string) float64 { return 1 }, texts)
	for i, row := range w.Rows {
		w.Rows[i] = []int32{row[1] - row[0]}
	}
	return w.Write(out, []string{"stands"}, faint)
}
