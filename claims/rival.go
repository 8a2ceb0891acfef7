package claims

import (
	"strconv"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// Some words exclude each other: tea picked 明前 is not 雨前, a utility model is
// no invention. And some stand for a limit that a standard sets: 零卡 is at most
// 17 kJ in 100 ml. Both are lists (lexicon/rival.tsv, level.tsv).

// rivals compares words of a group with the one that the sheet has.
func (l *line) rivals() {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Rival || l.inName[m.Start] && contains(l.p.allText, l.part(m.Start, m.End)) || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.disowned(m) {
			continue
		}
		have := l.p.rivals[info(m.Term, "group")]
		cat := Category(info(m.Term, "category"))
		switch {
		case len(have) == 0:
		case have[m.Term] != "":
			field, raw := l.p.rivalOf(info(m.Term, "group"))
			l.bearsFact(cat, field, raw, m.Start, m.End)
		default:
			field, raw := l.p.rivalOf(info(m.Term, "group"))
			f := l.fact(field, raw)
			f.Value = m.Term.Name
			l.wrong(cat, VerdictContradicted, m.Start, m.End, "rival", f)
		}
	}
}

// readRivals notes which words of each group the sheet has, with the field.
func (f *factReader) readRivals(p *product) {
	for field := sheet.FieldName; field <= sheet.FieldStock; field++ {
		for _, t := range f.terms(lexicon.Rival, p.Raw(field)) {
			group := info(t, "group")
			if p.rivals == nil {
				p.rivals = map[string]map[*lexicon.Term]string{}
			}
			if p.rivals[group] == nil {
				p.rivals[group] = map[*lexicon.Term]string{}
			}
			if at := p.rivals[group][t]; at == "" || at == sheet.FieldName.String() || at == sheet.FieldAliases.String() {
				// a cell of facts is the better proof
				p.rivals[group][t] = field.String()
			}
		}
	}
}

// rivalOf is the field that holds a word of a group, the first of the sheet.
func (p *product) rivalOf(group string) (sheet.Field, string) {
	for field := sheet.FieldName; field <= sheet.FieldStock; field++ {
		for _, name := range p.rivals[group] {
			if name == field.String() {
				return field, p.Raw(field)
			}
		}
	}
	return sheet.FieldName, p.Raw(sheet.FieldName)
}

// A limit is what a word for a level stands for in 100 g or 100 ml.
type limit struct {
	least  bool
	amount int64 // mg, or thousandths of a kJ
	per    string
}

// limitsOf reads the limits of a level: most:17kj/100ml.
func limitsOf(t *lexicon.Term) []limit {
	var out []limit
	for _, i := range t.Info {
		kind, rest, ok := strings.Cut(i, ":")
		if !ok || kind != "most" && kind != "least" {
			continue
		}
		amount, per, _ := strings.Cut(rest, "/")
		n, err := strconv.ParseInt(strings.TrimRight(amount, "mgkj"), 10, 64)
		if err != nil {
			continue // the test of the list reads them all
		}
		if strings.HasSuffix(amount, "kj") {
			n *= 1000
		}
		out = append(out, limit{kind == "least", n, per})
	}
	return out
}

// A content is a figure of the sheet for 100 g or 100 ml.
type content struct {
	name   string
	amount int64 // mg, or thousandths of a kJ
	raw    string
	per    string
}

// contents reads figures such as 蛋白质 3.2g/100ml and 能量 25kJ/100ml.
func (f *factReader) contents(p *product) []content {
	var out []content
	for _, raw := range p.Metrics {
		text := fold.String(raw)
		for _, per := range []string{"100ml", "100g"} {
			head, _, ok := strings.Cut(text, "/"+per)
			if !ok {
				continue
			}
			qs := f.amounts(head)
			if len(qs) != 1 {
				continue
			}
			c := content{name: strings.TrimRight(string([]rune(head)[:qs[0].Start]), " :"), raw: raw, per: per}
			switch q := qs[0]; {
			case q.Dim == quantity.Mass:
				c.amount = q.Value
			case q.Unit == "kj":
				c.amount = q.Value
			case q.Unit == "kcal":
				c.amount = q.Value * 4184 / 1000
			default:
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

// levels compares 零糖, 零卡, 高钙 with the sheet's figure for 100 g or 100 ml.
func (l *line) levels() {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Level || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		l.otherLevel(m)
		for _, c := range l.p.contents {
			if !strings.HasPrefix(c.name, info(m.Term, "of")) {
				continue
			}
			for _, lim := range limitsOf(m.Term) {
				if lim.per != c.per {
					continue
				}
				if lim.least == (c.amount >= lim.amount) || c.amount == lim.amount {
					l.bearsFact(CategoryIngredient, sheet.FieldMetrics, c.raw, m.Start, m.End)
					continue
				}
				f := l.fact(sheet.FieldMetrics, c.raw)
				f.Value = m.Term.Name
				f.against(limitText(info(m.Term, "of"), lim), c.raw)
				l.wrong(CategoryIngredient, VerdictContradicted, m.Start, m.End, "ingredient.level", f)
			}
		}
	}
}

// A house founded after this year is no hundred years old before 2050: the
// checks know no clock.
const youngAfter = 1950

// otherLevel compares levels that are no contents: 两位数 with the price, 一级能效
// with the grade, 百年老店 with the founding year.
func (l *line) otherLevel(m lexicon.Match) {
	of := info(m.Term, "of")
	if of == "售价" {
		if below, err := strconv.ParseInt(info(m.Term, "below"), 10, 64); err == nil {
			l.digitsOfPrice(m, below*100)
		}
		return
	}
	for i := range l.p.metrics {
		f := &l.p.metrics[i]
		if !strings.HasPrefix(f.name, of) {
			continue
		}
		grade, _ := strconv.ParseInt(info(m.Term, "grade"), 10, 64)
		wrong := grade > 0 && f.q.Unit == "级" && f.q.Value > grade*1000 || info(m.Term, "years") != "" && f.q.Dim == quantity.Date && f.q.Value > youngAfter
		if !wrong {
			l.right(CategoryCredential, m.Start, m.End)
			continue
		}
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = m.Term.Name
		l.wrong(CategoryCredential, VerdictContradicted, m.Start, m.End, "metric.grade", fact)
	}
}

func limitText(of string, lim limit) string {
	sign := "≤"
	if lim.least {
		sign = "≥"
	}
	unit, n := "mg", lim.amount
	switch {
	case of == "能量":
		unit, n = "kJ", n/1000
	case n%1000 == 0:
		unit, n = "g", n/1000
	}
	return sign + strconv.FormatInt(n, 10) + unit + "/" + lim.per
}

// levelled reports whether the words lie in a level that was compared.
func (l *line) levelled(from, to int) bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Level || m.Start > to || m.End < from {
			continue
		}
		for _, c := range l.p.contents {
			if strings.HasPrefix(c.name, info(m.Term, "of")) {
				return true
			}
		}
	}
	return false
}
