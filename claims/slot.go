package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// Words that open a slot: what follows them is a value of it, even one that no
// list knows.
var (
	materialEnds = "绒棉麻丝毛皮革钢金银铜铁木竹玉石瓷胶布浆"
)

// slots checks values that no list knows where the words name the slot:
// "材质是…", "产自…", "品种是…". What the sheet says of that slot must hold it.
func (l *line) slots() {
	if !l.holds(0, len(l.t.R), "slot.cue") {
		return
	}
	if len(l.p.Material) > 0 && !l.marked(CategoryMaterial) {
		if from, to, ok := l.slotValue(listed("slot.material"), true); ok {
			f := l.factOf(sheet.FieldMaterial)
			f.Value = l.span(from, to)
			l.wrong(CategoryMaterial, VerdictContradicted, from, to, "material.other", f)
		}
	}
	if !l.marked(CategoryOrigin) {
		if from, to, ok := l.slotValue(listed("slot.origin"), false); ok && len(l.p.Origin) > 0 {
			f := l.factOf(sheet.FieldOrigin)
			f.Value = l.span(from, to)
			l.wrong(CategoryOrigin, VerdictContradicted, from, to, "origin.other", f)
		}
		if from, to, ok := l.slotValue(listed("slot.variety"), false); ok && len(l.p.Variety) > 0 {
			f := l.factOf(sheet.FieldVariety)
			f.Value = l.span(from, to)
			l.wrong(CategoryOrigin, VerdictContradicted, from, to, "origin.variety", f)
		}
	}
}

// marked reports whether something was already compared in a category.
func (l *line) marked(c Category) bool {
	for _, m := range l.marks {
		if m.Category == c {
			return true
		}
	}
	return false
}

// slotValue finds an asserted value behind one of words: two to six
// characters that no term and no cell of the sheet holds.
func (l *line) slotValue(words []string, material bool) (from, to int, ok bool) {
	for _, w := range words {
		at := l.find(0, len(l.t.R), w)
		if at < 0 || w == "来自" && l.has(at-1, "出来自己") {
			continue
		}
		c := l.clauseAt(at)
		from = at + len([]rune(w))
		for from < c.to && (l.t.R[from] == ' ' || l.t.R[from] == '那') {
			from++
		}
		to = from
		for to < c.to && to-from < 7 && fold.Han(l.t.R[to]) && !in(l.t.R[to], "的和跟与，这个我你他一二三四五六七八九十") {
			to++
		}
		if to-from < 2 || to-from > 6 || to < c.to && !in(l.t.R[to], "的一二三四五六七八九十") || l.stanceOf(at, to) != asserted || l.elsewhere(at) || l.known(from, to) {
			continue
		}
		if material && !in(l.t.R[to-1], materialEnds) || l.termIn(from, to) {
			continue
		}
		return from, to, true
	}
	return 0, 0, false
}

// termIn reports whether a term that the checks know lies in [from, to).
func (l *line) termIn(from, to int) bool {
	for _, m := range l.m {
		if m.Start >= from && m.End <= to {
			switch m.Term.Class {
			case lexicon.Material, lexicon.Place, lexicon.Variety, lexicon.Brand, lexicon.Product, lexicon.Ingredient:
				return true
			}
		}
	}
	return false
}
