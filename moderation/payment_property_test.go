package moderation_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// generous is a policy of a house that would pay more than an order was.
const generous = `id = "house.double"
kind = "return"
title = "双倍退"
title_en = "Twice back"
source = "House rules 9"
checked = 2026-11-20
payer = ["merchant"]
[[payee]]
to = "buyer.payment_path"
[[clause]]
id = "9"
effect = "requires"
text = "确认描述不符"
text_en = "It was confirmed"
when = "claim.confirmed"
holds = [{ claim.confirmed = true }]
fails = [{ claim.confirmed = false }]
[amount]
[[amount.part]]
text = "实付"
text_en = "what was paid"
of = "order.paid_fen"
times = 2
[[example]]
name = "confirmed"
facts = { claim.confirmed = true, order.paid_fen = 100 }
standing = "granted"
`

// paymentWays are all the ways of a payment, but for undoing.
var paymentWays = map[[2]moderation.PaymentState]bool{
	{"", moderation.PaymentProposed}:                          true,
	{moderation.PaymentProposed, moderation.PaymentApproved}:  true,
	{moderation.PaymentProposed, moderation.PaymentRefused}:   true,
	{moderation.PaymentProposed, moderation.PaymentWithdrawn}: true,
	{moderation.PaymentApproved, moderation.PaymentReversed}:  true,
}

// payer draws what people and shops do around payments, on rows that mostly
// exist.
type payer struct {
	*desk
	t      *rapid.T
	orders []string
	events int
	ended  moderation.Actor // who ended a payment last, and may think better of it
}

func (p *payer) command() moderation.Command {
	t := p.t
	id := rapid.SampledFrom([]int64{1, 1, 2, 2, 3, 3, 4}).Draw(t, "case")
	c, err := p.store.Case(context.Background(), id)
	version := c.Version
	if err != nil || rapid.IntRange(0, 9).Draw(t, "stale") == 7 {
		version = 1
	}
	payment := rapid.IntRange(1, max(1, len(c.Payments))).Draw(t, "payment")
	order := rapid.SampledFrom(append([]string{""}, p.orders...)).Draw(t, "order")
	under := rapid.SampledFrom([]string{guarantee, guarantee, "return.no-reason", "house.double", "law.consumer-55", "penalty.seller", "x"}).Draw(t, "policy")
	fact := rapid.SampledFrom([]moderation.GiveFact{
		{Fact: "merchant.at_fault", Value: policy.Bool(true)},
		{Fact: "merchant.at_fault", Value: policy.Bool(false)},
		{Fact: "evidence.proof_images"},
		{Fact: "order.paid_fen", Value: policy.Number(1 << 40)},
		{Fact: "claim.compensated", Value: policy.Bool(false)},
		{Fact: "claim.fraud", Value: policy.Bool(true)},
		{Fact: "order.applications_before", Value: policy.Number(0)},
	}).Draw(t, "fact")
	fact.Case, fact.Version, fact.Order = id, version, order
	propose := moderation.ProposePayment{Case: id, Version: version, Order: order, Policy: under}
	approve := moderation.ApprovePayment{Case: id, Version: version, Payment: payment}
	return rapid.SampledFrom([]moderation.Command{
		propose, propose, propose, propose, approve, approve, approve,
		moderation.RefusePayment{Case: id, Version: version, Payment: payment, Reason: "不实"},
		moderation.WithdrawPayment{Case: id, Version: version, Payment: payment},
		moderation.ReversePayment{Case: id, Version: version, Payment: payment, Reason: "查明"},
		fact,
		moderation.MoveCase{
			Case: id, Version: version, Reason: "说明", To: rapid.SampledFrom(allStates).Draw(t, "to"),
			Outcome: rapid.SampledFrom([]moderation.Outcome{"", moderation.OutcomeUpheld, moderation.OutcomeUnfounded}).Draw(t, "outcome"),
		},
		moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: id, Evidence: 1},
		moderation.Undo{},
		moderation.Undo{},
	}).Draw(t, "command")
}

// in are the payments in a state.
func (p *payer) in(state moderation.PaymentState) [][2]int64 {
	var out [][2]int64
	for at, x := range p.paid() {
		if x.State == state {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return out
}

// likely is what people who mostly agree would do next, so that payments get far.
func (p *payer) likely() (moderation.Actor, moderation.Command) {
	mood := rapid.IntRange(0, 9).Draw(p.t, "mood")
	if mood == 5 && p.ended.Name != "" {
		return p.ended, moderation.Undo{}
	}
	if waiting := p.in(moderation.PaymentProposed); len(waiting) > 0 {
		at := rapid.SampledFrom(waiting).Draw(p.t, "waiting")
		c := p.incident(at[0])
		by, who, payment := c.Payments[at[1]-1].By, boss, int(at[1])
		if by == who.Name {
			who = wen
		}
		switch mood {
		case 8:
			return who, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: payment, Reason: "不实"}
		case 9:
			return moderation.Actor{Name: by, Role: moderation.RoleSupervisor}, moderation.WithdrawPayment{Case: c.ID, Version: c.Version, Payment: payment}
		}
		return who, moderation.ApprovePayment{Case: c.ID, Version: c.Version, Payment: payment}
	}
	if done := p.in(moderation.PaymentApproved); len(done) > 0 && mood > 6 {
		at := rapid.SampledFrom(done).Draw(p.t, "done")
		c := p.incident(at[0])
		return boss, moderation.ReversePayment{Case: c.ID, Version: c.Version, Payment: int(at[1]), Reason: "查明"}
	}
	about := rapid.SampledFrom([]struct {
		caseID int64
		order  string
	}{{1, "LR1"}, {2, "LR1"}, {3, "LR2"}, {1, "LR2"}}).Draw(p.t, "about")
	c := p.incident(about.caseID)
	who := rapid.SampledFrom([]moderation.Actor{bing, boss, wen}).Draw(p.t, "proposer")
	under := rapid.SampledFrom([]string{guarantee, "return.no-reason", "house.double"}).Draw(p.t, "under")
	return who, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: about.order, Policy: under}
}

// happens is what a shop tells meanwhile: refunds, of some of an order or all.
func (p *payer) happens() {
	order := rapid.SampledFrom(p.orders).Draw(p.t, "of")
	status := rapid.SampledFrom([]string{feed.StatusRequested, feed.StatusRefused, feed.StatusAgreed, feed.StatusRefunded}).Draw(p.t, "refund")
	p.events++
	p.commit(refund(9000+p.events, order, status, rapid.SampledFrom([]int64{0, 1, 5000, 29900}).Draw(p.t, "fen")))
}

// paid are the payments of all cases, by case and number.
func (p *payer) paid() map[[2]int64]moderation.Payment {
	out := make(map[[2]int64]moderation.Payment)
	for _, c := range must(p.store.Cases(context.Background(), moderation.Page{})) {
		for i, x := range c.Payments {
			if x.ID != i+1 {
				p.t.Fatalf("case %d: payment %d stands at %d", c.ID, x.ID, i+1)
			}
			out[[2]int64{c.ID, int64(x.ID)}] = x
		}
	}
	return out
}

// sound fails where an order is paid twice, by its proposer alone, or for other
// than its policy granted.
func (p *payer) sound(who moderation.Actor, cmd moderation.Command, before map[[2]int64]moderation.Payment) {
	after := p.paid()
	live := make(map[string]int)
	_, undo := cmd.(moderation.Undo)
	for at, x := range after {
		was := before[at]
		if was.State != x.State && !undo && !paymentWays[[2]moderation.PaymentState{was.State, x.State}] {
			p.t.Fatalf("%#v by %s took payment %v from %q to %q", cmd, who.Name, at, was.State, x.State)
		}
		approved := x.State == moderation.PaymentApproved || x.State == moderation.PaymentReversed
		if approved && (x.DecidedBy == "" || x.DecidedBy == x.By) {
			p.t.Fatalf("payment %v of %s was approved by %q", at, x.By, x.DecidedBy)
		}
		if x.State == moderation.PaymentProposed || x.State == moderation.PaymentApproved {
			live[x.Order]++
		}
		if x.State != moderation.PaymentApproved || was.State == x.State {
			continue
		}
		o := must(p.store.Order(context.Background(), x.Order))
		back := int64(0)
		if o.Refund == feed.StatusAgreed || o.Refund == feed.StatusRefunded {
			if back = o.RefundFen; back == 0 {
				back = o.PaidFen
			}
		}
		if who.Role != moderation.RoleSupervisor || x.AmountFen <= 0 || x.AmountFen+back > o.PaidFen {
			p.t.Fatalf("%#v by %s approved %+v for %+v", cmd, who.Name, x, o)
		}
	}
	for order, n := range live {
		if n > 1 {
			p.t.Fatalf("after %#v by %s order %s has %d payments: %+v", cmd, who.Name, order, n, after)
		}
	}
	for at := range before {
		if _, ok := after[at]; !ok && !undo {
			p.t.Fatalf("%#v took payment %v away", cmd, at)
		}
	}
}

// disputedRecord is the file of a record with three cases about two orders, where
// everything is known that the guarantee and a return ask for.
func disputedRecord(t *testing.T) []byte {
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "disputed.db"), clock: &clock{now: start}}
	d.cfg = moderation.Config{Checker: words{}, Clock: d.clock.Now, Product: goods}
	d.open()
	d.commit(append(misledEvents(), complains(3700, "还是不对", "D01", "LR1"), complains(3800, "也不对", "D01", "LR2"))...)
	d.clock.pass(2 * time.Hour)
	d.matter()
	for _, id := range []int64{2, 3} {
		d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "又来", SKU: "D01", Complaints: []int64{id}})
	}
	facts := enough()
	facts["order.received_at"], facts["returns.requested_at"] = policy.Moment(at(3000)), policy.Moment(at(3600))
	for _, f := range []policy.Fact{"claim.confirmed", "claim.by_buyer", "claim.from_order", "claim.reason_given", "returns.resaleable", "returns.tags_intact", "returns.packing_intact"} {
		facts[f] = policy.Bool(true)
	}
	facts["claim.category"] = policy.Word("material")
	for id := int64(1); id <= 3; id++ {
		d.give(bing, d.incident(id), "", facts)
	}
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	return must(os.ReadFile(d.path))
}

// TestNobodyPaysTwice: whatever people and shops do in whatever order, over
// several cases about the same orders, no order is paid twice or more than was
// paid for it, nobody approves their own proposal, no clock is lost, and every
// payment answers in the end as it did when it was proposed.
func TestNobodyPaysTwice(t *testing.T) {
	run, approved := 0, 0
	dir := t.TempDir()
	set := policies(t, generous)
	disputed := disputedRecord(t)
	rapid.Check(t, func(rt *rapid.T) {
		run++
		d := &desk{t: t, path: filepath.Join(dir, fmt.Sprint(run, ".db")), clock: &clock{now: start.Add(2 * time.Hour)}}
		if err := os.WriteFile(d.path, disputed, 0o600); err != nil {
			rt.Fatal(err)
		}
		d.cfg = moderation.Config{Checker: words{}, Clock: d.clock.Now, Policies: set, Product: goods}
		d.open()
		defer func() { _ = d.store.Close() }()
		p := &payer{desk: d, t: rt, orders: []string{"LR1", "LR2"}}
		people := []moderation.Actor{bing, bing, boss, boss, wen, lan, you, {Name: "阿岚", Role: moderation.RoleSupervisor}, {Name: "客", Role: "viewer"}}
		for range rapid.IntRange(10, 40).Draw(rt, "steps") {
			d.clock.pass(rapid.SampledFrom([]time.Duration{0, time.Second, 20 * time.Second, 30 * time.Hour, -time.Minute}).Draw(rt, "pass"))
			if rapid.IntRange(0, 11).Draw(rt, "shop") == 7 {
				p.happens()
				continue
			}
			who, cmd := rapid.SampledFrom(people).Draw(rt, "actor"), p.command()
			if rapid.Bool().Draw(rt, "likely") {
				who, cmd = p.likely()
			}
			before, state, clocks := p.paid(), d.state(), d.clocks()
			_, err := d.Do(context.Background(), who, cmd)
			var no *moderation.Refusal
			switch {
			case err != nil && !errors.As(err, &no):
				rt.Fatalf("%#v by %s: %v", cmd, who.Name, err)
			case err != nil && d.state() != state:
				rt.Fatalf("%#v by %s was refused (%v) and changed the record", cmd, who.Name, err)
			}
			switch cmd.(type) {
			case moderation.RefusePayment, moderation.WithdrawPayment, moderation.ReversePayment:
				if err == nil {
					p.ended = who
				}
			}
			p.sound(who, cmd, before)
			p.keeps(cmd, clocks)
			if _, undo := cmd.(moderation.Undo); err != nil || undo || !rapid.Bool().Draw(rt, "undo at once") {
				continue
			}
			// A reversal stays when the shop has given the money back meanwhile.
			_, err = d.Do(context.Background(), who, moderation.Undo{})
			_, reversed := cmd.(moderation.ReversePayment)
			if reversed && errors.As(err, &no) && no.Code == moderation.CodeAboveOrder {
				continue
			}
			if err != nil || d.state() != state {
				rt.Fatalf("undo of %#v: %v\n got %.3000s\nwant %.3000s", cmd, err, d.state(), state)
			}
		}
		approved += p.answer()
		d.verify()
	})
	if approved < run/5 {
		t.Errorf("%d payments were approved in %d runs: the property was hardly tried", approved, run)
	}
}

// keeps fails where a clock is gone, or due earlier.
func (p *payer) keeps(cmd moderation.Command, clocks map[string]time.Time) {
	if _, undo := cmd.(moderation.Undo); undo {
		return
	}
	kept := p.clocks()
	for k, due := range clocks {
		if now, ok := kept[k]; !ok || now.Before(due) {
			p.t.Fatalf("%#v lost the clock %s, due %s, or made it due earlier: %s", cmd, k, due, now)
		}
	}
}

// answer asks every payment again, and counts those that were approved.
func (p *payer) answer() (approved int) {
	asked := make(map[string]bool)
	for at, x := range p.paid() {
		if x.State == moderation.PaymentApproved || x.State == moderation.PaymentReversed {
			approved++
		}
		if asked[x.Answer] {
			continue
		}
		asked[x.Answer] = true
		r, err := moderation.AskAgain(context.Background(), p.store, x)
		if err != nil || r.GrantedFen != x.AmountFen || r.ShownOnly || !slices.Equal(r.Payers, x.Payers) {
			p.t.Fatalf("payment %v asked again: %d, %v; %+v", at, r.GrantedFen, err, x)
		}
	}
	return approved
}
