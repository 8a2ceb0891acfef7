package claims

// Scorn and dread are put together as a deal led away is: whom it is thrown at,
// what for, and how hard; whose goods, what they do, to whom, and that nobody
// dares to report it. Each part has its weight (lexicon/conduct_parts.tsv).

// enoughScorn is reached by hard words at somebody, or by softer ones at
// somebody for his face or purse.
const enoughScorn = 5

// scorned finds people put down for what they look like or do not buy.
func (l *line) scorned() (int, int, string) {
	at, n := l.scornWord("scorn.strong")
	sum := 3
	if at < 0 {
		at, n = l.scornWord("scorn.mild")
		sum = 2
	}
	if at < 0 {
		return 0, 0, ""
	}
	from, to := l.around(at, 3)
	from, to = max(from, at-asideReach*(1+b2i(l.latin))), min(to, at+n+asideReach*(1+b2i(l.latin)))
	if l.holds(from, to, "scorn.kind") {
		return 0, 0, ""
	}
	if l.holds(from, to, "scorn.at") || l.namedByDeed(from, at) {
		sum += 2
	} else if l.any(from, to, "你", " you") {
		sum++
	}
	if l.holds(from, to, "scorn.for") {
		sum++
	}
	if l.holds(at+n, to, "scorn.mild") {
		sum++
	}
	if sum < enoughScorn {
		return 0, 0, ""
	}
	return at, at + n, "conduct.abuse"
}

// namedByDeed reports whether people are named by what they do in a clause of
// its own: 给孩子用便宜尿裤的，心真狠.
func (l *line) namedByDeed(from, to int) bool {
	for k := range l.cl {
		if c := &l.cl[k]; c.from >= from && c.to <= to && l.t.R[c.to-1] == '的' && l.any(c.from, c.to, listed("scorn.named_by_deed.near")...) {
			return true
		}
	}
	return false
}

// scornWord finds the first word of scorn that the host says himself and does
// not deny.
func (l *line) scornWord(frame string) (at, n int) {
	for _, m := range l.frames {
		if m.Term.Name != frame || l.inName[m.Start] || l.politely(m.Start) || l.stanceOf(m.Start, m.End) != asserted {
			continue
		}
		if l.behind(m.Start, listed("scorn.scorn_word.before")...) {
			continue
		}
		return m.Start, m.End - m.Start
	}
	return -1, 0
}

// enoughDread is a harm with two parts beside it, one of which says whose
// goods do it or that it is hushed up.
const enoughDread = 4

// dreaded finds buyers scared by what others' goods, or going without, are said
// to do.
func (l *line) dreaded() (int, int, string) {
	n := len(l.t.R)
	if l.holds(0, n, "dread.calm") {
		return 0, 0, ""
	}
	for _, m := range l.frames {
		if m.Term.Name != "dread.harm" || l.politely(m.Start) || l.inName[m.Start] {
			continue
		}
		c := l.clauseAt(m.Start)
		if c.supposed >= 0 && m.Start >= c.supposed || c.denied && c.refused.holds(m.Start) || c.question && c.end != '?' && c.open.holds(m.Start) || l.negates(c, m.Start, m.End) {
			continue
		}
		hush := l.holds(0, n, "dread.hush")
		if !hush && !l.holds(0, n, "dread.others") && !l.without() {
			return 0, 0, ""
		}
		sum := 3 + b2i(hush)*2 + b2i(l.holds(m.End, n, "dread.harm"))
		for _, part := range []string{"dread.told", "dread.sure", "dread.you"} {
			sum += b2i(l.holds(0, n, part))
		}
		if sum > enoughDread {
			return m.Start, m.End, "conduct.scare"
		}
	}
	return 0, 0, ""
}

// without finds those who go without: 不量血压的人, 再不补钙, 没有玉护身的.
func (l *line) without() bool {
	for i := 0; i+2 < len(l.t.R); i++ {
		if l.t.R[i] != '不' && !l.has(i, "没有") && !l.has(i, "没囤") && !l.has(i, "没买") && !l.has(i, "没请") {
			continue
		}
		if l.behind(i, "再", "你") && in(l.t.R[i+1], "买补用吃喝换戴量囤备装贴抹擦治管") {
			return true
		}
		if !in(l.t.R[i+1], "买补用吃喝换戴量囤备装贴抹擦治学请铺穿养防做有涂") {
			continue
		}
		for j := i + 2; j < min(i+12, len(l.t.R)); j++ {
			if l.t.R[j] == '的' || l.t.R[j] == '就' || l.t.R[j] == '等' {
				return true
			}
		}
	}
	return l.latin && l.any(0, len(l.t.R), listed("scorn.without.near")...)
}
