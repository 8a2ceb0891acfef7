package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
)

const likenessFacts = `sku,name,brand,category,material,honours,promises,returns_7d,ships_within,efficacy
K1,山脚下竹枕,山脚下,home,竹纤维100%,2023年省级竹艺比赛二等奖,半年内塌了免费换,yes,48h,
K2,溪口面霜,溪口,cosmetics,,,,no,,保湿
`

func likenessChecker(t *testing.T, options ...claims.Option) *claims.Checker {
	t.Helper()
	return checkerOf(t, likenessFacts, options...)
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

// unlisted are claims in words of their own, each with the rule that reads it.
// A word list may come to hold one of them, so not every one must be read by what
// is learned; leastUnlisted must.
var unlisted = []struct{ story, sku, text, rule string }{
	{"abuse by likening", "K1", "长得跟母猪似的还想要折扣，谁娶你谁倒八辈子霉", "conduct.learned"},
	{"abuse by advice", "K1", "长成你这样的还来还价，回家照照尿盆吧", "conduct.learned"},
	{"a cure told by the doctor not needed", "K2", "吃了它骨科的号你不用挂", "medical.learned"},
	{"a cure told by the plasters thrown away", "K1", "肩周炎的老街坊睡了它，膏药全扔了", "medical.learned"},
	{"another cure so told", "K1", "痛风的老街坊泡了它，膏药全扔垃圾桶了", "medical.learned"},
	{"a name lent by the counter", "K2", "专柜卖两千的那罐跟它是一个锅里熬的，罐子换了", "brand.learned"},
	{"a name lent by the shop", "K2", "免税店那个跟它一个锅里熬出来的，换了个罐子", "brand.learned"},
	{"nobody can stand beside it", "K1", "同行见了它都得绕着走", "absolute.learned"},
}

const leastUnlisted = 5

// readByLikeness yields what of unlisted no rule reads, with what is found.
func readByLikeness(t *testing.T, yield func(story, text, rule string, found []claims.Finding)) {
	t.Helper()
	checker, without := likenessChecker(t), likenessChecker(t, claims.WithLikeness(claims.Likeness{}))
	read := 0
	for _, c := range unlisted {
		u := claims.Utterance{SKU: c.sku, Speaker: claims.SpeakerHost, Text: c.text}
		if rest := without.Check(u, nil); len(rest) > 0 {
			t.Logf("%s: a rule reads it (%s)", c.story, rest[0].Rule)
			continue
		}
		read++
		yield(c.story, c.text, c.rule, checker.Check(u, nil))
	}
	if read < leastUnlisted {
		t.Errorf("rules read all but %d of %d lines: others are needed here that no list holds, at least %d", read, len(unlisted), leastUnlisted)
	}
}

func TestWhatNoListHoldsIsFoundByWhatItReadsLike(t *testing.T) {
	readByLikeness(t, func(story, text, rule string, found []claims.Finding) {
		if len(found) != 1 || found[0].Rule != rule {
			t.Errorf("%s: %s: found %+v, want %s", story, text, found, rule)
			return
		}
		if f := found[0]; f.Law == "" || f.Suggest == "" || !strings.Contains(text, f.Said) || !strings.Contains(f.Why, "“") || f.WhyEN == "" {
			t.Errorf("%s: the proof is not whole: %+v", story, f)
		}
	})
}

// TestTheReasonNamesALineOfOurOwn: where one sounds alike it is shown, and of
// these lines most sound like one.
func TestTheReasonNamesALineOfOurOwn(t *testing.T) {
	named, read := 0, 0
	readByLikeness(t, func(story, _, _ string, found []claims.Finding) {
		read++
		if len(found) == 0 {
			t.Errorf("%s: not found", story)
			return
		}
		zh := strings.Contains(found[0].Why, "读起来像“") && strings.Contains(found[0].Why, "% 的音相同")
		en := strings.Contains(found[0].WhyEN, "reads like") && strings.Contains(found[0].WhyEN, "% of the sounds")
		if zh != en {
			t.Errorf("%s: one language names a line and the other does not: %s; %s", story, found[0].Why, found[0].WhyEN)
		}
		if zh {
			named++
		}
	})
	if 2*named < read {
		t.Errorf("%d of %d reasons name a line of our own", named, read)
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
