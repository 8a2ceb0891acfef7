package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// farAway is further than any list is long.
const farAway = 1 << 30

// selectAfter selects the flag that waits next after id, wrapping round; with
// none left the room goes back to live.
func (m *Model) selectAfter(id int64) tea.Cmd {
	r := m.here()
	rows := r.flags.rows()
	at, _ := r.flags.find(id)
	for k := 1; k <= len(rows); k++ {
		next := rows[(at+k)%len(rows)]
		if next.id == id || !waiting(&next.v) || m.pending[m.flagName(&next.v)] > 0 {
			continue
		}
		return m.choose(paneFlags, next.id)
	}
	l := &r.lists[paneFlags]
	l.held, l.picked, l.top = 0, false, true
	r.pinned, r.flags.dirty = 0, true
	r.goLive()
	return nil
}

// choose selects an item by id and takes the panes to its moment.
func (m *Model) choose(p pane, id int64) tea.Cmd {
	r := m.here()
	it := m.itemsOf(r, p)
	i, exact := it.Find(id)
	if !exact {
		return nil
	}
	l := &r.lists[p]
	l.pick(it, i, -1)
	return m.selected(r, p)
}

// selected follows up a new selection: the detail tells about it, the panes go
// to its moment, decided flags that were only kept for the selection leave.
func (m *Model) selected(r *room, p pane) tea.Cmd {
	id := r.lists[p].selected()
	if id == 0 {
		return nil
	}
	if p == paneFlags {
		if r.pinned != id {
			r.pinned = 0
		}
		r.flags.dirty = true
	}
	s := subject{p, id}
	m.setSubject(r, s)
	return tea.Batch(m.goTo(r, r.momentOf(s), p), m.detailCmd())
}

// step moves the selection of the focused list, or scrolls the detail.
func (m *Model) step(n int) tea.Cmd {
	r, p := m.here(), m.focused()
	if r == nil {
		return nil
	}
	if isText(p) {
		r.scroll[p] = max(0, min(r.scroll[p]+n, farAway))
		return nil
	}
	if p == paneRooms {
		return m.enterRoom(m.order[max(0, min(m.roomAt()+n, len(m.order)-1))])
	}
	l := &r.lists[p]
	if n == farAway && isFeed(p) {
		return m.live()
	}
	if !l.move(m.itemsOf(r, p), n) {
		return nil
	}
	return m.selected(r, p)
}

func isFeed(p pane) bool { return p == paneSpeech || p == paneChat || p == paneOrders }

// page is how far a page goes in the focused pane.
func (m *Model) page() int {
	if _, sl, ok := m.screen().find(m.focused()); ok {
		return max(sl.H-2, 1)
	}
	return 1
}

func (m *Model) sideways(dx int) tea.Cmd {
	m.setFocus(m.screen().beside(m.focused(), dx))
	return m.detailCmd()
}

func (m *Model) cycle(n int) tea.Cmd {
	panes, here := m.layout().panes(), m.focused()
	if len(panes) == 0 {
		return nil
	}
	seen := &m.seen[m.view]
	if m.visit.on && m.visit.pane == here {
		seen[here] = m.visit.seen
	}
	to := neighbour(panes, here, n)
	m.visit = visit{true, to, seen[to]}
	m.setFocus(to)
	return m.detailCmd()
}

// openDetail opens what is selected: a room in the live view, else its detail.
func (m *Model) openDetail() tea.Cmd {
	if m.focused() == paneRooms {
		return m.setView(viewLive)
	}
	r := m.here()
	m.setSubject(r, subject{m.focused(), r.lists[m.focused()].selected()})
	m.setFocus(paneDetail)
	return m.detailCmd()
}

func (m *Model) live() tea.Cmd {
	if r := m.here(); r != nil {
		r.goLive()
	}
	return nil
}

func (m *Model) toggleZoom() tea.Cmd {
	m.zoom = !m.zoom
	return nil
}

func (m *Model) setView(v view) tea.Cmd {
	m.view, m.zoom = v, false
	if p := firstFocus[v]; v == viewDesk || v == viewReview {
		if r := m.here(); r != nil && r.lists[p].selected() == 0 {
			r.lists[p].pick(m.itemsOf(r, p), 0, 0)
		}
	}
	m.setFocus(m.focused())
	return m.detailCmd()
}

func (m *Model) turnRoom(n int) tea.Cmd {
	return m.enterRoom(m.order[(m.roomAt()+n+len(m.order))%len(m.order)])
}

func (m *Model) enterRoom(id string) tea.Cmd {
	m.current = id
	return m.detailCmd()
}

func (m *Model) toggleDecided() tea.Cmd {
	if r := m.here(); r != nil {
		r.decided = !r.decided
		r.flags.dirty = true
	}
	return nil
}

// back undoes the last change of what is shown: zoom, filter, the detail's
// focus, the moment; in this order.
func (m *Model) back() tea.Cmd {
	r := m.here()
	switch {
	case m.zoom:
		m.zoom = false
	case r == nil:
	case r.filters[m.focused()] != "":
		r.setFilter(m.focused(), "")
	case isText(m.focused()) && r.subject.id != 0 && m.view.holds(r.subject.pane):
		m.setFocus(r.subject.pane)
	case !r.at.IsZero():
		r.goLive()
	case m.view != viewLive:
		return m.setView(viewLive)
	}
	return nil
}

// nextThing goes to what waits most: in the live view a flag of this room, then a
// case about to be late; in the case view first the cases. Then another room.
func (m *Model) nextThing() tea.Cmd {
	r := m.here()
	if r == nil {
		return nil
	}
	if m.view == viewLive {
		if cmd, ok := m.nextFlag(r, m.focused() == paneFlags); ok {
			return cmd
		}
	}
	if cmd, ok := m.nextCase(r); ok {
		return cmd
	}
	if m.view != viewLive && r.waitsInView() {
		m.view = viewLive
		cmd, _ := m.nextFlag(r, false)
		return cmd
	}
	for k := 1; k < len(m.order); k++ {
		id := m.order[(m.roomAt()+k)%len(m.order)]
		if cmd, ok := m.nextIn(id); ok {
			return cmd
		}
	}
	if n, _ := r.undecided(); n > 0 && !r.waitsInView() {
		m.say(m.t.T("say.filter_hides", n))
		return nil
	}
	m.say(m.t.T("say.nothing_waits"))
	return nil
}

// waitsInView tells whether the flags pane lists a flag that waits: a filter may
// hide all of them.
func (r *room) waitsInView() bool {
	return slices.ContainsFunc(r.flags.rows(), func(f *record[moderation.Flag]) bool { return waiting(&f.v) })
}

// nextIn goes to what waits in another room: in the case view a case, else a
// flag.
func (m *Model) nextIn(id string) (tea.Cmd, bool) {
	r := m.rooms[id]
	if m.view == viewDesk {
		for _, c := range r.cases.rows() {
			if m.actionable(&c.v) {
				m.enterRoom(id)
				return m.nextCase(r)
			}
		}
	}
	if !r.waitsInView() {
		return nil, false
	}
	m.enterRoom(id)
	m.view = viewLive
	return m.nextFlag(r, false)
}

// nextCase selects the case of a room that is due next; in the live view only
// one whose time is nearly up.
func (m *Model) nextCase(r *room) (tea.Cmd, bool) {
	for _, c := range r.cases.rows() {
		here := c.id == r.lists[paneCases].selected() && m.focused() == paneCases
		if here || c.v.DueAt.IsZero() || !m.actionable(&c.v) {
			continue
		}
		if m.view == viewDesk || c.v.DueAt.Sub(m.opt.Clock()) < dueSoon {
			m.setFocus(paneCases)
			return m.choose(paneCases, c.id), true
		}
	}
	return nil, false
}

// actionable tells whether this person can do something about a case.
func (m *Model) actionable(c *moderation.Case) bool {
	mine := c.Owner == "" || c.Owner == m.opt.Actor.Name
	return mine && !over(c.State)
}

// nextFlag selects the flag that waits next; from a waiting flag that is selected
// and looked at, the one behind it.
func (m *Model) nextFlag(r *room, looking bool) (tea.Cmd, bool) {
	n, _ := r.undecided()
	if !r.waitsInView() {
		return nil, false
	}
	f := m.flagHere()
	m.setFocus(paneFlags)
	switch {
	case f != nil && waiting(f) && (!looking || n == 1):
		return m.choose(paneFlags, f.ID), true
	case f != nil:
		return m.selectAfter(f.ID), true
	}
	rows := r.flags.rows()
	if len(rows) == 0 {
		return nil, false
	}
	return m.choose(paneFlags, rows[0].id), true
}
