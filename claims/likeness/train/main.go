// Command train learns what lines read like that claim something in words no
// list holds, and writes the tables that package likeness embeds.
//
//	go run ./train -weights weights.tsv -gate gate.tsv corpus ../testdata/author
//
// corpus holds lines written for this purpose, ../testdata/author labelled ones
// with the goods they are said of. The same lines give the same tables.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	weights := flag.String("weights", "", "file to write the weights to")
	gate := flag.String("gate", "", "file to write the gate to")
	without := flag.String("without", "", "set of the author's lines to leave out, to be tried with what is learned of the rest")
	flag.Parse()
	if err := run(flag.Args(), *weights, *gate, *without); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(2)
	}
}

func run(args []string, weights, gate, without string) error {
	if len(args) != 2 || weights == "" || gate == "" {
		return errors.New("usage: train -weights FILE -gate FILE [-without SET] CORPUS LABELLED")
	}
	lines, err := read(args[0], args[1], without)
	if err != nil {
		return err
	}
	w, err := os.Create(weights)
	if err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	g, err := os.Create(gate)
	if err != nil {
		return errors.Join(fmt.Errorf("write gate: %w", err), w.Close())
	}
	return errors.Join(write(lines, w, g), w.Close(), g.Close())
}
