package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// count compares how many pieces the buyer gets.
func (l *line) count() {
	p := l.p
	if len(p.counts) == 0 {
		l.stockCount()
		return
	}
	l.gifts()
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count || !l.spoken(i) {
			continue
		}
		if l.countAside(i) {
			continue
		}
		l.compareCount(i)
	}
	l.stockCount()
}

// countAside reports whether a number of pieces is not what one order holds:
// orders, stock, a dose, one piece among others.
func (l *line) countAside(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Value < 2000 || q.Value == l.p.Stock*1000 || l.ladder(i) || l.ofTen(i) || l.toldAgain(i) {
		return true
	}
	if q.Unit == "支" && l.behind(q.Start, listed("count.count_aside.cloth")...) {
		return true
	}
	switch q.Unit {
	case "单", "组", "口", "样", "项", "轮", "顿", "杯", "碗", "份", "根", "把", "套", "朵", "串", "头", "层", "款", "顶", "对":
		if q.Unit != "套" && q.Unit != "份" && q.Unit != "对" || !l.any(c.from, c.to, "发", "到手", "给") {
			return true
		}
	case "个":
		if l.any(c.from, q.Start, "码", "尺码", "色号") {
			return true
		}
		if l.ahead(q.End, listed("count.count_aside.units")...) {
			return true
		}
	}
	if l.any(max(c.from, q.Start-6), q.Start, listed("count.count_aside.stock")...) && !l.any(c.from, q.Start, "里面") || n10k(q, l.p) {
		return true
	}
	at := q.Start
	for j := i - 1; j >= 0 && l.q[j].End >= at-1 && l.q[j].Dim == quantity.Count; j-- {
		at = l.q[j].Start
	}
	if l.behind(at, listed("count.count_aside.use")...) || l.behind(at, "里面", "里头") && l.behind(at-2, "个") {
		return true
	}
	if q.Unit == "件" && l.ahead(q.End, "事") || l.any(c.from, q.Start, "有人", "有的人", "收到") {
		return true
	}
	return l.ahead(q.End, listed("count.count_aside.use_after")...) && !l.ahead(q.End, "用半年", "吃两个月") || l.any(c.from, c.to, listed("count.count_aside.own")...) && !l.any(c.from, c.to, "一人一")
}

// n10k: ten thousand pieces are sales, not what is in a box.
func n10k(q quantity.Quantity, p *product) bool {
	return q.Value >= 10_000_000 && q.Value > 50*p.counts[0].Value
}

// ladder reads "两条两百五十八": a price for so many orders. The price of one order
// for more pieces than it holds is no ladder but a false count.
func (l *line) ladder(i int) bool {
	if i+1 >= len(l.q) || l.q[i+1].Start-l.q[i].End > 1 {
		return false
	}
	next := l.q[i+1]
	fen := next.Value
	switch next.Dim {
	case quantity.Money:
	case quantity.Bare:
		fen /= 10
	default:
		return false
	}
	p := l.p
	if p.PriceFen == 0 || fen < 100 || abs(fen-p.PriceFen)*50 <= p.PriceFen {
		return false
	}
	want := p.PriceFen * l.q[i].Value / p.counts[0].Value
	return abs(fen-want)*50 <= want || l.q[i].Start == l.clauseAt(l.q[i].Start).from && fen*4 >= p.PriceFen
}

func (l *line) compareCount(i int) {
	q, p := l.q[i], l.p
	n, orders := q.Value, l.orders()
	for _, truth := range p.pieces {
		if n == truth || n == truth*orders || q.Lo <= truth && truth <= q.Hi && q.Lo != q.Hi {
			l.bears(CategoryQuantity, sheet.FieldQuantity, q.Start, q.End)
			return
		}
	}
	main := p.counts[0]
	same := samePiece(q.Unit, main.Unit) || q.Unit == "打" || q.Unit == "dozen"
	inner := l.innerPiece(i)
	if !same && !inner && !l.handsOver(i) {
		return
	}
	if same && !l.handsOver(i) && !inner && !l.bareCount(i) {
		return
	}
	if n < main.Value && !inner {
		// fewer than the sheet has does no harm, but for a price per piece
		return
	}
	f := l.factOf(sheet.FieldQuantity)
	f.Value = l.span(q.Start, q.End)
	f.against(fmt.Sprint(n/1000), fmt.Sprint(main.Value/1000))
	l.used[i] = true
	l.wrong(CategoryQuantity, VerdictContradicted, q.Start, q.End, "quantity.other", f)
}

// trueCounts are the numbers of pieces one order truly holds.
func (p *product) trueCounts() []int64 {
	if len(p.counts) == 0 {
		return nil
	}
	var ts []int64
	sum := int64(0)
	for _, c := range p.counts {
		ts = append(ts, c.Value)
		sum += c.Value
	}
	ts = append(ts, sum)
	if few, many := p.counts[0].Value/1000, p.counts[len(p.counts)-1].Value; few > 1 && len(p.counts) == 2 {
		if strings.HasPrefix(p.Quantity[len(p.Quantity)-1], "每") {
			ts = append(ts, few*many) // 3瓶 每瓶90片
		} else {
			ts = append(ts, many/few) // 2瓶 120片
		}
	}
	for _, m := range p.metrics {
		if m.q.Dim == quantity.Count {
			ts = append(ts, m.q.Value, m.q.Value/1000*p.counts[0].Value)
		}
	}
	return ts
}

func samePiece(a, b string) bool {
	a, b = pieceOf(a), pieceOf(b)
	if a == b {
		return true
	}
	for _, set := range [][]string{
		{"粒", "颗", "片", "capsules", "capsule", "tablets", "tablet", "pills", "softgels", "softgel"},
		{"包", "袋", "packs", "bags", "pack", "bag", "sachets", "packets"},
		{"瓶", "罐", "桶", "jars", "bottles", "jar", "cans", "bottle", "tins"},
		{"盒", "箱", "boxes", "box"},
		{"支", "只", "枝", "根", "pieces", "masks", "pens"},
		{"片", "贴", "张", "patches"},
		{"件", "pieces", "piece", "只", "set"},
		{"个", "pieces", "只", "粒", "颗"},
		{"饼", "片", "cakes", "cake"},
		{"片", "sheets", "张"},
	} {
		ina, inb := false, false
		for _, s := range set {
			ina = ina || s == a
			inb = inb || s == b
		}
		if ina && inb {
			return true
		}
	}
	return false
}

// innerPiece: "一袋里面有五小包".
func (l *line) innerPiece(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	return l.any(c.from, c.to, listed("count.inner_piece.near")...) && (q.Unit == "包" || q.Unit == "袋" || q.Unit == "小包" || q.Unit == "小袋" || q.Unit == "个")
}

// handsOver reports whether the words say what the buyer gets.
func (l *line) handsOver(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	return l.any(c.from, q.Start, listed("count.hands_over.given")...) ||
		l.any(q.End, min(q.End+8, c.to), listed("count.hands_over.packed")...)
}

// bareCount: a number with the very piece the sheet counts, said first or
// before the goods.
func (l *line) bareCount(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Start-c.from <= 2 {
		return true
	}
	for _, m := range l.m {
		if m.Term.Class == lexicon.Product && m.Start >= c.from && m.End <= c.to {
			return true
		}
	}
	return i > 0 && l.q[i-1].End == q.Start
}

// gifts compares how many gifts are promised with those the sheet lists.
func (l *line) gifts() {
	have, counted := int64(0), false
	for _, raw := range l.p.Quantity {
		if containsAny(raw, "赠", "送", "附") {
			counted = true
			for _, q := range amounts(raw) {
				have += q.Value
			}
		}
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		if q.Dim != quantity.Count || q.Value < 2000 || !l.any(max(c.from, q.Start-8), q.Start, listed("count.gifts.near")...) || l.stanceOf(q.Start, q.End) != asserted || l.any(c.from, c.to, "赠品不") {
			continue
		}
		l.used[i] = true
		if counted && q.Value <= have {
			l.bears(CategoryQuantity, sheet.FieldQuantity, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldQuantity)
		f.Value = l.span(q.Start, q.End)
		v := VerdictUnsupported
		if counted {
			v = VerdictContradicted
			f.compute("赠品 %d 对 %d", q.Value/1000, have/1000)
			f.computeEN("%d gifts against %d", q.Value/1000, have/1000)
		}
		l.wrong(CategoryQuantity, v, q.Start, q.End, "quantity.gift", f)
	}
}

// stockCount compares "only 25 left" with the stock.
func (l *line) stockCount() {
	p := l.p
	if p.Stock < 0 {
		return
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count && q.Dim != quantity.Bare {
			continue
		}
		c := l.clauseAt(q.Start)
		if !l.any(c.from, c.to, listed("count.stock_count.near")...) && !l.any(q.End, min(q.End+30, len(l.t.R)), "that's all i've got") {
			continue
		}
		if q.Value < p.Stock*1000 {
			f := l.factOf(sheet.FieldStock)
			f.Value = l.span(q.Start, q.End)
			l.wrong(CategoryQuantity, VerdictContradicted, q.Start, q.End, "quantity.stock", f)
		}
	}
}
