package tui

import (
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// caseMatters lists what was noticed, kept, answered, proposed and ruled in a case.
func (m *Model) caseMatters(r *room, d *doc, c *moderation.Case) {
	when := func(t time.Time) string { return t.In(r.zone).Format("01-02 15:04") + " " }
	section := func(key string, n int) bool {
		if n > 0 {
			d.head(m.th.strong, m.t.T("case."+key, n))
		}
		return n > 0
	}
	section("signals", len(c.Signals))
	for _, s := range c.Signals {
		d.line("!", m.th.need, when(s.At), m.th.plain, feed.Sanitise(m.inBoth(s.Why, s.WhyEN)))
	}
	section("holds", len(c.Holds))
	for i := range c.Holds {
		h := &c.Holds[i]
		state := "freed"
		if h.Held() {
			state = "held"
		}
		said := ""
		if h.Verdict != "" {
			said = " · " + m.named("merchant", string(h.Verdict)) + " " + h.Note
		}
		d.line("⏸", m.th.need, when(h.At)+m.by(h.By)+" ", m.th.plain, feed.Sanitise(m.t.T("hold."+state, m.orderNumber(h.Order, c.ID))+" · "+h.Reason+said))
	}
	section("evidence", len(c.Evidence))
	for _, e := range c.Evidence {
		d.line("◈", m.th.dim, when(e.At)+m.by(e.By)+" ", m.th.plain, feed.Sanitise(strings.TrimSpace(m.named("evidence", string(e.Kind))+" "+e.Ref+" "+e.Text)))
	}
	section("facts", len(c.Facts))
	for _, f := range c.Facts {
		d.line("·", m.th.dim, when(f.At)+m.by(f.By)+" ", m.th.plain, feed.Sanitise(m.factNames(f.Fact)+" = "+f.Value))
	}
	section("replies", len(c.Replies))
	for _, a := range c.Replies {
		d.line("↩", m.th.dim, when(a.At)+m.by(a.By)+" ", m.th.plain, feed.Sanitise(a.Text))
	}
	m.caseRulings(d, c, when, section)
}

func (m *Model) caseRulings(d *doc, c *moderation.Case, when func(time.Time) string, section func(string, int) bool) {
	section("payments", len(c.Payments))
	for i := range c.Payments {
		p := &c.Payments[i]
		who := m.by(p.By)
		if p.DecidedBy != "" {
			who += " → " + m.by(p.DecidedBy)
		}
		d.line("¥", m.th.fine, when(p.At)+who+" ", m.th.plain,
			feed.Sanitise(m.t.T("ask.payment", p.ID, money(p.AmountFen), m.orderNumber(p.Order, c.ID), m.inBoth(p.Title.ZH, p.Title.EN))+" · "+m.named("payment", string(p.State))))
	}
	if len(c.Payments) > 0 {
		d.line("", m.th.dim, "", m.th.dim, feed.Sanitise(m.t.T("case.only_proposed")))
	}
	section("penalties", len(c.Penalties))
	for i := range c.Penalties {
		p := &c.Penalties[i]
		var what []string
		for _, s := range p.Measures {
			what = append(what, m.named("measure", string(s)))
		}
		d.line("▲", m.th.need, when(p.At)+m.by(p.ImposedBy)+" ", m.th.plain,
			feed.Sanitise(strings.Join(what, "、")+" · "+m.named("penalty", string(p.State))+" · "+m.inBoth(p.Why, p.WhyEN)))
	}
	if n := len(c.Sample); section("sample", n) {
		done := 0
		for i := range c.Sample {
			if c.Sample[i].Reviewed() {
				done++
			}
		}
		d.line("◇", m.th.dim, "", m.th.plain, feed.Sanitise(m.t.T("case.reviewed", done, n)))
	}
}
