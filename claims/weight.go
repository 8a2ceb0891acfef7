package claims

import (
	"fmt"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// weight compares masses and volumes with the net content.
func (l *line) weight() {
	if l.p == nil {
		return
	}
	l.bareWeight()
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Mass && q.Dim != quantity.Volume || l.weightAside(i) || !l.spoken(i) {
			continue
		}
		l.compareWeight(i)
	}
}

// bareWeight reads "一罐九百", "四百二一饼": a number without unit by the piece that
// the sheet weighs, too far from any price to be one.
func (l *line) bareWeight() {
	p := l.p
	if p.weight.Dim != quantity.Mass && p.weight.Dim != quantity.Volume || len(p.counts) == 0 {
		return
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Bare || q.Value < 20_000 || !l.spoken(i) {
			continue
		}
		piece := ""
		if i > 0 && l.q[i-1].Dim == quantity.Count && l.q[i-1].Value == 1000 && l.q[i-1].End == q.Start {
			piece = pieceOf(l.q[i-1].Unit)
		}
		if i+1 < len(l.q) && l.q[i+1].Dim == quantity.Count && l.q[i+1].Value == 1000 && l.q[i+1].Start == q.End {
			piece = pieceOf(l.q[i+1].Unit)
		}
		if piece == "" || l.inOrder(piece) == 0 {
			continue
		}
		truth := p.weight.Value / l.inOrder(piece) // mg or µl; q.Value is thousandths of g or ml
		fen := q.Value / 10
		if q.Value*10 < truth*6 || q.Value*10 > truth*17 || p.PriceFen > 0 && fen*2 >= p.PriceFen && fen <= max(p.PriceFen, p.ListFen)*5/4 {
			continue
		}
		l.used[i] = true
		if abs(q.Value-truth)*50 <= truth {
			l.bears(CategoryWeight, sheet.FieldNetWeight, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldNetWeight)
		f.Value = l.span(q.Start, q.End)
		f.against(fmt.Sprint(q.Value/1000), p.Raw(sheet.FieldNetWeight))
		l.wrong(CategoryWeight, VerdictContradicted, q.Start, q.End, "weight.other", f)
	}
}

// weightAside reports whether an amount is not what the goods weigh: a
// person's weight, weight lost, a dose, a price per jin.
func (l *line) weightAside(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if l.outOf(i) || l.changed(i) {
		return true
	}
	if l.p.Category == sheet.Apparel && q.Unit == "jin" && q.Value >= 35_000_000 && q.Value <= 150_000_000 || l.dose(i, c) {
		return true
	}
	if l.any(c.from, c.to, listed("weight.weight_aside.change")...) || l.ahead(q.End, listed("weight.weight_aside.after")...) {
		return true
	}
	if q.Dim == quantity.Mass && (l.gross(c) || l.gross(l.after(c))) {
		return true
	}
	if l.behind(q.Start, listed("weight.weight_aside.before")...) && !l.behind(q.Start, "差不多") {
		return true
	}
	if i > 0 && l.q[i-1].Dim == quantity.Money && l.q[i-1].End == q.Start || l.behind(q.Start, "多", "块多", "块") && !l.behind(q.Start, "差不多") && l.t.R[q.Start] == '一' {
		return true
	}
	if i+1 < len(l.q) && l.q[i+1].Start-q.End <= 3 && l.q[i+1].Dim == quantity.Money {
		return true
	}
	for _, m := range l.m {
		if m.Term.Class == lexicon.Ingredient && m.End <= q.Start && q.Start-m.End <= 3 && m.Start >= c.from && !l.inName[m.Start] && q.Dim == quantity.Mass && q.Value < 100_000 {
			return true
		}
	}
	if l.has(q.End, "/") || l.has(q.End-1, "/") {
		return true // 48g/100g is a content
	}
	return l.any(c.from, c.to, listed("weight.weight_aside.error")...)
}

// gross reports whether a clause tells of a weight with the box, or of a limit.
func (l *line) gross(c *clause) bool {
	return c != nil && l.holds(c.from, c.to, "weight.gross") && !l.any(c.from, c.to, listed("weight.gross.near")...)
}

// dose reports whether an amount is only a small part of what a piece weighs
// and no word says that it is the weight: seven grams of tea a brew.
func (l *line) dose(i int, c *clause) bool {
	q, p := l.q[i], l.p
	if p.weight.Dim != q.Dim || q.Hi == quantity.PosInf {
		return false
	}
	each := p.weight.Value
	for _, n := range p.counts {
		if n.Value > 1000 {
			each = min(each, p.weight.Value/(n.Value/1000))
		}
	}
	return q.Hi*8 < each && !l.any(c.from, c.to, listed("weight.dose.near")...)
}

func (l *line) compareWeight(i int) {
	q, p := l.q[i], l.p
	if l.grammage(i) {
		return
	}
	c := l.clauseAt(q.Start)
	item := l.any(c.from, c.to, listed("weight.compare_weight.item")...) || l.ahead(q.End, listed("weight.compare_weight.after")...)
	want := l.weightsFor(q.Dim, item)
	if len(want) == 0 {
		if l.saysWeight(i) {
			f := l.factOf(sheet.FieldNetWeight)
			f.Value = l.span(q.Start, q.End)
			l.wrong(CategoryWeight, VerdictUnsupported, q.Start, q.End, "weight.unknown", f)
		}
		return
	}
	l.used[i] = true
	orders := l.orders()
	each := l.unitNamed(i, c)
	if p.massInText(q.Value) && q.Dim == quantity.Mass && !(q.Value == p.weight.Value && each != "" && l.behind(q.Start, "每"+each, "一"+each) && l.inOrder(each) > 1 && !p.weightOfOne) {
		if q.Value == p.weight.Value {
			l.bears(CategoryWeight, sheet.FieldNetWeight, q.Start, q.End)
		} else {
			l.right(CategoryWeight, q.Start, q.End)
		}
		return
	}
	for _, w := range want {
		if !within(q, w.v) && !within(q, w.v*orders) {
			continue
		}
		if each != "" && w.of != "" && w.of != each && !(w.of == "total" && l.any(c.from, c.to, listed("weight.compare_weight.total")...)) {
			if w.of == "total" && l.inOrder(each) > 1 {
				continue
			}
		}
		l.bears(CategoryWeight, w.field, q.Start, q.End)
		return
	}
	if l.any(c.from, c.to, listed("weight.compare_weight.most")...) {
		for _, s := range p.sizes {
			if s.Dim == q.Dim && s.Lo < s.Hi && q.Value <= s.Hi {
				l.right(CategoryWeight, q.Start, q.End)
				return
			}
		}
	}
	if l.understates(q, want, c) {
		return
	}
	f := l.fact(want[0].field, p.Raw(want[0].field))
	f.Value = l.span(q.Start, q.End)
	more := float64(q.Value-want[0].v) * 100 / float64(max(want[0].v, 1))
	f.compute("%s 对 %s，%+.1f%%", amountText(q), p.Raw(want[0].field), more)
	f.computeEN("%s against %s, %+.1f%%", amountText(q), p.Raw(want[0].field), more)
	cat := CategoryWeight
	if want[0].field == sheet.FieldSize {
		cat = CategorySize
	}
	if want[0].field == sheet.FieldMetrics {
		cat = CategoryCredential
	}
	l.wrong(cat, VerdictContradicted, q.Start, q.End, "weight.other", f)
}

// understates reports whether an amount is less than anything the goods weigh,
// and nothing says that they are light: it is then a dose, a part, a price's jin.
func (l *line) understates(q quantity.Quantity, want []weighed, c *clause) bool {
	if q.Hi == quantity.PosInf {
		return false
	}
	for _, w := range want {
		if q.Hi >= w.v {
			return false
		}
	}
	return !l.holds(c.from, c.to, "weight.light")
}

// grammage compares grams said of cloth with the sheet's grams a square metre.
func (l *line) grammage(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Dim != quantity.Mass || !l.any(c.from, c.to, listed("weight.grammage.near")...) {
		return false
	}
	for k := range l.p.metrics {
		f := &l.p.metrics[k]
		if !contains(f.raw, "㎡") && !containsAny(f.raw, "/m", "平方", "gsm") { // as the sheet writes it
			continue
		}
		l.used[i] = true
		if have := f.q.Value; abs(q.Value-have)*50 <= have || q.Lo <= have && have <= q.Hi {
			l.bearsFact(CategoryCredential, sheet.FieldMetrics, f.raw, q.Start, q.End)
			return true
		}
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = l.span(q.Start, q.End)
		l.wrong(CategoryCredential, VerdictContradicted, q.Start, q.End, "metric", fact)
		return true
	}
	return false
}

// A weighed amount is one the goods may truly be said to weigh.
type weighed struct {
	v     int64
	of    string // total, or the piece it is the weight of
	field sheet.Field
}

// weightsFor lists what the goods weigh: all of them, one piece, as the sizes
// and figures say.
func (l *line) weightsFor(d quantity.Dim, item bool) []weighed {
	p := l.p
	var ws []weighed
	if item {
		for _, s := range p.sizes {
			if s.Dim == d {
				ws = append(ws, weighed{s.Lo, "", sheet.FieldSize}, weighed{s.Hi, "", sheet.FieldSize}, weighed{(s.Lo + s.Hi) / 2, "", sheet.FieldSize})
			}
		}
		if len(ws) > 0 {
			return ws
		}
	}
	if p.weight.Dim == d {
		ws = append(ws, weighed{p.weight.Value, "total", sheet.FieldNetWeight})
		for _, c := range p.counts {
			if n := c.Value / 1000; n > 1 {
				ws = append(ws, weighed{p.weight.Value / n, c.Unit, sheet.FieldNetWeight})
			}
			switch c.Unit {
			case "对", "双", "副":
				ws = append(ws, weighed{p.weight.Value / 2, "只", sheet.FieldNetWeight})
			}
		}
		if n := p.counts; len(n) > 0 && n[0].Value > 1000 && p.weightOfOne {
			ws = append(ws, weighed{p.weight.Value * n[0].Value / 1000, "total", sheet.FieldNetWeight})
		}
	}
	for _, s := range p.sizes {
		if s.Dim == d {
			ws = append(ws, weighed{s.Value, "", sheet.FieldSize}, weighed{s.Lo, "", sheet.FieldSize}, weighed{s.Hi, "", sheet.FieldSize})
			if s.Hi > s.Lo {
				ws = append(ws, weighed{(s.Lo + s.Hi) / 2, "", sheet.FieldSize})
			}
		}
	}
	for _, m := range p.metrics {
		if m.q.Dim == d {
			ws = append(ws, weighed{m.q.Value, "", sheet.FieldMetrics})
		}
	}
	return ws
}

// unitNamed is the piece an amount is told of: 一袋五百克, 每包50克.
func (l *line) unitNamed(i int, c *clause) string {
	q := l.q[i]
	for j := i - 1; j >= 0; j-- {
		o := l.q[j]
		if o.Start < c.from || q.Start-o.End > 6 {
			break
		}
		if o.Dim == quantity.Count && o.Value == 1000 {
			return pieceOf(o.Unit)
		}
	}
	for _, u := range listed("weight.unit_named.words") {
		if l.any(max(c.from, q.Start-5), q.Start, "每"+u, "一"+u, "一小"+u, "一大"+u, "单"+u) {
			return u
		}
	}
	if i+1 < len(l.q) && l.q[i+1].Start == q.End && l.q[i+1].Dim == quantity.Count && l.q[i+1].Value == 1000 {
		return pieceOf(l.q[i+1].Unit)
	}
	return ""
}

func pieceOf(unit string) string {
	r := []rune(unit)
	if len(r) == 2 && (r[0] == '小' || r[0] == '大') {
		return string(r[1])
	}
	return unit
}

// inOrder is how many of a piece the goods come in; 0 where the sheet does not
// count that piece.
func (l *line) inOrder(unit string) int64 {
	for _, c := range l.p.counts {
		if pieceOf(c.Unit) == unit {
			return c.Value / 1000
		}
	}
	return 0
}

// within reports whether a said amount fits a true one.
func within(q quantity.Quantity, v int64) bool {
	tol := v / 100
	if q.Approx {
		tol = 0
	}
	lo, hi := q.Lo, q.Hi
	if lo == quantity.NegInf {
		return v <= hi+tol && v >= hi*3/5
	}
	if hi == quantity.PosInf {
		return v >= lo-tol
	}
	return lo-tol <= v && v <= hi+tol
}

// saysWeight reports whether a weight is stated as a fact of the goods.
func (l *line) saysWeight(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Dim == quantity.Volume && l.p.Category != sheet.Electronics {
		return false
	}
	return l.any(c.from, c.to, listed("weight.says_weight.near")...)
}

func amountText(q quantity.Quantity) string {
	switch q.Dim {
	case quantity.Mass:
		return scaledText(q.Value, 1000, "g", "mg")
	case quantity.Volume:
		return scaledText(q.Value, 1000, "ml", "µl")
	case quantity.Length:
		return fmt.Sprintf("%g cm", float64(q.Value)/100)
	}
	return fmt.Sprint(q.Value)
}

func scaledText(v, per int64, big, small string) string {
	if v >= per {
		return fmt.Sprintf("%g %s", float64(v)/float64(per), big)
	}
	return fmt.Sprintf("%d %s", v, small)
}
