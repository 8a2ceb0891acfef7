package moderation

import (
	"context"

	"liveroom/claims"
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
	var indexes []int64
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
		indexes = append(indexes, e.Index)
		r.hear(h)
	}
	if len(indexes) == 0 {
		return nil, nil
	}
	flags, err := record.FlagsOf(ctx, indexes)
	if err != nil {
		return nil, err
	}
	byEvent := make(map[int64][]Flag)
	for _, f := range flags {
		byEvent[f.Event] = append(byEvent[f.Event], f)
	}
	for i := range out {
		out[i].Flags = byEvent[out[i].Event.Index]
	}
	return out, nil
}
