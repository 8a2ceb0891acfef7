package tui

import (
	"cmp"
	"strconv"
	"time"

	"liveroom/claims/sheet"
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
	m.productFacts(r, d, turn.sku)
	if len(d.rows) > h {
		d.rows = d.rows[:h]
	}
	return append(d.rows, blankRows(h-len(d.rows), w)...)
}

// aboutSKU is what the flags come to about a product.
type aboutSKU struct {
	sku     string
	changes int // of the flags when it was counted

	first, corrected time.Time
	waits, confirmed int
	touched          map[string]bool // facts that a flag contradicts
}

// flagsAbout counts the flags about a product: again where a flag changed.
func (r *room) flagsAbout(sku string) *aboutSKU {
	a := &r.about
	if a.sku == sku && a.changes == r.flags.changes && a.touched != nil {
		return a
	}
	*a = aboutSKU{sku: sku, changes: r.flags.changes, touched: map[string]bool{}}
	for _, rec := range r.flags.by {
		f := &rec.v
		if f.Status == moderation.FlagDismissed {
			continue
		}
		a.touched[f.Finding.FactID] = true
		if f.Finding.SKU != sku {
			continue
		}
		if f.Status == moderation.FlagConfirmed {
			a.confirmed++
		} else {
			a.waits++
		}
		if a.first.IsZero() || f.At.Before(a.first) {
			a.first, a.corrected = f.At, f.Corrected
		}
	}
	return a
}

// productFlags counts the flags about a product and the orders paid after the
// first of them and before the host corrected it.
func (m *Model) productFlags(r *room, d *doc, sku string) {
	a := r.flagsAbout(sku)
	if a.waits+a.confirmed == 0 {
		d.own("product.flags", m.th.fine, m.t.T("product.no_flags"))
		return
	}
	d.own("product.flags", m.th.need, m.t.T("product.flag_count", a.waits, a.confirmed))
	d.own("product.exposed", m.th.plain, m.exposure(r, sku, a.first, a.corrected))
}

// sale is what was sold of a product from one moment to another.
type sale struct {
	sku         string
	said, until time.Time
}

// sold is how many orders that were, and for how much.
type sold struct {
	changes int   // of the orders when it was counted
	second  int64 // and when that was
	n, fen  int64
}

// soldCap bounds how many sums are kept; fewOrders are counted at every change,
// more than that at most once a second: frames come far more often.
const (
	soldCap   = 256
	fewOrders = 500
)

func (r *room) soldIn(s sale, clock time.Time) sold {
	was, counted := r.sold[s]
	same := was.changes == r.orders.changes
	if counted && (same || was.second == clock.Unix() && len(r.orders.by) > fewOrders) {
		return was
	}
	now := sold{changes: r.orders.changes, second: clock.Unix()}
	for _, rec := range r.orders.by {
		o := &rec.v
		late := !s.until.IsZero() && o.PaidAt.After(s.until)
		if o.SKU != s.sku || o.PaidAt.IsZero() || o.PaidAt.Before(s.said) || late {
			continue
		}
		now.n, now.fen = now.n+1, now.fen+o.PaidFen
	}
	if len(r.sold) > soldCap {
		clear(r.sold)
	}
	r.sold[s] = now
	return now
}

// exposure tells how many orders of a product were paid after something was
// said about it, and before the host was asked to correct it.
func (m *Model) exposure(r *room, sku string, said, corrected time.Time) string {
	s := r.soldIn(sale{sku, said, corrected}, m.opt.Wall())
	until := m.t.T("product.until_now")
	if !corrected.IsZero() {
		until = m.t.T("product.until", r.clock(corrected))
	}
	return m.t.T("product.orders", grouped(s.n), money(s.fen), r.clock(said), until)
}

// shownFacts are the columns of the sheet that a moderator compares with what
// is said; the heading tells the rest.
var shownFacts = []sheet.Field{
	sheet.FieldMaterial, sheet.FieldNetWeight, sheet.FieldQuantity, sheet.FieldSize, sheet.FieldOrigin,
	sheet.FieldVariety, sheet.FieldIngredients, sheet.FieldMetrics, sheet.FieldEfficacy, sheet.FieldPrice,
	sheet.FieldListPrice, sheet.FieldLowest30D, sheet.FieldPromises, sheet.FieldReturns7D, sheet.FieldShipsWithin,
	sheet.FieldLicences, sheet.FieldBrand, sheet.FieldPatents, sheet.FieldHonours, sheet.FieldSales,
	sheet.FieldDeveloper, sheet.FieldShelfLife, sheet.FieldStock,
}

// productFacts lists what the sheet says, each fact that a flag contradicts
// with a mark before it.
func (m *Model) productFacts(r *room, d *doc, sku string) {
	if m.opt.Product == nil {
		return
	}
	p := m.opt.Product(sku)
	if p == nil {
		d.own("product.sheet", m.th.need, m.t.T("product.not_on_sheet"))
		return
	}
	touched := r.flagsAbout(sku).touched
	row := newRow(d.w, style{}).gap(1)
	for _, field := range shownFacts {
		value := feed.Sanitise(p.Raw(field))
		if value.Empty() {
			continue
		}
		st := m.th.plain
		if touched[sku+"·"+field.String()] {
			st, value = m.th.fine, feed.Sanitise("↔ "+p.Raw(field))
		}
		label := m.t.T("fact." + field.String())
		need := cells(label) + 1 + value.Width()
		if row.used > 1 && need > row.left() {
			d.rows = append(d.rows, row.done())
			row = newRow(d.w, style{}).gap(1)
		}
		row.own(m.th.dim, label).gap(1).show(st, value.Truncate(row.left())).gap(3)
	}
	d.rows = append(d.rows, row.done())
}

// caseNumber writes the number of a case as people say it.
func caseNumber(id int64) string { return "#" + strconv.FormatInt(id, 10) }
