package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"liveroom/claims"
	"liveroom/claims/fold"
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
)

// A File is a rule file with its content.
type File = tomldoc.File

// Load reads rule files. An error about their content is a tomldoc.Errors, with every
// mistake of all files.
func Load(files ...File) (*Set, error) {
	l := loader{set: &Set{words: lexicon.NewMatcher(nil), around: lexicon.NewMatcher(nil)}, ids: map[string]string{}, unitAt: map[string]string{}}
	sum := sha256.New()
	var errs tomldoc.Errors
	for _, f := range files {
		sum.Write(f.Text)
		sum.Write([]byte{0})
		errs = append(errs, l.file(f)...)
	}
	errs = append(errs, l.resolve()...)
	if len(errs) > 0 {
		return nil, errs
	}
	if len(l.units) > 0 {
		units, err := quantity.NewReader(l.units)
		if err != nil {
			return nil, fmt.Errorf("read units: %w", err)
		}
		l.set.vocabulary.Units = units
	}
	l.set.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return l.set, nil
}

// A loader reads files into a set.
type loader struct {
	set    *Set
	name   string
	ids    map[string]string // of users' rules and exemptions: where they stand
	unitAt map[string]string // of users' units: where they stand
	units  []quantity.Unit
	wanted []reference
}

// A reference names a rule that may stand further below or in another file.
type reference struct {
	tomldoc.Error
	rule string
}

func (l *loader) file(f File) tomldoc.Errors {
	l.name = f.Name
	return tomldoc.Read(f, func(root *tomldoc.Table) {
		for _, t := range root.Tables("rule") {
			l.rule(t)
		}
		for _, t := range root.Tables("override") {
			l.override(t)
		}
		for _, t := range root.Tables("exempt") {
			l.exempt(t)
		}
		for _, t := range root.Tables("unit") {
			l.unit(t)
		}
		for _, t := range root.Tables("term") {
			l.term(t)
		}
	})
}

// resolve holds what was referred to against what there is.
func (l *loader) resolve() tomldoc.Errors {
	known := claims.RuleIDs()
	for _, r := range l.set.rules {
		known = append(known, r.ID)
	}
	var errs tomldoc.Errors
	for _, w := range l.wanted {
		if slices.Contains(known, w.rule) {
			continue
		}
		w.Text = fmt.Sprintf("rule: %q is no rule", w.rule)
		if near := tomldoc.Nearest(w.rule, known); near != "" {
			w.Text += fmt.Sprintf("; did you mean %q?", near)
		} else {
			w.Text += "; a finding names its rule, and `liveroom check --format jsonl` prints it"
		}
		errs = append(errs, w.Error)
	}
	return errs
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)

// id takes the id of a rule or exemption, which must be its own.
func (l *loader) id(t *tomldoc.Table) string {
	id := t.Text("id")
	switch {
	case !idForm.MatchString(id):
		t.Failf("id", "an id of small letters, digits, dots and dashes is expected, such as shop.miracle")
	case slices.Contains(claims.RuleIDs(), id):
		t.Failf("id", "%q is a built-in rule; choose another id, or write an [[override]]", id)
	case l.ids[id] != "":
		t.Failf("id", "%q stands at %s already; each id once", id, l.ids[id])
	}
	if id != "" && l.ids[id] == "" {
		l.ids[id] = fmt.Sprintf("%s:%d", l.name, t.LineOf("id"))
	}
	return id
}

// leastExamples is how many lines must show that a rule hits, and how many that
// it does not.
const leastExamples = 2

func (l *loader) rule(t *tomldoc.Table) {
	r := &rule{Rule: Rule{ID: l.id(t), File: l.name, Line: t.LineOf("id")}}
	r.State = tomldoc.OneOf(t, "state", StateShadow, StateShadow, StateOn, StateOff)
	r.Category = tomldoc.OneOf(t, "category", "", categories...)
	r.verdict = tomldoc.OneOf(t, "verdict", "", claims.VerdictBanned, claims.VerdictUnsupported, claims.VerdictContradicted)
	r.severity = tomldoc.OneOf(t, "severity", claims.SeverityMedium, claims.SeverityHigh, claims.SeverityMedium, claims.SeverityLow)
	index := len(l.set.rules)
	if !t.Has("terms") {
		t.Failf("", `terms is missing: the words to look for, ["…", "…"]`)
	}
	r.words = l.words(t, "terms", index)
	l.teach(l.set.words, r.words)
	r.near, r.without = l.words(t, "near", index), l.words(t, "without", index)
	l.teach(l.set.around, r.near)
	l.teach(l.set.around, r.without)
	r.scope = l.scope(t)
	if text := t.Text("when"); text != "" {
		c, err := compile(text)
		if err != nil {
			t.Failf("when", "%v", err)
		}
		r.when = c
	}
	source, checked := t.Need("source", "who says so: a statute, a platform's rule, your own house rule"), t.Day("checked")
	if checked == "" && !t.Has("checked") {
		t.Failf("", "checked is missing: the day somebody last held the rule against its source, such as 2026-11-20")
	}
	r.law = t.Text("law")
	if r.law == "" {
		r.law = source
	}
	r.why, r.whyEN, r.suggest = t.Need("why", "the reason in a sentence, for who has to decide"), t.Text("why_en"), t.Text("suggest")
	for i, e := range t.Tables("exempt") {
		own := ownExempt{id: l.id(e), reason: e.Need("reason", "why it is no violation then"), source: source}
		own.words = l.words(e, "phrases", i)
		if own.words == nil {
			e.Failf("", `phrases is missing: the words that make it none, ["…"]`)
		}
		l.teach(l.set.around, own.words)
		r.exempts = append(r.exempts, own)
	}
	r.hit, r.miss = l.examples(t, "hit", "that the rule must find", &r.scope), l.examples(t, "miss", "that the rule must leave alone", &r.scope)
	l.set.rules = append(l.set.rules, r)
}

var categories = []claims.Category{
	claims.CategoryMaterial, claims.CategoryBrand, claims.CategoryWeight, claims.CategoryQuantity, claims.CategorySize, claims.CategoryOrigin,
	claims.CategoryIngredient, claims.CategoryPrice, claims.CategoryCredential, claims.CategoryEfficacy, claims.CategoryEffect, claims.CategoryAbsolute,
	claims.CategoryMedical, claims.CategoryPromise, claims.CategoryOffplatform, claims.CategoryConduct,
}

// words takes phrases as one term of a matcher, nil where there are none.
func (l *loader) words(t *tomldoc.Table, key string, index int) *lexicon.Term {
	term := &lexicon.Term{Name: key, Class: lexicon.Plain, Index: index}
	for _, p := range t.Texts(key) {
		if !sayable(p.Text) {
			t.Failf(key, "%q holds nothing that could be said: write words", p.Text)
			continue
		}
		term.Surfaces = append(term.Surfaces, p.Text)
	}
	if len(term.Surfaces) == 0 {
		return nil
	}
	return term
}

// sayable reports whether anything of a phrase remains when it is folded.
func sayable(phrase string) bool {
	return strings.ContainsFunc(fold.String(phrase), func(r rune) bool {
		return fold.Letter(r) || fold.Digit(r) || r > 0x7f && r != ' '
	})
}

func (l *loader) teach(m *lexicon.Matcher, term *lexicon.Term) {
	if term == nil {
		return
	}
	for _, s := range term.Surfaces {
		m.Add(s, term)
	}
}

func (l *loader) scope(t *tomldoc.Table) scope {
	var sc scope
	s := t.Table("scope")
	if s == nil {
		return sc
	}
	for _, c := range s.Texts("categories") {
		known, ok := sheet.CategoryOf(c.Text)
		if !ok {
			s.Failf("categories", "%q is no category of goods; use those of the fact sheet, such as food, cosmetics or 食品", c.Text)
		}
		sc.categories = append(sc.categories, known)
	}
	sc.rooms, sc.hosts, sc.skus = texts(s, "rooms"), texts(s, "hosts"), texts(s, "skus")
	if sc.categories == nil && sc.rooms == nil && sc.hosts == nil && sc.skus == nil {
		s.Failf("", "a scope names categories, rooms, hosts or skus; leave it out to mean everywhere")
	}
	return sc
}

func texts(t *tomldoc.Table, key string) []string {
	var out []string
	for _, l := range t.Texts(key) {
		out = append(out, l.Text)
	}
	return out
}

func (l *loader) override(t *tomldoc.Table) {
	o := override{rule: t.Text("rule"), scope: l.scope(t)}
	term := t.Text("term")
	switch {
	case (o.rule == "") == (term == ""):
		t.Failf("", `either rule = "…" or term = "…" is expected: what is overridden`)
	case o.rule != "":
		l.refer(t, o.rule)
	default:
		o.term = l.lexiconTerm(t, term)
	}
	o.state = tomldoc.OneOf(t, "state", State("-"), StateOff, StateShadow, StateOn)
	o.severity = tomldoc.OneOf(t, "severity", claims.Severity("-"), claims.SeverityHigh, claims.SeverityMedium, claims.SeverityLow)
	if o.state == "-" && o.severity == "-" {
		t.Failf("", `state = "off", "shadow" or "on", or severity = "high", "medium" or "low" is expected: what changes`)
	}
	o.state, o.severity = State(strings.Trim(string(o.state), "-")), claims.Severity(strings.Trim(string(o.severity), "-"))
	t.Need("reason", "why your house sees it another way")
	l.set.overrides = append(l.set.overrides, o)
}

func (l *loader) refer(t *tomldoc.Table, rule string) {
	l.wanted = append(l.wanted, reference{tomldoc.Error{File: l.name, Line: t.LineOf("rule")}, rule})
}

// lexiconTerm is the words of a term of the built-in lists, by its id.
func (l *loader) lexiconTerm(t *tomldoc.Table, id string) *lexicon.Term {
	var ids []string
	for _, term := range lexicon.Terms() {
		if term.ID() == id {
			words := &lexicon.Term{Name: id, Class: lexicon.Plain, Surfaces: term.Surfaces}
			l.teach(l.set.around, words)
			return words
		}
		ids = append(ids, term.ID())
	}
	hint := "a term is named by its class and name, such as absolute:国家级"
	if near := tomldoc.Nearest(id, ids); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	t.Failf("term", "%q is no term of the lists; %s", id, hint)
	return nil
}

func (l *loader) exempt(t *tomldoc.Table) {
	e := exempt{state: tomldoc.OneOf(t, "state", StateOn, StateShadow, StateOn, StateOff), rule: t.Text("rule"), scope: l.scope(t), reason: t.Need("reason", "why it is no violation")}
	if t.Has("category") {
		e.category = tomldoc.OneOf(t, "category", "", categories...)
	}
	t.Know("category")
	switch {
	case (e.rule == "") == (e.category == ""):
		if !t.Has("category") || e.rule != "" {
			t.Failf("", `either rule = "…" or category = "…" is expected: what is exempted`)
		}
	case e.rule != "":
		l.refer(t, e.rule)
	}
	phrase := t.Need("phrase", "the words that are no violation")
	if phrase != "" && !sayable(phrase) {
		t.Failf("phrase", "%q holds nothing that could be said: write words", phrase)
	}
	e.words = &lexicon.Term{Name: "phrase", Class: lexicon.Plain, Surfaces: []string{phrase}}
	l.teach(l.set.around, e.words)
	by, day := t.Need("by", "who decided it"), t.Day("date")
	if day == "" && !t.Has("date") {
		t.Failf("", "date is missing: the day it was decided, such as 2026-11-20")
	}
	e.id = fmt.Sprintf("%s:%d", l.name, t.Line)
	e.source = strings.TrimSpace(by + " " + day)
	l.set.exempts = append(l.set.exempts, e)
}
