package claims

import "liveroom/claims/lexicon"

// Who speaks is told by who, how and what becomes of it: another host or
// "somebody" with a verb of speaking opens words that are not the host's own;
// a customer's or grandmother's words are the host's too (a testimony), unless
// he waves them aside. Either goes on until he turns to what he has to say
// himself.

// readReports marks the words of others.
func (l *line) readReports() {
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.teller(c, "report.rival")
		if at < 0 {
			if at, n = l.teller(c, "report.folk"); at < 0 || !l.wavedAside(at+n) && !l.answersNo(k) {
				continue
			}
		}
		from := l.words(k, at+n)
		if from < 0 {
			continue
		}
		l.tellFrom(from)
	}
}

// teller finds who else speaks in a clause: not "our live room".
func (l *line) teller(c *clause, kind string) (at, n int) {
	for _, m := range l.frames {
		if m.Start >= c.to {
			break
		}
		if m.Start < c.from || m.End > c.to || m.Term.Name != kind || l.behind(m.Start, listed("report.teller.before")...) && kind == "report.rival" {
			continue
		}
		if kind == "report.rival" && l.holds(c.from, m.Start, "report.own") {
			continue
		}
		return m.Start, m.End - m.Start
	}
	return -1, 0
}

// words is where what was said begins: behind a verb of speaking near the one
// who speaks, in his clause or at the beginning of the next; -1 for nowhere.
func (l *line) words(k, behind int) int {
	c := &l.cl[k]
	reach := 10 + 14*b2i(l.latin)
	if at, n := l.first(behind, min(behind+reach, c.to), "report.said"); at >= 0 {
		if l.behind(at, listed("report.words.before")...) {
			return -1
		}
		return at + n
	}
	if k+1 >= len(l.cl) || c.to-behind > 3 {
		return -1
	}
	next := &l.cl[k+1]
	if at, n := l.first(next.from, min(next.from+3+6*b2i(l.latin), next.to), "report.said"); at >= 0 {
		return at + n
	}
	return -1
}

// wavedAside reports whether the host dismisses, behind i, what he tells of.
func (l *line) wavedAside(i int) bool {
	return l.holds(i, len(l.t.R), "report.dismiss")
}

// answersNo reports whether one of the two clauses behind clause k begins with
// a no: 有个宝说是全棉，没有啊姐.
func (l *line) answersNo(k int) bool {
	for j := k + 1; j <= k+2 && j < len(l.cl) && l.cl[j].sentence == l.cl[k].sentence; j++ {
		if l.answerAt(j) == negated && l.leadsWithAnswer(j) {
			return true
		}
	}
	return false
}

// tellFrom takes what follows for the words of others, to the end of the
// sentence or to where the host turns to his own.
func (l *line) tellFrom(from int) {
	k := l.clauseIndex(min(from, len(l.t.R)-1))
	if k < 0 {
		return
	}
	sentence := l.cl[k].sentence
	for j := k; j < len(l.cl) && j <= k+4 && l.cl[j].sentence == sentence; j++ {
		c := &l.cl[j]
		if j > k && l.holds(c.from, min(c.from+4+6*b2i(l.latin), c.to), "report.own") {
			return
		}
		at := max(c.from, from)
		if c.told < 0 || at < c.told {
			c.told = at
		}
	}
}

// sendsAway reports whether a warning sends people to a doctor in earnest:
// 不用去医院 spares them the way.
func (l *line) sendsAway(m lexicon.Match) bool {
	return !l.behind(m.Start, listed("report.sends_away.before")...)
}
