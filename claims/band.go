package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A figure that the sheet gives band by band is true of its band alone: 98 % of
// the light of 385 to 415 nm is not 98 % of the blue light.

// otherBand finds a band of the same figure for which less holds than was said
// without naming a band, nil for none.
func (l *line) otherBand(f *metricFact, c *clause, said int64) *metricFact {
	band, name := bandOf(f.name)
	if band == "" {
		return nil
	}
	from, to := l.around(c.from, 1)
	if l.any(from, to, digitsOf(band)...) || l.any(from, to, listed("band.other_band.near")...) {
		return nil
	}
	for k := range l.p.metrics {
		o := &l.p.metrics[k]
		b, n := bandOf(o.name)
		if b != "" && b != band && n == name && o.q.Dim == f.q.Dim && o.q.Value < said-said/20 {
			return o
		}
	}
	return nil
}

// bandOf parts a name such as 385-415nm蓝光阻隔率 into the band and what is
// measured, "" where it leads with no range.
func bandOf(name string) (band, rest string) {
	end := strings.IndexFunc(name, func(r rune) bool { return !strings.ContainsRune("0123456789.-~至到", r) })
	if end <= 0 || !strings.ContainsAny(name[:end], "-~至到") {
		return "", name
	}
	return name[:end], strings.TrimLeft(name[end:], " abcdefghijklmnopqrstuvwxyz℃°")
}

// digitsOf are the numbers of a band.
func digitsOf(band string) []string {
	return strings.FieldsFunc(band, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
}

// countless: so many millions of something in the goods, where the sheet counts
// nothing in millions: 一瓶两亿酵母.
func (l *line) countless() {
	if containsAny(l.p.factText, listed("band.countless.in")...) {
		return
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Bare && q.Dim != quantity.Count || q.Value < 1e10 {
			continue
		}
		m, ok := l.match(lexicon.Ingredient, q.End, min(q.End+8+10*b2i(l.latin), len(l.t.R)))
		c := l.clauseAt(q.Start)
		if !ok || m.Start-q.End > 3+4*b2i(l.latin) || !c.holds(m.Start) || l.any(q.End, m.Start, listed("band.countless.others")...) || l.any(c.from, c.to, listed("band.countless.sold")...) || l.stanceOf(q.Start, m.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		l.used[i] = true
		f := l.factOf(sheet.FieldIngredients)
		f.Value = l.span(q.Start, m.End)
		l.wrong(CategoryIngredient, VerdictUnsupported, q.Start, m.End, "ingredient.amount", f)
		return
	}
}
