package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// Lists of functions end where hosts begin: they say of any trouble that it
// goes, and of any virtue that there is more of it. So what care is given to
// (lexicon/care.tsv) and what becomes of it (lexicon/better.tsv) are looked up
// apart and put together here: 把毛孔收了, 脑子清亮了, 泪痕收干净.

// A betterment is a change for the better of something that care is given to.
type betterment struct {
	of       lexicon.Match
	from, to int
	whole    bool // nothing of the trouble is left
}

// betterments calls f for each change of what care is given to that the host
// asserts of the goods, until f has enough.
func (l *line) betterments(f func(betterment) bool) {
	for i, m := range l.frames {
		if !isCare(m.Term) || l.inName[m.Start] || l.careCovered(i) {
			continue
		}
		b, ok := l.bettered(m, m.Term.Is("bad"))
		if !ok || l.elsewhere(m.Start) || l.warned(m.Start) || l.unused(m.Start) || l.truism(m) || l.lacked(m) || l.livedOnly(m.Start) || l.disclaimed(m.Start) {
			continue
		}
		if l.cautious(b) {
			continue
		}
		if f(b) {
			return
		}
	}
}

func isCare(t *lexicon.Term) bool { return strings.HasPrefix(t.Name, "care.") }

// careCovered reports whether a longer word of care holds the one at i.
func (l *line) careCovered(i int) bool {
	a := l.frames[i]
	for j := i - 1; j >= 0 && l.frames[j].Start > a.Start-8; j-- {
		if b := l.frames[j]; isCare(b.Term) && b.End >= a.End && b.End-b.Start > a.End-a.Start {
			return true
		}
	}
	for j := i + 1; j < len(l.frames) && l.frames[j].Start == a.Start; j++ {
		if b := l.frames[j]; isCare(b.Term) && b.End > a.End {
			return true
		}
	}
	return false
}

// cautious reports whether the words around are of caution, of how things
// look, or of the goods themselves.
func (l *line) cautious(b betterment) bool {
	c := l.clauseAt(b.from)
	return l.noneCan(b.from) || l.any(min(c.from, b.from), max(c.to, min(b.to+6, len(l.t.R))), listed("better.not")...)
}

// noneCan reports whether the host says that nothing does what stands at i:
// 没有哪一支能百分之百不黑.
func (l *line) noneCan(i int) bool {
	c := l.clauseAt(i)
	return l.any(c.from, i, listed("better.none_can.near")...)
}

// bettered finds what becomes of m: said before it (淡掉黄气) or behind it
// (毛孔都缩起来), in its clause or at the beginning of the next.
func (l *line) bettered(m lexicon.Match, bad bool) (betterment, bool) {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return betterment{}, false
	}
	c := &l.cl[k]
	s := l.stanceOf(m.Start, m.End)
	if s == negated && bad && l.holds(c.from, c.to, "use.it") && l.behind(m.Start, listed("better.bettered.before")...) {
		return betterment{of: m, from: max(m.Start-1, c.from), to: m.End}, true
	}
	if s == negated && bad {
		return l.allGone(c, m)
	}
	if s != asserted {
		return betterment{}, false
	}
	if l.behind(m.Start, "对", "对于") && l.ahead(m.End, listed("better.bettered.after")...) {
		return betterment{of: m, from: m.Start, to: min(m.End+2, c.to)}, true
	}
	if at, ok := l.careVerb(c, m, bad); ok {
		return betterment{of: m, from: at, to: m.End}, true
	}
	if m.End-m.Start == 1 && m.Term.Class != lexicon.Disease && !in(l.t.R[m.Start], "斑痘脸疤肚腰") {
		return betterment{}, false // 心, 肝, 皮 are parts of too many words
	}
	kind := "better.up"
	if bad {
		kind = "better.gone"
	}
	reach := 7 + 24*b2i(l.latin)
	at, n := l.first(m.End, min(m.End+reach, c.to), kind)
	if at < 0 {
		at, n = l.verbBehind(c, m, bad)
	}
	if at < 0 && c.to-m.End <= 3 && k+1 < len(l.cl) && l.cl[k+1].sentence == c.sentence {
		next := &l.cl[k+1]
		at, n = l.first(next.from, min(next.from+reach, next.to), kind)
	}
	if at < 0 && bad {
		at, n = l.moot(c, m)
	}
	if at < 0 || l.stanceOf(at, at+n) == silent || m.Term.Class != lexicon.Disease && l.holdsCare(m.End, at) {
		return betterment{}, false
	}
	return betterment{of: m, from: m.Start, to: at + n, whole: bad && (l.any(m.End, at+n, listed("better.bettered.all")...) || l.any(at, at+n, listed("better.bettered.gone")...))}, true
}

// allGone reads 头屑全没, whose negation is that of a trouble that is gone.
func (l *line) allGone(c *clause, m lexicon.Match) (betterment, bool) {
	at, n := l.first(m.End, min(m.End+4, c.to), "better.gone")
	if at < 0 || !l.any(at, at+n, "没") || l.any(m.End, at, "都", "也") {
		return betterment{}, false
	}
	return betterment{of: m, from: m.Start, to: at + n, whole: true}, true
}

// careVerb finds a verb of care before m: at once before where it is one
// character, else with a few words in between.
func (l *line) careVerb(c *clause, m lexicon.Match, bad bool) (int, bool) {
	lo := m.Start - 8 - 18*b2i(l.latin)
	for _, v := range l.frames {
		if v.Start >= m.Start {
			break
		}
		if v.End > m.Start || v.Start < max(c.from, lo) {
			continue
		}
		switch v.Term.Name {
		case "better.less":
			if !bad {
				continue
			}
		case "better.more":
			if bad && !m.Term.Is("ill") {
				continue
			}
		default:
			continue
		}
		gap := m.Start - v.End
		if v.End-v.Start == 1 && fold.Han(l.t.R[v.Start]) && gap > 0 {
			continue
		}
		if m.Term.Class == lexicon.Disease && v.End-v.Start == 1 && !in(l.t.R[v.Start], "治防抗消祛止调") {
			continue // 去湿疹门诊
		}
		if m.End-m.Start == 1 && (gap > 0 || !in(l.t.R[v.Start], "护养补润清健祛淡去除消退抗防战")) {
			continue
		}
		if gap > 4 && !l.latin || l.behind(v.Start, "不", "没", "别") || l.stanceOf(v.Start, v.End) == silent {
			continue
		}
		return v.Start, true
	}
	return 0, false
}

// verbBehind finds a verb of care behind m that 把 before m, or 都, 也, 能 in
// between, turns round: 把肠道也调理了, 褶子它能抚平.
func (l *line) verbBehind(c *clause, m lexicon.Match, bad bool) (at, n int) {
	kind := "better.more"
	if bad {
		kind = "better.less"
	}
	if at, n = l.first(m.End, min(m.End+7, c.to), kind); at < 0 || n == 1 && !l.ahead(at+n, listed("better.verb_behind.after")...) {
		return -1, 0
	}
	if n == 1 && at == m.End || l.any(m.End, at, listed("better.verb_behind.near")...) || l.any(max(m.Start-5, c.from), m.Start, "把", "将") {
		return at, n
	}
	return -1, 0
}

// holdsCare reports whether something else that care is given to stands in
// [from, to): the change is of that.
func (l *line) holdsCare(from, to int) bool {
	for _, m := range l.frames {
		if m.Start >= to {
			break
		}
		if m.Start >= from && isCare(m.Term) {
			return true
		}
	}
	return false
}

// illness reports a reading or rash that is said to go: what only a medicine
// may promise.
func (l *line) illness() bool {
	found := false
	l.betterments(func(b betterment) bool {
		if !b.of.Term.Is("ill") || l.heldFunction(b.of) {
			return false
		}
		l.wrong(CategoryMedical, VerdictBanned, b.from, b.to, "medical.disease", Finding{})
		found = true
		return true
	})
	return found
}

// change reports a change for the better: as an effect where it is promised in
// a time, as a whole or by use that is told; timedOnly leaves the rest alone.
func (l *line) change(timedOnly bool) bool {
	found := false
	l.betterments(func(b betterment) bool {
		if b.of.Term.Is("ill") || !l.apt(b) {
			return false
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(b.from, b.to)
		if b.whole || l.promisedIn(b) {
			l.wrong(CategoryEffect, VerdictUnsupported, b.from, b.to, "effect.outcome", f)
			found = true
			return true
		}
		if timedOnly || l.careHeld(b) {
			return false
		}
		l.wrong(CategoryEfficacy, VerdictUnsupported, b.from, b.to, "efficacy.outcome", f)
		found = true
		return true
	})
	return found
}

// promisedIn reports whether a time, an amount of use or a degree is told with a
// change: 七天, 一瓶下去, 两个色号, 百分之百.
func (l *line) promisedIn(b betterment) bool {
	from, to := l.around(b.from, 2)
	for _, q := range l.q {
		if q.Start < from || q.Start >= to {
			continue
		}
		switch q.Dim {
		case quantity.Duration:
			if q.Value < 3*31536000 && !l.ahead(q.End, listed("better.promised_in.terms")...) && !l.behind(q.Start, listed("better.promised_in.since")...) {
				return true
			}
		case quantity.Ratio, quantity.Mass, quantity.Length:
			if abs(int64(q.Start-b.to)) <= 6 || abs(int64(b.from-q.End)) <= 6 {
				return true
			}
		case quantity.Count, quantity.Index:
			if l.ahead(q.End, listed("better.promised_in.used_up")...) || l.behind(q.Start, listed("better.promised_in.use")...) {
				return true
			}
		}
	}
	for _, o := range l.m {
		if o.Term.Class == lexicon.Outcome && o.Term.Is("time") && o.Start >= from && o.End <= to {
			return true
		}
	}
	return l.degree(lexicon.Match{Start: b.from, End: b.to, Term: b.of.Term})
}

// careHeld reports whether the sheet grants the function, by its name or by
// the words.
func (l *line) careHeld(b betterment) bool {
	fn := info(b.of.Term, "fn")
	if l.p.functions[fn] || contains(l.p.factText, fn) || contains(l.p.factText, l.part(b.of.Start, b.of.End)) && b.of.End-b.of.Start > 1 {
		return true
	}
	return fn == "防晒" && (contains(l.p.factText, "upf") || contains(l.p.factText, "spf"))
}

// apt keeps apart what clothes do to the looks of a body, and the smell of new
// goods, from what goods do to a body and its smells.
func (l *line) apt(b betterment) bool {
	switch b.of.Term.Name {
	case "care.fat", "care.shape", "care.bust", "care.skin":
		if l.p.Category == sheet.Apparel || l.p.Category == sheet.Jewellery {
			return b.whole || l.promisedIn(b)
		}
	case "care.smell", "care.air":
		from, to := l.around(b.from, 1)
		return !l.any(from, to, listed("better.apt.airing")...)
	case "care.stain":
		return b.whole || l.promisedIn(b)
	case "care.hair", "care.coat":
		return l.p.Category != sheet.Apparel && l.p.Category != sheet.Home
	case "care.germ", "care.mite":
		return !l.any(0, len(l.t.R), listed("better.apt.hot")...)
	}
	return true
}
