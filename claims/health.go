package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// health checks diseases, functions and promised outcomes together: one claim
// is reported once, under the gravest head.
func (l *line) health() {
	if l.p == nil && len(l.c.products) > 0 {
		return
	}
	guaranteed := l.guarantee()
	ill := l.diseases()
	if l.p == nil {
		return
	}
	l.functions(ill, guaranteed)
}

func (l *line) lawfulMedicine() bool {
	return l.p != nil && l.p.Category == sheet.MedicalDevice
}

// diseases finds treatment or prevention claimed.
func (l *line) diseases() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Disease || l.inName[m.Start] {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.warned(m.Start) || l.elsewhere(m.Start) && !l.claimsCure(m) {
			continue
		}
		if l.heldFunction(m) || !l.claimsCure(m) {
			continue
		}
		l.wrong(CategoryMedical, VerdictBanned, m.Start, m.End, "medical.disease", Finding{})
		return true
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Treat || m.Term.Name != "断根" && m.Term.Name != "停药" {
			continue
		}
		if l.stanceOf(m.Start, m.End) == asserted && !l.warned(m.Start) && !l.any(0, len(l.t.R), "医生说") {
			l.wrong(CategoryMedical, VerdictBanned, m.Start, m.End, "medical.treat", Finding{})
			return true
		}
	}
	return false
}

// warned reports whether the clause, or one beside it, sends people to a
// doctor or says that this is no medicine.
func (l *line) warned(i int) bool {
	k := l.clauseIndex(i)
	if k < 0 {
		return false
	}
	for j := max(k-2, 0); j <= min(k+2, len(l.cl)-1); j++ {
		if l.cl[j].warned && !l.any(l.cl[j].from, len(l.t.R), "但比药", "不用去医院", "不用再去") {
			return true
		}
	}
	return false
}

// strongDisease are surfaces that claim by themselves.
var strongDisease = []string{"降血压", "降压", "稳血压", "降血糖", "降糖", "降血脂", "降三高", "降尿酸", "抗癌", "防癌", "抗肿瘤", "抗炎", "消炎", "溶栓", "通血管", "软化血管", "抗过敏", "抗敏", "脱敏", "逆转近视", "治病", "转阴", "anti-inflammatory", "lowers blood pressure", "lower blood pressure", "胰岛素"}

// claimsCure reports whether the words around a disease claim to cure, ease or
// prevent it.
func (l *line) claimsCure(m lexicon.Match) bool {
	if l.any(m.Start, m.End, strongDisease...) {
		return !l.behind(m.Start, "吃", "和", "含", "不用", "停")
	}
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return false
	}
	from, to := l.cl[k].from, l.cl[k].to
	for j := k + 1; j < len(l.cl) && j <= k+3 && (l.cl[j].sentence == l.cl[k].sentence || l.cl[j].from-m.End < 14); j++ {
		to = l.cl[j].to
	}
	if k > 0 && l.cl[k-1].sentence == l.cl[k].sentence {
		from = l.cl[k-1].from
	}
	for _, t := range l.all {
		if t.Term.Class != lexicon.Treat || t.Start < from || t.End > to || overlaps(t, m) && t.Start >= m.Start {
			continue
		}
		if l.t.R[t.Start] == '防' && l.ahead(t.End, "晒", "水", "滑", "螨", "霉") || l.t.R[t.Start] == '抗' && l.ahead(t.End, "皱", "老", "氧") || l.t.R[t.Start] == '治' && l.behind(t.Start, "政", "自") || l.t.R[t.Start] == '消' && l.ahead(t.End, "费") {
			continue
		}
		if l.stanceOf(t.Start, t.End) != asserted {
			continue
		}
		if t.Term.Is("weak") && l.latin && t.Start > m.End+40 {
			continue
		}
		return true
	}
	return l.any(from, to, "也能吃", "都能吃", "也能喝", "放心吃", "的换它", "的涂它", "克星", "救星", "福音", "管用", "有效", "见效", "一绝", "贴身戴", "抹一抹", "涂上", "都能抹", "有好处", "吃它", "来一", "一周结痂", "敷一", "有救", "专用", "成箱", "都在我这", "案例", "跟你无缘", "说拜拜", "再见", "不是问题", "not an issue", "never again", "is gone", "are gone")
}

func overlaps(a, b lexicon.Match) bool { return a.Start < b.End && b.Start < a.End }

// heldFunction: a function the sheet grants may sound like a disease, as
// 测量血压 or 退热.
func (l *line) heldFunction(m lexicon.Match) bool {
	if l.p == nil {
		return false
	}
	c := l.clauseAt(m.Start)
	if l.lawfulMedicine() && l.any(c.from, c.to, "量", "测", "监测", "误差", "记") {
		return true
	}
	return contains(l.p.factText, l.span(m.Start, m.End))
}

// guarantee finds an outcome guaranteed: 无效退款, 百分百有效, 保证.
func (l *line) guarantee() bool {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Guarantee || l.stanceOf(m.Start, m.End) != asserted || l.elsewhere(m.Start) {
			continue
		}
		if !l.guaranteesEffect(m) {
			continue
		}
		l.wrong(CategoryEffect, VerdictBanned, m.Start, m.End, "effect.guarantee", Finding{})
		return true
	}
	return false
}

// guaranteesEffect: 保证 needs an effect it guarantees.
func (l *line) guaranteesEffect(m lexicon.Match) bool {
	if containsAny(m.Term.Name, "无效", "没效果", "不见效", "有效", "见效", "包治", "跟你姓", "名字倒", "剃头", "不白退", "不瘦", "长不高", "没长高", "睡不着退", "盖不住", "不掉秤", "躺着赚", "稳赚", "保本", "年入百万", "日赚", "月入过万", "吃不瘦") {
		return true
	}
	c := l.clauseAt(m.Start)
	to := min(m.End+16, len(l.t.R))
	for _, f := range l.m {
		if (f.Term.Class == lexicon.Function || f.Term.Class == lexicon.Disease || f.Term.Class == lexicon.Outcome) && f.Start >= c.from && f.Start < to {
			if f.Term.Class == lexicon.Function && f.Term.Is("mild") {
				continue
			}
			return true
		}
	}
	if l.p != nil && (l.p.Category == sheet.Apparel || l.p.Category == sheet.Jewellery) {
		return false
	}
	return l.any(m.Start, to, "不漏", "不反弹", "变白", "变瘦", "见效", "效果", "一夜", "睡得着", "睡着", "不掉", "长出", "不长", "根治", "有用", "get tan", "works")
}

// functions checks effects and functions claimed against those registered.
func (l *line) functions(ill, guaranteed bool) {
	p := l.p
	for _, m := range l.m {
		if m.Term.Class != lexicon.Function || l.inName[m.Start] || l.elsewhere(m.Start) {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted || l.warned(m.Start) && !l.promisesOutcome(m) {
			continue
		}
		if m.Term.Is("mild") {
			continue
		}
		outcome := l.promisesOutcome(m)
		held := l.functionHeld(m)
		if held && !outcome {
			l.right(CategoryEfficacy, m.Start, m.End)
			continue
		}
		if ill || guaranteed || !held && !l.claimsFunction(m) && !outcome {
			continue
		}
		f := l.factOf(sheet.FieldEfficacy)
		f.Value = m.Term.Name
		if outcome {
			if held && !l.strongOutcome(m) {
				continue
			}
			l.wrong(CategoryEffect, VerdictUnsupported, m.Start, m.End, "effect.outcome", f)
			return
		}
		l.wrong(CategoryEfficacy, VerdictUnsupported, m.Start, m.End, "efficacy.unknown", f)
		_ = p
		return
	}
}

// bodyWord are words for a part of the body or a trouble with it: they claim
// nothing unless something is said to change.
var bodyWord = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{
		"嗓子", "关节", "抽筋", "骨头", "眼睛干", "身高", "个子", "发际线", "睡着", "入睡", "睡眠", "大脑", "脂肪", "毒素", "肩膀", "颈椎", "落枕", "疼痛", "酸痛", "腰疼", "腿疼", "头疼", "脖子疼",
		"斑点", "黑斑", "黄褐斑", "雀斑", "老年斑", "晒斑", "色斑", "斑", "痘痘", "痘印", "痘坑", "痘疤", "闭口", "粉刺", "长痘", "细纹", "法令纹", "鱼尾纹", "抬头纹", "颈纹", "皱纹", "干纹", "唇纹", "黑头", "眼袋", "黑眼圈",
		"疤痕", "妊娠纹", "脱发", "掉发", "头屑", "掉头发", "视力", "月经", "宫寒", "体寒", "痛经", "湿气", "血液循环", "微循环", "发烧", "气色", "精力", "聪明", "腿脚", "腰板", "软骨", "黄脸", "肠道", "宿便", "狐臭", "脚臭", "异味", "毛孔", "瘦",
		"spots", "spot", "wrinkles", "acne", "pores", "scars", "fever", "bones", "joints", "toxins", "germs", "bacteria", "odor", "stress", "fatigue", "sleep", "身体", "头发", "睡",
	} {
		m[w] = true
	}
	return m
}()

func (l *line) functionHeld(m lexicon.Match) bool {
	p := l.p
	if p.functions[m.Term.Name] || contains(p.factText, l.span(m.Start, m.End)) {
		return true
	}
	if p.functions["祛斑美白"] && (m.Term.Name == "祛斑" || m.Term.Name == "美白") {
		return true
	}
	return m.Term.Name == "防晒" && p.functions["抗蓝光"]
}

// claimsFunction reports whether a function word is said of the goods and not
// of people or weather.
func (l *line) claimsFunction(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	name := m.Term.Name
	if bodyWord[l.span(m.Start, m.End)] {
		return false
	}
	switch l.p.Category {
	case sheet.Apparel, sheet.Jewellery, sheet.Other, sheet.Electronics, sheet.Home:
		switch m.Term.Info[0] {
		case "group:skin", "group:hair":
			if !l.any(c.from, c.to, "能", "可以", "功效", "养") {
				return false
			}
		}
	}
	if l.any(c.from, m.Start, "怕", "爱", "不爱", "喜欢", "如果", "问", "想", "上次", "皮肤科") || l.ahead(m.End, "季", "的时候", "期间", "的日子", "天气", "人群", "姐妹", "体质") && !l.any(c.from, m.Start, "能", "帮") {
		return l.any(c.from, c.to, "想") && l.any(c.from, c.to, "就", "囤", "吃")
	}
	switch name {
	case "改善睡眠":
		return !l.any(c.from, c.to, "睡觉", "睡衣", "睡前", "睡的", "直播") || l.any(c.from, c.to, "改善睡眠", "助眠", "安神")
	case "长高":
		return l.any(c.from, c.to, "长", "高", "蹿", "增") && !l.any(c.from, c.to, "身高一", "身高体重", "我身高", "个子的", "小个子", "高个子", "尺码", "拍M", "穿")
	case "减肥":
		return l.p.Category != sheet.Apparel && !l.any(c.from, c.to, "瘦肉", "偏瘦", "显瘦", "瘦的", "脂肪含量", "胖瘦")
	case "镇痛", "骨密度", "辟邪":
		return true
	case "美白":
		return !l.any(c.from, c.to, "白的", "面白")
	case "物理退热":
		return l.p.Category != sheet.Home && l.p.Category != sheet.Electronics && l.p.Category != sheet.Apparel
	case "除臭":
		return l.any(c.from, c.to, "除臭", "去味", "除味", "去异味")
	}
	return true
}

// promisesOutcome reports whether a function word stands with a time, a degree
// or a change that was reached.
func (l *line) promisesOutcome(m lexicon.Match) bool {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return false
	}
	from, to := l.cl[k].from, l.cl[k].to
	if k > 0 && l.cl[k-1].sentence == l.cl[k].sentence && to-l.cl[k-1].from < 40 {
		from = l.cl[k-1].from
	}
	if k+1 < len(l.cl) && l.cl[k+1].sentence == l.cl[k].sentence && l.cl[k+1].to-from < 46 {
		to = l.cl[k+1].to
	}
	timed := false
	for _, q := range l.q {
		if q.Start < from || q.Start >= to {
			continue
		}
		switch q.Dim {
		case quantity.Duration:
			if q.Unit != "year" && !l.ahead(q.End, "保质", "质保", "发货", "内发", "后面", "没") && !l.behind(q.Start, "三十岁", "近", "开封") {
				timed = true
			}
		case quantity.Count, quantity.Ratio, quantity.Mass, quantity.Length:
			if l.behind(q.Start, "瘦", "长", "掉", "蹿", "白", "用", "染", "吃", "喝", "淡", "lighter", "grew ", "dropped ", "lose ", "lost ", "减", "降") || l.ahead(q.End, "就", "见效", "下去", "变", "浅", "淡", "消", " lighter") {
				timed = true
			}
		}
	}
	changed := l.any(from, to, "淡了", "浅了", "没了", "消了", "白了", "就白", "就淡", "就没", "就消", "归零", "全没", "消失", "变白", "变黑", "长出来", "不长了", "下去了", "平了", "填平", "小了", "逆袭", "好了", "翻倍", "白一", "白两", "就睡", "睡着", "亮了", "瘦了", "掉了", "不抖", "不酸", "不疼", "直了", "紧了", "年轻", "肉眼可见", "faded", "vanish", "gone", "disappear", "lighter", "brighter")
	return timed && (changed || l.any(from, to, "就", "能", "淡", "白", "瘦", "长", "蹿", "睡", "变", "效", "快", "in ", "lose", "lost", "grew", "dropped", "控油")) || changed && l.any(from, to, "用了", "吃了", "喝了", "涂", "吃", "喝", "用", "抹", "敷", "洗", "枕", "两瓶", "一瓶", "照这样")
}

// strongOutcome: even a registered function may not be promised with a time
// and a degree.
func (l *line) strongOutcome(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	for _, f := range l.p.metrics {
		if f.q.Dim == quantity.Duration && contains(f.name, m.Term.Name) {
			return false
		}
	}
	_ = c
	return m.Term.Name != "保湿" && m.Term.Name != "控油" && m.Term.Name != "防晒" || l.any(0, len(l.t.R), "天", "瓶")
}
