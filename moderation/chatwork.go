package moderation

import (
	"slices"
	"time"

	"liveroom/feed"
)

// What is done about one message of the chat leaves by the source that it came by,
// or by a system beside the sources, once the undo window is over. The record itself
// does not change by it: what came of it stands in the effect.

// MuteAuthor keeps who wrote a message from writing, for a time; 0 is for good.
type MuteAuthor struct {
	Event int64 // index of the message in the record
	For   time.Duration
}

// UnmuteAuthor lets who wrote a message write again, whoever muted them.
type UnmuteAuthor struct {
	Event int64 // index of the message in the record
}

// DeleteMessage takes a message out of the platform's chat. It stays in the record.
type DeleteMessage struct{ Event int64 }

// PinMessage puts a message above the platform's chat.
type PinMessage struct{ Event int64 }

// UnpinMessage takes a message away from above the platform's chat, where it stays.
type UnpinMessage struct{ Event int64 }

// ReplyMessage answers a message in the platform's chat.
type ReplyMessage struct {
	Event int64
	Text  string
}

// Name implements Command.
func (MuteAuthor) Name() string { return "mute-author" }

// Name implements Command.
func (UnmuteAuthor) Name() string { return "unmute-author" }

// Name implements Command.
func (DeleteMessage) Name() string { return "delete-message" }

// Name implements Command.
func (PinMessage) Name() string { return "pin-message" }

// Name implements Command.
func (UnpinMessage) Name() string { return "unpin-message" }

// Name implements Command.
func (ReplyMessage) Name() string { return "reply-message" }

// performChat performs what is done about the chat.
func (t *deed) performChat(c Command) error {
	switch c := c.(type) {
	case MuteAuthor:
		return t.muteAuthor(c)
	case UnmuteAuthor:
		return t.onAuthor(c.Event, EffectUnmute, "")
	case DeleteMessage:
		return t.onMessage(c.Event, EffectDelete, "")
	case PinMessage:
		return t.onMessage(c.Event, EffectPin, "")
	case UnpinMessage:
		return t.onMessage(c.Event, EffectUnpin, "")
	case ReplyMessage:
		text, err := written(c.Text)
		if err != nil {
			return err
		}
		return t.onMessage(c.Event, EffectReply, text)
	}
	return unknown(c)
}

// message reads what a person wants to do something about, and sees that it can be
// done.
func (t *deed) message(index int64, kind string) (Recorded, error) {
	rows, err := t.tx.Events(t.ctx, Page{Keys: []int64{index}})
	if err != nil {
		return Recorded{}, err
	}
	if len(rows) == 0 {
		return Recorded{}, found(eventName(index), ErrNotFound)
	}
	e := rows[0]
	switch {
	case e.Seal.Erased():
		return e, refuse(CodeErasedMessage, "row", eventName(index))
	case !OnAuthor(kind) && e.Kind != feed.KindChat:
		return e, refuse(CodeNotChat, "row", eventName(index))
	case !t.desk.WayOut(e.Room, e.Source, kind):
		return e, refuse(CodeNoWay, "source", feed.Sanitise(e.Source).String(), "command", t.command)
	}
	return e, nil
}

func (t *deed) muteAuthor(c MuteAuthor) error {
	if c.For < 0 || c.For%time.Second != 0 {
		return refuse(CodeBadMute, "time", c.For.String())
	}
	return t.onAuthor(c.Event, EffectMute, feed.MuteText(c.For))
}

// onAuthor asks for something about who wrote a message.
func (t *deed) onAuthor(index int64, kind, text string) error {
	e, err := t.message(index, kind)
	switch {
	case err != nil:
		return err
	case e.User.ID == "":
		return refuse(CodeNoAccount, "row", eventName(index))
	case e.User.Role != feed.RoleViewer && e.User.Role != "":
		return refuse(CodeOfTheHouse, "row", eventName(index))
	}
	return t.askAbout(e, kind, e.User.ID, text)
}

func (t *deed) onMessage(index int64, kind, text string) error {
	e, err := t.message(index, kind)
	if err != nil {
		return err
	}
	return t.askAbout(e, kind, e.ID, text)
}

// askAbout puts an effect on a message into the outbox, unless one like it waits
// there.
func (t *deed) askAbout(e Recorded, kind, target, text string) error {
	waiting, err := t.tx.Effects(t.ctx, t.wall.Add(t.window).Add(time.Hour))
	if err != nil {
		return err
	}
	same := func(o Effect) bool {
		return o.Kind == kind && o.Source == e.Source && o.Target == target && (o.Text == text || kind != EffectReply)
	}
	if slices.ContainsFunc(waiting, same) {
		return refuse(CodeOnItsWay, "row", eventName(e.Index), "command", t.command)
	}
	t.effects = append(t.effects, &Effect{
		Key: number(e.Index), Room: e.Room, Kind: kind, Target: target, Text: text, Source: e.Source, Event: e.Index,
	})
	return nil
}

func eventName(index int64) string { return "event #" + number(index) }
