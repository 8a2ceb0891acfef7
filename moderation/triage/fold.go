package triage

import "liveroom/claims/fold"

// A line is a message folded for matching (see claims/fold), with words that
// were written by their sound put right.
type line struct {
	fold.Text
	raw []rune
}

func (l *line) set(text string) {
	l.Fold(text)
	heard().read(l.R)
	l.raw = append(l.raw[:0], []rune(text)...)
}

// quote gives the raw text that the folded runes [from, to) stand for.
func (l *line) quote(from, to int) string {
	start, end := l.Raw(from, to)
	return string(l.raw[start:min(end, len(l.raw))])
}

// letter reports whether r makes up a word that stands between spaces.
func letter(r rune) bool {
	return fold.Letter(r) || fold.Digit(r) || r == '\'' || r >= 0xc0 && r < 0x250
}
