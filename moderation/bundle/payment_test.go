package bundle_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/bundle"
	"liveroom/moderation/policy"
)

// TestABundleTellsWhatWasProposedToPay: with the facts it was granted on, and the
// policy itself as a leaf, so that who contests it can read what it hung on.
func TestABundleTellsWhatWasProposedToPay(t *testing.T) {
	store := lawsuit(t)
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Clock: func() time.Time { return start.Add(90 * time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	lan := moderation.Actor{Name: "小兰", Role: moderation.RoleModerator}
	version := int64(3)
	do := func(c moderation.Command) moderation.Case {
		t.Helper()
		r, err := desk.Do(t.Context(), lan, c)
		if err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		version = r.Case.Version
		return *r.Case
	}
	for fact, v := range map[policy.Fact]policy.Value{
		"evidence.proof_images": policy.Number(2), "goods.traits": policy.Words(), "merchant.at_fault": policy.Bool(false),
		"host.enrolled_at": policy.Moment(start.AddDate(0, -1, 0)), "product.category": policy.Word("apparel"), "order.shipped_at": policy.Moment(start.Add(time.Minute)),
	} {
		do(moderation.GiveFact{Case: 1, Version: version, Fact: fact, Value: v})
	}
	c := do(moderation.ProposePayment{Case: 1, Version: version, Policy: "kuaishou.honesty"})
	zip := madeOf(t, store)
	if r := bundle.Verify(zip, nil); len(r.Faults) > 0 {
		t.Fatalf("faults: %v", r.Faults)
	}
	files := map[string]string{}
	for name, b := range unzip(t, zip) {
		files[name] = string(b)
	}
	for _, want := range []string{
		"本程序不划转款项", "提议 #1  订单 ****0007  proposed  129.00 元：129.00 的 100% = 129.00", "政策：kuaishou.honesty 主播实在宝，版本 " + c.Payments[0].Version,
		`"evidence.proof_images":2`, "提出：小兰",
	} {
		if !strings.Contains(files["orders.txt"], want) {
			t.Errorf("orders.txt does not say %q:\n%s", want, files["orders.txt"])
		}
	}
	if strings.Contains(files["orders.txt"], "LR2611210007") {
		t.Error("the order's number stands in the page")
	}
	if !strings.Contains(files["evidence.json"], `"kind": "policy"`) || !strings.Contains(files["evidence.json"], "kuaishou.honesty") {
		t.Error("the policy is not in the evidence")
	}
}
