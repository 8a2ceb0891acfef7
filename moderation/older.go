package moderation

import (
	"context"
	"fmt"

	"liveroom/moderation/policy"
)

// olderPage is how many rows of an older record are brought on at a time.
const olderPage = 1000

// bringOn makes of the rows of a record that an older version of the program
// began what this one would have made of them. Each change leaves its leaf.
func (d *Desk) bringOn(ctx context.Context) error {
	if err := d.triageOlder(ctx); err != nil {
		return fmt.Errorf("triage the older complaints: %w", err)
	}
	if err := d.clockOlder(ctx); err != nil {
		return fmt.Errorf("start the clocks of older cases: %w", err)
	}
	return nil
}

// triageOlder triages complaints that came before there was triage. It is one
// transaction, so that the first complaint tells whether it was done.
func (d *Desk) triageOlder(ctx context.Context) error {
	first, err := d.store.Complaints(ctx, Page{Limit: 1})
	if err != nil || len(first) == 0 || first[0].Type != "" {
		return err
	}
	return d.update(ctx, func(s *scribe) error {
		for page := (Page{Limit: olderPage}); ; {
			rows, err := s.tx.Complaints(ctx, page)
			if err != nil || len(rows) == 0 {
				return err
			}
			for i := range rows {
				rows[i].classify()
				if err := s.complaint(&rows[i]); err != nil {
					return err
				}
			}
			page.After = rows[len(rows)-1].ID
		}
	})
}

// unclocked tells of a case that was opened before cases had clocks: it has a
// time it is due and nothing that is.
func (c *Case) unclocked() bool { return len(c.Clocks) == 0 && !c.DueAt.IsZero() }

// clockOlder gives cases that had but one due time its clock, and takes held
// ones back after a lease.
func (d *Desk) clockOlder(ctx context.Context) error {
	first, err := d.store.Cases(ctx, Page{Open: true, Limit: 1})
	if err != nil || len(first) == 0 || !first[0].unclocked() {
		return err
	}
	return d.update(ctx, func(s *scribe) error {
		open, err := s.tx.Cases(ctx, Page{Open: true})
		if err != nil {
			return err
		}
		for _, c := range open {
			if !c.unclocked() {
				continue
			}
			k := Clock{Name: ClockReview, Started: c.OpenedAt, Due: c.DueAt}
			if c.State != CaseStateOpen {
				k.Name = ClockResult
			}
			c.Clocks = []Clock{k}
			if c.State == CaseStateResolved {
				c.meet(everyClock, c.ChangedAt, reckoning{d.Policies().Calendar(), policy.DefaultZone})
			}
			if c.Owner != "" {
				c.LeaseUntil = d.wallNow().Add(d.lease)
			}
			if err := s.casework(&c); err != nil {
				return err
			}
		}
		return nil
	})
}
