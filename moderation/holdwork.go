package moderation

import (
	"context"
	"slices"

	"liveroom/feed"
)

// FreezeOrders has orders of a case held back from being shipped until the
// merchant says what they are. The shop is told after the undo window.
type FreezeOrders struct {
	Case    int64
	Orders  []string
	Reason  string
	Version int64
}

// ReleaseOrders lets orders go that were held back.
type ReleaseOrders struct {
	Case    int64
	Orders  []string
	Reason  string
	Version int64
}

// HearMerchant notes what the merchant says of orders that are held back, in
// the merchant's words. It lets none go: that is the actor's to decide.
type HearMerchant struct {
	Case    int64
	Orders  []string
	Verdict Verdict
	Text    string
	Version int64
}

// Name implements Command.
func (FreezeOrders) Name() string { return "freeze-orders" }

// Name implements Command.
func (ReleaseOrders) Name() string { return "release-orders" }

// Name implements Command.
func (HearMerchant) Name() string { return "hear-merchant" }

// The effects of holding orders back, one for each order. Target is the order,
// Text the reason.
const (
	EffectFreeze  = "freeze-order"
	EffectRelease = "release-order"
)

// performHold performs what holds orders back or lets them go.
func (t *deed) performHold(c Command, r *Result) error {
	switch c := c.(type) {
	case FreezeOrders:
		return t.freezeOrders(c, r)
	case ReleaseOrders:
		return t.releaseOrders(c, r)
	case HearMerchant:
		return t.hearMerchant(c, r)
	}
	return unknown(c)
}

// hold reads a case to change its holds on some of its orders, which change
// does one after the other.
func (t *deed) hold(id, version int64, orders []string, reason string, r *Result, change func(c *Case, order string, reason string) error) error {
	reason, err := written(reason)
	if err != nil {
		return err
	}
	old, err := t.readMine(id, version)
	if err != nil {
		return err
	}
	if old.State.Over() {
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	if len(orders) == 0 {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	held := old
	held.Holds = slices.Clone(old.Holds)
	for _, order := range unique(orders) {
		if !slices.Contains(old.Orders, order) {
			return refuse(CodeNotInCase, "row", orderName(order), "case", number(old.ID))
		}
		if err := change(&held, order, reason); err != nil {
			return err
		}
	}
	held, err = t.work(old, held)
	r.Case = &held
	return err
}

// Hold is the case's latest hold on an order, nil where there never was one.
func (c *Case) Hold(order string) *Hold {
	for i := len(c.Holds) - 1; i >= 0; i-- {
		if c.Holds[i].Order == order {
			return &c.Holds[i]
		}
	}
	return nil
}

func (t *deed) freezeOrders(c FreezeOrders, r *Result) error {
	return t.hold(c.Case, c.Version, c.Orders, c.Reason, r, func(held *Case, order, reason string) error {
		o, err := t.tx.Order(t.ctx, order)
		if err != nil {
			return found(orderName(order), err)
		}
		if orderRank[o.Status] >= orderRank[feed.StatusShipped] {
			return refuse(CodeTooLate, "row", orderName(order), "progress", o.Status)
		}
		h := held.Hold(order)
		switch {
		case h == nil || !h.Held():
			held.Holds = append(held.Holds, Hold{Order: order, By: t.actor.Name, At: t.now, Reason: reason})
		case h.Failed != "": // the shop does not know yet: it is told again
			h.Failed = ""
		default:
			return refuse(CodeUnchanged, "row", orderName(order))
		}
		t.ask(EffectFreeze, o, reason)
		return nil
	})
}

func (t *deed) releaseOrders(c ReleaseOrders, r *Result) error {
	return t.hold(c.Case, c.Version, c.Orders, c.Reason, r, func(held *Case, order, reason string) error {
		h := held.Hold(order)
		if h == nil || !h.Held() {
			return refuse(CodeNotHeld, "row", orderName(order))
		}
		o, err := t.tx.Order(t.ctx, order)
		if err != nil {
			return found(orderName(order), err)
		}
		h.ReleasedBy, h.ReleasedAt, h.Release, h.Failed = t.actor.Name, t.now, reason, ""
		t.ask(EffectRelease, o, reason)
		return nil
	})
}

func (t *deed) hearMerchant(c HearMerchant, r *Result) error {
	if c.Verdict != VerdictGenuine && c.Verdict != VerdictBadFaith {
		return refuse(CodeBadAnswer, "answer", string(c.Verdict))
	}
	return t.hold(c.Case, c.Version, c.Orders, c.Text, r, func(held *Case, order, text string) error {
		h := held.Hold(order)
		switch {
		case h == nil || !h.Held():
			return refuse(CodeNotHeld, "row", orderName(order))
		case h.Verdict == c.Verdict && h.Note == text:
			return refuse(CodeUnchanged, "row", orderName(order))
		}
		h.Verdict, h.Note, h.SaidBy, h.SaidAt = c.Verdict, text, t.actor.Name, t.now
		return nil
	})
}

// ask puts an effect on an order into the outbox.
func (t *deed) ask(kind string, o Order, reason string) {
	t.effects = append(t.effects, &Effect{Key: number(o.Number), Room: o.Room, Kind: kind, Target: o.ID, Text: reason})
}

// unanswered is an order that the case holds back and of which the merchant has
// not said that it is in bad faith: it must not be forgotten so.
func (c *Case) unanswered() (order string, ok bool) {
	for i := range c.Holds {
		if h := &c.Holds[i]; h.Held() && h.Verdict != VerdictBadFaith {
			return h.Order, true
		}
	}
	return "", false
}

// told notes in the case what came of telling the shop about an order. It is no
// person's change, and undoing what a person did to the case leaves it.
func (d *Desk) told(ctx context.Context, s *scribe, e Effect) error {
	o, err := s.tx.Order(ctx, e.Target)
	if err != nil {
		return found(orderName(e.Target), err)
	}
	if o.Case == 0 {
		return nil // undone since
	}
	c, err := s.tx.Case(ctx, o.Case)
	if err != nil {
		return found(caseName(o.Case), err)
	}
	c.Holds = slices.Clone(c.Holds)
	h := c.Hold(o.ID)
	if h == nil {
		return nil
	}
	switch {
	case e.Status != EffectSent:
		h.Failed = e.Result
	case e.Kind == EffectFreeze:
		h.Frozen, h.Failed = d.now(), ""
	default:
		h.Freed, h.Failed = d.now(), ""
	}
	return s.casework(&c)
}
