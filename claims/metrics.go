package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// metrics compares named figures: suction, battery life, fill power, SPF.
func (l *line) metrics() {
	p := l.p
	if p == nil || len(p.metrics) == 0 {
		return
	}
	for k := range p.metrics {
		f := &p.metrics[k]
		l.metric(f)
	}
	l.gradeMarks()
}

// metric looks for a figure said under the name of one of the sheet.
func (l *line) metric(f *metricFact) {
	for i, q := range l.q {
		if q.Dim == quantity.Count && q.Value == 1000 && f.q.Value > 1000 {
			continue // 一张二十乘十五
		}
		if l.used[i] && !l.shares(f, i) || !l.sameFigure(f, i) || l.ofOtherThings(q.Start) || q.Dim == quantity.Mass && l.behind(q.Start, "per ", "每", "/") {
			continue
		}
		c := l.clauseAt(q.Start)
		s := l.stanceOf(q.Start, q.End)
		if s != asserted {
			if c.question && s == silent || s == negated {
				l.used[i] = true
			}
			continue
		}
		l.used[i] = true
		v, lo, hi := q.Value, q.Lo, q.Hi
		have := f.q.Value
		if q.Dim == quantity.Bare && f.q.Dim != quantity.Bare {
			v, lo, hi = scaleLike(q, f.q)
			if q.Alt > 0 && abs(q.Alt-have) < abs(q.Value-have) && f.q.Dim == quantity.Index {
				v, lo, hi = q.Alt, q.Alt, q.Alt
			}
		}
		tol := have / 100
		if q.Approx {
			tol = have / 16
		}
		if v < 0 { // 正负三: plus or minus three
			v, lo, hi = -v, -v, -v
		}
		if lo == quantity.NegInf {
			lo = 0
		}
		if f.q.Lo < f.q.Hi && f.q.Hi != quantity.PosInf && v <= f.q.Hi+tol || lo-tol <= have && (hi == quantity.PosInf || have <= hi+tol) || l.lessIsMore(f) && v > have || f.q.Dim == quantity.Duration && v < have && v*10 >= have*9 || !l.named(f, c) && l.otherFigure(f, v) {
			if low := l.otherBand(f, c, lo); low != nil {
				fact := l.fact(sheet.FieldMetrics, low.raw)
				fact.Value = l.span(q.Start, q.End)
				fact.against(low.likewise(v), low.raw)
				l.wrong(CategoryCredential, VerdictContradicted, q.Start, q.End, "metric", fact)
				continue
			}
			if l.named(f, c) && lo-tol <= have && (hi == quantity.PosInf || have <= hi+tol) {
				l.bearsFact(CategoryCredential, sheet.FieldMetrics, f.raw, q.Start, q.End)
			} else {
				l.right(CategoryCredential, q.Start, q.End)
			}
			continue
		}
		fact := l.fact(sheet.FieldMetrics, f.raw)
		fact.Value = l.span(q.Start, q.End)
		fact.against(f.likewise(v), f.raw)
		cat := CategoryCredential
		if contains(f.name, "每包") || contains(f.name, "每盒") {
			cat = CategoryQuantity
		}
		if f.q.Unit == "支" && contains(fold.String(l.p.Raw(sheet.FieldMaterial)), string([]rune(f.raw)[f.q.Start:f.q.End])) {
			cat, fact.FactID = CategoryMaterial, l.p.SKU+"·"+sheet.FieldMaterial.String()
			fact.Fact = l.p.Raw(sheet.FieldMaterial)
		}
		l.wrong(cat, VerdictContradicted, q.Start, q.End, "metric", fact)
	}
}

// named reports whether a clause says the figure's own name.
func (l *line) named(f *metricFact, c *clause) bool {
	return len([]rune(f.name)) >= 2 && l.find(c.from, c.to, f.name) >= 0
}

// shares reports whether several figures are named in a row for one amount:
// 保温保冷都是十小时.
func (l *line) shares(f *metricFact, i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if !l.named(f, c) {
		return false
	}
	others := false
	between := l.part(l.find(c.from, c.to, f.name), q.Start)
	for k := range l.p.metrics {
		if name := l.p.metrics[k].name; name != "" && contains(l.part(c.from, q.Start), name) {
			between = strings.ReplaceAll(between, name, "")
			others = others || name != f.name
		}
	}
	return others && strings.Trim(between, "、和/都能是") == ""
}

// powered reports whether the sheet tells the power of the goods.
func (p *product) powered() bool {
	for i := range p.metrics {
		if unitKind(p.metrics[i].q.Unit) == "w" {
			return true
		}
	}
	return false
}

// likewise writes a figure the way the sheet writes its own: 800W beside 500W.
func (f *metricFact) likewise(v int64) string {
	raw, n := []rune(f.raw), f.q.Number
	if f.q.Value == 0 || n.Num == 0 || f.q.End > len(raw) {
		return fmt.Sprint(v)
	}
	figure := float64(v) / float64(f.q.Value) * float64(n.Num) / float64(n.Den)
	return fmt.Sprintf("%.6g", figure) + string(raw[f.q.NumEnd:f.q.End])
}

func (l *line) lessIsMore(f *metricFact) bool {
	return containsAny(f.name, "误差", "噪音", "噪声")
}

// scaleLike reads a number without unit in the unit of the sheet's figure.
func scaleLike(q, fact quantity.Quantity) (v, lo, hi int64) {
	one := int64(0)
	if fact.Number.Num > 0 {
		one = fact.Value / fact.Number.Num * fact.Number.Den
	}
	scale := func(x int64) int64 {
		if x == quantity.PosInf || x == quantity.NegInf {
			return x
		}
		return x * one / 1000
	}
	return scale(q.Value), scale(q.Lo), scale(q.Hi)
}

// sameFigure reports whether the amount is said under the name of a metric, or
// in a unit that only that metric has.
func (l *line) sameFigure(f *metricFact, i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	comparable := q.Dim == f.q.Dim || q.Dim == quantity.Bare || q.Dim == quantity.Ratio && f.q.Dim == quantity.Ratio
	if !comparable || f.q.Dim == quantity.Bare && f.q.Value == 0 {
		return false
	}
	if q.Dim == quantity.Duration && f.q.Dim == quantity.Duration && (f.q.Value >= 86400) != (q.Value >= 86400*2) && q.Value > 86400*3 {
		return false
	}
	if q.Dim == quantity.Duration && q.Unit == "sec" && f.q.Unit == "sec" {
		return true
	}
	if q.Dim == quantity.Duration && q.Unit == "hour" && f.q.Dim == quantity.Duration && l.lasts(c) {
		return true
	}
	name := f.term
	for _, m := range l.m {
		if m.Start < c.from || m.Start >= c.to || m.Term.Class != lexicon.Attribute && m.Term.Class != lexicon.Function {
			continue
		}
		if name == nil || m.Term.Name != name.Name && !contains(f.name, m.Term.Name) {
			continue
		}
		if q.Start-m.End >= 0 && q.Start-m.End <= 8 || m.Start-q.End >= 0 && m.Start-q.End <= 6 || l.latin && abs(int64(q.Start-m.End)) < 34 {
			if q.Dim == quantity.Bare && !l.joins(m.End, q.Start) && !l.joins(q.End, m.Start) && !l.latin {
				continue
			}
			return q.Dim != quantity.Bare || q.Value >= f.q.Value/100
		}
	}
	if f.q.Dim == quantity.Bare && f.q.Value >= 1e11 && q.Dim == quantity.Bare && q.Value >= 1e11 && !l.behind(q.Start, "zl", "号") {
		return true
	}
	if at := l.find(c.from, c.to, f.name); f.name != "" && at >= 0 && at <= q.Start && q.Start-at <= 12 && (q.Dim != quantity.Bare || l.joins(at+len([]rune(f.name)), q.Start)) {
		return true
	}
	if len([]rune(f.name)) >= 2 && (l.has(q.End, f.name) || l.has(q.End, "的"+f.name)) && q.Dim == f.q.Dim {
		return true
	}
	if s := strings.TrimRight(f.name, "数量度率值"); len([]rune(s)) >= 2 && s != f.name {
		if at := l.find(c.from, c.to, s); at >= 0 && at-q.End <= 2 && q.Start-at <= 8 {
			return true
		}
	}
	if f.q.Dim == quantity.Index && q.Dim == quantity.Index && unitKind(f.q.Unit) == unitKind(q.Unit) && !vague(q.Unit) {
		return true
	}
	if f.q.Dim == quantity.Count && q.Dim == quantity.Count && q.Unit == f.q.Unit && (q.Unit == "抽" || q.Unit == "张" || q.Unit == "支") && (q.Unit != "支" || contains(f.raw, "支")) {
		return sheetsPer(l, f, q)
	}
	if f.q.Dim == quantity.Count && q.Dim == quantity.Count && (f.q.Unit == "抽" || f.q.Unit == "张") && (q.Unit == "抽" || q.Unit == "张" || q.Unit == "sheets" || q.Unit == "wipes" || q.Unit == "sheet") {
		return sheetsPer(l, f, q)
	}
	return f.q.Dim == quantity.Count && f.q.Unit == "支" && q.Dim == quantity.Count && q.Unit == "支" && l.p.Category == sheet.Home
}

// lasts reports whether a clause tells how long goods last in use.
func (l *line) lasts(c *clause) bool {
	hours := 0
	for _, f := range l.p.metrics {
		if f.q.Dim == quantity.Duration {
			hours++
		}
	}
	return hours == 1 && l.any(c.from, c.to, listed("metrics.lasts.wear")...) && !l.any(c.from, c.to, listed("metrics.lasts.time")...)
}

// joins reports whether only little words stand between a name and its figure.
func (l *line) joins(from, to int) bool {
	for i := from; i < to; i++ {
		if !in(l.t.R[i], "是有到达高能可了的大为:约就也才足都 整给度值量率效深间") {
			return false
		}
	}
	return to >= from
}

func sheetsPer(l *line, f *metricFact, q quantity.Quantity) bool {
	for _, c := range l.p.counts {
		if c.Value/1000*f.q.Value == q.Value {
			return false // the total
		}
	}
	return true
}

// unitKind folds units that measure the same.
func unitKind(u string) string {
	switch u {
	case "kw":
		return "w"
	case "kpa":
		return "pa"
	}
	return u
}

// vague units are said of too many things to name a figure.
func vague(u string) bool {
	switch u {
	case "种", "类", "层", "次", "遍", "回", "位", "人", "家", "名", "步", "代", "句", "场", "集", "关", "级", "times", "degree", "v", "版", "届", "刀", "圈", "sui", "kcal":
		return true
	}
	return false
}

// gradeMarks compares marks that are no numbers: SPF50+, PA+++, IPX4.
func (l *line) gradeMarks() {
	text := fold.String(l.p.Raw(sheet.FieldMetrics))
	for i := range l.t.R {
		for _, grade := range []string{"ipx", "spf", "pa"} {
			if !l.has(i, grade) || !contains(text, grade) || i > 0 && fold.Letter(l.t.R[i-1]) {
				continue
			}
			if l.stanceOf(i, i+len(grade)) != asserted || l.elsewhere(i) {
				continue
			}
			l.grade(grade, i+len(grade), text)
		}
	}
}

func (l *line) grade(grade string, at int, text string) {
	for at < len(l.t.R) && (l.t.R[at] == ' ' || l.t.R[at] == '值') {
		at++
	}
	var said, have int64
	end := at
	if grade == "pa" {
		for end < len(l.t.R) && l.t.R[end] == '+' {
			end++
		}
		said = int64(end - at)
		for k, w := range listed("metrics.grade.words") {
			if l.has(at, w+"个加") || l.has(at, w+"加") {
				said, end = int64(k+1), at+3
			}
		}
		have = plusses(text)
	} else {
		q, ok := quantity.At(l.t.R, at)
		if !ok {
			return
		}
		said, end = q.Number.Num, q.End
		for k, r := range []rune(text) {
			if string([]rune(text)[k:min(k+len(grade), len([]rune(text)))]) == grade {
				if fq, ok := quantity.At([]rune(text), k+len(grade)); ok {
					have = fq.Number.Num
				}
			}
			_ = r
		}
	}
	end = min(end, len(l.t.R))
	for i, q := range l.q {
		if q.Start >= at && q.Start <= end {
			l.used[i] = true
		}
	}
	if said == 0 || have == 0 {
		return
	}
	if said <= have {
		l.bears(CategoryCredential, sheet.FieldMetrics, at, end)
		return
	}
	f := l.factOf(sheet.FieldMetrics)
	f.Value = fmt.Sprintf("%s %d", grade, said)
	f.against(fmt.Sprint(said), fmt.Sprint(have))
	l.wrong(CategoryCredential, VerdictContradicted, max(at-len(grade), 0), max(end, at), "metric.grade", f)
}

func plusses(s string) int64 {
	n, best := int64(0), int64(0)
	for _, r := range s {
		if r == '+' {
			n++
			best = max(best, n)
		} else {
			n = 0
		}
	}
	return best
}

// otherFigure reports whether another figure of the sheet in the same unit is
// the one said: a power bank has a cell capacity and a rated one.
func (l *line) otherFigure(f *metricFact, v int64) bool {
	for k := range l.p.metrics {
		o := &l.p.metrics[k]
		if o != f && o.q.Dim == f.q.Dim && unitKind(o.q.Unit) == unitKind(f.q.Unit) && abs(o.q.Value-v)*100 <= o.q.Value {
			return true
		}
	}
	return false
}
