package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/sqlite"
)

// alarm flags every line that says wool.
type alarm struct{}

func (alarm) Check(u claims.Utterance, _ []claims.Utterance) []claims.Finding {
	i := strings.Index(u.Text, "羊毛")
	if i < 0 {
		return nil
	}
	return []claims.Finding{{
		Utterance: u.ID, SKU: "D01", Category: claims.CategoryMaterial, Verdict: claims.VerdictContradicted, Severity: claims.SeverityHigh,
		Said: u.Text[i:], Rule: "sheet.material", Law: "广告法 第28条",
	}}
}

// A ruledRecord is a record in which people ruled on what two hosts said.
type ruledRecord struct {
	*moderation.Desk
	t  *testing.T
	db string
}

func ruled(t *testing.T, lines ...string) *ruledRecord {
	t.Helper()
	r := &ruledRecord{t: t, db: filepath.Join(t.TempDir(), "room.db")}
	store, err := sqlite.Open(t.Context(), r.db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	if r.Desk, err = moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: alarm{}, Clock: func() time.Time { return now }}); err != nil {
		t.Fatal(err)
	}
	var events []feed.Event
	for i, text := range lines {
		events = append(events, feed.Event{
			ID: fmt.Sprint("u", i), Source: "ws", Room: "A", Kind: feed.KindTranscript, At: now, Recv: now, Text: text, Offset: int64(i + 1),
			User: feed.User{ID: "=host-13912345678-" + fmt.Sprint(i%2), Role: feed.RoleHost}, Speech: &feed.Speech{Utterance: fmt.Sprint(i)}, Raw: []byte(text),
		})
	}
	if err := r.Commit(t.Context(), feed.Batch{Room: "A", Source: "ws", Events: events}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *ruledRecord) does(who string, c moderation.Command) moderation.Result {
	r.t.Helper()
	res, err := r.Do(r.t.Context(), moderation.Actor{Name: who, Role: moderation.RoleSupervisor}, c)
	if err != nil {
		r.t.Fatal(err)
	}
	return res
}

// fines resolves a case about a flag as upheld and fines the host.
func (r *ruledRecord) fines(flag int64, title string) moderation.Case {
	r.t.Helper()
	r.does("秉文", moderation.ConfirmFlag{Flag: flag})
	c := *r.does("秉文", moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: title, SKU: "D01", Flags: []int64{flag}}).Case
	c = *r.does("秉文", moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld}).Case
	return *r.does("老秦", moderation.ImposePenalty{
		Case: c.ID, Version: c.Version, Offence: moderation.Offence{Gravity: "high"}, Measures: []policy.Measure{policy.MeasureFine}, FineFen: 123456, Reason: "先罚款",
	}).Case
}

// says runs a command on the record and gives what it prints.
func (r *ruledRecord) says(args ...string) string {
	r.t.Helper()
	var out, errOut bytes.Buffer
	if code := run(append(args, "--db", r.db, "--lang", "en"), strings.NewReader(""), &out, &errOut); code != exitDone {
		r.t.Fatalf("%v: exit %d: %s", args, code, errOut.String())
	}
	return out.String()
}

func rowsFrom[T any](t *testing.T, out string) []T {
	t.Helper()
	var rows []T
	for line := range strings.Lines(out) {
		var row T
		if err := json.Unmarshal([]byte(line), &row, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestViolationsAreHandedOn(t *testing.T) {
	r := ruled(t, "百分之百羊毛 打13912345678", "纯羊毛", "羊毛", "羊毛衫")
	first := r.fines(1, "=cmd 打13912345678")
	r.fines(2, "纯羊毛")
	r.does("秉文", moderation.ConfirmFlag{Flag: 3})
	bare := *r.does("秉文", moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "羊毛", Flags: []int64{3}}).Case
	r.does("秉文", moderation.MoveCase{Case: bare.ID, Version: bare.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeCorrected})
	open := *r.does("秉文", moderation.OpenCase{Room: "A", Kind: moderation.CaseFalseAdvertising, Title: "未决", Flags: []int64{4}}).Case
	appeal := *r.does("秉文", moderation.OpenCase{Room: "A", Kind: moderation.CaseAppeal, Title: "不服", AppealOf: first.ID, Evidence: 1}).Case

	rows := rowsFrom[violationRow](t, r.says("violations"))
	if len(rows) != 3 {
		t.Fatalf("%d violations, want 3 and none of case %d or the appeal: %+v", len(rows), open.ID, rows)
	}
	for i, want := range []struct {
		subject            string
		penalty            int
		contested, stands  bool
		outcome            moderation.Outcome
		said, law, offence string
	}{
		{"host-1", 1, true, true, moderation.OutcomeUpheld, "羊毛 打139****5678", "广告法 第28条", "false_advertising"},
		{"host-2", 1, false, true, moderation.OutcomeUpheld, "羊毛", "广告法 第28条", "false_advertising"},
		{"host-1", 0, false, true, moderation.OutcomeCorrected, "羊毛", "广告法 第28条", ""},
	} {
		v := rows[i]
		if v.Subject != want.subject || v.Penalty != want.penalty || v.Contested != want.contested || v.Stands != want.stands || v.Outcome != want.outcome ||
			v.Said[0] != want.said || v.Laws[0] != want.law || v.Offence != want.offence {
			t.Errorf("violation %+v, want %+v", v, want)
		}
	}
	if rows[0].FineFen != 123456 || rows[0].Policy != "penalty.seller" || rows[0].State != moderation.PenaltyImposed {
		t.Errorf("violation %+v", rows[0])
	}

	r.does("文主管", moderation.MoveCase{Case: appeal.ID, Version: appeal.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	if v := rowsFrom[violationRow](t, r.says("violations"))[0]; v.Stands || v.Contested || v.State != moderation.PenaltyReversed {
		t.Errorf("reversed on appeal: %+v", v)
	}
	host := "=host-13912345678-1"
	if only := rowsFrom[violationRow](t, r.says("violations", "--host", host, "--names")); len(only) != 1 || only[0].Subject != host {
		t.Errorf("of one host: %+v", only)
	}
	if none := r.says("violations", "--merchant", "nobody"); none != "" {
		t.Errorf("of a merchant who is not there: %s", none)
	}
	if none := r.says("violations", "--since", "2027-01-01T00:00:00Z"); none != "" {
		t.Errorf("of later: %s", none)
	}
}

// In the file for spreadsheets no cell is a formula, and no number of a person's
// is read.
func TestViolationsAsCSV(t *testing.T) {
	r := ruled(t, "=1+1 羊毛 打13912345678")
	r.fines(1, "=cmd|'/c calc'!A1 13912345678")
	out := r.says("violations", "--format", "csv")
	if !strings.HasPrefix(out, "\uFEFF") || !strings.Contains(out, "\r\n") || strings.Contains(out, "13912345678") {
		t.Errorf("csv %q", out)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) {
		t.Fatalf("%v: %q", err, rows)
	}
	cell := func(name string) string {
		for i, head := range rows[0] {
			if head == name {
				return rows[1][i]
			}
		}
		t.Fatalf("no column %q", name)
		return ""
	}
	for name, want := range map[string]string{
		"case": "1", "who": "host-1", "by": "host", "title": "'=cmd|'/c calc'!A1 139****5678", "fine (CNY)": "1234.56", "measures": "fine", "state": "imposed",
		"stands": "yes", "contested": "no", "said": "羊毛 打139****5678", "gravity": "grave", "category": "material", "outcome": "upheld",
	} {
		if got := cell(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if named := r.says("violations", "--format", "csv", "--names"); !strings.Contains(named, "'=host-13912345678-0") {
		t.Errorf("a name is a formula: %q", named)
	}
}

func TestSpotCheckFigures(t *testing.T) {
	var lines []string
	for range 13 {
		lines = append(lines, "羊毛")
	}
	r := ruled(t, lines...)
	empty := r.says("spotcheck")
	if !strings.Contains(empty, "spot checks: 0; flags drawn: 0") || !strings.Contains(empty, "nothing reviewed yet") {
		t.Errorf("nothing checked:\n%s", empty)
	}
	for i := range int64(13) {
		if i%4 == 3 {
			r.does("阿梅", moderation.DismissFlag{Flag: i + 1})
		} else {
			r.does("阿岚", moderation.ConfirmFlag{Flag: i + 1})
		}
	}
	c := *r.does("秉文", moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 12, Seed: 7}}).Case
	if got := r.says("cases"); strings.Contains(got, `"first`) || !strings.Contains(got, `"seed":7,`) {
		t.Errorf("the case tells a first decision, or not its draw: %s", got)
	}
	for _, as := range []string{"text", "jsonl"} {
		if got := r.says("spotcheck", "--format", as); strings.Contains(got, "阿岚") || strings.Contains(got, "阿梅") || strings.Contains(got, "confirmed") {
			t.Errorf("before any verdict, spotcheck tells of the first decisions: %s", got)
		}
	}
	for _, s := range c.Sample {
		f, err := r.Reader().Flag(t.Context(), s.Flag)
		if err != nil {
			t.Fatal(err)
		}
		r.does("老秦", moderation.ReviewSample{Case: c.ID, Flag: s.Flag, Verdict: f.Status})
	}
	lines = strings.Split(r.says("spotcheck"), "\n")
	if lines[0] != "spot checks: 1; flags drawn: 12; reviewed: 12; decided again before that: 0" || !strings.Contains(lines[2], "12 of 12") || !strings.Contains(lines[2], "100 %") ||
		!strings.Contains(lines[2], "1.00") || !strings.Contains(lines[2], "no interval") {
		t.Errorf("figures:\n%s", strings.Join(lines, "\n"))
	}
	if all := strings.Join(lines, "\n"); !strings.Contains(all, "moderator 阿岚") || !strings.Contains(all, "undefined: both gave only one and the same judgement") {
		t.Errorf("a moderator who only confirmed has a figure:\n%s", all)
	}
	out := r.says("spotcheck", "--format", "jsonl")
	first, rest, _ := strings.Cut(out, "\n")
	if got := rowsFrom[jsonSpotChecks](t, first)[0]; got.Reviewed != 12 || got.Checks != 1 {
		t.Errorf("checks %+v", got)
	}
	figures := rowsFrom[jsonAgreement](t, rest)
	if len(figures) != 4 || figures[0].N != 12 || *figures[0].Kappa != 1 || figures[0].KappaLow != nil || figures[0].WhyNoBounds != "no_spread" {
		t.Errorf("figures %+v", figures)
	}
}
