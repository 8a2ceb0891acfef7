package moderation

import (
	"slices"
	"strings"
	"unicode"

	"liveroom/claims/fold"
)

// Who erases a buyer erases what others quote of them: the program in its
// signals, people in notes and reasons, in part, with other signs, in another
// script. So quotes are found by runs of letters that stand in both, and short
// ones where they stand between quotation marks.

const (
	// quoteWeight is how much of a run of letters must stand in both texts to be a
	// quote: five Chinese characters, or fifteen other letters or digits.
	quoteWeight = 15
	// shortWeight is how much must stand between quotation marks: two, or five.
	shortWeight = 5
)

func weightOf(r rune) int {
	if fold.Han(r) {
		return 3
	}
	return 1
}

// letters are a text's letters and digits as texts are compared, with where each
// stands in it.
type letters struct {
	r        []rune
	from, to []int // in runes of the text
}

func lettersOf(s string) letters {
	var t fold.Text
	t.Fold(s)
	var out letters
	for i, r := range t.R {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			from, to := t.Raw(i, i+1)
			out.r, out.from, out.to = append(out.r, r), append(out.from, from), append(out.to, to)
		}
	}
	return out
}

// folded is a text as texts are compared.
func folded(s string) string {
	l := lettersOf(s)
	return string(l.r)
}

// eachRun gives each run that is long enough to be a quote.
func (l *letters) eachRun(fn func(run string, from, to int)) {
	to, weight := 0, 0
	for from := range l.r {
		for ; to < len(l.r) && weight < quoteWeight; to++ {
			weight += weightOf(l.r[to])
		}
		if weight < quoteWeight {
			return
		}
		fn(string(l.r[from:to]), from, to)
		weight -= weightOf(l.r[from])
	}
}

// eachShort gives each piece that is long enough between quotation marks and too
// short elsewhere.
func (l *letters) eachShort(fn func(piece string)) {
	for from := range l.r {
		weight := 0
		for to := from; to < len(l.r) && weight < quoteWeight; to++ {
			if weight += weightOf(l.r[to]); weight >= shortWeight {
				fn(string(l.r[from : to+1]))
			}
		}
	}
}

// marked gives what stands between quotation marks.
func (l *letters) marked(s string, fn func(piece string, from, to int)) {
	open, inside := rune(0), 0
	for i, r := range []rune(s) {
		switch {
		case open != 0 && r == closing[open]:
			from, _ := slices.BinarySearch(l.from, inside)
			to, _ := slices.BinarySearch(l.from, i)
			if from < to {
				fn(string(l.r[from:to]), from, to)
			}
			open = 0
		case open == 0 && closing[r] != 0:
			open, inside = r, i+1
		}
	}
}

var closing = map[rune]rune{'“': '”', '‘': '’', '「': '」', '『': '』', '"': '"'}

// quotes are pieces of what somebody wrote.
type quotes struct {
	runs, short map[string]bool
	texts       map[string]bool // folded
	asked       *quotes         // keeps only what it holds; nil: keeps all
	spared      map[string]bool // runs of the broadcast's own
}

func newQuotes(asked *quotes) *quotes {
	return &quotes{runs: make(map[string]bool), short: make(map[string]bool), texts: make(map[string]bool), spared: make(map[string]bool), asked: asked}
}

// add takes what somebody wrote.
func (q *quotes) add(text string) {
	l := lettersOf(text)
	l.eachRun(func(run string, _, _ int) {
		if q.asked == nil || q.asked.runs[run] {
			q.runs[run] = true
		}
	})
	if q.asked == nil || len(q.asked.short) > 0 {
		l.eachShort(func(piece string) {
			if q.asked == nil || q.asked.short[piece] {
				q.short[piece] = true
			}
		})
	}
	if all := string(l.r); q.asked == nil || q.asked.texts[all] {
		q.texts[all] = true
	}
}

// ask takes a text in which quotes will be looked for.
func (q *quotes) ask(text string) {
	l := lettersOf(text)
	l.eachRun(func(run string, _, _ int) { q.runs[run] = true })
	l.marked(text, func(piece string, _, _ int) { q.short[piece] = true })
	q.texts[string(l.r)] = true
}

// spare keeps a text of the broadcast's own from counting as a quote.
func (q *quotes) spare(text string) {
	l := lettersOf(text)
	l.eachRun(func(run string, _, _ int) { q.spared[run] = true })
}

// whole tells whether a text is nothing but a quote.
func (q *quotes) whole(text string) bool {
	l := lettersOf(text)
	return len(l.r) > 0 && (q.short[string(l.r)] || q.texts[string(l.r)] || !slices.Contains(q.cover(text, &l), false))
}

func (q *quotes) cover(text string, l *letters) []bool {
	out := make([]bool, len(l.r))
	mark := func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = true
		}
	}
	l.eachRun(func(run string, from, to int) {
		if q.runs[run] && !q.spared[run] {
			mark(from, to)
		}
	})
	l.marked(text, func(piece string, from, to int) {
		if q.short[piece] {
			mark(from, to)
		}
	})
	return out
}

// cut is the text without the quotes in it.
func (q *quotes) cut(text string) string {
	l := lettersOf(text)
	covered := q.cover(text, &l)
	if !slices.Contains(covered, true) {
		return text
	}
	raw := []rune(text)
	var b strings.Builder
	at := 0
	for i := 0; i < len(covered); i++ {
		if !covered[i] {
			continue
		}
		last := i
		for last+1 < len(covered) && covered[last+1] {
			last++
		}
		b.WriteString(string(raw[at:min(max(l.from[i], at), len(raw))]))
		b.WriteString(ErasedText)
		at = min(max(l.to[last], at), len(raw))
		i = last
	}
	b.WriteString(string(raw[at:]))
	return b.String()
}
