package fold

import (
	"strings"
	"sync"

	pinyin "github.com/mozillazg/go-pinyin"
)

// Sounds returns the syllables a Chinese character may be read with, without
// tones, with the sounds that speech recognition and accents confuse made one:
// zh z, ch c, sh s, l n, f h, in ing, en eng, an ang. nil for anything else.
func Sounds(r rune) []string { return sounds()[r] }

var sounds = sync.OnceValue(func() map[rune][]string {
	m := make(map[rune][]string, len(pinyin.PinyinDict))
	for r, readings := range pinyin.PinyinDict {
		if !Han(rune(r)) {
			continue
		}
		var list []string
		for reading := range strings.SplitSeq(readings, ",") {
			s := confused(plain(reading))
			if s != "" && !has(list, s) {
				list = append(list, s)
			}
		}
		m[rune(r)] = list
	}
	return m
})

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ī", "i", "í", "i", "ǐ", "i", "ì", "i",
	"ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ü", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m",
)

func plain(reading string) string { return toneless.Replace(strings.TrimSpace(reading)) }

// confused folds the sounds that are taken for each other.
func confused(s string) string {
	for _, pair := range [...][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"l", "n"}, {"f", "h"}} {
		if rest, ok := strings.CutPrefix(s, pair[0]); ok {
			s = pair[1] + rest
			break
		}
	}
	for _, end := range [...]string{"ing", "eng", "ang"} {
		if strings.HasSuffix(s, end) {
			return s[:len(s)-1]
		}
	}
	return s
}

// Roman writes Chinese characters with their first readings, as one word; ""
// where a rune has none.
func Roman(s string) string {
	var b strings.Builder
	for _, r := range s {
		first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
		if first == "" {
			return ""
		}
		b.WriteString(plain(first))
	}
	return b.String()
}
