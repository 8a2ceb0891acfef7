package moderation_test

import (
	"strings"
	"testing"

	"liveroom/claims/sheet"
	"liveroom/moderation"
)

// TestExclusionsAreToldInTheRoom: goods that cannot be sent back within seven
// days leave the air, and nobody said so: a person looks at it, once a broadcast.
func TestExclusionsAreToldInTheRoom(t *testing.T) {
	s := must(sheet.Load("facts.csv", strings.NewReader(`sku,name,category,returns_7d
D01,围巾,apparel,yes
D05,脐橙,food,no
D06,草莓,food,no
D07,空气,food,no
`)))
	d := newDesk(t, func(c *moderation.Config) { c.Product = s.Product })
	d.commit(
		onAir(1, "D01", 12900), says(2, "围巾暖和"),
		onAir(10, "D05", 3900), says(11, "脐橙甜"), says(12, "生鲜不支持七天无理由哈"),
		onAir(20, "D06", 7900), says(21, "草莓也甜"),
		onAir(30, "D07", 1900),
		onAir(31, "D06", 6900), says(32, "再来一波草莓"), ends(40),
	)
	cases := d.cases()
	if len(cases) != 1 || cases[0].SKU != "D06" || cases[0].Kind != moderation.CaseQualification || cases[0].OpenedBy != moderation.Program {
		t.Fatalf("cases %+v", cases)
	}
	if got := cases[0].Signals; len(got) != 1 || got[0].Rule != moderation.RuleExclusion || !strings.HasPrefix(got[0].Why, "草莓 不支持七天无理由") {
		t.Errorf("signals %+v", got)
	}
	d.verify()
}
