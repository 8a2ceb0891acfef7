package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of zen. One thing has the whole screen, with the keys that it has
// everywhere; a decision brings the next, and with nothing left the panes are back.
// What it is about is the detail's: zen tells nothing that the panes do not.

// toggleZen shows one thing at a time, the one looked at if it waits, or the panes
// again.
func (m *Model) toggleZen() tea.Cmd {
	if m.zen {
		return m.leaveZen()
	}
	now := m.thingHere()
	m.zen = true
	waits := m.rulingsFirst()
	switch {
	case m.opt.Actor.Role == moderation.RoleAgent:
		waits = m.ownCases()
	case len(waits) == 0:
		waits = m.agenda(nil, now)
	}
	if slices.Contains(waits, now) {
		return m.goToThing(now)
	}
	return m.nextThing()
}

// leaveZen brings the panes back, with the keys where the thing is listed.
func (m *Model) leaveZen() tea.Cmd {
	m.zen = false
	if r := m.here(); r != nil && r.subject.id != 0 && m.view.holds(r.subject.pane) {
		m.setFocus(r.subject.pane)
	}
	return m.detailCmd()
}

// zenHere gives the screen to the thing that was gone to.
func (m *Model) zenHere() {
	m.turn++
	m.focus[m.view] = paneDetail
	m.seen[m.view][paneDetail] = m.turn
}

// zenLeft is how many things wait beside the one on the screen.
func (m *Model) zenLeft() int {
	if m.opt.Actor.Role == moderation.RoleAgent {
		return len(m.ownCases())
	}
	return len(m.agenda(m.rulingsFirst(), thing{}))
}

// endsWork tells whether an action has done with a case: in zen the next thing follows.
func endsWork(c moderation.Command) bool {
	switch c := c.(type) {
	case moderation.MoveCase:
		return c.To != moderation.CaseStateOpen && c.To != moderation.CaseStateReview
	case moderation.EscalateCase, moderation.SnoozeCase, moderation.SkipCase, moderation.ReleaseCase, moderation.AssignCase,
		moderation.ApprovePayment, moderation.RefusePayment:
		return true
	}
	return false
}

// afterInZen goes on where what was done has done with the thing on the screen.
func (m *Model) afterInZen(d done) tea.Cmd {
	if !m.zen || d.res.Case == nil || !endsWork(d.cmd) || m.thingHere() != (thing{d.res.Case.Room, subject{paneCases, d.res.Case.ID}}) {
		return nil
	}
	return m.nextThing()
}
