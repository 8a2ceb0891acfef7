package meant

import (
	_ "embed"
	"fmt"
	"math/bits"
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
	slots   []slot // by key, at the first free place from the one it hashes to
	shift   uint
	weights []int32
	bias    int32
	readers sync.Pool
}

// A slot says which weight a key has: the one before row, 0 for a free place.
type slot struct {
	key key
	row int32
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
	m := &Model{bias: w.Rows[len(w.Cues)][0]}
	size := uint(bits.Len(uint(2 * len(w.Cues))))
	m.slots, m.shift = make([]slot, 1<<size), 64-size
	for i, cue := range w.Cues {
		s := m.find(keySeed.withAll(cue))
		if s.row != 0 {
			return nil, fmt.Errorf("cues %q and %q have one key: the key's seed must be another", w.Cues[s.row-1], cue)
		}
		m.weights = append(m.weights, w.Rows[i][0])
		*s = slot{keySeed.withAll(cue), int32(len(m.weights))}
	}
	m.readers.New = func() any { return &reader{told: make([]uint32, len(m.weights)+1)} }
	return m, nil
}

// find gives the slot of a key, or the free one where it would be.
func (m *Model) find(k key) *slot {
	mask := uint64(len(m.slots) - 1)
	for i := uint64(k) >> m.shift; ; i++ {
		if s := &m.slots[i&mask]; s.key == k || s.row == 0 {
			return s
		}
	}
}

// A reader sums what the cues around a hit speak, each once.
type reader struct {
	surroundings
	told []uint32 // by row, the turn in which it was last felt
	turn uint32
	sum  int64
	n    int64
}

func (r *reader) feel(m *Model, k key) {
	if s := m.find(k); s.row != 0 && r.told[s.row] != r.turn {
		r.told[s.row] = r.turn
		r.sum += int64(m.weights[s.row-1])
		r.n++
	}
}

// Read is how surely the host stands behind the hit [from, to) of folded runes,
// in thousandths of log odds; below zero he rather does not. The more cues there
// are, the less each is felt. It allocates nothing.
func (m *Model) Read(category string, t []rune, from, to int) int32 {
	r := m.readers.Get().(*reader)
	defer m.readers.Put(r)
	r.turn, r.sum, r.n = r.turn+1, 0, 1
	if r.turn == 0 { // after four thousand million hits
		clear(r.told)
		r.turn = 1
	}
	r.feel(m, keySeed.with(categoryCue).withAll(category))
	r.cut(t, from, to)
	r.grams(func(kind byte, tokens [][]rune) { r.feel(m, keyOf(kind, tokens)) })
	return m.bias + int32(r.sum*fine/root(r.n*fine*fine))
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
