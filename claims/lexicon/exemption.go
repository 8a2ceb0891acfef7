package lexicon

import (
	_ "embed"
	"strings"
	"sync"

	"liveroom/claims/tomldoc"
)

// An Exemption is a condition under which words that a rule looks for raise
// nothing. Code of the checks, bound by the id, tells whether it holds.
type Exemption struct {
	ID      string
	Rules   []string // ids, or first parts of ids with their dot; "*" is all
	Not     []string // of those, the rules that it is not tried for
	Title   Words
	Held    Words // why words raise nothing
	Failed  Words // why they do
	Trap    Words // why they do although it looks otherwise; may be empty
	Ask     bool  // a person is to look at what it clears
	Source  string
	Checked string
}

// Words are a text in the languages that people read.
type Words struct{ ZH, EN string }

// For reports whether the exemption is tried for a rule.
func (e *Exemption) For(rule string) bool {
	return named(e.Rules, rule) && !named(e.Not, rule)
}

func named(patterns []string, rule string) bool {
	for _, p := range patterns {
		if p == "*" || p == rule || strings.HasSuffix(p, ".") && strings.HasPrefix(rule, p) {
			return true
		}
	}
	return false
}

//go:embed exemption.toml
var exemptionFile []byte

// Exemptions returns the exemptions in the order in which they are tried. The
// slice is shared: do not change it.
var Exemptions = sync.OnceValue(func() []*Exemption {
	all, err := loadExemptions("exemption.toml", exemptionFile)
	if err != nil {
		panic(err) // the file is compiled in; a test reads it
	}
	return all
})

func loadExemptions(name string, data []byte) ([]*Exemption, error) {
	doc, err := tomldoc.Open(name, data)
	if err != nil {
		return nil, err
	}
	var all []*Exemption
	seen := map[string]bool{}
	for _, t := range doc.Root().Tables("exemption") {
		e := &Exemption{ID: t.Text("id"), Source: t.Text("source"), Checked: t.Day("checked")}
		e.Title, e.Held, e.Failed, e.Trap = words(t, "title"), words(t, "held"), words(t, "failed"), words(t, "trap")
		for _, l := range t.Texts("rules") {
			e.Rules = append(e.Rules, l.Text)
		}
		for _, l := range t.Texts("not") {
			e.Not = append(e.Not, l.Text)
		}
		e.Ask, _ = t.Value("ask").(bool)
		switch {
		case e.ID == "" || seen[e.ID]:
			t.Failf("id", "%q: an id of its own is expected", e.ID)
		case len(e.Rules) == 0 || e.Source == "" || e.Checked == "":
			t.Failf("", "rules, source and checked are expected")
		case e.Title.ZH == "" || e.Held.ZH == "" || e.Failed.ZH == "":
			t.Failf("", "title, held and failed are expected, in zh and en")
		}
		seen[e.ID] = true
		all = append(all, e)
	}
	for _, m := range doc.Mistakes() {
		return nil, m
	}
	return all, nil
}

// words reads { zh = "…", en = "…" }; both or none are given.
func words(t *tomldoc.Table, key string) Words {
	in := t.Table(key)
	if in == nil {
		return Words{} // missing, or noted as a mistake
	}
	w := Words{in.Text("zh"), in.Text("en")}
	if (w.ZH == "") != (w.EN == "") {
		t.Failf(key, "both zh and en are expected")
	}
	return w
}
