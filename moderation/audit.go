package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"

	"liveroom/moderation/ledger"
	"liveroom/moderation/policy"
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
// The record is verified as it is at one moment and may be written meanwhile.
// What rooms and positions say follows from events and is not verified. Verify
// cannot tell a record that was cut short together with its ledger from one
// that was never longer; a head noted elsewhere can, see ledger.CheckPrefix.
func Verify(ctx context.Context, s Store) (*Audit, error) {
	var found *Audit
	err := s.Snapshot(ctx, func(r Record) error {
		a := &auditor{ctx: ctx, store: r, newest: make(map[leafKey]string)}
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
		a.eventsLeft, a.flags, a.complaints, a.problems, a.questions, a.orders, a.cases, a.effects, a.actions,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	a.missing()
	return nil
}

type leafKey struct{ kind, ref string }

type auditor struct {
	Audit
	ctx    context.Context
	store  Record
	newest map[leafKey]string // row hash of each row's newest leaf

	page  []Recorded // events read and not yet met by a leaf
	after int64
	done  bool
}

// ledger walks the leaves twice: for the tree; then for the events, whose leaves
// come in the events' order, and to learn the newest leaf of each row.
func (a *auditor) ledger() error {
	head, err := a.store.Head(a.ctx)
	if err != nil {
		if err := a.damaged("ledger", err); err != nil {
			return err
		}
	}
	a.Head = head
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		got, err := a.store.LedgerHashes(a.ctx, indexes)
		out := make([]tlog.Hash, len(got))
		for i := range got {
			out[i] = got[i]
		}
		return out, err
	})
	root, err := ledger.Verify(head.Size, a.records(), stored)
	var mismatch *ledger.MismatchError
	switch {
	case errors.As(err, &mismatch):
		a.fault("ledger", number(mismatch.Index+1), "%s", mismatch.What)
	case errors.Is(err, ErrDamaged):
		a.fault("ledger", "leaves", "%v", err)
	case err != nil:
		return err
	case root != head.Root:
		a.fault("ledger", "root", "stored as %x, the leaves give %x", head.Root[:8], root[:8])
	}
	return a.noteLeaves()
}

// records are the leaves as the tree knows them.
func (a *auditor) records() iter.Seq2[ledger.Leaf, error] {
	return func(yield func(ledger.Leaf, error) bool) {
		for leaf, err := range a.leaves() {
			if err != nil {
				yield(ledger.Leaf{}, err)
				return
			}
			record, err := ledger.Record(leaf.Kind, leaf.Ref, leaf.Data)
			if err != nil {
				record = leaf.Data // which hashes to something else, and so is found
			}
			if !yield(ledger.Leaf{Index: leaf.Index - 1, Record: record}, nil) {
				return
			}
		}
	}
}

func (a *auditor) leaves() iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for after := int64(0); ; {
			page, err := a.store.Leaves(a.ctx, after, auditPage)
			if err != nil {
				yield(Leaf{}, err)
				return
			}
			for _, l := range page {
				if !yield(l, nil) {
					return
				}
				after = l.Index
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

func (a *auditor) noteLeaves() error {
	for l, err := range a.leaves() {
		if err == nil {
			err = a.note(l)
		}
		if err != nil {
			return a.damaged(l.Kind, err)
		}
	}
	return nil
}

// damaged turns a row that cannot be read into a fault; what is left of its
// kind is not looked at.
func (a *auditor) damaged(kind string, err error) error {
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	a.fault(kind, "row", "%v", err)
	maps.DeleteFunc(a.newest, func(k leafKey, _ string) bool { return k.kind == kind })
	return nil
}

func (a *auditor) note(l Leaf) error {
	if l.Kind == LeafEvent {
		return a.event(l)
	}
	if l.Kind == LeafPolicy {
		return a.policy(l)
	}
	var data rowLeaf
	if err := json.Unmarshal(l.Data, &data); err != nil {
		a.fault(l.Kind, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		return nil
	}
	a.newest[leafKey{l.Kind, l.Ref}] = data.Row
	return nil
}

// policy holds a policy's leaf to its own name, which is the hash of what it
// keeps.
func (a *auditor) policy(l Leaf) error {
	var k policy.Kept
	if err := json.Unmarshal(l.Data, &k); err != nil {
		a.fault(LeafPolicy, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
	} else if got := k.Version(); got != l.Ref {
		a.fault(LeafPolicy, l.Ref, "leaf %d holds version %s", l.Index, got)
	}
	return nil
}

// event compares an event's leaf with the next event of the record.
func (a *auditor) event(l Leaf) error {
	var want eventLeaf
	if err := json.Unmarshal(l.Data, &want); err != nil {
		a.fault(LeafEvent, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		return nil
	}
	for {
		e, err := a.peek()
		if err != nil {
			return err
		}
		if e == nil || precedes(l.Ref, number(e.Index)) {
			a.fault(LeafEvent, l.Ref, "is gone from the record, leaf %d holds its hash", l.Index)
			return nil
		}
		a.page = a.page[1:]
		if number(e.Index) == l.Ref {
			a.compareEvent(e, want)
			return nil
		}
		a.fault(LeafEvent, number(e.Index), "stands in the record without a leaf")
	}
}

// precedes orders refs that are numbers.
func precedes(a, b string) bool {
	return len(a) < len(b) || len(a) == len(b) && a < b
}

// peek is the next event that no leaf has met, nil after the last.
func (a *auditor) peek() (*Recorded, error) {
	if len(a.page) == 0 && !a.done {
		page, err := a.store.Events(a.ctx, Page{After: a.after, Limit: auditPage})
		if err != nil {
			a.done = true
			return nil, a.damaged(LeafEvent, err)
		}
		a.page, a.done = page, len(page) == 0
		a.Events += int64(len(page))
		if len(page) > 0 {
			a.after = page[len(page)-1].Index
		}
	}
	if len(a.page) == 0 {
		return nil, nil
	}
	return &a.page[0], nil
}

func (a *auditor) compareEvent(e *Recorded, want eventLeaf) {
	ref := number(e.Index)
	sum := sha256.Sum256(e.Raw)
	if hex.EncodeToString(sum[:]) != want.Raw {
		a.fault(LeafEvent, ref, "its raw bytes hash to %x, the ledger says %.16s", sum[:8], want.Raw)
	} else if sum != e.RawSHA256 {
		a.fault(LeafEvent, ref, "the hash kept beside its raw bytes is %x, it should be %x", e.RawSHA256[:8], sum[:8])
	}
	leaf, err := newEventLeaf(e.Index, &e.Event, sum)
	var got eventLeaf
	if err == nil {
		err = json.Unmarshal(leaf.Data, &got)
	}
	switch {
	case err != nil:
		a.fault(LeafEvent, ref, "%v", err)
	case got.Row != want.Row:
		a.fault(LeafEvent, ref, "differs from what was recorded: %s", differences(got, want))
	}
}

// differences names what a leaf tells in the clear; the rest it holds as a hash.
func differences(got, want eventLeaf) string {
	var out []string
	for _, f := range []struct{ name, got, want string }{
		{"source", got.Source, want.Source},
		{"id", got.ID, want.ID},
		{"room", got.Room, want.Room},
		{"kind", string(got.Kind), string(want.Kind)},
		{"time", got.At, want.At},
	} {
		if f.got != f.want {
			out = append(out, fmt.Sprintf("%s %q was %q", f.name, f.got, f.want))
		}
	}
	if len(out) == 0 {
		return "its text, user or details"
	}
	return strings.Join(out, ", ")
}

// eventsLeft names the events behind the last that has a leaf.
func (a *auditor) eventsLeft() error {
	for {
		e, err := a.peek()
		if err != nil || e == nil {
			return err
		}
		a.fault(LeafEvent, number(e.Index), "stands in the record without a leaf")
		a.page = a.page[1:]
	}
}

// row compares a row with its newest leaf.
func (a *auditor) row(k kept) {
	kind, ref, _ := k.leaf()
	key := leafKey{kind, ref}
	want, ok := a.newest[key]
	delete(a.newest, key)
	a.Rows++
	got, err := rowSum(k.content())
	switch {
	case !ok:
		a.fault(kind, ref, "stands in the record without a leaf")
	case err != nil:
		a.fault(kind, ref, "%v", err)
	case got != want:
		a.fault(kind, ref, "is not as its newest leaf says: hash %.16s, recorded %.16s", got, want)
	}
}

// missing names the rows that have leaves and are gone.
func (a *auditor) missing() {
	keys := make([]leafKey, 0, len(a.newest))
	for k := range a.newest {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y leafKey) int {
		return strings.Compare(x.kind+" "+x.ref, y.kind+" "+y.ref)
	})
	for _, k := range keys {
		a.fault(k.kind, k.ref, "is gone from the record, the ledger holds its hash")
	}
}

// auditRows compares all rows of one kind.
func auditRows[T kept](a *auditor, list func(context.Context, Page) ([]T, error), key func(T) int64) error {
	page := Page{Limit: auditPage}
	for {
		rows, err := list(a.ctx, page)
		if err != nil {
			var none T
			kind, _, _ := none.leaf()
			return a.damaged(kind, err)
		}
		if len(rows) == 0 {
			return nil
		}
		for _, r := range rows {
			a.row(r)
		}
		page.After = key(rows[len(rows)-1])
	}
}

func (a *auditor) flags() error {
	return auditRows(a, a.store.Flags, func(f Flag) int64 { return f.ID })
}

func (a *auditor) complaints() error {
	return auditRows(a, a.store.Complaints, func(c Complaint) int64 { return c.ID })
}

func (a *auditor) problems() error {
	return auditRows(a, a.store.Problems, func(p Problem) int64 { return p.ID })
}

func (a *auditor) questions() error {
	return auditRows(a, a.store.Questions, func(q Question) int64 { return q.ID })
}

func (a *auditor) orders() error {
	return auditRows(a, a.store.Orders, func(o Order) int64 { return o.Number })
}

func (a *auditor) cases() error {
	return auditRows(a, a.store.Cases, func(c Case) int64 { return c.ID })
}

func (a *auditor) actions() error {
	return auditRows(a, a.store.Actions, func(x Action) int64 { return x.ID })
}

func (a *auditor) effects() error {
	all, err := a.store.Effects(a.ctx, noTime)
	if err != nil {
		return a.damaged(LeafEffect, err)
	}
	for _, e := range all {
		a.row(e)
	}
	return nil
}
