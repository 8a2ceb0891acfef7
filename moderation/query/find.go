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
	// openAtMost is how many rows are opened and held against the query.
	openAtMost = 2000
	// openAtOnce is how many are read at a time.
	openAtOnce = 250
)

// oftenIn is in how many lines a word stands once that is often there.
const oftenIn = 50

// lookAt is how many rows a store walks over, one walk after the other: what is
// often there is found in the first, and all are some ten milliseconds.
var lookAt = []int{500, 2000, 17_500}

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
	s := &finding[T]{ctx: ctx, r: r, f: f, page: p}
	walk, sieve := p, f.Sieve()
	wide := widely(sieve)
	for _, n := range lookAt {
		walk.Limit = n
		along := sieve
		if wide {
			along = wordless(sieve)
		}
		sifted, err := r.Sift(ctx, listOf[T](), along, walk)
		if err == nil {
			err = s.open(sifted.Keys)
		}
		if err != nil {
			return s.out, fmt.Errorf("search the %s: %w", listOf[T](), err)
		}
		if s.full {
			return s.out, nil
		}
		s.out.Next, s.out.More = sifted.At, !sifted.End
		if sifted.End {
			break
		}
		wide = wide && len(s.out.Rows)*oftenIn >= s.opened
		if p.Before != 0 {
			walk.Before = sifted.At
		} else {
			walk.After = sifted.At
		}
	}
	return s.out, nil
}

// A finding is a search under way.
type finding[T Row] struct {
	ctx    context.Context
	r      moderation.Reader
	f      *Filter
	page   moderation.Page
	opened int
	out    Found[T]
	full   bool // enough is found, or opened
}

// open holds rows against the query.
func (s *finding[T]) open(keys []int64) error {
	for some := range slices.Chunk(keys, openAtOnce) {
		rows, err := read[T](s.ctx, s.r, moderation.Page{Keys: some})
		if err != nil {
			return err
		}
		if s.page.Before != 0 {
			slices.Reverse(rows)
		}
		for i := range rows {
			if !s.f.Match(&rows[i], nil) {
				continue
			}
			s.out.Rows = append(s.out.Rows, rows[i])
			if len(s.out.Rows) == s.page.Limit {
				s.out.Next, s.out.More, s.full = keyOf(&rows[i]), true, true
				return nil
			}
		}
		if s.opened += len(some); s.opened >= openAtMost {
			s.out.Next, s.out.More, s.full = some[len(some)-1], true, true
			return nil
		}
	}
	return nil
}

// widely tells whether a sieve asks for words by how they begin, a single
// character above all. A search index gathers every word that begins so before it
// gives the first: with those that are in every tenth line it takes longer than
// looking at the newest lines themselves.
func widely(s moderation.Sieve) bool {
	switch s := s.(type) {
	case moderation.AllOf:
		return slices.ContainsFunc(s, widely)
	case moderation.AnyOf:
		return slices.ContainsFunc(s, widely)
	case moderation.HasWords:
		return slices.ContainsFunc(s, func(w moderation.SearchWord) bool {
			_, prefix := w.Tokens()
			return prefix
		})
	}
	return false
}

// wordless is a sieve that asks for no words, and so lets through more.
func wordless(s moderation.Sieve) moderation.Sieve {
	switch s := s.(type) {
	case moderation.AllOf:
		var rest moderation.AllOf
		for _, c := range s {
			if c = wordless(c); c != nil {
				rest = append(rest, c)
			}
		}
		return rest
	case moderation.AnyOf:
		for _, c := range s {
			if widely(c) {
				return nil
			}
		}
	case moderation.HasWords:
		return nil
	}
	return s
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
