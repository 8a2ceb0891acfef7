package tui

import (
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

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
	return tea.Batch(cmd, m.advance(f.ID))
}

// judges is a verdict on a flag: of the first person who decides, or of the second
// who reviews what is drawn into a spot check, without knowing the first.
func judges(f *moderation.Flag, to moderation.FlagStatus, said string) moderation.Command {
	switch {
	case f.Review != 0:
		return moderation.ReviewSample{Case: f.Review, Flag: f.ID, Verdict: to, Reason: said}
	case to == moderation.FlagConfirmed:
		return moderation.ConfirmFlag{Flag: f.ID, OpenCase: true}
	}
	return moderation.DismissFlag{Flag: f.ID, Reason: said}
}

func (m *Model) confirmFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command { return judges(f, moderation.FlagConfirmed, "") })
}

func (m *Model) dismissFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command { return judges(f, moderation.FlagDismissed, "") })
}

func (m *Model) snoozeFlag() tea.Cmd {
	return m.decide(func(f *moderation.Flag) moderation.Command { return moderation.SnoozeFlag{Flag: f.ID} })
}

func (m *Model) undoLast() tea.Cmd {
	if m.held() {
		return nil
	}
	last := m.undo[len(m.undo)-1]
	if last.actions > 1 {
		return m.undoAll(last)
	}
	return m.act(moderation.Undo{}, last.what)
}

func (m *Model) takeCase() tea.Cmd {
	c := m.caseHere()
	return m.act(moderation.TakeCase{Case: c.ID, Version: c.Version}, m.caseName(c))
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
			open := &moderation.OpenCase{Room: r.info.ID, Kind: moderation.CaseComplaint, Title: m.hide(c.v.Text).String(), SKU: c.v.SKU, Complaints: []int64{c.v.ID}}
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
			key := "quit.effect"
			if m.opt.Temporary {
				key = "quit.effect_lost"
			}
			out = append(out, m.t.T(key, strconv.Itoa(seconds(u.until.Sub(now)))))
		}
	}
	return out
}
