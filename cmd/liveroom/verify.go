package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

func newVerify() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify FILE.zip | --db FILE [--checkpoints FILE] [--key KEY]",
		Short: "Check that a bundle or a record was not changed after it was written",
		Long: "With a bundle: check it offline, by the key in it or by --key. With --db:\n" +
			"recompute the ledger from its leaves and hold every event, flag, complaint, order, case and\n" +
			"action against its leaf, and hold the ledger against the checkpoints that were signed of it:\n" +
			"it must still begin with each. Exits with 1 when something does not hold.\n\n" +
			"Who has the machine can put record and checkpoints back to an older state together, or sign\n" +
			"new ones. Only checkpoints and a key that were kept elsewhere show that: name them with\n" +
			"--checkpoints and --key.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 1 && (o.db != "" || o.checkpoints != ""):
				return errors.New("check one at a time: liveroom verify FILE.zip, or liveroom verify --db FILE")
			case len(args) == 1:
				return verifyBundle(cmd.OutOrStdout(), args[0], o.key)
			case o.db == "":
				return errors.New("name a bundle or a database: liveroom verify FILE.zip, or liveroom verify --db FILE")
			}
			return verifyRecord(cmd.Context(), cmd.OutOrStdout(), o)
		},
	}
	cmd.Flags().StringVar(&o.db, "db", "", "database file of the record")
	cmd.Flags().StringVar(&o.checkpoints, "checkpoints", "", "file of checkpoints, best a copy kept elsewhere (default: the one beside the record)")
	cmd.Flags().StringVar(&o.key, "key", "", "verifier key that signed them, or the .pub file it stands in (default: the one beside the record)")
	return cmd
}

type verifyOptions struct{ db, checkpoints, key string }

func verifyRecord(ctx context.Context, out io.Writer, o verifyOptions) error {
	store, err := sqlite.OpenReadOnly(ctx, o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	audit, err := moderation.Verify(ctx, store)
	if err != nil {
		return err
	}
	signed, err := o.signed(ctx, store)
	if err != nil {
		return err
	}
	audit.Faults = append(audit.Faults, signed.faults...)
	return errors.Join(printAudit(out, audit), signed.print(out, audit.Head.Size))
}

// printAudit lists what is wrong and closes with the head and the count.
func printAudit(out io.Writer, a *moderation.Audit) error {
	var err error
	for _, f := range a.Faults {
		err = errors.Join(err, printf(out, "%s\n", feed.Sanitise(f.String())))
	}
	if a.Erased > 0 {
		err = errors.Join(err, printf(out, "%d events and rows were erased, %d buyers as a whole; the ledger says so\n", a.Erased, a.People))
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
