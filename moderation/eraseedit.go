package moderation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/privacy"
)

// What the desk wrote is about several people at once and sealed with a key of
// its own: erasing somebody writes it anew. Of one buyer all goes that names
// them. By age goes what quotes what is erased, and of cases that ended before
// that, all that names the people and orders of the erased rows; reasons as old
// that belong to no case go whole, since nothing tells whom they name.

// edit takes out of the desk's own rows what they say of the erased: cases, what
// was done with them, effects, the titles of problems, and what flags quote.
func (w *eraser) edit() error {
	for _, step := range []func() error{w.editCases, w.editActions, w.editEffects, w.editProblems, w.editFlags} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// spareSpeech keeps what the host said from counting as a buyer's words: buyers
// repeat it.
func (w *eraser) spareSpeech() error {
	for _, id := range slices.Sorted(maps.Keys(w.about)) {
		for _, f := range w.about[id].Flags {
			flag, err := w.readFlag(f)
			if err != nil {
				return err
			}
			w.words.quotes.spare(flag.Text)
		}
	}
	return nil
}

// unlink forgets where the erased orders went and what they were made on, where
// nobody else's did.
func (w *eraser) unlink() error {
	for i := range w.rows.Orders {
		o := &w.rows.Orders[i]
		for _, l := range []Link{{LinkAddress, o.AddressHash}, {LinkDevice, o.Device}} {
			if l.Value == "" {
				continue
			}
			left, err := w.tx.OrdersOf(w.ctx, l, 1)
			if err == nil && len(left) == 0 {
				err = w.tx.Unlink(l)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// old tells whether a case ended before what is erased for its age.
func (w *eraser) old(c *Case) bool {
	return !w.before.IsZero() && later(c.ClosedAt, c.ChangedAt).Before(w.before)
}

// wordsOf is what is taken out of what the desk wrote in the cases.
func (w *eraser) wordsOf(cases ...int64) *redactor {
	if w.before.IsZero() {
		return w.words
	}
	r := &redactor{words: make(map[string]string), whole: w.words.whole, quotes: w.words.quotes}
	for _, id := range cases {
		c, ok := w.about[id]
		if !ok || !w.old(&c) {
			continue
		}
		for _, b := range c.Buyers {
			r.learn(b)
			r.learn(w.names[b]...)
		}
		for _, order := range c.Orders {
			if as, gone := w.words.whole[order]; gone {
				r.call(order, as)
			}
		}
		for i := range w.rows.Complaints {
			if m := &w.rows.Complaints[i]; m.Case == id {
				r.learn(m.Buyer.ID, m.Buyer.Name)
			}
		}
		for i := range w.rows.Orders {
			if o := &w.rows.Orders[i]; o.Case == id {
				r.learn(o.Buyer.ID, o.Buyer.Name, o.AddressHash, o.Device)
			}
		}
	}
	return r
}

func (w *eraser) editCases() error {
	for _, id := range slices.Sorted(maps.Keys(w.about)) {
		c := w.about[id]
		words := w.wordsOf(id)
		var edited Case
		switch changed, err := words.rewriteRow(c, &edited, w.before.IsZero() || w.old(&c)); {
		case err != nil:
			return fmt.Errorf("%s: %w", caseName(id), err)
		case !changed && !w.before.IsZero():
			continue
		}
		edited.Seal, edited.Version = c.Seal, c.Version
		edited.Buyers = slices.DeleteFunc(edited.Buyers, func(b string) bool { return b == ErasedText })
		edited.ChangedBy, edited.ChangedAt = w.actor.Name, w.now
		if err := w.casework(&edited); err != nil {
			return err
		}
		w.note.Edited++
	}
	return nil
}

// casesIn are the cases that an action or effect names.
func casesIn(texts ...[]byte) []int64 {
	var out []int64
	for _, b := range texts {
		var named struct {
			Case  int64                `json:"case"`
			Cases []struct{ ID int64 } `json:"cases"`
			Items []struct{ Case int64 }
		}
		if json.Unmarshal(b, &named) != nil {
			continue // words, and no rows
		}
		out = append(out, named.Case)
		for _, c := range named.Cases {
			out = append(out, c.ID)
		}
		for _, i := range named.Items {
			out = append(out, i.Case)
		}
	}
	return slices.DeleteFunc(unique(out), func(id int64) bool { return id == 0 })
}

func (w *eraser) editActions() error {
	return w.eachAction(func(a *Action) error {
		cases := casesIn(a.Before, a.After)
		words := w.wordsOf(cases...)
		rewrite := words.rewriteJSON
		if a.At.Before(w.before) && len(cases) == 0 {
			rewrite = words.wipe // whom its reason names stands in no row
		}
		before, err := rewrite(a.Before)
		if err != nil {
			return fmt.Errorf("action %d: %w", a.ID, err)
		}
		after, err := rewrite(a.After)
		if err != nil {
			return fmt.Errorf("action %d: %w", a.ID, err)
		}
		if string(before) == string(a.Before) && string(after) == string(a.After) {
			return nil
		}
		a.Before, a.After = before, after
		w.note.Edited++
		return w.action(a)
	})
}

func (w *eraser) eachAction(fn func(*Action) error) error {
	for page := (Page{Limit: auditPage}); ; {
		some, err := w.tx.Actions(w.ctx, page)
		if err != nil {
			return err
		}
		for i := range some {
			page.After = some[i].ID
			if err := fn(&some[i]); err != nil {
				return err
			}
		}
		if len(some) < auditPage {
			return nil
		}
	}
}

func (w *eraser) editEffects() error {
	all, err := w.tx.Effects(w.ctx, noTime)
	if err != nil {
		return err
	}
	for _, e := range all {
		was, words := e, w.wordsOf(casesIn([]byte(e.Text))...)
		if e.Text, err = words.free(e.Text); err != nil {
			return fmt.Errorf("effect %d: %w", e.ID, err)
		}
		e.Target, e.Result, e.Key = words.text(e.Target), words.text(e.Result), words.name(e.Key)
		if e == was {
			continue
		}
		if err := w.effect(&e); err != nil {
			return err
		}
		w.note.Edited++
	}
	return nil
}

func (w *eraser) editProblems() error {
	ids := []int64{}
	for _, c := range w.rows.Complaints {
		ids = append(ids, c.Problem)
	}
	for _, id := range unique(ids) {
		if id == 0 {
			continue
		}
		p, err := w.tx.Problem(w.ctx, id)
		if err != nil {
			return found(problemName(id), err)
		}
		title := w.words.text(p.Title)
		if w.words.quotes.whole(p.Title) {
			title = ErasedText // a problem may be called by its first complaint's words
		}
		if title == p.Title {
			continue
		}
		p.Title = title
		if err := w.problem(&p); err != nil {
			return err
		}
		w.note.Edited++
	}
	return nil
}

func (w *eraser) editFlags() error {
	return w.eachFlag(func(f *Flag) error {
		was := *f
		if asked := f.Finding.Answers; asked != "" && w.words.quotes.texts[folded(asked)] {
			f.Finding.Answers = ErasedText
			f.Finding.Why = strings.ReplaceAll(f.Finding.Why, asked, ErasedText)
			f.Finding.WhyEN = strings.ReplaceAll(f.Finding.WhyEN, asked, ErasedText)
		}
		switch reason := w.words.text(f.Reason); {
		case f.Reason != "" && f.DecidedAt.Before(w.before):
			f.Reason = ErasedText // whom it names stands in no row
		case reason != f.Reason:
			f.Reason = privacy.Text(reason)
		}
		if f.Finding.Answers == was.Finding.Answers && f.Reason == was.Reason {
			return nil
		}
		w.note.Edited++
		return w.flag(f)
	})
}

// eachFlag gives the flags of the rooms in which something is erased.
func (w *eraser) eachFlag(fn func(*Flag) error) error {
	for _, room := range slices.Sorted(maps.Keys(w.rooms)) {
		flags, err := w.tx.Flags(w.ctx, Page{Room: room})
		if err != nil {
			return err
		}
		for i := range flags {
			if err := fn(&flags[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
