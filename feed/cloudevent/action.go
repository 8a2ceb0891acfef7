package cloudevent

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// Action is the data of liveroom.action.v1, which goes to the producer. The event's
// id is the action's: a producer does an action once, however often it is sent, and
// answers each time.
type Action struct {
	Action feed.ActKind `json:"action" doc:"what to do" enum:"mute|unmute|delete|pin|unpin|allow|deny|reply|correct-host|freeze-order|release-order|penalty"`
	Target ID           `json:"target,omitzero" doc:"the event, person or order that it is about; of allow and deny the message that is held, by its own id"`
	Origin string       `json:"origin,omitzero" doc:"the source that the target came by, as the console names it"`
	Text   string       `json:"text,omitzero" doc:"the words of a reply or a correction, the reason of a freeze, how long to mute"`
}

// Ack is the data of liveroom.ack.v1, by which a producer answers an action.
type Ack struct {
	Action ID     `json:"action" doc:"the id of the action's event"`
	OK     bool   `json:"ok" doc:"whether it is done"`
	Result string `json:"result,omitzero" doc:"what it came to, for people"`
	Reason string `json:"reason,omitzero" doc:"why it is not done, for people"`
	// Settled goes with OK false.
	Settled bool `json:"settled,omitzero" doc:"with ok false: there is nothing left to be done, as it was decided elsewhere or its time is over; nobody is asked to try again"`
}

// actionSource is the source of the events that we send.
const actionSource = "liveroom"

// Ask writes an act as an event of ours.
func (s session) Ask(a feed.Act) (feed.Frame, error) {
	b, err := EncodeAction(a)
	return feed.Frame{Data: b}, err
}

// EncodeAction writes an act as one message.
func EncodeAction(a feed.Act) ([]byte, error) {
	data, err := json.Marshal(Action{Action: a.Kind, Target: ID(a.Target), Origin: a.Source, Text: a.Text})
	if err != nil {
		return nil, fmt.Errorf("write the action: %w", err)
	}
	b, err := json.Marshal(envelope{
		SpecVersion: "1.0", ID: a.ID, Source: actionSource, Type: TypeAction, Subject: a.Room,
		DataContentType: "application/json", Data: jsontext.Value(data),
	})
	if err != nil {
		return nil, fmt.Errorf("write the action: %w", err)
	}
	return b, nil
}

// answer reads an event if it is an answer.
func answer(b []byte) (a feed.Answer, is bool, err error) {
	if !bytes.Contains(b, []byte(TypeAck)) { // events come by the thousand, answers rarely
		return feed.Answer{}, false, nil
	}
	env, err := open(b)
	if err != nil || env.Type != TypeAck {
		return feed.Answer{}, false, nil //nolint:nilerr // Decode says what is wrong with it
	}
	var d Ack
	if err := json.Unmarshal(env.Data, &d); err != nil {
		return feed.Answer{}, true, explain("data", err)
	}
	if d.Action == "" {
		return feed.Answer{}, true, errors.New("data.action is missing: it names the action that is answered")
	}
	return feed.Answer{ID: string(d.Action), Done: d.OK, Result: d.Result, Refusal: d.Reason, Settled: d.Settled}, true, nil
}
