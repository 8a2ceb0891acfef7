package tui

import (
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// farAway is further than any list is long.
const farAway = 1 << 30

// flagHere is the flag that the keys act on: the selected one, or, with the
// focus on the detail, the one it tells about.
func (m *Model) flagHere() *moderation.Flag {
	r := m.here()
	if r == nil {
		return nil
	}
	id := r.lists[paneFlags].selected()
	if m.focused() == paneDetail && (r.subject.pane != paneFlags || r.subject.id != id) {
		return nil
	}
	if f := r.flags.get(id); f != nil {
		return &f.v
	}
	return nil
}

// caseHere is the case that the keys act on: the selected one, or the one that
// the detail tells about.
func (m *Model) caseHere() *moderation.Case {
	r := m.here()
	if r == nil {
		return nil
	}
	id := r.lists[paneCases].selected()
	if m.focused() == paneDetail {
		id = 0
		if r.subject.pane == paneCases {
			id = r.subject.id
		}
	}
	if c := r.cases.get(id); c != nil {
		return &c.v
	}
	return nil
}

// noFlag also holds where the flag is selected but not to be seen: nobody may
// decide what is not before their eyes.
func noFlag(m *Model) string {
	if m.flagHere() == nil {
		return "why.no_flag"
	}
	s := m.screen()
	_, _, listed := s.find(paneFlags)
	_, _, detailed := s.find(paneDetail)
	if !listed && (!detailed || m.here().subject.pane != paneFlags) {
		return "why.flag_hidden"
	}
	return ""
}

func noOpenFlag(m *Model) string {
	if why := noFlag(m); why != "" {
		return why
	}
	f := m.flagHere()
	switch {
	case !waiting(f):
		return "why.decided"
	case m.pending[m.flagName(f)] > 0:
		return "why.writing"
	}
	return ""
}

func noCase(m *Model) string {
	c := m.caseHere()
	switch {
	case c == nil:
		return "why.no_case"
	case m.pending[m.caseName(c)] > 0:
		return "why.writing"
	}
	return ""
}

func cannotTake(m *Model) string {
	if why := noCase(m); why != "" {
		return why
	}
	c := m.caseHere()
	if c.Owner == m.opt.Actor.Name {
		return "why.yours"
	}
	if c.State == moderation.CaseStateClosed || c.State == moderation.CaseStateWithdrawn {
		return "why.closed"
	}
	return ""
}

// cannotMove tells why a case cannot go to a state.
func cannotMove(to moderation.CaseState) func(*Model) string {
	return func(m *Model) string {
		if why := noCase(m); why != "" {
			return why
		}
		if !moderation.CanMove(m.caseHere().State, to) {
			return "why.bad_move"
		}
		return ""
	}
}

func noMove(m *Model) string {
	if why := noCase(m); why != "" {
		return why
	}
	if m.caseHere().State == moderation.CaseStateWithdrawn {
		return "why.bad_move"
	}
	return ""
}

func nothingToUndo(m *Model) string {
	if len(m.undo) == 0 || !m.undo[len(m.undo)-1].until.After(m.opt.Wall()) {
		return "why.nothing_to_undo"
	}
	return ""
}

func nothingSelected(m *Model) string {
	if r := m.here(); r == nil || r.lists[m.focused()].selected() == 0 {
		return "why.nothing_selected"
	}
	return ""
}

func oneRoom(m *Model) string {
	if len(m.order) < 2 {
		return "why.one_room"
	}
	return ""
}

func nothingForCase(m *Model) string {
	if m.newCase() == nil {
		return "why.nothing_selected"
	}
	return ""
}

// held tells whether a decision key comes from a key held down. A flag that
// slid under the finger must not be decided by it.
func (m *Model) held() bool {
	now := m.opt.Wall()
	held := now.Sub(m.lastKey) < keyRepeat && !m.lastKey.IsZero()
	m.lastKey = now
	return held
}

// decide performs a decision on the selected flag and selects the next one.
func (m *Model) decide(make func(*moderation.Flag) moderation.Command) tea.Cmd {
	f := m.flagHere()
	if m.held() || f == nil {
		return nil
	}
	target := m.flagName(f)
	cmd := m.act(make(f), target)
	return tea.Batch(cmd, m.selectAfter(f.ID))
}

func (m *Model) confirmFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command {
		return moderation.ConfirmFlag{Flag: f.ID, OpenCase: true}
	})
}

func (m *Model) dismissFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command { return moderation.DismissFlag{Flag: f.ID} })
}

func (m *Model) snoozeFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command { return moderation.SnoozeFlag{Flag: f.ID} })
}

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
	if p == paneDetail || p == paneProduct {
		r.scroll = max(0, min(r.scroll+n, farAway))
		return nil
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
	s := lay(m.w, m.h, m.view, m.focused(), false, 0, m.seen[m.view])
	panes, here := s.panes(), m.focused()
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

func (m *Model) openDetail() tea.Cmd {
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
	if r := m.here(); r != nil && v == viewCases && r.lists[paneCases].selected() == 0 {
		r.lists[paneCases].pick(m.itemsOf(r, paneCases), 0, 0)
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
	case m.focused() == paneDetail && r.subject.id != 0:
		m.setFocus(r.subject.pane)
	case !r.at.IsZero():
		r.goLive()
	case m.view != viewLive:
		return m.setView(viewLive)
	}
	return nil
}

func (m *Model) undoLast() tea.Cmd {
	if m.held() {
		return nil
	}
	return m.act(moderation.Undo{}, m.undo[len(m.undo)-1].what)
}

func (m *Model) takeCase() tea.Cmd {
	c := m.caseHere()
	return m.act(moderation.TakeCase{Case: c.ID, Version: c.Version}, m.caseName(c))
}

// nextThing goes to what waits most: a flag of this room, a case about to be
// late, a flag of another room.
func (m *Model) nextThing() tea.Cmd {
	r := m.here()
	if r == nil {
		return nil
	}
	if m.view == viewLive {
		if cmd, ok := m.nextFlag(r); ok {
			return cmd
		}
	}
	for _, c := range r.cases.rows() {
		if c.id == r.lists[paneCases].selected() && m.focused() == paneCases || c.v.DueAt.IsZero() || !m.actionable(&c.v) {
			continue
		}
		if m.view == viewCases || c.v.DueAt.Sub(m.opt.Clock()) < dueSoon {
			m.setFocus(paneCases)
			return m.choose(paneCases, c.id)
		}
	}
	for k := 1; k < len(m.order); k++ {
		id := m.order[(m.roomAt()+k)%len(m.order)]
		if n, _ := m.rooms[id].undecided(); n > 0 {
			m.enterRoom(id)
			m.view = viewLive
			cmd, _ := m.nextFlag(m.here())
			return cmd
		}
	}
	m.say(m.t.T("say.nothing_waits"))
	return nil
}

// actionable tells whether this person can do something about a case.
func (m *Model) actionable(c *moderation.Case) bool {
	mine := c.Owner == "" || c.Owner == m.opt.Actor.Name
	return mine && !over(c.State)
}

// nextFlag selects the flag that waits next; from a waiting flag that is
// selected with the focus on it, the one behind it.
func (m *Model) nextFlag(r *room) (tea.Cmd, bool) {
	n, _ := r.undecided()
	if n == 0 {
		return nil, false
	}
	f := m.flagHere()
	onFlags := m.focused() == paneFlags
	m.setFocus(paneFlags)
	switch {
	case f != nil && waiting(f) && (!onFlags || n == 1):
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

// newCase is the case that `o` would open, nil where nothing is selected.
func (m *Model) newCase() *moderation.OpenCase {
	r := m.here()
	if r == nil {
		return nil
	}
	id := r.lists[m.focused()].selected()
	switch m.focused() {
	case paneComplaints:
		if c := r.complaints.get(id); c != nil {
			open := &moderation.OpenCase{Room: r.info.ID, Kind: moderation.CaseComplaint, Title: c.v.Text, SKU: c.v.SKU, Complaints: []int64{c.v.ID}}
			if c.v.OrderID != "" {
				open.Orders = []string{c.v.OrderID}
			}
			return open
		}
	case paneOrders:
		if o := r.orders.get(id); o != nil {
			title := m.t.T("detail.order", o.v.ID)
			return &moderation.OpenCase{Room: r.info.ID, Kind: moderation.CaseComplaint, Title: title, SKU: o.v.SKU, Orders: []string{o.v.ID}}
		}
	}
	return nil
}

// losses lists what leaving now would lose.
func (m *Model) losses() []string {
	var out []string
	if n := len(m.pending); n > 0 {
		out = append(out, m.t.T("quit.pending", n))
	}
	if n := len(m.drafts); n > 0 {
		out = append(out, m.t.T("quit.drafts", n))
	}
	now := m.opt.Wall()
	for _, u := range m.undo {
		if u.leaves && u.until.After(now) {
			out = append(out, m.t.T("quit.effect", strconv.Itoa(seconds(u.until.Sub(now)))))
		}
	}
	return out
}
