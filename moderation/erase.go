package moderation

import (
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation/privacy"
)

// EraseBuyer takes all that is a buyer's out of the record, for good: what they
// wrote, bought and complained of reads as erased, and the ledger says by whom
// and when. It is refused while a case about them is open, or while they are on
// hold. Buyer is their id, or where the source gives none their name.
type EraseBuyer struct {
	Buyer  string
	Reason string
}

// HoldBuyer keeps a buyer's data from being erased, by anybody and by age, until
// it is let go: because a court or an authority wants it kept.
type HoldBuyer struct {
	Buyer  string
	Reason string
}

// LetGoBuyer ends what HoldBuyer began.
type LetGoBuyer struct {
	Buyer  string
	Reason string
}

// Name implements Command.
func (EraseBuyer) Name() string { return "erase-buyer" }

// Name implements Command.
func (HoldBuyer) Name() string { return "hold-buyer" }

// Name implements Command.
func (LetGoBuyer) Name() string { return "let-go-buyer" }

// Erased counts what was erased.
type Erased struct {
	Events int64
	Rows   int64 // complaints, questions, orders
	Edited int64 // rows of the desk that mentioned it
}

// erasureNote is what an action keeps of an erasure or a hold. It names a key,
// never a buyer.
type erasureNote struct {
	Keys   []int64 `json:"keys,omitzero"`
	Before string  `json:"before,omitzero"`
	Events int64   `json:"events,omitzero"`
	Rows   int64   `json:"rows,omitzero"`
	Edited int64   `json:"edited,omitzero"`
	Reason string  `json:"reason,omitzero"`
}

// buyerName is how a refusal calls a buyer: who asked knows whom.
const buyerName = "this buyer"

func (t *deed) keysOf(buyer string) ([]Key, error) {
	keys, err := t.tx.Keys(t.ctx, BuyerHolders(buyer))
	if err == nil && (buyer == "" || len(keys) == 0) {
		err = found(buyerName, ErrNotFound)
	}
	return keys, err
}

// because is the reason that such a deed wants, fit to be kept.
func because(reason string) (string, error) {
	if feed.Sanitise(reason).Empty() {
		return "", refuse(CodeNeedsReason, "row", buyerName)
	}
	return written(reason)
}

func (t *deed) holdBuyer(buyer, reason string, on bool, r *Result) error {
	reason, err := because(reason)
	if err != nil {
		return err
	}
	keys, err := t.keysOf(buyer)
	if err != nil {
		return err
	}
	note := &erasureNote{Reason: reason}
	for _, k := range keys {
		if k.Held != on {
			note.Keys = append(note.Keys, k.Number)
		}
		if err := t.tx.Hold(k.Number, on); err != nil {
			return err
		}
	}
	if len(note.Keys) == 0 {
		return refuse(CodeUnchanged, "row", buyerName)
	}
	t.after.Erasure = note
	return t.record(r, noTime)
}

func (t *deed) eraseBuyer(c EraseBuyer, r *Result) error {
	reason, err := because(c.Reason)
	if err != nil {
		return err
	}
	keys, err := t.keysOf(c.Buyer)
	if err != nil {
		return err
	}
	w := &eraser{deed: t, words: newRedactor(c.Buyer), note: erasureNote{Reason: reason}}
	for _, k := range keys {
		if k.Held {
			return refuse(CodeOnHold)
		}
		if err := w.read(k.Number); err != nil {
			return err
		}
	}
	if err := w.cases(c.Buyer); err != nil {
		return err
	}
	if err := w.spareSpeech(); err != nil {
		return err
	}
	if err := w.erase(); err != nil {
		return err
	}
	for _, k := range keys {
		n, err := t.tx.EraseEvents(t.ctx, k.Number, noTime, w.event)
		if err != nil {
			return err
		}
		w.note.Events += n
	}
	if err := w.edit(); err != nil {
		return err
	}
	for _, k := range keys {
		if err := t.tx.EraseKey(k.Number); err != nil {
			return err
		}
		w.note.Keys = append(w.note.Keys, k.Number)
	}
	if err := t.tx.Unlink(Link{LinkBuyer, c.Buyer}); err != nil {
		return err
	}
	if err := w.unlink(); err != nil {
		return err
	}
	return w.finish(r)
}

// An eraser takes out what is one buyer's, or what is too old.
type eraser struct {
	*deed
	words  *redactor
	note   erasureNote
	rows   rowSet         // to be erased
	before time.Time      // of what is too old; zero: of one buyer
	about  map[int64]Case // cases that mention it
	leaves []LeafRef
	rooms  map[string]bool
	names  map[string][]string // of buyers of old cases, as they are met
}

// read reads the key's rows and learns by which words the rest may mention them.
func (w *eraser) read(key int64) error {
	of, err := w.tx.RowsOfKey(w.ctx, key, noTime)
	if err != nil {
		return err
	}
	for _, id := range of.Complaints {
		c, err := w.readComplaint(id)
		if err != nil {
			return err
		}
		w.rows.Complaints = append(w.rows.Complaints, c)
		w.words.learn(c.Buyer.ID, c.Buyer.Name, c.OrderID)
		w.words.quote(c.Text)
	}
	for _, id := range of.Questions {
		q, err := w.tx.Question(w.ctx, id)
		if err != nil {
			return err
		}
		w.rows.Questions = append(w.rows.Questions, q)
		w.words.quote(q.Text)
	}
	for _, n := range of.Orders {
		o, err := orderByNumber(w.ctx, w.tx, n)
		if err != nil {
			return err
		}
		w.rows.Orders = append(w.rows.Orders, o)
		w.words.learn(o.Buyer.ID, o.Buyer.Name, o.AddressHash, o.Device)
		w.words.call(o.ID, ErasedOrder(o.Number))
	}
	return nil
}

// cases finds the cases about the buyer, and refuses while one is open.
func (w *eraser) cases(buyer string) error {
	w.about = make(map[int64]Case)
	linked, err := w.tx.CasesOf(w.ctx, Link{LinkBuyer, buyer}, lastPage, 0)
	if err != nil {
		return err
	}
	for _, c := range linked {
		w.about[c.ID] = c
	}
	ids := []int64{}
	for _, c := range w.rows.Complaints {
		ids = append(ids, c.Case)
	}
	for _, o := range w.rows.Orders {
		ids = append(ids, o.Case)
	}
	for _, id := range unique(ids) {
		if id == 0 {
			continue
		}
		if w.about[id], err = w.tx.Case(w.ctx, id); err != nil {
			return found(caseName(id), err)
		}
	}
	for _, c := range w.about {
		if c.State != CaseStateClosed && c.State != CaseStateWithdrawn {
			return refuse(CodeCaseOpen, "row", caseName(c.ID))
		}
	}
	return nil
}

// erase writes the rows without their personal part.
func (w *eraser) erase() error {
	for _, c := range w.rows.Complaints {
		w.gone(LeafRef{Kind: LeafComplaint, Ref: number(c.ID)}, c.Room)
		c.SetErased()
		if err := w.complaint(&c); err != nil {
			return err
		}
	}
	for _, q := range w.rows.Questions {
		w.gone(LeafRef{Kind: LeafQuestion, Ref: number(q.ID)}, q.Room)
		if q.Note = w.words.text(q.Note); q.Note != "" && !w.before.IsZero() {
			q.Note = ErasedText
		}
		q.SetErased()
		if err := w.question(&q); err != nil {
			return err
		}
	}
	for _, o := range w.rows.Orders {
		w.gone(LeafRef{Kind: LeafOrder, Ref: o.ID, As: OrderRef(&o)}, o.Room)
		o.SetErased()
		if err := w.order(&o); err != nil {
			return err
		}
	}
	w.note.Rows += int64(len(w.rows.Complaints) + len(w.rows.Questions) + len(w.rows.Orders))
	return nil
}

func (w *eraser) gone(l LeafRef, room string) {
	w.leaves = append(w.leaves, l)
	if w.rooms == nil {
		w.rooms = make(map[string]bool)
	}
	w.rooms[room] = true
}

// event is told of an event before it is erased.
func (w *eraser) event(e *Recorded) error {
	w.gone(LeafRef{Kind: LeafEvent, Ref: number(e.Index)}, e.Room)
	if w.before.IsZero() {
		w.words.learn(e.User.ID, e.User.Name)
	} else if names, ok := w.names[buyerOf(e.User)]; ok && !slices.Contains(names, e.User.Name) {
		w.names[buyerOf(e.User)] = append(names, e.User.Name)
	}
	w.words.quote(e.Text)
	return nil
}

// finish leaves the tombstone, and the deed in the record.
func (w *eraser) finish(r *Result) error {
	if err := w.tx.EraseLeaves(w.leaves); err != nil {
		return err
	}
	// What the rooms remember of it is read again without it.
	for room := range w.rooms {
		w.desk.stale(room)
	}
	w.note.Reason = privacy.Text(w.words.text(w.note.Reason)) // whoever wrote it may have named whom
	w.after.Erasure = &w.note
	if err := w.record(r, noTime); err != nil {
		return err
	}
	l, err := newErasureLeaf(erasureLeaf{
		Action: r.Action, Actor: w.actor.Name, At: leafTime(w.now), Before: w.note.Before, Events: w.note.Events, Holders: w.note.Keys, Rows: w.note.Rows,
	})
	if err != nil {
		return err
	}
	r.Erased = &Erased{Events: w.note.Events, Rows: w.note.Rows, Edited: w.note.Edited}
	return w.append(l)
}
