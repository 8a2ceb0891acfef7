package tui

import (
	"strconv"
	"strings"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
	"liveroom/tui/text"
)

// flagRows draws a flag: one row, or, picked, with what was said, the fact, the
// reason and what the host can say to put it right.
func (m *Model) flagRows(r *room, rec *record[moderation.Flag], w int, base style, picked bool) []string {
	f := &rec.v
	mark, st := m.severity(f.Finding.Severity)
	state := m.flagState(r, f)
	row := newRow(w, base)
	m.tickBar(row, r.marks[paneFlags][f.ID], picked, st, mark)
	row.own(st, m.named("severity", string(f.Finding.Severity))).gap(1)
	row.own(m.th.dim, r.clock(f.At)).gap(1)
	row.own(m.th.strong, m.padded("category", string(f.Finding.Category), categoryCells)).gap(1)
	if f.Finding.SKU != "" {
		row.show(m.th.dim, sku(f.Finding.SKU)).gap(1)
	}
	if state != "" {
		row.own(m.th.need, state).gap(1)
	}
	row.own(m.th.focus, m.lookMark(f.ID, 0))
	if !picked {
		return []string{row.show(m.th.plain, feed.Sanitise(f.Finding.Said)).done()}
	}
	row.end(m.th.dim, m.since(r, f.At))
	rows := []string{row.done()}
	if base == m.th.pick {
		base = m.th.block
	}
	said, fact := m.beside(&f.Finding)
	rows = m.labelled(rows, w, base, "flag.said", m.th.wrong, said, m.arithmetic(&f.Finding))
	rows = m.labelled(rows, w, base, "flag.fact", m.th.fine, fact, m.factID(f.Finding.FactID))
	rows = m.labelled(rows, w, base, "flag.why", m.th.plain, unmarked(m.why(f)), "")
	if f.Finding.Suggest != "" {
		rows = m.labelled(rows, w, base, "flag.suggest", m.th.plain, unmarked(f.Finding.Suggest), "")
	}
	return rows
}

// categoryCells lines up what stands behind a category, by language.
var categoryCells = map[text.Lang]int{text.ZH: 8, text.EN: 12}

// named puts a state of the record into words. One that no catalogue knows, from
// a rule of somebody's own, is shown as it is.
func (m *Model) named(section, value string) string {
	if key := section + "." + value; m.t.Has(key) {
		return m.t.T(key)
	}
	return feed.Sanitise(value).Truncate(24).String()
}

// padded is named, filled up so that rows line up.
func (m *Model) padded(section, value string, width map[text.Lang]int) string {
	s := m.named(section, value)
	return s + spaces(width[m.t.Lang]-cells(s))
}

// right puts numbers below one another by their last digit.
func right(s string, w int) string { return spaces(w-cells(s)) + s }

// labelWidth is the indent of labelled rows below a picked item.
const labelWidth = 8

// labelled appends one row or two of text behind a label; note stands dim
// behind the text where there is room.
func (m *Model) labelled(rows []string, w int, base style, label string, st style, d marked, note string) []string {
	lines := d.wrap(max(w-labelWidth-1, 8))
	for k := range lines {
		if k == 2 {
			break
		}
		row := newRow(w, base)
		row.own(m.th.focus, "▌").gap(1)
		if k == 0 {
			row.own(m.th.dim, m.t.T(label))
		}
		row.to(labelWidth)
		line := lines[k]
		if k == 1 && len(lines) > 2 {
			line.text, _ = line.text.Cut(max(line.text.Width()-1, 0))
			row.marked(m.th, st, line).own(m.th.dim, "…")
		} else {
			row.marked(m.th, st, line)
		}
		if k == len(lines)-1 && note != "" {
			row.end(m.th.dim, note)
		}
		rows = append(rows, row.done())
	}
	return rows
}

// arithmetic is the computation in the person's language, where there is one.
func (m *Model) arithmetic(fd *claims.Finding) string {
	if m.t.Lang == "en" && fd.ArithmeticEN != "" {
		return fd.ArithmeticEN
	}
	return fd.Arithmetic
}

// factID names a fact by its product and by its column in the person's language.
func (m *Model) factID(id string) string {
	sku, field, ok := strings.Cut(id, "·")
	if key := "fact." + field; ok && m.t.Has(key) {
		return sku + "·" + m.t.T(key)
	}
	return id
}

func (m *Model) why(f *moderation.Flag) string {
	if m.t.Lang == "en" && f.Finding.WhyEN != "" {
		return f.Finding.WhyEN
	}
	return f.Finding.Why
}

// flagState says what is not plain "open".
func (m *Model) flagState(r *room, f *moderation.Flag) string {
	switch {
	case m.pending[m.flagName(f)] > 0:
		return "⋯" + m.t.T("flag.writing")
	case f.Review != 0:
		return "◇" + m.t.T("flag.review", caseNumber(f.Review))
	case f.Status == moderation.FlagConfirmed:
		return "✓" + m.t.T("flag.confirmed_by", m.by(f.DecidedBy)) + m.heldState(r, f)
	case f.Status == moderation.FlagDismissed:
		return "✗" + m.t.T("flag.dismissed_by", m.by(f.DecidedBy)) + m.heldState(r, f)
	}
	var notes []string
	if s := m.correction(r, f); s != "" {
		notes = append(notes, s)
	}
	if f.Finding.ListenFirst {
		notes = append(notes, "♪"+m.t.T("flag.listen"))
	}
	if f.Status == moderation.FlagSnoozed {
		notes = append(notes, "z"+m.t.T("flag.snoozed"))
	}
	return strings.Join(notes, " ")
}

// correction says what became of asking the host to correct it. That it was
// asked for once more, or failed once more, does not unsay that they were told.
func (m *Model) correction(r *room, f *moderation.Flag) string {
	e := r.effects[f.ID]
	switch {
	case e.Status == moderation.EffectPending, e.Status == moderation.EffectBegun:
		return "↺" + m.t.T("flag.correcting")
	case e.Stuck():
		return "✗" + m.t.T("flag.not_corrected")
	case !f.Corrected.IsZero():
		return "↺" + m.t.T("flag.corrected")
	}
	return ""
}

func (m *Model) by(name string) string {
	if name == m.opt.Actor.Name {
		return m.t.T("word.you")
	}
	return maskName(name).Truncate(12).String()
}

// flagName names a flag in messages and questions.
func (m *Model) flagName(f *moderation.Flag) string {
	said := feed.Sanitise(f.Finding.Said).Truncate(24).String()
	return m.t.T("name.flag", strconv.FormatInt(f.ID, 10), m.named("category", string(f.Finding.Category)), said)
}

// caseName names a case.
func (m *Model) caseName(c *moderation.Case) string {
	return m.t.T("name.case", strconv.FormatInt(c.ID, 10), m.hide(c.Title).Truncate(24).String())
}

// since says how long something has been waiting, in the room's time.
func (m *Model) since(r *room, at time.Time) string {
	d := r.now(m.opt.Clock()).Sub(at)
	if at.IsZero() || d < 0 {
		return ""
	}
	return m.t.T("word.ago", m.span(d))
}

// span writes a length of time with its two largest units at most.
func (m *Model) span(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < 0:
		return "-" + m.span(-d)
	case d < time.Minute:
		return m.t.T("span.seconds", int(d.Seconds()))
	case d < time.Hour:
		return m.t.T("span.minutes", int(d.Minutes()))
	case d < 24*time.Hour:
		return m.t.T("span.hours", int(d.Hours()), int(d.Minutes())%60)
	}
	return m.t.T("span.days", int(d.Hours())/24, int(d.Hours())%24)
}

// orderRows draws an order. The buyer's name is untrusted and stands last.
func (m *Model) orderRows(r *room, rec *record[moderation.Order], w int, base style, picked bool) []string {
	o := &rec.v
	draw := func() []string {
		row := newRow(w, base)
		m.bar(row, picked, m.th.plain, "").own(m.th.dim, r.clock(orderTime(o))+" ")
		row.show(m.th.dim, feed.Sanitise(shortID(o.ID))).gap(1)
		row.show(m.th.strong, sku(o.SKU)).gap(1)
		row.own(m.th.dim, right("×"+grouped(o.Qty), 3)).own(m.th.plain, right(money(paid(o)), 10)+" ")
		st := m.th.plain
		if o.Status == feed.StatusClosed {
			st = m.th.dim
		}
		row.own(st, m.t.T("order."+orderState(o.Status)))
		if o.Refund != "" {
			row.own(m.th.need, " ↩"+m.t.T("refund."+refundState(o.Refund)))
		}
		if o.Case != 0 {
			row.own(m.th.need, " #"+strconv.FormatInt(o.Case, 10))
		}
		return []string{row.gap(1).show(m.th.dim, m.buyer(o.Buyer, o.Case)).done()}
	}
	if picked || len(m.veil(o.Case)) > 0 {
		return draw()
	}
	return rec.cache.get(w, rec.version, draw)
}

func orderTime(o *moderation.Order) time.Time {
	if !o.PaidAt.IsZero() {
		return o.PaidAt
	}
	return o.CreatedAt
}

// orderState maps a state that no catalogue has to the one that says so.
func orderState(state string) string {
	switch state {
	case feed.StatusCreated, feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted, feed.StatusClosed:
		return state
	}
	return feed.StatusUnknown
}

func refundState(state string) string {
	switch state {
	case feed.StatusRequested, feed.StatusAgreed, feed.StatusRefused, feed.StatusClosed, feed.StatusRefunded:
		return state
	}
	return feed.StatusUnknown
}

// grievanceWidth is the row from which on the complaint's type leaves its text
// enough room.
const grievanceWidth = 60

func (m *Model) complaintRows(r *room, rec *record[moderation.Complaint], w int, base style, picked bool) []string {
	c := &rec.v
	row := newRow(w, base)
	m.tickBar(row, r.marks[paneComplaints][c.ID], picked, m.th.need, "⚑").own(m.th.dim, r.clock(c.At)+" ")
	if c.SKU != "" {
		row.show(m.th.strong, sku(c.SKU)).gap(1)
	}
	if c.Priority == triage.High {
		row.own(m.th.wrong, m.t.T("complaint.urgent")+" ")
	}
	if c.Type != "" && w >= grievanceWidth {
		row.own(m.th.dim, m.named("grievance", string(c.Type))+" ")
	}
	if p, ok := r.problems[c.Problem]; ok {
		row.own(m.th.need, m.t.T("complaint.problem", strconv.FormatInt(p.ID, 10), len(p.Complaints))+" ")
	}
	if c.Case != 0 {
		row.own(m.th.dim, caseNumber(c.Case)+" ")
	}
	return []string{row.show(m.th.plain, m.wordsOf(c.Text, c.Case)).done()}
}

// dueWidth holds 47 h and 59 min in either language.
const dueWidth = 8

// caseRows draws a case: its clock first, for that is what orders the queue.
func (m *Model) caseRows(r *room, rec *record[moderation.Case], w int, base style, picked bool) []string {
	c := &rec.v
	row := newRow(w, base)
	left, st, mark := m.dueIn(c)
	m.tickBar(row, r.marks[paneCases][c.ID], picked, st, mark)
	row.own(st, left).to(markWidth + dueWidth).gap(1)
	row.own(m.th.strong, caseNumber(c.ID)+" ")
	row.own(m.stateStyle(c.State), m.named("state", string(c.State))+" ")
	if m.pending[m.caseName(c)] > 0 {
		row.own(m.th.need, "⋯"+m.t.T("flag.writing")+" ")
	}
	if by := c.Holder(m.opt.Wall()); by != "" {
		row.own(m.th.focus, "@"+m.by(by)+" ")
	}
	row.own(m.th.focus, m.lookMark(0, c.ID))
	if n := len(c.Complaints); n > 0 {
		row.own(m.th.dim, m.t.T("case.complaints", n)+" ")
	}
	if c.SKU != "" {
		row.show(m.th.dim, sku(c.SKU)).gap(1)
	}
	return []string{row.show(m.th.plain, m.wordsOf(c.Title, c.ID)).done()}
}

func (m *Model) stateStyle(s moderation.CaseState) style {
	switch s {
	case moderation.CaseStateOpen:
		return m.th.need
	case moderation.CaseStateResolved:
		return m.th.fine
	case moderation.CaseStateClosed, moderation.CaseStateWithdrawn:
		return m.th.dim
	}
	return m.th.plain
}

// dueIn tells how long a case has until its clock runs out.
func (m *Model) dueIn(c *moderation.Case) (left string, st style, mark string) {
	if over(c.State) {
		return "✓", m.th.dim, ""
	}
	if c.DueAt.IsZero() {
		return "—", m.th.dim, ""
	}
	d := c.DueAt.Sub(m.opt.Clock())
	switch {
	case d < 0:
		return m.t.T("case.late", m.hours(-d)), m.th.wrong, "!"
	case d < dueSoon:
		return m.hours(d), m.th.need, "⧗"
	}
	return m.hours(d), m.th.dim, ""
}

// hours writes a clock that counts down, as 47h59m: with a colon it would read
// as minutes and seconds.
func (m *Model) hours(d time.Duration) string {
	mins := int(d.Minutes())
	if mins < 60 {
		return m.t.T("clock.minutes", mins)
	}
	return m.t.T("clock.hours", mins/60, mins%60)
}

// paid is what was paid, or while nothing was, what is to be.
func paid(o *moderation.Order) int64 {
	if o.PaidFen > 0 {
		return o.PaidFen
	}
	return o.AmountFen
}

// sku is a product's number as rows show it; sheets may hold longer ones.
func sku(s string) feed.Display { return feed.Sanitise(s).Truncate(14) }
