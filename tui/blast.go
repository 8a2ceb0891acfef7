package tui

import (
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
)

// The rules of the blast radius. Only a claim that a person confirmed has buyers:
// from a flag that nobody decided, the question whether it is right comes first.
// What would be done stands before the key that does it, with its number.

// blastSheet shows which orders a claim reached and puts them into a case.
type blastSheet struct {
	flag int64
	name string
	x    *moderation.Exposure // nil while it is being read
	top  int
	room int // rows of the list that are in view
	next bool
}

// blastRead is what the desk found of a claim's reach.
type blastRead struct {
	sheet *blastSheet
	x     moderation.Exposure
	err   error
}

// claimHere is the flag whose claim `b` asks about: the selected one, or the first
// of the selected case.
func (m *Model) claimHere() *moderation.Flag {
	if m.isCaseHere() {
		c := m.caseHere()
		if c == nil {
			return nil
		}
		for _, id := range c.Flags {
			if f := m.room(c.Room).flags.get(id); f != nil && f.v.Status == moderation.FlagConfirmed {
				return &f.v
			}
		}
		return nil
	}
	if noFlag(m) != "" {
		return nil
	}
	return m.flagHere()
}

func noClaim(m *Model) string {
	if m.here() == nil {
		return "why.no_claim"
	}
	f := m.claimHere()
	switch {
	case f == nil:
		return "why.no_claim"
	case f.Finding.SKU == "":
		return "why.no_product"
	case m.pending[m.flagName(f)] > 0:
		return "why.writing"
	case f.Status == moderation.FlagDismissed, waiting(f) && !m.opt.Actor.Role.May(moderation.ConfirmFlag{}.Name()):
		return "why.unconfirmed"
	}
	return ""
}

// openBlast counts the exposed orders of the claim, and asks first whether it is
// one.
func (m *Model) openBlast() tea.Cmd {
	f := *m.claimHere()
	sheet := &blastSheet{flag: f.ID, name: m.flagName(&f)}
	if !waiting(&f) {
		m.dialog = sheet
		return m.readBlast(sheet)
	}
	sheet.next = true
	m.dialog = &ask{
		title: m.t.T("blast.confirm", sheet.name),
		options: []option{
			{"y", m.t.T("blast.confirm_yes"), func(m *Model) tea.Cmd {
				m.dialog = sheet
				return m.actThen(moderation.ConfirmFlag{Flag: f.ID, OpenCase: true}, sheet.name, func(m *Model, _ moderation.Result) tea.Cmd {
					return m.readBlast(sheet)
				})
			}},
			{"n", m.t.T("blast.confirm_no"), func(*Model) tea.Cmd { return nil }},
		},
	}
	return nil
}

func (m *Model) readBlast(sheet *blastSheet) tea.Cmd {
	desk, ctx := m.opt.Desk, m.ctx
	return func() tea.Msg {
		x, err := desk.BlastRadius(ctx, sheet.flag)
		return blastRead{sheet, x, err}
	}
}

func (b blastRead) settle(m *Model) tea.Cmd {
	if m.dialog != b.sheet {
		return nil // it was put aside meanwhile
	}
	if b.err != nil {
		m.dialog = nil
		m.complain(m.t.T("blast.failed", b.sheet.name, m.refusal(b.err)))
		return b.sheet.leave(m)
	}
	b.sheet.x = &b.x
	return nil
}

// leave goes on to the next flag where this one was decided on the way here.
func (b *blastSheet) leave(m *Model) tea.Cmd {
	f := m.here().flags.get(b.flag)
	if !b.next || f == nil || waiting(&f.v) {
		return nil
	}
	return m.advance(b.flag)
}

func (b *blastSheet) caret() (x, y int, ok bool) { return 0, 0, false }

func (b *blastSheet) key(m *Model, msg tea.KeyMsg) (bool, tea.Cmd) {
	switch msg.String() {
	case "esc", "ctrl+c", "q":
		m.dialog = nil
		return true, b.leave(m)
	case "j", "down":
		b.top++
	case "k", "up":
		b.top--
	case "pgdown", "ctrl+d", " ":
		b.top += max(b.room, 1)
	case "pgup", "ctrl+u":
		b.top -= max(b.room, 1)
	case "enter":
		if b.x == nil || len(b.x.Orders) == 0 {
			return false, nil
		}
		m.dialog = nil
		return true, tea.Batch(m.act(moderation.OpenExposed{Flag: b.flag}, b.name), b.leave(m))
	}
	return false, nil
}

func (b *blastSheet) rows(m *Model, w, h int) []string {
	rows := []string{m.sheetTitle(w, m.t.T("blast.title", b.name))}
	if b.x == nil {
		return append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("blast.reading")).done())
	}
	d := &doc{m: m, w: w}
	b.head(m, d)
	b.stakes(m, d)
	rows = append(rows, d.rows...)
	b.room = max(min(len(b.x.Orders), h-len(rows)-2), 0)
	b.top = max(0, min(b.top, len(b.x.Orders)-b.room))
	for i := b.top; i < b.top+b.room; i++ {
		rows = append(rows, b.order(m, &b.x.Orders[i], w))
	}
	if left := len(b.x.Orders) - b.room; left > 0 {
		rows = append(rows, newRow(w, style{}).gap(1).own(m.th.dim, m.t.T("blast.more", b.top+b.room, len(b.x.Orders))).done())
	}
	hint := m.t.T("blast.none")
	if n := len(b.x.Orders); n > 0 {
		hint = m.t.T("blast.open", n-b.x.InCases)
		if id := b.x.Flag.Case; id != 0 {
			hint = m.t.T("blast.attach", n-b.x.InCases, caseNumber(id))
		}
	}
	if len(rows) > h-1 {
		rows = rows[:max(h-1, 0)]
	}
	return append(rows, newRow(w, style{}).gap(1).own(m.th.key, hint).done())
}

// head tells from when to when the claim reached, and what was bought meanwhile.
func (b *blastSheet) head(m *Model, d *doc) {
	x, r := b.x, m.here()
	for i := range x.Reaches {
		reach := &x.Reaches[i]
		until := m.t.T("blast.open_end")
		if !reach.Until.IsZero() {
			until = m.t.T("blast.until", r.clock(reach.Until), m.named("reach", string(reach.End)))
		}
		d.line("▲", m.th.wrong, "", m.th.plain, feed.Sanitise(m.t.T("blast.reach", r.clock(reach.At), until)))
		if i == 2 && len(x.Reaches) > 4 {
			d.line("·", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("blast.more_reaches", len(x.Reaches)-3)))
			break
		}
	}
	d.line("¥", m.th.strong, "", m.th.strong, feed.Sanitise(m.t.T("blast.orders", len(x.Orders), money(x.PaidFen), money(x.BackFen), x.Unpaid, x.InCases)))
	if len(x.Undecided) > 0 {
		d.line("?", m.th.need, "", m.th.need, feed.Sanitise(m.t.T("blast.undecided", len(x.Undecided), x.More)))
	}
	if x.Untimed > 0 {
		d.line("?", m.th.need, "", m.th.need, feed.Sanitise(m.t.T("blast.untimed", x.Untimed)))
	}
}

// stakes tells what each policy would make of the orders; one without a sum for
// any is left out.
func (b *blastSheet) stakes(m *Model, d *doc) {
	for i := range b.x.Stakes {
		s := &b.x.Stakes[i]
		if s.Unknown+s.NotInForce >= len(b.x.Orders) {
			continue
		}
		words := m.t.T("blast.stake", m.inBoth(s.Title.ZH, s.Title.EN), s.Granted.Orders, money(s.Granted.Fen), s.Open.Orders, money(s.Open.Fen), s.Refused.Orders)
		if s.ShownOnly {
			words += " " + m.t.T("blast.shown_only")
		} else if len(s.Missing) > 0 {
			words += " · " + m.t.T("blast.missing", m.missingFacts(s.Missing))
		}
		d.line("=", m.th.fine, "", m.th.plain, feed.Sanitise(words))
	}
}

func (b *blastSheet) order(m *Model, o *moderation.Exposed, w int) string {
	row := newRow(w, style{}).gap(3).own(m.th.dim, m.here().clock(o.BoughtAt())+" ")
	row.show(m.th.plain, feed.Sanitise(shortID(o.ID))).own(m.th.plain, right(money(o.PaidFen), 12))
	if o.Refund != "" {
		row.own(m.th.need, " ↩"+m.t.T("refund."+refundState(o.Refund)))
	}
	if o.Case != 0 {
		row.own(m.th.need, " "+m.t.T("blast.in_case", strconv.FormatInt(o.Case, 10)))
	}
	return row.done()
}
