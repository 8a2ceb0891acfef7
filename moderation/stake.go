package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// A Stake is what a policy would make of the exposed orders, were each of them
// applied for now. Nothing is proposed by it, and nothing paid.
type Stake struct {
	Policy    string
	Title     policy.Text
	Kind      policy.Kind
	ShownOnly bool // a scenario of the law
	Granted   Part
	Open      Part // it hangs on what is missing
	Missing   []policy.Fact
	Refused   Part // what its formula would come to all the same
	NotInForce,
	Unknown int // orders for which the policy gives no sum: theirs is not among the sums
}

// A Part is some of the orders, and what they come to.
type Part struct {
	Orders int
	Fen    int64
}

// stakeKinds are the kinds of policy by which an order that a claim reached can
// be worth something.
var stakeKinds = []policy.Kind{policy.Compensation, policy.Return, policy.Statutory}

// A weigher asks policies about thousands of orders. Orders that were paid with
// the same amount differ in their times alone, and a policy's windows part them
// at few moments: where the first and the last of a stretch get the same answer,
// so do those between.
type weigher struct {
	set     *policy.Set
	ids     []string
	asOf    time.Time
	zone    *time.Location
	facts   func(b *Bought) (policy.Facts, error)
	stakes  []Stake
	asked   map[string][]policy.Result // by order
	answers int
}

// weigh asks the policies about all of the orders.
func (w *weigher) weigh(orders []Exposed) ([]Stake, error) {
	for _, p := range w.set.Policies() {
		if slices.Contains(stakeKinds, p.Kind) && !slices.Contains(w.ids, p.ID) {
			w.ids = append(w.ids, p.ID)
			w.stakes = append(w.stakes, Stake{Policy: p.ID, Title: p.Title, Kind: p.Kind, ShownOnly: p.Kind == policy.Statutory})
		}
	}
	if len(w.ids) == 0 {
		return nil, nil
	}
	w.asked = make(map[string][]policy.Result)
	groups := make(map[boughtAlike][]*Bought)
	for i := range orders {
		b := &orders[i].Bought
		k := alikeBought(b)
		groups[k] = append(groups[k], b)
	}
	for _, g := range groups {
		if err := w.stretch(g); err != nil {
			return nil, err
		}
	}
	return w.stakes, nil
}

// boughtAlike is the same for orders that differ in their times alone.
type boughtAlike struct {
	own                 string // an order that a payment was proposed for has a story of its own
	paid, back          int64
	refund              string
	unmade, due, unsent bool
}

func alikeBought(b *Bought) boughtAlike {
	k := boughtAlike{"", b.PaidFen, b.RefundFen, b.Refund, b.CreatedAt.IsZero(), b.PaidAt.IsZero(), b.ShippedAt.IsZero()}
	if b.Applied {
		k.own = b.ID
	}
	return k
}

// times are the times that orders of a group differ in.
var times = []func(b *Bought) time.Time{
	func(b *Bought) time.Time { return b.CreatedAt },
	func(b *Bought) time.Time { return b.PaidAt },
	func(b *Bought) time.Time { return b.ShippedAt },
}

// stretch counts a group of alike orders: as one where those at its ends get the
// same answers, else half by half.
func (w *weigher) stretch(g []*Bought) error {
	type extent struct{ low, high *Bought }
	ends := make(map[int]extent)
	byExtent := []int{0, 1, 2}
	for i, at := range times {
		ends[i] = extent{slices.MinFunc(g, byTime(at)), slices.MaxFunc(g, byTime(at))}
	}
	// Where they lie widest apart the answers differ first.
	wide := func(i int) time.Duration { return times[i](ends[i].high).Sub(times[i](ends[i].low)) }
	slices.SortStableFunc(byExtent, func(a, b int) int { return cmp.Compare(wide(b), wide(a)) })
	var first []policy.Result
	for _, i := range byExtent {
		for _, b := range []*Bought{ends[i].low, ends[i].high} {
			answer, err := w.ask(b)
			switch {
			case err != nil:
				return err
			case first == nil:
				first = answer
			case !sameAnswers(first, answer):
				return w.halves(g, times[byExtent[0]])
			}
		}
	}
	w.count(first, len(g))
	return nil
}

func byTime(at func(b *Bought) time.Time) func(a, b *Bought) int {
	return func(a, b *Bought) int { return cmp.Or(at(a).Compare(at(b)), cmp.Compare(a.ID, b.ID)) }
}

// halves counts a group in two, parted by the times that lie widest apart.
func (w *weigher) halves(g []*Bought, at func(*Bought) time.Time) error {
	g = slices.Clone(g)
	slices.SortFunc(g, byTime(at))
	for _, half := range [][]*Bought{g[:len(g)/2], g[len(g)/2:]} {
		if err := w.stretch(half); err != nil {
			return err
		}
	}
	return nil
}

func (w *weigher) ask(b *Bought) ([]policy.Result, error) {
	if r, ok := w.asked[b.ID]; ok {
		return r, nil
	}
	facts, err := w.facts(b)
	if err != nil {
		return nil, err
	}
	r, err := w.set.Evaluate(policy.Matter{Facts: facts, Zone: w.zone}, w.asOf, w.ids...)
	if err != nil {
		return nil, fmt.Errorf("ask policies about %s: %w", orderName(b.ID), err)
	}
	w.asked[b.ID] = r
	w.answers++
	return r, nil
}

// sameAnswers tells whether two orders stand alike under every policy.
func sameAnswers(a, b []policy.Result) bool {
	return slices.EqualFunc(a, b, func(x, y policy.Result) bool {
		return x.Standing == y.Standing && x.Version == y.Version && sum(x) == sum(y) && slices.Equal(x.Missing, y.Missing)
	})
}

// sum is what a policy's formula comes to, -1 where it gives none.
func sum(r policy.Result) int64 {
	if r.Amount == nil || !r.Amount.Known {
		return -1
	}
	return r.Amount.Fen
}

// count adds the answer that n orders get.
func (w *weigher) count(answer []policy.Result, n int) {
	for i, r := range answer {
		s := &w.stakes[i]
		fen := sum(r)
		if r.Standing == policy.NotInForce {
			s.NotInForce += n
			continue
		}
		if fen < 0 {
			s.Unknown += n
			fen = 0
		}
		part := map[policy.Standing]*Part{policy.Granted: &s.Granted, policy.Open: &s.Open, policy.Refused: &s.Refused}[r.Standing]
		part.Orders += n
		part.Fen += fen * int64(n)
		if r.Standing == policy.Open {
			s.miss(r.Missing...)
		}
	}
}

func (s *Stake) miss(facts ...policy.Fact) {
	s.Missing = append(s.Missing, facts...)
	slices.Sort(s.Missing)
	s.Missing = slices.Compact(s.Missing)
}
