package rules_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
)

const facts = `sku,name,brand,category,price,material,stock
S1,暖巷羊毛围巾,暖巷,apparel,129,羊毛60%;腈纶40%,30
S2,青禾面霜,青禾,cosmetics,89.9,,
S3,逆天小厨刀,,home,59,,5
`

// head begins a rule that only lacks what a test is about.
const head = `
[[rule]]
id = "shop.miracle"
state = "on"
category = "effect"
verdict = "unsupported"
terms = ["逆天", "miracle"]
source = "house rules 3.2"
checked = 2026-11-01
why = "夸大效果"
hit = ["这款效果逆天", "a real miracle"]
miss = ["大家好", "这不是逆天"]
`

func load(t testing.TB, files ...string) *rules.Set {
	t.Helper()
	s, err := loadAll(files...)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return s
}

func loadAll(files ...string) (*rules.Set, error) {
	var in []rules.File
	for i, f := range files {
		in = append(in, rules.File{Name: string(rune('a'+i)) + ".toml", Text: []byte(f)})
	}
	return rules.Load(in...)
}

func over(t testing.TB, set *rules.Set) *claims.Checker {
	t.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader(facts))
	if err != nil {
		t.Fatal(err)
	}
	return claims.New(s, claims.WithRules(set))
}

// report is what the checker says of a line: rule, severity, aside and words.
func report(c *claims.Checker, u claims.Utterance) string {
	if u.Speaker == "" {
		u.Speaker = claims.SpeakerHost
	}
	var out []string
	for _, f := range c.Check(u, nil) {
		out = append(out, strings.TrimSpace(strings.Join([]string{f.Rule, string(f.Severity), string(f.Aside), f.Said}, " ")))
	}
	return strings.Join(out, "; ")
}

// nines is a condition that asks something nine times over.
func nines(name, condition string) string {
	return "[1,2,3,4,5,6,7,8,9].all(" + name + ", " + condition + ")"
}

func TestARuleFires(t *testing.T) {
	for _, c := range []struct {
		name, more string
		u          claims.Utterance
		want       string
	}{
		{"its words", "", claims.Utterance{Text: "哇，这个效果逆天了"}, "shop.miracle medium  逆天"},
		{"folded", "", claims.Utterance{Text: "效果逆·天"}, "shop.miracle medium  逆·天"},
		{"whole Latin words", "", claims.Utterance{Text: "miraclegrow is a name"}, ""},
		{"a Latin word", "", claims.Utterance{Text: "It is a MIRACLE cream"}, "shop.miracle medium  MIRACLE"},
		{"once a clause", "", claims.Utterance{Text: "逆天逆天，真逆天"}, "shop.miracle medium  逆天; shop.miracle medium  逆天"},
		{"not denied", "", claims.Utterance{Text: "没有那么逆天"}, ""},
		{"not asked", "", claims.Utterance{Text: "有人问是不是逆天"}, ""},
		{"not inside a name", "", claims.Utterance{SKU: "S3", Text: "逆天小厨刀到货了"}, ""},
		{"not by a viewer", "", claims.Utterance{Speaker: claims.SpeakerViewer, Text: "逆天"}, ""},
		{"near", `near = ["皮肤"]`, claims.Utterance{Text: "皮肤变化逆天"}, "shop.miracle medium  逆天"},
		{"near, another clause", `near = ["皮肤"]`, claims.Utterance{Text: "皮肤好，价格逆天"}, ""},
		{"without", `without = ["价格"]`, claims.Utterance{Text: "价格逆天，效果逆天"}, "shop.miracle medium  逆天"},
		{"severity", `severity = "high"`, claims.Utterance{Text: "逆天"}, "shop.miracle high  逆天"},
		{"category of goods", `scope = { categories = ["化妆品"] }`, claims.Utterance{SKU: "S2", Text: "逆天"}, "shop.miracle medium  逆天"},
		{"another category", `scope = { categories = ["化妆品"] }`, claims.Utterance{SKU: "S1", Text: "逆天"}, ""},
		{"no product", `scope = { categories = ["化妆品"] }`, claims.Utterance{Text: "逆天"}, ""},
		{"room", `scope = { rooms = ["r1"] }`, claims.Utterance{Room: "r1", Text: "逆天"}, "shop.miracle medium  逆天"},
		{"another room", `scope = { rooms = ["r1"] }`, claims.Utterance{Room: "r2", Text: "逆天"}, ""},
		{"sku", `scope = { skus = ["S1"] }`, claims.Utterance{SKU: "S1", Text: "逆天"}, "shop.miracle medium  逆天"},
		{"another sku", `scope = { skus = ["S1"] }`, claims.Utterance{SKU: "S2", Text: "逆天"}, ""},
		{"condition", `when = 'product.price_fen > 10000 && said == "逆天"'`, claims.Utterance{SKU: "S1", Text: "逆天"}, "shop.miracle medium  逆天"},
		{"condition unmet", `when = 'product.price_fen > 10000'`, claims.Utterance{SKU: "S2", Text: "逆天"}, ""},
		{"condition, silent sheet", `when = 'product.stock == -1 && product.material == ""'`, claims.Utterance{SKU: "S2", Text: "逆天"}, "shop.miracle medium  逆天"},
		{"condition, no product", `when = '!product.known && product.brand == "" && utterance.speaker == "host"'`, claims.Utterance{Text: "逆天"}, "shop.miracle medium  逆天"},
		{"condition on the text", `when = 'utterance.text.matches("逆天.*三天")'`, claims.Utterance{Text: "逆天，就三天"}, "shop.miracle medium  逆天"},
		{"condition that fails", `when = '1 / (product.price_fen - product.price_fen) > 0'`, claims.Utterance{SKU: "S1", Text: "逆天"}, "shop.miracle medium failed 逆天"},
		{"condition that costs too much", "when = '" + nines("a", nines("b", nines("c", nines("d", "a + b + c + d > 0")))) + "'", claims.Utterance{Text: "逆天"}, "shop.miracle medium failed 逆天"},
		{"exempt", "[[rule.exempt]]\nid = \"e1\"\nphrases = [\"逆天改命\"]\nreason = \"书名\"", claims.Utterance{Text: "这本逆天改命"}, "shop.miracle medium exempt 逆天"},
		{"not exempt", "[[rule.exempt]]\nid = \"e1\"\nphrases = [\"逆天改命\"]\nreason = \"书名\"", claims.Utterance{Text: "逆天改命，效果逆天"}, "shop.miracle medium exempt 逆天; shop.miracle medium  逆天"},
	} {
		if got := report(over(t, load(t, head+c.more)), c.u); strings.ReplaceAll(got, "  ", " ") != strings.ReplaceAll(c.want, "  ", " ") {
			t.Errorf("%s: %q gives %q, want %q", c.name, c.u.Text, got, c.want)
		}
	}
}

func TestAFindingOfARuleExplainsItself(t *testing.T) {
	set := load(t, head+`law = "广告法第二十八条"
why_en = "Exaggerated"
suggest = "更正一下"
[[rule.exempt]]
id = "e1"
phrases = ["逆天改命"]
reason = "书名"`)
	found := over(t, set).Check(claims.Utterance{ID: "u1", SKU: "S1", Speaker: claims.SpeakerHost, Text: "效果逆天", Confidence: 400}, nil)
	if len(found) != 1 {
		t.Fatalf("found %+v", found)
	}
	f := found[0]
	if f.Utterance != "u1" || f.SKU != "S1" || f.Start != 2 || f.End != 4 || f.Law != "广告法第二十八条" || f.Why != "夸大效果" || f.WhyEN != "Exaggerated" || f.Suggest != "更正一下" ||
		f.Rules != set.Version() || !f.ListenFirst || f.Verdict != claims.VerdictUnsupported || f.Category != claims.CategoryEffect {
		t.Errorf("finding %+v", f)
	}
	if len(f.Exempted) != 1 || f.Exempted[0].Held || f.Exempted[0].ID != "e1" || !strings.Contains(f.Exempted[0].Reason, "逆天改命") {
		t.Errorf("exemptions %+v", f.Exempted)
	}
}

func TestShadowFindsAndRaisesNothing(t *testing.T) {
	set := load(t, strings.Replace(head, `state = "on"`, "", 1)) // shadow is the default
	u := claims.Utterance{Speaker: claims.SpeakerHost, Text: "效果逆天"}
	found := over(t, set).Check(u, nil)
	if len(found) != 1 || found[0].Aside != claims.AsideShadow || len(claims.Raised(found)) != 0 {
		t.Errorf("found %+v", found)
	}
	if found := over(t, set.Counting()).Check(u, nil); len(claims.Raised(found)) != 1 {
		t.Errorf("counting, it found %+v", found)
	}
	off := load(t, strings.Replace(head, `"on"`, `"off"`, 1))
	if found := over(t, off).Check(u, nil); len(found) != 0 {
		t.Errorf("off, it found %+v", found)
	}
}

func TestOverrides(t *testing.T) {
	const banned = "这款是国家级的品质"
	for _, c := range []struct{ name, file, room, sku, text, want string }{
		{"none", "", "r1", "S1", banned, "absolute.term medium 国家级"},
		{"off", "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"", "r1", "S1", banned, ""},
		{"shadow", "[[override]]\nrule = \"absolute.term\"\nstate = \"shadow\"\nreason = \"x\"", "r1", "S1", banned, "absolute.term medium shadow 国家级"},
		{"severity", "[[override]]\nrule = \"absolute.term\"\nseverity = \"high\"\nreason = \"x\"", "r1", "S1", banned, "absolute.term high 国家级"},
		{"term", "[[override]]\nterm = \"absolute:国家级\"\nstate = \"off\"\nreason = \"x\"", "r1", "S1", banned, ""},
		{"another term", "[[override]]\nterm = \"absolute:世界级\"\nstate = \"off\"\nreason = \"x\"", "r1", "S1", banned, "absolute.term medium 国家级"},
		{"another room", "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"\nscope = { rooms = [\"r2\"] }", "r1", "S1", banned, "absolute.term medium 国家级"},
		{"category", "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"\nscope = { categories = [\"apparel\"], rooms = [\"r1\"] }", "r1", "S1", banned, ""},
		{"the last one counts", "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"\nreason = \"x\"\n[[override]]\nrule = \"absolute.term\"\nstate = \"on\"\nreason = \"x\"\nscope = { rooms = [\"r1\"] }", "r1", "S1", banned, "absolute.term medium 国家级"},
		{"a user's rule", head + "[[override]]\nrule = \"shop.miracle\"\nstate = \"off\"\nreason = \"x\"", "r1", "S1", "逆天", ""},
	} {
		got := report(over(t, load(t, c.file)), claims.Utterance{Room: c.room, SKU: c.sku, Text: c.text})
		if strings.ReplaceAll(got, "  ", " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestExemptionsKeepWhatTheySaved(t *testing.T) {
	file := `
[[exempt]]
category = "absolute"
phrase = "国家级工匠"
reason = "证书在册"
by = "秉文"
date = 2026-11-20
scope = { skus = ["S1"] }
`
	c := over(t, load(t, file))
	for _, x := range []struct{ sku, text, want string }{
		{"S1", "这是国家级工匠的手艺", "absolute.term medium exempt 国家级"},
		{"S2", "这是国家级工匠的手艺", "absolute.term medium  国家级"},
		{"S1", "国家级工匠的手艺，国家级的品质", "absolute.term medium exempt 国家级"},
	} {
		if got := report(c, claims.Utterance{SKU: x.sku, Text: x.text}); strings.ReplaceAll(got, "  ", " ") != strings.ReplaceAll(x.want, "  ", " ") {
			t.Errorf("%s of %s: got %q, want %q", x.text, x.sku, got, x.want)
		}
	}
	f := c.Check(claims.Utterance{SKU: "S1", Speaker: claims.SpeakerHost, Text: "这是国家级工匠的手艺"}, nil)[0]
	e := f.Exempted[len(f.Exempted)-1]
	if !e.Held || e.Reason != "证书在册" || e.Source != "秉文 2026-11-20" || e.ID != "a.toml:2" {
		t.Errorf("exemption %+v", e)
	}
}

func TestVersionIsOfTheContent(t *testing.T) {
	a, b, c := load(t, head), load(t, head, ""), load(t, head+"\n# changed")
	if a.Version() == "" || a.Version() != load(t, head).Version() || a.Version() == b.Version() || a.Version() == c.Version() {
		t.Errorf("versions %q %q %q", a.Version(), b.Version(), c.Version())
	}
}

func TestASetIsSharedByGoroutines(t *testing.T) {
	c := over(t, load(t, head+`when = 'product.price_fen > 10000'`))
	want := report(c, claims.Utterance{SKU: "S1", Text: "效果逆天"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := report(c, claims.Utterance{SKU: "S1", Text: "效果逆天"}); got != want {
					t.Errorf("got %q, want %q", got, want)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestExamplesAreTried(t *testing.T) {
	set := load(t, `
[[rule]]
id = "shop.dear"
category = "conduct"
verdict = "banned"
terms = ["贵得离谱"]
near = ["别家"]
scope = { categories = ["food"], rooms = ["r1"] }
when = 'product.price_fen >= 10000'
source = "house rules"
checked = 2026-11-01
why = "贬低别家"
hit = [
  { text = "别家贵得离谱", product = { price = 100, category = "pet" } },
  "别家贵得离谱",
  { text = "我家贵得离谱", product = { price = 100, category = "food" } },
  { text = "别家贵得离谱", product = { price = 100 } },
  { text = "别家贵得离谱", room = "r2", product = { price = 100, category = "food" } },
]
miss = [
  "别家也不错",
  { text = "别家贵得离谱", product = { price = 100, category = "食品" }, room = "r1" },
  { text = "别家贵得离谱", product = { price = 99.99 } },
]
`)
	var got []string
	for _, f := range set.Test() {
		got = append(got, strings.Join([]string{f.File, string(rune('0' + f.Line/10)), string(rune('0' + f.Line%10)), f.Why}, " "))
	}
	want := []string{
		"a.toml 1 4 the rule's scope does not hold here",
		"a.toml 1 5 the condition does not hold",
		"a.toml 1 6 none of the near words stands in the clause",
		"a.toml 1 8 the rule's scope does not hold here",
		"a.toml 2 2 it fires",
	}
	if !slices.Equal(got, want) {
		t.Errorf("failures\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if set.Examples() != 8 {
		t.Errorf("%d examples", set.Examples())
	}
	if f := load(t, head).Test(); len(f) != 0 {
		t.Errorf("a rule that does what its examples say fails: %+v", f)
	}
}

func TestALineWithoutAnyWordAllocatesNothing(t *testing.T) {
	set := load(t, head+"[[override]]\nrule = \"absolute.term\"\nstate = \"shadow\"\nreason = \"x\"")
	text := []rune("欢迎来到直播间大家晚上好我们马上开始")
	if n := testing.AllocsPerRun(100, func() {
		if set.Touches(text) {
			t.Error("the line touches a rule")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	with, without := over(t, set), over(t, load(t, ""))
	for _, line := range []string{"欢迎来到直播间大家晚上好", "这条围巾一百二十九块"} {
		u := claims.Utterance{SKU: "S1", Speaker: claims.SpeakerHost, Text: line}
		if a, b := fewest(func() { with.Check(u, nil) }), fewest(func() { without.Check(u, nil) }); a > b {
			t.Errorf("%s: %v allocations with rules, %v without", line, a, b)
		}
	}
}

// fewest is how many allocations f needs: under the race detector pools forget
// at random, so that a single count says little.
func fewest(f func()) float64 {
	least := testing.AllocsPerRun(2, f)
	for range 60 {
		least = min(least, testing.AllocsPerRun(2, f))
	}
	return least
}

func BenchmarkCheck(b *testing.B) {
	var many strings.Builder
	for i := range 200 {
		many.WriteString(strings.ReplaceAll(strings.Replace(head, "shop.miracle", "shop.miracle"+string(rune('a'+i/26))+string(rune('a'+i%26)), 1), "逆天", "逆天"+string(rune(0x4e00+i))))
	}
	lines := []string{"欢迎来到直播间大家晚上好我们马上开始今天的福利", "这条围巾是羊毛腈纶混纺的，一百二十九块，四十八小时发货"}
	s, err := sheet.Load("facts.csv", strings.NewReader(facts))
	if err != nil {
		b.Fatal(err)
	}
	set, folded := load(b, many.String()), []rune(lines[0])
	b.Run("touches", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			set.Touches(folded)
		}
	})
	for _, c := range []struct {
		name    string
		checker *claims.Checker
	}{{"none", claims.New(s)}, {"200rules", claims.New(s, claims.WithRules(set))}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.checker.Check(claims.Utterance{SKU: "S1", Speaker: claims.SpeakerHost, Text: lines[i%2]}, nil)
			}
		})
	}
}
