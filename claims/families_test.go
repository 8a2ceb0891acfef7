package claims_test

import (
	"testing"

	"liveroom/claims"
)

const familyFacts = `sku,name,category,price,metrics,ingredients,efficacy,ships_within
P1,炊麦电饭煲,electronics,239,功率 500W;噪音 60dB,,,24h
P2,风屿吸尘器,electronics,499,吸力 18kPa,,,48h
P3,果渡脐橙,food,49.9,糖度 12%,不打蜡;不含防腐剂,,48h
P4,月渡银手链,jewellery,168,,,,48h
`

func familyChecker(t *testing.T) *claims.Checker {
	t.Helper()
	return checkerOf(t, familyFacts)
}

// TestFiguresByFamily: a figure is found in whatever way its kind is said, and
// the fact beside it is the one that it is held against.
func TestFiguresByFamily(t *testing.T) {
	c := familyChecker(t)
	for _, x := range []struct{ sku, text, rule, fact, id string }{
		{"P1", "功率八百瓦", "metric", "功率 500W", "P1·metrics"},
		{"P1", "这个电饭煲八百瓦", "metric", "功率 500W", "P1·metrics"},
		{"P1", "额定功率800W", "metric", "功率 500W", "P1·metrics"},
		{"P1", "有0.8千瓦", "metric", "功率 500W", "P1·metrics"},
		{"P1", "功率一点二千瓦的", "metric", "功率 500W", "P1·metrics"},
		{"P2", "吸力有二十五千帕", "metric", "吸力 18kPa", "P2·metrics"},
		{"P2", "吸力两万五千帕", "metric", "吸力 18kPa", "P2·metrics"},
		{"P3", "橙子糖度十八", "ingredient.amount", "糖度 12%", "P3·metrics"},
		{"P3", "糖度百分之十八", "ingredient.amount", "糖度 12%", "P3·metrics"},
		{"P2", "二十四小时就发", "promise.ships", "48h", "P2·ships_within"},
		{"P2", "24小时内就能发", "promise.ships", "48h", "P2·ships_within"},
		{"P2", "24h内给你寄", "promise.ships", "48h", "P2·ships_within"},
		{"P2", "一天就给大家发完", "promise.ships", "48h", "P2·ships_within"},
		{"P4", "三天祛斑", "effect.outcome", "", "P4·efficacy"},
		{"P4", "一周美白", "effect.outcome", "", "P4·efficacy"},
		{"P2", "七天祛痘", "effect.outcome", "", "P2·efficacy"},
	} {
		found := c.Check(claims.Utterance{SKU: x.sku, Speaker: claims.SpeakerHost, Text: x.text}, nil)
		if len(found) != 1 || found[0].Rule != x.rule || found[0].Fact != x.fact || found[0].FactID != x.id {
			t.Errorf("%s: %+v, want %s against %s %q", x.text, found, x.rule, x.id, x.fact)
		}
	}
	for _, x := range []struct{ sku, text string }{
		{"P1", "功率五百瓦"},
		{"P1", "500W就够用"},
		{"P1", "二十四小时就发"},
		{"P2", "吸力一万八千帕"},
		{"P2", "48小时内就能发"},
		{"P2", "用了二十四小时都不发热"},
		{"P2", "放二十四小时就发黄的那种不行"},
		{"P3", "糖度十二"},
	} {
		if found := c.Check(claims.Utterance{SKU: x.sku, Speaker: claims.SpeakerHost, Text: x.text}, nil); len(found) > 0 {
			t.Errorf("%s is true, but raises %+v", x.text, found)
		}
	}
}

// TestWhatIsForbiddenNeedsNoSheet: without any facts the law still holds.
func TestWhatIsForbiddenNeedsNoSheet(t *testing.T) {
	c := claims.New(nil)
	for _, text := range []string{"这是最好的产品", "这是最好吃的橙子", "这款是顶级的", "这就是国家级的", "这件面料最好"} {
		found := c.Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: text}, nil)
		if len(found) == 0 || found[0].Category != claims.CategoryAbsolute || found[0].Verdict != claims.VerdictBanned {
			t.Errorf("%s: %+v", text, found)
		}
	}
	for _, text := range []string{"这是最后一批", "这是最好的朋友", "我最喜欢这个颜色", "这是最好的安排", "这是最小号"} {
		if found := c.Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: text}, nil); len(found) > 0 {
			t.Errorf("%s raises %+v", text, found)
		}
	}
}
