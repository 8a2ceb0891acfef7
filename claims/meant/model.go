package meant

import (
	_ "embed"
	"sync"

	"liveroom/claims/learn"
)

// weights.tsv is written by the train command from the hits of corpus.tsv.
//
//go:generate go run ./train -weights weights.tsv corpus.tsv own.tsv
//go:embed weights.tsv
var weightsTSV string

// A Model knows how much each cue speaks for a host who stands behind his
// words. It never changes and may be shared by goroutines.
type Model struct {
	rows map[string]int32
	bias int32
}

// Learned is the model that is compiled in.
var Learned = sync.OnceValue(func() *Model {
	m, err := Load(weightsTSV)
	if err != nil {
		panic("meant: " + err.Error())
	}
	return m
})

// Load makes a model of the table that the train command writes.
func Load(weights string) (*Model, error) {
	w, err := learn.ReadWeights(weights, 1)
	if err != nil {
		return nil, err
	}
	m := &Model{rows: make(map[string]int32, len(w.Cues)), bias: w.Rows[len(w.Cues)][0]}
	for i, cue := range w.Cues {
		m.rows[cue] = w.Rows[i][0]
	}
	return m, nil
}

// Read is how surely the host stands behind the hit [from, to) of folded runes,
// in thousandths of log odds; below zero he rather does not. The more cues there
// are, the less each is felt.
func (m *Model) Read(category string, t []rune, from, to int) int32 {
	sum, n := int64(0), int64(1)
	for _, cue := range Cues(category, t, from, to) {
		if v, ok := m.rows[cue]; ok {
			sum += int64(v)
			n++
		}
	}
	return m.bias + int32(sum*fine/root(n*fine*fine))
}

// fine is how finely square roots are taken.
const fine = 1000

// root is the whole part of the square root of n.
func root(n int64) int64 {
	r := n
	for next := (r + 1) / 2; next < r; next = (r + n/r) / 2 {
		r = next
	}
	return r
}
