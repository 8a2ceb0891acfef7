package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// pageOfKinds reads a page of a room's events of some kinds. Each kind is walked
// on its own in the index, and only what is on the page is read: rows of other
// kinds, of which there may be thousands between two, are not looked at.
func (r *reader) pageOfKinds(ctx context.Context, p moderation.Page) ([]moderation.Recorded, error) {
	bound, order, from := "idx > ?", "", p.After
	if p.Before != 0 {
		bound, order, from = "idx < ?", " DESC", p.Before
	}
	if !p.Since.IsZero() {
		bound += " AND at >= ?"
	}
	var walks []string
	var args []any
	for _, k := range p.Kinds {
		walks = append(walks, "SELECT idx FROM (SELECT idx FROM events INDEXED BY events_feed WHERE room = ? AND kind = ? AND "+
			bound+" ORDER BY idx"+order+limited(p.Limit)+")")
		args = append(args, p.Room, string(k), from)
		if !p.Since.IsZero() {
			args = append(args, moderation.Stamp(p.Since))
		}
	}
	q := fmt.Sprintf("SELECT %s FROM events WHERE idx IN (%s) ORDER BY idx%s%s", events.columns, strings.Join(walks, " UNION ALL "), order, limited(p.Limit))
	out, err := collect(ctx, r, scanEvent, q, args...)
	if err != nil {
		return nil, fmt.Errorf("list events of %s: %w", p.Room, err)
	}
	if p.Before != 0 {
		slices.Reverse(out)
	}
	return out, nil
}

func (r *reader) EventsAround(ctx context.Context, room string, kinds []feed.Kind, at time.Time, limit int) ([]moderation.Recorded, error) {
	if len(kinds) == 0 || limit <= 0 {
		return nil, nil
	}
	// The last event not after the moment, of the latest if several kinds have one.
	var index, latest int64 = 0, math.MinInt64
	for _, k := range kinds {
		var idx, was int64
		err := r.row(ctx, "SELECT idx, at FROM events WHERE room = ? AND kind = ? AND at <= ? ORDER BY at DESC, idx DESC LIMIT 1",
			[]any{room, string(k), moderation.Stamp(at)}, &idx, &was)
		if errors.Is(err, moderation.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("events of %s around a moment: %w", room, err)
		}
		if was > latest || was == latest && idx > index {
			index, latest = idx, was
		}
	}
	behind := limit / 2
	out, err := r.Events(ctx, moderation.Page{Room: room, Kinds: kinds, Before: index + 1, Limit: limit - behind})
	if err != nil || behind == 0 {
		return out, err
	}
	after, err := r.Events(ctx, moderation.Page{Room: room, Kinds: kinds, After: index, Limit: behind})
	return append(out, after...), err
}

func (r *reader) Withdrawing(ctx context.Context, room string, after int64, limit int) ([]moderation.Recorded, error) {
	where, args := "event > ?", []any{after}
	if room != "" {
		where, args = "room = ? AND event > ?", []any{room, after}
	}
	out, err := gatherInOrder(ctx, r, scanEvent, width(events.columns), "SELECT "+events.columns+
		" FROM events WHERE idx IN (SELECT event FROM withdrawals WHERE "+where+" ORDER BY event"+limited(limit)+") ORDER BY idx", args...)
	if err != nil {
		return nil, fmt.Errorf("what was withdrawn in %q: %w", room, err)
	}
	return out, nil
}

// ChatOf implements moderation.Tx. Whose a line is stands in its row, and where a
// crowd talks only theirs are unsealed.
func (r *reader) ChatOf(ctx context.Context, room string, buyers []string, from, to time.Time, lines int) ([]moderation.Recorded, error) {
	var names []string
	for _, b := range buyers {
		for _, h := range moderation.BuyerHolders(b) {
			names = append(names, r.namer.Name(h...))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	out, err := collect(ctx, r, scanEvent, fmt.Sprintf(`SELECT %s FROM events WHERE idx IN
		(SELECT idx FROM events WHERE room = ? AND kind = ? AND at BETWEEN ? AND ? ORDER BY at DESC%s)
		AND holder IN (SELECT number FROM json_each(?) AS asked CROSS JOIN buyer_keys ON name = asked.value) ORDER BY idx`, events.columns, limited(lines)),
		room, string(feed.KindChat), moderation.Stamp(from), moderation.Stamp(to), nameList(names))
	if err != nil {
		return nil, fmt.Errorf("what buyers wrote in %s: %w", room, err)
	}
	return out, nil
}
