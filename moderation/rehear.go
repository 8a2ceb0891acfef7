package moderation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/feed"
)

// rehearPage is how many events are read at a time.
const rehearPage = 1000

// A Hearing is an utterance of the record as the desk's checker heard it, with
// the flags on it as they stand now.
type Hearing struct {
	Event     Recorded
	Utterance claims.Utterance
	Before    []claims.Utterance
	Flags     []Flag
}

// Rehear calls fn with every utterance of the record, or of one room, in record
// order: with the product that was on air then, and what was said just before
// it. It stops at fn's first error and returns it.
func Rehear(ctx context.Context, record Record, room string, fn func(Hearing) error) error {
	rooms := make(map[string]*roomState)
	for page := (Page{Room: room, Limit: rehearPage}); ; {
		events, err := record.Events(ctx, page)
		if err != nil {
			return err
		}
		hearings, err := rehear(ctx, record, rooms, events)
		if err != nil {
			return err
		}
		for _, h := range hearings {
			if err := fn(h); err != nil {
				return err
			}
		}
		if len(events) < rehearPage {
			return nil
		}
		page.After = events[len(events)-1].Index
	}
}

func rehear(ctx context.Context, record Record, rooms map[string]*roomState, events []Recorded) ([]Hearing, error) {
	var out []Hearing
	for i := range events {
		e := &events[i]
		r := rooms[e.Room]
		if r == nil {
			r = &roomState{room: Room{ID: e.Room}}
			rooms[e.Room] = r
		}
		r.follow(&e.Event)
		h := newHeard(e.Index, &e.Event, r.room.OnAir)
		switch {
		case asks(&e.Event):
			r.hear(h)
			continue
		case !IsUtterance(&e.Event):
			continue
		}
		out = append(out, Hearing{Event: *e, Utterance: h.Utterance, Before: r.before()})
		r.hear(h)
	}
	return out, withFlags(ctx, record, out)
}

const (
	// rehearStep is how much of a broadcast is read at a time.
	rehearStep = time.Hour
	// rehearBefore is how far back the product that is on air is looked for: no
	// broadcast shows one thing for longer.
	rehearBefore = 12 * time.Hour
)

// RehearFrom is Rehear of one room's utterances with At in [from, to], for who
// waits for the answer: it reads what was said and shown, and not the chat, so
// that what a host only affirms, to a viewer's question, is heard as the bare
// word it is.
func RehearFrom(ctx context.Context, record Record, room string, from, to time.Time, fn func(Hearing) error) error {
	r := &roomState{room: Room{ID: room}}
	shown, err := record.EventsOf(ctx, room, []feed.Kind{feed.KindProduct}, from.Add(-rehearBefore), from.Add(-time.Microsecond), 0)
	if err != nil {
		return err
	}
	for i := range shown {
		r.follow(&shown[i].Event)
	}
	for ; !from.After(to); from = from.Add(rehearStep) {
		end := from.Add(rehearStep - time.Microsecond)
		if end.After(to) {
			end = to
		}
		heard, err := rehearSpan(ctx, record, r, from, end)
		if err != nil {
			return err
		}
		if err := withFlags(ctx, record, heard); err != nil {
			return err
		}
		for _, h := range heard {
			if err := fn(h); err != nil {
				return err
			}
		}
	}
	return nil
}

func rehearSpan(ctx context.Context, record Reader, r *roomState, from, to time.Time) ([]Hearing, error) {
	events, err := record.Utterances(ctx, r.room.ID, from, to)
	if err != nil {
		return nil, err
	}
	shown, err := record.EventsOf(ctx, r.room.ID, []feed.Kind{feed.KindProduct}, from, to, 0)
	if err != nil {
		return nil, err
	}
	events = append(events, shown...)
	slices.SortFunc(events, func(a, b Recorded) int { return cmp.Compare(a.Index, b.Index) })
	var out []Hearing
	for i := range events {
		e := &events[i]
		r.follow(&e.Event)
		if !IsUtterance(&e.Event) {
			continue
		}
		h := newHeard(e.Index, &e.Event, r.room.OnAir)
		out = append(out, Hearing{Event: *e, Utterance: h.Utterance, Before: r.before()})
		r.hear(h)
	}
	return out, nil
}

// withFlags puts the flags beside what they were raised on.
func withFlags(ctx context.Context, record Record, heard []Hearing) error {
	if len(heard) == 0 {
		return nil
	}
	at := make(map[int64]int, len(heard))
	indexes := make([]int64, len(heard))
	for i := range heard {
		indexes[i] = heard[i].Event.Index
		at[indexes[i]] = i
	}
	all, err := record.FlagsOf(ctx, indexes)
	if err != nil {
		return err
	}
	for _, f := range all {
		h := &heard[at[f.Event]]
		h.Flags = append(h.Flags, f)
	}
	return nil
}
