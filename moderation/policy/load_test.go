package policy_test

import (
	"strings"
	"testing"

	"liveroom/claims/tomldoc"
	"liveroom/moderation/policy"
)

// small is the least that a policy file holds.
const small = `id = "house.gift"
kind = "compensation"
title = "赠品补偿"
title_en = "Gift made good"
source = "House rules 2.1"
checked = 2026-11-20
[[clause]]
id = "2.1"
effect = "requires"
text = "确认少发赠品"
text_en = "A gift was missing"
when = "claim.confirmed"
holds = [{ claim.confirmed = true }]
fails = [{ claim.confirmed = false }]
[amount]
[[amount.part]]
text = "实付"
text_en = "paid"
of = "order.paid_fen"
percent = "12.5"
[[example]]
name = "an eighth"
facts = { claim.confirmed = true, order.paid_fen = 29999 }
granted_fen = 3749
arithmetic = "12.5 % of 299.99 = 37.49 (rounded down)"
`

func load(base *policy.Set, texts ...string) (*policy.Set, error) {
	var files []tomldoc.File
	for i, text := range texts {
		files = append(files, tomldoc.File{Name: string(rune('a'+i)) + ".toml", Text: []byte(text)})
	}
	return policy.Load(base, files...)
}

func TestMistakesNameTheirPlaceAndRemedy(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown kind", `kind = "compensation"`, `kind = "compensatoin"`, `a.toml:2: kind: "compensatoin" is not known, did you mean "compensation"?`},
		{"unknown key", `source =`, `sorce =`, `a.toml:5: unknown key "sorce"; did you mean "source"?`},
		{"no source", `source = "House rules 2.1"`, ``, `source is missing`},
		{"no English", `text_en = "A gift was missing"`, ``, `a.toml:7: [clause]: text_en is missing`},
		{"unknown fact in a condition", `when = "claim.confirmed"`, `when = "claim.confirmd"`, `a.toml:12: when: at 1:6 of the condition: "claim.confirmd" is not known; did you mean "claim.confirmed"?`},
		{"no condition", `when = "claim.confirmed"`, ``, `when or window is missing`},
		{"a number is no condition", `when = "claim.confirmed"`, `when = "order.paid_fen"`, `true or false is expected, this gives int`},
		{"unknown fact in an example", `fails = [{ claim.confirmed = false }]`, `fails = [{ claim.confirmt = false }]`, `a.toml:14: unknown key "confirmt"; did you mean "confirmed"?`},
		{"another kind of value", `fails = [{ claim.confirmed = false }]`, `fails = [{ claim.confirmed = "no" }]`, `a.toml:14: confirmed: true or false is expected, not no`},
		{"a word that is not known", `fails = [{ claim.confirmed = false }]`, `fails = [{ claim.category = "wool" }]`, `category: "wool" is not known; one of material, brand`},
		{"no failing example", `fails = [{ claim.confirmed = false }]`, ``, `holds and fails need at least one example each`},
		{"unknown fact in an amount", `of = "order.paid_fen"`, `of = "order.paid"`, `a.toml:19: of: "order.paid" is no fact; did you mean "order.paid_at"?`},
		{"a time is no amount", `of = "order.paid_fen"`, `of = "order.paid_at"`, `of: order.paid_at is time, and fen is expected here`},
		{"a percentage too fine", `percent = "12.5"`, `percent = "12.555"`, `a.toml:20: percent: a percentage up to 1000 is expected`},
		{"a percentage as a float", `percent = "12.5"`, `percent = 12.5`, `percent: a percentage up to 1000 is expected`},
		{"a compensation above what was paid", `[amount]`, "[amount]\nnever_above = \"loss.fen\"", `a compensation is never above order.paid_fen`},
		{"a ladder without penalties", `[amount]`, "[ladder]\n[amount]", `a ladder is for kind = "penalty"`},
		{"an id twice", `[amount]`, "[[clause]]\nid = \"2.1\"\neffect = \"notes\"\ntext = \"x\"\ntext_en = \"x\"\n[amount]", `"2.1" stands on line 8 already`},
		{"a window without an end", `when = "claim.confirmed"`, `window = { at = "claim.applied_at" }`, `where the window ends`},
		{"a span that is none", `when = "claim.confirmed"`, `window = { from = "order.paid_at", within = "a week", at = "claim.applied_at" }`, `"a week" is no span of time: write "48 hours"`},
		{"an option of nothing", `effect = "requires"`, "effect = \"requires\"\nchoice = \"payment:1\"", `"payment:1" is no option of a [[choice]]`},
		{"a payer nobody knows", `[amount]`, "[[payee]]\nto = \"me\"\n[amount]", `"me" is nobody known; one of buyer.payment_path`},
		{"a scenario that is paid", "kind = \"compensation\"", "kind = \"statutory\"\npayer = [\"merchant\"]", `a.toml:3: payer: a statutory scenario is shown to people and paid by nobody`},
		{"no example", "[[example]]\nname = \"an eighth\"\nfacts = { claim.confirmed = true, order.paid_fen = 29999 }\ngranted_fen = 3749\narithmetic = \"12.5 % of 299.99 = 37.49 (rounded down)\"\n", ``, `[[example]] is missing`},
		{"an end before the beginning", `checked = 2026-11-20`, "checked = 2026-11-20\neffective_from = 2026-02-01\neffective_to = 2026-01-01", `a day on or after effective_from is expected`},
		{"no TOML", `[amount]`, `[amount`, `a.toml:16: `},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%s: nothing replaced", c.name)
		}
		if _, err := load(nil, text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got  %v\n want %s", c.name, err, c.want)
		}
	}
	if _, err := load(nil, small); err != nil {
		t.Errorf("the file they were made from: %v", err)
	}
}

func TestMistakesOfCalendars(t *testing.T) {
	const good = "kind = \"calendar\"\n[[year]]\nyear = 2027\nsource = \"s\"\nchecked = 2026-12-01\nholidays = [{ name = \"x\", name_en = \"x\", from = 2027-02-06, to = 2027-02-12, work = [\"2027-02-14\"] }]\n"
	for _, c := range []struct{ old, new, want string }{
		{"2027-02-14", "2027-02-15", "c.toml:6: work: 2027-02-15 is no day of a weekend"},
		{"to = 2027-02-12", "to = 2027-03-12", "a holiday of 1 to 15 days is expected"},
		{"from = 2027-02-06", "from = 2026-02-06", "2026-02-06 does not belong to the calendar of 2027"},
		{"2027-02-14", "2027-02-07", "2027-02-07 belongs to x already"},
		{"year = 2027", "year = 27", "a whole number from 2000 to 2100 is expected"},
		{"source = \"s\"", "", "source is missing"},
	} {
		file := tomldoc.File{Name: "c.toml", Text: []byte(strings.Replace(good, c.old, c.new, 1))}
		if _, err := policy.Load(nil, file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
	if _, err := load(nil, good, strings.Replace(good, `"s"`, `"t"`, 1)); err == nil || !strings.Contains(err.Error(), "the calendar of 2027 stands in a.toml too") {
		t.Error(err)
	}
}

// TestFilesOfAHouseReplaceTheShippedOnes: by id; everything else stays.
func TestFilesOfAHouseReplaceTheShippedOnes(t *testing.T) {
	base := shipped(t)
	files, err := policy.ShippedFiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name != "kuaishou-honesty.toml" {
			continue
		}
		mine := strings.Replace(string(f.Text), `use = "1.13"`, `use = "1.3"`, 1)
		set, err := load(base, mine)
		if err != nil {
			t.Fatal(err)
		}
		if len(set.Policies()) != len(base.Policies()) || set.Version() == base.Version() {
			t.Errorf("%d policies, were %d", len(set.Policies()), len(base.Policies()))
		}
	}
	// Two versions of one id need days of their own.
	early := strings.Replace(small, "checked = 2026-11-20", "checked = 2026-11-20\neffective_to = 2025-12-31", 1)
	late := strings.Replace(small, "checked = 2026-11-20", "checked = 2026-11-20\neffective_from = 2026-01-01", 1)
	if _, err := load(base, early, late); err != nil {
		t.Error(err)
	}
	if _, err := load(base, early, small); err == nil || !strings.Contains(err.Error(), "b.toml:1: house.gift is in force on the same days in a.toml") {
		t.Error(err)
	}
}

// TestAnExampleThatDoesNotHoldIsToldOf: the tests of a policy can fail.
func TestAnExampleThatDoesNotHoldIsToldOf(t *testing.T) {
	text := strings.NewReplacer("granted_fen = 3749", "granted_fen = 3750", "fails = [{ claim.confirmed = false }]", "fails = [{ claim.confirmed = true }]").Replace(small)
	set, err := load(nil, text)
	if err != nil {
		t.Fatal(err)
	}
	got := set.Test()
	if len(got) != 2 || got[0].Clause != "2.1" || got[0].Line != 14 || got[0].Want != "fails" || got[0].Got != "holds" ||
		got[1].Line != 21 || got[1].Want != "granted_fen 3750" || got[1].Got != "3749" {
		t.Errorf("%+v", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(small)
	files, err := policy.ShippedFiles()
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(string(file.Text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := load(nil, text)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("a mistake without words")
			}
			return
		}
		for _, p := range set.Policies() {
			if p.Content != text || p.Version == "" {
				t.Errorf("%s does not keep its content", p.ID)
			}
		}
		set.Test()
	})
}
