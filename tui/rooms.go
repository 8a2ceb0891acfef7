package tui

import (
	"strconv"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of the overview. Each room has a card of as many rows as there is
// room for: its state and what needs a person, what comes in, what is on air, its
// sources with what each can be asked to do, and then what waits most. The
// selected card is the room that the other workspaces show, so that going there
// needs one key.

// cardRows are the least and the most rows of a card.
const (
	leastCard = 2
	mostCard  = 10
)

// roomsRows draws the cards in the order in which the rooms became known.
func (m *Model) roomsRows(w, h int) []string {
	n := len(m.order)
	if n == 0 {
		return m.prose(m.t.T("empty.rooms"), w, h)
	}
	tall := m.cardHeight(h)
	rows := blankRows(h, w)
	for i := m.firstCard(h); i < n; i++ {
		y := (i - m.firstCard(h)) * tall
		if y >= h {
			break
		}
		for k, line := range m.card(i, w, tall) {
			if y+k < h {
				rows[y+k] = line
				m.note(paneRooms, y+k, h, int64(i+1))
			}
		}
	}
	return rows
}

// cardHeight is how many rows each card has.
func (m *Model) cardHeight(h int) int {
	return max(leastCard, min(mostCard, h/max(len(m.order), 1)))
}

// firstCard is the first room in view: all of them where they fit, else from
// where the present one is in view.
func (m *Model) firstCard(h int) int {
	fit := max(h/m.cardHeight(h), 1)
	return max(0, min(m.roomAt()-fit/2, len(m.order)-fit))
}

// Widths of a card's columns.
const (
	cardIndent = 4
	cardName   = 22
	cardState  = 30
	cardCell   = 26
)

// card draws a room in n rows, the last of them empty where there is room for it.
func (m *Model) card(i, w, n int) []string {
	r := m.rooms[m.order[i]]
	here := m.order[i] == m.current
	base := style{}
	if here {
		base = m.th.rest
		if m.focused() == paneRooms {
			base = m.th.pick
		}
	}
	lines := []func(*rowBuf){
		func(row *rowBuf) { m.cardHead(r, row) }, func(row *rowBuf) { m.cardRates(r, row) }, func(row *rowBuf) { m.cardOnAir(r, row) },
	}
	if n > len(lines)+3 { // what waits for a person keeps a place
		sources := m.cardSources(r)
		lines = append(lines, sources[:min(len(sources), n-len(lines)-3)]...)
	}
	if n > len(lines)+1 {
		lines = append(lines, m.cardItems(r, n-len(lines)-1)...)
	}
	if n >= 4 {
		lines = lines[:min(len(lines), n-1)]
	}
	var rows []string
	for k, line := range lines[:min(len(lines), n)] {
		row := newRow(w, base)
		switch {
		case k > 0:
			row.gap(cardIndent)
		case here:
			row.own(m.th.focus, "▌").own(m.th.key, right(strconv.Itoa(i+1), 2)+" ")
		default:
			row.gap(1).own(m.th.dim, right(strconv.Itoa(i+1), 2)+" ")
		}
		line(row)
		rows = append(rows, row.done())
	}
	return append(rows, blankRows(n-len(rows), w)...)
}

// cardItems are what waits most in a room, flags before cases, at most n of them.
func (m *Model) cardItems(r *room, n int) []func(*rowBuf) {
	var out []func(*rowBuf)
	for _, rec := range r.flags.rows() {
		if len(out) == max(n*2/3, 1) || !waiting(&rec.v) {
			break
		}
		f := &rec.v
		out = append(out, func(row *rowBuf) {
			mark, st := m.severity(f.Finding.Severity)
			row.own(st, mark).gap(1).own(m.th.dim, r.clock(f.At)+" ").own(m.th.strong, m.padded("category", string(f.Finding.Category), categoryCells)).gap(1)
			row.show(m.th.dim, sku(f.Finding.SKU)).gap(1).show(m.th.plain, feed.Sanitise(f.Finding.Said))
		})
	}
	for _, rec := range r.cases.rows() {
		if len(out) == n || over(rec.v.State) {
			break
		}
		c := &rec.v
		out = append(out, func(row *rowBuf) {
			left, st, mark := m.dueIn(c)
			row.own(st, orSpace(mark)).gap(1).own(st, left).to(cardIndent + markWidth + dueWidth).gap(1)
			row.own(m.th.strong, caseNumber(c.ID)+" ").show(m.th.plain, m.wordsOf(c.Title, c.ID))
		})
	}
	return out
}

// cardHead names the room, whether it runs, and what waits there.
func (m *Model) cardHead(r *room, row *rowBuf) {
	row.show(m.th.strong, r.name().Truncate(cardName-1)).to(cardIndent + cardName)
	m.roomState(r, row)
	row.to(cardIndent + cardName + cardState)
	m.cardFlags(r, row)
	m.cardCases(r, row)
}

func (m *Model) cardFlags(r *room, row *rowBuf) {
	t := r.tally(m.opt.Clock())
	st := m.th.fine
	if t.waits > 0 {
		st = m.th.need
		if t.top == claims.SeverityHigh {
			st = m.th.wrong
		}
	}
	at := row.used
	row.own(m.th.dim, m.t.T("status.flags")+" ").own(st, strconv.Itoa(t.waits)).gap(1)
	if !t.oldestFlag.IsZero() {
		row.own(m.th.dim, m.t.T("rooms.oldest", m.brief(r.now(m.opt.Clock()).Sub(t.oldestFlag)))+" ")
	}
	row.to(at + cardCell)
}

func (m *Model) cardCases(r *room, row *rowBuf) {
	t := r.tally(m.opt.Clock())
	row.own(m.th.dim, m.t.T("status.cases")+" ").own(m.th.plain, strconv.Itoa(t.open)).gap(1)
	if t.late > 0 {
		row.own(m.th.need, m.t.T("case.soon", t.late)+" ")
	}
	if t.oldestCase != 0 {
		row.own(m.th.dim, m.t.T("rooms.oldest_case", caseNumber(t.oldestCase), m.brief(m.opt.Clock().Sub(t.openedAt)))+" ")
	}
}

// cardRates shows how much comes in, and what did not.
func (m *Model) cardRates(r *room, row *rowBuf) {
	now := r.now(m.opt.Clock())
	row.own(m.th.dim, m.t.T("pane.chat")+" ").own(m.th.plain, m.t.T("rate.second", perSecond(r.chatRate.sum(now, 10), 10))).gap(1)
	row.own(m.th.dim, r.chatRate.spark(now, 8, 5)).to(cardIndent + cardName)
	row.own(m.th.dim, m.t.T("pane.orders")+" ").own(m.th.plain, m.t.T("rate.minute", grouped(r.orderRate.sum(now, 60)))).gap(1)
	row.own(m.th.dim, r.orderRate.spark(now, 8, 15)).gap(1).to(cardIndent + cardName + cardState)
	at := row.used
	if n := len(r.gaps); n > 0 {
		row.own(m.th.need, "▒ "+m.t.T("rooms.gaps", n, r.clock(r.gaps[n-1].from))+" ")
	} else {
		row.own(m.th.fine, m.t.T("rooms.no_gap")+" ")
	}
	if r.skipped > 0 {
		row.own(m.th.dim, m.t.T("title.skipped", grouped(r.skipped))+" ")
	}
	row.to(at + cardCell)
	m.cardSource(r, row)
}

// cardSource tells how many of the room's sources deliver, and what is wrong
// with the worst of the others.
func (m *Model) cardSource(r *room, row *rowBuf) {
	row.own(m.th.dim, m.t.T("rooms.sources", r.counts(feed.StateLive), len(r.sources))+" ")
	if s := r.down(); s != nil {
		row.own(m.th.wrong, m.t.T("rooms.down", r.clock(s.Since))+" ").show(m.th.dim, feed.Sanitise(s.Source).Truncate(24)).gap(1)
	}
	if r.unknown > 0 { // a platform that calls its gifts otherwise shows a quiet room
		row.own(m.th.need, m.t.T("rooms.unknown", grouped(r.unknown))+" ").show(m.th.dim, r.unknownKind.Truncate(24))
	}
}

// cardOnAir shows what is being sold, and the complaints.
func (m *Model) cardOnAir(r *room, row *rowBuf) {
	row.own(m.th.dim, m.t.T("pane.complaints")+" ").own(m.th.plain, strconv.Itoa(len(r.complaints.by))).to(cardIndent + cardName)
	turn, ok := r.turnAt()
	if !ok {
		row.own(m.th.dim, m.t.T("rooms.nothing_on_air"))
		return
	}
	row.own(m.th.focus, "▸ ").show(m.th.plain, feed.Sanitise(m.productName(r, turn.sku)))
}

// tally is what a room's tables come to.
type tally struct {
	flagChanges, caseChanges int
	second                   int64 // of the desk's clock: what is late hangs on it

	waits      int
	top        claims.Severity
	oldestFlag time.Time
	open, late int
	oldestCase int64
	openedAt   time.Time
}

// tally counts anew when a table changed, and what is late every second: frames
// come far more often.
func (r *room) tally(clock time.Time) *tally {
	t := &r.tallied
	if t.flagChanges != r.flags.changes {
		r.tallyFlags(t)
	}
	if t.caseChanges != r.cases.changes || t.second != clock.Unix() {
		r.tallyCases(t, clock)
	}
	return t
}

func (r *room) tallyFlags(t *tally) {
	t.flagChanges, t.waits, t.top, t.oldestFlag = r.flags.changes, 0, claims.SeverityLow, time.Time{}
	for _, f := range r.flags.by {
		if !waiting(&f.v) {
			continue
		}
		t.waits++
		if rankOf(f.v.Finding.Severity) < rankOf(t.top) {
			t.top = f.v.Finding.Severity
		}
		if t.oldestFlag.IsZero() || f.v.At.Before(t.oldestFlag) {
			t.oldestFlag = f.v.At
		}
	}
}

func (r *room) tallyCases(t *tally, clock time.Time) {
	t.caseChanges, t.second, t.open, t.late, t.oldestCase = r.cases.changes, clock.Unix(), 0, 0, 0
	for _, c := range r.cases.by {
		if over(c.v.State) {
			continue
		}
		t.open++
		if !c.v.DueAt.IsZero() && c.v.DueAt.Sub(clock) < dueSoon {
			t.late++
		}
		if t.oldestCase == 0 || olderCase(&c.v, t) {
			t.oldestCase, t.openedAt = c.id, c.v.OpenedAt
		}
	}
}

func olderCase(c *moderation.Case, t *tally) bool {
	if c.OpenedAt.Equal(t.openedAt) {
		return c.ID < t.oldestCase
	}
	return c.OpenedAt.Before(t.openedAt)
}

// brief writes a length of time in a few cells: 45s, 12m, 3h07m.
func (m *Model) brief(d time.Duration) string {
	if d = max(d, 0); d < time.Minute {
		return m.t.T("clock.seconds", int(d.Seconds()))
	}
	return m.hours(d)
}
