package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// onlyThat checks "配料只有…", "一点别的都没加" and 100 % of one thing.
func (l *line) onlyThat() {
	p := l.p
	if len(p.parts) == 0 {
		return
	}
	others := 0
	for _, f := range p.parts {
		if !f.no {
			others++
		}
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Ingredient || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		if !l.pureIngredient(m) || l.disowned(m) {
			continue
		}
		present, _ := l.factsOn(m.Term)
		if present != nil && (present.share >= 995_000 || present.share < 0 && others == 1) {
			continue
		}
		if present == nil && m.Term.Name == "植物油脂" && p.Category != sheet.SpecialCosmetics {
			continue
		}
		f := l.factOf(sheet.FieldIngredients)
		f.Value = m.Term.Name + " 100%"
		l.wrong(CategoryIngredient, VerdictContradicted, m.Start, m.End, "ingredient.pure", f)
	}
}

// pureIngredient reports whether an ingredient is said to be all there is.
func (l *line) pureIngredient(m lexicon.Match) bool {
	return l.behind(m.Start, listed("composition.pure_ingredient.before")...) || l.ahead(m.End, "百分之百", "百分百", "100%")
}

// nothingElse checks "配料就黄桃和水两样，没别的" against the list.
func (l *line) nothingElse() {
	others := 0
	for _, f := range l.p.parts {
		if !f.no {
			others++
		}
	}
	if others < 2 {
		return
	}
	for k := range l.cl {
		c := &l.cl[k]
		to := c.to
		if k+1 < len(l.cl) && l.cl[k+1].to-c.from < 40 {
			to = l.cl[k+1].to
		}
		if !l.any(c.from, to, listed("composition.nothing_else.nothing")...) && !l.exceptOnly(c) && !l.oneThing(c.from, to) || !l.any(c.from, c.to, listed("composition.nothing_else.list")...) || l.stanceOf(c.from, c.from+1) != asserted {
			continue
		}
		said, alien := map[string]bool{}, lexicon.Match{}
		for _, m := range l.m {
			if m.Term.Class != lexicon.Ingredient || m.Start < c.from || m.End > to {
				continue
			}
			if present, _ := l.factsOn(m.Term); present != nil {
				said[present.name] = true
			} else if !l.inName[m.Start] {
				alien = m
			}
		}
		f := l.factOf(sheet.FieldIngredients)
		f.Value = l.span(c.from, to)
		switch {
		case alien.Term != nil && len(said) > 0:
			l.wrong(CategoryIngredient, VerdictContradicted, alien.Start, alien.End, "ingredient.only", f)
			return
		case len(said) > 0 && len(said) < others && l.joined(c.from, to) < others && (l.oneThing(c.from, to) || l.any(c.from, to, listed("composition.nothing_else.list_english")...)):
			l.wrong(CategoryIngredient, VerdictContradicted, c.from, c.to, "ingredient.only", f)
			return
		}
	}
}

// joined counts the things that a list joins: 牛肉、盐和酱油 are three, whether or
// not all of them are known by these names.
func (l *line) joined(from, to int) int {
	n := 1
	for _, r := range l.t.R[from:to] {
		if in(r, "、和跟与加&") {
			n++
		}
	}
	return n
}

// oneThing reports whether 一样 counts an ingredient (就是氧化锌一样) and does not
// compare (就是跟刚摘的一样).
func (l *line) oneThing(from, to int) bool {
	at := l.find(from, to, "一样")
	if at < 0 || !l.any(from, at, "就是", "只有") {
		return false
	}
	for _, m := range l.m {
		if m.Term.Class == lexicon.Ingredient && m.Start >= from && m.End == at {
			return true
		}
	}
	return false
}

// exceptOnly: 除了辣椒就是盐.
func (l *line) exceptOnly(c *clause) bool {
	at := l.find(c.from, c.to, "除了")
	return at >= 0 && l.any(at, c.to, listed("composition.except_only.near")...)
}

// plainAddition finds something said to be put in that no list knows: 加了雪燕.
func (l *line) plainAddition() {
	switch l.p.Category {
	case sheet.Food, sheet.HealthFood, sheet.Cosmetics, sheet.SpecialCosmetics, sheet.Pet, sheet.Maternal:
	default:
		return
	}
	if len(l.p.parts) == 0 || !l.holds(0, len(l.t.R), "added") {
		return
	}
	for _, m := range l.marks {
		if m.Category == CategoryIngredient || m.Category == CategoryOffplatform {
			return
		}
	}
	for k := range l.cl {
		c := &l.cl[k]
		for _, w := range listed("composition.plain_addition.words") {
			at := l.find(c.from, c.to, w)
			if at < 0 || l.stanceOf(at, at+2) != asserted || l.elsewhere(at) {
				continue
			}
			from := at + len([]rune(w))
			to := from
			for to < c.to && to-from < 6 && fold.Han(l.t.R[to]) && !in(l.t.R[to], "的在进去一点些和跟与个多少我你它这那") {
				to++
			}
			if to-from < 2 || l.known(from, to) || in(l.t.R[from], "料班单急购粉价钱码件微薪好友人数量倍") {
				continue
			}
			f := l.factOf(sheet.FieldIngredients)
			f.Value = l.span(from, to)
			l.wrong(CategoryIngredient, VerdictUnsupported, at, to, "ingredient.unknown", f)
			return
		}
	}
}

// known reports whether two runes in a row of a stretch stand on the sheet.
func (l *line) known(from, to int) bool {
	for i := from; i+2 <= to; i++ {
		if contains(l.p.allText, l.span(i, i+2)) {
			return true
		}
	}
	return false
}

// unnamedShare checks a share whose owner is not named in words we know: it
// must be one of those on the sheet.
func (l *line) unnamedShare() {
	var shares []int64
	field := sheet.FieldIngredients
	for _, f := range l.p.parts {
		if f.share > 0 {
			shares = append(shares, f.share)
		}
	}
	if len(shares) == 0 {
		return
	}
	for _, m := range l.p.metrics {
		if m.q.Dim == quantity.Ratio {
			shares = append(shares, m.q.Value)
		}
	}
	for _, m := range l.marks {
		if m.Category == CategoryIngredient || m.Category == CategoryMaterial {
			return
		}
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		if l.used[i] || q.Dim != quantity.Ratio || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) || !l.any(c.from, c.to, listed("composition.unnamed_share.near")...) {
			continue
		}
		for _, s := range shares {
			if abs(q.Value-s) <= s/50 || q.Lo <= s && s <= q.Hi {
				return
			}
		}
		f := l.factOf(field)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryIngredient, VerdictContradicted, q.Start, q.End, "ingredient.amount", f)
		return
	}
}

// unnamedDose reads "每片十毫克" of goods whose sheet gives one dose a piece.
func (l *line) unnamedDose() {
	var dose *partFact
	for i := range l.p.parts {
		if f := &l.p.parts[i]; f.q.Dim == quantity.Mass && f.q.Value < 5_000_000 {
			if dose != nil {
				return
			}
			dose = f
		}
	}
	if dose == nil {
		return
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		if l.used[i] || q.Dim != quantity.Mass || q.Unit != "mg" || !l.any(max(c.from, q.Start-8), min(c.to, q.End+5), listed("composition.unnamed_dose.near")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		l.used[i] = true
		if abs(q.Value-dose.q.Value)*50 <= dose.q.Value {
			l.bears(CategoryIngredient, sheet.FieldIngredients, q.Start, q.End)
			return
		}
		f := l.factOf(sheet.FieldIngredients)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryIngredient, VerdictContradicted, q.Start, q.End, "ingredient.amount", f)
		return
	}
}
