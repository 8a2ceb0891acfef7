package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/moderation/query"
)

// listPage is how many rows are read at a time: a listing never holds the
// whole record.
const listPage = 1000

// newLists makes the commands that read the record, one for each kind of row.
func newLists() []*cobra.Command {
	return []*cobra.Command{
		newList("events", "Read the record's events", eventLister),
		newList("flags", "Read the record's flags", flagLister),
		newList("complaints", "Read the record's complaints", complaintLister),
		newList("problems", "Read the record's problems", problemLister),
		newList("questions", "Read the viewers' questions in the record", questionLister),
		newList("orders", "Read the record's orders", orderLister),
		newList("cases", "Read the record's cases", caseLister),
	}
}

// A lister gives the rows beyond page.After and the key of the last one.
type lister func(ctx context.Context, r moderation.Store, page moderation.Page, opt listOptions) (rows []any, last int64, err error)

type listOptions struct {
	db, room, since, format string
	speech, open, urgent    bool
	at, query               string
	filter                  *query.Filter // nil: all
	facts                   string
	listening               moderation.Listening
	window                  time.Duration
	reveal                  revealOptions
	veil                    *veil
	withdrawn               moderation.Withdrawals // of events
}

func newList(name, short string, list lister) *cobra.Command {
	var opt listOptions
	cmd := &cobra.Command{
		Use:   name + " [--db FILE] [--room ROOM] [--since TIME] [--query QUERY]",
		Short: short,
		Long: short + ". Personal data is hidden: names but the surname, order numbers but the last four,\n" +
			"numbers and addresses in texts. --reveal prints a kind of it for one case; who asked for\n" +
			"it and why goes into the ledger first.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runList(cmd, list, opt)
		},
	}
	cmd.Flags().StringVar(&opt.db, "db", "liveroom.db", "database file of the record")
	cmd.Flags().StringVar(&opt.room, "room", "", "only this room")
	cmd.Flags().StringVar(&opt.since, "since", "", "only from this time on: RFC 3339, or a span like 10m before now")
	cmd.Flags().StringVar(&opt.format, "format", "jsonl", "jsonl")
	cmd.Flags().StringVar(&opt.query, "query", "", `only what the query finds, like 掉毛 or "is:overdue -owner:none": see docs/query.md`)
	cmd.Flags().StringVar(&opt.at, "at", "", "look from this moment, for times of a query and for what is urgent (default: now)")
	opt.reveal.flags(cmd.Flags())
	if name == "orders" {
		cmd.Flags().BoolVar(&opt.speech, "speech", false, "with what the host said of the product before the payment")
		cmd.Flags().StringVar(&opt.facts, "facts", "", "with --speech: fact sheet (CSV, XLSX or TOML) that says what of it was right")
		cmd.Flags().DurationVar(&opt.window, "window", moderation.DefaultSpeechWindow, "with --speech: how long before the payment words count")
	}
	if name == "questions" {
		cmd.Flags().BoolVar(&opt.open, "open", false, "only those that nobody answered")
	}
	if name == "cases" {
		cmd.Flags().BoolVar(&opt.urgent, "urgent", false, "only those not over, as next-case gives them: what is late or at risk first, with the reasons")
	}
	return cmd
}

func runList(cmd *cobra.Command, list lister, opt listOptions) error {
	if opt.format != "jsonl" {
		return fmt.Errorf("--format %q is not supported: use jsonl", opt.format)
	}
	page := moderation.Page{Room: opt.room, Limit: listPage}
	var err error
	if page.Since, err = parseSince(opt.since, time.Now()); err != nil {
		return err
	}
	if opt.listening, err = listeningBy(opt.facts, opt.window); err != nil {
		return err
	}
	asks, err := parseQuery(moderation.List(cmd.Name()), opt.query)
	if err != nil {
		return err
	}
	store, v, err := opt.reveal.openVeiled(cmd.Context(), opt.db)
	if err != nil {
		return err
	}
	defer store.Close()
	opt.veil = v
	if opt.filter, err = bindQuery(cmd.Context(), store, asks, opt); err != nil {
		return err
	}
	if cmd.Name() == string(moderation.ListEvents) {
		if opt.withdrawn, err = moderation.ReadWithdrawals(cmd.Context(), store, opt.room); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	for {
		rows, last, err := list(cmd.Context(), store, page, opt)
		if err != nil {
			return err
		}
		if err := writeRows(out, rows); err != nil {
			return err
		}
		if len(rows) < listPage {
			break
		}
		page.After = last
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// listeningBy is how speech is read by a fact sheet, "" for none, and a window.
func listeningBy(facts string, window time.Duration) (moderation.Listening, error) {
	l := moderation.Listening{Window: window}
	if window < 0 {
		return l, fmt.Errorf("--window %s: give a time before the payment, like 10m", window)
	}
	if facts != "" {
		sheet, err := loadSheet(facts)
		if err != nil {
			return l, err
		}
		l.Claimer = claims.New(sheet)
	}
	return l, nil
}

func writeRows(w io.Writer, rows []any) error {
	for _, row := range rows {
		if err := writeJSON(w, row); err != nil {
			return err
		}
	}
	return nil
}

func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if span, err := time.ParseDuration(text); err == nil && span >= 0 {
		return now.Add(-span), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--since %q is no time: write 2026-11-20T20:00:00+08:00 or a span like 10m", text)
	}
	return t, nil
}
