package report

import (
	"cmp"
	"slices"
	"time"

	"liveroom/moderation"
)

// A Person is what somebody at the desk did about the broadcast.
type Person struct {
	Name                          string
	Role                          moderation.Role // the last they acted in
	Confirmed, Dismissed, Snoozed int
	Median                        time.Duration // from what was said to their decision
	Decided                       int           // how many Median is of
	Opened, Resolved              int           // cases
	Other                         int           // deeds beside these
	Undone                        int           // deeds they took back

	waits []time.Duration
}

// readActions counts who did what with the flags and cases of the broadcast.
// What was undone counts as undone and as nothing else.
func (m *maker) readActions() error {
	people := map[string]*Person{}
	err := each(m, m.record.Actions, moderation.Page{}, func(a *moderation.Action) int64 { return a.ID }, func(a *moderation.Action) error {
		if a.Command == (moderation.Undo{}).Name() {
			return nil
		}
		changes, err := a.Changes()
		if err != nil {
			return err
		}
		changes = slices.DeleteFunc(changes, func(c moderation.Change) bool { return !m.knows(c) })
		if len(changes) == 0 {
			return nil
		}
		p := people[a.Actor.Name]
		if p == nil {
			p = &Person{Name: a.Actor.Name}
			people[a.Actor.Name] = p
		}
		p.Role = a.Actor.Role
		m.credit(p, a, changes)
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range people {
		p.Decided, p.Median = len(p.waits), median(p.waits)
		m.People = append(m.People, *p)
	}
	slices.SortFunc(m.People, func(a, b Person) int {
		return cmp.Or(cmp.Compare(b.Confirmed+b.Dismissed, a.Confirmed+a.Dismissed), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

// knows tells whether a change is to a row of the broadcast.
func (m *maker) knows(c moderation.Change) bool {
	if c.Kind == moderation.LeafFlag {
		return m.flags[c.ID] != nil
	}
	return m.cases[c.ID]
}

// credit counts one deed for who did it, as what it did most.
func (m *maker) credit(p *Person, a *moderation.Action, changes []moderation.Change) {
	if a.Undone {
		p.Undone++
		return
	}
	counted := false
	count := func(n *int) {
		*n++
		counted = true
	}
	for _, c := range changes {
		switch {
		case c.From == c.To:
		case c.Kind == moderation.LeafCase && c.From == "":
			count(&p.Opened)
		case c.Kind == moderation.LeafCase && c.To == string(moderation.CaseStateResolved):
			count(&p.Resolved)
		case c.Kind != moderation.LeafFlag:
		case c.To == string(moderation.FlagSnoozed):
			count(&p.Snoozed)
		default:
			m.decided(p, a, c, count)
		}
	}
	if !counted {
		p.Other++
	}
}

func (m *maker) decided(p *Person, a *moderation.Action, c moderation.Change, count func(*int)) {
	switch moderation.FlagStatus(c.To) {
	case moderation.FlagConfirmed:
		count(&p.Confirmed)
	case moderation.FlagDismissed:
		count(&p.Dismissed)
	default:
		return
	}
	// A clock that stood behind the source's would make a wait of less than none.
	if wait := a.At.Sub(m.flags[c.ID].At); wait >= 0 {
		p.waits = append(p.waits, wait)
	}
}
