package moderation

import "slices"

// Kinds of effects on one message of the chat, or on who wrote it; the kind of an
// answer is EffectReply.
const (
	EffectMute   = "mute"   // Target is the person, Text how long, like "10m"; "" for good
	EffectUnmute = "unmute" // Target is the person
	EffectDelete = "delete" // Target is the source's id of the message
	EffectPin    = "pin"    // the same
	EffectUnpin  = "unpin"  // the same
	EffectAllow  = "allow"  // Target is the platform's own id of the message that it holds: it is shown
	EffectDeny   = "deny"   // the same: it is never shown
)

// ActsOnMessages are the kinds of effects on one message or who wrote it.
var ActsOnMessages = []string{EffectReply, EffectMute, EffectUnmute, EffectPin, EffectUnpin, EffectDelete}

// acts are the kinds that leave by a Way.
var acts = append(ActsOnMessages[:len(ActsOnMessages):len(ActsOnMessages)], EffectAllow, EffectDeny, CorrectHost{}.Name(), EffectFreeze, EffectRelease, EffectPenalty)

// OnAuthor tells whether an effect of the kind is about who wrote a message, and not
// about the message.
func OnAuthor(kind string) bool { return kind == EffectMute || kind == EffectUnmute }

// A Way is somebody who can be asked to do things for a room.
type Way struct {
	Name   string // the source's, or what the config calls a system beside the sources
	Source string // whose messages and people it acts on; "" : all of the room's
	// Except are the sources that are others': where it is not nil, all else in the
	// room came by Source too. A producer of our own events names their sources itself.
	Except []string
	Kinds  []string // of effects
	// Once are those of them that, done twice, would be two things: what may have
	// been done is not asked for again.
	Once []string
}

// Capable is an Effector that has not every way out from every room. What it cannot
// do it is not asked for: the effect fails, or is kept, as without an Effector. Ways
// is called often and only looks into memory.
type Capable interface {
	Ways(room string) []Way
}

// PickWay is the way that does a kind of effect on what came by a source: the
// source's own, before a system beside the sources. With the source "" any does.
func PickWay(ways []Way, source, kind string) (Way, bool) {
	own := func(w Way) bool {
		return source != "" && (w.Source == source || w.Except != nil && !slices.Contains(w.Except, source))
	}
	any := func(w Way) bool { return source == "" || w.Source == "" }
	for _, fits := range []func(Way) bool{own, any} {
		i := slices.IndexFunc(ways, func(w Way) bool { return fits(w) && slices.Contains(w.Kinds, kind) })
		if i >= 0 {
			return ways[i], true
		}
	}
	return Way{}, false
}

// Ways are who can be asked to do things for a room. A desk without an Effector has
// none; one whose Effector does not tell has one that does all.
func (d *Desk) Ways(room string) []Way {
	if d.effector == nil {
		return nil
	}
	able, tells := d.effector.(Capable)
	if !tells {
		return []Way{{Kinds: acts}}
	}
	return able.Ways(room)
}

// WayOut tells whether effects of a kind on what came by a source reach anybody from
// a room; with the source "" on anything of the room. Without a way what CorrectHost
// asks for fails, and TellHost says what people did themselves.
func (d *Desk) WayOut(room, source, kind string) bool {
	_, ok := d.way(room, source, kind)
	return ok
}

func (d *Desk) way(room, source, kind string) (Way, bool) {
	if d.effector == nil {
		return Way{}, false
	}
	able, tells := d.effector.(Capable)
	if !tells {
		return Way{}, true
	}
	return PickWay(able.Ways(room), source, kind)
}
