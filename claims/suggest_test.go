package claims_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// demoFindings is what the checker finds in the demonstration.
func demoFindings(t *testing.T, c *claims.Checker) []claims.Finding {
	t.Helper()
	f, err := os.Open("../demo/broadcast.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var found []claims.Finding
	var before []claims.Utterance
	onAir := ""
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var e demoEvent
		if json.Unmarshal(sc.Bytes(), &e) != nil {
			continue // another kind of event, of another shape
		}
		switch {
		case e.Kind == "product_on_air":
			onAir = e.Product
		case e.Kind == "transcript" && e.Final:
			u := claims.Utterance{ID: e.ID, SKU: onAir, Speaker: claims.Speaker(e.User.Role), Text: e.Text}
			found = append(found, c.Check(u, before[max(0, len(before)-3):])...)
			before = append(before, u)
		}
	}
	return found
}

// reviewed are lines whose suggestions once were claims themselves, and one of
// each column.
var reviewed = []struct{ sku, text string }{
	{"D01", "原价三百九十九"},
	{"D06", "全网最低价"},
	{"D05", "橙子糖度十八"},
	{"D01", "只要五十九"},
	{"D01", "打五折"},
	{"D03", "保湿七十二小时"},
	{"D03", "烟酰胺百分之十"},
	{"D05", "净重六公斤"},
	{"D02", "蓬松度八百"},
	{"D01", "二十四小时发货"},
	{"D05", "七天无理由退货"},
	{"D05", "产地江西赣州"},
	{"D05", "这是赣南脐橙"},
	{"D04", "功率八百瓦"},
	{"D04", "内胆不锈钢的"},
	{"D04", "到手三台"},
	{"D04", "终身质保"},
	{"D01", "百分之百纯羊毛"},
	{"D02", "填充物是鸭绒"},
	{"D06", "假一赔十"},
	{"D06", "这是纯金的"},
	{"D01", "围巾长三米"},
	{"D03", "保质期五年"},
	{"D03", "三天祛斑"},
	{"D03", "不好用全额退款，无效退款"},
	{"D04", "全国销量第一"},
	{"D04", "获得红点设计大奖"},
	{"D03", "含有酒精"},
	{"D03", "有发明专利"},
	{"D04", "美的品牌的"},
	{"D03", "可以治疗湿疹"},
	{"D01", "加我微信，私下转账便宜"},
	{"D01", "这是全国最好的围巾"},
	{"D01", "不买的都是傻子"},
	{"D02", "充绒量三百克"},
	{"D01", "It is pure wool, one hundred percent wool"},
	{"D01", "only 59 yuan tonight"},
	{"D01", "the original price was 399 yuan"},
	{"D06", "the lowest price anywhere on the internet"},
	{"D05", "each box weighs six kilograms net weight"},
	{"D01", "ships within 24 hours"},
	{"D05", "seven day no reason returns"},
	{"D03", "this serum cures eczema"},
	{"D02", "filled with duck down"},
}

// columns are the words by which a suggestion names its fact.
var columns = map[string][2]string{
	"price": {"售价", "selling price"}, "list_price": {"划线价", "crossed-out price"}, "material": {"材质", "material"}, "net_weight": {"净含量", "net weight"},
	"quantity": {"数量", "quantity"}, "size": {"尺寸", "size"}, "origin": {"产地", "origin"}, "variety": {"品种", "variety"}, "ingredients": {"成分", "ingredients"},
	"metrics": {"指标", "measured"}, "promises": {"售后", "after-sales"}, "returns_7d": {"七天无理由", "returns"}, "ships_within": {"发货", "shipping"},
	"shelf_life": {"保质期", "shelf life"}, "lowest_price_30d": {"价格", "price"}, "brand": {"品牌", "brand"}, "efficacy": {"功效", "function"},
}

// TestSuggestionsClaimNothingFalse reads every suggestion to the checker, as
// the host would to the room.
func TestSuggestionsClaimNothingFalse(t *testing.T) {
	kinds := map[string]bool{}
	foreign := false
	try := func(c *claims.Checker, found []claims.Finding) {
		for _, f := range found {
			kinds[f.Rule] = true
			checkSuggestion(t, c, f, foreign)
		}
	}
	for _, name := range []string{"../demo/facts.csv", sharedDir + "/demo/facts.csv"} {
		s, err := loadFile(name)
		if err != nil {
			t.Logf("LOUD: %s is not here, not tried", name)
			continue
		}
		c := claims.New(s)
		for _, r := range reviewed {
			found := c.Check(claims.Utterance{SKU: r.sku, Speaker: claims.SpeakerHost, Text: r.text}, nil)
			if len(found) == 0 && name == "../demo/facts.csv" {
				t.Logf("%s %s: nothing found", r.sku, r.text)
			}
			try(c, found)
		}
		try(c, demoFindings(t, c))
	}
	s, err := loadFile("testdata/facts.csv")
	if err != nil {
		t.Fatal(err)
	}
	try(claims.New(s), linesFound(t))
	foreign = true
	tryShared(t, "bench/dev", try)
	tryShared(t, "bench/real-dev", try)
	if len(kinds) < 25 {
		t.Errorf("only %d kinds of findings were tried: %v", len(kinds), kinds)
	}
}

// tryShared tries what is found in a labelled set.
func tryShared(t *testing.T, set string, try func(*claims.Checker, []claims.Finding)) {
	s, err := loadFile(sharedDir + "/" + set + "/facts.csv")
	if err != nil {
		t.Logf("LOUD: %s is not here, not tried", set)
		return
	}
	c := claims.New(s)
	sc := bufio.NewScanner(openShared(t, set+"/utterances.jsonl"))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var u struct {
			SKU     string `json:"sku"`
			Speaker string `json:"speaker"`
			Text    string `json:"text"`
		}
		if err := json.Unmarshal(sc.Bytes(), &u); err != nil {
			t.Fatal(err)
		}
		try(c, c.Check(claims.Utterance{SKU: u.SKU, Speaker: claims.Speaker(u.Speaker), Text: u.Text}, nil))
	}
}

// checkSuggestion: on a foreign sheet, whose words may read like claims
// themselves, taking back is enough.
func checkSuggestion(t *testing.T, c *claims.Checker, f claims.Finding, foreign bool) {
	t.Helper()
	for _, checker := range []*claims.Checker{c, claims.New(nil)} {
		if again := checker.Check(claims.Utterance{SKU: f.SKU, Speaker: claims.SpeakerHost, Text: f.Suggest}, nil); len(again) > 0 {
			t.Errorf("%s %q suggests %q, in which %q is %s/%s (%s)", f.SKU, f.Said, f.Suggest, again[0].Said, again[0].Category, again[0].Verdict, again[0].Rule)
		}
	}
	english := strings.HasPrefix(f.Suggest, "Let me") || strings.HasPrefix(f.Suggest, "Please") || strings.HasPrefix(f.Suggest, "That")
	end := "。"
	if english {
		end = "."
	}
	if !strings.HasSuffix(f.Suggest, end) || strings.Contains(f.Suggest, "%!") {
		t.Errorf("%q is no sentence", f.Suggest)
	}
	_, column, _ := strings.Cut(f.FactID, "·")
	words, named := columns[column]
	if f.Verdict == claims.VerdictContradicted && f.Fact != "" && named && !strings.Contains(f.Suggest, words[0]) && !strings.Contains(f.Suggest, words[1]) && !(foreign && takenBack(f.Suggest)) {
		t.Errorf("%s: %q does not name %s", f.Rule, f.Suggest, column)
	}
	if f.Rule == "price.lowest" && strings.ContainsFunc(f.Suggest, unicode.IsDigit) {
		t.Errorf("the lowest price is given a number: %q", f.Suggest)
	}
	if !(foreign && takenBack(f.Suggest)) && (column == "price" || column == "list_price") && f.Verdict == claims.VerdictContradicted && !strings.Contains(f.Suggest, "¥") {
		t.Errorf("a price without its sign: %q", f.Suggest)
	}
}

func takenBack(s string) bool {
	return strings.Contains(s, "我收回") || strings.Contains(s, "take back")
}

func TestSuggestionsAreWholeSentences(t *testing.T) {
	c := checkerOf(t, "sku,name,category,price,list_price,lowest_price_30d,net_weight\nA,青禾手链,jewellery,129,199,119,8.6g\n")
	for said, want := range map[string]string{
		"原价三百九十九":                         "更正一下，刚才说错了，这款的划线价是¥199，售价是¥129。",
		"只要五十九":                           "更正一下，刚才说错了，这款的售价是¥129。",
		"净重二十克":                           "更正一下，刚才说错了，这款的净含量是8.6g。",
		"全网最低价":                           "更正一下，刚才关于价格的说法没有依据，我收回，大家以商品页为准。",
		"the original price was 399 yuan": "Let me correct that: the crossed-out price is ¥199 and the selling price is ¥129.",
	} {
		found := c.Check(claims.Utterance{SKU: "A", Speaker: claims.SpeakerHost, Text: said}, nil)
		if len(found) != 1 || found[0].Suggest != want {
			t.Errorf("%s: %+v, want %q", said, found, want)
		}
	}
}

// TestSuggestionsTakeBackWhatTheyCannotSay: the sheet's words name what the
// goods are not.
func TestSuggestionsTakeBackWhatTheyCannotSay(t *testing.T) {
	c := checkerOf(t, "sku,name,category,material\nA,青禾手镯,jewellery,和田玉(非羊脂玉)\n")
	found := c.Check(claims.Utterance{SKU: "A", Speaker: claims.SpeakerHost, Text: "这个手镯是羊脂玉的"}, nil)
	want := "更正一下，刚才关于材质的说法没有依据，我收回，大家以商品页为准。"
	if len(found) != 1 || found[0].Suggest != want {
		t.Fatalf("%+v, want %q", found, want)
	}
	checkSuggestion(t, c, found[0], true)
}
