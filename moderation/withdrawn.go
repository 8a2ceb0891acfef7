package moderation

import (
	"context"
	"fmt"
	"time"

	"liveroom/feed"
)

// WithdrawnWithin is how long after a message its withdrawal is looked for: platforms
// and their moderators withdraw what stands on the screen, within minutes.
const WithdrawnWithin = 2 * time.Hour

// Withdrawals are the messages that platforms withdrew, with what told so. A message
// that was withdrawn stays as it was: it may be just what somebody complains of.
type Withdrawals map[withdrawal]*Recorded

type withdrawal struct{ source, name string }

// Note takes in an event that may tell of a withdrawal.
func (w Withdrawals) Note(e *Recorded) {
	if e.Retracts != "" {
		kept := *e
		kept.Raw = nil // evidence is read from the record
		w[withdrawal{e.Source, e.Retracts}], w[withdrawal{"", e.Retracts}] = &kept, &kept
	}
}

// Of is the event that tells that e was withdrawn; nil: it was not. Some platforms
// withdraw a message by another name than they sent it with: its code then keeps that.
func (w Withdrawals) Of(e *feed.Event) *Recorded {
	if by := w[withdrawal{e.Source, e.ID}]; by != nil {
		return by
	}
	if e.Code == "" || e.Retracts != "" {
		return nil
	}
	return w[withdrawal{e.Source, e.Code}]
}

// Named is what tells that a message of that id was withdrawn, whatever source sent
// it; nil: nothing does.
func (w Withdrawals) Named(id string) *Recorded { return w[withdrawal{"", id}] }

// withdrawnPage is how many system events are read at a time: many are likes.
const withdrawnPage = 2000

// ReadWithdrawals reads what was withdrawn in a room of what came from the event of an
// index on until a moment. The withdrawal may have come before the message. pages
// bounds how much is read; 0: nothing does.
func ReadWithdrawals(ctx context.Context, r Reader, room string, from int64, until time.Time, pages int) (Withdrawals, error) {
	w := Withdrawals{}
	page := Page{Room: room, Kinds: []feed.Kind{feed.KindSystem}, Before: from, Limit: withdrawnPage}
	for n := 0; pages == 0 || n < pages; n++ {
		told, err := r.Events(ctx, page)
		if err != nil {
			return nil, fmt.Errorf("what was withdrawn in %s: %w", room, err)
		}
		for i := range told {
			w.Note(&told[i])
		}
		switch {
		case n == 0:
			page.Before, page.After = 0, from-1
		case len(told) < withdrawnPage || told[len(told)-1].At.After(until.Add(WithdrawnWithin)):
			return w, nil
		default:
			page.After = told[len(told)-1].Index
		}
	}
	return w, nil
}
