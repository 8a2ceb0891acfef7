package moderation

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// tellEvery is how often the clocks are looked at: they count whole seconds.
	tellEvery = time.Second
	// lookAllEvery is how often all open cases are read anew: what others who
	// share the record changed reaches no subscription of ours.
	lookAllEvery = 5 * time.Minute
	// tellAtOnce is how many cases one transaction tells of.
	tellAtOnce = 200
)

// A lookout knows which cases there is something to tell of, and when, so that
// nobody reads thousands of them every second.
type lookout struct {
	mu   sync.Mutex
	seen map[int64]sighting
}

// A sighting is when there is something to tell of a case in a version.
type sighting struct {
	version int64
	at      time.Time // zero: never
}

// look notes when there will be something to tell of the cases. Two commits may
// be noted in the other order than they were made: an older version changes
// nothing.
func (l *lookout) look(cases []Case, next func(*Case) time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = make(map[int64]sighting)
	}
	for i := range cases {
		c := &cases[i]
		if l.seen[c.ID].version <= c.Version {
			l.seen[c.ID] = sighting{c.Version, next(c)}
		}
	}
}

// due lists the cases that there is something to tell of.
func (l *lookout) due(now time.Time) []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []int64
	for id, s := range l.seen {
		if !s.at.IsZero() && !now.Before(s.at) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// keepTelling tells of clocks as their time passes, until ctx ends.
func (d *Desk) keepTelling(ctx context.Context) {
	tick, all := time.NewTicker(tellEvery), time.NewTicker(lookAllEvery)
	defer tick.Stop()
	defer all.Stop()
	d.lookAll(ctx)
	for {
		d.tell(ctx)
		select {
		case <-ctx.Done():
			return
		case <-all.C:
			d.lookAll(ctx)
		case <-tick.C:
		}
	}
}

// lookAll reads all open cases.
func (d *Desk) lookAll(ctx context.Context) {
	open, err := d.store.Cases(ctx, Page{Open: true})
	if err != nil {
		if !ofThePerson(err) {
			d.watch.ail(d.now(), err)
		}
		return
	}
	d.lookout.look(open, d.nextNotice)
}
