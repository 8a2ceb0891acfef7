package claims_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liveroom/claims"
)

// marks puts brackets around stretches.
func marks(text string, list []claims.Stretch) string {
	runes, at := []rune(text), 0
	var b strings.Builder
	for _, s := range list {
		b.WriteString(string(runes[at:s.From]) + "[" + string(runes[s.From:s.To]) + "]")
		at = s.To
	}
	return b.String() + string(runes[at:])
}

func TestWhatDiffersIsMarked(t *testing.T) {
	for _, x := range []struct{ said, fact, wantSaid, wantFact string }{
		{"百分之百纯羊毛 一点化纤都没有", "羊毛65%;聚酯纤维35%", "[百分之百纯]羊毛 [一点化纤都没有]", "羊毛[65%];[聚酯纤维35%]"},
		{"原价三百九十九", "199", "原价[三百九十九]", "[199]"},
		{"净重一斤半", "500g", "净重[一斤半]", "[500g]"},
		{"一公斤装", "1kg", "一公斤装", "1kg"},
		{"两百克", "200g", "两百克", "200g"},
		{"産地内蒙古", "内蒙古鄂尔多斯", "[産地]内蒙古", "内蒙古[鄂尔多斯]"},
		{"新西兰羊毛", "内蒙古", "[新西兰羊毛]", "[内蒙古]"},
		{"羊毛的", "羊毛65%", "羊毛的", "羊毛[65%]"},
		{"纯棉", "聚酯纤维", "[纯棉]", "[聚酯纤维]"},
		{"棉", "棉", "棉", "棉"},
		{"100% silk", "polyester", "[100%] [silk]", "[polyester]"},
		{"pure merino wool", "wool 60%; nylon 40%", "[pure] [merino] wool", "wool [60%]; [nylon] [40%]"},
		{"woolly", "wool", "[woolly]", "[wool]"},
		{"48小时发货", "48h", "48小时发货", "48h"},
		{"24小时内发", "48h", "[24小时内]发", "[48h]"},
		{"假一赔十", "假一赔三", "假一赔[十]", "假一赔[三]"},
		{"", "199", "", "199"},
		{"最好的", "", "最好的", ""},
		{strings.Repeat("棉", 300), "羊毛", strings.Repeat("棉", 300), "羊毛"},
		{"1⃣️百分百", "", "1⃣️百分百", ""},
	} {
		a, b := claims.Differs(x.said, x.fact)
		gotSaid, gotFact := marks(x.said, a), marks(x.fact, b)
		if gotSaid != x.wantSaid || gotFact != x.wantFact {
			t.Errorf("%s against %s: %s / %s, want %s / %s", x.said, x.fact, gotSaid, gotFact, x.wantSaid, x.wantFact)
		}
	}
}

// TestMarksAreSound: whatever the texts, the marks are ranges of them, in order
// and apart; a text does not differ from itself; turning the texts round turns the
// marks round.
func TestMarksAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("羊毛棉65%一二百斤克kgab ;，·纯的\u0301\u200b")), 0, 20, -1))
		said, fact := text.Draw(t, "said"), text.Draw(t, "fact")
		a, b := claims.Differs(said, fact)
		sound := func(s string, list []claims.Stretch) {
			at := 0
			for i, x := range list {
				if x.From < at || i > 0 && x.From == at || x.To <= x.From || x.To > len([]rune(s)) {
					t.Fatalf("%q: marks %v", s, list)
				}
				at = x.To
			}
		}
		sound(said, a)
		sound(fact, b)
		if c, d := claims.Differs(fact, said); marks(said, d) != marks(said, a) || marks(fact, c) != marks(fact, b) {
			t.Fatalf("turned round: %v %v, was %v %v", d, c, a, b)
		}
		if same, too := claims.Differs(said, said); len(same)+len(too) > 0 {
			t.Fatalf("%q differs from itself in %v", said, same)
		}
	})
}
