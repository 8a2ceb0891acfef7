package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// staked reports an effect backed with a stake: a failure of the effect and
// what the host pays for it: 斑还在的找我, 降不下来退钱, 剩一颗来砸我柜台.
func (l *line) staked() bool {
	from, to, ok := l.stake()
	if ok {
		l.wrong(CategoryEffect, VerdictBanned, from, to, "effect.guarantee", Finding{})
	}
	return ok
}

// stake finds a failure of the effect with what is staked on it.
func (l *line) stake() (from, to int, ok bool) {
	if l.p != nil && !l.worksOnBodies() && l.p.Category != sheet.Maternal && !l.lainOn() {
		return 0, 0, false
	}
	for _, m := range l.frames {
		if m.Term.Name != "stake.fail" || l.elsewhere(m.Start) {
			continue
		}
		k := l.clauseIndex(m.Start)
		if k < 0 || l.stood(m) {
			continue
		}
		to := l.cl[min(k+3, len(l.cl)-1)].to
		at, n := l.first(m.End, min(m.End+24+30*b2i(l.latin), to), "stake.pay")
		if at < 0 {
			at, n = l.first(m.End, min(m.End+24+30*b2i(l.latin), to), "stake.word")
		}
		if at < 0 {
			continue
		}
		if !l.any(m.Start, m.End, "无效", "效果", "见效") && l.any(max(m.Start-10, 0), min(at+n+4, len(l.t.R)), listed("stake.policy")...) || l.any(at, min(at+n+6, len(l.t.R)), listed("stake.near")...) {
			continue
		}
		return m.Start, at + n, true
	}
	return 0, 0, false
}

// stood reports whether a failure is only spoken of: quoted, asked or told of
// others. A condition (不瘦退钱) is none of these.
func (l *line) stood(m lexicon.Match) bool {
	_, why := l.stand(m.Start, m.End)
	switch why {
	case "speech.quoted", "speech.question", "speech.refused", "speech.retracted":
		return !l.waived
	case "speech.supposed": // 遇到写无效退款的
		c := l.clauseAt(m.Start)
		return !l.waived && l.any(c.from, m.Start, listed("stake.stood.near")...)
	}
	return false
}

// assured reports a change for the better that is said with a word of
// guarantee: 一个月包你血压降到正常, 三天准通.
func (l *line) assured() bool {
	if l.p == nil || !l.worksOnBodies() && l.p.Category != sheet.Maternal && !l.lainOn() {
		return false
	}
	found := false
	l.betterments(func(b betterment) bool {
		from, to := l.around(b.from, 2)
		at, n := l.first(from, to, "stake.word")
		if at < 0 || b.of.Term.Is("ill") || l.stanceOf(at, at+n) != asserted || l.any(from, to, listed("stake.policy")...) {
			return false
		}
		l.wrong(CategoryEffect, VerdictBanned, min(b.from, at), max(b.to, at+n), "effect.guarantee", Finding{})
		found = true
		return true
	})
	return found
}
