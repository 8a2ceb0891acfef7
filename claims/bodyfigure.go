package claims

import (
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// bodyFigures reads figures by which something changes that care is given to:
// 发际线前移一公分, 腰围小三寸, 度数降一百, 考试多二十分. They come before the
// slots, which would take them for the size or weight of the goods.
func (l *line) bodyFigures() {
	for i, q := range l.q {
		if l.used[i] || q.Dim == quantity.Duration || q.Dim == quantity.Money || q.Dim == quantity.Date || l.ahead(q.End, "点", "些", "下") || l.has(q.End-1, "点") {
			continue
		}
		at := l.beforeFigure(q.Start)
		if at > 0 && in(l.t.R[at-1], "了到出") {
			at--
		}
		change, _ := l.lastOf("body.change", at)
		if change < 0 {
			continue
		}
		of := l.careBefore(change)
		if of < 0 || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) || l.warned(q.Start) || l.unused(q.Start) || l.noneCan(of) {
			continue
		}
		if from, to := l.around(of, 1); l.any(from, to, listed("bodyfigure.body_figures.near")...) {
			continue
		}
		if l.p.Category == sheet.Apparel && !l.useTimed(l.around(of, 2)) {
			continue
		}
		l.used[i] = true
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(of, q.End)
		l.wrong(CategoryEffect, VerdictUnsupported, of, q.End, "effect.figure", f)
		return
	}
}

// lastOf finds a word of a frame that ends at i.
func (l *line) lastOf(frame string, i int) (at, n int) {
	for _, m := range l.frames {
		if m.Start >= i {
			break
		}
		if m.End == i && m.Term.Name == frame {
			return m.Start, m.End - m.Start
		}
	}
	return -1, 0
}

// careBefore is where something that care is given to ends right before i, or
// a few small words before it; -1 for nowhere.
func (l *line) careBefore(i int) int {
	c := l.clauseAt(i)
	for _, m := range l.frames {
		if m.Start >= i {
			break
		}
		if isCare(m.Term) && !m.Term.Is("ill") && !l.inName[m.Start] && m.Start >= c.from && m.End <= i && i-m.End <= 5 && m.End-m.Start > 1 {
			return m.Start
		}
	}
	return -1
}

// sleptThrough: 一口气睡九个小时: nights promised by those who use it.
func (l *line) sleptThrough() (int, int, Verdict, bool) {
	for _, q := range l.q {
		if q.Dim != quantity.Duration || q.Value < 6*3600 || q.Value > 13*3600 {
			continue
		}
		if !l.behind(q.Start, listed("bodyfigure.slept_through.slept")...) || l.behind(q.Start, listed("bodyfigure.slept_through.only")...) {
			continue
		}
		from, to := l.around(q.Start, 2)
		if l.holds(from, to, "use.it") || l.any(from, q.Start, listed("bodyfigure.slept_through.near")...) {
			return max(q.Start-1, from), q.End, VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// learned: a time and what a learner can do then: 三个月能跟老外聊天.
func (l *line) learned() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "learn.can")
	if at < 0 || l.any(max(at-6, 0), at, listed("bodyfigure.learned.near")...) {
		return 0, 0, "", false
	}
	from, to := l.around(at, 2)
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Value >= 86400 && q.Start >= from && q.Start < to && q.Value < 3*31536000 {
			return at, at + n, VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// The range of a body's temperature, in thousandths of a degree.
const coldBody, hotBody = 35_000, 43_000

// cooledDown: 四十度的高烧，半小时压到三十七.
func (l *line) cooledDown() (int, int, Verdict, bool) {
	for i := 0; i+1 < len(l.q); i++ {
		a := l.q[i]
		if a.Value < coldBody || a.Value > hotBody || a.Dim != quantity.Index && a.Dim != quantity.Bare {
			continue
		}
		for _, b := range l.q[i+1 : min(i+3, len(l.q))] {
			if b.Value < coldBody || b.Value >= a.Value || b.Dim != quantity.Index && b.Dim != quantity.Bare || b.Start-a.End > 18 {
				continue
			}
			if l.any(max(a.Start-8, 0), min(b.End+4, len(l.t.R)), "烧", "体温", "热") && l.any(a.End, b.Start, listed("bodyfigure.cooled_down.near")...) {
				return a.Start, b.End, VerdictUnsupported, true
			}
		}
	}
	return 0, 0, "", false
}
