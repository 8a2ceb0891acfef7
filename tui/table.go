package tui

import (
	"slices"

	"liveroom/moderation/query"
)

// A record is one row of a table: a flag, an order, a complaint or a case in
// its newest state.
type record[T any] struct {
	id      int64
	v       T
	doc     query.Doc
	version int

	cache rowCache
}

// A table keeps the records of one kind in the order people work on them.
type table[T any] struct {
	by     map[int64]*record[T]
	view   []*record[T]
	filter *query.Filter // nil: everything
	dirty  bool
	// changes counts what was put in and forgotten.
	changes int
	also    []*table[T] // they list the same records

	less  func(a, b *record[T]) int
	keep  func(*record[T]) bool // what the pane shows; nil: all
	spare func(*T) bool         // what may be forgotten when there are too many
	limit int
	// steady: the order hangs on the records alone, and all are kept. A record that
	// comes then goes to its place; else all are sorted anew.
	steady bool
}

func (t *table[T]) put(id int64, v T) *record[T] {
	if t.by == nil {
		t.by = map[int64]*record[T]{}
	}
	r := t.by[id]
	inPlace := t.steady && !t.dirty && len(t.by) < t.limit
	switch {
	case r == nil:
		r = &record[T]{id: id}
		t.by[id] = r
	case inPlace:
		t.takeOut(r)
	}
	r.v, r.doc = v, query.Doc{}
	r.version++
	t.changes++
	if t.dirty = !inPlace; inPlace && t.passes(r) {
		i, _ := slices.BinarySearchFunc(t.view, r, t.less)
		t.view = slices.Insert(t.view, i, r)
	}
	for _, other := range t.also {
		other.dirty = true
	}
	return r
}

// takeOut takes a record out of the view, where it is in it, before it changes.
func (t *table[T]) takeOut(r *record[T]) {
	if i, ok := slices.BinarySearchFunc(t.view, r, t.less); ok && t.view[i] == r {
		t.view = slices.Delete(t.view, i, i+1)
	}
}

func (t *table[T]) get(id int64) *record[T] { return t.by[id] }

// rows is what the pane shows, in order.
func (t *table[T]) rows() []*record[T] {
	if !t.dirty {
		return t.view
	}
	t.dirty = false
	t.shed()
	t.view = t.view[:0]
	for _, r := range t.by {
		if (t.keep == nil || t.keep(r)) && t.passes(r) {
			t.view = append(t.view, r)
		}
	}
	slices.SortFunc(t.view, t.less)
	return t.view
}

func (t *table[T]) passes(r *record[T]) bool {
	return t.filter == nil || t.filter.Match(&r.v, &r.doc)
}

// shed forgets the oldest records that nobody waits for, a tenth at a time.
func (t *table[T]) shed() {
	if t.limit == 0 || len(t.by) <= t.limit {
		return
	}
	var ids []int64
	for id, r := range t.by {
		if t.spare == nil || t.spare(&r.v) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids[:min(len(ids), len(t.by)-t.limit*9/10)] {
		delete(t.by, id)
	}
	t.changes++
}

func (t *table[T]) setFilter(f *query.Filter) { t.filter, t.dirty = f, true }

// find is the place of an id in the view; without it the place is the end.
func (t *table[T]) find(id int64) (int, bool) {
	for i, r := range t.rows() {
		if r.id == id {
			return i, true
		}
	}
	return len(t.view), false
}

// recordItems lets a list show a table.
type recordItems[T any] struct {
	t      *table[T]
	height func(i int, picked bool) int
}

func (s recordItems[T]) Len() int                      { return len(s.t.rows()) }
func (s recordItems[T]) ID(i int) int64                { return s.t.rows()[i].id }
func (s recordItems[T]) Find(id int64) (int, bool)     { return s.t.find(id) }
func (s recordItems[T]) Height(i int, picked bool) int { return s.height(i, picked) }

// entryItems lets a list show a ring.
type entryItems struct {
	entries []*entry
	height  func(i int, picked bool) int
}

func (s entryItems) Len() int                      { return len(s.entries) }
func (s entryItems) ID(i int) int64                { return s.entries[i].ev.Index }
func (s entryItems) Find(id int64) (int, bool)     { return find(s.entries, id) }
func (s entryItems) Height(i int, picked bool) int { return s.height(i, picked) }
