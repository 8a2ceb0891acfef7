package claims

import "liveroom/claims/lexicon"

// What the host makes of words: that he asserts them, denies them, or does not
// say them himself.

// A stance is what the host makes of what stands in a clause.
type stance uint8

const (
	silent   stance = iota // not asserted
	asserted               // said of the goods
	negated                // denied of the goods
)

// stanceOf tells what the host makes of the words in [from, to).
func (l *line) stanceOf(from, to int) stance {
	if l.waived {
		return asserted
	}
	s, _ := l.stand(from, to)
	return s
}

// A stood is what was found of the stance of words.
type stood struct {
	from, to int32
	turn     uint32 // of the line that it was found in
	stance   stance
	why      string
}

// settle lets what is found of stances from now on be kept: the cues of the line
// are read and no longer change. A value is held against every other of its line,
// so that a line of nothing but numbers asks hundreds of times for each.
func (l *line) settle() {
	l.turn++
	if len(l.stances) < 2*len(l.t.R) || l.turn == 0 {
		n := 64
		for n < 2*len(l.t.R) {
			n *= 2
		}
		l.stances, l.turn = make([]stood, n), 1
	}
	l.settled = true
}

// stand tells what the host makes of the words in [from, to), and the exemption
// by which they are not asserted, "" where they are.
func (l *line) stand(from, to int) (stance, string) {
	if !l.settled {
		return l.weighStance(from, to)
	}
	s := &l.stances[(from+to<<3)&(len(l.stances)-1)]
	if s.turn != l.turn || s.from != int32(from) || s.to != int32(to) {
		*s = stood{from: int32(from), to: int32(to), turn: l.turn}
		s.stance, s.why = l.weighStance(from, to)
	}
	return s.stance, s.why
}

func (l *line) weighStance(from, to int) (stance, string) {
	k := l.clauseIndex(from)
	if k < 0 {
		return asserted, ""
	}
	c := &l.cl[k]
	s, why := asserted, ""
	switch {
	case c.denied && c.refused.holds(from), l.waved(from):
		return silent, "speech.refused"
	case c.supposed >= 0 && from >= c.supposed && (c.supposedTo == 0 || from < c.supposedTo) && (from < c.supposed+c.long || c.to-c.from <= c.long):
		return silent, "speech.supposed"
	case l.has(to, "的话") && to+2 < c.to:
		return silent, "speech.supposed"
	case c.told >= 0 && from >= c.told && (!c.closed || c.answer != asserted):
		return silent, "speech.quoted"
	case (c.question || c.quoted) && c.open.holds(from):
		why = "speech.question"
		if c.quoted {
			why = "speech.quoted"
		}
		if !c.closed {
			return silent, why
		}
		if s = c.answer; s == asserted {
			why = ""
		}
	}
	if l.retracted(k) || l.takenBack(k, to) {
		return silent, "speech.retracted"
	}
	if l.whether(from, to) {
		return silent, "speech.question"
	}
	if at, _ := l.first(to, c.to, "speech.nosuch"); at >= 0 {
		return silent, "speech.denied"
	}
	if !c.rhetorical && l.negates(c, from, to) {
		if s == negated {
			return silent, why
		}
		return negated, "speech.denied"
	}
	return s, why
}

// disowned reports whether the same term is denied elsewhere in the line: what
// is said of it then is no claim.
func (l *line) disowned(m lexicon.Match) bool {
	if l.waived {
		return false
	}
	for _, o := range l.m {
		if o.Term == m.Term && o.Start != m.Start && l.stanceOf(o.Start, o.End) == negated && !l.clauseAt(m.Start).corrected {
			return true
		}
	}
	return l.echoed(m)
}

// echoed reports whether the term was asked about before, without a yes, and is
// only said again: 羊绒？这价钱你跟我谈羊绒.
func (l *line) echoed(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Start >= m.Start {
			return false
		}
		if c := l.clauseAt(o.Start); o.Term == m.Term && c.question && c.end == '?' && !c.closed && !c.rhetorical && !c.holds(m.Start) {
			return !l.behind(m.Start, listed("clause.echoed.before")...) && l.ownFrom(l.clauseAt(m.Start).from, m.Start) < 0
		}
	}
	return false
}

// retracted reports whether the next clause takes the claim back: "…，那是打错字",
// "i never said that".
func (l *line) retracted(k int) bool {
	if k+1 >= len(l.cl) {
		return false
	}
	n := l.cl[k+1]
	return l.any(n.from, min(n.from+12, n.to), listed("clause.retracted.near")...)
}

// otherLink reports whether the clause sends people who want that to another
// link: "买纯棉的去二号链接", "纯羊毛的在上个链接".
func (l *line) otherLink(c *clause, i int) bool {
	if !l.any(c.from, min(i+22, len(l.t.R)), listed("clause.other_link.link")...) {
		return false
	}
	if l.any(c.from, i, listed("clause.other_link.this_link")...) {
		return true
	}
	return l.any(i, min(i+18, len(l.t.R)), listed("clause.other_link.other_link")...) && l.clauseIndex(i) >= 0 && c != nil
}
