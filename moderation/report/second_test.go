package report_test

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/moderation"
	"liveroom/moderation/report"
)

// reviewed is the story after 秉文 and 小柚 looked again at what 阿岚 and 秉文
// decided: of a claim confirmed and one dismissed they make the same, of one they
// make another thing.
func reviewed(t *testing.T) *house {
	t.Helper()
	h := story(t)
	check := h.after(80*hour, bing, moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 5}}).Case
	for _, one := range check.Sample {
		f, err := h.store.Flag(t.Context(), one.Flag)
		if err != nil {
			t.Fatal(err)
		}
		who, verdict := bing, f.Status
		if f.DecidedBy == bing.Name {
			who, verdict = boss, moderation.FlagDismissed
		}
		h.after(81*hour, who, moderation.ReviewSample{Case: check.ID, Flag: one.Flag, Verdict: verdict, Reason: "再听一遍"})
	}
	return h
}

// TestSpotChecksInTheReport: how far two people agree stands in it beyond chance,
// with how many judgements it is of, and what a figure lacks.
func TestSpotChecksInTheReport(t *testing.T) {
	h := reviewed(t)
	r := h.make(report.Options{Room: "A", Now: h.now})
	same(t, "what was looked at again", []int{r.Second.Checks, r.Second.Sampled, r.Second.Reviewed, r.Second.Overtaken}, []int{1, 3, 3, 0})
	rows := jsonRows(t, r)
	all := rows["agreement"][0]
	same(t, "all", fmt.Sprint(all["agreement_of"], all["judged"], all["alike"], all["confirmed_again"], all["confirmed_then_dismissed"], all["dismissed_then_confirmed"], all["dismissed_again"]), "all3 2 1 1 0 1")
	// Of 3: 2 alike; by chance 2/3·1/3 + 1/3·2/3 = 4/9, so kappa is (2/3 - 4/9) / (5/9) = 0.4.
	same(t, "kappa of all", fmt.Sprint(all["kappa"].(map[string]any)["kappa"], all["kappa"].(map[string]any)["n"], all["kappa"].(map[string]any)["few"]), "0.4 3 true")
	rule := rows["agreement"][3]
	same(t, "a rule of which one flag was drawn", []any{rule["name"], rule["kappa"].(map[string]any)["kappa"], rule["kappa"].(map[string]any)["why"]},
		[]any{"absolute.superlative", nil, "one_judgement"})
	for lang, want := range map[report.Lang][]string{
		report.ZH: {"抽查：两次判定是否一致", "抽查 1 次，抽出 3 条，已复核 3 条；另有 0 条", "0.40", "3 条 · 不足 10 条", "阿岚", "material.pure", "无定义：双方只给出同一种结论"},
		report.EN: {"Spot checks: 1; flags drawn: 3; reviewed: 3", "n = 3 · fewer than 10", "undefined: both gave only one and the same judgement", "Dismissed instead"},
	} {
		page := html(t, r, lang)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
	}
	var csv strings.Builder
	for _, table := range r.Tables() {
		if table.Name == "agreement" || table.Name == "spot_checks" {
			if err := r.WriteCSV(&csv, table, report.EN); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !strings.Contains(csv.String(), "1,3,3,0\r\n") || !strings.Contains(csv.String(), "0.40 (-0.37…1.00 · n = 3 · fewer than 10)") {
		t.Errorf("the CSV says %s", csv.String())
	}
}

// TestAReportBeforeAnybodyReviewed makes no figure up.
func TestAReportBeforeAnybodyReviewed(t *testing.T) {
	h := story(t)
	h.after(80*hour, bing, moderation.PlanSpotCheck{Room: "A", Title: "周检", Plan: moderation.SamplePlan{By: moderation.SampleRandom, Size: 5}})
	r := h.make(report.Options{Room: "A", Now: h.now})
	if rows := jsonRows(t, r)["agreement"]; len(rows) != 0 {
		t.Errorf("figures of nothing: %v", rows)
	}
	if page := html(t, r, report.ZH); !strings.Contains(page, "抽出的还没有人复核") || !strings.Contains(page, "已复核 0 条") {
		t.Error("the page does not say that nobody has reviewed anything")
	}
}

// TestErasedBuyersInTheReport: the report says how much of its broadcast lost its
// personal part, whose number the checked ledger tells, and counts the rest as
// before.
func TestErasedBuyersInTheReport(t *testing.T) {
	h := story(t)
	before := h.make(report.Options{Room: "A", Now: h.now})
	if page := html(t, before, report.ZH); !strings.Contains(page, "没有删除过本场的个人信息") || strings.Contains(page, "行的个人信息已被删除") {
		t.Error("before anything was erased the page says otherwise")
	}
	orders, err := h.store.Orders(t.Context(), moderation.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	h.after(101*hour, boss, moderation.EraseBuyer{Buyer: orders[0].Buyer.ID, Reason: "本人要求"})
	h.now = begin.Add(102 * hour)
	r := h.make(report.Options{Room: "A", Now: h.now, CheckLedger: true})
	same(t, "erased", r.Erased, []report.Erased{{Kind: "order", Rows: 29, N: 1}, {Kind: "complaint", Rows: 7}, {Kind: "question", Rows: 2}})
	before.Totals.ClocksRunning, before.Totals.ClocksMissed = r.Totals.ClocksRunning, r.Totals.ClocksMissed
	same(t, "the sums", r.Totals, before.Totals)
	if r.Audit == nil || r.Audit.Err() != nil {
		t.Fatalf("the ledger's check: %+v", r.Audit)
	}
	same(t, "in JSON", fmt.Sprint(jsonRows(t, r)["erased"][0], jsonRows(t, r)["ledger"][0]["erased_people"]),
		"map[erasable:order erased:1 rows:29 section:erased] 1")
	for lang, want := range map[report.Lang][]string{
		report.ZH: {"有 1 行的个人信息已被删除", "账本已核对：整份记录里，1 人的数据已整体删除，2 行不再有个人信息"},
		report.EN: {"Rows whose personal data was erased: 1.", "people erased: 1; rows without personal data: 2."},
	} {
		page := html(t, r, lang)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
	}
	r.Audit = nil
	if page := html(t, r, report.EN); !strings.Contains(page, "The ledger was not checked, so how many people were erased") {
		t.Error("the page of a report without a check tells of people")
	}
}

var boss = moderation.Actor{Name: "老周", Role: moderation.RoleSupervisor}
