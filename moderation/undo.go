package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// noTime is the zero time, for a field that is emptied.
var noTime time.Time

// undo reverses the actor's last action. Nothing of the record goes away: the
// rows are written again as they were, and the undoing is an action of its own.
func (t *deed) undo(r *Result) error {
	a, err := t.tx.LastAction(t.ctx, t.actor.Name)
	if isNotFound(err) {
		return refuse(CodeNothingToUndo)
	}
	if err != nil {
		return err
	}
	if !t.wall.Before(a.UndoUntil) {
		return refuse(CodeUndoOver, "command", a.Command, "until", a.UndoUntil.Format(time.RFC3339))
	}
	var before, after rowSet
	if err := json.Unmarshal(a.Before, &before); err != nil {
		return fmt.Errorf("action %d: rows before: %w", a.ID, err)
	}
	if err := json.Unmarshal(a.After, &after); err != nil {
		return fmt.Errorf("action %d: rows after: %w", a.ID, err)
	}
	for _, step := range []func(a Action, before, after rowSet) error{
		t.cancelEffects, t.restoreFlags, t.restoreCases, t.restoreComplaints, t.restoreProblems, t.restoreQuestions, t.restoreOrders, t.restoreAttached,
	} {
		if err := step(a, before, after); err != nil {
			return err
		}
	}
	a.Undone = true
	if err := t.action(&a); err != nil {
		return err
	}
	r.Undone, t.after.Undone = a.Command, a.Command
	if n := len(t.after.Flags); n > 0 {
		r.Flag = &t.after.Flags[n-1]
	}
	if n := len(t.after.Cases); n > 0 {
		r.Case = &t.after.Cases[n-1]
	}
	return t.record(r, noTime)
}

func (t *deed) cancelEffects(a Action, _, after rowSet) error {
	if len(after.Effects) == 0 {
		return nil
	}
	// Nothing can be due later than the action's own window; what a person did
	// themselves is not due at all.
	byHand := a.Command == TellHost{}.Name()
	due := a.UndoUntil
	if byHand {
		due = noTime
	}
	waiting, err := t.tx.Effects(t.ctx, due)
	if err != nil {
		return err
	}
	byID := make(map[int64]Effect)
	for _, e := range waiting {
		byID[e.ID] = e
	}
	for _, id := range after.Effects {
		e, ok := byID[id]
		if !ok || e.Status != EffectPending && !byHand {
			return refuse(CodeAlreadyCarried, "command", a.Command)
		}
		e.Status, e.Result = EffectCancelled, "undone by "+t.actor.Name
		if err := t.effect(&e); err != nil {
			return err
		}
	}
	return nil
}

func changedSince(a Action, row, by string) *Refusal {
	return refuse(CodeChangedSince, "command", a.Command, "row", row, "by", firstOf(by, "the program"))
}

// Two states of a row are the same when a person would see no difference: what
// was changed and undone again since does not count.

func plainFlag(f Flag) any {
	f.Version, f.ChangedBy = 0, ""
	return f.content()
}

func plainCase(c Case) any {
	c.Version, c.ChangedBy, c.ChangedAt = 0, "", noTime
	c.Clocks = slices.Clone(c.Clocks)
	for i := range c.Clocks {
		c.Clocks[i].MissedAt, c.Clocks[i].Notices = noTime, nil // the time that passed is no change
	}
	return c.content()
}

func sameRow(a, b any) (bool, error) {
	sumA, err := rowSum(a)
	if err != nil {
		return false, err
	}
	sumB, err := rowSum(b)
	return sumA == sumB, err
}

func (t *deed) restoreFlags(a Action, before, after rowSet) error {
	was := make(map[int64]Flag)
	for _, f := range before.Flags {
		was[f.ID] = f
	}
	for _, f := range after.Flags {
		current, err := t.readFlag(f.ID)
		if err != nil {
			return err
		}
		old := was[f.ID]
		if old.Corrected.Equal(f.Corrected) {
			// The action left it alone: the host may have been told since.
			old.Corrected, f.Corrected = current.Corrected, current.Corrected
		}
		if old.Settled == f.Settled && old.SettledBy == f.SettledBy {
			// The action left it alone: the platform may have told since.
			old.Settled, old.SettledBy, f.Settled, f.SettledBy = current.Settled, current.SettledBy, current.Settled, current.SettledBy
		}
		if same, err := sameRow(plainFlag(current), plainFlag(f)); err != nil || !same {
			return cmp.Or[error](err, changedSince(a, flagName(f.ID), current.ChangedBy))
		}
		old.Version = current.Version
		if err := t.leaveSettled(&old); err != nil {
			return err
		}
		if _, err := t.changeFlag(current, old); err != nil {
			return err
		}
	}
	return nil
}

// restoreCases puts the cases back. One that the action opened cannot be made
// unhappened: it is withdrawn.
func (t *deed) restoreCases(a Action, before, after rowSet) error {
	was := make(map[int64]Case)
	for _, c := range before.Cases {
		was[c.ID] = c
	}
	for _, c := range after.Cases {
		current, err := t.tx.Case(t.ctx, c.ID)
		if err != nil {
			return found(caseName(c.ID), err)
		}
		old, existed := was[c.ID]
		if slices.Equal(old.Watchers, c.Watchers) {
			// The action left them alone: others may watch it since.
			old.Watchers, c.Watchers = current.Watchers, current.Watchers
		}
		if slices.Equal(old.Holds, c.Holds) {
			// The action left them alone: the shop may have been told since.
			old.Holds, c.Holds = current.Holds, current.Holds
		}
		if slices.Equal(old.Skips, c.Skips) {
			old.Skips, c.Skips = current.Skips, current.Skips
		}
		if same, err := sameRow(plainCase(current), plainCase(c)); err != nil || !same {
			return cmp.Or[error](err, changedSince(a, caseName(c.ID), current.ChangedBy))
		}
		if !existed {
			old = current
			old.State, old.ClosedAt = CaseStateWithdrawn, t.now
		}
		if err := t.revive(current, old); err != nil {
			return err
		}
		old.Version = current.Version
		old.keepTold(current)
		if _, err := t.changeCase(current, old); err != nil {
			return err
		}
	}
	return nil
}

// Of complaints a person's action changes only the case and the problem they are
// in, of orders the case. The rest goes on changing with what arrives, and stays.

func (t *deed) restoreComplaints(a Action, before, after rowSet) error {
	was := make(map[int64]Complaint)
	for _, c := range before.Complaints {
		was[c.ID] = c
	}
	for _, c := range after.Complaints {
		current, err := t.readComplaint(c.ID)
		if err != nil {
			return err
		}
		old, restored := was[c.ID], current
		moved := old.Problem != c.Problem
		if current.Case != c.Case || moved && current.Problem != c.Problem {
			return changedSince(a, complaintName(c.ID), "")
		}
		restored.Case = old.Case
		if moved {
			restored.Problem = old.Problem
		}
		if err := t.changeComplaint(current, restored); err != nil {
			return err
		}
	}
	return nil
}

func (t *deed) restoreOrders(a Action, before, after rowSet) error {
	was := make(map[int64]int64)
	for _, o := range before.Orders {
		was[o.Number] = o.Case
	}
	for _, o := range after.Orders {
		current, err := orderByNumber(t.ctx, t.tx, o.Number)
		if err != nil {
			return found(orderName("#"+number(o.Number)), err)
		}
		if current.Case != o.Case {
			return changedSince(a, orderName(current.ID), "")
		}
		restored := current
		restored.Case = was[o.Number]
		if err := t.changeOrder(current, restored); err != nil {
			return err
		}
	}
	return nil
}

// orderByNumber reads an order by its place among them: an action does not keep
// what the shop calls it.
func orderByNumber(ctx context.Context, r Reader, n int64) (Order, error) {
	found, err := r.Orders(ctx, Page{After: n - 1, Limit: 1})
	if err == nil && (len(found) == 0 || found[0].Number != n) {
		err = ErrNotFound
	}
	if err != nil {
		return Order{}, err
	}
	return found[0], nil
}
