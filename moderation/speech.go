package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/feed"
)

// speechWindow is how long before the payment the host's words count as what
// the buyer heard.
const speechWindow = 10 * time.Minute

// SpeechWindow is what the broadcasters said about the order's product in the
// ten minutes before it was paid (or made, while it is not paid), in record
// order, each sentence with its flags. A sentence belongs to the product that
// was on air by the record's order, or that a flag of it names; where the
// source never told what is on air, to any. An order whose times nobody told has an empty window.
func (d *Desk) SpeechWindow(ctx context.Context, orderID string) ([]Spoken, error) {
	return SpeechWindow(ctx, d.store, orderID)
}

// SpeechWindow is the desk's, for a record that is only read.
func SpeechWindow(ctx context.Context, store Record, orderID string) ([]Spoken, error) {
	o, err := store.Order(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("speech before the order: %w", found(orderName(orderID), err))
	}
	end := o.PaidAt
	if end.IsZero() {
		end = o.CreatedAt
	}
	if end.IsZero() {
		return nil, nil
	}
	said, err := store.Utterances(ctx, o.Room, end.Add(-speechWindow), end)
	if err != nil {
		return nil, fmt.Errorf("speech before %s: %w", orderName(orderID), err)
	}
	if len(said) == 0 {
		return nil, nil
	}
	shown, err := store.EventsOf(ctx, o.Room, []feed.Kind{feed.KindProduct}, Unstamp(-1<<63), end, 0)
	if err != nil {
		return nil, fmt.Errorf("products before %s: %w", orderName(orderID), err)
	}
	var indexes []int64
	for _, u := range said {
		indexes = append(indexes, u.Index)
	}
	flags, err := store.FlagsOf(ctx, indexes)
	if err != nil {
		return nil, fmt.Errorf("flags before %s: %w", orderName(orderID), err)
	}
	return about(o.SKU, said, shown, flags), nil
}

// about keeps the sentences that are about the product.
func about(sku string, said, shown []Recorded, flags []Flag) []Spoken {
	byEvent := make(map[int64][]Flag)
	for _, f := range flags {
		byEvent[f.Event] = append(byEvent[f.Event], f)
	}
	var out []Spoken
	onAir, untold := "", len(shown) == 0
	for _, u := range said {
		for len(shown) > 0 && shown[0].Index < u.Index {
			if p := shown[0].Product; p != nil && p.ID != "" {
				onAir = p.ID
			}
			shown = shown[1:]
		}
		named := slices.ContainsFunc(byEvent[u.Index], func(f Flag) bool { return f.Finding.SKU == sku })
		if named || onAir == sku || untold {
			out = append(out, Spoken{Event: u, Flags: byEvent[u.Index]})
		}
	}
	return out
}
