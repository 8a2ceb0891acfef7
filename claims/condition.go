package claims

import (
	"strings"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// conditions are what the exemptions look at, by their ids.
var conditions = map[string]condition{
	"speech.denied":      (*line).isDenied,
	"speech.question":    stands("speech.question"),
	"speech.quoted":      stands("speech.quoted"),
	"speech.supposed":    stands("speech.supposed"),
	"speech.refused":     stands("speech.refused"),
	"speech.retracted":   stands("speech.retracted"),
	"speech.warned":      (*line).isWarning,
	"speech.corrected":   (*line).isCorrected,
	"speech.likened":     (*line).isLikened,
	"conduct.reported":   (*line).isReported,
	"target.other":       (*line).isElsewhere,
	"target.contrast":    (*line).isContrast,
	"absolute.attitude":  (*line).isAttitude,
	"absolute.unrelated": (*line).isUnrelated,
	"absolute.feeling":   (*line).isFeeling,
	"absolute.order":     (*line).isOrder,
	"absolute.range":     (*line).isOwnRange,
	"absolute.usage":     (*line).isUsage,
	"price.record":       (*line).isOwnRecord,
	"absolute.grade":     (*line).isGrade,
	"absolute.name":      (*line).isName,
	"absolute.award":     (*line).isAward,
	"absolute.sourced":   (*line).isSourced,
	"read.unlike":        (*line).isUnlike,
	"read.disowned":      (*line).isDisowned,
}

// stands holds where the stance of the words is that of an exemption.
func stands(id string) condition {
	return func(l *line, h hit) reading {
		_, why := l.stand(h.from, h.to)
		return holdsIf(why == id)
	}
}

// phrase reports whether the words stand in a phrase of the lists that is
// exempt for this reason.
func (l *line) phrase(h hit, id string) bool {
	for _, m := range l.all {
		if m.Start > h.from {
			break
		}
		if m.Term.Class == lexicon.Exempt && m.End > h.from && m.Term.Is(id) {
			return true
		}
	}
	return false
}

func (l *line) isDenied(h hit) reading {
	if _, why := l.stand(h.from, h.to); why == "speech.denied" {
		return holds
	}
	if l.phrase(h, "speech.denied") {
		return holds
	}
	for _, m := range l.m {
		if m.Start >= h.from && m.End <= h.to && !m.Term.Class.Cue() && l.disowned(m) {
			return holds
		}
	}
	return fails
}

func (l *line) isWarning(h hit) reading {
	if strings.HasPrefix(h.rule, "offplatform") {
		return holdsIf(l.holds(0, len(l.t.R), "away.none") || l.forbids(l.clauseAt(h.from), h.from))
	}
	return holdsIf(l.warned(h.from))
}

func (l *line) isCorrected(h hit) reading { return holdsIf(h.mark != nil && l.putRight(h.mark)) }

func (l *line) isLikened(h hit) reading {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Material && m.Start >= h.from && m.End <= h.to && l.likened(m) {
			return holds
		}
	}
	return fails
}

func (l *line) isReported(h hit) reading { return holdsIf(l.politely(h.from)) }

func (l *line) isElsewhere(h hit) reading {
	if named, _, _ := strings.Cut(h.rule, "."); named == "absolute" && l.scopedOnly(h.from) && !l.aside(h.from) {
		return fails // 市面上唯一的, 全行业第一: the others are what it is above
	}
	goods := strings.HasPrefix(h.rule, "material.") || strings.HasPrefix(h.rule, "brand.")
	return holdsIf(l.elsewhere(h.from) || goods && l.pricedElse(h.from))
}

func (l *line) isContrast(h hit) reading {
	return holdsIf(h.mark != nil && (l.contrasted(h.mark) || l.onlyContrast(h.mark) || l.partOfScare(h.mark)))
}

// scopedOnly reports whether a scope stands in the clause, and no other goods
// but those that the scope names.
func (l *line) scopedOnly(i int) bool {
	c := l.clauseAt(i)
	scoped := false
	for _, m := range l.m {
		if m.Start < c.from || m.Start >= c.to {
			continue
		}
		switch m.Term.Class {
		case lexicon.Scope:
			scoped = true
		case lexicon.OtherTarget:
			if !l.isScope(m) {
				return false
			}
		}
	}
	return scoped
}

func (l *line) isScope(m lexicon.Match) bool {
	for _, o := range l.all {
		if o.Term.Class == lexicon.Scope && o.Start <= m.Start && o.End >= m.End {
			return true
		}
	}
	return false
}

// isAttitude: we strive, and not for a price, quality or effect.
func (l *line) isAttitude(h hit) reading {
	c := l.clauseAt(h.from)
	switch {
	case l.phrase(h, "absolute.attitude"), l.any(c.from, c.to, listed("abs.motto")...):
		return holds
	case !l.any(c.from, h.from, listed("abs.strive")...):
		return fails
	case l.any(h.from, min(h.to+4, c.to), listed("abs.head")...):
		return trapped
	}
	return holds
}

// isUnrelated: 唯一的缺点, 预算天花板, 直播间独家优惠码.
func (l *line) isUnrelated(h hit) reading {
	c := l.clauseAt(h.from)
	switch {
	case l.phrase(h, "absolute.unrelated"), l.ofGrandPeople(c, h), l.has(h.from, "天花板") && l.ahead(h.to, listed("abs.ceiling")...), l.any(c.from, h.from, listed("abs.aside")...), l.behind(h.from, "像"), l.ofOthers(h.from, h.to):
		return holds
	case l.has(h.from, "唯一"):
		return holdsIf(!l.scoped(c) && l.ahead(h.to, listed("abs.flaw")...))
	case l.has(h.from, "独家"):
		return holdsIf(l.any(c.from, c.to, listed("condition.is_unrelated.talk")...))
	case l.has(h.from, "冠军"):
		return holdsIf(l.behind(h.from, listed("condition.is_unrelated.before")...) && l.any(h.to, min(h.to+6, c.to), listed("condition.is_unrelated.people")...))
	case l.has(h.from, "顶配"):
		return holdsIf(l.any(h.to, min(h.to+3, c.to), listed("condition.is_unrelated.models")...))
	}
	return fails
}

// ofGrandPeople: 顶级医院, 顶级大厨, that do nothing with the goods.
func (l *line) ofGrandPeople(c *clause, h hit) bool {
	at, n := l.first(h.to, min(h.to+2, c.to), "abs.people")
	return at >= 0 && at-h.to <= 1 && !l.any(at+n, c.to, listed("abs.endorsed")...)
}

// isFeeling: 我最喜欢, 我女儿最爱.
func (l *line) isFeeling(h hit) reading {
	return holdsIf(l.phrase(h, "absolute.feeling") ||
		l.has(h.from, "最") && (l.behind(h.from, "我") || l.behind(h.from, listed("abs.kin")...) || l.livedThrough(l.clauseAt(h.from), h.from)) ||
		l.has(h.from, "没有之一") && l.any(max(h.from-12, 0), h.from, "我最", "我對", "我对") ||
		l.latin && l.any(max(h.from-12, 0), h.from, listed("abs.liked")...))
}

// isOrder: 第一次, 最后三十单, 最小三十四.
func (l *line) isOrder(h hit) reading {
	c := l.clauseAt(h.from)
	switch {
	case l.phrase(h, "absolute.order"):
		return holds
	case l.has(h.from, "最"), l.has(h.from, "蕞"):
		return holdsIf(l.numberBehind(h.from+2) || l.isEnd(h) || l.ahead(h.to, listed("abs.reach")...))
	case l.has(h.from, "第一名"):
		return holdsIf(l.any(c.from, c.to, listed("abs.person")...))
	case l.has(h.from, "第一"), l.has(h.from, "第1"):
		return holdsIf(l.ahead(h.to, listed("abs.order")...))
	case l.has(h.to-2, "第一"), l.has(h.to-2, "第1"), l.has(h.to-2, "第二"):
		return holdsIf(l.ahead(h.to, listed("abs.turn")...)) // 全国第一次直播; 全国第一家 is a rank
	}
	return fails
}

// isOwnRange: 我们家最厚的一款, unless another of the kind on the sheet is thicker.
func (l *line) isOwnRange(h hit) reading {
	c := l.clauseAt(h.from)
	which := l.ahead(h.to, listed("condition.is_own_range.after")...) || l.amongOwn(c, h.from) || l.sellsFastest(c, h)
	if h.rule != "absolute.superlative" || !which && !l.any(c.from, h.from, listed("abs.own")...) || l.scoped(c) {
		return fails
	}
	if m, ok := l.superior(h.from); ok && l.beaten(m.Term) {
		return trapped
	}
	return holds
}

// sellsFastest: 这个色号卖得最快 tells of the colours, sizes and tastes of one product.
func (l *line) sellsFastest(c *clause, h hit) bool {
	return l.holds(c.from, h.from, "abs.variant") && l.any(max(c.from, h.from-2), h.from, listed("abs.sells")...)
}

// amongOwn: 三条里这条最大, 同一家的几款当中: of some that are counted.
func (l *line) amongOwn(c *clause, i int) bool {
	from, _ := l.around(c.from, 1)
	for k := from; k+2 < i; k++ {
		if !in(l.t.R[k], "两三四五六七八九十几") || !in(l.t.R[k+1], thingWords+"个色") {
			continue
		}
		for n := k + 2; n < min(k+5, i); n++ {
			if in(l.t.R[n], "里当之中") {
				return true
			}
		}
	}
	return false
}

// isOwnRecord: 近三十天最低 is a claim about one's own prices, and fine where the
// price is that low and nothing else of one's own is cheaper.
func (l *line) isOwnRecord(h hit) reading {
	c := l.clauseAt(h.from)
	switch {
	case l.p == nil || !l.any(c.from, c.to, listed("price.own")...):
		return fails
	case l.p.Lowest30DFen > 0 && l.p.PriceFen > l.p.Lowest30DFen:
		return trapped
	}
	if m, ok := l.superior(h.from); ok && l.any(c.from, h.from, listed("abs.own")...) && l.beaten(m.Term) {
		return trapped
	}
	return holds
}

// beaten reports whether other goods of the same kind on the sheet have more of
// what a superlative praises; a term that says least means less.
func (l *line) beaten(t *lexicon.Term) bool {
	by := info(t, "by")
	if by == "" || l.p == nil {
		return false
	}
	own, ok := l.p.measure(by)
	if !ok {
		return false
	}
	for _, o := range l.c.products {
		if o == l.p || o.Category != l.p.Category || o.brand != l.p.brand {
			continue
		}
		q, ok := o.measure(by)
		if ok && q.Dim == own.Dim && q.Unit == own.Unit && (q.Value < own.Value) == t.Is("least") && q.Value != own.Value {
			return true
		}
	}
	return false
}

// measure is the figure of the sheet that goods are compared by: their price,
// their weight, or a figure of that name.
func (p *product) measure(by string) (quantity.Quantity, bool) {
	switch by {
	case "price":
		return quantity.Quantity{Dim: quantity.Money, Value: p.PriceFen}, p.PriceFen > 0
	case "weight":
		q := p.weight
		q.Unit = ""
		return q, q.Dim == quantity.Mass
	}
	for _, m := range p.metrics {
		if m.name == by && m.q.Dim != quantity.Bare {
			return m.q, true
		}
	}
	return quantity.Quantity{}, false
}

// isUsage: 最好放冷冻, 出门前涂最好, 最佳赏味期; 最佳使用效果 is none.
func (l *line) isUsage(h hit) reading {
	c := l.clauseAt(h.from)
	switch {
	case l.phrase(h, "absolute.usage"):
		return holds
	case l.has(h.from, "最好") && h.to >= c.to:
		return holdsIf(l.any(c.from, h.from, listed("abs.use")...) && !l.any(c.from, h.from, listed("abs.used")...) && !l.scoped(c))
	case l.has(h.from, "最好"):
		return holdsIf(!l.ahead(h.from+2, listed("abs.best")...))
	case l.has(h.from, "最") && l.mannered(c, h):
		return holds
	case l.has(h.from, "最佳"):
		if l.any(h.to, min(h.to+6, c.to), listed("abs.effect")...) {
			return trapped
		}
		return holdsIf(l.any(h.to, min(h.to+6, c.to), listed("abs.way")...))
	}
	return fails
}

// mannered reports whether a superlative is said of a way or an amount of use,
// and of no goods: 现摘现吃最鲜, 蒸六分钟最嫩, 脚背高的拍大一码最稳当.
func (l *line) mannered(c *clause, h hit) bool {
	if l.scoped(c) || l.ahead(h.to, "的") || l.ownFrom(c.from, h.from) >= 0 || l.any(c.from, h.from, listed("condition.mannered.these")...) {
		return false
	}
	if at, _ := l.first(c.from, h.from, "abs.manner"); at >= 0 {
		return true
	}
	for _, q := range l.q {
		if q.End <= h.from && h.from-q.End <= 1 && (q.Dim == quantity.Duration || q.Dim == quantity.Length) {
			return true
		}
	}
	return false
}

// isGrade: the sheet holds the grade with its standard.
func (l *line) isGrade(h hit) reading {
	if l.phrase(h, "absolute.grade") {
		return holds
	}
	if !l.onSheet(h, sheet.FieldMetrics) {
		return fails
	}
	if containsAny(l.p.factText, listed("grade.standard")...) {
		return holds
	}
	return trapped
}

// isName: inside a name of the sheet, or one that is told.
func (l *line) isName(h hit) reading {
	c := l.clauseAt(h.from)
	if l.inName[h.from] || l.phrase(h, "absolute.name") || l.behind(h.from, listed("abs.named")...) || l.any(c.from, h.from, "名字里") {
		return holds
	}
	if l.onSheet(h, sheet.FieldBrand, sheet.FieldVariety, sheet.FieldOrigin, sheet.FieldMaterial, sheet.FieldIngredients, sheet.FieldPromises, sheet.FieldEfficacy, sheet.FieldSize) {
		return holds
	}
	if l.onSheet(h, sheet.FieldName, sheet.FieldAliases) {
		return trapped
	}
	return fails
}

// isAward: the sheet holds the award or title.
func (l *line) isAward(h hit) reading {
	if l.onSheet(h, sheet.FieldHonours, sheet.FieldLicences, sheet.FieldDeveloper, sheet.FieldPatents) {
		return holds
	}
	c := l.clauseAt(h.from)
	if l.any(c.from, c.to, listed("abs.award")...) {
		return trapped
	}
	return fails
}

// isSourced: the sheet holds the same rank with its year and source.
func (l *line) isSourced(h hit) reading {
	if l.p == nil {
		return fails
	}
	if h.rule == "absolute.rank" || h.rule == "credential.rank" || l.any(h.from, h.to, listed("condition.is_sourced.near")...) {
		if l.rankHeld(fold.String(l.p.Raw(sheet.FieldSales))) {
			return holds
		}
	}
	return holdsIf(h.rule == "absolute.term" && l.onSheet(h, sheet.FieldSales))
}

// onSheet reports whether one of the columns holds the words; 第一 alone says
// too little for that.
func (l *line) onSheet(h hit, fields ...sheet.Field) bool {
	said := l.part(h.from, h.to)
	if l.p == nil || said == "第一" || said == "" || h.rule == "absolute.superlative" {
		return false
	}
	for _, f := range fields {
		if contains(fold.String(l.p.Raw(f)), said) {
			return true
		}
	}
	return false
}
