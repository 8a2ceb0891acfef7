// Package storetest is the conformance suite of moderation.Store: what every
// store must do, whatever it keeps the record in.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// AddEvent adds one event, where a test needs no more.
func AddEvent(tx moderation.Tx, e feed.Event) (r moderation.Recorded, fresh bool, err error) {
	all, known, err := tx.AddEvents([]feed.Event{e})
	if err != nil {
		return r, false, err
	}
	return all[0], known[0], nil
}

// Open opens the record with the given name. Opened again under the same name,
// after it was closed, it must be the same record. Closing is the suite's.
type Open func(t *testing.T, name string) moderation.Store

// Run holds a store to everything moderation.Store promises.
func Run(t *testing.T, open Open) {
	for _, tt := range []struct {
		name string
		run  func(t *testing.T, h *harness)
	}{
		{"Event", testEvent},
		{"EventTwice", testEventTwice},
		{"ManyEvents", testManyEvents},
		{"EventPages", testEventPages},
		{"EventsByKind", testEventsByKind},
		{"EventsOf", testEventsOf},
		{"ChatOf", testChatOf},
		{"Tally", testTally},
		{"Utterances", testUtterances},
		{"Rooms", testRooms},
		{"Positions", testPositions},
		{"Flags", testFlags},
		{"Complaints", testComplaints},
		{"Questions", testQuestions},
		{"Orders", testOrders},
		{"OrdersOf", testOrdersOf},
		{"Cases", testCases},
		{"CasesOf", testCasesOf},
		{"Waiting", testWaiting},
		{"Alike", testAlike},
		{"FlagsAbout", testFlagsAbout},
		{"Bought", testBought},
		{"CasesNaming", testCasesNaming},
		{"CaseAbout", testCaseAbout},
		{"Withdrawing", testWithdrawing},
		{"Effects", testEffects},
		{"Actions", testActions},
		{"Erase", testErase},
		{"SpokenAfterErasing", testSpokenAfterErasing},
		{"Counts", testCounts},
		{"Versions", testVersions},
		{"Missing", testMissing},
		{"Ledger", testLedger},
		{"Rollback", testRollback},
		{"OwnChanges", testOwnChanges},
		{"Snapshot", testSnapshot},
		{"Concurrent", testConcurrent},
		{"NoLostUpdate", testNoLostUpdate},
		{"Cancelled", testCancelled},
		{"Closed", testClosed},
		{"Reopen", testReopen},
		{"Search", testSearch},
		{"HostileText", testHostileText},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := &harness{t: t, open: func() moderation.Store { return open(t, tt.name) }}
			h.Store = h.open()
			t.Cleanup(func() { h.close() })
			tt.run(t, h)
		})
	}
}

// start is when the tests' broadcast begins. It has nanoseconds on purpose.
var start = time.Date(2026, 11, 20, 12, 0, 0, 123456789, time.UTC)

func at(d time.Duration) time.Time { return start.Add(d) }

type harness struct {
	moderation.Store
	t    *testing.T
	open func() moderation.Store
}

func (h *harness) close() {
	h.t.Helper()
	if err := h.Close(); err != nil {
		h.t.Errorf("close: %v", err)
	}
}

func (h *harness) reopen() {
	h.t.Helper()
	h.close()
	h.Store = h.open()
}

func (h *harness) update(fn func(tx moderation.Tx) error) {
	h.t.Helper()
	if err := h.Update(h.t.Context(), fn); err != nil {
		h.t.Fatalf("update: %v", err)
	}
}

// add records events and returns their indexes.
func (h *harness) add(events ...feed.Event) []int64 {
	h.t.Helper()
	var out []int64
	h.update(func(tx moderation.Tx) error {
		out = nil
		for _, e := range events {
			r, _, err := AddEvent(tx, e)
			if err != nil {
				return err
			}
			out = append(out, r.Index)
		}
		return nil
	})
	return out
}

// chat is the n-th line of a viewer, n seconds into the broadcast.
func chat(room string, n int) feed.Event {
	when := at(time.Duration(n) * time.Second)
	text := fmt.Sprintf("第%d条", n)
	return feed.Event{
		ID: fmt.Sprintf("c%04d", n), Source: "chat-" + room, Room: room, Kind: feed.KindChat,
		At: when, Recv: when.Add(40 * time.Millisecond), Text: text, Shown: feed.Sanitise(text),
		User: feed.User{ID: "u1", Name: "小鹿", Role: feed.RoleViewer, Shown: feed.Sanitise("小鹿")},
		Raw:  []byte(`{"raw":"` + text + `"}`),
	}
}

// same compares what was read with what was put.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

// must unwraps a read.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: err = %v, want %v", what, err, want)
	}
}

// sampleFlag has every field set.
func sampleFlag(event int64) moderation.Flag {
	text := "这条围巾百分之百纯羊绒"
	return moderation.Flag{
		Room: "A", Event: event, EventID: "c0001", At: at(time.Second), Text: text, Shown: feed.Sanitise(text),
		Status: moderation.FlagOpen, DecidedBy: "阿岚", DecidedAt: at(2 * time.Second), Reason: "听过", Case: 4, Corrected: at(3 * time.Second), ChangedBy: "阿岚",
		Settled: feed.HeldApproved, SettledBy: "mod_mei",
		Finding: claims.Finding{
			Utterance: "c0001", SKU: "A001", Category: claims.CategoryMaterial, Verdict: claims.VerdictContradicted,
			Severity: claims.SeverityHigh, Said: "百分之百纯羊绒", Start: 4, End: 11, Value: "羊绒 100%",
			Fact: "羊毛70%;羊绒30%", FactID: "A001·material", Rule: "material.pure", Law: "广告法28", Why: "表中为混纺",
			WhyEN: "the sheet says a blend", Suggest: "更正一下", ListenFirst: true, Sheet: "9f2c",
			Exempted: []claims.Exemption{{ID: "ordinal", Reason: "不是序数", Source: "指南"}},
		},
	}
}

func sampleCase() moderation.Case {
	return moderation.Case{
		Room: "A", Kind: moderation.CaseFalseAdvertising, State: moderation.CaseStateOpen, Title: "围巾·材质", SKU: "A001",
		Category: claims.CategoryMaterial, Owner: "阿岚", Outcome: moderation.OutcomeUpheld, Flags: []int64{3, 1}, Complaints: []int64{7},
		Orders: []string{"o9", "o1"}, Notes: []moderation.Note{{By: "阿岚", At: at(time.Minute), Text: "听过三遍\n属实"}},
		LeaseUntil: at(time.Minute), SnoozedTo: at(time.Hour), Escalated: at(2 * time.Second), ResolvedBy: "阿岚",
		Buyers: []string{"u9", "李\u202e某"}, Host: "h1", Merchant: "栖岫", Related: []int64{2, 9}, AppealOf: 9,
		Appeal: moderation.Appeal{
			By: moderation.OffenderHost, Ruling: "penalty", RuledAt: at(time.Hour), RaisedAt: at(2 * time.Hour), Evidence: 3, Policy: "kuaishou.appeal", Version: "v2",
			Window: "1.17.window", Until: at(7 * 24 * time.Hour), Late: true, DecidedBy: []string{"秉文", "阿岚"},
		},
		Clocks: []moderation.Clock{
			{Name: "review", Started: at(0), Due: at(48 * time.Hour), MetAt: at(time.Hour)},
			{
				Name: "pay", Policy: "honest-host", Version: "v3", Text: "赔付到账", TextEN: "Paid out", Within: "5 working days", Met: "decision.paid_at",
				Started: at(1), Earliest: at(24 * time.Hour), Due: at(72 * time.Hour), MissedAt: at(72 * time.Hour),
				Pauses:  []moderation.Pause{{From: at(2), To: at(3), Reason: "等照片"}, {From: at(4), Reason: "等物流"}},
				Notices: []moderation.Notice{{Key: "case:1/honest-host/pay/1/breached", To: "console", At: at(6)}, {Key: "case:1/honest-host/pay/1/breached", To: "客服群", At: at(7)}},
			},
		},
		Watchers: []string{"小柚"}, Skips: []moderation.Skip{{By: "茉莉", At: at(5), Reason: "认识买家"}}, StakeFen: 59700, Urgent: 2, Earlier: 3,
		Signals: []moderation.Signal{
			{
				Rule: "address", Address: "bfe1", At: at(6), Value: 4, Line: 3, Points: 50, Orders: []string{"o9", "o1"}, Events: []int64{1, 4},
				Why: "同一地址\x1b四个账号", WhyEN: "four accounts",
			},
			{Rule: "device", Device: "d7", At: at(8), Value: 3, Line: 3, Points: 50, Orders: []string{"o9"}, Why: "同一设备", WhyEN: "one device"},
			{Rule: "refund-rate", Buyer: "u9", Value: 60, Of: 5, Line: 60, Points: 30},
		},
		Evidence: []moderation.Evidence{
			{Kind: moderation.EvidencePacking, Order: "o9", Ref: "https://例.cn/1\x1b.jpg", SHA256: "00ff", Text: "打包照", By: "小柚", At: at(15)},
		},
		Replies: []moderation.Reply{{Complaint: 2, Template: "late.apology", Text: "您好\x1b", ByHand: true, By: "小柚", At: at(16)}},
		Holds: []moderation.Hold{
			{Order: "o9", By: "小柚", At: at(7), Reason: "等商家确认"},
			{
				Order: "o1", By: "小柚", At: at(8), Reason: "同上", Frozen: at(9), Failed: "店铺没有应答", Verdict: moderation.VerdictGenuine, SaidBy: "小柚",
				SaidAt: at(10), Note: "老顾客", ReleasedBy: "秉文", ReleasedAt: at(11), Release: "商家确认", Freed: at(12),
			},
		},
		Facts: []moderation.GivenFact{
			{Fact: "evidence.proof_images", Order: "o9", Value: "2", Note: "客服收到\x1b", By: "小柚", At: at(13)},
			{Fact: "merchant.at_fault", By: "阿岚", At: at(14)},
		},
		Payments: []moderation.Payment{
			{ID: 1, Order: "o9", State: moderation.PaymentProposed},
			{
				ID: 2, Order: "o1", State: moderation.PaymentReversed, Policy: "kuaishou.honesty", Version: "v1", Title: policy.Text{ZH: "实在宝", EN: "guarantee"},
				AmountFen: 29900, Working: policy.Text{ZH: "实付 299.00", EN: "paid 299.00"}, Payers: []policy.Party{policy.HostBalance, policy.HostDeposit},
				Payee: policy.BuyerWallet, Matter: `{"facts":{}}`, AsOf: at(15), Kept: 7, Answer: "abcd", By: "小柚", At: at(16),
				DecidedBy: "秉文", DecidedAt: at(17), Reason: "照片\n不清", EndedBy: "老秦", EndedAt: at(18), Appeal: 9,
			},
		},
		Penalties: samplePenalties(),
		Plan: moderation.SamplePlan{
			By: moderation.SampleRule, Only: "material.fibre", Size: 5, Permille: 50, From: at(1), To: at(time.Hour), Seed: 1<<53 - 1, DrawnAt: at(2 * time.Hour), Of: 40,
		},
		Sample: []moderation.Sampled{
			{Flag: 3, Verdict: moderation.FlagDismissed, By: "秉文", At: at(3 * time.Hour), Reason: "听成了\x1b别的", First: moderation.FlagConfirmed, FirstBy: "阿岚"},
			{Flag: 1},
		},
		OpenedBy: "阿岚", OpenedAt: at(time.Second), DueAt: at(48 * time.Hour), ChangedAt: at(time.Minute), ChangedBy: "小柚", ClosedAt: at(time.Hour),
	}
}

func samplePenalties() []moderation.Penalty {
	return []moderation.Penalty{
		{
			Offence:  moderation.Offence{By: moderation.OffenderHost, Subject: "h1", Kind: "false_advertising", Gravity: "high"},
			Measures: []policy.Measure{policy.MeasureFine}, FineFen: 50000, State: moderation.PenaltyReversed, ImposedBy: "秉文", At: at(time.Hour),
			Policy: "penalty.seller", Version: "v1", Recommended: []policy.Measure{policy.MeasureFine, policy.MeasureScore}, Points: 4, Why: "共 4 分", WhyEN: "4 points",
			Reason: "初犯\n从轻", EndedBy: "老秦", EndedAt: at(2 * time.Hour), EndReason: "证据\u202e不足", Appeal: 12,
		},
		{Offence: moderation.Offence{By: moderation.OffenderBuyer, Subject: "u9"}, State: moderation.PenaltyImposed, At: at(3)},
	}
}

func sampleOrder(id string, event int64) moderation.Order {
	return moderation.Order{
		ID: id, Room: "A", Buyer: feed.User{ID: "u9", Name: "李\u202e某", Shown: feed.Sanitise("李\u202e某")}, SKU: "A001", Qty: 2,
		AmountFen: 59800, PaidFen: 59700, AddressHash: "bfe1", Device: "d7", Status: feed.StatusPaid, Refund: feed.StatusRequested, RefundFen: 100,
		CreatedAt: at(time.Second), PaidAt: at(2 * time.Second), ShippedAt: at(3 * time.Second), Event: event, Case: 2,
	}
}

func background() context.Context { return context.Background() }
