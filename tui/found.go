package tui

import (
	"slices"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// What was found looks as it does in its pane, and is gone to there. A row that the
// screen does not hold, since it is old, is taken in as the record gave it.

func first(rows []string) string { return rows[0] }

func foundEvent(v moderation.Recorded, retracted bool) foundRow {
	v.Raw = nil
	e := &entry{ev: v, name: maskName(v.User.Name), retracted: retracted}
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			switch v.Kind {
			case feed.KindTranscript, feed.KindProduct, feed.KindGap:
				return first(m.makeSpeech(r, e, w, base, picked))
			case feed.KindOrder, feed.KindRefund:
				return m.makeTrade(r, e, w, base, picked)
			}
			return first(m.makeChat(r, e, w, base, picked))
		},
		func(m *Model, r *room) tea.Cmd { return m.showEvent(r, &v) },
	}
}

// makeTrade draws an event of an order, which no feed shows.
func (m *Model) makeTrade(r *room, e *entry, w int, base style, picked bool) string {
	row := newRow(w, base)
	m.bar(row, picked, m.th.dim, "¥").own(m.th.dim, r.clock(e.ev.At)+" ")
	row.show(m.th.dim, feed.Sanitise(shortID(e.ev.OrderID))).gap(1)
	if o := e.ev.Order; o != nil {
		row.show(m.th.strong, sku(o.SKU)).gap(1)
	}
	if e.ev.Kind == feed.KindRefund {
		row.own(m.th.need, "↩"+m.t.T("refund."+refundState(e.ev.Status))+" ")
	} else {
		row.own(m.th.plain, m.t.T("order."+orderState(e.ev.Status))+" ")
	}
	return row.own(m.th.plain, money(e.ev.AmountFen)+" ").show(m.th.dim, m.buyer(e.ev.User, 0)).done()
}

// showEvent goes to an event: to its line in the feed that shows it, or to the order
// that it is of.
func (m *Model) showEvent(r *room, v *moderation.Recorded) tea.Cmd {
	if n, ok := r.orderIDs[v.OrderID]; ok && (v.Kind == feed.KindOrder || v.Kind == feed.KindRefund) {
		return m.showRow(r, paneOrders, n)
	}
	for _, p := range []pane{paneSpeech, paneChat} {
		if slices.Contains(stretched[p], v.Kind) {
			return m.showLine(r, p, v.Index, v.At)
		}
	}
	return m.goTo(r, v.At, paneDetail)
}

// showLine goes to a line of a feed, and chooses it once the record gave it.
func (m *Model) showLine(r *room, p pane, index int64, at time.Time) tea.Cmd {
	m.unfilter(r, p)
	m.setFocus(p)
	r.wanted = index
	cmds := []tea.Cmd{m.goTo(r, at, paneDetail), m.chooseWanted(r, p)}
	if r.wanted != 0 && r.reading[p] == readingNothing {
		// The screen skipped it, or was never told of it.
		cmds = append(cmds, m.read(r, p, stretchRead{what: readingAround, at: at}, moderation.Page{}))
	}
	return tea.Batch(cmds...)
}

// chooseWanted chooses the line that somebody goes to, if it is there.
func (m *Model) chooseWanted(r *room, p pane) tea.Cmd {
	if r != m.here() || r.wanted == 0 || r.ring(p).byIndex(r.wanted) == nil {
		return nil
	}
	index := r.wanted
	r.wanted = 0
	return m.choose(p, index)
}

// showRow goes to a row of a list that the screen holds.
func (m *Model) showRow(r *room, p pane, id int64) tea.Cmd {
	m.unfilter(r, p)
	m.setFocus(p)
	return m.choose(p, id)
}

// unfilter takes a filter away that may hide what somebody goes to.
func (m *Model) unfilter(r *room, p pane) {
	if r.sieves[p] != nil {
		m.narrow(r, p, nil)
	}
}

func foundFlag(v moderation.Flag) foundRow {
	rec := &record[moderation.Flag]{id: v.ID, v: v}
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			return first(m.flagRows(r, rec, w, base, picked))
		},
		func(m *Model, r *room) tea.Cmd {
			if r.flags.get(v.ID) == nil {
				r.setFlag(v)
			}
			if !waiting(&r.flags.get(v.ID).v) {
				r.decided, r.flags.dirty = true, true
			}
			return m.showRow(r, paneFlags, v.ID)
		},
	}
}

func foundComplaint(v moderation.Complaint) foundRow {
	rec := &record[moderation.Complaint]{id: v.ID, v: v}
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			return first(m.complaintRows(r, rec, w, base, picked))
		},
		func(m *Model, r *room) tea.Cmd {
			if r.complaints.get(v.ID) == nil {
				r.setComplaint(v)
			}
			return m.showRow(r, paneComplaints, v.ID)
		},
	}
}

func foundOrder(v moderation.Order) foundRow {
	rec := &record[moderation.Order]{id: v.Number, v: v}
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			return first(m.orderRows(r, rec, w, base, picked))
		},
		func(m *Model, r *room) tea.Cmd {
			if r.orders.get(v.Number) == nil {
				r.setOrder(v)
			}
			return m.showRow(r, paneOrders, v.Number)
		},
	}
}

func foundCase(v moderation.Case) foundRow {
	rec := &record[moderation.Case]{id: v.ID, v: v}
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			return first(m.caseRows(r, rec, w, base, picked))
		},
		func(m *Model, r *room) tea.Cmd {
			if r.cases.get(v.ID) == nil {
				r.cases.put(v.ID, v)
			}
			return m.showRow(r, paneCases, v.ID)
		},
	}
}

func foundProblem(v moderation.Problem) foundRow {
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			row := newRow(w, base)
			m.bar(row, picked, m.th.need, "⚑").own(m.th.dim, r.clock(v.SaidAt)+" ")
			row.own(m.th.need, m.t.T("complaint.problem", strconv.FormatInt(v.ID, 10), len(v.Complaints))+" ")
			return row.show(m.th.strong, sku(v.SKU)).gap(1).show(m.th.plain, m.hide(v.Title)).done()
		},
		func(m *Model, r *room) tea.Cmd {
			if v.Event != 0 {
				return m.showLine(r, paneSpeech, v.Event, v.SaidAt)
			}
			if len(v.Complaints) > 0 && r.complaints.get(v.Complaints[0]) != nil {
				return m.showRow(r, paneComplaints, v.Complaints[0])
			}
			m.complain(m.t.T("find.no_moment"))
			return nil
		},
	}
}

func foundQuestion(v moderation.Question) foundRow {
	name := maskName(v.Asker.Name)
	return foundRow{
		v.Room,
		func(m *Model, r *room, w int, base style, picked bool) string {
			row, mark, st := newRow(w, base), "?", m.th.need
			if !v.AnsweredAt.IsZero() {
				mark, st = "✓", m.th.fine
			}
			m.bar(row, picked, st, mark).own(m.th.dim, r.clock(v.At)+" ").own(m.th.dim, "×"+grouped(v.Times)+" ")
			return row.show(m.th.dim, name.Truncate(max(w/4, 8))).own(m.th.dim, ": ").show(m.th.plain, m.hide(v.Text)).done()
		},
		func(m *Model, r *room) tea.Cmd { return m.showLine(r, paneChat, v.Event, v.At) },
	}
}
