package lexicon

import (
	"slices"

	"liveroom/claims/fold"
)

// A Match is a term found at the folded runes [Start, End).
type Match struct {
	Start, End int
	Term       *Term
	Sound      bool // matched by its sound, not its characters
}

// A Matcher finds terms in folded text. Most places of a text begin no term:
// one look at a bitmap of 16 kB tells, which stays in the fastest cache. Where
// it says that a term may begin, a trie is walked whose edges lie in one hashed
// table.
type Matcher struct {
	gate  [1 << 11]uint64 // pairs of runes that a surface begins with, hashed
	alone [1 << 10]uint64 // runes that are a surface by themselves, hashed
	edges edges
	ones  edges   // from a rune that is a surface to its state: few, so near at hand
	begin edges   // from a surface's first two runes to where the trie goes on
	knows []known // by state
	ends  []*Term // by state, the first that ends there
	more  map[int32][]*Term
}

// What is known of a state spares most looks at the larger tables: whether
// terms end there, and by which runes it may go on.
type known uint32

const (
	endsOne  known = 1 << iota // a term ends there
	endsMore                   // several do
	_
	leads // the first of 28 bits, one of which stands for a rune
)

// leadsBy is the bit of a rune by which a state goes on.
func leadsBy(r rune) known { return leads << (uint64(hash(r)) * 28 >> 32) }

// NewMatcher makes a matcher for terms, whose surfaces it folds. Lists are for
// code to look into and are left out.
func NewMatcher(terms []*Term) *Matcher {
	m := &Matcher{knows: make([]known, 1), ends: make([]*Term, 1), more: map[int32][]*Term{}}
	for _, t := range terms {
		if t.Class == List {
			continue
		}
		for _, s := range t.Surfaces {
			m.Add(s, t)
		}
	}
	return m
}

// Add teaches a surface. It must not be called once the matcher is shared.
func (m *Matcher) Add(surface string, t *Term) { m.AddFolded([]rune(fold.String(surface)), t) }

// AddFolded teaches a surface that is folded already.
func (m *Matcher) AddFolded(r []rune, t *Term) {
	switch {
	case len(r) == 0:
		return
	case len(r) == 1:
		h := hash(r[0])
		m.alone[h>>22] |= 1 << (h >> 16 & 63)
	default:
		h := pair(hash(r[0]), r[1])
		m.gate[h>>6] |= 1 << (h & 63)
	}
	state := int32(0)
	for i, c := range r {
		next, fresh := m.edges.add(state, c, int32(len(m.ends)))
		if fresh {
			m.ends, m.knows = append(m.ends, nil), append(m.knows, 0)
			m.knows[state] |= leadsBy(c)
		}
		if i == 1 {
			m.begin.add(r[0], c, next)
		}
		state = next
	}
	if len(r) == 1 {
		m.ones.add(0, r[0], state)
	}
	m.end(state, t)
}

// end lets a term end at a state.
func (m *Matcher) end(state int32, t *Term) {
	switch have := m.ends[state]; {
	case have == nil:
		m.ends[state] = t
		m.knows[state] |= endsOne
	case have != t && !slices.Contains(m.more[state], t):
		m.more[state] = append(m.more[state], t)
		m.knows[state] |= endsMore
	}
}

func hash(r rune) uint32 { return uint32(r) * 0x9e3779b1 }

// pair hashes a rune of which the hash is known, and the next one, to a place in
// the gate.
func pair(first uint32, b rune) uint32 { return (first + uint32(b)*0x85ebca6b) >> 15 }

// Find appends every term in t to out, by start and then by length. Several
// terms may share a span.
func (m *Matcher) Find(out []Match, t []rune) []Match {
	if len(t) == 0 {
		return out
	}
	a := t[0]
	for i, b := range t[1:] {
		h := hash(a)
		if m.mayStandAlone(h) {
			out = m.single(out, t, i)
		}
		if h = pair(h, b); m.gate[h>>6]>>(h&63)&1 != 0 {
			if state := m.begin.get(a, b); state != 0 {
				out = m.from(out, t, i, state)
			}
		}
		a = b
	}
	if m.mayStandAlone(hash(a)) {
		out = m.single(out, t, len(t)-1)
	}
	return out
}

// mayStandAlone reports whether a rune with a hash may be a surface by itself.
func (m *Matcher) mayStandAlone(h uint32) bool { return m.alone[h>>22]>>(h>>16&63)&1 != 0 }

// single appends the terms of one rune at i.
func (m *Matcher) single(out []Match, t []rune, i int) []Match {
	state := m.ones.get(0, t[i])
	k := m.knows[state]
	switch {
	case k&endsOne == 0:
		return out
	case k&endsMore == 0 && !fold.Letter(t[i]):
		return append(out, Match{Start: i, End: i + 1, Term: m.ends[state]})
	}
	return m.ending(out, t, i, i, state)
}

// from appends the terms of two runes and more that begin at i, where the first
// two lead to a state.
func (m *Matcher) from(out []Match, t []rune, i int, state int32) []Match {
	for j := i + 1; ; {
		k := m.knows[state]
		if k&endsOne != 0 {
			if k&endsMore == 0 && !fold.Letter(t[i]) && !fold.Letter(t[j]) { // as most do
				out = append(out, Match{Start: i, End: j + 1, Term: m.ends[state]})
			} else {
				out = m.ending(out, t, i, j, state)
			}
		}
		if j++; j >= len(t) || k&leadsBy(t[j]) == 0 {
			return out
		}
		if state = m.edges.get(state, t[j]); state == 0 {
			return out
		}
	}
}

// ending appends the terms that lie from i to j, which end at a state. A Latin
// word is only found whole.
func (m *Matcher) ending(out []Match, t []rune, i, j int, state int32) []Match {
	if fold.Letter(t[i]) && i > 0 && fold.Letter(t[i-1]) || fold.Letter(t[j]) && j+1 < len(t) && fold.Letter(t[j+1]) && !plural(t, j+1) {
		return out
	}
	out = append(out, Match{Start: i, End: j + 1, Term: m.ends[state]})
	if m.knows[state]&endsMore != 0 {
		for _, term := range m.more[state] {
			out = append(out, Match{Start: i, End: j + 1, Term: term})
		}
	}
	return out
}

// plural reports whether only an s stands between i and the end of the word.
func plural(t []rune, i int) bool {
	return t[i] == 's' && (i+1 >= len(t) || !fold.Letter(t[i+1]))
}

// edges are those of a trie: from a state and a rune to a state, in one number
// of three times 21 bits, so that an edge is one read of memory. State 0 is the
// root, to which nothing leads, so as an answer it says that there is no edge.
// Places are tried one after another from the hashed one.
type edges struct {
	table []uint64 // 0: free
	shift uint     // of a hash, to its place
	n     int
}

const (
	edgeBits   = 21 // a rune has no more
	edgeHash   = 0x9e3779b97f4a7c15
	maxStates  = 1 << edgeBits
	leastEdges = 10 // as a power of two
)

// place is where an edge from a state by a rune lies, or would.
func (e *edges) place(key uint64) int {
	i := key * edgeHash >> (e.shift & 63)
	mask := uint64(len(e.table) - 1)
	for {
		if at := e.table[i&mask]; at>>edgeBits == key || at == 0 {
			return int(i & mask)
		}
		i++
	}
}

func (e *edges) get(state int32, r rune) int32 {
	if len(e.table) == 0 {
		return 0
	}
	key := edgeKey(state, r)
	at := e.table[key*edgeHash>>(e.shift&63)]
	if at>>edgeBits != key && at != 0 {
		at = e.table[e.place(key)]
	}
	return int32(at & (maxStates - 1))
}

func edgeKey(state int32, r rune) uint64 { return uint64(state)<<edgeBits | uint64(r)&(maxStates-1) }

// add gives the state that an edge leads to, which is next where it is new.
func (e *edges) add(state int32, r rune, next int32) (to int32, fresh bool) {
	if 2*e.n >= len(e.table) {
		e.grow()
	}
	key := edgeKey(state, r)
	i := e.place(key)
	if at := e.table[i]; at != 0 {
		return int32(at & (maxStates - 1)), false
	}
	if next >= maxStates {
		panic("lexicon: more than two million states") // 100,000 products have half of them
	}
	e.table[i] = key<<edgeBits | uint64(next)
	e.n++
	return next, true
}

func (e *edges) grow() {
	old := e.table
	bits := uint(leastEdges)
	for 1<<bits < 2*len(old) {
		bits++
	}
	e.table, e.shift = make([]uint64, 1<<bits), 64-bits
	for _, at := range old {
		if at != 0 {
			e.table[e.place(at>>edgeBits)] = at
		}
	}
}
