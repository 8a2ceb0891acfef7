package moderation

import (
	"cmp"
	"slices"
	"time"

	"liveroom/feed"
)

// What is said false on air reaches whoever buys from then on, until somebody
// puts it right or the goods go. A reach is pure: flags, events and orders in,
// windows out.

// A Reach is one saying of a claim and how long buyers stood under it.
type Reach struct {
	Flag  int64
	Event int64     // of the sentence
	At    time.Time // when it was said
	Until time.Time // zero: nothing has ended it
	End   ReachEnd
	By    int64 // index of the event that ended it; 0: none did
}

// ReachEnd is what ended the reach of a claim.
type ReachEnd string

// The ends. The first of them counts, but that a host who was told and then said
// it right on air did so when he said it.
const (
	ReachCorrected ReachEnd = "corrected" // the host said it right, with words of correction
	ReachTold      ReachEnd = "told"      // the host was told to correct it; whether he did, nobody heard
	ReachOffAir    ReachEnd = "off_air"   // another product came on air
	ReachEnded     ReachEnd = "ended"     // the broadcast was over
	ReachOpen      ReachEnd = ""
)

// endings is what can end a claim's reach.
type endings struct {
	corrections []Recorded    // sentences that put the claim right, in record order
	shown       []Recorded    // products on air and ends of the broadcast, in record order
	told        []time.Time   // when the host was told to correct it
	grace       time.Duration // how long what was said sells on after the goods or the broadcast are gone
}

// reach is how far one saying of a claim reaches.
func (e endings) reach(f Flag) Reach {
	r := Reach{Flag: f.ID, Event: f.Event, At: f.At}
	for _, s := range e.shown {
		off := s.Product != nil && s.Product.ID != "" && s.Product.ID != f.Finding.SKU
		ended := s.Kind == feed.KindSystem && s.Code == feed.CodeStreamEnd
		if s.Index > f.Event && (off || ended) {
			r.end(ReachOffAir, s, e.grace)
			if ended {
				r.End = ReachEnded
			}
			break
		}
	}
	if i := slices.IndexFunc(e.corrections, func(c Recorded) bool { return c.Index > f.Event }); i >= 0 {
		if c := e.corrections[i]; r.Until.IsZero() || c.At.Before(r.Until) {
			r.end(ReachCorrected, c, 0)
			return r
		}
	}
	for _, told := range e.told {
		if !told.Before(f.At) && (r.Until.IsZero() || told.Before(r.Until)) {
			r.Until, r.End, r.By = told, ReachTold, 0
		}
	}
	return r
}

// end notes an event that ends the reach; one that its source dates before the
// claim ends it at once.
func (r *Reach) end(why ReachEnd, by Recorded, grace time.Duration) {
	r.Until, r.End, r.By = by.At.Add(grace), why, by.Index
	if r.Until.Before(r.At) {
		r.Until = r.At
	}
}

// Holds tells whether who bought then stood under the claim.
func (r *Reach) Holds(bought time.Time) bool {
	return !bought.Before(r.At) && (r.Until.IsZero() || !bought.After(r.Until))
}

// reached is the last of the reaches that an order stood under, nil for none.
func reached(reaches []Reach, bought time.Time) *Reach {
	for i := len(reaches) - 1; i >= 0; i-- {
		if r := &reaches[i]; r.Holds(bought) {
			return r
		}
	}
	return nil
}

// span is the time within which any of the reaches holds.
func span(reaches []Reach) (from, to time.Time) {
	for i, r := range reaches {
		if r.Until.IsZero() {
			r.Until = Unstamp(1<<63 - 1)
		}
		if i == 0 || r.At.Before(from) {
			from = r.At
		}
		if i == 0 || r.Until.After(to) {
			to = r.Until
		}
	}
	return from, to
}

// Bought is what of an order tells what it is worth and whether a claim reached
// it.
type Bought struct {
	ID        string
	CreatedAt time.Time
	PaidAt    time.Time
	ShippedAt time.Time
	PaidFen   int64
	Refund    string
	RefundFen int64
	Case      int64 // 0: none
	Applied   bool  // a payment was proposed for it before
}

// order is what of the order policies can be asked about.
func (b *Bought) order(room, sku string) Order {
	return Order{
		ID: b.ID, Room: room, SKU: sku, CreatedAt: b.CreatedAt, PaidAt: b.PaidAt, ShippedAt: b.ShippedAt,
		PaidFen: b.PaidFen, Refund: b.Refund, RefundFen: b.RefundFen, Case: b.Case,
	}
}

// An Exposed is an order that a claim reached, and by which saying of it.
type Exposed struct {
	Bought
	Flag int64 // the last one said before it was bought
}

// BoughtAt is when it was paid, or made while it is not paid.
func (b *Bought) BoughtAt() time.Time { return boughtAt(b.CreatedAt, b.PaidAt) }

func boughtAt(created, paid time.Time) time.Time {
	if paid.IsZero() {
		return created
	}
	return paid
}

// An Exposure is which orders a confirmed claim reached, each once however often
// it was said, and the money in them.
type Exposure struct {
	Flag    Flag
	Reaches []Reach   // every time it was said and a person confirmed it, in order
	Orders  []Exposed // by when they were bought
	// Undecided are sayings of the same that nobody decided on yet, and how many
	// more orders they would reach.
	Undecided []int64
	More      int
	Untimed   int   // orders of the product whose time nobody told
	PaidFen   int64 // what its orders were paid with
	BackFen   int64 // what of that went back already, or was promised to
	Unpaid    int
	InCases   int // orders that are in a case already
	Stakes    []Stake
}

// expose fills in which orders are reached.
func (x *Exposure) expose(orders []Bought, undecided []Reach) {
	x.Orders = make([]Exposed, 0, len(orders))
	for _, b := range orders {
		at := b.BoughtAt()
		if at.IsZero() {
			x.Untimed++
			continue
		}
		r := reached(x.Reaches, at)
		if r == nil {
			if reached(undecided, at) != nil {
				x.More++
			}
			continue
		}
		x.Orders = append(x.Orders, Exposed{Bought: b, Flag: r.Flag})
		x.PaidFen += max(b.PaidFen, 0)
		o := b.order("", "")
		x.BackFen += min(refunded(o), max(b.PaidFen, 0))
		if b.PaidFen <= 0 {
			x.Unpaid++
		}
		if b.Case != 0 {
			x.InCases++
		}
	}
	slices.SortStableFunc(x.Orders, func(a, b Exposed) int {
		return cmp.Or(a.BoughtAt().Compare(b.BoughtAt()), cmp.Compare(a.ID, b.ID))
	})
}
