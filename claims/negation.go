package claims

import "liveroom/claims/lexicon"

// negates reports whether a negation in the clause reaches the words.
func (l *line) negates(c *clause, from, to int) bool {
	for _, m := range l.m {
		if m.Start >= c.to {
			break
		}
		if m.Term.Class != lexicon.Negation || m.Start < c.from {
			continue
		}
		if m.Start < from && m.End > from {
			return true // 没拿过 of 拿过
		}
		if m.End <= from {
			if l.reaches(m, from) {
				return true
			}
			continue
		}
		if m.Start >= to && l.negatesBack(m, c, to) {
			return true
		}
	}
	return false
}

// reaches reports whether a negation at m governs what begins at from: near
// enough, and nothing positive in between.
func (l *line) reaches(m lexicon.Match, from int) bool {
	gap := from - m.End
	limit := 9
	if l.latin {
		limit = 60
	}
	if m.End-m.Start == 1 && !l.latin {
		limit = 1
		if m.Term.Name == "没" || m.Term.Name == "别" {
			limit = 4
		}
	}
	if gap > limit {
		return false
	}
	for _, n := range l.m {
		if n.Start >= from {
			break
		}
		if n.Start >= m.End && (n.Term.Class == lexicon.Turn || n.Term.Class == lexicon.Yes) {
			return false
		}
	}
	for i := m.End; i < from; i++ {
		switch l.t.R[i] {
		case '是', '就', '却', '才', '而', '还', '反', '倒':
			return l.t.R[i] == '是' && i == m.End
		case '的':
			if !l.latin && (gap > 3 || m.End-m.Start == 1) {
				return false
			}
		}
	}
	return true
}

// negatesBack reads "香精都没有", "一滴都没加": the negation ends the clause.
func (l *line) negatesBack(m lexicon.Match, c *clause, to int) bool {
	if m.Start-to > 10 || l.latin {
		return false
	}
	tail := c.to - m.End
	if m.End-m.Start == 1 {
		return m.Term.Name == "没" && tail == 0 && m.Start-to <= 6
	}
	for i := to; i < m.Start; i++ {
		if !in(l.t.R[i], "都也一滴点粒个字丝毫的是加全半压根儿奖") {
			return l.onlyLittle(to, m.Start) && l.onlyLittle(m.End, c.to)
		}
	}
	return tail <= 2 || l.ahead(m.End, listed("negation.negates_back.after")...)
}

// onlyLittle reports whether nothing but little words, and other terms of a
// list, stand in [from, to): 美白祛痘[都没有], 美白[这个功能它没有].
func (l *line) onlyLittle(from, to int) bool {
	for i := from; i < to; {
		if in(l.t.R[i], "都也一滴点粒个字丝毫的是加全半压根儿这那些它咱我们 、和跟码号款色档了哈哦啊呢呀嘛喔哟啦过") {
			i++
			continue
		}
		n := 0
		for _, m := range l.all {
			if m.Start == i && m.End <= to && (m.Term.Class == lexicon.Function || m.Term.Class == lexicon.Ingredient || m.Term.Class == lexicon.Material) {
				n = max(n, m.End-m.Start)
			}
		}
		for _, w := range listed("negation.only_little.words") {
			if l.has(i, w) {
				n = max(n, 2)
			}
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}
