package claims

import (
	"fmt"
	"slices"
	"sort"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// wrong records a finding over the folded runes [from, to).
func (l *line) wrong(cat Category, v Verdict, from, to int, rule string, f Finding) {
	f.Category, f.Verdict, f.Rule = cat, v, rule
	l.marks = append(l.marks, mark{Finding: f, from: from, to: to})
}

// right records that a slot was said right, so that a slip before it counts as
// corrected.
func (l *line) right(cat Category, from, to int) {
	l.marks = append(l.marks, mark{Finding: Finding{Category: cat}, from: from, to: to, right: true})
}

// fact fills in what the sheet says.
func (l *line) fact(f sheet.Field, raw string) Finding {
	if l.p == nil {
		return Finding{}
	}
	return Finding{Fact: raw, FactID: l.p.SKU + "·" + f.String()}
}

func (l *line) factOf(f sheet.Field) Finding {
	if l.p == nil {
		return Finding{}
	}
	return l.fact(f, l.p.Raw(f))
}

// compute fills in the arithmetic in Chinese. The caller gives it in English
// too, with computeEN.
func (f *Finding) compute(format string, args ...any) { f.Arithmetic = fmt.Sprintf(format, args...) }

func (f *Finding) computeEN(format string, args ...any) {
	f.ArithmeticEN = fmt.Sprintf(format, args...)
}

// against puts what was said beside what the sheet has.
func (f *Finding) against(said, have string) {
	f.Arithmetic, f.ArithmeticEN = said+" 对 "+have, said+" against "+have
}

// findings turns the marks of a line into findings in the order of the text.
func (l *line) findings() []Finding {
	l.applyCorrections()
	l.turnsToOwn()
	sort.SliceStable(l.marks, func(i, j int) bool { return l.marks[i].from < l.marks[j].from })
	var out []Finding
	for i := range l.marks {
		m := &l.marks[i]
		if m.right || l.repeats(i) || l.borneOut(m) || l.contrasted(m) || l.besidesTrue(m) || l.yieldsToOwn(m) || l.readAway(m) {
			continue
		}
		out = append(out, l.finish(m))
	}
	return out
}

// borneOut reports whether a promised effect is one that a figure of the sheet
// holds, with the same time: 30天祛痘印 where a test report says so.
func (l *line) borneOut(m *mark) bool {
	if m.Category != CategoryEffect || l.p == nil {
		return false
	}
	c := l.clauseAt(m.from)
	for _, f := range l.p.metrics {
		if f.q.Dim != quantity.Duration || f.term == nil && f.name == "" {
			continue
		}
		for _, q := range l.q {
			if c.holds(q.Start) && q.Dim == f.q.Dim && q.Value == f.q.Value && contains(l.part(c.from, c.to), f.name) {
				return true
			}
		}
	}
	return false
}

// contrasted reports whether a wrong value only sets off the right one that is
// said in another clause: "蓝山我喝不起，这个云南的". Words that add (还, 也, 加) make
// it a claim beside the right one.
func (l *line) contrasted(m *mark) bool {
	switch m.Rule {
	case "origin.other", "origin.unknown", "origin.variety", "material.other", "material.unknown":
	default:
		return false
	}
	k := l.clauseIndex(m.from)
	if k < 0 {
		return false
	}
	c := &l.cl[k]
	if l.any(c.from, c.to, listed("finding.contrasted.near")...) {
		return false
	}
	for i := range l.marks {
		o := &l.marks[i]
		if o.right && o.Category == m.Category && !c.holds(o.from) && o.to-o.from > 1 && l.comparable(m, o) {
			return true
		}
	}
	return false
}

// cloth reports whether a domain is one of cloth or what is filled into it.
func cloth(domain string) bool { return soft[domain] || domain == "filling" || domain == "fabric" }

// comparable reports whether two materials are of a kind, so that one may set off
// the other: silver and a diamond in it are no rivals.
func (l *line) comparable(a, b *mark) bool {
	if a.Category != CategoryMaterial {
		return true
	}
	x, ok := l.match(lexicon.Material, a.from, a.to)
	y, known := l.match(lexicon.Material, b.from, b.to)
	return !ok || !known || info(x.Term, "domain") == info(y.Term, "domain") || cloth(info(x.Term, "domain")) == cloth(info(y.Term, "domain")) && info(x.Term, "domain") != "precious" && info(y.Term, "domain") != "precious"
}

// repeats reports whether an earlier mark already says the same.
func (l *line) repeats(i int) bool {
	m := &l.marks[i]
	if m.Verdict == VerdictUnsupported && (m.Category == CategoryMaterial || m.Category == CategoryIngredient || m.Category == CategoryBrand || m.Category == CategoryOrigin) {
		for j := range l.marks {
			if o := &l.marks[j]; !o.right && o.Category == m.Category && o.Verdict == VerdictContradicted {
				return true
			}
		}
	}
	for j := range l.marks {
		if o := &l.marks[j]; m.Verdict == VerdictUnsupported && !o.right && o.Category == m.Category && o.Rule == "rival" && overlap(o, m) {
			return true
		}
	}
	for j := range i {
		o := &l.marks[j]
		if !o.right && o.Category == m.Category && o.Verdict == m.Verdict && (o.FactID == m.FactID || overlap(o, m)) {
			return true
		}
	}
	return false
}

func overlap(a, b *mark) bool { return a.from < b.to && b.from < a.to }

// applyCorrections lets the last value of a slot count where the host corrects
// himself.
func (l *line) applyCorrections() {
	if l.correctedAt() < 0 {
		return
	}
	var drop []bool
	for i := range l.marks {
		drop = append(drop, l.putRight(&l.marks[i]))
	}
	keep := l.marks[:0]
	for i, m := range l.marks {
		if !drop[i] {
			keep = append(keep, m)
		}
	}
	l.marks = keep
}

// correctedAt is where the host begins to correct himself, -1 for nowhere.
func (l *line) correctedAt() int {
	for _, c := range l.cl {
		if c.corrected {
			return c.from
		}
	}
	return -1
}

// putRight reports whether a later value of the slot takes a mark's place, or
// the fact itself is said after the correction.
func (l *line) putRight(m *mark) bool {
	at := l.correctedAt()
	if at < 0 {
		return false
	}
	switch m.Category {
	case CategoryOffplatform, CategoryConduct, CategoryMedical, CategoryAbsolute, CategoryEffect:
		return false
	}
	for i := range l.marks {
		if o := &l.marks[i]; o.Category == m.Category && o.from > m.from {
			return true
		}
	}
	return m.from < at && !m.right && l.saidAfter(at, m.Fact)
}

// saidAfter reports whether, behind i, a number is said that the fact holds.
func (l *line) saidAfter(i int, fact string) bool {
	for _, f := range amounts(fact) {
		for _, q := range l.q {
			if q.Start >= i && q.Number.Valid() && q.Number == f.Number {
				return true
			}
		}
	}
	return false
}

// finish writes out what a person reads.
func (l *line) finish(m *mark) Finding {
	f := m.Finding
	start, end := l.t.Raw(m.from, m.to)
	f.Utterance, f.Start, f.End = l.u.ID, start, end
	f.Said = string([]rune(l.u.Text)[start:end])
	f.SKU = l.u.SKU
	if l.p != nil {
		f.SKU = l.p.SKU
	}
	f.Sheet = l.c.sheet.Version()
	f.ListenFirst = f.ListenFirst || l.bySound || l.byEar(m.from, m.to) || l.u.Confidence > 0 && l.u.Confidence < weakConfidence
	r := ruleText(f.Category, f.Verdict, l.p)
	f.Law, f.Severity = r.law, r.severity
	if f.Value == "" {
		f.Value = f.Said
	}
	if f.Why == "" {
		f.Why, f.WhyEN = r.why(&f)
	}
	if !l.trial {
		if f.Suggest == "" {
			f.Suggest = l.suggest(&f)
		}
		if len(f.Exempted) == 0 {
			f.Exempted = l.tried(m.asHit(), true)
		}
	}
	return f
}

// sortFindings puts findings in the order of the text.
func sortFindings(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int { return a.Start - b.Start })
}

// weakConfidence is the recogniser's confidence, in thousandths, below which a
// person listens before judging.
const weakConfidence = 700

func percent(ppm int64) string {
	if ppm%10_000 == 0 {
		return fmt.Sprintf("%d%%", ppm/10_000)
	}
	s := fmt.Sprintf("%.2f", float64(ppm)/10_000)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s + "%"
}
