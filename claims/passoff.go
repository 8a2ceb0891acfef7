package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// How far kinship to another house reaches from its name, in runes.
const (
	kinBefore = 16
	kinBehind = 26
)

// reachOf widens [from, to) by what a kinship reaches; English needs twice the
// letters.
func (l *line) reachOf(from, to int) (int, int) {
	k := 1 + 2*b2i(l.latin)
	return max(from-k*kinBefore, 0), min(to+k*kinBehind, len(l.t.R))
}

// tied reports whether the words around a house's name say that these goods
// only hang on to it: its factory, its mould, its line, its group.
func (l *line) tied(from, to int) bool {
	a, b := l.reachOf(from, to)
	return l.holds(a, b, "brand.tie") || l.holds(a, b, "brand.kin") || l.holds(a, b, "factory")
}

// relabelled reports whether the words around a house's name say that its
// label, box or bottle was changed.
func (l *line) relabelled(from, to int) bool {
	a, b := l.reachOf(from, to)
	return l.holds(a, b, "brand.label")
}

// namelessBrand finds "the same factory as the big brands" without a name.
func (l *line) namelessBrand() {
	for i := range l.cl {
		c := &l.cl[i]
		k, n := l.first(c.from, c.to, "factory")
		if k >= 0 && l.stanceOf(k, k+2) == asserted && (l.someoneElse(c, k) || l.houseNear(k, k+n)) && !l.selfMade(k) {
			l.passedOff(k, min(k+6, c.to), VerdictUnsupported)
			return
		}
	}
	for _, m := range l.frames {
		switch m.Term.Name {
		case "brand.strong":
		case "brand.kin", "brand.label":
			if !l.houseNear(m.Start, m.End) && !l.unknownHouse(m) {
				continue
			}
		default:
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.selfMade(m.Start) || l.aside(m.Start) {
			continue
		}
		l.passedOff(m.Start, m.End, VerdictUnsupported)
		return
	}
}

func (l *line) passedOff(from, to int, v Verdict) {
	f := l.factOf(sheet.FieldBrand)
	l.wrong(CategoryBrand, v, from, to, "brand.factory", f)
}

// houseNear reports whether a house that is not named is spoken of around a
// kinship: 那个日本大牌, 某个法国贵妇牌, that famous house.
func (l *line) houseNear(from, to int) bool {
	a, b := l.reachOf(from, to)
	for _, m := range l.frames {
		if m.Start >= b {
			break
		}
		if m.Start < a || m.Term.Name != "brand.who" || m.Start < to && from < m.End {
			continue
		}
		if l.stanceOf(m.Start, m.End) == asserted && !l.behind(m.Start, listed("passoff.house_near.before")...) {
			return true
		}
	}
	return false
}

// selfMade reports whether a kinship is one among the host's own goods: 我们两款
// 是同一条线, 自己的生产线.
func (l *line) selfMade(at int) bool {
	c := l.clauseAt(at)
	return l.any(max(c.from, at-8), at, listed("passoff.self_made.own")...) ||
		l.any(c.from, c.to, listed("passoff.self_made.unrelated")...)
}

// unknownHouse finds a house that no list knows where the words make it one:
// 就是张飞家的散称款.
func (l *line) unknownHouse(kin lexicon.Match) bool {
	a, b := l.reachOf(kin.Start, kin.End)
	if l.latin {
		return l.capitalNamed(a, kin.Start)
	}
	for _, lead := range listed("passoff.unknown_house.words") {
		at := l.find(a, b, lead)
		if at < 0 {
			continue
		}
		from := at + len([]rune(lead))
		n := 0
		for from+n < len(l.t.R) && n < 7 && fold.Han(l.t.R[from+n]) {
			n++
		}
		for k := 2; k < n; k++ {
			if !l.ownThing(from, from+k) && (l.has(from+k, "家的") || l.has(from+k, "他们家") || l.has(from+k, "那条线") || l.has(from+k, "那边的货")) {
				return true
			}
		}
	}
	return false
}

// ownThing reports whether the runes name the host's own house or goods.
func (l *line) ownThing(from, to int) bool {
	return l.inName[from] || l.known(from, to) || l.any(from, to, listed("passoff.own_thing.near")...)
}

// capitalNamed reports whether "this is the Blunt umbrella" names a house in
// [from, to): a word with a capital that is none of the goods' own.
func (l *line) capitalNamed(from, to int) bool {
	raw := []rune(l.u.Text)
	for _, lead := range listed("passoff.capital_named.words") {
		at := l.find(from, to, lead)
		if at < 0 {
			continue
		}
		at += len(lead)
		end := at
		for end < len(l.t.R) && fold.Letter(l.t.R[end]) {
			end++
		}
		if start, _ := l.t.Raw(at, at+1); end-at > 2 && start < len(raw) && raw[start] >= 'A' && raw[start] <= 'Z' && !l.inName[at] && !contains(l.p.allText, l.span(at, end)) {
			return true
		}
	}
	return false
}
