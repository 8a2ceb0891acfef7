package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/reply"
)

// The rules of answers. The desk fills the templates that fit a complaint; a person
// reads what goes out before it does. Where the record does not know something it
// stays in braces, is named, and nothing is sent until a person filled it in. What
// a template does beside answering is done behind it, as one thing to take back.

// answerSheet offers the answers to a complaint, or to all of its case.
type answerSheet struct {
	c      moderation.Case
	x      moderation.Complaint
	drafts []moderation.Draft // nil while they are being read
	kept   string             // what was typed before and not sent
	at     int
	first  int        // the row of the first option, as drawn
	all    bool       // the same answer to every complaint of the case that has none
	hands  bool       // nothing leads to the buyer
	list   *bulkSheet // who gets the answer to all; nil: not asked for yet
}

// draftsRead is what the desk filled in.
type draftsRead struct {
	sheet  *answerSheet
	drafts []moderation.Draft
	err    error
}

func (m *Model) replies() *reply.Set {
	if m.opt.Replies != nil {
		return m.opt.Replies
	}
	return reply.Shipped()
}

func noAnswer(m *Model) string {
	r := m.here()
	if r == nil {
		return "why.no_case"
	}
	x := r.complaintInHand()
	switch {
	case x == nil && m.caseHere() == nil:
		return "why.no_case"
	case x == nil:
		return "why.no_complaint"
	case x.Case == 0:
		return "why.case_first"
	}
	c := r.cases.get(x.Case)
	switch {
	case c == nil:
		return "why.no_case"
	case over(c.v.State):
		return "why.closed"
	case m.pending[m.caseName(&c.v)] > 0:
		return "why.writing"
	}
	return ""
}

// openAnswer offers the answers to the complaint in hand.
func (m *Model) openAnswer() tea.Cmd {
	r := m.here()
	x := *r.complaintInHand()
	s := &answerSheet{c: r.cases.get(x.Case).v, x: x, hands: !m.opt.Desk.WayOut(x.Room, r.sourceOf(x.Event), moderation.EffectReply)}
	s.kept = m.drafts[draftKey(moderation.ReplyBuyer{Case: x.Case, Complaint: x.ID})]
	m.dialog = s
	return m.readDrafts(s)
}

func (m *Model) readDrafts(s *answerSheet) tea.Cmd {
	desk, ctx, set, lang, id := m.opt.Desk, m.ctx, m.replies(), string(m.t.Lang), s.x.ID
	return func() tea.Msg {
		drafts, err := desk.Drafts(ctx, id, set, lang)
		return draftsRead{s, drafts, err}
	}
}

func (d draftsRead) settle(m *Model) tea.Cmd {
	if m.dialog != d.sheet {
		return nil
	}
	if d.err != nil {
		m.dialog = nil
		m.complain(m.t.T("answer.failed", m.refusal(d.err)))
		return nil
	}
	d.sheet.drafts = append([]moderation.Draft{}, d.drafts...)
	return nil
}

// unanswered are the case's complaints without an answer that the room knows.
func (s *answerSheet) unanswered(r *room) []int64 {
	var out []int64
	for _, id := range s.c.Complaints {
		answered := slices.ContainsFunc(s.c.Replies, func(a moderation.Reply) bool { return a.Complaint == id })
		if r.complaints.get(id) != nil && !answered {
			out = append(out, id)
		}
	}
	return out
}

func (s *answerSheet) caret() (x, y int, ok bool) { return 0, 0, false }

// options are the kept text, if there is one, then the drafts by their numbers,
// then other words.
func (s *answerSheet) options() []string {
	var keys []string
	if s.kept != "" && !s.all {
		keys = append(keys, "d")
	}
	for i := range s.drafts[:min(len(s.drafts), 9)] {
		keys = append(keys, strconv.Itoa(i+1))
	}
	return append(keys, "w")
}

func (s *answerSheet) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	if s.list != nil {
		return s.list.key(m, msg)
	}
	keys := s.options()
	switch msg.String() {
	case "esc", "ctrl+c":
		return true, nil
	case "up", "k":
		s.at = (s.at + len(keys) - 1) % len(keys)
	case "down", "j":
		s.at = (s.at + 1) % len(keys)
	case "tab":
		s.all = !s.all && len(s.unanswered(m.here())) > 1
		s.at = 0
	case "enter":
		return false, s.choose(m, keys[min(s.at, len(keys)-1)])
	default:
		if msg.Type == tea.KeyRunes && len(msg.Runes) > 0 && !msg.Paste {
			if key := string(halfWidth(msg.Runes[0])); slices.Contains(keys, key) {
				return false, s.choose(m, key)
			}
		}
	}
	return false, nil
}

// choose opens the answer for reading, or fills it in for all.
func (s *answerSheet) choose(m *Model, key string) tea.Cmd {
	if s.drafts == nil {
		return nil // not read yet
	}
	f := &answerForm{sheet: s}
	switch key {
	case "d":
		f.line = newInput(s.kept)
	case "w":
		f.line = newInput("")
	default:
		d := s.drafts[number(key)-1]
		f.template, f.line = d.Template, newInput(d.Text)
	}
	if s.all {
		return m.fillAll(s, f.template)
	}
	m.dialog = f
	return nil
}

func (s *answerSheet) rows(m *Model, w, h int) []string {
	if s.list != nil {
		return s.list.rows(m, w, h)
	}
	r := m.here()
	title := m.t.T("answer.title", strconv.FormatInt(s.x.ID, 10), m.caseName(&s.c))
	n := len(s.unanswered(r))
	if s.all {
		title = m.t.T("answer.title_all", n, m.caseName(&s.c))
	}
	d := &doc{m: m, w: w}
	if !s.all {
		d.line("⚑", m.th.need, r.clock(s.x.At)+" ", m.th.plain, m.wordsOf(s.x.Text, s.x.Case))
	}
	rows := append([]string{m.sheetTitle(w, title)}, d.rows...)
	if s.drafts == nil {
		return append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("answer.reading")).done())
	}
	s.first = len(rows)
	for i, key := range s.options() {
		rows = append(rows, s.option(m, key, i == s.at, w))
	}
	hint := m.t.T("answer.hint")
	if n > 1 {
		hint = m.t.T("answer.hint_all", hint, n)
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, hint).done())
	return rows[:min(len(rows), h)]
}

func (s *answerSheet) option(m *Model, key string, at bool, w int) string {
	base, mark := style{}, " "
	if at {
		base, mark = m.th.pick, "▌"
	}
	row := newRow(w, base).own(m.th.focus, mark).own(m.th.key, key).gap(2)
	switch key {
	case "d":
		return row.own(m.th.strong, m.t.T("answer.kept")).gap(2).show(m.th.dim, feed.Sanitise(s.kept)).done()
	case "w":
		return row.own(m.th.strong, m.t.T("ask.own_words")).done()
	}
	d := &s.drafts[number(key)-1]
	row.own(m.th.strong, d.Template.Title.In(string(m.t.Lang))).gap(1)
	if then := m.thenWords(&d.Template); then != "" {
		row.own(m.th.focus, then).gap(1)
	}
	if len(d.Missing) > 0 && !s.all {
		row.own(m.th.need, m.t.T("answer.missing", "{"+strings.Join(d.Missing, "} {")+"}")).gap(1)
	}
	return row.gap(1).show(m.th.dim, feed.Sanitise(d.Text)).done()
}

// thenWords says what a template does beside answering.
func (m *Model) thenWords(t *reply.Template) string {
	lang := string(m.t.Lang)
	var out []string
	if t.Then.State != "" {
		out = append(out, "→ "+m.named("state", t.Then.State))
	}
	if t.Then.Note.In(lang) != "" {
		out = append(out, "✎")
	}
	if t.Then.Assign != "" {
		out = append(out, "@"+feed.Sanitise(t.Then.Assign).Truncate(16).String())
	}
	if t.Then.Escalate.In(lang) != "" {
		out = append(out, "↑")
	}
	return strings.Join(out, " ")
}

// answerForm is an answer being read and written.
type answerForm struct {
	form
	sheet    *answerSheet
	template reply.Template
}

func (f *answerForm) rows(m *Model, w, h int) []string {
	f.title = m.t.T("answer.title", strconv.FormatInt(f.sheet.x.ID, 10), m.caseName(&f.sheet.c))
	if then := m.thenWords(&f.template); then != "" {
		f.title += " · " + then
	}
	f.note, f.hint = "", m.t.T("answer.send")
	if f.sheet.hands {
		f.note, f.hint = m.t.T("answer.by_hand"), m.t.T("answer.sent")
	}
	if missing := reply.Unfilled(f.line.value()); len(missing) > 0 {
		f.note = m.t.T("answer.unfilled", "{"+strings.Join(missing, "} {")+"}")
	}
	return f.form.rows(m, w, h)
}

func (f *answerForm) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	key := draftKey(moderation.ReplyBuyer{Case: f.sheet.c.ID, Complaint: f.sheet.x.ID})
	text := strings.TrimSpace(f.line.value())
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		if text != "" && !slices.ContainsFunc(f.sheet.drafts, func(d moderation.Draft) bool { return d.Text == text }) {
			m.drafts[key] = text
			m.say(m.t.T("answer.draft_kept"))
		}
		return true, nil
	case tea.KeyEnter:
		missing := reply.Unfilled(text)
		switch {
		case text == "":
			m.complain(m.t.T("why.empty_text"))
		case len(missing) > 0:
			m.complain(m.t.T("answer.unfilled", "{"+strings.Join(missing, "} {")+"}"))
		default:
			delete(m.drafts, key)
			m.dialog = nil
			return true, m.sendAnswer(f.sheet, f.template, text)
		}
		return false, nil
	}
	if m.notice.wrong {
		m.notice = notice{} // what was missing may be there now; the sheet says what is not
	}
	f.line.key(msg)
	return false, nil
}

// sendAnswer answers, and does what the template does beside it.
func (m *Model) sendAnswer(s *answerSheet, t reply.Template, text string) tea.Cmd {
	answer := moderation.ReplyBuyer{Case: s.c.ID, Complaint: s.x.ID, Template: t.ID, Text: text, ByHand: s.hands, Version: s.c.Version}
	name := m.caseName(&s.c)
	steps := append([]step{oneStep(name, answer)}, m.thenSteps(name, t)...)
	if len(steps) == 1 {
		return m.act(answer, name)
	}
	return m.begin(&batch{what: m.t.T("answer.done_then", m.repliedTo(answer), m.thenWords(&t)), chain: true, steps: steps, then: tellBatch})
}

// repliedTo says that a complaint was answered, and how.
func (m *Model) repliedTo(c moderation.ReplyBuyer) string {
	if c.ByHand {
		return m.t.T("say.answered_by_hand", strconv.FormatInt(c.Complaint, 10))
	}
	return m.t.T("say.answered", strconv.FormatInt(c.Complaint, 10))
}

// thenSteps are what a template does to the case of the step before.
func (m *Model) thenSteps(name string, t reply.Template) []step {
	lang := string(m.t.Lang)
	var out []step
	add := func(make func(c *moderation.Case) moderation.Command) {
		out = append(out, step{name, func(before moderation.Result) moderation.Command { return make(before.Case) }})
	}
	if note := t.Then.Note.In(lang); note != "" {
		add(func(c *moderation.Case) moderation.Command {
			return moderation.NoteCase{Case: c.ID, Text: note, Version: c.Version}
		})
	}
	if t.Then.State != "" {
		add(func(c *moderation.Case) moderation.Command {
			return moderation.MoveCase{Case: c.ID, To: moderation.CaseState(t.Then.State), Reason: t.Then.Why.In(lang), Version: c.Version}
		})
	}
	if t.Then.Assign != "" {
		add(func(c *moderation.Case) moderation.Command {
			return moderation.AssignCase{Case: c.ID, To: t.Then.Assign, Version: c.Version}
		})
	}
	if why := t.Then.Escalate.In(lang); why != "" {
		add(func(c *moderation.Case) moderation.Command {
			return moderation.EscalateCase{Case: c.ID, Reason: why, Version: c.Version}
		})
	}
	return out
}

// allFilled is a template filled in for every complaint of a case.
type allFilled struct {
	sheet    *answerSheet
	template reply.Template
	ids      []int64
	texts    []string
	missing  [][]string
	err      error
}

// fillAll fills a template in for each complaint that has no answer.
func (m *Model) fillAll(s *answerSheet, t reply.Template) tea.Cmd {
	if t.ID == "" {
		m.complain(m.t.T("answer.all_own"))
		return nil
	}
	desk, ctx, set, lang, ids, otherType := m.opt.Desk, m.ctx, m.replies(), string(m.t.Lang), s.unanswered(m.here()), m.t.T("answer.other_type")
	return func() tea.Msg {
		out := allFilled{sheet: s, template: t, ids: ids}
		for _, id := range ids {
			drafts, err := desk.Drafts(ctx, id, set, lang)
			if err != nil {
				out.err = err
				return out
			}
			text, missing := t.Text.In(lang), []string{otherType}
			for _, d := range drafts {
				if d.Template.ID == t.ID {
					text, missing = d.Text, d.Missing
				}
			}
			out.texts, out.missing = append(out.texts, text), append(out.missing, missing)
		}
		return out
	}
}

// settle lists who will be answered, and who is left out because something is not
// known.
func (a allFilled) settle(m *Model) tea.Cmd {
	s := a.sheet
	if m.dialog != s {
		return nil
	}
	if a.err != nil {
		m.complain(m.t.T("answer.failed", m.refusal(a.err)))
		return nil
	}
	list := &bulkSheet{clear: func() {}}
	version := func(before moderation.Result) int64 {
		if before.Case != nil {
			return before.Case.Version
		}
		return s.c.Version
	}
	for i, id := range a.ids {
		name := "#" + strconv.FormatInt(id, 10)
		if len(a.missing[i]) > 0 {
			list.left = append(list.left, name+" "+m.t.T("answer.missing", strings.Join(a.missing[i], ", ")))
			continue
		}
		list.steps = append(list.steps, step{name + " " + a.texts[i], func(before moderation.Result) moderation.Command {
			return moderation.ReplyBuyer{Case: s.c.ID, Complaint: id, Template: a.template.ID, Text: a.texts[i], ByHand: s.hands, Version: version(before)}
		}})
	}
	if len(list.steps) == 0 {
		m.complain(m.t.T("answer.none_filled"))
		return nil
	}
	list.title = m.t.T("answer.title_all", len(list.steps), m.caseName(&s.c))
	list.in, s.list = s, list
	return nil
}
