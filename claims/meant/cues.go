package meant

import "liveroom/claims/fold"

// The kinds of cue, told by the first byte of a cue's name. Neighbours are
// characters or Latin words; # stands for the hit.
const (
	ownCue      = 'o' // one to three neighbours in the clause of the hit
	beforeCue   = 'p' // two or three before that clause
	afterCue    = 'n' // two or three behind it
	lineCue     = 't' // two or three anywhere
	categoryCue = 'c'
)

// Cues lists what is weighed around the hit [from, to) of folded runes, each
// cue once.
func Cues(category string, t []rune, from, to int) []string {
	var cues []string
	seen := map[string]bool{}
	add := func(cue string) {
		if !seen[cue] {
			seen[cue] = true
			cues = append(cues, cue)
		}
	}
	add(string(categoryCue) + category)
	var s surroundings
	s.cut(t, from, to)
	s.grams(func(kind byte, tokens [][]rune) { add(name(kind, tokens)) })
	return cues
}

// surroundings are the tokens around a hit: characters and Latin words.
type surroundings struct{ own, before, after, line [][]rune }

// theHit stands for it among its neighbours.
var theHit = []rune{'#'}

func (s *surroundings) cut(t []rune, from, to int) {
	start, end := from, to
	for start > 0 && !parts(t[start-1]) {
		start--
	}
	for end < len(t) && !parts(t[end]) {
		end++
	}
	s.before = tokens(s.before[:0], t[:start])
	s.own = tokens(append(tokens(s.own[:0], t[start:from]), theHit), t[to:end])
	s.after = tokens(s.after[:0], t[end:])
	s.line = tokens(append(tokens(s.line[:0], t[:from]), theHit), t[to:])
}

// longest is how many neighbours a cue has at most.
const longest = 3

// grams yields every run of neighbours that is weighed, some more than once.
func (s *surroundings) grams(yield func(kind byte, tokens [][]rune)) {
	all := func(kind byte, tokens [][]rune, least int) {
		for i := range tokens {
			for n := least; n <= longest && i+n <= len(tokens); n++ {
				yield(kind, tokens[i:i+n])
			}
		}
	}
	all(ownCue, s.own, 1)
	all(beforeCue, s.before, 2)
	all(afterCue, s.after, 2)
	all(lineCue, s.line, 2)
}

// name spells a cue, a space beside Latin words.
func name(kind byte, tokens [][]rune) string {
	out := []rune{rune(kind)}
	for i, t := range tokens {
		if spaced(tokens, i) {
			out = append(out, ' ')
		}
		out = append(out, t...)
	}
	return string(out)
}

func spaced(tokens [][]rune, i int) bool {
	return i > 0 && (fold.Letter(tokens[i][0]) || fold.Letter(tokens[i-1][0]))
}

// A key is what a cue is looked up by, made of its runes without spelling it.
// That the cues with weights have keys of their own is checked when they load.
type key uint64

const keySeed key = 14695981039346656037

func (k key) with(r rune) key { return (k ^ key(r)) * 0x9e3779b97f4a7c15 }

func (k key) withAll(s string) key {
	for _, r := range s {
		k = k.with(r)
	}
	return k
}

// keyOf is the key of the cue that name spells.
func keyOf(kind byte, tokens [][]rune) key {
	k := keySeed.with(rune(kind))
	for i, t := range tokens {
		if spaced(tokens, i) {
			k = k.with(' ')
		}
		for _, r := range t {
			k = k.with(r)
		}
	}
	return k
}

// parts reports whether a clause ends at r.
func parts(r rune) bool {
	switch r {
	case ',', '.', '!', '?', ';', '、', '…', '\n':
		return true
	}
	return false
}

// tokens cuts runes into characters and Latin words; spaces are none.
func tokens(out [][]rune, t []rune) [][]rune {
	for i := 0; i < len(t); {
		j := i + 1
		if fold.Letter(t[i]) {
			for j < len(t) && (fold.Letter(t[j]) || t[j] == '\'') {
				j++
			}
		}
		if t[i] != ' ' && t[i] != '\t' && t[i] != '\n' {
			out = append(out, t[i:j])
		}
		i = j
	}
	return out
}
