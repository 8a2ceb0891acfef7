package claims

import (
	"fmt"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// price compares prices, discounts, reference prices and "the lowest ever".
func (l *line) price() {
	l.lowest()
	if l.rude() {
		return
	}
	l.deals()
	l.worthTold()
	for i := range l.q {
		if l.used[i] {
			continue
		}
		switch l.q[i].Dim {
		case quantity.Money, quantity.Bare:
			if fen, ok := l.isPrice(i); ok {
				l.comparePrice(i, fen)
			}
		case quantity.Discount:
			l.discount(i)
		case quantity.Ratio:
			if l.ahead(l.q[i].End, "off", "discount") && l.q[i].Value < 1_000_000 {
				q := &l.q[i]
				q.Dim, q.Value = quantity.Discount, 1_000_000-q.Value
				l.used[i] = true
				l.discount(i)
			}
		}
	}
}

// rude reports whether the line abuses people; sums named in abuse are no
// prices.
func (l *line) rude() bool {
	for _, m := range l.marks {
		if m.Category == CategoryConduct {
			return true
		}
	}
	return false
}

// isPrice decides whether an amount is a price of the goods, in fen.
func (l *line) isPrice(i int) (int64, bool) {
	q := l.q[i]
	p := l.p
	if q.Dim == quantity.Money {
		if foreign[q.Unit] || l.savingOrOther(i) || contains(fold.String(p.Raw(sheet.FieldQuantity)), l.span(q.Start, q.End)) {
			return 0, false
		}
		return q.Value, true
	}
	if q.Value < 1000 || !l.latin && q.End < len(l.t.R) && fold.Letter(l.t.R[q.End]) || q.Start > 0 && (l.t.R[q.Start-1] == '第' || l.t.R[q.Start-1] == '号') {
		return 0, false
	}
	fen := q.Value / 10
	if p.PriceFen == 0 && p.ListFen == 0 {
		return 0, false
	}
	if l.listContext(i) {
		return l.closest(q, fen), !l.savingOrOther(i)
	}
	if l.ownFigure(q) || l.twoShares(q) || l.anotherFigure(i) {
		return 0, false
	}
	lo, hi := p.PriceFen/4, max(p.PriceFen, p.ListFen)*13/10
	if q.Alt > 0 {
		if a := q.Alt / 10; a >= lo && a <= hi && (fen < lo || fen > hi) {
			fen = a
		}
	}
	if fen < lo || fen > hi || l.savingOrOther(i) {
		return 0, false
	}
	if l.otherSlot(i) || !l.priceContext(i) {
		return 0, false
	}
	return fen, true
}

// abroad reports whether a clause, or the one before, counts in foreign money:
// 一杯要三令吉八，在吉隆坡还要六块.
func (l *line) abroad(c *clause) bool {
	from := max(c.from-14, 0)
	return l.holds(from, c.to, "money.foreign") && l.ownFrom(c.from, c.to) < 0 && l.any(from, c.to, "在")
}

// foreign are the currencies that no sheet is in: 500日元 is no price of the
// goods.
var foreign = map[string]bool{"jpy": true, "hkd": true, "twd": true, "krw": true, "thb": true, "chf": true, "other_money": true}

// closest picks between two readings of an English price.
func (l *line) closest(q quantity.Quantity, fen int64) int64 {
	if q.Alt > 0 {
		want := max(l.p.ListFen, l.p.PriceFen)
		if abs(q.Alt/10-want) < abs(fen-want) {
			return q.Alt / 10
		}
	}
	return fen
}

func abs(a int64) int64 {
	if a < 0 {
		return -a
	}
	return a
}

// savingOrOther reports whether an amount of money is something other than
// the price: what is saved, a fee, another shop's price, a price per piece.
func (l *line) savingOrOther(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if (l.ofOtherThings(q.Start) || l.abroad(c)) && !l.listContext(i) {
		return true
	}
	if l.any(max(c.from, q.Start-5), q.Start, listed("price.saving_or_other.saving")...) && !l.any(max(c.from, q.Start-6), q.Start, listed("price.saving_or_other.after")...) {
		return true
	}
	if l.latin && l.ahead(q.End, listed("price.saving_or_other.after_after")...) {
		return true
	}
	return l.any(q.End, min(q.End+4, c.to), listed("price.saving_or_other.coupon")...)
}

// listContext reports whether an amount is a reference price.
func (l *line) listContext(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	from := c.from
	for j := i - 1; j >= 0; j-- {
		if l.q[j].End > from && l.q[j].End <= q.Start && (l.q[j].Dim == quantity.Money || l.q[j].Dim == quantity.Bare && l.q[j].Value > 9000) {
			from = l.q[j].End
			break
		}
	}
	if l.any(q.End, min(q.End+9, c.to), "比,", "来比", "去比") || l.ahead(c.to-1, "比") {
		return false
	}
	at := -1
	for _, w := range listed("price.list") {
		if k := l.find(from, q.Start, w); k >= 0 && k > at {
			at = k
		}
	}
	if at < 0 {
		return l.ahead(q.End, listed("price.list_context.after")...) || l.latin && l.ahead(q.End, " at the department store")
	}
	for _, w := range listed("price.list_context.words") {
		if k := l.find(at, q.Start, w); k > at && w != "卖" {
			return false
		}
	}
	return q.Start-at <= 16 || l.latin && q.Start-at <= 40
}

// otherSlot reports whether a number without unit belongs to a figure that the
// words name: suction, SPF, a size, a share.
func (l *line) otherSlot(i int) bool {
	q := l.q[i]
	if fineness[q.Value/1000] && q.Start > 0 && in(l.t.R[q.Start-1], "金银铂钯") {
		return true
	}
	c := l.clauseAt(q.Start)
	for _, m := range l.m {
		if m.Start >= c.to || m.End > q.Start && m.Start < q.End+3 && m.Start > q.End {
			break
		}
		if m.Start < c.from || m.End > q.Start {
			continue
		}
		gap := q.Start - m.End
		switch m.Term.Class {
		case lexicon.Attribute:
			if gap <= 5 && m.Term.Name != "价格" {
				return true
			}
		case lexicon.Ingredient, lexicon.Material:
			if gap <= 2 && q.Value <= 100_000 && (!l.latin || gap <= 1) {
				return true
			}
		}
	}
	if q.Start > 0 && fold.Letter(l.t.R[q.Start-1]) {
		return true // PT950
	}
	if q.End < c.to && fold.Han(l.t.R[q.End]) && !in(l.t.R[q.End], "的一两三四五六七八九十块元包拿带就上到还给起了全哈啊呢吧卖抢今现直下只买，一降减秒都整搞也又再没不哦嘛喔你随清搬捡扣俩") {
		named := false
		for _, m := range l.m {
			named = named || m.Start == q.End && (m.Term.Class == lexicon.Product || m.Term.Class == lexicon.PriceCue)
		}
		for k := range l.q {
			named = named || l.q[k].Start == q.End
		}
		if !named {
			return true
		}
	}
	return l.ahead(q.End, listed("price.other_slot.after")...)
}

// fineness are the shares of pure metal that jewellery is stamped with: 足金999.
var fineness = map[int64]bool{585: true, 750: true, 900: true, 916: true, 925: true, 950: true, 990: true, 999: true, 9999: true}

// priceContext reports whether a bare number stands where prices stand.
func (l *line) priceContext(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if _, ok := l.match(lexicon.PriceCue, c.from, c.to); ok {
		return true
	}
	if c.to-c.from <= q.End-q.Start+2 {
		return true // alone between pauses: "四十九，四十九"
	}
	if l.latin {
		return l.ahead(q.End, listed("price.price_context.english")...) || c.to-c.from < 30 && q.End >= c.to-1 || l.any(c.from, c.to, listed("price.price_context.english_near")...)
	}
	if q.Start == c.from || l.behind(q.Start, listed("price.price_context.before")...) {
		if l.ahead(q.End, "的") {
			for _, m := range l.m {
				if m.Term.Class == lexicon.Product && m.Start >= q.End && m.Start <= q.End+9 {
					return true
				}
			}
			return l.any(q.End, min(q.End+9, c.to), listed("price.price_context.goods")...)
		}
		for j := i + 1; j < len(l.q) && j <= i+1; j++ {
			if l.q[j].Start == q.End && l.q[j].Dim == quantity.Count {
				return true
			}
		}
		return l.ahead(q.End, listed("price.price_context.counter")...) || q.End >= c.to-1
	}
	for _, w := range l.p.names {
		if l.behind(q.Start, w) {
			return true
		}
	}
	if prev := i - 1; prev >= 0 && l.q[prev].End == q.Start && l.q[prev].Dim == quantity.Count {
		return true // 两盒六十九
	}
	return false
}

// comparePrice compares an amount with the price, or the reference price, of
// the sheet.
func (l *line) comparePrice(i int, fen int64) {
	q, p := l.q[i], l.p
	if s := l.stanceOf(q.Start, q.End); s != asserted {
		return
	}
	if l.listContext(i) {
		l.compareList(i, fen)
		return
	}
	if p.PriceFen == 0 || l.instalment(i, fen) {
		return
	}
	l.used[i] = true
	if abs(fen-p.PriceFen)*100 <= p.PriceFen {
		l.bears(CategoryPrice, sheet.FieldPrice, q.Start, q.End)
		return
	}
	if l.priceHolds(i, fen) {
		l.right(CategoryPrice, q.Start, q.End)
		return
	}
	if fen >= p.PriceFen || fen%100 == 0 && fen == p.PriceFen/100*100 || q.Hi > p.PriceFen && q.Dim == quantity.Money && q.Hi != quantity.PosInf {
		return
	}
	if q.Lo != q.Hi && q.Lo <= p.PriceFen && p.PriceFen <= q.Hi && q.Dim == quantity.Money {
		return
	}
	if fen < p.PriceFen/8 && !l.strongPrice(i) {
		return
	}
	f := l.factOf(sheet.FieldPrice)
	f.Value = yuan(fen)
	f.compute("%s 对 %s，低 %s", yuan(fen), yuan(p.PriceFen), yuan(p.PriceFen-fen))
	f.computeEN("%s against %s, %s lower", yen(fen), yen(p.PriceFen), yen(p.PriceFen-fen))
	l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.below", f)
}

func (l *line) strongPrice(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if len(l.t.R) <= q.End-q.Start+1 {
		return true // the line says nothing else
	}
	return l.any(c.from, q.Start, listed("price.strong_price.near")...)
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("%d 元", fen/100)
	}
	return fmt.Sprintf("%d.%02d 元", fen/100, fen%100)
}

// yen writes fen the way English does: ¥129.90.
func yen(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("¥%d", fen/100)
	}
	return fmt.Sprintf("¥%d.%02d", fen/100, fen%100)
}

// priceHolds reports whether an amount is true of the price in some way of
// counting: the price, what is crossed out, a price a piece or a jin, several.
func (l *line) priceHolds(i int, fen int64) bool {
	q, p := l.q[i], l.p
	near := func(want int64) bool {
		tol := want / 100
		if q.Approx || q.Lo != q.Hi {
			tol = want / 16
		}
		return want > 0 && (abs(fen-want) <= tol || q.Dim == quantity.Money && q.Lo <= want && want <= q.Hi)
	}
	if near(p.PriceFen) || near(p.ListFen) || near(p.Lowest30DFen) && l.holds(0, len(l.t.R), "price.past") || near(p.ListFen-p.PriceFen) && l.any(l.clauseAt(q.Start).from, l.clauseAt(q.Start).to, listed("price.price_holds.difference")...) {
		return true
	}
	c := l.clauseAt(q.Start)
	each := l.any(c.from, c.to, listed("price.price_holds.each")...) || l.holds(max(c.from-8, 0), c.to, "price.shared")
	for _, n := range p.divisors() {
		if n.n > 1 && each && near(p.PriceFen/n.n) {
			return true
		}
		if n.n > 1 && each && n.approxNear(p.PriceFen, fen) {
			return true
		}
	}
	for k := int64(2); k <= 6; k++ {
		if near(p.PriceFen*k) || near(p.ListFen*k) {
			return true
		}
	}
	return false
}

type divisor struct{ n int64 }

func (d divisor) approxNear(price, fen int64) bool {
	unit := price / d.n
	return unit > 0 && abs(unit-fen)*100 <= unit*12
}

// divisors are the numbers a price may be told by: pieces, jin, sheets.
func (p *product) divisors() []divisor {
	var ds []divisor
	for _, c := range p.counts {
		ds = append(ds, divisor{c.Value / 1000})
	}
	if p.weight.Dim == quantity.Mass {
		ds = append(ds, divisor{p.weight.Value / 500_000}, divisor{p.weight.Value / 50_000}, divisor{p.weight.Value / 1_000_000})
	}
	if p.weight.Dim == quantity.Mass || p.weight.Dim == quantity.Volume {
		ds = append(ds, divisor{p.weight.Value / 1000}, divisor{p.weight.Value / 100_000})
	}
	for _, n := range p.trueCounts() {
		ds = append(ds, divisor{n / 1000})
	}
	return ds
}

func (l *line) compareList(i int, fen int64) {
	q, p := l.q[i], l.p
	l.used[i] = true
	for _, m := range l.marks {
		if m.Category == CategoryBrand && !m.right {
			return // the sum is said of the brand's goods
		}
	}
	list := p.ListFen
	tol := list / 100
	if q.Approx {
		tol = list / 20
	}
	switch {
	case list == 0 && p.PriceFen > 0 && fen > p.PriceFen+p.PriceFen/100 || list == 0 && p.PriceFen == 0 && fen > 0 && l.any(0, len(l.t.R), listed("price.compare_list.near")...):
		f := l.factOf(sheet.FieldListPrice)
		f.Value = yuan(fen)
		l.wrong(CategoryPrice, VerdictUnsupported, q.Start, q.End, "price.reference", f)
	case list > 0 && fen > list+tol && (q.Lo > list || q.Lo == quantity.NegInf):
		f := l.factOf(sheet.FieldListPrice)
		f.Value = yuan(fen)
		f.compute("原价 %s 对 %s，高 %s", yuan(fen), yuan(list), yuan(fen-list))
		f.computeEN("original price %s against %s, %s higher", yen(fen), yen(list), yen(fen-list))
		l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.reference", f)
	case list > 0 && abs(fen-list) <= tol:
		l.bears(CategoryPrice, sheet.FieldListPrice, q.Start, q.End)
	case list > 0:
		l.right(CategoryPrice, q.Start, q.End)
	}
}

// discount compares 五折 with what price and crossed-out price come to.
func (l *line) discount(i int) {
	q, p := l.q[i], l.p
	if p.ListFen == 0 || p.PriceFen == 0 || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) || l.any(max(q.Start-4, 0), q.Start, listed("price.discount.before")...) || l.ahead(q.End, listed("price.discount.after")...) {
		return
	}
	have := p.PriceFen * 1_000_000 / p.ListFen
	tol := int64(15_000)
	if q.Approx || l.any(max(q.Start-6, 0), q.Start, "差不多", "大概", "约") {
		tol = 50_000
	}
	upper := q.Value
	if q.Hi != quantity.PosInf {
		upper = max(upper, min(q.Hi, upper+95_000)) // 六折多, 六折出头
	}
	if have <= upper+tol {
		l.bears(CategoryPrice, sheet.FieldPrice, q.Start, q.End)
		return
	}
	f := l.factOf(sheet.FieldPrice)
	f.Value = l.span(q.Start, q.End)
	f.compute("%s ÷ %s = %s 对 %s", yuan(p.PriceFen), yuan(p.ListFen), percent(have), percent(q.Value))
	f.computeEN("%s ÷ %s = %s to pay, against %s said", yen(p.PriceFen), yen(p.ListFen), percent(have), percent(q.Value))
	l.wrong(CategoryPrice, VerdictContradicted, q.Start, q.End, "price.discount", f)
}

// lowest finds "the lowest price anywhere, ever".
func (l *line) lowest() {
	p := l.p
	for _, m := range l.m {
		if m.Term.Class != lexicon.Lowest || l.stanceOf(m.Start, m.End) != asserted {
			continue
		}
		if !l.waived && (l.isOwnRecord(hit{from: m.Start, to: m.End}) == holds || l.lowestTold(l.clauseAt(m.Start))) {
			l.right(CategoryPrice, m.Start, m.End)
			continue
		}
		if !l.lowestOfPrice(m) {
			continue
		}
		v := VerdictUnsupported
		f := l.factOf(sheet.FieldLowest30D)
		if p.Lowest30DFen > 0 && p.PriceFen > p.Lowest30DFen || l.u.SKU != "" && p.Lowest30DFen > 0 && p.PriceFen == 0 {
			v = VerdictContradicted
			f.compute("近30天最低 %s，现价 %s", yuan(p.Lowest30DFen), yuan(p.PriceFen))
			f.computeEN("lowest in 30 days %s, now %s", yen(p.Lowest30DFen), yen(p.PriceFen))
		}
		l.wrong(CategoryPrice, v, m.Start, m.End, "price.lowest", f)
		return
	}
}

// lowestOfPrice keeps 最低 for prices: not 最低档, 最低温.
func (l *line) lowestOfPrice(m lexicon.Match) bool {
	switch m.Term.Name {
	case "最低":
		return l.any(max(m.Start-8, 0), min(m.End+6, len(l.t.R)), listed("price.lowest_of_price.near")...) && !l.ahead(m.End, listed("price.lowest_of_price.after")...)
	case "底价", "破价", "骨折价", "跳楼价", "地板价":
		return true
	}
	return true
}
