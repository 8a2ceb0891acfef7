package claims

// A place above all others is claimed without a superlative too: nothing beats
// it, it sits at the top of its kind, it is the only one in the world, or the
// next one is out of sight. The words for it are parts of patterns
// (lexicon/peak.tsv), since each alone says other things as well.

// peaks reports the first such claim of a line.
func (l *line) peaks() {
	for _, m := range l.marks {
		if m.Category == CategoryAbsolute || m.Rule == "credential.rank" || m.Rule == "price.lowest" {
			return
		}
	}
	for _, form := range []func() (int, int, bool){l.unbeaten, l.onTop, l.onlyOne, l.outOfSight} {
		from, to, ok := form()
		if !ok || l.exempt("absolute.term", from, to) || l.stanceOf(from, from+1) != asserted {
			continue
		}
		l.wrong(CategoryAbsolute, VerdictBanned, from, to, "absolute.term", Finding{})
		return
	}
}

// unbeaten: 没有哪家能跟它比, 谁家卖得过我们, nobody makes a cream this good.
func (l *line) unbeaten() (int, int, bool) {
	for _, m := range l.frames {
		if m.Term.Name != "peak.none" {
			continue
		}
		k := l.clauseIndex(m.Start)
		if k < 0 {
			continue
		}
		to := l.cl[k].to
		if k+1 < len(l.cl) && l.cl[k+1].sentence == l.cl[k].sentence && to-m.End < 8 {
			to = l.cl[k+1].to
		}
		at, n := l.first(m.End, min(m.End+16+44*b2i(l.latin), to), "peak.beat")
		if at < 0 || l.aboutOthers(m.Start, at+n) {
			continue
		}
		if !l.any(m.End, min(at+n+6+30*b2i(l.latin), to), listed("peak.unbeaten.near")...) && !l.any(l.cl[k].from, at, listed("peak.world")...) && !l.kindBefore(k, m.Start) && !l.any(at, at+n, "不", "第一") {
			continue
		}
		return m.Start, at + n, true
	}
	return 0, 0, false
}

// aboutOthers reports whether what cannot be beaten is a person, a price, the
// stock or a taste: 没人比你更懂, 找不到第二件了.
func (l *line) aboutOthers(from, to int) bool {
	return l.any(from, min(to+6, len(l.t.R)), listed("peak.about_others.near")...)
}

// kindBefore reports whether the clause, or the one before it, names a kind
// that the goods are held against: 氨基酸洗面奶里头.
func (l *line) kindBefore(k, i int) bool {
	from := l.cl[k].from
	if k > 0 && l.cl[k-1].sentence == l.cl[k].sentence {
		from = l.cl[k-1].from
	}
	return l.any(from, i, listed("peak.kind")...) && l.aboutGoods(from, i)
}

// aboutGoods reports whether words in [from, to) name the goods or their kind.
func (l *line) aboutGoods(from, to int) bool {
	return l.goodsNoun(from, to) || l.any(from, to, listed("peak.about_goods.near")...)
}

// onTop: 炒锅里头的爱马仕, 全国老人钙片里的龙头, 到它这儿就到头了.
func (l *line) onTop() (int, int, bool) {
	for _, m := range l.frames {
		if m.Term.Name != "peak.top" {
			continue
		}
		k := l.clauseIndex(m.Start)
		if k < 0 {
			continue
		}
		c := &l.cl[k]
		if l.ahead(m.End, listed("peak.on_top.after")...) || l.behind(m.Start, listed("peak.on_top.before")...) {
			continue
		}
		from := c.from
		if k > 0 && l.cl[k-1].sentence == c.sentence {
			from = l.cl[k-1].from
		}
		if !l.any(from, m.Start, listed("peak.kind")...) || !l.aboutGoods(from, min(m.End+6, c.to)) {
			continue
		}
		return m.Start, m.End, true
	}
	return 0, 0, false
}

// onlyOne: 天底下就这么一家.
func (l *line) onlyOne() (int, int, bool) {
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "peak.only")
		if at < 0 {
			continue
		}
		from := c.from
		if k > 0 && l.cl[k-1].sentence == c.sentence {
			from = l.cl[k-1].from
		}
		if !l.any(from, c.to, listed("peak.world")...) || l.any(from, c.to, listed("peak.only_one.near")...) {
			continue
		}
		return at, at + n, true
	}
	return 0, 0, false
}

// outOfSight: 它后头那个连影子都看不着, 别的都是玩具.
func (l *line) outOfSight() (int, int, bool) {
	for k := range l.cl {
		c := &l.cl[k]
		at, n := l.first(c.from, c.to, "peak.lag")
		if at < 0 {
			continue
		}
		lost, m := l.first(at+n, min(at+n+14+20*b2i(l.latin), c.to), "peak.lost")
		if lost < 0 {
			continue
		}
		from := c.from
		if k > 0 && l.cl[k-1].sentence == c.sentence {
			from = l.cl[k-1].from
		}
		if l.any(from, at, listed("peak.kind")...) || l.aboutGoods(from, at) {
			return at, lost + m, true
		}
	}
	return 0, 0, false
}
