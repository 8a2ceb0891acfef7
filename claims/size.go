package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// size compares lengths, shoe sizes and clothing sizes.
func (l *line) size() {
	if l.p == nil {
		return
	}
	l.byDims()
	l.wearers()
	for i, q := range l.q {
		if l.used[i] || !l.spoken(i) {
			continue
		}
		switch {
		case q.Dim == quantity.Length:
			l.length(i)
		case q.Unit == "码":
			l.shoe(i)
		case q.Dim == quantity.Bare && contains(l.p.sizeText, "码") && (l.any(q.End, min(q.End+6, len(l.t.R)), "码", "都有", "都齐") || l.behind(q.Start, listed("size.before")...) && l.any(l.clauseAt(q.Start).from, q.Start, "size")):
			l.shoe(i)
		}
	}
	l.namedLength()
	l.letters()
}

// byDims reads "二十五乘二十", "70x45", "two twenty by two forty": numbers without
// unit that measure the goods. The unit is that in which one of them comes
// closest to the sheet.
func (l *line) byDims() {
	var want []int64
	for _, s := range l.p.sizes {
		if s.Dim == quantity.Length {
			want = append(want, s.Value)
		}
	}
	if len(want) < 2 {
		return
	}
	for i := 0; i+1 < len(l.q); i++ {
		a, b := l.q[i], l.q[i+1]
		gap := strings.TrimSpace(l.span(a.End, max(a.End, b.Start)))
		if gap != "乘" && gap != "x" && gap != "*" && gap != "by" && gap != "乘以" || a.Dim != quantity.Bare || b.Dim != quantity.Bare && b.Dim != quantity.Length {
			continue
		}
		l.used[i] = true
		if b.Dim == quantity.Bare {
			l.used[i+1] = true
		}
		if !l.spoken(i) || l.multiplied(a, b) {
			continue
		}
		one := int64(100) // cm
		if a.Value < 10_000 && want[0] > 10_000 {
			one = 10_000
		}
		if b.Dim == quantity.Length && b.Number.Num > 0 && b.Number.Den == 1 {
			one = b.Value / b.Number.Num // both are in the unit of the last
		}
		for _, v := range []int64{a.Value, b.Value} {
			if b.Dim == quantity.Length && v == b.Value {
				continue
			}
			if !nearAny(v*one/1000, want) {
				f := l.factOf(sheet.FieldSize)
				f.Value = l.span(a.Start, b.End)
				l.wrong(CategorySize, VerdictContradicted, a.Start, b.End, "size.other", f)
				return
			}
		}
		l.bears(CategorySize, sheet.FieldSize, a.Start, b.End)
	}
}

// multiplied reports whether the line gives what two numbers come to, so that
// they are a sum and no measures: 二十四乘九十，两千一百六十抽.
func (l *line) multiplied(a, b quantity.Quantity) bool {
	for _, q := range l.q {
		if q.Value == a.Value/1000*b.Value && q.Start > b.Start {
			return true
		}
	}
	return false
}

func nearAny(v int64, want []int64) bool {
	for _, w := range want {
		if abs(v-w)*50 <= w {
			return true
		}
	}
	return false
}

// namedLength reads a number without unit under the name of a measure of the
// sheet: 圈口五十八, 衣长六十八.
func (l *line) namedLength() {
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Bare || q.Value < 1000 {
			continue
		}
		c := l.clauseAt(q.Start)
		for _, m := range l.m {
			if m.Term.Class != lexicon.Attribute || !m.Term.Is("length") || m.Start < c.from || !l.joins(m.End, q.Start) || q.Start-m.End > 3 || !contains(l.p.sizeText, l.span(m.Start, m.End)) {
				continue
			}
			if !l.spoken(i) {
				continue
			}
			l.used[i] = true
			holds := false
			for _, s := range l.p.sizes {
				holds = holds || s.Number.Valid() && q.Number.Num*s.Number.Den == s.Number.Num*q.Number.Den
			}
			if holds {
				l.bears(CategorySize, sheet.FieldSize, q.Start, q.End)
				break
			}
			f := l.factOf(sheet.FieldSize)
			f.Value = l.span(m.Start, q.End)
			l.wrong(CategorySize, VerdictContradicted, m.Start, q.End, "size.other", f)
			break
		}
	}
}

// lengthAside reports whether a length is somebody's height, a bed, a
// distance, a figure of speech.
func (l *line) lengthAside(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if l.behind(q.Start, listed("size.length_aside.body")...) && !l.behind(q.Start, listed("size.length_aside.part")...) && !(l.behind(q.Start, "长") && len(l.p.sizes) > 0 && !l.any(c.from, c.to, listed("size.length_aside.child")...)) {
		return true
	}
	if l.ahead(q.End, listed("size.length_aside.for_people")...) {
		return true
	}
	if l.p.Category == sheet.Apparel && q.Value >= 14_000 && q.Value <= 20_500 && !l.hasLengths() && !l.any(c.from, c.to, listed("size.length_aside.measure")...) {
		return true // how tall somebody is
	}
	if l.any(c.from, q.Start, listed("size.length_aside.ticket")...) || l.any(c.from, q.Start, listed("size.length_aside.kid")...) && l.ahead(q.End, listed("size.length_aside.time")...) {
		return true
	}
	if at, n := l.first(max(q.Start-4, c.from), q.Start, "size.fill"); at >= 0 && at+n >= q.Start-1 {
		return true // 铺到五公分
	}
	if i+1 < len(l.q) && l.q[i+1].Dim == quantity.Length && l.q[i+1].Start-q.End <= 1 && l.q[i+1].Start < c.to && l.lengthAside(i+1) {
		return true // 一米五一米八的床
	}
	return l.any(c.from, c.to, listed("size.length_aside.elsewhere")...)
}

func (l *line) length(i int) {
	q, p := l.q[i], l.p
	own, named := l.namedSize(i)
	if !named && l.lengthAside(i) {
		return
	}
	var want []int64
	ranged := false
	for _, s := range p.sizes {
		if s.Dim == quantity.Length {
			want = append(want, s.Lo, s.Hi)
			if s.Lo < s.Hi && q.Lo >= s.Lo-s.Lo/50 && q.Hi <= s.Hi+s.Hi/50 {
				ranged = true
			}
		}
	}
	if named {
		want = []int64{own.Lo, own.Hi}
	}
	for _, m := range p.metrics {
		if m.q.Dim == quantity.Length {
			want = append(want, m.q.Value)
		}
	}
	for _, a := range amounts(p.Raw(sheet.FieldMaterial)) {
		if a.Dim == quantity.Length {
			want = append(want, a.Value)
		}
	}
	f := l.factOf(sheet.FieldSize)
	f.Value = l.span(q.Start, q.End)
	if len(want) == 0 || l.otherDirection(i, want) {
		l.wrong(CategorySize, VerdictUnsupported, q.Start, q.End, "size.unknown", f)
		return
	}
	l.used[i] = true
	tolAround := int64(1)
	if q.Approx {
		tolAround = 2
	}
	for _, w := range want {
		lo, hi := q.Lo, q.Hi
		tol := w * tolAround / 50
		if !q.Approx {
			tol = w / 50
		}
		if q.Unit == "cun" && l.decimals(q) >= 2 {
			tol = w / 200 // 6.78 inches is not said of 6.67
		}
		if lo == quantity.NegInf {
			lo = hi * 4 / 5
		}
		if lo-tol <= w && (hi == quantity.PosInf || w <= hi+tol) {
			ranged = true
		}
		// 尺 and 寸 are said loosely
		if (q.Unit == "chi" || q.Unit == "cun") && l.decimals(q) < 2 && abs(q.Value-w)*12 <= w {
			ranged = true
		}
	}
	if l.sumOf(q, want) {
		ranged = true
	}
	if ranged {
		l.bears(CategorySize, sheet.FieldSize, q.Start, q.End)
		return
	}
	f.against(amountText(q), p.Raw(sheet.FieldSize))
	l.wrong(CategorySize, VerdictContradicted, q.Start, q.End, "size.other", f)
}

// decimals is how many digits were said behind the point.
func (l *line) decimals(q quantity.Quantity) int {
	for i := q.Start; i < q.NumEnd; i++ {
		if l.t.R[i] == '点' || l.t.R[i] == '.' {
			return q.NumEnd - i - 1
		}
	}
	return 0
}

// otherDirection reports whether a depth or height is told of goods whose sheet
// gives a single measure.
func (l *line) otherDirection(i int, want []int64) bool {
	q := l.q[i]
	for _, w := range want {
		if w != want[0] {
			return false
		}
	}
	c := l.clauseAt(q.Start)
	return l.any(max(c.from, q.Start-5), min(c.to, q.End+3), listed("size.other_direction.near")...) && !containsAny(l.p.sizeText, "深", "高", "厚") && !nearAny(q.Value, want)
}

// sumOf allows a chain with its extension: 16cm+3cm is 19cm.
func (l *line) sumOf(q quantity.Quantity, want []int64) bool {
	if len(want) != 4 || !contains(l.p.sizeText, "+") {
		return false
	}
	return abs(q.Value-want[0]-want[2]) <= want[0]/50
}

// shoe checks that a shoe size is in range.
func (l *line) shoe(i int) {
	q := l.q[i]
	if c := l.clauseAt(q.Start); l.ahead(q.End, listed("size.shoe.after")...) && !l.any(q.End, c.to, listed("size.shoe.near")...) {
		return
	}
	if !contains(l.p.sizeText, "码") || q.Value < 20_000 || q.Value > 50_000 {
		return
	}
	var lo, hi int64
	for _, s := range l.p.sizes {
		if s.Lo >= 20_000 && s.Hi <= 50_000 {
			if lo == 0 || s.Lo < lo {
				lo = s.Lo
			}
			hi = max(hi, s.Hi)
		}
	}
	if lo == 0 || lo == hi {
		return
	}
	l.used[i] = true
	said := max(q.Value, q.Lo)
	upper := said
	if q.Hi != quantity.PosInf && q.Hi > upper {
		upper = q.Hi
	}
	if q.Alt >= 20_000 && q.Alt <= 50_000 {
		said, upper = q.Alt, q.Alt
	}
	if said >= lo && upper <= hi {
		l.bears(CategorySize, sheet.FieldSize, q.Start, q.End)
		return
	}
	f := l.factOf(sheet.FieldSize)
	f.Value = l.span(q.Start, q.End)
	l.wrong(CategorySize, VerdictContradicted, q.Start, q.End, "size.shoe", f)
}

func (l *line) hasLengths() bool {
	for _, s := range l.p.sizes {
		if s.Dim == quantity.Length {
			return true
		}
	}
	return false
}
