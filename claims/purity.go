package claims

import "liveroom/claims/lexicon"

// Whether goods are said to be of one material alone, and are of several.

// mixed reports whether the sheet names another body material beside those the
// term is a kind of.
func (l *line) mixed(m lexicon.Match) bool {
	for _, f := range l.p.materials {
		if f.term != nil && !is(m.Term, f.term.Name) {
			return true
		}
	}
	return false
}

// pure reports whether all of it is said to be that material.
func (l *line) pure(m lexicon.Match) bool {
	if l.pureFrom(m) < m.Start {
		return true
	}
	if l.any(m.Start, m.End, listed("material.pure.whole")...) && m.Term.Name != "实木" && m.Term.Name != "足金" && !l.has(m.Start, "全粒面") {
		return true
	}
	c := l.clauseAt(m.Start)
	if l.any(c.from, c.to, listed("material.pure.through")...) {
		return true
	}
	if k := l.clauseIndex(m.Start) + 1; k > 0 && k < len(l.cl) && l.cl[k].to-l.cl[k].from <= 6+16*b2i(l.latin) && l.any(l.cl[k].from, l.cl[k].to, listed("material.pure.share")...) && !l.holds(l.cl[k].from, l.cl[k].to, "pure.none") {
		return true
	}
	return m.End < c.to && l.ahead(m.End, listed("material.pure.after")...) && !l.ahead(m.End, "百分之百分之")
}

func (l *line) pureFrom(m lexicon.Match) int {
	for _, w := range listed("material.pure") {
		if l.behind(m.Start, w) {
			if w == "都是" && !l.any(l.clauseAt(m.Start).from, m.Start, listed("material.pure_from.near")...) {
				continue
			}
			if w == "全" && l.behind(m.Start, "安全", "完全", "健全") {
				continue
			}
			n := 0
			for range w {
				n++
			}
			at := m.Start - n
			if at > 0 && l.t.R[at] == ' ' {
				at++
			}
			return max(at, 0)
		}
	}
	return m.Start
}

// blended reports whether the part holds more than one material beside the
// one named, or less than all of it.
func (l *line) blended(m lexicon.Match, facts []partFact) bool {
	if fibre := info(m.Term, "domain"); fibre == "precious" || fibre == "pearl" || fibre == "stone" {
		return false
	}
	part := ""
	for _, f := range facts {
		if f.term != nil && is(f.term, m.Term.Name) {
			part = f.part
			if f.share >= 0 && f.share < 950_000 && !(f.term.Name == "羊绒" && f.share >= 950_000) {
				return true
			}
		}
	}
	whole := l.any(l.clauseAt(m.Start).from, l.clauseAt(m.Start).to+8, listed("material.blended.near")...)
	if _, named := l.match(lexicon.Part, l.clauseAt(m.Start).from, l.clauseAt(m.Start).to); !named && part != "" && !soft[info(m.Term, "domain")] {
		whole = true // a racket of full carbon is so in all its parts
	}
	for _, f := range facts {
		if f.term != nil && !is(f.term, m.Term.Name) && (f.part == part || whole) && (info(f.term, "domain") == info(m.Term, "domain") || bodyDomains[info(f.term, "domain")] && !soft[info(f.term, "domain")] && !soft[info(m.Term, "domain")]) {
			return true
		}
	}
	return false
}
