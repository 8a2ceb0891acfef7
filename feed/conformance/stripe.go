package conformance

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/stripe"
	"liveroom/feed/stripe/stripetest"
)

const stripeKey = "sk_test_4eC39H"

// Stripe is an account's session. What people say is why they dispute a payment.
func Stripe() Subject {
	return Subject{
		Name: "stripe",
		Open: newStripe,
		Cannot: map[Ability]string{
			Resumes:  "what is not sent to a session is not sent to the next one",
			Roles:    "events are about customers alone",
			Retracts: "a dispute is closed, not withdrawn",
			Clears:   "a dispute is closed, not withdrawn",
			Beats:    "the websocket's own pings keep a session",
			HandsOff: "a session that ends names no other",
		},
		Expect: func(m Message, e *feed.Event) {
			e.Kind, e.Text, e.User.Name = feed.KindComplaint, "拒付争议 "+m.Text, ""
		},
		Denied:  "set it in token",
		Secrets: []string{stripeKey, stripetest.Secret, "sk_stale"},
	}
}

type stripeRoom struct {
	*stripetest.Server
	key  string
	said map[string]bool
}

func newStripe(_ testing.TB, s Stage) Room {
	r := &stripeRoom{stripetest.New(stripeKey), stripeKey, map[string]bool{}}
	if s.Denied {
		r.key = "sk_stale"
	}
	r.Forget()
	return r
}

// Source listens with the account's key.
func (r *stripeRoom) Source(*feed.Config) (feed.Protocol, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return stripe.New(stripe.Options{Key: r.key, API: r.API(), Client: client}), nil
}

// WaitJoined counts sessions that were connected.
func (r *stripeRoom) WaitJoined(n int, patience time.Duration) error {
	return r.WaitSessions(n, patience)
}

// Say disputes a payment for each; an event that was said is sent for another
// version of the API.
func (r *stripeRoom) Say(messages ...Message) error {
	for _, m := range messages {
		if r.said[m.ID] {
			r.Again(m.ID)
			continue
		}
		r.said[m.ID] = true
		r.HappenAt(m.At, m.ID, "charge.dispute.created",
			fmt.Sprintf(`{"id":"dp_%s","payment_intent":"pi_1","customer":%q,"reason":%s}`, m.ID, m.Author, quote(m.Text)))
	}
	return nil
}

// Kick lets the session expire.
func (r *stripeRoom) Kick() error { r.Server.Kick(); return nil }

// Odd is a message of a type that nobody knows.
func (r *stripeRoom) Odd() error { r.Frame(`{"type":"v9_event"}`); return nil }

// Break is a message that is no JSON.
func (r *stripeRoom) Break() error { r.Frame(`{"type":`); return nil }

// WaitAcked waits for acknowledgements.
func (r *stripeRoom) WaitAcked(ids []string, patience time.Duration) error {
	return waitFor(ids, patience, r.Acked)
}
