package moderation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/policy"
)

// toldByRecord are the facts that nobody may say otherwise of once the record
// tells them.
var toldByRecord = []policy.Fact{
	"order.created_at", "order.paid_at", "order.paid_fen", "case.opened_at", "decision.reviewed_at", "decision.decided_at",
	"ruling.kind", "ruling.at", "appeal.raised_at", "appeal.decided_at", "appeal.upheld",
}

// pay performs the commands about payments and what they are granted on.
func (t *deed) pay(c Command, r *Result) error {
	switch c := c.(type) {
	case GiveFact:
		return t.giveFact(c, r)
	case ProposePayment:
		return t.proposePayment(c, r)
	case ApprovePayment:
		return t.approvePayment(c, r)
	case RefusePayment:
		return t.refusePayment(c, r)
	case WithdrawPayment:
		return t.withdrawPayment(c, r)
	case ReversePayment:
		return t.reversePayment(c, r)
	}
	return fmt.Errorf("%T is about no payment", c)
}

func (t *deed) giveFact(c GiveFact, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.State == CaseStateClosed || old.State == CaseStateWithdrawn {
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	given := GivenFact{Fact: string(c.Fact), Order: c.Order, Note: tidy(c.Note), By: t.actor.Name, At: t.now}
	if given.Note != "" {
		if given.Note, err = written(c.Note); err != nil {
			return err
		}
	}
	if err := t.mayGive(c, old); err != nil {
		return err
	}
	if !c.Value.IsZero() {
		value, err := json.Marshal(c.Value)
		if err != nil {
			return fmt.Errorf("given fact: %w", err)
		}
		given.Value = string(value)
	}
	told := old
	told.Facts = append(slices.Clone(old.Facts), given)
	told, err = t.work(old, told)
	r.Case = &told
	return err
}

// mayGive refuses facts that do not exist, or that the record itself tells.
func (t *deed) mayGive(c GiveFact, old Case) error {
	if !slices.ContainsFunc(policy.Known(), func(i policy.FactInfo) bool { return i.Name == c.Fact }) {
		return refuse(CodeBadFact, "fact", tidy(string(c.Fact)), "why", "there is no such fact")
	}
	if err := (policy.Facts{c.Fact: c.Value}).Check(); err != nil && !c.Value.IsZero() {
		return refuse(CodeBadFact, "fact", string(c.Fact), "why", err.Error())
	}
	q := t.desk.inquiry(t.tx)
	_, o, err := q.find(t.ctx, old.ID, c.Order)
	var no *Refusal
	if err != nil && (!errors.As(err, &no) || no.Code != CodeWhichOrder) {
		return err
	}
	if !slices.Contains(toldByRecord, c.Fact) {
		return nil
	}
	bare := old
	bare.Facts = nil
	m, _, err := q.gather(t.ctx, bare, o, t.now)
	if err != nil {
		return err
	}
	if k, ok := m.known[c.Fact]; ok {
		return refuse(CodeToldByRecord, "fact", string(c.Fact), "by", string(k.From))
	}
	return nil
}

func paymentName(c Case, id int) string { return fmt.Sprintf("payment #%d.%d", c.ID, id) }

func (t *deed) proposePayment(c ProposePayment, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.State == CaseStateClosed || old.State == CaseStateWithdrawn {
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	q := t.desk.inquiry(t.tx)
	_, o, err := q.find(t.ctx, old.ID, c.Order)
	switch {
	case err != nil:
		return err
	case o.ID == "":
		return refuse(CodeNoOrder, "row", caseName(old.ID))
	}
	p, err := t.grant(q, old, o, c.Policy)
	if err != nil {
		return err
	}
	if err := t.payable(o, p.AmountFen, 0, 0); err != nil {
		return err
	}
	proposed := old
	p.ID = len(old.Payments) + 1
	proposed.Payments = append(slices.Clone(old.Payments), p)
	proposed, err = t.work(old, proposed)
	r.Case = &proposed
	return err
}

func joinFacts(facts []policy.Fact) string {
	names := make([]string, len(facts))
	for i, f := range facts {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// grant is the payment that a policy grants for an order now.
func (t *deed) grant(q Inquiry, c Case, o Order, id string) (Payment, error) {
	kept, ok := q.Policies.Keep(id)
	if !ok {
		return Payment{}, refuse(CodeNoPolicy, "policy", tidy(id))
	}
	s, err := q.ask(t.ctx, c, o, t.now, id)
	if err != nil {
		return Payment{}, err
	}
	a := s.Results[0]
	switch {
	case a.ShownOnly:
		return Payment{}, refuse(CodeShownOnly, "policy", id)
	case a.Standing == policy.Open:
		return Payment{}, refuse(CodeFactsMissing, "policy", id, "facts", joinFacts(a.Missing))
	case a.Standing != policy.Granted:
		return Payment{}, refuse(CodeNotGranted, "policy", id, "clauses", strings.Join(a.DecidedBy, ", "))
	case a.GrantedFen == 0:
		return Payment{}, refuse(CodeNothingToPay, "policy", id)
	}
	asked, err := s.Matter().Encode()
	if err != nil {
		return Payment{}, err
	}
	sum, err := answerSum(a)
	if err != nil {
		return Payment{}, err
	}
	leaf, err := t.keepPolicy(kept)
	return Payment{
		Order: o.ID, State: PaymentProposed, Policy: id, Version: a.Version, Title: a.Title,
		AmountFen: a.GrantedFen, Working: a.Amount.Text, Payers: a.Payers, Payee: a.Payee,
		Matter: string(asked), AsOf: Unstamp(Stamp(a.AsOf)), Kept: leaf, Answer: sum, By: t.actor.Name, At: t.now,
	}, err
}

// once refuses a second payment for an order, in whatever case. The payment that
// is asked about does not stand in its own way.
func (t *deed) once(order string, inCase int64, payment int) error {
	cases, err := t.tx.CasesOf(t.ctx, Link{LinkOrder, order}, lastPage, 0)
	if err != nil {
		return err
	}
	for _, c := range cases {
		for _, p := range c.Payments {
			if p.Order == order && p.State.live() && (c.ID != inCase || p.ID != payment) {
				return refuse(CodePaidTwice, "row", orderName(order), "case", number(c.ID))
			}
		}
	}
	return nil
}

// within refuses more than is left of what was paid for an order.
func within(o Order, amount int64) error {
	if left := o.PaidFen - refunded(o); amount > left {
		return refuse(CodeAboveOrder, "row", orderName(o.ID), "amount", policy.Yuan(amount), "left", policy.Yuan(max(left, 0)))
	}
	return nil
}

// payable refuses to pay for an order a second time, or more than is left of it.
func (t *deed) payable(o Order, amount, inCase int64, payment int) error {
	if err := t.once(o.ID, inCase, payment); err != nil {
		return err
	}
	return within(o, amount)
}

// payment reads a case with a payment in it that stands as it must for what is
// asked.
func (t *deed) payment(id, version int64, payment int, must PaymentState) (Case, Payment, error) {
	c, err := t.readCase(id, version)
	if err != nil {
		return c, Payment{}, err
	}
	i := slices.IndexFunc(c.Payments, func(p Payment) bool { return p.ID == payment })
	if i < 0 {
		return c, Payment{}, refuse(CodeNotFound, "row", paymentName(c, payment))
	}
	switch p := c.Payments[i]; p.State {
	case must:
		return c, p, t.fitFor(c)
	case PaymentProposed:
		return c, p, refuse(CodeNotApproved, "row", paymentName(c, payment))
	default:
		return c, p, refuse(CodePaymentOver, "row", paymentName(c, payment), "by", firstOf(p.EndedBy, p.DecidedBy))
	}
}

// putPayment puts a payment that was decided on.
func (t *deed) putPayment(old Case, p Payment, r *Result) error {
	c := old
	c.Payments = slices.Clone(old.Payments)
	c.Payments[p.ID-1] = p
	c, err := t.changeCase(old, c)
	r.Case = &c
	return err
}

// decidePayment puts a proposal that was decided on.
func (t *deed) decidePayment(old Case, p Payment, r *Result) error {
	p.DecidedBy, p.DecidedAt = t.actor.Name, t.now
	return t.putPayment(old, p, r)
}

func (t *deed) reversePayment(c ReversePayment, r *Result) error {
	old, p, err := t.payment(c.Case, c.Version, c.Payment, PaymentApproved)
	switch {
	case err != nil:
		return err
	case tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", paymentName(old, p.ID))
	}
	if p.Reason, err = written(c.Reason); err != nil {
		return err
	}
	p.State, p.EndedBy, p.EndedAt = PaymentReversed, t.actor.Name, t.now
	return t.putPayment(old, p, r)
}

func (t *deed) approvePayment(c ApprovePayment, r *Result) error {
	old, p, err := t.payment(c.Case, c.Version, c.Payment, PaymentProposed)
	switch {
	case err != nil:
		return err
	case p.By == t.actor.Name:
		return refuse(CodeOwnProposal, "row", paymentName(old, p.ID))
	}
	o, err := t.tx.Order(t.ctx, p.Order)
	if err != nil {
		return found(orderName(p.Order), err)
	}
	if err := t.payable(o, p.AmountFen, old.ID, p.ID); err != nil {
		return err
	}
	if err := t.stillGranted(old, p, o); err != nil {
		return err
	}
	p.State = PaymentApproved
	return t.decidePayment(old, p, r)
}

// stillGranted refuses a proposal that the same policy would not grant any more,
// or not at that amount: what is known may have changed since.
func (t *deed) stillGranted(c Case, p Payment, o Order) error {
	set, err := t.desk.keptSet(t.ctx, t.tx, p)
	if err != nil {
		return err
	}
	q := t.desk.inquiry(t.tx)
	q.Policies = set
	s, err := q.ask(t.ctx, c, o, t.now, p.Policy)
	if err != nil {
		return err
	}
	if a := s.Results[0]; a.GrantedFen != p.AmountFen {
		return refuse(CodeGrantChanged, "row", paymentName(c, p.ID))
	}
	return nil
}

func (t *deed) refusePayment(c RefusePayment, r *Result) error {
	old, p, err := t.payment(c.Case, c.Version, c.Payment, PaymentProposed)
	switch {
	case err != nil:
		return err
	case p.By == t.actor.Name:
		return refuse(CodeOwnProposal, "row", paymentName(old, p.ID))
	case tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", paymentName(old, p.ID))
	}
	if p.Reason, err = written(c.Reason); err != nil {
		return err
	}
	p.State = PaymentRefused
	return t.decidePayment(old, p, r)
}

func (t *deed) withdrawPayment(c WithdrawPayment, r *Result) error {
	old, p, err := t.payment(c.Case, c.Version, c.Payment, PaymentProposed)
	switch {
	case err != nil:
		return err
	case p.By != t.actor.Name:
		return refuse(CodeNotProposer, "row", paymentName(old, p.ID), "by", p.By)
	}
	if tidy(c.Reason) != "" {
		if p.Reason, err = written(c.Reason); err != nil {
			return err
		}
	}
	p.State = PaymentWithdrawn
	return t.decidePayment(old, p, r)
}

// revive refuses to undo what ended a payment, when another one has taken its
// place, or when it would pay more than is left of the order by now. A proposal
// pays nothing yet: its approval is asked that.
func (t *deed) revive(current, restored Case) error {
	for _, p := range restored.Payments {
		i := slices.IndexFunc(current.Payments, func(o Payment) bool { return o.ID == p.ID })
		if !p.State.live() || i >= 0 && current.Payments[i].State.live() {
			continue
		}
		if err := t.once(p.Order, restored.ID, p.ID); err != nil {
			return err
		}
		if p.State != PaymentApproved {
			continue
		}
		o, err := t.tx.Order(t.ctx, p.Order)
		if err != nil {
			return found(orderName(p.Order), err)
		}
		if err := within(o, p.AmountFen); err != nil {
			return err
		}
	}
	return nil
}
