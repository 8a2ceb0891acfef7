package claims

import (
	"cmp"
	"slices"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A Vocabulary is what users add to the built-in words and units. It counts
// for what is said and for the cells of the sheet alike.
type Vocabulary struct {
	Units *quantity.Reader // nil: the common units alone
	Terms []OwnTerm
}

// An OwnTerm is a row that users add to a word list, or put in the place of a
// built-in one.
type OwnTerm struct {
	// Term is the row. Where its list has a row of its name, its words are added
	// to that row's.
	Term *lexicon.Term
	// Replace takes the built-in row of its name away where the term holds.
	Replace bool
	InRoom  func(room string) bool
	OfGoods func(sku string, p *sheet.Product) bool // p is nil where no product is known
}

// A vocabulary is users' terms made ready for matching.
type vocabulary struct {
	terms    []OwnTerm
	words    *lexicon.Matcher // of marks that point at terms
	replaced map[*lexicon.Term][]int
}

// newVocabulary makes users' terms ready; nil where there are none.
func newVocabulary(terms []OwnTerm) *vocabulary {
	if len(terms) == 0 {
		return nil
	}
	v := &vocabulary{terms: slices.Clone(terms), words: lexicon.NewMatcher(nil), replaced: map[*lexicon.Term][]int{}}
	for i, own := range v.terms {
		if row := byID[own.Term.ID()]; row != nil {
			if own.Replace {
				v.replaced[row] = append(v.replaced[row], i)
			} else {
				v.terms[i].Term = row
			}
		}
		mark := &lexicon.Term{Name: own.Term.Name, Class: own.Term.Class, Index: i}
		for _, s := range own.Term.Surfaces {
			v.words.Add(s, mark)
		}
	}
	return v
}

// lay puts users' terms that hold among the matches of the built-in ones, and
// drops those of rows that they replace.
func (v *vocabulary) lay(found []lexicon.Match, t []rune, holds func(*OwnTerm) bool) []lexicon.Match {
	kept := found[:0]
	for _, m := range found {
		if !slices.ContainsFunc(v.replaced[m.Term], func(i int) bool { return holds(&v.terms[i]) }) {
			kept = append(kept, m)
		}
	}
	n := len(kept)
	for _, m := range v.words.Find(nil, t) {
		own := &v.terms[m.Term.Index]
		if m.Term = own.Term; holds(own) && !slices.Contains(kept, m) {
			kept = append(kept, m)
		}
	}
	if len(kept) > n {
		slices.SortStableFunc(kept, func(a, b lexicon.Match) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	}
	return kept
}

// concerns reports whether a text holds a word of a user's term or of a row
// that one replaces.
func (v *vocabulary) concerns(found []lexicon.Match, t []rune) bool {
	var few [4]lexicon.Match
	return slices.ContainsFunc(found, func(m lexicon.Match) bool { return v.replaced[m.Term] != nil }) || len(v.words.Find(few[:0], t)) > 0
}

// ownWords lays the users' terms over the words of a line. Which hold depends
// on the goods spoken of, so these are looked for first.
func (l *line) ownWords() {
	own := l.c.own
	if own == nil || !own.concerns(l.all, l.t.R) {
		return
	}
	l.index()
	l.resolve()
	l.findProduct()
	var p *sheet.Product
	if l.p != nil {
		p = l.p.Product
	}
	rows := own.replaceable(l.all)
	l.all = own.lay(l.all, l.t.R, func(o *OwnTerm) bool { return o.InRoom(l.u.Room) && o.OfGoods(l.u.SKU, p) })
	l.replaced = own.replaceable(l.all) < rows
}

// replaceable counts the words of rows that users' terms may replace.
func (v *vocabulary) replaceable(found []lexicon.Match) int {
	n := 0
	for _, m := range found {
		if v.replaced[m.Term] != nil {
			n++
		}
	}
	return n
}

// find gives the words of a cell of the product that is being read. A term for
// some rooms counts there too: the sheet is the same in all. It is good until the
// next cell.
func (f *factReader) find(t []rune) []lexicon.Match {
	f.found = f.words.Find(f.found[:0], t)
	if f.own == nil {
		return f.found
	}
	return f.own.lay(f.found, t, func(o *OwnTerm) bool { return o.OfGoods(f.of.SKU, f.of) })
}

func (f *factReader) amounts(s string) []quantity.Quantity {
	if s == "" {
		return nil
	}
	f.cell.Fold(s)
	return f.units.Scan(nil, f.cell.R, nil)
}
