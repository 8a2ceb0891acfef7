package claims

import (
	"slices"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// ingredient compares what is said to be in the goods, how much of it, and
// what is said not to be.
func (l *line) ingredient() {
	p := l.p
	if p == nil {
		return
	}
	done := map[string]bool{}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Ingredient || done[m.Term.Name] || l.ofOtherThings(m.Start) || l.likenedFood(m) {
			continue
		}
		s := l.stanceOf(m.Start, m.End)
		if s == silent || s == asserted && l.pureIngredient(m) && l.disowned(m) {
			continue
		}
		if s == negated && l.zeroed(m) && l.clauseAt(m.Start).closed {
			continue // sugar free? no: there is some
		}
		if s == negated || l.zeroed(m) || l.has(m.Start-1, "不含") {
			if s == negated && !l.deniesPresence(m) {
				continue
			}
			if l.freeOf(m) {
				done[m.Term.Name] = true
			}
			continue
		}
		if l.holdsIngredient(m) {
			done[m.Term.Name] = true
		}
	}
	l.onlyThat()
	l.nothingElse()
	l.unnamedShare()
	l.unnamedDose()
	l.countless()
	l.plainAddition()
}

func (l *line) likenedFood(m lexicon.Match) bool {
	if l.scented(m) {
		return false
	}
	return l.behind(m.Start, listed("ingredient.likened_food.before")...) && !l.behind(m.Start, "就吃") ||
		l.ahead(m.End, listed("ingredient.likened_food.after")...)
}

// zeroed reads "0糖", "零添加", "sugar free", "香精都没加".
func (l *line) zeroed(m lexicon.Match) bool {
	return l.behind(m.Start, listed("ingredient.zeroed.none")...) && !l.behind(m.Start, listed("ingredient.zeroed.not_zero")...) && !l.behind(m.Start, "有没有") ||
		l.ahead(m.End, listed("ingredient.zeroed.after")...) || l.ahead(m.End, "没有") && l.endsIn(m.End+2) || l.notDone(m)
}

// factsOn lists the entries of the sheet that are about a term.
func (l *line) factsOn(t *lexicon.Term) (present, absent *partFact) {
	p := l.p
	for i := range p.parts {
		f := &p.parts[i]
		if f.term == nil && !nameIs(f.name, t) {
			continue
		}
		no := f.no || contains(f.name, "无") && contains(f.name, "添加")
		switch {
		case f.term != nil && no && f.term != t && !is(t, f.term.Name):
		case f.term != nil && !no && f.term != t && !is(f.term, t.Name):
		case no:
			absent = f
		default:
			present = f
		}
	}
	if t.Is("sum") {
		if all := p.sumOf(t); all != nil {
			present = all
		}
	}
	for i := range p.metrics {
		if nameIs(p.metrics[i].name, t) && (present == nil || present.term != t && !contains(present.name, fold.String(t.Name))) {
			m := p.metrics[i]
			present = &partFact{name: m.name, share: -1, q: m.q, term: t, metric: m.raw}
			switch {
			case m.q.Dim == quantity.Ratio:
				present.share = m.q.Value
			case m.q.Dim == quantity.Mass && containsAny(m.raw, "/100g", "/100克", "每100g"):
				present.share = m.q.Value * 10 // mg of 100 g, in ppm
			}
		}
	}
	return present, absent
}

// sumOf adds up the shares of what is of a kind: all meat, all mild surfactants.
func (p *product) sumOf(t *lexicon.Term) *partFact {
	out := partFact{name: t.Name, term: t, share: 0}
	n := 0
	for i := range p.parts {
		if f := &p.parts[i]; !f.no && f.term != nil && is(f.term, t.Name) && f.share > 0 {
			out.share += f.share
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &out
}

func nameIs(name string, t *lexicon.Term) bool {
	for _, s := range t.Surfaces {
		if contains(name, s) {
			return true
		}
	}
	return false
}

// freeOf checks "there is none of it in here".
func (l *line) freeOf(m lexicon.Match) bool {
	if l.levelled(m.Start-1, m.End) {
		return true
	}
	present, absent := l.factsOn(m.Term)
	c := l.clauseAt(m.Start)
	if l.any(c.from, m.Start, listed("ingredient.free_of.not")...) && !l.any(c.from, c.to, listed("ingredient.free_of.without")...) {
		return false
	}
	switch {
	case absent != nil:
		l.bearsPart(absent, m)
		l.marks[len(l.marks)-1].none = true
	case (present != nil || l.kindPresent(m)) && !l.outright(m):
		return false
	case present != nil && l.byContent(m):
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "不含" + m.Term.Name
		from := min(m.Start, max(c.from, m.Start-3))
		l.wrong(CategoryIngredient, VerdictContradicted, from, m.End, "ingredient.absent", f)
	case l.kindPresent(m):
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "不含" + m.Term.Name
		l.wrong(CategoryIngredient, VerdictContradicted, max(c.from, m.Start-3), m.End, "ingredient.absent", f)
	case l.silentOnAdditive(m) && !l.wholly():
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "不含" + m.Term.Name
		l.wrong(CategoryIngredient, VerdictUnsupported, max(c.from, m.Start-3), m.End, "ingredient.unknown", f)
	default:
		return false
	}
	return true
}

// byContent keeps figures such as 蛋白质 48g/100g from being denied by a word.
func (l *line) byContent(m lexicon.Match) bool {
	switch m.Term.Name {
	case "热量", "能量", "油", "脂肪":
		return false
	}
	return true
}

// kindPresent reports whether the sheet lists something of that kind: sugar
// denied where 白砂糖 stands, alcohol where 乙醇 stands.
func (l *line) kindPresent(m lexicon.Match) bool {
	for i := range l.p.parts {
		f := &l.p.parts[i]
		if !f.no && f.term != nil && is(f.term, m.Term.Name) {
			return true
		}
	}
	return m.Term.Name == "糖" && containsAny(l.p.factText, "果糖", "糖浆", "白砂糖") && !contains(l.p.factText, "不含白砂糖")
}

// wholly reports whether the sheet gives one ingredient as all there is, which
// proves the absence of any other.
func (l *line) wholly() bool {
	if len(l.p.parts) == 1 && l.p.Category == sheet.Food && !l.p.parts[0].no && l.p.parts[0].share < 0 {
		return true
	}
	for _, f := range l.p.parts {
		if f.share == 1_000_000 {
			return true
		}
	}
	return false
}

// silentOnAdditive: freedom from an additive is a selling point that needs
// proof where the sheet names ingredients but not that.
func (l *line) silentOnAdditive(m lexicon.Match) bool {
	return isListed("ingredient.additives", strings.ToLower(m.Term.Name))
}

// holdsIngredient checks "it has that in it", and how much.
func (l *line) holdsIngredient(m lexicon.Match) bool {
	present, absent := l.factsOn(m.Term)
	i, ok := l.amountOf(m)
	switch {
	case ok && l.q[i].Dim == quantity.Ratio && l.q[i].Value == 0:
		l.used[i] = true
		return l.freeOf(m)
	case present != nil && ok:
		return l.amountAgainst(m, present, i)
	case present != nil && present.scant && l.boasted(m):
		f := l.factOf(sheet.FieldIngredients)
		f.Value = l.span(m.Start, min(m.End+3, len(l.t.R)))
		l.wrong(CategoryIngredient, VerdictContradicted, m.Start, min(m.End+3, len(l.t.R)), "ingredient.amount", f)
		return true
	case present != nil:
		l.bearsPart(present, m)
		return false // its share may follow: 牛肉打头，牛肉九十八个点
	case (l.p.Category == sheet.Apparel || l.p.Category == sheet.Jewellery || l.p.Category == sheet.Other && len(l.p.parts) == 0) && m.Term.Name != "药物成分":
		return false
	case l.scented(m):
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "香精"
		l.wrong(CategoryIngredient, VerdictContradicted, m.Start, min(m.End+2, len(l.t.R)), "ingredient.present", f)
		return true
	case absent != nil && !l.inName[m.Start] && (l.addsIt(m) || l.behind(m.Start, listed("ingredient.holds_ingredient.before")...)):
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "含" + m.Term.Name
		l.wrong(CategoryIngredient, VerdictContradicted, m.Start, m.End, "ingredient.present", f)
		return true
	case contains(l.p.factText, m.Term.Name) || l.inName[m.Start]:
		return false
	case l.addsIt(m) || ok && (l.q[i].Dim == quantity.Ratio || l.q[i].Dim == quantity.Mass && l.q[i].Value < 200_000) && len(l.p.parts) > 0:
		f := l.factOf(sheet.FieldIngredients)
		f.Value = "含" + m.Term.Name
		v := VerdictUnsupported
		if ok {
			l.used[i] = true
		}
		if l.all100(m, i, ok) || l.plantsOnly(m) || l.wholly() && (ok || l.holds(max(l.clauseAt(m.Start).from, m.Start-9), m.Start, "in.it")) || l.rivalBase(m) || l.onlyUsed(m) {
			v = VerdictContradicted
		}
		l.wrong(CategoryIngredient, v, m.Start, m.End, "ingredient.unknown", f)
		return true
	}
	return false
}

// boasted reports whether there is said to be plenty of it: 含量足, 给得足足的.
func (l *line) boasted(m lexicon.Match) bool {
	return l.ahead(m.End, listed("ingredient.boasted.after")...) ||
		l.behind(m.Start, listed("ingredient.boasted.before")...)
}

// onlyUsed reports whether nothing but m is said to be used, where the sheet
// lists other things: 只选用新鲜草莓, against 草莓酱.
func (l *line) onlyUsed(m lexicon.Match) bool {
	if len(l.p.parts) == 0 {
		return false
	}
	return l.any(max(l.clauseAt(m.Start).from, m.Start-9-10*b2i(l.latin)), m.Start, listed("ingredient.only_used.near")...)
}

// scented reports whether a scent is said to be put in that the sheet leaves
// out: 加了薰衣草的香味, where it says 不添加香精.
func (l *line) scented(m lexicon.Match) bool {
	if !l.ahead(m.End, listed("ingredient.scented.after")...) || !l.addsIt(m) {
		return false
	}
	for i := range l.p.parts {
		if f := &l.p.parts[i]; f.no && f.term != nil && f.term.Name == "香精" {
			return true
		}
	}
	return false
}

// rivalBase reports whether the goods are said to be made of another base than
// the sheet's of the same kind: 用的是羊乳, where the sheet has cow's milk.
func (l *line) rivalBase(m lexicon.Match) bool {
	up := parent(m.Term)
	if up == nil || up.Name != "肉类" && up.Name != "乳" || !l.behind(m.Start, listed("ingredient.rival_base.before")...) {
		return false
	}
	for i := range l.p.parts {
		if f := &l.p.parts[i]; !f.no && f.term != nil && parent(f.term) == up {
			return true
		}
	}
	return false
}

// plantsOnly: plants are claimed where the sheet lists chemical dyes.
func (l *line) plantsOnly(m lexicon.Match) bool {
	if m.Term.Name != "植物油脂" && m.Term.Name != "指甲花" {
		return false
	}
	for _, f := range l.p.parts {
		if f.term != nil && is(f.term, "化学染料") {
			return true
		}
	}
	return false
}

func (l *line) all100(m lexicon.Match, i int, ok bool) bool {
	return ok && l.q[i].Value == 1_000_000 || m.Term.Name == "植物油脂" && l.p.Category == sheet.SpecialCosmetics
}

// addsIt reports whether the words say that something was put in.
func (l *line) addsIt(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	if r := l.t.R[m.Start]; r == '含' || r == '富' {
		return true
	}
	if l.latin && l.behind(m.Start, "with ") && l.holds(max(c.from, m.Start-30), m.Start, "nourish.give") {
		return false // gives your body vitamins: what it does, not what is in it
	}
	if m.End-m.Start == 1 && !l.behind(m.Start, listed("ingredient.adds_it.before")...) {
		return false
	}
	if l.holds(max(c.from, m.Start-9-10*b2i(l.latin)), m.Start, "in.it") || l.any(max(c.from, m.Start-8), m.Start, "还有", "含", "加") {
		return !l.any(max(c.from, m.Start-8), m.Start, listed("ingredient.adds_it.near")...)
	}
	return l.ahead(m.End, listed("ingredient.adds_it.after")...)
}

// amountOf finds the share or content said of an ingredient.
func (l *line) amountOf(m lexicon.Match) (int, bool) {
	c := l.clauseAt(m.Start)
	best, bestGap := -1, 9
	leads, owned := l.shareRun(m)
	end := c.to
	if k := l.clauseIndex(m.Start) + 1; k > 0 && k < len(l.cl) && m.End >= c.to-1 && (c.end == ',' || c.end == ' ') && l.ahead(l.cl[k].from, listed("ingredient.amount_of.after")...) {
		end = l.cl[k].to
	}
	for i, q := range l.q {
		if q.Start < c.from || q.Start >= end || l.used[i] || l.behind(q.Start, "per", "每", "/") && q.Dim == quantity.Mass {
			continue
		}
		gap := q.Start - m.End
		if q.Dim == quantity.Ratio && (leads && gap >= 0 || owned && gap < 0) {
			continue
		}
		if gap < 0 {
			gap = m.Start - q.End
			if gap < 0 || gap > 4 && !l.latin || l.latin && gap > 8 {
				continue
			}
		} else if l.crosses(m.End, q.Start) || l.latin && gap > 6 {
			continue
		}
		switch q.Dim {
		case quantity.Ratio:
			if m.Sound && l.figureOf(q) {
				continue
			}
		case quantity.Mass:
			if q.Value > 200_000 {
				continue
			}
		case quantity.Bare:
			if gap > 3 || q.Value > 100_000 || q.Value < 4000 || q.Start < m.End || l.attributeIn(m.End, q.Start) || l.t.R[m.End] == '别' {
				continue
			}
		default:
			continue
		}
		if gap < bestGap {
			best, bestGap = i, gap
		}
	}
	if best >= 0 {
		return best, true
	}
	if m.Start > 0 && l.behind(m.Start, "纯", "全") && (m.Term.Name != "全麦粉") {
		return 0, false
	}
	return 0, false
}

// figureOf reports whether a figure of the sheet has just that share: 破闭率百分之
// 九十八 is heard as the figure 破壁率 by its value alone.
func (l *line) figureOf(q quantity.Quantity) bool {
	for _, f := range l.p.metrics {
		if f.q.Dim == q.Dim && f.q.Value == q.Value {
			return true
		}
	}
	return false
}

// attributeIn reports whether a figure's name stands in [from, to).
func (l *line) attributeIn(from, to int) bool {
	_, ok := l.match(lexicon.Attribute, from, to)
	return ok
}

func (l *line) amountAgainst(m lexicon.Match, f *partFact, i int) bool {
	q := l.q[i]
	fact := l.factOf(sheet.FieldIngredients)
	if f.metric != "" {
		fact = l.fact(sheet.FieldMetrics, f.metric)
	}
	var have int64
	switch {
	case f.share >= 0 && (q.Dim == quantity.Ratio || q.Dim == quantity.Bare):
		have = f.share
		if q.Dim == quantity.Bare {
			q.Value, q.Lo, q.Hi = q.Value*10, q.Lo*10, q.Hi*10
		}
		fact.against(percent(q.Value), percent(have))
	case f.q.Dim == quantity.Mass && q.Dim == quantity.Mass:
		have = f.q.Value
		if have != q.Value && f.q.Dim == q.Dim && l.p.massInText(q.Value) {
			have = q.Value
		}
	case f.q.Dim == quantity.Mass && q.Dim == quantity.Bare:
		return false
	default:
		l.right(CategoryIngredient, m.Start, m.End)
		return true
	}
	l.used[i] = true
	tol := have / 40
	if l.timesPieces(q, have) {
		l.bearsPart(f, m)
		return true
	}
	if f.q.Dim == q.Dim && f.q.Lo < f.q.Hi && q.Lo <= f.q.Hi+tol && max(f.q.Lo, 0)-tol <= q.Hi {
		l.bearsPart(f, m)
		return true
	}
	if q.Approx || q.Unit == "half" || q.Unit == "cheng" {
		tol = have / 16
	}
	if max(q.Lo, 0)-tol <= have && (q.Hi == quantity.PosInf || have <= q.Hi+tol) {
		l.bearsPart(f, m)
		return true
	}
	fact.Value = l.span(min(q.Start, m.Start), max(q.End, m.End))
	if f.q.Dim == quantity.Mass {
		fact.Fact, fact.FactID = l.p.Raw(sheet.FieldMetrics), l.p.SKU+"·metrics"
		if containsAny(l.p.Raw(sheet.FieldIngredients), f.name) {
			fact = l.factOf(sheet.FieldIngredients)
		}
	}
	l.wrong(CategoryIngredient, VerdictContradicted, min(q.Start, m.Start), max(q.End, m.End), "ingredient.amount", fact)
	return true
}

// timesPieces reports whether a mass is what so many pieces hold: 十片锌三十毫克 of
// 3 mg a tablet.
func (l *line) timesPieces(q quantity.Quantity, have int64) bool {
	c := l.clauseAt(q.Start)
	for _, n := range l.q {
		if n.Dim == quantity.Count && n.Value > 1000 && c.holds(n.Start) && q.Dim == quantity.Mass && abs(have*n.Value/1000-q.Value)*50 <= q.Value {
			return true
		}
	}
	return false
}

func (p *product) massInText(mg int64) bool {
	return slices.Contains(p.masses, mg)
}

// span is the folded text between two runes.
func (l *line) span(from, to int) string { return string(l.t.R[from:to]) }
