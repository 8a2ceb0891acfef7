package triage

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// weights.tsv is written by the train command from the messages in corpus.
//
//go:generate go run ./train -o weights.tsv corpus
//go:embed weights.tsv
var weightsTSV string

const (
	kinds = 15   // len(Types)
	unit  = 1000 // weights a natural logarithm of odds
)

// A model knows how much each cue speaks for each type. Weights are integers,
// so that a sum is the same on every machine.
type model struct {
	index   map[string]int32
	weights [][kinds]int32
	bias    [kinds]int32
}

// words and learned are what the package embeds, read when first needed: most
// runs of the program never triage.
var (
	words   = sync.OnceValue(func() *lexicon { return must(loadLexicon(lexiconTSV)) })
	heard   = sync.OnceValue(func() *sounds { return must(loadSounds(soundsTSV)) })
	learned = sync.OnceValue(func() *model { return must(loadModel(weightsTSV)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic("triage: " + err.Error())
	}
	return v
}

func loadModel(tsv string) (*model, error) {
	m := &model{index: map[string]int32{}}
	n := 0
	for l := range strings.Lines(tsv) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(l, "\t")
		if len(f) != 1+kinds {
			return nil, fmt.Errorf("weights line %d: want a cue and %d weights parted by tabs", n, kinds)
		}
		var w [kinds]int32
		for i, s := range f[1:] {
			if s == "" {
				continue
			}
			v, err := strconv.ParseInt(s, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("weights line %d, %s: %w", n, Types[i], err)
			}
			w[i] = int32(v)
		}
		if f[0] == "" {
			m.bias = w
			continue
		}
		m.index[f[0]] = int32(len(m.weights))
		m.weights = append(m.weights, w)
	}
	if slices.Max(m.bias[:]) == 0 && slices.Min(m.bias[:]) == 0 && n > 0 {
		return nil, fmt.Errorf("weights: no row for the bias")
	}
	return m, nil
}
