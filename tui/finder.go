package tui

import (
	"context"
	"math"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
)

// The rules of finding. A search is over the whole record, of the room or of all,
// the newest first, and reads on when a person comes to the end of what was found.
// It goes by short steps, so that it can be changed or left at any moment; one that
// must open rows to see what they hold says how far back it has looked, and stops
// now and then to be told to go on. enter goes to where what was found happened.

const (
	// findPage is how many rows are looked for before a person asks for more.
	findPage = 60
	// findSteps is how many steps a search takes before it must be told to go on.
	findSteps = 20
	// findAfter is how long nothing was typed before a search begins: what it finds
	// is to be there a tenth of a second after the last key.
	findAfter = 40 * time.Millisecond
)

// A finder is the dialog that finds things in the record.
type finder struct {
	line  queryLine
	all   bool // in all rooms
	found []foundRow
	at    int
	first int // of found, in the first row drawn
	turn  int // numbers searches: an answer to another is let go
	busy  bool
	more  bool
	next  int64     // where to go on from
	since time.Time // how far back was looked, where that is told
	steps int
	fail  error
	x, y  int
}

// A foundRow is a row that was found.
type foundRow struct {
	room string
	draw func(m *Model, r *room, w int, base style, picked bool) string
	show func(m *Model, r *room) tea.Cmd // goes to it
}

func (m *Model) openFinder() tea.Cmd {
	l := asksAbout(m.focused())
	if l == "" {
		l = moderation.ListEvents
	}
	f := &finder{all: m.here() == nil}
	f.ask(m, l, "")
	if r := m.here(); r != nil && r.filters[m.focused()] != "" {
		f.ask(m, l, r.filters[m.focused()])
	}
	m.dialog = f
	return f.later()
}

func (f *finder) ask(m *Model, l moderation.List, text string) {
	f.line = newQueryLine(l, text, m.kept.Queries[string(l)])
}

// findDue begins the search that was typed, if nothing was typed since.
type findDue struct {
	f    *finder
	turn int
}

// later searches for what is typed once the person pauses.
func (f *finder) later() tea.Cmd {
	f.turn++
	f.busy, f.more, f.fail, f.since = false, false, nil, time.Time{}
	if f.line.wrong != nil {
		return nil // what was found stays, as the filter of a list does
	}
	f.found, f.at, f.next = nil, 0, math.MaxInt64
	if f.line.asked.Empty() {
		return nil
	}
	f.busy = true
	due := findDue{f, f.turn}
	return tea.Tick(findAfter, func(time.Time) tea.Msg { return due })
}

func (d findDue) settle(m *Model) tea.Cmd {
	if m.dialog != d.f || d.turn != d.f.turn {
		return nil
	}
	return d.f.search(m)
}

// search looks for the next rows.
func (f *finder) search(m *Model) tea.Cmd {
	f.busy, f.steps = true, 0
	return f.step(m)
}

// findRead is what a step of a search came to.
type findRead struct {
	f     *finder
	turn  int
	rows  []foundRow
	next  int64
	more  bool
	since time.Time
	err   error
}

func (f *finder) step(m *Model) tea.Cmd {
	f.steps++
	l, read := f.line.list, findRead{f: f, turn: f.turn}
	page := moderation.Page{Before: f.next, Limit: findPage - len(f.found)%findPage}
	room := m.here()
	if !f.all && room != nil {
		page.Room = room.info.ID
	}
	filter := f.line.asked.Bind(m.env(room, l))
	ctx, reader := m.ctx, m.opt.Desk.Reader()
	return func() tea.Msg {
		read.of(ctx, reader, l, filter, page)
		return read
	}
}

// of reads a step from the record.
func (d *findRead) of(ctx context.Context, r moderation.Reader, l moderation.List, f *query.Filter, p moderation.Page) {
	switch l {
	case moderation.ListFlags:
		findInto(ctx, d, r, f, p, foundFlag)
	case moderation.ListComplaints:
		findInto(ctx, d, r, f, p, foundComplaint)
	case moderation.ListProblems:
		findInto(ctx, d, r, f, p, foundProblem)
	case moderation.ListQuestions:
		findInto(ctx, d, r, f, p, foundQuestion)
	case moderation.ListOrders:
		findInto(ctx, d, r, f, p, foundOrder)
	case moderation.ListCases:
		findInto(ctx, d, r, f, p, foundCase)
	default:
		d.events(ctx, r, f, p)
		if !d.more || d.err != nil {
			return
		}
		var last []moderation.Recorded
		if last, d.err = r.Events(ctx, moderation.Page{Keys: []int64{d.next}}); len(last) > 0 {
			d.since = last[0].At
		}
	}
}

// events reads events, and which of them were withdrawn.
func (d *findRead) events(ctx context.Context, r moderation.Reader, f *query.Filter, p moderation.Page) {
	var found []moderation.Recorded
	findInto(ctx, d, r, f, p, func(v moderation.Recorded) foundRow {
		found = append(found, v)
		return foundRow{}
	})
	if d.rows = nil; d.err != nil || len(found) == 0 {
		return
	}
	var withdrawn moderation.Withdrawals
	withdrawn, d.err = moderation.ReadWithdrawals(ctx, r, p.Room)
	for _, v := range found {
		d.rows = append(d.rows, foundEvent(v, withdrawn.Of(&v) != nil))
	}
}

func findInto[T query.Row](ctx context.Context, d *findRead, r moderation.Reader, f *query.Filter, p moderation.Page, row func(T) foundRow) {
	found, err := query.Find[T](ctx, r, f, p)
	d.next, d.more, d.err = found.Next, found.More, err
	for _, v := range found.Rows {
		d.rows = append(d.rows, row(v))
	}
}

func (d findRead) settle(m *Model) tea.Cmd {
	f := d.f
	if m.dialog != f || d.turn != f.turn {
		return nil
	}
	f.found = append(f.found, d.rows...)
	f.next, f.more, f.since, f.fail = d.next, d.more, d.since, d.err
	full := len(f.found) > 0 && len(f.found)%findPage == 0
	if f.busy = d.more && d.err == nil && !full && f.steps < findSteps; f.busy {
		return f.step(m)
	}
	return nil
}

func (f *finder) caret() (x, y int, ok bool) { return f.x, f.y, true }

// finderRows is the most of the body that the dialog hides.
const finderRows = 24

// finderHead are its rows above what was found.
const finderHead = 3

func (f *finder) rows(m *Model, w, h int) []string {
	h = min(h, max(finderRows, h*2/3))
	rows := []string{m.sheetTitle(w, f.title(m))}
	row := newRow(w, style{}).gap(1).own(m.th.key, "› ")
	cursor, mistake := f.line.put(m, row, 2)
	f.x, f.y = cursor, len(rows)
	rows = append(rows, row.done())
	if f.line.wrong != nil {
		rows = append(rows, m.mistakeRow(w, mistake, f.line.wrong, "▲", " "))
	} else {
		rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, f.status(m)).done())
	}
	body := h - len(rows) - 1
	list := f.line.menu.rows(m, w, body)
	if list == nil {
		list = f.list(m, w, body)
	}
	rows = append(rows, list...)
	rows = append(rows, blankRows(h-1-len(rows), w)...)
	rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("find.hint")).done())
	return rows[:min(len(rows), h)]
}

func (f *finder) title(m *Model) string {
	where := m.t.T("find.all_rooms")
	if r := m.here(); !f.all && r != nil {
		where = r.name().Truncate(20).String()
	}
	return m.t.T("find.title", m.t.T("find."+string(f.line.list)), where)
}

// status says what was found, and how far the search has come.
func (f *finder) status(m *Model) string {
	back := ""
	if r := m.here(); r != nil && !f.since.IsZero() {
		back = r.stamp(f.since)
	}
	n := len(f.found)
	switch {
	case f.fail != nil:
		return m.t.T("find.failed", m.refusal(f.fail))
	case f.line.asked.Empty():
		return m.t.T("find.nothing_asked")
	case f.busy && back != "":
		return m.t.T("find.looking_back", n, back)
	case f.busy:
		return m.t.T("find.looking", n)
	case f.more && back != "" && n%findPage != 0:
		return m.t.T("find.looked_back", n, back)
	case f.more:
		return m.t.T("find.more", n)
	case n == 0:
		return m.t.T("find.nothing")
	}
	return m.t.T("find.done", n)
}

// roomCells is how wide the room's name stands before what was found in it.
const roomCells = 12

func (f *finder) list(m *Model, w, h int) []string {
	var rows []string
	f.first = max(0, min(f.at-h/2, len(f.found)-h))
	for i := f.first; i < len(f.found) && len(rows) < h; i++ {
		base, x := style{}, &f.found[i]
		if i == f.at {
			base = m.th.pick
		}
		r, before, left := m.rooms[x.room], "", w
		if r == nil {
			r = newRoom(x.room)
		}
		if f.all && w > 4*roomCells {
			before, left = newRow(roomCells, base).show(m.th.dim, r.name().Truncate(roomCells-1)).done(), w-roomCells
		}
		rows = append(rows, before+x.draw(m, r, left, base, i == f.at))
	}
	return rows
}

func (f *finder) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	if !f.line.menu.open {
		switch msg.Type {
		case tea.KeyUp, tea.KeyPgUp:
			f.move(-1, msg.Type == tea.KeyPgUp)
			return false, nil
		case tea.KeyDown, tea.KeyPgDown:
			f.move(1, msg.Type == tea.KeyPgDown)
			return false, f.readOn(m)
		case tea.KeyShiftTab:
			return false, f.nextList(m)
		case tea.KeyCtrlR:
			f.all = !f.all || m.here() == nil
			return false, f.later()
		}
	}
	changed, used := f.line.key(msg, func() query.Names { return m.namesIn(m.here()) })
	if changed {
		return false, f.later()
	}
	if used {
		return false, nil
	}
	switch msg.Type {
	case tea.KeyEsc, tea.KeyCtrlC:
		return true, nil
	case tea.KeyEnter:
		return f.enter(m)
	}
	return false, nil
}

// findPageRows is how far a page goes in what was found.
const findPageRows = 15

func (f *finder) move(n int, page bool) {
	if page {
		n *= findPageRows
	}
	f.at = max(0, min(f.at+n, len(f.found)-1))
}

// readOn looks for more when the end of what was found is near.
func (f *finder) readOn(m *Model) tea.Cmd {
	if f.busy || !f.more || f.at < len(f.found)-findPageRows {
		return nil
	}
	return f.search(m)
}

// nextList asks the same of the next list.
func (f *finder) nextList(m *Model) tea.Cmd {
	lists := query.Lists()
	for i, l := range lists {
		if l == f.line.list {
			f.ask(m, lists[(i+1)%len(lists)], f.line.value())
			break
		}
	}
	f.found, f.at = nil, 0
	return f.later()
}

// enter goes to what is selected, or begins a search that waits to begin.
func (f *finder) enter(m *Model) (bool, tea.Cmd) {
	if f.line.wrong != nil || len(f.found) == 0 {
		if f.more && !f.busy {
			return false, f.search(m)
		}
		return false, nil
	}
	x := f.found[f.at]
	r := m.rooms[x.room]
	if r == nil {
		m.complain(m.t.T("find.room_not_here", feed.Sanitise(x.room).String()))
		return false, nil
	}
	m.dialog = nil
	keep := m.askedFor(f.line.list, f.line.asked)
	if x.room != m.current {
		m.enterRoom(x.room)
	}
	return true, tea.Batch(keep, x.show(m, r))
}
