package tui

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// sourcesOf are the room's sources in the order of their names.
func (r *room) sourcesOf() []feed.Status {
	return slices.SortedFunc(maps.Values(r.sources), func(a, b feed.Status) int { return cmp.Compare(a.Source, b.Source) })
}

// ableOf lists what a way can be asked to do.
func (m *Model) ableOf(w *moderation.Way) string {
	var can []string
	for _, kind := range w.Kinds {
		can = append(can, m.named("act", kind))
	}
	return strings.Join(can, " ")
}

// able is what a source itself can be asked to do, or that it only reads.
func (m *Model) able(r *room, source string) (words string, reads bool) {
	for _, w := range m.opt.Desk.Ways(r.info.ID) {
		if w.Source == source && source != "" {
			return m.ableOf(&w), false
		}
	}
	return m.t.T("source.reads_only"), true
}

// sourceCells is where on a card stands what a source can be asked to do.
const sourceCells = 34

// cardSources draws a row for each source, with what it can be asked to do, and for
// each system beside them.
func (m *Model) cardSources(r *room) []func(*rowBuf) {
	var out []func(*rowBuf)
	line := func(mark string, st style, name, can string, reads bool) {
		out = append(out, func(row *rowBuf) {
			row.own(st, mark).gap(1).show(m.th.plain, feed.Sanitise(name).Truncate(sourceCells-4)).to(cardIndent + sourceCells)
			if reads {
				row.own(m.th.dim, can)
				return
			}
			row.own(m.th.dim, m.t.T("source.can")+" ").own(m.th.plain, can)
		})
	}
	for _, s := range r.sourcesOf() {
		mark, st := "○", m.th.need
		switch s.State {
		case feed.StateLive:
			mark, st = "●", m.th.fine
		case feed.StateFailed, feed.StateBlocked, feed.StateWaiting:
			mark, st = "▲", m.th.wrong
		case feed.StateEnded:
			mark, st = "■", m.th.dim
		}
		can, reads := m.able(r, s.Source)
		line(mark, st, s.Source, can, reads)
	}
	for _, w := range m.opt.Desk.Ways(r.info.ID) {
		if w.Source == "" && w.Name != "" {
			line("→", m.th.focus, w.Name, m.ableOf(&w), false)
		}
	}
	return out
}

func noSource(m *Model) string {
	r := m.here()
	if r == nil || len(r.sources) == 0 && len(m.opt.Desk.Ways(r.info.ID)) == 0 {
		return "why.no_source"
	}
	return ""
}

// openSources lists the room's sources with what each can be asked to do.
func (m *Model) openSources() tea.Cmd {
	r := m.here()
	a := &ask{title: m.t.T("source.title", r.name().Truncate(24).String())}
	for _, s := range r.sourcesOf() {
		can, reads := m.able(r, s.Source)
		if !reads {
			can = m.t.T("source.can") + " " + can
		}
		a.lines = append(a.lines, s.Source+" ("+s.Protocol+") · "+m.named("connection", string(s.State))+" · "+can)
	}
	for _, w := range m.opt.Desk.Ways(r.info.ID) {
		if w.Source == "" && w.Name != "" {
			a.lines = append(a.lines, "→ "+w.Name+" · "+m.t.T("source.can")+" "+m.ableOf(&w))
		}
	}
	a.options = []option{{"n", m.t.T("source.close"), func(*Model) tea.Cmd { return nil }}}
	m.dialog = a
	return nil
}
