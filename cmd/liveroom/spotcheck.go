package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/agreement"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

// recordOptions are the flags of a command that reads a record.
type recordOptions struct {
	db, room, since, as string
}

func (o *recordOptions) flags(cmd *cobra.Command, as, formats string) {
	cmd.Flags().StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	cmd.Flags().StringVar(&o.room, "room", "", "only this room")
	cmd.Flags().StringVar(&o.since, "since", "", "only from this time on: RFC 3339, or a span like 10m before now")
	cmd.Flags().StringVar(&o.as, "format", as, formats)
}

// open opens the record to read it.
func (o *recordOptions) open(ctx context.Context) (*sqlite.Store, error) {
	return openRecord(ctx, o.db)
}

// openRecord opens a record to read it.
func openRecord(ctx context.Context, db string) (*sqlite.Store, error) {
	if err := isThere(db); err != nil {
		return nil, err
	}
	return sqlite.OpenReadOnly(ctx, db)
}

// isThere refuses a record that is not: opening one to write would make it.
func isThere(db string) error {
	if _, err := os.Stat(db); err != nil {
		return fmt.Errorf("open record: %w: name it with --db", err)
	}
	return nil
}

func newSpotCheck() *cobra.Command {
	var o recordOptions
	cmd := &cobra.Command{
		Use:   "spotcheck [--db FILE] [--room ROOM] [--since TIME]",
		Short: "How far second reviews agree with the first decisions",
		Long: "How far the blind second reviews of the spot checks agree with the first decisions: over all,\n" +
			"by moderator and by rule, as Cohen's kappa with its 95 % interval, and the share judged alike\n" +
			"with its own. A figure that cannot be computed says why. --since is about the reviews. Spot\n" +
			"checks are planned and reviewed in the console.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			return runSpotCheck(cmd, o, lang)
		},
	}
	o.flags(cmd, "text", "text or jsonl")
	return cmd
}

func runSpotCheck(cmd *cobra.Command, o recordOptions, lang text.Lang) error {
	since, err := parseSince(o.since, time.Now())
	if err != nil {
		return err
	}
	store, err := o.open(cmd.Context())
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := moderation.SpotChecksOf(cmd.Context(), store, o.room, since)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	if o.as == "jsonl" {
		err = spotCheckJSON(out, s)
	} else {
		err = spotCheckText(out, s, lang)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// The lines of spotcheck as JSON: one of all checks, then one for each figure.
// What is null cannot be computed, and says why.
type (
	jsonSpotChecks struct {
		Kind      string `json:"kind"` // checks
		Checks    int    `json:"checks"`
		Sampled   int    `json:"sampled"`
		Reviewed  int    `json:"reviewed"`
		Overtaken int    `json:"overtaken"`
	}
	jsonAgreement struct {
		Kind         string                 `json:"kind"` // agreement
		Of           moderation.AgreementOf `json:"of"`
		Name         string                 `json:"name"`
		N            int64                  `json:"n"`
		Agreed       int64                  `json:"agreed"`
		Table        agreement.Table        `json:"table"` // rows first, columns second: confirmed, dismissed
		Share        *float64               `json:"share"`
		ShareLow     float64                `json:"share_low"`
		ShareHigh    float64                `json:"share_high"`
		Kappa        *float64               `json:"kappa"`
		KappaLow     *float64               `json:"kappa_low"`
		KappaHigh    *float64               `json:"kappa_high"`
		Why          agreement.Gap          `json:"why,omitzero"`
		WhyNoBounds  agreement.Gap          `json:"why_no_interval,omitzero"`
		FewJudgement bool                   `json:"few,omitzero"`
	}
)

func spotCheckJSON(w io.Writer, s moderation.SpotChecks) error {
	rows := []any{jsonSpotChecks{"checks", s.Checks, s.Sampled, s.Reviewed, s.Overtaken}}
	for _, a := range s.Figures {
		f := a.Table.Measure()
		row := jsonAgreement{
			Kind: "agreement", Of: a.Of, Name: a.Name, N: f.N, Agreed: f.Agreed, Table: a.Table, ShareLow: round(f.Within.Low), ShareHigh: round(f.Within.High),
			Why: f.Why, WhyNoBounds: f.NoBounds, FewJudgement: f.Few(),
		}
		if f.N > 0 {
			row.Share = new(round(f.Share))
		}
		if f.Kappa != nil {
			row.Kappa = new(round(*f.Kappa))
		}
		if f.Bounds != nil {
			row.KappaLow, row.KappaHigh = new(round(f.Bounds.Low)), new(round(f.Bounds.High))
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		if err := writeJSON(w, row); err != nil {
			return err
		}
	}
	return nil
}

// round keeps what a figure of some hundred judgements can bear.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// spotCheckLabel are the words of the text in one language.
type spotCheckLabel struct {
	sum, all, moderator, rule, none, few, of string
	columns                                  []string
	gaps                                     map[agreement.Gap]string
}

var spotCheckLabels = map[text.Lang]*spotCheckLabel{
	text.EN: {
		sum: "spot checks: %d; flags drawn: %d; reviewed: %d; decided again before that: %d", all: "all", moderator: "moderator %s", rule: "rule %s", none: "(none)",
		few: "fewer than 10", of: "%d of %d",
		columns: []string{"", "alike", "share", "95 %", "kappa", "95 %", ""},
		gaps: map[agreement.Gap]string{
			agreement.NothingJudged: "nothing reviewed yet",
			agreement.OneJudgement:  "undefined: both gave only one and the same judgement",
			agreement.OneSided:      "says nothing: one of them gave only one judgement",
			agreement.NoSpread:      "no interval: all alike, or none",
		},
	},
	text.ZH: {
		sum: "抽查 %d 次，抽出 %d 条，已复核 %d 条，复核前又改判 %d 条", all: "全部", moderator: "审核员 %s", rule: "规则 %s", none: "（无）",
		few: "不足 10 条", of: "%d/%d",
		columns: []string{"", "一致", "比例", "95%", "kappa", "95%", ""},
		gaps: map[agreement.Gap]string{
			agreement.NothingJudged: "尚无复核",
			agreement.OneJudgement:  "无定义：双方只给出同一种结论",
			agreement.OneSided:      "无意义：一方只给出一种结论",
			agreement.NoSpread:      "无区间：全部一致或全部不一致",
		},
	},
}

func spotCheckText(w io.Writer, s moderation.SpotChecks, lang text.Lang) error {
	l := spotCheckLabels[lang]
	if err := printf(w, l.sum+"\n", s.Checks, s.Sampled, s.Reviewed, s.Overtaken); err != nil {
		return err
	}
	rows := [][]string{l.columns}
	for _, a := range s.Figures {
		rows = append(rows, l.row(a))
	}
	return writeTable(w, rows)
}

func (l *spotCheckLabel) row(a moderation.Agreement) []string {
	name := firstSet(a.Name, l.none)
	f := a.Table.Measure()
	row := []string{map[moderation.AgreementOf]string{
		moderation.OfAll: l.all, moderation.OfModerator: fmt.Sprintf(l.moderator, name), moderation.OfRule: fmt.Sprintf(l.rule, name),
	}[a.Of], fmt.Sprintf(l.of, f.Agreed, f.N), "-", "-", "-", "-", ""}
	if !f.Few() {
		row[2] = fmt.Sprintf("%.0f %%", 100*f.Share)
		row[3] = fmt.Sprintf("%.0f–%.0f %%", math.Floor(100*f.Within.Low+1e-9), math.Ceil(100*f.Within.High-1e-9))
	}
	if f.Kappa != nil {
		row[4] = fmt.Sprintf("%.2f", *f.Kappa)
	}
	if f.Bounds != nil {
		row[5] = fmt.Sprintf("%.2f…%.2f", f.Bounds.Low, f.Bounds.High)
	}
	switch {
	case f.NoBounds != "":
		row[6] = l.gaps[f.NoBounds]
	case f.Few():
		row[6] = l.few
	}
	return row
}
