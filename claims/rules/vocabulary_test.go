package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
)

const goods = `sku,name,category,material,net_weight,metrics,price
R1,早稻谷,food,,100000g,,399
C1,氧气纱四季被,home,氧气纱100%,,每箱 2担,199
K1,小厨刀,home,,,,59
`

func said(t *testing.T, set *rules.Set, room, sku, text string) string {
	t.Helper()
	s, err := sheet.Load("goods.csv", strings.NewReader(goods))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range claims.New(s, claims.WithRules(set)).Check(claims.Utterance{Room: room, SKU: sku, Speaker: claims.SpeakerHost, Text: text}, nil) {
		found = append(found, string(f.Category)+"/"+string(f.Verdict)+" "+f.Said)
	}
	return strings.Join(found, "; ")
}

const unit = `
[[unit]]
name = "担"
also = ["dan"]
kind = "mass"
scale = 50_000_000
`

func TestAUsersUnitIsReadInSpeechAndSheet(t *testing.T) {
	set, plain := load(t, unit), load(t)
	for _, c := range []struct{ sku, text, with, without string }{
		{"R1", "这一袋稻谷净重两担", "", ""},
		{"R1", "这一袋稻谷净重三担", "weight/contradicted 三担", ""},
		{"R1", "net weight 3 dan", "weight/contradicted 3 dan", ""},
	} {
		if got := said(t, set, "", c.sku, c.text); got != c.with {
			t.Errorf("%s: with the unit %q, want %q", c.text, got, c.with)
		}
		if got := said(t, plain, "", c.sku, c.text); got != c.without {
			t.Errorf("%s: without the unit %q, want %q", c.text, got, c.without)
		}
	}
}

func termOf(lines ...string) string {
	return "[[term]]\nsource = \"house list 4\"\nchecked = 2026-11-20\n" + strings.Join(lines, "\n") + "\n"
}

func TestAUsersTermIsARowOfItsList(t *testing.T) {
	cloud := termOf(`list = "material"`, `name = "氧气纱"`, `words = ["氧气纱", "oxygen yarn"]`, `isa = "聚酯纤维"`)
	boast := termOf(`list = "absolute"`, `name = "封神"`, `words = ["封神"]`, `info = []`)
	for _, c := range []struct{ file, room, sku, text, want string }{
		{"", "", "C1", "这个是纯棉的", "material/unsupported 纯棉的"},
		{cloud, "", "C1", "这个是纯棉的", "material/contradicted 纯棉的"},
		{cloud, "", "C1", "这个被子就是氧气纱的", ""},
		{cloud, "", "C1", "这个被子是涤纶的", ""},
		{cloud, "", "C1", "oxygen yarn all through", ""},
		{"", "", "K1", "这把刀封神了", ""},
		{boast, "", "K1", "这把刀封神了", "absolute/banned 封神"},
		{boast, "", "K1", "这把刀没有封神", ""},
		{boast + `scope = { rooms = ["r1"] }`, "r1", "K1", "这把刀封神了", "absolute/banned 封神"},
		{boast + `scope = { rooms = ["r1"] }`, "r2", "K1", "这把刀封神了", ""},
		{boast + `scope = { skus = ["K1"] }`, "", "C1", "这个封神了", ""},
		{boast + `scope = { categories = ["home"] }`, "", "K1", "这把刀封神了", "absolute/banned 封神"},
		{boast + `scope = { categories = ["food"] }`, "", "K1", "这把刀封神了", ""},
		{boast + `scope = { categories = ["food"] }`, "", "R1", "这个米封神了", "absolute/banned 封神"},
	} {
		if got := said(t, load(t, c.file), c.room, c.sku, c.text); got != c.want {
			t.Errorf("%s\n%s: found %q, want %q", c.file, c.text, got, c.want)
		}
	}
}

func TestAUsersTermAddsToARowOrTakesItsPlace(t *testing.T) {
	add := termOf(`list = "absolute"`, `name = "天花板"`, `words = ["屋檐级别"]`)
	off := termOf(`list = "absolute"`, `name = "天花板"`, `replace = true`, `words = ["屋脊级别"]`, `scope = { rooms = ["talkshow"] }`)
	for _, c := range []struct{ file, room, text, want string }{
		{"", "", "刀里的天花板", "absolute/banned 天花板"},
		{"", "", "刀里的屋檐级别", ""},
		{add, "", "刀里的屋檐级别", "absolute/banned 屋檐级别"},
		{add, "", "刀里的天花板", "absolute/banned 天花板"},
		{off, "talkshow", "刀里的天花板", ""},
		{off, "talkshow", "刀里的屋脊级别", "absolute/banned 屋脊级别"},
		{off, "other", "刀里的天花板", "absolute/banned 天花板"},
		{off, "other", "刀里的屋脊级别", ""},
	} {
		if got := said(t, load(t, c.file), c.room, "K1", c.text); got != c.want {
			t.Errorf("%s\n%s in %q: found %q, want %q", c.file, c.text, c.room, got, c.want)
		}
	}
}

// TestTheVocabularyOfTheDocumentCounts runs what docs/rules.md shows of units
// and terms.
func TestTheVocabularyOfTheDocumentCounts(t *testing.T) {
	b, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for _, m := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(b), -1) {
		if strings.Contains(m[1], "[[unit]]") || strings.Contains(m[1], "[[term]]") {
			file.WriteString(m[1] + "\n")
		}
	}
	set := load(t, file.String())
	for _, c := range []struct{ room, sku, text, want string }{
		{"", "R1", "净重三担", "weight/contradicted 三担"},
		{"", "R1", "净重两担", ""},
		{"", "C1", "这个被子是氧气纱的", ""},
		{"", "C1", "被子里的天花板", "absolute/banned 天花板"},
		{"talkshow", "C1", "欢迎来到天花板", ""},
	} {
		if got := said(t, set, c.room, c.sku, c.text); got != c.want {
			t.Errorf("%s: found %q, want %q", c.text, got, c.want)
		}
	}
}
