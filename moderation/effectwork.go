package moderation

import (
	"slices"
	"strings"
	"time"

	"liveroom/feed"
)

// RetryEffect asks once more for what failed or was perhaps done. What was perhaps
// done keeps the id under which it was asked for, by which the peer does it once.
// It leaves at once and cannot be undone.
type RetryEffect struct{ Effect int64 }

// LeaveEffect lets be what failed, or was perhaps done: it waits for nobody any more.
type LeaveEffect struct {
	Effect int64
	Reason string
}

// Name implements Command.
func (RetryEffect) Name() string { return "retry-effect" }

// Name implements Command.
func (LeaveEffect) Name() string { return "leave-effect" }

func effectName(id int64) string { return "effect #" + number(id) }

// Stuck tells whether it waits for a person to ask once more, or to let it be.
func (s EffectStatus) Stuck() bool { return s == EffectFailed || s == EffectPerhaps }

// Stuck tells whether the effect waits for a person. What people are told of clocks
// is tried again by itself.
func (e *Effect) Stuck() bool { return e.Status.Stuck() && e.Kind != EffectNotice }

// askedBy are the commands that ask for a kind of effect: who may give one of them
// may ask once more, or let it be.
var askedBy = map[string][]string{
	EffectMute:           {MuteAuthor{}.Name()},
	EffectUnmute:         {UnmuteAuthor{}.Name()},
	EffectDelete:         {DeleteMessage{}.Name()},
	EffectPin:            {PinMessage{}.Name()},
	EffectUnpin:          {UnpinMessage{}.Name()},
	EffectAllow:          {DismissFlag{}.Name()},
	EffectDeny:           {ConfirmFlag{}.Name()},
	EffectReply:          {ReplyMessage{}.Name(), ReplyBuyer{}.Name()},
	CorrectHost{}.Name(): {CorrectHost{}.Name()},
	EffectFreeze:         {FreezeOrders{}.Name()},
	EffectRelease:        {ReleaseOrders{}.Name()},
	EffectPenalty:        {ImposePenalty{}.Name(), LiftPenalty{}.Name()},
	EffectRule:           {RecordRule{}.Name()},
}

// MayAsk tells whether the role may ask for effects of the kind.
func (r Role) MayAsk(kind string) bool { return slices.ContainsFunc(askedBy[kind], r.May) }

// stuck reads an effect that waits for a person. A notice has its own way of being
// tried again.
func (t *deed) stuck(id int64) (Effect, error) {
	e, err := t.tx.Effect(t.ctx, id)
	switch {
	case err != nil:
		return Effect{}, found(effectName(id), err)
	case e.Kind == EffectNotice:
		return Effect{}, refuse(CodeNotice, "row", effectName(id))
	case !t.actor.Role.MayAsk(e.Kind):
		return Effect{}, refuse(CodeNotAllowed, "role", string(t.actor.Role), "command", t.command)
	case !e.Status.Stuck():
		return Effect{}, refuse(CodeNotStuck, "row", effectName(id), "effect", string(e.Status))
	}
	return e, nil
}

func (t *deed) retryEffect(c RetryEffect, r *Result) error {
	e, err := t.stuck(c.Effect)
	if err != nil {
		return err
	}
	if err := t.stillDecided(&e); err != nil {
		return err
	}
	if e.Kind != EffectRule && !t.desk.WayOut(e.Room, e.Source, e.Kind) {
		return refuse(CodeNoWay, "source", feed.Sanitise(firstOf(e.Source, e.Room)).String(), "command", askedBy[e.Kind][0])
	}
	if e.Status == EffectFailed {
		// It was not done: whoever remembers that they refused it is asked anew.
		e.NotBefore = later(t.wall, e.NotBefore.Add(time.Second))
	}
	e.Status, e.Result = EffectPending, ""
	return t.changeEffect(e, r)
}

func (t *deed) leaveEffect(c LeaveEffect, r *Result) error {
	e, err := t.stuck(c.Effect)
	if err != nil {
		return err
	}
	why := t.actor.Name
	if tidy(c.Reason) != "" {
		reason, err := written(c.Reason)
		if err != nil {
			return err
		}
		why += ": " + reason
	}
	e.Status, e.Result = EffectGivenUp, strings.TrimPrefix(e.Result+"; left by "+why, "; ")
	return t.changeEffect(e, r)
}

// changeEffect writes an effect that a person changed, as an action that cannot be
// undone: what was asked for once more is on its way.
func (t *deed) changeEffect(e Effect, r *Result) error {
	if err := t.effect(&e); err != nil {
		return err
	}
	t.after.Effects = append(t.after.Effects, e.ID)
	return t.record(r, noTime)
}
