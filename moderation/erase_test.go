package moderation_test

import (
	"bytes"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/storetest"
)

// leaver is the buyer who wants to be forgotten, and what only they left.
var (
	leaver = feed.User{ID: "buyer-77-canary", Name: "欧阳探针", Role: feed.RoleViewer}
	traces = []string{"buyer-77-canary", "欧阳探针", "探针", "13912345678", "LR9988001107", "bfe170f3aa", "imei-77-leaver", "探针路77号", "金丝雀掉毛", "金丝雀能机洗"}
)

// withLeaver is a desk whose record knows the leaver, by chat, a question, an
// order, two complaints, a problem, and a case that somebody wrote notes into.
func withLeaver(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	of := func(e feed.Event) feed.Event {
		e.User, e.Raw = leaver, []byte(`{"nick":"欧阳探针","text":"`+e.Text+`"}`)
		return e
	}
	paid := of(trade(3, "LR9988001107", feed.StatusPaid, "D01", 12900))
	paid.ID = "order/LR9988001107/paid"
	paid.Order.AddressHash, paid.Order.Device = "bfe170f3aa", "imei-77-leaver"
	grief := func(n int, text, order string) feed.Event {
		e := event(feed.KindComplaint, n, text)
		e.OrderID, e.Product = order, &feed.Product{ID: "D01", Stock: -1}
		return e
	}
	d.commit(onAir(1, "D01", 12900), says(2, "百分之百纯羊毛"), paid, trade(4, "LR2", feed.StatusPaid, "D01", 100),
		of(event(feed.KindChat, 5, "金丝雀掉毛 打13912345678")), event(feed.KindChat, 6, "我也觉得掉毛"),
		of(event(feed.KindChat, 7, "金丝雀能机洗吗")),
		of(grief(8, "不是纯羊毛，金丝雀掉毛 地址：浙江省杭州市西湖区探针路77号", "LR9988001107")), grief(9, "成分不对，不是纯羊毛", "LR2"))
	c := *d.do(you, moderation.OpenCase{
		Room: "A", Kind: moderation.CaseComplaint, Title: "欧阳探针的投诉", Complaints: []int64{1, 2}, Orders: []string{"LR9988001107", "LR2"},
	}).Case
	d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "欧阳探针来电 13912345678，订单LR9988001107，另一位买家也投诉"})
	d.do(lan, moderation.TellHost{Flag: 1, Text: "欧阳探针说得对，更正"})
	return d
}

// closeCase brings the leaver's case to its end.
func closeCase(d *desk) {
	d.t.Helper()
	c := must(d.store.Case(d.t.Context(), 1))
	c = *d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	for _, k := range c.Clocks {
		if k.MetAt.IsZero() && k.MissedAt.IsZero() {
			c = *d.do(you, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: k.Name}).Case
		}
	}
	d.do(you, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed})
}

// readable are the traces in the bytes of the record's files.
func readable(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	for _, end := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, trace := range traces {
			if bytes.Contains(b, []byte(trace)) {
				out = append(out, trace+" in "+end)
			}
		}
	}
	return out
}

// traced are the traces in all that can be read from the record.
func traced(d *desk) []string {
	d.t.Helper()
	var b strings.Builder
	b.WriteString(d.state())
	ctx := d.t.Context()
	for _, e := range must(d.store.Events(ctx, moderation.Page{})) {
		b.WriteString(e.ID + e.Text + e.User.ID + e.User.Name + e.OrderID + string(e.Raw))
	}
	for _, a := range must(d.store.Actions(ctx, moderation.Page{})) {
		b.Write(a.Before)
		b.Write(a.After)
	}
	for _, l := range must(d.store.Leaves(ctx, 0, 0)) {
		b.WriteString(l.Ref)
		b.Write(l.Data)
	}
	var out []string
	for _, trace := range traces {
		if strings.Contains(b.String(), trace) {
			out = append(out, trace)
		}
	}
	return out
}

func TestABuyerIsErasedAndTheLedgerHolds(t *testing.T) {
	d := withLeaver(t)
	if got := traced(d); len(got) < len(traces)-1 {
		t.Fatalf("before, only %q can be read: this proves nothing", got)
	}
	if got := readable(t, d.path); len(got) > 0 {
		t.Errorf("in the clear in the file before: %q", got)
	}
	d.refused(moderation.CodeCaseOpen, boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
	closeCase(d)
	d.refused(moderation.CodeNotAllowed, you, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
	d.refused(moderation.CodeNeedsReason, boss, moderation.EraseBuyer{Buyer: leaver.ID})
	d.refused(moderation.CodeNotFound, boss, moderation.EraseBuyer{Buyer: "nobody", Reason: "本人要求"})
	d.do(boss, moderation.HoldBuyer{Buyer: leaver.ID, Reason: "法院来函"})
	d.refused(moderation.CodeUnchanged, boss, moderation.HoldBuyer{Buyer: leaver.ID, Reason: "法院来函"})
	d.refused(moderation.CodeOnHold, boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
	d.do(boss, moderation.LetGoBuyer{Buyer: leaver.ID, Reason: "已结案"})
	if len(storetest.Search(t, d.store, "金丝雀", moderation.Page{})) == 0 {
		t.Error("nothing is found before")
	}

	r := d.do(boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
	if r.Erased == nil || r.Erased.Events != 4 || r.Erased.Rows != 3 || r.Erased.Edited == 0 {
		t.Errorf("erased %+v, want 4 events, and a complaint, a question and an order", r.Erased)
	}
	if got := traced(d); len(got) > 0 {
		t.Errorf("after, %q can still be read", got)
	}
	if got := readable(t, d.path); len(got) > 0 {
		t.Errorf("after, in the bytes of the file: %q", got)
	}
	a := d.verify()
	if a.Erased != 7 || a.People != 1 {
		t.Errorf("verify counts %d erased of %d people, want 7 of 1", a.Erased, a.People)
	}
	if got := storetest.Search(t, d.store, "金丝雀", moderation.Page{}); len(got) > 0 {
		t.Errorf("found by their words: %+v", got)
	}
	if got := storetest.Search(t, d.store, "掉毛", moderation.Page{}); len(got) != 1 {
		t.Errorf("%d of the others' lines are found, want 1", len(got))
	}
	d.refused(moderation.CodeUndoOver, boss, moderation.Undo{})
	d.refused(moderation.CodeNotFound, boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "再来一次"})
	erasedRows(d)
	d.restart()
	d.verify()
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := readable(t, d.path); len(got) > 0 {
		t.Errorf("closed, in the bytes of the file: %q", got)
	}
}

// erasedRows holds what is left of the leaver's rows to what it should be.
func erasedRows(d *desk) {
	d.t.Helper()
	ctx := d.t.Context()
	e := must(d.store.Events(ctx, moderation.Page{After: 4, Limit: 1}))[0]
	if !e.Seal.Erased() || e.Text != moderation.ErasedText || e.User.Name != moderation.ErasedText || e.Raw != nil || e.At.IsZero() {
		d.t.Errorf("event %+v", e)
	}
	o := must(d.store.Orders(ctx, moderation.Page{Limit: 1}))[0]
	if o.ID != moderation.ErasedOrder(1) || o.PaidFen != 12900 && o.AmountFen != 12900 || o.SKU != "D01" || o.Case != 1 {
		d.t.Errorf("order %+v", o)
	}
	if same := must(d.store.Order(ctx, o.ID)); same.Number != 1 {
		d.t.Errorf("by its erased name: %+v", same)
	}
	c := must(d.store.Case(ctx, 1))
	if c.State != moderation.CaseStateClosed || len(c.Orders) != 2 || c.Orders[0] != o.ID || len(c.Buyers) != 1 || len(c.Notes) == 0 ||
		!strings.Contains(c.Notes[0].Text, "另一位买家也投诉") || c.Notes[0].By != you.Name {
		d.t.Errorf("case %+v", c)
	}
	if other := must(d.store.Complaint(ctx, 2)); other.Text != "成分不对，不是纯羊毛" {
		d.t.Errorf("another's complaint: %+v", other)
	}
}

// What arrives late about somebody erased brings nobody back.
func TestNobodyComesBackToAnErasedOrder(t *testing.T) {
	d := withLeaver(t)
	closeCase(d)
	d.do(boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
	before := must(d.store.Counts(t.Context()))
	again := trade(3, "LR9988001107", feed.StatusPaid, "D01", 12900)
	again.ID, again.User = "order/LR9988001107/paid", leaver
	back := event(feed.KindRefund, 20, "")
	back.OrderID, back.Status, back.User = "LR9988001107", feed.StatusRequested, leaver
	d.commit(again, back)
	after := must(d.store.Counts(t.Context()))
	if after.Events != before.Events+1 || after.Orders != before.Orders {
		t.Errorf("counts %+v, before %+v: want one event more", after, before)
	}
	o := must(d.store.Orders(t.Context(), moderation.Page{Limit: 1}))[0]
	if !o.Seal.Erased() || o.Refund != feed.StatusRequested || o.Buyer.ID != "" {
		t.Errorf("order %+v, want it erased and its refund asked for", o)
	}
	d.verify()
}

// A key that is gone without a word in the ledger, or a tombstone that was taken
// out, is tampering.
func TestOnlyTheLedgerExcusesWhatIsGone(t *testing.T) {
	for name, statement := range map[string]string{
		"the tombstone":    "DELETE FROM leaves WHERE kind = 'erasure'",
		"its holder":       `UPDATE leaves SET data = replace(data, '"holders":[1]', '"holders":[9]') WHERE kind = 'erasure'`,
		"an erased time":   "UPDATE events SET at = at + 1 WHERE idx = 5",
		"an erased room":   "UPDATE events SET room = 'B' WHERE idx = 5",
		"an erased amount": "UPDATE orders SET paid_fen = paid_fen + 1 WHERE number = 1",
		"another's key":    "UPDATE buyer_keys SET secret = zeroblob(32) WHERE number = 2",
		"another's frame":  "UPDATE events SET raw = x'' WHERE idx = 6",
	} {
		t.Run(name, func(t *testing.T) {
			d := withLeaver(t)
			closeCase(d)
			d.do(boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
			d.verify()
			if a := d.tampered(statement); a.Err() == nil {
				t.Error("not found")
			}
		})
	}
}

// secretOf is the key that the leaver's data is sealed with.
func secretOf(d *desk) []byte {
	d.t.Helper()
	db := must(sql.Open("sqlite", "file:"+d.path+"?mode=ro"))
	defer func() { _ = db.Close() }()
	var secret []byte
	err := db.QueryRowContext(d.t.Context(), "SELECT secret FROM buyer_keys WHERE number = (SELECT holder FROM orders WHERE number = 1)").Scan(&secret)
	if err != nil || len(secret) != 32 {
		d.t.Fatalf("secret of %d bytes, %v", len(secret), err)
	}
	return secret
}

// holds tells whether the bytes are in a file of the record.
func holds(t *testing.T, path string, what []byte) bool {
	t.Helper()
	for _, end := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(b, what) {
			return true
		}
	}
	return false
}

// The desk answers while somebody reads the record as it was, and the key leaves
// the files once they have done.
func TestTheKeyLeavesTheFiles(t *testing.T) {
	for name, reading := range map[string]bool{"nobody reads": false, "somebody reads": true} {
		t.Run(name, func(t *testing.T) {
			d := withLeaver(t)
			closeCase(d)
			secret := secretOf(d)
			if !holds(t, d.path, secret) {
				t.Fatal("the key is not in the files: this proves nothing")
			}
			erase := func(moderation.Record) error {
				d.do(boss, moderation.EraseBuyer{Buyer: leaver.ID, Reason: "本人要求"})
				return nil
			}
			if !reading {
				_ = erase(nil)
			} else if err := d.store.Snapshot(t.Context(), erase); err != nil {
				t.Fatal(err)
			}
			for i := 0; holds(t, d.path, secret); i++ {
				if !reading || i > 200 {
					t.Fatal("the key is still in the files")
				}
				time.Sleep(50 * time.Millisecond)
			}
			d.verify()
		})
	}
}

// What is older than it may be kept goes the same way, but what is on hold and
// what an open case is about.
func TestWhatIsOldIsErased(t *testing.T) {
	d := withLeaver(t)
	d.do(boss, moderation.HoldBuyer{Buyer: "u1", Reason: "法院来函"})
	cut := start.Add(time.Hour)
	d.clock.pass(2 * time.Hour)
	d.refused(moderation.CodeNotAllowed, you, moderation.EraseOlder{Before: cut, Reason: "到期"})
	d.refused(moderation.CodeNotLater, boss, moderation.EraseOlder{Before: start.AddDate(9, 0, 0), Reason: "到期"})
	if r := d.do(boss, moderation.EraseOlder{Before: cut, Reason: "到期"}); r.Erased.Events+r.Erased.Rows != 0 {
		t.Errorf("erased %+v though the case is open and the rest on hold", r.Erased)
	}
	closeCase(d)
	if r := d.do(boss, moderation.EraseOlder{Before: start.Add(-time.Hour), Reason: "到期"}); r.Erased.Events+r.Erased.Rows != 0 {
		t.Errorf("erased %+v though nothing is that old", r.Erased)
	}
	r := d.do(boss, moderation.EraseOlder{Before: cut, Reason: "到期"})
	if r.Erased.Events != 4 || r.Erased.Rows != 3 {
		t.Errorf("erased %+v, want the leaver's 4 events and 3 rows", r.Erased)
	}
	if e := must(d.store.Events(t.Context(), moderation.Page{After: 5, Limit: 1}))[0]; e.Text != "我也觉得掉毛" {
		t.Errorf("what is on hold reads %q", e.Text)
	}
	if a := d.verify(); a.Erased != 7 {
		t.Errorf("verify counts %d erased, want 7", a.Erased)
	}
	if a := d.tampered("UPDATE events SET raw = x'' WHERE idx = 1", "DELETE FROM leaves WHERE kind = 'erasure'"); a.Err() == nil {
		t.Error("without the tombstone nothing is found")
	}
}
