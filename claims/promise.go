package claims

import (
	"fmt"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// promise compares after-sales promises with the sheet.
func (l *line) promise() {
	if l.p == nil {
		return
	}
	l.returns()
	l.ships()
	l.fakePays()
	l.priceProtection()
	l.deniedPromise()
	if !l.pledges() {
		l.warranty()
		l.otherPromises()
		l.remedies()
	}
	l.shelfLife()
}

func (l *line) promised(class lexicon.Class, names ...string) (lexicon.Match, bool) {
	for _, m := range l.m {
		if m.Term.Class != class {
			continue
		}
		for _, n := range names {
			if contains(m.Term.Name, n) && l.stanceOf(m.Start, m.End) == asserted && !l.elsewhere(m.Start) {
				return m, true
			}
		}
	}
	return lexicon.Match{}, false
}

// returns checks the seven days without reason.
func (l *line) returns() {
	m, ok := l.promised(lexicon.Promise, "无理由", "鉴赏期", "seven_day", "seven-day", "7-day", "no_reason", "free_return", "随便退", "随时退")
	if !ok {
		return
	}
	f := l.factOf(sheet.FieldReturns7D)
	f.Value = l.span(m.Start, m.End)
	long := l.any(max(m.Start-4, 0), m.End, listed("promise.returns.longer")...)
	opened := l.any(0, len(l.t.R), listed("promise.returns.used")...) && !l.holds(0, len(l.t.R), "used.not") && !l.any(0, len(l.t.R), "拆了不", "拆了没")
	switch {
	case l.p.Returns7D == sheet.No:
		l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.returns", f)
	case long:
		l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.returns", f)
	case l.p.Returns7D == sheet.Yes && !opened:
		l.bears(CategoryPromise, sheet.FieldReturns7D, m.Start, m.End)
	default:
		l.wrong(CategoryPromise, VerdictUnsupported, m.Start, m.End, "promise.returns", f)
	}
}

// warranty checks how long the goods are warranted.
func (l *line) warranty() {
	m, ok := l.promised(lexicon.Promise, "质保", "保修", "保固", "联保", "warranty", "free_repair", "包换", "免费修", "免费换", "终身", "换新", "只换不修", "免费维修", "免费保养")
	if !ok {
		m, ok = l.forLife()
	}
	if !ok {
		return
	}
	p := l.p
	if containsAny(p.promises, l.span(m.Start, m.End)) && !l.any(m.Start, m.End, "终身", "换新") {
		if !l.longer(m) {
			l.bears(CategoryPromise, sheet.FieldPromises, m.Start, m.End)
			return
		}
	}
	f := l.factOf(sheet.FieldPromises)
	f.Value = l.span(m.Start, m.End)
	c := l.clauseAt(m.Start)
	if at := l.find(c.from, m.Start, "半价"); at >= 0 && contains(p.promises, "半价") && !l.longer(m) {
		l.bears(CategoryPromise, sheet.FieldPromises, at, m.End)
		return
	}
	if contains(p.promises, "半价") && l.any(0, len(l.t.R), listed("promise.warranty.free")...) {
		l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.warranty", f)
		return
	}
	life := l.any(c.from, c.to, listed("promise.warranty.lifelong")...)
	covers := p.warranty.Dim == quantity.Duration || p.lifelong || containsAny(p.promises, listed("promise.warranty.in")...)
	switch {
	case life && p.lifelong:
		l.bears(CategoryPromise, sheet.FieldPromises, m.Start, m.End)
	case life && covers:
		l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.warranty", f)
	case life:
		l.wrong(CategoryPromise, VerdictUnsupported, m.Start, m.End, "promise.warranty", f)
	default:
		l.warrantyTime(m, f, covers)
	}
}

// forLife reads "终身给你换", "一辈子免费修", "forever".
func (l *line) forLife() (lexicon.Match, bool) {
	if !l.holds(0, len(l.t.R), "for.life") {
		return lexicon.Match{}, false
	}
	for _, w := range listed("promise.for_life.words") {
		at := l.find(0, len(l.t.R), w)
		if at < 0 || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) {
			continue
		}
		c := l.clauseAt(at)
		if k, n := firstOf(l, max(c.from, at-16), min(at+14, c.to), listed("promise.for_life.deeds")...); k >= 0 && !l.any(c.from, c.to, listed("promise.for_life.near")...) {
			return lexicon.Match{Start: min(at, k), End: max(at+len([]rune(w)), k+n), Term: &lexicon.Term{Name: "终身"}}, true
		}
	}
	return lexicon.Match{}, false
}

func firstOf(l *line, from, to int, words ...string) (at, n int) {
	for _, w := range words {
		if i := l.find(from, to, w); i >= 0 {
			return i, len([]rune(w))
		}
	}
	return -1, 0
}

func (l *line) longer(m lexicon.Match) bool {
	q, ok := l.timeNear(m)
	return ok && l.p.warranty.Dim == quantity.Duration && q.Value > l.p.warranty.Value
}

func (l *line) timeNear(m lexicon.Match) (quantity.Quantity, bool) {
	c := l.clauseAt(m.Start)
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Value >= 86400*7 && q.Start >= c.from-8 && q.Start < c.to && abs(int64(q.Start-m.Start)) < 24 {
			return q, true
		}
	}
	return quantity.Quantity{}, false
}

func (l *line) warrantyTime(m lexicon.Match, f Finding, covers bool) {
	q, ok := l.timeNear(m)
	have := l.p.warranty
	switch {
	case ok && have.Dim == quantity.Duration:
		f.Value = l.span(q.Start, q.End)
		if q.Value <= have.Value+have.Value/50 {
			if l.any(0, len(l.t.R), "换新", "以换代修") && !contains(l.p.promises, "换") {
				l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.warranty", f)
				return
			}
			l.bears(CategoryPromise, sheet.FieldPromises, q.Start, q.End)
			return
		}
		f.compute("%d 天对 %d 天", q.Value/86400, have.Value/86400)
		f.computeEN("%d days against %d days", q.Value/86400, have.Value/86400)
		l.wrong(CategoryPromise, VerdictContradicted, min(q.Start, m.Start), max(q.End, m.End), "promise.warranty", f)
	case ok && !covers:
		l.wrong(CategoryPromise, VerdictUnsupported, min(q.Start, m.Start), max(q.End, m.End), "promise.warranty", f)
	case !covers && l.any(m.Start, m.End, listed("promise.warranty_time.near")...):
		l.wrong(CategoryPromise, VerdictUnsupported, m.Start, m.End, "promise.warranty", f)
	}
}

// fakePays checks 假一赔十.
func (l *line) fakePays() {
	m, ok := l.promised(lexicon.Promise, "假一", "甲一赔", "加一赔", "退一赔", "十倍赔", "三倍赔", "赔十倍", "赔你十倍", "tenfold", "fake_one")
	if !ok {
		l.timesForFakes()
	}
	if !ok {
		return
	}
	times := int64(0)
	if q, ok := quantity.At(l.t.R, m.End); ok {
		times = q.Number.Num
	}
	switch {
	case l.any(m.Start, m.End, "十倍", "tenfold"):
		times = 10
	case l.any(m.Start, m.End, "三倍"):
		times = 3
	case l.ahead(m.End, "万"):
		times = 10_000
	case l.ahead(m.End, "百"):
		times = 100
	case l.ahead(m.End, " three"):
		times = 3
	case l.ahead(m.End, " ten"):
		times = 10
	}
	f := l.factOf(sheet.FieldPromises)
	f.Value = fmt.Sprintf("假一赔%d", times)
	switch have := l.p.fakePays; {
	case have == 0:
		l.wrong(CategoryPromise, VerdictUnsupported, m.Start, min(m.End+1, len(l.t.R)), "promise.fake", f)
	case times > have:
		f.compute("赔 %d 倍对 %d 倍", times, have)
		f.computeEN("%d times the price paid back against %d times", times, have)
		l.wrong(CategoryPromise, VerdictContradicted, m.Start, min(m.End+1, len(l.t.R)), "promise.fake", f)
	default:
		l.bears(CategoryPromise, sheet.FieldPromises, m.Start, m.End)
	}
}

// timesForFakes reads "not real? ten times your money back", "是假的我赔你十倍".
func (l *line) timesForFakes() {
	if !l.any(0, len(l.t.R), listed("promise.times_for_fakes.fake")...) {
		return
	}
	for _, q := range l.q {
		if q.Unit != "times" && q.Unit != "倍" && !l.ahead(q.End, "times", "x") {
			continue
		}
		c := l.clauseAt(q.Start)
		if !l.any(c.from, c.to, listed("promise.times_for_fakes.pay")...) || l.stanceOf(q.Start, q.End) != asserted {
			continue
		}
		f := l.factOf(sheet.FieldPromises)
		f.Value = l.span(q.Start, q.End)
		switch times := q.Number.Num; {
		case l.p.fakePays == 0:
			l.wrong(CategoryPromise, VerdictUnsupported, q.Start, q.End, "promise.fake", f)
		case times > l.p.fakePays:
			l.wrong(CategoryPromise, VerdictContradicted, q.Start, q.End, "promise.fake", f)
		}
		return
	}
}

// otherPromises: anything promised that the sheet does not hold.
func (l *line) otherPromises() {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Promise || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		name := m.Term.Name
		if containsAny(name, "无理由", "鉴赏期", "质保", "保修", "保固", "联保", "假一", "甲一赔", "加一赔", "发", "终身", "warranty", "免费修", "换新", "seven", "退一赔", "十倍", "三倍", "tenfold", "fake_one", "ship", "same", "次日", "明天到", "隔天") {
			continue
		}
		if l.giftTied(m) {
			f := l.factOf(sheet.FieldPromises)
			f.Value = l.span(m.Start, m.End)
			l.wrong(CategoryPromise, VerdictContradicted, m.Start, m.End, "promise.denied", f)
			return
		}
		if l.promiseHeld(m) {
			l.right(CategoryPromise, m.Start, m.End)
			continue
		}
		if l.promiseAside(m) {
			continue
		}
		f := l.factOf(sheet.FieldPromises)
		f.Value = l.span(m.Start, m.End)
		l.wrong(CategoryPromise, VerdictUnsupported, m.Start, m.End, "promise.unknown", f)
		return
	}
}

// promiseAside reports whether a word of promises promises nothing here, or
// another rule took it.
func (l *line) promiseAside(m lexicon.Match) bool {
	name := m.Term.Name
	c := l.clauseAt(m.Start)
	switch {
	case l.guaranteeOfEffect(m), l.rude(),
		containsAny(name, "退") && l.saidBy("promise.returns"),
		containsAny(name, "差") && l.saidBy("price.lowest"),
		containsAny(name, "refund") && l.any(0, len(l.t.R), "works", "effective"):
		return true
	case containsAny(name, "公益", "捐"):
		return l.saidBy("offplatform") || !l.any(0, len(l.t.R), listed("promise.promise_aside.charity")...)
	case name == "返现":
		return l.saidBy("offplatform") || !l.any(0, len(l.t.R), listed("promise.promise_aside.reward")...)
	case containsAny(name, "上门", "送到家"):
		return !l.any(c.from, c.to, listed("promise.promise_aside.given")...)
	case name == "包赔":
		return l.ahead(m.End, "本")
	}
	return false
}

// saidBy reports whether a rule already found something in the line.
func (l *line) saidBy(rule string) bool {
	for _, m := range l.marks {
		if m.Rule == rule {
			return true
		}
	}
	return false
}

// promiseHeld reports whether the sheet holds such a promise.
// giftTied reports whether a donation is said to come of each purchase, where the
// sheet has one that was paid once for all: 每卖一盒捐一元, against 已一次性捐赠.
func (l *line) giftTied(m lexicon.Match) bool {
	if !containsAny(m.Term.Name, "捐", "donation", "donate") || !containsAny(l.p.promises, "捐", "donat") || !containsAny(l.p.promises, listed("promise.gift_tied.in")...) {
		return false
	}
	from, to := l.around(m.Start, 2)
	if l.any(from, to, listed("promise.gift_tied.fixed")...) {
		return false // says so himself
	}
	return l.any(from, to, listed("promise.gift_tied.each")...)
}

func (l *line) promiseHeld(m lexicon.Match) bool {
	p := l.p
	said := l.span(m.Start, m.End)
	for _, held := range p.Promises {
		if len(held) >= len("运费险") && contains(said, fold.String(held)) {
			return true
		}
	}
	if contains(p.promises, said) || containsAny(said, "上门", "到家") && containsAny(p.promises, "上门", "入户", "到家") {
		return true
	}
	if containsAny(said, "捐", "donat") && containsAny(p.promises, "捐", "donat") {
		return true
	}
	if containsAny(said, "退") && containsAny(p.promises, "退换支持", "支持退换", "支持退货") {
		return true
	}
	switch {
	case containsAny(said, listed("promise.promise_held.damage")...):
		if containsAny(p.promises, "包赔", "赔", "质保") {
			return true
		}
	}
	switch {
	case containsAny(said, "补") && !containsAny(said, "差") && containsAny(p.promises, "修补"):
		return true
	case containsAny(said, listed("promise.promise_held.price_kept")...):
		return containsAny(p.promises, "价保", "保价")
	case containsAny(said, "复检", "鉴定", "验货"):
		return containsAny(p.promises, "复检", "鉴定", "验")
	case containsAny(said, "清洗"):
		return contains(p.promises, "清洗")
	case containsAny(said, "换线"):
		return contains(p.promises, "换线")
	case containsAny(said, listed("promise.promise_held.exchange")...):
		return containsAny(p.promises, "换", "质保")
	case containsAny(said, listed("promise.promise_held.refund")...):
		return p.Returns7D == sheet.Yes && !l.any(0, len(l.t.R), listed("promise.promise_held.near")...) || containsAny(p.promises, "包退")
	case containsAny(said, "replace", "swap", "exchange"):
		return containsAny(p.promises, "换", "质保")
	case containsAny(said, "restring"):
		return contains(p.promises, "换线")
	case containsAny(said, "cleaning"):
		return contains(p.promises, "清洗")
	case containsAny(said, listed("promise.promise_held.repair")...):
		return containsAny(p.promises, "修", "质保")
	}
	return false
}

// guaranteeOfEffect leaves "无效退款" to the check of effects.
func (l *line) guaranteeOfEffect(m lexicon.Match) bool {
	return containsAny(m.Term.Name, listed("promise.guarantee_of_effect.in")...)
}

// shelfLife compares how long the goods keep.
func (l *line) shelfLife() {
	have := l.p.shelf
	if len(have) == 0 {
		return
	}
	for _, q := range l.q {
		c := l.clauseAt(q.Start)
		if q.Dim != quantity.Duration || !l.any(c.from, q.Start, "保质期", "保质") || l.stanceOf(q.Start, q.End) != asserted {
			continue
		}
		if q.Value <= have[0].Value+have[0].Value/25 {
			continue
		}
		f := l.factOf(sheet.FieldShelfLife)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryQuantity, VerdictContradicted, q.Start, q.End, "shelflife", f)
	}
}
