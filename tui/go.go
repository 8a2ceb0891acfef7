package tui

import (
	tea "github.com/charmbracelet/bubbletea"
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
	l.follow()
	l.top = true
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
	if n == -farAway && m.recordHolds(r, p) {
		return m.readFirst(r, p)
	}
	if !l.move(m.itemsOf(r, p), n) {
		return m.readOn(r, p, n)
	}
	return tea.Batch(m.selected(r, p), m.readOn(r, p, n))
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
	if len(panes) == 0 || m.zen {
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
	m.view, m.zoom, m.zen = v, false, false
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
	case m.zen:
		return m.leaveZen()
	case m.zoom:
		m.zoom = false
	case r == nil:
	case len(m.markedIn(r, m.focused())) > 0:
		r.marks[m.focused()] = nil
	case r.filters[m.focused()] != "":
		m.narrow(r, m.focused(), nil)
	case isText(m.focused()) && r.subject.id != 0 && m.view.holds(r.subject.pane):
		m.setFocus(r.subject.pane)
	case !r.at.IsZero():
		r.goLive()
	case m.view != viewLive:
		return m.setView(viewLive)
	}
	return nil
}
