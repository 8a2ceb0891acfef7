package main

import (
	"context"
	"testing"

	"liveroom/claims/tomldoc"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/sqlite"
)

// Who works on the records that sinks are driven with.
var (
	agent = moderation.Actor{Name: "小柚", Role: moderation.RoleAgent}
	boss  = moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}
)

// giftPolicy is the id of the policy that sinkDesk pays by.
const giftPolicy = "house.gift"

// A sinkDesk has people work on a record, so that what they write stands in it too.
type sinkDesk struct {
	t     *testing.T
	store *sqlite.Store
	desk  *moderation.Desk
}

func openDesk(t *testing.T, db, policyFile string) sinkDesk {
	t.Helper()
	shipped, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policy.Load(shipped, tomldoc.File{Name: "policy.toml", Text: []byte(policyFile)})
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Policies: policies})
	if err != nil {
		t.Fatal(err)
	}
	return sinkDesk{t, store, desk}
}

// does has somebody do something and gives the case that came of it.
func (d sinkDesk) does(who moderation.Actor, c moderation.Command) moderation.Case {
	d.t.Helper()
	r, err := d.desk.Do(d.t.Context(), who, c)
	if err != nil {
		d.t.Fatalf("%s: %v", c.Name(), err)
	}
	if r.Case == nil {
		return moderation.Case{}
	}
	return *r.Case
}

// all reads every row of a kind.
func all[T any](t *testing.T, read func(context.Context, moderation.Page) ([]T, error)) []T {
	t.Helper()
	rows, err := read(t.Context(), moderation.Page{})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	return rows
}

// bindAll opens a case that all flags, complaints and orders of the record are bound
// to which no case has.
func (d sinkDesk) bindAll(title string) moderation.Case {
	d.t.Helper()
	open := moderation.OpenCase{Room: "r1", Kind: moderation.CaseComplaint, Title: title, SKU: "D01"}
	for _, f := range all(d.t, d.store.Flags) {
		open.Flags = append(open.Flags, f.ID)
	}
	for _, c := range all(d.t, d.store.Complaints) {
		open.Complaints = append(open.Complaints, c.ID)
	}
	for _, o := range all(d.t, d.store.Orders) {
		if o.Case == 0 {
			open.Orders = append(open.Orders, o.ID)
		}
	}
	return d.does(agent, open)
}

// risky are the cases of orders that look like bad faith: the record must have one.
func (d sinkDesk) risky() []moderation.Case {
	d.t.Helper()
	var out []moderation.Case
	for _, c := range all(d.t, d.store.Cases) {
		if c.Kind == moderation.CaseOrderRisk && len(c.Orders) > 0 {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		d.t.Fatal("no order of the record is suspect")
	}
	return out
}

// holdBack holds the orders of a case back, and the merchant calls them what they are.
func (d sinkDesk) holdBack(c moderation.Case, why string) moderation.Case {
	d.t.Helper()
	c = d.does(boss, moderation.FreezeOrders{Case: c.ID, Version: c.Version, Orders: c.Orders, Reason: why})
	return d.does(boss, moderation.HearMerchant{Case: c.ID, Version: c.Version, Orders: c.Orders, Verdict: moderation.VerdictBadFaith, Text: why})
}

// workOn makes a case about all that the record holds, in which a payment is refused
// and the buyer penalised, who contests it. Another payment waits.
func (d sinkDesk) workOn(reason string) moderation.Case {
	d.t.Helper()
	c := d.bindAll("掉毛")
	for _, f := range all(d.t, d.store.Flags) {
		d.does(boss, moderation.ConfirmFlag{Flag: f.ID})
		d.does(boss, moderation.CorrectHost{Flag: f.ID, Text: "更正一下：" + reason})
	}
	c = d.does(agent, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: c.Orders[0], Policy: giftPolicy})
	c = d.does(boss, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: reason})
	c = d.does(agent, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: c.Orders[0], Policy: giftPolicy})
	c = d.punish(d.uphold(c), reason)
	d.contest(c, reason)
	return c
}

// uphold ends a case as one that was right.
func (d sinkDesk) uphold(c moderation.Case) moderation.Case {
	d.t.Helper()
	return d.does(boss, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
}

// punish imposes a penalty on the first buyer of a case that was right.
func (d sinkDesk) punish(c moderation.Case, why string) moderation.Case {
	d.t.Helper()
	return d.does(boss, moderation.ImposePenalty{
		Case: c.ID, Version: c.Version, Offence: moderation.Offence{By: moderation.OffenderBuyer, Subject: c.Buyers[0], Gravity: "high"},
		Measures: []policy.Measure{policy.MeasureNoOrdering}, Reason: why,
	})
}

// suffer gives a case of its own to an order, in which a payment is proposed and
// refused and its buyer penalised, all with the same words.
func (d sinkDesk) suffer(order, said string) {
	d.t.Helper()
	c := d.does(agent, moderation.OpenCase{Room: "r1", Kind: moderation.CaseComplaint, Title: said, Orders: []string{order}})
	c = d.does(agent, moderation.GiveFact{Case: c.ID, Version: c.Version, Fact: "evidence.proof_images", Value: policy.Number(2), Note: said})
	c = d.does(agent, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: order, Policy: giftPolicy})
	c = d.does(boss, moderation.RefusePayment{Case: c.ID, Version: c.Version, Payment: 1, Reason: said})
	d.punish(d.uphold(c), said)
}

// contest has who was punished appeal.
func (d sinkDesk) contest(c moderation.Case, why string) {
	d.t.Helper()
	d.does(agent, moderation.OpenCase{Room: "r1", Kind: moderation.CaseAppeal, Title: why + " 不服", AppealOf: c.ID, AppealBy: moderation.OffenderBuyer, Evidence: 1})
}

// close ends the work: a command that writes to the record needs it alone.
func (d sinkDesk) close() {
	d.t.Helper()
	if err := d.store.Close(); err != nil {
		d.t.Fatal(err)
	}
}
