package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"liveroom/moderation"
)

// erasePage is how many events are read at a time while they are erased.
const erasePage = 1000

// Keys implements moderation.Eraser.
func (t *tx) Keys(ctx context.Context, holders []moderation.Holder) ([]moderation.Key, error) {
	var out []moderation.Key
	for _, h := range holders {
		var k moderation.Key
		err := t.row(ctx, "SELECT number, held FROM buyer_keys WHERE name = ?", []any{t.namer.Name(h...)}, &k.Number, &k.Held)
		if errors.Is(err, moderation.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("keys of a buyer: %w", err)
		}
		out = append(out, k)
	}
	return out, nil
}

// Hold implements moderation.Eraser.
func (t *tx) Hold(key int64, on bool) error {
	if err := t.update(moderation.ErrNotFound, "UPDATE buyer_keys SET held = ? WHERE number = ?", on, key); err != nil {
		return fmt.Errorf("hold key %d: %w", key, err)
	}
	return nil
}

// whose is the condition that a row is the key's, or one of those that may go
// because they are old.
func whose(key int64, at string, before time.Time) (string, []any) {
	if before.IsZero() {
		return "holder = ?", []any{key}
	}
	return "holder <> 0 AND " + at + " <> 0 AND " + at + " < ? AND holder NOT IN (SELECT number FROM buyer_keys WHERE held)",
		[]any{moderation.Stamp(before)}
}

// RowsOfKey implements moderation.Eraser.
func (t *tx) RowsOfKey(ctx context.Context, key int64, before time.Time) (moderation.KeyRows, error) {
	var out moderation.KeyRows
	for _, of := range []struct {
		table, key, at string
		into           *[]int64
	}{
		{"complaints", "id", "at", &out.Complaints},
		{"questions", "id", "at", &out.Questions},
		{"orders", "number", "coalesce(nullif(created_at, 0), paid_at)", &out.Orders},
	} {
		where, args := whose(key, of.at, before)
		rows, err := collect(ctx, &t.reader, func(s scanner) (n int64, err error) { return n, s.Scan(&n) },
			fmt.Sprintf("SELECT %s FROM %s WHERE %s AND sealed <> x'' ORDER BY 1", of.key, of.table, where), args...)
		if err != nil {
			return out, fmt.Errorf("%s of a buyer: %w", of.table, err)
		}
		*of.into = rows
	}
	return out, nil
}

// EraseEvents implements moderation.Eraser.
func (t *tx) EraseEvents(ctx context.Context, key int64, before time.Time, fn func(*moderation.Recorded) error) (int64, error) {
	where, args := whose(key, "at", before)
	var n, after, indexed int64
	if err := t.row(ctx, "SELECT indexed FROM search_state", nil, &indexed); err != nil {
		return 0, err
	}
	t.erased = true
	t.forgetLines()
	for {
		page, err := collect(ctx, &t.reader, scanEvent,
			"SELECT "+eventColumns("events")+" FROM events WHERE idx > ? AND "+where+" AND raw <> x'' ORDER BY idx"+limited(erasePage), append([]any{after}, args...)...)
		if err != nil {
			return n, fmt.Errorf("erase events: %w", err)
		}
		for i := range page {
			if err := fn(&page[i]); err != nil {
				return n, err
			}
			if err := t.eraseEvent(&page[i], page[i].Index <= indexed); err != nil {
				return n, fmt.Errorf("erase event %d: %w", page[i].Index, err)
			}
			n, after = n+1, page[i].Index
		}
		if len(page) < erasePage {
			return n, nil
		}
	}
}

func (t *tx) eraseEvent(e *moderation.Recorded, indexed bool) error {
	if words := t.indexed(e.Text); indexed && words != "" {
		if _, err := t.exec("INSERT INTO event_words (event_words, rowid, words) VALUES ('delete', ?, ?)", e.Index, words); err != nil {
			return err
		}
	}
	// A source goes on behind the last event, whatever that was called.
	if _, err := t.exec("UPDATE positions SET id = '' WHERE source = ? AND id = ?", e.Source, e.ID); err != nil {
		return err
	}
	_, err := t.exec("UPDATE events SET raw = x'' WHERE idx = ?", e.Index)
	return err
}

// EraseLeaves implements moderation.Eraser.
func (t *tx) EraseLeaves(rows []moderation.LeafRef) error {
	var last int64
	if err := t.row(context.Background(), "SELECT leaves FROM sealing", nil, &last); err != nil || last == 0 || len(rows) == 0 {
		return err
	}
	as := make(map[[2]string]string, len(rows))
	for _, r := range rows {
		as[[2]string{r.Kind, r.Ref}] = cmp.Or(r.As, r.Ref)
	}
	// One walk, as nothing leads from a row to its leaves.
	for after := int64(0); after < last; {
		page, err := collect(context.Background(), &t.reader, scanLeaf, "SELECT "+leaves.columns+" FROM leaves WHERE idx > ? AND idx <= ? ORDER BY idx"+limited(resealPage), after, last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, l := range page {
			after = l.Index
			if ref, ok := as[[2]string{l.Kind, l.Ref}]; ok {
				if _, err := t.exec("UPDATE leaves SET data = '', ref = ? WHERE idx = ?", ref, l.Index); err != nil {
					return fmt.Errorf("erase leaf %d: %w", l.Index, err)
				}
				t.erased, t.pieces = true, true
			}
		}
	}
	return nil
}

// EraseKey implements moderation.Eraser.
func (t *tx) EraseKey(key int64) error {
	t.erased = true
	t.forgetLines()
	t.forgetKeys() // what they say next needs a new one
	// Nobody's name is as long and made of digits alone.
	err := t.update(moderation.ErrNotFound, "UPDATE buyer_keys SET secret = zeroblob(32), name = printf('%022d', number), held = 0 WHERE number = ?", key)
	if err != nil {
		return fmt.Errorf("erase key %d: %w", key, err)
	}
	return nil
}

// Unlink implements moderation.Eraser.
func (t *tx) Unlink(l moderation.Link) error {
	if _, err := t.exec("DELETE FROM case_links WHERE kind = ? AND value = ?", string(l.Kind), t.linkValue(l)); err != nil {
		return fmt.Errorf("unlink a %s: %w", l.Kind, err)
	}
	return nil
}
