package moderation_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/risk"
)

// raider is a buyer with a short id, of whom the program and the desk wrote much.
var raider = feed.User{ID: "z9", Name: "欧阳探针", Role: feed.RoleViewer}

// raiderTraces are what only tells of the raider: whole, in part and in pieces.
var raiderTraces = []string{
	"欧阳探针", "LR9988001107", "bfe170f3aa", "imei-77-leaver", "占库存 别付钱", "占库存别付钱", "拍下不付款让他", "拍下不付款 让他", "金丝雀暗号", "掉毛能退吗", "13912345678", "拍了几百单全不付",
}

// tellsOfRaider is a desk whose record quotes a raider in signals, titles, notes,
// reasons, penalties, effects, notices and answers.
func tellsOfRaider(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, func(c *moderation.Config) {
		c.Risk = must(risk.Shipped())
		c.Notify = []moderation.Notify{{Name: "客服群", Before: time.Hour}}
		c.Notifier = &way{}
	})
	by := func(e feed.Event) feed.Event {
		e.User, e.Raw = raider, []byte(`{"nick":"欧阳探针","text":"`+e.Text+`"}`)
		return e
	}
	paid := by(trade(40, "LR9988001107", feed.StatusPaid, "D01", 12900))
	paid.Order.Buyer, paid.Order.AddressHash, paid.Order.Device = raider.ID, "bfe170f3aa", "imei-77-leaver"
	grief := by(event(feed.KindComplaint, 50, "金丝雀暗号说好的不是纯羊毛，打13912345678"))
	grief.OrderID, grief.Product = "LR9988001107", &feed.Product{ID: "D01", Stock: -1}
	d.commit(onAir(1, "D01", 12900), says(2, "百分之百纯羊毛"), by(event(feed.KindChat, 5, "老铁们都去占库存 别付钱")), by(event(feed.KindChat, 6, "我故意的 拍了几百单全不付款")),
		by(event(feed.KindChat, 7, "一人十单拍下不付款 让他卖不成")), by(event(feed.KindChat, 8, "掉毛能退吗")), event(feed.KindChat, 9, "颜色好看"), paid, grief)
	if len(d.cases()) == 0 || len(d.cases()[0].Signals) == 0 {
		t.Fatal("the raid opened no case")
	}
	c := d.incident(1)
	c = *d.do(you, moderation.NoteCase{Case: c.ID, Version: c.Version, Text: "欧阳探针在弹幕里喊占库存别付钱，又说“掉毛能退吗”；另一位买家说颜色好看"}).Case
	c = *d.do(you, moderation.AddToCase{Case: c.ID, Version: c.Version, Orders: []string{"LR9988001107"}, Complaints: []int64{1}}).Case
	c = *d.do(you, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: []string{"LR9988001107"}, Reason: "他说拍下不付款让他卖不成"}).Case
	c = *d.do(you, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: []string{"LR9988001107"}, Verdict: moderation.VerdictBadFaith, Text: "商家认得欧阳探针"}).Case
	d.do(lan, moderation.ConfirmFlag{Flag: 1})
	d.do(boss, moderation.DismissFlag{Flag: 1, Reason: "欧阳探针“掉毛能退吗”之前主播已更正"})
	d.do(you, moderation.Reveal{Case: c.ID, Field: moderation.FieldBuyer, Reason: "欧阳探针来电"})
	for _, q := range must(d.store.Questions(t.Context(), moderation.Page{})) {
		d.do(lan, moderation.AnswerQuestion{Question: q.ID, Text: "答复了欧阳探针的掉毛能退吗"})
	}
	stop := d.run(t) // the groups are told of the case by its title
	d.clock.pass(47*time.Hour + time.Minute)
	eventually(t, "a group is told", "true", func() string {
		return fmt.Sprint(slices.ContainsFunc(must(d.store.Effects(t.Context(), time.Time{})), func(e moderation.Effect) bool {
			return e.Kind == moderation.EffectNotice && e.Status == moderation.EffectSent
		}))
	})
	stop()
	d.clock.pass(time.Minute)
	c = d.incident(c.ID)
	c = *d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	c = *d.do(boss, moderation.ImposePenalty{
		Case: c.ID, Version: c.Version, Offence: moderation.Offence{By: moderation.OffenderBuyer, Gravity: "high"},
		Measures: []policy.Measure{policy.MeasureNoOrdering}, Reason: "金丝雀暗号：欧阳探针屡次如此",
	}).Case
	for _, k := range c.Clocks {
		if k.MetAt.IsZero() && k.MissedAt.IsZero() {
			c = *d.do(boss, moderation.MeetClock{Case: c.ID, Version: c.Version, Clock: k.Name}).Case
		}
	}
	d.do(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateClosed})
	return d
}

// readableRecord is all that can be read from the record.
func readableRecord(d *desk) string {
	d.t.Helper()
	ctx := d.t.Context()
	var b strings.Builder
	b.WriteString(d.state())
	for _, e := range must(d.store.Events(ctx, moderation.Page{})) {
		fmt.Fprintf(&b, "%+v %s\n", e.Event, e.Raw)
	}
	for _, a := range must(d.store.Actions(ctx, moderation.Page{})) {
		fmt.Fprintf(&b, "%s %s %s\n", a.Command, a.Before, a.After)
	}
	for _, l := range must(d.store.Leaves(ctx, 0, 0)) {
		fmt.Fprintf(&b, "%s %s\n", l.Ref, l.Data)
	}
	return b.String()
}

// TestWhatTheDeskQuotedIsErased: a canary scan of all that can be read, and of
// the bytes of the whole file, finds nothing of the buyer, whether one asked to
// be forgotten or their time was over; what others wrote stays.
func TestWhatTheDeskQuotedIsErased(t *testing.T) {
	for name, erase := range map[string]func(d *desk) moderation.Result{
		"a buyer": func(d *desk) moderation.Result {
			return d.do(boss, moderation.EraseBuyer{Buyer: raider.ID, Reason: "欧阳探针本人要求"})
		},
		"what is old": func(d *desk) moderation.Result {
			d.clock.pass(time.Hour)
			return d.do(boss, moderation.EraseOlder{Before: d.clock.Now().Add(-time.Minute), Reason: "到期"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := tellsOfRaider(t)
			before := readableRecord(d)
			for _, trace := range append(slices.Clone(raiderTraces), "Subject:z9", `"subject":"z9"`, "Target:z9", "弹幕“") {
				if !strings.Contains(before, trace) {
					t.Fatalf("before, %q is not there: this proves nothing", trace)
				}
			}
			if r := erase(d); r.Erased.Events == 0 || r.Erased.Edited == 0 {
				t.Fatalf("erased %+v", r.Erased)
			}
			after := readableRecord(d)
			for _, line := range strings.Split(after, "\n") {
				for _, trace := range append(slices.Clone(raiderTraces), `"z9"`, ":z9", "[z9", "z9]", " z9") {
					if at := strings.Index(line, trace); at >= 0 {
						t.Errorf("after, %q can be read in %.60s … %s", trace, line, line[max(0, at-90):min(len(line), at+60)])
					}
				}
			}
			for _, kept := range []string{"另一位买家说", "百分之百纯羊毛", "48 小时内审核", "屡次如此", "商家认得"} {
				if !strings.Contains(after, kept) {
					t.Errorf("%q is gone, and was nobody's", kept)
				}
			}
			if name == "a buyer" && (!strings.Contains(after, "颜色好看") || !strings.Contains(after, "之前主播已更正")) {
				t.Error("another's line, or the reason beside the quote, is gone")
			}
			c := d.incident(1)
			if len(c.Signals) == 0 || c.Signals[0].Value == 0 || c.Signals[0].Rule == "" || len(c.Buyers) != 0 || c.Orders[0] != moderation.ErasedOrder(1) || c.Holds[0].Order != c.Orders[0] {
				t.Errorf("of the case is left %+v", c)
			}
			for _, l := range []moderation.Link{{Kind: moderation.LinkAddress, Value: "bfe170f3aa"}, {Kind: moderation.LinkDevice, Value: "imei-77-leaver"}} {
				if of := must(d.store.CasesOf(t.Context(), l, 1<<62, 0)); len(of) != 0 {
					t.Errorf("by its %s the case is still found", l.Kind)
				}
			}
			d.verify()
			d.restart()
			d.verify()
			if err := d.store.Close(); err != nil {
				t.Fatal(err)
			}
			for _, end := range []string{"", "-wal", "-shm"} {
				b, err := os.ReadFile(d.path + end)
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				for _, trace := range raiderTraces {
					if bytes.Contains(b, []byte(trace)) {
						t.Errorf("in the bytes of the file%s: %q", end, trace)
					}
				}
			}
		})
	}
}

// TestWhatIsOldIsEditedOnce: erasing again what is erased changes nothing more.
func TestWhatIsOldIsEditedOnce(t *testing.T) {
	d := tellsOfRaider(t)
	d.clock.pass(time.Hour)
	cut := d.clock.Now().Add(-time.Minute)
	d.do(boss, moderation.EraseOlder{Before: cut, Reason: "到期"})
	version := d.incident(1).Version
	d.commit(event(feed.KindChat, 99, "又来一条"))
	d.clock.pass(time.Hour)
	r := d.do(boss, moderation.EraseOlder{Before: cut.Add(time.Minute), Reason: "到期"})
	if r.Erased.Edited != 0 || d.incident(1).Version != version {
		t.Errorf("the second time %+v, the case from version %d to %d", r.Erased, version, d.incident(1).Version)
	}
	d.verify()
}
