package tui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
)

// View implements tea.Model. Every row is exactly one column narrower than the
// terminal. Panes are laid side by side by absolute column, so that text a
// terminal draws wider or narrower than measured moves nothing beside it.
func (m *Model) View() string {
	m.caret.Store(0)
	if m.w == 0 || m.h == 0 {
		return ""
	}
	s := m.screen()
	m.drawing = &picture{room: m.current, screen: s, dialog: m.dialog}
	if len(s.Columns) == 0 {
		return m.tooSmall(s)
	}
	lines := make([]string, 0, m.h)
	lines = append(lines, m.statusLine(s.W))
	lines = append(lines, m.bannerRows(s.W)...)
	lines = append(lines, m.timelineRows(s.W)...)
	body := m.body(s)
	top := len(lines)
	if m.dialog != nil {
		sheet := m.dialog.rows(m, s.W, len(body))
		m.drawing.sheet = top + len(body) - len(sheet)
		m.placeCaret(m.dialog, m.drawing.sheet)
		copy(body[len(body)-len(sheet):], sheet)
	}
	if m.filterAt >= 0 {
		offers := m.line.menu.rows(m, s.W, len(body))
		copy(body[len(body)-len(offers):], offers)
	}
	lines = append(lines, body...)
	lines = append(lines, m.noticeRow(s.W, len(lines)))
	lines = append(lines, m.footer(s.W, len(lines)))
	m.drawing.lines = lines
	m.glass.drew(m.drawing)
	return strings.Join(lines, "\n")
}

func (m *Model) tooSmall(s screen) string {
	rows := blankRows(s.H, max(s.W, 1))
	rows[0] = newRow(max(s.W, 1), style{}).own(m.th.plain, m.t.T("view.too_small", minWidth, minHeight)).done()
	return strings.Join(rows, "\n")
}

// body draws the columns and the rules between them.
func (m *Model) body(s screen) []string {
	top := bodyTop + s.Heads
	rows := make([]strings.Builder, s.H-top-footerHeight)
	titles := make([]map[int]bool, len(s.Columns))
	for i, c := range s.Columns {
		titles[i] = map[int]bool{}
		for _, sl := range c.Slots {
			titles[i][sl.Y-top] = true
		}
	}
	for y := range rows {
		// Where a terminal draws text narrower than measured, what the row held
		// before must not show through.
		rows[y].WriteString(eraseLine)
	}
	for i, c := range s.Columns {
		y := 0
		for _, sl := range c.Slots {
			for _, line := range m.slotRows(sl, c.X, c.W) {
				if i > 0 {
					rows[y].WriteString("\x1b[" + strconv.Itoa(c.X) + "G")
					rows[y].WriteString(m.th.rule.on + signs(junction(titles[i-1][y], titles[i][y], y == 0)) + reset)
				}
				rows[y].WriteString(line)
				y++
			}
		}
	}
	out := make([]string, len(rows))
	for y := range rows {
		out[y] = rows[y].String()
	}
	return out
}

const eraseLine = "\x1b[K"

// junction is the sign where rules meet.
func junction(left, right, top bool) string {
	switch {
	case left && right && top:
		return "┬"
	case left && right:
		return "┼"
	case left:
		return "┤"
	case right:
		return "├"
	}
	return "│"
}

// slotRows draws a slot: its title and the pane it shows. The title is made last:
// what the pane just drew is no longer new.
func (m *Model) slotRows(sl slot, x, w int) []string {
	rows := make([]string, 1, sl.H)
	if h := sl.H - 1; h > 0 {
		rows = append(rows, m.paneRows(sl.Shown, w, h)...)
	}
	title, tabs := m.title(sl, w)
	for _, t := range tabs {
		m.mark(sl.Y, x+t.from, x+t.to, func(m *Model, _ int) tea.Cmd {
			m.setFocus(t.pane)
			return m.detailCmd()
		})
	}
	rows[0] = title
	return rows
}

func (m *Model) paneRows(p pane, w, h int) []string {
	r := m.here()
	if r == nil {
		return m.waitingRows(p, w, h)
	}
	switch p {
	case paneDetail:
		return m.detailRows(r, w, h)
	case paneProduct:
		return m.productRows(r, w, h)
	case paneEvidence:
		return m.evidenceRows(r, w, h)
	case paneWindow:
		return m.windowRows(r, w, h)
	case panePolicy:
		return m.policyRows(r, w, h)
	case paneReply:
		return m.replyRows(r, w, h)
	case paneRules:
		return m.rulesRows(r, w, h)
	case panePeople:
		return m.peopleRows(r, w, h)
	case paneRooms:
		return m.roomsRows(w, h)
	}
	if mark := m.momentRow(r, p, w); mark != "" && h > 1 {
		return append(m.listRows(r, p, w, h-1), mark)
	}
	return m.listRows(r, p, w, h)
}

// A tab is where in its title a pane is named.
type tab struct {
	pane     pane
	from, to int
}

// title draws a slot's title: what it holds, how many, what is filtered; other
// panes of the slot are named behind it, from the shown one on where not all
// names fit.
func (m *Model) title(sl slot, w int) (drawn string, tabs []tab) {
	row, tabs := m.names(sl, sl.Panes, w)
	if i := slices.Index(sl.Panes, sl.Shown); i > 0 && row.full && tabs[i].to >= w {
		row, tabs = m.names(sl, slices.Concat(sl.Panes[i:], sl.Panes[:i]), w)
	}
	if row.left() > 0 && !row.full {
		line, st := m.titleLine(sl)
		row.own(st, strings.Repeat(line, row.left()))
	}
	return row.done(), tabs
}

// titleLine is the rule that a title stands in.
func (m *Model) titleLine(sl slot) (string, style) {
	if sl.Shown == m.focused() && m.dialog == nil {
		return "━", m.th.focus
	}
	return "─", m.th.rule
}

// names writes the names of a slot's panes.
func (m *Model) names(sl slot, panes []pane, w int) (*rowBuf, []tab) {
	line, lineStyle := m.titleLine(sl)
	row := newRow(w, style{}).own(lineStyle, line).gap(1)
	tabs := make([]tab, 0, len(panes))
	r := m.here()
	for i, p := range panes {
		if i > 0 {
			row.own(m.th.rule, "· ")
		}
		st := m.th.tab
		switch {
		case p == sl.Shown && lineStyle == m.th.focus:
			st = m.th.focus
		case p == sl.Shown:
			st = m.th.strong
		}
		from := row.used
		row.own(st, m.paneName(r, p)).gap(1)
		if r != nil {
			if count := m.count(r, p); count != "" {
				row.own(st, count).gap(1)
			}
			if p == sl.Shown {
				m.titleExtras(r, p, row)
			}
		}
		tabs = append(tabs, tab{p, from, row.used})
	}
	return row, tabs
}

// paneName is what a pane is called now.
func (m *Model) paneName(r *room, p pane) string {
	if p == paneProduct && r != nil && !r.at.IsZero() {
		return m.t.T("title.then")
	}
	if m.zen {
		return m.t.T("title.zen", m.zenLeft())
	}
	return m.t.T("pane." + paneKeys[p])
}

var paneKeys = [paneCount]string{
	paneFlags: "flags", paneDetail: "detail", paneProduct: "product", paneSpeech: "speech",
	paneChat: "chat", paneOrders: "orders", paneComplaints: "complaints", paneCases: "cases",
	paneEvidence: "evidence", paneWindow: "window", panePolicy: "policy", paneReply: "reply",
	paneSegments: "segments", paneChecks: "checks", paneAppeals: "appeals", paneRules: "rules", panePeople: "people", paneRooms: "rooms",
}

// count is the number in a title.
func (m *Model) count(r *room, p pane) string {
	now := r.now(m.opt.Clock())
	switch p {
	case paneFlags:
		n, _ := r.undecided()
		return strconv.Itoa(n)
	case paneChat:
		return m.t.T("rate.second", perSecond(r.chatRate.sum(now, 10), 10))
	case paneOrders:
		return m.t.T("rate.minute", grouped(r.orderRate.sum(now, 60)))
	case paneComplaints:
		return strconv.Itoa(len(r.complaints.by))
	case paneSegments:
		return strconv.Itoa(len(r.flags.by))
	case paneChecks, paneAppeals:
		return strconv.Itoa(len(r.casesIn(p).rows()))
	case paneRooms:
		return strconv.Itoa(len(m.order))
	case paneCases:
		open, late := r.caseCounts(m.opt.Clock())
		count := strconv.Itoa(open)
		if all := len(r.cases.by); all > open {
			count = m.t.T("case.open_of", open, all)
		}
		if late > 0 {
			count += " " + m.t.T("case.soon", late)
		}
		return count
	}
	return ""
}

// perSecond writes a rate: whole above ten, with one decimal below.
func perSecond(n, seconds int64) string {
	if n >= 10*seconds || n == 0 {
		return grouped(n / seconds)
	}
	tenths := n * 10 / seconds
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
}

func (m *Model) titleExtras(r *room, p pane, row *rowBuf) {
	if p == paneFlags {
		key := "title.waiting"
		if r.decided {
			key = "title.all"
		}
		row.own(m.th.dim, m.t.T(key)+" ")
	}
	if n := m.newItems(r, p); n > 0 {
		row.own(m.th.need, m.t.T("title.new", n)+" ")
	}
	if n := len(m.markedIn(r, p)); n > 0 {
		row.own(m.th.focus, m.t.T("title.marked", n)+" ")
	}
	if p == paneChat && r.skipped > 0 {
		row.own(m.th.dim, m.t.T("title.skipped", grouped(r.skipped))+" ")
	}
	if r.past[p] != nil && !r.at.IsZero() {
		row.own(m.th.dim, m.t.T("title.record")+" ")
	}
	if f := r.filters[p]; f != "" {
		row.own(m.th.need, "/").show(m.th.need, feed.Sanitise(f).Truncate(20)).gap(1)
	}
}

// emptyRows says what will appear in a pane and how.
func (m *Model) emptyRows(r *room, p pane, w, h int) []string {
	key := "empty." + paneKeys[p]
	if r.filters[p] != "" {
		key = "empty.filtered"
	}
	return m.prose(m.t.T(key), w, h)
}

// waitingRows is what panes say before the first room is known.
func (m *Model) waitingRows(p pane, w, h int) []string {
	if p != m.focused() {
		return blankRows(h, w)
	}
	if !m.started {
		return m.prose(m.t.T("empty.starting"), w, h)
	}
	return m.prose(m.t.T("empty.rooms"), w, h)
}

func (m *Model) prose(s string, w, h int) []string {
	rows := make([]string, 0, h)
	for _, line := range feed.Sanitise(s).Wrap(max(w-2, 4)) {
		if len(rows) == h {
			break
		}
		rows = append(rows, newRow(w, style{}).gap(1).show(m.th.dim, line).done())
	}
	return append(rows, blankRows(h-len(rows), w)...)
}
