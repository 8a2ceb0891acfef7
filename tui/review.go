package tui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

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

// sampleKinds are what a spot check can be drawn by.
var sampleKinds = []moderation.SampleBy{moderation.SampleRandom, moderation.SampleHost, moderation.SampleRule, moderation.SampleModerator}

// usualSample is how many flags of each part a spot check begins with.
const usualSample = "10"

// askCheck plans a spot check of the room's decisions: what it is drawn by, then
// how many of each.
func (m *Model) askCheck() tea.Cmd {
	r := m.here()
	room, name := r.info.ID, r.name().Truncate(24).String()
	a := &ask{title: m.t.T("ask.plan", name)}
	for _, by := range sampleKinds {
		a.add(m.named("sample", string(by)), func(m *Model) tea.Cmd {
			m.dialog = &form{
				title: m.t.T("form.plan", name, m.named("sample", string(by))), hint: m.t.T("form.deed_hint"), needed: true, line: newInput(usualSample),
				send: func(m *Model, s string) tea.Cmd {
					n, err := strconv.Atoi(strings.TrimSpace(s))
					if err != nil || n <= 0 {
						m.complain(m.t.T("why.bad_count", s))
						return nil
					}
					title := m.t.T("form.plan_title", m.named("sample", string(by)), n, r.stamp(m.opt.Clock()))
					return m.act(moderation.PlanSpotCheck{Room: room, Title: title, Plan: moderation.SamplePlan{By: by, Size: n}}, name)
				},
			}
			return nil
		})
	}
	m.dialog = a
	return nil
}

// nothingDecided tells why there is nothing to draw a spot check from.
func nothingDecided(m *Model) string {
	r := m.here()
	if r == nil || !slices.ContainsFunc(r.segments.rows(), func(f *record[moderation.Flag]) bool { return !waiting(&f.v) }) {
		return "why.nothing_decided"
	}
	return ""
}
