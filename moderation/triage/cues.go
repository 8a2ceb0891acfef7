package triage

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"liveroom/claims/fold"
)

// The kinds of cue, told by the first byte of a cue's name:
//
//	@family          a word of a family of lexicon.tsv
//	@one>two         a word of one family, later a word of the other: a frame
//	=…               what the message looks like: its length, how it ends
//	other            two or three neighbouring characters, a Latin word or two
const (
	familyCue = '@'
	shapeCue  = '='
)

// Cues lists what Classify weighs in text, each cue once. The train command
// learns a weight for every one of them.
func Cues(text string) []string {
	s := scratch{lexicon: words()}
	seen := map[string]bool{}
	var out []string
	s.cues(text, func(name []byte, _, _ int) {
		if !seen[string(name)] {
			seen[string(name)] = true
			out = append(out, string(name))
		}
	})
	return out
}

// A scratch holds the memory for one message at a time.
type scratch struct {
	*lexicon
	line   line
	hits   []hit
	masked []hit // what only looks like a word of a family
	first  []hit // the first hit of each family
	nums   []number
	name   []byte
}

// cues calls yield for every cue of text; name is only valid during the call.
// The same cue may come several times.
func (s *scratch) cues(text string, yield func(name []byte, from, to int)) {
	s.line.set(text)
	t := s.line.R
	s.hits, s.masked = s.find(s.hits[:0], s.masked[:0], t)
	s.negate(t)
	s.patterns(t)
	s.count(t)
	s.families(yield)
	s.shape(t, yield)
	s.grams(t, yield)
}

func (s *scratch) families(yield func([]byte, int, int)) {
	s.first = s.first[:0]
	seen := [4]uint64{}
	for _, h := range s.hits {
		if h.family < 0 {
			continue
		}
		if seen[h.family>>6]&(1<<(h.family&63)) != 0 {
			continue
		}
		seen[h.family>>6] |= 1 << (h.family & 63)
		s.first = append(s.first, h)
	}
	for i, a := range s.first {
		s.name = append(append(s.name[:0], familyCue), s.names[a.family]...)
		yield(s.name, a.from, a.to)
		n := len(s.name)
		for _, b := range s.first[i+1:] {
			if b.from < a.to {
				continue
			}
			s.name = append(append(s.name[:n], '>'), s.names[b.family]...)
			yield(s.name, a.from, b.to)
		}
	}
}

// negate turns a fault that is said not to be there (没有破损, 一点不掉色) into
// a hit of the family's opposite.
func (s *scratch) negate(t []rune) {
	for i, h := range s.hits {
		if not := s.not[h.family]; not >= 0 && denied(t, h.from) {
			s.hits[i].family = not
		}
	}
}

// denied reports whether the word that begins at i is denied by what stands
// right before it.
func denied(t []rune, i int) bool {
	at := func(k int) rune {
		if i-k < 0 {
			return 0
		}
		return t[i-k]
	}
	switch at(1) {
	case '不', '没', '无', '未', '别', '防', '零':
		return true
	case '有':
		return at(2) == '没'
	case '会':
		return at(2) == '不' && at(3) != '会'
	case '怎', '么':
		return at(2) == '不' || at(3) == '不' || at(3) == '没'
	case ' ':
		return i >= 4 && t[i-2] == 'o' && t[i-3] == 'n' && !letter(t[i-4])
	}
	return false
}

// results are the second halves of verbs whose failure is told by a 不 before
// them: 关不上, 拧不开.
var results = [...]string{"上", "动", "开", "了", "住", "起来", "起", "出", "进", "下", "到", "着", "掉", "干净", "亮", "准", "牢", "平", "稳", "紧", "烂", "断", "清", "好", "成", "通", "回", "去"}

// patterns adds what no list of words can hold: a verb that cannot be done
// (盖不上), and a fault that follows a first use (一拉就断).
func (s *scratch) patterns(t []rune) {
	for i := 1; i+1 < len(t); i++ {
		switch {
		case t[i] == '不' && fold.Han(t[i-1]) && !s.covered(i) && slices.ContainsFunc(results[:], func(r string) bool { return hasPrefix(t[i+1:], r) }):
			s.hits = append(s.hits, hit{i - 1, i + 2, s.cannot})
		case t[i] == '就' && i >= 2:
			for j := max(0, i-5); j < i-1; j++ {
				if t[j] == '一' && (j == 0 || !fold.Numeral(t[j-1])) {
					s.hits = append(s.hits, hit{j, i + 1, s.once})
					break
				}
			}
		}
	}
}

// covered reports whether a masking word holds the rune at i.
func (s *scratch) covered(i int) bool {
	k, found := slices.BinarySearchFunc(s.masked, i, func(h hit, i int) int { return h.from - i })
	return found || k > 0 && i < s.masked[k-1].to
}

func hasPrefix(t []rune, word string) bool {
	n := 0
	for _, r := range word {
		if n >= len(t) || t[n] != r {
			return false
		}
		n++
	}
	return true
}

// count adds the numbers to the hits, and marks one that is smaller than an
// earlier one of its kind: what was bought against what came.
func (s *scratch) count(t []rune) {
	s.nums = numbers(s.nums[:0], t)
	for i, n := range s.nums {
		if n.what != plain {
			s.hits = append(s.hits, hit{n.from, n.to, s.measure[n.what]})
		}
		for _, m := range s.nums[max(0, i-4):i] {
			if m.what != n.what || m.what != money && m.unit != n.unit || n.milli >= m.milli {
				continue
			}
			if f := s.less[n.what]; f >= 0 {
				s.hits = append(s.hits, hit{n.from, n.to, f})
				break
			}
		}
	}
	slices.SortStableFunc(s.hits, func(a, b hit) int { return a.from - b.from })
}

var lengths = []struct {
	upTo int
	name string
}{{2, "=len2"}, {4, "=len4"}, {7, "=len7"}, {11, "=len11"}, {17, "=len17"}, {26, "=len26"}, {40, "=len40"}, {1 << 30, "=long"}}

func (s *scratch) shape(t []rune, yield func([]byte, int, int)) {
	shown := 0
	latin, han := 0, 0
	for _, r := range t {
		if r != ' ' {
			shown++
		}
		switch {
		case fold.Letter(r):
			latin++
		case fold.Han(r):
			han++
		}
	}
	if latin > 3*han {
		shown /= 3
	}
	for _, l := range lengths {
		if shown <= l.upTo {
			yield([]byte(l.name), 0, 0)
			break
		}
	}
	for i := 1; i+1 < len(t); i++ {
		if (t[i] == '不' || t[i] == '没') && t[i-1] == t[i+1] && fold.Han(t[i-1]) {
			yield([]byte("=a-not-a"), i-1, i+2)
			break
		}
	}
	for i := len(t) - 1; i >= 0; i-- {
		switch r := t[i]; {
		case r == '?':
			yield([]byte("=asks"), i, i+1)
			return
		case r == '!':
			yield([]byte("=cries"), i, i+1)
			return
		case unicode.IsLetter(r):
			switch r {
			case '吗', '么', '不', '没', '嘛', '呢':
				yield([]byte("=asks"), i, i+1)
			}
			return
		}
	}
}

// grams yields pairs and triples of neighbouring characters within a clause,
// with ^ and $ for the message's ends, and Latin words alone and in pairs. A
// run of digits counts as one 0.
func (s *scratch) grams(t []rune, yield func([]byte, int, int)) {
	type token struct{ from, to int }
	var prev, last token // the two tokens before
	have := 0            // how many of them belong to this clause
	put := func(k token) {
		for r := k.from; r < k.to; r++ {
			if fold.Digit(t[r]) {
				s.name = append(s.name, '0')
				return
			}
			s.name = utf8.AppendRune(s.name, t[r])
		}
	}
	emit := func(ks ...token) {
		s.name = s.name[:0]
		for i, k := range ks {
			if i > 0 && fold.Letter(t[k.from]) {
				s.name = append(s.name, ' ')
			}
			put(k)
		}
		yield(s.name, ks[0].from, ks[len(ks)-1].to)
	}
	for i := 0; i < len(t); {
		r := t[i]
		k := token{i, i + 1}
		switch {
		case fold.Digit(r):
			for k.to < len(t) && (fold.Digit(t[k.to]) || t[k.to] == '.' && k.to+1 < len(t) && fold.Digit(t[k.to+1])) {
				k.to++
			}
		case letter(r):
			for k.to < len(t) && letter(t[k.to]) && !fold.Digit(t[k.to]) {
				k.to++
			}
		case r == ' ':
			i++
			continue
		case !unicode.IsLetter(r) && unicode.IsPunct(r):
			have = 0
			i++
			continue
		}
		i = k.to
		if !fold.Han(r) && !fold.Digit(r) {
			emit(k)
		}
		if have >= 1 {
			emit(last, k)
		}
		if have >= 2 && (fold.Han(r) || fold.Digit(r)) {
			emit(prev, last, k)
		}
		prev, last = last, k
		have++
	}
}
