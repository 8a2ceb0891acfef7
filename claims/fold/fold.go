// Package fold makes the text that is matched out of the text that was said.
//
// Folding only serves matching: traditional characters become simplified ones,
// full-width forms become ASCII, letters become small, invisible characters
// and signs put inside Chinese words to evade a match disappear. Every folded
// rune knows the rune of the raw text it came from, so a finding always quotes
// the raw text.
//
// Folding is pure. A Text may be reused for another line; it is not safe for
// concurrent use.
package fold

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed traditional.txt
var traditionalPairs string

// bmp maps a rune below 0x10000 to its folded form; 0 means that it vanishes.
var bmp = buildTable()

func buildTable() *[0x10000]uint16 {
	t := new([0x10000]uint16)
	for i := range t {
		t[i] = uint16(i)
	}
	for line := range strings.Lines(traditionalPairs) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var pair []rune
		for _, r := range strings.TrimSpace(line) {
			if pair = append(pair, r); len(pair) == 2 {
				t[pair[0]] = uint16(pair[1])
				pair = pair[:0]
			}
		}
	}
	for r := rune(0xff01); r <= 0xff5e; r++ {
		t[r] = uint16(unicode.ToLower(r - 0xfee0))
	}
	for r := rune('A'); r <= 'Z'; r++ {
		t[r] = uint16(r + 32)
	}
	for from, to := range signs {
		t[from] = uint16(to)
	}
	for i := range t {
		r := rune(i)
		switch {
		case r == '\n' || r == '\r':
			t[i] = '.'
		case unicode.IsSpace(r):
			t[i] = ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), unicode.Is(unicode.Mn, r), r == 0xfffd:
			t[i] = 0
		}
	}
	return t
}

// signs folds punctuation and symbols to the few that clauses are cut at.
var signs = map[rune]rune{
	'，': ',', '。': '.', '．': '.', '！': '!', '？': '?', '；': ';', '：': ':', '…': '~', '‥': '~', '～': '~', '—': '~',
	'–': '-', '−': '-', '‐': '-', '﹣': '-', '（': '(', '）': ')', '【': '(', '】': ')', '《': '(', '》': ')', '「': '"', '」': '"', '『': '"', '』': '"',
	'“': '"', '”': '"', '‘': '\'', '’': '\'', '％': '%', '￥': '¥', '　': ' ', '×': 'x', '✕': 'x', '㎡': '²',
	'①': '1', '②': '2', '③': '3', '④': '4', '⑤': '5', '⑥': '6', '⑦': '7', '⑧': '8', '⑨': '9', '℃': '度', '俺': '我', '您': '你', '妳': '你', '﹪': '%', '｡': '.',
}

// A Text is folded text. R[i] came from rune At[i] of the raw text.
type Text struct {
	R  []rune
	At []int32

	drop []bool
	n    int // runes of the raw text
}

// Raw gives the raw runes [start, end) that folded runes [from, to) stand for.
func (t *Text) Raw(from, to int) (start, end int) {
	if from >= to || from < 0 || to > len(t.R) {
		return 0, 0
	}
	return int(t.At[from]), int(t.At[to-1]) + 1
}

// Fold folds s into t, reusing its memory.
func (t *Text) Fold(s string) {
	t.R, t.At, t.n = t.R[:0], t.At[:0], 0
	evasive := false
	commandEnd := 0
	for i, r := range s {
		f := r
		if r == escape || r == csi {
			commandEnd = max(commandEnd, i+command(s[i:]))
		}
		if r < 0x10000 {
			f = rune(bmp[r])
		} else if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
			f = 0
		}
		if f != 0 && i >= commandEnd {
			t.R = append(t.R, f)
			t.At = append(t.At, int32(t.n))
			sign, _ := insertable(f)
			evasive = evasive || sign
		}
		t.n++
	}
	if evasive {
		t.join()
	}
}

// insertable tells the signs that people put between the characters of a word
// so that a word list misses it. Those of the first kind part no words.
func insertable(r rune) (sign, inWord bool) {
	switch r {
	case '·', '*', '_', '•', '^', '#':
		return true, true
	case ' ', '.', '-', '~':
		return true, false
	}
	return false, false
}

// join drops a sign that stands between single Chinese characters ("加 微 信",
// "国.家.级") and keeps it where it stands between words.
func (t *Text) join() {
	t.drop = t.drop[:0]
	for i := range t.R {
		t.drop = append(t.drop, t.spelled(i))
	}
	out := 0
	for i, drop := range t.drop {
		if !drop {
			t.R[out], t.At[out] = t.R[i], t.At[i]
			out++
		}
	}
	t.R, t.At = t.R[:out], t.At[:out]
}

func (t *Text) han(i int) bool { return i >= 0 && i < len(t.R) && Han(t.R[i]) }

// spelled reports whether the sign at i is put into a word: it stands between
// two Chinese characters and is of a kind that parts no words, or stands in a
// row of single characters all parted by the same sign. Counting aloud ("三 二
// 一") is no word.
func (t *Text) spelled(i int) bool {
	sign, inWord := insertable(t.R[i])
	if !sign || !t.han(i-1) || !t.han(i+1) {
		return false
	}
	if inWord {
		return true
	}
	if Numeral(t.R[i-1]) || Numeral(t.R[i+1]) {
		return false
	}
	return t.singles(i) >= 2
}

// singles counts the characters that stand alone between signs like the one at
// i, in the row of them around it.
func (t *Text) singles(i int) int {
	sign := func(j int) bool { return j < 0 || j >= len(t.R) || t.R[j] == t.R[i] || !Han(t.R[j]) }
	n := 0
	for j := i - 1; t.han(j) && sign(j-1); j -= 2 {
		n++
	}
	for j := i + 1; t.han(j) && sign(j+1); j += 2 {
		n++
	}
	return n
}

// Numeral reports whether r is a Chinese digit or unit of counting.
func Numeral(r rune) bool {
	switch r {
	case '零', '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '两', '半', '几', '幺':
		return true
	}
	return false
}

// Han reports whether r is a Chinese character.
func Han(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '〇'
}

// Letter reports whether r is a small Latin letter.
func Letter(r rune) bool { return r >= 'a' && r <= 'z' }

// Digit reports whether r is an ASCII digit.
func Digit(r rune) bool { return r >= '0' && r <= '9' }

// String folds a whole string, without the way back.
func String(s string) string {
	if s == "" {
		return ""
	}
	t := texts.Get().(*Text)
	t.Fold(s)
	folded := string(t.R)
	texts.Put(t)
	return folded
}

// texts are for String, which a sheet of thousands of products calls a hundred
// times for each.
var texts = sync.Pool{New: func() any { return new(Text) }}
