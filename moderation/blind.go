package moderation

import (
	"context"
	"slices"
)

// Who reviews a spot check shall not know what was decided first, nor by whom,
// until their own verdict is in the record. A blindfold takes it out of what one
// person is shown: of the flags that they may still review, of the cases those
// stand in and the appeals against these, of effects and notices about them. A
// flag that somebody else has reviewed, or decided again, is hidden no longer,
// and who decided it knows anyway.

// BlindText stands where a text would tell what was decided.
const BlindText = "〔复核后可见/hidden until reviewed〕"

// A blindfold is what one person has yet to review. A nil one hides nothing.
type blindfold struct {
	who      Actor
	toReview map[int64]*Case // the open spot check, by flag
}

// newBlindfold reads what somebody has yet to review in the rooms.
func newBlindfold(ctx context.Context, r Reader, who Actor, rooms ...string) (*blindfold, error) {
	if !who.Role.Takes(CaseSpotCheck) {
		return nil, nil
	}
	b := &blindfold{who: who}
	for _, room := range rooms {
		checks, err := r.CasesOf(ctx, Link{LinkSpotCheck, room}, lastPage, 0)
		if err != nil {
			return nil, err
		}
		for i := range checks {
			b.add(&checks[i])
		}
	}
	if b.toReview == nil {
		return nil, nil
	}
	return b, nil
}

// blindfoldOver is newBlindfold over all rooms of the record.
func blindfoldOver(ctx context.Context, r Reader, who Actor) (*blindfold, error) {
	if !who.Role.Takes(CaseSpotCheck) {
		return nil, nil
	}
	all, err := r.Rooms(ctx)
	if err != nil {
		return nil, err
	}
	rooms := make([]string, len(all))
	for i := range all {
		rooms[i] = all[i].ID
	}
	return newBlindfold(ctx, r, who, rooms...)
}

func (b *blindfold) add(check *Case) {
	if check.State.Over() {
		return
	}
	for i := range check.Sample {
		if !check.Sample[i].Reviewed() {
			if b.toReview == nil {
				b.toReview = make(map[int64]*Case)
			}
			b.toReview[check.Sample[i].Flag] = check
		}
	}
}

// hides is the spot check because of which the flag is hidden; 0: it is not.
func (b *blindfold) hides(f *Flag) int64 {
	if b == nil {
		return 0
	}
	check := b.toReview[f.ID]
	if check == nil || check.overtaken(*f) || f.DecidedBy == b.who.Name {
		return 0
	}
	return check.ID
}

// flag is a flag as the person may see it.
func (b *blindfold) flag(f Flag) Flag {
	of := b.hides(&f)
	if of == 0 {
		return f
	}
	v := f.undecided()
	v.Review = of
	return v
}

// ofCase is a case as the person may see it.
func (b *blindfold) ofCase(ctx context.Context, r Reader, c Case) (Case, error) {
	if b == nil {
		return c, nil
	}
	tells, err := b.tells(ctx, r, &c)
	if err != nil {
		return Case{}, err
	}
	if tells {
		return c.blinded(), nil
	}
	if c.Kind == CaseSpotCheck && c.Plan.By == SampleModerator && c.OpenedBy != b.who.Name && slices.ContainsFunc(c.Sample, func(s Sampled) bool { return b.toReview[s.Flag] != nil }) {
		c.Plan.Only = "" // it is who decided them all
	}
	return c, nil
}

// tells tells whether the case says what was decided on a hidden flag: it holds
// the flag, or contests a case that does.
func (b *blindfold) tells(ctx context.Context, r Reader, c *Case) (bool, error) {
	for _, id := range c.Flags {
		if b.toReview[id] == nil {
			continue
		}
		f, err := r.Flag(ctx, id)
		if err != nil {
			return false, found(flagName(id), err)
		}
		if b.hides(&f) != 0 {
			return true, nil
		}
	}
	if c.AppealOf == 0 {
		return false, nil
	}
	contested, err := r.Case(ctx, c.AppealOf)
	if err != nil {
		return false, found(caseName(c.AppealOf), err)
	}
	return b.tells(ctx, r, &contested)
}

// blinded is what of a case is work for somebody, and nothing of what it is
// about.
func (c Case) blinded() Case {
	return Case{
		ID: c.ID, Room: c.Room, Kind: c.Kind, State: c.State, Title: BlindText, Owner: c.Owner, LeaseUntil: c.LeaseUntil, Clocks: c.Clocks,
		Watchers: c.Watchers, Skips: c.Skips, SnoozedTo: c.SnoozedTo, Escalated: c.Escalated, DueAt: c.DueAt,
		OpenedAt: c.OpenedAt, ChangedAt: c.ChangedAt, ClosedAt: c.ClosedAt, Version: c.Version, Seal: c.Seal,
	}
}

// sighted refuses the actor's deed on a flag that they have yet to review: doing
// it, and being refused by who decided it, would both tell.
func (t *deed) sighted(f *Flag) error {
	if f.Status != FlagConfirmed && f.Status != FlagDismissed {
		return nil
	}
	b, err := newBlindfold(t.ctx, t.tx, t.actor, f.Room)
	if err != nil {
		return err
	}
	if of := b.hides(f); of != 0 {
		return refuse(CodeBlind, "row", flagName(f.ID), "of", caseName(of))
	}
	return nil
}
