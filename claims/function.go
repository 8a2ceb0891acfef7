package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// functions checks the functions claimed against those registered.
func (l *line) functions() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Function || m.Term.Is("mild") || l.inName[m.Start] && l.functionHeld(m) || l.elsewhere(m.Start) {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.warned(m.Start) || l.disowned(m) || l.lacked(m) || l.deniedBehind(m) || l.livedOnly(m.Start) || l.disclaimed(m.Start) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = m.Term.Name
		if l.functionHeld(m) {
			if l.hoursPromised(m) {
				l.wrong(CategoryEffect, VerdictUnsupported, m.Start, m.End, "effect.hours", f)
				return true
			}
			l.right(CategoryEfficacy, m.Start, m.End)
			continue
		}
		if !l.claimsFunction(m) {
			continue
		}
		if l.timedByClock(m) && !l.bodyWord(m) && !l.any(0, len(l.t.R), "功能", "功效") {
			l.wrong(CategoryEffect, VerdictUnsupported, m.Start, m.End, "effect.outcome", f)
			return true
		}
		l.wrong(CategoryEfficacy, VerdictUnsupported, m.Start, m.End, "efficacy.unknown", f)
		return true
	}
	return false
}

// timedByClock reports whether a stretch of time stands by a function.
func (l *line) timedByClock(m lexicon.Match) bool {
	from, to := l.around(m.Start, 1)
	for _, q := range l.q {
		if q.Start >= from && q.Start < to && q.Dim == quantity.Duration && q.Value < 3*31536000 && !l.ahead(q.End, listed("function.timed_by_clock.after")...) && !l.behind(q.Start, listed("function.timed_by_clock.before")...) {
			return true
		}
	}
	return false
}

// hoursPromised: a registered function promised for so many hours that no
// figure of the sheet bears out.
func (l *line) hoursPromised(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Duration || q.Unit != "hour" || q.Start < c.from || q.Start >= c.to || abs(int64(q.Start-m.End)) > 6 {
			continue
		}
		for _, f := range l.p.metrics {
			if f.q.Dim == quantity.Duration {
				return false
			}
		}
		return true
	}
	return false
}

func (l *line) functionHeld(m lexicon.Match) bool {
	p := l.p
	if p.functions[m.Term.Name] || p.Category == sheet.MedicalDevice && l.inNameOf(m) || contains(p.factText, l.span(m.Start, m.End)) {
		return true
	}
	return p.functions["祛斑美白"] && (m.Term.Name == "祛斑" || m.Term.Name == "美白")
}

// claimsFunction reports whether a function word is said of what the goods do,
// not of people, weather or clothes.
func (l *line) claimsFunction(m lexicon.Match) bool {
	if l.bodyWord(m) {
		return l.verbOfCare(m)
	}
	c := l.clauseAt(m.Start)
	group := info1(m.Term)
	switch l.p.Category {
	case sheet.Apparel, sheet.Jewellery, sheet.Other, sheet.Electronics, sheet.Home:
		if (group == "group:skin" || group == "group:hair") && !l.any(c.from, c.to, listed("function.claims_function.can")...) && !l.timedByClock(m) {
			return false
		}
	}
	if l.behind(m.Start, listed("function.claims_function.tests")...) {
		return false // 去做骨密度
	}
	if l.any(c.from, m.Start, listed("function.claims_function.afraid")...) || l.ahead(m.End, listed("function.claims_function.after")...) || l.truism(m) {
		return false
	}
	switch m.Term.Name {
	case "防晒", "清洁":
		return l.ofAbility(m)
	case "物理退热":
		if l.any(c.from, c.to, listed("function.claims_function.weather")...) {
			return false
		}
		return l.p.Category != sheet.Home && l.p.Category != sheet.Electronics && l.p.Category != sheet.Apparel && l.p.Category != sheet.Pet
	case "阻断吸收":
		return l.worksOnBodies()
	case "长高":
		return l.any(c.from, c.to, listed("function.claims_function.growth")...) && !l.any(c.from, c.to, "尺码", "穿")
	case "减肥":
		if l.behind(m.Start, listed("function.claims_function.wish")...) && !l.holds(c.from, c.to, "use.it") {
			return false
		}
		return l.p.Category != sheet.Apparel || l.any(c.from, c.to, "减肥", "燃脂", "甩")
	case "除臭":
		return l.any(c.from, c.to, listed("function.claims_function.smell")...)
	case "改善睡眠":
		return !l.any(c.from, c.to, "睡衣", "睡前")
	case "抗疲劳":
		return !l.any(c.from, c.to, "花精力", "提神醒脑的咖啡")
	}
	return true
}

// ofAbility reports whether a word that also names a step or a kind of goods
// is said of what these can do: 还能防晒, not 记得防晒.
func (l *line) ofAbility(m lexicon.Match) bool {
	return l.behind(m.Start, listed("function.of_ability.before")...) ||
		l.ahead(m.End, listed("function.of_ability.after")...)
}

// deniedBehind reports whether the clause goes on from a function to a
// negation: 美白它帮不上你. Functions are claimed without one.
func (l *line) deniedBehind(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	for _, n := range l.m {
		if n.Start >= c.to {
			break
		}
		if n.Start >= m.End && n.Term.Class == lexicon.Negation {
			return !l.waived
		}
	}
	return false
}

// lacked reports whether a function is named only to say that the goods do not
// have it: 不管美白的, 美白这个功能它没有.
func (l *line) lacked(m lexicon.Match) bool {
	if l.waived {
		return false
	}
	if l.behind(m.Start, listed("function.lacked.before")...) {
		return true
	}
	if l.behind(m.Start, "跟", "和") && l.any(m.End, min(m.End+8, len(l.t.R)), listed("function.lacked.near")...) {
		return true
	}
	c := l.clauseAt(m.Start)
	if topic, n := l.first(m.End, min(m.End+4, c.to), "lack.topic"); topic >= 0 {
		at, _ := l.first(topic+n, min(topic+n+5, c.to), "lack.no")
		return at >= 0
	}
	at, n := l.first(m.End, min(m.End+3, c.to), "lack.no")
	return at >= 0 && at+n >= c.to-1
}

// truism reports whether the words tell what a change depends on at large:
// 减肥靠的是热量缺口, but not 减肥就靠它.
func (l *line) truism(m lexicon.Match) bool {
	if l.otherCause(m.End) {
		return true
	}
	for _, by := range listed("function.truism.words") {
		if l.ahead(m.End, by) {
			return !l.any(m.End, min(m.End+9, l.clauseAt(m.Start).to), listed("function.truism.near")...)
		}
	}
	return false
}

func info1(t *lexicon.Term) string {
	if len(t.Info) == 0 {
		return ""
	}
	return t.Info[0]
}

// verbOfCare reports whether a verb of healing or care governs a trouble of
// the body: 修痘坑, 淡化皱纹, 抹掉细纹, for dark circles.
func (l *line) verbOfCare(m lexicon.Match) bool {
	return l.behind(m.Start, listed("function.verb_of_care.before")...) ||
		l.ahead(m.End, listed("function.verb_of_care.able")...) && !l.ahead(m.End, listed("function.verb_of_care.usable")...)
}

// bodyWord reports whether a match is a word for a part of the body or a trouble
// with it: it claims nothing unless something is done to it.
func (l *line) bodyWord(m lexicon.Match) bool {
	return isListed("function.body_words", l.span(m.Start, m.End))
}
