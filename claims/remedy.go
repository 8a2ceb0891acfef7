package claims

import (
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// A remedy is what a seller offers when something is wrong.
type remedy struct {
	kind  string
	words []string
}

var remedies = []remedy{
	{"refund", []string{"全额退", "全退", "退全款", "退你钱", "退钱", "退款", "给你退", "都能退", "都给退", "都退", "包退", "退给你", "原路退", "无条件退", "随便退", "就退", "可以退", "退你", "把钱退", "money back", "refund", "send it back"}},
	{"pay", []string{"双倍赔", "十倍赔", "三倍赔", "赔你", "赔双倍", "赔十倍", "赔钱", "包赔", "赔一", "赔两", "赔三", "赔五", "赔十", "就赔", "都赔", "我赔", "倒赔", "双倍返", "十倍返", "pay you", "we pay", "i'll pay", "compensat"}},
	{"replace", []string{"换新的", "换新", "包换", "给你换", "免费换", "换一", "寄新的", "寄个新", "发个新", "重新发", "重发", "再发", "补发", "补寄", "补你", "免费补", "送你一", "new one", "replace", "swap", "ship you another", "send you another", "send a new", "ship a new"}},
	{"repair", []string{"免费修", "包修", "给你修", "上门修", "上门维修", "终身修", "免费维修", "免费保养", "免费清洗", "免费洗", "fix it", "repair"}},
}

// troubles are what remedies are promised for.
var troubles = []string{
	"不满意", "不喜欢", "不好吃", "不好用", "不合适", "不合脚", "不甜", "不新鲜", "不熟", "不准", "不够", "不对", "不正", "不香", "不暖", "不软", "不亮", "不是真", "不灵", "不舒服", "不爱吃", "不爱喝", "不习惯", "不爱用",
	"坏了", "坏", "烂了", "烂", "碎了", "碎", "破了", "破损", "破", "漏", "丢了", "丢", "断了", "断", "裂", "掉色", "褪色", "起球", "缩水", "变形", "开胶", "断墨", "掉毛", "跑绒", "钻绒", "生锈", "发霉", "长霉", "化冻", "化了", "过敏", "红了", "少一", "少了", "缺一", "缺", "错发", "漏发", "变质", "发黄", "变黑", "氧化", "进水", "没电", "塌", "瘪", "松了", "磕", "摔", "刮花", "划破", "掉钻", "掉珠", "磨损", "臭", "有异味", "有味道", "有虫", "晚发", "超时", "没发", "晚一天", "迟一天", "降价", "买贵", "贵了", "尿湿", "漏尿", "粘锅", "不出墨", "写不出", "死果", "坏果", "半年", "一年", "两年", "三年", "五年", "十天", "十五天", "三十天", "一个月", "三个月", "穿过", "用过", "洗过", "吃过", "拆了", "拆封", "开封", "空瓶", "吃一半", "用一半", "用完", "吃完",
	"breaks", "broke", "broken", "damaged", "don't like", "don't love", "doesn't fit", "not happy", "not satisfied", "melted", "leak", "late", "fades", "shrinks", "scratch", "rusts", "dies", "lose one", "missing",
}

// remedies checks "坏了给你换新的" and its like: a trouble with what is offered
// for it.
func (l *line) remedies() {
	for k := range l.marks {
		if l.marks[k].Category == CategoryPromise {
			return
		}
	}
	for k := range l.cl {
		c := &l.cl[k]
		for _, r := range remedies {
			at, n := l.first(c.from, c.to, r.words)
			if at < 0 || l.stanceOf(at, at+n) != asserted || l.elsewhere(at) || l.remedyAside(c, at) {
				continue
			}
			from := max(c.from, at-14)
			if k > 0 && l.cl[k-1].sentence == c.sentence && at-c.from < 8 {
				from = max(l.cl[k-1].from, at-22)
			}
			what, wn := l.first(from, at, troubles)
			if what < 0 {
				continue
			}
			l.remedy(r.kind, what, max(at+n, what+wn))
			return
		}
	}
}

// remedyAside keeps refusals, reports and guarantees of effect out.
func (l *line) remedyAside(c *clause, at int) bool {
	return l.any(c.from, c.to, "不能退", "退不了", "不给退", "不退", "没法", "别退", "找客服退差", "售后已经", "退货那", "平台退", "直接退", "有运费险", "无效", "没效果", "不支持", "can't", "won't", "no refund") || l.behind(at, "申请", "自己", "不") || l.saidBy("effect.guarantee")
}

// remedy weighs an offer against what the sheet promises.
func (l *line) remedy(kind string, from, to int) {
	p := l.p
	held := false
	switch kind {
	case "refund":
		held = containsAny(p.promises, "包退", "退") || p.Returns7D == sheet.Yes && !l.any(from, to, "拆", "用过", "穿过", "洗", "吃", "三十天", "十五天", "一个月", "半年", "一年", "空瓶", "用完", "用了") || containsAny(p.promises, "包赔", "赔") && l.any(from, to, "坏", "破", "烂", "碎", "漏", "化", "damaged", "broken", "melted", "smashed")
	case "pay":
		held = containsAny(p.promises, "赔") && l.any(from, to, "坏", "破", "烂", "碎", "漏", "化", "假", "死果") && !l.any(from, to, "双倍", "十倍", "三倍", "赔十", "赔三", "赔两", "赔五")
	case "replace":
		held = containsAny(p.promises, "换") || containsAny(p.promises, "质保") && l.any(from, to, "坏", "年") && !l.any(from, to, "换新", "新的", "丢") || containsAny(p.promises, "赔") && l.any(from, to, "补发", "重发", "补寄") && l.any(from, to, "坏", "破", "烂", "碎", "漏", "化")
	case "repair":
		held = containsAny(p.promises, "修", "质保", "保修", "清洗")
	}
	if held && !l.outlasts(from, to) {
		l.right(CategoryPromise, from, to)
		return
	}
	f := l.factOf(sheet.FieldPromises)
	f.Value = l.span(from, to)
	v := VerdictUnsupported
	if p.Returns7D == sheet.No && kind == "refund" && l.any(from, to, "不喜欢", "不满意", "不好吃", "不合适", "不爱", "don't like", "don't love", "not happy") {
		f = l.factOf(sheet.FieldReturns7D)
		f.Value = l.span(from, to)
		v = VerdictContradicted
	} else if held {
		v = VerdictContradicted
	}
	l.wrong(CategoryPromise, v, from, to, "promise.remedy", f)
}

// outlasts reports whether a longer time is promised than the sheet gives.
func (l *line) outlasts(from, to int) bool {
	if l.p.warranty.Dim != quantity.Duration {
		return false
	}
	for _, q := range l.q {
		if q.Dim == quantity.Duration && q.Start >= from-6 && q.End <= to && q.Value > l.p.warranty.Value+l.p.warranty.Value/50 {
			return true
		}
	}
	return false
}
