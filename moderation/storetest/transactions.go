package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

var errGaveUp = errors.New("gave up")

func leaf(n int) *moderation.Leaf {
	return &moderation.Leaf{Kind: "event", Ref: fmt.Sprint(n), Data: fmt.Appendf(nil, `{"n":%d}`, n)}
}

// verify rebuilds the ledger from its leaves and compares it with what is stored.
func (h *harness) verify() moderation.Head {
	h.t.Helper()
	head := must[moderation.Head](h.t)(h.Head(h.t.Context()))
	all := must[[]moderation.Leaf](h.t)(h.Leaves(h.t.Context(), 0, 0))
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		got, err := h.LedgerHashes(h.t.Context(), indexes)
		out := make([]tlog.Hash, len(got))
		for i := range got {
			out[i] = got[i]
		}
		return out, err
	})
	root, err := ledger.Verify(head.Size, records(all), stored)
	if err != nil {
		h.t.Fatalf("verify the ledger: %v", err)
	}
	if root != head.Root {
		h.t.Fatalf("the ledger's root is %x and its leaves give %x", head.Root, root)
	}
	return head
}

func records(leaves []moderation.Leaf) iter.Seq2[ledger.Leaf, error] {
	return func(yield func(ledger.Leaf, error) bool) {
		for _, l := range leaves {
			r, err := ledger.Record(l.Kind, l.Ref, l.Data)
			if !yield(ledger.Leaf{Index: l.Index - 1, Record: r}, err) {
				return
			}
		}
	}
}

func testLedger(t *testing.T, h *harness) {
	if head := h.verify(); head.Size != 0 {
		t.Fatalf("an empty record has %d leaves", head.Size)
	}
	for n := range 100 {
		h.update(func(tx moderation.Tx) error {
			l := leaf(n)
			err := tx.Append(l)
			if l.Index != int64(n+1) {
				t.Errorf("leaf %d got index %d", n+1, l.Index)
			}
			return err
		})
	}
	if head := h.verify(); head.Size != 100 {
		t.Errorf("%d leaves, want 100", head.Size)
	}
	page := must[[]moderation.Leaf](t)(h.Leaves(t.Context(), 40, 2))
	want := []moderation.Leaf{*leaf(40), *leaf(41)}
	want[0].Index, want[1].Index = 41, 42
	same(t, "leaves after 40", page, want)
	if _, err := h.LedgerHashes(t.Context(), []int64{tlog.StoredHashIndex(0, 100)}); err == nil {
		t.Error("a hash that is not stored: no error")
	}
	if err := h.Update(t.Context(), func(tx moderation.Tx) error { return tx.Append(&moderation.Leaf{Kind: "event", Data: []byte("[]")}) }); err == nil {
		t.Error("a leaf whose data is no object: no error")
	}
	h.verify()
}

func testRollback(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	h.update(func(tx moderation.Tx) error { return tx.Append(leaf(0)) })
	before := h.verify()
	f, c, o := sampleFlag(event), sampleCase(), sampleOrder("o1", event)
	wantErr(t, "fn's error", h.Update(t.Context(), func(tx moderation.Tx) error {
		_, _, err := AddEvent(tx, chat("A", 2))
		for _, err := range []error{
			err, tx.PutFlag(&f), tx.PutCase(&c), tx.PutOrder(&o), tx.PutRoom(moderation.Room{ID: "A"}),
			tx.PutComplaint(&moderation.Complaint{Event: event}), tx.PutProblem(&moderation.Problem{}), tx.PutQuestion(&moderation.Question{Event: event}),
			tx.PutEffect(&moderation.Effect{Key: "k"}), tx.PutAction(&moderation.Action{}),
			tx.SetPosition(feed.Position{Source: "chat", Offset: 9}), tx.Append(leaf(1)), tx.Append(leaf(2)),
		} {
			if err != nil {
				t.Errorf("put: %v", err)
			}
		}
		return errGaveUp
	}), errGaveUp)
	same(t, "counts", must[moderation.Counts](t)(h.Counts(t.Context())), moderation.Counts{Events: 1})
	same(t, "rooms", len(must[[]moderation.Room](t)(h.Rooms(t.Context()))), 0)
	same(t, "effects", len(must[[]moderation.Effect](t)(h.Effects(t.Context(), at(0).AddDate(1, 0, 0)))), 0)
	same(t, "actions", len(must[[]moderation.Action](t)(h.Actions(t.Context(), moderation.Page{}))), 0)
	same(t, "position", must[feed.Position](t)(h.Position(t.Context(), "chat")).Offset, int64(0))
	same(t, "head", h.verify(), before)
	same(t, "the next event's index", h.add(chat("A", 2)), []int64{2})
	h.update(func(tx moderation.Tx) error { return tx.Append(leaf(3)) })
	h.verify()
	h.reopen()
	h.verify()
}

func testOwnChanges(t *testing.T, h *harness) {
	h.update(func(tx moderation.Tx) error {
		ctx := t.Context()
		r, _, err := AddEvent(tx, chat("A", 1))
		if err != nil {
			return err
		}
		f := sampleFlag(r.Index)
		if err := tx.PutFlag(&f); err != nil {
			return err
		}
		if err := tx.Append(leaf(0)); err != nil {
			return err
		}
		same(t, "own flag", must[moderation.Flag](t)(tx.Flag(ctx, f.ID)), f)
		same(t, "own event", len(must[[]moderation.Recorded](t)(tx.Events(ctx, moderation.Page{}))), 1)
		same(t, "own leaf", must[moderation.Head](t)(tx.Head(ctx)).Size, int64(1))
		if n := must[moderation.Counts](t)(h.Counts(ctx)).Events; n != 0 {
			t.Errorf("%d events seen from outside before the commit", n)
		}
		return nil
	})
	same(t, "events after the commit", must[moderation.Counts](t)(h.Counts(t.Context())).Events, int64(1))
}

// testConcurrent has many writers, some of whom give up, share commits.
func testConcurrent(t *testing.T, h *harness) {
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				fail := (w+n)%5 == 0
				err := h.Update(t.Context(), func(tx moderation.Tx) error {
					e := chat("A", w*each+n)
					if _, fresh, err := AddEvent(tx, e); err != nil || !fresh {
						return fmt.Errorf("event %s: fresh %v, %w", e.ID, fresh, err)
					}
					if err := tx.Append(leaf(w*each + n)); err != nil {
						return err
					}
					if fail {
						return errGaveUp
					}
					return nil
				})
				if fail != errors.Is(err, errGaveUp) || !fail && err != nil {
					t.Errorf("writer %d, update %d: %v", w, n, err)
				}
			}
		})
	}
	wg.Wait()
	head := h.verify()
	if n := must[moderation.Counts](t)(h.Counts(t.Context())).Events; n != writers*each*4/5 || head.Size != n {
		t.Errorf("%d events and %d leaves, want %d", n, head.Size, writers*each*4/5)
	}
}

// testNoLostUpdate has many people add to one case by its version.
func testNoLostUpdate(t *testing.T, h *harness) {
	c := sampleCase()
	c.Orders = nil
	h.update(func(tx moderation.Tx) error { return tx.PutCase(&c) })
	const people, each = 6, 10
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for n := range each {
				for {
					mine, err := h.Case(t.Context(), c.ID)
					if err != nil {
						t.Error(err)
						return
					}
					mine.Orders = append(mine.Orders, fmt.Sprintf("%d-%d", p, n))
					err = h.Update(t.Context(), func(tx moderation.Tx) error { return tx.PutCase(&mine) })
					if err == nil {
						break
					}
					if !errors.Is(err, moderation.ErrConflict) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	got := must[moderation.Case](t)(h.Case(t.Context(), c.ID))
	if len(got.Orders) != people*each || got.Version != people*each+1 {
		t.Errorf("%d orders and version %d, want %d and %d", len(got.Orders), got.Version, people*each, people*each+1)
	}
}

func testCancelled(t *testing.T, h *harness) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, "update", h.Update(ctx, func(moderation.Tx) error {
		t.Error("fn ran for a caller that had gone")
		return nil
	}), context.Canceled)
	if _, err := h.Events(ctx, moderation.Page{}); err == nil {
		t.Error("a read for a caller that had gone: no error")
	}
	ctx, cancel = context.WithCancel(t.Context())
	if err := h.Update(ctx, func(tx moderation.Tx) error {
		cancel() // once begun, it is finished
		_, err := tx.Events(ctx, moderation.Page{})
		if err != nil {
			return err
		}
		_, _, err = AddEvent(tx, chat("A", 1))
		return err
	}); err != nil {
		t.Errorf("an update whose caller went while it ran: %v", err)
	}
	same(t, "events", must[moderation.Counts](t)(h.Counts(background())).Events, int64(1))
}

func testClosed(t *testing.T, h *harness) {
	h.close()
	if err := h.Update(t.Context(), func(moderation.Tx) error { return nil }); err == nil {
		t.Error("an update after close: no error")
	}
	if _, err := h.Rooms(t.Context()); err == nil {
		t.Error("a read after close: no error")
	}
}

func testReopen(t *testing.T, h *harness) {
	event := h.add(chat("A", 1), chat("A", 2))[0]
	f, c, o := sampleFlag(event), sampleCase(), sampleOrder("o1", event)
	h.update(func(tx moderation.Tx) error {
		for _, err := range []error{
			tx.PutFlag(&f), tx.PutCase(&c), tx.PutOrder(&o), tx.Append(leaf(0)), tx.Append(leaf(1)), tx.Append(leaf(2)),
			tx.SetPosition(feed.Position{Source: "chat", Offset: 7}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	head := h.verify()
	h.reopen()
	same(t, "head", h.verify(), head)
	same(t, "flag", must[moderation.Flag](t)(h.Flag(t.Context(), f.ID)), f)
	same(t, "case", must[moderation.Case](t)(h.Case(t.Context(), c.ID)), c)
	same(t, "order", must[moderation.Order](t)(h.Order(t.Context(), "o1")), o)
	same(t, "position", must[feed.Position](t)(h.Position(t.Context(), "chat")).Offset, int64(7))
	same(t, "an event again", h.add(chat("A", 2), chat("A", 3)), []int64{2, 3})
	h.update(func(tx moderation.Tx) error { return tx.Append(leaf(3)) })
	same(t, "leaves", h.verify().Size, int64(4))
}

// testSnapshot reads on in an old state while the record moves.
func testSnapshot(t *testing.T, h *harness) {
	event := h.add(chat("A", 1))[0]
	f := sampleFlag(event)
	h.update(func(tx moderation.Tx) error {
		if err := tx.PutFlag(&f); err != nil {
			return err
		}
		return tx.Append(leaf(0))
	})
	was := f
	err := h.Snapshot(t.Context(), func(r moderation.Record) error {
		f.Reason = "changed meanwhile"
		h.add(chat("A", 2))
		h.update(func(tx moderation.Tx) error {
			if err := tx.Append(leaf(1)); err != nil {
				return err
			}
			return tx.PutFlag(&f)
		})
		same(t, "events then", len(must[[]moderation.Recorded](t)(r.Events(t.Context(), moderation.Page{}))), 1)
		same(t, "flag then", must[moderation.Flag](t)(r.Flag(t.Context(), f.ID)), was)
		same(t, "leaves then", must[moderation.Head](t)(r.Head(t.Context())).Size, int64(1))
		same(t, "flag now", must[moderation.Flag](t)(h.Flag(t.Context(), f.ID)), f)
		return errGaveUp
	})
	wantErr(t, "fn's error", err, errGaveUp)
	same(t, "events now", len(must[[]moderation.Recorded](t)(h.Events(t.Context(), moderation.Page{}))), 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Snapshot(ctx, func(moderation.Record) error { return nil }); err == nil {
		t.Error("a snapshot for a caller that had gone: no error")
	}
	for range 20 { // one that is not ended would use up the connections
		if err := h.Snapshot(t.Context(), func(moderation.Record) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
}
