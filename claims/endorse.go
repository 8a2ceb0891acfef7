package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// endorsement finds a name lent to the goods that the sheet does not hold:
// 儿科医生都推荐, 央视报道过.
func (l *line) endorsement() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryCredential {
			return
		}
	}
	if l.sameAs() {
		return
	}
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "endorse.who")
		if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.inName[at] {
			continue
		}
		how, hn := l.first(at+n, min(at+n+12+24*b2i(l.latin), len(l.t.R)), "endorse.how")
		if how < 0 || l.stanceOf(how, how+hn) != asserted {
			continue
		}
		if l.negatedAround(c) || l.has(how, "开的") && l.any(c.from, c.to, "药", "方子", "处方", "安定") {
			continue
		}
		if l.warned(at) && l.any(c.from, c.to, "看", "去", "挂号", "找", "问", "see a") || containsAny(l.p.credential, l.span(at, at+n)) || l.any(c.from, c.to, "咨询", "问", "听", "我不是", "看", "测") && !l.any(c.from, c.to, "都说", "推荐", "都在用") {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(at, how+hn)
		l.wrong(CategoryCredential, VerdictUnsupported, at, how+hn, "credential.endorsed", f)
		return
	}
}

// negatedAround: an endorsement is not told with a negation: 医生不让用, 大师跟我们没
// 合作.
func (l *line) negatedAround(c *clause) bool {
	for _, m := range l.m {
		if m.Start >= c.from && m.Start < c.to && m.Term.Class == lexicon.Negation {
			return !l.waived
		}
	}
	return false
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// figuresOfOthers finds figures about buyers and tests that the sheet does not
// hold: 复购率八成, 九成用户说好, 上百万人在用.
func (l *line) figuresOfOthers() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryCredential || l.marks[k].Category == CategoryAbsolute {
			return
		}
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		near := l.any(max(c.from, q.Start-10), min(c.to, q.End+10), "复购", "回头客", "种草", "笔记", "家医院", "家酒店", "家门店", "家宠物", "回购", "好评", "满意", "有效率", "的人", "用户", "客户", "顾客", "人在用", "人在喝", "人在吃", "家庭", "人次", "评价", "五星", "临床", "实测", "检测", "repurchase", "reviews", "customers", "users", "families", "rating", "positive")
		big := q.Dim == quantity.Ratio || (q.Dim == quantity.Bare || q.Dim == quantity.Count || q.Dim == quantity.Index) && q.Value >= 10_000_000
		if l.used[i] || !near || !big || l.stanceOf(q.Start, q.End) != asserted || l.elsewhere(q.Start) {
			continue
		}
		if contains(l.p.credential, l.span(q.Start, q.End)) || l.any(c.from, c.to, "关注", "点赞", "在线", "直播间", "粉丝") || l.salesHeld(q) {
			continue
		}
		f := l.factOf(sheet.FieldSales)
		f.Value = l.span(q.Start, q.End)
		l.wrong(CategoryCredential, VerdictUnsupported, q.Start, q.End, "credential.figure", f)
		return
	}
}

// salesHeld reports whether the sheet's sales bear a figure out.
func (l *line) salesHeld(q quantity.Quantity) bool {
	for _, s := range amounts(l.p.Raw(sheet.FieldSales)) {
		if q.Value <= s.Value+s.Value/20 && q.Dim != quantity.Ratio {
			return true
		}
	}
	return false
}

// sameAs finds goods said to be those that somebody known wears, or certified
// by somebody: 苏翊鸣同款, 欧盟认证.
func (l *line) sameAs() bool {
	if !l.holds(0, len(l.t.R), "endorse.same") {
		return false
	}
	for _, w := range []string{"同款", "认证", "授权", "指定", "脚上穿的就是", "身上穿的就是", "手里的就是", "背的那", "背的就是", "戴的就是", "穿的就是", "接待用", "拍过我们", "采访过", "上过电视", "certified", "approved by", "as seen on", "worn by"} {
		at := l.find(0, len(l.t.R), w)
		if at < 0 || l.stanceOf(at, at+1) != asserted || l.elsewhere(at) || l.inName[at] {
			continue
		}
		c := l.clauseAt(at)
		if w == "戴的就是" || w == "穿的就是" {
			if l.behind(at, "我", "我身上", "我今天", "她", "你们看我") || at-c.from < 2 {
				continue
			}
		}
		who := l.span(max(c.from, at-5), at)
		n := 0
		for _, r := range who {
			if fold.Han(r) || fold.Letter(r) {
				n++
			}
		}
		if n < 2 || containsAny(who, "看", "配", "一对", "商场", "网上", "链接", "柜台", "男女", "父子", "母子", "搜", "找", "我", "自己", "邻居", "老板", "主播", "情侣", "姐妹", "闺蜜", "亲子", "实名", "平台", "旗舰", "这", "那", "同", "助理", "小助", "颜色", "一模", "全家", "母女", "本人", "官方", "咱") || l.any(c.from, c.to, "别", "假", "不是") {
			continue
		}
		known := false
		for i := max(c.from, at-5); i+2 <= at; i++ {
			known = known || contains(l.p.credential, l.span(i, i+2))
		}
		if known {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(max(c.from, at-5), at+len([]rune(w)))
		l.wrong(CategoryCredential, VerdictUnsupported, max(c.from, at-5), at+len([]rune(w)), "credential.endorsed", f)
		return true
	}
	return false
}
