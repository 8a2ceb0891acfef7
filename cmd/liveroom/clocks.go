package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// clockOptions are the flags of clocks.
type clockOptions struct {
	recordOptions
	at       string
	before   time.Duration
	days     bool
	policies []string
}

func newClocks() *cobra.Command {
	var o clockOptions
	cmd := &cobra.Command{
		Use:   "clocks [--db FILE] [--room ROOM]",
		Short: "What has to be done about cases by when, at-risk first",
		Long: "What has to be done about cases by when: first what ran out, then what is at risk (--before), then\n" +
			"the rest, each by when it is due; last what stands still. Where a holiday lies in between, each day\n" +
			"of it is shown with what will be left of the clock; --days shows the days of every clock. --at\n" +
			"looks from another moment (RFC 3339), which the record of a recording needs.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			return runClocks(cmd, o, lang)
		},
	}
	o.flags(cmd, "text", "text or jsonl")
	cmd.Flags().StringVar(&o.at, "at", "", "look from this moment (default: now)")
	cmd.Flags().DurationVar(&o.before, "before", moderation.DefaultAtRisk, "how long before it runs out a clock is at risk")
	cmd.Flags().BoolVar(&o.days, "days", false, "show the days of every clock, holiday or not")
	cmd.Flags().StringSliceVar(&o.policies, "policies", nil, "policy and calendar files or folders of yours")
	return cmd
}

// momentOf is the moment that --at names; without it, now.
func momentOf(at string) (time.Time, error) {
	if at == "" {
		return time.Now(), nil
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return now, fmt.Errorf("--at %q: write a time such as 2026-03-10T09:30:00+08:00", at)
	}
	return now, nil
}

func runClocks(cmd *cobra.Command, o clockOptions, lang text.Lang) error {
	now, err := momentOf(o.at)
	if err != nil {
		return err
	}
	since, err := parseSince(o.since, now)
	if err != nil {
		return err
	}
	set, err := loadPolicies(o.policies)
	if err != nil {
		return err
	}
	store, err := o.open(cmd.Context())
	if err != nil {
		return err
	}
	defer store.Close()
	clocks, err := moderation.ClocksOf(cmd.Context(), store, set, o.room, now, o.before)
	if err != nil {
		return err
	}
	clocks = slices.DeleteFunc(clocks, func(c moderation.CaseClock) bool { return c.Clock.Started.Before(since) })
	sent, err := noticesSent(cmd.Context(), store)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(cmd.OutOrStdout())
	for _, c := range clocks {
		row := showClock(c, sent, o.days)
		if o.as == "jsonl" {
			if err := writeJSON(w, row); err != nil {
				return err
			}
			continue
		}
		row.write(lines{w}, lang)
	}
	if o.as == "text" {
		sumClocks(lines{w}, clocks, lang)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write clocks: %w", err)
	}
	return nil
}

// A caseClockRow is a clock of a case as it is printed.
type caseClockRow struct {
	Case        int64                 `json:"case"`
	Room        string                `json:"room"`
	Kind        moderation.CaseKind   `json:"kind"`
	CaseState   moderation.CaseState  `json:"case_state"`
	Title       string                `json:"title"`
	Owner       string                `json:"owner,omitzero"`
	Clock       string                `json:"clock"`
	Policy      string                `json:"policy,omitzero"`
	Text        policy.Text           `json:"text"`
	Within      string                `json:"within,omitzero"`
	State       moderation.ClockState `json:"state"`
	AtRisk      bool                  `json:"at_risk"`
	Started     time.Time             `json:"started"`
	Earliest    time.Time             `json:"earliest,omitzero"`
	Due         time.Time             `json:"due"`
	LeftSeconds int64                 `json:"left_seconds"` // negative: late by so much
	PausedFor   string                `json:"paused_for,omitzero"`
	Why         policy.Text           `json:"why"`
	Told        []toldRow             `json:"told,omitempty"`
	Forecast    []policy.ForecastDay  `json:"forecast,omitempty"`
}

// A toldRow says who was told of a clock.
type toldRow struct {
	To     string                  `json:"to"`
	At     time.Time               `json:"at"`
	Status moderation.EffectStatus `json:"status"`
	Result string                  `json:"result,omitzero"`
}

func showClock(c moderation.CaseClock, sent map[noticeSent]moderation.Effect, days bool) caseClockRow {
	var v moderation.Veil
	k := c.Clock
	row := caseClockRow{
		Case: c.Case.ID, Room: c.Case.Room, Kind: c.Case.Kind, CaseState: c.Case.State, Title: v.Text(c.Case.Title), Owner: c.Case.Owner,
		Clock: k.Name, Policy: k.Policy, Text: k.AsPolicy().Text, Within: k.Within, State: c.State, AtRisk: c.AtRisk,
		Started: k.Started, Earliest: k.Earliest, Due: c.Due, LeftSeconds: int64(c.Left / time.Second),
		Why: policy.Text{ZH: v.Text(c.Why.ZH), EN: v.Text(c.Why.EN)},
	}
	if n := len(k.Pauses); n > 0 && k.Pauses[n-1].To.IsZero() {
		row.PausedFor = v.Text(k.Pauses[n-1].Reason)
	}
	for _, n := range k.Notices {
		told := toldRow{To: n.To, At: n.At, Status: moderation.EffectSent}
		if n.To != moderation.ToConsole {
			told.Status = moderation.EffectCancelled // it was met before it was sent
			if e, ok := sent[noticeSent{n.To, n.Key}]; ok {
				told.Status, told.Result = e.Status, v.Text(e.Result)
			}
		}
		row.Told = append(row.Told, told)
	}
	if days || c.Holiday {
		row.Forecast = c.Forecast
	}
	return row
}

// A noticeSent names a notice on its way.
type noticeSent struct{ to, key string }

// noticesSent are the newest effects that told of each notice.
func noticesSent(ctx context.Context, r moderation.Reader) (map[noticeSent]moderation.Effect, error) {
	effects, err := r.Effects(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	out := make(map[noticeSent]moderation.Effect)
	for _, e := range effects {
		if e.Kind != moderation.EffectNotice {
			continue
		}
		m, err := moderation.ReadNotice(e)
		if err != nil {
			return nil, err
		}
		for _, item := range m.Items {
			out[noticeSent{m.To, item.Key}] = e
		}
	}
	return out, nil
}

// write prints the clock with what must be known about it.
func (c *caseClockRow) write(l lines, lang text.Lang) {
	mark := map[moderation.ClockState]string{moderation.ClockMissed: "✗", moderation.ClockPaused: "‖"}[c.State]
	if mark == "" {
		mark = map[bool]string{true: "!", false: "·"}[c.AtRisk]
	}
	l.put("%s #%d  %s  %s", mark, c.Case, c.left(lang), textIn(c.Text, lang))
	l.put("    %s", c.Title)
	l.put("    %s", textIn(c.Why, lang))
	if !c.Earliest.IsZero() {
		l.put("    "+in(lang, "不会早于 %s", "not expected before %s"), c.Earliest.In(c.Due.Location()).Format(time.DateTime))
	}
	if c.PausedFor != "" {
		l.put("    "+in(lang, "暂停中：%s", "stands still: %s"), c.PausedFor)
	}
	for _, t := range c.Told {
		said := in(lang, "%s 通知了 %s", "%s told %s")
		if t.Status == moderation.EffectPerhaps || t.Status == moderation.EffectBegun {
			said = in(lang, "%s 可能通知了 %s", "%s perhaps told %s")
		}
		line := fmt.Sprintf(said, t.At.In(c.Due.Location()).Format(time.DateTime), t.To)
		if t.Status != moderation.EffectSent {
			line += fmt.Sprintf(" (%s) %s", t.Status, t.Result)
		}
		l.put("    %s", line)
	}
	for _, day := range c.Forecast {
		l.put("      %s", textIn(day.Text, lang))
	}
}

// left says how much time the clock has, or how late it is.
func (c *caseClockRow) left(lang text.Lang) string {
	d := time.Duration(c.LeftSeconds) * time.Second
	said := in(lang, "还剩 %s", "%s left")
	if d < 0 {
		said, d = in(lang, "已超时 %s", "late by %s"), -d
	}
	return fmt.Sprintf(said, in(lang,
		fmt.Sprintf("%d 小时 %d 分", d/time.Hour, d%time.Hour/time.Minute),
		fmt.Sprintf("%d h %02d min", d/time.Hour, d%time.Hour/time.Minute)))
}

func sumClocks(l lines, clocks []moderation.CaseClock, lang text.Lang) {
	var late, risk, still int
	for _, c := range clocks {
		switch {
		case c.State == moderation.ClockMissed:
			late++
		case c.State == moderation.ClockPaused:
			still++
		case c.AtRisk:
			risk++
		}
	}
	l.put(in(lang, "%d 个时限：%d 个已超时，%d 个将超时，%d 个暂停", "%d clocks: %d late, %d at risk, %d standing still"), len(clocks), late, risk, still)
}
