package moderation

import (
	"slices"
)

// OpenExposed puts every order that a confirmed flag's claim reached into one
// case: the flag's own, else the open case of its room, product and category,
// else a new one. Sayings of the same that are confirmed and in no case come
// along. An order that is in another case stays there; that case, and the cases
// of complaints about any of the orders, are related. Done again it adds what
// came since.
type OpenExposed struct {
	Flag int64
}

// Name implements Command.
func (OpenExposed) Name() string { return "open-exposed" }

// Attached is what OpenExposed came to.
type Attached struct {
	Orders    int // put into the case
	Kept      int // in it before
	Elsewhere int // in other cases, where they stay
	Related   int // cases that were not related before
}

// attachNote is how an action keeps orders that it put into a case or took out:
// by thousands, so not as rows. Case 0 took them out.
type attachNote struct {
	Case   int64    `json:"case"`
	Orders []string `json:"orders"`
}

func (t *deed) openExposed(c OpenExposed, r *Result) error {
	f, err := t.readFlag(c.Flag)
	if err == nil {
		err = t.sighted(&f)
	}
	if err != nil {
		return err
	}
	x, err := exposure(t.ctx, t.tx, c.Flag, t.desk.listening())
	if err != nil {
		return err
	}
	if len(x.Orders) == 0 {
		return refuse(CodeNoneExposed, "row", flagName(c.Flag))
	}
	old, err := t.caseExposed(x.Flag)
	if err != nil {
		return err
	}
	more := old
	if more.ID == 0 {
		more = Case{
			Room: x.Flag.Room, Kind: CaseFalseAdvertising, State: CaseStateOpen, Title: x.Flag.Finding.Said, SKU: x.Flag.Finding.SKU,
			OpenedBy: t.actor.Name, OpenedAt: t.now,
		}
	}
	r.Attached = &Attached{}
	flags, err := t.addFlags(&more, x)
	if err != nil {
		return err
	}
	orders, err := t.addOrders(&more, x, r.Attached)
	if err != nil {
		return err
	}
	if err := t.addRelated(&more, x, r.Attached); err != nil {
		return err
	}
	if old.ID != 0 && len(flags)+len(orders)+r.Attached.Related == 0 {
		r.Case = &old
		return nil
	}
	if more, err = t.putExposed(old, more); err != nil {
		return err
	}
	r.Case = &more
	return t.attach(more.ID, flags, orders)
}

// caseExposed is the case that a flag's exposed orders go into, which the actor
// must be allowed to work on; the zero case where there is none yet.
func (t *deed) caseExposed(f Flag) (Case, error) {
	var c Case
	var err error
	if f.Case != 0 {
		c, err = t.tx.Case(t.ctx, f.Case)
	} else if c, err = t.tx.CaseAbout(t.ctx, f.Room, CaseFalseAdvertising, f.Finding.SKU, f.Finding.Category); isNotFound(err) {
		if !t.actor.Role.Opens(CaseFalseAdvertising) {
			return c, refuse(CodeNotYours, "role", string(t.actor.Role), "kind", string(CaseFalseAdvertising))
		}
		return Case{}, nil
	}
	if err != nil {
		return c, err
	}
	if c.State.Over() {
		return c, refuse(CodeOver, "row", caseName(c.ID), "from", string(c.State))
	}
	return c, t.mine(c)
}

// addFlags adds the sayings that are in no case yet.
func (t *deed) addFlags(c *Case, x Exposure) ([]Flag, error) {
	var out []Flag
	for _, reach := range x.Reaches {
		f, err := t.readFlag(reach.Flag)
		if err != nil {
			return nil, err
		}
		if f.Case == 0 {
			out = append(out, f)
			c.Flags = append(slices.Clip(c.Flags), f.ID)
		}
	}
	return out, nil
}

// addOrders adds the orders that are in no case, with their buyers and the money
// in them.
func (t *deed) addOrders(c *Case, x Exposure, n *Attached) ([]Order, error) {
	var out []Order
	buyers := slices.Clone(c.Buyers)
	c.Orders = slices.Clip(c.Orders)
	for _, e := range x.Orders {
		if e.Case != 0 {
			n.stays(e.Case == c.ID)
			continue
		}
		o, err := t.tx.Order(t.ctx, e.ID)
		if err != nil {
			return nil, found(orderName(e.ID), err)
		}
		out = append(out, o)
		c.Orders = append(c.Orders, o.ID)
		c.StakeFen += max(o.PaidFen, 0)
		if by := buyerOf(o.Buyer); by != "" {
			buyers = append(buyers, by)
		}
	}
	c.Buyers = unique(buyers)
	n.Orders = len(out)
	return out, nil
}

func (n *Attached) stays(here bool) {
	if here {
		n.Kept++
	} else {
		n.Elsewhere++
	}
}

// addRelated relates the other cases that these orders are in. It is written on
// this side alone: hundreds of people at work on the other cases would be
// refused their next move for it. They find this case by its product and buyers.
func (t *deed) addRelated(c *Case, x Exposure, n *Attached) error {
	var ids []string
	var others []int64
	for _, e := range x.Orders {
		ids = append(ids, e.ID)
		if e.Case != 0 {
			others = append(others, e.Case)
		}
	}
	naming, err := t.tx.CasesNaming(t.ctx, ids)
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(append(others, naming...), func(id int64) bool { return id == c.ID })
	before := len(c.Related)
	c.Related = unique(slices.Concat(c.Related, others))
	n.Related = len(c.Related) - before
	return nil
}

// putExposed puts the case, with its clocks.
func (t *deed) putExposed(old, more Case) (Case, error) {
	if old.ID == 0 {
		if err := t.gatherFlags(&more); err != nil {
			return more, err
		}
		if err := t.gatherEarlier(&more); err != nil {
			return more, err
		}
	}
	if err := t.desk.startClocks(t.ctx, t.tx, &more, t.now); err != nil {
		return more, err
	}
	if old.ID == 0 {
		return t.changeCase(Case{}, more)
	}
	return t.work(old, more)
}

// attach lets flags and orders know of their case.
func (t *deed) attach(id int64, flags []Flag, orders []Order) error {
	for _, old := range flags {
		f := old
		f.Case = id
		if _, err := t.changeFlag(old, f); err != nil {
			return err
		}
	}
	if len(orders) == 0 {
		return nil
	}
	t.after.Attached = &attachNote{Case: id}
	for _, o := range orders {
		o.Case = id
		if err := t.order(&o); err != nil {
			return err
		}
		t.after.Attached.Orders = append(t.after.Attached.Orders, o.ID)
	}
	return nil
}

// restoreAttached takes the orders out of the case again.
func (t *deed) restoreAttached(a Action, _, after rowSet) error {
	if after.Attached == nil {
		return nil
	}
	t.after.Attached = &attachNote{Orders: after.Attached.Orders}
	for _, id := range after.Attached.Orders {
		o, err := t.tx.Order(t.ctx, id)
		if err != nil {
			return found(orderName(id), err)
		}
		if o.Case != after.Attached.Case {
			return changedSince(a, orderName(id), "")
		}
		o.Case = 0
		if err := t.order(&o); err != nil {
			return err
		}
	}
	return nil
}
