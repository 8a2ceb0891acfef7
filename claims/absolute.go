package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// absolute finds superlatives that praise the goods.
func (l *line) absolute() {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Absolute {
			l.absoluteTerm(m)
		}
	}
	for i, r := range l.t.R {
		if r == '最' || r == '蕞' {
			l.superlative(i)
		}
	}
	if l.latin {
		l.englishSuperlative()
	}
	l.peaks()
}

// englishSuperlative finds "the best/-est/most … in the world, ever, period".
func (l *line) englishSuperlative() {
	for _, scope := range l.frames {
		at := scope.Start
		if scope.Term.Name != "abs.scope" || l.stanceOf(at, at+1) != asserted {
			continue
		}
		for i := max(at-44, 0); i < at; i++ {
			if i > 0 && fold.Letter(l.t.R[i-1]) || !l.superlativeWord(i) || l.markedAt(i) || l.exempt("absolute.superlative", i, i+1) {
				continue
			}
			if l.saidBy("price.lowest") {
				return
			}
			l.wrong(CategoryAbsolute, VerdictBanned, i, min(scope.End, len(l.t.R)), "absolute.superlative", Finding{})
			return
		}
	}
}

// superlativeWord reports whether an English superlative stands at i.
func (l *line) superlativeWord(i int) bool {
	j := i
	for j < len(l.t.R) && fold.Letter(l.t.R[j]) {
		j++
	}
	switch w := l.span(i, j); w {
	case "best", "most", "greatest", "finest", "only", "number":
		return w != "only" || l.has(j, " one") || l.has(j, " ")
	default:
		return j-i >= 6 && l.has(j-3, "est") && !l.ahead(i, listed("est.plain")...)
	}
}

// absoluteTerm weighs a fixed term: 国家级, 天花板, 独一无二.
func (l *line) absoluteTerm(m lexicon.Match) {
	if l.exempt("absolute.term", m.Start, m.End) || l.weakAbsolute(m) || l.saidBy("price.lowest") {
		return
	}
	l.wrong(CategoryAbsolute, VerdictBanned, m.Start, m.End, "absolute.term", Finding{})
}

// weakAbsolute reports whether a term that needs more stands without it: a
// scope, known goods, or words that point at goods.
func (l *line) weakAbsolute(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	switch {
	case m.Term.Is("rank"):
		return !l.scoped(c) && !l.ahead(m.End, "品牌", "名", "的")
	case m.Term.Is("goods"):
		return l.p == nil
	case m.Term.Is("mild"):
		return true
	}
	return l.p == nil && !l.scoped(c) && !l.any(c.from, c.to, "它") && !l.pointsAtGoods(c)
}

// superlative weighs 最 with what follows it.
func (l *line) superlative(i int) {
	if i+1 >= len(l.t.R) || l.markedAt(i) {
		return
	}
	c := l.clauseAt(i)
	adj, ok := l.superior(i)
	switch {
	case ok:
	case l.scoped(c):
		adj.End = min(i+2, len(l.t.R))
	default:
		return
	}
	if l.exempt("absolute.superlative", i, adj.End) {
		return
	}
	if l.p == nil && !l.pointsAtGoods(c) && !l.any(c.from, c.to, "咱", "全网") || l.any(adj.End, c.to, "之一") && !l.any(adj.End, c.to, "没有之一") {
		return
	}
	l.wrong(CategoryAbsolute, VerdictBanned, i, adj.End, "absolute.superlative", Finding{})
}

// superior finds what the 最 at i raises: 最好, 最为柔软.
func (l *line) superior(i int) (adj lexicon.Match, ok bool) {
	for _, m := range l.all {
		if m.Term.Class == lexicon.Superior && m.Start == i+1 && m.End > adj.End {
			adj = m
		}
		if m.Term.Class == lexicon.Superior && m.Start == i+2 && l.t.R[i+1] == '为' && adj.End == 0 {
			adj = m
		}
	}
	return adj, adj.End > 0
}

// pointsAtGoods reports whether a clause is about what is on sale where no
// product is known: 这是最好的产品.
func (l *line) pointsAtGoods(c *clause) bool {
	return l.any(c.from, c.to, listed("abs.goods")...) || l.any(c.from, c.to, listed("abs.this")...) && !l.any(c.from, c.to, listed("abs.nogoods")...)
}

// numberBehind: 最小三十四, 最大四十 name an end of a range.
func (l *line) numberBehind(i int) bool {
	for _, q := range l.q {
		if q.Start == i || q.Start == i+1 && in(l.t.R[i], "是到有") {
			return true
		}
	}
	return i < len(l.t.R) && (l.t.R[i] == '到' || l.t.R[i] == '号' || l.t.R[i] == '码') || l.latinAt(i)
}

func (l *line) latinAt(i int) bool {
	return i < len(l.t.R) && fold.Letter(l.t.R[i])
}

func (l *line) markedAt(i int) bool {
	for _, m := range l.marks {
		if m.from <= i && i < m.to && (m.Category == CategoryPrice || m.Category == CategoryAbsolute) {
			return true
		}
	}
	return false
}

func (l *line) scoped(c *clause) bool {
	_, ok := l.match(lexicon.Scope, c.from, c.to)
	return ok
}
