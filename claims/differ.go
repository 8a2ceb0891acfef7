package claims

import (
	"slices"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
)

// A Stretch is the runes [From, To) of a text.
type Stretch struct{ From, To int }

// Differs tells which parts of what was said and of the sheet's fact do not agree:
// amounts by what they come to, however they are written, words by what of them
// stands in the other text. Stretches come in order and apart from one another.
// Where either text is empty, or far longer than a claim, nothing is held against
// anything.
//
// An amount differs when the other text has none like it. Words only differ where
// the other text has words; where amounts differ and the texts share no word, the
// amounts are the matter and words are not marked: 原价三百九十九 against 199.
func Differs(said, fact string) (inSaid, inFact []Stretch) {
	a, b := newSide(said), newSide(fact)
	if n, m := len(a.t.R), len(b.t.R); n == 0 || m == 0 || max(n, m) > longestDiffer {
		return nil, nil
	}
	a.against(b)
	b.against(a)
	return a.stretches(b), b.stretches(a)
}

// longestDiffer is how many characters are held against each other: a claim has
// some twenty, and the work grows with the length of both texts.
const longestDiffer = 200

// A side is one of two texts that are held against each other.
type side struct {
	t      fold.Text
	amount []int // of each rune the amount it is of, -1: none
	q      []quantity.Quantity
	odd    []bool // of each amount: the other side has none like it
	shared []bool // of each rune of a word: it stands in the other text
}

func newSide(text string) *side {
	s := &side{}
	s.t.Fold(text)
	n := len(s.t.R)
	s.q = quantity.Scan(nil, s.t.R, nil)
	s.amount, s.shared, s.odd = make([]int, n), make([]bool, n), make([]bool, len(s.q))
	for i := range s.amount {
		s.amount[i] = -1
	}
	for k, q := range s.q {
		for i := q.Start; i < q.End; i++ {
			s.amount[i] = k
		}
	}
	return s
}

// word tells whether the rune at i is of a word.
func (s *side) word(i int) bool {
	r := s.t.R[i]
	return s.amount[i] < 0 && (fold.Letter(r) || fold.Digit(r) || fold.Han(r) || r > 0x7f && !divides(r))
}

func divides(r rune) bool {
	return in(r, "，。；、：！？…·～—“”‘’（）【】《》")
}

// against finds what a side shares with the other.
func (s *side) against(o *side) {
	for k, q := range s.q {
		s.odd[k] = !slices.ContainsFunc(o.q, func(p quantity.Quantity) bool { return sameAmount(q, p) })
	}
	for i := range s.t.R {
		for j := range o.t.R {
			n := s.common(i, o, j)
			if n >= 2 || n == 1 && s.lone(i, i+1) && o.lone(j, j+1) {
				for k := i; k < i+n; k++ {
					s.shared[k] = true
				}
			}
		}
	}
}

// common is how many runes of words are the same from i and from j on; Latin words
// count whole.
func (s *side) common(i int, o *side, j int) int {
	n := 0
	for i+n < len(s.t.R) && j+n < len(o.t.R) && s.t.R[i+n] == o.t.R[j+n] && s.word(i+n) && o.word(j+n) {
		n++
	}
	for n > 0 && (s.cutsLatin(i) || s.cutsLatin(i+n) || o.cutsLatin(j) || o.cutsLatin(j+n)) {
		n--
	}
	return n
}

// cutsLatin tells whether a Latin word goes on over the place before the rune at i.
func (s *side) cutsLatin(i int) bool {
	return i > 0 && i < len(s.t.R) && fold.Letter(s.t.R[i-1]) && fold.Letter(s.t.R[i])
}

// lone tells whether the runes are a word by themselves.
func (s *side) lone(from, to int) bool {
	return (from == 0 || !s.word(from-1)) && (to == len(s.t.R) || !s.word(to))
}

// sameAmount tells whether two amounts are the same: what they come to where both
// measure the same thing, else the number that was named.
func sameAmount(a, b quantity.Quantity) bool {
	if a.Dim == b.Dim {
		return a.Lo <= b.Hi && b.Lo <= a.Hi
	}
	return (a.Dim == quantity.Count || b.Dim == quantity.Count) && a.Number.Valid() && a.Number == b.Number
}

// stretches are what is to be marked of a side.
func (s *side) stretches(o *side) []Stretch {
	marked := make([]bool, len(s.t.R))
	for i, k := range s.amount {
		marked[i] = k >= 0 && s.odd[k]
	}
	if s.wordsMatter(o) {
		s.markWords(marked)
	}
	var out []Stretch
	for i := 0; i < len(marked); i++ {
		if !marked[i] {
			continue
		}
		to := i
		for to < len(marked) && marked[to] {
			to++
		}
		from, end := s.t.Raw(i, to)
		out = append(out, Stretch{from, end})
		i = to
	}
	return out
}

// wordsMatter tells whether words are held against each other at all.
func (s *side) wordsMatter(o *side) bool {
	if !o.hasWords() {
		return false
	}
	return slices.Contains(s.shared, true) || !slices.Contains(s.odd, true) || len(o.q) == 0
}

func (s *side) hasWords() bool {
	for i := range s.t.R {
		if s.word(i) {
			return true
		}
	}
	return false
}

// markWords marks the words that the other text lacks. A single character beside
// words that it has says nothing by itself (羊毛的), unless an amount that differs
// stands right beside it: 百分之百纯羊毛.
func (s *side) markWords(marked []bool) {
	for i := 0; i < len(marked); i++ {
		if !s.word(i) || s.shared[i] {
			continue
		}
		to := i
		for to < len(marked) && s.word(to) && !s.shared[to] {
			to++
		}
		beside := i > 0 && s.amount[i-1] >= 0 && marked[i-1] || to < len(marked) && s.amount[to] >= 0 && marked[to]
		if to-i > 1 || beside || s.lone(i, to) {
			for k := i; k < to; k++ {
				marked[k] = true
			}
		}
		i = to
	}
}
