package claims

import (
	"unicode/utf8"

	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// What was said just before a line can make a claim of it: a question that it
// says yes to, or a value that it corrects. The two are then read as one line,
// the way a host says both in one breath, and what is found in the words
// before is this line's.

// questionReach is how many of the hosts' lines a question stays open for: a
// yes after more of them answers something else.
const questionReach = 2

// longQuestion is the size, in bytes, beyond which a line is no question that a
// host answers with a word.
const longQuestion = 300

// inContext adds what a line claims by answering or correcting what was said
// before it.
func (l *line) inContext(found []Finding) []Finding {
	i := l.skipFillers()
	if i >= len(l.t.R) {
		return found
	}
	switch s, end := l.answer(i, l.firstStop(i)); s {
	case asserted:
		return l.saysYes(found, i, end)
	case silent:
		return l.corrects(found)
	}
	return found
}

// skipFillers is where the line begins to say something.
func (l *line) skipFillers() int {
	i := 0
	for i < len(l.t.R) && in(l.t.R[i], " ,.!啊哎呃诶欸嗯") {
		if l.t.R[i] == '嗯' && i+1 < len(l.t.R) && !in(l.t.R[i+1], " ,.!嗯") {
			break
		}
		i++
	}
	if i > 0 && i == len(l.t.R) && l.t.R[i-1] == '嗯' {
		return i - 1
	}
	return i
}

// firstStop is the end of the clause that begins at i.
func (l *line) firstStop(i int) int {
	for i < len(l.t.R) && !in(l.t.R[i], ",.!?;~ ") {
		i++
	}
	return i
}

// saysYes takes the open question's claim for the line's. The span is the
// answer: that is what the host said.
func (l *line) saysYes(found []Finding, from, to int) []Finding {
	q, several := l.openQuestion()
	if q.Text == "" {
		return found
	}
	start, end := l.t.Raw(from, to)
	said := string([]rune(l.u.Text)[start:end])
	own := l.alone(q)
	n := utf8.RuneCountInString(q.Text)
	for _, f := range l.together(q.Text + "？" + l.u.Text) {
		if f.Start >= n || saysCategory(found, f.Category) || saysCategory(own, f.Category) {
			continue
		}
		f.Start, f.End, f.Said, f.Answers = start, end, said, q.Text
		f.ListenFirst = f.ListenFirst || several
		f.Why += "（回答的是“" + q.Text + "”）"
		f.WhyEN += " (it answers “" + q.Text + "”)"
		found = append(found, f)
	}
	sortFindings(found)
	return found
}

// corrects reads a correction together with the line that it corrects: 说错了，
// 是四百五 tells of what only the line before names.
func (l *line) corrects(found []Finding) []Finding {
	if !l.opensCorrection() {
		return found
	}
	var prev Utterance
	for i := len(l.before) - 1; i >= 0 && prev.Text == ""; i-- {
		if b := l.before[i]; b.Speaker != SpeakerViewer {
			prev = b
		}
	}
	if prev.Text == "" || !l.sameGoods(prev) {
		return found
	}
	n := utf8.RuneCountInString(prev.Text) + 1
	for _, f := range l.together(prev.Text + "，" + l.u.Text) {
		if f.Start < n || saysCategory(found, f.Category) {
			continue
		}
		f.Start, f.End = f.Start-n, f.End-n
		found = append(found, f)
	}
	found = l.putIn(found, prev.Text)
	sortFindings(found)
	return found
}

// putIn says the line before with the corrected amount in place of its own: of
// 羊毛八成 and 说错了，是九成五 that is 羊毛九成五.
func (l *line) putIn(found []Finding, prev string) []Finding {
	if l.scan(); len(l.q) == 0 {
		return found
	}
	var t fold.Text
	t.Fold(prev)
	said := quantity.Scan(nil, t.R, nil)
	now := l.q[len(l.q)-1]
	for i := len(said) - 1; i >= 0; i-- {
		was := said[i]
		if was.Dim != now.Dim && now.Dim != quantity.Bare {
			continue
		}
		to := was.End
		if now.Dim == quantity.Bare {
			to = was.NumEnd // the unit stays
		}
		from, end := t.Raw(was.Start, to)
		start, stop := l.t.Raw(now.Start, now.End)
		before, amount := []rune(prev), []rune(l.u.Text)[start:stop]
		text := string(before[:from]) + string(amount) + string(before[end:])
		for _, f := range l.together(text) {
			if f.Start >= from+len(amount) || f.End <= from || saysCategory(found, f.Category) {
				continue
			}
			f.Start, f.End, f.Said = start, stop, string(amount)
			found = append(found, f)
		}
		return found
	}
	return found
}

// opensCorrection reports whether the line begins by taking back: 前面说错了.
func (l *line) opensCorrection() bool {
	for _, m := range l.all {
		if m.Term.Class == lexicon.Correction {
			return m.Start <= 6
		}
	}
	return false
}

// together checks the words before and the line as one utterance.
func (l *line) together(text string) []Finding {
	u := l.u
	u.Text = text
	return l.check1(u)
}

// alone is what a host's own question was found to claim already.
func (l *line) alone(q Utterance) []Finding {
	if q.Speaker == SpeakerViewer {
		return nil
	}
	return l.check1(q)
}

func (l *line) check1(u Utterance) []Finding {
	o := l.c.lines.Get().(*line)
	found := o.check(u, nil)
	o.forget()
	l.c.lines.Put(o)
	return found
}

func saysCategory(found []Finding, c Category) bool {
	for i := range found {
		if found[i].Category == c {
			return true
		}
	}
	return false
}

// openQuestion is the last question before the line that nobody answered, and
// whether there are several, so that a person must hear which one was meant.
func (l *line) openQuestion() (q Utterance, several bool) {
	hosts := 0
	for i := len(l.before) - 1; i >= 0 && hosts < questionReach; i-- {
		b := l.before[i]
		switch {
		case !l.sameGoods(b):
			return q, several
		case b.Speaker == SpeakerViewer:
			if !Asks(b.Text) {
				continue
			}
		case l.answers(b.Text):
			return q, several
		case !Asks(b.Text):
			hosts++
			continue
		default:
			hosts = questionReach // what the host asks in his last line is what he answers
		}
		if q.Text != "" {
			return q, true
		}
		q = b
	}
	return q, several
}

// sameGoods reports whether a line before is about the product on air.
func (l *line) sameGoods(b Utterance) bool {
	return b.SKU == l.u.SKU && b.Room == l.u.Room
}

// answers reports whether a line begins with a yes or no.
func (l *line) answers(text string) bool {
	o := l.c.lines.Get().(*line)
	defer l.c.lines.Put(o)
	o.t.Fold(text)
	i := o.skipFillers()
	if i >= len(o.t.R) {
		return false
	}
	s, _ := o.answer(i, o.firstStop(i))
	return s != silent
}

// Asks reports whether a line asks something that can be answered yes: the
// lines of viewers that a checker is to be shown before a host's.
func Asks(text string) bool {
	if len(text) > longQuestion {
		return false
	}
	var t fold.Text
	t.Fold(text)
	last := len(t.R) - 1
	for last >= 0 && in(t.R[last], " .,!~啊呀哈") {
		last--
	}
	if last < 1 {
		return false
	}
	for _, w := range listed("ask.end") {
		if r, n := utf8.DecodeRuneInString(w); n == len(w) && r == t.R[last] {
			return true
		}
	}
	for _, m := range baseWords().Find(nil, t.R) {
		if m.Term.Class == lexicon.Question {
			return true
		}
	}
	return false
}
