package likeness

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"sync"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
)

// weights.tsv and gate.tsv are written by the train command from the lines of
// corpus and of ../testdata/author.
//
//go:generate go run ./train -weights weights.tsv -gate gate.tsv corpus ../testdata/author
//go:embed weights.tsv
var weightsTSV string

//go:embed gate.tsv
var gateTSV string

// A Kind is what a line can read like: a category of claims.
type Kind int

// The kinds, in the order of their names.
const (
	Absolute Kind = iota
	Brand
	Conduct
	Credential
	Effect
	Efficacy
	Medical
	Offplatform
	Promise
	NumKinds
)

var kindNames = [NumKinds]string{"absolute", "brand", "conduct", "credential", "effect", "efficacy", "medical", "offplatform", "promise"}

// String is the name of the category.
func (k Kind) String() string { return kindNames[k] }

// A Model knows how much each cue speaks for each kind. It never changes and
// may be shared by goroutines.
type Model struct {
	slots []slot // an open table of cues, its length a power of two
	rows  [][NumKinds]int32
	bias  [NumKinds]int32
	gate  gate
	pool  sync.Pool
}

type slot struct {
	hash uint64
	row  int32 // from 1; 0: free
}

// Learned is the model that is compiled in.
var Learned = sync.OnceValue(func() *Model {
	m, err := Load(weightsTSV, gateTSV)
	if err != nil {
		panic("likeness: " + err.Error())
	}
	return m
})

// Load makes a model of the tables that the train command writes.
func Load(weights, gate string) (*Model, error) {
	w, err := learn.ReadWeights(weights, int(NumKinds))
	if err != nil {
		return nil, fmt.Errorf("read weights: %w", err)
	}
	g, err := learn.ReadWeights(gate, 1)
	if err != nil {
		return nil, fmt.Errorf("read gate: %w", err)
	}
	m := &Model{rows: make([][NumKinds]int32, len(w.Cues)), bias: [NumKinds]int32(w.Rows[len(w.Cues)])}
	size := 1
	for size < 2*len(w.Cues) {
		size *= 2
	}
	m.slots = make([]slot, max(size, 2))
	for i, c := range w.Cues {
		m.rows[i] = [NumKinds]int32(w.Rows[i])
		h := hashOf([]byte(c))
		at := h & uint64(len(m.slots)-1)
		for m.slots[at].row != 0 {
			at = (at + 1) & uint64(len(m.slots)-1)
		}
		m.slots[at] = slot{h, int32(i + 1)}
	}
	m.gate.load(g)
	m.pool.New = func() any { return &Reading{m: m, seen: make([]uint32, len(m.rows))} }
	return m, nil
}

// row finds a cue; -1 for none.
func (m *Model) row(name []byte) int32 {
	h := hashOf(name)
	for at := h & uint64(len(m.slots)-1); m.slots[at].row != 0; at = (at + 1) & uint64(len(m.slots)-1) {
		if m.slots[at].hash == h {
			return m.slots[at].row - 1
		}
	}
	return -1
}

// hashOf is FNV-1a.
func hashOf(name []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range name {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

// A Reading is what a stretch of a line reads like.
type Reading struct {
	scratch
	m    *Model
	Sum  [NumKinds]int32 // thousandths of log odds
	felt []felt
	seen []uint32 // by cue: the round in which it was counted
	n    uint32
}

// felt is a cue that has weights, where it stands.
type felt struct {
	row   int32
	heard bool // by its sounds
	Span
}

// A Span is the runes [From, To) of what was read.
type Span struct{ From, To int }

// Read weighs the folded runes t. The reading is the caller's until Done.
func (m *Model) Read(t []rune) *Reading {
	r := m.pool.Get().(*Reading)
	if r.n++; r.n == 0 {
		clear(r.seen)
		r.n = 1
	}
	r.Sum, r.felt = m.bias, r.felt[:0]
	r.cues(t, func(name []byte, from, to int) {
		row := m.row(name)
		if row < 0 || r.seen[row] == r.n {
			return
		}
		r.seen[row] = r.n
		r.felt = append(r.felt, felt{row, name[0] == soundCue, Span{from, to}})
		for k, v := range m.rows[row] {
			r.Sum[k] += v
		}
	})
	return r
}

// Likely reports whether the folded runes t, read together, reach the least of
// some kind. It allocates nothing.
func (m *Model) Likely(t []rune, least *[NumKinds]int32) bool {
	r := m.Read(t)
	defer r.Done()
	for k, v := range r.Sum {
		if v >= least[k] {
			return true
		}
	}
	return false
}

// Done gives the reading's memory back.
func (r *Reading) Done() { r.m.pool.Put(r) }

// Peak is the stretch of t that speaks for k most: the runes [from, to).
func (r *Reading) Peak(k Kind, n int) (from, to int) {
	weight := make([]int32, n+1)
	for _, f := range r.felt {
		v := r.m.rows[f.row][k] / int32(max(1, f.To-f.From))
		for i := f.From; i < f.To; i++ {
			weight[i] += v
		}
	}
	best, sum, start := int32(0), int32(0), 0
	for i, v := range weight[:n] {
		if sum <= 0 {
			sum, start = 0, i
		}
		sum += v
		if sum > best {
			best, from, to = sum, start, i+1
		}
	}
	return from, to
}

// Telling gives the words that speak for k most, at most n of them, of at least
// two runes and none within another.
func (r *Reading) Telling(k Kind, n int) []Span {
	said := slices.DeleteFunc(slices.Clone(r.felt), func(f felt) bool {
		return f.heard || f.To-f.From < 2 || f.To-f.From > longestTold || r.m.rows[f.row][k] <= 0
	})
	slices.SortStableFunc(said, func(a, b felt) int { return cmp.Compare(r.m.rows[b.row][k], r.m.rows[a.row][k]) })
	var out []Span
	for _, f := range said {
		if len(out) < n && !slices.ContainsFunc(out, func(o Span) bool { return f.From < o.To && o.From < f.To }) {
			out = append(out, f.Span)
		}
	}
	return out
}

// longestTold keeps two words far apart from being quoted with all between.
const longestTold = 12

// A gate lets nearly every ordinary line go by one small number a pair of
// neighbouring characters.
type gate struct {
	slots [1 << 15]uint32 // a tag of 24 bits and a weight; 0: free
	least int32
}

const (
	gateStep   = 32 // thousandths a step of a gate's weight
	gateMargin = 28 // steps by which the gate lets more through than it takes for claims
	gateView   = 64 // pairs and words that are summed together
)

func (g *gate) load(w *learn.Weights) {
	for i, c := range w.Cues {
		h := gateSeed
		for _, r := range c {
			h = gateMix(h, r)
		}
		at := h & (1<<15 - 1)
		for g.slots[at] != 0 {
			at = (at + 1) & (1<<15 - 1)
		}
		v := min(max(w.Rows[i][0]/gateStep, -127), 127)
		g.slots[at] = h>>8<<8 | uint32(v+128)
	}
	g.least = -w.Rows[len(w.Cues)][0]/gateStep - gateMargin
}

const gateSeed = uint32(2166136261)

func gateMix(h uint32, r rune) uint32 {
	h = (h ^ uint32(r)) * 0x9e3779b1
	return h ^ h>>15
}

func (g *gate) weight(h uint32) int32 {
	for at := h & (1<<15 - 1); g.slots[at] != 0; at = (at + 1) & (1<<15 - 1) {
		if g.slots[at]>>8 == h>>8 {
			return int32(g.slots[at]&0xff) - 128
		}
	}
	return 0
}

// Suspect reports whether some stretch of the folded runes t may read like a
// claim, so that reading it is worth while. It allocates nothing.
func (m *Model) Suspect(t []rune) bool {
	v := view{best: math.MinInt32}
	last, word, inWord := rune(0), gateSeed, false
	for _, r := range t {
		switch {
		case fold.Letter(r):
			word, inWord, last = gateMix(word, r), true, 0
			continue
		case inWord:
			v.add(m.gate.weight(word))
			word, inWord = gateSeed, false
		}
		if !fold.Han(r) {
			last = 0
			continue
		}
		if last != 0 {
			v.add(m.gate.weight(gateMix(gateMix(gateSeed, last), r)))
		}
		last = r
	}
	if inWord {
		v.add(m.gate.weight(word))
	}
	return max(v.best, v.sum) >= m.gate.least
}

// A view sums the last weights that were added.
type view struct {
	sum, best int32
	n         int
	ring      [gateView]int32
}

func (v *view) add(w int32) {
	v.sum += w - v.ring[v.n%gateView]
	v.ring[v.n%gateView] = w
	if v.n++; v.n >= gateView {
		v.best = max(v.best, v.sum)
	}
}

// GateCues lists what Suspect weighs in a line.
func GateCues(text string) []string {
	var t fold.Text
	t.Fold(text)
	seen := map[string]bool{}
	var out []string
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for i := 0; i < len(t.R); i++ {
		j := i
		for j < len(t.R) && fold.Letter(t.R[j]) {
			j++
		}
		if j > i {
			add(string(t.R[i:j]))
			i = j - 1
			continue
		}
		if i > 0 && fold.Han(t.R[i-1]) && fold.Han(t.R[i]) {
			add(string(t.R[i-1 : i+1]))
		}
	}
	return out
}
