package tui

import (
	"sort"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/query"
)

// feedCap bounds how many events of a kind a room keeps for the screen. The
// record keeps all; what is older is read from it when a person goes there.
const feedCap = 5000

// An entry is one event as a feed pane holds it.
type entry struct {
	ev        moderation.Recorded
	name      feed.Display // the person, masked
	doc       query.Doc    // what a filter looks at
	retracted bool
	flags     []int64 // flags raised in it
	version   int     // raised when anything shown of it changes

	cache rowCache
}

// A ring is a bounded run of entries in record order, with the subset that a
// filter lets through.
type ring struct {
	all    []*entry
	off    int           // entries of all that are dead at its start
	filter *query.Filter // nil: everything
	passed []*entry
	poff   int

	older bool // the record holds older ones
	newer bool // and newer ones, of which the ring gets none by itself
}

// put adds an entry, or takes the place of one with the same index.
func (r *ring) put(e *entry) {
	if i, exact := find(r.live(), e.ev.Index); exact {
		r.live()[i] = e
		r.refilter()
		return
	} else if i < len(r.live()) {
		r.insert(i, e)
		return
	}
	r.all = append(r.all, e)
	if r.filter != nil && e.passes(r.filter) {
		r.passed = append(r.passed, e)
	}
	if len(r.live()) > feedCap {
		r.drop()
	}
}

// insert keeps record order when an older event comes late.
func (r *ring) insert(i int, e *entry) {
	i += r.off
	r.all = append(r.all, nil)
	copy(r.all[i+1:], r.all[i:])
	r.all[i] = e
	if len(r.live()) > feedCap {
		r.drop()
	}
	r.refilter()
}

// drop lets go of the oldest entry; the slice is copied down once it is half
// dead, so that dropping costs nothing on average.
func (r *ring) drop() {
	r.older = true
	gone := r.all[r.off]
	r.all[r.off] = nil
	r.off++
	if r.off > feedCap {
		r.all = append(r.all[:0:0], r.all[r.off:]...)
		r.off = 0
	}
	if r.poff < len(r.passed) && r.passed[r.poff] == gone {
		r.passed[r.poff] = nil
		r.poff++
		if r.poff > feedCap {
			r.passed = append(r.passed[:0:0], r.passed[r.poff:]...)
			r.poff = 0
		}
	}
}

func (r *ring) live() []*entry { return r.all[r.off:] }

// shown is what the filter lets through, or everything.
func (r *ring) shown() []*entry {
	if r.filter == nil {
		return r.live()
	}
	return r.passed[r.poff:]
}

func (r *ring) setFilter(f *query.Filter) {
	r.filter = f
	r.refilter()
}

func (r *ring) refilter() {
	r.passed, r.poff = nil, 0
	if r.filter == nil {
		return
	}
	for _, e := range r.live() {
		if e.passes(r.filter) {
			r.passed = append(r.passed, e)
		}
	}
}

// removeIf takes out the newest entry that match accepts, looking at most
// deep entries back.
func (r *ring) removeIf(deep int, match func(*entry) bool) {
	for i := len(r.all) - 1; i >= r.off && i >= len(r.all)-deep; i-- {
		if match(r.all[i]) {
			r.all = append(r.all[:i], r.all[i+1:]...)
			r.refilter()
			return
		}
	}
}

// byIndex finds the entry of an index of the record.
func (r *ring) byIndex(index int64) *entry {
	if i, exact := find(r.live(), index); exact {
		return r.live()[i]
	}
	return nil
}

func find(entries []*entry, index int64) (int, bool) {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].ev.Index >= index })
	return i, i < len(entries) && entries[i].ev.Index == index
}

func (e *entry) passes(f *query.Filter) bool { return f.Match(&e.ev, &e.doc) }
