package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

func newVerify() *cobra.Command {
	var db string
	cmd := &cobra.Command{
		Use:   "verify --db FILE",
		Short: "Check that a record was not changed after it was written",
		Long: "Recompute the ledger from its leaves and hold every event, flag, complaint, order, case and\n" +
			"action against its leaf. Exits with 1 when something does not hold. A ledger alone cannot\n" +
			"show that the whole file was put back to an older state: compare the head with one noted\n" +
			"elsewhere.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if db == "" {
				return errors.New("name the database: liveroom verify --db FILE")
			}
			store, err := sqlite.OpenReadOnly(cmd.Context(), db)
			if err != nil {
				return err
			}
			defer store.Close()
			audit, err := moderation.Verify(cmd.Context(), store)
			if err != nil {
				return err
			}
			return printAudit(cmd.OutOrStdout(), audit)
		},
	}
	cmd.Flags().StringVar(&db, "db", "", "database file of the record")
	return cmd
}

// printAudit lists what is wrong and closes with the head and the count.
func printAudit(out io.Writer, a *moderation.Audit) error {
	var err error
	for _, f := range a.Faults {
		err = errors.Join(err, printf(out, "%s\n", feed.Sanitise(f.String())))
	}
	faults := int64(len(a.Faults)) + a.More
	err = errors.Join(err, printf(out, "%d leaves, root %x: %d problems\n", a.Head.Size, a.Head.Root, faults))
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if faults > 0 {
		return errFound
	}
	return nil
}
