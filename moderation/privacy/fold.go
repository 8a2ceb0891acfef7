package privacy

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// folded is text in which full-width forms are plain, with the way back.
type folded struct {
	source  string
	text    string // folded
	numbers string // text with Chinese digits as digits, byte for byte as long
	starts  []int  // of each byte of text, where its rune begins in source
}

var chineseMobile = regexp.MustCompile(`1(?:[\x00 \-]*[3-9])(?:[\x00 \-]*\d){9}`)

func fold(s string) folded {
	var text, numbers strings.Builder
	starts := make([]int, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		part := s[i : i+n]
		if f := foldRune(r); f != r {
			part = string(f)
		}
		text.WriteString(part)
		if d := chineseDigit(r); d != 0 {
			// Padded, so that both texts have the same places.
			numbers.WriteByte(d)
			numbers.WriteString(strings.Repeat("\x00", len(part)-1))
		} else {
			numbers.WriteString(part)
		}
		for range len(part) {
			starts = append(starts, i)
		}
		i += n
	}
	return folded{source: s, text: text.String(), numbers: numbers.String(), starts: starts}
}

// hide is the source with a star for each character that is covered, at most
// four in a row.
func (f *folded) hide(cover []bool) string {
	var out strings.Builder
	covered := make(map[int]bool)
	for i, c := range cover {
		if c {
			covered[f.starts[i]] = true
		}
	}
	run := 0
	for i := 0; i < len(f.source); {
		r, n := utf8.DecodeRuneInString(f.source[i:])
		switch {
		case !covered[i]:
			run = 0
			out.WriteString(f.source[i : i+n])
		case strings.ContainsRune(" \t-·", r) && run > 0:
			// a separator says nothing and keeps the groups apart
			out.WriteRune(r)
			run = 0
		default:
			if run++; run <= len(hidden) {
				out.WriteByte('*')
			}
		}
		i += n
	}
	return out.String()
}

// foldRune makes full-width and circled forms plain.
func foldRune(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　':
		return ' '
	case r >= '①' && r <= '⑨':
		return r - '①' + '1'
	case r == '⓪':
		return '0'
	}
	return r
}

func chineseDigit(r rune) byte {
	if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
		return '0' + byte(i/3)
	}
	if i := strings.IndexRune("〇壹贰叁肆伍陆柒捌玖", r); i >= 0 {
		return '0' + byte(i/3)
	}
	if r == '幺' {
		return '1'
	}
	return 0
}
