package tui

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of bulk. Nothing is done to many before they stand on the screen with
// their number, and who is left out and why. Then each goes through the desk by
// itself; the sheet stays where something was refused, until a person has read it.

// A bulkKind is something that can be done to many rows at once.
type bulkKind struct {
	key  string
	pane pane
	does moderation.Command
	says string // "bulk."+says counts what it does
	text string // what must be said with it, a question's name; "" : nothing
	skip func(m *Model, r *room, id int64) string
	make func(m *Model, r *room, ids []int64, text string) []step
}

var bulkKinds []bulkKind

func init() {
	flags := func(make func(id int64, text string) moderation.Command) func(*Model, *room, []int64, string) []step {
		return func(m *Model, r *room, ids []int64, text string) []step {
			var out []step
			for _, id := range ids {
				out = append(out, oneStep(m.flagName(&r.flags.get(id).v), make(id, text)))
			}
			return out
		}
	}
	cases := func(make func(c *moderation.Case, text string) moderation.Command) func(*Model, *room, []int64, string) []step {
		return func(m *Model, r *room, ids []int64, text string) []step {
			var out []step
			for _, id := range ids {
				c := &r.cases.get(id).v
				out = append(out, oneStep(m.caseName(c), make(c, text)))
			}
			return out
		}
	}
	bulkKinds = []bulkKind{
		{key: "y", pane: paneFlags, does: moderation.ConfirmFlag{}, says: "confirm", skip: skipFlag, make: flags(func(id int64, _ string) moderation.Command {
			return moderation.ConfirmFlag{Flag: id, OpenCase: true}
		})},
		{key: "x", pane: paneFlags, does: moderation.DismissFlag{}, says: "dismiss", skip: skipFlag, make: flags(func(id int64, _ string) moderation.Command {
			return moderation.DismissFlag{Flag: id}
		})},
		{key: "X", pane: paneFlags, does: moderation.DismissFlag{}, says: "dismiss_why", text: "dismiss", skip: skipFlag, make: flags(func(id int64, text string) moderation.Command {
			return moderation.DismissFlag{Flag: id, Reason: text}
		})},
		{key: "z", pane: paneFlags, does: moderation.SnoozeFlag{}, says: "snooze", skip: skipFlag, make: flags(func(id int64, _ string) moderation.Command {
			return moderation.SnoozeFlag{Flag: id}
		})},
		{key: "t", pane: paneCases, does: moderation.TakeCase{}, says: "take", skip: skipTaken, make: cases(func(c *moderation.Case, _ string) moderation.Command {
			return moderation.TakeCase{Case: c.ID, Version: c.Version}
		})},
		{key: "A", pane: paneCases, does: moderation.AssignCase{}, says: "assign", text: "person", skip: skipOver, make: cases(func(c *moderation.Case, text string) moderation.Command {
			return moderation.AssignCase{Case: c.ID, To: text, Version: c.Version}
		})},
		{key: "E", pane: paneCases, does: moderation.EscalateCase{}, says: "escalate", text: "escalate", skip: skipEscalated, make: cases(func(c *moderation.Case, text string) moderation.Command {
			return moderation.EscalateCase{Case: c.ID, Reason: text, Version: c.Version}
		})},
		{key: "w", pane: paneCases, does: moderation.NoteCase{}, says: "note", text: "text", make: cases(func(c *moderation.Case, text string) moderation.Command {
			return moderation.NoteCase{Case: c.ID, Text: text, Version: c.Version}
		})},
		{key: "o", pane: paneComplaints, does: moderation.OpenCase{}, says: "open", skip: skipInCase, make: openForAll},
	}
}

func skipFlag(m *Model, r *room, id int64) string {
	f := &r.flags.get(id).v
	switch {
	case !waiting(f):
		return m.flagState(r, f)
	case m.pending[m.flagName(f)] > 0:
		return m.t.T("why.writing")
	}
	return ""
}

func skipOver(m *Model, r *room, id int64) string {
	c := &r.cases.get(id).v
	switch {
	case over(c.State):
		return m.named("state", string(c.State))
	case m.pending[m.caseName(c)] > 0:
		return m.t.T("why.writing")
	}
	return ""
}

func skipTaken(m *Model, r *room, id int64) string {
	c := &r.cases.get(id).v
	if by := c.Holder(m.opt.Wall()); by != "" && (by == m.opt.Actor.Name || m.opt.Actor.Role != moderation.RoleSupervisor) {
		return "@" + m.by(by)
	}
	if !m.opt.Actor.Role.Takes(c.Kind) {
		return m.t.T("why.role")
	}
	return skipOver(m, r, id)
}

func skipEscalated(m *Model, r *room, id int64) string {
	if c := &r.cases.get(id).v; !c.Escalated.IsZero() {
		return m.t.T("bulk.escalated_already")
	}
	return skipOver(m, r, id)
}

func skipInCase(_ *Model, r *room, id int64) string {
	if c := &r.complaints.get(id).v; c.Case != 0 {
		return caseNumber(c.Case)
	}
	return ""
}

// openForAll is one case for many complaints.
func openForAll(m *Model, r *room, ids []int64, _ string) []step {
	first := &r.complaints.get(ids[0]).v
	open := moderation.OpenCase{
		Room: r.info.ID, Kind: moderation.CaseComplaint, Title: m.hide(first.Text).Truncate(60).String(), SKU: first.SKU, Complaints: ids,
	}
	if p, ok := r.problems[first.Problem]; ok {
		open.Title = m.hide(p.Title).Truncate(60).String()
	}
	for _, id := range ids {
		if order := r.complaints.get(id).v.OrderID; order != "" && !slices.Contains(open.Orders, order) {
			open.Orders = append(open.Orders, order)
		}
	}
	return []step{oneStep(m.t.T("bulk.complaints", len(ids), open.Title), open)}
}

// bulkSheet lists what will be done to many, and what came of it.
type bulkSheet struct {
	title string
	steps []step
	left  []string // who is left out, and why
	top   int
	b     *batch // nil until a person said so
	n     int    // rows that can be scrolled
	clear func()
	in    dialog // the sheet that it is a part of; nil: it stands for itself
}

// openBulk asks what to do with the rows in hand.
func (m *Model) openBulk() tea.Cmd {
	r, p := m.here(), m.focused()
	ids, how := m.inHand(r, p)
	a := &ask{title: m.t.T(how, len(ids))}
	for _, k := range bulkKinds {
		if k.pane != p || !m.opt.Actor.Role.May(k.does.Name()) {
			continue
		}
		fit, left := k.sort(m, r, ids)
		words := m.t.T("bulk."+k.says, len(fit))
		if len(left) > 0 {
			words += " " + m.t.T("bulk.but", len(left))
		}
		a.options = append(a.options, option{k.key, words, func(m *Model) tea.Cmd {
			if len(fit) == 0 {
				m.complain(m.t.T("bulk.none_fits"))
				return nil
			}
			if k.text == "" {
				return k.list(m, r, fit, left, "")
			}
			return m.askText(k.text, m.t.T("bulk."+k.says, len(fit)), func(m *Model, s string) tea.Cmd { return k.list(m, r, fit, left, s) })
		}})
	}
	m.dialog = a
	return nil
}

// sort parts the rows into those that it can be done to and those left out.
func (k *bulkKind) sort(m *Model, r *room, ids []int64) (fit []int64, left []string) {
	for _, id := range ids {
		if k.skip != nil {
			if why := k.skip(m, r, id); why != "" {
				left = append(left, "#"+strconv.FormatInt(id, 10)+" "+why)
				continue
			}
		}
		fit = append(fit, id)
	}
	return fit, left
}

// list shows what will be done.
func (k *bulkKind) list(m *Model, r *room, fit []int64, left []string, text string) tea.Cmd {
	title := m.t.T("bulk."+k.says, len(fit))
	if text != "" {
		title += " · " + feed.Sanitise(text).Truncate(40).String()
	}
	m.dialog = &bulkSheet{title: title, steps: k.make(m, r, fit, text), left: left, clear: func() { r.marks[k.pane] = nil }}
	return nil
}

func (s *bulkSheet) caret() (x, y int, ok bool) { return 0, 0, false }

func (s *bulkSheet) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.String() {
	case "esc", "ctrl+c", "q":
		return true, nil
	case "j", "down":
		s.top++
	case "k", "up":
		s.top--
	case "pgdown", "ctrl+d", " ":
		s.top += max(s.n, 1)
	case "pgup", "ctrl+u":
		s.top -= max(s.n, 1)
	case "enter":
		switch {
		case s.b == nil:
			s.b = &batch{what: s.title, steps: s.steps, then: s.settled}
			return false, m.begin(s.b)
		case s.b.over():
			return true, nil
		}
	}
	return false, nil
}

// settled closes the sheet where all was done, and takes away the marks.
func (s *bulkSheet) settled(m *Model, b *batch) tea.Cmd {
	s.clear()
	if here := m.dialog == s || s.in != nil && m.dialog == s.in; here && len(b.failed) == 0 {
		m.dialog = nil
	}
	cmd := tellBatch(m, b)
	if m.focused() == paneFlags {
		if f := m.flagHere(); f != nil && !waiting(f) {
			return tea.Batch(cmd, m.advance(f.ID))
		}
	}
	return cmd
}

func (s *bulkSheet) rows(m *Model, w, h int) []string {
	var lines []string
	add := func(st style, mark, text string) {
		lines = append(lines, newRow(w, style{}).gap(1).own(st, mark).gap(1).own(st, text).done())
	}
	title, hint := s.title, m.t.T("bulk.hint", len(s.steps))
	if s.b != nil {
		title = m.t.T("bulk.progress", s.title, s.b.at, len(s.steps))
		hint = m.t.T("bulk.running")
		if s.b.over() {
			hint = m.t.T("bulk.over", len(s.b.failed))
		}
		for _, f := range s.b.failed {
			add(m.th.wrong, "✗", f)
		}
	}
	for i, step := range s.steps {
		switch {
		case s.b != nil && s.b.refused[i]:
			continue
		case s.b != nil && i < s.b.at:
			add(m.th.fine, "✓", step.target)
		default:
			add(m.th.plain, "·", step.target)
		}
	}
	if len(s.left) > 0 {
		add(m.th.strong, "", m.t.T("bulk.left", len(s.left)))
		for _, l := range s.left {
			add(m.th.dim, "–", l)
		}
	}
	s.n = max(min(h-2, max(m.h/2, 8)), 1)
	s.top = max(0, min(s.top, len(lines)-s.n))
	lines = lines[s.top:min(s.top+s.n, len(lines))]
	rows := append([]string{m.sheetTitle(w, title)}, lines...)
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.key, hint).done())
	return rows[:min(len(rows), h)]
}
