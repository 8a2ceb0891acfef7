package tui

import (
	"strconv"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

// Widths of what every feed has at its left edge, so that the eye can run
// across panes: a mark, the time, a space.
const (
	markWidth = 2
	timeWidth = 9
)

// maxSpeechRows bounds one sentence in the speech pane.
const maxSpeechRows = 4

// clock writes a time of day in the room's zone, in 8 cells. On another day
// than the broadcast began it tells how many days later: +3d15:57.
func (r *room) clock(t time.Time) string {
	if t.IsZero() {
		return "--:--:--"
	}
	t = t.In(r.zone)
	if r.info.StartedAt.IsZero() {
		return t.Format("15:04:05")
	}
	switch days := day(t) - day(r.info.StartedAt.In(r.zone)); {
	case days == 0:
		return t.Format("15:04:05")
	case days > 0 && days < 10:
		return "+" + strconv.Itoa(days) + "d" + t.Format("15:04")
	}
	return t.Format("06-01-02")
}

// day numbers the days of a zone's calendar.
func day(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// stamp writes a time with its date, for a detail.
func (r *room) stamp(t time.Time) string {
	if t.IsZero() {
		return "--:--:--"
	}
	return t.In(r.zone).Format("01-02 15:04:05")
}

// itemsOf gives a list pane's items.
func (m *Model) itemsOf(r *room, p pane) items {
	one := func(int, bool) int { return 1 }
	switch p {
	case paneSpeech:
		entries := r.ring(p).shown()
		w := m.widthOf(p)
		return entryItems{entries, func(i int, _ bool) int { return len(m.speechRows(r, entries[i], w)) }}
	case paneChat:
		return entryItems{r.ring(p).shown(), one}
	case paneFlags:
		w := m.widthOf(p)
		return recordItems[moderation.Flag]{&r.flags, func(i int, picked bool) int {
			if !picked {
				return 1
			}
			return len(m.flagRows(r, r.flags.rows()[i], w, style{}, true))
		}}
	case paneOrders:
		return recordItems[moderation.Order]{&r.orders, one}
	case paneComplaints:
		return recordItems[moderation.Complaint]{&r.complaints, one}
	case paneSegments:
		return recordItems[moderation.Flag]{&r.segments, one}
	case paneCases, paneChecks, paneAppeals:
		return recordItems[moderation.Case]{r.casesIn(p), one}
	}
	return recordItems[moderation.Case]{&table[moderation.Case]{}, one}
}

// widthOf is the width of a pane's rows.
func (m *Model) widthOf(p pane) int {
	if c, _, ok := m.screen().find(p); ok {
		return c.W
	}
	return 40
}

// listRows draws the list of a pane in h rows.
func (m *Model) listRows(r *room, p pane, w, h int) []string {
	it, l := m.itemsOf(r, p), &r.lists[p]
	if it.Len() == 0 {
		return m.emptyRows(r, p, w, h)
	}
	rows := blankRows(h, w)
	out := l.draw(it, h)
	if n := it.Len(); !l.following() && len(out) > 0 && out[len(out)-1].i == n-1 {
		l.seen = it.ID(n - 1) // what is before a person's eyes is no news
	}
	for _, pl := range out {
		picked := l.pickedAt(it, pl.i)
		if r.shown[p] != nil {
			r.shown[p][it.ID(pl.i)] = true
		}
		for k, line := range m.itemRows(r, p, pl.i, w, picked) {
			if y := pl.row + k; y >= 0 && y < h {
				if k == 0 && !picked && it.ID(pl.i) == l.held && r.standsAt(p, pl.i) {
					line = m.momentMark(line)
				}
				rows[y] = line
				m.note(p, y, h, it.ID(pl.i))
			}
		}
	}
	return rows
}

// itemRows draws one item; only rows that are not picked come from a cache.
func (m *Model) itemRows(r *room, p pane, i, w int, picked bool) []string {
	base := style{}
	if picked {
		base = m.th.rest
		if m.focused() == p {
			base = m.th.pick
		}
	}
	switch p {
	case paneSpeech:
		e := r.ring(p).shown()[i]
		if picked {
			return m.makeSpeech(r, e, w, base, true)
		}
		return m.speechRows(r, e, w)
	case paneChat:
		e := r.ring(p).shown()[i]
		if picked {
			return m.makeChat(r, e, w, base, true)
		}
		return e.cache.get(w, e.version, func() []string { return m.makeChat(r, e, w, base, false) })
	case paneFlags:
		return m.flagRows(r, r.flags.rows()[i], w, base, picked)
	case paneOrders:
		return m.orderRows(r, r.orders.rows()[i], w, base, picked)
	case paneComplaints:
		return m.complaintRows(r, r.complaints.rows()[i], w, base, picked)
	case paneSegments:
		return m.segmentRows(r, r.segments.rows()[i], w, base, picked)
	case paneCases, paneChecks, paneAppeals:
		return m.caseRows(r, r.casesIn(p).rows()[i], w, base, picked)
	}
	return nil
}

func (m *Model) speechRows(r *room, e *entry, w int) []string {
	return e.cache.get(w, e.version, func() []string { return m.makeSpeech(r, e, w, style{}, false) })
}

// bar opens a row with the mark of the selection, or another mark.
func (m *Model) bar(row *rowBuf, picked bool, st style, mark string) *rowBuf {
	if picked {
		return row.own(m.th.focus, "▌").own(st, orSpace(mark))
	}
	return row.gap(1).own(st, orSpace(mark))
}

func orSpace(s string) string {
	if s == "" {
		return " "
	}
	return s
}

// makeSpeech draws a sentence with its suspicious words marked: underlined, and
// with the mark of the worst of them in the gutter.
func (m *Model) makeSpeech(r *room, e *entry, w int, base style, picked bool) []string {
	switch e.ev.Kind {
	case feed.KindProduct:
		return []string{m.makeOnAir(r, e, w, base, picked)}
	case feed.KindGap:
		return []string{m.makeGap(r, e, w, base, picked)}
	}
	marks := mergeMarks(r.spans(e))
	st, gutter, gutterStyle := m.th.plain, "", m.th.plain
	if len(marks) > 0 {
		worst := marks[0].severity
		for _, k := range marks {
			if rankOf(k.severity) < rankOf(worst) {
				worst = k.severity
			}
		}
		gutter, gutterStyle = m.severity(worst)
	}
	if e.ev.Speech != nil && e.ev.Speech.Partial {
		st = m.th.dim
	}
	head := feed.Display{}
	if e.ev.User.Role != feed.RoleHost && e.name.Width() > 0 {
		head = e.name.Truncate(10)
	}
	indent := markWidth + timeWidth
	lines := e.ev.Shown.Wrap(max(w-indent-headWidth(head), 8))
	var rows []string
	at := 0
	for k, line := range lines {
		row := newRow(w, base)
		if k == 0 {
			m.bar(row, picked, gutterStyle, gutter).own(m.th.dim, r.clock(e.ev.At)+" ")
		} else {
			m.bar(row, picked, m.th.plain, "").gap(timeWidth)
		}
		if k == 0 && head.Width() > 0 {
			row.show(m.th.dim, head).own(m.th.dim, ": ")
		} else {
			row.gap(headWidth(head))
		}
		last := k == maxSpeechRows-1 && len(lines) > maxSpeechRows
		if last && line.Width() > 1 {
			line, _ = line.Cut(line.Width() - 1)
		}
		m.marked(row, line, at, marks, st)
		if last {
			row.own(m.th.dim, "…")
		}
		at += line.Width()
		rows = append(rows, row.done())
		if last {
			break
		}
	}
	return rows
}

func headWidth(d feed.Display) int {
	if d.Width() == 0 {
		return 0
	}
	return d.Width() + 2
}

// marked appends a line that starts at column at of its text, underlining what
// the marks cover.
func (m *Model) marked(row *rowBuf, line feed.Display, at int, marks []mark, st style) {
	for _, k := range marks {
		if k.to <= at || line.Width() == 0 {
			continue
		}
		if k.from > at {
			var head feed.Display
			head, line = line.Cut(k.from - at)
			row.show(st, head)
			at += head.Width()
		}
		var hit feed.Display
		hit, line = line.Cut(max(k.to-at, 0))
		row.show(m.th.doubt, hit)
		at += hit.Width()
	}
	row.show(st, line)
}

// severity is the mark of a severity and its colour.
func (m *Model) severity(s claims.Severity) (string, style) {
	switch s {
	case claims.SeverityHigh:
		return "▲", m.th.wrong
	case claims.SeverityMedium:
		return "△", m.th.need
	}
	return "▵", m.th.dim
}

func (m *Model) makeOnAir(r *room, e *entry, w int, base style, picked bool) string {
	row := newRow(w, base)
	m.bar(row, picked, m.th.focus, "▸").own(m.th.dim, r.clock(e.ev.At)+" ")
	row.own(m.th.focus, m.t.T("feed.on_air")+" ")
	if p := e.ev.Product; p != nil {
		row.show(m.th.strong, feed.Sanitise(p.ID)).gap(1)
		if p.PriceFen > 0 {
			row.own(m.th.plain, money(p.PriceFen)+" ")
		}
		row.show(m.th.plain, feed.Sanitise(p.Title))
	}
	return row.done()
}

func (m *Model) makeGap(r *room, e *entry, w int, base style, picked bool) string {
	row := newRow(w, base)
	m.bar(row, picked, m.th.need, "▒").own(m.th.dim, r.clock(e.ev.At)+" ")
	g := e.ev.Gap
	if g == nil {
		return row.own(m.th.need, m.t.T("feed.gap_unknown")).done()
	}
	row.own(m.th.need, m.t.T("feed.gap", r.clock(g.From), r.clock(g.To), m.span(g.To.Sub(g.From))))
	if g.Lost >= 0 {
		row.own(m.th.need, " "+m.t.T("feed.gap_lost", grouped(g.Lost)))
	}
	return row.gap(1).show(m.th.dim, feed.Sanitise(g.Reason)).done()
}

// makeChat draws one message. The message is untrusted and stands last.
func (m *Model) makeChat(r *room, e *entry, w int, base style, picked bool) []string {
	if e.ev.Kind == feed.KindGap {
		return []string{m.makeGap(r, e, w, base, picked)}
	}
	mark, markStyle := m.actMark(r, e)
	st := m.th.plain
	if e.retracted {
		st = m.th.struck
	}
	switch {
	case mark == "✗" || mark == "↺":
	case e.retracted:
		mark, markStyle = "⌫", m.th.dim
	case e.ev.Kind == feed.KindComplaint || r.grieved[e.ev.Index]:
		mark, markStyle = "⚑", m.th.need
	case e.ev.Kind == feed.KindGift || e.ev.Kind == feed.KindSystem:
		mark, markStyle, st = "·", m.th.dim, m.th.dim
	}
	row := newRow(w, base)
	m.bar(row, picked, markStyle, mark).own(m.th.dim, r.clock(e.ev.At)+" ")
	if e.retracted {
		row.own(m.th.dim, m.t.T("feed.retracted")+" ")
	}
	if e.name.Width() > 0 {
		nameStyle := m.th.dim
		if e.ev.User.Role == feed.RoleHost || e.ev.User.Role == feed.RoleAssistant || e.ev.User.Role == feed.RoleModerator {
			nameStyle = m.th.focus
		}
		row.show(nameStyle, e.name.Truncate(max(w/4, 8))).own(m.th.dim, ": ")
	}
	return []string{row.show(st, e.ev.Shown).done()}
}
