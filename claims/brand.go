package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// sameFactory are the words that hang on to a brand without claiming to be it.
var sameFactory = []string{
	"同厂", "同一个厂", "同一家", "同一条", "一个厂", "一个工厂", "代工", "代加工", "贴牌", "流水线", "生产线", "实验室", "子品牌", "副牌", "旗下", "母公司", "同源", "合作", "供应商", "挖来", "挖过来", "团队", "一模一样", "一样的配方", "一样的料", "一样的面料", "一样的工艺", "一样的成分", "一样的原料", "一个配方", "一个师傅", "就差个", "差一个标", "少个标", "换个logo", "贴上", "没贴", "同配方", "同成分", "同班人马", "师父", "出来的", "平替", "一个车间", "同一个", "出来自己干", "自己干", "单干", "老配方", "的配方", "的模具", "的单", "我们家拿", "我家拿", "做代工", "就是没那个", "没那个标", "皮牌", "的大哥", "前高管",
	"same factory", "same line", "same plant", "same lab", "makes for", "oem", "sister brand", "sub-brand", "made by the same",
}

// brand finds goods passed off as those of a brand they are not of.
func (l *line) brand() {
	if l.p == nil {
		return
	}
	for _, m := range l.m {
		if m.Term.Class != lexicon.Brand || l.placeBefore(m) || l.inName[m.Start] || l.ownBrand(m) || l.brandAside(m) || l.disowned(m) {
			continue
		}
		if l.stanceOf(m.Start, m.End) != asserted {
			continue
		}
		f := l.factOf(sheet.FieldBrand)
		f.Value = m.Term.Name
		c := l.clauseAt(m.Start)
		v := VerdictContradicted
		if l.supplies(m, c) || l.any(c.from, c.to, sameFactory...) || l.near(m.End, 24, sameFactory) {
			if l.any(c.from, c.to, "平替") && !l.any(c.from, len(l.t.R), "其实", "就是", "副牌", "同厂", "代工") {
				continue
			}
			v = VerdictUnsupported
		} else if l.elsewhere(m.Start) || l.p.Brand == "" && !l.any(c.from, c.to, "是", "的", "it's", "this is") {
			continue
		}
		l.wrong(CategoryBrand, v, m.Start, m.End, "brand.other", f)
		return
	}
	l.namelessBrand()
}

// placeBefore tells 内蒙古鄂尔多斯, the place, from the brand.
func (l *line) placeBefore(m lexicon.Match) bool {
	if byID["place:"+m.Term.Name] == nil {
		return false
	}
	for _, o := range l.m {
		if o.Term.Class == lexicon.Place && (o.End == m.Start || o.Start <= m.Start && o.End > m.End) {
			return true
		}
	}
	return false
}

// near reports whether one of words begins within n runes behind i, in the
// same sentence.
func (l *line) near(i, n int, words []string) bool {
	to := min(i+n, len(l.t.R))
	i = max(i, 0)
	for j := i; j < to; j++ {
		if l.t.R[j] == '.' || l.t.R[j] == '!' || l.t.R[j] == '?' {
			to = j
			break
		}
	}
	return l.any(i, to, words...)
}

func (l *line) ownBrand(m lexicon.Match) bool {
	for _, s := range m.Term.Surfaces {
		if contains(l.p.allText, fold.String(s)) {
			return true
		}
	}
	return false
}

// brandAside reports whether a brand is only compared with, used before, or a
// figure of speech.
func (l *line) brandAside(m lexicon.Match) bool {
	if l.behind(m.Start, "比", "像", "用过", "用惯", "买过", "界的", "圈里的", "圈子里的", "里的", "中的", "不输", "不比", "than ", "like ", "not ", "works with ", "work with ", "compatible with ", "fits ", "for your ", "charges ", "pairs with ", "跟", "和", "去") {
		return !l.near(m.End, 14, sameFactory) && !l.near(m.End, 14, []string{"一样的厂", "同", "一个", "一模一样", "一样的配方", "一样的料", "一样的面料", "一样的工艺", "一样的品质", "一样的成分", "一样的原料"})
	}
	c := l.clauseAt(m.Start)
	if l.any(c.from, m.Start, "以前", "之前", "原来", "曾经", "平时", "那会", "当年", "上次", "换掉", "used to", "before") && !l.near(m.End, 14, sameFactory) {
		return true
	}
	return l.any(m.End, min(m.End+6, c.to), "也能用", "都能用", "能连", "能充", "适用", "通用", "兼容", "接口", "安卓", "都能连", "也能连", "我也", "我有", "我穿", "我用", "我买", "也好", "那个", "那款", "那种", "也不错", "也有", "卖", "敢", "用户", "的平替", "直播间", "旗舰店看", "官网", "杯子蛋糕", "专利") || l.any(c.from, m.Start, "下载", "微信", "系统", "支持") || l.any(c.from, m.Start, "配") && l.any(c.from, c.to, "好看", "搭")
}

// namelessBrand finds "the same factory as the big brands" without a name.
func (l *line) namelessBrand() {
	for i := range l.cl {
		c := &l.cl[i]
		k, _ := l.first(c.from, c.to, "factory")
		if k < 0 || l.stanceOf(k, k+2) != asserted {
			continue
		}
		if !l.someoneElse(c, k) && !l.any(0, len(l.t.R), "大牌", "名牌", "国际", "专柜", "牌子", "一线", "奢侈", "机场", "德国", "法国", "欧美", "日本", "五星", "brand", "双c", "贴", "万块", "几千", "上千", "大厂", "柜台", "那个", "某", "名字不", "不能说", "不方便", "designer", "luxury", "big name", "famous", "剪标", "撤柜", "原单", "尾单") {
			continue
		}
		f := l.factOf(sheet.FieldBrand)
		l.wrong(CategoryBrand, VerdictUnsupported, k, min(k+6, c.to), "brand.factory", f)
		return
	}
}

// someoneElse reports whether the words before a factory name another house,
// even one that no list knows.
func (l *line) someoneElse(c *clause, at int) bool {
	from := max(c.from, at-8)
	if l.any(from, at, "我们", "咱", "自己", "自家", "都是", "这是", "他们", "哪", "两款", "所有", "全部", "一批", "同一") {
		return false
	}
	n := 0
	for i := from; i < at; i++ {
		if fold.Han(l.t.R[i]) || fold.Letter(l.t.R[i]) {
			n++
		}
	}
	return n >= 2
}

// partWords are what one house supplies to another.
var partWords = []string{
	"料", "原料", "菌种", "菌株", "芯片", "屏", "电芯", "马达", "电机", "碳布", "面料", "布", "镜片", "模具", "配方", "技术", "工艺", "设计", "拉链", "弹簧", "乳胶", "香精", "机芯", "皮料", "五金", "显卡", "处理器", "电池", "玻璃", "涂层", "原液", "成分", "辅料", "滤芯", "压缩机",
}

// supplies reports whether a brand is said to have made a part of the goods,
// not the goods: 巴斯夫的料, 显卡是英伟达的.
func (l *line) supplies(m lexicon.Match, c *clause) bool {
	if l.ahead(m.End, "的") {
		for _, w := range partWords {
			if at := l.find(m.End+1, min(m.End+6, c.to), w); at >= 0 {
				return true
			}
		}
	}
	return l.behind(m.Start, "是", "用的", "用的是", "来自") && l.any(c.from, m.Start, partWords...)
}
