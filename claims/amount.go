package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// keepAmounts drops numbers that stand inside names and words.
func (l *line) keepAmounts() {
	out := l.q[:0]
	for _, q := range l.q {
		if l.inName[q.Start] || l.wordHolds(q) || l.behind(q.Start, "唯") {
			continue
		}
		if q.Unit == "gbp" && l.t.R[q.Start] != '£' && l.poundsOfWeight(q) {
			q.Dim, q.Unit = quantity.Mass, "lb"
			if v, ok := q.Number.Times(453_592, 1); ok {
				q = reweighed(q, v)
			}
		}
		q = l.slangMoney(q)
		if l.p != nil && l.p.powered() {
			q, _ = inWatts(l.t.R, q)
		}
		out = append(out, q)
	}
	l.q = out
	l.readAgain()
	l.used = append(l.used[:0], make([]bool, len(l.q))...)
}

// reweighed gives an amount another value and keeps the bounds around it open.
func reweighed(q quantity.Quantity, v int64) quantity.Quantity {
	if q.Lo != quantity.NegInf {
		q.Lo = v
	}
	if q.Hi != quantity.PosInf {
		q.Hi = v
	}
	q.Value = v
	return q
}

// poundsOfWeight tells pounds that weigh from pounds that pay.
func (l *line) poundsOfWeight(q quantity.Quantity) bool {
	c := 0
	for i := q.Start; i > 0 && l.t.R[i] != '.'; i-- {
		c = i
	}
	if l.any(c, len(l.t.R), listed("amount.pounds_of_weight.near")...) {
		return true
	}
	return l.p != nil && l.p.weight.Dim == quantity.Mass && (l.p.PriceFen == 0 || q.Value*4 < l.p.PriceFen)
}

// wordHolds reports whether a longer word holds the number: 五常, 三七, 一样.
func (l *line) wordHolds(q quantity.Quantity) bool {
	for _, m := range l.all {
		if m.Start > q.Start {
			break
		}
		if m.Start <= q.Start && m.End >= q.NumEnd && m.End-m.Start > q.NumEnd-q.Start && m.End >= min(q.End, q.NumEnd+1) {
			switch m.Term.Class {
			case lexicon.Attribute, lexicon.PriceCue, lexicon.Value, lexicon.Part, lexicon.SelfTarget, lexicon.Treat, lexicon.Frame, lexicon.Outcome, lexicon.Promise, lexicon.Guarantee, lexicon.Negation, lexicon.Material, lexicon.OtherTarget:
			default:
				return true
			}
		}
	}
	return false
}
