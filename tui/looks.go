package tui

import (
	"slices"
	"strings"

	"liveroom/moderation"
)

// The rules of looks. Two people who have the same flag or case before them see
// each other's names (◉), so that neither decides into the other's work. Who only
// passes by is not followed: a look is what the detail tells about.

// tellLook tells the other consoles what the person has before them. It touches
// memory only, and keeps the order of the keys, which a command would not.
func (m *Model) tellLook() {
	l := moderation.Look{Actor: m.opt.Actor.Name}
	if r := m.here(); r != nil && r.subject.id != 0 {
		switch r.subject.list() {
		case paneFlags:
			l.Room, l.Flag = r.info.ID, r.subject.id
		case paneCases:
			l.Room, l.Case = r.info.ID, r.subject.id
		}
	}
	if l != m.look {
		m.look = l
		m.opt.Updates.Look(l)
	}
}

// setLooks takes in what others look at now, or no more.
func (w *world) setLooks(looks []moderation.Look) {
	for _, l := range looks {
		if w.looks == nil {
			w.looks = map[int64]moderation.Look{}
		}
		if l.At() {
			w.looks[l.Console] = l
		} else {
			delete(w.looks, l.Console)
		}
	}
}

// lookers names who else looks at a flag or a case, "" where nobody does.
func (m *Model) lookers(flag, incident int64) string {
	var names []string
	for _, l := range m.looks {
		if l.Flag == flag && l.Case == incident && l.Actor != m.opt.Actor.Name {
			names = append(names, l.Actor)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, n := range names {
		names[i] = m.by(n)
	}
	return strings.Join(names, " ")
}

// lookMark is who else looks, as rows show it.
func (m *Model) lookMark(flag, incident int64) string {
	if names := m.lookers(flag, incident); names != "" {
		return "◉" + names + " "
	}
	return ""
}
