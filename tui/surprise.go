package tui

import "time"

// pause is how long nobody may have pressed a key before a dialog that opened by
// itself takes one: a person who types leaves a third of a second between keys,
// and needs longer to see that something new stands there.
const pause = 400 * time.Millisecond

// surprise is a dialog that opened by itself and was not answered yet.
type surprise struct {
	dialog dialog
	quiet  time.Time // when it takes keys if none comes before
}

// surprised notes that the dialog now open was opened by no key. What was open
// before stays, and the new one waits for its end.
func (m *Model) surprised(before dialog) {
	switch {
	case m.dialog == nil || m.dialog == before:
	case before != nil:
		m.later, m.dialog = m.dialog, before
	default:
		m.unasked = surprise{m.dialog, m.opt.Wall().Add(pause)}
	}
}

// startled tells whether a key comes too early for the dialog that is open.
func (m *Model) startled() bool {
	if m.unasked.dialog != m.dialog {
		return false
	}
	now := m.opt.Wall()
	if now.Before(m.unasked.quiet) {
		m.unasked.quiet = now.Add(pause)
		return true
	}
	m.unasked = surprise{}
	return false
}
