package claims

import (
	"liveroom/claims/lexicon"
)

// Hosts speak of goods that they do not sell: their mother's scarf, what the
// next room shouts, what those should buy who want something else. Such
// stretches are asides: what is said in one is said of other goods, until the
// host turns to his own.

// asideReach bounds an aside that nothing ends: speech recognition writes no
// sentence ends.
const asideReach = 44

// readAsides finds the stretches of the line that are about other goods.
func (l *line) readAsides() {
	l.asides = l.asides[:0]
	for _, m := range l.frames {
		switch m.Term.Name {
		case "aside.seller":
			if !l.behind(m.Start, listed("aside.read_asides.before")...) {
				l.openAside(m.Start, m.End)
			}
		case "aside.kin":
			if to := l.kinsThing(m); to > 0 {
				l.openAside(m.Start, to)
			}
		case "aside.past":
			l.openAside(m.Start, m.End)
		case "aside.that":
			l.pointedAway(m)
		case "aside.topic":
			l.topicElsewhere(m)
		case "aside.not":
			l.notThese(m)
		case "aside.want":
			l.turnsAway(m)
		case "aside.dear":
			if c := l.clauseAt(m.Start); l.ownFrom(c.from, c.to) < 0 && (l.dearer(c) || l.any(m.Start, c.to, listed("aside.read_asides.near")...)) {
				l.asides = append(l.asides, span{c.from, c.to})
			}
		case "aside.link":
			if c := l.clauseAt(m.Start); l.ownFrom(c.from, m.Start) < 0 && !l.any(c.from, m.Start, "这") && !l.mentionsGoods(c) && m.Start > c.from {
				l.openAside(c.from, m.End)
			}
		case "aside.unsold":
			if c := l.clauseAt(m.Start); l.ownFrom(c.from, m.Start) < 0 && !c.question && !l.any(c.from, m.Start, "这") {
				l.asides = append(l.asides, span{c.from, m.Start})
			}
		case "aside.scorn":
			l.scorns(m)
		}
	}
}

// aside reports whether the words at i are said of other goods.
func (l *line) aside(i int) bool {
	if l.waived {
		return false
	}
	for _, s := range l.asides {
		if s.holds(i) {
			return true
		}
	}
	return false
}

// openAside begins an aside at from, up to where the host turns to his own
// goods behind i, or the sentence ends.
func (l *line) openAside(from, i int) {
	_, to := l.around(from, len(l.cl))
	to = min(to, from+asideReach*(1+2*b2i(l.latin)))
	if at := l.ownFrom(i, to); at >= 0 {
		to = at
	}
	l.asides = append(l.asides, span{from, to})
}

// ownFrom is where, in [from, to), the host turns to his own goods, -1 for
// nowhere.
func (l *line) ownFrom(from, to int) int {
	at := -1
	for _, m := range l.m {
		if m.Start >= to {
			break
		}
		if m.Start >= from && m.Term.Class == lexicon.SelfTarget && !l.behind(m.Start, listed("aside.own_from.before")...) && !l.ahead(m.End, "不是") {
			at = m.Start
			break
		}
	}
	if k, _ := l.first(from, to, "aside.own"); k >= 0 && (at < 0 || k < at) {
		at = k
	}
	return at
}

// backAside makes the clauses of the sentence before clause k, and k itself up
// to to, an aside, back to where the host spoke of his own goods.
func (l *line) backAside(k, to int) {
	from := l.cl[k].from
	for j := k - 1; j >= 0 && l.cl[j].sentence == l.cl[k].sentence && to-l.cl[j].from <= asideReach*(1+2*b2i(l.latin)); j-- {
		if l.ownFrom(l.cl[j].from, l.cl[j].to) >= 0 {
			break
		}
		from = l.cl[j].from
	}
	l.asides = append(l.asides, span{from, to})
}

// thingWords count things.
const thingWords = "条件双瓶台支盒罐包袋箱口只套块饼把枚串床副对款张辆部根锅家种本顶"

// kinsThing reads a thing that is somebody's own, and where its name begins:
// 我妈那条, 我家老大用的是, my dad's old. 我妈那个老寒腿 is a trouble and no thing.
func (l *line) kinsThing(m lexicon.Match) int {
	c := l.clauseAt(m.Start)
	for i := m.End; i < min(m.End+14, c.to); i++ {
		switch l.t.R[i] {
		case '那', '嗰':
			j := i + 1
			if j < c.to && in(l.t.R[j], "一两几") {
				j++
			}
			if j < c.to && (in(l.t.R[j], thingWords) || l.t.R[j] == '个' && !l.speaksOfBodies(c)) {
				return j + 1
			}
		case '的':
			if in(l.t.R[i-1], "用穿戴盖睡背吃喝开") && l.ahead(i+1, "是") && i-m.End <= 6 || l.ahead(i+1, listed("aside.kins_thing.after")...) {
				return i + 2
			}
		case '传', '留':
			if l.has(i, "传下来") || l.has(i, "留下来") || l.has(i, "留给") {
				return i + 3
			}
		case '这', '说', '讲':
			return 0
		}
	}
	return 0
}

// speaksOfBodies reports whether a clause names an illness or what becomes of
// a body.
func (l *line) speaksOfBodies(c *clause) bool {
	for _, m := range l.m {
		if m.Start >= c.from && m.End <= c.to && (m.Term.Class == lexicon.Disease || m.Term.Class == lexicon.Function || m.Term.Class == lexicon.Outcome && !m.Term.Is("time")) {
			return true
		}
	}
	return false
}

// pointedAway reads a clause that says of what it names that it is something
// else: 那是别家的数, 七米二是隔壁那根, 那件是去年的老款, 那条鱼是我岳父钓的.
func (l *line) pointedAway(m lexicon.Match) {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return
	}
	c := &l.cl[k]
	near, bare := m.End+6, m.End-m.Start == 1
	if bare {
		near = m.End + 1
		if l.behind(m.Start, listed("aside.pointed_away.before")...) {
			return
		}
	}
	if !l.otherAt(m.End, min(near, c.to), bare) || l.ownFrom(c.from, m.Start) >= 0 {
		return
	}
	l.openAside(c.from, m.End)
	if m.End-m.Start > 1 && m.Start-c.from <= 3 && k > 0 && l.cl[k-1].sentence == c.sentence && l.ownFrom(l.cl[k-1].from, l.cl[k-1].to) < 0 && l.t.R[m.End-1] == '是' && m.End-m.Start == 2 {
		l.asides = append(l.asides, span{l.cl[k-1].from, l.cl[k-1].to})
	}
}

// topicElsewhere reads a clause whose topic is taken up again by 那是 and placed
// elsewhere: 十毫米那是我妈戴的, 三十个那得多小的果. Where 那是 begins a clause behind
// an oh, the clause before was a slip: 质保两年, 哦那是我笔记本的. Praise sets nothing
// apart: 纯棉那是必须的.
func (l *line) topicElsewhere(m lexicon.Match) {
	k := l.clauseIndex(m.Start)
	if k < 0 || l.clauseAt(m.Start).question {
		return
	}
	c := &l.cl[k]
	if at, _ := l.first(m.End, min(m.End+5+10*b2i(l.latin), c.to), "aside.sure"); at >= 0 || m.End >= c.to {
		return
	}
	topic, end := span{c.from, m.Start}, c.to
	if oh := l.t.R[c.from]; m.Start-c.from == 1 && in(oh, "哦噢喔啊哎诶欸") && k > 0 && l.cl[k-1].sentence == c.sentence {
		topic = span{l.cl[k-1].from, l.cl[k-1].to}
	}
	if topic.to-topic.from < 2 || l.latin || l.ownFrom(topic.from, topic.to) >= 0 || l.any(topic.from, topic.to, "这", "俺", "我") {
		return
	}
	l.asides = append(l.asides, span{topic.from, end})
}

// otherAt reports whether words for other goods, or for whose they are, begin
// in [from, to).
func (l *line) otherAt(from, to int, bare bool) bool {
	for _, m := range l.m {
		if m.Start > to {
			break
		}
		if m.Start >= from && m.Term.Class == lexicon.OtherTarget {
			return true
		}
	}
	for _, m := range l.frames {
		if m.Start >= from && m.Start <= to && (m.Term.Name == "aside.kin" || m.Term.Name == "aside.seller" || !bare && m.Term.Name == "aside.when") {
			return true
		}
	}
	return false
}

// notThese reads the end of a stretch that says that all of it was about other
// goods: 不是这条啊, 今天没得卖, not this one.
func (l *line) notThese(m lexicon.Match) {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return
	}
	c := &l.cl[k]
	tail := c.to - m.End
	if tail > 2 && !l.latin || l.behind(m.Start, listed("aside.not_these.before")...) || c.question {
		return
	}
	if l.any(m.Start, m.End, "不在", "not in") {
		l.asides = append(l.asides, span{l.sentenceFrom(k), m.Start})
		return
	}
	l.backAside(k, m.Start)
}

// sentenceFrom is where the sentence of clause k begins.
func (l *line) sentenceFrom(k int) int {
	for k > 0 && l.cl[k-1].sentence == l.cl[k].sentence {
		k--
	}
	return l.cl[k].from
}

// turnsAway reads what those should do who want something else: 想要纯棉的去二号,
// 要八毫米的别拍.
func (l *line) turnsAway(m lexicon.Match) {
	k := l.clauseIndex(m.Start)
	if k < 0 {
		return
	}
	if m.End-m.Start == 1 && m.Start != l.cl[k].from {
		return
	}
	to := l.cl[k].to
	for j := k + 1; j <= k+2 && j < len(l.cl) && l.cl[j].sentence == l.cl[k].sentence; j++ {
		to = l.cl[j].to
	}
	at, n := l.first(m.End, min(to, m.End+24), "aside.away")
	if at < 0 || l.behind(at, listed("aside.turns_away.before")...) || !l.any(m.End, at, "的") && !l.latin {
		return
	}
	l.openAside(m.Start, at+n)
}

// scorns reads that the host laughs at what was said just before, or has never
// seen it.
func (l *line) scorns(m lexicon.Match) {
	k := l.clauseIndex(m.Start)
	if k < 0 || l.cl[k].question && l.cl[k].end == '?' {
		return
	}
	if l.ownFrom(l.cl[k].from, m.Start) >= 0 {
		return
	}
	l.backAside(k, m.Start)
}
