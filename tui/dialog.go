package tui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of dialogs. A dialog is a sheet at the foot of the body; what it is
// about stays in view above it. It has all keys while it is open. One that opens by
// itself, when something was read or happened and not by the key just pressed,
// takes no key until the person paused: a key meant for what stood there before
// would answer it. It waits while another is open. What destroys names its target,
// asks once, and is not what enter does first.

// dialog is something that has the keys until it is answered.
type dialog interface {
	// rows draws the sheet: at most h rows of exactly w cells.
	rows(m *Model, w, h int) []string
	// key takes a key; closed tells that the dialog is over.
	key(m *Model, msg tea.KeyMsg) (closed bool, cmd tea.Cmd)
	// caret is where the cursor stands in the rows last drawn.
	caret() (x, y int, ok bool)
}

func (m *Model) dialogKeys(msg tea.KeyMsg) tea.Cmd {
	if m.startled() {
		return nil
	}
	d := m.dialog
	closed, cmd := d.key(m, msg)
	return m.answered(d, closed, cmd)
}

// answered closes a dialog that is over, unless it opened another.
func (m *Model) answered(d dialog, closed bool, cmd tea.Cmd) tea.Cmd {
	if closed && m.dialog == d {
		m.dialog = nil
	}
	if m.dialog == nil && m.later != nil {
		m.dialog, m.later = m.later, nil
		m.surprised(nil)
	}
	return cmd
}

func (m *Model) placeCaret(d dialog, top int) {
	if x, y, ok := d.caret(); ok {
		m.setCaret(x, top+y)
	}
}

func (m *Model) sheetTitle(w int, s string) string {
	row := newRow(w, style{}).own(m.th.focus, "━ ").own(m.th.strong, s).gap(1)
	if row.left() > 0 && !row.full {
		row.own(m.th.focus, strings.Repeat("━", row.left()))
	}
	return row.done()
}

// An option of an ask.
type option struct {
	key  string
	text string
	do   func(*Model) tea.Cmd
}

// ask lets a person choose one of a few options, each by its key.
type ask struct {
	title   string
	lines   []string
	options []option
	at      int
	first   int  // the row of the first option, as drawn
	leaving bool // it asks whether to quit: ctrl+c a second time means it
}

func (a *ask) caret() (x, y int, ok bool) { return 0, 0, false }

func (a *ask) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, a.title)}
	for _, s := range a.lines {
		for _, line := range feed.Sanitise(s).Wrap(max(w-2, 8)) {
			rows = append(rows, newRow(w, style{}).gap(1).show(m.th.plain, line).done())
		}
	}
	a.first = len(rows)
	for i, o := range a.options {
		base, mark := style{}, " "
		if i == a.at {
			base, mark = m.th.pick, "▌"
		}
		rows = append(rows, newRow(w, base).own(m.th.focus, mark).own(m.th.key, o.key).gap(2).own(m.th.plain, o.text).done())
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("ask.hint")).done())
	return rows[:min(len(rows), h)]
}

func (a *ask) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	if msg.Type == tea.KeyCtrlC && a.leaving {
		m.quitting = true
		return true, tea.Quit
	}
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		return true, nil
	case tea.KeyUp, tea.KeyShiftTab:
		a.at = (a.at + len(a.options) - 1) % len(a.options)
		return false, nil
	case tea.KeyDown, tea.KeyTab:
		a.at = (a.at + 1) % len(a.options)
		return false, nil
	case tea.KeyEnter:
		m.dialog = nil
		return true, a.options[a.at].do(m)
	case tea.KeyRunes:
		if msg.Paste || len(msg.Runes) == 0 {
			return false, nil
		}
		key := string(halfWidth(msg.Runes[0]))
		for _, o := range a.options {
			if o.key == key {
				m.dialog = nil
				return true, o.do(m)
			}
		}
	}
	return false, nil
}

// form takes a text.
type form struct {
	title  string
	note   string // what must be known before anything is typed; "" : nothing
	hint   string
	line   input
	send   func(*Model, string) tea.Cmd
	leave  func(*Model, string) // called with what was typed when it is put aside
	x, y   int
	needed bool // empty text is not sent
}

// formRows bounds how many rows a long text takes.
const formRows = 5

func (f *form) caret() (x, y int, ok bool) { return f.x, f.y, true }

func (f *form) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, f.title)}
	for _, part := range feed.Sanitise(f.note).Wrap(max(w-2, 8)) {
		if !part.Empty() {
			rows = append(rows, newRow(w, style{}).gap(1).show(m.th.need, part).done())
		}
	}
	lines, x, y := f.line.wrapped(max(w-4, 8))
	first := max(0, min(y-formRows+1, len(lines)-formRows))
	for k := first; k < len(lines) && k < first+formRows; k++ {
		row := newRow(w, style{}).own(m.th.key, "› ")
		if k != y {
			rows = append(rows, row.show(m.th.plain, lines[k]).done())
			continue
		}
		f.x, f.y = row.used+x, len(rows)
		f.line.put(m.th, row, lines[k], x)
		rows = append(rows, row.done())
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, f.hint).done())
	if len(rows) > h {
		rows = rows[:h]
	}
	return rows
}

func (f *form) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		if f.leave != nil {
			f.leave(m, f.line.value())
		}
		return true, nil
	case tea.KeyEnter:
		s := strings.TrimSpace(f.line.value())
		if s == "" && f.needed {
			m.complain(m.t.T("why.empty_text"))
			return false, nil
		}
		m.dialog = nil
		return true, f.send(m, s)
	}
	f.line.key(msg)
	return false, nil
}

// askCorrect offers the suggestion, or what was typed before, for editing. Where
// nothing leads to the host it says so first, and takes the words that the person
// told them.
func (m *Model) askCorrect() tea.Cmd {
	f := *m.flagHere()
	key := draftKey(moderation.CorrectHost{Flag: f.ID})
	ask := &form{
		title:  m.t.T("form.correct", m.flagName(&f)),
		hint:   m.t.T("form.correct_hint"),
		line:   m.draft(key, f.Finding.Suggest),
		needed: true,
		send: func(m *Model, s string) tea.Cmd {
			return m.act(moderation.CorrectHost{Flag: f.ID, Text: s}, m.flagName(&f))
		},
		leave: func(m *Model, s string) {
			if s != f.Finding.Suggest && strings.TrimSpace(s) != "" {
				m.drafts[key] = s
				m.say(m.t.T("say.draft_kept"))
			}
		},
	}
	if !m.opt.Desk.WayOut(f.Room, "", moderation.CorrectHost{}.Name()) {
		ask.title, ask.note, ask.hint = m.t.T("form.tell", m.flagName(&f)), m.t.T("form.tell_note"), m.t.T("form.tell_hint")
		ask.send = func(m *Model, s string) tea.Cmd {
			return m.act(moderation.TellHost{Flag: f.ID, Text: s}, m.flagName(&f))
		}
	}
	m.dialog = ask
	return nil
}

// move is a change of a case's state.
func (m *Model) moveTo(c moderation.Case, to moderation.CaseState, outcome moderation.Outcome, reason string) tea.Cmd {
	return m.act(moderation.MoveCase{Case: c.ID, To: to, Outcome: outcome, Reason: reason, Version: c.Version}, m.caseName(&c))
}

// askMove offers the states that the case can go to from here.
func (m *Model) askMove() tea.Cmd {
	c := *m.caseHere()
	states := []moderation.CaseState{
		moderation.CaseStateOpen, moderation.CaseStateReview, moderation.CaseStateWaiting, moderation.CaseStateResolved, moderation.CaseStateClosed,
	}
	a := &ask{title: m.t.T("ask.move", m.caseName(&c))}
	for _, s := range states {
		if !moderation.CanMove(c.State, s) {
			continue
		}
		a.options = append(a.options, option{strconv.Itoa(len(a.options) + 1), m.named("state", string(s)), func(m *Model) tea.Cmd {
			reason, outcome := moderation.MoveNeeds(c.State, s)
			switch {
			case outcome:
				m.dialog = m.resolveDialog(c)
				return nil
			case reason:
				m.dialog = m.reasonForm(c, s)
				return nil
			}
			return m.moveTo(c, s, "", "")
		}})
	}
	m.dialog = a
	return nil
}

// reasonForm asks why a case that was over is taken up again, or what one waits
// for.
func (m *Model) reasonForm(c moderation.Case, to moderation.CaseState) *form {
	title := "form.reopen"
	if to == moderation.CaseStateWaiting {
		title = "form.wait"
	}
	return &form{
		title:  m.t.T(title, m.caseName(&c), m.named("state", string(to))),
		hint:   m.t.T("form.reopen_hint"),
		line:   m.draft(draftKey(moderation.MoveCase{Case: c.ID, To: to}), ""),
		needed: true,
		send:   func(m *Model, s string) tea.Cmd { return m.moveTo(c, to, "", s) },
	}
}

func (m *Model) askResolve() tea.Cmd {
	m.dialog = m.resolveDialog(*m.caseHere())
	return nil
}

func (m *Model) resolveDialog(c moderation.Case) *ask {
	a := &ask{title: m.t.T("ask.resolve", m.caseName(&c))}
	for i, o := range []moderation.Outcome{moderation.OutcomeUpheld, moderation.OutcomeUnfounded, moderation.OutcomeCorrected} {
		a.options = append(a.options, option{strconv.Itoa(i + 1), m.named("outcome", string(o)), func(m *Model) tea.Cmd {
			m.dialog = &form{
				title: m.t.T("form.resolve", m.caseName(&c), m.named("outcome", string(o))),
				hint:  m.t.T("form.resolve_hint"),
				line:  m.draft(draftKey(moderation.MoveCase{Case: c.ID, To: moderation.CaseStateResolved}), ""),
				send: func(m *Model, s string) tea.Cmd {
					return m.moveTo(c, moderation.CaseStateResolved, o, s)
				},
			}
			return nil
		}})
	}
	return a
}

func (m *Model) askClose() tea.Cmd {
	c := *m.caseHere()
	m.dialog = &ask{
		title: m.t.T("ask.close", m.caseName(&c)),
		options: []option{
			{"n", m.t.T("ask.keep"), func(*Model) tea.Cmd { return nil }},
			{"y", m.t.T("ask.close_yes", m.caseName(&c)), func(m *Model) tea.Cmd {
				return m.moveTo(c, moderation.CaseStateClosed, c.Outcome, "")
			}},
		},
	}
	return nil
}

func (m *Model) askNote() tea.Cmd {
	c := *m.caseHere()
	m.dialog = &form{
		title:  m.t.T("form.note", m.caseName(&c)),
		hint:   m.t.T("form.note_hint"),
		line:   m.draft(draftKey(moderation.NoteCase{Case: c.ID}), ""),
		needed: true,
		send: func(m *Model, s string) tea.Cmd {
			return m.act(moderation.NoteCase{Case: c.ID, Text: s, Version: c.Version}, m.caseName(&c))
		},
	}
	return nil
}

// quit leaves, and asks first only where something would be lost.
func (m *Model) quit() tea.Cmd {
	losses := m.losses()
	if len(losses) == 0 {
		m.quitting = true
		return tea.Quit
	}
	m.dialog = &ask{
		title:   m.t.T("quit.title"),
		leaving: true,
		lines:   losses,
		options: []option{
			{"n", m.t.T("quit.stay"), func(*Model) tea.Cmd { return nil }},
			{"q", m.t.T("quit.leave"), func(m *Model) tea.Cmd {
				m.quitting = true
				return tea.Quit
			}},
		},
	}
	return nil
}
