package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// shareOf compares the share said of a material.
func (l *line) shareOf(m lexicon.Match, facts []partFact) {
	i, ok := l.shareNear(m)
	if !ok {
		l.bears(CategoryMaterial, sheet.FieldMaterial, m.Start, m.End)
		return
	}
	q := l.q[i]
	l.used[i] = true
	for _, f := range facts {
		if f.term == nil || !is(f.term, m.Term.Name) || f.share < 0 {
			continue
		}
		tol := int64(10_000)
		if q.Unit == "half" || q.Unit == "cheng" || q.Approx {
			tol = 50_000
		}
		if q.Unit == "" && q.Value < 100_000 && abs(q.Value*10-f.share) <= 50_000 {
			l.bears(CategoryMaterial, sheet.FieldMaterial, m.Start, m.End) // 棉六涤四
			return
		}
		if max(q.Lo, 0)-tol <= f.share && (q.Hi == quantity.PosInf || f.share <= q.Hi+tol) {
			l.bears(CategoryMaterial, sheet.FieldMaterial, m.Start, m.End)
			return
		}
		fact := l.factOf(sheet.FieldMaterial)
		fact.Value = m.Term.Name + " " + percent(q.Value)
		fact.against(percent(q.Value), percent(f.share))
		l.wrong(CategoryMaterial, VerdictContradicted, min(q.Start, m.Start), max(q.End, m.End), "material.share", fact)
		return
	}
}

// halfAndHalf checks "羊绒羊毛对半开" against shares that are no halves.
func (l *line) halfAndHalf() {
	for k := range l.cl {
		c := &l.cl[k]
		if !l.any(c.from, c.to, listed("share.half_and_half.near")...) && !l.halfTwice(c) || l.stanceOf(c.from, c.from+1) != asserted {
			continue
		}
		for _, m := range l.m {
			if m.Term.Class != lexicon.Material || m.Start < c.from || m.End > c.to || l.elsewhere(m.Start) {
				continue
			}
			for _, f := range l.p.materials {
				if f.term != nil && is(f.term, m.Term.Name) && f.share > 0 && f.share < 450_000 {
					fact := l.factOf(sheet.FieldMaterial)
					fact.Value = m.Term.Name + " 50%"
					fact.against("50%", percent(f.share))
					l.wrong(CategoryMaterial, VerdictContradicted, m.Start, m.End, "material.share", fact)
					return
				}
			}
		}
	}
}

// halfTwice: half cashmere half wool, 一半羊绒一半羊毛.
func (l *line) halfTwice(c *clause) bool {
	for _, w := range []string{"half ", "一半"} {
		at := l.find(c.from, c.to, w)
		if at >= 0 && l.find(at+2, c.to, w) >= 0 {
			return true
		}
	}
	return false
}

// shareNear finds the share that belongs to a mention: right before it (三成羊绒,
// 百分之九十的棉) or behind it (羊毛占七成, 羊毛六十).
func (l *line) shareNear(m lexicon.Match) (int, bool) {
	c := l.clauseAt(m.Start)
	after, before := -1, -1
	leads, owned := l.shareRun(m)
	end := c.to
	if n := l.clauseIndex(m.Start) + 1; m.End >= c.to-1 && c.end == ' ' && n > 0 && n < len(l.cl) {
		end = l.cl[n].to // 羊绒 百分之三十
	}
	for i, q := range l.q {
		if q.Start < c.from || q.Start >= end || l.ahead(q.End, "点点") || q.Dim == quantity.Bare && q.Value == 1000 && l.ahead(q.End, listed("share.share_near.after")...) || q.Start > m.End && l.any(m.End, q.Start, listed("share.share_near.near")...) {
			continue
		}
		share := q.Dim == quantity.Ratio
		bareShare := q.Dim == quantity.Bare && q.Value >= 1000 && q.Value <= 100_000 && q.Unit == ""
		gapAfter, gapBefore := q.Start-m.End, m.Start-q.End
		switch {
		case !leads && gapAfter >= 0 && (share && gapAfter <= 6 || bareShare && gapAfter <= 2) && after < 0 && !l.crosses(m.End, q.Start):
			after = i
		case gapBefore >= 0 && (share || leads && bareShare) && gapBefore <= 3 && !owned && !l.any(q.End, m.Start, "剩", "其余", "另"):
			before = i
		}
	}
	if before >= 0 && (after < 0 || m.Start-l.q[before].End <= l.q[after].Start-m.End) {
		after = before
	}
	if after < 0 {
		return 0, false
	}
	if q := &l.q[after]; q.Dim == quantity.Bare {
		q.Dim, q.Value, q.Lo, q.Hi = quantity.Ratio, q.Value*10, q.Lo*10, q.Hi*10
	}
	return after, true
}

// crosses reports whether another material or ingredient stands in [from, to).
func (l *line) crosses(from, to int) bool {
	for _, m := range l.m {
		if m.Start >= from && m.End <= to && (m.Term.Class == lexicon.Material || m.Term.Class == lexicon.Ingredient) {
			return true
		}
	}
	return false
}

// fineness compares how many nines a precious metal is said to have.
func (l *line) fineness() {
	nines := func(s string) int {
		best := 0
		for _, run := range strings.FieldsFunc(s, func(r rune) bool { return r != '9' && r != '九' }) {
			best = max(best, len([]rune(run)))
		}
		return best
	}
	if !l.any(0, len(l.t.R), listed("share.fineness.near")...) {
		return
	}
	have := 0
	for _, f := range l.p.materials {
		if info(f.term, "domain") == "precious" {
			have = max(have, nines(f.name))
		}
	}
	if have < 3 {
		return
	}
	for _, w := range []struct {
		n    int
		says []string
	}{{4, listed("share.fineness.four")}, {5, listed("share.fineness.five")}, {6, []string{"六个九", "999999", "six nines"}}} {
		for _, says := range w.says {
			at := l.find(0, len(l.t.R), says)
			if at < 0 || w.n <= have || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) && !l.latin || at > 0 && (l.t.R[at-1] == '9' || l.t.R[at-1] == '九') {
				continue
			}
			f := l.factOf(sheet.FieldMaterial)
			f.Value = says
			l.wrong(CategoryMaterial, VerdictContradicted, at, at+len([]rune(says)), "material.other", f)
			return
		}
	}
}

// downShare reads 九五绒, 98鹅绒: the share of down clusters.
func (l *line) downShare() {
	for k := range l.p.metrics {
		f := &l.p.metrics[k]
		if !containsAny(f.name, "含绒", "绒子") || f.q.Dim != quantity.Ratio {
			continue
		}
		for i, q := range l.q {
			if q.Dim != quantity.Bare && q.Dim != quantity.Ratio || !l.ahead(q.End, listed("share.down_share.after")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
				continue
			}
			v := q.Value
			if q.Dim == quantity.Bare {
				v *= 10
				if q.Number.Num >= 50 && q.Number.Num <= 100 || q.Alt > 0 {
					v = max(q.Number.Num, q.Alt/1000) * 10_000
				}
			}
			if v < 500_000 || v > 1_000_000 {
				continue
			}
			l.used[i] = true
			if v <= f.q.Value+10_000 {
				l.bearsFact(CategoryMaterial, sheet.FieldMetrics, f.raw, q.Start, q.End)
				continue
			}
			fact := l.fact(sheet.FieldMetrics, f.raw)
			fact.Value = l.span(q.Start, q.End)
			l.wrong(CategoryMaterial, VerdictContradicted, q.Start, q.End, "material.share", fact)
		}
	}
}
