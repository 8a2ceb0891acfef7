package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// diseases finds treatment or prevention claimed.
func (l *line) diseases() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Disease || l.inName[m.Start] || l.aside(m.Start) || l.livedOnly(m.Start) || l.inClinic() {
			continue
		}
		s := l.stanceOf(m.Start, m.End)
		wards := s == negated && l.wardsOff(m)
		if s != asserted && !wards || l.warned(m.Start) || l.scareMarked() || l.heldFunction(m) || !wards && !l.claimsCure(m) {
			continue
		}
		l.wrong(CategoryMedical, VerdictBanned, m.Start, m.End, "medical.disease", Finding{})
		return true
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Treat || m.Term.Name != "断根" && m.Term.Name != "停药" {
			continue
		}
		if l.stanceOf(m.Start, m.End) == asserted && !l.warned(m.Start) && !l.scareMarked() && !l.inClinic() && !l.any(0, len(l.t.R), "医生说") {
			l.wrong(CategoryMedical, VerdictBanned, m.Start, m.End, "medical.treat", Finding{})
			return true
		}
	}
	return l.needless()
}

// scareMarked: illness threatened to those who do not buy is a scare, which
// is reported as such.
func (l *line) scareMarked() bool {
	for _, m := range l.marks {
		if m.Rule == "conduct.scare" {
			return true
		}
	}
	return false
}

// wardsOff: "喝了不得癌" denies the illness, not the claim.
func (l *line) wardsOff(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	return l.any(c.from, m.Start, listed("medical.wards_off.use")...) && l.behind(m.Start, listed("medical.wards_off.before")...) && !l.any(c.from, m.Start, listed("medical.wards_off.not")...)
}

// warned reports whether the clause, or one beside it, sends people to a
// doctor or says that this is no medicine.
func (l *line) warned(i int) bool {
	k := l.clauseIndex(i)
	if k < 0 || l.waived {
		return false
	}
	for j := max(k-2, 0); j <= min(k+2, len(l.cl)-1); j++ {
		if l.cl[j].warned && !l.any(l.cl[j].from, len(l.t.R), listed("medical.warned.near")...) {
			return true
		}
	}
	return false
}

// claimsCure reports whether the words around a disease claim to cure, ease or
// prevent it.
func (l *line) claimsCure(m lexicon.Match) bool {
	if l.any(m.Start, m.End, "药") || l.has(m.End, "药") {
		_, stopped := l.stopsMedicine(m)
		return stopped
	}
	if l.any(m.Start, m.End, listed("medical.strong")...) {
		return !l.behind(m.Start, listed("medical.claims_cure.before")...)
	}
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return false
	}
	from, to := l.cl[k].from, l.cl[k].to
	for j := k + 1; j < len(l.cl) && j <= k+3 && (l.cl[j].sentence == l.cl[k].sentence || l.cl[j].from-m.End < 14); j++ {
		to = l.cl[j].to
	}
	if k > 0 && l.cl[k-1].sentence == l.cl[k].sentence {
		from = l.cl[k-1].from
	}
	for _, t := range l.all {
		if (t.Term.Class == lexicon.Treat || t.Term.Class == lexicon.Outcome && (t.Term.Is("alone") || t.Term.Is("change"))) && t.Start >= from && t.End <= to && l.heals(t, m) {
			return true
		}
	}
	if b, ok := l.bettered(m, true); ok && !l.cautious(b) {
		return true
	}
	return l.any(from, to, listed("medical.cure")...) || l.forPatients(k, m)
}

// forPatients: those who have an illness are told to use the goods, and
// something comes of it: 腰椎间盘突出的，躺一躺就直起走了.
func (l *line) forPatients(k int, m lexicon.Match) bool {
	to := l.cl[k].to
	for j := k + 1; j < len(l.cl) && j <= k+4 && l.cl[j].sentence == l.cl[k].sentence; j++ {
		to = l.cl[j].to
	}
	at, n := l.first(m.End, min(m.End+24, to), "use.it")
	if at < 0 || l.stanceOf(at, at+n) != asserted || l.any(m.End, to, listed("better.not")...) || l.any(m.End, to, listed("use.care")...) {
		return false
	}
	if l.behind(at, listed("medical.for_patients.before")...) {
		return true
	}
	return l.any(at+n, min(at+n+16, to), listed("medical.for_patients.near")...) || l.any(m.End, at, "它就是", "就是你")
}

// stopsMedicine finds the words by which a medicine is said to be needless, in
// the clauses around it. Taken alone, a medicine is what heals.
func (l *line) stopsMedicine(m lexicon.Match) (lexicon.Match, bool) {
	from, to := l.around(m.Start, 1)
	for _, t := range l.all {
		if t.Term.Class == lexicon.Treat && t.Term.Name == "停药" && t.Start >= from && t.End <= to {
			return t, true
		}
	}
	return m, l.any(from, to, listed("medical.stops_medicine.near")...)
}

// heals reports whether a word of healing is meant of the disease.
func (l *line) heals(t, m lexicon.Match) bool {
	if overlaps(t, m) && t.Start >= m.Start {
		return false
	}
	switch l.t.R[t.Start] {
	case '防':
		if l.ahead(t.End, listed("medical.heals.after")...) {
			return false
		}
	case '抗':
		if l.ahead(t.End, "皱", "老", "氧") {
			return false
		}
	case '治':
		if l.behind(t.Start, "政", "自", "不") {
			return false
		}
	case '消':
		if l.ahead(t.End, "费", "息") {
			return false
		}
	case '降':
		if l.ahead(t.End, "价", "噪", "温") {
			return false
		}
	}
	if l.has(t.Start, "下来") && l.behind(t.Start, listed("medical.heals.record")...) {
		return false // 记录下来
	}
	if t.Term.Name == "药名" && !l.behind(t.Start, listed("medical.heals.replace")...) {
		return false
	}
	s := l.stanceOf(t.Start, t.End)
	if s != asserted {
		return false
	}
	return !t.Term.Is("weak") || !l.latin || t.Start <= m.End+40
}

func overlaps(a, b lexicon.Match) bool { return a.Start < b.End && b.Start < a.End }

// heldFunction: what the sheet grants may sound like a disease, as 测量血压 or
// 退热.
func (l *line) heldFunction(m lexicon.Match) bool {
	if l.p == nil {
		return false
	}
	c := l.clauseAt(m.Start)
	if l.p.Category == sheet.MedicalDevice && l.any(c.from, len(l.t.R), listed("medical.held_function.measure")...) && !l.any(c.from, min(c.to+12, len(l.t.R)), listed("medical.held_function.improve")...) {
		return true
	}
	return contains(l.p.factText, l.span(m.Start, m.End))
}
