package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"liveroom/claims"
)

// Reaches tells of some flags of a room how far the confirmed of them reach, by
// flag. The flags must hold all of the room that were raised from the first of
// them on: another saying of the same claim, and that the host was told of it,
// counts for all. A flag of no product reaches nobody.
func Reaches(ctx context.Context, r Reader, flags []Flag, l Listening) (map[int64]Reach, error) {
	type claim struct {
		room, sku string
		category  claims.Category
	}
	same := make(map[claim][]Flag)
	for _, f := range flags {
		if f.Finding.SKU != "" {
			c := claim{f.Room, f.Finding.SKU, f.Finding.Category}
			same[c] = append(same[c], f)
		}
	}
	out := make(map[int64]Reach)
	for _, all := range same {
		if !slices.ContainsFunc(all, func(f Flag) bool { return f.Status == FlagConfirmed }) {
			continue
		}
		slices.SortFunc(all, func(a, b Flag) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		e, err := readEndings(ctx, r, all, l)
		if err != nil {
			return nil, fmt.Errorf("reach of %s: %w", flagName(all[0].ID), err)
		}
		for _, f := range all {
			if f.Status == FlagConfirmed {
				out[f.ID] = e.reach(f)
			}
		}
	}
	return out, nil
}
