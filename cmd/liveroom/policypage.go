package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// policyLabel is the page's words in a language.
type policyLabel struct {
	failure, sum                                    string
	version, source, since, until, use              string
	amount, payer, payee, granted, clock, ladder    string
	calendar, deadline, waiting, enrolment, advised string
	notCounted, asked                               string
	from                                            map[moderation.FactSource]string
	standings                                       map[policy.Standing]string
	states                                          map[policy.DeadlineState]string
}

var policyLabels = map[text.Lang]policyLabel{
	text.EN: {
		failure: "want %s, got %s", sum: "%d policies, %d examples, %d fail",
		version: "version", source: "source: %s, checked %s", since: "in force since %s", until: "in force until %s", use: "%s: %s; in use: %s (of %s)",
		amount: "amount", payer: "paid by", payee: "to", granted: "granted", clock: "clock %s: %s (%s from %s)", ladder: "from %d points: %s",
		calendar: "working days of %s, version %s", deadline: "%s: %s, due %s", waiting: "%s: %s", enrolment: "enrolment", advised: "recommended",
		notCounted: "(does not count)", asked: "case %d, order %s, as of %s %s; what is known:",
		from: map[moderation.FactSource]string{
			moderation.FromOrder: "order", moderation.FromFlag: "flag", moderation.FromComplaint: "complaint", moderation.FromCase: "case", moderation.FromRoom: "room",
			moderation.FromSheet: "sheet", moderation.FromPayments: "other cases", moderation.FromPerson: "added by", moderation.FromConfig: "config",
		},
		standings: map[policy.Standing]string{policy.Granted: "granted", policy.Refused: "refused", policy.Open: "open"},
		states:    map[policy.DeadlineState]string{policy.Waiting: "not started", policy.Running: "running", policy.Met: "met", policy.Missed: "missed"},
	},
	text.ZH: {
		failure: "应为 %s，实为 %s", sum: "%d 条政策，%d 个例子，%d 个不符",
		version: "版本", source: "来源：%s，核对于 %s", since: "%s 起有效", until: "有效至 %s", use: "%s：%s；现用：%s（可选 %s）",
		amount: "金额", payer: "赔付方", payee: "付至", granted: "应付", clock: "时限 %s：%s（%s，自 %s 起）", ladder: "满 %d 分：%s",
		calendar: "%s 年工作日历，版本 %s", deadline: "%s：%s，截至 %s", waiting: "%s：%s", enrolment: "准入", advised: "建议",
		notCounted: "（不起决定作用）", asked: "案件 %d，订单 %s，截至 %s %s；已知：",
		from: map[moderation.FactSource]string{
			moderation.FromOrder: "订单", moderation.FromFlag: "疑点", moderation.FromComplaint: "投诉", moderation.FromCase: "案件", moderation.FromRoom: "直播间",
			moderation.FromSheet: "商品资料", moderation.FromPayments: "其他案件", moderation.FromPerson: "补充者", moderation.FromConfig: "配置",
		},
		standings: map[policy.Standing]string{policy.Granted: "符合", policy.Refused: "不符合", policy.Open: "待定"},
		states:    map[policy.DeadlineState]string{policy.Waiting: "未开始", policy.Running: "进行中", policy.Met: "已按时", policy.Missed: "已超时"},
	},
}

// lines writes what files and people hold, each line fit for a terminal.
type lines struct{ *bufio.Writer }

func (l lines) put(format string, args ...any) {
	fmt.Fprintln(l, feed.Sanitise(fmt.Sprintf(format, args...)))
}

type jsonPolicyClause struct {
	ID        string          `json:"id"`
	Question  policy.Question `json:"question"`
	Effect    policy.Effect   `json:"effect"`
	Text      policy.Text     `json:"text"`
	Choice    string          `json:"choice,omitzero"`
	Option    string          `json:"option,omitzero"`
	Condition string          `json:"condition,omitzero"`
	Window    string          `json:"window,omitzero"`
}

type jsonPolicy struct {
	ID      string             `json:"id"`
	Version string             `json:"version"`
	Kind    policy.Kind        `json:"kind"`
	Title   policy.Text        `json:"title"`
	From    string             `json:"effective_from,omitzero"`
	To      string             `json:"effective_to,omitzero"`
	Source  string             `json:"source"`
	Checked string             `json:"checked"`
	File    string             `json:"file"`
	Clauses []jsonPolicyClause `json:"clauses"`
	Amount  policy.Text        `json:"amount,omitzero"`
	Payers  []policy.Party     `json:"payers,omitzero"`
	Ladder  *policy.Ladder     `json:"ladder,omitzero"`
}

func showPolicies(out io.Writer, set *policy.Set, ids []string, o policyOptions, lang text.Lang) error {
	policies, err := chosen(set, ids)
	if err != nil {
		return err
	}
	w := lines{bufio.NewWriter(out)}
	for i, p := range policies {
		switch {
		case o.source:
			for line := range strings.Lines(p.Content) {
				w.put("%s", strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "  "))
			}
		case o.as == "jsonl":
			if err := writeJSON(w, rowOf(p)); err != nil {
				return err
			}
		default:
			if i > 0 {
				w.put("")
			}
			w.policy(p, lang)
		}
	}
	if o.as == "text" && !o.source && len(ids) == 0 {
		cal := set.Calendar()
		w.put("")
		w.put(policyLabels[lang].calendar, strings.Trim(fmt.Sprint(cal.Years()), "[]"), cal.Version())
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write policies: %w", err)
	}
	return nil
}

func rowOf(p *policy.Policy) jsonPolicy {
	row := jsonPolicy{
		ID: p.ID, Version: p.Version, Kind: p.Kind, Title: p.Title, Source: p.Source, Checked: p.Checked, File: p.File,
		Amount: p.Amount(), Payers: p.Payers, Ladder: p.Ladder, From: dayOrNone(p.From), To: dayOrNone(p.To),
	}
	for _, c := range p.Clauses {
		row.Clauses = append(row.Clauses, jsonPolicyClause{c.ID, c.Question, c.Effect, c.Text, c.Choice, c.Option, c.Condition, c.Window})
	}
	return row
}

func dayOrNone(d policy.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func (l lines) policy(p *policy.Policy, lang text.Lang) {
	label := policyLabels[lang]
	l.put("%s  %s  %s  %s %s", p.ID, textIn(p.Title, lang), p.Kind, label.version, p.Version)
	l.put("  "+label.source, p.Source, p.Checked)
	if p.From != 0 {
		l.put("  "+label.since, p.From)
	}
	if p.To != 0 {
		l.put("  "+label.until, p.To)
	}
	for _, c := range p.Choices {
		l.put("  "+label.use, c.ID, textIn(c.Text, lang), c.Use, strings.Join(c.Options, ", "))
	}
	for _, c := range p.Clauses {
		l.put("  %-20s %-8s %s", c.ID, c.Effect, textIn(c.Text, lang))
		if rule := c.Condition + c.Window; rule != "" {
			l.put("  %-20s          %s", "", rule)
		}
	}
	if amount := textIn(p.Amount(), lang); amount != "" {
		l.put("  %s: %s", label.amount, amount)
	}
	if len(p.Payers) > 0 {
		l.put("  %s: %s", label.payer, parties(p.Payers, lang))
	}
	for _, c := range p.Clocks {
		within := c.Within.String()
		if lang == text.ZH {
			within = c.Within.Chinese()
		}
		l.put("  "+label.clock, c.ID, textIn(c.Text, lang), within, c.From)
	}
	if p.Ladder != nil {
		for _, s := range p.Ladder.Steps {
			l.put("  "+label.ladder, s.At, textIn(s.Text, lang))
		}
	}
}

func parties(list []policy.Party, lang text.Lang) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = textIn(p.Text(), lang)
	}
	return strings.Join(names, ", ")
}

// mark shows at a glance what a clause comes to: ✓ it holds as it must, ✗ it
// stands against the matter, – it does not, ? nobody knows, · it decides nothing.
func mark(c *policy.ClauseResult) string {
	switch {
	case !c.Counts:
		return "·"
	case c.State == policy.Unknown:
		return "?"
	case c.Effect == policy.Refuses:
		return map[policy.State]string{policy.Holds: "✗", policy.Fails: "–"}[c.State]
	}
	return map[policy.State]string{policy.Holds: "✓", policy.Fails: "✗"}[c.State]
}

func writeResult(out *bufio.Writer, r *policy.Result, lang text.Lang) {
	l, label := lines{out}, policyLabels[lang]
	l.put("%s  %s  %s %s", r.Policy, textIn(r.Title, lang), label.version, r.Version)
	l.put("  %s", textIn(r.Summary, lang))
	if r.Enrolment != "" {
		l.put("  %s: %s", label.enrolment, label.standings[r.Enrolment])
	}
	for i := range r.Clauses {
		c := &r.Clauses[i]
		tail := ""
		switch {
		case slices.Contains(r.DecidedBy, c.ID):
			tail = " ←"
		case !c.Counts && c.Effect != policy.Notes:
			tail = " " + label.notCounted
		}
		l.put("  %s %-20s %s%s", mark(c), c.ID, textIn(c.Text, lang), tail)
		if c.Why != c.Text {
			l.put("    %-20s %s", "", textIn(c.Why, lang))
		}
	}
	if r.Amount != nil {
		l.put("  %s: %s", label.amount, textIn(r.Amount.Text, lang))
	}
	if r.GrantedFen > 0 {
		to := ""
		if r.Payee != "" {
			to = fmt.Sprintf("  %s: %s", label.payee, textIn(r.Payee.Text(), lang))
		}
		l.put("  %s: %s  %s: %s%s", label.granted, policy.Yuan(r.GrantedFen), label.payer, parties(r.Payers, lang), to)
	}
	for _, d := range r.Deadlines {
		if d.Due == nil {
			l.put("  "+label.waiting, textIn(d.Text, lang), label.states[d.State])
			continue
		}
		l.put("  "+label.deadline, textIn(d.Text, lang), label.states[d.State], d.Due.At.Format(time.DateTime))
	}
	if r.Recommendation != nil {
		for _, m := range r.Recommendation.Step.Measures {
			l.put("  %s: %s", label.advised, textIn(m.Text(), lang))
		}
	}
	l.put("")
}
