package fold_test

import (
	"testing"
	"unicode/utf8"

	"liveroom/claims/fold"
)

func TestFoldMatchesHoweverItIsWritten(t *testing.T) {
	for in, want := range map[string]string{
		"全 网 最 低 价":               "全网最低价",
		"国.家.级品质":                 "国家级品质",
		"加·微·信":                   "加微信",
		"加*微信":                    "加微信",
		"保濕補水，不含酒精。":              "保湿补水,不含酒精.",
		"ＳＰＦ５０＋":                  "spf50+",
		"这款 很好 真的":                "这款 很好 真的",
		"百分之百纯羊毛 一点化纤都没有":         "百分之百纯羊毛 一点化纤都没有",
		"三 二 一 停":                 "三 二 一 停",
		"no.1 best":               "no.1 best",
		"3.5g":                    "3.5g",
		"棉65%/涤35%":               "棉65%/涤35%",
		"好 不好 看":                  "好 不好 看",
		"a\u200bb\u202ec纯\u200b棉": "abc纯棉",
	} {
		if got := fold.String(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}

func FuzzFoldMapsBack(f *testing.F) {
	for _, s := range []string{"全 网 最 低", "国.家.级", "½ ㎡ Ａ\u200b", "加·微·信", "\xff\xfe好", "繁體字"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var x fold.Text
		x.Fold(s)
		n := utf8.RuneCountInString(s)
		last := -1
		for i := range x.R {
			start, end := x.Raw(i, i+1)
			if start <= last || end != start+1 || end > n {
				t.Fatalf("rune %d maps to [%d,%d) after %d of %d", i, start, end, last, n)
			}
			last = start
		}
	})
}

func BenchmarkFold(b *testing.B) {
	var x fold.Text
	b.ReportAllocs()
	for b.Loop() {
		x.Fold("这条裙子春天绝绝子，配小白鞋出门氛围感拉满，姐妹们自己看，我就不多说了哈")
	}
}
