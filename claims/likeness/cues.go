package likeness

import (
	"strings"
	"unicode/utf8"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// The kinds of cue, told by the first byte of a cue's name:
//
//	@family        a word of a family of families.tsv
//	@one>two       a word of one family, later a word of the other
//	~ga~meng       the sounds of two or three neighbouring characters
//	other          one to four neighbouring characters, one to three Latin
//	               words; <family> stands for a word of it, <n> for a number
const (
	familyCue = '@'
	soundCue  = '~'
)

// Cues lists what is weighed in a line, each cue once.
func Cues(text string) []string {
	var t fold.Text
	t.Fold(text)
	var s scratch
	seen := map[string]bool{}
	var out []string
	s.cues(t.R, func(name []byte, _, _ int) {
		if !seen[string(name)] {
			seen[string(name)] = true
			out = append(out, string(name))
		}
	})
	return out
}

// A scratch holds the memory for one line at a time.
type scratch struct {
	words []lexicon.Match // families, none within another
	all   []lexicon.Match
	first []lexicon.Match
	plain []token
	class []token // with families in place of words
	name  []byte
}

// A token is a character, a Latin word, a number or a word of a family; one
// that parts clauses has no runes of its own.
type token struct {
	from, to int
	family   string // "" for the runes themselves
}

const (
	longest = 4 // characters in a row
	phrase  = 3 // Latin words in a row, tokens in a row where one is a family
	number  = "n"
)

// cues calls yield for every cue of the folded runes t, with where it stands;
// name is only valid during the call. The same cue may come several times.
func (s *scratch) cues(t []rune, yield func(name []byte, from, to int)) {
	s.find(t)
	s.families(yield)
	s.plain = tokens(s.plain[:0], t, nil, false)
	s.class = tokens(s.class[:0], t, s.words, len(s.words) > 0)
	s.grams(t, yield)
	s.classGrams(t, yield)
	s.sounds(t, yield)
}

// find keeps, of the words of families, the first and longest.
func (s *scratch) find(t []rune) {
	s.all = familyWords().Find(s.all[:0], t)
	s.words = s.words[:0]
	for _, m := range s.all {
		if n := len(s.words); n > 0 {
			last := s.words[n-1]
			if m.Start == last.Start && m.End > last.End {
				s.words[n-1] = m
				continue
			}
			if m.Start < last.End {
				continue
			}
		}
		s.words = append(s.words, m)
	}
}

func (s *scratch) families(yield func([]byte, int, int)) {
	s.first = s.first[:0]
	seen := uint64(0)
	for _, m := range s.words {
		if bit := uint64(1) << m.Term.Index; seen&bit == 0 {
			seen |= bit
			s.first = append(s.first, m)
		}
	}
	for i, a := range s.first {
		s.name = append(append(s.name[:0], familyCue), a.Term.Name...)
		yield(s.name, a.Start, a.End)
		n := len(s.name)
		for _, b := range s.first[i+1:] {
			s.name = append(append(s.name[:n], '>'), b.Term.Name...)
			yield(s.name, a.Start, b.End)
		}
	}
}

// tokens cuts t; words of families stand for themselves where some are given,
// and a run of numerals for a number where numerals is set.
func tokens(out []token, t []rune, words []lexicon.Match, numerals bool) []token {
	for i := 0; i < len(t); {
		for len(words) > 0 && words[0].Start < i {
			words = words[1:]
		}
		if len(words) > 0 && words[0].Start == i {
			out = append(out, token{i, words[0].End, words[0].Term.Name})
			i = words[0].End
			continue
		}
		switch r := t[i]; {
		case fold.Letter(r) || fold.Digit(r):
			j, digits := i, true
			for j < len(t) && (fold.Letter(t[j]) || fold.Digit(t[j]) || t[j] == '\'') {
				digits = digits && fold.Digit(t[j])
				j++
			}
			if digits {
				out = append(out, token{i, j, number})
			} else {
				out = append(out, token{from: i, to: j})
			}
			i = j
		case numerals && fold.Numeral(r) && i+1 < len(t) && fold.Numeral(t[i+1]):
			j := i
			for j < len(t) && fold.Numeral(t[j]) {
				j++
			}
			out = append(out, token{i, j, number})
			i = j
		case fold.Han(r):
			out = append(out, token{from: i, to: i + 1})
			i++
		default:
			if r != ' ' || !latinBeside(t, i) {
				out = append(out, token{from: i, to: i})
			}
			i++
		}
	}
	return out
}

// latinBeside reports whether the space at i stands between Latin words.
func latinBeside(t []rune, i int) bool {
	latin := func(k int) bool { return k >= 0 && k < len(t) && t[k] < 0x80 && t[k] != ' ' }
	return latin(i-1) && latin(i+1)
}

// spell appends how a token stands in a cue's name.
func (k token) spell(name []byte, t []rune) []byte {
	if k.family != "" {
		return append(append(append(name, '<'), k.family...), '>')
	}
	word := fold.Letter(t[k.from])
	if word && len(name) > 0 {
		name = append(name, ' ')
	}
	for _, r := range t[k.from:k.to] {
		name = appendRune(name, r)
	}
	return name
}

func appendRune(name []byte, r rune) []byte {
	if r == '\t' || r == '\n' {
		r = ' '
	}
	return utf8.AppendRune(name, r)
}

func (s *scratch) grams(t []rune, yield func([]byte, int, int)) {
	for i, a := range s.plain {
		s.name = s.name[:0]
		most := longest
		for j := i; j < len(s.plain) && j < i+most; j++ {
			b := s.plain[j]
			if b.from == b.to {
				break
			}
			if fold.Letter(t[b.from]) {
				most = phrase
			}
			s.name = b.spell(s.name, t)
			yield(s.name, a.from, b.to)
		}
	}
}

func (s *scratch) classGrams(t []rune, yield func([]byte, int, int)) {
	for i, a := range s.class {
		s.name = s.name[:0]
		held := false
		for j := i; j < len(s.class) && j < i+phrase; j++ {
			b := s.class[j]
			if b.from == b.to {
				break
			}
			held = held || b.family != ""
			s.name = b.spell(s.name, t)
			if held && j > i {
				yield(s.name, a.from, b.to)
			}
		}
	}
}

// sounds yields what two and three neighbouring characters sound like, so that
// what a recogniser misspells is still known.
func (s *scratch) sounds(t []rune, yield func([]byte, int, int)) {
	for i := range t {
		s.name = s.name[:0]
		for j := i; j < len(t) && j < i+3; j++ {
			heard := fold.Sounds(t[j])
			if len(heard) == 0 {
				break
			}
			s.name = append(append(s.name, soundCue), heard[0].String()...)
			if j > i {
				yield(s.name, i, j+1)
			}
		}
	}
}

// loadFamilies reads families.tsv.
func loadFamilies(tsv string) []*lexicon.Term {
	var out []*lexicon.Term
	for l := range strings.Lines(tsv) {
		name, words, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if !ok || name[0] == '#' {
			continue
		}
		term := &lexicon.Term{Name: name, Index: len(out)}
		for w := range strings.FieldsSeq(words) {
			term.Surfaces = append(term.Surfaces, strings.ReplaceAll(w, "_", " "))
		}
		out = append(out, term)
	}
	return out
}
