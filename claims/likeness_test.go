package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

const likenessFacts = `sku,name,brand,category,material,honours,promises,returns_7d,ships_within,efficacy
K1,山脚下竹枕,山脚下,home,竹纤维100%,2023年省级竹艺比赛二等奖,半年内塌了免费换,yes,48h,
K2,溪口面霜,溪口,cosmetics,,,,no,,保湿
`

func likenessChecker(t *testing.T, options ...claims.Option) *claims.Checker {
	t.Helper()
	s, err := sheet.Load("likeness.csv", strings.NewReader(likenessFacts))
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(s, options...)
}

func ofLikeness(found []claims.Finding) []claims.Finding {
	var out []claims.Finding
	for _, f := range found {
		if strings.HasSuffix(f.Rule, ".learned") {
			out = append(out, f)
		}
	}
	return out
}

func TestWhatNoListHoldsIsFoundByWhatItReadsLike(t *testing.T) {
	checker, without := likenessChecker(t), likenessChecker(t, claims.WithLikeness(claims.Likeness{}))
	for _, c := range []struct{ story, sku, text, rule string }{
		{"abuse in words of its own", "K1", "长得跟母猪似的还想要折扣，谁娶你谁倒八辈子霉", "conduct.learned"},
		{"made-up dread", "K1", "你家那个旧枕头里头全是尸虫，村里睡瘫了三个，新闻不让报", "conduct.learned"},
		{"a cure told as a story", "K2", "吃了它骨科的号你不用挂", "medical.learned"},
		{"a promise beyond the sheet's", "K2", "擦到见底觉得不行，空瓶寄来全额给你", "promise.learned"},
		{"a name lent", "K2", "专柜卖两千的那罐跟它是一个锅里熬的，罐子换了", "brand.learned"},
	} {
		found := checker.Check(claims.Utterance{SKU: c.sku, Speaker: claims.SpeakerHost, Text: c.text}, nil)
		rest := without.Check(claims.Utterance{SKU: c.sku, Speaker: claims.SpeakerHost, Text: c.text}, nil)
		learned := ofLikeness(found)
		if len(learned) == 0 && len(rest) > 0 {
			t.Logf("%s: a rule reads it by now (%s)", c.story, rest[0].Rule)
			continue
		}
		if len(learned) != 1 || learned[0].Rule != c.rule {
			t.Errorf("%s: %s: found %+v", c.story, c.text, found)
			continue
		}
		f := learned[0]
		if f.Law == "" || f.Suggest == "" || !strings.Contains(c.text, f.Said) || !strings.Contains(f.Why, "“") || f.WhyEN == "" {
			t.Errorf("%s: the proof is not whole: %+v", c.story, f)
		}
		if len(ofLikeness(rest)) != 0 {
			t.Errorf("%s: found without what was learned: %+v", c.story, rest)
		}
	}
}

func TestTheReasonNamesALineOfOurOwn(t *testing.T) {
	found := ofLikeness(likenessChecker(t).Check(claims.Utterance{SKU: "K1", Speaker: claims.SpeakerHost, Text: "睡塌了拿来换，换到你孙子结婚，换一辈子"}, nil))
	if len(found) == 0 {
		t.Skip("NOT TESTED: a rule reads this line by now")
	}
	if f := found[0]; !strings.Contains(f.Why, "读起来像“") || !strings.Contains(f.Why, "% 的音相同") || !strings.Contains(f.WhyEN, "reads like") {
		t.Errorf("why: %s; %s", f.Why, f.WhyEN)
	}
}

// What is learned knows words, not what the host makes of them: that is for the
// stance, the sheet and the exemptions to say.
func TestWhatIsLearnedKeepsSilentWhereNothingIsClaimed(t *testing.T) {
	checker := likenessChecker(t)
	for _, c := range []struct{ story, sku, text string }{
		{"a viewer's words are never his", "K1", ""},
		{"asked", "K1", "有人问吃了它骨科的号是不是不用挂？不是"},
		{"another's words, denied", "K1", "有人说我们跟大牌一个厂出来的，没有这回事"},
		{"a warning", "K1", "谁让你加他绿泡泡转账的，都是骗子，别信"},
		{"supposed", "K1", "要是哪个主播跟你说骨科的号都不用挂，你赶紧划走"},
		{"the sheet's own words", "K1", "2023年省级竹艺比赛拿的二等奖"},
		{"the sheet's own term", "K1", "半年内塌了给你换新的"},
	} {
		speaker := claims.SpeakerHost
		if c.text == "" {
			speaker, c.text = claims.SpeakerViewer, "长得跟母猪似的还想要折扣，谁娶你谁倒八辈子霉"
		}
		if found := ofLikeness(checker.Check(claims.Utterance{SKU: c.sku, Speaker: speaker, Text: c.text}, nil)); len(found) != 0 {
			t.Errorf("%s: %s: %+v", c.story, c.text, found)
		}
	}
}
