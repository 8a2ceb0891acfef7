package moderation

import (
	"context"
	"slices"
	"time"

	"liveroom/feed"
)

// What people decide of a message that a platform holds leaves by the source that told
// of it, once the undo window is over: a flag that is upheld is denied there, one that
// is dismissed allowed. Where nobody can be asked the decision stands in the record
// alone. A platform decides once; whoever comes later changes nothing there.

// decidesHeld tells whether the effect decides what becomes of a held message.
func (e *Effect) decidesHeld() bool { return e.Kind == EffectAllow || e.Kind == EffectDeny }

// heldEffect is the effect that a decision of a flag on a held message asks for.
func heldEffect(s FlagStatus) string {
	if s == FlagConfirmed {
		return EffectDeny
	}
	return EffectAllow
}

// askPlatform has the platform that holds a flag's message do as the flag was decided,
// unless it decided itself.
func (t *deed) askPlatform(f *Flag) error {
	if !f.Held() || f.Settled != "" {
		return nil
	}
	came, err := t.tx.Events(t.ctx, Page{Keys: []int64{f.Event}})
	if err != nil || len(came) == 0 {
		return err
	}
	message, _ := feed.HeldID(f.EventID)
	e := &Effect{Room: f.Room, Kind: heldEffect(f.Status), Target: message, Source: came[0].Source, Event: f.Event, Flag: f.ID}
	if message == "" || !t.desk.WayOut(e.Room, e.Source, e.Kind) {
		return nil
	}
	waiting, err := t.tx.Effects(t.ctx, t.wall.Add(t.window).Add(time.Hour))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(waiting, func(o Effect) bool { return o.Flag == f.ID && o.decidesHeld() }) {
		return refuse(CodeOnItsWay, "row", flagName(f.ID), "command", t.command)
	}
	t.effects = append(t.effects, e)
	return nil
}

// stillDecided refuses to ask once more for what has been decided otherwise since.
func (t *deed) stillDecided(e *Effect) error {
	if !e.decidesHeld() {
		return nil
	}
	f, err := t.readFlag(e.Flag)
	if err == nil && (f.waits() || heldEffect(f.Status) != e.Kind) {
		return refuse(CodeDecided, "row", flagName(f.ID), "state", string(f.Status), "by", f.DecidedBy)
	}
	return err
}

// leaveSettled leaves a flag whose decision is undone as the platform has settled its
// message since: there is nothing left to be decided.
func (t *deed) leaveSettled(f *Flag) error {
	if f.Settled == "" || !f.waits() {
		return nil
	}
	came, err := t.tx.Events(t.ctx, Page{Keys: []int64{f.Event}})
	if err != nil || len(came) == 0 {
		return err
	}
	f.settle(came[0].Source, t.now)
	return nil
}

// settledBefore leaves an effect undone where the platform has settled the message.
func settledBefore(ctx context.Context, s *scribe, e *Effect) error {
	f, err := s.tx.Flag(ctx, e.Flag)
	if err != nil {
		return found(flagName(e.Flag), err)
	}
	if f.Settled != "" {
		e.Status, e.Result = EffectSettled, f.settlement()
	}
	return nil
}

// carriedOut notes on the flag that the platform did as was decided. It is no person's
// change, and undoing what a person did to the flag leaves it.
func carriedOut(ctx context.Context, s *scribe, e *Effect) error {
	f, err := s.tx.Flag(ctx, e.Flag)
	if err != nil {
		return found(flagName(e.Flag), err)
	}
	if f.Settled != "" { // the platform's own word came first, with who decided
		return nil
	}
	f.Settled = feed.HeldApproved
	if e.Kind == EffectDeny {
		f.Settled = feed.HeldDenied
	}
	return s.flag(&f)
}
