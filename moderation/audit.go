package moderation

import (
	"context"
	"crypto/sha256"
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
		a := &auditor{ctx: ctx, store: r, newest: make(map[leafKey]rowLeaf), blank: make(map[leafKey]int64), gone: newErasures()}
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
	a.People = int64(len(a.gone.holders))
	return nil
}

type leafKey struct{ kind, ref string }

type auditor struct {
	Audit
	ctx    context.Context
	store  Record
	newest map[leafKey]rowLeaf // each row's newest leaf
	blank  map[leafKey]int64   // leaves that only their hash is left of: the last of each row
	gone   erasures

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
			l, err := a.record(leaf)
			if err != nil {
				yield(ledger.Leaf{}, err)
				return
			}
			if !yield(l, nil) {
				return
			}
		}
	}
}

// record is a leaf as the tree knows it.
func (a *auditor) record(l Leaf) (ledger.Leaf, error) {
	out := ledger.Leaf{Index: l.Index - 1}
	if len(l.Data) == 0 {
		stored, err := a.store.LedgerHashes(a.ctx, []int64{tlog.StoredHashIndex(0, out.Index)})
		if err != nil {
			return out, err
		}
		out.Hash = stored[0]
		return out, nil
	}
	if l.Kind == LeafErasure {
		if err := a.gone.learn(l.Data); err != nil {
			a.fault(l.Kind, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		}
	}
	record, err := ledger.Record(l.Kind, l.Ref, l.Data)
	if err != nil {
		record = l.Data // which hashes to something else, and so is found
	}
	out.Record = record
	return out, nil
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
	maps.DeleteFunc(a.newest, func(k leafKey, _ rowLeaf) bool { return k.kind == kind })
	return nil
}

func (a *auditor) note(l Leaf) error {
	switch {
	case l.Kind == LeafEvent:
		return a.event(l)
	case l.Kind == LeafErasure:
		return nil
	case len(l.Data) == 0:
		a.blank[leafKey{l.Kind, l.Ref}] = l.Index
		return nil
	}
	if l.Kind == LeafPolicy {
		return a.policy(l)
	}
	var data rowLeaf
	if err := json.Unmarshal(l.Data, &data); err != nil {
		a.fault(l.Kind, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		return nil
	}
	a.newest[leafKey{l.Kind, l.Ref}] = data
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
	var want sealedEventLeaf
	if len(l.Data) > 0 {
		if err := json.Unmarshal(l.Data, &want); err != nil {
			a.fault(LeafEvent, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
			return nil
		}
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
			if err := a.compareEvent(e, l, want); err != nil {
				a.fault(LeafEvent, l.Ref, "%v", err)
			}
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

// compareEvent tells what of an event is not as its leaf says.
func (a *auditor) compareEvent(e *Recorded, l Leaf, want sealedEventLeaf) error {
	switch {
	case e.Seal.Erased():
		return a.erasedEvent(e, l, want)
	case len(l.Data) == 0:
		return fmt.Errorf("leaf %d was erased and the event was not", l.Index)
	}
	is := *e
	is.RawSHA256 = sha256.Sum256(e.Raw)
	if want.V == 0 {
		is.Seal = Seal{} // recorded before there were seals, and sealed since
	}
	leaf, err := newEventLeaf(&is)
	var got sealedEventLeaf
	if err == nil {
		err = json.Unmarshal(leaf.Data, &got)
	}
	switch {
	case err != nil:
		return err
	case got.Raw != want.Raw:
		return fmt.Errorf("its raw bytes hash to %.16s, the ledger says %.16s", got.Raw, want.Raw)
	case is.RawSHA256 != e.RawSHA256:
		return fmt.Errorf("the hash kept beside its raw bytes is %x, it should be %x", e.RawSHA256[:8], is.RawSHA256[:8])
	case got != want:
		return fmt.Errorf("differs from what was recorded: %s", differences(got, want))
	}
	return nil
}

// erasedEvent holds what is left of an event against its leaf.
func (a *auditor) erasedEvent(e *Recorded, l Leaf, want sealedEventLeaf) error {
	a.Erased++
	if !a.gone.covers(e.Seal.Holder, e.At) {
		return errUntold
	}
	if len(l.Data) == 0 {
		return nil
	}
	got := want
	got.At, got.Kind, got.Room, got.Source = leafTime(e.At), e.Kind, e.Room, e.Source
	if want.V == 0 {
		return fmt.Errorf("was erased, and leaf %d still tells of it", l.Index)
	}
	got.Holder = e.Seal.Holder
	if got.ID != "" {
		got.ID = e.ID
	}
	if got != want {
		return fmt.Errorf("differs from what was recorded: %s", differences(got, want))
	}
	return nil
}

// differences names what a leaf tells in the clear; the rest it holds as a hash.
func differences(got, want sealedEventLeaf) string {
	var out []string
	for _, f := range []struct{ name, got, want string }{
		{"source", got.Source, want.Source},
		{"id", got.ID, want.ID},
		{"room", got.Room, want.Room},
		{"kind", string(got.Kind), string(want.Kind)},
		{"time", got.At, want.At},
		{"holder", number(got.Holder), number(want.Holder)},
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
	a.Rows++
	want, ok := a.take(leafKey{kind, ref})
	if o, is := k.(Order); is && o.Seal.Holder != 0 {
		// It was called by the shop's number before there were seals.
		if older, was := a.take(leafKey{kind, o.ID}); !ok {
			want, ok = older, was
		}
	}
	blank, blanked := a.blank[leafKey{kind, ref}]
	erased := k.sealed().Erased()
	if erased {
		a.Erased++
	}
	switch {
	case blanked && !erased:
		a.fault(kind, ref, "leaf %d was erased and the row was not", blank)
	case !ok && !blanked:
		a.fault(kind, ref, "stands in the record without a leaf")
	case erased && want.Row != "" && !a.gone.covers(k.sealed().Holder, noTime):
		a.fault(kind, ref, "%v", errUntold)
	case ok:
		a.compareRow(k, want)
	}
}

// take is the newest leaf of a row, which is then accounted for.
func (a *auditor) take(key leafKey) (rowLeaf, bool) {
	l, ok := a.newest[key]
	delete(a.newest, key)
	return l, ok
}

func (a *auditor) compareRow(k kept, want rowLeaf) {
	kind, ref, got := k.leaf()
	var err error
	if want.V == 0 {
		got.Row, err = rowSum(k.content())
	} else {
		err = got.commit(k)
	}
	if err == nil && k.sealed().Erased() {
		if want.V == 0 {
			a.fault(kind, ref, "was erased, and its leaf still tells of it")
			return
		}
		got.Row = want.Row
	}
	switch {
	case err != nil:
		a.fault(kind, ref, "%v", err)
	case got.Row != want.Row || got.Open != want.Open || got.Holder != want.Holder:
		a.fault(kind, ref, "is not as its newest leaf says: hash %.16s, recorded %.16s", got.Row+got.Open, want.Row+want.Open)
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
