package lexicon

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/exemptions.md")

const exemptionsHead = `# Exemptions

Conditions under which words that a check looks for raise nothing. They are data, ` + "`claims/lexicon/exemption.toml`" + `; what each looks at is code, bound to it by the id. A finding names every exemption that was tried for its rule, whether it held and why. What an exemption spared is kept: ` + "`liveroom check --exempted`" + ` lists it with the reason and counts at the end how many alarms each exemption spared. An alarm counts as spared when it would have been raised had no exemption held, so a true sentence spares nothing.

Your own exemptions stand in rule files ([rules.md](rules.md)).

| id | tried for | holds when | looks as if, and does not, when | source | checked |
|---|---|---|---|---|---|
`

func exemptionsPage() string {
	var b strings.Builder
	b.WriteString(exemptionsHead)
	for _, e := range Exemptions() {
		rules := strings.Join(e.Rules, ", ")
		if rules == "*" {
			rules = "every rule"
		}
		if len(e.Not) > 0 {
			rules += " but " + strings.Join(e.Not, ", ")
		}
		held := e.Held.EN
		if e.Ask {
			held += " (a person is to look)"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", e.ID, rules, held, e.Trap.EN, e.Source, e.Checked)
	}
	return b.String()
}

// TestThePageListsEveryExemption keeps docs/exemptions.md in step; -update
// writes it.
func TestThePageListsEveryExemption(t *testing.T) {
	const page = "../../docs/exemptions.md"
	if *update {
		if err := os.WriteFile(page, []byte(exemptionsPage()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != exemptionsPage() {
		t.Error("docs/exemptions.md is not what the exemptions are: go test ./claims/lexicon -update")
	}
}

func TestAnExemptionWithAMistakeIsRefused(t *testing.T) {
	const whole = "[[exemption]]\nid = \"a\"\nrules = [\"*\"]\ntitle = { zh = \"一\", en = \"a\" }\nheld = { zh = \"一\", en = \"a\" }\nfailed = { zh = \"一\", en = \"a\" }\nsource = \"s\"\nchecked = 2026-11-21\n"
	if all, err := loadExemptions("e.toml", []byte(whole)); err != nil || len(all) != 1 || !all[0].For("metric") {
		t.Fatalf("%v %+v", err, all)
	}
	for name, text := range map[string]string{
		"the same id twice":   whole + whole,
		"no source":           strings.Replace(whole, "source = \"s\"\n", "", 1),
		"one language":        strings.Replace(whole, ", en = \"a\" }", " }", 1),
		"a text, no table":    strings.Replace(whole, "{ zh = \"一\", en = \"a\" }", "\"一\"", 1),
		"an unknown key":      whole + "holds = 1\n",
		"a day that is none":  strings.Replace(whole, "2026-11-21", "\"soon\"", 1),
		"rules that are none": strings.Replace(whole, "[\"*\"]", "\"*\"", 1),
	} {
		if _, err := loadExemptions("e.toml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "e.toml:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
