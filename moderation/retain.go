package moderation

import (
	"time"
)

// Retention is how long people's data is kept where nothing else is said: three
// years, as the law wants records of trade and of broadcasts kept.
const Retention = 3 * 366 * 24 * time.Hour

// EraseOlder takes what is somebody's out of events, complaints, questions and
// orders from before a time, as EraseBuyer does with one buyer's. What is on hold
// stays, and so does all of a buyer that a case is about which is not closed.
// What people at the desk wrote stays too.
type EraseOlder struct {
	Before time.Time
	Reason string
}

// Name implements Command.
func (EraseOlder) Name() string { return "erase-older" }

func (t *deed) eraseOlder(c EraseOlder, r *Result) error {
	reason, err := because(c.Reason)
	if err != nil {
		return err
	}
	before := Unstamp(Stamp(c.Before))
	if before.IsZero() || before.After(t.now) {
		return refuse(CodeNotLater, "until", leafTime(before))
	}
	w := &eraser{deed: t, note: erasureNote{Before: leafTime(before), Reason: reason}}
	waiting, err := w.holdOpen()
	if err != nil {
		return err
	}
	if err := w.readOlder(before); err != nil {
		return err
	}
	if err := w.erase(); err != nil {
		return err
	}
	if w.note.Events, err = t.tx.EraseEvents(t.ctx, 0, before, w.event); err != nil {
		return err
	}
	for _, k := range waiting {
		if err := t.tx.Hold(k, false); err != nil {
			return err
		}
	}
	if w.note.Events+w.note.Rows == 0 {
		r.Erased = &Erased{}
		return nil
	}
	return w.finish(r)
}

// holdOpen holds the buyers of cases that are not closed, for as long as the deed
// takes.
func (w *eraser) holdOpen() ([]int64, error) {
	all, err := w.tx.Cases(w.ctx, Page{})
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, c := range all {
		if c.State == CaseStateClosed || c.State == CaseStateWithdrawn {
			continue
		}
		for _, b := range c.Buyers {
			keys, err := w.tx.Keys(w.ctx, BuyerHolders(b))
			if err != nil {
				return nil, err
			}
			for _, k := range keys {
				if k.Held {
					continue
				}
				if err := w.tx.Hold(k.Number, true); err != nil {
					return nil, err
				}
				out = append(out, k.Number)
			}
		}
	}
	return out, nil
}

func (w *eraser) readOlder(before time.Time) error {
	of, err := w.tx.RowsOfKey(w.ctx, 0, before)
	if err != nil {
		return err
	}
	for _, id := range of.Complaints {
		c, err := w.readComplaint(id)
		if err != nil {
			return err
		}
		w.rows.Complaints = append(w.rows.Complaints, c)
	}
	for _, id := range of.Questions {
		q, err := w.tx.Question(w.ctx, id)
		if err != nil {
			return err
		}
		w.rows.Questions = append(w.rows.Questions, q)
	}
	for _, n := range of.Orders {
		o, err := orderByNumber(w.ctx, w.tx, n)
		if err != nil {
			return err
		}
		w.rows.Orders = append(w.rows.Orders, o)
	}
	return nil
}
