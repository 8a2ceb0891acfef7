package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// Prices are told in other ways than by the sum on the sheet: by the jin, in
// instalments, by how much cheaper than before, as so much off from so much up.

// deals compares these.
func (l *line) deals() {
	l.unitPrices()
	l.thresholds()
	l.cheaperBy()
}

// unitPrices reads 一斤只要八块 of goods that weigh another amount: what the sum
// comes to by the gram must not be lower than the goods'. People round such
// prices by a tenth.
func (l *line) unitPrices() {
	if l.p.PriceFen == 0 {
		return
	}
	for i := 0; i+1 < len(l.q); i++ {
		l.pricedEach(i)
		if l.used[i] || l.used[i+1] {
			continue
		}
		q, sum := l.q[i], l.q[i+1]
		total := l.p.weight
		if total.Value <= 0 || q.Dim != total.Dim || q.Dim != quantity.Mass && q.Dim != quantity.Volume || !q.Exact() || q.Value <= 0 || sum.Dim != quantity.Money || !l.comesTo(q.End, sum.Start) || !l.spoken(i) || !l.spoken(i+1) {
			continue
		}
		true1, ok := quantity.Rat{Num: l.p.PriceFen, Den: 1}.Times(q.Value, total.Value)
		if !ok || sum.Hi == quantity.PosInf {
			continue
		}
		l.used[i], l.used[i+1] = true, true
		if sum.Hi*100 >= true1*88 {
			l.right(CategoryPrice, q.Start, sum.End)
			continue
		}
		f := l.factOf(sheet.FieldPrice)
		f.Value = l.span(q.Start, sum.End)
		f.compute("%s %s 对 %s %s", amountText(q), yuan(sum.Value), amountText(q), yuan(true1))
		f.computeEN("%s for %s against %s for %s", amountText(q), yen(sum.Value), amountText(q), yen(true1))
		l.wrong(CategoryPrice, VerdictContradicted, q.Start, sum.End, "price.unit", f)
	}
}

// pricedEach reads a true price a piece or a measure, in either order: 四十六一斤,
// 三块不到一个, 一片两块五.
func (l *line) pricedEach(i int) {
	for _, pair := range [2][2]int{{i, i + 1}, {i + 1, i}} {
		sum, each := l.q[pair[0]], l.q[pair[1]]
		if l.used[pair[0]] || !sumLike(sum) && sum.Dim != quantity.Money || each.Number.Num != each.Number.Den || !l.comesTo(l.q[i].End, l.q[i+1].Start) {
			continue
		}
		fen, upper := fenOf(sum), sum.Hi
		if sum.Dim == quantity.Bare && upper != quantity.PosInf {
			upper /= 10
		}
		for _, want := range l.pricesOf(each) {
			if abs(fen-want)*100 <= want*12 || sum.Lo == quantity.NegInf && upper >= want && upper*2 <= want*3 {
				l.used[pair[0]], l.used[pair[1]] = true, true
				l.right(CategoryPrice, l.q[i].Start, l.q[i+1].End)
				return
			}
		}
	}
}

// pricesOf is what one measure or piece of the goods costs, in fen.
func (l *line) pricesOf(each quantity.Quantity) (out []int64) {
	p := l.p
	price := quantity.Rat{Num: p.PriceFen, Den: 1}
	switch each.Dim {
	case quantity.Mass, quantity.Volume:
		if v, ok := price.Times(each.Value, max(p.weight.Value, 1)); ok && p.weight.Dim == each.Dim && p.weight.Value > each.Value {
			out = append(out, v)
		}
	case quantity.Count:
		for _, n := range p.trueCounts() {
			if n > 1000 && each.Value == 1000 {
				out = append(out, p.PriceFen*1000/n)
			}
		}
	}
	return out
}

// comesTo reports whether nothing but little words stand in [from, to).
func (l *line) comesTo(from, to int) bool {
	for i := from; i < to; i++ {
		if !in(l.t.R[i], "才只要就卖也是算到手不得的合折下来钱都块左右多 ") {
			return false
		}
	}
	return from <= to
}

// A threshold is so much off from so much up: 满300减50.
type threshold struct{ from, off int64 }

// thresholds compares 满两百减三十, and 立减五十 without its condition, with what
// the sheet promises.
func (l *line) thresholds() {
	have := l.p.thresholds
	if len(have) == 0 {
		return
	}
	for i, q := range l.q {
		if l.used[i] || !sumLike(q) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		said := threshold{off: fenOf(q)}
		switch {
		case i > 0 && sumLike(l.q[i-1]) && l.behind(l.q[i-1].Start, "满") && l.any(l.q[i-1].End, q.Start, "减") && q.Start-l.q[i-1].End <= 4:
			said.from = fenOf(l.q[i-1])
			l.used[i-1] = true
		case l.behind(q.Start, listed("deal.thresholds.before")...):
		default:
			continue
		}
		l.used[i] = true
		l.compareThreshold(i, said, have)
	}
}

func (l *line) compareThreshold(i int, said threshold, have []threshold) {
	q := l.q[i]
	for _, h := range have {
		if said.off <= h.off && (said.from >= h.from || l.p.PriceFen >= h.from && said.from == 0) {
			l.bears(CategoryPrice, sheet.FieldPromises, q.Start, q.End)
			return
		}
	}
	f := l.factOf(sheet.FieldPromises)
	f.Value = l.span(q.Start, q.End)
	l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.threshold", f)
}

// sumLike reports whether an amount can be a sum of money.
func sumLike(q quantity.Quantity) bool {
	return q.Dim == quantity.Money || q.Dim == quantity.Bare && q.Value >= 1000
}

func fenOf(q quantity.Quantity) int64 {
	if q.Dim == quantity.Bare {
		return q.Value / 10
	}
	return q.Value
}

func thresholdsIn(t []rune, qs []quantity.Quantity) []threshold {
	var out []threshold
	for i := 1; i < len(qs); i++ {
		a, b := qs[i-1], qs[i]
		if sumLike(a) && sumLike(b) && a.Start > 0 && t[a.Start-1] == '满' && b.Start-a.End <= 4 && contains(string(t[a.End:b.Start]), "减") {
			out = append(out, threshold{fenOf(a), fenOf(b)})
		}
	}
	return out
}

// digitsOfPrice reads 两位数直接拿下: a price below a hundred.
func (l *line) digitsOfPrice(m lexicon.Match, below int64) {
	c := l.clauseAt(m.Start)
	if l.p.PriceFen == 0 || l.listContextAt(m.Start) || !l.any(c.from, c.to, listed("deal.digits_of_price.near")...) {
		return
	}
	if l.p.PriceFen < below {
		l.bears(CategoryPrice, sheet.FieldPrice, m.Start, m.End)
		return
	}
	f := l.factOf(sheet.FieldPrice)
	f.Value = l.span(m.Start, m.End)
	f.against("<"+yen(below), yen(l.p.PriceFen))
	l.wrong(CategoryPrice, VerdictContradicted, m.Start, m.End, "price.below", f)
}

// listContextAt reports whether a reference price is spoken of before i.
func (l *line) listContextAt(i int) bool {
	return l.any(l.clauseAt(i).from, i, listed("price.list")...)
}

// cheaperBy reads 比去年便宜四成 as what is left to pay of the crossed-out price.
func (l *line) cheaperBy() {
	p := l.p
	if p.ListFen == 0 || p.PriceFen == 0 {
		return
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Ratio || q.Value >= 1_000_000 || q.Lo == quantity.NegInf || !l.behind(q.Start, listed("deal.cheaper_by.before")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		l.used[i] = true
		const rough = 30_000
		left := 1_000_000 - q.Value
		have := p.PriceFen * 1_000_000 / p.ListFen
		if have <= left+rough {
			l.bears(CategoryPrice, sheet.FieldPrice, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldPrice)
		f.Value = l.span(q.Start, q.End)
		f.compute("%s ÷ %s = %s 对 %s", yuan(p.PriceFen), yuan(p.ListFen), percent(have), percent(left))
		f.computeEN("%s ÷ %s = %s to pay, against %s said", yen(p.PriceFen), yen(p.ListFen), percent(have), percent(left))
		l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.discount", f)
	}
}

// instalment reads 分六期，每期五十块: it reports whether the amount at i is one
// of several payments, and compares what they come to.
func (l *line) instalment(i int, fen int64) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if !l.any(max(c.from, q.Start-6), q.Start, listed("deal.instalment.near")...) {
		return false
	}
	l.used[i] = true
	for k, n := range l.q {
		if k == i || n.Dim != quantity.Bare || n.Value < 2000 || n.Value > 60_000 || !l.has(n.End, "期") {
			continue
		}
		l.used[k] = true
		most := fen
		if q.Dim == quantity.Money && q.Hi != quantity.PosInf {
			most = max(fen, q.Hi)
		} else if q.Dim == quantity.Bare && q.Hi != quantity.PosInf {
			most = max(fen, q.Hi/10)
		}
		if total := most * n.Value / 1000; total*100 >= l.p.PriceFen*97 {
			l.right(CategoryPrice, q.Start, q.End)
			break
		}
		f := l.factOf(sheet.FieldPrice)
		f.Value = l.span(q.Start, q.End)
		f.compute("%s × %d = %s 对 %s", yuan(fen), n.Value/1000, yuan(fen*n.Value/1000), yuan(l.p.PriceFen))
		f.computeEN("%s × %d = %s against %s", yen(fen), n.Value/1000, yen(fen*n.Value/1000), yen(l.p.PriceFen))
		l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.below", f)
		break
	}
	return true
}

// slangMoney reads 九十九米 as yuan where that is the price: hosts avoid the word.
func (l *line) slangMoney(q quantity.Quantity) quantity.Quantity {
	if q.Unit != "m" || l.p == nil || l.p.PriceFen == 0 || !q.Exact() {
		return q
	}
	fen, ok := q.Number.Times(100, 1)
	if !ok || abs(fen-l.p.PriceFen)*100 > l.p.PriceFen {
		return q
	}
	for _, s := range l.p.sizes {
		if s.Dim == quantity.Length && abs(s.Value-q.Value)*50 <= q.Value {
			return q
		}
	}
	q.Dim, q.Unit, q.Value, q.Lo, q.Hi = quantity.Money, "yuan", fen, fen, fen
	return q
}

// priceProtection compares 保价十五天 with the days that the sheet gives.
func (l *line) priceProtection() {
	days := l.p.protects
	if days == 0 {
		return
	}
	for i, q := range l.q {
		if q.Dim != quantity.Duration || !l.behind(q.Start, "保价", "价保") && !l.ahead(q.End, listed("deal.price_protection.after")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		l.used[i] = true
		if q.Value <= days {
			l.bears(CategoryPromise, sheet.FieldPromises, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldPromises)
		f.Value = l.span(q.Start, q.End)
		f.compute("%d 天对 %d 天", q.Value/86400, days/86400)
		f.computeEN("%d days against %d days", q.Value/86400, days/86400)
		l.wrong(CategoryPromise, VerdictContradicted, q.Start, q.End, "promise.unknown", f)
	}
}

// notGiven is what a promise of the sheet says is not given, "" for nothing, and
// whether it leads: 赠品不支持, 不支持货到付款.
func notGiven(promise string) (what string, leads bool) {
	for _, no := range []string{"不支持", "未开通"} {
		if before, behind, ok := strings.Cut(promise, no); ok {
			if behind != "" {
				return behind, false
			}
			return before, true
		}
	}
	return "", false
}

// A denial is what the sheet says is not given, and whether it leads.
type denial struct {
	what  string
	leads bool
}

// readDeals notes what the promises of the sheet come to in sums and days, and
// what they deny.
func (f *factReader) readDeals(p *product) {
	for _, raw := range p.Promises {
		text := fold.String(raw)
		if what, leads := notGiven(text); len([]rune(what)) > 1 {
			p.denied = append(p.denied, denial{what, leads})
		}
		qs := f.amounts(raw)
		p.thresholds = append(p.thresholds, thresholdsIn([]rune(text), qs)...)
		for _, q := range qs {
			if q.Dim == quantity.Duration && containsAny(text, "价保", "保价") {
				p.protects = max(p.protects, q.Value)
			}
		}
	}
}

// deniedPromise compares a promise with one that the sheet says is not given.
func (l *line) deniedPromise() {
	for _, d := range l.p.denied {
		what, leads := d.what, d.leads
		k := l.find(0, len(l.t.R), what)
		if k < 0 {
			continue
		}
		c := l.clauseAt(k)
		if end := k + len([]rune(what)); leads && !l.any(end, c.to, listed("deal.denied_promise.granted")...) || l.stanceOf(k, end) != asserted || l.elsewhere(k) || l.any(c.from, c.to, listed("deal.denied_promise.denied")...) {
			continue
		}
		f := l.factOf(sheet.FieldPromises)
		f.Value = l.span(k, c.to)
		l.wrong(CategoryPromise, VerdictContradicted, k, c.to, "promise.denied", f)
	}
}

// wearers compares 一百五到两百斤都能穿 with the heaviest wearer of the sheet's
// sizes.
func (l *line) wearers() {
	most := int64(0)
	for _, s := range l.p.sizes {
		if s.Dim == quantity.Mass {
			most = max(most, s.Value, min(s.Hi, quantity.PosInf-1))
		}
	}
	if most == 0 || l.p.Category != sheet.Apparel {
		return
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		if l.used[i] || q.Dim != quantity.Mass && q.Dim != quantity.Bare || !l.any(q.End, c.to, listed("deal.wearers.near")...) || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		upper := q.Hi
		if q.Dim == quantity.Bare {
			if q.Value < 70_000 || upper > 400_000 {
				continue
			}
			upper *= 500 // thousandths of a jin in mg
		}
		if upper == quantity.PosInf {
			continue
		}
		l.used[i] = true
		if upper <= most+most/50 {
			l.bears(CategorySize, sheet.FieldSize, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldSize)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategorySize, VerdictContradicted, q.Start, q.End, "size.other", f)
	}
}

// namedSize is the measure of the sheet whose name stands behind a length: of
// 床1.8m and 被子2m the second for 两米的被子.
func (l *line) namedSize(i int) (found quantity.Quantity, ok bool) {
	q, longest := l.q[i], 0
	for _, raw := range l.p.Size {
		at := 0
		r := []rune(fold.String(raw))
		for at < len(r) && r[at] > 0x7f {
			at++
		}
		if at <= longest || at > 4 || !l.has(q.End, string(r[:at])) && !l.has(q.End, "的"+string(r[:at])) {
			continue
		}
		for _, s := range amounts(raw) {
			if s.Dim == quantity.Length {
				found, ok, longest = s, true, at
			}
		}
	}
	return found, ok
}

// exclusive reports whether a material is denied beside another that is said to
// be the whole: 是羊毛的不是腈纶的, of a blend of both.
func (l *line) exclusive(m lexicon.Match) bool {
	if !l.behind(m.Start, "不是") || len(l.p.materials) < 2 {
		return false
	}
	for _, o := range l.m {
		if o.Term.Class != lexicon.Material || o.Start >= m.Start || m.Start-o.End > 6 || !l.behind(o.Start, "是", "就是", "都是") || l.stanceOf(o.Start, o.End) != asserted {
			continue
		}
		for _, f := range l.p.materials {
			if f.term != nil && is(f.term, o.Term.Name) {
				return true
			}
		}
	}
	return false
}
