package moderation

import (
	"context"
	"fmt"
	"slices"

	"liveroom/feed"
	"liveroom/moderation/triage"
)

// LinkKind is what cases can have in common.
type LinkKind string

// The kinds of link.
const (
	LinkRoom     LinkKind = "room"
	LinkHost     LinkKind = "host"
	LinkMerchant LinkKind = "merchant"
	LinkProduct  LinkKind = "product"
	LinkBuyer    LinkKind = "buyer"
	LinkAddress  LinkKind = "address" // the hash that is the same for the same address
	LinkDevice   LinkKind = "device"  // the device that orders were made on
	LinkOrder    LinkKind = "order"   // one that a payment was proposed for
)

// A Link is something that a case is about.
type Link struct {
	Kind  LinkKind
	Value string
}

// Links are what a case is about, as far as it is known.
func (c *Case) Links() []Link {
	var out []Link
	for _, l := range []Link{{LinkRoom, c.Room}, {LinkHost, c.Host}, {LinkMerchant, c.Merchant}, {LinkProduct, c.SKU}} {
		if l.Value != "" {
			out = append(out, l)
		}
	}
	if c.Kind == CaseSpotCheck {
		out = append(out, Link{LinkSpotCheck, c.Room})
	}
	if c.AppealOf != 0 {
		out = append(out, Link{LinkAppealed, number(c.AppealOf)})
	}
	for _, b := range c.Buyers {
		out = append(out, Link{LinkBuyer, b})
	}
	for _, s := range c.Signals {
		for _, l := range []Link{{LinkAddress, s.Address}, {LinkDevice, s.Device}} {
			if l.Value != "" && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	for _, p := range c.Payments {
		out = append(out, Link{LinkOrder, p.Order})
	}
	return out
}

// toldBuyers is how many buyers' earlier cases are told: a claim that reached
// thousands of orders has everybody's history.
const toldBuyers = 20

// weightyLinks are the links by which earlier cases are told.
func (c *Case) weightyLinks() []Link {
	buyers := 0
	return slices.DeleteFunc(c.Links(), func(l Link) bool {
		if l.Kind == LinkBuyer {
			buyers++
		}
		return l.Kind == LinkBuyer && buyers > toldBuyers
	})
}

// historyOf is how many earlier cases of one link a history holds, the newest.
const historyOf = 20

// A History is the cases that came before one and have something in common with
// it, the newest first; none that was withdrawn.
type History struct {
	Link  Link
	Cases []Case
}

// CaseHistory tells what came before a case, by host, product, buyer and so on.
func CaseHistory(ctx context.Context, r Reader, id int64) ([]History, error) {
	c, err := r.Case(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", caseName(id), found(caseName(id), err))
	}
	var out []History
	for _, l := range c.weightyLinks() {
		if l.Kind == LinkSpotCheck {
			continue // the room's history has them
		}
		earlier, err := r.CasesOf(ctx, l, id, historyOf)
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", caseName(id), err)
		}
		if len(earlier) > 0 {
			out = append(out, History{l, earlier})
		}
	}
	return out, nil
}

// gather fills in what follows for a new case from the rows it is about: who
// bought and for how much, who said it, what was urgent, what came before.
func (t *deed) gather(c *Case) error {
	if err := t.gatherRows(c); err != nil {
		return err
	}
	return t.gatherEarlier(c)
}

func (t *deed) gatherRows(c *Case) error {
	c.Urgent, c.StakeFen, c.Buyers = 0, 0, nil
	orders := slices.Clone(c.Orders)
	for _, id := range c.Complaints {
		m, err := t.readComplaint(id)
		if err != nil {
			return err
		}
		if m.Priority == triage.High {
			c.Urgent++
		}
		c.Buyers = append(c.Buyers, buyerOf(m.Buyer))
		if m.OrderID != "" {
			orders = append(orders, m.OrderID)
		}
	}
	for _, id := range unique(orders) {
		o, err := t.tx.Order(t.ctx, id)
		if isNotFound(err) && !slices.Contains(c.Orders, id) {
			continue // a complaint may name an order that nobody told of
		}
		if err != nil {
			return found(orderName(id), err)
		}
		c.StakeFen += max(o.PaidFen, 0)
		c.Buyers = append(c.Buyers, buyerOf(o.Buyer))
	}
	for _, s := range c.Signals {
		c.Buyers = append(c.Buyers, s.Buyer)
	}
	c.Buyers = slices.DeleteFunc(unique(c.Buyers), func(id string) bool { return id == "" })
	return t.gatherFlags(c)
}

// buyerOf is what a buyer is known by.
func buyerOf(u feed.User) string { return tidy(firstOf(u.ID, u.Name)) }

// gatherFlags takes category and host from the first flag.
func (t *deed) gatherFlags(c *Case) error {
	if len(c.Flags) == 0 {
		return nil
	}
	first, err := t.readFlag(c.Flags[0])
	if err != nil {
		return err
	}
	c.Category = first.Finding.Category
	if host, err := hostOf(t.ctx, t.tx, first); err != nil || host != "" {
		c.Host = host
		return err
	}
	return nil
}

// hostOf is the id of who said what a flag is about; "" : not known.
func hostOf(ctx context.Context, r Reader, f Flag) (string, error) {
	said, err := r.Events(ctx, Page{After: f.Event - 1, Limit: 1})
	if err != nil || len(said) == 0 || said[0].Index != f.Event {
		return "", err
	}
	return buyerOf(said[0].User), nil
}

func (t *deed) gatherEarlier(c *Case) error {
	earlier := make(map[int64]bool)
	for _, l := range c.weightyLinks() {
		if !slices.Contains([]LinkKind{LinkProduct, LinkBuyer, LinkAddress, LinkDevice}, l.Kind) {
			continue
		}
		cases, err := t.tx.CasesOf(t.ctx, l, lastPage, historyOf)
		if err != nil {
			return err
		}
		for _, o := range cases {
			earlier[o.ID] = o.Room == c.Room || l.Kind != LinkProduct || earlier[o.ID]
		}
	}
	for _, counts := range earlier {
		if counts {
			c.Earlier++
		}
	}
	return nil
}
