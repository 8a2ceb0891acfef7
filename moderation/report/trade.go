package report

import (
	"cmp"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
)

// A Product is what was sold of one, against what was claimed of it.
type Product struct {
	SKU, Title        string
	OnAir             time.Duration
	Raised, Confirmed int // flags
	Made, Paid        int // orders; Paid of those made
	PaidFen           int64
	Refunds, Refunded int // of the paid: refunds asked for, and paid back
	RefundFen         int64
	Complaints        int
	Exposed, Others   Buyers

	claims []*Flag // confirmed
}

// Buyers are paid orders, and of how many a refund was asked for.
type Buyers struct {
	Orders, Refunds int
	PaidFen         int64
}

// Share is of how many of the orders a refund was asked for.
func (b Buyers) Share() backtest.Share { return backtest.Share{K: b.Refunds, N: b.Orders} }

func (b *Buyers) add(o *moderation.Order) {
	b.Orders++
	b.PaidFen += o.PaidFen
	if o.Refund != "" {
		b.Refunds++
	}
}

// PaidShare is how many of the orders made were paid.
func (p *Product) PaidShare() backtest.Share { return backtest.Share{K: p.Paid, N: p.Made} }

// RefundShare is of how many of the paid orders a refund was asked for.
func (p *Product) RefundShare() backtest.Share { return backtest.Share{K: p.Refunds, N: p.Paid} }

func (p *Product) claim(f *Flag) {
	p.Raised++
	if f.Status == moderation.FlagConfirmed {
		p.Confirmed++
		p.claims = append(p.claims, f)
	}
}

// product is the product of that code, which begins with its first mention.
func (m *maker) product(sku string) *Product {
	p := m.products[sku]
	if p == nil {
		p = &Product{SKU: sku}
		m.products[sku] = p
	}
	return p
}

// readOrders counts orders by product, and those that were paid while a
// confirmed claim about the product stood.
func (m *maker) readOrders() error {
	page := moderation.Page{Room: m.Room.ID}
	return each(m, m.record.Orders, page, func(o *moderation.Order) int64 { return o.Number }, func(o *moderation.Order) error {
		bought := boughtAt(o)
		if bought.IsZero() || !m.Period.holds(bought) {
			if !bought.IsZero() {
				m.elsewhere[o.ID] = true
			}
			return nil
		}
		m.orders[o.ID] = true
		m.keep(moderation.LeafOrder, o.Seal)
		m.trade = append(m.trade, bought)
		m.addOrder(o)
		return nil
	})
}

// boughtAt is when an order was paid, or made while it is not paid.
func boughtAt(o *moderation.Order) time.Time {
	if o.PaidAt.IsZero() {
		return o.CreatedAt
	}
	return o.PaidAt
}

func (m *maker) addOrder(o *moderation.Order) {
	p, t := m.product(o.SKU), &m.Totals
	t.Orders++
	p.Made++
	if o.PaidAt.IsZero() && o.PaidFen == 0 {
		return
	}
	t.Paid++
	p.Paid++
	t.PaidFen += o.PaidFen
	p.PaidFen += o.PaidFen
	if o.Refund != "" {
		p.Refunds++
	}
	if o.Refund == feed.StatusRefunded {
		p.Refunded++
		p.RefundFen += o.RefundFen
	}
	exposed := false
	for _, f := range p.claims {
		if f.Reach.Holds(boughtAt(o)) {
			f.Exposed++
			f.ExposedFen += o.PaidFen
			exposed = true
		}
	}
	if exposed {
		t.Exposed++
		t.ExposedFen += o.PaidFen
		p.Exposed.add(o)
		return
	}
	p.Others.add(o)
}

// sumProducts lists the products, those with most paid orders first.
func (m *maker) sumProducts() {
	for sku, p := range m.products {
		p.Title = m.titles[sku]
		m.Products = append(m.Products, *p)
	}
	slices.SortFunc(m.Products, func(a, b Product) int {
		return cmp.Or(cmp.Compare(b.Paid, a.Paid), cmp.Compare(b.Raised, a.Raised), cmp.Compare(a.SKU, b.SKU))
	})
}
