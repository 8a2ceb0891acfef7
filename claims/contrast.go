package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// turnsToOwn drops what is said of other goods before the host turns to his
// own and says that right: "五常的米也好，我们是盘锦的".
func (l *line) turnsToOwn() {
	keep := l.marks[:0]
	for i := range l.marks {
		m := l.marks[i]
		if !m.right && (l.onlyContrast(&m) || l.partOfScare(&m)) {
			continue
		}
		keep = append(keep, m)
	}
	l.marks = keep
}

// partOfScare reports whether what is said of goods only serves to scare or to
// shame: 外头的羽绒服里全是裹尸棉.
func (l *line) partOfScare(m *mark) bool {
	switch m.Category {
	case CategoryMaterial, CategoryOrigin, CategoryBrand, CategoryIngredient:
	default:
		return false
	}
	if c := l.clauseAt(m.from); l.waived || l.ownFrom(c.from, c.to) >= 0 {
		return false
	}
	for i := range l.marks {
		if o := &l.marks[i]; !o.right && o.Category == CategoryConduct && (o.Rule == "conduct.scare" || o.Rule == "conduct.abuse") {
			return true
		}
	}
	return false
}

func (l *line) onlyContrast(m *mark) bool {
	switch m.Category {
	case CategoryMaterial, CategoryOrigin, CategoryBrand, CategoryIngredient:
	default:
		return false
	}
	k := l.clauseIndex(m.from)
	if k < 0 || l.any(l.cl[k].from, l.cl[k].to, listed("own.goods")...) || l.any(l.cl[k].from, m.from, "这") {
		return false
	}
	dear := l.dearer(&l.cl[k])
	for j := k + 1; j < len(l.cl) && j <= k+3 && l.cl[j].sentence == l.cl[k].sentence; j++ {
		c := &l.cl[j]
		if !l.any(c.from, c.to, listed("own.goods")...) {
			continue
		}
		if j == k+1 && l.setsApart(m, &l.cl[k], c) {
			return true
		}
		if dear || l.rightIn(m.Category, c) || l.any(c.from, c.to, listed("contrast.only_contrast.imitation")...) || l.any(m.to, l.cl[k].to, listed("contrast.only_contrast.fine_too")...) {
			return true
		}
	}
	return false
}

// setsApart reports whether the next clause begins with the host's own goods
// and tells how they differ: 烟台的早下市了，我们高原的刚开园.
func (l *line) setsApart(m *mark, told, own *clause) bool {
	if m.Rule != "origin.other" && m.Rule != "origin.unknown" && m.Rule != "brand.other" && m.Rule != "material.other" && m.Rule != "ingredient.present" || l.any(told.from, m.from, listed("contrast.sets_apart.is")...) {
		return false
	}
	at := own.from
	for at < own.to && in(l.t.R[at], " 但可而") {
		at++
	}
	if !l.has(at, "我们") && !l.has(at, "咱") && !l.has(at, "我家") && !l.has(at, "我这") {
		return false
	}
	return l.any(at, own.to, listed("contrast.sets_apart.instead")...)
}

// dearer reports whether a clause tells what other goods cost: a sum well
// above the price of these.
func (l *line) dearer(c *clause) bool {
	if l.p == nil || l.p.PriceFen == 0 || !l.any(c.from, c.to, listed("contrast.dearer.near")...) {
		return false
	}
	for _, q := range l.q {
		if q.Start < c.from || q.Start >= c.to {
			continue
		}
		fen := q.Value
		if q.Dim == quantity.Bare {
			fen /= 10
		} else if q.Dim != quantity.Money {
			continue
		}
		if fen > l.p.PriceFen+l.p.PriceFen/4 {
			return true
		}
	}
	return false
}

func (l *line) rightIn(cat Category, c *clause) bool {
	for i := range l.marks {
		if m := &l.marks[i]; m.right && m.Category == cat && m.from >= c.from && m.from < c.to {
			return true
		}
	}
	return false
}

// takenBack reports whether the words right behind say that this is not what is
// sold here, or is not said: "五常大米我不卖", "能减肥的话我从来不说".
func (l *line) takenBack(k, to int) bool {
	c := &l.cl[k]
	if l.any(to, min(to+14, c.to), listed("contrast.taken_back.near")...) {
		return true
	}
	if k+1 >= len(l.cl) || l.cl[k+1].sentence != c.sentence {
		return false
	}
	n := &l.cl[k+1]
	i := n.from
	for i < n.to && l.t.R[i] == ' ' {
		i++
	}
	for _, w := range listed("contrast.taken_back.words") {
		if l.has(i, w) {
			return true
		}
	}
	return false
}

// ofTen reads "十个有九个", "十个里面八个": a share of people, not pieces.
func (l *line) ofTen(i int) bool {
	q := l.q[i]
	pair := func(a, b quantity.Quantity) bool {
		gap := b.Start - a.End
		return gap >= 0 && gap <= 4 && a.Dim == quantity.Count && b.Dim == quantity.Count && a.Unit == b.Unit && b.Value < a.Value && l.any(a.End, b.Start+1, "有", "里", "中")
	}
	if i > 0 && pair(l.q[i-1], q) {
		return true
	}
	if i+1 < len(l.q) && pair(q, l.q[i+1]) {
		return true
	}
	return q.Value == 10_000 && (l.ahead(q.End, listed("contrast.of_ten.after")...) || l.has(q.End, "吃") || l.has(q.End, "用"))
}

// toldAgain reports whether a number of pieces goes with a price for that many
// orders: "一百一十八两件", "两件再减二十".
func (l *line) toldAgain(i int) bool {
	q := l.q[i]
	if l.ahead(q.End, listed("contrast.told_again.after")...) {
		return true
	}
	if i == 0 || l.q[i-1].End != q.Start {
		return false
	}
	fen := l.q[i-1].Value
	if l.q[i-1].Dim == quantity.Bare {
		fen /= 10
	} else if l.q[i-1].Dim != quantity.Money {
		return false
	}
	want := l.p.PriceFen * (q.Value / 1000)
	return want > 0 && abs(fen-want)*50 <= want
}

// besideRight reports whether a place stands right beside one that holds:
// 六安霍山 names one place twice.
func (l *line) besideRight(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && o.Start != m.Start && (l.placed(o.End, m.Start) || l.placed(m.End, o.Start)) && l.fromThere(o) {
			return true
		}
	}
	return false
}

// placed reports whether nothing but the rank of a place stands between two:
// 凉山州盐源县.
func (l *line) placed(end, start int) bool {
	return start == end || start == end+1 && in(l.t.R[end], "省市州县区镇乡盟旗的")
}
