package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// remedyKinds are what a seller offers when something is wrong.
var remedyKinds = []string{"refund", "pay", "replace", "repair"}

// remedies checks "坏了给你换新的" and its like: a trouble with what is offered
// for it.
func (l *line) remedies() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryPromise {
			return
		}
	}
	for k := range l.cl {
		c := &l.cl[k]
		for _, kind := range remedyKinds {
			at, n := l.first(c.from, c.to, "remedy."+kind)
			if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.remedyAside(c, at) {
				continue
			}
			from := max(c.from, at-14-40*b2i(l.latin))
			if k > 0 && l.cl[k-1].sentence == c.sentence && at-c.from < 8 {
				from = max(l.cl[k-1].from, at-22)
			}
			what, wn := l.first(from, at, "remedy.trouble")
			if what < 0 {
				what, wn = l.someTrouble(from, at)
			}
			if what < 0 {
				continue
			}
			l.remedy(kind, what, max(at+n, what+wn))
			return
		}
	}
}

// someTrouble finds a condition in plain words: "不X", "没X", "X了" before the
// offer, as long as it is no effect on the body.
func (l *line) someTrouble(from, at int) (int, int) {
	for _, m := range l.m {
		if m.Start >= from && m.End <= at && (m.Term.Class == lexicon.Function || m.Term.Class == lexicon.Outcome && !m.Term.Is("time") || m.Term.Class == lexicon.Disease) {
			return -1, 0
		}
	}
	for i := from; i < at; i++ {
		if l.t.R[i] == '不' && !l.has(i, "不管") && !l.has(i, "不用") && !l.has(i, "不要") {
			return i, 1
		}
	}
	return -1, 0
}

// remedyAside keeps refusals, reports and guarantees of effect out.
func (l *line) remedyAside(c *clause, at int) bool {
	return l.any(c.from, c.to, listed("remedy.remedy_aside.near")...) || l.behind(at, "申请", "自己", "不") || l.saidBy("effect.guarantee")
}

// remedy weighs an offer against what the sheet promises.
func (l *line) remedy(kind string, from, to int) {
	p := l.p
	held := false
	switch kind {
	case "refund":
		held = containsAny(p.promises, "包退", "退") || p.Returns7D == sheet.Yes && (l.holds(0, len(l.t.R), "used.not") || !l.any(from, to, "拆")) && !l.any(from, to, listed("remedy.used")...) || containsAny(p.promises, "包赔", "赔") && l.any(from, to, listed("remedy.damage")...)
	case "pay":
		held = containsAny(p.promises, "赔") && l.any(from, to, listed("remedy.damage_or_fake")...) && !l.any(from, to, listed("remedy.times")...)
	case "replace":
		held = containsAny(p.promises, "换") || contains(p.promises, "补发") && l.any(from, to, "补") || containsAny(p.promises, "质保") && l.any(from, to, "坏", "年") && !l.any(from, to, "新", "丢", "再发") || containsAny(p.promises, "赔") && l.any(from, to, "补发", "重发", "补寄") && l.any(from, to, listed("remedy.damage_replaced")...)
	case "repair":
		held = containsAny(p.promises, listed("remedy.in")...)
	}
	if held && !l.outlasts(from, to) {
		l.right(CategoryPromise, from, to)
		return
	}
	f := l.factOf(sheet.FieldPromises)
	f.Value = l.span(from, to)
	v := VerdictUnsupported
	if kind == "replace" && containsAny(p.promises, "修") && !containsAny(p.promises, "换") {
		v = VerdictContradicted
	}
	if p.Returns7D == sheet.No && kind == "refund" && l.any(from, to, listed("remedy.dislike")...) {
		f = l.factOf(sheet.FieldReturns7D)
		f.Value = l.span(from, to)
		v = VerdictContradicted
	} else if held {
		v = VerdictContradicted
	}
	l.wrong(CategoryPromise, v, from, to, "promise.remedy", f)
}

// outlasts reports whether a longer time is promised than the sheet gives.
func (l *line) outlasts(from, to int) bool {
	if l.p.warranty.Dim != quantity.Duration {
		return false
	}
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Start >= from-6 && q.End <= to && q.Value > l.p.warranty.Value+l.p.warranty.Value/50 {
			return true
		}
	}
	return false
}
