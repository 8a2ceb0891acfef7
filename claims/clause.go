package claims

import (
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
)

// A clause is a stretch of a line between pauses and turns.
type clause struct {
	from, to int
	end      rune // what ended it
	sentence int

	question bool
	quoted   bool
	asked    bool // quoted and asked: open until answered
	open     span // what the question or quotation reaches
	supposed int  // where a supposition begins, -1: none
	// where it ends inside the clause, 0: at its end
	supposedTo int
	denied     bool // the host refuses to say it
	refused    span // what the refusal reaches
	warned     bool
	corrected  bool // holds a correction
	answer     stance
	closed     bool // an answer follows
	rhetorical bool // asks in order to say: 难道它不是棉的吗
	long       int  // a length beyond which it is surely several
	told       int  // where others' words begin, -1: none
}

// A span is a stretch of folded runes.
type span struct{ from, to int }

func (s span) holds(i int) bool { return i >= s.from && i < s.to }

func (s span) join(o span) span {
	if s.to == 0 {
		return o
	}
	return span{min(s.from, o.from), max(s.to, o.to)}
}

// longClause is a length beyond which a clause is surely several: speech
// recognition often writes no pauses at all. Letters write longer.
const (
	longClause  = 26
	longLetters = 90
)

// reach bounds what a cue in a clause governs.
func (c *clause) reach(from, to, before, after int) span {
	if c.to-c.from <= c.long {
		return span{c.from, c.to}
	}
	return span{max(c.from, from-before), min(c.to, to+after)}
}

// cutClauses splits the line at pauses and turns. 、 and slashes join lists
// and part nothing; a space parts where speech recognition writes no commas.
func (l *line) cutClauses() {
	l.cl = l.cl[:0]
	long := longClause + (longLetters-longClause)*b2i(l.latin)
	from, sentence := 0, 0
	cut := func(to int, end rune, next int) {
		if to > from {
			l.cl = append(l.cl, clause{from: from, to: to, end: end, sentence: sentence, supposed: -1, told: -1, long: long})
		}
		from = next
		switch end {
		case '.', '!', '?', ';':
			sentence++
		}
	}
	for i, r := range l.t.R {
		switch r {
		case ',', '!', '?', ';', '~', '(', ')', '"', ':':
			if r == ',' && i > 0 && i+1 < len(l.t.R) && fold.Digit(l.t.R[i-1]) && fold.Digit(l.t.R[i+1]) {
				continue
			}
			cut(i, r, i+1)
		case '.':
			if i > 0 && i+1 < len(l.t.R) && l.t.R[i-1] < 0x80 && l.t.R[i+1] < 0x80 && l.t.R[i+1] != ' ' {
				continue
			}
			cut(i, r, i+1)
		case ' ':
			if i > 0 && i+1 < len(l.t.R) && (fold.Han(l.t.R[i-1]) || fold.Han(l.t.R[i+1])) {
				cut(i, ' ', i+1)
			}
		}
	}
	cut(len(l.t.R), 0, len(l.t.R))
	l.cutTurns()
}

// cutTurns splits clauses before 但是, 而, but.
func (l *line) cutTurns() {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Turn {
			continue
		}
		if m.End-m.Start == 1 && m.Term.Name != "但" && !l.ahead(m.End, "是", "不") {
			continue
		}
		for i := range l.cl {
			c := l.cl[i]
			if m.Start > c.from && m.Start < c.to {
				head, tail := c, c
				head.to, head.end = m.Start, ','
				tail.from = m.Start
				l.cl = append(l.cl, clause{})
				copy(l.cl[i+2:], l.cl[i+1:])
				l.cl[i], l.cl[i+1] = head, tail
				break
			}
		}
	}
}

func (l *line) clauseAt(i int) *clause {
	k := l.clauseIndex(i)
	if k < 0 {
		return &clause{from: 0, to: len(l.t.R), supposed: -1, told: -1, long: longClause}
	}
	return &l.cl[k]
}

func (l *line) clauseIndex(i int) int {
	for k := range l.cl {
		if i >= l.cl[k].from && i < l.cl[k].to {
			return k
		}
	}
	return -1
}

// readCues colours the clauses by the cue words in them.
func (l *line) readCues() {
	for _, m := range l.m {
		k := l.clauseIndex(m.Start)
		if k < 0 {
			continue
		}
		c := &l.cl[k]
		switch m.Term.Class {
		case lexicon.Question:
			if !l.tagged(m, c) && !l.behind(m.Start, listed("clause.read_cues.before")...) {
				c.question = true
				c.open = c.open.join(c.reach(m.Start, m.End, 4, 9))
			}
		case lexicon.Quote:
			l.quote(k, m)
		case lexicon.Hypothetical:
			l.suppose(k, m)
		case lexicon.DenySpeech:
			l.deny(k, m)
		case lexicon.Warning:
			c.warned = c.warned || l.sendsAway(m)
		case lexicon.Correction:
			c.corrected = true
		}
	}
	for k := range l.cl {
		if c := &l.cl[k]; k > 0 && l.cl[k-1].end == '~' && (l.has(c.from, "抱歉") || l.has(c.from, "不好意思") || l.has(c.from, "看我这") || l.has(c.from, "哎哟") || l.has(c.from, "哎呀") || l.has(c.from, "不是") || l.has(c.from, "不对") || l.has(c.from, "哦不")) && c.to-c.from <= 4 {
			c.corrected = true
		}
		l.readQuestion(k)
	}
	l.readReports()
	l.readAnswers()
}

// tagged reports whether a question word is only a tag that asks for assent:
// "…是不是" at the end of a clause that says something.
func (l *line) tagged(m lexicon.Match, c *clause) bool {
	return m.End >= c.to-1 && m.Start-c.from >= 4 && c.end != '?'
}

func (l *line) quote(k int, m lexicon.Match) {
	c := &l.cl[k]
	asked := l.any(m.Start, m.End, "问", "ask")
	c.quoted = true
	c.asked = c.asked || asked
	c.open = c.open.join(c.reach(m.Start, m.End, 2, 14))
	if c.to-m.End <= 2 && k+1 < len(l.cl) && c.end != '.' {
		l.cl[k+1].quoted = true
		l.cl[k+1].asked = asked
		l.cl[k+1].open = span{l.cl[k+1].from, l.cl[k+1].to}
	}
}

// suppose opens a supposition. Where somebody else is supposed to speak, all
// of the sentence is about him.
func (l *line) suppose(k int, m lexicon.Match) {
	c := &l.cl[k]
	if c.supposed < 0 || m.Start < c.supposed {
		c.supposed = m.Start
	}
	if l.latin {
		for _, then := range listed("clause.suppose.words") {
			if at := l.find(m.End, c.to, then); at >= 0 {
				c.supposedTo = at
			}
		}
	}
	if !l.any(m.Start, c.to, listed("clause.suppose.near")...) {
		return
	}
	for j := k + 1; j < len(l.cl) && l.cl[j].sentence == c.sentence; j++ {
		l.cl[j].supposed = l.cl[j].from
	}
}

// deny marks what the host refuses to say: the clause, and the one before when
// this one only points back at it ("这个我不敢讲").
func (l *line) deny(k int, m lexicon.Match) {
	l.cl[k].denied = true
	l.cl[k].refused = l.cl[k].refused.join(l.cl[k].reach(m.Start, m.End, 12, 12))
	if k == 0 {
		return
	}
	c := l.cl[k]
	if m.Start-c.from <= 5 && (l.any(c.from, m.Start, listed("clause.deny.near")...) || m.Start == c.from) && !l.termIn(c.from, m.Start) {
		l.cl[k-1].denied = true
		l.cl[k-1].refused = span{max(l.cl[k-1].from, l.cl[k-1].to-c.long), l.cl[k-1].to}
	}
}

// readQuestion decides whether a clause asks.
func (l *line) readQuestion(k int) {
	c := &l.cl[k]
	last := c.to - 1
	for last > c.from && (l.t.R[last] == ' ' || l.t.R[last] == '啊' || l.t.R[last] == '呀') {
		last--
	}
	if l.t.R[last] == '吗' || l.t.R[last] == '么' && last > c.from && !in(l.t.R[last-1], "什怎那这多") || c.end == '?' {
		c.question = true
		c.open = c.open.join(c.reach(c.to-1, c.to, 18, 0))
	}
	if l.any(c.from, c.to, listed("clause.read_question.tags")...) && !l.any(c.from, c.to, "是不是", "有没有") {
		c.question = false
	}
	if (c.question || l.any(c.from, c.to, "谁说不是", "谁说这不是")) && l.any(c.from, c.to, listed("clause.read_question.rhetorical")...) {
		c.question, c.supposed, c.rhetorical = false, -1, true
		c.answer, c.closed = asserted, true
	}
	if c.question && k+1 < len(l.cl) && l.any(c.from, c.to, "不是") && !l.any(c.from, c.to, "是不是") && l.any(l.cl[k+1].from, l.cl[k+1].to, listed("clause.read_question.stakes")...) {
		// a bet on it
		c.question, c.rhetorical = false, true
		c.answer, c.closed = asserted, true
	}
	if l.t.R[c.from] == '什' && l.has(c.from, "什么") || l.t.R[c.from] == '问' {
		c.quoted = true
		c.open = c.open.join(c.reach(c.from, c.from+2, 0, 16))
	}
	if at, n := l.first(c.from, c.to, "quote.of"); at >= 0 && !l.ahead(at+n, "不", "没") && !l.any(at+n, c.to, listed("clause.read_question.conceded")...) {
		c.quoted = true
		c.open = c.open.join(c.reach(at, at+n, 0, 20))
	}
	if at := l.find(c.from, c.to, "有人"); at >= 0 && l.any(at+2, min(at+12, c.to), listed("clause.read_question.said")...) && !l.any(at+2, min(at+12, c.to), "说好", "都说好", "用了说") {
		c.quoted = true
		c.open = c.open.join(c.reach(at, at+2, 0, 20))
	}
	if c.asked {
		c.question = true
	}
}

func in(r rune, set string) bool {
	for _, s := range set {
		if r == s {
			return true
		}
	}
	return false
}

// readAnswers lets a yes or no close the question before it.
func (l *line) readAnswers() {
	for k := 1; k < len(l.cl); k++ {
		if l.cl[k].question && !l.leadsWithAnswer(k) {
			continue
		}
		s := l.answerAt(k)
		if s == silent {
			continue
		}
		for j := k - 1; j >= 0 && j >= k-2; j-- {
			if (l.cl[j].question || l.cl[j].quoted) && !l.cl[j].closed {
				l.cl[j].answer, l.cl[j].closed = s, true
				break
			}
			if l.cl[j].to-l.cl[j].from > 8 && !l.cl[j].quoted {
				break
			}
		}
	}
}

func (l *line) leadsWithAnswer(k int) bool {
	c := l.cl[k]
	return !l.any(c.from, min(c.from+4, c.to), listed("clause.leads_with_answer.near")...)
}

// answerAt reads the yes or no that a clause begins with.
func (l *line) answerAt(k int) stance {
	c := l.cl[k]
	i := c.from
	for i < c.to && (l.t.R[i] == ' ' || l.t.R[i] == '啊' || l.t.R[i] == '哎' || l.t.R[i] == '呃') {
		i++
	}
	if i >= c.to {
		return silent
	}
	s, _ := l.answer(i, c.to)
	return s
}

// answer reads the yes or no at i in a clause that ends at to, and where it
// ends. It can be asked before a line is looked into.
func (l *line) answer(i, to int) (stance, int) {
	if n := l.wordAt(i, "answer.no"); n > 0 && !(l.t.R[i] == '不' && i+2 < to && l.t.R[i+1] == '是' && l.t.R[i+2] == '我') {
		return negated, i + n
	}
	if n := l.wordAt(i, "answer.yes"); n > 0 {
		if l.wordAt(i+n, "answer.not") > 0 {
			return negated, i + n // 当然不是
		}
		return asserted, i + n
	}
	if n := l.wordAt(i, "answer.short"); n > 0 && (to-i <= 2 || l.t.R[i+1] == '啊' || l.t.R[i+1] == '哈') {
		return asserted, i + n
	}
	return silent, i
}

// wordAt is the length of the longest word of a list that begins at i, 0 for
// none. An English word must end there.
func (l *line) wordAt(i int, list string) int {
	longest := 0
	for _, w := range listed(list) {
		n := 0
		for _, r := range w {
			if i+n >= len(l.t.R) || l.t.R[i+n] != r {
				n = -1
				break
			}
			n++
		}
		if n > 0 && fold.Letter(l.t.R[i+n-1]) && i+n < len(l.t.R) && fold.Letter(l.t.R[i+n]) {
			continue
		}
		longest = max(longest, n)
	}
	return longest
}

func (c *clause) holds(i int) bool { return i >= c.from && i < c.to }
