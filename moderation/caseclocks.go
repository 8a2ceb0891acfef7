package moderation

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"liveroom/moderation/policy"
)

// The facts that the moves of a case make, and the clocks they end.
const (
	factOpened        policy.Fact = "case.opened_at"
	factReviewed      policy.Fact = "decision.reviewed_at" // somebody has looked at it
	factDecided       policy.Fact = "decision.decided_at"  // it has an outcome
	factRaised        policy.Fact = "appeal.raised_at"
	factAppealDecided policy.Fact = "appeal.decided_at"
)

// The names that the clocks of review and result had before policies gave them.
const (
	ClockReview = "review"
	ClockResult = "result"
)

// endsBy tells whether the fact ends the clock.
func (c *Clock) endsBy(f policy.Fact) bool {
	if c.Met != "" {
		return c.Met == string(f)
	}
	return c.Name == ClockReview && f == factReviewed || c.Name == ClockResult && f == factDecided
}

func reviewed(k *Clock) bool { return k.endsBy(factReviewed) }
func decided(k *Clock) bool  { return k.endsBy(factDecided) || k.endsBy(factAppealDecided) }

// byMove tells a clock that a move of its case ends from one that a person says
// was met.
func byMove(k *Clock) bool { return reviewed(k) || decided(k) }

// metAt is when a fact ended a clock of the case last; zero: never.
func (c *Case) metAt(pick func(*Clock) bool) time.Time {
	at := noTime
	for i := range c.Clocks {
		if k := &c.Clocks[i]; pick(k) {
			at = later(at, k.MetAt)
		}
	}
	return at
}

// facts are what the record knows of a case, and of one of its orders, that a
// clock may run from or hang on.
func (c *Case) facts(o *Order) policy.Facts {
	f := policy.Facts{"case.kind": policy.Word(string(c.Kind))}
	moment := func(name policy.Fact, at time.Time) {
		if !at.IsZero() {
			f[name] = policy.Moment(at)
		}
	}
	moment(factOpened, c.OpenedAt)
	moment(factReviewed, c.metAt(reviewed))
	if c.Kind == CaseAppeal {
		moment(factRaised, cmp.Or(c.Appeal.RaisedAt, c.OpenedAt))
	}
	if c.Outcome != "" {
		moment(factDecided, c.metAt(decided))
		if c.Kind == CaseAppeal {
			moment(factAppealDecided, c.metAt(decided))
		}
	}
	if o != nil {
		moment("order.created_at", o.CreatedAt)
		moment("order.paid_at", o.PaidAt)
		moment("order.shipped_at", o.ShippedAt)
	}
	return f
}

// clockPolicies are the policies whose clocks run in every case. A house may
// have none of its own; a case has clocks all the same, the shipped ones.
func (d *Desk) clockPolicies() (set *policy.Set, ids []string, err error) {
	set = d.Policies()
	if ids = set.Of(policy.ServiceClock); len(ids) > 0 {
		return set, ids, nil
	}
	set, err = policy.Shipped()
	if err != nil {
		return nil, nil, fmt.Errorf("clocks of cases: %w", err)
	}
	return set, set.Of(policy.ServiceClock), nil
}

// aheadOfUs is how far a source's clock may be ahead of the host's, or the host's
// behind: what it told happened all the same.
const aheadOfUs = 24 * time.Hour

// startClocks starts the clocks of the case's policies whose facts have come,
// and ends those that a fact ends. What runs already starts no second time.
func (d *Desk) startClocks(ctx context.Context, r Reader, c *Case, now time.Time) error {
	if c.State == CaseStateWithdrawn || c.State == CaseStateClosed {
		return nil
	}
	set, ids, err := d.clockPolicies()
	if err != nil {
		return err
	}
	by, err := d.reckoning(ctx, r, c.Room)
	if err != nil {
		return err
	}
	orders, err := clockedOrders(ctx, r, c, set, ids)
	if err != nil {
		return err
	}
	for _, o := range orders {
		clocks, err := set.Clocks(policy.Matter{Facts: c.facts(o), Zone: by.zone}, now.Add(aheadOfUs), ids...)
		if err != nil {
			return err
		}
		for _, k := range clocks {
			c.startClock(k, now, by)
		}
	}
	if err := d.startPaymentClocks(ctx, r, c, now, by); err != nil {
		return err
	}
	c.settle(now)
	return nil
}

// startPaymentClocks starts the clocks of the policies that a payment was
// proposed under: by when it has to be on its way, for instance.
func (d *Desk) startPaymentClocks(ctx context.Context, r Reader, c *Case, now time.Time, by reckoning) error {
	type under struct{ policy, order string }
	q := d.inquiry(r)
	done := make(map[under]bool)
	for _, p := range c.Payments {
		u := under{p.Policy, p.Order}
		if done[u] || !p.State.live() || !slices.ContainsFunc(q.Policies.Policies(), func(o *policy.Policy) bool { return o.ID == p.Policy && len(o.Clocks) > 0 }) {
			continue
		}
		done[u] = true
		o, err := r.Order(ctx, p.Order)
		if err != nil {
			return found(orderName(p.Order), err)
		}
		m, _, err := q.gather(ctx, *c, o, now.Add(aheadOfUs))
		if err != nil {
			return err
		}
		clocks, err := q.Policies.Clocks(policy.Matter{Facts: m.facts(), Zone: by.zone}, now.Add(aheadOfUs), p.Policy)
		if err != nil {
			return err
		}
		for _, k := range clocks {
			// Who may appeal need not: nobody here is late when they do not.
			if k.Met != factRaised {
				c.startClock(k, now, by)
			}
		}
	}
	return nil
}

// clockedOrders are the orders that clocks of the policies hang on, and nil for
// the case itself.
func clockedOrders(ctx context.Context, r Reader, c *Case, set *policy.Set, ids []string) ([]*Order, error) {
	out := []*Order{nil}
	ofOrders := func(k *policy.ClockRule) bool {
		return strings.HasPrefix(string(k.From), "order.") || strings.HasPrefix(string(k.Met), "order.")
	}
	if !slices.ContainsFunc(set.Policies(), func(p *policy.Policy) bool {
		return slices.Contains(ids, p.ID) && slices.ContainsFunc(p.Clocks, ofOrders)
	}) {
		return out, nil
	}
	for _, id := range c.Orders {
		o, err := r.Order(ctx, id)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil {
			out = append(out, &o)
		}
	}
	return out, nil
}

// clock starts and ends the clocks of a case for what has come about an order of
// its. It is no person's change.
func (in *intake) clock(id int64) error {
	old, err := in.tx.Case(in.ctx, id)
	if err != nil {
		return found(caseName(id), err)
	}
	c := old
	if err := in.desk.startClocks(in.ctx, in.tx, &c, in.desk.now()); err != nil || reflect.DeepEqual(c.Clocks, old.Clocks) {
		return err
	}
	return in.casework(&c)
}

// startClock takes over a clock that a policy started, unless the case has it,
// or one that asks for the same no later.
func (c *Case) startClock(k policy.Clock, now time.Time, by reckoning) {
	fresh := Clock{
		Name: k.Name, Policy: k.Policy, Version: k.Version, Text: k.Text.ZH, TextEN: k.Text.EN, Within: k.Within.String(), Met: string(k.Met),
		Started: Unstamp(Stamp(k.Started)), Earliest: Unstamp(Stamp(k.Earliest)), Due: Unstamp(Stamp(k.Due(by.calendar, now, by.zone).At)),
	}
	has := slices.ContainsFunc(c.Clocks, func(o Clock) bool {
		same := o.Name == fresh.Name && (o.Policy == "" || o.Policy == fresh.Policy && o.Started.Equal(fresh.Started))
		return same || fresh.Met != "" && o.endsBy(k.Met) && o.MetAt.IsZero() && !o.Due.After(fresh.Due)
	})
	if !has {
		if c.State == CaseStateWaiting {
			fresh.Pauses = []Pause{{From: fresh.notBefore(now), Reason: pausedFor(*c)}}
		}
		c.Clocks = append(slices.Clone(c.Clocks), fresh)
	}
	if !k.MetAt.IsZero() {
		c.meet(func(o *Clock) bool {
			return o.Policy == fresh.Policy && o.Name == fresh.Name && o.Started.Equal(fresh.Started)
		}, k.MetAt, by)
	}
}

// restart gives a case that is taken up again the time for a result that a new
// one would get.
func (d *Desk) restart(ctx context.Context, r Reader, c *Case, now time.Time) error {
	again := Case{Room: c.Room, Kind: c.Kind, State: c.State, OpenedAt: now}
	if err := d.startClocks(ctx, r, &again, now); err != nil {
		return err
	}
	for _, k := range again.Clocks {
		if decided(&k) {
			c.Clocks = append(slices.Clone(c.Clocks), k)
		}
	}
	c.settle(now)
	return nil
}

// pausedFor is why a case waits.
func pausedFor(c Case) string {
	for _, k := range c.Clocks {
		if k.paused() {
			return k.Pauses[len(k.Pauses)-1].Reason
		}
	}
	return ""
}
