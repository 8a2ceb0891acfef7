package moderation

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation/policy"
)

// stakesOf weighs orders, and tells how many of them the policies were asked
// about.
func stakesOf(t testing.TB, set *policy.Set, orders []Exposed, asOf time.Time) ([]Stake, int) {
	t.Helper()
	w := weigher{set: set, asOf: asOf, zone: policy.DefaultZone, facts: func(b *Bought) (policy.Facts, error) {
		f := FactsOfOrder(b.order("A", "D01"), Room{ID: "A", StartedAt: noon}, nil)
		f["claim.category"], f["claim.confirmed"] = policy.Word(string(claims.CategoryMaterial)), policy.Bool(true)
		f["product.returns_7d"], f["returns.requested_at"] = policy.Bool(true), policy.Moment(asOf)
		f["claim.applied_at"] = policy.Moment(asOf)
		return f, nil
	}}
	out, err := w.weigh(orders)
	if err != nil {
		t.Fatal(err)
	}
	return out, w.answers
}

// TestAStretchOfOrdersIsAskedAboutAtItsEnds: what the policies make of thousands
// of orders is what they make of each by itself.
func TestAStretchOfOrdersIsAskedAboutAtItsEnds(t *testing.T) {
	set, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		asOf := noon.AddDate(0, 0, rapid.IntRange(0, 60).Draw(rt, "day"))
		orders := make([]Exposed, rapid.IntRange(0, 20).Draw(rt, "orders"))
		for i := range orders {
			paid := noon.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
			b := Bought{ID: fmt.Sprint("LR", i), CreatedAt: paid.Add(-time.Minute), PaidAt: paid, PaidFen: rapid.SampledFrom([]int64{0, 9900, 150_000}).Draw(rt, "fen")}
			if rapid.Bool().Draw(rt, "shipped") {
				b.ShippedAt = paid.Add(time.Duration(rapid.IntRange(1, 240).Draw(rt, "until shipped")) * time.Hour)
			}
			if rapid.IntRange(0, 4).Draw(rt, "refund") == 0 {
				b.Refund, b.RefundFen = feed.StatusRefunded, 5000
			}
			orders[i] = Exposed{Bought: b}
		}
		got, _ := stakesOf(t, set, orders, asOf)
		var want []Stake
		for i := range orders {
			one, _ := stakesOf(t, set, orders[i:i+1], asOf)
			want = together(want, one)
		}
		if len(orders) > 0 && !reflect.DeepEqual(got, want) {
			rt.Fatalf("together they come to\n%+v\none by one to\n%+v", got, want)
		}
	})
}

// together adds what one more order comes to.
func together(sum, one []Stake) []Stake {
	if sum == nil {
		return one
	}
	for i := range sum {
		for _, p := range [][2]*Part{{&sum[i].Granted, &one[i].Granted}, {&sum[i].Open, &one[i].Open}, {&sum[i].Refused, &one[i].Refused}} {
			p[0].Orders += p[1].Orders
			p[0].Fen += p[1].Fen
		}
		sum[i].NotInForce += one[i].NotInForce
		sum[i].Unknown += one[i].Unknown
		for _, f := range one[i].Missing {
			sum[i].miss(f)
		}
	}
	return sum
}

// TestThousandsOfOrdersAreFewQuestions: a product has a handful of prices, and a
// window closes for all orders of a day at once.
func TestThousandsOfOrdersAreFewQuestions(t *testing.T) {
	set, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var orders []Exposed
	for i := range 5000 {
		paid := noon.Add(time.Duration(i) * time.Second)
		orders = append(orders, Exposed{Bought: Bought{
			ID: fmt.Sprint("LR", i), CreatedAt: paid, PaidAt: paid, ShippedAt: paid.Add(time.Duration(i%72) * time.Hour), PaidFen: []int64{9900, 19800, 9400}[i%3],
		}})
	}
	stakes, asked := stakesOf(t, set, orders, noon.AddDate(0, 0, 31))
	if asked > 300 {
		t.Errorf("the policies were asked about %d of %d orders", asked, len(orders))
	}
	for _, s := range stakes {
		if n := s.Granted.Orders + s.Open.Orders + s.Refused.Orders + s.NotInForce; n != len(orders) {
			t.Errorf("%s answers for %d of %d orders", s.Policy, n, len(orders))
		}
	}
}
