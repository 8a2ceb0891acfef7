package moderation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"liveroom/claims"
	"liveroom/feed"
)

// Commit implements feed.Sink: it records the events, and what follows from
// them, with the position they lead to, in one transaction. Events that were
// there before change nothing.
func (d *Desk) Commit(ctx context.Context, b feed.Batch) error {
	err := d.take(ctx, b, func(s *scribe) error {
		if b.Position.Source == "" {
			return nil
		}
		return s.tx.SetPosition(b.Position)
	})
	if err != nil {
		return fmt.Errorf("record %d events of %s: %w", len(b.Events), b.Source, err)
	}
	return nil
}

// take records the events of a batch and what follows from them, and whatever
// finish writes, in one transaction.
func (d *Desk) take(ctx context.Context, b feed.Batch, finish func(s *scribe) error) error {
	events := make([]feed.Event, len(b.Events))
	ids := make([]string, len(events))
	for i := range b.Events {
		events[i] = normal(b.Events[i], b)
		ids[i] = events[i].Room
	}
	if slices.ContainsFunc(events, func(e feed.Event) bool { return IsUtterance(&e) }) {
		ctx = Awaited(ctx) // a flag may come of it
	}
	read := readLines(events)
	states, unlock := d.lock(ids)
	defer unlock()
	var in *intake
	err := d.update(ctx, func(s *scribe) error {
		in = &intake{ctx: ctx, desk: d, scribe: s, rooms: states, read: read, changed: make(map[string]bool)}
		if err := in.takeAll(events); err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(states)) {
			if err := in.askedAgain(states[id].asked); err != nil {
				return err
			}
		}
		for _, id := range slices.Sorted(maps.Keys(in.changed)) {
			if err := s.room(states[id].room); err != nil {
				return err
			}
		}
		if err := finish(s); err != nil {
			return err
		}
		return s.settle()
	})
	if err == nil {
		for _, w := range in.warnings {
			d.warn(w)
		}
		return nil
	}
	for _, s := range states {
		s.forget()
	}
	return err
}

// Position implements feed.Sink.
func (d *Desk) Position(ctx context.Context, source string) (feed.Position, error) {
	return d.store.Position(ctx, source)
}

// normal is the event as the record will give it back: what is hashed now must
// hash the same when it is read.
func normal(e feed.Event, b feed.Batch) feed.Event {
	e.Room, e.Source = cmp.Or(e.Room, b.Room), cmp.Or(e.Source, b.Source)
	for _, s := range []*string{&e.ID, &e.Source, &e.Room, &e.OrderID} {
		if !utf8.ValidString(*s) {
			*s = strings.ToValidUTF8(*s, "\uFFFD")
		}
	}
	// A source may leave to us what only screens need.
	e.Shown, e.User.Shown = shown(e.Shown, e.Text), shown(e.User.Shown, e.User.Name)
	e.At, e.Recv = Unstamp(Stamp(e.At)), Unstamp(Stamp(e.Recv))
	if e.Order != nil {
		o := *e.Order
		o.CreatedAt, o.PaidAt, o.ShippedAt = Unstamp(Stamp(o.CreatedAt)), Unstamp(Stamp(o.PaidAt)), Unstamp(Stamp(o.ShippedAt))
		e.Order = &o
	}
	return e
}

func shown(d feed.Display, text string) feed.Display {
	if d.String() == "" && text != "" {
		return feed.Sanitise(text)
	}
	return d
}

// An intake takes one batch in. It lives as long as its transaction.
type intake struct {
	ctx context.Context
	*scribe
	desk    *Desk
	rooms   map[string]*roomState
	read    *readings
	changed map[string]bool // rooms to be written
	index   int64           // of the event that is followed up

	warnings []Warning // for when the batch is recorded
}

// takeAll records the events of the batch, and follows up one after the other.
func (in *intake) takeAll(events []feed.Event) error {
	for i := range events {
		room := in.rooms[events[i].Room]
		if err := room.load(in.ctx, in.desk, in.tx, events[i].Room); err != nil {
			return err
		}
	}
	recorded, fresh, err := in.tx.AddEvents(events)
	if err != nil {
		return err
	}
	in.together = true
	in.recorded(recorded, fresh)
	read := in.read.wait()
	for i := range recorded {
		in.index = recorded[i].Index
		if fresh[i] {
			in.event()
		}
		if err := in.take(in.index, &events[i], fresh[i], &read[i]); err != nil {
			return err
		}
	}
	return nil
}

// soFar are those of events that come not after the one that is followed up: the
// record holds the whole batch already.
func (in *intake) soFar(events []Recorded, err error) ([]Recorded, error) {
	return slices.DeleteFunc(events, func(e Recorded) bool { return e.Index > in.index }), err
}

func (in *intake) take(index int64, e *feed.Event, fresh bool, read *reading) error {
	room := in.rooms[e.Room]
	if room.fresh {
		room.fresh, in.changed[e.Room] = false, true
	}
	if !fresh {
		return nil
	}
	before := room.room
	if room.follow(e) {
		in.changed[e.Room] = true
	}
	if IsUtterance(e) {
		in.changed[e.Room] = true
		return in.utterance(room, index, e)
	}
	if e.Kind == feed.KindSystem {
		if err := in.hold(index, e); err != nil {
			return err
		}
	}
	switch e.Kind {
	case feed.KindChat:
		if read.asks {
			in.changed[e.Room] = true
			room.hear(newHeard(index, e, room.room.OnAir))
		}
		if err := in.overhear(index, e); err != nil {
			return err
		}
		return in.ask(room, index, e, read)
	case feed.KindProduct, feed.KindSystem:
		return in.shown(&before, room, index, e)
	case feed.KindOrder, feed.KindRefund:
		return in.trade(index, e)
	case feed.KindComplaint:
		return in.grievance(room, index, e)
	}
	return nil
}

// utterance checks what was said and raises what is found, once for each
// category: two findings of one category in one sentence are one matter.
func (in *intake) utterance(room *roomState, index int64, e *feed.Event) error {
	h := newHeard(index, e, room.room.OnAir)
	var findings []claims.Finding
	if checker := in.desk.checker.Load(); checker != nil {
		findings = in.desk.check(*checker, h.Utterance, room.before())
	}
	repeated := h.speech != "" && slices.ContainsFunc(room.heard, func(o heard) bool { return o.speech == h.speech })
	room.hear(h)
	room.remember(h, e.At)
	if err := in.answer(room, index, e); err != nil {
		return err
	}
	for _, f := range oneEach(findings) {
		f.SKU = cmp.Or(f.SKU, h.SKU)
		f.Utterance = cmp.Or(f.Utterance, h.ID)
		if repeated {
			raised, err := in.raised(e, f.Category)
			if err != nil {
				return err
			}
			if raised {
				continue
			}
		}
		flag := Flag{Room: e.Room, Event: index, EventID: e.ID, At: e.At, Finding: f, Text: e.Text, Status: FlagOpen}
		if err := in.flag(&flag); err != nil {
			return err
		}
		room.know(flag)
	}
	return nil
}

// check asks the checker for what is to be raised. One that panics on a sentence must not keep what
// arrives from the record, and it would panic again at every attempt: people
// are told which sentence nobody checked, and of rules that could not tell.
func (d *Desk) check(c Checker, u claims.Utterance, before []claims.Utterance) (findings []claims.Finding) {
	defer func() {
		if p := recover(); p != nil {
			findings = nil
			d.Warn("checker", fmt.Sprintf("%s: %v", u.ID, p))
		}
	}()
	found := c.Check(u, before)
	for _, f := range found {
		if f.Aside == claims.AsideFailed {
			d.Warn("rule", f.Rule+": "+f.Value)
		}
	}
	return claims.Raised(found)
}

// repeatedFlags is how many flags back a flag of an utterance that was sent
// again is looked for: more than eight utterances raise.
const repeatedFlags = 64

// raised tells whether the utterance has a flag of the category from an earlier
// final result: some recognisers correct a final result by another one.
func (in *intake) raised(e *feed.Event, c claims.Category) (bool, error) {
	flags, err := in.tx.Flags(in.ctx, Page{Room: e.Room, Before: lastPage, Limit: repeatedFlags})
	if err != nil {
		return false, err
	}
	for _, f := range flags {
		if f.Finding.Category != c {
			continue
		}
		events, err := in.tx.Events(in.ctx, Page{After: f.Event - 1, Limit: 1})
		if err != nil {
			return false, err
		}
		if len(events) == 1 && events[0].Speech != nil && events[0].Speech.Utterance == e.Speech.Utterance {
			return true, nil
		}
	}
	return false, nil
}

var severityRank = map[claims.Severity]int{claims.SeverityHigh: 3, claims.SeverityMedium: 2, claims.SeverityLow: 1}

// oneEach keeps of each category the gravest finding, the first of equals.
func oneEach(findings []claims.Finding) []claims.Finding {
	var out []claims.Finding
	for _, f := range findings {
		i := slices.IndexFunc(out, func(o claims.Finding) bool { return o.Category == f.Category })
		switch {
		case i < 0:
			out = append(out, f)
		case severityRank[f.Severity] > severityRank[out[i].Severity]:
			out[i] = f
		}
	}
	return out
}

// grievance makes a complaint's row, with the order's product where the
// complaint names only the order.
func (in *intake) grievance(room *roomState, index int64, e *feed.Event) error {
	c := &Complaint{
		Room: e.Room, Event: index, EventID: e.ID, At: e.At, Channel: e.Channel, Buyer: e.User, OrderID: e.OrderID, Text: e.Text,
	}
	if e.Product != nil {
		c.SKU = e.Product.ID
	}
	if c.SKU == "" && e.Order != nil {
		c.SKU = e.Order.SKU
	}
	if c.SKU == "" && c.OrderID != "" {
		o, err := in.tx.Order(in.ctx, c.OrderID)
		if err != nil && !isNotFound(err) {
			return err
		}
		c.SKU = o.SKU
	}
	return in.sort(room, c)
}
