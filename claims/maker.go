package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// What is told of who makes the goods, of how old they are and of what kind of
// food they are is held against the cells that tell it: the developer's, the
// period among the figures, the category in figures and licences. Where these
// are empty nothing is known, and other rules ask for proof.

// makers reads a title or a descent that the sheet's maker has not.
func (l *line) makers() {
	have := fold.String(l.p.Raw(sheet.FieldDeveloper))
	if have == "" {
		return
	}
	for _, m := range l.frames {
		said := l.part(m.Start, m.End)
		switch m.Term.Name {
		case "maker.title":
			if contains(have, said) || containsAny(have, listed("maker.makers.master")...) && !containsAny(have, listed("maker.makers.none")...) {
				continue
			}
		case "maker.line":
			if containsAny(have, listed("maker.makers.family")...) {
				continue
			}
		default:
			continue
		}
		c := l.clauseAt(m.Start)
		if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.inName[m.Start] || l.any(c.from, c.to, listed("maker.makers.near")...) {
			continue
		}
		f := l.factOf(sheet.FieldDeveloper)
		f.Value = said
		l.wrong(CategoryCredential, VerdictContradicted, m.Start, m.End, "credential.developer", f)
		return
	}
}

// aged is a stretch, in seconds, that nothing of today has stood.
const aged = 60 * 31536000

// period reads an age that the sheet's 年代 makes too high.
func (l *line) period() {
	f := l.p.metric("年代", "时期", "period")
	if f == nil || !containsAny(fold.String(f.raw), listed("maker.period.in")...) {
		return
	}
	found := func(from, to int) {
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = l.span(from, to)
		l.wrong(CategoryCredential, VerdictContradicted, from, to, "metric", fact)
	}
	for _, m := range l.frames {
		if m.Term.Name != "period.old" || l.likeOld(m.Start, m.End) || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		found(m.Start, m.End)
		return
	}
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Value >= aged && l.ahead(q.End, listed("maker.period.age")...) && !l.likeOld(q.Start, q.End) && !l.any(l.clauseAt(q.Start).from, q.Start, listed("maker.period.near")...) && l.stanceOf(q.Start, q.End) == asserted && !l.elsewhere(q.Start) {
			found(q.Start, q.End)
			return
		}
		if q.Number.Den != 1 || q.Number.Num < 600 || q.Number.Num > 1990 || q.Dim != quantity.Date && q.Dim != quantity.Bare || !l.ahead(q.End, listed("maker.period.ago")...) {
			continue
		}
		if !l.likeOld(q.Start, q.End) && l.stanceOf(q.Start, q.End) == asserted && !l.aside(q.Start) {
			found(q.Start, q.End)
			return
		}
	}
}

// likeOld reports whether an age is only that of a style: 仿明代, 清代的器型.
func (l *line) likeOld(from, to int) bool {
	c := l.clauseAt(from)
	return l.behind(from, listed("maker.like_old.before")...) || l.ahead(to, "就", "以来", "已经") || l.any(c.from, from, listed("maker.like_old.copied")...) ||
		l.any(to, min(to+10, c.to), listed("maker.like_old.style")...)
}

// metric is the first figure of the sheet whose name holds one of words, nil
// for none.
func (p *product) metric(words ...string) *metricFact {
	for i := range p.metrics {
		if containsAny(fold.String(p.metrics[i].raw), words...) {
			return &p.metrics[i]
		}
	}
	return nil
}

// foodKind: food for infants needs a licence of that category.
func (l *line) foodKind() {
	if l.p.Category != sheet.Food && l.p.Category != sheet.Maternal {
		return
	}
	f := l.p.metric("食品类别", "产品类型", "产品类别", "食品分类", "执行标准", "category")
	if f == nil || containsAny(l.p.allText, listed("maker.food_kind.in")...) {
		return
	}
	for _, m := range l.frames {
		if m.Term.Name != "food.baby" || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		c := l.clauseAt(m.Start)
		if l.behind(m.Start, listed("maker.food_kind.before")...) && !l.behind(m.Start, "专做") || l.ahead(m.End, listed("maker.food_kind.after")...) || l.any(c.from, m.Start, listed("maker.food_kind.near")...) {
			continue
		}
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = l.span(m.Start, m.End)
		l.wrong(CategoryCredential, VerdictContradicted, m.Start, m.End, "metric", fact)
		return
	}
}

// sameMarks: two kinds of the goods are said to be alike in what the sheet
// says they differ in: 认证标识一样, against 认证标识 不同.
func (l *line) sameMarks() {
	for k := range l.p.metrics {
		f := &l.p.metrics[k]
		head, _, differ := strings.Cut(fold.String(f.raw), "不同")
		if !differ {
			head, _, differ = strings.Cut(fold.String(f.raw), "不一样")
		}
		name := []rune(strings.TrimRight(head, " :"))
		if !differ || len(name) < 2 {
			continue
		}
		at := l.find(0, len(l.t.R), string(name[len(name)-2:]))
		if at < 0 {
			continue
		}
		c := l.clauseAt(at)
		same := -1
		for _, w := range listed("maker.same_marks.words") {
			if i := l.find(at, c.to, w); i >= 0 && !l.behind(i, "不", "不太", "没有") {
				same = i
				break
			}
		}
		if same < 0 || l.stanceOf(at, same) != asserted || l.elsewhere(at) {
			continue
		}
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = l.span(at, same+2)
		l.wrong(CategoryCredential, VerdictContradicted, at, same+2, "metric", fact)
		return
	}
}
