package moderation

import (
	"context"
	"slices"
	"time"
)

// DefaultLease is how long a case stays with who took it without their working
// on it, where nothing else is said.
const DefaultLease = 20 * time.Minute

// A Timekeeper is a Tx with a clock that all who share the record go by. Where
// a store has none, leases go by the time of the people at the desk.
type Timekeeper interface {
	Now(ctx context.Context) (time.Time, error)
}

// leaseNow is the time that leases go by.
func (t *deed) leaseNow() (time.Time, error) {
	if k, ok := t.tx.(Timekeeper); ok {
		now, err := k.Now(t.ctx)
		return Unstamp(Stamp(now)), err
	}
	return t.wall, nil
}

// mine refuses what only the holder, or who may work on any case, may do.
func (t *deed) mine(c Case) error {
	now, err := t.leaseNow()
	if err != nil {
		return err
	}
	if by := c.Holder(now); by != "" && by != t.actor.Name && !t.actor.Role.May(rightAnyCase) {
		return refuse(CodeOwned, "row", caseName(c.ID), "by", by)
	}
	return t.fitFor(c)
}

// fitFor refuses cases that are not for the actor, whoever holds them.
func (t *deed) fitFor(c Case) error {
	switch {
	case !t.actor.Role.Takes(c.Kind):
		return refuse(CodeNotYours, "role", string(t.actor.Role), "kind", string(c.Kind))
	case !c.Escalated.IsZero() && !t.actor.Role.May(rightEscalated):
		return refuse(CodeEscalated, "row", caseName(c.ID))
	case c.AppealOf == 0:
		return nil
	}
	of, err := t.tx.Case(t.ctx, c.AppealOf)
	if err != nil {
		return found(caseName(c.AppealOf), err)
	}
	if slices.Contains(of.deciders(), t.actor.Name) || slices.Contains(c.Appeal.DecidedBy, t.actor.Name) {
		return refuse(CodeOwnDecision, "row", caseName(c.ID), "of", caseName(of.ID))
	}
	return nil
}

// readMine reads a case that the actor saw in the given version, to work on it.
func (t *deed) readMine(id, version int64) (Case, error) {
	c, err := t.readCase(id, version)
	if err == nil {
		err = t.mine(c)
	}
	return c, err
}

func (t *deed) takeCase(c TakeCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	now, err := t.leaseNow()
	if err != nil {
		return err
	}
	switch {
	case old.State == CaseStateWithdrawn || old.State == CaseStateClosed:
		return refuse(CodeBadMove, "row", caseName(old.ID), "from", string(old.State), "to", "owner "+t.actor.Name)
	case old.Holder(now) == t.actor.Name:
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	return t.give(old, t.actor.Name, r)
}

// give makes a person the owner.
func (t *deed) give(old Case, to string, r *Result) error {
	now, err := t.leaseNow()
	if err != nil {
		return err
	}
	given := old
	given.Owner, given.LeaseUntil, given.SnoozedTo = to, now.Add(t.desk.lease), noTime
	given.settle(t.now)
	given, err = t.changeCase(old, given)
	r.Case = &given
	return err
}

// drop leaves the case to nobody.
func (c *Case) drop() { c.Owner, c.LeaseUntil = "", noTime }

func (t *deed) nextCase(c NextCase, r *Result) error {
	now, err := t.leaseNow()
	if err != nil {
		return err
	}
	free := WaitingFor{Room: c.Room, Free: true, Kinds: caseKinds[t.actor.Role].takes, Lease: now, Now: t.now}
	queue, err := rank(t.ctx, t.tx, free, t.now)
	if err != nil {
		return err
	}
	for _, w := range queue {
		next, err := t.tx.Case(t.ctx, w.ID)
		if err != nil {
			return err
		}
		if next.Holder(now) != "" || next.SkippedBy(t.actor.Name) || !next.waits(t.now) {
			continue
		}
		switch err := t.fitFor(next); {
		case err == nil:
			return t.give(next, t.actor.Name, r)
		case !ofThePerson(err):
			return err
		}
	}
	return refuse(CodeNoneLeft)
}

// waits tells whether somebody should be given the case now.
func (c *Case) waits(now time.Time) bool {
	return (c.State == CaseStateOpen || c.State == CaseStateReview) && !now.Before(c.SnoozedTo)
}

func (t *deed) releaseCase(c ReleaseCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.Owner == "" {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	released := old
	released.drop()
	released, err = t.changeCase(old, released)
	r.Case = &released
	return err
}

func (t *deed) skipCase(c SkipCase, r *Result) error {
	reason, err := written(c.Reason)
	if err != nil {
		return err
	}
	old, err := t.readCase(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.SkippedBy(t.actor.Name) || old.State.Over() {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	skipped := old
	skipped.Skips = append(slices.Clone(old.Skips), Skip{By: t.actor.Name, At: t.now, Reason: reason})
	if old.Owner == t.actor.Name {
		skipped.drop()
	}
	skipped, err = t.changeCase(old, skipped)
	r.Case = &skipped
	return err
}

func (t *deed) assignCase(c AssignCase, r *Result) error {
	to, err := written(c.To)
	if err != nil {
		return err
	}
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	if old.State.Over() {
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	}
	if slices.Contains(old.Appeal.DecidedBy, to) {
		return refuse(CodeTheirDecision, "row", caseName(old.ID), "by", to)
	}
	assigned := old
	assigned.Escalated = noTime
	// Who is asked by name is not spared for having skipped it.
	assigned.Skips = slices.DeleteFunc(slices.Clone(old.Skips), func(s Skip) bool { return s.By == to })
	now, err := t.leaseNow()
	if err != nil {
		return err
	}
	assigned.Owner, assigned.LeaseUntil, assigned.SnoozedTo = to, now.Add(t.desk.lease), noTime
	assigned.settle(t.now)
	assigned, err = t.changeCase(old, assigned)
	r.Case = &assigned
	return err
}

func (t *deed) escalateCase(c EscalateCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	switch {
	case old.State.Over():
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	case !old.Escalated.IsZero():
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	case tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", caseName(old.ID))
	}
	up := old
	up.Escalated = t.now
	up.drop()
	if err := t.because(&up, c.Reason); err != nil {
		return err
	}
	up.settle(t.now)
	up, err = t.changeCase(old, up)
	r.Case = &up
	return err
}

func (t *deed) snoozeCase(c SnoozeCase, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	until := Unstamp(Stamp(c.Until))
	switch {
	case old.State.Over():
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	case !until.After(t.now):
		return refuse(CodeNotLater, "until", until.Format(time.RFC3339))
	case tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", caseName(old.ID))
	}
	off := old
	off.SnoozedTo = until
	off.drop()
	if err := t.because(&off, c.Reason); err != nil {
		return err
	}
	off.settle(t.now)
	off, err = t.changeCase(old, off)
	r.Case = &off
	return err
}
