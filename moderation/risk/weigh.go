package risk

import (
	"cmp"
	"slices"
	"time"
)

// MaxOrders is how many of the newest orders of a buyer, to an address or from a
// device are looked at: who has more has been noticed before.
const MaxOrders = 100

// Beside is what an order stands beside: the newest orders of its buyer, to its
// address and from its device, itself among them, at most MaxOrders each, in any
// order. Each may be empty.
type Beside struct {
	OfBuyer    []Order
	ToAddress  []Order
	FromDevice []Order
}

// Orders weighs what is known of a buyer, an address and a device.
func (r *Rules) Orders(b Beside) []Signal {
	if !r.may(b) {
		return nil
	}
	b = Beside{byTime(b.OfBuyer), byTime(b.ToAddress), byTime(b.FromDevice)}
	var out []Signal
	for i := range r.rules {
		rule := &r.rules[i]
		if s, ok := rule.weigh(rule.of(b)); ok {
			out = append(out, s)
		}
	}
	return out
}

// may tells whether there are orders enough for any rule: most buyers have one.
func (r *Rules) may(b Beside) bool {
	return slices.ContainsFunc(r.rules, func(rule Rule) bool {
		return int64(len(rule.of(b))) >= rule.least()
	})
}

func (r *Rule) of(b Beside) []Order {
	switch r.Kind {
	case KindAddress:
		return b.ToAddress
	case KindDevice:
		return b.FromDevice
	}
	return b.OfBuyer
}

// byTime orders the newest last; of which nobody told the time stand first.
func byTime(orders []Order) []Order {
	return slices.SortedStableFunc(slices.Values(orders), func(a, b Order) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// least is how many orders there are at least where the rule holds.
func (r *Rule) least() int64 {
	switch r.Kind {
	case KindPieces:
		return 1
	case KindRefundRate:
		return r.Least
	}
	return r.Count
}

// line is the number from which on the rule holds.
func (r *Rule) line() int64 {
	if r.Kind == KindRefundRate {
		return r.Percent
	}
	return r.Count
}

// weigh looks for the span of time with the greatest number.
func (r *Rule) weigh(orders []Order) (Signal, bool) {
	if int64(len(orders)) < r.least() {
		return Signal{}, false
	}
	if r.Kind == KindRefundRate {
		return r.rate(orders)
	}
	counted := make([]Order, 0, len(orders))
	for _, o := range orders {
		if r.counts(o) {
			counted = append(counted, o)
		}
	}
	best, from, to := int64(0), 0, 0
	w := window{kind: r.Kind, of: make(map[string]int64)}
	for first, last := 0, 0; last < len(counted); last++ {
		for first < last && beyond(counted[first].At, counted[last].At, r.Within) {
			w.drop(&counted[first])
			first++
		}
		value := w.add(&counted[last])
		if value > best || value == best && last+1-first > to-from {
			best, from, to = value, first, last+1
		}
	}
	if best < r.Count {
		return Signal{}, false
	}
	return r.signal(counted[from:to], best, 0), true
}

// A window is a rule's number of the orders in a span of time.
type window struct {
	kind Kind
	n    int64
	of   map[string]int64 // orders by account, pieces by product
}

// add takes an order in and gives the number of which it is part.
func (w *window) add(o *Order) int64 {
	w.n++
	switch w.kind {
	case KindAddress, KindDevice:
		if o.Buyer != "" {
			w.of[o.Buyer]++
		}
		return int64(len(w.of))
	case KindPieces:
		w.of[o.SKU] += pieces(o)
		return w.of[o.SKU]
	}
	return w.n
}

func (w *window) drop(o *Order) {
	w.n--
	switch w.kind {
	case KindAddress, KindDevice:
		if w.of[o.Buyer]--; w.of[o.Buyer] <= 0 {
			delete(w.of, o.Buyer)
		}
	case KindPieces:
		w.of[o.SKU] -= pieces(o)
	}
}

func pieces(o *Order) int64 { return min(max(o.Qty, 0), maxCount) }

// beyond tells whether the first time lies before the span that ends with the
// last. A time that nobody told lies in every span.
func beyond(first, last time.Time, within time.Duration) bool {
	return !first.IsZero() && first.Before(last.Add(-within))
}

// counts tells whether an order is one of those the rule counts.
func (r *Rule) counts(o Order) bool {
	switch r.Kind {
	case KindUnpaid:
		return o.Closed && !o.Paid
	case KindRefunds:
		return o.Refunded
	}
	return true
}

// rate is the share of the newest orders' refunds, of those that were paid.
func (r *Rule) rate(orders []Order) (Signal, bool) {
	last := orders[len(orders)-1].At
	var paid int64
	var back []Order
	for _, o := range orders {
		switch {
		case !o.Paid && !o.Refunded || beyond(o.At, last, r.Within):
			continue
		case o.Refunded:
			back = append(back, o)
		}
		paid++
	}
	if paid < r.Least || int64(len(back))*100 < r.Percent*paid || len(back) == 0 {
		return Signal{}, false
	}
	return r.signal(back, int64(len(back))*100/paid, paid), true
}

func (r *Rule) signal(orders []Order, value, of int64) Signal {
	last := orders[len(orders)-1]
	s := Signal{Rule: r.ID, At: last.At, Value: value, Of: of, Line: r.line(), Points: r.Points, Why: r.why(value, of)}
	switch r.Kind {
	case KindAddress:
		s.Address = last.Address
	case KindDevice:
		s.Device = last.Device
	default:
		s.Buyer = last.Buyer
	}
	for _, o := range orders {
		s.Orders = append(s.Orders, o.ID)
	}
	return s
}

// Points is what signals count together; of each rule about one buyer, address
// or device the weightiest counts.
func Points(signals []Signal) int {
	type about struct{ rule, buyer, address, device string }
	most := make(map[about]int)
	for _, s := range signals {
		key := about{s.Rule, s.Buyer, s.Address, s.Device}
		most[key] = max(most[key], s.Points)
	}
	sum := 0
	for _, p := range most {
		sum += p
	}
	return sum
}
