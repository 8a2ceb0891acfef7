package claims

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// How rules look for words: in a stretch of the line, right before or behind a
// place, or of a family by its name.

// index makes the folded text searchable as a string.
func (l *line) index() {
	l.buf, l.byteAt, l.runeAt = l.buf[:0], l.byteAt[:0], l.runeAt[:0]
	for i, r := range l.t.R {
		l.byteAt = append(l.byteAt, int32(len(l.buf)))
		n := len(l.buf)
		l.buf = utf8.AppendRune(l.buf, r)
		for range len(l.buf) - n {
			l.runeAt = append(l.runeAt, int32(i))
		}
	}
	l.byteAt = append(l.byteAt, int32(len(l.buf)))
	l.text = unsafe.String(unsafe.SliceData(l.buf), len(l.buf))
	l.triples = [32]uint64{}
	for _, at := range l.byteAt {
		if int(at)+3 <= len(l.text) {
			h := triple(l.text[at:])
			l.triples[h>>6] |= 1 << (h & 63)
		}
	}
}

// triple hashes the first three bytes of s: one Chinese character or three
// letters.
func triple(s string) uint32 {
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) * 0x9e3779b1 >> 21
}

// lacks reports whether w surely does not stand in the line. Rules look for
// thousands of words that are not there, and this tells most of them off
// without a search.
func (l *line) lacks(w string) bool {
	if len(w) < 3 {
		return false
	}
	h := triple(w)
	return l.triples[h>>6]>>(h&63)&1 == 0
}

// part is the text of the runes [from, to), clipped to the line. It is good
// until the next line.
func (l *line) part(from, to int) string {
	from, to = max(from, 0), min(to, len(l.t.R))
	if from >= to {
		return ""
	}
	return l.text[l.byteAt[from]:l.byteAt[to]]
}

// has reports whether the folded text has s at i.
func (l *line) has(i int, s string) bool {
	return i >= 0 && strings.HasPrefix(l.part(i, len(l.t.R)), s)
}

// find looks for s in [from, to) and returns where it starts, -1 for nowhere.
func (l *line) find(from, to int, s string) int {
	if l.lacks(s) {
		return -1
	}
	from = max(from, 0)
	i := strings.Index(l.part(from, to), s)
	if i < 0 {
		return -1
	}
	return int(l.runeAt[int(l.byteAt[from])+i])
}

func (l *line) any(from, to int, words ...string) bool {
	part := l.part(from, to)
	if part == "" {
		return false
	}
	for _, w := range words {
		if !l.lacks(w) && strings.Contains(part, w) {
			return true
		}
	}
	return false
}

// behind reports whether one of words ends right before i, spaces aside. A
// space at the end of a word only says that it is an English one.
func (l *line) behind(i int, words ...string) bool {
	for i > 0 && l.t.R[i-1] == ' ' {
		i--
	}
	part := l.part(0, i)
	for _, w := range words {
		if w[len(w)-1] == ' ' {
			w = w[:len(w)-1]
		}
		if strings.HasSuffix(part, w) && l.wholeWord(int(l.runeAt[len(part)-len(w)]), i) {
			return true
		}
	}
	return false
}

// ahead reports whether one of words begins at i, spaces aside.
func (l *line) ahead(i int, words ...string) bool {
	for i < len(l.t.R) && l.t.R[i] == ' ' {
		i++
	}
	part := l.part(i, len(l.t.R))
	for _, w := range words {
		if w[0] == ' ' {
			w = w[1:]
		}
		if strings.HasPrefix(part, w) {
			return true
		}
	}
	return false
}

// wholeWord reports whether [from, to) does not begin inside an English word.
func (l *line) wholeWord(from, to int) bool {
	return from <= 0 || from >= to || !fold.Letter(l.t.R[from]) || !fold.Letter(l.t.R[from-1])
}

// first finds the first word of a frame in [from, to), and its length; -1 for
// none.
func (l *line) first(from, to int, frame string) (at, n int) {
	at = -1
	for _, m := range l.frames {
		if m.Start >= to {
			break
		}
		if m.Start < from || m.End > to || m.Term.Name != frame {
			continue
		}
		if at < 0 || m.Start == at && m.End-m.Start > n {
			at, n = m.Start, m.End-m.Start
		}
		if m.Start > at {
			break
		}
	}
	return at, n
}

// holds reports whether a word of a frame lies in [from, to).
func (l *line) holds(from, to int, frame string) bool {
	at, _ := l.first(from, to, frame)
	return at >= 0
}

// match reports whether a term of the class lies within [from, to).
func (l *line) match(class lexicon.Class, from, to int) (lexicon.Match, bool) {
	for _, m := range l.m {
		if m.Start >= to {
			break
		}
		if m.Term.Class == class && m.Start >= from && m.End <= to {
			return m, true
		}
	}
	return lexicon.Match{}, false
}
