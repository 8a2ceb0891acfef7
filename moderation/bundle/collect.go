package bundle

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
)

const (
	// around is how much of what was said before and after a flagged sentence
	// belongs to it.
	around = 2 * time.Minute
	// leafPage is how many leaves are read at a time.
	leafPage = 5000
)

// A proven leaf is one with the proof that it stands in the ledger.
type proven struct {
	moderation.Leaf
	proof []ledger.Hash
	hash  ledger.Hash // of a leaf that was erased
}

// findings is all that goes into a bundle, as the record has it.
type findings struct {
	moderation.CaseRows
	room    moderation.Room
	head    moderation.Head
	events  []moderation.Recorded // in record order, each once
	found   map[int64]bool        // which they are
	speech  map[int64]bool        // of these, what was said
	gone    map[int64]bool        // and what the platform withdrew since
	effects []moderation.Effect
	leaves  []proven
	from    time.Time // the period that the case is about
	to      time.Time
}

// collect reads a case as it is at one moment.
func collect(ctx context.Context, r moderation.Record, id int64) (*findings, error) {
	rows, err := moderation.RowsOf(ctx, r, id)
	if err != nil {
		return nil, err
	}
	f := &findings{CaseRows: rows, speech: make(map[int64]bool), found: make(map[int64]bool)}
	for _, step := range []func(context.Context, moderation.Record) error{f.readRoom, f.readSpeech, f.readTrade, f.readWithdrawn, f.readConnection, f.readEffects, f.readLeaves} {
		if err := step(ctx, r); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(f.events, func(a, b moderation.Recorded) int { return cmp.Compare(a.Index, b.Index) })
	return f, nil
}

func (f *findings) readRoom(ctx context.Context, r moderation.Record) error {
	var err error
	if f.head, err = r.Head(ctx); err != nil {
		return err
	}
	rooms, err := r.Rooms(ctx)
	for _, room := range rooms {
		if room.ID == f.Case.Room {
			f.room = room
		}
	}
	return err
}

// spans widens the period.
func (f *findings) spans(times ...time.Time) {
	for _, t := range times {
		if t.IsZero() {
			continue
		}
		if f.from.IsZero() || t.Before(f.from) {
			f.from = t
		}
		if t.After(f.to) {
			f.to = t
		}
	}
}

func (f *findings) add(events ...moderation.Recorded) {
	for _, e := range events {
		if !f.found[e.Index] {
			f.found[e.Index] = true
			f.events = append(f.events, e)
			f.spans(e.At)
		}
	}
}

// readSpeech reads the flagged sentences with what was said around them, and
// what was said of each order's product before it was paid.
func (f *findings) readSpeech(ctx context.Context, r moderation.Record) error {
	for _, flag := range f.Flags {
		said, err := r.Utterances(ctx, flag.Room, flag.At.Add(-around), flag.At.Add(around))
		if err != nil {
			return fmt.Errorf("speech around flag %d: %w", flag.ID, err)
		}
		f.say(said...)
		if err := f.addIndexes(ctx, r, flag.Event); err != nil {
			return err
		}
		f.speech[flag.Event] = true
	}
	return moderation.SpeechWindows(ctx, r, f.Orders, moderation.Listening{}, func(_ *moderation.Order, window []moderation.Spoken) {
		for _, s := range window {
			f.say(s.Event)
		}
	})
}

// readWithdrawn adds what tells that some of it was withdrawn by the platform.
func (f *findings) readWithdrawn(ctx context.Context, r moderation.Record) error {
	withdrawn, err := moderation.ReadWithdrawals(ctx, r, f.Case.Room)
	if err != nil {
		return err
	}
	f.gone = map[int64]bool{}
	var by []int64
	for i := range f.events {
		if told := withdrawn.Of(&f.events[i]); told != nil {
			f.gone[f.events[i].Index] = true
			by = append(by, told.Index)
		}
	}
	return f.addIndexes(ctx, r, by...)
}

func (f *findings) say(said ...moderation.Recorded) {
	for _, e := range said {
		f.speech[e.Index] = true
	}
	f.add(said...)
}

func (f *findings) addIndexes(ctx context.Context, r moderation.Record, indexes ...int64) error {
	for _, i := range indexes {
		found, err := r.Events(ctx, moderation.Page{After: i - 1, Limit: 1})
		if err != nil {
			return fmt.Errorf("event %d: %w", i, err)
		}
		if len(found) != 1 || found[0].Index != i {
			return fmt.Errorf("event %d: %w: run liveroom verify", i, moderation.ErrDamaged)
		}
		f.add(found...)
	}
	return nil
}

// readTrade reads the complaints' messages and every event of the orders.
func (f *findings) readTrade(ctx context.Context, r moderation.Record) error {
	for _, c := range f.Complaints {
		if err := f.addIndexes(ctx, r, c.Event); err != nil {
			return err
		}
	}
	rooms := make(map[string]map[string]moderation.Order)
	for _, o := range f.Orders {
		if err := f.addIndexes(ctx, r, o.Event); err != nil {
			return err
		}
		if madeAt(&o).IsZero() {
			continue
		}
		if rooms[o.Room] == nil {
			rooms[o.Room] = make(map[string]moderation.Order)
		}
		rooms[o.Room][o.ID] = o
	}
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		if err := f.readOrders(ctx, r, room, rooms[room]); err != nil {
			return fmt.Errorf("events of the orders: %w", err)
		}
	}
	f.spans(f.Case.OpenedAt)
	return nil
}

// madeAt is when an order was made, or paid where nobody told.
func madeAt(o *moderation.Order) time.Time {
	if o.CreatedAt.IsZero() {
		return o.PaidAt
	}
	return o.CreatedAt
}

// readOrders reads every event of a room's orders, in one walk for all of them:
// a case may be about thousands.
func (f *findings) readOrders(ctx context.Context, r moderation.Record, room string, orders map[string]moderation.Order) error {
	page := moderation.Page{Room: room, Kinds: []feed.Kind{feed.KindOrder, feed.KindRefund}, Limit: leafPage}
	for _, o := range orders {
		if from := madeAt(&o).Add(-around); page.Since.IsZero() || from.Before(page.Since) {
			page.Since = from
		}
	}
	for {
		events, err := r.Events(ctx, page)
		if err != nil {
			return err
		}
		for _, e := range events {
			page.After = e.Index
			o, ours := orders[e.OrderID]
			if made := madeAt(&o); ours && !e.At.Before(made.Add(-around)) && !e.At.After(made.AddDate(1, 0, 0)) {
				f.add(e)
			}
		}
		if len(events) < leafPage {
			return nil
		}
	}
}

// readConnection reads what the connections and the room told of themselves in
// the period: holes, products put on air, the stream's beginning and end.
func (f *findings) readConnection(ctx context.Context, r moderation.Record) error {
	if f.from.IsZero() {
		return nil
	}
	events, err := r.EventsOf(ctx, f.Case.Room, []feed.Kind{feed.KindGap, feed.KindSystem, feed.KindProduct}, f.from.Add(-around), f.to.Add(around), 0)
	if err != nil {
		return fmt.Errorf("connection of the period: %w", err)
	}
	from, to := f.from, f.to
	f.add(events...)
	f.from, f.to = from, to
	return nil
}

func (f *findings) readEffects(ctx context.Context, r moderation.Record) error {
	all, err := r.Effects(ctx, time.Time{})
	if err != nil {
		return fmt.Errorf("effects: %w", err)
	}
	for _, e := range all {
		if e.Flag != 0 && slices.Contains(f.Case.Flags, e.Flag) {
			f.effects = append(f.effects, e)
		}
	}
	return nil
}

type leafKey struct{ kind, ref string }

func (f *findings) wanted() map[leafKey]bool {
	want := map[leafKey]bool{{moderation.LeafCase, fmt.Sprint(f.Case.ID)}: true}
	for _, e := range f.events {
		want[leafKey{moderation.LeafEvent, fmt.Sprint(e.Index)}] = true
	}
	for _, x := range f.Flags {
		want[leafKey{moderation.LeafFlag, fmt.Sprint(x.ID)}] = true
	}
	for _, x := range f.Complaints {
		want[leafKey{moderation.LeafComplaint, fmt.Sprint(x.ID)}] = true
	}
	for _, x := range f.Orders {
		want[leafKey{moderation.LeafOrder, x.ID}] = true
		want[leafKey{moderation.LeafOrder, moderation.OrderRef(&x)}] = true
	}
	for _, x := range f.Actions {
		want[leafKey{moderation.LeafAction, fmt.Sprint(x.ID)}] = true
	}
	for _, x := range f.effects {
		want[leafKey{moderation.LeafEffect, fmt.Sprint(x.ID)}] = true
	}
	return want
}

// readLeaves reads the leaves of all rows, the older ones too: they show when a
// row changed. A policy's leaf holds what its payments were granted under. Proofs are made once the checkpoint is known.
func (f *findings) readLeaves(ctx context.Context, r moderation.Record) error {
	want, kept := f.wanted(), make(map[int64]bool)
	for _, p := range f.Case.Payments {
		kept[p.Kept] = true
	}
	for after := int64(0); ; {
		page, err := r.Leaves(ctx, after, leafPage)
		if err != nil {
			return fmt.Errorf("leaves: %w", err)
		}
		for _, l := range page {
			after = l.Index
			if want[leafKey{l.Kind, l.Ref}] || l.Kind == moderation.LeafPolicy && kept[l.Index] {
				f.leaves = append(f.leaves, proven{Leaf: l})
			}
		}
		if len(page) < leafPage {
			return nil
		}
	}
}

// prove fills in the proofs that the leaves stand in the ledger's first size.
func (f *findings) prove(ctx context.Context, r moderation.Record, size int64) error {
	stored, err := f.storedHashes(ctx, r, size)
	if err != nil {
		return err
	}
	for i := range f.leaves {
		l := &f.leaves[i]
		if l.proof, err = ledger.Prove(size, l.Index-1, stored); err != nil {
			return err
		}
		if len(l.Data) == 0 {
			l.hash = stored[tlog.StoredHashIndex(0, l.Index-1)]
		}
	}
	return nil
}

// hashes are stored hashes by their index.
type hashes map[int64]ledger.Hash

// ReadHashes implements tlog.HashReader.
func (h hashes) ReadHashes(indexes []int64) ([]ledger.Hash, error) {
	out := make([]ledger.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = h[index]
	}
	return out, nil
}

// storedHashes reads the hashes that the proofs are made of. They are asked for a
// proof at a time, and read in a few reads.
func (f *findings) storedHashes(ctx context.Context, r moderation.Record, size int64) (hashes, error) {
	need := make(hashes)
	asked := tlog.HashReaderFunc(func(indexes []int64) ([]ledger.Hash, error) {
		for _, i := range indexes {
			need[i] = ledger.Hash{}
		}
		return need.ReadHashes(indexes)
	})
	for _, l := range f.leaves {
		need[tlog.StoredHashIndex(0, l.Index-1)] = ledger.Hash{}
		if _, err := ledger.Prove(size, l.Index-1, asked); err != nil {
			return nil, err
		}
	}
	for indexes := range slices.Chunk(slices.Sorted(maps.Keys(need)), leafPage) {
		got, err := r.LedgerHashes(ctx, indexes)
		if err != nil {
			return nil, err
		}
		for i, index := range indexes {
			need[index] = got[i]
		}
	}
	return need, nil
}
