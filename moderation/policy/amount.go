package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liveroom/claims/condition"
	"liveroom/claims/tomldoc"
)

// A formula is how an amount is computed, as data.
type formula struct {
	highest    bool // the highest of the parts counts, else their sum
	parts      []part
	leastFen   int64
	capFen     int64 // 0: none
	neverAbove Fact  // "" : nothing
}

// A part is a percentage or a multiple of an amount.
type part struct {
	text  Text
	of    Fact
	less  Fact  // taken off first; ""
	basis int64 // hundredths of a percent; 0: not named
	times int64 // 0: not named
	when  *condition.Condition
}

// An Amount is what the formula of a policy gives.
type Amount struct {
	Fen     int64  `json:"fen"`
	Known   bool   `json:"known"`             // false: too little is known to compute anything
	AtLeast bool   `json:"at_least,omitzero"` // a part is not known yet and can only add
	Text    Text   `json:"text"`              // the arithmetic
	Missing []Fact `json:"missing,omitzero"`
}

const (
	maxBasis = 100_000 // 1,000 %
	maxTimes = 100
)

func (l *loader) amount(t *tomldoc.Table, kind Kind) *formula {
	if t == nil {
		return nil
	}
	f := &formula{
		highest:  tomldoc.OneOf(t, "combine", combineSum, combineSum, combineHighest) == combineHighest,
		leastFen: t.Int("least_fen", 0, maxFen), capFen: t.Int("cap_fen", 0, maxFen), neverAbove: l.fact(t, "never_above", KindFen),
	}
	if kind == Compensation {
		if f.neverAbove != "" && f.neverAbove != paid {
			t.Failf("never_above", "a compensation is never above %s", paid)
		}
		f.neverAbove = paid
	}
	if f.capFen > 0 && f.leastFen > f.capFen {
		t.Failf("least_fen", "an amount of at most cap_fen is expected")
	}
	for _, pt := range t.Tables("part") {
		p := part{
			text: needText(pt, "text", "what the part is"), of: l.fact(pt, "of", KindFen), less: l.fact(pt, "less", KindFen),
			basis: percent(pt), times: pt.Int("times", 0, maxTimes), when: l.when(pt),
		}
		if p.of == "" {
			pt.Failf("", "of is missing: the amount it is a share of, such as order.paid_fen")
		}
		f.parts = append(f.parts, p)
	}
	if len(f.parts) == 0 {
		t.Failf("", "[[amount.part]] is missing: at least one")
	}
	return f
}

type combine string

const (
	combineSum     combine = "sum"
	combineHighest combine = "highest"
)

const paid Fact = "order.paid_fen"

// percent takes a percentage, 30 or "12.5", in hundredths of a percent.
func percent(t *tomldoc.Table) int64 {
	text := ""
	switch v := t.Value("percent").(type) {
	case nil:
		return 0
	case int64:
		text = strconv.FormatInt(v, 10)
	case string:
		text = v
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseUint(whole+(fraction + "00")[:2], 10, 31)
	if err != nil || len(fraction) > 2 || n == 0 || n > maxBasis {
		t.Failf("percent", `a percentage up to %d is expected, with at most two decimals, such as 30 or "12.5"`, maxBasis/100)
		return 0
	}
	return int64(n)
}

// compute gives the amount for facts.
func (f *formula) compute(facts Facts, values map[string]any) *Amount {
	a := &Amount{}
	var texts []Text
	for i := range f.parts {
		c, err := f.parts[i].compute(facts, values)
		if err != nil {
			return &Amount{Text: say("无法计算：%v", "it cannot be computed: %v", err)}
		}
		a.Missing = append(a.Missing, c.missing...)
		if len(c.missing) > 0 || c.left {
			continue
		}
		texts = append(texts, c.label(len(f.parts) > 1))
		if f.highest {
			a.Fen = max(a.Fen, c.fen)
		} else {
			a.Fen += c.fen
		}
	}
	most, bounded := facts.number(f.neverAbove)
	if f.neverAbove != "" && !bounded {
		a.Missing = append(a.Missing, f.neverAbove)
	}
	slices.Sort(a.Missing)
	a.Missing = slices.Compact(a.Missing)
	if len(texts) == 0 || f.neverAbove != "" && !bounded {
		return &Amount{Text: say("资料不足，无法计算", "too little is known to compute it"), Missing: a.Missing}
	}
	a.Known, a.Text = true, f.join(texts, a.Fen)
	capped := f.bound(a, most)
	a.AtLeast = len(a.Missing) > 0 && !capped
	return a
}

func (f *formula) join(texts []Text, fen int64) Text {
	out := texts[0]
	for _, t := range texts[1:] {
		out = Text{out.ZH + "；" + t.ZH, out.EN + "; " + t.EN}
	}
	switch {
	case len(texts) == 1:
		return out
	case f.highest:
		return Text{out.ZH + "；取最高 " + Yuan(fen), out.EN + "; the highest is " + Yuan(fen)}
	}
	return Text{out.ZH + "；合计 " + Yuan(fen), out.EN + "; together " + Yuan(fen)}
}

// bound holds the amount between the least and the most, and tells it.
func (f *formula) bound(a *Amount, most int64) (capped bool) {
	add := func(zh, en string) { a.Text = Text{a.Text.ZH + zh, a.Text.EN + en} }
	switch {
	case a.Fen < f.leastFen:
		a.Fen = f.leastFen
		add("，不足 "+Yuan(a.Fen)+" 的按 "+Yuan(a.Fen)+" 计", ", raised to the least, "+Yuan(a.Fen))
	case f.leastFen > 0:
		add("，最低 "+Yuan(f.leastFen), ", at least "+Yuan(f.leastFen))
	}
	if f.neverAbove != "" && a.Fen > most {
		a.Fen, capped = most, true
		what := f.neverAbove.Info().Text
		add("，不超过"+what.ZH+" "+Yuan(most), ", never above "+what.EN+", "+Yuan(most))
	}
	switch {
	case f.capFen > 0 && a.Fen > f.capFen:
		a.Fen, capped = f.capFen, true
		add("，封顶为 "+Yuan(f.capFen), ", capped at "+Yuan(f.capFen))
	case f.capFen > 0:
		add("，封顶 "+Yuan(f.capFen), ", cap "+Yuan(f.capFen))
	}
	return capped
}

// A computed part.
type computed struct {
	name    Text
	fen     int64
	text    Text
	missing []Fact
	left    bool // its condition does not hold
}

func (c computed) label(among bool) Text {
	if !among {
		return c.text
	}
	return Text{c.name.ZH + "：" + c.text.ZH, c.name.EN + ": " + c.text.EN}
}

func (p *part) compute(facts Facts, values map[string]any) (computed, error) {
	c := computed{name: p.text}
	if p.when != nil {
		holds, missing, err := p.when.Decide(values)
		if c.missing = factsOf(missing); err != nil || !holds {
			c.left = true
			return c, err
		}
	}
	base, ok := facts.number(p.of)
	if !ok {
		c.missing = append(c.missing, p.of)
	}
	shown := Yuan(base)
	if p.less != "" {
		less, ok := facts.number(p.less)
		if !ok {
			c.missing = append(c.missing, p.less)
		}
		shown = fmt.Sprintf("%s − %s", Yuan(base), Yuan(less))
		if base = max(base-less, 0); p.basis > 0 || p.times > 0 {
			shown = "(" + shown + ")"
		}
	}
	c.fen, c.text = p.apply(base, shown)
	return c, nil
}

// apply takes the percentage and the multiple of an amount.
func (p *part) apply(fen int64, shown string) (int64, Text) {
	text, exact := Text{shown, shown}, true
	if p.basis > 0 {
		fen, exact = fen*p.basis/10_000, fen*p.basis%10_000 == 0
		text = Text{shown + " 的 " + basisText(p.basis) + "%", basisText(p.basis) + " % of " + shown}
	}
	if p.times > 0 {
		fen *= p.times
		text = Text{fmt.Sprintf("%d × %s", p.times, text.ZH), fmt.Sprintf("%d × %s", p.times, text.EN)}
	}
	if p.basis > 0 || p.times > 0 || p.less != "" {
		text = Text{text.ZH + " = " + Yuan(fen), text.EN + " = " + Yuan(fen)}
	}
	if !exact {
		text = Text{text.ZH + "（不足一分舍去）", text.EN + " (rounded down)"}
	}
	return fen, text
}

func basisText(basis int64) string {
	whole := strconv.FormatInt(basis/100, 10)
	if rest := basis % 100; rest > 0 {
		return whole + "." + strings.TrimRight(fmt.Sprintf("%02d", rest), "0")
	}
	return whole
}

func factsOf(names []string) []Fact {
	out := make([]Fact, len(names))
	for i, n := range names {
		out[i] = Fact(n)
	}
	return out
}

// Amount describes how the policy computes an amount, empty where it names none.
func (p *Policy) Amount() Text {
	f := p.amount
	if f == nil {
		return Text{}
	}
	var zh, en []string
	for i := range f.parts {
		t := f.parts[i].describe()
		zh, en = append(zh, t.ZH), append(en, t.EN)
	}
	out := Text{strings.Join(zh, " + "), strings.Join(en, " + ")}
	if f.highest {
		out = Text{"取最高：" + strings.Join(zh, "，"), "the highest of " + strings.Join(en, ", ")}
	}
	if f.leastFen > 0 {
		out = Text{out.ZH + "，最低 " + Yuan(f.leastFen), out.EN + ", at least " + Yuan(f.leastFen)}
	}
	if f.neverAbove != "" {
		what := f.neverAbove.Info().Text
		out = Text{out.ZH + "，不超过" + what.ZH, out.EN + ", never above " + what.EN}
	}
	if f.capFen > 0 {
		out = Text{out.ZH + "，封顶 " + Yuan(f.capFen), out.EN + ", cap " + Yuan(f.capFen)}
	}
	return out
}

func (p *part) describe() Text {
	out := p.of.Info().Text
	if p.less != "" {
		less := p.less.Info().Text
		out = Text{"（" + out.ZH + " − " + less.ZH + "）", "(" + out.EN + " − " + less.EN + ")"}
	}
	if p.basis > 0 {
		out = Text{out.ZH + "的 " + basisText(p.basis) + "%", basisText(p.basis) + " % of " + out.EN}
	}
	if p.times > 0 {
		out = Text{fmt.Sprintf("%d × %s", p.times, out.ZH), fmt.Sprintf("%d × %s", p.times, out.EN)}
	}
	return out
}
