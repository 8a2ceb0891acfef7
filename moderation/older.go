package moderation

import (
	"context"
	"fmt"
)

// olderPage is how many rows of an older record are brought on at a time.
const olderPage = 1000

// triageOlder triages the complaints of a record that was begun by a version of
// the program that did not. It is one transaction, so that the first complaint
// tells whether it was done.
func (d *Desk) triageOlder(ctx context.Context) error {
	first, err := d.store.Complaints(ctx, Page{Limit: 1})
	if err != nil || len(first) == 0 || first[0].Type != "" {
		return err
	}
	err = d.update(ctx, func(s *scribe) error {
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
	if err != nil {
		return fmt.Errorf("triage the older complaints: %w", err)
	}
	return nil
}
