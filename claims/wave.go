package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// Hosts wave words aside after they were said: 那是小说, 谁敢这么吹, 这话不能听,
// 跟这瓶两码事, 是大夫的事. The ways are many and their parts few, so the parts
// are looked up (lexicon/wave.tsv) and put together here. What was waved aside
// is no claim under any head.

// A waving is a chain of parts by which the words before it are waved aside.
// A part that begins with ? may lack.
type waving struct {
	parts []string
	// boast: the same words boast where the host sets himself apart
	boast bool
}

var wavings = []waving{
	{parts: []string{"wave.no", "wave.thus", "wave.say"}},                    // 没这么讲
	{parts: []string{"wave.no", "wave.say", "wave.that"}},                    // 不说这话
	{parts: []string{"wave.cannot", "wave.believe"}},                         // 不能听
	{parts: []string{"wave.whodares", "wave.thus", "wave.say"}, boast: true}, // 谁敢这么说
	{parts: []string{"wave.whodares", "wave.promise"}, boast: true},          // 谁敢保证
	{parts: []string{"wave.lacks", "?wave.this", "wave.power"}, boast: true}, // 没有这功能
	{parts: []string{"wave.had", "wave.this", "wave.power"}, boast: true},    // 要有这本事
	{parts: []string{"wave.is", "wave.tale"}},                                // 那是小说
	{parts: []string{"wave.who", "wave.say", "wave.who"}},                    // 谁标谁违法
}

// readWaves finds what the line waves aside.
func (l *line) readWaves() {
	l.waves = l.waves[:0]
	for _, m := range l.frames {
		switch m.Term.Name {
		case "wave.alone":
			l.waveBack(m.Start, m.End)
		case "wave.link":
			if at, ok := l.linksGoods(m.Start, m.End); ok {
				l.waveBack(at, m.End)
			}
		case "wave.of":
			if at, ok := l.belongs(m.Start); ok {
				l.waveBack(at, m.End)
			}
		case "wave.mention":
			if !l.any(m.End, min(m.End+10, len(l.t.R)), listed("wave.stand")...) {
				l.waveBack(m.Start, m.End)
			}
		case "wave.thatis":
			if l.tellsElse(m.End) {
				l.waveBack(m.Start, m.End)
			}
		}
	}
	for i, r := range l.t.R {
		switch r {
		case '我', '咱', '本':
			l.declines(i)
			continue
		case '该':
			if to := l.sameOld(i); to > 0 {
				l.waveBack(i, to)
			}
			continue
		case '说', '讲', '吹', '喊':
			l.sayers(i)
			continue
		}
		if !beginsWaving(r) {
			continue
		}
		for _, w := range wavings {
			if to := l.chain(i, w.parts); to > 0 && !(w.boast && l.boasts(i, to)) {
				l.waveBack(i, to)
				break
			}
		}
	}
}

// beginsWaving reports whether a chain of wavings may begin with r: it is asked
// of every character of a line.
func beginsWaving(r rune) bool {
	switch r {
	case '没', '不', '从', '可', '哪', '决', '绝', '冇', '唔', '甭', '勿', '少', '犯', '怎', '莫', '别', '谁', '边', '无', '要', '真', '若', '如', '但', '是', '就', '都', '纯', '属', '那', '这', '算', '系':
		return true
	}
	return false
}

// chain is where a chain of parts that begins at i ends, 0 for none.
func (l *line) chain(i int, parts []string) int {
	for _, p := range parts {
		maybe := p[0] == '?'
		if maybe {
			p = p[1:]
		}
		n := l.wordAt(i, p)
		if n == 0 && !maybe {
			return 0
		}
		i += n
	}
	return i
}

// boasts: 别家谁敢这么说, 谁敢保证？我敢, 没这本事我退钱 are boasts.
func (l *line) boasts(from, to int) bool {
	c := l.clauseAt(from)
	_, end := l.around(from, 2)
	return l.any(c.from, from, listed("wave.boasts.others")...) ||
		l.any(to, min(to+16, end), listed("wave.boasts.dares")...)
}

// waveBack takes the words before a waving for no claim: those of its clause,
// and where it stands at the beginning of that, of the clause before, and on
// back to where the host speaks of his own goods.
func (l *line) waveBack(at, to int) {
	k := l.clauseIndex(at)
	if k < 0 || l.behind(at, listed("wave.wave_back.before")...) {
		return
	}
	from := l.cl[k].from
	if at-from > waveLead*(1+2*b2i(l.latin)) {
		l.waves = append(l.waves, span{from, to})
		return
	}
	l.waveFrom(at, to, from)
}

// waveFrom waves aside what stands before the clause at at, back to the host's
// own goods.
func (l *line) waveFrom(at, to, from int) {
	k := l.clauseIndex(at)
	if k < 0 {
		return
	}
	for j := k - 1; j >= 0 && to-l.cl[j].from <= asideReach*(1+2*b2i(l.latin)); j-- {
		if j < k-1 && (l.cl[j].sentence != l.cl[k].sentence || l.ownFrom(l.cl[j].from, l.cl[j].to) >= 0) {
			break
		}
		from = l.cl[j].from
	}
	l.waves = append(l.waves, span{from, to})
}

// waveLead is how far into its clause a waving may begin that points back at
// the clause before: 这种话你们可[别信].
const waveLead = 6

// waved reports whether the words at i are waved aside.
func (l *line) waved(i int) bool {
	for _, s := range l.waves {
		if s.holds(i) {
			return true
		}
	}
	return false
}

// linksGoods reports whether it is the goods that have nothing to do with what
// was said, and where they are named: 跟这瓶没关系, but not 跟肤质没关系.
func (l *line) linksGoods(at, end int) (int, bool) {
	c := l.clauseAt(at)
	if l.latin {
		return at, l.any(end, min(end+24, c.to), listed("wave.links_goods.english")...) || l.goodsNoun(end, min(end+24, c.to))
	}
	for i := at - 1; i >= c.from && i >= at-12; i-- {
		if !in(l.t.R[i], "跟和与同") {
			continue
		}
		return i, l.any(i, at, listed("wave.links_goods.own")...) || l.goodsNoun(i+1, at) || l.sharesName(i+1, at)
	}
	return at, false
}

// sharesName reports whether a rune in [from, to) is one of the product's name:
// 垫子 of 瑜伽垫.
func (l *line) sharesName(from, to int) bool {
	if l.p == nil || to-from > 3 {
		return false
	}
	for i := from; i < to; i++ {
		if fold.Han(l.t.R[i]) && len(l.p.names) > 0 && contains(l.p.names[0], string(l.t.R[i])) {
			return true
		}
	}
	return false
}

// belongs reports whether what was said is somebody else's to do or to say, and
// where that begins: 是大夫的事, 那是卖锅的话.
func (l *line) belongs(at int) (int, bool) {
	c := l.clauseAt(at)
	for i := at - 1; i >= c.from && i >= at-12; i-- {
		if !in(l.t.R[i], "是归靠系") {
			continue
		}
		if l.any(i, at, listed("wave.belongs.near")...) || !l.any(i, at, listed("wave.owner")...) {
			return at, false
		}
		return i, true
	}
	return at, false
}

// inClinic: a story of what doctors did, with nothing of the goods in it.
func (l *line) inClinic() bool {
	at, n := l.first(0, len(l.t.R), "wave.clinic")
	return at >= 0 && !l.behind(at, listed("wave.in_clinic.before")...) && !l.holds(0, len(l.t.R), "use.it") && !l.any(at+n, len(l.t.R), listed("wave.in_clinic.near")...)
}

// otherCause reports whether behind i the sentence gives a cause that is not the
// goods: 是因为骨折躺了一个月, 全靠早睡.
func (l *line) otherCause(i int) bool {
	_, to := l.around(i, 2)
	for _, by := range listed("wave.cause") {
		at := l.find(i, to, by)
		if at < 0 {
			continue
		}
		end := l.clauseAt(at).to
		return !l.any(at, end, listed("wave.other_cause.near")...) && !l.goodsNoun(at+2, end)
	}
	return false
}

// declines reads that the host will not have, say or do what was spoken of:
// 十年质保我们开不起, 我一条都没回过. Oaths are no refusals: 我不骗你.
func (l *line) declines(i int) {
	n := l.wordAt(i, "wave.self")
	if n == 0 || i > 0 && l.t.R[i-1] == '比' {
		return
	}
	at := i + n
	for k := 0; k < 3; k++ {
		at += l.wordAt(at, "wave.adv")
	}
	no := l.wordAt(at, "wave.not")
	if l.wordAt(at, "wave.oath") > 0 || no == 0 && l.wordAt(at, "wave.beyond") == 0 {
		return
	}
	c := l.clauseAt(i)
	if l.any(c.from, i, listed("wave.declines.near")...) || l.any(i, c.to, "而已") {
		return
	}
	if i-c.from > 2 && !l.ahead(c.from, "这", "那", "你") {
		l.waves = append(l.waves, span{c.from, i})
		return
	}
	l.waveFrom(i, i, c.from)
}

// tellsElse reports whether 那是 goes on to say what else was meant, rather than
// to affirm: 那是孤品, but not 那是必须的.
func (l *line) tellsElse(i int) bool {
	if l.wordAt(i, "wave.affirm") > 0 || l.goodsNoun(i, min(i+6, l.clauseAt(i).to)) {
		return l.ahead(i, "我") && l.othersThing(i)
	}
	for _, m := range l.m {
		if m.Start == i && m.Term.Class == lexicon.Disease {
			return false
		}
	}
	return i < len(l.t.R) && !in(l.t.R[i], " ,.!?;~")
}

// othersThing: 那是我笔记本的: a thing of the host's own, that he does not sell.
func (l *line) othersThing(i int) bool {
	c := l.clauseAt(i)
	return !l.ahead(i, listed("wave.others_thing.after")...) && c.to > i && l.t.R[c.to-1] == '的' && c.to-i < 10
}

// sayers: 说能瘦腿的都是瞎讲 tells of those who say so.
func (l *line) sayers(i int) {
	c := l.clauseAt(i)
	for _, w := range listed("wave.sayer") {
		if at := l.find(i+1, min(i+16, c.to), w); at >= 0 {
			l.waves = append(l.waves, span{i, at})
			return
		}
	}
}

// sameOld reads that nothing came of it: 该失眠还失眠, 该白还是白.
func (l *line) sameOld(i int) int {
	for n := 1; n <= 3; n++ {
		at := i + 1 + n
		for at < len(l.t.R) && in(l.t.R[at], "还照也是样得仍") {
			at++
		}
		if at > i+1+n && at+n <= len(l.t.R) && l.part(i+1, i+1+n) == l.part(at, at+n) {
			return at + n
		}
	}
	return 0
}

// livedOnly reports whether a change of a body is one of the host's own life or
// family, with no use of the goods told: 我瘦了八斤是失恋瘦的.
func (l *line) livedOnly(i int) bool {
	if l.waived {
		return false
	}
	from, to := l.around(i, 3)
	if !l.startsLife(l.clauseAt(i).from) && !l.startsLife(from) {
		return false
	}
	for k := from; k < to; k++ {
		if n := l.wordAt(k, "life.vain"); n > 0 {
			k += n - 1
			continue
		}
		if l.wordAt(k, "life.use") > 0 {
			return false
		}
	}
	return !l.latin || !l.any(from, to, listed("wave.lived_only.near")...)
}

// startsLife: 我大腿围, 我老公, my second boy; not 我敢, 我们.
func (l *line) startsLife(i int) bool {
	if l.latin {
		at, _ := l.first(i, i+14, "aside.kin")
		return at == i || l.ahead(i, listed("wave.starts_life.after")...)
	}
	return i < len(l.t.R) && l.t.R[i] == '我' && l.wordAt(i+1, "life.not") == 0
}

// disclaimed reports whether the sentence takes back what goods may do, or says
// that it is only what people like to think: 也可能没用, 保平安是个念想.
func (l *line) disclaimed(i int) bool {
	from, to := l.around(i, 2)
	return !l.waived && l.holds(from, to, "effect.disclaimed")
}

// whether reports whether the words are within one that is said with its
// contrary, which leaves open what is so: 瘦不瘦看你, 睡得着睡不着看人. 你说白不白 asks for
// a yes.
func (l *line) whether(from, to int) bool {
	r := l.t.R
	for k := max(from-2, 1); k <= to+1 && k+1 < len(r); k++ {
		if !in(r[k], "不没") {
			continue
		}
		a := k - 1
		switch {
		case r[k-1] == r[k+1]:
		case k >= 4 && r[k-1] == r[k-4] && r[k-3] == '得' && r[k+1] == r[k-2]:
			a = k - 4
		default:
			continue
		}
		if a < to && from < k+2 {
			at, _ := l.first(l.clauseAt(a).from, a, "whether.yes")
			return at < 0
		}
	}
	return false
}
