package tui

import (
	"cmp"
	"strconv"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// turnAt is the product on air at the room's moment: the one that a selected
// flag is about, when the panes stand in the past.
func (r *room) turnAt() (onAir, bool) {
	live := r.at.IsZero()
	var turn onAir
	for _, t := range r.onAir {
		if live || !t.at.After(r.at) {
			turn = t
		}
	}
	known := r.info.OnAir != "" && (live || !r.info.OnAirAt.After(r.at))
	if known && turn.sku != r.info.OnAir {
		turn = onAir{at: r.info.OnAirAt, sku: r.info.OnAir}
	}
	if known {
		turn.price = cmp.Or(r.info.OnAirFen, turn.price)
	}
	return turn, turn.sku != ""
}

// productRows draws the product on air: what it costs, what was found in what
// is said of it, and who bought since.
func (m *Model) productRows(r *room, w, h int) []string {
	turn, ok := r.turnAt()
	if !ok {
		return m.emptyRows(r, paneProduct, w, h)
	}
	d := &doc{m: m, w: w}
	row := newRow(w, style{}).gap(1).show(m.th.strong, feed.Sanitise(turn.sku)).gap(1)
	if turn.price > 0 {
		row.own(m.th.plain, money(turn.price)+"  ")
	}
	if turn.stock > 0 {
		row.own(m.th.dim, m.t.T("product.stock", grouped(turn.stock))+"  ")
	}
	if !turn.at.IsZero() {
		row.own(m.th.dim, m.t.T("product.since", r.clock(turn.at)))
	}
	d.rows = append(d.rows, row.done())
	d.field("product.title", m.th.plain, feed.Sanitise(r.titles[turn.sku]))
	m.productFlags(r, d, turn.sku)
	for _, f := range factsOf(r, turn.sku) {
		d.own("category."+string(f.Finding.Category), m.th.fine, f.Finding.Fact)
	}
	if len(d.rows) > h {
		d.rows = d.rows[:h]
	}
	return append(d.rows, blankRows(h-len(d.rows), w)...)
}

// productFlags counts the flags about a product and the orders paid after the
// first of them and before the host corrected it.
func (m *Model) productFlags(r *room, d *doc, sku string) {
	var first, corrected time.Time
	waits, confirmed := 0, 0
	for _, rec := range r.flags.by {
		f := &rec.v
		if f.Finding.SKU != sku || f.Status == moderation.FlagDismissed {
			continue
		}
		if f.Status == moderation.FlagConfirmed {
			confirmed++
		} else {
			waits++
		}
		if first.IsZero() || f.At.Before(first) {
			first, corrected = f.At, f.Corrected
		}
	}
	if waits+confirmed == 0 {
		d.own("product.flags", m.th.fine, m.t.T("product.no_flags"))
		return
	}
	d.own("product.flags", m.th.need, m.t.T("product.flag_count", waits, confirmed))
	d.own("product.exposed", m.th.plain, m.exposure(r, sku, first, corrected))
}

// exposure tells how many orders of a product were paid after something was
// said about it, and before the host was asked to correct it.
func (m *Model) exposure(r *room, sku string, said, corrected time.Time) string {
	n, fen := int64(0), int64(0)
	for _, rec := range r.orders.by {
		o := &rec.v
		late := !corrected.IsZero() && o.PaidAt.After(corrected)
		if o.SKU != sku || o.PaidAt.IsZero() || o.PaidAt.Before(said) || late {
			continue
		}
		n, fen = n+1, fen+o.PaidFen
	}
	until := m.t.T("product.until_now")
	if !corrected.IsZero() {
		until = m.t.T("product.until", r.clock(corrected))
	}
	return m.t.T("product.orders", grouped(n), money(fen), r.clock(said), until)
}

// factsOf lists one flag for each fact of the sheet that was checked.
func factsOf(r *room, sku string) []*moderation.Flag {
	var out []*moderation.Flag
	have := map[string]bool{}
	for _, rec := range r.flags.rows() {
		f := &rec.v
		key := string(f.Finding.Category) + f.Finding.Fact
		if f.Finding.SKU == sku && f.Finding.Fact != "" && !have[key] {
			have[key] = true
			out = append(out, f)
		}
	}
	return out
}

// caseNumber writes the number of a case as people say it.
func caseNumber(id int64) string { return "#" + strconv.FormatInt(id, 10) }
