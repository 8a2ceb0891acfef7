package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// violationOptions are the flags of violations.
type violationOptions struct {
	recordOptions
	host, merchant string
	names          bool
	reveal         revealOptions
}

func newViolations() *cobra.Command {
	var o violationOptions
	cmd := &cobra.Command{
		Use:   "violations [--db FILE] [--host ID] [--merchant ID] [--since TIME]",
		Short: "The violations that people established, to hand on",
		Long: "The violations that people established, with what was imposed for each, whether it still stands\n" +
			"and whether an appeal is open: a line for each penalty, and one for a case that has none. Who it\n" +
			"was is numbered (host-1, buyer-2), the same one alike, and personal data in the words is hidden;\n" +
			"--names gives hosts and merchants in full, --reveal buyer or text those of one case, which the\n" +
			"ledger keeps. --since is about when it was established.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if o.as != "csv" && o.as != "jsonl" {
				return fmt.Errorf("--format %q is not supported: use csv or jsonl", o.as)
			}
			return runViolations(cmd, o, lang)
		},
	}
	o.flags(cmd, "jsonl", "csv or jsonl")
	cmd.Flags().StringVar(&o.host, "host", "", "only of this host")
	cmd.Flags().StringVar(&o.merchant, "merchant", "", "only of this merchant")
	cmd.Flags().BoolVar(&o.names, "names", false, "give hosts and merchants in full")
	o.reveal.flags(cmd.Flags())
	return cmd
}

func runViolations(cmd *cobra.Command, o violationOptions, lang text.Lang) error {
	since, err := parseSince(o.since, time.Now())
	if err != nil {
		return err
	}
	store, v, err := o.reveal.openVeiled(cmd.Context(), o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	out := bufio.NewWriter(cmd.OutOrStdout())
	write := writeRows
	if o.as == "csv" {
		table := newViolationTable(out, lang)
		write = table.write
	}
	list := violationLister{o: o, veil: v, since: since, numbers: make(map[moderation.Offence]string), counts: make(map[moderation.Offender]int)}
	if err := list.run(cmd.Context(), store, func(rows []any) error { return write(out, rows) }); err != nil {
		return err
	}
	return out.Flush()
}

// violationRow is a violation as it is handed on.
type violationRow struct {
	Case        int64                   `json:"case"`
	Penalty     int                     `json:"penalty,omitzero"` // its number in the case
	Room        string                  `json:"room"`
	Kind        moderation.CaseKind     `json:"kind"`
	By          moderation.Offender     `json:"by"`
	Subject     string                  `json:"subject"`
	SKU         string                  `json:"sku,omitzero"`
	Title       string                  `json:"title"`
	Category    string                  `json:"category,omitzero"`
	Offence     string                  `json:"offence,omitzero"`
	Gravity     string                  `json:"gravity,omitzero"`
	Outcome     moderation.Outcome      `json:"outcome"`
	Established time.Time               `json:"established_at"`
	Measures    []policy.Measure        `json:"measures,omitempty"`
	FineFen     int64                   `json:"fine_fen,omitzero"`
	State       moderation.PenaltyState `json:"state,omitzero"`
	ImposedAt   time.Time               `json:"imposed_at,omitzero"`
	EndedAt     time.Time               `json:"ended_at,omitzero"`
	Stands      bool                    `json:"stands"`
	Contested   bool                    `json:"contested"`
	Policy      string                  `json:"policy,omitzero"`
	Version     string                  `json:"version,omitzero"`
	Rules       []string                `json:"rules,omitempty"`
	Laws        []string                `json:"laws,omitempty"`
	Said        []string                `json:"said,omitempty"`
}

// A violationLister turns cases into rows, and numbers who offended in the order
// in which they come up.
type violationLister struct {
	o       violationOptions
	veil    *veil
	since   time.Time
	numbers map[moderation.Offence]string
	counts  map[moderation.Offender]int
}

func (l *violationLister) run(ctx context.Context, r moderation.Reader, write func([]any) error) error {
	for page := (moderation.Page{Room: l.o.room, Limit: listPage}); ; {
		cases, err := r.Cases(ctx, page)
		if err != nil {
			return err
		}
		var rows []any
		for _, c := range cases {
			page.After = c.ID
			found, err := moderation.ViolationsOf(ctx, r, c)
			if err != nil {
				return err
			}
			for _, v := range found {
				if l.wanted(v) {
					rows = append(rows, l.row(v))
				}
			}
		}
		if err := write(rows); err != nil {
			return err
		}
		if len(cases) < listPage {
			return nil
		}
	}
}

func (l *violationLister) wanted(v moderation.Violation) bool {
	of := func(id string, by moderation.Offender) bool {
		return id == "" || v.Offence.By == by && v.Offence.Subject == id
	}
	return of(l.o.host, moderation.OffenderHost) && of(l.o.merchant, moderation.OffenderMerchant) && !v.Established.Before(l.since)
}

func (l *violationLister) row(v moderation.Violation) violationRow {
	veil := l.veil.of(v.Case == l.veil.incident)
	p := v.Penalty
	return violationRow{
		Case: v.Case, Penalty: v.Number, Room: v.Room, Kind: v.Kind, By: v.Offence.By, Subject: l.subject(v.Offence, veil), SKU: v.SKU, Title: veil.Text(v.Title),
		Category: string(v.Category), Offence: v.Offence.Kind, Gravity: v.Offence.Gravity, Outcome: v.Outcome, Established: v.Established,
		Measures: p.Measures, FineFen: p.FineFen, State: p.State, ImposedAt: p.At, EndedAt: p.EndedAt, Stands: v.Stands(), Contested: v.Contested,
		Policy: p.Policy, Version: p.Version, Rules: v.Rules, Laws: v.Laws, Said: each(v.Said, veil.Text),
	}
}

// subject is who it was: in full where that was asked for, else a number, the
// same for the same.
func (l *violationLister) subject(o moderation.Offence, v moderation.Veil) string {
	who := moderation.Offence{By: o.By, Subject: o.Subject}
	switch buyer := o.By == moderation.OffenderBuyer; {
	case o.Subject == "":
		return ""
	case buyer && v.Lifts(moderation.FieldBuyer), !buyer && l.o.names:
		return o.Subject
	case l.numbers[who] == "":
		l.counts[o.By]++
		l.numbers[who] = fmt.Sprintf("%s-%d", o.By, l.counts[o.By])
	}
	return l.numbers[who]
}

// A violationTable writes rows as CSV, begun with a byte order mark, without
// which the usual spreadsheet reads Chinese as something else.
type violationTable struct {
	out  *csv.Writer
	lang text.Lang
}

func newViolationTable(w io.Writer, lang text.Lang) *violationTable {
	_, _ = io.WriteString(w, "\uFEFF") // an error of the buffer comes again with its flush
	t := &violationTable{csv.NewWriter(w), lang}
	t.out.UseCRLF = true // RFC 4180
	_ = t.out.Write(violationHeads[lang])
	return t
}

var violationHeads = map[text.Lang][]string{
	text.EN: {
		"case", "penalty", "room", "kind", "by", "who", "product", "title", "category", "offence", "gravity", "outcome", "established", "measures", "fine (CNY)", "state",
		"imposed", "ended", "stands", "contested", "policy", "version", "rules", "law", "said",
	},
	text.ZH: {
		"案件", "处罚序号", "直播间", "案件类型", "违规方", "违规人", "商品", "标题", "类别", "违规类型", "程度", "结论", "认定时间", "措施", "罚款（元）", "状态",
		"处罚时间", "终止时间", "是否有效", "申诉中", "规则", "规则版本", "检出规则", "法律依据", "原话",
	},
}

func (t *violationTable) write(_ io.Writer, rows []any) error {
	for _, row := range rows {
		if err := t.out.Write(t.cells(row.(violationRow))); err != nil { //nolint:forcetypeassert // the lister makes no other
			return fmt.Errorf("write violations: %w", err)
		}
	}
	t.out.Flush()
	if err := t.out.Error(); err != nil {
		return fmt.Errorf("write violations: %w", err)
	}
	return nil
}

func (t *violationTable) cells(r violationRow) []string {
	fine, number := "", ""
	if r.FineFen > 0 {
		fine = fmt.Sprintf("%d.%02d", r.FineFen/100, r.FineFen%100)
	}
	if r.Penalty > 0 {
		number = strconv.Itoa(r.Penalty)
	}
	words := text.For(t.lang)
	said := func(section, key string) string {
		if key == "" || !words.Has(section+"."+key) {
			return key
		}
		return words.T(section + "." + key)
	}
	yes := func(b bool) string {
		return in(t.lang, map[bool]string{true: "是", false: "否"}[b], map[bool]string{true: "yes", false: "no"}[b])
	}
	var measures []string
	for _, m := range r.Measures {
		measures = append(measures, textIn(m.Text(), t.lang))
	}
	cells := []string{
		strconv.FormatInt(r.Case, 10), number, r.Room, said("casekind", string(r.Kind)), said("offender", string(r.By)), r.Subject, r.SKU, r.Title,
		said("category", r.Category), r.Offence, said("gravity", r.Gravity), said("outcome", string(r.Outcome)), dateTime(r.Established), strings.Join(measures, "; "), fine,
		said("penalty", string(r.State)), dateTime(r.ImposedAt), dateTime(r.EndedAt), yes(r.Stands), yes(r.Contested), r.Policy, r.Version,
		strings.Join(r.Rules, "; "), strings.Join(r.Laws, "; "), strings.Join(r.Said, " / "),
	}
	return each(cells, feed.Cell)
}

func dateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
