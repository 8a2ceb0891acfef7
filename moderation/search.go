package moderation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// SearchTokens is what a text is indexed by: of Chinese every two neighbouring
// characters and the last one alone, so that a single character is found as
// the beginning of a token; of all else the words.
func SearchTokens(text string) []string {
	var out []string
	for _, run := range SearchRuns(text) {
		if !run.Han {
			out = append(out, run.Text)
			continue
		}
		before := 0
		for i := range run.Text {
			if i == 0 {
				continue
			}
			_, size := utf8.DecodeRuneInString(run.Text[i:])
			out, before = append(out, run.Text[before:i+size]), i
		}
		out = append(out, run.Text[before:])
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

// HoldsWords tells whether a text of these runs holds every word; none is held by
// no text.
func HoldsWords(runs, words []SearchWord) bool {
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

// SearchRuns cuts a text into runs of Chinese characters and of other letters and
// digits.
func SearchRuns(text string) []SearchWord {
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
