package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation/risk"
)

const (
	// maxRiskOrders is how many orders a case of order risk binds, maxRiskSignals
	// how many signals it lists: a reviewer who saw so many needs no more.
	maxRiskOrders, maxRiskSignals = 200, 40
	// maxRiskLines is up to how many lines of one person a cue is counted: who
	// said it five times goes on saying it.
	maxRiskLines = 5
	// plannedBefore is how long before the first of some orders the chat is read
	// for what their buyers said, and plannedLines how many lines at most: it
	// happens inside the transaction that takes the orders in.
	plannedBefore, plannedLines = 20 * time.Minute, 5000
)

// weigh looks whether an order that just changed, beside the others of its
// buyer, to its address and from its device, is something a person should look at. It puts what
// it finds into the review queue and does nothing else.
func (in *intake) weigh(old, o *Order) error {
	rules := in.desk.risk
	if rules == nil || !weightier(old, o) {
		return nil
	}
	s := suspicion{intake: in, room: o.Room, orders: make(map[string]Order)}
	beside, err := s.beside(o)
	if err != nil {
		return err
	}
	s.take(rules.Orders(beside))
	if s.points < rules.Queue() {
		return nil
	}
	if err := s.findCases(); err != nil {
		return err
	}
	if since := s.answeredUntil(); !since.IsZero() {
		// What a person has looked at is not put before them again.
		for _, orders := range []*[]risk.Order{&beside.OfBuyer, &beside.ToAddress, &beside.FromDevice} {
			*orders = slices.DeleteFunc(*orders, func(o risk.Order) bool { return !o.At.After(since) })
		}
		s.take(rules.Orders(beside))
		if s.points < rules.Queue() {
			return nil
		}
	}
	return s.report()
}

// weightier tells whether the change can have made an order part of a signal
// that it was no part of before.
func weightier(old, o *Order) bool {
	return old.Version == 0 || asked(old) != asked(o) || closed(old) != closed(o) ||
		old.AddressHash != o.AddressHash || old.Device != o.Device || buyerOf(old.Buyer) != buyerOf(o.Buyer) || old.Qty != o.Qty
}

func asked(o *Order) bool {
	return o.Refund == feed.StatusRequested || o.Refund == feed.StatusAgreed || o.Refund == feed.StatusRefunded
}

func closed(o *Order) bool { return o.Status == feed.StatusClosed && o.ShippedAt.IsZero() }

func weighed(o *Order) risk.Order {
	at := o.CreatedAt
	for _, t := range []time.Time{o.PaidAt, o.ShippedAt} {
		if at.IsZero() {
			at = t
		}
	}
	return risk.Order{
		ID: o.ID, Buyer: buyerOf(o.Buyer), Address: o.AddressHash, Device: o.Device, SKU: o.SKU, Qty: o.Qty, At: at,
		Paid: !o.PaidAt.IsZero(), Closed: closed(o), Refunded: asked(o),
	}
}

// A suspicion is what was found about some buyers, an address and a device of a
// room, until it stands in a case.
type suspicion struct {
	*intake
	room    string
	orders  map[string]Order // that signals may name
	signals []Signal
	points  int

	open, ended []Case
}

// beside reads what the order stands beside.
func (s *suspicion) beside(o *Order) (b risk.Beside, err error) {
	for _, of := range []struct {
		link Link
		into *[]risk.Order
	}{
		{Link{LinkBuyer, buyerOf(o.Buyer)}, &b.OfBuyer},
		{Link{LinkAddress, o.AddressHash}, &b.ToAddress},
		{Link{LinkDevice, o.Device}, &b.FromDevice},
	} {
		if *of.into, err = s.read(of.link); err != nil {
			return b, err
		}
	}
	return b, nil
}

// read reads the newest orders of a link.
func (s *suspicion) read(l Link) ([]risk.Order, error) {
	if l.Value == "" {
		return nil, nil
	}
	found, err := s.tx.OrdersOf(s.ctx, l, risk.MaxOrders)
	out := make([]risk.Order, len(found))
	for i := range found {
		s.orders[found[i].ID] = found[i]
		out[i] = weighed(&found[i])
	}
	return out, err
}

// take takes what the rules found for what is suspected.
func (s *suspicion) take(found []risk.Signal) {
	s.signals, s.points = nil, risk.Points(found)
	for _, f := range found {
		s.signals = append(s.signals, Signal{
			Rule: f.Rule, Buyer: f.Buyer, Address: f.Address, Device: f.Device, At: f.At, Value: f.Value, Of: f.Of, Line: f.Line, Points: f.Points,
			Orders: f.Orders, Why: f.Why.ZH, WhyEN: f.Why.EN,
		})
	}
}

// buyers are all whom the signals are about, by themselves or by an order.
func (s *suspicion) buyers() []string {
	var out []string
	for _, g := range s.signals {
		out = append(out, g.Buyer)
		for _, id := range g.Orders {
			if o, ok := s.orders[id]; ok {
				out = append(out, buyerOf(o.Buyer))
			}
		}
	}
	return slices.DeleteFunc(unique(out), func(b string) bool { return b == "" })
}

// findCases finds the room's cases of order risk about the same buyers,
// addresses or devices: those that people still work on, and those that are over.
func (s *suspicion) findCases() error {
	var links []Link
	for _, b := range s.buyers() {
		links = append(links, Link{LinkBuyer, b})
	}
	for _, g := range s.signals {
		if g.Address != "" {
			links = append(links, Link{LinkAddress, g.Address})
		}
		if g.Device != "" {
			links = append(links, Link{LinkDevice, g.Device})
		}
	}
	seen := make(map[int64]bool)
	for _, l := range unique(links) {
		cases, err := s.tx.CasesOf(s.ctx, l, lastPage, historyOf)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if c.Kind != CaseOrderRisk || c.Room != s.room || seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			if c.State.Over() {
				s.ended = append(s.ended, c)
			} else {
				s.open = append(s.open, c)
			}
		}
	}
	slices.SortFunc(s.open, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

// answeredUntil is up to when a case that is over has looked at these buyers,
// addresses and devices; zero: there is none.
func (s *suspicion) answeredUntil() time.Time {
	var until time.Time
	for _, c := range s.ended {
		for _, g := range c.Signals {
			if g.At.After(until) {
				until = g.At
			}
		}
	}
	return until
}

// report puts the suspicion into the oldest case that people work on, or opens
// one. The actor is the program: it leaves no deed, only the case.
func (s *suspicion) report() error {
	t := s.byProgram()
	if len(s.open) == 0 {
		if err := s.planned(nil); err != nil {
			return err
		}
		c := Case{
			Room: s.room, Kind: CaseOrderRisk, State: CaseStateOpen, Title: s.signals[0].Why, SKU: s.product(),
			Signals: s.signals, OpenedBy: Program, OpenedAt: t.now,
		}
		c.Orders = s.bindable(nil)
		c, err := t.newCase(c)
		if err != nil {
			return err
		}
		return t.bind(c)
	}
	old := s.open[0]
	more := old
	more.Signals = slices.Clone(old.Signals)
	now, err := t.leaseNow()
	if err != nil || !s.merge(&more, old.Holder(now) != "") {
		return err
	}
	if err := s.planned(old.Buyers); err != nil {
		return err
	}
	s.merge(&more, false)
	fresh := Case{ID: old.ID, Room: old.Room, Orders: s.bindable(old.Orders)}
	if err := t.bind(fresh); err != nil {
		return err
	}
	more.Orders = slices.Concat(old.Orders, fresh.Orders)
	for _, other := range s.open[1:] {
		more.Related = unique(append(slices.Clone(more.Related), other.ID))
	}
	if err := t.gatherRows(&more); err != nil {
		return err
	}
	_, err = t.changeCase(old, more)
	return err
}

// merge takes the signals into a case and reports whether they tell anything
// new. While somebody works on the case, that is a signal of another rule or a
// number larger by a quarter: who keeps ordering must not change the case with
// every order under their hands.
func (s *suspicion) merge(c *Case, busy bool) bool {
	least := int64(0)
	if busy {
		least = 4
	}
	news := false
	for _, g := range s.signals {
		i := slices.IndexFunc(c.Signals, func(o Signal) bool {
			return o.Rule == g.Rule && o.Buyer == g.Buyer && o.Address == g.Address && o.Device == g.Device
		})
		switch {
		case i < 0 && len(c.Signals) < maxRiskSignals:
			c.Signals = append(c.Signals, g)
			news = true
		case i >= 0 && (grown(c.Signals[i].Value, g.Value, least) || grown(int64(len(c.Signals[i].Orders)), int64(len(g.Orders)), least)):
			g.Events = last(unique(slices.Concat(c.Signals[i].Events, g.Events)), maxRiskLines)
			c.Signals[i] = g
			news = true
		}
	}
	return news
}

// grown tells whether a number is larger; with parts, by one of so many parts.
func grown(old, now, parts int64) bool { return now > old && (parts == 0 || (now-old)*parts >= old) }

func last[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

// bindable are the orders of the signals that no case has yet, as many as there
// is room for beside those in it.
func (s *suspicion) bindable(in []string) []string {
	var out []string
	for _, g := range s.signals {
		for _, id := range g.Orders {
			o, ok := s.orders[id]
			if ok && o.Case == 0 && o.Room == s.room && !slices.Contains(out, id) && len(in)+len(out) < maxRiskOrders {
				out = append(out, id)
			}
		}
	}
	return out
}

// product is what all the signals' orders are of, "" where they differ.
func (s *suspicion) product() string {
	sku := ""
	for _, g := range s.signals {
		for _, id := range g.Orders {
			o := s.orders[id]
			if sku != "" && o.SKU != sku {
				return ""
			}
			sku = o.SKU
		}
	}
	return sku
}

// planned adds what the buyers said in the chat before their orders, those of
// them that are not known yet: a raid is agreed on first.
func (s *suspicion) planned(known []string) error {
	buyers := slices.DeleteFunc(s.buyers(), func(b string) bool { return slices.Contains(known, b) })
	var from, to time.Time
	for _, g := range s.signals {
		for _, id := range g.Orders {
			o := s.orders[id]
			if at := weighed(&o).At; !at.IsZero() && slices.Contains(buyers, buyerOf(o.Buyer)) {
				if from.IsZero() || at.Before(from) {
					from = at
				}
				to = later(to, at)
			}
		}
	}
	if from.IsZero() {
		return nil
	}
	lines, err := s.soFar(s.tx.ChatOf(s.ctx, s.room, buyers, from.Add(-plannedBefore), to, plannedLines))
	if err != nil {
		return err
	}
	for i := range lines {
		s.hear(lines[i].Index, &lines[i].Event)
	}
	return nil
}

// hear adds what is to be heard in a line of the chat, each cue of a person once
// however often they say it.
func (s *suspicion) hear(index int64, e *feed.Event) {
	for _, h := range s.desk.risk.Chat(e.Text) {
		g := Signal{
			Rule: h.Cue.ID, Buyer: buyerOf(e.User), At: e.At, Value: 1, Line: 1, Points: h.Cue.Points, Events: []int64{index},
			Why:   fmt.Sprintf("弹幕“%s”：%s", h.Quote, h.Cue.Title.ZH),
			WhyEN: fmt.Sprintf("chat %q: %s", h.Quote, h.Cue.Title.EN),
		}
		i := slices.IndexFunc(s.signals, func(o Signal) bool { return o.Rule == g.Rule && o.Buyer == g.Buyer && len(o.Events) > 0 })
		if i < 0 {
			s.signals = append(s.signals, g)
		} else if o := &s.signals[i]; o.Value < maxRiskLines {
			o.Value, o.Events = o.Value+1, append(o.Events, index)
		}
	}
}

// overhear looks for bad faith in a line of the chat. A weak cue alone opens no
// case: it joins the one that its speaker has, also where that comes later.
func (in *intake) overhear(index int64, e *feed.Event) error {
	if in.desk.risk == nil || buyerOf(e.User) == "" {
		return nil
	}
	s := suspicion{intake: in, room: e.Room}
	s.hear(index, e)
	if len(s.signals) == 0 {
		return nil
	}
	for _, g := range s.signals {
		s.points += g.Points
	}
	if err := s.findCases(); err != nil {
		return err
	}
	if len(s.open) == 0 && s.points < in.desk.risk.Queue() {
		return nil
	}
	if len(s.open) > 0 {
		s.countOn(s.open[0].Signals)
	}
	return s.report()
}

// countOn counts the lines on that the case has heard already.
func (s *suspicion) countOn(heard []Signal) {
	for i := range s.signals {
		g := &s.signals[i]
		for _, o := range heard {
			if o.Rule == g.Rule && o.Buyer == g.Buyer {
				g.Value = min(o.Value+1, maxRiskLines)
			}
		}
	}
}
