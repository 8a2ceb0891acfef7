package tui

import (
	"liveroom/moderation"
)

// The rules of news. What comes while a person looks at something else moves
// nothing: a number in the title tells of it. In a feed it is what came since the
// feed stopped following its end; in a queue what waits and has never been on the
// screen. What was there before the screen was opened is no news.

// newsPanes are the queues that tell what is new.
var newsPanes = []pane{paneFlags, paneCases, paneChecks, paneAppeals}

// news is what was counted, and for what.
type news struct {
	changes, shown, n int
}

// newItems counts what came while a pane stood still.
func (m *Model) newItems(r *room, p pane) int {
	l := &r.lists[p]
	switch p {
	case paneSpeech, paneChat:
		if l.following() {
			return 0
		}
		live := r.running(p).live()
		i, exact := find(live, l.seen)
		if exact {
			i++
		}
		return len(live) - i
	case paneOrders:
		return behind(r.orders.rows(), l)
	case paneComplaints:
		return behind(r.complaints.rows(), l)
	case paneFlags:
		return r.unshown(p, r.flags.changes, func(count func(int64)) {
			for id, f := range r.flags.by {
				if waiting(&f.v) {
					count(id)
				}
			}
		})
	case paneCases, paneChecks, paneAppeals:
		return r.unshown(p, r.cases.changes, func(count func(int64)) {
			for _, c := range r.casesIn(p).rows() {
				if !over(c.v.State) {
					count(c.id)
				}
			}
		})
	}
	return 0
}

// behind counts what came behind the last item that a list showed while it
// followed its end. Those stand last, but for the few that came late.
func behind[T any](rows []*record[T], l *list) int {
	if l.following() {
		return 0
	}
	n := 0
	for n < len(rows) && rows[len(rows)-1-n].id > l.seen {
		n++
	}
	return n
}

// unshown counts the items of a queue that have never been on the screen: anew
// where the queue or what was shown of it changed.
func (r *room) unshown(p pane, changes int, each func(count func(int64))) int {
	was := r.news[p]
	if was.changes == changes && was.shown == len(r.shown[p]) {
		return was.n
	}
	now := news{changes: changes, shown: len(r.shown[p])}
	each(func(id int64) {
		if !r.shown[p][id] {
			now.n++
		}
	})
	r.news[p] = now
	return now.n
}

// known marks the cases that were there before the screen was opened.
func (w *world) known(cases []moderation.Case) {
	for i := range cases {
		for _, p := range caseLists {
			w.room(cases[i].Room).shown[p][cases[i].ID] = true
		}
	}
}
