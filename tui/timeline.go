package tui

import (
	"cmp"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

// The timeline is the broadcast so far in two rows: which product was on air
// when, and below it where flags, corrections and gaps lie. It stands above the
// panes where there is room for it.
const (
	timelineHeight = 2
	timelineFrom   = 36 // rows of a terminal that has room for it
	timelineEdge   = 7  // the time it starts at
	timelineCap    = 500
)

// onAir is a product's turn on the timeline.
type onAir struct {
	index int64
	at    time.Time
	sku   string
	price int64 // fen; 0: not told
	stock int64
}

// hole is a gap on the timeline.
type hole struct {
	index    int64
	from, to time.Time
}

func (r *room) putOnAir(ev moderation.Recorded) {
	p := ev.Product
	if p == nil {
		return
	}
	if len(r.titles) < timelineCap {
		r.titles[p.ID] = p.Title
	}
	r.onAir = inOrder(r.onAir, onAir{ev.Index, ev.At, p.ID, p.PriceFen, p.Stock}, func(t onAir) int64 { return t.index })
}

func (r *room) putGap(ev moderation.Recorded) {
	if g := ev.Gap; g != nil {
		r.gaps = inOrder(r.gaps, hole{ev.Index, g.From, g.To}, func(h hole) int64 { return h.index })
	}
}

// inOrder adds what has an index to a short list in the order of the record,
// once, forgetting the oldest beyond the cap.
func inOrder[T any](list []T, x T, index func(T) int64) []T {
	i, found := slices.BinarySearchFunc(list, index(x), func(y T, at int64) int { return cmp.Compare(index(y), at) })
	if found {
		return list
	}
	list = slices.Insert(list, i, x)
	return list[max(0, len(list)-timelineCap):]
}

// turnsRead is what the record has for the timeline: a screen that is opened in
// the middle of a broadcast is told only of the newest events.
type turnsRead struct {
	room   string
	events []moderation.Recorded
	err    error
}

// readTurns asks for the timeline of each room that is seen for the first time.
func (m *Model) readTurns() tea.Cmd {
	var cmds []tea.Cmd
	for _, id := range m.order {
		r := m.rooms[id]
		if r.asked || r.info.StartedAt.IsZero() {
			continue
		}
		r.asked = true
		reader, ctx, from, to := m.opt.Desk.Reader(), m.ctx, r.info.StartedAt, r.now(m.opt.Clock())
		cmds = append(cmds, func() tea.Msg {
			events, err := reader.EventsOf(ctx, id, []feed.Kind{feed.KindProduct, feed.KindGap}, from, to, timelineCap)
			return turnsRead{id, events, err}
		})
	}
	return tea.Batch(cmds...)
}

func (m *Model) setTurns(msg turnsRead) {
	if msg.err != nil {
		m.complain(m.t.T("say.past_failed", m.refusal(msg.err)))
		return
	}
	r := m.room(msg.room)
	for _, ev := range msg.events {
		r.putOnAir(ev)
		r.putGap(ev)
	}
}

func (m *Model) hasTimeline() bool {
	return m.view == viewLive && !m.zoom && m.class() >= classMedium && m.h >= timelineFrom && m.here() != nil
}

// sign is what stands in a cell of the timeline; of several the one with the
// highest rank is drawn.
type sign struct {
	rank  int
	st    style
	glyph string
}

func (m *Model) timelineRows(w int) []string {
	if !m.hasTimeline() {
		return nil
	}
	r := m.here()
	from, to := r.info.StartedAt, r.until(r.now(m.opt.Clock()))
	legend := " ▲" + m.t.T("pane.flags") + " ○" + m.t.T("timeline.corrected") + " ▒" + m.t.T("timeline.gap") + " "
	n := w - timelineEdge - cells("▹"+legend)
	if from.IsZero() || !to.After(from) || n < 20 {
		return []string{m.timelineEmpty(w), spaces(w)}
	}
	cell := func(at time.Time) int {
		return max(0, min(n-1, int(at.Sub(from)*time.Duration(n)/to.Sub(from))))
	}
	top := newRow(w, style{}).gap(1).own(m.th.dim, from.In(r.zone).Format("15:04"))
	top.to(timelineEdge)
	m.productTrack(r, top, n, cell)
	top.own(m.th.fine, "▹").own(m.th.dim, legend)
	marks := newRow(w, style{}).to(timelineEdge)
	m.markTrack(r, marks, n, cell)
	for k := range timelineHeight {
		m.mark(bodyTop+m.drawing.screen.Heads-timelineHeight+k, timelineEdge, timelineEdge+n, func(m *Model, x int) tea.Cmd {
			return m.goTo(r, from.Add(to.Sub(from)*time.Duration(x)/time.Duration(n)), paneCount)
		})
	}
	return []string{top.done(), marks.done()}
}

func (m *Model) timelineEmpty(w int) string {
	return newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("timeline.empty")).done()
}

// productTrack draws each product's turn with its number, where it fits.
func (m *Model) productTrack(r *room, row *rowBuf, n int, cell func(time.Time) int) {
	start := row.used
	for i, turn := range r.onAir {
		begin, end := cell(turn.at), n
		if i+1 < len(r.onAir) {
			end = cell(r.onAir[i+1].at)
		}
		if end <= begin {
			continue
		}
		ruleTo(m, row, start+begin)
		name := feed.Sanitise(turn.sku)
		row.own(m.th.focus, "▸")
		if free := end - begin - 2; free >= 2 {
			row.show(m.th.plain, name.Truncate(free))
		}
	}
	ruleTo(m, row, start+n)
}

func ruleTo(m *Model, row *rowBuf, to int) {
	if k := to - row.used; k > 0 {
		row.own(m.th.rule, manyRules[:k*len("─")])
	}
}

// Ranks of signs: what waits for a person hides what is settled.
const (
	rankSettled = iota + 1
	rankGap
	rankCorrected
	rankLow
	rankMedium
	rankHigh
	rankHere
)

func (m *Model) markTrack(r *room, row *rowBuf, n int, cell func(time.Time) int) {
	track := make([]sign, n)
	put := func(at time.Time, s sign) {
		if c := cell(at); s.rank > track[c].rank {
			track[c] = s
		}
	}
	for _, g := range r.gaps {
		for c := cell(g.from); c <= cell(g.to); c++ {
			if rankGap > track[c].rank {
				track[c] = sign{rankGap, m.th.need, "▒"}
			}
		}
	}
	for _, f := range r.flags.by {
		put(f.v.At, m.flagSign(&f.v))
		if !f.v.Corrected.IsZero() {
			put(f.v.Corrected, sign{rankCorrected, m.th.fine, "○"})
		}
	}
	if !r.at.IsZero() {
		put(r.at, sign{rankHere, m.th.focus, "┃"})
	}
	for _, s := range track {
		if s.rank == 0 {
			row.gap(1)
			continue
		}
		row.own(s.st, s.glyph)
	}
}

func (m *Model) flagSign(f *moderation.Flag) sign {
	switch {
	case f.Review != 0:
		return sign{rankSettled, m.th.dim, "◇"}
	case f.Status == moderation.FlagDismissed:
		return sign{rankSettled, m.th.dim, "·"}
	case f.Status == moderation.FlagConfirmed:
		return sign{rankSettled, m.th.dim, "▲"}
	case f.Finding.Severity == claims.SeverityHigh:
		return sign{rankHigh, m.th.wrong, "▲"}
	case f.Finding.Severity == claims.SeverityMedium:
		return sign{rankMedium, m.th.need, "△"}
	}
	return sign{rankLow, m.th.dim, "▵"}
}
