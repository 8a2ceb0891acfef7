package moderation

import (
	"fmt"
	"slices"

	"liveroom/moderation/triage"
)

// People know better than words what is one problem: they split and merge. What
// they put together stays together, and what comes later follows them.

func problemName(id int64) string { return fmt.Sprintf("problem #%d", id) }

// readProblem reads a problem that still stands for itself.
func (t *deed) readProblem(id int64) (Problem, error) {
	p, err := t.tx.Problem(t.ctx, id)
	if err != nil {
		return p, found(problemName(id), err)
	}
	if p.Into != 0 {
		return p, refuse(CodeMerged, "row", problemName(id), "into", number(p.Into))
	}
	return p, nil
}

// splitProblem makes a problem of its own of some of a problem's complaints.
func (t *deed) splitProblem(c SplitProblem, r *Result) error {
	old, err := t.readProblem(c.Problem)
	if err != nil {
		return err
	}
	moved := unique(c.Complaints)
	for _, id := range moved {
		if !slices.Contains(old.Complaints, id) {
			return refuse(CodeNotInProblem, "row", complaintName(id), "problem", number(old.ID))
		}
	}
	if len(moved) == 0 || len(moved) == len(old.Complaints) {
		return refuse(CodeNothingSplit, "row", problemName(old.ID))
	}
	split := Problem{Room: old.Room, SKU: old.SKU}
	if split, err = t.changeProblem(Problem{}, split); err != nil {
		return err
	}
	if err := t.moveComplaints(moved, split.ID); err != nil {
		return err
	}
	if err := t.redescribe(old.ID); err != nil {
		return err
	}
	if err := t.redescribe(split.ID); err != nil {
		return err
	}
	return t.resultProblem(split.ID, r)
}

// mergeProblems puts one problem's complaints into another.
func (t *deed) mergeProblems(c MergeProblems, r *Result) error {
	into, err := t.readProblem(c.Into)
	if err != nil {
		return err
	}
	from, err := t.readProblem(c.From)
	switch {
	case err != nil:
		return err
	case into.ID == from.ID:
		return refuse(CodeUnchanged, "row", problemName(into.ID))
	case into.Room != from.Room:
		return refuse(CodeOtherRoom, "row", problemName(from.ID))
	}
	if err := t.moveComplaints(from.Complaints, into.ID); err != nil {
		return err
	}
	merged := from
	merged.Into, merged.Complaints = into.ID, nil
	merged.Flag, merged.Event, merged.SaidAt = 0, 0, noTime
	if _, err := t.changeProblem(from, merged); err != nil {
		return err
	}
	if err := t.redescribe(into.ID); err != nil {
		return err
	}
	return t.resultProblem(into.ID, r)
}

func (t *deed) resultProblem(id int64, r *Result) error {
	p, err := t.tx.Problem(t.ctx, id)
	r.Problem = &p
	return err
}

func (t *deed) moveComplaints(ids []int64, to int64) error {
	for _, id := range ids {
		old, err := t.readComplaint(id)
		if err != nil {
			return err
		}
		c := old
		c.Problem = to
		if err := t.changeComplaint(old, c); err != nil {
			return err
		}
	}
	return nil
}

// redescribe gives a problem the title and the claim that its complaints speak
// of now.
func (t *deed) redescribe(id int64) error {
	old, err := t.tx.Problem(t.ctx, id)
	if err != nil {
		return err
	}
	flags, err := t.tx.Flags(t.ctx, Page{Room: old.Room})
	if err != nil {
		return err
	}
	var known []triage.Cause
	byID := make(map[int64]Flag)
	for _, f := range flags {
		if f.Status != FlagDismissed {
			known = append(known, cause(f))
		}
		byID[f.ID] = f
	}
	var all []triage.Complaint
	for _, id := range old.Complaints {
		c, err := t.readComplaint(id)
		if err != nil {
			return err
		}
		all = append(all, c.triaged())
	}
	g := triage.NewGroup(old.SKU, all)
	p := old
	p.Title, p.Flag = g.Title(), g.Cause(known)
	if f := byID[p.Flag]; p.Flag != 0 {
		p.Event, p.SaidAt = f.Event, f.At
	} else if old.Flag != 0 {
		p.Event, p.SaidAt = 0, noTime
	}
	_, err = t.changeProblem(old, p)
	return err
}

func (t *deed) changeProblem(old, p Problem) (Problem, error) {
	p.ChangedBy = t.actor.Name
	complaints := p.Complaints
	if err := t.problem(&p); err != nil {
		return p, err
	}
	p.Complaints = complaints
	t.desk.stale(p.Room)
	again := slices.ContainsFunc(t.after.Problems, func(o Problem) bool { return o.ID == p.ID })
	if old.ID != 0 && !again {
		t.before.Problems = append(t.before.Problems, old.content().(Problem))
	}
	t.after.Problems = append(t.after.Problems, p.content().(Problem))
	return p, nil
}

// restoreProblems undoes a split or a merge. The complaints that were moved are
// back where they stood; those that joined a split meanwhile go back with it.
func (t *deed) restoreProblems(a Action, before, after rowSet) error {
	was := make(map[int64]Problem)
	var from int64
	for _, p := range before.Problems {
		was[p.ID] = p
		from = p.ID
	}
	done := make(map[int64]bool)
	for _, p := range after.Problems {
		if done[p.ID] {
			continue
		}
		done[p.ID] = true
		current, err := t.tx.Problem(t.ctx, p.ID)
		if err != nil {
			return found(problemName(p.ID), err)
		}
		if current.ChangedBy != t.actor.Name {
			return changedSince(a, problemName(p.ID), current.ChangedBy)
		}
		old, existed := was[p.ID]
		restored := current
		restored.Title, restored.Flag, restored.Event, restored.SaidAt, restored.Into = old.Title, old.Flag, old.Event, old.SaidAt, old.Into
		if !existed {
			if err := t.moveComplaints(current.Complaints, from); err != nil {
				return err
			}
			restored.Title, restored.Into, restored.Complaints = current.Title, from, nil
		}
		if _, err := t.changeProblem(current, restored); err != nil {
			return err
		}
	}
	return nil
}
