package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// byForm finds outcomes promised by their form alone, where no list knows the
// words: a time and what it does (三天淡), an amount gained or lost (深睡多两个小时),
// from so much to so much, an operation spared, an effect backed with money.
func (l *line) byForm() bool {
	for _, form := range []func() (int, int, Verdict, bool){l.backed, l.allUsers, l.spared, l.neverAgain, l.fromTo, l.cooledDown, l.quickly, l.asleepSoon, l.sleptThrough, l.learned, l.worthA, l.neverWears, l.staysPale, l.holdsOut, l.byAmount, l.afterUse, l.growsDear} {
		from, to, v, ok := form()
		if !ok || l.stanceOf(from, to) != asserted || l.elsewhere(from) || l.warned(from) || l.unused(from) || l.noneCan(from) {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = l.span(from, to)
		l.wrong(CategoryEffect, v, from, to, "effect.outcome", f)
		return true
	}
	return false
}

// worksOnBodies reports whether the goods are of a kind that bodies feel.
func (l *line) worksOnBodies() bool {
	switch l.p.Category {
	case sheet.Cosmetics, sheet.SpecialCosmetics, sheet.HealthFood, sheet.Food, sheet.MedicalDevice, sheet.Pet:
		return true
	}
	return false
}

// backed: 不掉头发了再付钱, 没效果直播吃键盘.
func (l *line) backed() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "backed.if")
	if at < 0 {
		return 0, 0, "", false
	}
	k, kn := l.first(at+n, min(at+n+14+10*b2i(l.latin), len(l.t.R)), "backed")
	if k < 0 || l.saidBy("promise.returns") || l.saidBy("effect.guarantee") {
		return 0, 0, "", false
	}
	return at, k + kn, VerdictBanned, true
}

func (l *line) allUsers() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "all.users")
	if at < 0 || !l.worksOnBodies() || l.any(at+n, min(at+n+3, len(l.t.R)), listed("change.all_users.near")...) {
		return 0, 0, "", false
	}
	return at, at + n, VerdictUnsupported, true
}

// spared: an operation or an effort that the goods are said to make needless.
func (l *line) spared() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "instead")
	if at < 0 || !l.worksOnBodies() && l.p.Category != sheet.Apparel && l.p.Category != sheet.Home && l.p.Category != sheet.Electronics {
		return 0, 0, "", false
	}
	return at, at + n, VerdictUnsupported, true
}

// neverAgain: 再也不便秘, 一辈子不起球.
func (l *line) neverAgain() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "ever")
	if at < 0 {
		return 0, 0, "", false
	}
	k, kn := l.first(at+n, min(at+n+5+14*b2i(l.latin), len(l.t.R)), "ever.what")
	if k < 0 {
		return 0, 0, "", false
	}
	return at, k + kn, VerdictUnsupported, true
}

// fromTo: 三十岁回到十八岁, 视力零点三到一点零.
func (l *line) fromTo() (int, int, Verdict, bool) {
	for i := 0; i+1 < len(l.q); i++ {
		a, b := l.q[i], l.q[i+1]
		if b.Start-a.End > 8 && !l.any(a.End, b.Start, "以为") || b.Start-a.End > 16 || b.Start <= a.End {
			continue
		}
		younger := a.Value > b.Value && l.any(a.End, b.Start, listed("change.from_to.likened")...) && (l.has(a.End-1, "岁") || l.ahead(a.End, "岁")) && (l.has(b.End-1, "岁") || l.ahead(b.End, "岁") || l.any(a.End, b.Start, "以为", "看着像"))
		turn := younger || l.any(a.End, b.Start, listed("change.from_to.turned")...) || l.any(a.End, b.Start, "到") && l.any(max(a.Start-8, 0), a.Start, listed("change.from_to.measure")...)
		if !turn {
			continue
		}
		age := l.ahead(a.End, "岁") || l.has(a.End-1, "岁")
		body := age || l.any(max(a.Start-10, 0), b.End, listed("change.from_to.measure_or_score")...)
		if body && a.Value != b.Value && (l.worksOnBodies() || l.p.Category == sheet.Home || l.p.Category == sheet.Electronics || l.p.Category == sheet.Other) && !l.any(b.End, min(b.End+4, len(l.t.R)), listed("change.from_to.fits")...) {
			return a.Start, b.End, VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// changeRunes begin a word for a change: 淡, 消, 瘦.
const changeRunes = "淡消退瘦白嫩止祛变掉甩丰紧提逆减细"

// quickly: a time with what it does right behind it: 三天淡七天没, 一周瘦脸.
func (l *line) quickly() (int, int, Verdict, bool) {
	if !l.worksOnBodies() {
		return 0, 0, "", false
	}
	for _, q := range l.q {
		if q.Dim != quantity.Duration || q.Value > 200*86400 || l.behind(q.Start, listed("change.quickly.before")...) {
			continue
		}
		i := q.End
		for i < len(l.t.R) && in(l.t.R[i], "就内能可以直接之后里给你") && i-q.End < 4 {
			i++
		}
		if i < len(l.t.R) && in(l.t.R[i], changeRunes) && !l.has(i, "白送") && !l.has(i, "退货") && !l.has(i, "退换") && !l.has(i, "退款") && !l.has(i, "无") && !l.has(i, "提前") && !l.has(i, "变质") && !l.has(i, "掉价") && !l.has(i, "白天") && !l.has(i, "消费") && !l.has(i, "提货") && !l.has(i, "退") {
			return q.Start, min(i+1, len(l.t.R)), VerdictUnsupported, true
		}
	}
	return 0, 0, "", false
}

// byAmount: 每公里快三十秒, 一个月瘦十斤.
func (l *line) byAmount() (int, int, Verdict, bool) {
	for _, q := range l.q {
		switch q.Dim {
		case quantity.Mass, quantity.Length, quantity.Duration, quantity.Ratio:
		default:
			if q.Unit != "度" && q.Unit != "倍" {
				continue
			}
		}
		if !l.behind(q.Start, listed("change.gain")...) || l.behind(q.Start, listed("change.by_amount.before")...) {
			continue
		}
		c := l.clauseAt(q.Start)
		if q.Dim == quantity.Mass && l.behind(q.Start, "提", "加", "多") || l.any(q.End, min(q.End+3, len(l.t.R)), "装", "的") && q.Dim == quantity.Mass {
			continue // 提五斤装的大米
		}
		if q.Dim == quantity.Ratio && !l.any(c.from, c.to, listed("change.by_amount.skin_and_hair")...) {
			continue
		}
		if l.any(c.from, c.to, listed("change.by_amount.goods")...) || l.p.Category == sheet.Electronics && q.Dim != quantity.Ratio {
			continue
		}
		if l.p.Category == sheet.Jewellery || l.p.Category == sheet.Other && q.Dim == quantity.Length {
			continue
		}
		return max(q.Start-1, c.from), q.End, VerdictUnsupported, true
	}
	return 0, 0, "", false
}

// growsDear: the goods are said to gain in value.
func (l *line) growsDear() (int, int, Verdict, bool) {
	at, n := l.first(0, len(l.t.R), "invest")
	if at < 0 || l.any(0, len(l.t.R), listed("change.grows_dear.near")...) {
		return 0, 0, "", false
	}
	if !l.holds(0, len(l.t.R), "invest.when") || l.any(max(at-4, 0), at, "不", "别") {
		return 0, 0, "", false
	}
	return at, at + n, VerdictUnsupported, true
}

// namedPerson finds a person of note lent to the goods: 苏炳添脚上穿的就是这双.
func (l *line) namedPerson() {
	for _, m := range l.frames {
		if m.Term.Name != "persons" {
			continue
		}
		c := l.clauseAt(m.Start)
		how, n := l.first(m.End, min(m.End+10+16*b2i(l.latin), c.to), "persons.how")
		if how < 0 || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) || l.inName[m.Start] || l.any(c.from, c.to, "不是", "没有", "像") || containsAny(l.p.credential, l.span(m.Start, m.End)) {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(m.Start, how+n)
		l.wrong(CategoryCredential, VerdictUnsupported, m.Start, how+n, "credential.endorsed", f)
		return
	}
}

// olderThan finds a vintage or year of picking said earlier than the sheet's.
func (l *line) olderThan() {
	have := int64(0)
	for _, f := range l.p.metrics {
		if f.q.Dim == quantity.Date || containsAny(f.name, "年份") {
			have = yearOf(f.q)
		}
	}
	if have == 0 {
		return
	}
	for i, q := range l.q {
		y := yearOf(q)
		if l.used[i] || y < 1900 || y >= have || !l.holds(0, len(l.t.R), "expired") && !l.any(q.End, min(q.End+4, len(l.t.R)), "年") || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		f := l.factOf(sheet.FieldMetrics)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryCredential, VerdictContradicted, q.Start, q.End, "metric", f)
		return
	}
}

func yearOf(q quantity.Quantity) int64 {
	if q.Number.Den == 1 && q.Number.Num >= 1900 && q.Number.Num < 2100 {
		return q.Number.Num
	}
	return 0
}

// threatNews: made-up news that presses people to buy: 马上要断供, 上面已经发文了.
func (l *line) threatNews() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "news.what")
	if at < 0 || l.politely(at) || l.stanceOf(at, at+n) != asserted || !l.holds(0, len(l.t.R), "news.who") {
		return 0, 0, ""
	}
	return at, at + n, "conduct.scare"
}

// lewd: a show of the body for gifts, or a word for it that needs no other.
func (l *line) lewd() (int, int, string) {
	if at, n := l.first(0, len(l.t.R), "lewd.alone"); at >= 0 && !l.politely(at) && l.stanceOf(at, at+n) != silent {
		return at, at + n, "conduct.vulgar"
	}
	if at, n := l.first(0, len(l.t.R), "lewd.weak"); at >= 0 && !l.politely(at) && l.stanceOf(at, at+n) == asserted {
		if from, to := l.around(at, 2); l.holds(from, to, "lewd.with") && !l.any(from, to, listed("change.lewd.care")...) {
			return at, at + n, "conduct.vulgar"
		}
	}
	at, n := l.first(0, len(l.t.R), "lewd.for")
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	if k, _ := l.first(0, len(l.t.R), "lewd.what"); k >= 0 && abs(int64(k-at)) < 16 && !l.any(0, len(l.t.R), listed("change.lewd.goods")...) && l.stanceOf(k, k+1) == asserted {
		return at, at + n, "conduct.vulgar"
	}
	return 0, 0, ""
}

// inNameOf reports whether the product's name holds the words a function is
// said in: 血糖仪 measures 血糖.
func (l *line) inNameOf(m lexicon.Match) bool {
	r := l.t.R[m.Start:m.End]
	if len(r) < 2 {
		return false
	}
	tail := string(r[len(r)-2:])
	for _, n := range l.p.names {
		if contains(n, tail) {
			return true
		}
	}
	return false
}

// afterUse: a stretch of use, a body and how it changed, in one sentence: 连着用二十一天,
// 暗沉跑得干干净净.
func (l *line) afterUse() (int, int, Verdict, bool) {
	if !l.worksOnBodies() && !l.lainOn() {
		return 0, 0, "", false
	}
	for k := range l.cl {
		if k > 0 && l.cl[k-1].sentence == l.cl[k].sentence {
			continue
		}
		from, to := l.cl[k].from, l.cl[k].to
		for j := k + 1; j < len(l.cl) && l.cl[j].sentence == l.cl[k].sentence; j++ {
			to = l.cl[j].to
		}
		at, n := l.first(from, to, "after.change")
		if at < 0 || l.any(from, to, listed("change.after_use.supply")...) && !l.holds(from, to, "better.gone") || !l.holds(from, to, "after.body") || !l.useTimed(from, to) {
			continue
		}
		if l.any(from, to, listed("change.after_use.caution")...) {
			continue
		}
		return at, at + n, VerdictUnsupported, true
	}
	return 0, 0, "", false
}

// lainOn: bedding that hosts praise like a remedy.
func (l *line) lainOn() bool {
	for _, n := range l.p.names {
		if containsAny(n, listed("change.lain_on.in")...) {
			return true
		}
	}
	return false
}

// useTimed reports whether a stretch of use is told in [from, to).
func (l *line) useTimed(from, to int) bool {
	if l.holds(from, to, "after.use") {
		return true
	}
	for i, q := range l.q {
		if q.Start < from || q.Start >= to || l.used[i] || q.Dim != quantity.Duration || q.Value > 400*86400 {
			continue
		}
		if l.ahead(q.End, listed("change.use_timed.after")...) || l.behind(q.Start, listed("change.use_timed.before")...) {
			continue
		}
		return true
	}
	return false
}
