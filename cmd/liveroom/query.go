package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/query"
)

// parseQuery reads what somebody looks for; a mistake is shown with a mark under
// its place.
func parseQuery(l moderation.List, text string) (*query.Query, error) {
	q, err := query.Parse(l, text)
	var mistake *query.Error
	if errors.As(err, &mistake) {
		line, mark := mistake.Pointed()
		return nil, fmt.Errorf("--query: %w\n  %s\n  %s", err, line, mark)
	}
	return q, err
}

// bindQuery makes a filter of a query: times of day are those of the room, or of
// China where all rooms are asked.
func bindQuery(ctx context.Context, r moderation.Reader, q *query.Query, opt listOptions) (*query.Filter, error) {
	now, err := momentOf(opt.at)
	if err != nil {
		return nil, err
	}
	env := query.Env{Now: now}
	rooms, err := r.Rooms(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rooms: %w", err)
	}
	for _, room := range rooms {
		if room.ID != opt.room || room.TimeZone == "" {
			continue
		}
		if env.Zone, err = time.LoadLocation(room.TimeZone); err != nil {
			return nil, fmt.Errorf("the time zone of room %s: %w", room.ID, err)
		}
	}
	return q.Bind(env), nil
}

// asked reads a page of what the query finds, or of all rows where there is none.
// A page that is not full is the last.
func asked[T query.Row](ctx context.Context, r moderation.Reader, p moderation.Page, opt listOptions, list func(context.Context, moderation.Page) ([]T, error)) ([]T, error) {
	if opt.filter.Query().Empty() {
		return list(ctx, p)
	}
	var rows []T
	for want := p.Limit; ; {
		p.Limit = want - len(rows)
		found, err := query.Find[T](ctx, r, opt.filter, p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, found.Rows...)
		if !found.More || len(rows) == want {
			return rows, nil
		}
		p.After = found.Next
	}
}
