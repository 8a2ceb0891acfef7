package moderation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation/policy"
	"liveroom/moderation/qualification"
	"liveroom/moderation/risk"
)

// DefaultUndoWindow is how long an action can be taken back where nothing else
// is said.
const DefaultUndoWindow = 15 * time.Second

const (
	defaultTimeZone = "Asia/Shanghai"
)

// A Checker finds claims in an utterance. before holds the utterances of the
// same room just before it, oldest first.
type Checker interface {
	Check(u claims.Utterance, before []claims.Utterance) []claims.Finding
}

// An Effector carries out an outward effect. It must be idempotent by
// Effect.Key. The string it returns is recorded as the result.
type Effector interface {
	Carry(ctx context.Context, e Effect) (string, error)
}

// ErrPerhaps is what a notifier's error wraps that leaves open whether people
// were told; any other error of it means that they were not.
var ErrPerhaps = errors.New("it may have arrived")

// Config is what a desk stands on.
type Config struct {
	Store    Store
	Checker  Checker          // nil: nothing is checked
	Effector Effector         // nil: effects stay recorded as failed, "no way out configured"
	Clock    func() time.Time // nil: time.Now
	// Wall is the time of the people at the desk: undo windows and effects go
	// by it, however fast Clock runs in a replay. nil: Clock.
	Wall func() time.Time
	// Uptime counts on whatever Wall is set to: it shows where that jumped. nil:
	// nobody looks
	Uptime     func() time.Duration
	UndoWindow time.Duration // 0: 15 s
	// AnswerWithin is how long a viewer's question may wait for an answer. 0: 3 min
	AnswerWithin time.Duration
	// Lease is how long a case stays with who took it without their working on
	// it. 0: 20 min
	Lease time.Duration
	// SpeechWindow is how long before the payment the host's words count as what
	// the buyer heard. 0: 10 min
	SpeechWindow time.Duration
	// AtRisk is how long before it runs out the consoles tell of a clock. 0: 4 h
	AtRisk time.Duration
	// Notify are the ways to tell people of clocks beside the consoles, and
	// Notifier carries the effects of the kind EffectNotice to them. It need not be
	// idempotent, and says with ErrPerhaps what it does not know.
	Notify   []Notify
	Notifier Effector
	// Shelf tells what goods on air lack. nil: nothing is looked at
	Shelf *qualification.Shelf
	// Risk tells which orders and which words in the chat look like bad faith.
	// nil: nothing is put into the review queue
	Risk  *risk.Rules
	Rooms []Room      // rooms known beforehand, with their names
	Hosts []HostFacts // what no event tells of hosts
	// Rules keeps the users' rule files. nil: none can be written from here
	Rules Rulebook
	// Policies are what rules grant or refuse, and by when. nil: those that the
	// program brings along, policy.Shipped
	Policies *policy.Set
	// Product is what the fact sheet in force says of a product. nil: there is none
	Product func(sku string) *sheet.Product
}

// A Desk joins what arrives with what people decide. All its methods may be
// called at once by any number of goroutines.
type Desk struct {
	store        Store
	checker      atomic.Pointer[Checker] // nil: nothing is checked
	effector     Effector
	clock        func() time.Time
	wall         func() time.Time
	undoWindow   time.Duration
	answerWithin time.Duration
	lease        time.Duration
	speechWindow time.Duration
	policies     atomic.Pointer[policy.Set]
	risk         *risk.Rules                         // nil: nothing is weighed
	shelf        atomic.Pointer[qualification.Shelf] // nil: nothing is looked at
	kept         keptPolicies
	hosts        []HostFacts
	product      func(sku string) *sheet.Product // nil: there is no sheet
	notifier     Effector
	rules        Rulebook // nil: there is no file to write to
	notify       []Notify // the consoles first
	lookout      lookout
	time         timejump
	storePace    storePace
	effects      chan struct{} // tells Run that an effect was asked for

	mu        sync.Mutex
	rooms     map[string]*roomState
	dismissed map[int64]bool    // flags of the rooms in use that a person dismissed
	silent    map[string]Effect // what ways of telling were not, or perhaps not, told last

	watch watch
}

var _ feed.Sink = (*Desk)(nil)

// NewDesk makes a desk on a record, and writes the names of the rooms known
// beforehand into it.
func NewDesk(ctx context.Context, cfg Config) (*Desk, error) {
	if cfg.Store == nil {
		return nil, errors.New("a desk needs a store")
	}
	d := &Desk{
		store: cfg.Store, effector: cfg.Effector, clock: cfg.Clock, wall: cfg.Wall,
		undoWindow: cmp.Or(cfg.UndoWindow, DefaultUndoWindow), answerWithin: cmp.Or(cfg.AnswerWithin, DefaultAnswerWithin),
		lease: cmp.Or(cfg.Lease, DefaultLease), speechWindow: cmp.Or(cfg.SpeechWindow, DefaultSpeechWindow),
		risk: cfg.Risk, product: cfg.Product, hosts: cfg.Hosts, notifier: cfg.Notifier, rules: cfg.Rules,
		effects: make(chan struct{}, 1),
		rooms:   make(map[string]*roomState), dismissed: make(map[int64]bool),
	}
	d.UseChecker(cfg.Checker)
	d.UseShelf(cfg.Shelf)
	if cfg.Policies == nil {
		var err error
		if cfg.Policies, err = policy.Shipped(); err != nil {
			return nil, fmt.Errorf("open the desk: %w", err)
		}
	}
	d.UsePolicies(cfg.Policies)
	if d.clock == nil {
		d.clock = time.Now
	}
	if d.wall == nil {
		d.wall = d.clock
	}
	d.time.uptime = cfg.Uptime
	if err := d.useNotify(cfg); err != nil {
		return nil, fmt.Errorf("open the desk: %w", err)
	}
	d.watch.init(d.now())
	if err := d.nameRooms(ctx, cfg.Rooms); err != nil {
		return nil, fmt.Errorf("open the desk: %w", err)
	}
	if err := d.bringOn(ctx); err != nil {
		return nil, fmt.Errorf("open the desk: %w", err)
	}
	if err := d.beginTime(ctx); err != nil {
		return nil, fmt.Errorf("open the desk: %w", err)
	}
	return d, nil
}

// UseChecker lets another checker check what is said from now on; nil lets
// nobody. What was found before stands.
func (d *Desk) UseChecker(c Checker) {
	d.Warn("rule", "")
	if c == nil {
		d.checker.Store(nil)
		return
	}
	d.checker.Store(&c)
}

// Policies are the policies that count now.
func (d *Desk) Policies() *policy.Set { return d.policies.Load() }

// UsePolicies lets other policies count from now on. What was decided under the
// ones before stands.
func (d *Desk) UsePolicies(s *policy.Set) { d.policies.Store(s) }

// now is the clock's time as the record will keep it.
func (d *Desk) now() time.Time { return Unstamp(Stamp(d.clock())) }

// wallNow is the people's time as the record will keep it.
func (d *Desk) wallNow() time.Time { return Unstamp(Stamp(d.wall())) }

func (d *Desk) nameRooms(ctx context.Context, rooms []Room) error {
	return d.update(ctx, func(s *scribe) error {
		known, err := s.tx.Rooms(ctx)
		if err != nil {
			return err
		}
		byID := make(map[string]Room)
		for _, r := range known {
			byID[r.ID] = r
		}
		head, err := s.tx.Head(ctx)
		if err != nil {
			return err
		}
		last, err := s.tx.Events(ctx, Page{Before: lastPage, Limit: 1})
		if err != nil {
			return err
		}
		s.leaves = head.Size
		for _, e := range last {
			s.events = e.Index
		}
		for _, r := range rooms {
			old, ok := byID[r.ID]
			if !ok {
				old = Room{ID: r.ID}
			}
			old.Name, old.TimeZone = firstOf(r.Name, old.Name, r.ID), firstOf(r.TimeZone, old.TimeZone, defaultTimeZone)
			if err := s.room(old); err != nil {
				return err
			}
		}
		return nil
	})
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

// Reader reads the record.
func (d *Desk) Reader() Reader { return d.store }

// update runs fn in one transaction, tells those who watch what it changed, and
// keeps the health of the record. fn may run more than once before it counts.
func (d *Desk) update(ctx context.Context, fn func(s *scribe) error) error {
	slow := time.AfterFunc(slowCommit, func() { d.watch.ail(d.now(), errSlow) })
	var s *scribe
	began := time.Now()
	err := d.store.Update(ctx, func(tx Tx) error {
		s = &scribe{tx: tx}
		return fn(s)
	})
	slow.Stop()
	if err == nil {
		d.noteCommit(time.Since(began))
	}
	if err == nil {
		d.noteDismissed(s.up.Flags)
		d.kept.note(s.policies)
		d.lookout.look(s.up.Cases, d.nextNotice)
		d.watch.publish(d.now(), s)
		return nil
	}
	if !ofThePerson(err) {
		d.watch.ail(d.now(), err)
	}
	return err
}

// ofThePerson tells an answer to who asked from a failure of the record.
func ofThePerson(err error) bool {
	var r *Refusal
	return errors.As(err, &r) || errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
