// Command train learns how much each cue speaks for each type of message, from
// messages written for this purpose, and writes the weights that package triage
// embeds.
//
//	go run ./train -o weights.tsv corpus
//
// The folder holds one file a type, one message a line; a line that begins with
// ! is urgent by its words, one that begins with # is a note. The same corpus
// and lexicon give the same weights.
//
//	go run ./train -folds 5 corpus
//
// learns from four fifths at a time, lists what it then gets wrong in the last
// fifth with the share that was right, and writes nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"liveroom/moderation/triage"
)

func main() {
	out := flag.String("o", "", "file to write the weights to")
	folds := flag.Int("folds", 0, "learn from all but one part of this many, list the mistakes")
	flag.Parse()
	if err := run(flag.Args(), *out, *folds); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(2)
	}
}

func run(args []string, out string, folds int) error {
	if len(args) != 1 || (out == "") == (folds < 2) {
		return errors.New("usage: train -o WEIGHTS | -folds N  CORPUS")
	}
	msgs, err := corpus(args[0])
	if err != nil {
		return err
	}
	if folds >= 2 {
		return validate(os.Stdout, msgs, folds)
	}
	f, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	return errors.Join(fit(msgs).Write(f, names(), faint), f.Close())
}

func names() []string {
	out := make([]string, len(triage.Types))
	for i, t := range triage.Types {
		out[i] = string(t)
	}
	return out
}

// A message is a line of the corpus.
type message struct {
	text string
	kind int
}

func corpus(dir string) ([]message, error) {
	var out []message
	for k, t := range triage.Types {
		b, err := os.ReadFile(filepath.Join(dir, string(t)+".txt"))
		if err != nil {
			return nil, fmt.Errorf("read corpus: %w", err)
		}
		for l := range strings.Lines(string(b)) {
			l = strings.TrimPrefix(strings.TrimSpace(l), "!")
			if l != "" && l[0] != '#' {
				out = append(out, message{l, k})
			}
		}
	}
	return out, nil
}

// validate learns from all parts but one and tries that one, for every part.
func validate(w io.Writer, msgs []message, folds int) error {
	right := 0
	for part := range folds {
		var known, held []message
		for i, m := range msgs {
			if i%folds == part {
				held = append(held, m)
			} else {
				known = append(known, m)
			}
		}
		weights := fit(known)
		for _, m := range held {
			k := guess(weights, m.text)
			if k == m.kind {
				right++
				continue
			}
			fmt.Fprintf(w, "want %s got %s\t%s\n", triage.Types[m.kind], triage.Types[k], m.text)
		}
	}
	_, err := fmt.Fprintf(w, "accuracy %.3f of %d\n", float64(right)/float64(len(msgs)), len(msgs))
	return err
}
