package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// anotherFigure reports whether a number without unit is some other figure than
// a price: one of two that are multiplied, so many of something, a slip for a number
// of pieces.
func (l *line) anotherFigure(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if l.ahead(q.End, listed("figure.another_figure.after")...) || l.behind(q.Start, listed("figure.another_figure.before")...) {
		return true
	}
	if _, told := l.match(lexicon.PriceCue, c.from, c.to); told {
		return false
	}
	return l.slipOfPieces(i)
}

// slipOfPieces reports whether a number without unit corrects, or is corrected
// by, a number of pieces: 一箱八十, 抱歉, 是七十二片.
func (l *line) slipOfPieces(i int) bool {
	at := l.correctedAt()
	if at < 0 {
		return false
	}
	q := l.q[i]
	for _, o := range l.q {
		if o.Dim == quantity.Count && o.Value >= 2000 && (o.Start < at) != (q.Start < at) {
			return true
		}
	}
	return false
}
