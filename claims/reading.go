package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// Some amounts can be read in several ways: 二十九块九十个 is ninety pieces or
// 29.9 for ten, 七分羊毛 is a score or seven tenths, 一块 is a coin or a piece.
// What the sheet has decides.

// readAgain reads such amounts of the line anew.
func (l *line) readAgain() {
	if l.p == nil {
		return
	}
	for i := range l.q {
		l.pieceNotCoin(i)
		if i+1 < len(l.q) {
			l.shareOutDigits(i)
		}
	}
	l.tenths()
}

// pieceNotCoin reads the 一块 of 八克一块 as a piece, where the goods cost more
// than a coin.
func (l *line) pieceNotCoin(i int) {
	const coin, dear = 100, 500
	q := &l.q[i]
	if q.Dim != quantity.Money || q.Value != coin || l.t.R[q.End-1] != '块' || l.p.PriceFen < dear {
		return
	}
	measures := func(o quantity.Quantity) bool { return o.Dim == quantity.Mass || o.Dim == quantity.Length }
	if i > 0 && l.q[i-1].End == q.Start && measures(l.q[i-1]) || i+1 < len(l.q) && l.q[i+1].Start == q.End && measures(l.q[i+1]) {
		q.Dim, q.Unit, q.Value, q.Lo, q.Hi = quantity.Count, "块", 1000, 1000, 1000
	}
}

// shareOutDigits gives the first digit of an amount to the sum before it, where
// that makes the sum the price: 二十九块九十个 at 29.9.
func (l *line) shareOutDigits(i int) {
	a, b := l.q[i], l.q[i+1]
	if a.Dim != quantity.Money || a.Fine || a.End != b.Start || l.t.R[a.End-1] != '块' || b.NumEnd-b.Start < 2 || b.Dim != quantity.Count && b.Dim != quantity.Mass && b.Dim != quantity.Volume {
		return
	}
	digit, ok := quantity.At(l.t.R[:b.Start+1], b.Start)
	if !ok || digit.Dim != quantity.Bare || digit.Value < 1000 || digit.Value > 9000 {
		return
	}
	sum := a.Value + digit.Value/100
	rest, ok := quantity.At(l.t.R, b.Start+1)
	if !ok || rest.Dim != b.Dim || rest.End != b.End || abs(sum-l.p.PriceFen)*200 > l.p.PriceFen {
		return
	}
	a.Value, a.Lo, a.Hi, a.End, a.Fine = sum, sum, sum, b.Start+1, true
	l.q[i], l.q[i+1] = a, rest
}

// tenths reads 七分羊毛三分羊绒 and 羊毛七羊绒三 as tenths: digits beside what goods
// are made of, two of them with 分, or all of which come to ten.
func (l *line) tenths() {
	var scores, digits []int
	sum := int64(0)
	for i, q := range l.q {
		n := q.Number.Num
		if q.Dim != quantity.Bare || q.Number.Den != 1 || n < 1 || n > 9 || q.Lo != q.Hi {
			continue
		}
		end := q.End
		score := end < len(l.t.R) && l.t.R[end] == '分' && (end+1 == len(l.t.R) || !in(l.t.R[end+1], "之钱钟秒店明米"))
		if score {
			end++
		}
		if !l.partBeside(q.Start, end) {
			continue
		}
		if score {
			scores = append(scores, i)
		} else {
			digits = append(digits, i)
			sum += n
		}
	}
	if len(scores) < 2 {
		scores = nil
	}
	if len(digits) < 2 || sum != 10 {
		digits = nil
	}
	for k, i := range append(scores, digits...) {
		q := &l.q[i]
		if k < len(scores) {
			q.End++
		}
		v := q.Number.Num * 100_000
		q.Dim, q.Unit, q.Value, q.Lo, q.Hi = quantity.Ratio, "cheng", v, v, v
	}
}

// partBeside reports whether a material or an ingredient begins or ends right
// beside [from, to).
func (l *line) partBeside(from, to int) bool {
	for _, m := range l.m {
		if (m.Term.Class == lexicon.Material || m.Term.Class == lexicon.Ingredient) && (m.End == from || m.Start == to) {
			return true
		}
	}
	return false
}

// outOf reports whether an amount is one of a pair that tells a share: 十斤里头九斤是
// 虾.
func (l *line) outOf(i int) bool {
	pair := func(whole, part quantity.Quantity) bool {
		gap := part.Start - whole.End
		return gap >= 1 && gap <= 6 && whole.Dim == part.Dim && whole.Unit == part.Unit && part.Value <= whole.Value && l.any(whole.End, part.Start, listed("reading.out_of.among")...) && !l.any(whole.End, part.Start, listed("reading.out_of.beside")...)
	}
	return i > 0 && pair(l.q[i-1], l.q[i]) && l.roundNumber(i-1) || i+1 < len(l.q) && pair(l.q[i], l.q[i+1]) && l.roundNumber(i)
}

// roundNumber reports whether shares are told of so many: ten, a hundred, one.
func (l *line) roundNumber(i int) bool {
	n := l.q[i].Number
	return n.Den == 1 && (n.Num == 1 || n.Num == 10 || n.Num == 100 || n.Num == 1000)
}

// ownFigure reports whether a number without unit is one that the sheet has for
// something other than the price, and no word of prices stands near: 牛肉将近九成，
// 八十八.
func (l *line) ownFigure(q quantity.Quantity) bool {
	if q.Dim != quantity.Bare || q.Number.Den != 1 || !l.p.figures[q.Number.Num] {
		return false
	}
	c := l.clauseAt(q.Start)
	if _, ok := l.match(lexicon.PriceCue, c.from, c.to); ok {
		return false
	}
	for _, o := range l.q {
		if o.End <= q.Start && q.Start-o.End <= 4 && o.Start >= c.from-12 && (o.Dim == quantity.Ratio || o.Dim == quantity.Bare && l.p.figures[o.Number.Num]) {
			return true
		}
	}
	if k := l.clauseIndex(q.Start); k > 0 && l.cl[k-1].sentence == c.sentence && c.to-c.from <= q.End-q.Start+1 {
		for _, class := range []lexicon.Class{lexicon.Ingredient, lexicon.Material} {
			if _, ok := l.match(class, max(l.cl[k-1].from, c.from-10), c.from); ok {
				return true // 鸡肉打头，八十五
			}
		}
	}
	if k := l.clauseIndex(q.Start); c.to-c.from <= q.End-q.Start+1 {
		for j := k - 1; j >= max(k-2, 0); j-- {
			if o := &l.cl[j]; o.question || o.end == '?' {
				return !l.holds(o.from, o.to, "price.asked") // 有五个点吗，没有，两个
			}
		}
	}
	return c.to-c.from > q.End-q.Start+1 && !l.any(c.from, c.to, listed("reading.own_figure.near")...)
}

// twoShares reports whether English says two shares that make a whole: wool
// cashmere, seventy thirty.
func (l *line) twoShares(q quantity.Quantity) bool {
	if !l.latin || q.Alt/1000+q.Alt%1000/10 != 100 {
		return false
	}
	_, ok := l.match(lexicon.Material, 0, len(l.t.R))
	return ok
}

// readFigures notes the whole numbers that the sheet has for anything but sums.
func (p *product) readFigures() {
	p.figures = map[int64]bool{}
	note := func(q quantity.Quantity) {
		if q.Number.Den == 1 && q.Number.Num >= 10 {
			p.figures[q.Number.Num] = true
		}
	}
	for _, parts := range [][]partFact{p.materials, p.parts} {
		for i := range parts {
			note(parts[i].q)
		}
	}
	for i := range p.metrics {
		note(p.metrics[i].q)
	}
	for _, q := range p.sizes {
		note(q)
	}
	note(p.weight)
	for _, cell := range append(p.Variety, p.Name) {
		for _, q := range amounts(cell) {
			note(q)
		}
	}
}

// heldAmount reports whether an amount that the sheet has for a figure or a part,
// in the same measure, is said in [from, to).
func (l *line) heldAmount(from, to int) bool {
	for _, q := range l.q {
		if q.Start < from || q.Start >= to {
			continue
		}
		same := func(f *quantity.Quantity) bool {
			return f.Value == q.Value && f.Dim == q.Dim && unitKind(f.Unit) == unitKind(q.Unit) && (q.Dim != quantity.Bare || q.Value >= 10_000)
		}
		for i := range l.p.metrics {
			if same(&l.p.metrics[i].q) {
				return true
			}
		}
		for i := range l.p.parts {
			if same(&l.p.parts[i].q) {
				return true
			}
		}
	}
	return false
}

// lowestTold reports whether a clause tells the lowest price of late as the sheet
// has it: 近一个月最低八十九，今天九十九.
func (l *line) lowestTold(c *clause) bool {
	if l.p == nil || l.p.Lowest30DFen == 0 {
		return false
	}
	to := c.to
	if n := l.after(c); n != nil && to-c.from < 12 {
		to = n.to
	}
	for _, q := range l.q {
		if q.Start >= c.from && q.Start < to && sumLike(q) && abs(fenOf(q)-l.p.Lowest30DFen)*200 <= l.p.Lowest30DFen {
			return true
		}
	}
	return false
}
