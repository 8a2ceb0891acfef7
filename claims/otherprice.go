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
		if dear && q.Start > i && l.any(i, q.Start, "少说", "起码", "至少", "打底", "怎么也得", "都得", "就得", "都要", "得要", "没有个", "没个") {
			return true
		}
	}
	return false
}

// goodsAt reports whether the amount q prices the goods named at i.
func (l *line) goodsAt(q quantity.Quantity, i int) bool {
	return l.any(q.End, i, "的", "卖", "包邮", "买") && !l.any(q.End, i, "这", "我们", "给", "原价", "成本") && !l.behind(q.Start, "才", "只要", "只卖", "就", "今天", "到手", "直降", "减", "立减", "第", "卖你", "省", "便宜", "原价")
}
