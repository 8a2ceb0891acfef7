package tui

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
)

// The rules of the mouse. Everything it does a key does too. A click acts on what
// was drawn where it fell (glass.go); it focuses the pane, selects the row, and a
// second one opens the detail. The wheel scrolls what is under the pointer and
// leaves the focus and the selection. What is dragged moves at once and is kept
// when it is let go. While text is typed into a dialog, nothing else is clicked.

// mouse is what the hand on it is doing.
type mouse struct {
	pane  pane // of the last click on a row
	id    int64
	at    time.Time
	drag  hit // the rule or title being dragged; hitNothing: none
	moved bool
}

const (
	// doubleClick is how soon the second click must come, as desktops have it.
	doubleClick = 400 * time.Millisecond
	// notch is how many rows a step of the wheel is.
	notch = 3
)

// mouseWords are the keys of what the help says of the mouse, in its order.
var mouseWords = []string{"click", "double", "wheel", "drag", "names", "links", "timeline", "select"}

func (m *Model) pointer(e tea.MouseEvent) tea.Cmd {
	switch {
	case e.Shift || e.Alt || e.Ctrl:
		return nil // the terminal's own selection
	case e.Action == tea.MouseActionRelease:
		return m.letGo()
	case e.Action == tea.MouseActionMotion:
		return m.dragTo(e.X, e.Y)
	case e.Button == tea.MouseButtonWheelUp:
		return m.wheel(e.X, e.Y, -notch)
	case e.Button == tea.MouseButtonWheelDown:
		return m.wheel(e.X, e.Y, notch)
	case e.Button == tea.MouseButtonLeft:
		return m.click(e.X, e.Y)
	}
	return nil
}

// click acts on what stood at a cell of the frame that was aimed at.
func (m *Model) click(x, y int) tea.Cmd {
	f := m.glass.aimedAt(m.opt.Wall())
	if f == nil || f.dialog != m.dialog || f.room != m.current {
		return nil // it was aimed at what is not there any more
	}
	if m.dialog != nil {
		return m.clickDialog(f, x, y)
	}
	if m.filterAt < 0 {
		return m.clickOn(f, x, y)
	}
	m.line.menu = menu{} // what is typed is kept as with enter
	kept := m.filterKeys(tea.KeyMsg{Type: tea.KeyEnter})
	if m.filterAt >= 0 {
		return kept // it cannot be read
	}
	return tea.Batch(kept, m.clickOn(f, x, y))
}

// clickOn acts on a cell of a picture without a dialog.
func (m *Model) clickOn(f *picture, x, y int) tea.Cmd {
	if s := f.spanAt(x, y); s != nil {
		m.startDrag(f.screen.hit(x, y))
		return s.do(m, x-s.from)
	}
	switch h := f.screen.hit(x, y); h.kind {
	case hitRule, hitTitle:
		m.startDrag(h)
		if h.kind == hitTitle {
			m.setFocus(h.pane)
			return m.detailCmd()
		}
	case hitRow:
		return m.clickRow(f, h, x, y)
	}
	return nil
}

// clickRow selects what a row showed, opens it the second time, and follows what
// is named in it where nothing is left to be selected.
func (m *Model) clickRow(f *picture, h hit, x, y int) tea.Cmd {
	r, id := m.here(), f.itemAt(h)
	m.visit = visit{}
	selected := r != nil && h.pane != paneRooms && id != 0 && r.lists[h.pane].selected() == id
	if h.pane != m.focused() {
		m.setFocus(h.pane)
	}
	now := m.opt.Wall()
	again := id != 0 && h.pane == m.mouse.pane && id == m.mouse.id && now.Sub(m.mouse.at) < doubleClick
	m.mouse.pane, m.mouse.id, m.mouse.at = h.pane, id, now
	switch {
	case r == nil:
		return nil
	case again:
		m.mouse.at = time.Time{}
		if b := m.keymap.find("detail"); b.validIn(m.view, h.pane) {
			return m.perform(b)
		}
		return nil
	case isText(h.pane) || selected:
		if cmd, ok := m.follow(wordAt(f.lines[y], x)); ok {
			return cmd
		}
	}
	switch {
	case id == 0:
		return m.detailCmd()
	case h.pane == paneRooms && int(id) <= len(m.order):
		return m.enterRoom(m.order[id-1])
	}
	return m.choose(h.pane, id)
}

var caseLink = regexp.MustCompile(`^#([0-9]{1,18})$`)

// follow goes to what a word names: a case, or an order of the room.
func (m *Model) follow(word string) (tea.Cmd, bool) {
	r := m.here()
	if c := caseLink.FindStringSubmatch(word); c != nil {
		id, _ := strconv.ParseInt(c[1], 10, 64)
		for _, room := range m.order {
			if m.rooms[room].cases.get(id) == nil {
				continue
			}
			cmd := m.enterRoom(room)
			return tea.Batch(cmd, m.goTable(paneCases, viewDesk, id)), true
		}
		return nil, false
	}
	if id := r.orderCalled(word); id != 0 {
		return m.goTable(paneOrders, viewLive, id), true
	}
	return nil, false
}

// orderCalled is the order that a number names, whole or by its end; of several
// that end alike the one in hand, and where none is, none.
func (r *room) orderCalled(word string) int64 {
	if id, ok := r.orderIDs[word]; ok {
		return id
	}
	for _, id := range r.ordersInHand() {
		if shortID(id) == word {
			return r.orderIDs[id]
		}
	}
	found := int64(0)
	for id, number := range r.orderIDs {
		if shortID(id) == word {
			if found != 0 {
				return 0
			}
			found = number
		}
	}
	return found
}

// goTable selects a row of a table, in this workspace where it has the table, else
// in another.
func (m *Model) goTable(p pane, v view, id int64) tea.Cmd {
	var cmd tea.Cmd
	if _, _, ok := m.layout().where(p); !ok {
		cmd = m.setView(v)
	}
	m.setFocus(p)
	return tea.Batch(cmd, m.choose(p, id))
}

// wordAt is the run of letters and digits, with # or … before and dashes in it, at
// a column of a drawn row.
func wordAt(line string, x int) string {
	for _, p := range splitColumns(line) {
		col, word, hit := p.at, "", false
		for _, c := range clusters(controls.ReplaceAllString(p.s, "")) {
			if !partOfName(c) && (c != "…" || word != "") {
				if hit {
					return word
				}
				word = ""
			} else {
				word += c
			}
			w := feed.Sanitise(c).Width()
			hit = hit || x >= col && x < col+w && word != ""
			col += w
		}
		if hit {
			return word
		}
	}
	return ""
}

func partOfName(c string) bool {
	b := c[0]
	return len(c) == 1 && (b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '#' || b == '-' || b == '_')
}

var (
	controls = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)
	toColumn = regexp.MustCompile(`\x1b\[([0-9]+)G`)
)

// piece is a part of a drawn row with the column it begins in.
type piece struct {
	at int
	s  string
}

// splitColumns cuts a row where it goes to an absolute column.
func splitColumns(row string) []piece {
	out := []piece{{0, row}}
	for _, at := range toColumn.FindAllStringSubmatchIndex(row, -1) {
		last := &out[len(out)-1]
		col, _ := strconv.Atoi(row[at[2]:at[3]])
		last.s = strings.TrimSuffix(last.s, row[at[0]:])
		out = append(out, piece{col - 1, row[at[1]:]})
	}
	return out
}

// wheel scrolls what is under the pointer.
func (m *Model) wheel(x, y, n int) tea.Cmd {
	if m.dialog != nil {
		return m.wheelDialog(n)
	}
	h, r := m.screen().hit(x, y), m.here()
	if r == nil || h.kind != hitRow && h.kind != hitTitle {
		return nil
	}
	switch {
	case isText(h.pane):
		r.scroll[h.pane] = max(0, r.scroll[h.pane]+n)
	case h.pane != paneRooms:
		r.lists[h.pane].scroll(m.itemsOf(r, h.pane), n)
	}
	return nil
}

// wheelDialog moves in a dialog as the arrow keys do.
func (m *Model) wheelDialog(n int) tea.Cmd {
	key := tea.KeyMsg{Type: tea.KeyDown}
	if n < 0 {
		key.Type = tea.KeyUp
	}
	if _, ok := m.dialog.(*help); !ok {
		return m.dialogKeys(key)
	}
	for range notch {
		m.dialogKeys(key)
	}
	return nil
}

// A listing dialog has entries of which one is taken; row counts from its title. entryAt
// gives the place that a row shows, and where the dialog keeps the chosen one.
type listing interface {
	dialog
	entryAt(row int) (at *int, i int, ok bool)
}

// clickDialog takes the entry in a row, as enter does on the chosen one.
func (m *Model) clickDialog(f *picture, _, y int) tea.Cmd {
	d, ok := m.dialog.(listing)
	if !ok || y < f.sheet || m.startled() {
		return nil
	}
	at, i, ok := d.entryAt(y - f.sheet)
	if !ok {
		return nil
	}
	*at = i
	return m.dialogKeys(tea.KeyMsg{Type: tea.KeyEnter})
}

// nthOf is the place in a list of n whose row k, of those from first on, was clicked.
func nthOf(at *int, k, first, n int) (*int, int, bool) {
	return at, first + k, k >= 0 && first+k < n
}

func (a *ask) entryAt(row int) (*int, int, bool) { return nthOf(&a.at, row-a.first, 0, len(a.options)) }

func (p *palettePane) entryAt(row int) (*int, int, bool) {
	return nthOf(&p.at, row-paletteHead, p.first, len(p.hits))
}

func (p *pick) entryAt(row int) (*int, int, bool) {
	return nthOf(&p.at, row-pickHead, p.first, len(p.hits))
}

func (f *finder) entryAt(row int) (*int, int, bool) {
	at, i, ok := nthOf(&f.at, row-finderHead, f.first, len(f.found))
	return at, i, ok && !f.line.menu.open
}

func (s *answerSheet) entryAt(row int) (*int, int, bool) {
	return nthOf(&s.at, row-s.first, 0, len(s.options()))
}

// startDrag takes hold of the rule right of a column, or of the title that parts
// two places.
func (m *Model) startDrag(h hit) {
	m.mouse.drag, m.mouse.moved = hit{}, false
	if h.kind == hitRule || h.kind == hitTitle && h.at > 0 {
		m.mouse.drag = h
	}
}

// dragTo moves what is held to a cell, as far as it goes.
func (m *Model) dragTo(x, y int) tea.Cmd {
	h := m.mouse.drag
	if h.kind == hitNothing || m.dialog != nil {
		return nil
	}
	s := m.screen()
	if h.col >= len(s.Columns) {
		return nil
	}
	c := s.Columns[h.col]
	var l layout
	var ok bool
	if h.kind == hitRule {
		l, ok = m.layout().moveRule(s, h.col, x-c.X-c.W)
	} else if h.at < len(c.Slots) {
		l, ok = m.layout().moveTitle(s, h.col, h.at-1, y-c.Slots[h.at].Y)
	}
	if ok {
		m.own[m.view][m.class()], m.mouse.moved = l, true
	}
	return nil
}

// letGo keeps what was dragged.
func (m *Model) letGo() tea.Cmd {
	held, moved := m.mouse.drag, m.mouse.moved
	m.mouse.drag, m.mouse.moved = hit{}, false
	if held.kind == hitNothing || !moved {
		return nil
	}
	return m.rearrange(m.layout())
}
