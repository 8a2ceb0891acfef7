package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"liveroom/claims/rules"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/tui/text"
)

func newRules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Try rules of your own before they count",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulesTest(), newRulesBacktest())
	return cmd
}

func newRulesTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test FILE…",
		Short: "Run every rule's examples",
		Long: "Run the lines that each rule must hit and must miss. Prints each that does otherwise with\n" +
			"file and line, and exits with 1 when there is one.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			set, err := loadRules(files)
			if err != nil {
				return err
			}
			return printFailures(cmd.OutOrStdout(), set, testLabels[lang])
		},
	}
}

type testLabel struct{ hit, miss, sum string }

var testLabels = map[text.Lang]testLabel{
	text.EN: {"must hit and does not: %s", "must miss and hits: %s", "%d rules, %d examples, %d fail"},
	text.ZH: {"应命中而没有命中：%s", "不应命中而命中：%s", "%d 条规则，%d 个例句，%d 个不符"},
}

func printFailures(out io.Writer, set *rules.Set, label testLabel) error {
	failures := set.Test()
	var err error
	for _, f := range failures {
		what := label.miss
		if f.Hit {
			what = label.hit
		}
		err = errors.Join(err, printf(out, "%s:%d: %s: "+what+"\n  %s\n", feed.Sanitise(f.File), f.Line, feed.Sanitise(f.Rule), feed.Sanitise(f.Why), feed.Sanitise(f.Text)))
	}
	err = errors.Join(err, printf(out, label.sum+"\n", len(set.Rules()), set.Examples(), len(failures)))
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if len(failures) > 0 {
		return errFound
	}
	return nil
}

// backtestOptions are the flags of a backtest.
type backtestOptions struct {
	next, current       []string
	facts, db, room, as string
}

func newRulesBacktest() *cobra.Command {
	var o backtestOptions
	cmd := &cobra.Command{
		Use:   "backtest [--rules FILE…] [--facts SHEET] (--db RECORD | LABELLED.jsonl)",
		Short: "Hold rules against what was said before",
		Long: "Check everything that was said in a record, or in a file of labelled utterances, with the\n" +
			"current checks (--current: rule files in use; none: the built-in checks) and with the new\n" +
			"ones (--rules), and compare. Rules in shadow are taken as if they were on. In a record,\n" +
			"people's decisions judge: what they confirmed is right, what they dismissed is wrong, and\n" +
			"the rest is not judged. Nothing is changed. docs/rules.md explains the figures.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			return runBacktest(cmd, files, o, lang)
		},
	}
	cmd.Flags().StringSliceVar(&o.next, "rules", nil, "rule files to try")
	cmd.Flags().StringSliceVar(&o.current, "current", nil, "rule files that are in use now")
	cmd.Flags().StringVar(&o.facts, "facts", "", "fact sheet that both are checked on")
	cmd.Flags().StringVar(&o.db, "db", "", "database file of a record")
	cmd.Flags().StringVar(&o.room, "room", "", "only this room of the record")
	cmd.Flags().StringVar(&o.as, "format", "text", "text or jsonl")
	return cmd
}

func runBacktest(cmd *cobra.Command, files []string, o backtestOptions, lang text.Lang) error {
	if (o.db == "") == (len(files) == 0) {
		return errors.New("name what was said: either --db RECORD or a file of labelled utterances")
	}
	if o.room != "" && o.db == "" {
		return errors.New("--room is for a record: name it with --db")
	}
	if o.as != "text" && o.as != "jsonl" {
		return fmt.Errorf("--format %q is not supported: use text or jsonl", o.as)
	}
	facts, err := loadSheet(o.facts)
	if err != nil {
		return err
	}
	current, err := loadRules(o.current)
	if err != nil {
		return err
	}
	next, err := loadRules(o.next)
	if err != nil {
		return err
	}
	var ids []string
	states := map[string]rules.State{}
	if next != nil {
		for _, r := range next.Rules() {
			ids = append(ids, r.ID)
			states[r.ID] = r.State
		}
		next = next.Counting()
	}
	run := backtest.NewRun(newChecker(facts, current), newChecker(facts, next), ids)
	if o.db != "" {
		err = addRecord(cmd.Context(), run, o.db, o.room)
	} else {
		err = addLabelled(run, files[0])
	}
	if err != nil {
		return err
	}
	p := backtestPage{over: strings.Join(append(files, o.db), ""), current: o.current, next: o.next, decisions: o.db != "", states: states, Report: run.Report()}
	if p.decisions {
		p.hide()
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	if o.as == "jsonl" {
		err = p.writeJSON(out)
	} else {
		err = p.writeText(out, backtestLabels[lang])
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("write backtest: %w", err)
	}
	return nil
}

func addRecord(ctx context.Context, run *backtest.Run, db, room string) error {
	store, err := openRecord(ctx, db)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Snapshot(ctx, func(r moderation.Record) error {
		return moderation.Rehear(ctx, r, room, func(h moderation.Hearing) error {
			run.Add(backtest.FromRecord(h))
			return ctx.Err()
		})
	})
}

func addLabelled(run *backtest.Run, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open labelled utterances: %w", err)
	}
	defer f.Close()
	said, err := backtest.ReadLabelled(name, f)
	if err != nil {
		return err
	}
	for _, u := range said {
		run.Add(u)
	}
	return nil
}
