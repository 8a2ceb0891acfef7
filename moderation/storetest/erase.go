package storetest

import (
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// testErase: what is a holder's goes, what is another's stays, whatever the store
// keeps it in.
func testErase(t *testing.T, h *harness) {
	ctx := t.Context()
	other := chat("A", 2)
	other.User = feed.User{ID: "u2", Name: "阿力", Role: feed.RoleViewer, Shown: feed.Sanitise("阿力")}
	indexes := h.add(chat("A", 1), other, chat("A", 3))
	mine, theirs := sampleOrder("LR1", indexes[0]), sampleOrder("LR2", indexes[1])
	mine.Buyer, theirs.Buyer = chat("A", 1).User, other.User
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutOrder(&mine); err != nil {
			return err
		}
		return tx.PutOrder(&theirs)
	})
	var key moderation.Key
	h.update(func(tx moderation.Tx) error {
		keys, err := tx.Keys(ctx, append(moderation.BuyerHolders("u1"), moderation.BuyerHolders("nobody")...))
		if err != nil || len(keys) != 1 {
			t.Fatalf("keys %+v, %v, want one", keys, err)
		}
		key = keys[0]
		rows, err := tx.RowsOfKey(ctx, key.Number, time.Time{})
		same(t, "rows of the key", rows, moderation.KeyRows{Orders: []int64{1}})
		return err
	})
	h.update(func(tx moderation.Tx) error { return tx.Hold(key.Number, true) })
	h.update(func(tx moderation.Tx) error {
		keys, err := tx.Keys(ctx, moderation.BuyerHolders("u1"))
		same(t, "held", keys, []moderation.Key{{Number: key.Number, Held: true}})
		n, err2 := tx.EraseEvents(ctx, 0, at(time.Hour), func(e *moderation.Recorded) error {
			if e.User.ID != "u2" {
				t.Errorf("by age an event of %s is erased, who is held", e.User.ID)
			}
			return nil
		})
		same(t, "erased by age", n, int64(1))
		if err == nil {
			err = err2
		}
		return err
	})
	h.update(func(tx moderation.Tx) error {
		var told []int64
		n, err := tx.EraseEvents(ctx, key.Number, time.Time{}, func(e *moderation.Recorded) error {
			told = append(told, e.Index)
			return nil
		})
		same(t, "told of", told, []int64{1, 3})
		same(t, "erased", n, int64(2))
		if err != nil {
			return err
		}
		mine.SetErased()
		if err := tx.PutOrder(&mine); err != nil {
			return err
		}
		return tx.EraseKey(key.Number)
	})
	erased(t, h, mine, theirs)
	h.reopen()
	erased(t, h, mine, theirs)
}

func erased(t *testing.T, h *harness, mine, theirs moderation.Order) {
	t.Helper()
	ctx := t.Context()
	for _, e := range must[[]moderation.Recorded](t)(h.Events(ctx, moderation.Page{})) {
		if !e.Seal.Erased() || e.Text != moderation.ErasedText || e.User.ID != "" || e.Raw != nil || e.At.IsZero() || e.Room != "A" {
			t.Errorf("erased event %+v", e)
		}
	}
	if found := Search(t, h, "第1条", moderation.Page{}); len(found) > 0 {
		t.Errorf("an erased event is found: %+v", found)
	}
	orders := must[[]moderation.Order](t)(h.Orders(ctx, moderation.Page{}))
	same(t, "orders", orders, []moderation.Order{mine, theirs})
	same(t, "the erased order by the shop's number", must[moderation.Order](t)(h.Order(ctx, "LR1")), mine)
	same(t, "and by its own", must[moderation.Order](t)(h.Order(ctx, moderation.ErasedOrder(1))), mine)
	_, err := h.Order(ctx, moderation.ErasedOrder(2))
	wantErr(t, "an order that is not erased by such a name", err, moderation.ErrNotFound)
	again := sampleOrder("LR1", 1)
	wantErr(t, "an erased order as a new one", h.Update(ctx, func(tx moderation.Tx) error { return tx.PutOrder(&again) }), moderation.ErrConflict)
}

// testSpokenAfterErasing: what somebody says right after they were erased, in the same
// transaction even, is under a key of its own and stays.
func testSpokenAfterErasing(t *testing.T, h *harness) {
	before, after := chat("A", 1), chat("A", 2)
	before.User = feed.User{ID: "u1", Name: "小鹿"}
	after.User = before.User
	h.add(before)
	h.update(func(tx moderation.Tx) error {
		keys, err := tx.Keys(t.Context(), []moderation.Holder{{"id", "u1"}})
		if err != nil || len(keys) != 1 {
			t.Fatalf("keys %v, %v", keys, err)
		}
		all := func(*moderation.Recorded) error { return nil }
		if _, err := tx.EraseEvents(t.Context(), keys[0].Number, time.Time{}, all); err != nil {
			return err
		}
		if err := tx.EraseKey(keys[0].Number); err != nil {
			return err
		}
		_, _, err = AddEvent(tx, after)
		return err
	})
	got := must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{}))
	if len(got) != 2 || !got[0].Seal.Erased() || got[1].Seal.Erased() || got[1].Text != after.Text {
		t.Errorf("recorded %+v", got)
	}
}
