package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// What an amount measures is told by more than its unit: hosts also say what a
// parcel weighs with its box, what their own cat weighs, how much was asked last
// week. Such a line mostly gives the true amount of the goods too, and names
// whose the other one is.

// spoken reports whether amount i is asserted of the goods on sale.
func (l *line) spoken(i int) bool {
	q := l.q[i]
	return l.stanceOf(q.Start, q.End) == asserted && !l.ofOtherThings(q.Start) && !l.deniedAmount(i)
}

// ofOtherThings reports whether the words at i are said of other goods or of the
// host's own life. What becomes of his own body is told to praise the goods, so
// effects are asked only whether they are elsewhere.
func (l *line) ofOtherThings(i int) bool {
	return l.elsewhere(i) || l.ofPrivateLife(i) || l.ofAnotherObject(i) || l.setSideBySide(i) || l.ofTheTrade(i) || l.ofAKind(i)
}

// ofAKind reports whether the clause says how things of another kind are, which
// it names first: 扫地机器人一般也就三千帕.
func (l *line) ofAKind(i int) bool {
	c := l.clauseAt(i)
	at, _ := l.first(c.from, i, "beside.generic")
	if at < c.from+2 || l.waived || l.ownFrom(c.from, at) >= 0 || l.any(c.from, at, listed("beside.of_a_kind.these")...) {
		return false
	}
	m, ok := l.match(lexicon.Product, c.from, at)
	return !ok || m.Start > c.from
}

// ofTheTrade reports whether the words at i are what the trade says of all such
// goods: 四斤鲜肉出一斤干是行里的大概数, 姆米那是纯真丝才论的.
func (l *line) ofTheTrade(i int) bool {
	if l.waived {
		return false
	}
	from, to := l.around(i, 1)
	c := l.clauseAt(i)
	return l.holds(from, to, "beside.custom") && l.ownFrom(c.from, c.to) < 0 && !l.any(c.from, c.to, "这")
}

// changed reports whether amount i is one of two that tell what becomes of
// goods, and not what they weigh: 化完冻大概九百克, 四斤鲜肉出一斤干.
func (l *line) changed(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if at, _ := l.first(c.from, q.Start, "weight.afterwards"); at >= 0 && !l.waived {
		return true
	}
	for _, o := range l.q {
		from, to := min(o.End, q.End), max(o.Start, q.Start)
		if o.Dim == q.Dim && o.Start != q.Start && c.holds(o.Start) && from < to && to-from <= 8+14*b2i(l.latin) && l.holds(from, to, "weight.yields") && !l.waived {
			return true
		}
	}
	return false
}

// setSideBySide reports whether the clause only says that two things are not
// one: 泰国银和九二五是两种叫法.
func (l *line) setSideBySide(i int) bool {
	c := l.clauseAt(i)
	at, _ := l.first(i, c.to, "beside.apart")
	return at >= 0 && !l.waived
}

// ofAnotherObject reports whether the clause tells of a parcel, a gift, the bed
// or the stove that goods are used with, and not of a part of the goods.
func (l *line) ofAnotherObject(i int) bool {
	if l.waived || l.p == nil {
		return false
	}
	c := l.clauseAt(i)
	for _, m := range l.frames {
		if m.Start >= i {
			break
		}
		if m.Term.Name != "thing.other" || m.Start < c.from || i-m.End > 8+14*b2i(l.latin) {
			continue
		}
		thing := l.part(m.Start, m.End)
		if contains(l.p.allText, thing) || l.behind(m.Start, listed("beside.of_another_object.before")...) || m.Start-c.from > 4+8*b2i(l.latin) {
			continue
		}
		return !l.mentionsGoods(c)
	}
	return false
}

// deniedAmount reports whether the same amount is denied elsewhere in the line:
// 没有三十个，三十个得多小的果.
func (l *line) deniedAmount(i int) bool {
	if l.waived {
		return false
	}
	q := l.q[i]
	for j, o := range l.q {
		if j != i && o.Dim == q.Dim && o.Value == q.Value && l.stanceOf(o.Start, o.End) == negated {
			return true
		}
	}
	return false
}

// ofPrivateLife reports whether the clause of the words at i is about the host
// himself, his kin or what is theirs, and not about the goods.
func (l *line) ofPrivateLife(i int) bool {
	if l.waived {
		return false
	}
	c := l.clauseAt(i)
	if l.ownFrom(c.from, c.to) >= 0 || l.any(c.from, c.to, "这") || l.mentionsGoods(c) {
		return false
	}
	if at, _ := l.first(c.from, min(c.from+8, c.to), "life.weighs"); at >= 0 {
		return true
	}
	if l.has(c.from, "my ") || l.has(c.from, "our family") {
		return !l.holds(c.from, min(c.from+16, c.to), "life.trade")
	}
	at, n := l.first(c.from, min(c.from+8, c.to), "life.own")
	if kin, m := l.first(c.from, min(c.from+8, c.to), "aside.kin"); kin >= 0 && (at < 0 || kin < at) {
		at, n = kin, m
	}
	return at >= 0 && at-c.from <= 2 && at+n <= i
}

// after is the clause behind c in its sentence, nil where there is none.
func (l *line) after(c *clause) *clause {
	k := l.clauseIndex(c.from) + 1
	if k == 0 || k >= len(l.cl) || l.cl[k].sentence != c.sentence {
		return nil
	}
	return &l.cl[k]
}

// mentionsGoods reports whether a clause names goods of the sheet.
func (l *line) mentionsGoods(c *clause) bool {
	_, ok := l.match(lexicon.Product, c.from, c.to)
	return ok
}

// besidesTrue reports whether a wrong amount stands beside the true one, which
// the goods then have: the other is a parcel's, a limit's, last week's. Words
// that add (到手, 加起来, 其实) make it a claim beside the true one.
func (l *line) besidesTrue(m *mark) bool {
	if l.waived {
		return false
	}
	switch m.Rule {
	case "weight.other", "size.other":
	case "price.below":
		return l.pricedAfter(m)
	default:
		return false
	}
	said, ok := l.amountAt(m.from, m.to)
	if !ok {
		return false
	}
	for i := range l.marks {
		o := &l.marks[i]
		if !o.right || o.Category != m.Category {
			continue
		}
		if q, ok := l.amountAt(o.from, o.to); ok && q.Dim == said.Dim && !multipleOf(said.Value, q.Value) && !l.holds(max(min(o.from, m.from)-4, 0), max(o.to, m.to)+4, "beside.adds") {
			return true
		}
	}
	return false
}

// multipleOf reports whether an amount is several times another, as what several
// pieces come to is: 一罐半斤, 两罐一斤.
func multipleOf(v, one int64) bool { return one > 0 && v > one && v%one == 0 }

// yieldsToOwn reports whether, behind a wrong value, the host turns to his own
// goods and gives the true one: 八罐装的是超市版本，我们这边六罐. What he hands over
// besides (给你, 到手) is claimed all the same.
func (l *line) yieldsToOwn(m *mark) bool {
	k := l.clauseIndex(m.from)
	if k < 0 || l.waived || m.Fact == "" {
		return false
	}
	switch m.Category {
	case CategoryWeight, CategorySize, CategoryQuantity, CategoryPrice, CategoryMaterial, CategoryOrigin, CategoryIngredient, CategoryPromise:
	case CategoryCredential:
		if m.Rule != "metric" {
			return false
		}
	default:
		return false
	}
	c := &l.cl[k]
	if l.ownFrom(c.from, c.to) >= 0 || l.any(c.from, m.from, listed("beside.yields_to_own.near")...) || l.holds(c.from, c.to, "beside.adds") || m.Rule == "price.reference" || m.Rule == "price.discount" {
		return false
	}
	for j := k + 1; j < len(l.cl) && j <= k+2 && l.cl[j].sentence == c.sentence; j++ {
		o := &l.cl[j]
		if l.turnsOwn(o) && !l.holds(o.from, o.to, "beside.adds") && (l.rightIn(m.Category, o) || l.factIn(o, m.Fact)) {
			return true
		}
	}
	return false
}

// turnsOwn reports whether a clause begins with the host's own goods.
func (l *line) turnsOwn(c *clause) bool {
	return l.ownFrom(c.from, min(c.from+5+10*b2i(l.latin), c.to)) >= 0 || l.any(c.from, min(c.from+3, c.to), "这", "我们", "咱")
}

// factIn reports whether a clause says a number that the fact holds.
func (l *line) factIn(c *clause, fact string) bool {
	for _, f := range amounts(fact) {
		for _, q := range l.q {
			if c.holds(q.Start) && q.Number.Valid() && q.Number == f.Number && l.stanceOf(q.Start, q.End) == asserted {
				return true
			}
		}
	}
	return false
}

// pricedAfter reports whether the price of the sheet is said behind a lower one,
// which then was the price before: 三十六块九那场过去了，现在三十九块九.
func (l *line) pricedAfter(m *mark) bool {
	for i := range l.marks {
		o := &l.marks[i]
		if !o.right || o.Category != CategoryPrice || o.from < m.to {
			continue
		}
		q, ok := l.amountAt(o.from, o.to)
		if !ok || l.holds(max(o.from-8, 0), o.from, "beside.was") || l.any(max(o.from-8, 0), o.from, listed("price.list")...) {
			continue
		}
		fen := q.Value
		if q.Dim == quantity.Bare {
			fen /= 10
		}
		if abs(fen-l.p.PriceFen)*100 <= l.p.PriceFen {
			return true
		}
	}
	return false
}

// amountAt is the amount that stands in [from, to).
func (l *line) amountAt(from, to int) (quantity.Quantity, bool) {
	for _, q := range l.q {
		if q.Start >= from && q.Start < to {
			return q, true
		}
	}
	return quantity.Quantity{}, false
}

// orders is how many orders a line speaks of, 1 where it speaks of one: 拍两单,
// or a sum that so many orders cost.
func (l *line) orders() int64 {
	for _, q := range l.q {
		n := q.Value / 1000
		if q.Dim != quantity.Count || n < 2 || n > 50 {
			continue
		}
		if q.Unit == "单" || q.Unit == "份" && l.inOrder("份") == 0 && l.behind(q.Start, listed("beside.orders.take")...) {
			return n
		}
		for _, o := range l.q {
			fen := o.Value
			switch o.Dim {
			case quantity.Bare:
				fen /= 10
			case quantity.Money:
			default:
				continue
			}
			if want := l.p.PriceFen * n; want > 0 && abs(fen-want)*100 <= want {
				return n
			}
		}
	}
	return 1
}
