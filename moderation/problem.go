package moderation

import (
	"context"
	"slices"

	"liveroom/moderation/triage"
)

// A sorter puts a room's complaints together into problems.
type sorter struct {
	index    *triage.Index
	claims   []triage.Cause
	problems map[int64]Problem // as they stand in the record
}

// load builds the sorter again from the record.
func (s *sorter) load(ctx context.Context, d *Desk, tx Tx, room string) error {
	*s = sorter{index: triage.NewIndex(), problems: make(map[int64]Problem)}
	flags, err := tx.Flags(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	for _, f := range flags {
		s.know(f)
	}
	d.noteDismissed(flags)
	problems, err := tx.Problems(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	for _, p := range problems {
		s.problems[p.ID] = p
	}
	complaints, err := tx.Complaints(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	known := d.standing(s.claims)
	for _, c := range complaints {
		t := triage.Complaint{ID: c.ID, SKU: c.SKU, Text: c.Text}
		place := s.index.Place(t, known)
		if g := place.Group(); c.Problem == 0 && g != nil && g.Problem != 0 {
			continue // it was left out when it came
		}
		s.index.Join(place, t, c.Problem)
	}
	return nil
}

// know notes a claim that complaints may go back to.
func (s *sorter) know(f Flag) {
	s.claims = append(s.claims, triage.Cause{Flag: f.ID, SKU: f.Finding.SKU, Category: f.Finding.Category, Said: f.Finding.Said})
}

// noteDismissed keeps which flags no problem can go back to.
func (d *Desk) noteDismissed(flags []Flag) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range flags {
		if f.Status == FlagDismissed {
			d.dismissed[f.ID] = true
		} else {
			delete(d.dismissed, f.ID)
		}
	}
}

// standing are the room's claims but those that a person dismissed.
func (d *Desk) standing(all []triage.Cause) []triage.Cause {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.dismissed) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(c triage.Cause) bool { return d.dismissed[c.Flag] })
}

// sort records a complaint in the problem it belongs to. A problem begins with
// its second complaint.
func (in *intake) sort(room *roomState, c *Complaint) error {
	known := in.desk.standing(room.claims)
	t := triage.Complaint{SKU: c.SKU, Text: c.Text}
	place := room.index.Place(t, known)
	g := place.Group()
	if g != nil && len(g.Members) > 0 {
		if g.Problem == 0 {
			if err := in.begin(room, g, known); err != nil {
				return err
			}
		}
		c.Problem = g.Problem
	}
	if err := in.complaint(c); err != nil {
		return err
	}
	t.ID = c.ID
	if g = room.index.Join(place, t, 0); g == nil || g.Problem == 0 {
		return nil
	}
	return in.describe(room, g, known)
}

// begin makes a problem of a group's first complaint, which gets a second.
func (in *intake) begin(room *roomState, g *triage.Group, known []triage.Cause) error {
	p := Problem{Room: room.room.ID, SKU: g.SKU, Title: g.Title(), Flag: g.Cause(known)}
	if err := in.problem(&p); err != nil {
		return err
	}
	room.problems[p.ID] = p
	g.Problem = p.ID
	for _, id := range g.Members {
		page, err := in.tx.Complaints(in.ctx, Page{After: id - 1, Limit: 1})
		if err != nil {
			return err
		}
		if len(page) == 0 || page[0].ID != id {
			return found(complaintName(id), ErrNotFound)
		}
		page[0].Problem = p.ID
		if err := in.complaint(&page[0]); err != nil {
			return err
		}
	}
	return nil
}

// describe brings what is said of a problem up to its newest complaint.
func (in *intake) describe(room *roomState, g *triage.Group, known []triage.Cause) error {
	old := room.problems[g.Problem]
	p := old
	p.Title, p.Flag = g.Title(), g.Cause(known)
	p.Complaints = slices.Clone(g.Members)
	if p.Title != old.Title || p.Flag != old.Flag {
		if err := in.problem(&p); err != nil {
			return err
		}
	} else {
		in.up.Problems = append(in.up.Problems, p)
	}
	room.problems[p.ID] = p
	return nil
}
