package surge

import (
	"context"
	"fmt"

	"liveroom/moderation"
)

// decide confirms the flags, and opens cases about the first complaints.
func (b *broadcast) decide(ctx context.Context, desk *moderation.Desk) error {
	flags, err := desk.Reader().Flags(ctx, moderation.Page{Room: Room})
	if err != nil {
		return fmt.Errorf("decide on the surge: %w", err)
	}
	for _, f := range flags {
		if _, err := desk.Do(ctx, Supervisor, moderation.ConfirmFlag{Flag: f.ID, OpenCase: true}); err != nil {
			return fmt.Errorf("decide on the surge: %w", err)
		}
	}
	complaints, err := desk.Reader().Complaints(ctx, moderation.Page{Room: Room, Limit: b.size.Cases})
	if err != nil {
		return fmt.Errorf("decide on the surge: %w", err)
	}
	for _, c := range complaints {
		open := moderation.OpenCase{
			Room: Room, Kind: moderation.CaseComplaint, Title: c.Text, SKU: c.SKU, Complaints: []int64{c.ID},
		}
		if _, err := desk.Do(ctx, Supervisor, open); err != nil {
			return fmt.Errorf("decide on the surge: %w", err)
		}
	}
	return nil
}
