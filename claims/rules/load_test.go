package rules_test

import (
	"errors"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/tomldoc"
)

// own begins a term that only lacks its list.
const own = "[[term]]\nname = \"氧气纱\"\nsource = \"house list\"\nchecked = 2026-11-20\n"

func TestEveryMistakeNamesItsPlaceAndRemedy(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"unknown key", head + `termz = ["x"]`, `a.toml:13: unknown key "termz"; did you mean "terms"?`},
		{"unknown table", "[[rules]]\nid = \"x\"", `a.toml:1: unknown key "rules"; did you mean "rule"?`},
		{"unknown key in a scope", head + "scope = { room = [\"r\"] }", `a.toml:13: unknown key "room"; did you mean "rooms"?`},
		{"single bracket", "[rule]\nid = \"x\"", "a.toml:1: rule: write [[rule]] with two brackets"},
		{"state", strings.Replace(head, `"on"`, `"shadw"`, 1), `a.toml:4: state: "shadw" is not known, did you mean "shadow"?`},
		{"category", strings.Replace(head, `"effect"`, `"efect"`, 1), `a.toml:5: category: "efect" is not known, did you mean "effect"?`},
		{"no verdict", strings.Replace(head, `verdict = "unsupported"`, "", 1), "a.toml:2: [rule]: verdict is missing: one of banned, unsupported, contradicted"},
		{"no terms", strings.Replace(head, `terms = ["逆天", "miracle"]`, "", 1), "a.toml:2: [rule]: terms is missing: the words to look for"},
		{"terms no list", strings.Replace(head, `["逆天", "miracle"]`, `"逆天"`, 1), "a.toml:7: terms: a list in brackets"},
		{"terms of nothing", strings.Replace(head, `"miracle"`, `"！"`, 1), `a.toml:7: terms: "！" holds nothing that could be said`},
		{"no id", strings.Replace(head, `id = "shop.miracle"`, "", 1), "a.toml:2: id: an id of small letters"},
		{"odd id", strings.Replace(head, "shop.miracle", "My Rule", 1), "a.toml:3: id: an id of small letters"},
		{"built-in id", strings.Replace(head, "shop.miracle", "absolute.term", 1), `a.toml:3: id: "absolute.term" is a built-in rule; choose another id, or write an [[override]]`},
		{"id twice", head + head, `a.toml:15: id: "shop.miracle" stands at a.toml:3 already`},
		{"no source", strings.Replace(head, `source = "house rules 3.2"`, "", 1), "source is missing: who says so"},
		{"no day", strings.Replace(head, `checked = 2026-11-01`, "", 1), "checked is missing: the day"},
		{"odd day", strings.Replace(head, `checked = 2026-11-01`, `checked = "yesterday"`, 1), "a.toml:9: checked: a day such as 2026-11-20"},
		{"no reason", strings.Replace(head, `why = "夸大效果"`, "", 1), "why is missing: the reason in a sentence"},
		{"one example", strings.Replace(head, `, "a real miracle"`, "", 1), "a.toml:11: hit: hit needs at least 2 lines that the rule must find, has 1"},
		{"no example", strings.Replace(head, `miss = ["大家好", "这不是逆天"]`, "", 1), "a.toml:2: [rule]: miss needs at least 2 lines that the rule must leave alone, has 0"},
		{"example with an odd key", strings.Replace(head, `"大家好"`, `{ txt = "大家好" }`, 1), `a.toml:12: unknown key "txt"; did you mean "text"?`},
		{"example with an odd product", strings.Replace(head, `"大家好"`, `{ text = "大家好", product = { price = "cheap" } }`, 1), `column price: "cheap": an amount in yuan`},
		{"category of goods", head + `scope = { categories = ["shoes"] }`, `a.toml:13: categories: "shoes" is no category of goods`},
		{"empty scope", head + `scope = { }`, "a scope names categories, rooms, hosts or skus"},
		{"condition", head + `when = 'product.price_fen > '`, "a.toml:13: when: at 1:20 of the condition: Syntax error"},
		{"unknown variable", head + `when = 'product.pricefen > 1'`, `a.toml:13: when: at 1:8 of the condition: "product.pricefen" is not known; did you mean "product.price_fen"?`},
		{"no truth", head + `when = 'product.price_fen + 1'`, "when: a condition that is true or false is expected, this gives int"},
		{"wrong kind", head + `when = 'product.price_fen > "1"'`, "found no matching overload"},
		{"override of nothing", "[[override]]\nstate = \"off\"\nreason = \"x\"", `either rule = "…" or term = "…" is expected`},
		{"override that changes nothing", "[[override]]\nrule = \"absolute.term\"\nreason = \"x\"", `what changes`},
		{"override without reason", "[[override]]\nrule = \"absolute.term\"\nstate = \"off\"", "reason is missing"},
		{"unknown rule", "[[override]]\n\nrule = \"absolute.trem\"\nstate = \"off\"\nreason = \"x\"", `a.toml:3: rule: "absolute.trem" is no rule; did you mean "absolute.term"?`},
		{"unknown term", "[[override]]\nterm = \"absolute:国家極\"\nstate = \"off\"\nreason = \"x\"", `a.toml:2: term: "absolute:国家極" is no term of the lists; did you mean`},
		{"exempt of nothing", "[[exempt]]\nphrase = \"x\"\nreason = \"x\"\nby = \"x\"\ndate = 2026-11-20", `a.toml:1: [exempt]: either rule = "…" or category = "…" is expected`},
		{"exempt of an unknown category", "[[exempt]]\ncategory = \"prize\"\nphrase = \"x\"\nreason = \"x\"\nby = \"x\"\ndate = 2026-11-20", `a.toml:2: category: "prize" is not known, did you mean "price"?`},
		{"exempt without a phrase", "[[exempt]]\ncategory = \"price\"\nreason = \"x\"\nby = \"x\"\ndate = 2026-11-20", "phrase is missing: the words that are no violation"},
		{"exempt by nobody", "[[exempt]]\ncategory = \"price\"\nphrase = \"x\"\nreason = \"x\"", "by is missing: who decided it\na.toml:1: [exempt]: date is missing"},
		{"unit without a scale", "[[unit]]\nname = \"担\"\nkind = \"mass\"", "a.toml:1: [unit]: scale is missing: what one of it is, in mg"},
		{"unit of no kind", "[[unit]]\nname = \"担\"\nkind = \"wieght\"\nscale = 1", `a.toml:3: kind: "wieght" is not known; one of mass, volume`},
		{"unit of an odd scale", "[[unit]]\nname = \"担\"\nkind = \"mass\"\nscale = \"50kg\"", "a.toml:4: scale: a whole number is expected"},
		{"unit of nothing", "[[unit]]\nname = \"担\"\nkind = \"mass\"\nscale = 0", "a.toml:1: [unit]: unit 担: a scale from 1 to"},
		{"unit that is a number", "[[unit]]\nname = \"百\"\nkind = \"count\"\nscale = 100000", "cannot be told from a number"},
		{"unit twice", "[[unit]]\nname = \"担\"\nkind = \"mass\"\nscale = 1\n[[unit]]\nname = \"石\"\nalso = [\"担\"]\nkind = \"mass\"\nscale = 2", `a.toml:5: [unit]: "担" stands at a.toml:1 already; each unit once`},
		{"unit with an odd key", "[[unit]]\nname = \"担\"\nkind = \"mass\"\nscale = 1\nsurface = \"x\"", `a.toml:5: unknown key "surface"`},
		{"term of no list", own + `list = "materials"` + "\nwords = [\"氧气纱\"]", `a.toml:5: list: "materials" is no list; did you mean "material"?`},
		{"term without words", own + `list = "material"`, "a.toml:1: [term]: words is missing: how it is said"},
		{"term without a name", "[[term]]\nlist = \"material\"\nwords = [\"x\"]\nsource = \"x\"\nchecked = 2026-11-20", "name is missing: the row's name"},
		{"term that nobody checked", "[[term]]\nname = \"氧气纱\"\nlist = \"material\"\nwords = [\"x\"]\nsource = \"x\"", "checked is missing: the day"},
		{"term of nothing", own + `list = "material"` + "\nwords = [\"！\"]", `a.toml:6: words: "！" holds nothing that could be said`},
		{"term that is an unknown kind", own + `list = "material"` + "\nwords = [\"氧气纱\"]\nisa = \"绵棉\"", `a.toml:7: isa: "绵棉" is no other row of material`},
		{"term that is a word of a row", own + `list = "material"` + "\nwords = [\"氧气纱\"]\nisa = \"涤纶\"", `"涤纶" is no other row of material; it is a word of the row "聚酯纤维"`},
		{"term of odd info", own + `list = "material"` + "\nwords = [\"氧气纱\"]\ninfo = [\"domain:mtal\"]", `a.toml:7: info: "domain:mtal" is told of no row of material; did you mean "domain:metal"?`},
		{"term that replaces nothing", own + `list = "material"` + "\nreplace = true", `a.toml:6: replace: material has no row "氧气纱" to replace`},
		{"term that changes a row", strings.Replace(own, "氧气纱", "棉", 1) + `list = "material"` + "\nwords = [\"氧气纱\"]\nisa = \"羊毛\"", `material has a row "棉": words are added to it`},
		{"term that perhaps replaces", own + `list = "material"` + "\nreplace = \"yes\"\nwords = [\"x\"]", "a.toml:6: replace: true or false is expected"},
		{"term with an odd scope", own + `list = "material"` + "\nwords = [\"x\"]\nscope = { shops = [\"a\"] }", `a.toml:7: unknown key "shops"`},
		{"no TOML", head + "= 3", "a.toml:13: "},
		{"not UTF-8", "# \xff", "a.toml:1: text in UTF-8"},
	} {
		_, err := loadAll(c.file)
		var errs tomldoc.Errors
		if !errors.As(err, &errs) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestAllFilesOrNone(t *testing.T) {
	_, err := loadAll(head, strings.Replace(head, "shop.miracle", "shop.other", 1)+"oops = 1", "[[override]]\nrule = \"shop.none\"\nstate = \"off\"\nreason = \"x\"")
	want := `b.toml:13: unknown key "oops"; did you mean "hit"?`
	if err == nil || !strings.Contains(err.Error(), "b.toml:13: unknown key") || !strings.Contains(err.Error(), `c.toml:2: rule: "shop.none" is no rule`) {
		t.Errorf("err = %v, want like %s", err, want)
	}
	set := load(t, "[[override]]\nrule = \"shop.miracle\"\nstate = \"off\"\nreason = \"x\"", head)
	if list := set.Rules(); len(list) != 1 || list[0].File != "b.toml" || list[0].Line != 3 || list[0].State != rules.StateOn {
		t.Errorf("rules %+v", list)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(head)
	f.Add(head + "when = 'product.price_fen > 1 && said.size() > 2'\nscope = { skus = [\"S1\"] }\n[[rule.exempt]]\nid = \"e\"\nphrases = [\"x\"]\nreason = \"y\"")
	f.Add("[[override]]\nterm = \"absolute:国家级\"\nseverity = \"low\"\nreason = \"x\"\n[[exempt]]\ncategory = \"price\"\nphrase = \"p\"\nreason = \"r\"\nby = \"b\"\ndate = 2026-11-20")
	f.Add("[[unit]]\nname = \"担\"\nkind = \"mass\"\nscale = 50000000\n" + own + "list = \"absolute\"\nwords = [\"霸榜\"]")
	plain := claims.New(nil)
	f.Fuzz(func(t *testing.T, text string) {
		set, err := loadAll(text)
		var errs tomldoc.Errors
		if err != nil {
			if !errors.As(err, &errs) {
				t.Fatalf("an error of another kind: %v", err)
			}
			for _, e := range errs {
				if e.Line < 1 || e.Line > strings.Count(text, "\n")+1 {
					t.Errorf("an error on line %d: %v", e.Line, e)
				}
			}
			return
		}
		u := claims.Utterance{Speaker: claims.SpeakerHost, Text: "加微信，这是国家级的品质，效果逆天 miracle"}
		found := claims.New(nil, claims.WithRules(set)).Check(u, nil)
		if len(set.Rules()) == 0 && len(set.Vocabulary().Terms) == 0 && set.Vocabulary().Units == nil && len(found) > len(plain.Check(u, nil)) {
			t.Errorf("without rules of its own the set found more: %+v", found)
		}
		set.Test()
	})
}
