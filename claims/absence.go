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
	return l.any(max(c.from, m.Start-10-14*b2i(l.latin)), min(c.to, m.End+8), listed("absence.denies_presence.near")...) && !l.any(c.from, c.to, "smell", "闻")
}

// outright reports whether the very thing is denied, and not its taste or more
// of it: 没有糖, 糖没放, and not 没有牛肉味, 糖没那么重.
func (l *line) outright(m lexicon.Match) bool {
	if l.notDone(m) || l.ahead(m.End, listed("absence.outright.free")...) || l.ahead(m.End, "没有") && l.endsIn(m.End+2) {
		return !l.ahead(m.End, listed("absence.outright.not_so")...)
	}
	if l.ahead(m.End, "的") && l.any(m.End, min(m.End+5, len(l.t.R)), listed("absence.outright.near")...) || l.ahead(m.End, "没有") || l.ahead(m.End, listed("absence.outright.likened")...) {
		return false
	}
	return l.behind(m.Start, listed("absence.outright.before")...)
}
