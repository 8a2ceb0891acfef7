package claims

import (
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// health checks diseases, functions and promised outcomes together, so that
// one claim is reported once, under the gravest head: a disease before a
// guarantee, a guarantee before an outcome, an outcome before a function.
func (l *line) health() {
	if l.p == nil && len(l.c.products) > 0 {
		return
	}
	ill := l.diseases() || l.p != nil && l.illness()
	if l.guarantee() || l.p == nil {
		return
	}
	if ill {
		l.besides()
		return
	}
	if l.figured() || l.outcome() || l.looseOutcome() || l.byForm() || l.change(true) || l.functions() || l.nourished() {
		return
	}
	l.change(false)
}

// besides checks the functions that are named apart from an illness: 抗菌防螨的，
// 睡一个月鼻炎就好.
func (l *line) besides() {
	from := -1
	for i := range l.marks {
		if m := &l.marks[i]; m.Category == CategoryMedical {
			from = m.from
		}
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Function || m.Term.Is("mild") || l.bodyWord(m) || l.inName[m.Start] || l.clauseIndex(m.Start) == l.clauseIndex(from) {
			continue
		}
		if k := info1(m.Term); k != "group:clean" && k != "group:skin" && k != "group:hair" {
			continue // of the inner body the illness says as much
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.disowned(m) || l.lacked(m) || l.functionHeld(m) || !l.claimsFunction(m) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = m.Term.Name
		l.wrong(CategoryEfficacy, VerdictUnsupported, m.Start, m.End, "efficacy.unknown", f)
		return
	}
}

// guarantee finds an outcome guaranteed: 无效退款, 百分百有效, 保证.
func (l *line) guarantee() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Guarantee || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || !l.guaranteesEffect(m) || l.ahead(m.End, listed("pledge.ofspeech")...) {
			continue
		}
		l.wrong(CategoryEffect, VerdictBanned, m.Start, m.End, "effect.guarantee", Finding{})
		return true
	}
	return l.staked() || l.assured()
}

// guaranteesEffect: 保证 needs an effect that it guarantees.
func (l *line) guaranteesEffect(m lexicon.Match) bool {
	if containsAny(m.Term.Name, listed("health.guarantees_effect.in")...) && (l.inDisease(m) || l.any(0, m.Start, listed("health.guarantees_effect.price")...)) {
		return false // staked on a price
	}
	if containsAny(strings.ReplaceAll(m.Term.Name, "_", " "), listed("health.outright")...) || l.any(m.Start, min(m.End+12, len(l.t.R)), listed("health.guarantees_effect.works")...) {
		return true
	}
	if l.p != nil && (l.p.Category == sheet.Apparel || l.p.Category == sheet.Jewellery) {
		return false
	}
	c := l.clauseAt(m.Start)
	from, to := c.from, min(m.End+18, len(l.t.R))
	for _, f := range l.m {
		if f.Start < from || f.Start >= to {
			continue
		}
		switch f.Term.Class {
		case lexicon.Disease:
			return true
		case lexicon.Function:
			if !f.Term.Is("mild") {
				return true
			}
		case lexicon.Outcome:
			if f.Term.Is("alone") || f.Term.Is("change") {
				return true
			}
		}
	}
	return l.any(m.Start, to, listed("health.guarantees_effect.result")...) ||
		l.latin && l.any(0, len(l.t.R), listed("health.guarantees_effect.result_english")...)
}

// inDisease reports whether a word is part of an illness's name: 鬼剃头.
func (l *line) inDisease(m lexicon.Match) bool {
	for _, d := range l.all {
		if d.Term.Class == lexicon.Disease && d.Start <= m.Start && d.End >= m.End && d.End-d.Start > m.End-m.Start {
			return true
		}
	}
	return false
}

// outcome finds a change in body or goods that is promised with a time, an
// amount or a degree.
func (l *line) outcome() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Outcome || m.Term.Is("time") || m.Term.Is("body") || l.partOfPromise(m) {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.warned(m.Start) || l.inName[m.Start] || l.truism(m) || l.unused(m.Start) || l.livedOnly(m.Start) || l.disclaimed(m.Start) {
			continue
		}
		if !m.Term.Is("alone") && !l.bodyBefore(m) {
			continue
		}
		if l.worse(m) || !l.livingGoods(m) || m.Term.Is("needs-time") && !l.timed(m) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(m.Start, m.End)
		if l.timed(m) || l.degree(m) {
			if fn, ok := l.functionNamed(m); ok {
				l.wrong(CategoryEfficacy, VerdictUnsupported, fn.Start, fn.End, "efficacy.unknown", f)
				return true
			}
			l.wrong(CategoryEffect, VerdictUnsupported, m.Start, m.End, "effect.outcome", f)
			return true
		}
		if l.outcomeHeld(m) || !m.Term.Is("alone") && !l.functionIn(m) {
			continue
		}
		l.wrong(CategoryEfficacy, VerdictUnsupported, m.Start, m.End, "efficacy.outcome", f)
		return true
	}
	return false
}

// partOfPromise reports whether a word of outcomes is part of a promise: free
// repair.
func (l *line) partOfPromise(m lexicon.Match) bool {
	for _, o := range l.m {
		if o.Term.Class == lexicon.Promise && o.Start <= m.Start && o.End >= m.End && o.End-o.Start > m.End-m.Start {
			return true
		}
	}
	return false
}

// unused reports whether what happened is told of a day without the goods, or
// of another cause: 昨天忘了涂，黑了一个度; 昨晚睡了四个小时.
func (l *line) unused(i int) bool {
	from, to := l.around(i, 3)
	if l.any(i, to, listed("health.unused.unrelated")...) {
		return true
	}
	if l.any(from, i, listed("health.unused.own_life")...) && !l.holds(from, to, "use.it") {
		return true
	}
	return l.any(from, i, listed("health.unused.forgotten")...) && !l.any(from, i, listed("health.unused.forgotten_partly")...)
}

// figured finds a figure gained or lost by the body: 掉了六斤, 蹿五公分, 白两个色号,
// lost ten pounds.
func (l *line) figured() bool {
	if l.p != nil {
		switch l.p.Category {
		case sheet.Jewellery, sheet.Other:
			return false
		}
	}
	for i, q := range l.q {
		switch q.Dim {
		case quantity.Mass, quantity.Length:
		case quantity.Ratio:
			if !l.savedShare(i) {
				continue
			}
			f := l.factOf(sheet.FieldEfficacy)
			f.Value = l.span(q.Start, q.End)
			l.wrong(CategoryEffect, VerdictUnsupported, q.Start, q.End, "effect.figure", f)
			return true
		case quantity.Count:
			if !l.ahead(q.End, "色号", "度") {
				continue
			}
		case quantity.Index:
			if q.Unit != "degree" && q.Unit != "号" && q.Unit != "圈" && q.Unit != "sui" {
				continue
			}
		default:
			continue
		}
		c := l.clauseAt(q.Start)
		if l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) || l.warned(q.Start) || l.unused(q.Start) || l.livedOnly(q.Start) || l.otherCause(q.End) {
			continue
		}
		at := l.beforeFigure(q.Start)
		if (q.Dim == quantity.Index || q.Dim == quantity.Count) && !l.behind(at, listed("health.figured.slimmer")...) {
			continue
		}
		if !l.behind(at, listed("health.figured.changed")...) {
			continue
		}
		if q.Dim == quantity.Length && (l.p == nil || l.p.Category != sheet.HealthFood && l.p.Category != sheet.Food && l.p.Category != sheet.Maternal) && !l.any(c.from, c.to, listed("health.figured.body")...) {
			continue
		}
		if l.behind(q.Start, "长") && l.any(c.from, q.Start, listed("health.figured.length")...) || l.any(c.from, c.to, "显瘦", "掉秤了才") {
			continue
		}
		l.used[i] = true
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryEffect, VerdictUnsupported, max(c.from, q.Start-2), q.End, "effect.figure", f)
		return true
	}
	return false
}

// beforeFigure is where a figure begins with the words that weigh it: 整整三个.
func (l *line) beforeFigure(i int) int {
	for _, w := range listed("health.before_figure.words") {
		if l.behind(i, w) {
			return i - len([]rune(w))
		}
	}
	return i
}

// looseOutcome finds a time with a part of the body and a word that something
// came of it, where the change itself is said in words that no list holds:
// "两瓶下去我那张脸啊，邻居都不敢认了".
func (l *line) looseOutcome() bool {
	switch l.p.Category {
	case sheet.Cosmetics, sheet.SpecialCosmetics, sheet.HealthFood, sheet.Food, sheet.Maternal, sheet.Pet:
	default:
		return false
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Outcome || !m.Term.Is("body") || l.inName[m.Start] || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.warned(m.Start) || l.unused(m.Start) || l.livedOnly(m.Start) || !l.livingGoods(m) {
			continue
		}
		c := l.clauseAt(m.Start)
		if !l.usedFor(m) || !l.any(m.End, c.to, listed("health.loose_outcome.change")...) || l.any(c.from, c.to, listed("health.loose_outcome.caution")...) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(m.Start, c.to)
		l.wrong(CategoryEffect, VerdictUnsupported, m.Start, c.to, "effect.outcome", f)
		return true
	}
	return false
}

// usedFor reports whether a time or amount of use is told in the sentence as
// what brought something about: 用了一个月, 两瓶下去, 三天就.
func (l *line) usedFor(m lexicon.Match) bool {
	from, to := l.around(m.Start, 2)
	for _, q := range l.q {
		if q.Start < from || q.Start >= to {
			continue
		}
		switch q.Dim {
		case quantity.Duration, quantity.Count:
		default:
			continue
		}
		if q.Dim == quantity.Duration && q.Value >= 3*31536000 {
			continue
		}
		if l.behind(q.Start, listed("health.used_for.used")...) && !l.behind(q.Start, listed("health.used_for.enough")...) || l.ahead(q.End, listed("health.used_for.after")...) {
			return true
		}
	}
	return false
}

// savedShare reports whether a share is one of what the goods are said to save,
// lower or raise: 节约20%汽油, 减少九成细菌.
func (l *line) savedShare(i int) bool {
	q := l.q[i]
	if l.used[i] || q.Value <= 0 || q.Value >= 1_000_000 || l.p != nil && contains(l.p.factText, l.part(q.Start, q.End)) {
		return false
	}
	if !l.behind(q.Start, listed("health.saved_share.before")...) || l.ahead(q.End, "off", "的价", "的钱") {
		return false
	}
	return l.stanceOf(q.Start, q.End) == asserted && !l.elsewhere(q.Start) && !l.any(0, len(l.t.R), listed("health.saved_share.near")...)
}

// functionIn reports whether a function of goods stands in the clause of a
// change: without a time, only that makes talk of the body a claim.
func (l *line) functionIn(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	for _, f := range l.all {
		if f.Term.Class == lexicon.Function && f.Start >= c.from && f.End <= c.to && !f.Term.Is("mild") {
			return true
		}
	}
	return false
}

// functionNamed reports whether the line calls it a function: 淡纹的功能.
func (l *line) functionNamed(m lexicon.Match) (lexicon.Match, bool) {
	if !l.any(0, len(l.t.R), "功能", "功效") {
		return m, false
	}
	for _, f := range l.m {
		if f.Term.Class == lexicon.Function && !f.Term.Is("mild") && !l.functionHeld(f) {
			return f, true
		}
	}
	return m, false
}

// bodyBefore reports whether a part of the body, or a trouble of it, stands
// just before a change.
func (l *line) bodyBefore(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	reach := 8
	if l.latin {
		reach = 30
	}
	for _, b := range l.all {
		if b.Term.Class != lexicon.Outcome && b.Term.Class != lexicon.Function && b.Term.Class != lexicon.Disease {
			continue
		}
		if b.Term.Class == lexicon.Outcome && !b.Term.Is("body") || b.Term.Is("mild") || b.Term.Class == lexicon.Function && b.Term.Name == "减肥" {
			continue
		}
		if b.End <= m.Start && m.Start-b.End <= reach && b.Start >= c.from-10 && b.Start >= 0 && l.sameSentence(b.Start, m.Start) {
			return true
		}
		if b.Start >= m.End && b.Start-m.End <= 4 && b.Start < c.to {
			return true
		}
	}
	return false
}

func (l *line) sameSentence(a, b int) bool {
	i, j := l.clauseIndex(a), l.clauseIndex(b)
	return i >= 0 && j >= 0 && l.cl[i].sentence == l.cl[j].sentence
}

// worse reports whether it is a trouble that there is more of: 下巴长了个痘.
func (l *line) worse(m lexicon.Match) bool {
	if !l.any(m.Start, m.End, listed("health.worse.near")...) {
		return false
	}
	for _, b := range l.frames {
		if isCare(b.Term) && b.Term.Is("bad") && b.Start >= m.Start-5 && b.End <= m.End+5 {
			return true
		}
	}
	return false
}

// livingGoods keeps talk of clothes and colours apart from talk of bodies.
func (l *line) livingGoods(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	if l.ahead(m.End, listed("health.living_goods.after")...) && l.any(m.Start, m.End, "没") {
		return false
	}
	if from, to := l.around(m.Start, 1); l.any(from, to, listed("health.living_goods.sizes")...) {
		return false
	}
	if l.any(c.from, c.to, listed("health.living_goods.looks")...) {
		return false
	}
	return true
}

// timed reports whether a time or an amount of use stands by a change.
func (l *line) timed(m lexicon.Match) bool {
	from, to := l.around(m.Start, 2)
	for _, q := range l.q {
		if q.Start < from || q.Start >= to {
			continue
		}
		switch q.Dim {
		case quantity.Duration:
			if !l.ahead(q.End, listed("health.timed.terms")...) && !l.behind(q.Start, "近", "开封") && q.Value < 3*31536000 {
				return true
			}
		case quantity.Mass, quantity.Length, quantity.Ratio:
			if abs(int64(q.Start-m.End)) <= 6 || abs(int64(m.Start-q.End)) <= 6 {
				return true
			}
		case quantity.Count, quantity.Index:
			if l.behind(q.Start, listed("health.timed.before")...) || l.ahead(q.End, listed("health.timed.used_up")...) {
				return true
			}
		}
	}
	for _, o := range l.m {
		if o.Term.Class == lexicon.Outcome && o.Term.Is("time") && o.Start >= from && o.End <= to {
			return true
		}
	}
	return false
}

// degree reports whether a change is said to be whole, or in figures.
func (l *line) degree(m lexicon.Match) bool {
	from, to := l.around(m.Start, 1)
	return l.any(from, to, listed("health.degree.near")...)
}

// around is the stretch of n clauses to either side, within the sentence.
func (l *line) around(i, n int) (from, to int) {
	k := l.clauseIndex(i)
	if k < 0 {
		return 0, len(l.t.R)
	}
	from, to = l.cl[k].from, l.cl[k].to
	for j := k - 1; j >= 0 && j >= k-n && l.cl[j].sentence == l.cl[k].sentence; j-- {
		from = l.cl[j].from
	}
	for j := k + 1; j < len(l.cl) && j <= k+n && l.cl[j].sentence == l.cl[k].sentence; j++ {
		to = l.cl[j].to
	}
	return from, to
}

// outcomeHeld reports whether the sheet grants the function that a change
// shows.
func (l *line) outcomeHeld(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	for _, f := range l.all {
		if f.Term.Class == lexicon.Function && f.Start >= c.from && f.End <= c.to && l.functionHeld(f) {
			return true
		}
	}
	return false
}
