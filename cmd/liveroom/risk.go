package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

func newRisk() *cobra.Command {
	var opt listOptions
	var all bool
	cmd := &cobra.Command{
		Use:   "risk [--db FILE] [--room ROOM] [--all]",
		Short: "List the orders that look like bad faith, with the signals and who held back what",
		Long: "Lists the review queue of order risk: each case with its signals, the numbers and the lines they\n" +
			"are over, the orders and lines of the chat behind them, and the orders that people held back.\n" +
			"A score blocks nothing. Personal data is hidden as in the other listings.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			return runRisk(cmd, opt, all, lang)
		},
	}
	cmd.Flags().StringVar(&opt.db, "db", "liveroom.db", "database file of the record")
	cmd.Flags().StringVar(&opt.room, "room", "", "only this room")
	cmd.Flags().StringVar(&opt.format, "format", "text", "text or jsonl")
	cmd.Flags().BoolVar(&all, "all", false, "also what is over")
	opt.reveal.flags(cmd.Flags())
	cmd.AddCommand(newRiskRules())
	return cmd
}

func runRisk(cmd *cobra.Command, opt listOptions, all bool, lang text.Lang) error {
	if err := textOrJSON(opt.format); err != nil {
		return err
	}
	store, v, err := opt.reveal.openVeiled(cmd.Context(), opt.db)
	if err != nil {
		return err
	}
	defer store.Close()
	opt.veil = v
	queue, err := riskQueue(cmd.Context(), store, opt, all)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	for _, row := range queue {
		if opt.format == "jsonl" {
			err = writeRows(out, []any{row})
		} else {
			err = row.print(out, riskLabels[lang])
		}
		if err != nil {
			return err
		}
	}
	if opt.format == "text" {
		err = printf(out, riskLabels[lang].sum+"\n", len(queue))
	}
	if ferr := out.Flush(); err == nil && ferr != nil {
		err = fmt.Errorf("write the queue: %w", ferr)
	}
	return err
}

// riskRow is a case of order risk as it is listed.
type riskRow struct {
	Case     int64                `json:"case"`
	Room     string               `json:"room"`
	State    moderation.CaseState `json:"state"`
	Outcome  moderation.Outcome   `json:"outcome,omitzero"`
	Owner    string               `json:"owner,omitzero"`
	Title    string               `json:"title"`
	Points   int                  `json:"points"`
	StakeFen int64                `json:"stake_fen"`
	OpenedBy string               `json:"opened_by"`
	OpenedAt time.Time            `json:"opened_at"`
	DueAt    time.Time            `json:"due_at,omitzero"`
	Buyers   []string             `json:"buyers"`
	Orders   []string             `json:"orders"`
	Signals  []signalRow          `json:"signals"`
	Holds    []holdRow            `json:"holds"`
}

type signalRow struct {
	Rule    string    `json:"rule"`
	Buyer   string    `json:"buyer,omitzero"`
	Address string    `json:"address,omitzero"`
	Device  string    `json:"device,omitzero"`
	At      time.Time `json:"at"`
	Value   int64     `json:"value"`
	Of      int64     `json:"of,omitzero"`
	Line    int64     `json:"line"`
	Points  int       `json:"points"`
	Orders  []string  `json:"orders,omitempty"`
	Events  []string  `json:"events,omitempty"` // the sources' ids
	Why     string    `json:"why"`
	WhyEN   string    `json:"why_en"`
}

type holdRow struct {
	Order      string             `json:"order"`
	By         string             `json:"by"`
	At         time.Time          `json:"at"`
	Reason     string             `json:"reason"`
	Frozen     time.Time          `json:"frozen,omitzero"`
	Failed     string             `json:"failed,omitzero"`
	Verdict    moderation.Verdict `json:"verdict,omitzero"`
	SaidBy     string             `json:"said_by,omitzero"`
	SaidAt     time.Time          `json:"said_at,omitzero"`
	Note       string             `json:"note,omitzero"`
	ReleasedBy string             `json:"released_by,omitzero"`
	ReleasedAt time.Time          `json:"released_at,omitzero"`
	Release    string             `json:"release,omitzero"`
	Freed      time.Time          `json:"freed,omitzero"`
}

// riskQueue reads the cases of order risk, those with the most points first.
func riskQueue(ctx context.Context, r moderation.Store, opt listOptions, all bool) ([]riskRow, error) {
	cases, err := r.Cases(ctx, moderation.Page{Room: opt.room, Open: !all})
	if err != nil {
		return nil, err
	}
	var out []riskRow
	for _, c := range cases {
		if c.Kind != moderation.CaseOrderRisk || c.State.Over() && !all {
			continue
		}
		row, err := showRisk(ctx, r, c, opt.veil.of(c.ID == opt.veil.incident))
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b riskRow) int { return cmp.Compare(b.Points, a.Points) })
	return out, nil
}

func showRisk(ctx context.Context, r moderation.Store, c moderation.Case, v moderation.Veil) (riskRow, error) {
	row := riskRow{
		Case: c.ID, Room: c.Room, State: c.State, Outcome: c.Outcome, Owner: c.Owner, Title: v.Text(c.Title),
		OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt, DueAt: c.DueAt, Buyers: each(c.Buyers, v.Account), Orders: each(c.Orders, v.Order), Points: c.RiskPoints(),
	}
	for _, s := range c.Signals {
		events, err := eventIDs(ctx, r, s.Events)
		if err != nil {
			return row, fmt.Errorf("read the lines behind case %d: %w", c.ID, err)
		}
		row.Signals = append(row.Signals, signalRow{
			Rule: s.Rule, Buyer: v.Account(s.Buyer), Address: v.Account(s.Address), Device: v.Account(s.Device), At: s.At, Value: s.Value, Of: s.Of, Line: s.Line, Points: s.Points,
			Orders: each(s.Orders, v.Order), Events: events, Why: v.Text(s.Why), WhyEN: v.Text(s.WhyEN),
		})
	}
	for _, id := range c.Orders {
		o, err := r.Order(ctx, id)
		if err != nil {
			return row, fmt.Errorf("read the orders of case %d: %w", c.ID, err)
		}
		row.StakeFen += o.PaidFen // some were paid since the case was opened
	}
	for _, h := range c.Holds {
		h.Order, h.Reason, h.Note, h.Release = v.Order(h.Order), v.Text(h.Reason), v.Text(h.Note), v.Text(h.Release)
		row.Holds = append(row.Holds, holdRow(h))
	}
	return row, nil
}

// eventIDs are the ids that the sources gave events.
func eventIDs(ctx context.Context, r moderation.Store, indexes []int64) ([]string, error) {
	var out []string
	for _, index := range indexes {
		events, err := r.Events(ctx, moderation.Page{After: index - 1, Limit: 1})
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			out = append(out, e.ID)
		}
	}
	return out, nil
}

type riskLabel struct {
	zh                                          bool
	head, orders, frozen, asked, failed, passed string
	said                                        map[moderation.Verdict]string
	sum                                         string
}

var riskLabels = map[text.Lang]riskLabel{
	text.EN: {
		head: "#%d %s %s: %d points, %d orders for %s, %d buyers, opened by %s on %s", orders: "orders", frozen: "%s held back by %s (%s), the shop was told",
		asked: "%s to be held back by %s (%s), the shop does not know yet", failed: "%s not held back, though %s asked (%s): %s", passed: "%s let go by %s (%s)",
		said: map[moderation.Verdict]string{moderation.VerdictGenuine: "the merchant calls it genuine: %s", moderation.VerdictBadFaith: "the merchant calls it bad faith: %s"},
		sum:  "%d in the review queue",
	},
	text.ZH: {
		zh: true, head: "#%d %s %s：%d 分，%d 单共 %s，%d 个买家，%s 于 %s 立案", orders: "订单", frozen: "%s 已由%s冻结（%s），已通知店铺",
		asked: "%s 由%s要求冻结（%s），店铺尚未得知", failed: "%s 没有冻结成，%s要求过（%s）：%s", passed: "%s 已由%s放行（%s）",
		said: map[moderation.Verdict]string{moderation.VerdictGenuine: "商家确认真实：%s", moderation.VerdictBadFaith: "商家认定恶意：%s"},
		sum:  "待审 %d 件",
	},
}

func (r riskRow) print(w io.Writer, l riskLabel) error {
	line := func(indent, s string) error { return printf(w, "%s%s\n", indent, feed.Sanitise(s)) }
	if err := line("", fmt.Sprintf(l.head, r.Case, r.Room, r.State, r.Points, len(r.Orders), policy.Money(r.StakeFen), len(r.Buyers), r.OpenedBy, r.OpenedAt.Local().Format(time.DateTime))); err != nil {
		return err
	}
	for _, s := range r.Signals {
		why := s.WhyEN
		if l.zh {
			why = s.Why
		}
		what := fmt.Sprintf("%3d  %-14s %s", s.Points, s.Rule, why)
		if who := firstSet(s.Buyer, s.Address, s.Device); who != "" {
			what += "  " + who
		}
		if err := line("  ", what); err != nil {
			return err
		}
		if len(s.Orders) > 0 {
			if err := line("       ", l.orders+" "+strings.Join(s.Orders, " ")); err != nil {
				return err
			}
		}
	}
	for _, h := range r.Holds {
		if err := line("  - ", h.text(l)); err != nil {
			return err
		}
	}
	return printf(w, "\n")
}

func (h holdRow) text(l riskLabel) string {
	var s string
	switch {
	case h.ReleasedBy != "":
		s = fmt.Sprintf(l.passed, h.Order, h.ReleasedBy, h.Release)
	case h.Failed != "":
		s = fmt.Sprintf(l.failed, h.Order, h.By, h.Reason, h.Failed)
	case h.Frozen.IsZero():
		s = fmt.Sprintf(l.asked, h.Order, h.By, h.Reason)
	default:
		s = fmt.Sprintf(l.frozen, h.Order, h.By, h.Reason)
	}
	if said := l.said[h.Verdict]; said != "" {
		s += "; " + fmt.Sprintf(said, h.Note)
	}
	return s
}

func newRiskRules() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "rules [FILE…]",
		Short: "List the rules and cues of order risk with their source, and run the cues' examples",
		Long:  "Files are laid over the shipped rules. Exits with 2 when a file has a mistake or an example comes to something else.",
		RunE: func(cmd *cobra.Command, files []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if err := textOrJSON(as); err != nil {
				return err
			}
			rules, err := loadRisk(files)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			for _, r := range rules.List() {
				row := riskRuleRow{ID: r.ID, Kind: string(r.Kind), Count: r.Count, Percent: r.Percent, Least: r.Least, Within: r.Within.String(), Points: r.Points, Source: r.Source, Checked: r.Checked}
				if err := row.write(out, as, ""); err != nil {
					return err
				}
			}
			for _, c := range rules.Cues() {
				title := c.Title.EN
				if lang == text.ZH {
					title = c.Title.ZH
				}
				row := riskRuleRow{ID: c.ID, Kind: "chat", Points: c.Points, Title: c.Title.ZH, TitleEN: c.Title.EN, Source: c.Source, Checked: c.Checked}
				if err := row.write(out, as, title); err != nil {
					return err
				}
			}
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the rules: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&as, "format", "text", "text or jsonl")
	return cmd
}

type riskRuleRow struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Count   int64  `json:"count,omitzero"`
	Percent int64  `json:"percent,omitzero"`
	Least   int64  `json:"least,omitzero"`
	Within  string `json:"within,omitzero"`
	Points  int    `json:"points"`
	Title   string `json:"title,omitzero"`
	TitleEN string `json:"title_en,omitzero"`
	Source  string `json:"source"`
	Checked string `json:"checked"`
}

func (r riskRuleRow) write(w io.Writer, as, title string) error {
	if as == "jsonl" {
		return writeJSON(w, r)
	}
	line := fmt.Sprint(r.Count)
	switch {
	case r.Percent > 0:
		line = fmt.Sprintf("%d%% of %d", r.Percent, r.Least)
	case r.Kind == "chat":
		line = title
	}
	if r.Within != "" {
		line += " / " + r.Within
	}
	return printf(w, "%-16s %3d  %s  [%s, %s]\n", r.ID, r.Points, feed.Sanitise(line), feed.Sanitise(r.Source), r.Checked)
}
