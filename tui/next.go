package tui

import (
	"cmp"
	"errors"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of next. `n` goes to what this role should do next, in whichever room
// it is. A moderator has the flags, then the cases whose time is nearly up; in the
// view of cases it is the other way round. An agent is given the next case by the
// desk, which knows whom it may give. A supervisor has what only supervisors decide, then
// what everybody has. From a thing that waits, `n` goes to the one behind it.

// A thing waits for the person.
type thing struct {
	room string
	subject
}

// nextThing goes to what waits most.
func (m *Model) nextThing() tea.Cmd {
	if m.here() == nil {
		return nil
	}
	if m.opt.Actor.Role == moderation.RoleAgent {
		return m.lease()
	}
	return m.nextOf(m.thingHere())
}

// thingHere is what the person looks at.
func (m *Model) thingHere() thing {
	r, p := m.here(), m.focused()
	if p == paneDetail {
		return thing{m.current, r.subject}
	}
	return thing{m.current, subject{p, r.lists[p].selected()}}
}

// nextOf goes to what waits behind a thing, or first where that does not wait.
func (m *Model) nextOf(now thing) tea.Cmd {
	first := m.rulingsFirst()
	things := m.agenda(first, now)
	at := slices.Index(things, now)
	if at >= len(first) && len(first) > 0 {
		at = -1 // what only a supervisor decides waits for nobody else
	}
	for k := 1; k <= len(things); k++ {
		next := things[(at+k)%len(things)]
		if !m.writing(next) {
			return m.goToThing(next)
		}
	}
	if m.zen {
		m.say(m.t.T("say.nothing_waits"))
		return m.leaveZen()
	}
	r := m.here()
	if n, _ := r.undecided(); n > 0 && !r.waitsInView() {
		m.say(m.t.T("say.filter_hides", n))
		return nil
	}
	m.say(m.t.T("say.nothing_waits"))
	return nil
}

// rulingsFirst are what comes before all else: nothing but for a supervisor.
func (m *Model) rulingsFirst() []thing {
	if m.opt.Actor.Role == moderation.RoleSupervisor {
		return m.rulings()
	}
	return nil
}

// writing tells whether a decision on a thing is on its way.
func (m *Model) writing(t thing) bool {
	r := m.rooms[t.room]
	switch t.pane {
	case paneFlags:
		f := r.flags.get(t.id)
		return f == nil || m.pending[m.flagName(&f.v)] > 0
	case paneCases:
		c := r.cases.get(t.id)
		return c == nil || m.pending[m.caseName(&c.v)] > 0
	}
	return false
}

// agenda lists what waits for a moderator or a supervisor behind what comes first,
// with what they look at now in its place even while its decision is being written.
func (m *Model) agenda(first []thing, now thing) []thing {
	out := slices.Clip(first)
	flags, cases := m.openFlags(now), m.dueCases()
	if m.view == viewDesk {
		flags, cases = cases, flags
	}
	for _, t := range slices.Concat(flags, cases) {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// openFlags are the flags that the rooms list, the most severe first, of equals
// this room's, then the oldest.
func (m *Model) openFlags(now thing) []thing {
	type ranked struct {
		thing
		rank, away int
		f          *moderation.Flag
	}
	var all []ranked
	for _, id := range m.order {
		r := m.rooms[id]
		away := 0
		if id != m.current {
			away = 1
		}
		for _, f := range r.flags.rows() {
			t := thing{id, subject{paneFlags, f.id}}
			if waiting(&f.v) || t == now && m.writing(t) {
				all = append(all, ranked{t, r.flagRank(f), away, &f.v})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.away, b.away), a.f.At.Compare(b.f.At), cmp.Compare(a.id, b.id))
	})
	out := make([]thing, len(all))
	for i := range all {
		out[i] = all[i].thing
	}
	return out
}

// dueCases are the cases that the person can work on: all with a clock in the view
// of cases, else those whose time is nearly up.
func (m *Model) dueCases() []thing {
	return m.casesWhere(func(c *moderation.Case) bool {
		soon := m.view == viewDesk || c.DueAt.Sub(m.opt.Clock()) < dueSoon
		return !c.DueAt.IsZero() && soon && m.actionable(c)
	})
}

// rulings are the cases in which a supervisor has to decide: payments first, which
// somebody waits for, then appeals, what was handed up, spot checks.
func (m *Model) rulings() []thing {
	me := m.opt.Actor.Name
	return slices.Concat(
		m.casesWhere(func(c *moderation.Case) bool { return m.proposal(c) != nil }),
		m.casesWhere(func(c *moderation.Case) bool {
			return c.Kind == moderation.CaseAppeal && m.actionable(c) && !slices.Contains(c.Appeal.DecidedBy, me)
		}),
		m.casesWhere(func(c *moderation.Case) bool { return !c.Escalated.IsZero() && m.actionable(c) }),
		m.toReview(),
	)
}

// casesWhere lists the cases of the rooms that keep says, this room's first.
func (m *Model) casesWhere(keep func(*moderation.Case) bool) []thing {
	var out []thing
	for k := range m.order {
		id := m.order[(m.roomAt()+k)%len(m.order)]
		for _, c := range m.rooms[id].cases.rows() {
			if keep(&c.v) {
				out = append(out, thing{id, subject{paneCases, c.id}})
			}
		}
	}
	return out
}

// proposal is the first payment of a case that waits for this person's yes, who is
// not the one who proposed it.
func (m *Model) proposal(c *moderation.Case) *moderation.Payment {
	for i := range c.Payments {
		if p := &c.Payments[i]; p.State == moderation.PaymentProposed && p.By != m.opt.Actor.Name {
			return p
		}
	}
	return nil
}

// toReview are the flags of spot checks that this person has yet to judge.
func (m *Model) toReview() []thing {
	var out []thing
	for k := range m.order {
		id := m.order[(m.roomAt()+k)%len(m.order)]
		for _, f := range m.rooms[id].flags.rows() {
			if f.v.Review != 0 {
				out = append(out, thing{id, subject{paneFlags, f.id}})
			}
		}
	}
	return out
}

// actionable tells whether this person can do something about a case.
func (m *Model) actionable(c *moderation.Case) bool {
	mine := c.Owner == "" || c.Owner == m.opt.Actor.Name
	return mine && !over(c.State)
}

// waitsInView tells whether the flags pane lists a flag that waits: a filter may
// hide all of them.
func (r *room) waitsInView() bool {
	return slices.ContainsFunc(r.flags.rows(), func(f *record[moderation.Flag]) bool { return waiting(&f.v) })
}

// goToThing shows a thing where it is decided.
func (m *Model) goToThing(t thing) tea.Cmd {
	if t.room != m.current {
		m.enterRoom(t.room)
	}
	switch {
	case t.pane == paneFlags && m.view != viewLive:
		m.view, m.zoom = viewLive, false
	case t.pane == paneCases && m.view != viewDesk && m.opt.Actor.Role != moderation.RoleModerator:
		m.view, m.zoom = viewDesk, false // a moderator keeps what is said before their eyes
	}
	m.setFocus(t.pane)
	cmd := m.choose(t.pane, t.id)
	if m.zen {
		m.zenHere()
	}
	return cmd
}

// lease asks the desk for the next case of an agent.
func (m *Model) lease() tea.Cmd {
	if m.held() {
		return nil
	}
	desk, actor, ctx := m.opt.Desk, m.opt.Actor, m.ctx
	return func() tea.Msg {
		c := moderation.NextCase{}
		res, err := desk.Do(ctx, actor, c)
		return leased{done{cmd: c, res: res, err: err}}
	}
}

// leased is what asking for a case came to.
type leased struct{ done }

// settle goes to the case that was given. Where none is left, those that are the
// agent's own are what there is to do.
func (l leased) settle(m *Model) tea.Cmd {
	var no *moderation.Refusal
	switch {
	case l.err == nil && l.res.Case != nil:
		l.target = m.caseName(l.res.Case)
		return tea.Batch(m.settleAction(l.done), m.goToThing(thing{l.res.Case.Room, subject{paneCases, l.res.Case.ID}}))
	case errors.As(l.err, &no) && no.Code == moderation.CodeNoneLeft:
		if own := m.ownCases(); len(own) > 0 {
			at := slices.Index(own, m.thingHere())
			m.say(m.t.T("say.none_left", len(own)))
			return m.goToThing(own[(at+1)%len(own)])
		}
		m.say(m.t.T("say.nothing_waits"))
		if m.zen {
			return m.leaveZen()
		}
		return nil
	}
	return m.settleAction(l.done)
}

// ownCases are those that the person holds and that are not over.
func (m *Model) ownCases() []thing {
	return m.casesWhere(func(c *moderation.Case) bool {
		return c.Holder(m.opt.Wall()) == m.opt.Actor.Name && !over(c.State)
	})
}

// advance goes on from a flag that was just decided: to the next in its list, in
// zen to what waits next.
func (m *Model) advance(flag int64) tea.Cmd {
	if m.zen {
		return m.nextOf(thing{m.current, subject{paneFlags, flag}})
	}
	return m.selectAfter(flag)
}
