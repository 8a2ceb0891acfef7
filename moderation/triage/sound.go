package triage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"liveroom/claims/fold"
)

//go:embed sounds.tsv
var soundsTSV string

// Sounds reads words by their sound: 克服 in a complaint is 客服.
type sounds struct {
	syllable map[rune]uint16 // of the characters that sound like one in a word
	words    map[[2]uint16][]soundWord
}

type soundWord struct {
	said  []uint16
	meant []rune
	own   [][]rune // what sounds like it and means something else
}

func loadSounds(tsv string) (*sounds, error) {
	s := &sounds{syllable: map[rune]uint16{}, words: map[[2]uint16][]soundWord{}}
	number := map[string]uint16{}
	n := 0
	for l := range strings.Lines(tsv) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(l, "\t")
		if len(f) != 3 || f[2] == "" {
			return nil, fmt.Errorf("sounds line %d: want a word, the words it is not and a meaning parted by tabs", n)
		}
		w := soundWord{meant: []rune(fold.String(f[0]))}
		for _, own := range strings.Fields(f[1]) {
			w.own = append(w.own, []rune(own))
		}
		for _, r := range w.meant {
			sound := sayings(r)
			if sound == "" {
				return nil, fmt.Errorf("sounds line %d: %q has no known sound", n, r)
			}
			if number[sound] == 0 {
				number[sound] = uint16(len(number) + 1)
			}
			w.said = append(w.said, number[sound])
		}
		if len(w.said) < 2 {
			return nil, fmt.Errorf("sounds line %d: want a word of at least two characters", n)
		}
		first := [2]uint16{w.said[0], w.said[1]}
		s.words[first] = append(s.words[first], w)
	}
	for r := range pinyin.PinyinDict {
		if k := number[sayings(rune(r))]; k != 0 && fold.Han(rune(r)) {
			s.syllable[rune(r)] = k
		}
	}
	return s, nil
}

// sayings is the first reading of r without its tone.
func sayings(r rune) string {
	if p := pinyin.SinglePinyin(r, plainPinyin); len(p) > 0 {
		return p[0]
	}
	return ""
}

var plainPinyin = pinyin.NewArgs()

// read puts the words that t sounds like in place of what was written.
func (s *sounds) read(t []rune) {
	for i := 0; i+1 < len(t); i++ {
		a := s.syllable[t[i]]
		if a == 0 {
			continue
		}
		b := s.syllable[t[i+1]]
		if b == 0 {
			continue
		}
		for _, w := range s.words[[2]uint16{a, b}] {
			if w.sounds(s, t[i:]) {
				copy(t[i:], w.meant)
				i += len(w.meant) - 1
				break
			}
		}
	}
}

func (w soundWord) sounds(s *sounds, t []rune) bool {
	if len(t) < len(w.said) {
		return false
	}
	same := 0
	for i, k := range w.said {
		if s.syllable[t[i]] != k {
			return false
		}
		if t[i] == w.meant[i] {
			same++
		}
	}
	if same == len(w.said) {
		return false
	}
	return !slices.ContainsFunc(w.own, func(own []rune) bool {
		return len(own) <= len(t) && slices.Equal(own, t[:len(own)])
	})
}
