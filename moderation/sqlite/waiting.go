package sqlite

import (
	"context"
	"fmt"

	"liveroom/claims"
	"liveroom/moderation"
)

// The cases that are not over are ranked for everybody who asks what is next, by
// thousands after a broadcast. What ranks them stands in the index cases_waiting,
// so that no row is read for it; a query must be written as the index is.

// waits is what holds of a case that is not over.
const waits = "state NOT IN ('resolved', 'closed', 'withdrawn')"

// madeOf is urgent complaints, earlier cases and money at stake in one number,
// since each column of a row costs more than the row: 8 bits, 8 bits and 40, as
// much as any grade asks. It bears a detail that is no JSON, so that whoever
// damaged a row is found by Verify.
const madeOf = `CASE WHEN json_valid(detail) THEN (min(coalesce(detail ->> 'urgent', 0), 255) << 48)
	| (min(coalesce(detail ->> 'earlier', 0), 255) << 40) | min(coalesce(detail ->> 'stake_fen', 0), 0xffffffffff) ELSE 0 END`

const (
	urgentShift, earlierShift = 48, 40
	countBits                 = 0xff
	stakeBits                 = 1<<earlierShift - 1
)

func (r *reader) Waiting(ctx context.Context, what moderation.WaitingFor) ([]moderation.Waiting, error) {
	query := "SELECT id, due_at, escalated, " + madeOf + " FROM cases INDEXED BY cases_waiting WHERE " + waits
	var args []any
	if what.Room != "" {
		query, args = query+" AND room = ?", append(args, what.Room)
	}
	if what.Free {
		kinds, err := toJSON(what.Kinds)
		if err != nil {
			return nil, err
		}
		query += ` AND state IN ('open', 'in_review') AND snoozed_to <= ? AND (owner = '' OR lease_until <> 0 AND lease_until <= ?)
			AND kind IN (SELECT value FROM json_each(?))`
		args = append(args, moderation.Stamp(what.Now), moderation.Stamp(what.Lease), kinds)
	}
	found, err := collect(ctx, r, scanWaiting, query, args...)
	if err == nil {
		err = r.alike(ctx, found)
	}
	if err != nil {
		return nil, fmt.Errorf("cases that wait: %w", err)
	}
	return found, nil
}

func scanWaiting(s scanner) (moderation.Waiting, error) {
	var w moderation.Waiting
	var due, escalated, made int64
	err := s.Scan(&w.ID, &due, &escalated, &made)
	w.DueAt, w.Escalated = moderation.Unstamp(due), escalated != 0
	w.Urgent, w.Earlier, w.StakeFen = int(made>>urgentShift&countBits), int(made>>earlierShift&countBits), made&stakeBits
	return w, err
}

// alike fills in how large the problems of the cases' complaints are.
func (r *reader) alike(ctx context.Context, waiting []moderation.Waiting) error {
	size, err := r.pairs(ctx, "SELECT problem, count(*) FROM complaints WHERE problem <> 0 GROUP BY problem")
	if err != nil {
		return err
	}
	in, err := r.pairs(ctx, "SELECT case_id, problem FROM complaints WHERE case_id <> 0 AND problem <> 0")
	if err != nil {
		return err
	}
	of := make(map[int64]int64, len(size))
	for _, p := range size {
		of[p[0]] = p[1]
	}
	most := make(map[int64]int64, len(in))
	for _, p := range in {
		most[p[0]] = max(most[p[0]], of[p[1]])
	}
	for i := range waiting {
		waiting[i].Alike = int(most[waiting[i].ID])
	}
	return nil
}

func (r *reader) pairs(ctx context.Context, query string) ([][2]int64, error) {
	return collect(ctx, r, func(s scanner) (p [2]int64, err error) { return p, s.Scan(&p[0], &p[1]) }, query)
}

func (r *reader) CaseAbout(ctx context.Context, room string, k moderation.CaseKind, sku string, c claims.Category) (moderation.Case, error) {
	found, err := collect(ctx, r, scanCase, "SELECT "+cases.columns+" FROM cases WHERE room = ? AND sku = ? AND kind = ? AND category = ? AND "+waits+
		" ORDER BY id LIMIT 1", room, sku, string(k), string(c))
	if err == nil && len(found) == 0 {
		err = moderation.ErrNotFound
	}
	if err != nil {
		return moderation.Case{}, fmt.Errorf("case about %s of %s: %w", c, sku, err)
	}
	return found[0], nil
}
