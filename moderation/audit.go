package moderation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
)

const (
	// auditPage is how many rows an audit reads at a time.
	auditPage = 2000
	// maxFaults is how many faults an audit lists: a record that was written
	// over would give millions.
	maxFaults = 1000
)

// A Fault is something in the record that is not as it was written.
type Fault struct {
	Kind string // of the leaf it is about, or "ledger"
	Ref  string
	What string
}

func (f Fault) String() string { return f.Kind + " " + f.Ref + ": " + f.What }

// Audit is what Verify found.
type Audit struct {
	Head   Head
	Events int64
	Rows   int64 // rows beside events that were compared
	Erased int64 // of both, those whose personal part was erased
	People int64 // whose data was erased as a whole
	Faults []Fault
	More   int64 // faults beyond those listed
}

// Err is nil for a record that is as it was written, else an error that counts
// the faults and names the first.
func (a *Audit) Err() error {
	if len(a.Faults) == 0 {
		return nil
	}
	return fmt.Errorf("the record was tampered with or damaged: %d faults, the first: %s", int64(len(a.Faults))+a.More, a.Faults[0])
}

func (a *Audit) fault(kind, ref, format string, args ...any) {
	if len(a.Faults) >= maxFaults {
		a.More++
		return
	}
	a.Faults = append(a.Faults, Fault{Kind: kind, Ref: ref, What: fmt.Sprintf(format, args...)})
}

// Verify holds the record against its ledger: the tree is rebuilt from the
// leaves, every event must have its leaf and its raw bytes the hash that
// stands there, and every other row must be as its newest leaf says. The error
// is about reading only; what is wrong with the record stands in the Audit.
//
// What was erased is no fault where the ledger says that it was: of an event or
// a row without its personal part the rest is held against its leaf. A leaf that
// told of it itself is left as its hash.
//
// The record is verified as it is at one moment and may be written meanwhile.
// What rooms and positions say follows from events and is not verified. Verify
// cannot tell a record that was cut short together with its ledger from one
// that was never longer; a head noted elsewhere can, see ledger.CheckPrefix.
func Verify(ctx context.Context, s Store) (*Audit, error) {
	var found *Audit
	err := s.Snapshot(ctx, func(r Record) error {
		a := &auditor{ctx: ctx, store: r, newest: make(map[leafKey]rowSums), blank: make(map[leafKey]int64), gone: newErasures()}
		a.events = readAhead(&a.reads,
			func(after int64) ([]Recorded, error) { return r.Events(ctx, Page{After: after, Limit: auditPage}) },
			func(e *Recorded) int64 { return e.Index })
		defer a.events.stop()
		if err := a.all(); err != nil {
			return err
		}
		found = &a.Audit
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify the record: %w", err)
	}
	return found, nil
}

func (a *auditor) all() error {
	if err := a.ledger(); err != nil {
		return err
	}
	for _, check := range []func() error{
		a.eventsLeft, a.withdrawals, a.flags, a.complaints, a.problems, a.questions, a.orders, a.cases, a.effects, a.actions,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	a.missing()
	a.People = int64(len(a.gone.holders))
	return nil
}

type leafKey struct{ kind, ref string }

type auditor struct {
	Audit
	ctx    context.Context
	store  Record
	reads  sync.Mutex          // of store: pages are read ahead
	newest map[leafKey]rowSums // what each row's newest leaf says
	blank  map[leafKey]int64   // leaves that only their hash is left of: the last of each row
	gone   erasures

	events *ahead[Recorded]
	page   []Recorded // events read and not yet met by a leaf
	done   bool
	untold []untoldEvent

	withdrawing map[string]map[int64]bool // by room, the events that withdraw others
}

// damaged turns a row that cannot be read into a fault; what is left of its
// kind is not looked at.
func (a *auditor) damaged(kind string, err error) error {
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	a.fault(kind, "row", "%v", err)
	maps.DeleteFunc(a.newest, func(k leafKey, _ rowSums) bool { return k.kind == kind })
	return nil
}
