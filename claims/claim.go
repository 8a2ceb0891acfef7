package claims

import (
	"slices"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// A Claim is an assertion found in an utterance, right or wrong.
type Claim struct {
	Finding
	// Corrects tells that the host says it behind words of correction: 刚才说错了.
	Corrects bool
}

// Claims finds all that an utterance claims, in the order of the text: what
// Check finds, and what the sheet bears out, with VerdictSupported and the cell
// that says so. What is not wrong and yet stands in no cell is not among them.
func (c *Checker) Claims(u Utterance, before []Utterance) []Claim {
	var out []Claim
	for _, f := range c.Check(u, before) {
		out = append(out, Claim{Finding: f})
	}
	// What is wrong has been taken out of the marks by then, and an answer was
	// read with its question: the line itself is read once more.
	supported := pieces(c, u, func(l *line, u Utterance) []Claim { return l.supported(u, before) },
		func(c *Claim) *Finding { return &c.Finding })
	for _, s := range supported {
		if !slices.ContainsFunc(out, s.saidWith) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Claim) int { return a.Start - b.Start })
	return out
}

// saidWith tells whether another claim of the category lies over the same words.
func (c Claim) saidWith(o Claim) bool {
	return o.Category == c.Category && o.Start < c.End && c.Start < o.End
}

// supported finds what a line says as its product's sheet does.
func (l *line) supported(u Utterance, before []Utterance) []Claim {
	if worth, _ := l.read(u, before); !worth {
		return nil
	}
	corrects := l.correctedAt()
	var out []Claim
	for i := range l.marks {
		m := &l.marks[i]
		if !m.right || m.Fact == "" || !l.meant(m) || l.elsewhere(m.from) || l.toBePutRight(m) {
			continue
		}
		c := Claim{Finding: l.borne(m), Corrects: corrects >= 0 && corrects <= m.from}
		said := slices.IndexFunc(out, func(o Claim) bool { return o.FactID == c.FactID && o.Fact == c.Fact })
		if said < 0 {
			out = append(out, c)
		} else if c.Corrects && !out[said].Corrects {
			out[said] = c
		}
	}
	return out
}

// meant tells whether the host asserts what a mark says.
func (l *line) meant(m *mark) bool {
	s := l.stanceOf(m.from, m.to)
	return s == asserted || s == negated && m.none
}

// toBePutRight tells whether the line has something wrong in the mark's clause
// and category: 含羊毛 is in the sheet, and 纯羊毛 is not supported by it.
func (l *line) toBePutRight(m *mark) bool {
	c := l.clauseAt(m.from)
	return slices.ContainsFunc(l.marks, func(o mark) bool { return !o.right && o.Category == m.Category && c.holds(o.from) })
}

// borne writes out a claim that the sheet bears out.
func (l *line) borne(m *mark) Finding {
	f := m.Finding
	f.Utterance, f.SKU, f.Sheet = l.u.ID, l.p.SKU, l.c.sheet.Version()
	f.Start, f.End = l.t.Raw(m.from, m.to)
	f.Said = string([]rune(l.u.Text)[f.Start:f.End])
	f.Verdict, f.Value, f.FactID = VerdictSupported, f.Said, l.p.SKU+"·"+m.field.String()
	f.ListenFirst = l.bySound || l.byEar(m.from, m.to) || l.u.Confidence > 0 && l.u.Confidence < weakConfidence
	return f
}

// bears records that a slot was said as a cell of the sheet has it.
func (l *line) bears(cat Category, field sheet.Field, from, to int) {
	l.bearsFact(cat, field, l.p.Raw(field), from, to)
}

// bearsFact records that a slot was said as a part of a cell has it. Without
// such a part it is said right, and no more.
func (l *line) bearsFact(cat Category, field sheet.Field, raw string, from, to int) {
	l.marks = append(l.marks, mark{Finding: Finding{Category: cat, Fact: raw}, from: from, to: to, right: true, field: field})
}

// bearsPart records that an ingredient is said as the sheet has it.
func (l *line) bearsPart(f *partFact, m lexicon.Match) {
	if f.metric != "" {
		l.bearsFact(CategoryIngredient, sheet.FieldMetrics, f.metric, m.Start, m.End)
		return
	}
	l.bears(CategoryIngredient, sheet.FieldIngredients, m.Start, m.End)
}

// SaysCorrection reports whether a text holds words by which people put right
// what they said.
func SaysCorrection(text string) bool {
	var t fold.Text
	t.Fold(text)
	return slices.ContainsFunc(baseWords().Find(nil, t.R), func(m lexicon.Match) bool { return m.Term.Class == lexicon.Correction })
}
