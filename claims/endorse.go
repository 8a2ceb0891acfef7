package claims

import (
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
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "endorse.who")
		if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.inName[at] {
			continue
		}
		how, hn := l.first(at+n, min(at+n+12+10*b2i(l.latin), len(l.t.R)), "endorse.how")
		if how < 0 {
			continue
		}
		if l.warned(at) || containsAny(l.p.credential, l.span(at, at+n)) || l.any(c.from, c.to, "咨询", "问", "听", "我不是", "看", "测") && !l.any(c.from, c.to, "都说", "推荐", "都在用") {
			continue
		}
		f := l.factOf(sheet.FieldHonours)
		f.Value = l.span(at, how+hn)
		l.wrong(CategoryCredential, VerdictUnsupported, at, how+hn, "credential.endorsed", f)
		return
	}
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
		near := l.any(max(c.from, q.Start-10), min(c.to, q.End+10), "复购", "回购", "好评", "满意", "有效率", "的人", "用户", "客户", "顾客", "人在用", "人在喝", "人在吃", "家庭", "人次", "评价", "五星", "临床", "实测", "检测", "repurchase", "reviews", "customers", "users", "families", "rating", "positive")
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
