package moderation

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"liveroom/claims"
	"liveroom/feed"
)

const (
	// heardUtterances is how many utterances before it a checker sees of a room.
	heardUtterances = 8
	// heardQuestions is how many viewers' questions it sees, asked since the last
	// heardSince of them: a host answers what he has just read.
	heardQuestions, heardSince = 4, 3
	// newBroadcastAfter is how long after a broadcast's end speech or a product
	// on air is a new broadcast, and not what came late of the old one.
	newBroadcastAfter = 5 * time.Minute
)

// A roomState is what the desk remembers of a room between two batches. It
// changes inside a transaction; after one that failed it is forgotten, and read
// from the record again: so it always is what a restart would make it.
type roomState struct {
	mu     sync.Mutex // held from before the transaction to after the publishing
	loaded bool
	fresh  bool // the record does not hold the room yet
	room   Room
	heard  []heard
	asked  []openQuestion
	sorter

	// stale tells that a person changed what the sorter or asked are made of.
	stale atomic.Bool
}

// heard is what was said or asked that the next utterances are checked with.
type heard struct {
	index  int64
	speech string // the recogniser's name of it; "" : none
	claims.Utterance
}

// lock takes hold of the rooms, in an order all callers share.
func (d *Desk) lock(rooms []string) (states map[string]*roomState, unlock func()) {
	slices.Sort(rooms)
	rooms = slices.Compact(rooms)
	states = make(map[string]*roomState, len(rooms))
	d.mu.Lock()
	for _, id := range rooms {
		if d.rooms[id] == nil {
			d.rooms[id] = &roomState{}
		}
		states[id] = d.rooms[id]
	}
	d.mu.Unlock()
	for _, id := range rooms {
		states[id].mu.Lock()
	}
	return states, func() {
		for _, s := range states {
			s.mu.Unlock()
		}
	}
}

// load fills the state of the room from the record, unless it is known.
func (r *roomState) load(ctx context.Context, d *Desk, tx Tx, id string) error {
	if r.loaded {
		if r.stale.Swap(false) {
			return r.loadRows(ctx, d, tx)
		}
		return nil
	}
	r.stale.Store(false)
	rooms, err := tx.Rooms(ctx)
	if err != nil {
		return err
	}
	r.room, r.heard = Room{ID: id, Name: id, TimeZone: defaultTimeZone}, nil
	i := slices.IndexFunc(rooms, func(r Room) bool { return r.ID == id })
	if r.fresh = i < 0; !r.fresh {
		r.room = rooms[i]
	}
	for _, h := range r.room.Heard {
		events, err := tx.Events(ctx, Page{After: h.Event - 1, Limit: 1})
		if err != nil {
			return err
		}
		if len(events) == 0 || events[0].Index != h.Event {
			return fmt.Errorf("room %s: the record lacks event %d, which was heard: run liveroom verify", id, h.Event)
		}
		r.heard = append(r.heard, newHeard(h.Event, &events[0].Event, h.SKU))
	}
	if err := r.loadRows(ctx, d, tx); err != nil {
		return err
	}
	r.loaded = true
	return nil
}

// loadRows fills in what follows from rows that people change too.
func (r *roomState) loadRows(ctx context.Context, d *Desk, tx Tx) error {
	if err := r.sorter.load(ctx, d, tx, r.room.ID); err != nil {
		return err
	}
	return r.loadQuestions(ctx, tx)
}

func (r *roomState) forget() { r.loaded, r.heard, r.asked, r.sorter = false, nil, nil, sorter{} }

// stale has the room read again what people change too, with the next event.
// It is called inside the transaction that changes it, so that no event behind
// it can miss it; where that transaction fails, nothing is lost.
func (d *Desk) stale(room string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r := d.rooms[room]; r != nil {
		r.stale.Store(true)
	}
}

// SpeakerID is what rules' scopes call whoever speaks: the source's id, or where
// it gives none the name.
func SpeakerID(u feed.User) string { return buyerOf(u) }

func newHeard(index int64, e *feed.Event, sku string) heard {
	h := heard{index: index, Utterance: claims.Utterance{ID: e.ID, Room: e.Room, SKU: sku, Speaker: claims.SpeakerHost, Host: SpeakerID(e.User), Text: e.Text}}
	switch {
	case e.User.Role == feed.RoleAssistant:
		h.Speaker = claims.SpeakerAssistant
	case !IsUtterance(e):
		h.Speaker = claims.SpeakerViewer
	}
	if e.Speech != nil {
		h.speech, h.Confidence = e.Speech.Utterance, e.Speech.Confidence
	}
	return h
}

// hear remembers what was said or asked.
func (r *roomState) hear(h heard) {
	r.heard = recent(append(r.heard, h))
	r.room.Heard = nil
	for _, h := range r.heard {
		r.room.Heard = append(r.room.Heard, Heard{Event: h.index, SKU: h.SKU})
	}
}

// recent keeps what the next utterance may need of what was heard.
func recent(all []heard) []heard {
	var out []heard
	hosts, questions := 0, 0
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Speaker == claims.SpeakerViewer {
			if hosts >= heardSince || questions == heardQuestions {
				continue
			}
			questions++
		} else if hosts++; hosts > heardUtterances {
			break
		}
		out = append(out, all[i])
	}
	slices.Reverse(out)
	return out
}

// before is what a checker sees of the room.
func (r *roomState) before() []claims.Utterance {
	out := make([]claims.Utterance, len(r.heard))
	for i, h := range r.heard {
		out[i] = h.Utterance
	}
	return out
}

// followsUp tells of events that come of a broadcast also where there is none.
func followsUp(k feed.Kind) bool {
	return k == feed.KindComplaint || k == feed.KindOrder || k == feed.KindRefund
}

// follow lets the room take part in an event. It reports whether it changed.
func (r *roomState) follow(e *feed.Event) bool {
	changed := false
	if r.room.StartedAt.IsZero() && !followsUp(e.Kind) {
		r.room.StartedAt, changed = e.At, true
	}
	onAir := e.Kind == feed.KindProduct && e.Product != nil && e.Product.ID != ""
	if ended := r.room.EndedAt; !ended.IsZero() && (onAir || IsUtterance(e)) && e.At.Sub(ended) > newBroadcastAfter {
		r.room.StartedAt, r.room.EndedAt, changed = e.At, time.Time{}, true
	}
	if onAir {
		r.room.OnAir, r.room.OnAirFen, r.room.OnAirAt, changed = e.Product.ID, e.Product.PriceFen, e.At, true
	}
	if e.Kind == feed.KindSystem && e.Code == feed.CodeStreamEnd && r.room.EndedAt.IsZero() {
		r.room.EndedAt, changed = e.At, true
	}
	return changed
}
