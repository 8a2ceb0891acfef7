package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// absolute finds superlatives that praise the goods.
func (l *line) absolute() {
	for _, m := range l.m {
		if m.Term.Class == lexicon.Absolute {
			l.absoluteTerm(m)
		}
	}
	for i, r := range l.t.R {
		if r == '最' || r == '蕞' {
			l.superlative(i)
		}
	}
	if l.latin {
		l.englishSuperlative()
	}
}

// englishSuperlative finds "the best/-est/most … in the world, ever, period".
func (l *line) englishSuperlative() {
	for _, scope := range []string{"in the world", "on the planet", "on earth", "in the universe", "in the country", "on the market", "in the industry", "in history", "of all time", "money can buy", "you'll ever", "you will ever", "bar none", "hands down", "out there", "in asia", "in china", "in the game", "known to man", "ever made", "in existence", "you should ever", "nothing comes close", "period"} {
		at := l.find(0, len(l.t.R), scope)
		if at < 0 || l.stanceOf(at, at+1) != asserted {
			continue
		}
		for i := max(at-44, 0); i < at; i++ {
			if i > 0 && fold.Letter(l.t.R[i-1]) || !l.superlativeWord(i) || l.markedAt(i) || l.stanceOf(i, i+1) != asserted || l.elsewhere(i) {
				continue
			}
			if l.saidBy("price.lowest") || l.any(max(i-12, 0), i, "my ", "favorite") {
				return
			}
			l.wrong(CategoryAbsolute, VerdictBanned, i, min(at+len(scope), len(l.t.R)), "absolute.superlative", Finding{})
			return
		}
	}
}

// superlativeWord reports whether an English superlative stands at i.
func (l *line) superlativeWord(i int) bool {
	j := i
	for j < len(l.t.R) && fold.Letter(l.t.R[j]) {
		j++
	}
	switch w := l.span(i, j); w {
	case "best", "most", "greatest", "finest", "only", "number":
		return w != "only" || l.has(j, " one") || l.has(j, " ")
	case "rest", "test", "west", "guest", "request", "interest", "honest", "latest", "forest", "chest", "nest", "contest", "suggest", "invest", "least", "arrest", "digest", "protest", "harvest", "modest":
		return false
	default:
		return j-i >= 6 && l.has(j-3, "est")
	}
}

// absoluteTerm weighs a fixed term: 国家级, 天花板, 独一无二.
func (l *line) absoluteTerm(m lexicon.Match) {
	if l.inName[m.Start] || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
		return
	}
	if l.exemptTarget(m.Start, m.End) || l.weakAbsolute(m) || l.saidBy("price.lowest") {
		return
	}
	if l.p != nil && (contains(l.p.factText, fold.String(m.Term.Name)) && m.Term.Name != "第一") {
		return
	}
	if containsAny(m.Term.Name, "第一", "no1", "no.1", "number", "top", "榜", "冠军") && l.p != nil && l.rankHeld(fold.String(l.p.Raw(sheet.FieldSales))) {
		return
	}
	l.wrong(CategoryAbsolute, VerdictBanned, m.Start, m.End, "absolute.term", triedExemptions())
}

// triedExemptions lists the exemptions that were tried and did not hold.
func triedExemptions() Finding {
	return Finding{Exempted: []Exemption{
		{ID: "absolute.attitude", Held: false, Reason: "主语不是商家的态度或目标", Source: "广告绝对化用语执法指南 第五条"},
		{ID: "absolute.usage", Held: false, Reason: "不是饮用、使用、保存的提示", Source: "广告绝对化用语执法指南 第六条（二）"},
		{ID: "absolute.name", Held: false, Reason: "不在商品资料的名称里", Source: "广告绝对化用语执法指南 第六条（四）"},
	}}
}

// weakAbsolute: terms that only count with a scope or as praise of the goods.
func (l *line) weakAbsolute(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	scoped := false
	for _, s := range l.m {
		if s.Term.Class == lexicon.Scope && s.Start >= c.from && s.End <= c.to {
			scoped = true
		}
	}
	switch m.Term.Name {
	case "第一", "第1":
		if scoped && !l.ahead(m.End, "时间", "个", "次", "步", "批", "天", "条", "件") {
			return l.any(m.End, min(m.End+3, c.to), "人", "家的", "眼")
		}
		return !l.ahead(m.End, "品牌", "名", "的猫", "的") || l.ahead(m.End, "名的主播", "名顾客", "名拍", "的是")
	case "唯一":
		return !scoped && l.ahead(m.End, "的缺点", "缺点", "不足", "的不足", "就是", "要注意", "遗憾", "的遗憾")
	case "首选", "独家", "终极", "之王", "特供", "万能", "无敌", "永不", "冠军", "领袖", "首位", "首个", "首家", "首款", "首创", "ultimate", "王者", "巅峰", "头牌", "只此", "顶配", "领导者", "专供", "国际级", "唯一的", "没有之一", "第一名", "独一无二", "极品":
		if m.Term.Name == "没有之一" || m.Term.Name == "第一名" {
			return l.p == nil || m.Term.Name == "第一名" && l.any(c.from, c.to, "主播", "是谁", "顾客", "拍的", "拍下", "抢到", "不知道", "谁")
		}
		return l.p == nil || l.any(c.from, c.to, "直播间", "优惠码", "问", "价") && (m.Term.Name == "独家")
	case "巨无霸级", "极致", "完美":
		return true
	}
	return l.p == nil && !scoped && !l.any(c.from, c.to, "它") && !l.pointsAtGoods(c)
}

// exemptTarget: not about the goods, but the company's goals, the host, time.
func (l *line) exemptTarget(from, to int) bool {
	c := l.clauseAt(from)
	if l.any(c.from, from, "追求", "力求", "立志", "努力做", "目标", "争取", "希望", "愿", "祝", "想做", "要做") && !l.any(from, min(to+4, c.to), "价", "品质", "质量", "效果", "产品") {
		return true
	}
	return l.any(c.from, c.to, "我女儿", "我老公", "我最", "公司墙上", "这个牌子叫", "就叫", "叫第一", "名字里") || l.any(to, min(to+3, c.to), "印象") || l.any(c.from, from, "预算", "人生", "我这辈子") || l.behind(from, "像", "不是")
}

// superlative weighs 最 with what follows it.
func (l *line) superlative(i int) {
	if l.inName[i] || i+1 >= len(l.t.R) || l.markedAt(i) {
		return
	}
	c := l.clauseAt(i)
	if l.stanceOf(i, i+1) != asserted || l.elsewhere(i) && !l.scoped(c) || l.numberBehind(i+2) {
		return
	}
	var adj lexicon.Match
	for _, m := range l.all {
		if m.Term.Class == lexicon.Superior && m.Start == i+1 && m.End > adj.End {
			adj = m
		}
		if m.Term.Class == lexicon.Superior && m.Start == i+2 && l.t.R[i+1] == '为' && adj.End == 0 {
			adj = m
		}
	}
	scope := l.scoped(c)
	if adj.End == 0 && !scope {
		return
	}
	if adj.End == 0 {
		adj.End = min(i+2, len(l.t.R))
	}
	if l.exemptTarget(i, adj.End) || l.usageHint(i, adj.End, c) || l.ownRange(c, i) {
		return
	}
	if l.p == nil && !l.pointsAtGoods(c) && !l.any(c.from, c.to, "咱", "全网") || l.any(adj.End, c.to, "之一") && !l.any(adj.End, c.to, "没有之一") {
		return
	}
	l.wrong(CategoryAbsolute, VerdictBanned, i, adj.End, "absolute.superlative", triedExemptions())
}

// pointsAtGoods reports whether a clause is about what is on sale where no
// product is known: 这是最好的产品.
func (l *line) pointsAtGoods(c *clause) bool {
	if l.any(c.from, c.to, "这款", "我们", "这个", "本品", "它是", "产品", "商品", "宝贝", "本店", "这件", "这双", "这条", "这瓶", "这套", "这台") {
		return true
	}
	return l.any(c.from, c.to, "这是", "这就是", "这才是") && !l.any(c.from, c.to, "我觉得", "一天", "时候", "朋友", "消息", "安排", "办法", "机会")
}

// numberBehind: 最小三十四, 最大四十 name an end of a range.
func (l *line) numberBehind(i int) bool {
	for _, q := range l.q {
		if q.Start == i || q.Start == i+1 && in(l.t.R[i], "是到有") {
			return true
		}
	}
	return i < len(l.t.R) && (l.t.R[i] == '到' || l.t.R[i] == '号' || l.t.R[i] == '码') || l.latinAt(i)
}

func (l *line) latinAt(i int) bool {
	return i < len(l.t.R) && fold.Letter(l.t.R[i])
}

func (l *line) markedAt(i int) bool {
	for _, m := range l.marks {
		if m.from <= i && i < m.to && (m.Category == CategoryPrice || m.Category == CategoryAbsolute) {
			return true
		}
	}
	return false
}

func (l *line) scoped(c *clause) bool {
	_, ok := l.match(lexicon.Scope, c.from, c.to)
	return ok
}

// usageHint: 最好放冷冻, 出门前涂最好, 最佳赏味期.
func (l *line) usageHint(i, end int, c *clause) bool {
	if l.has(i, "最好") {
		if end >= c.to {
			return l.any(c.from, i, "涂", "吃", "喝", "用", "放", "泡", "敷", "洗", "穿", "前", "后") && !l.any(c.from, i, "好用", "好吃") && !l.scoped(c)
		}
		return !l.ahead(i+2, "的", "用的", "吃的", "喝的", "看的", "闻的", "穿的", "没有", "最", "用,", "吃,", "看,", "卖", "用。", "用了", "吃了", "看了", "喝了", "评")
	}
	return l.has(i, "最佳") && l.any(end, min(end+6, c.to), "时间", "期", "温度", "方式", "时", "用法", "口感期", "搭配")
}

// ownRange: "我们家最厚的一款" compares within one's own range.
func (l *line) ownRange(c *clause, i int) bool {
	return l.any(c.from, i, "我们家", "咱家", "我家", "咱们家", "我们店", "店里", "我们自己", "这几款里", "系列里", "色系里", "几个色", "里面这款", "三款里", "两款里", "里头", "同系列", "历代", "我们的产品里") && !l.scoped(c)
}
