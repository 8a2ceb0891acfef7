package tui

import (
	"slices"

	"liveroom/moderation"
)

// The rules of why. Each function here tells why a thing cannot be done now, as a
// key of the catalogue, or "" where it can.

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
	switch p := m.focused(); {
	case isText(p):
		return r.caseSubject()
	case slices.Contains(caseLists, p):
		id = r.lists[p].selected()
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

// noVerdict is noOpenFlag for who may also judge a flag again, in a spot check.
func noVerdict(m *Model) string {
	if why := noFlag(m); why != "" {
		return why
	}
	if f := m.flagHere(); f.Review != 0 && m.pending[m.flagName(f)] == 0 {
		return ""
	}
	return noOpenFlag(m)
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
	if c.Holder(m.opt.Wall()) == m.opt.Actor.Name {
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
		from := m.caseHere().State
		switch {
		case moderation.CanMove(from, to):
			return ""
		case to == moderation.CaseStateClosed && moderation.CanMove(from, moderation.CaseStateResolved):
			return "why.outcome_first"
		}
		return "why.bad_move"
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
	if m.focused() == paneRooms && len(m.order) > 0 {
		return ""
	}
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
