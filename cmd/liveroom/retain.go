package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

const day = 24 * time.Hour

// retention is who erases what is old when the collector starts: the config's
// word is the supervisor's.
var retention = moderation.Actor{Name: "retention", Role: moderation.RoleSupervisor}

func newRetain() *cobra.Command {
	var db string
	var keep int
	var who revealOptions
	cmd := &cobra.Command{
		Use:   "retain --db FILE --keep-days N --reason WHY",
		Short: "Erase what is buyers' and older than it may be kept",
		Long: "Takes what is buyers' out of events, complaints, questions and orders that are older than so many\n" +
			"days, with the ledger still verifying. What is on hold stays, and what is about a buyer of a case\n" +
			"that is not closed. It is a supervisor's and cannot be undone. Close the console first;\n" +
			"`liveroom collect` does the same when it starts, by [record] keep_days.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if err := isThere(db); err != nil {
				return err
			}
			if keep < 1 {
				return errors.New("--keep-days must be 1 or more")
			}
			actor, err := who.actor()
			if err != nil {
				return err
			}
			store, err := sqlite.Open(cmd.Context(), db)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, store.Close()) }()
			desk, err := moderation.NewDesk(cmd.Context(), moderation.Config{Store: store})
			if err != nil {
				return err
			}
			return retain(cmd.Context(), cmd.OutOrStdout(), desk, actor, keep, who.reason)
		},
	}
	f := cmd.Flags()
	f.StringVar(&db, "db", "liveroom.db", "database file of the record")
	f.IntVar(&keep, "keep-days", int(moderation.Retention/day), "how many days to keep")
	f.StringVar(&who.reason, "reason", "", "why, for the ledger")
	f.StringVar(&who.config, "config", "", "config that names the person at the desk and their role")
	f.StringVar(&who.by, "by", "", "who does it, for the ledger (default: the config's person, or the name of the account)")
	return cmd
}

func retain(ctx context.Context, out io.Writer, desk *moderation.Desk, who moderation.Actor, days int, reason string) error {
	r, err := desk.Do(ctx, who, moderation.EraseOlder{Before: time.Now().Add(-time.Duration(days) * day), Reason: reason})
	if err != nil {
		return err
	}
	return printf(out, "erased: %d events, %d rows older than %d days\n", r.Erased.Events, r.Erased.Rows, days)
}
