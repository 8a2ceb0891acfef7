package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// paymentOptions are the flags of payments.
type paymentOptions struct {
	recordOptions
	state  string
	check  bool
	reveal revealOptions
}

var paymentStates = []moderation.PaymentState{
	moderation.PaymentProposed, moderation.PaymentApproved, moderation.PaymentRefused, moderation.PaymentWithdrawn, moderation.PaymentReversed,
}

func newPayments() *cobra.Command {
	var o paymentOptions
	cmd := &cobra.Command{
		Use:   "payments [--db FILE] [--room ROOM] [--since TIME] [--state STATE]",
		Short: "What people proposed to pay, and what became of it",
		Long: "What people proposed to pay for orders, under which policy, with the arithmetic, who proposed and\n" +
			"who decided. These are proposals: this program moves no money, an approved one is for your\n" +
			"payment system. --check asks each policy again, as the record kept it, and exits with 1 where an\n" +
			"answer is not what it was. --since is about when it was proposed.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			if o.state != "" && !slices.Contains(paymentStates, moderation.PaymentState(o.state)) {
				return fmt.Errorf("--state %q is not known: one of %s", o.state, strings.Trim(fmt.Sprint(paymentStates), "[]"))
			}
			return runPayments(cmd, o, lang)
		},
	}
	o.flags(cmd, "text", "text or jsonl")
	cmd.Flags().StringVar(&o.state, "state", "", "only proposed, approved, refused, withdrawn or reversed ones")
	cmd.Flags().BoolVar(&o.check, "check", false, "ask the policies again, as the record kept them")
	o.reveal.flags(cmd.Flags())
	return cmd
}

// paymentRow is a payment as listings print it.
type paymentRow struct {
	Case      int64                   `json:"case"`
	Number    int                     `json:"number"`
	Room      string                  `json:"room"`
	Order     string                  `json:"order"`
	State     moderation.PaymentState `json:"state"`
	Policy    string                  `json:"policy"`
	Version   string                  `json:"version"`
	Title     policy.Text             `json:"title"`
	AmountFen int64                   `json:"amount_fen"`
	Working   policy.Text             `json:"working"`
	Payers    []policy.Party          `json:"payers"`
	Payee     policy.Party            `json:"payee,omitzero"`
	AsOf      time.Time               `json:"as_of"`
	By        string                  `json:"by"`
	At        time.Time               `json:"at"`
	DecidedBy string                  `json:"decided_by,omitzero"`
	DecidedAt time.Time               `json:"decided_at,omitzero"`
	Reason    string                  `json:"reason,omitzero"`
	EndedBy   string                  `json:"ended_by,omitzero"`
	EndedAt   time.Time               `json:"ended_at,omitzero"`
	Appeal    int64                   `json:"appeal,omitzero"`
	Differs   string                  `json:"differs,omitzero"` // with --check: how the answer is not what it was
}

func showPayment(c moderation.Case, p moderation.Payment, v moderation.Veil) paymentRow {
	return paymentRow{
		Case: c.ID, Number: p.ID, Room: c.Room, Order: v.Order(p.Order), State: p.State, Policy: p.Policy, Version: p.Version, Title: p.Title,
		AmountFen: p.AmountFen, Working: p.Working, Payers: p.Payers, Payee: p.Payee, AsOf: p.AsOf, By: p.By, At: p.At, DecidedBy: p.DecidedBy,
		DecidedAt: p.DecidedAt, Reason: v.Text(p.Reason), EndedBy: p.EndedBy, EndedAt: p.EndedAt, Appeal: p.Appeal,
	}
}

func runPayments(cmd *cobra.Command, o paymentOptions, lang text.Lang) error {
	since, err := parseSince(o.since, time.Now())
	if err != nil {
		return err
	}
	store, v, err := o.reveal.openVeiled(cmd.Context(), o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	l := paymentLister{o: o, veil: v, since: since, lang: lang, out: bufio.NewWriter(cmd.OutOrStdout())}
	if err := l.list(cmd.Context(), store); err != nil {
		return err
	}
	if l.differ > 0 {
		return errFound
	}
	return nil
}

// A paymentLister writes the payments of a record.
type paymentLister struct {
	o      paymentOptions
	veil   *veil
	since  time.Time
	lang   text.Lang
	out    *bufio.Writer
	count  map[moderation.PaymentState]int
	sum    map[moderation.PaymentState]int64
	differ int
}

func (l *paymentLister) list(ctx context.Context, store moderation.Record) error {
	l.count, l.sum = map[moderation.PaymentState]int{}, map[moderation.PaymentState]int64{}
	for page := (moderation.Page{Room: l.o.room, Limit: listPage}); ; {
		cases, err := store.Cases(ctx, page)
		if err != nil {
			return err
		}
		for _, c := range cases {
			page.After = c.ID
			for _, p := range c.Payments {
				if p.At.Before(l.since) || l.o.state != "" && string(p.State) != l.o.state {
					continue
				}
				if err := l.payment(ctx, store, c, p); err != nil {
					return err
				}
			}
		}
		if len(cases) < listPage {
			break
		}
	}
	if l.o.as == "text" {
		l.total()
	}
	if err := l.out.Flush(); err != nil {
		return fmt.Errorf("write payments: %w", err)
	}
	return nil
}

func (l *paymentLister) payment(ctx context.Context, store moderation.Record, c moderation.Case, p moderation.Payment) error {
	row := showPayment(c, p, l.veil.of(c.ID == l.veil.incident))
	l.count[p.State]++
	l.sum[p.State] += p.AmountFen
	if l.o.check {
		_, err := moderation.AskAgain(ctx, store, p)
		if err != nil && !errors.Is(err, moderation.ErrDamaged) {
			return fmt.Errorf("payment #%d.%d: %w", c.ID, p.ID, err)
		}
		if err != nil {
			row.Differs = err.Error()
			l.differ++
		}
	}
	if l.o.as == "jsonl" {
		return writeRows(l.out, []any{row})
	}
	l.line(row)
	return nil
}

// paymentLabel is the words of the listing in a language.
var paymentLabels = map[text.Lang]struct {
	line, decided, ended, appeal, total, note string
	states                                    map[moderation.PaymentState]string
}{
	text.EN: {
		line: "#%d.%d  %s  order %s  %s  %s  (%s)  proposed %s by %s", decided: ", %s by %s %s", ended: ", ended by %s %s", appeal: " on appeal #%d",
		total: "%s: %d, %s yuan", note: "Proposals only: this program moves no money.",
		states: map[moderation.PaymentState]string{
			moderation.PaymentProposed: "proposed", moderation.PaymentApproved: "approved", moderation.PaymentRefused: "refused",
			moderation.PaymentWithdrawn: "withdrawn", moderation.PaymentReversed: "reversed",
		},
	},
	text.ZH: {
		line: "#%d.%d  %s  订单 %s  %s 元  %s（%s）  %s 由 %s 提出", decided: "，%s：%s %s", ended: "，由 %s 于 %s 终止", appeal: "（申诉 #%d）",
		total: "%s：%d 笔，%s 元", note: "仅为付款提议：本程序不划转任何款项。",
		states: map[moderation.PaymentState]string{
			moderation.PaymentProposed: "待批", moderation.PaymentApproved: "已批准", moderation.PaymentRefused: "已驳回",
			moderation.PaymentWithdrawn: "已撤回", moderation.PaymentReversed: "已冲回",
		},
	},
}

func (l *paymentLister) line(r paymentRow) {
	label := paymentLabels[l.lang]
	state := label.states[r.State]
	shown := fmt.Sprintf(label.line, r.Case, r.Number, state, r.Order, policy.Yuan(r.AmountFen), textIn(r.Title, l.lang), textIn(r.Working, l.lang), clockTime(r.At), r.By)
	if r.DecidedBy != "" {
		decided := state
		if r.State == moderation.PaymentReversed {
			decided = label.states[moderation.PaymentApproved]
		}
		shown += fmt.Sprintf(label.decided, decided, r.DecidedBy, clockTime(r.DecidedAt))
	}
	if r.EndedBy != "" {
		shown += fmt.Sprintf(label.ended, r.EndedBy, clockTime(r.EndedAt))
	}
	if r.Appeal != 0 {
		shown += fmt.Sprintf(label.appeal, r.Appeal)
	}
	w := lines{l.out}
	w.put("%s", shown)
	for _, more := range []string{r.Reason, r.Differs} {
		if more != "" {
			w.put("    %s", more)
		}
	}
}

func clockTime(t time.Time) string { return t.In(chinaTime()).Format("2006-01-02 15:04") }

func (l *paymentLister) total() {
	label := paymentLabels[l.lang]
	w := lines{l.out}
	for _, s := range paymentStates {
		if l.count[s] > 0 {
			w.put(label.total, label.states[s], l.count[s], policy.Yuan(l.sum[s]))
		}
	}
	w.put("%s", label.note)
}

// givenRow is a fact that a person added to a case.
type givenRow struct {
	Fact  string    `json:"fact"`
	Order string    `json:"order,omitzero"`
	Value any       `json:"value"` // null: they said that it is not known
	Note  string    `json:"note,omitzero"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

func showGiven(g moderation.GivenFact, v moderation.Veil) (givenRow, error) {
	row := givenRow{Fact: g.Fact, Note: v.Text(g.Note), By: g.By, At: g.At}
	if g.Order != "" {
		row.Order = v.Order(g.Order)
	}
	if g.Value == "" {
		return row, nil
	}
	if err := json.Unmarshal([]byte(g.Value), &row.Value); err != nil {
		return row, fmt.Errorf("fact %s: %w", g.Fact, err)
	}
	return row, nil
}
