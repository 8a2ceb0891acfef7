package moderation

import (
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation/qualification"
)

// TopicGoods begins the topics of warnings about goods on air; the room follows.
const TopicGoods = "goods/"

// UseShelf lets another shelf tell what goods on air lack; nil lets nobody.
func (d *Desk) UseShelf(s *qualification.Shelf) { d.shelf.Store(s) }

// shown looks what a product that just went on air lacks: a valid permit or
// stock. It opens a case, or joins the open one of the product, once a
// broadcast, and warns who watches while the product is on air. It stops
// nothing.
func (in *intake) shown(before *Room, room *roomState, index int64, e *feed.Event) error {
	if err := in.excluded(before, index, e); err != nil || in.desk.shelf.Load() == nil {
		return err
	}
	topic := TopicGoods + e.Room
	if e.Kind == feed.KindSystem {
		if e.Code == feed.CodeStreamEnd {
			in.warn(topic, "", "")
		}
		return nil
	}
	if e.Product == nil || e.Product.ID == "" || e.Product.ID == before.OnAir && before.StartedAt.Equal(room.room.StartedAt) {
		return nil // or it is on air already, and only its price or stock is told
	}
	in.warn(topic, "", "")
	signals, err := in.lacking(room, index, e)
	if err != nil || len(signals) == 0 {
		return err
	}
	known, err := in.shelved(e.Room, e.Product.ID)
	if err != nil {
		return err
	}
	for _, c := range known {
		if slices.ContainsFunc(c.Signals, func(s Signal) bool { return !s.At.Before(room.room.StartedAt) }) {
			return nil // this broadcast knows
		}
	}
	if err := in.raise(e.Room, e.Product.ID, signals, known); err != nil {
		return err
	}
	name := firstOf(e.Product.Title, e.Product.ID)
	var zh, en []string
	for _, s := range signals {
		zh, en = append(zh, s.Why), append(en, s.WhyEN)
	}
	in.warn(topic, name+"："+strings.Join(zh, "；"), name+": "+strings.Join(en, "; "))
	return nil
}

// lacking is what a product should not be shown without.
func (in *intake) lacking(room *roomState, index int64, e *feed.Event) ([]Signal, error) {
	zone, err := time.LoadLocation(firstOf(room.room.TimeZone, defaultTimeZone))
	if err != nil {
		return nil, err
	}
	var out []Signal
	for _, l := range in.desk.shelf.Load().Lacks(e.Product.ID, e.Product.Stock, e.At.In(zone)) {
		if l.Kind.Grave() {
			out = append(out, Signal{Rule: string(l.Kind), At: e.At, Events: []int64{index}, Why: l.Why.ZH, WhyEN: l.Why.EN})
		}
	}
	return out, nil
}

// shelved are the cases that the program opened for a product of the room, the
// newest first.
func (in *intake) shelved(room, sku string) ([]Case, error) {
	cases, err := in.tx.CasesOf(in.ctx, Link{LinkProduct, sku}, lastPage, historyOf)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cases, func(c Case) bool {
		return c.Kind != CaseQualification || c.Room != room || c.OpenedBy != Program
	}), nil
}

// raise puts the signals into the product's open case, or into one of its own.
func (in *intake) raise(room, sku string, signals []Signal, known []Case) error {
	t := in.byProgram()
	i := slices.IndexFunc(known, func(c Case) bool { return !c.State.Over() })
	if i < 0 {
		_, err := t.newCase(Case{
			Room: room, Kind: CaseQualification, State: CaseStateOpen, Title: signals[0].Why, SKU: sku,
			Signals: signals, OpenedBy: Program, OpenedAt: t.now,
		})
		return err
	}
	more := known[i]
	more.Signals = last(slices.Concat(more.Signals, signals), maxRiskSignals)
	_, err := t.changeCase(known[i], more)
	return err
}

// byProgram is who writes cases that no person opened: it leaves no action,
// since it is nobody's deed.
func (in *intake) byProgram() *deed {
	return &deed{ctx: in.ctx, scribe: in.scribe, desk: in.desk, actor: Actor{Name: Program}, now: in.desk.now(), wall: in.desk.wallNow()}
}

// warn keeps a warning for when the batch is recorded; nothing is told of what
// is not.
func (in *intake) warn(topic, zh, en string) {
	in.warnings = append(in.warnings, Warning{Topic: topic, ZH: zh, Text: en})
}
