package claims

import (
	"slices"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// A voice is a name or a term of a product's sheet with the syllables that it
// is heard by. Speech recognition writes rare words with common characters:
// 烟先安 for 烟酰胺.
type voice struct {
	runes  []rune
	sounds [][]fold.Sound
	term   *lexicon.Term // nil: a name of the product
}

// voices are what may be heard of a product, longest first.
type voices struct {
	of    []voice
	begin [16]uint64 // the syllables that one begins with, by the end of their number
}

// mayBegin reports whether a voice may begin with one of the syllables.
func (v *voices) mayBegin(sounds []fold.Sound) bool {
	for _, s := range sounds {
		if v.begin[s>>6&15]>>(s&63)&1 != 0 {
			return true
		}
	}
	return false
}

// voices lists what may be heard of a product: its names, and the materials,
// ingredients and places of its sheet.
func (p *product) voices() *voices {
	var out []voice
	add := func(s string, t *lexicon.Term) {
		r := []rune(s)
		if len(r) < 2 || len(r) > 8 {
			return
		}
		v := voice{runes: r, term: t}
		for _, c := range r {
			if !fold.Han(c) {
				return
			}
			v.sounds = append(v.sounds, fold.Sounds(c))
		}
		out = append(out, v)
	}
	add(p.brand, nil)
	for _, n := range p.names {
		add(n, nil)
	}
	terms := p.origins
	for _, f := range slices.Concat(p.materials, p.parts) {
		terms = append(terms[:len(terms):len(terms)], f.term)
	}
	for _, t := range terms {
		if t == nil || t.Class == lexicon.Material && t.Name == "纤维" {
			continue
		}
		for _, s := range append(t.Surfaces[:len(t.Surfaces):len(t.Surfaces)], t.Name) {
			add(fold.String(s), t)
		}
	}
	slices.SortStableFunc(out, func(a, b voice) int { return len(b.runes) - len(a.runes) })
	all := &voices{of: out}
	for _, v := range out {
		for _, s := range v.sounds[0] {
			all.begin[s>>6&15] |= 1 << (s & 63)
		}
	}
	return all
}

// hear finds the names and terms of the product on air that are written with
// other characters of the same sound. A name marks its runes as one; a term
// joins the matches.
func (l *line) hear() {
	if l.p == nil || l.latin {
		return
	}
	voices := l.p.heard()
	if len(voices.of) == 0 {
		return
	}
	l.syllables = l.syllables[:0]
	for _, r := range l.t.R {
		l.syllables = append(l.syllables, fold.Sounds(r))
	}
	for i := range l.t.R {
		if !voices.mayBegin(l.syllables[i]) || l.inName[i] {
			continue
		}
		for k := range voices.of {
			if v := &voices.of[k]; l.voiced(i, v) {
				l.join(i, v)
				break
			}
		}
	}
}

// voiced reports whether a voice is heard at i in characters not its own.
func (l *line) voiced(i int, v *voice) bool {
	if i+len(v.runes) > len(l.t.R) {
		return false
	}
	same := 0
	for k, sounds := range v.sounds {
		if l.t.R[i+k] == v.runes[k] {
			same++
		} else if !share(l.syllables[i+k], sounds) {
			return false
		}
	}
	return same < len(v.runes)
}

func share(a, b []fold.Sound) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// join takes a heard voice for what it sounds like. Two syllables alone are
// too common to be a term, and a material is part of many names: a share must
// stand beside them.
func (l *line) join(i int, v *voice) {
	end := i + len(v.runes)
	if v.term == nil {
		for k := i; k < end; k++ {
			l.inName[k] = true
		}
		return
	}
	if (len(v.runes) < 3 || v.term.Class == lexicon.Material) && !l.shareBeside(i, end) {
		return
	}
	keep := l.m[:0]
	for _, m := range l.m {
		if m.Start < end && i < m.End {
			if m.Term.Class == v.term.Class && m.End-m.Start >= len(v.runes) {
				return
			}
			if m.Start >= i && m.End <= end && (m.Term.Class == lexicon.Material || m.Term.Class == lexicon.Ingredient || m.Term.Class == lexicon.Brand || m.Term.Class.Cue()) {
				continue
			}
		}
		keep = append(keep, m)
	}
	at, _ := slices.BinarySearchFunc(keep, i, func(m lexicon.Match, at int) int { return m.Start - at })
	l.m = slices.Insert(keep, at, lexicon.Match{Start: i, End: end, Term: v.term, Sound: true})
}

// shareBeside reports whether a share stands right before from or behind to.
func (l *line) shareBeside(from, to int) bool {
	for _, q := range l.q {
		if q.Dim == quantity.Ratio && (q.Start >= to && q.Start-to <= 4 || q.End <= from && from-q.End <= 1) {
			return true
		}
	}
	return false
}

// byEar reports whether a term that was only heard lies in [from, to).
func (l *line) byEar(from, to int) bool {
	for _, m := range l.m {
		if m.Sound && m.Start < to && from < m.End {
			return true
		}
	}
	return false
}
