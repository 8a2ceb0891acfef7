package moderation

import (
	"slices"
	"strings"
	"unicode"

	"liveroom/claims/fold"
)

// maxSearchToken bounds a token: nobody looks for more of a word than that.
const maxSearchToken = 64

// A SearchWord is one word of a query. Chinese is found anywhere in a text,
// other words by how they begin.
type SearchWord struct {
	Text string
	Han  bool
}

// SearchWords is what is looked for by a query: its words, folded as texts are
// (so traditional finds simplified), signs left out. No word finds nothing.
func SearchWords(query string) []SearchWord {
	var out []SearchWord
	for _, r := range runsOf(query) {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// SearchTokens is what a text is indexed by: of Chinese every two neighbouring
// characters and the last one alone, so that a single character is found as
// the beginning of a token; of all else the words.
func SearchTokens(text string) []string {
	var out []string
	for _, run := range runsOf(text) {
		if !run.Han {
			out = append(out, run.Text)
			continue
		}
		r := []rune(run.Text)
		for i := range r {
			out = append(out, string(r[i:min(i+2, len(r))]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Tokens is what a text that holds the word is indexed by. With prefix it is
// how one of the text's tokens begins.
func (w SearchWord) Tokens() (tokens []string, prefix bool) {
	r := []rune(w.Text)
	if !w.Han || len(r) == 1 {
		return []string{w.Text}, true
	}
	for i := range r[:len(r)-1] {
		tokens = append(tokens, string(r[i:i+2]))
	}
	return tokens, false
}

// SearchMatch tells whether the text holds every word.
func SearchMatch(text string, words []SearchWord) bool {
	runs := runsOf(text)
	for _, w := range words {
		if !slices.ContainsFunc(runs, func(r SearchWord) bool {
			if r.Han != w.Han {
				return false
			}
			return w.Han && strings.Contains(r.Text, w.Text) || !w.Han && strings.HasPrefix(r.Text, w.Text)
		}) {
			return false
		}
	}
	return len(words) > 0
}

// runsOf cuts a text into runs of Chinese characters and of other letters and
// digits.
func runsOf(text string) []SearchWord {
	var out []SearchWord
	var b strings.Builder
	han := false
	end := func() {
		if b.Len() > 0 {
			out = append(out, SearchWord{Text: b.String(), Han: han})
			b.Reset()
		}
	}
	for _, r := range fold.String(text) {
		isHan := unicode.Is(unicode.Han, r)
		if !isHan && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end()
			continue
		}
		if isHan != han {
			end()
			han = isHan
		}
		if han || b.Len() < maxSearchToken {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return out
}
