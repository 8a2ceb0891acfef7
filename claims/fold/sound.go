package fold

import (
	"slices"
	"strings"
	"sync"

	pinyin "github.com/mozillazg/go-pinyin"
)

// Sounds returns the syllables a Chinese character may be read with, without
// tones, with the sounds that speech recognition and accents confuse made one:
// zh z, ch c, sh s, l n, f h, in ing, en eng, an ang. nil for anything else.
func Sounds(r rune) []Sound {
	if r < firstHan || r > lastHan {
		return nil
	}
	return sounds().of[r-firstHan]
}

// A Sound is a syllable; two characters that share one sound alike. Its number
// means nothing outside the program that runs.
type Sound uint16

// The characters that are read by their sound: rarer ones are in no name.
const (
	firstHan = 0x3400
	lastHan  = 0x9fff
)

// String spells the syllable.
func (s Sound) String() string { return sounds().names[s] }

// A syllabary has the syllables of characters, and how they are spelled.
type syllabary struct {
	of    [][]Sound
	names []string
}

var sounds = sync.OnceValue(func() syllabary {
	m := syllabary{of: make([][]Sound, lastHan-firstHan+1)}
	numbers := map[string]Sound{}
	for r, readings := range pinyin.PinyinDict {
		if !Han(rune(r)) || r < firstHan || r > lastHan {
			continue
		}
		var list []Sound
		for reading := range strings.SplitSeq(readings, ",") {
			s := confused(plain(reading))
			if s == "" {
				continue
			}
			n, ok := numbers[s]
			if !ok {
				n = Sound(len(numbers))
				numbers[s] = n
				m.names = append(m.names, s)
			}
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
		m.of[r-firstHan] = list
	}
	return m
})

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
