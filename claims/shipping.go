package claims

import (
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// How soon a parcel leaves is said with a figure (四十八小时内发), with a day and a
// verb of leaving (今晚就出库, 明儿一早从仓里出来), or by when it will be there
// (明早敲你门).

// Hours that ways of saying soon come to: who ships today ships within half a
// day, who delivers tomorrow too.
const (
	hoursToday    = 12
	hoursTomorrow = 24
)

// ships checks how soon parcels leave.
func (l *line) ships() {
	for k := range l.cl {
		c := &l.cl[k]
		at, hours := l.shipTime(c)
		if at < 0 {
			at, hours = l.shipDay(k)
		}
		if at < 0 || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) || l.any(at, c.to, listed("shipping.ships.near")...) {
			continue
		}
		f := l.factOf(sheet.FieldShipsWithin)
		f.Value = l.span(at, min(at+8, c.to))
		switch {
		case l.p.ShipsHours == 0:
			l.wrong(CategoryPromise, VerdictUnsupported, at, min(at+8, c.to), "promise.ships", f)
		case hours < l.p.ShipsHours:
			f.compute("%d 小时对 %d 小时", hours, l.p.ShipsHours)
			f.computeEN("%d h against %d h", hours, l.p.ShipsHours)
			l.wrong(CategoryPromise, VerdictContradicted, at, min(at+8, c.to), "promise.ships", f)
		default:
			l.bears(CategoryPromise, sheet.FieldShipsWithin, at, min(at+8, c.to))
		}
		return
	}
}

// shipDay finds a day with a verb of leaving or arriving behind it, -1 for
// none.
func (l *line) shipDay(k int) (at int, hours int64) {
	c := &l.cl[k]
	to := c.to
	if k+1 < len(l.cl) && l.cl[k+1].sentence == c.sentence && to-c.from < 10 {
		to = l.cl[k+1].to
	}
	reach := 16 + 30*b2i(l.latin)
	for _, m := range l.frames {
		if m.Start < c.from || m.Start >= c.to || m.Term.Name != "ship.today" && m.Term.Name != "ship.tomorrow" {
			continue
		}
		today := m.Term.Name == "ship.today"
		from := m.End
		if l.latin {
			from = c.from // leaves tonight
		}
		left, n := l.first(from, min(to, m.End+reach), "ship.leave")
		if left < 0 && l.holds(0, len(l.t.R), "ship.order") {
			left, n = l.first(m.End, min(to, m.End+reach), "ship.off")
		}
		hours = hoursToday
		if left >= 0 && !today {
			hours = hoursTomorrow
		}
		if !today {
			if i, in := l.first(from, min(to, m.End+reach), "ship.arrive"); i >= 0 {
				left, n, hours = i, in, hoursToday
			}
		}
		if left < 0 || l.shipAside(c.from, to, span{m.End, left + n}) {
			continue
		}
		if today && l.holds(m.End, left, "ship.tomorrow") {
			continue // 今天的单子明天发
		}
		return m.Start, hours
	}
	return -1, 0
}

// shipAside reports whether [from, to) tells of a parcel that left, of a delay
// or of a broadcast, or gives the hours itself between a day and the leaving.
func (l *line) shipAside(from, to int, between span) bool {
	if l.holds(from, to, "ship.not") {
		return true
	}
	for _, q := range l.q {
		if q.Dim == quantity.Duration && between.holds(q.Start) {
			return true
		}
	}
	return false
}

// shipTime finds a promise to ship and its hours, -1 for none.
func (l *line) shipTime(c *clause) (at int, hours int64) {
	if i, n := l.first(c.from, c.to, "ship.soon"); i >= 0 {
		if l.any(c.from, i, "之前没", "不能") || l.holds(c.from, c.to, "ship.somewhere") || l.ahead(i+n, listed("shipping.ship_time.after")...) {
			return -1, 0
		}
		return i, 12
	}
	if l.any(c.from, c.to, listed("shipping.ship_time.today")...) {
		return c.from, 12
	}
	named := l.holds(c.from, c.to, "ship.words") && !l.any(c.from, c.to, listed("shipping.ship_time.not_ship")...)
	for _, q := range l.q {
		if q.Start >= c.from && q.Start < c.to && q.Dim == quantity.Duration && (named || l.sendsAfter(q.End, c.to)) {
			if l.ahead(q.End, "前", "后") || l.any(q.End, c.to, "延迟") {
				continue
			}
			return q.Start, q.Value / 3600
		}
	}
	return -1, 0
}

// sendsAfter reports whether nothing but little words stand between a time and
// the sending: 二十四小时就发, 24小时内就能给你寄走. The 发 of 发黄 and 发热 sends
// nothing.
func (l *line) sendsAfter(i, to int) bool {
	for i < to && in(l.t.R[i], "内之以里中就可能会给你您们大家帮我必准时都全部一定咱立马直接安排肯保证 ") {
		i++
	}
	if i >= to || l.t.R[i] != '发' && l.t.R[i] != '寄' {
		return false
	}
	return i+1 >= to || in(l.t.R[i+1], "货走出掉车件给完到快顺去的了哈哦呢啦啊吧 ")
}
