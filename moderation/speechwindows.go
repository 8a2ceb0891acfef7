package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/feed"
)

// SpeechWindows gives each order its speech window, as SpeechWindow does one at a
// time: a claim reached thousands who heard the same sentences, which are read
// once. Orders whose times nobody told are left out; the others come room by room,
// by when they were bought.
func SpeechWindows(ctx context.Context, store Record, orders []Order, l Listening, each func(o *Order, spoken []Spoken)) error {
	window := cmp.Or(l.Window, DefaultSpeechWindow)
	var timed []*Order
	for i := range orders {
		if !boughtAt(orders[i].CreatedAt, orders[i].PaidAt).IsZero() {
			timed = append(timed, &orders[i])
		}
	}
	end := func(o *Order) time.Time { return boughtAt(o.CreatedAt, o.PaidAt) }
	slices.SortStableFunc(timed, func(a, b *Order) int { return cmp.Or(cmp.Compare(a.Room, b.Room), end(a).Compare(end(b))) })
	for len(timed) > 0 {
		n := 1
		for n < len(timed) && timed[n].Room == timed[0].Room && !end(timed[n]).Add(-window).After(end(timed[n-1])) {
			n++
		}
		s, err := readStretch(ctx, store, timed[0].Room, end(timed[0]).Add(-window), end(timed[n-1]))
		if err != nil {
			return fmt.Errorf("speech before %d orders: %w", n, err)
		}
		for _, o := range timed[:n] {
			each(o, l.about(o.SKU, eventsIn(s.said, end(o).Add(-window), end(o)), eventsIn(s.shown, time.Time{}, end(o)), s.flags))
		}
		timed = timed[n:]
	}
	return nil
}

// A stretch is what was said in a part of a broadcast, what was raised on it, and
// the products shown up to its end.
type stretch struct {
	said, shown []Recorded
	flags       []Flag
}

func readStretch(ctx context.Context, store Record, room string, from, to time.Time) (s stretch, err error) {
	if s.said, err = store.Utterances(ctx, room, from, to); err != nil || len(s.said) == 0 {
		return s, err
	}
	if s.shown, err = store.EventsOf(ctx, room, []feed.Kind{feed.KindProduct}, Unstamp(-1<<63), to, 0); err != nil {
		return s, err
	}
	indexes := make([]int64, len(s.said))
	for i, u := range s.said {
		indexes[i] = u.Index
	}
	s.flags, err = store.FlagsOf(ctx, indexes)
	return s, err
}

// eventsIn are the events of a time, zero: from the first on.
func eventsIn(events []Recorded, from, to time.Time) []Recorded {
	var out []Recorded
	for _, e := range events {
		if !e.At.After(to) && (from.IsZero() || !e.At.Before(from)) {
			out = append(out, e)
		}
	}
	return out
}
