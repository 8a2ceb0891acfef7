package triage

import (
	_ "embed"
	"sync"

	"liveroom/claims/learn"
)

// weights.tsv is written by the train command from the messages in corpus.
//
//go:generate go run ./train -o weights.tsv corpus
//go:embed weights.tsv
var weightsTSV string

const (
	kinds = 15 // len(Types)
	unit  = learn.Unit
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
	w, err := learn.ReadWeights(tsv, kinds)
	if err != nil {
		return nil, err
	}
	m := &model{index: make(map[string]int32, len(w.Cues)), weights: make([][kinds]int32, len(w.Cues))}
	for i, c := range w.Cues {
		m.index[c] = int32(i)
		m.weights[i] = [kinds]int32(w.Rows[i])
	}
	m.bias = [kinds]int32(w.Rows[len(w.Cues)])
	return m, nil
}
