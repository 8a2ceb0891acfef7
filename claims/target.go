package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// findProduct decides which product a line speaks of: one that it points at by
// name, else the product on air.
func (l *line) findProduct() {
	l.p = l.c.bySKU[l.u.SKU]
	named := l.namedProduct(l.m)
	switch {
	case l.p == nil && named != nil:
		l.p = named
	case named != nil && named != l.p && !l.mentions(l.p) && l.pointsAway(named):
		l.p = named
	case l.p == nil && l.u.SKU == "":
		if l.p = l.soundsLike(); l.p != nil {
			l.bySound = true
			return
		}
		l.p = l.spokenOf()
	}
}

// namedProduct is the product whose name, alias or brand is said at greatest
// length.
func (l *line) namedProduct(ms []lexicon.Match) *product {
	score := map[int]int{}
	best, at := 0, -1
	for _, m := range ms {
		if m.Term.Class != lexicon.Product {
			continue
		}
		i := m.Term.Index
		score[i] += m.End - m.Start
		if s := score[i]; s > best {
			best, at = s, i
		}
	}
	if at < 0 {
		return nil
	}
	return l.c.products[at]
}

func (l *line) mentions(p *product) bool {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Product && m.Term.Index == p.index {
			return true
		}
	}
	return false
}

// pointsAway reports whether a product other than the one on air is pointed
// at: "刚才那条围巾", "三号链接", or as before in the room.
func (l *line) pointsAway(p *product) bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Product || m.Term.Index != p.index {
			continue
		}
		if l.any(m.Start, m.End, "号链接") {
			return !l.behind(m.Start, listed("target.points_away.before")...)
		}
		for _, that := range listed("target.points_away.words") {
			if l.any(max(m.Start-6, 0), m.Start, that) && !l.behind(m.Start, "比") {
				return true
			}
		}
	}
	hosts := 0
	for i := len(l.before) - 1; i >= 0 && hosts < 2; i-- {
		if l.before[i].Speaker == SpeakerViewer {
			continue
		}
		hosts++
		prev := fold.String(l.before[i].Text)
		for _, n := range p.names {
			if contains(prev, "那") && contains(prev, n) {
				return true
			}
		}
	}
	return false
}

// spokenOf is the product that the room last named.
func (l *line) spokenOf() *product {
	for i := len(l.before) - 1; i >= 0; i-- {
		b := l.before[i]
		if p := l.c.bySKU[b.SKU]; p != nil {
			return p
		}
		if b.Speaker == SpeakerViewer {
			continue
		}
		if p := l.namedProduct(l.c.find(nil, []rune(fold.String(b.Text)))); p != nil {
			return p
		}
	}
	return nil
}

// elsewhere reports whether the words at i are said of something other than the
// goods on sale.
func (l *line) elsewhere(i int) bool {
	if l.waived {
		return false
	}
	c := l.clauseAt(i)
	if l.otherLink(c, i) || l.aside(i) {
		return true
	}
	at := -1
	for _, m := range l.m {
		if m.Start >= i {
			break
		}
		if m.Start < c.from {
			continue
		}
		switch m.Term.Class {
		case lexicon.OtherTarget:
			if !l.behind(m.Start, listed("clause.elsewhere.own")...) && !l.behind(m.Start, listed("clause.elsewhere.compared")...) {
				at = m.End
			}
		case lexicon.SelfTarget:
			at = -1
		}
	}
	return at >= 0
}
