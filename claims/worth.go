package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A reference price is told without the word for one: what shops are said to
// ask, what the gold alone would cost, what a single piece goes for. The sheet
// has one crossed-out price or none; in which currency the sum is told makes no
// difference where it has none.

// worthTold holds the first such sum against the sheet.
func (l *line) worthTold() {
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Money || l.stanceOf(q.Start, q.End) != asserted || l.aside(q.Start) && !l.broughtThere(q.Start) {
			continue
		}
		dear := l.p.PriceFen == 0 || q.Value > l.p.PriceFen+l.p.PriceFen/100
		if !dear || !l.inShops(i) && !l.ofPartAlone(i) && !l.aPiece(i) {
			continue
		}
		l.compareList(i, q.Value)
		if !l.used[i] || l.marked(CategoryPrice) {
			return
		}
		f := l.factOf(sheet.FieldListPrice)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryPrice, VerdictUnsupported, q.Start, q.End, "price.reference", f)
		return
	}
}

// inShops reports whether an amount is what the goods are said to fetch in
// shops: in a jeweller's that would go in at five thousand pounds. Words of fetching
// must stand in the amount's own clause or end the one before.
func (l *line) inShops(i int) bool {
	q := l.q[i]
	k := l.clauseIndex(q.Start)
	if k < 0 {
		return false
	}
	from, to := l.around(q.Start, 3)
	if !l.latin {
		from, to = l.around(q.Start, 1)
	}
	if !l.holds(from, to, "worth.shop") {
		return false
	}
	lo := l.cl[k].from
	if k > 0 && l.latin && i > 0 && l.q[i-1].End >= l.cl[k-1].to-1 && l.q[i-1].End <= l.cl[k-1].to {
		lo = l.cl[k-1].from // at least five, six thousand
	}
	at, n := l.first(max(lo, q.Start-16-24*b2i(l.latin)), q.Start, "worth.would")
	return at >= 0 && !l.any(at+n, q.Start, listed("worth.in_shops.near")...)
}

// broughtThere reports whether it is the goods on sale that are thought to stand
// in a shop, where a sum with 起码 would else be said of dearer ones.
func (l *line) broughtThere(i int) bool {
	from, to := l.around(i, 1)
	return l.any(from, to, listed("worth.brought_there.near")...)
}

// ofPartAlone reports whether an amount is what a stuff of the goods is said to
// cost by itself: 光料子就要三百, £180 for the gold alone.
func (l *line) ofPartAlone(i int) bool {
	from, to := l.around(l.q[i].Start, 3)
	if !l.latin {
		from, to = l.around(l.q[i].Start, 1)
	}
	alone, _ := l.first(from, to, "worth.alone")
	if alone < 0 || !l.holds(from, to, "worth.comes") {
		return false
	}
	if _, ok := l.match(lexicon.Material, from, to); ok {
		return true
	}
	return l.any(from, to, listed("worth.of_part_alone.near")...)
}

// aPiece reports whether an amount is what one of several pieces is said to go
// for, where all of them cost less: they're 35 quid a go, in a set for 17.
func (l *line) aPiece(i int) bool {
	q := l.q[i]
	pieces := int64(0)
	for _, c := range l.p.counts {
		pieces = max(pieces, c.Value/1000)
	}
	if pieces < 2 || l.p.PriceFen == 0 || q.End < len(l.t.R) && fold.Digit(l.t.R[q.End]) {
		return false
	}
	at, _ := l.first(q.End, min(q.End+8, len(l.t.R)), "worth.each")
	if at < 0 {
		at, _ = l.first(max(l.clauseAt(q.Start).from, q.Start-8), q.Start, "worth.each")
	}
	return at >= 0 && (at <= q.End+1 || at < q.Start)
}
