package claims

import "liveroom/claims/lexicon"

// endsIn reports whether nothing but particles stands between i and the end of
// its clause: 没有 with more behind is about what follows.
func (l *line) endsIn(i int) bool {
	c := l.clauseAt(max(i-1, 0))
	for i < c.to && in(l.t.R[i], " 的了哈啊呢哦喔嘛的呀啦") {
		i++
	}
	return i >= c.to
}

// notDone reads "一滴农药没打过", "重金属塑化剂统统没有", "甲醛一点点都没测出来": that
// nothing of it was put in or found.
func (l *line) notDone(m lexicon.Match) bool {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return false
	}
	to := l.cl[k].to
	if k+1 < len(l.cl) && l.cl[k].end == ' ' || k+1 < len(l.cl) && to-m.End <= 8 && l.cl[k].end == ',' && l.cl[k+1].sentence == l.cl[k].sentence {
		to = l.cl[k+1].to
	}
	at, _ := l.first(m.End, min(m.End+18+20*b2i(l.latin), to), "none.done")
	if at < 0 {
		return false
	}
	for _, o := range l.m {
		if o.Start >= m.End && o.End <= at && o.Term.Class == lexicon.Ingredient && !l.listed(m.End, o.Start) {
			return false
		}
	}
	return true
}

// listed reports whether only what joins a list stands in [from, to).
func (l *line) listed(from, to int) bool {
	for i := from; i < to; i++ {
		if !in(l.t.R[i], " 、和跟与,或") {
			for _, o := range l.m {
				if o.Term.Class == lexicon.Ingredient && o.Start <= i && i < o.End {
					return true
				}
			}
			return false
		}
	}
	return true
}

// deniesPresence keeps "没囤灵芝粉" apart from "没有灵芝粉".
func (l *line) deniesPresence(m lexicon.Match) bool {
	c := l.clauseAt(m.Start)
	return l.any(max(c.from, m.Start-10-14*b2i(l.latin)), min(c.to, m.End+8), "没有", "不含", "不加", "没加", "不放", "没放", "不掺", "零", "0", "无", "一点", "一滴", "一粒", "不添加", "未添加", "不带", "冇", "里没", " no ", "no ", "free", "without", "zero", "none", "doesn't have", "don't add", "never add", "not a drop", "not a trace", "not a single", "not one", "nothing") && !l.any(c.from, c.to, "smell", "闻")
}

// outright reports whether the very thing is denied, and not its taste or more
// of it: 没有糖, 糖没放, and not 没有牛肉味, 糖没那么重.
func (l *line) outright(m lexicon.Match) bool {
	if l.notDone(m) || l.ahead(m.End, "free", "-free", "零添加", "0添加", "无添加", "都没", "也没", "没放", "没加", "一点没", "一点都", "一滴", "一粒", "不放", "不加", "半点") || l.ahead(m.End, "没有") && l.endsIn(m.End+2) {
		return !l.ahead(m.End, "没有那么", "没那么", "没有这么", "都没有那", "都没那")
	}
	if l.ahead(m.End, "的") && l.any(m.End, min(m.End+5, len(l.t.R)), "味", "腥", "膻", "腻", "感", "涩", "苦", "油腻") || l.ahead(m.End, "没有") || l.ahead(m.End, "味", "感", "香", "那么", "那种", "这么", "比", "的味", "的腻", "的香", "的感", "高", "低", "重", "多", "流失", "超标", " taste", " flavor", " flavour", " smell") {
		return false
	}
	return l.behind(m.Start, "不含", "不含有", "没有", "没加", "没加过", "不加", "不放", "没放", "不添加", "没添加", "未添加", "零", "0", "无", "不掺", "没掺", "不带", "不用", "没用", "一点", "一滴", "一粒", "一勺", "一克", "一把", "丁点", "任何", "半点", "什么", "冇", "不是", "不", "没", "和", "跟", "、", "与", "或", "非", "no ", "zero ", "without ", "without any ", "any ", "free of ", "free from ", "of ", "not ", "or ", "and ", "added ", "add ")
}
