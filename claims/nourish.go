package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// nourished finds a nutrient that the goods are said to give to a body: it gives
// your bones calcium, 两粒补足一天的膳食纤维. To have it in them is a
// matter of ingredients; to make up for a want of it is a function.
func (l *line) nourished() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Ingredient || !nutrient(m.Term.Name) || l.inName[m.Start] || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.warned(m.Start) || l.disowned(m) {
			continue
		}
		c := l.clauseAt(m.Start)
		from := max(c.from, m.Start-8-26*b2i(l.latin))
		verb, n := l.first(from, m.Start, "nourish.restore")
		restores := verb >= 0
		if !restores && !l.latin {
			verb, n = l.first(m.End, min(m.End+5, c.to), "nourish.restore") // 把叶酸都补够
			restores = verb >= 0
		}
		if !restores {
			verb, n = l.first(from, m.Start, "nourish.give")
		}
		if verb < 0 || !l.holds(c.from, c.to, "nourish.whom") || l.any(c.from, max(verb, m.Start), listed("nourish.nourished.near")...) {
			continue
		}
		present, _ := l.factsOn(m.Term)
		if l.nourishHeld(m) || present != nil && (!restores || l.p.Category != sheet.HealthFood) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		start, end := min(verb, m.Start), max(m.End, verb+n)
		f.Value = l.span(start, end)
		l.wrong(CategoryEfficacy, VerdictUnsupported, start, end, "efficacy.unknown", f)
		return true
	}
	return false
}

// nourishHeld reports whether the sheet grants a function with the nutrient.
func (l *line) nourishHeld(m lexicon.Match) bool {
	for fn := range l.p.functions {
		if strings.HasPrefix(fn, "补") && (contains(fn, m.Term.Name) || contains(m.Term.Name, strings.TrimPrefix(strings.TrimPrefix(fn, "补充"), "补"))) {
			return true
		}
	}
	return contains(strings.Join(l.p.Efficacy, ";"), m.Term.Name)
}

func nutrient(name string) bool {
	return isListed("nourish.nutrients", name) || strings.HasPrefix(name, "维生素")
}

// moot finds a trouble that having the goods is said to settle: 有了它油烟不再是问题.
// Without them in the sentence it may be settled by anything.
func (l *line) moot(c *clause, m lexicon.Match) (at, n int) {
	from, to := l.around(m.Start, 1)
	if !l.holds(from, to, "moot.own") {
		return -1, 0
	}
	if at, n = l.first(m.End, min(c.to, m.End+7+24*b2i(l.latin)), "better.moot"); at >= 0 {
		return at, n
	}
	return l.first(c.to, to, "better.moot")
}
