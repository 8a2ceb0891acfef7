package claims

import "liveroom/claims/quantity"

// pricedElse reports whether the words at i tell of goods of another price
// than these: 三百多的真丝, 真丝四件套少说两千.
func (l *line) pricedElse(i int) bool {
	if l.waived || l.p == nil || l.p.PriceFen == 0 {
		return false
	}
	c := l.clauseAt(i)
	for _, q := range l.q {
		if q.Start >= c.to {
			break
		}
		if q.Start < c.from {
			continue
		}
		fen := q.Hi
		if q.Hi == quantity.PosInf {
			fen = q.Lo
		}
		switch q.Dim {
		case quantity.Bare:
			fen /= 10
		case quantity.Money:
		default:
			continue
		}
		dear := fen*2 > l.p.PriceFen*3
		apart := dear || fen*3 < l.p.PriceFen*2
		if apart && (fen >= 1000 || q.Dim == quantity.Money && fen >= 500) && q.End <= i && i-q.End <= 5 && l.goodsAt(q, i) {
			return true
		}
		if dear && q.Start > i && l.any(i, q.Start, listed("otherprice.priced_else.near")...) {
			return true
		}
	}
	return false
}

// goodsAt reports whether the amount q prices the goods named at i.
func (l *line) goodsAt(q quantity.Quantity, i int) bool {
	return l.any(q.End, i, listed("otherprice.goods_at.sells")...) && !l.any(q.End, i, listed("otherprice.goods_at.own")...) && !l.behind(q.Start, listed("otherprice.goods_at.before")...)
}
