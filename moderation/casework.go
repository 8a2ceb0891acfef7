package moderation

import (
	"slices"

	"liveroom/feed"
)

func (t *deed) openCase(c OpenCase, r *Result) error {
	title, err := written(c.Title)
	if err != nil {
		return err
	}
	if c.Kind != CaseFalseAdvertising && c.Kind != CaseComplaint {
		return refuse(CodeBadKind, "kind", string(c.Kind))
	}
	rooms, err := t.tx.Rooms(t.ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(rooms, func(r Room) bool { return r.ID == c.Room }) {
		return found("room "+feed.Sanitise(c.Room).String(), ErrNotFound)
	}
	opened := Case{
		Room: c.Room, Kind: c.Kind, State: CaseStateOpen, Title: title, SKU: tidy(c.SKU),
		Flags: unique(c.Flags), Complaints: unique(c.Complaints), Orders: unique(c.Orders),
		OpenedBy: t.actor.Name, OpenedAt: t.now, DueAt: t.now.Add(reviewWithin),
	}
	if len(opened.Flags) > 0 {
		first, err := t.readFlag(opened.Flags[0])
		if err != nil {
			return err
		}
		opened.Category = first.Finding.Category
	}
	if opened, err = t.changeCase(Case{}, opened); err != nil {
		return err
	}
	r.Case = &opened
	return t.bind(opened)
}

func unique[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// bind lets the rows that a new case is about know of it.
func (t *deed) bind(c Case) error {
	for _, id := range c.Flags {
		old, err := t.readFlag(id)
		if err == nil {
			err = bindable(flagName(id), old.Room, old.Case, c)
		}
		if err != nil {
			return err
		}
		f := old
		f.Case = c.ID
		if _, err := t.changeFlag(old, f); err != nil {
			return err
		}
	}
	for _, id := range c.Complaints {
		old, err := t.readComplaint(id)
		if err == nil {
			err = bindable(complaintName(id), old.Room, old.Case, c)
		}
		if err != nil {
			return err
		}
		m := old
		m.Case = c.ID
		if err := t.changeComplaint(old, m); err != nil {
			return err
		}
	}
	for _, id := range c.Orders {
		old, err := t.tx.Order(t.ctx, id)
		if err = found(orderName(id), err); err == nil {
			err = bindable(orderName(id), old.Room, old.Case, c)
		}
		if err != nil {
			return err
		}
		o := old
		o.Case = c.ID
		if err := t.changeOrder(old, o); err != nil {
			return err
		}
	}
	return nil
}

func bindable(row, room string, in int64, c Case) error {
	switch {
	case room != c.Room:
		return refuse(CodeOtherRoom, "row", row)
	case in != 0:
		return refuse(CodeInCase, "row", row, "case", number(in))
	}
	return nil
}

func (t *deed) readComplaint(id int64) (Complaint, error) {
	c, err := t.tx.Complaint(t.ctx, id)
	return c, found(complaintName(id), err)
}

// mine refuses what only the owner, or who may work on any case, may do.
func (t *deed) mine(c Case) error {
	if c.Owner != "" && c.Owner != t.actor.Name && !t.actor.Role.May(rightAnyCase) {
		return refuse(CodeOwned, "row", caseName(c.ID), "by", c.Owner)
	}
	return nil
}

func (t *deed) takeCase(c TakeCase, r *Result) error {
	old, err := t.readCase(c.Case, c.Version)
	if err != nil {
		return err
	}
	if err := t.mine(old); err != nil {
		return err
	}
	if old.State == CaseStateWithdrawn || old.State == CaseStateClosed {
		return refuse(CodeBadMove, "row", caseName(old.ID), "from", string(old.State), "to", "owner "+t.actor.Name)
	}
	if old.Owner == t.actor.Name {
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	taken := old
	taken.Owner = t.actor.Name
	taken, err = t.changeCase(old, taken)
	r.Case = &taken
	return err
}

var outcomes = []Outcome{OutcomeUpheld, OutcomeUnfounded, OutcomeCorrected}

func (t *deed) moveCase(c MoveCase, r *Result) error {
	old, err := t.readCase(c.Case, c.Version)
	if err != nil {
		return err
	}
	if err := t.mine(old); err != nil {
		return err
	}
	name := caseName(old.ID)
	if !CanMove(old.State, c.To) {
		return refuse(CodeBadMove, "row", name, "from", string(old.State), "to", string(c.To))
	}
	moved := old
	moved.State = c.To
	moved.Owner = firstOf(old.Owner, t.actor.Name)
	switch c.To {
	case CaseStateResolved:
		if c.Outcome == "" {
			return refuse(CodeNeedsOutcome, "row", name)
		}
		if !slices.Contains(outcomes, c.Outcome) {
			return refuse(CodeBadOutcome, "outcome", string(c.Outcome))
		}
		moved.Outcome = c.Outcome
	case CaseStateClosed:
		moved.ClosedAt = t.now
	default:
		reopened := old.State == CaseStateResolved || old.State == CaseStateClosed
		if reopened && tidy(c.Reason) == "" {
			return refuse(CodeNeedsReason, "row", name)
		}
		moved.Outcome, moved.ClosedAt = "", noTime
	}
	if reason := tidy(c.Reason); reason != "" {
		if _, err := written(reason); err != nil {
			return err
		}
		moved.Notes = append(slices.Clone(old.Notes), Note{By: t.actor.Name, At: t.now, Text: reason})
	}
	moved, err = t.changeCase(old, moved)
	r.Case = &moved
	return err
}

func (t *deed) noteCase(c NoteCase, r *Result) error {
	text, err := written(c.Text)
	if err != nil {
		return err
	}
	old, err := t.readCase(c.Case, c.Version)
	if err != nil {
		return err
	}
	noted := old
	noted.Notes = append(slices.Clone(old.Notes), Note{By: t.actor.Name, At: t.now, Text: text})
	noted, err = t.changeCase(old, noted)
	r.Case = &noted
	return err
}
