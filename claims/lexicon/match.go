package lexicon

import "liveroom/claims/fold"

// A Match is a term found at the folded runes [Start, End).
type Match struct {
	Start, End int
	Term       *Term
	Sound      bool // matched by its sound, not its characters
}

// A Matcher finds terms in folded text.
type Matcher struct {
	gate  [1 << 12]uint64 // pairs of first runes that begin a term, hashed
	next  map[uint64]int32
	ends  [][]*Term // by state
	state int32
}

// NewMatcher makes a matcher for terms, whose surfaces it folds.
func NewMatcher(terms []*Term) *Matcher {
	m := &Matcher{next: map[uint64]int32{}, ends: make([][]*Term, 1), state: 1}
	for _, t := range terms {
		for _, s := range t.Surfaces {
			m.Add(s, t)
		}
	}
	return m
}

// Add teaches a surface. It must not be called once the matcher is shared.
func (m *Matcher) Add(surface string, t *Term) {
	r := []rune(fold.String(surface))
	if len(r) == 0 {
		return
	}
	second := rune(0)
	if len(r) > 1 {
		second = r[1]
	}
	h := pair(r[0], second)
	m.gate[h>>6] |= 1 << (h & 63)
	state := int32(0)
	for _, c := range r {
		k := key(state, c)
		n, ok := m.next[k]
		if !ok {
			n = m.state
			m.state++
			m.next[k] = n
			m.ends = append(m.ends, nil)
		}
		state = n
	}
	for _, have := range m.ends[state] {
		if have == t {
			return
		}
	}
	m.ends[state] = append(m.ends[state], t)
}

func key(state int32, r rune) uint64 { return uint64(state)<<21 | uint64(r) }

func pair(a, b rune) uint32 {
	h := uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b
	return (h ^ h>>15) & (1<<18 - 1)
}

// Find appends every term in t to out, by start and then by length. Several
// terms may share a span.
func (m *Matcher) Find(out []Match, t []rune) []Match {
	for i := range t {
		if fold.Letter(t[i]) && i > 0 && fold.Letter(t[i-1]) {
			continue
		}
		second := rune(0)
		if i+1 < len(t) {
			second = t[i+1]
		}
		h, h1 := pair(t[i], second), pair(t[i], 0)
		if m.gate[h>>6]&(1<<(h&63)) == 0 && m.gate[h1>>6]&(1<<(h1&63)) == 0 {
			continue
		}
		state := int32(0)
		for j := i; j < len(t); j++ {
			n, ok := m.next[key(state, t[j])]
			if !ok {
				break
			}
			state = n
			if len(m.ends[n]) == 0 || fold.Letter(t[j]) && j+1 < len(t) && fold.Letter(t[j+1]) && !plural(t, j+1) {
				continue
			}
			for _, term := range m.ends[n] {
				out = append(out, Match{Start: i, End: j + 1, Term: term})
			}
		}
	}
	return out
}

// plural reports whether only an s stands between i and the end of the word.
func plural(t []rune, i int) bool {
	return t[i] == 's' && (i+1 >= len(t) || !fold.Letter(t[i+1]))
}
