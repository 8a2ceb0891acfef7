package tui

import (
	"liveroom/feed"
	"liveroom/moderation"
)

// shows tells whether a pane is to be seen now: another one then need not say
// what it says.
func (m *Model) shows(p pane) bool {
	_, _, ok := m.screen().find(p)
	return ok
}

// evidenceRows draws what the case in hand rests on and what was done in it.
func (m *Model) evidenceRows(r *room, w, h int) []string {
	c := r.caseSubject()
	if c == nil {
		return m.emptyRows(r, paneEvidence, w, h)
	}
	d := &doc{m: m, w: w}
	m.caseMatters(r, d, c)
	m.caseNotes(r, d, c)
	if len(d.rows) == 0 {
		return m.prose(m.t.T("empty.no_evidence", caseNumber(c.ID)), w, h)
	}
	return m.window(r, paneEvidence, d.rows, w, h)
}

func (m *Model) caseNotes(r *room, d *doc, c *moderation.Case) {
	if len(c.Notes) > 0 {
		d.head(m.th.strong, m.t.T("case.notes", len(c.Notes)))
	}
	for _, n := range c.Notes {
		d.line("✎", m.th.dim, n.At.In(r.zone).Format("01-02 15:04")+" "+m.by(n.By)+" ", m.th.plain, feed.Sanitise(n.Text))
	}
}
