package tui

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of joining. Before a case is opened, the open ones that have to do with
// the matter are offered, so that one cause does not become forty cases: the same
// problem, order or claim counts most, then the buyer, then the product. Where one
// is close it stands first; else the new case does.

// A kin is an open case that a matter could join.
type kin struct {
	c     *moderation.Case
	close int
}

// close is from when on a case is offered before a new one.
const closeKin = 4

// kinOf lists the room's open cases that this role works on, the closest first.
func (m *Model) kinOf(r *room, open *moderation.OpenCase) []kin {
	var out []kin
	problems := map[int64]bool{}
	flags := slices.Clone(open.Flags)
	buyers := map[string]bool{}
	for _, id := range open.Complaints {
		if x := r.complaints.get(id); x != nil {
			buyers[x.v.Buyer.ID] = true
			if p, ok := r.problems[x.v.Problem]; ok {
				problems[p.ID] = true
				flags = append(flags, p.Flag)
			}
		}
	}
	for _, rec := range r.cases.by {
		c := &rec.v
		if over(c.State) || !m.opt.Actor.Role.Takes(c.Kind) || c.Kind == moderation.CaseAppeal || c.Kind == moderation.CaseSpotCheck {
			continue
		}
		k := kin{c: c}
		if slices.ContainsFunc(c.Complaints, func(id int64) bool {
			x := r.complaints.get(id)
			return x != nil && problems[x.v.Problem]
		}) {
			k.close += 8
		}
		if slices.ContainsFunc(c.Flags, func(id int64) bool { return slices.Contains(flags, id) }) {
			k.close += 8
		}
		if slices.ContainsFunc(c.Orders, func(o string) bool { return slices.Contains(open.Orders, o) }) {
			k.close += 8
		}
		if slices.ContainsFunc(c.Buyers, func(b string) bool { return b != "" && buyers[b] }) {
			k.close += closeKin
		}
		if c.SKU != "" && c.SKU == open.SKU {
			k.close += 2
		}
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b kin) int {
		return cmp.Or(cmp.Compare(b.close, a.close), caseOrder(r.cases.get(a.c.ID), r.cases.get(b.c.ID)))
	})
	return out
}

// askOpenCase opens a case for the selected row, or puts it into an open one.
func (m *Model) askOpenCase() tea.Cmd {
	r, open := m.here(), *m.newCase()
	title := feed.Sanitise(open.Title).Truncate(60).String()
	open.Title = title
	own := &form{
		title:  m.t.T("form.open_case"),
		hint:   m.t.T("form.open_case_hint"),
		needed: true,
		send: func(m *Model, s string) tea.Cmd {
			open.Title = s
			return m.act(open, feed.Sanitise(s).Truncate(24).String())
		},
	}
	fresh := func(m *Model) tea.Cmd {
		own.line = m.draft(draftKey(open), title)
		m.dialog = own
		return nil
	}
	join := func(m *Model, c moderation.Case) tea.Cmd {
		add := moderation.AddToCase{Case: c.ID, Complaints: open.Complaints, Version: c.Version}
		for _, id := range open.Orders {
			if o := r.orders.get(r.orderIDs[id]); o != nil && o.v.Case == 0 {
				add.Orders = append(add.Orders, id)
			}
		}
		return m.act(add, m.caseName(&c))
	}
	return m.askJoin(r, &open, fresh, join)
}

// askJoin lists the cases that a matter can go into, and a new one.
func (m *Model) askJoin(r *room, open *moderation.OpenCase, fresh func(*Model) tea.Cmd, join func(*Model, moderation.Case) tea.Cmd) tea.Cmd {
	kin := m.kinOf(r, open)
	if len(kin) == 0 {
		return fresh(m)
	}
	x := &index{}
	addNew := func() {
		x.add(paletteEntry{name: feed.Sanitise(m.t.T("join.new")), note: "+", do: fresh}, "new")
	}
	if kin[0].close < closeKin {
		addNew()
	}
	for i, k := range kin {
		c := *k.c
		x.add(paletteEntry{
			name: feed.Sanitise(m.joinWords(&c)), note: caseNumber(c.ID),
			do: func(m *Model) tea.Cmd { return join(m, c) },
		}, c.SKU+" "+caseNumber(c.ID))
		if k.close >= closeKin && (i+1 == len(kin) || kin[i+1].close < closeKin) {
			addNew()
		}
	}
	m.dialog = newPick(m.t.T("join.title", feed.Sanitise(open.Title).Truncate(24).String()), x)
	return nil
}

func (m *Model) joinWords(c *moderation.Case) string {
	words := m.named("casekind", string(c.Kind)) + " · " + m.named("state", string(c.State)) + " · " + c.SKU + " " + c.Title
	if by := c.Holder(m.opt.Wall()); by != "" {
		words += " @" + m.by(by)
	}
	return words
}

// askJoinFlag confirms a flag into a case that a person chooses, where `y` would
// take the one about the same claim.
func (m *Model) askJoinFlag() tea.Cmd {
	f := *m.flagHere()
	name := m.flagName(&f)
	open := moderation.OpenCase{Title: f.Finding.Said, SKU: f.Finding.SKU, Flags: []int64{f.ID}}
	fresh := func(m *Model) tea.Cmd {
		return tea.Batch(m.act(moderation.ConfirmFlag{Flag: f.ID, OpenCase: true}, name), m.advance(f.ID))
	}
	return m.askJoin(m.here(), &open, fresh, func(m *Model, c moderation.Case) tea.Cmd {
		b := &batch{what: m.t.T("say.joined", name, caseNumber(c.ID)), chain: true, then: tellBatch, steps: []step{
			oneStep(name, moderation.ConfirmFlag{Flag: f.ID}),
			oneStep(name, moderation.AddToCase{Case: c.ID, Flags: []int64{f.ID}, Version: c.Version}),
		}}
		return tea.Batch(m.begin(b), m.advance(f.ID))
	})
}

func cannotJoin(m *Model) string {
	if c := m.here(); c != nil && m.focused() == paneComplaints {
		if x := c.complaints.get(c.lists[paneComplaints].selected()); x != nil && x.v.Case != 0 {
			return "why.in_case"
		}
	}
	return nothingForCase(m)
}
