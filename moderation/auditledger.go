package moderation

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/mod/sumdb/tlog"

	"liveroom/moderation/ledger"
	"liveroom/moderation/policy"
)

// ledger walks the leaves: for the tree; for the events, whose leaves come in the
// events' order; and to learn what the newest leaf of each row says.
func (a *auditor) ledger() error {
	head, err := a.store.Head(a.ctx)
	if err != nil {
		if err := a.damaged("ledger", err); err != nil {
			return err
		}
	}
	a.Head = head
	stored := tlog.HashReaderFunc(a.stored)
	var noted error
	root, err := ledger.Verify(head.Size, a.records(&noted), stored)
	var mismatch *ledger.MismatchError
	switch {
	case noted != nil:
		return noted
	case errors.As(err, &mismatch):
		a.fault("ledger", number(mismatch.Index+1), "%s", mismatch.What)
	case errors.Is(err, ErrDamaged):
		a.fault("ledger", "leaves", "%v", err)
	case err != nil:
		return err
	case root != head.Root:
		a.fault("ledger", "root", "stored as %x, the leaves give %x", head.Root[:8], root[:8])
	}
	a.tellUntold()
	return nil
}

// stored are the hashes that stand with the leaves.
func (a *auditor) stored(indexes []int64) ([]tlog.Hash, error) {
	a.reads.Lock()
	defer a.reads.Unlock()
	got, err := a.store.LedgerHashes(a.ctx, indexes)
	out := make([]tlog.Hash, len(got))
	for i := range got {
		out[i] = got[i]
	}
	return out, err
}

// records are the leaves as the tree knows them. Each is noted as well, also when
// the tree wants no more of them because it found one that is wrong; what keeps
// them from being noted stands in noted.
func (a *auditor) records(noted *error) iter.Seq2[ledger.Leaf, error] {
	return func(yield func(ledger.Leaf, error) bool) {
		wanted := true
		for l, err := range a.leaves() {
			switch {
			case err != nil && wanted:
				yield(ledger.Leaf{}, err)
				return
			case err != nil:
				*noted = a.damaged("ledger", err)
				return
			case wanted:
				wanted = yield(a.record(l))
			}
			if *noted = a.note(l); *noted != nil {
				return
			}
		}
	}
}

// record is a leaf as the tree knows it.
func (a *auditor) record(l Leaf) (ledger.Leaf, error) {
	out := ledger.Leaf{Index: l.Index - 1}
	if len(l.Data) == 0 {
		stored, err := a.stored([]int64{tlog.StoredHashIndex(0, out.Index)})
		if err != nil {
			return out, err
		}
		out.Hash = stored[0]
		return out, nil
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
		pages := readAhead(&a.reads,
			func(after int64) ([]Leaf, error) { return a.store.Leaves(a.ctx, after, auditPage) },
			func(l *Leaf) int64 { return l.Index })
		defer pages.stop()
		for {
			page, err := pages.page()
			if err != nil {
				yield(Leaf{}, err)
				return
			}
			for _, l := range page {
				if !yield(l, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// rowSums is what a row is held against of its newest leaf.
type rowSums struct {
	Holder int64  `json:"holder"`
	Open   string `json:"open"`
	Row    string `json:"row"`
	V      int    `json:"v"`
}

func (a *auditor) note(l Leaf) error {
	switch {
	case l.Kind == LeafEvent:
		return a.event(l)
	case l.Kind == LeafErasure:
		if len(l.Data) == 0 {
			return nil
		}
		if err := a.gone.learn(l.Data); err != nil {
			a.fault(l.Kind, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		}
		return nil
	case len(l.Data) == 0:
		a.blank[leafKey{l.Kind, l.Ref}] = l.Index
		return nil
	case l.Kind == LeafPolicy:
		a.policy(l)
		return nil
	}
	var data rowSums
	if err := json.Unmarshal(l.Data, &data); err != nil {
		a.fault(l.Kind, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
		return nil
	}
	a.newest[leafKey{l.Kind, l.Ref}] = data
	return nil
}

// policy holds a policy's leaf to its own name, which is the hash of what it
// keeps.
func (a *auditor) policy(l Leaf) {
	var k policy.Kept
	if err := json.Unmarshal(l.Data, &k); err != nil {
		a.fault(LeafPolicy, l.Ref, "leaf %d cannot be read: %v", l.Index, err)
	} else if got := k.Version(); got != l.Ref {
		a.fault(LeafPolicy, l.Ref, "leaf %d holds version %s", l.Index, got)
	}
}

// event compares an event's leaf with the next event of the record.
func (a *auditor) event(l Leaf) error {
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
		if number(e.Index) != l.Ref {
			a.fault(LeafEvent, number(e.Index), "stands in the record without a leaf")
			continue
		}
		a.withdraws(e)
		if e.Seal.Erased() {
			a.Erased++
			a.untold = append(a.untold, untoldEvent{l.Ref, e.Seal.Holder, e.At, compareErased(e, l)})
		} else if err := compareEvent(e, l); err != nil {
			a.fault(LeafEvent, l.Ref, "%v", err)
		}
		return nil
	}
}

// precedes orders refs that are numbers.
func precedes(a, b string) bool {
	return len(a) < len(b) || len(a) == len(b) && a < b
}

// peek is the next event that no leaf has met, nil after the last.
func (a *auditor) peek() (*Recorded, error) {
	if len(a.page) == 0 && !a.done {
		page, err := a.events.page()
		if err != nil {
			a.done = true
			return nil, a.damaged(LeafEvent, err)
		}
		a.page, a.done = page, len(page) == 0
		a.Events += int64(len(page))
	}
	if len(a.page) == 0 {
		return nil, nil
	}
	return &a.page[0], nil
}

// compareEvent tells what of an event is not as its leaf says.
func compareEvent(e *Recorded, l Leaf) error {
	if len(l.Data) == 0 {
		return fmt.Errorf("leaf %d was erased and the event was not", l.Index)
	}
	is := *e
	is.RawSHA256 = sha256.Sum256(e.Raw)
	leaf, err := newEventLeaf(&is)
	if err != nil {
		return err
	}
	if bytes.Equal(leaf.Data, l.Data) && is.RawSHA256 == e.RawSHA256 {
		return nil
	}
	return compareLeaves(e, is, l)
}

// compareLeaves tells what differs between the leaf of an event as it is, with the
// hash that its raw bytes have, and the one that it left.
func compareLeaves(e *Recorded, is Recorded, l Leaf) error {
	var got, want sealedEventLeaf
	if err := json.Unmarshal(l.Data, &want); err != nil {
		return fmt.Errorf("leaf %d cannot be read: %w", l.Index, err)
	}
	if want.V == 0 {
		is.Seal = Seal{} // recorded before there were seals, and sealed since
	}
	leaf, err := newEventLeaf(&is)
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

// An untoldEvent is an event without its personal part. Whether the ledger says
// that it was erased stands further on in it.
type untoldEvent struct {
	ref     string
	holder  int64
	at      time.Time
	differs error // what of the rest is not as its leaf says
}

// tellUntold names the erased events of which no leaf told, and those whose rest
// differs.
func (a *auditor) tellUntold() {
	for _, e := range a.untold {
		if !a.gone.covers(e.holder, e.at) {
			e.differs = errUntold
		}
		if e.differs != nil {
			a.fault(LeafEvent, e.ref, "%v", e.differs)
		}
	}
	a.untold = nil
}

// compareErased holds what is left of an event against its leaf.
func compareErased(e *Recorded, l Leaf) error {
	if len(l.Data) == 0 {
		return nil
	}
	var want sealedEventLeaf
	if err := json.Unmarshal(l.Data, &want); err != nil {
		return fmt.Errorf("leaf %d cannot be read: %w", l.Index, err)
	}
	if want.V == 0 {
		return fmt.Errorf("was erased, and leaf %d still tells of it", l.Index)
	}
	got := want
	got.At, got.Kind, got.Room, got.Source, got.Holder = leafTime(e.At), e.Kind, e.Room, e.Source, e.Seal.Holder
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
