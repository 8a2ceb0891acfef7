package moderation

import (
	"context"
	"slices"
	"sort"

	"liveroom/feed"
)

// Withdrawals are what platforms withdrew, with what told so: single messages, all that
// somebody had written, whole chats. It is asked of them when a message is shown: a
// message that was withdrawn stays in the record as it was, for it may be just what
// somebody complains of. The zero value holds none.
type Withdrawals struct {
	messages map[withdrawal]*Recorded
	chats    map[chatOf]*clearings
	told     int
}

type withdrawal struct{ source, name string }

// chatOf is what somebody wrote in a source's chat; with no person: what anybody did.
type chatOf struct{ source, room, person string }

// Len is how many events tell of what was withdrawn.
func (w *Withdrawals) Len() int { return w.told }

// Note takes in an event that may tell of a withdrawal.
func (w *Withdrawals) Note(e *Recorded) {
	if !e.Withdraws() {
		return
	}
	w.told++
	kept := *e
	kept.Raw = nil // evidence is read from the record
	if w.messages == nil {
		w.messages, w.chats = map[withdrawal]*Recorded{}, map[chatOf]*clearings{}
	}
	if e.Retracts != "" {
		w.messages[withdrawal{e.Source, e.Retracts}] = &kept
	}
	of := chatOf{e.Source, e.Room, e.User.ID}
	switch {
	case e.Clears == feed.ClearsChat:
		of.person = ""
	case e.Clears != feed.ClearsPerson || of.person == "":
		return
	}
	if w.chats[of] == nil {
		w.chats[of] = &clearings{}
	}
	w.chats[of].note(&kept)
}

// Of is an event that tells that e was withdrawn; nil: none does. Some
// platforms withdraw a message by another name than they sent it with: its code then
// keeps that. Where a chat is cleared, gifts and what else is no talk stand.
func (w *Withdrawals) Of(e *Recorded) *Recorded {
	if w.told == 0 {
		return nil
	}
	by := w.messages[withdrawal{e.Source, e.ID}]
	if by == nil && e.Code != "" && e.Retracts == "" {
		by = w.messages[withdrawal{e.Source, e.Code}]
	}
	if e.Kind != feed.KindChat {
		return by
	}
	for _, person := range []string{"", e.User.ID} {
		if c := w.chats[chatOf{e.Source, e.Room, person}]; c != nil {
			by = earlier(by, c.after(e))
		}
	}
	return by
}

// earlier is which of two events came first, either of which may be none.
func earlier(a, b *Recorded) *Recorded {
	if a == nil || b != nil && b.Index < a.Index {
		return b
	}
	return a
}

// clearings are the times at which a chat, or what somebody wrote in it, was cleared.
//
// A line was said before a clearing where both tell their own time by that, since lines
// may be late; else where it came before it. Each line is looked up in a list, so that
// a platform that clears all the time costs no more.
type clearings struct {
	all     []*Recorded // by their place in the record
	timed   []*Recorded // with a time of their own, by that
	untimed []*Recorded // without, by their place
}

// timed tells whether the source told when e happened.
func timed(e *Recorded) bool { return !e.At.Equal(e.Recv) }

func placeOrder(a, b *Recorded) bool { return a.Index < b.Index }

func timeOrder(a, b *Recorded) bool { return a.At.Before(b.At) || a.At.Equal(b.At) && placeOrder(a, b) }

func (c *clearings) note(e *Recorded) {
	put(&c.all, e, placeOrder)
	if timed(e) {
		put(&c.timed, e, timeOrder)
	} else {
		put(&c.untimed, e, placeOrder)
	}
}

// after is the first clearing after e; nil: there is none.
func (c *clearings) after(e *Recorded) *Recorded {
	if !timed(e) {
		return next(c.all, e, placeOrder)
	}
	return earlier(next(c.timed, e, timeOrder), next(c.untimed, e, placeOrder))
}

func put(into *[]*Recorded, e *Recorded, before func(a, b *Recorded) bool) {
	i := sort.Search(len(*into), func(i int) bool { return !before((*into)[i], e) })
	*into = slices.Insert(*into, i, e)
}

func next(of []*Recorded, e *Recorded, before func(a, b *Recorded) bool) *Recorded {
	i := sort.Search(len(of), func(i int) bool { return before(e, of[i]) })
	if i == len(of) {
		return nil
	}
	return of[i]
}

// withdrawnPage is how many events that withdraw others are read at a time.
const withdrawnPage = 2000

// ReadWithdrawals reads all that was withdrawn in a room; "": in all rooms.
func ReadWithdrawals(ctx context.Context, r Reader, room string) (Withdrawals, error) {
	var w Withdrawals
	for last := int64(0); ; {
		told, err := r.Withdrawing(ctx, room, last, withdrawnPage)
		if err != nil {
			return w, err
		}
		for i := range told {
			w.Note(&told[i])
		}
		if len(told) < withdrawnPage {
			return w, nil
		}
		last = told[len(told)-1].Index
	}
}
