package moderation

import (
	"cmp"
	"errors"
	"reflect"

	"liveroom/feed"
)

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// orderRank is how far an order is; it never goes back. A state of a source
// that is not known ranks with none.
var orderRank = map[string]int{
	feed.StatusCreated: 1, feed.StatusPaid: 2, feed.StatusShipped: 3, feed.StatusCompleted: 4, feed.StatusClosed: 5,
}

// refundRank is the same for a refund. One that was closed came to nothing: the
// buyer took it back, or its time ran out.
var refundRank = map[string]int{
	feed.StatusRequested: 1, feed.StatusRefused: 2, feed.StatusAgreed: 3, feed.StatusClosed: 4, feed.StatusRefunded: 5,
}

// trade brings the order of an order or refund event forward. Events may come
// in any order: each tells what it knows, none takes back what another told.
func (in *intake) trade(index int64, e *feed.Event) error {
	if e.OrderID == "" {
		return nil
	}
	old, err := in.tx.Order(in.ctx, e.OrderID)
	if err != nil && !isNotFound(err) {
		return err
	}
	o := old
	if o.Version == 0 {
		o = Order{ID: e.OrderID, Room: e.Room, Status: feed.StatusUnknown}
	}
	learn(&o, e)
	if e.Kind == feed.KindRefund {
		if err := in.refund(&o, e); err != nil {
			return err
		}
	} else {
		progress(&o, e)
	}
	if reflect.DeepEqual(o, old) {
		return nil
	}
	o.Event = index
	if err := in.order(&o); err != nil {
		return err
	}
	if o.Case != 0 {
		if err := in.clock(o.Case); err != nil {
			return err
		}
	}
	return in.weigh(&old, &o)
}

// learn fills what was not known of the order.
func learn(o *Order, e *feed.Event) {
	erased := o.Seal.Erased() // then nobody comes back with what arrives late
	if o.Buyer.ID == "" && !erased {
		o.Buyer = e.User
	}
	if e.Product != nil {
		o.SKU = cmp.Or(o.SKU, e.Product.ID)
	}
	p := e.Order
	if p == nil {
		return
	}
	if o.Buyer.ID == "" && !erased {
		o.Buyer = feed.User{ID: p.Buyer}
	}
	o.SKU = cmp.Or(p.SKU, o.SKU)
	o.Qty = cmp.Or(p.Qty, o.Qty)
	o.PaidFen = cmp.Or(p.PaidFen, o.PaidFen)
	if !erased {
		o.AddressHash = cmp.Or(p.AddressHash, o.AddressHash)
		o.Device = cmp.Or(p.Device, o.Device)
	}
	if o.CreatedAt.IsZero() {
		o.CreatedAt = p.CreatedAt
	}
	if o.PaidAt.IsZero() {
		o.PaidAt = p.PaidAt
	}
	if o.ShippedAt.IsZero() {
		o.ShippedAt = p.ShippedAt
	}
}

// progress moves the order forward. A time that the source did not give is the
// time of the event that told the state.
func progress(o *Order, e *feed.Event) {
	o.AmountFen = cmp.Or(e.AmountFen, o.AmountFen)
	if orderRank[e.Status] > orderRank[o.Status] {
		o.Status = e.Status
	}
	switch e.Status {
	case feed.StatusCreated:
		if o.CreatedAt.IsZero() {
			o.CreatedAt = e.At
		}
	case feed.StatusPaid:
		if o.PaidAt.IsZero() {
			o.PaidAt = e.At
		}
	case feed.StatusShipped:
		if o.ShippedAt.IsZero() {
			o.ShippedAt = e.At
		}
	}
}

// refund moves the order's refund forward. After a refusal, or after it was closed,
// the buyer may ask again; a request that only arrives later than its answer is none.
func (in *intake) refund(o *Order, e *feed.Event) error {
	again := e.Status == feed.StatusRequested && (o.Refund == feed.StatusRefused || o.Refund == feed.StatusClosed)
	if again {
		last, err := in.tx.Events(in.ctx, Page{After: o.Event - 1, Limit: 1})
		if err != nil {
			return err
		}
		again = len(last) == 0 || last[0].Index != o.Event || e.At.After(last[0].At)
	}
	if refundRank[e.Status] > refundRank[o.Refund] || again {
		o.Refund = e.Status
		o.RefundFen = cmp.Or(e.AmountFen, o.RefundFen)
	}
	return nil
}
