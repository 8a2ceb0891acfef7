package report_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/report"
)

// TestRulings: what people decided in a case about money, penalties and held
// orders stands in the report, without the order's number, the buyer's id or what
// somebody wrote of a person.
func TestRulings(t *testing.T) {
	h := story(t)
	at := begin.Add(30 * hour)
	err := h.store.Update(t.Context(), func(tx moderation.Tx) error {
		c, err := tx.Case(t.Context(), 1)
		if err != nil {
			return err
		}
		c.Payments = []moderation.Payment{{
			ID: 1, Order: orderID(13), State: moderation.PaymentApproved, Policy: "shizaibao", Title: policy.Text{ZH: "实在宝", EN: "honesty guarantee"},
			AmountFen: 12900, Payers: []policy.Party{policy.HostBalance, policy.HostDeposit}, By: you.Name, At: at, DecidedBy: bing.Name, DecidedAt: at.Add(hour),
		}, {ID: 2, Order: orderID(14), State: moderation.PaymentReversed, AmountFen: 12900, By: you.Name, At: at, EndedBy: bing.Name, EndedAt: at.Add(2 * hour)}}
		c.Penalties = []moderation.Penalty{{
			Offence:  moderation.Offence{By: moderation.OffenderBuyer, Subject: "buyer-778899", Kind: "malicious_claim", Gravity: "high"},
			Measures: []policy.Measure{policy.MeasureWarning, policy.MeasureFine}, FineFen: 50000, State: moderation.PenaltyImposed, ImposedBy: bing.Name, At: at,
			Points: 6, Reason: "来电13800138000核实过",
		}}
		c.Holds = []moderation.Hold{{Order: orderID(15), By: bing.Name, At: at, Reason: "同址多单，收件人王小明", Verdict: moderation.VerdictGenuine, ReleasedBy: bing.Name, ReleasedAt: at.Add(time.Hour)}}
		return tx.PutCase(&c)
	})
	if err != nil {
		t.Fatal(err)
	}
	r := h.make(report.Options{Room: "A", Now: h.now})
	same(t, "payments, penalties, holds", []int{len(r.Payments), len(r.Penalty), len(r.Holds)}, []int{2, 1, 1})
	for lang, want := range map[report.Lang][]string{
		report.ZH: {"****0013", "实在宝", "¥129.00", "主播账户余额、主播保证金", "已同意", "申诉撤销", "警告、罚款", "¥500.00", "恶意索赔", "买家", "138****8000", "收件人王**", "真实订单", "****99"},
		report.EN: {"honesty guarantee", "approved", "reversed on appeal", "warning, fine", "bad-faith claim", "genuine"},
	} {
		page := html(t, r, lang)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
		for _, hidden := range []string{"buyer-7788", "LR20261120", "13800138000", "王小明"} {
			if strings.Contains(page, hidden) {
				t.Errorf("%s: the page shows %q", lang, hidden)
			}
		}
	}
	same(t, "in JSON", jsonRows(t, r)["payments"][0]["amount_fen"], any(12900.0))
}
