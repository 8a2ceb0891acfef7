package tui

import (
	"slices"
	"sort"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of time. All panes of a room share one clock. Selecting a thing
// takes the speech and chat panes (and orders) to its moment; g brings all back
// to live. A moment that fell off the screen's memory is read from the record.

// linked are the panes that follow the selection's moment.
var linked = []pane{paneSpeech, paneChat, paneOrders}

// goTo takes the linked panes, but for the one the selection is in, to at.
func (m *Model) goTo(r *room, at time.Time, from pane) tea.Cmd {
	if at.IsZero() {
		// What has no moment must not seem to be of that of something else.
		if !r.at.IsZero() && !slices.Contains(linked, from) {
			r.goLive()
		}
		return nil
	}
	r.at = at
	var cmds []tea.Cmd
	for _, p := range linked {
		if p == from {
			continue
		}
		if p != paneOrders {
			cmds = append(cmds, m.reach(r, p, at))
		}
		m.holdMoment(r, p)
	}
	return tea.Batch(cmds...)
}

// holdMoment scrolls a pane so that its last item not after the room's moment
// stands two thirds down: what led to it above, what came of it below.
func (m *Model) holdMoment(r *room, p pane) {
	it, l := m.itemsOf(r, p), &r.lists[p]
	n := it.Len()
	if n == 0 {
		return
	}
	i := sort.Search(n, func(i int) bool { return itemTime(r, p, i).After(r.at) }) - 1
	l.hold(it, max(i, 0), twoThirds)
}

func itemTime(r *room, p pane, i int) time.Time {
	switch p {
	case paneSpeech, paneChat:
		return r.ring(p).shown()[i].ev.At
	case paneOrders:
		return orderTime(&r.orders.rows()[i].v)
	}
	return time.Time{}
}

// goLive lets every feed of the room run again.
func (r *room) goLive() {
	r.at = time.Time{}
	clear(r.past)
	clear(r.reading)
	for _, p := range linked {
		r.lists[p].follow()
	}
}

// momentOf is when a subject happened.
func (r *room) momentOf(s subject) time.Time {
	switch s.list() {
	case paneFlags:
		if f := r.flags.get(s.id); f != nil {
			return f.v.At
		}
	case paneOrders:
		if o := r.orders.get(s.id); o != nil {
			if !o.v.PaidAt.IsZero() {
				return o.v.PaidAt
			}
			return o.v.CreatedAt
		}
	case paneComplaints:
		return r.momentOfComplaint(s.id)
	case paneCases:
		if c := r.cases.get(s.id); c != nil {
			return r.momentOfCase(&c.v)
		}
	case paneSpeech, paneChat:
		if e := r.ring(s.pane).byIndex(s.id); e != nil {
			return e.ev.At
		}
	}
	return time.Time{}
}

// momentOfComplaint is the sentence a complaint goes back to, where its problem
// names one; else, of what came after the broadcast, when the order was paid that
// it names; else the time of the complaint.
func (r *room) momentOfComplaint(id int64) time.Time {
	c := r.complaints.get(id)
	if c == nil {
		return time.Time{}
	}
	if p, ok := r.problems[c.v.Problem]; ok && p.Flag != 0 {
		if f := r.flags.get(p.Flag); f != nil {
			return f.v.At
		}
	}
	if o := r.orders.get(r.orderIDs[c.v.OrderID]); o != nil && !r.info.EndedAt.IsZero() && c.v.At.After(r.info.EndedAt) {
		return orderTime(&o.v)
	}
	return c.v.At
}

// momentOfCase is when what it is about was said, the first of what is known;
// else when it was opened, if that was while the broadcast ran.
func (r *room) momentOfCase(c *moderation.Case) time.Time {
	for _, id := range c.Flags {
		if f := r.flags.get(id); f != nil {
			return f.v.At
		}
	}
	for _, id := range c.Complaints {
		if at := r.momentOfComplaint(id); !at.IsZero() {
			return at
		}
	}
	for _, id := range c.Orders {
		if o := r.orders.get(r.orderIDs[id]); o != nil {
			return orderTime(&o.v)
		}
	}
	if c.OpenedAt.Before(r.info.StartedAt) || !r.info.EndedAt.IsZero() && c.OpenedAt.After(r.info.EndedAt) {
		return time.Time{}
	}
	return c.OpenedAt
}

// momentRow says where a linked pane stands when it is not live.
func (m *Model) momentRow(r *room, p pane, w int) string {
	if r.at.IsZero() || !slices.Contains(linked, p) {
		return ""
	}
	row := newRow(w, style{}).own(m.th.focus, "┄┄ ").own(m.th.need, m.t.T("moment.at", r.clock(r.at))).gap(1)
	row.own(m.th.dim, m.since(r, r.at)).gap(1).own(m.th.key, m.keymap.label("live")).own(m.th.dim, " "+m.t.T("moment.live")+" ")
	return row.own(m.th.focus, strings.Repeat("┄", max(row.left(), 0))).done()
}

// standsAt tells whether a linked pane was taken to item i because of the moment.
func (r *room) standsAt(p pane, i int) bool {
	return !r.at.IsZero() && slices.Contains(linked, p) && !itemTime(r, p, i).After(r.at)
}

// momentMark points at the last row before the moment that a linked pane stands
// at. Rows begin with an empty cell, which is kept for marks.
func (m *Model) momentMark(row string) string {
	rest, ok := strings.CutPrefix(row, " ")
	if !ok {
		return row
	}
	return newRow(1, style{}).own(m.th.focus, "›").done() + rest
}
