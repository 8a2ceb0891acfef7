package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"liveroom/moderation"
)

// The search index runs behind the record: what is not indexed yet is looked
// through row by row, so that a search misses nothing, and a commit never waits
// for the index.

const (
	// indexAt is how many events may be unindexed while there is other work.
	indexAt = 2000
	// indexChunk is how many are indexed in one transaction: some ten
	// milliseconds that a commit can be late by.
	indexChunk = 500
	// searchPage is how many candidates are read at a time.
	searchPage = 500
)

// Search implements moderation.Record.
func (r *reader) Search(ctx context.Context, query string, p moderation.Page) ([]moderation.Recorded, error) {
	words := moderation.SearchWords(query)
	if len(words) == 0 {
		return nil, nil
	}
	s := &search{ctx: ctx, r: r, words: words, match: r.matchExpression(words), page: p}
	if err := r.row(ctx, "SELECT indexed, (SELECT coalesce(max(idx), 0) FROM events) FROM search_state", nil, &s.indexed, &s.last); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var err error
	if p.Before != 0 {
		err = s.backwards()
	} else {
		err = s.forwards()
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return s.found, nil
}

// matchExpression is the query in the words of FTS5: tokens as the index has
// them, quoted.
func (r *reader) matchExpression(words []moderation.SearchWord) string {
	var parts []string
	for _, w := range words {
		tokens, prefix := w.Tokens()
		for _, t := range tokens {
			t = `"` + string(r.words.Append(nil, t)) + `"`
			if prefix {
				t += "*"
			}
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " AND ")
}

type search struct {
	ctx     context.Context
	r       *reader
	words   []moderation.SearchWord
	match   string
	page    moderation.Page
	indexed int64 // the last event that the index knows
	last    int64 // the last event there is
	found   []moderation.Recorded
}

func (s *search) full() bool { return s.page.Limit > 0 && len(s.found) >= s.page.Limit }

// keep takes what truly holds the words: the index knows which pairs of
// characters a text has, not that they stand together.
func (s *search) keep(candidates []moderation.Recorded) {
	for _, e := range candidates {
		if !s.full() && moderation.SearchMatch(e.Text, s.words) {
			s.found = append(s.found, e)
		}
	}
}

func (s *search) forwards() error {
	after := s.page.After
	for more := true; more && !s.full(); {
		got, err := s.fromIndex("w.rowid > ?", after, "")
		if err != nil {
			return err
		}
		if more = len(got) == searchPage; more {
			after = got[len(got)-1].Index
		}
		s.keep(got)
	}
	tail := s.page
	tail.After, tail.Limit = max(s.page.After, s.indexed), searchPage
	for more := true; more && !s.full(); {
		got, err := s.r.Events(s.ctx, tail)
		if err != nil {
			return err
		}
		if more = len(got) == searchPage; more {
			tail.After = got[len(got)-1].Index
		}
		s.keep(got)
	}
	return nil
}

func (s *search) backwards() error {
	tail := s.page
	tail.Limit = searchPage
	for more := s.last > s.indexed; more && !s.full() && tail.Before > s.indexed; {
		got, err := s.r.Events(s.ctx, tail)
		if err != nil {
			return err
		}
		got = slices.DeleteFunc(got, func(e moderation.Recorded) bool { return e.Index <= s.indexed })
		if more = len(got) == searchPage; more {
			tail.Before = got[0].Index
		}
		slices.Reverse(got)
		s.keep(got)
	}
	before := min(s.page.Before, s.indexed+1)
	for more := true; more && !s.full(); {
		got, err := s.fromIndex("w.rowid < ?", before, " DESC")
		if err != nil {
			return err
		}
		if more = len(got) == searchPage; more {
			before = got[len(got)-1].Index
		}
		s.keep(got)
	}
	slices.Reverse(s.found)
	return nil
}

func (s *search) fromIndex(bound string, at int64, order string) ([]moderation.Recorded, error) {
	args := []any{s.match, at, s.indexed}
	where := ""
	if s.page.Room != "" {
		where += " AND e.room = ?"
		args = append(args, s.page.Room)
	}
	if !s.page.Since.IsZero() {
		where += " AND e.at >= ?"
		args = append(args, moderation.Stamp(s.page.Since))
	}
	q := "SELECT " + eventColumns("e") + " FROM event_words w CROSS JOIN events e ON e.idx = w.rowid WHERE w.event_words MATCH ? AND " +
		bound + " AND w.rowid <= ?" + where + " ORDER BY w.rowid" + order + fmt.Sprintf(" LIMIT %d", searchPage)
	return collect(s.ctx, s.r, scanEvent, q, args...)
}

// index brings the search index nearer to the record by one chunk, and reports
// how many events are left. What goes wrong here is no loss: the index stays
// behind, and whoever writes next is told of the file's trouble.
func (w *session) index() (left int64, err error) {
	if err := w.open(); err != nil {
		return 0, err
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return 0, err
	}
	left, err = w.tx.indexChunk()
	if err != nil {
		return 0, err
	}
	return left, w.exec("COMMIT")
}

func (t *tx) indexChunk() (left int64, err error) {
	ctx := context.Background()
	var indexed, last int64
	if err := t.row(ctx, "SELECT indexed, (SELECT coalesce(max(idx), 0) FROM events) FROM search_state", nil, &indexed, &last); err != nil {
		return 0, err
	}
	lines, err := collect(ctx, &t.reader, scanLine, "SELECT "+lineColumns+" FROM events WHERE idx > ? ORDER BY idx"+limited(indexChunk), indexed)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	for _, l := range lines {
		words := t.indexed(l.text)
		if words == "" {
			continue
		}
		if _, err := t.exec("INSERT INTO event_words (rowid, words) VALUES (?, ?)", l.index, words); err != nil {
			return 0, err
		}
	}
	end := lines[len(lines)-1].index
	if _, err := t.exec("UPDATE search_state SET indexed = ?", end); err != nil {
		return 0, err
	}
	return last - end, nil
}

// indexed is what a text is found by: its tokens, hidden, so that the index tells
// nobody what people wrote.
func (r *reader) indexed(text string) string {
	var out []byte
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
