package moderation

import (
	"errors"
	"fmt"
	"time"
)

// Retention is how long people's data is kept where nothing else is said: three
// years, as the law wants records of trade and of broadcasts kept.
const Retention = 3 * 366 * 24 * time.Hour

// EraseOlder takes what is somebody's out of events, complaints, questions and
// orders from before a time, as EraseBuyer does with one buyer's. What is on hold
// stays, and so does all of a buyer that a case is about which is not closed. What
// people at the desk wrote stays, but for what it quotes of what is erased, and in
// cases that ended before that time for whom and which orders it names.
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
	w := &eraser{deed: t, before: before, note: erasureNote{Before: leafTime(before), Reason: reason}}
	waiting, err := w.holdOpen()
	if err != nil {
		return err
	}
	for _, step := range []func() error{w.askDesk, w.spareSpeech, w.readOlder, w.erase} {
		if err := step(); err != nil {
			return err
		}
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
	if err := w.edit(); err != nil {
		return err
	}
	if err := w.unlink(); err != nil {
		return err
	}
	return w.finish(r)
}

// askDesk reads what the desk wrote for what it may quote: of that much less is
// kept in memory than of all that is old.
func (w *eraser) askDesk() error {
	asked := newQuotes(nil)
	w.words = &redactor{words: make(map[string]string), whole: make(map[string]string), quotes: newQuotes(asked)}
	w.about, w.names = make(map[int64]Case), make(map[string][]string)
	ask := func(b []byte) error {
		_, err := w.words.walk(b, func(s string) string { asked.ask(s); return s })
		return err
	}
	cases, err := w.tx.Cases(w.ctx, Page{})
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.State != CaseStateClosed && c.State != CaseStateWithdrawn {
			continue
		}
		w.about[c.ID] = c
		if w.old(&c) {
			for _, b := range c.Buyers {
				w.names[b] = nil
			}
		}
		b, err := rowBytes(c)
		if err == nil {
			err = ask(b)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", caseName(c.ID), err)
		}
	}
	err = w.eachAction(func(a *Action) error { return errors.Join(ask(a.Before), ask(a.After)) })
	if err != nil {
		return err
	}
	return w.askRest(asked)
}

func (w *eraser) askRest(asked *quotes) error {
	flags, err := w.tx.Flags(w.ctx, Page{})
	if err != nil {
		return err
	}
	for i := range flags {
		asked.ask(flags[i].Reason)
		asked.ask(flags[i].Finding.Answers)
	}
	problems, err := w.tx.Problems(w.ctx, Page{})
	if err != nil {
		return err
	}
	for i := range problems {
		asked.ask(problems[i].Title)
	}
	effects, err := w.tx.Effects(w.ctx, noTime)
	for i := range effects {
		asked.ask(effects[i].Text)
		asked.ask(effects[i].Result)
	}
	return err
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

func (w *eraser) readOlder() error {
	of, err := w.tx.RowsOfKey(w.ctx, 0, w.before)
	if err != nil {
		return err
	}
	for _, id := range of.Complaints {
		c, err := w.readComplaint(id)
		if err != nil {
			return err
		}
		w.rows.Complaints = append(w.rows.Complaints, c)
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
		w.words.whole[o.ID] = ErasedOrder(o.Number)
	}
	return nil
}
