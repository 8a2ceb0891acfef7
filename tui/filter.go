package tui

import (
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims/fold"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
)

// The rules of filters. Each list of a room may be narrowed by a query. What it
// lets through is held against the filter again when a row changes, and once a
// second where time alone changes it. esc in the line brings back what was there
// before, in the list it takes the filter away.

// asksAbout is the list of the record that a pane shows rows of.
func asksAbout(p pane) moderation.List {
	switch p {
	case paneSpeech, paneChat:
		return moderation.ListEvents
	case paneFlags, paneSegments:
		return moderation.ListFlags
	case paneOrders:
		return moderation.ListOrders
	case paneComplaints:
		return moderation.ListComplaints
	case paneCases, paneChecks, paneAppeals:
		return moderation.ListCases
	}
	return ""
}

// env is who asks about a room, and when.
func (m *Model) env(r *room, l moderation.List) query.Env {
	e := query.Env{Now: m.opt.Clock(), Wall: m.opt.Wall(), Me: m.opt.Actor.Name, Zone: defaultZone}
	if r == nil {
		return e
	}
	e.Zone, e.Named = r.zone, func(name string) []string { return m.productsNamed(r, name) }
	if l == moderation.ListEvents || l == moderation.ListOrders {
		e.Now = r.now(e.Now)
	}
	return e
}

// productsNamed are the room's products that hold a text in their name.
func (m *Model) productsNamed(r *room, part string) []string {
	part = fold.String(part)
	if part == "" {
		return nil
	}
	var out []string
	for _, p := range m.products(r) {
		if strings.Contains(fold.String(p.Title), part) {
			out = append(out, p.Value)
		}
	}
	return out
}

// products are those that were on air, by number, with the name on the sheet, else
// what the source called them.
func (m *Model) products(r *room) []query.Name {
	var out []query.Name
	for sku, title := range r.titles {
		if m.opt.Product != nil {
			if p := m.opt.Product(sku); p != nil && p.Name != "" {
				title = p.Name
			}
		}
		out = append(out, query.Name{Value: sku, Title: title})
	}
	slices.SortFunc(out, func(a, b query.Name) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// narrow sets the filter of a pane; nil lets through everything.
func (m *Model) narrow(r *room, p pane, q *query.Query) {
	r.filters[p] = q.String()
	var f *query.Filter
	if !q.Empty() {
		f = q.Bind(m.env(r, q.List))
	}
	r.setFilter(p, f)
}

// narrowTo is narrow by a query as it is written.
func (m *Model) narrowTo(r *room, p pane, asked string) tea.Cmd {
	q, err := query.Parse(asksAbout(p), asked)
	if err != nil {
		var wrong *query.Error
		if errors.As(err, &wrong) {
			m.complain(feed.Sanitise(m.mistake(wrong)).String())
		}
		return nil
	}
	m.narrow(r, p, q)
	return m.detailCmd()
}

// filterMoves holds rows anew against the filters that time changes.
func (m *Model) filterMoves() {
	for _, r := range m.rooms {
		for p := range r.sieves {
			if f := r.sieves[p]; f != nil && f.Query().Moves() {
				m.narrow(r, pane(p), f.Query())
			}
		}
	}
}

// setFilter narrows a pane to what a filter lets through.
func (r *room) setFilter(p pane, f *query.Filter) {
	r.sieves[p] = f
	switch p {
	case paneSpeech, paneChat:
		r.running(p).setFilter(f)
		if past := r.past[p]; past != nil {
			past.setFilter(f)
		}
	case paneFlags:
		r.flags.setFilter(f)
	case paneOrders:
		r.orders.setFilter(f)
	case paneComplaints:
		r.complaints.setFilter(f)
	case paneSegments:
		r.segments.setFilter(f)
	case paneCases, paneChecks, paneAppeals:
		r.casesIn(p).setFilter(f)
	}
}

// startFilter opens the filter of the focused list.
func (m *Model) startFilter() tea.Cmd {
	if r := m.here(); r != nil {
		m.filterAt = m.focused()
		m.filterWas = r.sieves[m.filterAt]
		m.line = newQueryLine(asksAbout(m.filterAt), r.filters[m.filterAt], m.kept.Queries[string(asksAbout(m.filterAt))])
	}
	return nil
}

// filterKeys edits the filter; the list narrows while it is typed.
func (m *Model) filterKeys(msg tea.KeyMsg) tea.Cmd {
	r := m.here()
	changed, used := m.line.key(msg, func() query.Names { return m.namesIn(r) })
	if changed && m.line.wrong == nil {
		m.narrow(r, m.filterAt, m.line.asked)
	}
	if used {
		return nil
	}
	switch msg.Type {
	case tea.KeyEsc:
		m.narrow(r, m.filterAt, m.filterWas.Query())
		m.filterAt = -1
	case tea.KeyEnter:
		if m.line.wrong != nil {
			return nil // it is pointed at
		}
		m.filterAt = -1
		return m.askedFor(m.line.list, m.line.asked)
	case tea.KeyCtrlC:
		m.filterAt = -1
		return m.quit()
	}
	return nil
}

// pastQueries bounds how many queries of a list are kept.
const pastQueries = 50

// askedFor keeps a query so that it can be brought back.
func (m *Model) askedFor(l moderation.List, q *query.Query) tea.Cmd {
	asked, past := q.String(), m.kept.Queries[string(l)]
	if asked == "" || len(past) > 0 && past[0] == asked {
		return nil
	}
	now := []string{asked}
	for _, s := range past {
		if s != asked && len(now) < pastQueries {
			now = append(now, s)
		}
	}
	if m.kept.Queries == nil {
		m.kept.Queries = map[string][]string{}
	}
	m.kept.Queries[string(l)] = now
	return m.keep()
}

// recentNames is how many entries back people are looked for to be offered.
const recentNames = 500

// namesIn are what a room knows by name, to be offered in queries.
func (m *Model) namesIn(r *room) query.Names {
	var n query.Names
	for _, id := range m.order {
		n.Rooms = append(n.Rooms, query.Name{Value: id, Title: m.rooms[id].info.Name})
	}
	if r == nil {
		return n
	}
	n.Products = m.products(r)
	chat := r.chat.live()
	add := func(to *[]query.Name, name string) {
		if name != "" && !slices.ContainsFunc(*to, func(have query.Name) bool { return have.Value == name }) {
			*to = append(*to, query.Name{Value: name})
		}
	}
	for i := len(chat) - 1; i >= max(0, len(chat)-recentNames); i-- {
		// A name that is masked on the screen is not spelled out in a menu.
		if name := chat[i].ev.User.Name; chat[i].name.String() == feed.Sanitise(name).String() {
			add(&n.Users, name)
		}
	}
	for _, c := range r.cases.by {
		add(&n.Owners, c.v.Owner)
	}
	for _, f := range r.flags.by {
		add(&n.Owners, f.v.DecidedBy)
		add(&n.Rules, f.v.Finding.Rule)
	}
	for _, c := range r.complaints.by {
		add(&n.Channels, c.v.Channel)
	}
	for _, of := range [][]query.Name{n.Owners, n.Rules, n.Channels} {
		slices.SortFunc(of, func(a, b query.Name) int { return strings.Compare(a.Value, b.Value) })
	}
	return n
}
