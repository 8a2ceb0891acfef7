package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/tmc"
	"liveroom/feed/tmc/tmctest"
)

var tmcApp = tmctest.Options{AppKey: "12345678", Secret: "EXAMPLESECRET", Group: "console"}

// TMC is a Taobao shop's message channel. What people say is what they pay; the
// words stand in a buyer's name, which is as little to be trusted.
func TMC() Subject {
	return Subject{
		Name: "tmc",
		Open: newTMC,
		Cannot: map[Ability]string{
			Roles:    "a shop's messages are about buyers alone",
			Retracts: "what was paid is not unsaid, it is paid back",
			Clears:   "what was paid is not unsaid, it is paid back",
			HandsOff: "the server names no other address",
		},
		Expect: func(m Message, e *feed.Event) {
			e.Kind, e.Text, e.User.Name = feed.KindOrder, "", m.Name+m.Text
		},
		Denied:  "app_key",
		Secrets: []string{tmcApp.Secret, "stale"},
	}
}

type tmcRoom struct {
	*tmctest.Server
	secret string
}

func newTMC(_ testing.TB, s Stage) Room {
	r := &tmcRoom{tmctest.New(tmcApp), tmcApp.Secret}
	if s.Denied {
		r.secret = "stale"
	}
	return r
}

// Source reads the app's group.
func (r *tmcRoom) Source(*feed.Config) (feed.Protocol, error) {
	return tmc.New(tmc.Options{AppKey: tmcApp.AppKey, Secret: r.secret, Group: tmcApp.Group, URL: r.URL()}), nil
}

// WaitJoined counts logins.
func (r *tmcRoom) WaitJoined(n int, patience time.Duration) error { return r.WaitLogins(n, patience) }

// Say publishes a payment for each.
func (r *tmcRoom) Say(messages ...Message) error {
	for _, m := range messages {
		id, err := strconv.ParseInt(m.ID, 10, 64)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
		content := fmt.Sprintf(`{"tid":%s,"oid":1,"payment":"29.90","buyer_open_uid":%s,"buyer_nick":%s}`, m.ID, m.Author, quote(m.Name+m.Text))
		r.Publish(tmctest.Message{ID: id, Topic: "taobao_trade_TradeBuyerPay", Content: content, Time: m.At})
	}
	return nil
}

// Kick closes for upkeep.
func (r *tmcRoom) Kick() error { r.Server.Kick(); return nil }

// WaitBeats counts requests for the backlog, which keep the connection.
func (r *tmcRoom) WaitBeats(n int, patience time.Duration) error {
	return r.WaitMorePulls(n, patience)
}

// Odd is a topic that nobody knows.
func (r *tmcRoom) Odd() error {
	r.Publish(tmctest.Message{ID: 9901, Topic: "taobao_wish_WishMade", Content: "{}", Time: time.Now()})
	return nil
}

// Break is a frame of a version that nobody has seen.
func (r *tmcRoom) Break() error { r.Frame([]byte{9, 2, 0, 0}); return nil }

// WaitAcked waits for confirmations.
func (r *tmcRoom) WaitAcked(ids []string, patience time.Duration) error {
	return waitFor(ids, patience, r.Acked)
}

// Acked are the messages confirmed.
func (r *tmcRoom) Acked() []string {
	var all []string
	for _, id := range r.Confirmed() {
		all = append(all, strconv.FormatInt(id, 10))
	}
	return all
}

// waitFor waits until have holds all of want.
func waitFor(want []string, patience time.Duration, have func() []string) error {
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		got := have()
		missing := slices.IndexFunc(want, func(id string) bool { return !slices.Contains(got, id) })
		if missing < 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s was not acknowledged in %s: %d were", want[missing], patience, len(got))
		}
	}
}
