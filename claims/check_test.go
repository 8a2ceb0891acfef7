package claims_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"liveroom/claims"
)

func TestAViewersWordsAreNoClaim(t *testing.T) {
	c := ownChecker(t)
	u := claims.Utterance{SKU: "T01", Speaker: claims.SpeakerViewer, Text: "这是百分之百纯羊毛，全网最低价"}
	if found := c.Check(u, nil); found != nil {
		t.Fatalf("a viewer's line raised %+v", found)
	}
}

func TestAFindingProvesItself(t *testing.T) {
	c := ownChecker(t)
	u := claims.Utterance{ID: "u1", SKU: "T03", Speaker: claims.SpeakerHost, Text: "一罐六百克，六罐三千六", Confidence: 650}
	found := c.Check(u, nil)
	if len(found) == 0 {
		t.Fatal("nothing found")
	}
	f := found[0]
	if f.Utterance != "u1" || f.SKU != "T03" || f.Said == "" || f.Fact != "3000g" || f.FactID != "T03·net_weight" || f.Law == "" || f.Rule == "" || f.Why == "" || f.WhyEN == "" || f.Suggest == "" || f.Arithmetic == "" || f.Sheet != c.SheetVersion() || !f.ListenFirst {
		t.Fatalf("%+v", f)
	}
}

func TestAProductMayBeNamedByItsSound(t *testing.T) {
	c := ownChecker(t)
	for text, sku := range map[string]string{"青和的开山是纯羊毛的": "T01", "The Qinghe cardigan is pure wool": "T01"} {
		found := c.Check(claims.Utterance{Speaker: claims.SpeakerHost, Text: text}, nil)
		if len(found) == 0 || found[0].SKU != sku {
			t.Errorf("%s: %+v", text, found)
		}
	}
}

func TestSpansQuoteTheRawText(t *testing.T) {
	c := ownChecker(t)
	for _, text := range []string{"純\u200b羊毛的開衫", "全 网 最 低 价", "加·微·信轉帳便宜", "ＳＰＦ９９＋＋", "百分之百\u00a0羊毛"} {
		for _, f := range c.Check(claims.Utterance{SKU: "T01", Speaker: claims.SpeakerHost, Text: text}, nil) {
			r := []rune(text)
			if f.Start < 0 || f.End > len(r) || f.Start >= f.End || string(r[f.Start:f.End]) != f.Said {
				t.Errorf("%q: %d-%d %q", text, f.Start, f.End, f.Said)
			}
		}
	}
}

func TestALongLineKeepsItsPlaces(t *testing.T) {
	c := ownChecker(t)
	text := strings.Repeat("今天天气不错，大家慢慢看。", 200) + "这件是百分之百纯羊毛。" + strings.Repeat("喜欢的扣个一。", 200)
	found := c.Check(claims.Utterance{SKU: "T01", Speaker: claims.SpeakerHost, Text: text}, nil)
	if len(found) != 1 || !strings.Contains(found[0].Said, "羊毛") || string([]rune(text)[found[0].Start:found[0].End]) != found[0].Said {
		t.Fatalf("%+v", found)
	}
}

func TestTheSameLineGivesTheSameFindingsFromManyGoroutines(t *testing.T) {
	c := ownChecker(t)
	u := claims.Utterance{SKU: "T01", Speaker: claims.SpeakerHost, Text: "百分之百纯羊毛，全网最低价，假一赔十，今天就发"}
	want := c.Check(u, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := c.Check(u, nil); !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, want %+v", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"百分之百纯羊毛", "全 网 最 低", "一罐六百克，哦不对，五百克", "It's 100% wool, isn't it?", "九块九毛九", "\xff\xfe最", "有人问是不是纯棉？是的", "1,234.5.6%折斤", "如果如果如果，但而但而", "第一第一第一"} {
		f.Add(s)
	}
	checker := ownChecker(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, sku := range []string{"T01", "T05", "T08", "T13", ""} {
			for _, found := range checker.Check(claims.Utterance{SKU: sku, Speaker: claims.SpeakerHost, Text: s}, nil) {
				r := []rune(s)
				if found.Start < 0 || found.End > utf8.RuneCountInString(s) || found.Start >= found.End || string(r[found.Start:found.End]) != found.Said {
					t.Fatalf("%q: %d-%d %q", s, found.Start, found.End, found.Said)
				}
			}
		}
	})
}
