package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// endorsement finds a name lent to the goods that the sheet does not hold:
// 儿科医生都推荐, 央视报道过.
func (l *line) endorsement() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryCredential {
			return
		}
	}
	if l.sameAs() {
		return
	}
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "endorse.who")
		if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.inName[at] {
			continue
		}
		how, hn := l.first(at+n, min(at+n+12+24*b2i(l.latin), len(l.t.R)), "endorse.how")
		if how < 0 || l.stanceOf(how, how+hn) != asserted {
			continue
		}
		if l.negatedAround(c) || l.has(how, "开的") && l.any(c.from, c.to, listed("endorse.endorsement.medicine")...) {
			continue
		}
		if l.warned(at) && l.any(c.from, c.to, listed("endorse.endorsement.visit")...) || containsAny(l.p.credential, l.span(at, at+n)) || l.any(c.from, c.to, listed("endorse.endorsement.ask")...) && !l.any(c.from, c.to, "都说", "推荐", "都在用") {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(at, how+hn)
		l.wrong(CategoryCredential, VerdictUnsupported, at, how+hn, "credential.endorsed", f)
		return
	}
}

// negatedAround: an endorsement is not told with a negation: 医生不让用, 大师跟我们没
// 合作.
func (l *line) negatedAround(c *clause) bool {
	for _, m := range l.m {
		if m.Start >= c.from && m.Start < c.to && m.Term.Class == lexicon.Negation {
			return !l.waived
		}
	}
	return false
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// figuresOfOthers finds figures about buyers and tests that the sheet does not
// hold: 复购率八成, 九成用户说好, 上百万人在用.
func (l *line) figuresOfOthers() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryCredential || l.marks[k].Category == CategoryAbsolute {
			return
		}
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		near := l.any(max(c.from, q.Start-10), min(c.to, q.End+10), listed("endorse.figures_of_others.people")...)
		big := q.Dim == quantity.Ratio || (q.Dim == quantity.Bare || q.Dim == quantity.Count || q.Dim == quantity.Index) && q.Value >= 10_000_000
		if l.used[i] || !near || !big || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		if contains(l.p.credential, l.span(q.Start, q.End)) || l.any(c.from, c.to, listed("endorse.figures_of_others.audience")...) || l.salesHeld(q) {
			continue
		}
		f := l.factOf(sheet.FieldSales)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryCredential, VerdictUnsupported, q.Start, q.End, "credential.figure", f)
		return
	}
}

// salesHeld reports whether the sheet's sales bear a figure out.
func (l *line) salesHeld(q quantity.Quantity) bool {
	for _, s := range amounts(l.p.Raw(sheet.FieldSales)) {
		if q.Value <= s.Value+s.Value/20 && q.Dim != quantity.Ratio {
			return true
		}
	}
	return false
}

// sameAs finds goods said to be those that somebody known wears, or certified
// by somebody: 苏翊鸣同款, 欧盟认证.
func (l *line) sameAs() bool {
	if !l.holds(0, len(l.t.R), "endorse.same") {
		return false
	}
	for _, w := range listed("endorse.same_as.words") {
		at := l.find(0, len(l.t.R), w)
		if at < 0 || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) || l.inName[at] {
			continue
		}
		c := l.clauseAt(at)
		if w == "戴的就是" || w == "穿的就是" {
			if l.behind(at, listed("endorse.same_as.before")...) || at-c.from < 2 {
				continue
			}
		}
		who := l.span(max(c.from, at-5), at)
		n := 0
		for _, r := range who {
			if fold.Han(r) || fold.Letter(r) {
				n++
			}
		}
		if n < 2 || containsAny(who, listed("endorse.same_as.in")...) || l.any(c.from, c.to, "别", "假", "不是") {
			continue
		}
		known := false
		for i := max(c.from, at-5); i+2 <= at; i++ {
			known = known || contains(l.p.credential, l.span(i, i+2))
		}
		if known {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(max(c.from, at-5), at+len([]rune(w)))
		l.wrong(CategoryCredential, VerdictUnsupported, max(c.from, at-5), at+len([]rune(w)), "credential.endorsed", f)
		return true
	}
	return false
}
