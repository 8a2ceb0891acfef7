package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"liveroom/moderation"
)

// The search index runs behind the record: what is not indexed yet is looked
// through row by row, so that a search misses nothing, and a commit never waits
// for the index.

const (
	// indexAt is how many events may be unindexed while there is other work.
	indexAt = 2000
	// indexChunk is how many are indexed in one transaction: some five
	// milliseconds that a commit can be late by.
	indexChunk = 500
	// keptLines is how many events are at hand for the index: reading one again
	// and unsealing it costs half of what indexing it does.
	keptLines = 2 * indexAt
)

// index brings the search index nearer to the record by one chunk, and reports
// how many events are left. What goes wrong here is no loss: the index stays
// behind, and whoever writes next is told of the file's trouble. Nor does the disk
// have to have it before we go on: in a power cut it goes whole, and the next commit
// of events brings it to the disk with itself.
func (w *session) index() (left int64, err error) {
	if err := w.open(); err != nil {
		return 0, err
	}
	if err := w.exec("PRAGMA synchronous = NORMAL"); err != nil {
		return 0, err
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return 0, err
	}
	if left, err = w.tx.indexChunk(); err != nil {
		return 0, err
	}
	if err := w.exec("COMMIT"); err != nil {
		return 0, err
	}
	return left, w.exec("PRAGMA synchronous = FULL")
}

func (t *tx) indexChunk() (left int64, err error) {
	ctx := context.Background()
	var indexed, last int64
	if err := t.row(ctx, "SELECT indexed, (SELECT coalesce(max(idx), 0) FROM events) FROM search_state", nil, &indexed, &last); err != nil {
		return 0, err
	}
	lines, err := t.linesAfter(ctx, indexed)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	// An object, index by words, none of which needs an escape.
	rows := []byte{'{'}
	for _, l := range lines {
		if words := t.indexed(l.text); words != "" {
			if len(rows) > 1 {
				rows = append(rows, ',')
			}
			rows = append(strconv.AppendInt(append(rows, '"'), l.index, 10), `":"`...)
			rows = append(append(rows, words...), '"')
		}
	}
	// One statement: the index is written out before each of several rows, and what is
	// written out in small pieces is joined again and again.
	if _, err := t.exec("INSERT INTO event_words (rowid, words) SELECT CAST(key AS INTEGER), value FROM json_each(?)", string(append(rows, '}'))); err != nil {
		return 0, err
	}
	end := lines[len(lines)-1].index
	if _, err := t.exec("UPDATE search_state SET indexed = ?", end); err != nil {
		return 0, err
	}
	return last - end, nil
}

// linesAfter are the next events to be indexed.
func (t *tx) linesAfter(ctx context.Context, indexed int64) ([]line, error) {
	done := 0
	for done < len(t.unindexed) && t.unindexed[done].index <= indexed {
		done++
	}
	t.unindexed = slices.Delete(t.unindexed, 0, done)
	if len(t.unindexed) > 0 && t.unindexed[0].index == indexed+1 {
		return t.unindexed[:min(indexChunk, len(t.unindexed))], nil
	}
	return collect(ctx, &t.reader, scanLine, "SELECT "+lineColumns+" FROM events WHERE idx > ? ORDER BY idx"+limited(indexChunk), indexed)
}

// keepLine keeps a new event at hand for the index.
func (t *tx) keepLine(e *moderation.Recorded) {
	t.behind++
	if len(t.unindexed) == keptLines {
		t.forgetLines() // it is behind by more, and reads on from there
	}
	t.unindexed = append(t.unindexed, line{e.Index, e.Text})
}

func (t *tx) forgetLines() {
	clear(t.unindexed)
	t.unindexed = t.unindexed[:0]
}

// indexed is what a text is found by: its tokens, hidden, so that the index tells
// nobody what people wrote.
func (r *reader) indexed(text string) string {
	out := make([]byte, 0, 9*len(text)/3+64) // a pair of characters of three bytes is eight, and a space
	for _, t := range moderation.SearchTokens(text) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = r.words.Append(out, t)
	}
	return string(out)
}

// A line is an event as far as the search index needs it.
type line struct {
	index int64
	text  string
}

const lineColumns = "idx, id, text, raw, holder, (SELECT secret FROM buyer_keys WHERE number = events.holder)"

func scanLine(s scanner) (l line, err error) {
	var raw, secret []byte
	var of moderation.Seal
	var kept string
	if err := s.Scan(&l.index, &kept, &l.text, &raw, &of.Holder, &secret); err != nil {
		return l, err
	}
	var rest [3]string
	if _, err := unseal(&of, sealedAs(eventPart, kept), raw, secret, &rest[0], &l.text, &rest[1], &rest[2]); err != nil {
		return l, fmt.Errorf("event %d: %w", l.index, err)
	}
	return l, nil
}
