package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"liveroom/claims/rules"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/backtest"
	"liveroom/tui/text"
)

// A backtestPage is a report with what a reader needs beside it.
type backtestPage struct {
	backtest.Report
	over          string // what was said
	current, next []string
	decisions     bool // people judged, not labels
	states        map[string]rules.State
}

// shownChanges is how many changes of a kind the text lists: a person reads no
// more, and jsonl has them all.
const shownChanges = 40

// backtestLabel are the words of the text in one language.
type backtestLabel struct {
	over, byPeople, byLabels, sets, builtIn, shadow string
	columns                                         [7]string // set, findings, right, wrong, not judged, precision, recall
	current, next                                   string
	recallOfRaised                                  string
	ruleColumns                                     [6]string // rule, before, findings, right, wrong, not judged
	unknown, none                                   string
	states                                          map[rules.State]string
	failed, saved, found, lost, more                string
	judged                                          map[backtest.Judgement]string
}

var backtestLabels = map[text.Lang]*backtestLabel{
	text.EN: {
		over: "%d utterances of %s, ", byPeople: "judged by what people confirmed and dismissed", byLabels: "judged by their labels",
		sets: "current: %s; new: %s", builtIn: "the built-in checks", shadow: "Rules in shadow are taken as if they were on.",
		columns: [7]string{"", "findings", "right", "wrong", "not judged", "precision", "recall"},
		current: "current", next: "new",
		recallOfRaised: "Recall is of what people confirmed: what nobody raised, nobody could confirm.",
		ruleColumns:    [6]string{"rule", "current", "new", "right", "wrong", "not judged"},
		unknown:        "unknown (%d of %d)", none: "unknown (0 judged)",
		states: map[rules.State]string{rules.StateShadow: "shadow", rules.StateOff: "off"},
		failed: "! %s: its condition failed on %d utterances and it did not fire there: %s", saved: "exemption %s kept %d findings back: %s",
		found: "New findings: %d", lost: "Lost findings: %d", more: "… and %d more: --format jsonl lists them all",
		judged: map[backtest.Judgement]string{backtest.Right: "right", backtest.Wrong: "wrong", backtest.Unknown: "not judged"},
	},
	text.ZH: {
		over: "%d 句话，来自 %s，", byPeople: "以人工确认和驳回为准", byLabels: "以标注为准",
		sets: "现用：%s；新的：%s", builtIn: "内置检查", shadow: "试运行的规则按启用计算。",
		columns: [7]string{"", "发现", "对", "错", "未判定", "精确率", "召回率"},
		current: "现用", next: "新的",
		recallOfRaised: "召回率只相对于人工确认过的：没有报出来的，也就没有人能确认。",
		ruleColumns:    [6]string{"规则", "现用", "新的", "对", "错", "未判定"},
		unknown:        "未知（%d/%d）", none: "未知（无判定）",
		states: map[rules.State]string{rules.StateShadow: "试运行", rules.StateOff: "停用"},
		failed: "! %s：条件在 %d 句上无法计算，因此没有触发：%s", saved: "豁免 %s 挡下 %d 个发现：%s",
		found: "新增的发现：%d", lost: "少了的发现：%d", more: "……还有 %d 个：用 --format jsonl 列出全部",
		judged: map[backtest.Judgement]string{backtest.Right: "对", backtest.Wrong: "错", backtest.Unknown: "未判定"},
	},
}

// share writes a percentage with its interval, or that it is unknown.
func (l *backtestLabel) share(s backtest.Share) string {
	switch {
	case s.N == 0:
		return l.none
	case !s.Known():
		return fmt.Sprintf(l.unknown, s.K, s.N)
	}
	low, high := s.Interval()
	return fmt.Sprintf("%d%% (%d–%d%%)", s.Percent(), low, high)
}

func (l *backtestLabel) files(names []string) string {
	if len(names) == 0 {
		return l.builtIn
	}
	return feed.Sanitise(strings.Join(names, ", ")).String()
}

func (p *backtestPage) writeText(w io.Writer, l *backtestLabel) error {
	by := l.byLabels
	if p.decisions {
		by = l.byPeople
	}
	err := printf(w, l.over+"%s\n"+l.sets+"\n%s\n\n", p.Utterances, feed.Sanitise(p.over), by, l.files(p.current), l.files(p.next), l.shadow)
	scores := [][]string{l.columns[:]}
	for _, s := range []struct {
		name string
		backtest.Score
	}{{l.current, p.Current}, {l.next, p.Next}} {
		scores = append(scores, append([]string{s.name, fmt.Sprint(s.Findings)}, append(counts(s.Score), l.share(s.Precision()), l.share(s.Recall()))...))
	}
	err = errors.Join(err, writeTable(w, scores))
	if p.decisions {
		err = errors.Join(err, printf(w, "%s\n", l.recallOfRaised))
	}
	ruleRows := [][]string{append(l.ruleColumns[:], l.columns[5])}
	for _, r := range p.Rules {
		name := r.Rule
		if state := l.states[p.states[r.Rule]]; state != "" {
			name += " (" + state + ")"
		}
		row := append([]string{name, fmt.Sprint(r.Before), fmt.Sprint(r.Findings)}, counts(r.Score)...)
		ruleRows = append(ruleRows, append(row, l.share(r.Precision())))
	}
	err = errors.Join(err, printf(w, "\n"), writeTable(w, ruleRows))
	for _, r := range p.Rules {
		if r.Failures > 0 {
			err = errors.Join(err, printf(w, l.failed+"\n", feed.Sanitise(r.Rule), r.Failures, feed.Sanitise(r.Failure)))
		}
	}
	for _, s := range p.Saved {
		err = errors.Join(err, printf(w, l.saved+"\n", feed.Sanitise(s.ID), s.Findings, feed.Sanitise(s.Reason)))
	}
	return errors.Join(err, writeChanges(w, l, "+", l.found, p.New), writeChanges(w, l, "-", l.lost, p.Lost))
}

func counts(s backtest.Score) []string {
	return []string{fmt.Sprint(s.Right), fmt.Sprint(s.Wrong), fmt.Sprint(s.Unknown)}
}

// writeTable lines columns up: the first to the left, the rest to the right.
func writeTable(w io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], feed.Sanitise(cell).Width())
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			shown := feed.Sanitise(cell)
			pad := strings.Repeat(" ", widths[i]-shown.Width())
			if i == 0 {
				b.WriteString(shown.String() + pad)
				continue
			}
			b.WriteString("  " + pad + shown.String())
		}
		b.WriteByte('\n')
	}
	return printf(w, "%s", b.String())
}

func writeChanges(w io.Writer, l *backtestLabel, sign, title string, changes []backtest.Change) error {
	err := printf(w, "\n"+title+"\n", len(changes))
	for i, c := range changes {
		if i == shownChanges {
			return errors.Join(err, printf(w, l.more+"\n", len(changes)-i))
		}
		f := c.Finding
		from, to := feed.Columns(c.Utterance.Text, f.Start, f.End)
		when := ""
		if !c.Utterance.At.IsZero() {
			when = c.Utterance.At.Format(time.RFC3339) + " "
		}
		if c.Utterance.Room != "" {
			when += feed.Sanitise(c.Utterance.Room).String() + "/"
		}
		err = errors.Join(err, printf(w, "%s %s%s  %s %s  %s  %s\n    %s\n    %*s%s\n", sign, when, feed.Sanitise(c.Utterance.ID), f.Category, f.Verdict,
			feed.Sanitise(f.Rule), l.judged[c.Judged], feed.Sanitise(c.Utterance.Text), from, "", underline(to-from)))
	}
	return err
}

// The lines of the backtest as JSON: one summary, then rules, exemptions,
// changes. Shares are null where too few are judged.
type (
	jsonShare struct {
		Percent int `json:"percent"`
		Low     int `json:"low"`
		High    int `json:"high"`
	}
	jsonScore struct {
		Findings  int        `json:"findings"`
		Right     int        `json:"right"`
		Wrong     int        `json:"wrong"`
		NotJudged int        `json:"not_judged"`
		Missed    int        `json:"missed"`
		Precision *jsonShare `json:"precision"`
		Recall    *jsonShare `json:"recall"`
	}
	jsonBacktest struct {
		Kind       string    `json:"kind"`
		Over       string    `json:"over"`
		JudgedBy   string    `json:"judged_by"`
		Utterances int       `json:"utterances"`
		Current    jsonScore `json:"current"`
		New        jsonScore `json:"new"`
		Added      int       `json:"added"`
		Lost       int       `json:"lost"`
	}
	jsonRule struct {
		Kind      string      `json:"kind"`
		Rule      string      `json:"rule"`
		State     rules.State `json:"state,omitzero"`
		Current   int         `json:"current"`
		New       int         `json:"new"`
		Right     int         `json:"right"`
		Wrong     int         `json:"wrong"`
		NotJudged int         `json:"not_judged"`
		Precision *jsonShare  `json:"precision"`
		Failures  int         `json:"failures,omitzero"`
		Failure   string      `json:"failure,omitzero"`
	}
	jsonSaving struct {
		Kind     string `json:"kind"`
		ID       string `json:"id"`
		Reason   string `json:"reason"`
		Findings int    `json:"findings"`
	}
	jsonChange struct {
		Kind    string             `json:"kind"`
		Judged  backtest.Judgement `json:"judged"`
		Room    string             `json:"room,omitzero"`
		At      time.Time          `json:"at,omitzero"`
		Text    string             `json:"text"`
		Finding jsonFinding        `json:"finding"`
	}
)

func shareJSON(s backtest.Share) *jsonShare {
	if !s.Known() {
		return nil
	}
	low, high := s.Interval()
	return &jsonShare{s.Percent(), low, high}
}

func scoreJSON(s backtest.Score) jsonScore {
	return jsonScore{s.Findings, s.Right, s.Wrong, s.Unknown, s.Missed, shareJSON(s.Precision()), shareJSON(s.Recall())}
}

// hide hides personal data in what was said in a record. The place of the words
// moves with what is hidden before them.
func (p *backtestPage) hide() {
	var v moderation.Veil
	for _, changes := range [][]backtest.Change{p.New, p.Lost} {
		for i := range changes {
			c := &changes[i]
			was := c.Utterance.Text
			c.Utterance.Text, c.Finding = v.Text(was), v.Finding(c.Finding)
			if c.Utterance.Text == was {
				continue
			}
			said := c.Finding.Said
			c.Finding.Start, c.Finding.End = 0, 0
			if before, _, found := strings.Cut(c.Utterance.Text, said); found {
				c.Finding.Start = utf8.RuneCountInString(before)
				c.Finding.End = c.Finding.Start + utf8.RuneCountInString(said)
			}
		}
	}
}

func (p *backtestPage) writeJSON(w io.Writer) error {
	by := "labels"
	if p.decisions {
		by = "decisions"
	}
	lines := []any{jsonBacktest{"summary", p.over, by, p.Utterances, scoreJSON(p.Current), scoreJSON(p.Next), len(p.New), len(p.Lost)}}
	for _, r := range p.Rules {
		lines = append(lines, jsonRule{"rule", r.Rule, p.states[r.Rule], r.Before, r.Findings, r.Right, r.Wrong, r.Unknown, shareJSON(r.Precision()), r.Failures, r.Failure})
	}
	for _, s := range p.Saved {
		lines = append(lines, jsonSaving{"exempted", s.ID, s.Reason, s.Findings})
	}
	for _, side := range []struct {
		kind    string
		changes []backtest.Change
	}{{"added", p.New}, {"lost", p.Lost}} {
		for _, c := range side.changes {
			lines = append(lines, jsonChange{side.kind, c.Judged, c.Utterance.Room, c.Utterance.At, c.Utterance.Text, findingJSON(c.Utterance.ID, c.Finding)})
		}
	}
	for _, line := range lines {
		if err := writeJSON(w, line); err != nil {
			return err
		}
	}
	return nil
}
