package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
)

func testFlagsAbout(t *testing.T, h *harness) {
	index := h.add(chat("A", 1))[0]
	put := func(change func(f *moderation.Flag)) moderation.Flag {
		f := sampleFlag(index)
		f.Room, f.Finding.SKU, f.Finding.Category = "A", "D01", claims.CategoryMaterial
		change(&f)
		h.update(func(tx moderation.Tx) error { return tx.PutFlag(&f) })
		return must[moderation.Flag](t)(h.Flag(t.Context(), f.ID))
	}
	one := put(func(*moderation.Flag) {})
	put(func(f *moderation.Flag) { f.Room = "B" })
	put(func(f *moderation.Flag) { f.Finding.SKU = "D02" })
	put(func(f *moderation.Flag) { f.Finding.Category = claims.CategoryPrice })
	two := put(func(f *moderation.Flag) { f.Status = moderation.FlagDismissed })
	same(t, "flags about the material of D01", must[[]moderation.Flag](t)(h.FlagsAbout(t.Context(), "A", "D01", claims.CategoryMaterial)), []moderation.Flag{one, two})
}

func testBought(t *testing.T, h *harness) {
	index := h.add(chat("A", 1))[0]
	put := func(id string, change func(o *moderation.Order)) moderation.Bought {
		o := moderation.Order{
			ID: id, Room: "A", SKU: "D01", Event: index, PaidFen: 9900, CreatedAt: at(0), PaidAt: at(time.Minute), ShippedAt: at(time.Hour),
			Refund: feed.StatusRefunded, RefundFen: 100, Case: 7,
		}
		change(&o)
		h.update(func(tx moderation.Tx) error { return tx.PutOrder(&o) })
		return moderation.Bought{
			ID: id, CreatedAt: o.CreatedAt, PaidAt: o.PaidAt, ShippedAt: o.ShippedAt, PaidFen: o.PaidFen, Refund: o.Refund, RefundFen: o.RefundFen, Case: o.Case,
		}
	}
	paid := put("paid", func(*moderation.Order) {})
	made := put("made", func(o *moderation.Order) { o.CreatedAt, o.PaidAt = at(2*time.Minute), time.Time{} })
	untold := put("untold", func(o *moderation.Order) { o.CreatedAt, o.PaidAt = time.Time{}, time.Time{} })
	put("other room", func(o *moderation.Order) { o.Room = "B" })
	put("other goods", func(o *moderation.Order) { o.SKU = "D02" })
	put("paid too late", func(o *moderation.Order) { o.PaidAt = at(2*time.Minute + 1) })
	put("made in time and paid too early", func(o *moderation.Order) { o.CreatedAt, o.PaidAt = at(time.Minute), at(time.Minute-1) })
	h.update(func(tx moderation.Tx) error {
		return tx.PutCase(&moderation.Case{Room: "A", Payments: []moderation.Payment{{Order: "made"}}})
	})
	made.Applied = true
	byID := func(from, to time.Time) []moderation.Bought {
		got := must[[]moderation.Bought](t)(h.Bought(t.Context(), "A", "D01", from, to))
		slices.SortFunc(got, func(a, b moderation.Bought) int { return cmp.Compare(a.ID, b.ID) })
		return got
	}
	same(t, "bought in a minute", byID(at(time.Minute), at(2*time.Minute)), []moderation.Bought{made, paid, untold})
	same(t, "bought in no time", byID(at(time.Hour), at(time.Hour)), []moderation.Bought{untold})
}

func testCasesNaming(t *testing.T, h *harness) {
	index := h.add(chat("A", 1))[0]
	for _, c := range []moderation.Complaint{
		{OrderID: "LR1", Case: 9}, {OrderID: "LR2", Case: 3}, {OrderID: "LR2", Case: 9}, {OrderID: "LR3", Case: 5}, {OrderID: "LR1"}, {Case: 8},
	} {
		c.Room, c.Event = "A", index
		h.update(func(tx moderation.Tx) error { return tx.PutComplaint(&c) })
	}
	same(t, "cases that name two orders", must[[]int64](t)(h.CasesNaming(t.Context(), []string{"LR1", "LR2", "LR9", ""})), []int64{3, 9})
	same(t, "cases that name none", must[[]int64](t)(h.CasesNaming(t.Context(), nil)), []int64(nil))
}
