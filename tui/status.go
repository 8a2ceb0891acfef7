package tui

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// statusLine tells the room, whether it runs, the rates, what waits for a
// person and whether the record is written. What matters least goes first when
// there is no room for it.
func (m *Model) statusLine(w int) string {
	r := m.here()
	if r == nil {
		row := newRow(w, style{}).gap(1).own(m.th.strong, "liveroom").gap(2)
		row.own(m.th.dim, m.t.T("status.no_room"))
		return row.end(m.th.dim, m.keymap.label("help")+" ").done()
	}
	right := m.statusRight(r)
	row := newRow(w, style{}).gap(1)
	if len(m.order) > 1 {
		row.own(m.th.dim, strconv.Itoa(m.roomAt()+1)+"/"+strconv.Itoa(len(m.order))+" ")
	}
	row.show(m.th.strong, r.name().Truncate(max(w/5, 8))).gap(1)
	m.roomState(r, row)
	for _, p := range m.statusMiddle(r, w) {
		if row.left() < p.width()+right.width()+4 {
			break
		}
		row.gap(2)
		p.put(row)
	}
	row.gap(max(row.left()-right.width(), 1))
	right.put(row)
	m.markBinding("help", 0, row.used-cells(m.keymap.label("help"))-1, row.used)
	return row.done()
}

// words is a run of styled words whose width is known before it is placed.
type words []word

type word struct {
	st style
	s  string
}

func (ws words) width() (n int) {
	for _, x := range ws {
		n += cells(x.s)
	}
	return n
}

func (ws words) put(row *rowBuf) {
	for _, x := range ws {
		row.own(x.st, x.s)
	}
}

// roomState says what the room is doing, and since when on which clock.
func (m *Model) roomState(r *room, row *rowBuf) {
	now := r.now(m.opt.Clock())
	switch {
	case !r.info.EndedAt.IsZero():
		row.own(m.th.dim, "■ "+m.t.T("status.ended")+" ")
	case r.down() != nil:
		row.own(m.th.wrong, "▲ "+m.t.T("status.down")+" ")
	case r.counts(feed.StateLive) > 0:
		row.own(m.th.fine, "● "+m.t.T("status.live")+" ")
	case r.counts(feed.StateDialling) > 0:
		row.own(m.th.need, "◌ "+m.t.T("status.dialling")+" ")
	case len(r.sources) > 0:
		row.own(m.th.need, "■ "+m.t.T("status.sources_ended")+" ")
	default:
		row.own(m.th.need, "○ "+m.t.T("status.no_source")+" ")
	}
	if !r.info.StartedAt.IsZero() {
		row.own(m.th.plain, elapsed(r.until(now).Sub(r.info.StartedAt))).gap(1)
	}
	if row.w >= mediumFrom-1 {
		row.own(m.th.dim, r.clock(now))
	}
}

// elapsed writes how long a broadcast has been running.
func elapsed(d time.Duration) string {
	s := int(max(d, 0).Seconds())
	two := func(n int) string { return strconv.Itoa(100 + n%100)[1:] }
	return two(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
}

// statusMiddle lists what to show, most needed first.
func (m *Model) statusMiddle(r *room, w int) []words {
	now := r.now(m.opt.Clock())
	var parts []words
	n, top := r.undecided()
	st := m.th.fine
	if n > 0 {
		st = m.th.need
		if top == claims.SeverityHigh {
			st = m.th.wrong
		}
	}
	parts = append(parts, words{{m.th.dim, m.t.T("status.flags") + " "}, {st, strconv.Itoa(n)}})
	if stuck := m.stuckWords(); stuck != nil {
		parts = append(parts, stuck)
	}
	open, late := r.caseCounts(m.opt.Clock())
	cases := words{{m.th.dim, m.t.T("status.cases") + " "}, {m.th.plain, strconv.Itoa(open)}}
	if late > 0 {
		cases = append(cases, word{m.th.need, " " + m.t.T("case.soon", late)})
	}
	parts = append(parts, cases)
	if late := m.lateWords(r); late != nil {
		parts = append(parts, late)
	}
	if others := m.otherRooms(); len(others) > 0 {
		parts = append(parts, others)
	}
	chat := words{{m.th.dim, m.t.T("pane.chat") + " "}, {m.th.plain, m.t.T("rate.second", perSecond(r.chatRate.sum(now, 10), 10))}}
	orders := words{{m.th.dim, m.t.T("pane.orders") + " "}, {m.th.plain, m.t.T("rate.minute", grouped(r.orderRate.sum(now, 60)))}}
	complaints := words{{m.th.dim, m.t.T("pane.complaints") + " "}, {m.th.plain, m.t.T("rate.minute", grouped(r.complaintRate.sum(now, 60)))}}
	if w >= 130 {
		chat = append(chat, word{m.th.dim, " " + r.chatRate.spark(now, 8, 5)})
		orders = append(orders, word{m.th.dim, " " + r.orderRate.spark(now, 8, 15)})
		complaints = append(complaints, word{m.th.dim, " " + r.complaintRate.spark(now, 8, 15)})
	}
	return append(parts, chat, orders, complaints)
}

// otherRooms counts the flags that wait in the rooms not on the screen.
func (m *Model) otherRooms() words {
	var ws words
	for _, id := range m.order {
		if id == m.current {
			continue
		}
		other := m.rooms[id]
		if n, _ := other.undecided(); n > 0 {
			ws = append(ws, word{m.th.dim, other.name().Truncate(10).String()}, word{m.th.need, " △" + strconv.Itoa(n) + " "})
		}
	}
	return ws
}

// statusRight says whether the record is written.
func (m *Model) statusRight(_ *room) words {
	ws := words{}
	switch h := m.health; {
	case h == nil:
	case h.OK:
		ws = append(ws, word{m.th.dim, m.t.T("status.record") + " "}, word{m.th.fine, "✓ "}, word{m.th.dim, short(h.Events)})
	default:
		ws = append(ws, word{m.th.dim, m.t.T("status.record") + " "}, word{m.th.wrong, "✗ " + m.t.T("status.not_written")})
	}
	return append(ws, word{m.th.dim, "  "}, word{m.th.key, m.keymap.label("help")}, word{m.th.dim, " "})
}

// short writes a large count in three digits or so: 1.2M.
func short(n int64) string {
	switch {
	case n >= 1_000_000:
		return strconv.FormatInt(n/1_000_000, 10) + "." + strconv.FormatInt(n%1_000_000/100_000, 10) + "M"
	case n >= 10_000:
		return strconv.FormatInt(n/1000, 10) + "k"
	}
	return grouped(n)
}

// counts counts the sources in a state.
func (r *room) counts(state feed.State) (n int) {
	for _, s := range r.sources {
		if s.State == state {
			n++
		}
	}
	return n
}

// down is a source of the room that is not delivering, if there is one. One
// that is dialled again is down until it is live: only the first attempt is no
// outage.
func (r *room) down() *feed.Status {
	var worst *feed.Status
	for _, s := range r.sources {
		again := s.State == feed.StateDialling && (s.Reconnects > 0 || s.Err != nil)
		switch {
		case again, s.State == feed.StateWaiting, s.State == feed.StateBlocked, s.State == feed.StateFailed:
			if worst == nil || s.Since.Before(worst.Since) {
				worst = &s
			}
		}
	}
	return worst
}

// banner is what must not be overlooked, in our words, and behind it the reason
// in somebody else's. The reason has a row of its own, however long it is: what a
// peer says must not move the panes.
type banner struct {
	text      string
	reason    feed.Display
	hasReason bool
}

func because(text, reason string) banner { return banner{text, feed.Sanitise(reason), true} }

// banners lists what must not be overlooked, worst first.
func (m *Model) banners() []banner {
	var out []banner
	if m.lost != nil {
		out = append(out, because(m.t.T("banner.lost"), m.refusal(m.lost)))
	}
	if h := m.health; h != nil && !h.OK {
		out = append(out, because(m.t.T("banner.record", m.clockTime(h.Since)), h.Err))
	}
	if h := m.health; h != nil {
		for _, w := range h.Warnings {
			out = append(out, m.warningBanner(w))
		}
	}
	if r := m.here(); r != nil {
		if s := r.down(); s != nil {
			out = append(out, m.sourceBanner(r, s))
		}
		if r.skippedAt.Add(noticeFor).After(m.opt.Wall()) {
			out = append(out, banner{text: m.t.T("banner.skipped", r.clock(r.skippedFrom), grouped(r.skipped))})
		}
	}
	return out[:min(len(out), maxBanners)]
}

// warned are the banners of warnings, by topic.
var warned = map[string]string{
	"checker": "banner.unchecked", "checkpoint": "banner.unsigned", "rule": "banner.condition", "notice": "banner.untold", "perhaps": "banner.perhaps_told",
	"clock": "banner.jumped", "sheet_age": "banner.old_sheet", moderation.TopicStore: "banner.slow",
}

// warningBanner says since when, what a warning is about, and for which room where
// that is another than the one on the screen.
func (m *Model) warningBanner(w moderation.Warning) banner {
	said, reason := m.t.T(cmp.Or(warned[w.Topic], "banner.stale")), w.Text
	if m.t.Lang == text.ZH && w.ZH != "" {
		reason = w.ZH
	}
	if room, ok := strings.CutPrefix(w.Topic, moderation.TopicGoods); ok {
		said = m.t.T("banner.goods")
		if r := m.rooms[room]; r != nil && room != m.current {
			said = m.t.T("banner.goods_of", r.name().Truncate(24).String())
		}
	}
	if !w.Since.IsZero() {
		said = m.t.T("banner.since", m.clockTime(w.Since)) + said
	}
	return because(said, reason)
}

// clockTime is a time as the room's clock shows it.
func (m *Model) clockTime(at time.Time) string { return at.In(m.zone()).Format("15:04:05") }

// maxBanners leaves the panes their place; the rest waits its turn.
const maxBanners = 3

var manyRules = strings.Repeat("─", 512)

func (m *Model) zone() *time.Location {
	if r := m.here(); r != nil {
		return r.zone
	}
	return defaultZone
}

func (m *Model) sourceBanner(r *room, s *feed.Status) banner {
	reason := ""
	if s.Err != nil {
		reason = s.Err.Error()
	}
	name := feed.Sanitise(s.Source).Truncate(24).String()
	at := r.clock(s.Since)
	switch s.State {
	case feed.StateBlocked:
		return banner{text: m.t.T("banner.blocked", name, at)}
	case feed.StateFailed:
		return because(m.t.T("banner.failed", name, at), reason)
	}
	return because(m.t.T("banner.waiting", name, at, s.Reconnects), reason)
}

// bannerRows draws the banners. On a low screen the last ones wait, so that the
// panes keep their place.
func (m *Model) bannerRows(w int) []string {
	var rows []string
	for _, b := range m.banners() {
		rows = append(rows, newRow(w, m.th.banner).own(m.th.plain, " ! "+b.text).done())
		if b.hasReason {
			row := newRow(w, m.th.banner).gap(3)
			ends(row, m.th.plain, b.reason)
			rows = append(rows, row.done())
		}
	}
	return rows[:min(len(rows), max(m.h/6, 2))]
}

// ends shows a text with its middle left out where it does not fit: errors name
// the thing first and the cause last.
func ends(row *rowBuf, st style, d feed.Display) {
	free := row.left() - 1
	if d.Width() <= free || free < 8 {
		row.show(st, d.Truncate(max(free, 0)))
		return
	}
	head, _ := d.Cut(free / 2)
	_, tail := d.Cut(d.Width() - (free - free/2 - 2))
	row.show(st, head).own(st, "…").show(st, tail.Truncate(row.left()))
}

// noticeRow says what just happened, or what can be undone, or asks for the
// filter's words.
func (m *Model) noticeRow(w, y int) string {
	row := newRow(w, style{})
	line := func() string {
		row.own(m.th.rule, manyRules[:max(row.left(), 0)*len("─")])
		return row.done()
	}
	if m.filterAt >= 0 && m.line.wrong != nil {
		_, at := m.line.put(m, m.filterHead(w), filterSpare)
		return m.mistakeRow(w, at, m.line.wrong, "▼", "─")
	}
	now := m.opt.Wall()
	undo, what := words{}, ""
	if n := len(m.undo); n > 0 && m.undo[n-1].until.After(now) {
		what = m.undo[n-1].what
		undo = words{{m.th.need, " " + m.t.T("undo.line", seconds(m.undo[n-1].until.Sub(now)))}, {m.th.key, "[" + m.keymap.label("undo") + "] "}, {m.th.plain, what + " "}}
	}
	row.own(m.th.rule, "─")
	if m.notice.text != "" && m.notice.text != what {
		mark, st := " ✓ ", m.th.fine
		if m.notice.wrong {
			mark, st = " ✗ ", m.th.wrong
		}
		row.own(st, mark+m.notice.text).gap(1)
		if row.left() < undo.width() {
			return line()
		}
		row.own(m.th.rule, "──")
	}
	m.markBinding("undo", y, row.used, row.used+undo.width())
	undo.put(row)
	return line()
}

// footer lists the keys that are of use now, or holds the filter's input.
func (m *Model) footer(w, y int) string {
	row := newRow(w, style{}).gap(1)
	if m.filterAt >= 0 {
		row = m.filterHead(w)
		col, _ := m.line.put(m, row, filterSpare)
		m.setCaret(col, y)
		return row.end(m.th.dim, m.t.T("filter.hint")+" ").done()
	}
	if m.dialog != nil {
		return row.done() // the sheet names its own keys
	}
	hints := m.hints()
	for _, h := range hints {
		d := cells(h.key) + 1 + cells(h.text) + 2
		if row.left() < d {
			break
		}
		m.markBinding(h.id, y, row.used, row.used+d-2)
		row.own(m.th.key, h.key).gap(1).own(m.th.plain, h.text).gap(2)
	}
	return row.done()
}

// markBinding lets a click do what a key does.
func (m *Model) markBinding(id string, y, from, to int) {
	m.mark(y, from, to, func(m *Model, _ int) tea.Cmd {
		if b := m.keymap.find(id); b != nil && b.validIn(m.view, m.focused()) {
			return m.perform(b)
		}
		return nil
	})
}

// filterSpare is how many cells behind the filter's line the hint takes.
const filterSpare = 30

// filterHead begins the row of the filter's line.
func (m *Model) filterHead(w int) *rowBuf {
	return newRow(w, style{}).gap(1).own(m.th.key, "/").own(m.th.dim, m.t.T("pane."+paneKeys[m.filterAt])+" ")
}

// setCaret puts the hardware cursor at a cell, counted from 0.
func (m *Model) setCaret(x, y int) { m.caret.Store(int64(y+1)<<32 | int64(x+1)) }

func (m *Model) roomAt() int {
	for i, id := range m.order {
		if id == m.current {
			return i
		}
	}
	return 0
}
