package policy_test

import (
	"fmt"
	"testing"

	"liveroom/moderation/policy"
)

// TestShippedPoliciesDoWhatTheirExamplesSay runs every example of every clause
// and policy that the program brings along.
func TestShippedPoliciesDoWhatTheirExamplesSay(t *testing.T) {
	set := shipped(t)
	for _, f := range set.Test() {
		t.Errorf("%s:%d: %s %s: %s\n  want %s\n  got  %s", f.File, f.Line, f.Policy, f.Clause, f.Example, f.Want, f.Got)
	}
	t.Logf("%d policies, %d examples", len(set.Policies()), set.Examples())
}

// TestEveryRowOfTheGuarantee: each of the seventeen rows of the guarantee stands
// in its policy, with its figure.
func TestEveryRowOfTheGuarantee(t *testing.T) {
	rows := map[string]string{}
	for _, p := range shipped(t).Policies() {
		if p.ID != "kuaishou.honesty" {
			continue
		}
		for _, c := range p.Clauses {
			rows[c.ID] = string(c.Effect) + " " + c.Condition + c.Window
		}
		for _, c := range p.Clocks {
			rows[c.ID] = c.Within.String() + " from " + string(c.From)
		}
		rows["1.9"] = p.Amount().EN
		rows["1.12"] = fmt.Sprint(p.Payers)
	}
	for id, want := range map[string]string{
		"1.1.invited": "requires host.invited", "1.1.followers": "requires host.followers > 1000000", "1.1.score": "requires host.score_x100 > 450",
		"1.1.level": "requires host.level_halves >= 5", "1.1.checks": "requires host.other_checks_passed",
		"1.2": "requires broadcast.started_at > host.enrolled_at", "1.3": "requires claim.category in list.covered",
		"1.4":             `refuses product.category in ["health_food", "medical_device"] || goods.traits.exists(t, t in list.excluded_goods)`,
		"1.5.established": "requires claim.confirmed", "1.5.merchant": "refuses merchant.at_fault",
		"1.6":        "requires claim.applied_at within 30 days from order.shipped_at",
		"1.7.raised": "requires claim.by_buyer && claim.from_order", "1.7.reason": "requires claim.reason_given", "1.7.proof": "requires evidence.proof_images >= 1",
		"1.8.review": "48 hours from claim.applied_at", "1.8.result": "72 hours from claim.applied_at",
		"1.9":         "100 % of the amount actually paid, never above the amount actually paid, cap 1,000.00",
		"1.10.payout": "3 working days from decision.decided_at", "1.10.progress": "notes ",
		"1.11": "refuses order.applications_before >= 1", "1.12": "[host.balance host.deposit]",
		"1.13.off-platform": "refuses order.off_platform", "1.13.agreed": "refuses claim.agreed_otherwise", "1.13.window": "notes ",
		"1.13.own-doing": "refuses claim.buyers_own_doing", "1.13.genuine": "refuses !order.genuine", "1.13.compensated": "refuses claim.compensated",
		"1.13.category": "refuses !(claim.category in list.payable)", "1.13.other": "refuses claim.other_exclusion",
		"1.14": `refuses buyer.risk in ["risky", "malicious"]`, "1.15": "notes host.badge_withdrawn", "1.16": "notes ", "1.17.appeal": "7 days from ruling.at",
	} {
		if rows[id] != want {
			t.Errorf("%s: %q, want %q", id, rows[id], want)
		}
		delete(rows, id)
	}
	if len(rows) > 0 {
		t.Errorf("rows that the document does not have: %v", rows)
	}
}

func shipped(t testing.TB) *policy.Set {
	t.Helper()
	set, err := policy.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return set
}
