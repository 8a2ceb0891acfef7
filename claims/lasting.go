package claims

import (
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// asleepSoon: 十分钟入睡, asleep within ten minutes.
func (l *line) asleepSoon() (int, int, Verdict, bool) {
	for _, q := range l.q {
		if q.Dim != quantity.Duration || q.Value > 3600 {
			continue
		}
		from, to := q.End, min(q.End+6, len(l.t.R))
		if l.latin {
			from, to = max(q.Start-24, 0), min(q.End+20, len(l.t.R))
		}
		at, n := l.first(from, to, "sleep.fast")
		if at >= 0 && !l.any(max(q.Start-4, 0), q.Start, "睡前", "提前", "before") && !l.any(q.End, at, "前", "没", "不") {
			return min(q.Start, at), max(q.End, at+n), VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// worthA: one use said to be as good as a treatment: 敷一次顶一次水光.
func (l *line) worthA() (int, int, Verdict, bool) {
	if !l.worksOnBodies() && !l.lainOn() {
		return 0, 0, "", false
	}
	for _, m := range l.frames {
		if m.Term.Name != "worth.as" {
			continue
		}
		at, n := l.first(m.End, min(m.End+7+14*b2i(l.latin), len(l.t.R)), "worth.what")
		if at >= 0 && !l.any(m.Start, min(at+n+3, len(l.t.R)), listed("lasting.worth_a.near")...) {
			return m.Start, at + n, VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// longLived is a stretch that only a boast promises of goods in use, in seconds.
const longLived = 8 * 31536000

// neverWears: goods said to last for ever: 用到孙子辈都不会变形, 十年不漏一滴水.
func (l *line) neverWears() (int, int, Verdict, bool) {
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "last.ever")
		if at < 0 {
			at, n = l.lifetime(c)
		}
		if at < 0 {
			continue
		}
		wear, w := l.first(at+n, min(at+n+10+20*b2i(l.latin), c.to), "last.wear")
		if wear < 0 {
			continue
		}
		if l.any(at, wear, listed("lasting.never_wears.never")...) && !l.any(c.from, wear, listed("lasting.never_wears.talk")...) {
			return at, wear + w, VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// lifetime finds a number of years in a clause that is longer than goods last,
// and is no warranty and nobody's past.
func (l *line) lifetime(c *clause) (at, n int) {
	for _, q := range l.q {
		long := q.Value >= longLived || q.Value >= 30*86400 && l.any(q.End, c.to, listed("lasting.lifetime.near")...)
		if c.holds(q.Start) && q.Dim == quantity.Duration && long && !l.ahead(q.End, listed("lasting.lifetime.after")...) && !l.behind(q.Start, listed("lasting.lifetime.before")...) {
			return q.Start, q.End - q.Start
		}
	}
	return -1, 0
}

// holdsOut: a state of the skin or of make-up that lasts for hours, against the
// hours that the sheet gives: 七十二小时都不干.
func (l *line) holdsOut() (int, int, Verdict, bool) {
	switch l.p.Category {
	case sheet.Apparel, sheet.Jewellery, sheet.Electronics, sheet.Food, sheet.HealthFood:
		return 0, 0, "", false
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Duration || q.Value < 4*3600 || contains(l.p.factText, l.part(q.Start, q.End)) {
			continue
		}
		if l.behind(q.Start, listed("hold.word")...) && !l.hasHours() {
			return max(q.Start-2, 0), q.End, VerdictUnsupported, true
		}
		at, n := l.first(q.End, min(q.End+8+16*b2i(l.latin), len(l.t.R)), "hold.out")
		if at < 0 || l.any(q.End, at, "一次", "以上", "内") {
			continue
		}
		if q.Value > 10*86400 || l.hasHours() {
			return 0, 0, "", false
		}
		return q.Start, at + n, VerdictUnsupported, true
	}
	return 0, 0, "", false
}

// hasHours reports whether the sheet has a figure in time, against which what
// is said is held.
func (l *line) hasHours() bool {
	for _, f := range l.p.metrics {
		if f.q.Dim == quantity.Duration {
			return true
		}
	}
	return false
}

// staysPale: 晒一整天都不会黑.
func (l *line) staysPale() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "tan.not")
	if at < 0 || l.p.Category != sheet.Cosmetics && l.p.Category != sheet.SpecialCosmetics {
		return 0, 0, "", false
	}
	from, to := l.around(at, 2)
	timed := l.any(from, to, listed("lasting.stays_pale.near")...)
	for _, q := range l.q {
		timed = timed || q.Dim == quantity.Duration && q.Start >= from && q.Start < to
	}
	return at, at + n, VerdictUnsupported, timed
}
