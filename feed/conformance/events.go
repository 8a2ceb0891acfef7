package conformance

import (
	"fmt"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/cloudevent/cloudeventtest"
)

const (
	eventsSubprotocol = cloudevent.Subprotocol
	eventsToken       = "a producer's token"
	eventNextYear     = `{"specversion":"1.0","id":"w1","source":"tool","type":"liveroom.wish.v1","data":{"wish":"x"}}`
	eventBroken       = `{"specversion":"1.0","id":"b1","source":"to`
)

func newEvents() (feed.Protocol, error) { return cloudevent.New(cloudevent.Config{}) }

// eventOf is the event of a message; more are members beside the usual ones, each
// with a comma behind it.
func eventOf(m Message, more string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":%q,"source":"tool","type":"liveroom.chat.v1","time":%q,%s"data":{"user":{"id":%q,"name":%s,"role":%q},"text":%s}}`,
		m.ID, m.At.Format(time.RFC3339), more, m.Author, quote(m.Name), m.Role, quote(m.Text))
}

// retraction withdraws a message.
func retraction(m Message, more string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"r%s","source":"tool","type":"liveroom.system.v1",%s"data":{"code":"retracted","text":"withdrawn","retracts":%q}}`, m.ID, more, m.ID)
}

// clearing takes out what whoever wrote a message wrote, or all of the chat.
func clearing(of Message, at time.Time, more string) []byte {
	data := `{"code":"chat_cleared"}`
	if of.Author != "" {
		data = fmt.Sprintf(`{"code":"user_messages_cleared","user":{"id":%q,"name":%s}}`, of.Author, quote(of.Name))
	}
	return fmt.Appendf(nil, `{"specversion":"1.0","id":"k%s","source":"tool","type":"liveroom.system.v1","time":%q,%s"data":%s}`, of.ID, at.Format(time.RFC3339), more, data)
}

// Events is a producer of our own events that is dialled, numbers them, and goes on
// after the last.
func Events() Subject {
	s := EventsUnnumbered()
	s.Name = "cloudevents"
	s.Open = func(_ testing.TB, s Stage) Room { return newEventsRoom(s, true) }
	s.Cannot = map[Ability]string{
		Clamps:   "what is numbered may be a recording, whose times are its own",
		Beats:    s.Cannot[Beats],
		HandsOff: s.Cannot[HandsOff],
		Acks:     s.Cannot[Acks],
	}
	return s
}

// EventsUnnumbered is one that does not number them.
func EventsUnnumbered() Subject {
	return Subject{
		Name: "cloudevents without numbers",
		Open: func(_ testing.TB, s Stage) Room { return newEventsRoom(s, false) },
		Cannot: map[Ability]string{
			Resumes:  "what has no number cannot be asked for",
			Beats:    "the websocket's own pings keep the connection",
			HandsOff: "CloudEvents know no other address",
			Acks:     "a producer is not told what is on disk",
		},
		Denied:  "check the token",
		Secrets: []string{eventsToken, "stale"},
	}
}

type eventsRoom struct {
	*cloudeventtest.Server
	token string
}

func newEventsRoom(s Stage, numbered bool) Room {
	r := &eventsRoom{cloudeventtest.New(cloudeventtest.Options{Token: eventsToken, Numbered: numbered}), eventsToken}
	if s.Denied {
		r.token = "stale"
	}
	return r
}

// Source dials the producer with its token.
func (r *eventsRoom) Source(*feed.Config) (feed.Protocol, error) {
	return cloudevent.New(cloudevent.Config{URL: r.URL(), Token: r.token})
}

// WaitJoined counts connections.
func (r *eventsRoom) WaitJoined(n int, patience time.Duration) error {
	return r.WaitClients(n, patience)
}

// Say produces a chat event for each; one that was produced is sent as it was.
func (r *eventsRoom) Say(messages ...Message) error {
	for _, m := range messages {
		r.Produce(m.ID, func(place string) []byte { return eventOf(m, place) })
	}
	return nil
}

// Retract withdraws a message by an event of its own.
func (r *eventsRoom) Retract(m Message) error {
	r.Produce("r"+m.ID, func(place string) []byte { return retraction(m, place) })
	return nil
}

// Clear takes messages out by an event of its own.
func (r *eventsRoom) Clear(of Message, at time.Time) error {
	r.Produce("k"+of.ID, func(place string) []byte { return clearing(of, at, place) })
	return nil
}

// Kick closes for upkeep.
func (r *eventsRoom) Kick() error { r.Server.Kick(); return nil }

// Odd is an event of a type that nobody knows.
func (r *eventsRoom) Odd() error { r.Frame([]byte(eventNextYear)); return nil }

// Break is an event that ends in its middle.
func (r *eventsRoom) Break() error { r.Frame([]byte(eventBroken)); return nil }
