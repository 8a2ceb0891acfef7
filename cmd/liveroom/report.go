package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/report"
	"liveroom/tui/text"
)

type reportOptions struct {
	db, room, out, format, since, until, facts string
	window                                     time.Duration
	check                                      bool
}

func newReport() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report --room ROOM [--db FILE] -o out.html",
		Short: "Sum up a broadcast in one file to hand on",
		Long: "Writes what became of a broadcast: its timeline, flags and outcomes, complaints by type and problem,\n" +
			"clocks met and missed, precision by rule, work at the desk, orders and refunds against claims, cases,\n" +
			"agreement of spot checks, unanswered questions, what was erased, and what the ledger says. Personal data\n" +
			"is hidden.\n\n" +
			"The name of the file tells the format: .html (one page that needs nothing else and prints on A4),\n" +
			".xlsx, .jsonl, or a folder, as in -o report/, for one CSV file a section. Without -o it is printed.\n" +
			"The record is checked against its ledger meanwhile; exits with 1 when that finds something.\n" +
			"May run beside a console.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			return o.run(cmd.Context(), cmd.OutOrStdout(), lang)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	f.StringVar(&o.room, "room", "", "the room of the broadcast")
	f.StringVarP(&o.out, "output", "o", "", "file to write, or for CSV the folder (default: standard output)")
	f.StringVar(&o.format, "format", "", "html, csv, xlsx or jsonl (default: by the name of the file, else html)")
	f.StringVar(&o.since, "since", "", "start of an earlier broadcast, RFC 3339 (default: the room's last)")
	f.StringVar(&o.until, "until", "", "up to when things count, RFC 3339 (default: all that came)")
	f.StringVar(&o.facts, "facts", "", "fact sheet (CSV, XLSX or TOML) that says where the host put a claim right on air (default: only that he was told counts)")
	f.DurationVar(&o.window, "window", moderation.DefaultSpeechWindow, "how long before a payment words count")
	f.BoolVar(&o.check, "check-ledger", true, "check the record against its ledger, and say in the report what came of it")
	return cmd
}

func (o *reportOptions) run(ctx context.Context, out io.Writer, lang text.Lang) error {
	format, err := o.formatOf()
	if err != nil {
		return err
	}
	ask := report.Options{Room: o.room, Now: time.Now(), Tool: toolName(), CheckLedger: o.check}
	if ask.Since, err = parseMoment("--since", o.since); err != nil {
		return err
	}
	if ask.Until, err = parseMoment("--until", o.until); err != nil {
		return err
	}
	if ask.Listening, err = listeningBy(o.facts, o.window); err != nil {
		return err
	}
	store, err := openRecord(ctx, o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	made, err := report.Make(ctx, store, ask)
	if err != nil {
		return err
	}
	if err := o.write(made, out, format, report.Lang(lang)); err != nil {
		return err
	}
	if made.Audit != nil && len(made.Audit.Faults) > 0 {
		return errFound
	}
	return nil
}

func (o *reportOptions) formatOf() (report.Format, error) {
	var f report.Format
	var err error
	switch {
	case o.room == "":
		return "", errors.New("name the room with --room: `liveroom events` tells which there are")
	case o.format != "":
		f, err = report.ParseFormat(o.format)
	case o.out != "":
		f, err = report.FormatOf(o.out)
	default:
		f = report.HTML
	}
	if err == nil && o.out == "" && (f == report.CSV || f == report.XLSX) {
		err = fmt.Errorf("%s is not for a terminal: name where to write it with -o", f)
	}
	return f, err
}

func (o *reportOptions) write(r *report.Report, out io.Writer, f report.Format, lang report.Lang) error {
	if o.out != "" {
		return r.Save(o.out, f, lang)
	}
	w := bufio.NewWriter(out)
	if err := r.Write(w, f, lang); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func parseMoment(flag, given string) (time.Time, error) {
	if given == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, given)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %q is no time: write it as 2026-11-20T20:00:00+08:00", flag, given)
	}
	return t, nil
}
