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
	c := collector{seen: map[string]bool{}}
	c.add(string(categoryCue) + category)
	start, end := from, to
	for start > 0 && !parts(t[start-1]) {
		start--
	}
	for end < len(t) && !parts(t[end]) {
		end++
	}
	before, own := tokens(nil, t[:start]), tokens(nil, t[start:from])
	own = append(own, "#")
	own = tokens(own, t[to:end])
	after := tokens(nil, t[end:])
	c.grams(ownCue, own, 1)
	c.grams(beforeCue, before, 2)
	c.grams(afterCue, after, 2)
	line := tokens(nil, t[:from])
	line = append(line, "#")
	c.grams(lineCue, tokens(line, t[to:]), 2)
	return c.cues
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
func tokens(out []string, t []rune) []string {
	for i := 0; i < len(t); {
		j := i + 1
		if fold.Letter(t[i]) {
			for j < len(t) && (fold.Letter(t[j]) || t[j] == '\'') {
				j++
			}
		}
		if t[i] != ' ' && t[i] != '\t' && t[i] != '\n' {
			out = append(out, string(t[i:j]))
		}
		i = j
	}
	return out
}

type collector struct {
	cues []string
	seen map[string]bool
}

func (c *collector) add(cue string) {
	if !c.seen[cue] {
		c.seen[cue] = true
		c.cues = append(c.cues, cue)
	}
}

// longest is how many neighbours a cue has at most.
const longest = 3

func (c *collector) grams(kind byte, tokens []string, least int) {
	for i := range tokens {
		name := string(kind)
		for j := i; j < len(tokens) && j < i+longest; j++ {
			if j > i && (fold.Letter(rune(tokens[j][0])) || fold.Letter(rune(tokens[j-1][0]))) {
				name += " "
			}
			name += tokens[j]
			if j-i+1 >= least {
				c.add(name)
			}
		}
	}
}
