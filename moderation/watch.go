package moderation

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"liveroom/feed"
)

const (
	// KeptEvents is how many events of a room a subscriber can have waiting, and
	// how many it starts with: a screen shows fewer, and loads older ones.
	KeptEvents = 2000
	// recentRows is how many of the newest rows a snapshot holds beside all that
	// still wait for someone.
	recentRows = 1000
	// slowCommit is how long a commit may take before the record counts as not
	// being written: a person must know within a second.
	slowCommit = time.Second
	// lastPage is a key after all keys.
	lastPage = 1<<63 - 1
)

var errSlow = errors.New("the disk has not answered for a second")

// watch tells subscribers what changes.
type watch struct {
	mu       sync.Mutex
	health   Health
	warnings map[string]Warning // by topic
	sources  map[string]feed.Status
	subs     map[*Subscription]struct{}
	looks    map[*Subscription]Look // of the consoles whose person looks at something
	consoles int64                  // subscriptions there have been
}

func (w *watch) init(now time.Time) {
	w.health = Health{OK: true, Since: now}
	w.sources = make(map[string]feed.Status)
	w.subs = make(map[*Subscription]struct{})
	w.looks = make(map[*Subscription]Look)
}

// publish passes on what a commit changed.
func (w *watch) publish(now time.Time, s *scribe) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.health.OK {
		w.health.OK, w.health.Err, w.health.Since = true, "", now
	}
	w.health.Events, w.health.Leaves = max(w.health.Events, s.events), max(w.health.Leaves, s.leaves)
	health := w.health
	s.up.Health = &health
	for sub := range w.subs {
		sub.put(&s.up)
	}
}

// ail notes that the record could not be written.
func (w *watch) ail(now time.Time, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.health.OK {
		w.health.OK, w.health.Since = false, now
	}
	w.health.Err = err.Error()
	health := w.health
	for sub := range w.subs {
		sub.put(&Update{Health: &health})
	}
}

// Warn tells who watches that something about a topic is wrong, until Warn is
// called for the topic again; with no text nothing is wrong any more.
func (d *Desk) Warn(topic, text string) { d.warn(Warning{Topic: topic, Text: text}) }

func (d *Desk) warn(of Warning) {
	w := &d.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.warnings[of.Topic]
	if was.Text == of.Text && was.ZH == of.ZH {
		return
	}
	if of.Since = was.Since; was.Text == "" {
		of.Since = d.now()
	}
	if w.warnings == nil {
		w.warnings = make(map[string]Warning)
	}
	w.warnings[of.Topic] = of
	w.health.Warnings = nil
	for _, t := range slices.Sorted(maps.Keys(w.warnings)) {
		if w.warnings[t].Text != "" {
			w.health.Warnings = append(w.health.Warnings, w.warnings[t])
		}
	}
	health := w.health
	for sub := range w.subs {
		sub.put(&Update{Health: &health})
	}
}

func (w *watch) ailing() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.health.OK
}

// SourceStatus passes on what a source tells of itself.
func (d *Desk) SourceStatus(s feed.Status) {
	w := &d.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sources[s.Source] = s
	for sub := range w.subs {
		sub.put(&Update{Sources: []feed.Status{s}})
	}
}

// Subscribe begins a subscription. It must be closed. A subscriber that is slow
// holds nobody up: what it has not fetched is merged, each row in its newest
// state, and of each room's events only the last are kept for it.
func (d *Desk) Subscribe() *Subscription {
	s := &Subscription{desk: d, ready: make(chan struct{}, 1), last: make(map[string]int64)}
	s.box.reset()
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	d.watch.consoles++
	s.console = d.watch.consoles
	d.watch.subs[s] = struct{}{}
	return s
}

// A Subscription is one watcher's mailbox. Next is called from one goroutine.
type Subscription struct {
	desk    *Desk
	console int64            // the how manieth it is
	ready   chan struct{}    // holds one when the box is not empty
	started bool             // the snapshot was handed out
	last    map[string]int64 // index of the last event handed out, by room

	mu     sync.Mutex
	box    mailbox
	closed bool
}

// errUnsubscribed is what Next says once the subscription is closed.
var errUnsubscribed = errors.New("the subscription is closed")

// Close ends the subscription; a Next that waits returns an error.
func (s *Subscription) Close() {
	s.desk.watch.mu.Lock()
	s.desk.watch.look(s, Look{Console: s.console})
	delete(s.desk.watch.subs, s)
	s.desk.watch.mu.Unlock()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.wake()
}

func (s *Subscription) wake() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

func (s *Subscription) put(u *Update) {
	s.mu.Lock()
	s.box.merge(u)
	s.mu.Unlock()
	s.wake()
}

// Next returns first a snapshot of what a screen starts with, then what changed
// since the call before, waiting until something did.
func (s *Subscription) Next(ctx context.Context) (Update, error) {
	if !s.started {
		return s.first(ctx)
	}
	for {
		select {
		case <-ctx.Done():
			return Update{}, ctx.Err()
		case <-s.ready:
		}
		u, some, err := s.take()
		if err != nil || some {
			return u, err
		}
	}
}

// first merges the snapshot with what was published while it was read: a row
// that stands in both counts as the newer one.
func (s *Subscription) first(ctx context.Context) (Update, error) {
	snap, err := s.desk.snapshot(ctx, s)
	if err != nil {
		return Update{}, err
	}
	s.mu.Lock()
	waiting := s.box.take()
	s.box.merge(snap)
	s.box.merge(&waiting)
	s.mu.Unlock()
	u, _, err := s.take()
	s.started = err == nil
	return u, err
}

func (s *Subscription) take() (u Update, some bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Update{}, false, errUnsubscribed
	}
	u = s.box.take()
	fresh := u.Events[:0]
	for _, e := range u.Events {
		// The snapshot may hold what was published just after it was read.
		if e.Index > s.last[e.Room] {
			fresh = append(fresh, e)
			s.last[e.Room] = e.Index
		}
	}
	u.Events = fresh
	return u, !u.empty(), nil
}

func (u *Update) empty() bool {
	return u.Health == nil && len(u.Events)+len(u.Rooms)+len(u.Flags)+len(u.Complaints)+len(u.Problems)+
		len(u.Questions)+len(u.Orders)+len(u.Cases)+len(u.Effects)+len(u.Notices)+len(u.Sources)+len(u.Looks)+len(u.Skipped) == 0
}

// snapshot reads what a screen starts with.
func (d *Desk) snapshot(ctx context.Context, s *Subscription) (*Update, error) {
	var u Update
	var err error
	if u.Rooms, err = d.store.Rooms(ctx); err != nil {
		return nil, err
	}
	for _, r := range u.Rooms {
		events, err := d.store.Events(ctx, Page{Room: r.ID, Before: lastPage, Limit: KeptEvents})
		if err != nil {
			return nil, err
		}
		u.Events = append(u.Events, events...)
	}
	recent := Page{Before: lastPage, Limit: recentRows}
	if u.Flags, err = openAndRecent(ctx, d.store.Flags, func(f Flag) int64 { return f.ID }); err != nil {
		return nil, err
	}
	if u.Cases, err = openAndRecent(ctx, d.store.Cases, func(c Case) int64 { return c.ID }); err != nil {
		return nil, err
	}
	if u.Complaints, err = d.store.Complaints(ctx, recent); err != nil {
		return nil, err
	}
	if u.Problems, err = d.store.Problems(ctx, recent); err != nil {
		return nil, err
	}
	if u.Questions, err = openAndRecent(ctx, d.store.Questions, func(q Question) int64 { return q.ID }); err != nil {
		return nil, err
	}
	if u.Orders, err = d.store.Orders(ctx, recent); err != nil {
		return nil, err
	}
	if u.Effects, err = d.effectsOf(ctx, u.Flags); err != nil {
		return nil, err
	}
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	u.Sources = slices.Collect(maps.Values(d.watch.sources))
	u.Looks = d.watch.looksBeside(s)
	health := d.watch.health
	u.Health = &health
	return &u, nil
}

// effectsOf lists what was asked for about the flags, what waits for a person, and
// the newest of what was done about messages.
func (d *Desk) effectsOf(ctx context.Context, flags []Flag) ([]Effect, error) {
	known := make(map[int64]bool, len(flags))
	for _, f := range flags {
		known[f.ID] = true
	}
	all, err := d.store.Effects(ctx, noTime)
	about := 0
	for _, e := range all {
		if e.Event != 0 {
			about++
		}
	}
	return slices.DeleteFunc(all, func(e Effect) bool {
		if e.Event != 0 {
			about--
		}
		return !known[e.Flag] && !e.Stuck() && (e.Event == 0 || about >= recentRows)
	}), err
}

// openAndRecent lists all rows that wait for someone, and the newest others.
func openAndRecent[T any](ctx context.Context, list func(context.Context, Page) ([]T, error), id func(T) int64) ([]T, error) {
	recent, err := list(ctx, Page{Before: lastPage, Limit: recentRows})
	if err != nil || len(recent) < recentRows {
		return recent, err
	}
	older, err := list(ctx, Page{Before: id(recent[0]), Open: true})
	return append(older, recent...), err
}
