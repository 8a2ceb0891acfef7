package moderation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

func asRefusal(err error, no **moderation.Refusal) bool { return errors.As(err, no) }

// proposed is a desk with a payment for LR1 proposed by 阿岚 in case 1.
func proposed(t testing.TB, set ...func(*moderation.Config)) (*desk, moderation.Case) {
	t.Helper()
	d := misled(t, set...)
	c := d.give(lan, d.matter(), "", enough())
	return d, *d.do(lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee}).Case
}

func TestAPaymentIsProposedByOneAndApprovedByAnother(t *testing.T) {
	d, c := proposed(t)
	p := c.Payments[0]
	if p.ID != 1 || p.Order != "LR1" || p.State != moderation.PaymentProposed || p.AmountFen != 29900 || p.By != "阿岚" || p.Policy != guarantee ||
		p.Working.EN != "100 % of 299.00 = 299.00, cap 1,000.00" || p.Version == "" || p.Kept == 0 || !p.AsOf.Equal(d.clock.Now()) {
		t.Fatalf("payment %+v", p)
	}
	approve := moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}
	d.refused(moderation.CodeNotAllowed, you, approve)
	d.refused(moderation.CodeOwnProposal, moderation.Actor{Name: "阿岚", Role: moderation.RoleSupervisor}, approve)
	d.refused(moderation.CodeNotFound, bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 2})
	d.refused(moderation.CodeConflict, bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version - 1, Payment: 1})
	d.clock.pass(time.Minute)
	c = *d.do(bing, approve).Case
	if p := c.Payments[0]; p.State != moderation.PaymentApproved || p.DecidedBy != "秉文" || !p.DecidedAt.Equal(d.clock.Now()) {
		t.Errorf("payment %+v", p)
	}
	d.refused(moderation.CodePaymentOver, bing, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: "x"})
	d.refused(moderation.CodePaymentOver, lan, moderation.WithdrawPayment{Case: c.ID, Version: c.Version, Payment: 1})
	// The ruling starts the time to appeal.
	s, a := d.asks(c.ID, "LR1", guarantee)
	if got := told(s); !strings.Contains(strings.Join(got, "\n"), "ruling.kind=compensation case 1") {
		t.Errorf("told %v", got)
	}
	for _, dl := range a.Deadlines {
		if dl.ID == "1.17.appeal" && (dl.State != policy.Running || !dl.Due.At.Equal(time.Date(2026, 11, 27, 23, 59, 59, 0, policy.DefaultZone))) {
			t.Errorf("appeal %+v", dl)
		}
	}
	if n := len(must(d.store.Effects(t.Context(), time.Time{}))); n != 0 {
		t.Errorf("%d effects: nothing is paid", n)
	}
	d.do(bing, moderation.Undo{})
	if p := d.incident(c.ID).Payments[0]; p.State != moderation.PaymentProposed || p.DecidedBy != "" {
		t.Errorf("undone: %+v", p)
	}
	d.verify()
}

func TestAProposalIsRefusedOrWithdrawn(t *testing.T) {
	d, c := proposed(t)
	d.refused(moderation.CodeNeedsReason, bing, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: " "})
	d.refused(moderation.CodeNotProposer, you, moderation.WithdrawPayment{Case: c.ID, Version: c.Version, Payment: 1})
	c = *d.do(bing, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: "照片不清"}).Case
	if p := c.Payments[0]; p.State != moderation.PaymentRefused || p.Reason != "照片不清" {
		t.Errorf("refused: %+v", p)
	}
	c = *d.do(lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee}).Case
	c = *d.do(lan, moderation.WithdrawPayment{Case: c.ID, Version: c.Version, Payment: 2}).Case
	if p := c.Payments[1]; p.ID != 2 || p.State != moderation.PaymentWithdrawn || p.DecidedBy != "阿岚" {
		t.Errorf("withdrawn: %+v", p)
	}
	d.do(lan, moderation.Undo{})
	if p := d.incident(c.ID).Payments[1]; p.State != moderation.PaymentProposed {
		t.Errorf("undone: %+v", p)
	}
	d.verify()
}

// TestAnApprovedPaymentIsReversed: what turned out wrong is taken back by a
// supervisor, with a reason, and stays in the case.
func TestAnApprovedPaymentIsReversed(t *testing.T) {
	d, c := proposed(t)
	reverse := moderation.ReversePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: "检测报告系伪造"}
	d.refused(moderation.CodeNotApproved, bing, reverse)
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	reverse.Version = c.Version
	d.refused(moderation.CodeNotAllowed, lan, reverse)
	d.refused(moderation.CodeNeedsReason, boss, moderation.ReversePayment{Case: c.ID, Version: c.Version, Payment: 1})
	c = *d.do(boss, reverse).Case
	if p := c.Payments[0]; p.State != moderation.PaymentReversed || p.DecidedBy != "秉文" || p.EndedBy != "老秦" || p.Reason != reverse.Reason || p.Appeal != 0 {
		t.Errorf("payment %+v", p)
	}
	reverse.Version = c.Version
	d.refused(moderation.CodePaymentOver, boss, reverse)
	d.do(boss, moderation.Undo{})
	if p := d.incident(c.ID).Payments[0]; p.State != moderation.PaymentApproved || p.EndedBy != "" || p.Reason != "" {
		t.Errorf("undone: %+v", p)
	}
	d.verify()
}

// TestWhatIsNotPaid: nothing that no policy grants, nothing on a scenario of the
// law, nothing for an order that nobody knows.
func TestWhatIsNotPaid(t *testing.T) {
	d := misled(t)
	c := d.matter()
	propose := func(order, policy string) moderation.Command {
		return moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: order, Policy: policy}
	}
	if r := d.refused(moderation.CodeFactsMissing, lan, propose("LR1", guarantee)); !strings.Contains(r.Error(), "evidence.proof_images, goods.traits") {
		t.Errorf("missing: %s", r.Error())
	}
	c = d.give(lan, c, "", enough())
	c = d.give(lan, c, "", policy.Facts{"claim.fraud": policy.Bool(true)})
	d.refused(moderation.CodeShownOnly, lan, propose("LR1", "law.consumer-55"))
	d.refused(moderation.CodeNoPolicy, lan, propose("LR1", "no.such"))
	d.refused(moderation.CodeNothingToPay, lan, propose("LR1", "service.clocks"))
	d.refused(moderation.CodeWhichOrder, lan, propose("", guarantee))
	d.refused(moderation.CodeNotFound, lan, propose("LR9", guarantee))
	if r := d.refused(moderation.CodeFactsMissing, lan, propose("LR2", guarantee)); !strings.Contains(r.Error(), "claim.by_buyer") {
		t.Errorf("LR2, which nobody complained of: %s", r.Error())
	}
	c = d.give(lan, c, "", policy.Facts{"merchant.at_fault": policy.Bool(true)})
	if r := d.refused(moderation.CodeNotGranted, lan, propose("LR1", guarantee)); !strings.Contains(r.Error(), "clause 1.5.merchant") {
		t.Errorf("the merchant is at fault: %s", r.Error())
	}
	bare := d.opens(lan, moderation.CaseComplaint, "没有订单")
	d.refused(moderation.CodeNoOrder, lan, moderation.ProposePayment{Case: bare.ID, Version: bare.Version, Policy: guarantee})
	d.verify()
}

// again opens another case about LR1, for a second complaint that names it, with
// all that the guarantee asks for.
func (d *desk) again() moderation.Case {
	d.t.Helper()
	n := len(must(d.store.Complaints(d.t.Context(), moderation.Page{})))
	d.commit(complains(4000+n, "还是不对", "D01", "LR1"))
	c := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "又来", SKU: "D01", Complaints: []int64{int64(n + 1)}}).Case
	facts := enough()
	facts["claim.category"], facts["claim.confirmed"] = policy.Word("material"), policy.Bool(true)
	facts["order.applications_before"] = policy.Number(0)
	return d.give(you, c, "", facts)
}

// TestAnOrderIsPaidOnce: not a second time in its case, nor in another that a
// second complaint opened; once the first is refused, the other may be.
func TestAnOrderIsPaidOnce(t *testing.T) {
	d, c := proposed(t)
	d.refused(moderation.CodePaidTwice, lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee})
	other := d.again()
	second := moderation.ProposePayment{Case: other.ID, Version: other.Version, Order: "LR1", Policy: guarantee}
	d.refused(moderation.CodePaidTwice, you, second)
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	if r := d.refused(moderation.CodeNotGranted, you, second); !strings.Contains(r.Error(), "1.13.compensated") {
		t.Errorf("after it was paid elsewhere: %s", r.Error())
	}
	d.do(bing, moderation.Undo{})
	c = d.incident(c.ID)
	c = *d.do(bing, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: "走另一个案件"}).Case
	other = *d.do(you, second).Case
	// Undoing the refusal would bring the first back beside the second.
	if r := undone(d, bing); r == nil || r.Code != moderation.CodePaidTwice {
		t.Errorf("undo: %v", r)
	}
	d.do(bing, moderation.ApprovePayment{Case: other.ID, Version: other.Version, Payment: 1})
	// Nor by another policy: who was compensated does not have the price back too.
	c = d.give(lan, c, "LR1", policy.Facts{
		"order.received_at": policy.Moment(at(3000)), "returns.requested_at": policy.Moment(at(3600)), "returns.resaleable": policy.Bool(true),
		"returns.tags_intact": policy.Bool(true), "returns.packing_intact": policy.Bool(true),
	})
	if _, a := d.asks(c.ID, "LR1", "return.no-reason"); a.GrantedFen != 29900 {
		t.Fatalf("return: %s", a.Summary.EN)
	}
	d.refused(moderation.CodePaidTwice, lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: "return.no-reason"})
	d.verify()
}

func undone(d *desk, by moderation.Actor) *moderation.Refusal {
	_, err := d.Do(d.t.Context(), by, moderation.Undo{})
	var no *moderation.Refusal
	asRefusal(err, &no)
	return no
}

// TestNeverMoreThanTheOrder: what was refunded counts, also when it comes
// between the proposal and the approval.
func TestNeverMoreThanTheOrder(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before bool
		e      feed.Event
		code   moderation.Code
	}{
		{"a fen was refunded before", true, refund(5000, "LR1", feed.StatusRefunded, 1), moderation.CodeAboveOrder},
		{"nothing was refunded", true, refund(5000, "LR1", feed.StatusRefused, 1), ""},
		{"a fen is refunded in between", false, refund(5000, "LR1", feed.StatusRefunded, 1), moderation.CodeAboveOrder},
		{"a refund is asked for in between", false, refund(5000, "LR1", feed.StatusRequested, 29900), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := misled(t)
			c := d.give(lan, d.matter(), "", enough())
			propose := moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee}
			if tt.before {
				d.commit(tt.e)
				if tt.code != "" {
					if r := d.refused(tt.code, lan, propose); r.Args["left"] != "298.99" {
						t.Errorf("left %s", r.Args["left"])
					}
					return
				}
			}
			c = *d.do(lan, propose).Case
			if !tt.before {
				d.commit(tt.e)
			}
			approve := moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}
			if tt.code != "" {
				d.refused(tt.code, bing, approve)
				return
			}
			d.do(bing, approve)
		})
	}
}

// TestAProposalIsHeldToWhatIsKnown: what came out after it was proposed stops
// its approval.
func TestAProposalIsHeldToWhatIsKnown(t *testing.T) {
	d, c := proposed(t)
	c = d.give(lan, c, "", policy.Facts{"merchant.at_fault": policy.Bool(true)})
	d.refused(moderation.CodeGrantChanged, bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1})
	c = d.give(lan, c, "", policy.Facts{"merchant.at_fault": policy.Bool(false)})
	d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1})
}

// TestAProposalAnswersTheSameForEver: the record keeps the policy and the
// working days, so neither a changed file nor a new program run changes what it
// was proposed on.
func TestAProposalAnswersTheSameForEver(t *testing.T) {
	shipped := must(policy.Shipped())
	var text string
	for _, p := range shipped.Policies() {
		if p.ID == guarantee {
			text = p.Content
		}
	}
	d, c := proposed(t, func(cfg *moderation.Config) { cfg.Policies = shipped })
	first := must(moderation.AskAgain(t.Context(), d.store, c.Payments[0]))
	if first.GrantedFen != 29900 {
		t.Fatalf("at once: %+v", first)
	}
	// The house lowers the cap, and the program is started anew.
	lower := strings.Replace(text, "cap_fen = 100_000", "cap_fen = 10_000", 1)
	d.cfg.Policies = policies(t, lower)
	d.restart()
	if _, a := d.asks(c.ID, "LR2", guarantee); a.Version == first.Version {
		t.Fatal("the policy did not change")
	}
	again := must(moderation.AskAgain(t.Context(), d.store, c.Payments[0]))
	if again.Version != first.Version || again.GrantedFen != 29900 || again.Summary != first.Summary {
		t.Errorf("asked again: %s %d %s", again.Version, again.GrantedFen, again.Summary.EN)
	}
	// It is approved as it was proposed, and the next one is under the new cap.
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	c = d.give(bing, c, "LR2", policy.Facts{
		"claim.applied_at": policy.Moment(at(3600)), "claim.by_buyer": policy.Bool(true), "claim.from_order": policy.Bool(true), "claim.reason_given": policy.Bool(true),
	})
	c = *d.do(bing, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR2", Policy: guarantee}).Case
	if p := c.Payments[1]; p.AmountFen != 10000 || p.Kept == c.Payments[0].Kept {
		t.Errorf("under the new policy: %+v", p)
	}
	must(moderation.AskAgain(t.Context(), d.store, c.Payments[1]))
	forged := c.Payments[0]
	forged.Matter = strings.Replace(forged.Matter, "29900", "39900", 1)
	if _, err := moderation.AskAgain(t.Context(), d.store, forged); !errors.Is(err, moderation.ErrDamaged) {
		t.Errorf("other facts: %v", err)
	}
	d.verify()
}

// TestPoliciesAreKeptOnce: a surge of proposals does not fill the ledger with
// copies of one policy.
func TestPoliciesAreKeptOnce(t *testing.T) {
	d, c := proposed(t)
	c = *d.do(lan, moderation.WithdrawPayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	c = *d.do(lan, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: "LR1", Policy: guarantee}).Case
	if c.Payments[0].Kept != c.Payments[1].Kept {
		t.Errorf("kept at %d and %d", c.Payments[0].Kept, c.Payments[1].Kept)
	}
	n := 0
	for _, l := range must(d.store.Leaves(t.Context(), 0, 0)) {
		if l.Kind == moderation.LeafPolicy {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d leaves of policies", n)
	}
}

// TestAnUpheldAppealReversesWhatWasPaid: as an event that stays in the case; and
// undoing the ruling does not pay an order twice.
func TestAnUpheldAppealReversesWhatWasPaid(t *testing.T) {
	d, c := proposed(t)
	c = *d.do(bing, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: 1}).Case
	c = *d.do(lan, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	appeal := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "主播不服", AppealOf: c.ID}).Case
	other := d.again()
	d.clock.pass(time.Minute)
	appeal = *d.do(boss, moderation.MoveCase{Case: appeal.ID, Version: appeal.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	if p := d.incident(c.ID).Payments[0]; p.State != moderation.PaymentReversed || p.EndedBy != "老秦" || p.DecidedBy != "秉文" || p.Appeal != appeal.ID || p.EndedAt.IsZero() {
		t.Errorf("payment %+v, appeal %d", p, appeal.ID)
	}
	d.do(you, moderation.ProposePayment{Case: other.ID, Version: other.Version, Order: "LR1", Policy: guarantee})
	if no := undone(d, boss); no == nil || no.Code != moderation.CodePaidTwice {
		t.Errorf("undo: %v", no)
	}
	d.do(you, moderation.Undo{})
	d.do(boss, moderation.Undo{})
	if p := d.incident(c.ID).Payments[0]; p.State != moderation.PaymentApproved || p.EndedBy != "" {
		t.Errorf("undone: %+v", p)
	}
	d.verify()
}
