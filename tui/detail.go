package tui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
	"liveroom/tui/text"
)

// doc builds the rows of a detail: headings, labelled text, lines.
type doc struct {
	m    *Model
	w    int
	rows []string
}

// head starts a section.
func (d *doc) head(st style, s string) {
	if len(d.rows) > 0 {
		d.rows = append(d.rows, spaces(d.w))
	}
	d.rows = append(d.rows, newRow(d.w, style{}).gap(1).own(st, s).done())
}

// field writes a label, by its key, and as many rows of text as it takes; nothing
// for empty text.
func (d *doc) field(label string, st style, text feed.Display) {
	d.marked(label, st, marked{text: text})
}

// marked is field of a text with marks.
func (d *doc) marked(label string, st style, text marked) {
	if text.text.Empty() {
		return
	}
	indent := 1 + d.m.labelCells()
	for k, line := range text.wrap(max(d.w-indent, 8)) {
		row := newRow(d.w, style{}).gap(1)
		if k == 0 {
			row.own(d.m.th.dim, d.m.t.T(label))
		}
		d.rows = append(d.rows, row.to(indent).marked(d.m.th, st, line).done())
	}
}

func (d *doc) own(label string, st style, s string) { d.field(label, st, feed.Sanitise(s)) }

// line writes one row behind a mark.
func (d *doc) line(mark string, markStyle style, before string, st style, text feed.Display) {
	d.markedLine(mark, markStyle, before, st, marked{text: text})
}

// markedLine is line of a text with marks.
func (d *doc) markedLine(mark string, markStyle style, before string, st style, text marked) {
	indent := 1 + cells(mark) + 1 + cells(before)
	for k, part := range text.wrap(max(d.w-indent, 8)) {
		row := newRow(d.w, style{}).gap(1)
		if k == 0 {
			row.own(markStyle, mark).gap(1).own(d.m.th.dim, before)
		}
		d.rows = append(d.rows, row.to(indent).marked(d.m.th, st, part).done())
	}
}

// labelCells is how wide the labels of a detail are.
func (m *Model) labelCells() int {
	if m.t.Lang == "en" {
		return 11
	}
	return 9
}

// detailRows draws what the detail pane tells about the subject.
func (m *Model) detailRows(r *room, w, h int) []string {
	d := &doc{m: m, w: w}
	switch r.subject.list() {
	case paneFlags:
		if f := r.flags.get(r.subject.id); f != nil {
			m.flagDetail(r, d, &f.v)
		}
	case paneOrders:
		if o := r.orders.get(r.subject.id); o != nil {
			m.orderDetail(r, d, &o.v)
		}
	case paneComplaints:
		if c := r.complaints.get(r.subject.id); c != nil {
			m.complaintDetail(r, d, &c.v)
		}
	case paneCases:
		if c := r.cases.get(r.subject.id); c != nil {
			m.caseDetail(r, d, &c.v)
		}
	case paneSpeech, paneChat:
		if e := r.ring(r.subject.pane).byIndex(r.subject.id); e != nil {
			m.entryDetail(r, d, e)
		}
	}
	if len(d.rows) == 0 {
		return m.emptyRows(r, paneDetail, w, h)
	}
	return m.window(r, paneDetail, d.rows, w, h)
}

// window cuts the rows of a pane to it, scrolled, and says how much is below.
func (m *Model) window(r *room, p pane, rows []string, w, h int) []string {
	scroll := &r.scroll[p]
	*scroll = max(0, min(*scroll, len(rows)-h))
	rest := rows[*scroll:]
	if len(rest) <= h {
		return append(rest[:len(rest):len(rest)], blankRows(h-len(rest), w)...)
	}
	out := append([]string(nil), rest[:h]...)
	out[h-1] = newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("detail.more", len(rest)-h+1)).done()
	return out
}

// flagDetail tells all of a flag, less what its row in the flags pane says
// already where that is in view.
func (m *Model) flagDetail(r *room, d *doc, f *moderation.Flag) {
	fd := &f.Finding
	mark, st := m.severity(fd.Severity)
	d.head(st, mark+" "+m.named("severity", string(fd.Severity))+" · "+m.named("category", string(fd.Category))+" · "+m.named("verdict", string(fd.Verdict)))
	if s := m.flagState(r, f); s != "" {
		d.own("detail.state", m.th.need, s)
	}
	d.own("detail.looking", m.th.focus, m.lookers(f.ID, 0))
	switch e := r.effects[f.ID]; {
	case f.Held() && f.Review == 0:
		m.heldRows(r, d, f)
	case e.Status == moderation.EffectFailed:
		d.own("detail.not_sent", m.th.wrong, m.effectReason(e.Result))
	case e.Status == moderation.EffectPerhaps:
		d.own("detail.asked", m.th.wrong, m.named("effect", string(e.Status))+" · "+m.effectReason(e.Result))
	}
	d.own("detail.reason", m.th.plain, f.Reason)
	d.own("detail.at", m.th.plain, r.stamp(f.At)+"  "+m.since(r, f.At))
	d.own("detail.product", m.th.plain, m.productName(r, fd.SKU))
	d.field("detail.sentence", m.th.plain, r.words(f))
	_, _, listed := m.screen().find(paneFlags)
	brief := listed && r.lists[paneFlags].selected() == f.ID
	said, fact := m.beside(fd)
	if !brief {
		d.marked("flag.said", m.th.wrong, said)
	}
	d.own("detail.means", m.th.plain, fd.Value)
	if !brief {
		d.marked("flag.fact", m.th.fine, fact)
		d.own("flag.why", m.th.plain, m.why(f))
	}
	d.own("detail.arithmetic", m.th.plain, m.arithmetic(fd))
	d.own("detail.law", m.th.plain, fd.Law)
	if fd.ListenFirst {
		d.own("detail.heard", m.th.need, m.t.T("detail.listen_first"))
	}
	if !brief {
		d.own("flag.suggest", m.th.strong, fd.Suggest)
	}
	m.flagPapers(r, d, f)
}

// flagPapers lists what a flag rests on and what was done about it.
func (m *Model) flagPapers(r *room, d *doc, f *moderation.Flag) {
	fd := &f.Finding
	if !f.Corrected.IsZero() {
		words := ""
		if e := r.effects[f.ID]; e.Status == moderation.EffectSent {
			words = "  “" + e.Text + "”"
			if e.Result != "" && e.Kind == (moderation.CorrectHost{}).Name() {
				words += "  ✓ " + e.Result
			}
		}
		d.own("detail.corrected", m.th.fine, r.stamp(f.Corrected)+words)
	}
	m.consequences(r, d, f)
	if f.Case != 0 {
		d.own("detail.case", m.th.plain, caseNumber(f.Case))
	}
	m.trace(d, fd)
}

// trace tells how a finding came about: the rule, the question that the words say
// yes to, and each exemption that was tried with what it looked for. It is what the
// checker kept of its own run; nothing of it is worked out here.
func (m *Model) trace(d *doc, fd *claims.Finding) {
	d.own("detail.rule", m.th.dim, strings.TrimSpace(fd.Rule+"  "+m.factID(fd.FactID)))
	d.own("detail.answers", m.th.plain, fd.Answers)
	d.own("detail.sheet", m.th.dim, fd.Sheet)
	d.own("detail.rules", m.th.dim, fd.Rules)
	if len(fd.Exempted) == 0 {
		return
	}
	d.head(m.th.strong, m.t.T("detail.exemptions", len(fd.Exempted)))
	for _, x := range fd.Exempted {
		title, en := x.Title()
		reason := x.Reason
		if m.t.Lang == text.EN {
			title, reason = en, cmp.Or(x.ReasonEN, x.Reason)
		}
		if title == "" {
			title = feed.Sanitise(x.ID).Truncate(40).String()
		}
		mark, st := "✗", m.th.dim
		switch {
		case x.Shadow:
			mark, st, title = "◌", m.th.need, title+" "+m.t.T("detail.on_trial")
		case x.Held:
			mark, st = "✓", m.th.fine
		case x.Trap:
			mark, st = "△", m.th.need
		}
		d.line(mark, st, title+"  ", m.th.dim, feed.Sanitise(reason))
	}
}

// consequences tells what came of a claim: who bought after it, and which
// complaints go back to it.
func (m *Model) consequences(r *room, d *doc, f *moderation.Flag) {
	if f.Finding.SKU != "" && f.Status != moderation.FlagDismissed {
		d.own("product.exposed", m.th.plain, m.exposure(r, f.Finding.SKU, f.At, f.Corrected))
	}
	for _, p := range r.problemsOf(f.ID) {
		d.own("detail.problem", m.th.need, m.t.T("detail.problem_of", strconv.FormatInt(p.ID, 10), len(p.Complaints), m.hide(p.Title).String()))
	}
}

// problemsOf lists the problems that go back to a flag.
func (r *room) problemsOf(flag int64) []moderation.Problem {
	var out []moderation.Problem
	for _, p := range r.problems {
		if p.Flag == flag {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b moderation.Problem) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// fact is what the sheet says, or that it is silent.
func (m *Model) fact(fd *claims.Finding) string {
	if fd.Fact == "" {
		return m.t.T("flag.not_on_sheet")
	}
	return fd.Fact
}

// productName is a product's number with the title it was put on air under.
func (m *Model) productName(r *room, sku string) string {
	if title := r.titles[sku]; title != "" {
		return sku + " " + title
	}
	return sku
}

func (m *Model) orderDetail(r *room, d *doc, o *moderation.Order) {
	d.head(m.th.strong, m.t.T("detail.order", feed.Sanitise(m.orderNumber(o.ID, o.Case)).Truncate(40).String()))
	d.own("detail.state", m.th.plain, m.t.T("order."+orderState(o.Status)))
	if o.Refund != "" {
		d.own("detail.refund", m.th.need, m.t.T("refund."+refundState(o.Refund))+" "+money(o.RefundFen))
	}
	d.own("detail.paid", m.th.plain, money(paid(o))+" ×"+grouped(o.Qty))
	d.own("detail.product", m.th.plain, m.productName(r, o.SKU))
	d.field("detail.buyer", m.th.plain, m.buyer(o.Buyer, o.Case))
	d.own("detail.times", m.th.plain, m.orderTimes(r, o))
	if o.Case != 0 {
		d.own("detail.case", m.th.plain, caseNumber(o.Case))
	}
	if !m.shows(paneWindow) {
		m.speechWindow(r, d, o)
	}
}

func (m *Model) orderTimes(r *room, o *moderation.Order) string {
	var parts []string
	if !o.CreatedAt.IsZero() {
		parts = append(parts, m.t.T("order.created")+" "+r.clock(o.CreatedAt))
	}
	if !o.PaidAt.IsZero() {
		parts = append(parts, m.t.T("order.paid")+" "+r.clock(o.PaidAt))
	}
	if !o.ShippedAt.IsZero() {
		parts = append(parts, m.t.T("order.shipped")+" "+o.ShippedAt.In(r.zone).Format("01-02 15:04"))
	}
	return strings.Join(parts, "  ")
}

func (m *Model) complaintDetail(r *room, d *doc, c *moderation.Complaint) {
	d.head(m.th.need, "⚑ "+m.t.T("detail.complaint", strconv.FormatInt(c.ID, 10)))
	d.own("detail.at", m.th.plain, r.stamp(c.At)+"  "+m.since(r, c.At))
	d.own("detail.channel", m.th.plain, c.Channel)
	m.grievance(d, c)
	d.field("detail.buyer", m.th.plain, m.buyer(c.Buyer, c.Case))
	d.own("detail.product", m.th.plain, m.productName(r, c.SKU))
	if c.Case != 0 {
		d.own("detail.case", m.th.plain, caseNumber(c.Case))
	}
	d.field("detail.text", m.th.strong, m.wordsOf(c.Text, c.Case))
	if p, ok := r.problems[c.Problem]; ok {
		d.own("detail.problem", m.th.need, m.t.T("detail.problem_of", strconv.FormatInt(p.ID, 10), len(p.Complaints), m.hide(p.Title).String()))
		if f := r.flags.get(p.Flag); f != nil {
			d.line("→", m.th.need, r.clock(f.v.At)+" ", m.th.doubt, f.v.Shown)
		}
	}
	if o, _ := r.orderInHand(); o != nil {
		m.orderDetail(r, d, o)
	} else if c.OrderID != "" {
		d.own("detail.order_id", m.th.plain, m.orderNumber(c.OrderID, c.Case))
	}
}

// grievance says what a complaint is about, how urgent, and what decided it. The
// reason quotes the complaint.
func (m *Model) grievance(d *doc, c *moderation.Complaint) {
	if c.Type == "" {
		return
	}
	name, why := m.named("grievance", string(c.Type)), c.Why
	if m.t.Lang == text.EN {
		why = c.WhyEN
	}
	if c.Priority == triage.High {
		name += " · " + m.t.T("complaint.urgent")
	}
	d.own("detail.kind", m.th.plain, name)
	d.field("flag.why", m.th.dim, feed.Sanitise(why))
}

func (m *Model) entryDetail(r *room, d *doc, e *entry) {
	d.head(m.th.strong, m.named("kind", string(e.ev.Kind))+" · "+r.stamp(e.ev.At))
	d.field("detail.person", m.th.plain, e.name)
	d.field("detail.text", m.th.plain, e.ev.Shown)
	if n := e.ev.Shown.Hidden(); n > 0 {
		d.own("detail.hidden", m.th.need, m.t.T("detail.hidden_count", n))
	}
	if e.retracted {
		d.own("detail.state", m.th.need, m.t.T("detail.retracted"))
	}
	if sp := e.ev.Speech; sp != nil && sp.Confidence > 0 {
		d.own("detail.heard", m.th.plain, strconv.Itoa(sp.Confidence/10)+" %")
	}
	d.own("detail.source", m.th.dim, e.ev.Source+" "+e.ev.ID)
	m.actRows(r, d, e)
	for _, id := range e.flags {
		if f := r.flags.get(id); f != nil {
			m.flagDetail(r, d, &f.v)
		}
	}
}

func (m *Model) caseDetail(r *room, d *doc, c *moderation.Case) {
	d.head(m.th.strong, caseNumber(c.ID)+" "+m.named("casekind", string(c.Kind))+" · "+m.named("state", string(c.State)))
	d.own("detail.revealed", m.th.need, m.inSight(c.ID))
	d.field("detail.title", m.th.plain, m.wordsOf(c.Title, c.ID))
	d.own("detail.product", m.th.plain, m.productName(r, c.SKU))
	left, st, _ := m.dueIn(c)
	if !c.DueAt.IsZero() {
		d.own("detail.due", st, c.DueAt.In(r.zone).Format("01-02 15:04")+"  "+left)
	}
	owner := m.t.T("case.nobody")
	if by := c.Holder(m.opt.Wall()); by != "" {
		owner = m.by(by)
	}
	d.own("detail.owner", m.th.plain, owner)
	d.own("detail.looking", m.th.focus, m.lookers(0, c.ID))
	var watching []string
	for _, w := range c.Watchers {
		watching = append(watching, m.by(w))
	}
	d.own("detail.watchers", m.th.plain, strings.Join(watching, " "))
	if c.Outcome != "" {
		d.own("detail.outcome", m.th.fine, m.named("outcome", string(c.Outcome)))
	}
	d.own("detail.opened", m.th.dim, c.OpenedAt.In(r.zone).Format("01-02 15:04")+"  "+m.by(c.OpenedBy))
	m.caseParts(r, d, c)
	if !m.shows(paneEvidence) {
		m.caseMatters(r, d, c)
		m.caseNotes(r, d, c)
	}
}

// caseParts lists what a case is made of; what the screen no longer holds is
// named by its number.
func (m *Model) caseParts(r *room, d *doc, c *moderation.Case) {
	if len(c.Flags) > 0 {
		d.head(m.th.strong, m.t.T("case.flags", len(c.Flags)))
	}
	for _, id := range c.Flags {
		f := r.flags.get(id)
		if f == nil {
			d.line("·", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("case.not_here", strconv.FormatInt(id, 10))))
			continue
		}
		mark, st := m.severity(f.v.Finding.Severity)
		said, fact := m.beside(&f.v.Finding)
		d.markedLine(mark, st, r.clock(f.v.At)+" ", m.th.doubt, said)
		d.markedLine("", m.th.dim, "  ↔ ", m.th.fine, fact)
		m.consequences(r, d, &f.v)
	}
	if len(c.Complaints) > 0 {
		d.head(m.th.strong, m.t.T("case.complaint_list", len(c.Complaints)))
	}
	for _, id := range c.Complaints {
		if x := r.complaints.get(id); x != nil {
			d.line("⚑", m.th.need, r.clock(x.v.At)+" ", m.th.plain, m.wordsOf(x.v.Text, c.ID))
		} else {
			d.line("·", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("case.not_here", strconv.FormatInt(id, 10))))
		}
	}
	if len(c.Orders) > 0 {
		d.head(m.th.strong, m.t.T("case.orders", len(c.Orders)))
	}
	for _, id := range c.Orders {
		text := m.orderNumber(id, c.ID)
		if o := r.orders.get(r.orderIDs[id]); o != nil {
			text += "  " + o.v.SKU + "  " + money(paid(&o.v)) + "  " + m.t.T("order."+orderState(o.v.Status))
		}
		d.line("·", m.th.dim, "", m.th.plain, feed.Sanitise(text))
	}
}
