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

// The timeline is the broadcast so far: which product was on air when, below it
// where flags, corrections, gaps and surges lie, and on a large terminal how much
// was said. It stands above the panes where there is room for it.
const (
	maxTimeline  = 3
	timelineFrom = 36 // rows of a terminal that has room for it
	timelineEdge = 7  // the time it starts at
	timelineCap  = 500
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
	from   time.Time // of the first of counts
	step   time.Duration
	counts []int64 // of chat, before what the screen was told of
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
		reader, ctx, from, to, told := m.opt.Desk.Reader(), m.ctx, r.info.StartedAt, r.now(m.opt.Clock()), r.pulse.begins()
		cmds = append(cmds, func() tea.Msg {
			events, err := reader.EventsOf(ctx, id, []feed.Kind{feed.KindProduct, feed.KindGap}, from, to, timelineCap)
			read := turnsRead{room: id, events: events, from: from, step: max(pulseStep, told.Sub(from)/pulseCap), err: err}
			if err == nil && told.After(from) {
				read.counts, read.err = reader.Tally(ctx, id, []feed.Kind{feed.KindChat}, from, told, read.step)
			}
			return read
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
	for i, n := range msg.counts {
		if n > 0 {
			r.pulse.add(msg.from.Add(time.Duration(i)*msg.step), int32(n))
		}
	}
}

func (m *Model) hasTimeline() bool {
	return m.view == viewLive && !m.zoom && !m.zen && m.class() >= classMedium && m.h >= timelineFrom && m.here() != nil
}

// timelineHeight is how many rows the timeline has where there is one.
func (m *Model) timelineHeight() int {
	if m.class() >= classLarge {
		return maxTimeline
	}
	return maxTimeline - 1
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
	legend := " ▲" + m.t.T("pane.flags") + " ○" + m.t.T("timeline.corrected") + " ▒" + m.t.T("timeline.gap") + " ≈" + m.t.T("timeline.surge") + " "
	n := w - timelineEdge - cells("▹"+legend)
	if from.IsZero() || !to.After(from) || n < 20 {
		return append([]string{m.timelineEmpty(w)}, blankRows(m.timelineHeight()-1, w)...)
	}
	cell := func(at time.Time) int {
		return max(0, min(n-1, int(at.Sub(from)*time.Duration(n)/to.Sub(from))))
	}
	top := newRow(w, style{}).gap(1).own(m.th.dim, from.In(r.zone).Format("15:04"))
	top.to(timelineEdge)
	m.productTrack(r, top, n, cell)
	top.own(m.th.fine, "▹").own(m.th.dim, legend)
	t := m.tracks(r, n, cell)
	marks := newRow(w, style{}).to(timelineEdge)
	signRow(marks, t.marks)
	rows := []string{top.done(), marks.done()}
	if m.timelineHeight() > len(rows) {
		said := newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("pane.chat")).to(timelineEdge)
		signRow(said, t.pulse)
		rows = append(rows, said.done())
	}
	for k := range rows {
		m.mark(bodyTop+m.drawing.screen.Heads-len(rows)+k, timelineEdge, timelineEdge+n, func(m *Model, x int) tea.Cmd {
			return m.goTo(r, from.Add(to.Sub(from)*time.Duration(x)/time.Duration(n)), paneCount)
		})
	}
	return rows
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
	rankSurge = iota + 1
	rankSettled
	rankGap
	rankCorrected
	rankLow
	rankMedium
	rankHigh
	rankHere
)

// track is what lies on the timeline, cell by cell.
type track struct {
	key   trackKey
	marks []sign
	pulse []sign
}

// trackKey is what a track was made for: time moves on by less than a cell
// between frames, and a room may have thousands of flags.
type trackKey struct {
	n, flags, gaps int
	second         int64
	at             time.Time
}

func (m *Model) tracks(r *room, n int, cell func(time.Time) int) *track {
	key := trackKey{n, r.flags.changes, len(r.gaps), r.now(m.opt.Clock()).Unix(), r.at}
	if r.track.key == key && r.track.marks != nil {
		return &r.track
	}
	r.track = track{key: key, marks: make([]sign, n), pulse: make([]sign, n)}
	m.layPulse(r, &r.track, cell)
	m.layMarks(r, r.track.marks, cell)
	return &r.track
}

func (m *Model) layMarks(r *room, track []sign, cell func(time.Time) int) {
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
}

// layPulse draws how much was said, and marks where it was far more than usual.
func (m *Model) layPulse(r *room, t *track, cell func(time.Time) int) {
	counts := r.pulse.cells(len(t.pulse), cell)
	most := max(slices.Max(counts), 1)
	for i, surge := range surges(counts) {
		if counts[i] == 0 {
			continue
		}
		t.pulse[i] = sign{1, m.th.dim, string([]rune(bars)[counts[i]*7/most])}
		if surge {
			t.pulse[i].st = m.th.need
			t.marks[i] = sign{rankSurge, m.th.need, "≈"}
		}
	}
}

// signRow draws a track.
func signRow(row *rowBuf, track []sign) {
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
