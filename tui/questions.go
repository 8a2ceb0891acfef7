package tui

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of questions. What viewers want to know surfaces when nobody answered
// for longer than it may wait: the status line counts it and says since when, and a
// key lists it. Choosing one moves the panes to when it was asked, and asks what the
// answer was.

// questionCap bounds the questions that a room keeps for the screen: as many as the
// desk still matches answers with. The oldest are let go; liveroom questions lists all.
const questionCap = 200

// setQuestion takes a question in, or lets it go once it was answered. They stand
// in the order in which they were asked.
func (r *room) setQuestion(q moderation.Question) {
	i, known := slices.BinarySearchFunc(r.questions, q, func(a, b moderation.Question) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	switch answered := !q.AnsweredAt.IsZero(); {
	case known && answered:
		r.questions = slices.Delete(r.questions, i, i+1)
	case known:
		r.questions[i] = q
	case !answered:
		r.questions = slices.Insert(r.questions, i, q)
	}
	if extra := len(r.questions) - questionCap; extra > 0 {
		r.questions = slices.Delete(r.questions, 0, extra)
	}
}

// late are the questions of the present broadcast that wait too long, the oldest
// first; they are not to be changed.
func (m *Model) late(r *room) []moderation.Question {
	latest := r.now(m.opt.Clock()).Add(-m.opt.AnswerWithin)
	asked := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(r.questions, t, func(q moderation.Question, t time.Time) int { return q.At.Compare(t) })
		return i
	}
	from, to := asked(r.info.StartedAt), asked(latest.Add(1))
	return r.questions[from:max(from, to)]
}

// lateWords is the status line's part on them; nothing while none waits.
func (m *Model) lateWords(r *room) words {
	late := m.late(r)
	if len(late) == 0 {
		return nil
	}
	waited := r.now(m.opt.Clock()).Sub(late[0].At).Truncate(time.Minute)
	return words{{m.th.dim, m.t.T("status.questions") + " "}, {m.th.need, m.t.T("asked.waiting", len(late), m.span(waited))}}
}

func noQuestion(m *Model) string {
	if r := m.here(); r == nil || len(m.late(r)) == 0 {
		return "why.no_question"
	}
	return ""
}

// openQuestions lists the questions that wait too long.
func (m *Model) openQuestions() tea.Cmd {
	r := m.here()
	x := &index{}
	for _, q := range m.late(r) {
		name := feed.Sanitise(q.Text)
		if q.Times > 1 {
			name = feed.Sanitise(q.Text + " ×" + strconv.FormatInt(q.Times, 10))
		}
		x.add(paletteEntry{name: name, note: m.since(r, q.At), do: func(m *Model) tea.Cmd { return m.askAnswered(r, q) }}, q.Text)
	}
	m.dialog = newPick(m.t.T("asked.title"), x)
	return nil
}

// askAnswered goes to when a question was asked and asks how it was answered.
func (m *Model) askAnswered(r *room, q moderation.Question) tea.Cmd {
	target := feed.Sanitise(q.Text).Truncate(30).String()
	m.dialog = &form{
		title: m.t.T("asked.answered", target),
		hint:  m.t.T("asked.hint"),
		send: func(m *Model, s string) tea.Cmd {
			return m.act(moderation.AnswerQuestion{Question: q.ID, Text: s}, target)
		},
	}
	return m.goTo(r, q.At, paneFlags)
}
