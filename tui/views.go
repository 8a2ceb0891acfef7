package tui

import (
	"errors"
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation/query"
)

// The rules of saved views. A view is a filter of a list under a name, kept for the
// person and good in every room. The sheet counts what each finds in the record of
// the present room, one after another; counting ends at most, and where it had to
// stop looking before that it says "at least".

// A SavedView is a filter that a person keeps.
type SavedView struct {
	Name  string `json:"name"`
	Pane  string `json:"pane"` // as paneKeys has it
	Query string `json:"query"`
}

const (
	// viewsKept bounds how many a person keeps.
	viewsKept = 50
	// countMost is how far a view's rows are counted.
	countMost = 999
)

// in is the pane of a view; ok is false for one that no list is of any more.
func (v *SavedView) in() (p pane, ok bool) {
	i := slices.Index(paneKeys[:], v.Pane)
	return pane(i), i >= 0 && asksAbout(pane(i)) != ""
}

// counted is how many rows a view has.
type counted struct {
	known bool
	n     int
	more  bool
	err   error
}

// viewSheet is the dialog of saved views.
type viewSheet struct {
	counts []counted
	at     int
}

func (m *Model) openViews() tea.Cmd {
	s := &viewSheet{counts: make([]counted, len(m.kept.Views))}
	m.dialog = s
	return s.count(m, 0)
}

var errNoList = errors.New("the list of the view is no more")

// viewCounted is what counting a view came to.
type viewCounted struct {
	sheet *viewSheet
	view  int
	counted
}

// count counts the rows of the i-th view and of those behind it.
func (s *viewSheet) count(m *Model, i int) tea.Cmd {
	r := m.here()
	if r == nil || i >= len(s.counts) {
		return nil
	}
	v := m.kept.Views[i]
	done := viewCounted{sheet: s, view: i, counted: counted{known: true}}
	p, ok := v.in()
	if !ok {
		done.err = errNoList
		return func() tea.Msg { return done }
	}
	q, err := query.Parse(asksAbout(p), v.Query)
	if err != nil {
		done.err = err
		return func() tea.Msg { return done }
	}
	f, room, reader, ctx := q.Bind(m.env(r, q.List)), r.info.ID, m.opt.Desk.Reader(), m.ctx
	return func() tea.Msg {
		done.n, done.more, done.err = query.Count(ctx, reader, f, room, countMost)
		return done
	}
}

func (d viewCounted) settle(m *Model) tea.Cmd {
	if m.dialog != d.sheet || d.view >= len(d.sheet.counts) {
		return nil
	}
	d.sheet.counts[d.view] = d.counted
	return d.sheet.count(m, d.view+1)
}

// show is a count as people read it.
func (c *counted) show() string {
	switch {
	case !c.known:
		return "…"
	case c.err != nil:
		return "?"
	case c.more && c.n >= countMost:
		return strconv.Itoa(countMost) + "+"
	case c.more:
		return "≥" + strconv.Itoa(c.n)
	}
	return strconv.Itoa(c.n)
}

func (s *viewSheet) caret() (x, y int, ok bool) { return 0, 0, false }

// Cells of a view's columns.
const tallyCells, listCells, nameCells = 6, 12, 24

func (s *viewSheet) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, m.t.T("views.title", len(m.kept.Views)))}
	if len(m.kept.Views) == 0 {
		rows = append(rows, m.prose(m.t.T("views.none"), w, 2)...)
	}
	n := min(len(m.kept.Views), max(h-3, 1))
	first := max(0, min(s.at-n/2, len(m.kept.Views)-n))
	for i := first; i < first+n; i++ {
		v, base, mark := &m.kept.Views[i], style{}, " "
		if i == s.at {
			base, mark = m.th.pick, "▌"
		}
		name := m.named("pane", v.Pane)
		row := newRow(w, base).own(m.th.focus, mark).own(m.th.strong, right(s.counts[i].show(), tallyCells)).gap(1)
		row.show(m.th.plain, feed.Sanitise(v.Name).Truncate(nameCells-1)).to(tallyCells + 2 + nameCells)
		row.own(m.th.dim, name+" ").to(tallyCells + 2 + nameCells + listCells)
		rows = append(rows, row.show(m.th.dim, feed.Sanitise(v.Query)).done())
	}
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("views.hint")).done())
	return rows[:min(len(rows), h)]
}

func (s *viewSheet) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	views := m.kept.Views
	switch msg.String() {
	case "esc", "ctrl+c", "q", "v":
		return true, nil
	case "up", "k":
		s.at = max(s.at-1, 0)
	case "down", "j", "tab":
		s.at = max(min(s.at+1, len(views)-1), 0)
	case "s":
		return m.askSaveView()
	case "d", "delete":
		if s.at < len(views) {
			m.dialog = m.askForget(views[s.at])
		}
	case "enter":
		if s.at < len(views) {
			m.dialog = nil
			return true, m.applyView(views[s.at])
		}
	}
	return false, nil
}

// applyView narrows the view's list as it says, in the present room.
func (m *Model) applyView(v SavedView) tea.Cmd {
	p, ok := v.in()
	r := m.here()
	if !ok || r == nil {
		m.complain(m.t.T("views.no_list", feed.Sanitise(v.Name).Truncate(nameCells).String()))
		return nil
	}
	m.setFocus(p)
	return m.narrowTo(r, p, v.Query)
}

// askSaveView asks for the name of the filter that the focused list has.
func (m *Model) askSaveView() (bool, tea.Cmd) {
	p, r := m.focused(), m.here()
	if r == nil || asksAbout(p) == "" || r.filters[p] == "" {
		m.complain(m.t.T("views.no_filter"))
		return false, nil
	}
	if len(m.kept.Views) >= viewsKept {
		m.complain(m.t.T("views.full", viewsKept))
		return false, nil
	}
	v := SavedView{Pane: paneKeys[p], Query: r.filters[p]}
	m.dialog = &form{
		title: m.t.T("views.name", m.named("pane", v.Pane), feed.Sanitise(v.Query).Truncate(2*nameCells).String()),
		hint:  m.t.T("views.name_hint"), line: newInput(""), needed: true,
		send: func(m *Model, name string) tea.Cmd {
			v.Name = name
			return tea.Batch(m.saveView(v), m.openViews())
		},
	}
	return true, nil
}

// saveView keeps a view, in place of one of the same name.
func (m *Model) saveView(v SavedView) tea.Cmd {
	views := slices.DeleteFunc(slices.Clone(m.kept.Views), func(old SavedView) bool { return old.Name == v.Name })
	m.kept.Views = append(views, v)
	m.say(m.t.T("views.saved", feed.Sanitise(v.Name).Truncate(nameCells).String()))
	return m.keep()
}

// askForget asks once, and names what goes.
func (m *Model) askForget(v SavedView) *ask {
	a := &ask{title: m.t.T("views.forget", feed.Sanitise(v.Name).Truncate(nameCells).String())}
	a.options = []option{
		{"n", m.t.T("ask.keep"), func(m *Model) tea.Cmd { return m.openViews() }},
		{"y", m.t.T("views.forget_yes"), func(m *Model) tea.Cmd {
			m.kept.Views = slices.DeleteFunc(slices.Clone(m.kept.Views), func(old SavedView) bool { return old == v })
			return tea.Batch(m.keep(), m.openViews())
		}},
	}
	return a
}
