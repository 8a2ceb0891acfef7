package tui

import (
	"slices"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of the speech window. It is about one order: the selected one, the
// one that a complaint names, or, of a case with several, the one that is
// selected among the orders, else the first. Each sentence stands with its mark
// (✗ against the sheet, ? not on it, ✓ borne out, · nothing to hold against it)
// and below it what the sheet says.

// orderInHand is the order that the room's subject is about, if any, and how
// many it is about.
func (r *room) orderInHand() (o *moderation.Order, of int) {
	ids := r.ordersInHand()
	if len(ids) == 0 {
		return nil, 0
	}
	pick := ids[0]
	if chosen := r.orders.get(r.lists[paneOrders].selected()); chosen != nil && slices.Contains(ids, chosen.v.ID) {
		pick = chosen.v.ID
	}
	if rec := r.orders.get(r.orderIDs[pick]); rec != nil {
		return &rec.v, len(ids)
	}
	return nil, len(ids)
}

// ordersInHand are the ids of the orders that the subject is about: a case's own,
// then those that its complaints name.
func (r *room) ordersInHand() []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch r.subject.list() {
	case paneOrders:
		if o := r.orders.get(r.subject.id); o != nil {
			add(o.v.ID)
		}
	case paneComplaints:
		if c := r.complaints.get(r.subject.id); c != nil {
			add(c.v.OrderID)
		}
	case paneCases:
		c := r.caseSubject()
		if c == nil {
			return nil
		}
		for _, id := range c.Orders {
			add(id)
		}
		for _, id := range c.Complaints {
			if x := r.complaints.get(id); x != nil {
				add(x.v.OrderID)
			}
		}
	}
	return ids
}

// windowRows draws what the host said before the order in hand was paid.
func (m *Model) windowRows(r *room, w, h int) []string {
	o, of := r.orderInHand()
	switch {
	case o != nil:
	case of > 0:
		return m.prose(m.t.T("empty.order_not_here", r.ordersInHand()[0]), w, h)
	default:
		return m.emptyRows(r, paneWindow, w, h)
	}
	head, d := &doc{m: m, w: w}, &doc{m: m, w: w}
	m.windowHead(r, head, o, of)
	if sp := r.spoken[o.ID]; len(sp.lines) > 0 {
		m.spokenCounts(head, sp.lines)
	}
	gravest := m.spokenRows(r, d, o)
	if len(head.rows)+2 > h {
		head.rows = nil // the sentences are what is looked for
	}
	h -= len(head.rows)
	if aim := (aimed{o.ID, len(d.rows), h}); r.aimed != aim && gravest >= 0 {
		r.aimed = aim
		r.scroll[paneWindow] = gravest - h/3
	}
	return append(head.rows, m.window(r, paneWindow, d.rows, w, h)...)
}

// aimed is which window was scrolled to its gravest sentence: once, so that a
// person may scroll away from it.
type aimed struct {
	order   string
	rows, h int
}

// windowHead names the order, and of several how to come to another.
func (m *Model) windowHead(r *room, d *doc, o *moderation.Order, of int) {
	row := newRow(d.w, style{}).gap(1).own(m.th.strong, m.t.T("detail.order", shortID(o.ID))).gap(1)
	row.show(m.th.plain, sku(o.SKU)).gap(1).own(m.th.plain, money(paid(o))).gap(1)
	row.own(m.th.dim, m.t.T("order."+orderState(o.Status))+" "+r.clock(orderTime(o)))
	if of > 1 {
		row.own(m.th.need, "  "+m.t.T("window.of", of))
	}
	d.rows = append(d.rows, row.done())
}

// speechWindow is the window as a section of a detail.
func (m *Model) speechWindow(r *room, d *doc, o *moderation.Order) {
	d.head(m.th.strong, m.t.T("detail.window"))
	if sp := r.spoken[o.ID]; len(sp.lines) > 0 && sp.err == nil {
		m.spokenCounts(d, sp.lines)
	}
	m.spokenRows(r, d, o)
}

// spokenCounts says how many sentences stand how to the sheet.
func (m *Model) spokenCounts(d *doc, lines []moderation.Spoken) {
	counts := map[moderation.Standing]int{}
	for i := range lines {
		counts[lines[i].Standing]++
	}
	row := newRow(d.w, style{}).gap(1)
	d.rows = append(d.rows, row.own(m.th.dim, m.t.T("window.counts", counts[moderation.StandingContradicted],
		counts[moderation.StandingNotOnSheet], counts[moderation.StandingSupported], counts[moderation.StandingUnknown])).done())
}

// spokenRows lists the sentences, or says why there are none. It tells in which
// row the first of the gravest stands; −1: nowhere.
func (m *Model) spokenRows(r *room, d *doc, o *moderation.Order) (gravest int) {
	sp, asked := r.spoken[o.ID]
	switch {
	case sp.err != nil:
		d.line("!", m.th.wrong, "", m.th.plain, feed.Sanitise(m.t.T("detail.window_failed", m.refusal(sp.err))))
		return -1
	case !asked || sp.loading && len(sp.lines) == 0:
		d.line("⋯", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("detail.loading")))
		return -1
	case len(sp.lines) == 0:
		d.line("·", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("detail.window_empty")))
		return -1
	}
	worst := len(standings)
	for i := range sp.lines {
		if rank := slices.Index(standings, sp.lines[i].Standing); rank >= 0 && rank < worst {
			worst, gravest = rank, len(d.rows)
		}
		m.spokenLine(r, d, &sp.lines[i])
	}
	if worst > 1 {
		return len(d.rows) // nothing to look at: what was said last
	}
	return gravest
}

// standings are those a person looks for, the gravest first.
var standings = []moderation.Standing{moderation.StandingContradicted, moderation.StandingNotOnSheet}

// spokenLine is one sentence, and what the sheet says to what it claims.
func (m *Model) spokenLine(r *room, d *doc, s *moderation.Spoken) {
	shown := s.Event.Shown
	if shown.Width() == 0 {
		shown = feed.Sanitise(s.Event.Text)
	}
	mark, st := m.standing(s.Standing)
	words := m.th.plain
	if s.Standing == moderation.StandingContradicted {
		words = m.th.doubt
	}
	d.line(mark, st, r.clock(s.Event.At)+" ", words, shown)
	if s.Standing == moderation.StandingSupported && !m.zoom {
		return // its mark says that the sheet has it so
	}
	for i := range s.Claims {
		c := &s.Claims[i]
		_, fact := m.beside(&c.Finding)
		d.markedLine("", m.th.dim, "  ↔ "+m.named("category", string(c.Category))+" ", m.th.fine, fact)
	}
}

// standing is the mark of how a sentence stands to the sheet.
func (m *Model) standing(s moderation.Standing) (string, style) {
	switch s {
	case moderation.StandingContradicted:
		return "✗", m.th.wrong
	case moderation.StandingNotOnSheet:
		return "?", m.th.need
	case moderation.StandingSupported:
		return "✓", m.th.fine
	}
	return "·", m.th.dim
}
