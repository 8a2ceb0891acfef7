package tui

import (
	"cmp"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// segmentOrder puts the newest of what was flagged first: a supervisor looks at
// what was decided just now.
func segmentOrder(a, b *record[moderation.Flag]) int {
	return cmp.Or(b.v.At.Compare(a.v.At), cmp.Compare(b.id, a.id))
}

// verdictCells lines up what stands behind who decided, by language.
var verdictCells = map[text.Lang]int{text.ZH: 13, text.EN: 15}

// segmentRows draws what was flagged with what became of it: who decided, and
// how long after it was said.
func (m *Model) segmentRows(r *room, rec *record[moderation.Flag], w int, base style, picked bool) []string {
	f := &rec.v
	mark, st := m.severity(f.Finding.Severity)
	row := newRow(w, base)
	m.bar(row, picked, st, mark).own(m.th.dim, r.clock(f.At)+" ")
	verdict, vs := m.verdict(f)
	row.own(vs, verdict).to(markWidth + timeWidth + verdictCells[m.t.Lang])
	took := ""
	if !f.DecidedAt.IsZero() && f.DecidedAt.After(f.At) && !waiting(f) {
		took = m.brief(f.DecidedAt.Sub(f.At))
	}
	row.own(m.th.dim, right(took, tookCells)+" ")
	row.own(m.th.strong, m.padded("category", string(f.Finding.Category), categoryCells)).gap(1)
	if f.Finding.SKU != "" {
		row.show(m.th.dim, sku(f.Finding.SKU)).gap(1)
	}
	return []string{row.show(m.th.plain, feed.Sanitise(f.Finding.Said)).done()}
}

// tookCells hold the time that a decision took.
const tookCells = 6

// verdict is what became of a flag, with a mark before the words.
func (m *Model) verdict(f *moderation.Flag) (string, style) {
	switch f.Status {
	case moderation.FlagConfirmed:
		return "✓" + m.t.T("flag.confirmed_by", m.by(f.DecidedBy)), m.th.fine
	case moderation.FlagDismissed:
		return "✗" + m.t.T("flag.dismissed_by", m.by(f.DecidedBy)), m.th.dim
	case moderation.FlagSnoozed:
		return "z" + m.t.T("flag.snoozed"), m.th.need
	}
	return "○" + m.t.T("flag.undecided"), m.th.need
}
