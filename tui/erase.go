package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// askErase erases what is a buyer's. It cannot be undone: the buyer is named as the
// screen names them, the reason comes before the yes, and enter keeps everything.
func (m *Model) askErase() tea.Cmd {
	c := *m.caseHere()
	x := &index{}
	for _, id := range c.Buyers {
		name := m.buyerName(&c, id)
		x.add(paletteEntry{name: feed.Sanitise(name), note: m.t.T("offender.buyer"), do: func(m *Model) tea.Cmd {
			m.dialog = &form{title: m.t.T("erase.why", name), hint: m.t.T("form.deed_hint"), needed: true, line: newInput(""), send: func(m *Model, said string) tea.Cmd {
				m.dialog = &ask{
					title: m.t.T("erase.sure", name),
					lines: []string{m.t.T("erase.what"), said},
					options: []option{
						{"n", m.t.T("erase.keep"), func(*Model) tea.Cmd { return nil }},
						{"y", m.t.T("erase.yes", name), func(m *Model) tea.Cmd {
							return m.act(moderation.EraseBuyer{Buyer: id, Reason: said}, name)
						}},
					},
				}
				return nil
			}}
			return nil
		}}, "")
	}
	m.dialog = newPick(m.t.T("erase.who", m.caseName(&c)), x)
	return nil
}

// buyerName is a buyer as the screen shows them: a masked name where a complaint or
// an order of the case tells one, and the end of the id.
func (m *Model) buyerName(c *moderation.Case, id string) string {
	end := []rune(id)
	short := "…" + string(end[max(len(end)-2, 0):])
	r := m.room(c.Room)
	for _, n := range c.Complaints {
		if x := r.complaints.get(n); x != nil && x.v.Buyer.ID == id {
			return strings.TrimSpace(maskName(x.v.Buyer.Name).String() + " " + short)
		}
	}
	for _, n := range c.Orders {
		if o := r.orders.get(r.orderIDs[n]); o != nil && o.v.Buyer.ID == id {
			return strings.TrimSpace(maskName(o.v.Buyer.Name).String() + " " + short)
		}
	}
	return short
}
