package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// eraseOptions say whose data, and who asks.
type eraseOptions struct {
	db, buyer string
	hold, let bool
	who       revealOptions
}

func newErase() *cobra.Command {
	var o eraseOptions
	cmd := &cobra.Command{
		Use:   "erase --db FILE --buyer ID --reason WHY [--hold | --let-go]",
		Short: "Take a buyer's data out of the record for good, or keep it from being erased",
		Long: "Erases all that is a buyer's, by their id, or by their name where the source gave no id: what they\n" +
			"wrote, bought and complained of reads as erased, and the ledger still verifies. It is a supervisor's,\n" +
			"cannot be undone, and is refused while a case about the buyer is open. --hold keeps the data from\n" +
			"being erased, by age too, until --let-go. Close the console first. Copies of the record made before\n" +
			"still hold the data and its key: erase in them too.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.run(cmd.Context(), cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	f.StringVar(&o.buyer, "buyer", "", "the buyer's id, or name where there is none")
	f.StringVar(&o.who.reason, "reason", "", "why, for the ledger")
	f.BoolVar(&o.hold, "hold", false, "keep the data from being erased")
	f.BoolVar(&o.let, "let-go", false, "let it be erased again")
	f.StringVar(&o.who.config, "config", "", "config that names the person at the desk and their role")
	f.StringVar(&o.who.by, "by", "", "who asks, for the ledger (default: the config's person, or the name of the account)")
	cmd.MarkFlagsMutuallyExclusive("hold", "let-go")
	return cmd
}

func (o *eraseOptions) command() moderation.Command {
	switch {
	case o.hold:
		return moderation.HoldBuyer{Buyer: o.buyer, Reason: o.who.reason}
	case o.let:
		return moderation.LetGoBuyer{Buyer: o.buyer, Reason: o.who.reason}
	}
	return moderation.EraseBuyer{Buyer: o.buyer, Reason: o.who.reason}
}

func (o *eraseOptions) run(ctx context.Context, out io.Writer) (err error) {
	if o.buyer == "" {
		return errors.New("whose data? name the buyer with --buyer ID")
	}
	if err := isThere(o.db); err != nil {
		return err
	}
	who, err := o.who.actor()
	if err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, o.db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: store})
	if err != nil {
		return err
	}
	r, err := desk.Do(ctx, who, o.command())
	if err != nil {
		return err
	}
	switch e := r.Erased; {
	case e != nil:
		return printf(out, "erased: %d events, %d rows; written anew: %d rows of the desk\n", e.Events, e.Rows, e.Edited)
	case o.hold:
		return printf(out, "held: nothing of this buyer is erased until it is let go\n")
	}
	return printf(out, "let go: this buyer's data may be erased again\n")
}
