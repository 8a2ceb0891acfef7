package query

import (
	"context"
	"fmt"
	"slices"

	"liveroom/moderation"
)

// What one call of Find does at most, so that it answers while a person waits,
// whatever the record holds.
const (
	// lookAt is how many rows a store walks over: some ten milliseconds.
	lookAt = 20_000
	// openAtMost is how many rows are opened and held against the query.
	openAtMost = 2000
	// openAtOnce is how many are read at a time.
	openAtOnce = 250
)

// A Row is a row that can be found.
type Row interface {
	moderation.Recorded | moderation.Flag | moderation.Complaint | moderation.Problem | moderation.Question | moderation.Order | moderation.Case
}

// Found is what a search came to.
type Found[T Row] struct {
	Rows []T   // in the order of the search
	Next int64 // with More: the key to go on from, as Page.Before or Page.After
	More bool  // there may be more
}

// Find reads the rows of the record that a filter lets through: those before
// Page.Before, the newest first, or without it those after Page.After, the oldest
// first; at most Limit (0: as many as it comes by). It stops early when it has
// looked at so much that a person would wait; then there may be more, with few
// rows or none found so far.
func Find[T Row](ctx context.Context, r moderation.Reader, f *Filter, p moderation.Page) (Found[T], error) {
	var out Found[T]
	walk := p
	walk.Limit = lookAt
	sifted, err := r.Sift(ctx, listOf[T](), f.Sieve(), walk)
	if err != nil {
		return out, fmt.Errorf("search the %s: %w", listOf[T](), err)
	}
	opened := 0
	for keys := range slices.Chunk(sifted.Keys, openAtOnce) {
		rows, err := read[T](ctx, r, moderation.Page{Keys: keys})
		if err != nil {
			return out, fmt.Errorf("search the %s: %w", listOf[T](), err)
		}
		if p.Before != 0 {
			slices.Reverse(rows)
		}
		for i := range rows {
			if !f.Match(&rows[i], nil) {
				continue
			}
			out.Rows = append(out.Rows, rows[i])
			if len(out.Rows) == p.Limit {
				out.Next, out.More = keyOf(&rows[i]), true
				return out, nil
			}
		}
		if opened += len(keys); opened >= openAtMost {
			out.Next, out.More = keys[len(keys)-1], true
			return out, nil
		}
	}
	out.Next, out.More = sifted.At, !sifted.End
	return out, nil
}

// Count counts the rows of a room, or of all, that a filter lets through, up to
// most. More tells that there may be others: counting ends, too, when it has
// looked for as long as a few searches.
func Count(ctx context.Context, r moderation.Reader, f *Filter, room string, most int) (n int, more bool, err error) {
	switch f.q.List {
	case moderation.ListFlags:
		return count[moderation.Flag](ctx, r, f, room, most)
	case moderation.ListComplaints:
		return count[moderation.Complaint](ctx, r, f, room, most)
	case moderation.ListProblems:
		return count[moderation.Problem](ctx, r, f, room, most)
	case moderation.ListQuestions:
		return count[moderation.Question](ctx, r, f, room, most)
	case moderation.ListOrders:
		return count[moderation.Order](ctx, r, f, room, most)
	case moderation.ListCases:
		return count[moderation.Case](ctx, r, f, room, most)
	}
	return count[moderation.Recorded](ctx, r, f, room, most)
}

// countSteps is how many searches a count takes at most.
const countSteps = 5

func count[T Row](ctx context.Context, r moderation.Reader, f *Filter, room string, most int) (n int, more bool, err error) {
	page := moderation.Page{Room: room, Before: maxKey}
	for range countSteps {
		page.Limit = most - n
		found, err := Find[T](ctx, r, f, page)
		if err != nil {
			return n, true, err
		}
		n += len(found.Rows)
		if !found.More || n >= most {
			return n, found.More, nil
		}
		page.Before = found.Next
	}
	return n, true, nil
}

// maxKey is beyond every key.
const maxKey = 1<<63 - 1

func listOf[T Row]() moderation.List {
	_, l := rowOf((*T)(nil))
	return l
}

// read reads rows of one list.
func read[T Row](ctx context.Context, r moderation.Reader, p moderation.Page) ([]T, error) {
	var rows any
	var err error
	switch any((*T)(nil)).(type) {
	case *moderation.Recorded:
		rows, err = r.Events(ctx, p)
	case *moderation.Flag:
		rows, err = r.Flags(ctx, p)
	case *moderation.Complaint:
		rows, err = r.Complaints(ctx, p)
	case *moderation.Problem:
		rows, err = r.Problems(ctx, p)
	case *moderation.Question:
		rows, err = r.Questions(ctx, p)
	case *moderation.Order:
		rows, err = r.Orders(ctx, p)
	case *moderation.Case:
		rows, err = r.Cases(ctx, p)
	}
	out, _ := rows.([]T)
	return out, err
}

// keyOf is the key that pages go by.
func keyOf(of any) int64 {
	switch r := of.(type) {
	case *moderation.Recorded:
		return r.Index
	case *moderation.Flag:
		return r.ID
	case *moderation.Complaint:
		return r.ID
	case *moderation.Problem:
		return r.ID
	case *moderation.Question:
		return r.ID
	case *moderation.Order:
		return r.Number
	case *moderation.Case:
		return r.ID
	}
	return 0
}
