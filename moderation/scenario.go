package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims/sheet"
	"liveroom/moderation/policy"
)

// An Inquiry asks policies about what stands in a record.
type Inquiry struct {
	Record   Reader
	Policies *policy.Set
	Product  func(sku string) *sheet.Product // the fact sheet; nil: there is none
	Hosts    []HostFacts                     // what the config tells of hosts
}

// A Scenario is what policies say of an order and its case as they stood at a
// moment, and what they were told.
type Scenario struct {
	Case    int64  // 0: the order is in none
	Order   string // "" : the case is about none
	AsOf    time.Time
	Zone    *time.Location // of the room
	Facts   []KnownFact
	Results []policy.Result
}

// Matter is what the policies were asked about.
func (s *Scenario) Matter() policy.Matter {
	m := policy.Matter{Facts: policy.Facts{}, Zone: s.Zone}
	for _, k := range s.Facts {
		m.Facts[k.Fact] = k.Value
	}
	return m
}

// Scenarios asks the policies in force about an order, a case, or an order of a
// case: an order is asked with the case it is in, a case with the order it is
// about, where that is one. Nothing is changed, and nothing is paid.
func (d *Desk) Scenarios(ctx context.Context, caseID int64, order string, asOf time.Time, policies ...string) (Scenario, error) {
	return d.inquiry(d.store).Ask(ctx, caseID, order, asOf, policies...)
}

func (d *Desk) inquiry(r Reader) Inquiry {
	return Inquiry{Record: r, Policies: d.Policies(), Product: d.product, Hosts: d.hosts}
}

// Ask asks the policies of the ids, or all of them.
func (q Inquiry) Ask(ctx context.Context, caseID int64, order string, asOf time.Time, policies ...string) (Scenario, error) {
	c, o, err := q.find(ctx, caseID, order)
	if err != nil {
		return Scenario{}, err
	}
	return q.ask(ctx, c, o, asOf, policies...)
}

func (q Inquiry) ask(ctx context.Context, c Case, o Order, asOf time.Time, policies ...string) (Scenario, error) {
	m, zone, err := q.gather(ctx, c, o, asOf)
	if err != nil {
		return Scenario{}, fmt.Errorf("ask policies: %w", err)
	}
	s := Scenario{Case: c.ID, Order: o.ID, AsOf: asOf, Zone: zone, Facts: m.list()}
	if s.Results, err = q.Policies.Evaluate(s.Matter(), asOf, policies...); err != nil {
		return s, fmt.Errorf("ask policies: %w", err)
	}
	return s, nil
}

// find reads the case and the order that are asked about.
func (q Inquiry) find(ctx context.Context, caseID int64, order string) (c Case, o Order, err error) {
	if order != "" {
		if o, err = q.Record.Order(ctx, order); err != nil {
			return c, o, found(orderName(order), err)
		}
		if caseID == 0 {
			caseID = o.Case
		}
	}
	if caseID == 0 {
		return c, o, nil
	}
	if c, err = q.Record.Case(ctx, caseID); err != nil {
		return c, o, found(caseName(caseID), err)
	}
	if slices.Contains(c.Orders, order) {
		return c, o, nil
	}
	about, err := CaseOrders(ctx, q.Record, c)
	switch {
	case err != nil:
		return c, o, err
	case order != "" && !slices.Contains(about, order):
		return c, o, refuse(CodeNotInCase, "row", orderName(order), "case", number(caseID))
	case order == "" && len(about) > 1:
		return c, o, refuse(CodeWhichOrder, "row", caseName(caseID), "count", fmt.Sprint(len(about)))
	case order == "" && len(about) == 1:
		if o, err = q.Record.Order(ctx, about[0]); err != nil {
			return c, o, found(orderName(about[0]), err)
		}
	}
	return c, o, nil
}

// CaseOrders are the orders that a case is about: its own, and those that its
// complaints name and the record knows.
func CaseOrders(ctx context.Context, r Reader, c Case) ([]string, error) {
	out := slices.Clone(c.Orders)
	for _, id := range c.Complaints {
		m, err := r.Complaint(ctx, id)
		if err != nil {
			return nil, found(complaintName(id), err)
		}
		if m.OrderID == "" || slices.Contains(out, m.OrderID) {
			continue
		}
		switch _, err := r.Order(ctx, m.OrderID); {
		case err == nil:
			out = append(out, m.OrderID)
		case !isNotFound(err):
			return nil, err
		}
	}
	return out, nil
}
