package rules

import (
	"fmt"
	"strings"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
)

// An example is a line that a rule must find or must leave alone.
type example struct {
	line    int
	text    string
	room    string
	speaker claims.Speaker
	product *sheet.Product // nil: the one that the scope asks for, if any
}

// A Failure is an example that a rule treats otherwise than the file says.
type Failure struct {
	File string
	Line int
	Rule string
	Text string // the example
	Hit  bool   // it must hit, and does not; else the other way round
	Why  string
}

func (l *loader) examples(t *tomldoc.Table, key, what string, sc *scope) []example {
	var out []example
	for _, item := range t.Items(key) {
		e := example{line: item.Line, text: item.Text, speaker: claims.SpeakerHost}
		if item.Table != nil {
			e.text, e.room = item.Table.Text("text"), item.Table.Text("room")
			e.speaker = tomldoc.OneOf(item.Table, "speaker", claims.SpeakerHost, claims.SpeakerHost, claims.SpeakerAssistant, claims.SpeakerViewer)
			e.product = l.product(t, item.Table.Table("product"), sc)
		}
		if e.text == "" {
			t.Failf(key, "an example is empty: write what is said")
		}
		out = append(out, e)
	}
	if len(out) < leastExamples {
		t.Failf(map[bool]string{true: key}[t.Has(key)], "%s needs at least %d lines %s, has %d", key, leastExamples, what, len(out))
	}
	return out
}

// product reads an example's product, whose keys are the sheet's columns. What
// it does not tell is within the scope.
func (l *loader) product(rule, t *tomldoc.Table, sc *scope) *sheet.Product {
	if t == nil {
		return nil
	}
	cells := sc.cells()
	for f := sheet.FieldSKU; f <= sheet.FieldStock; f++ {
		t.Know(f.String(), f.Chinese())
	}
	for _, key := range t.Keys() {
		f, ok := sheet.FieldOf(key)
		if !ok {
			continue // the reader of the file tells of it
		}
		cell, ok := sheet.CellOf(t.Value(key))
		if !ok {
			t.Failf(key, "text, a number, true, false, or a list of texts without semicolons is expected")
		}
		cells[f] = cell
	}
	p, err := sheet.One(l.name, t.Line, cells)
	if err != nil {
		rule.Failf("", "%s", strings.TrimPrefix(strings.SplitN(err.Error(), "\n", 2)[0], fmt.Sprintf("%s:%d: ", l.name, t.Line)))
		return nil
	}
	return p
}

// Test runs every rule's examples as if the rule were on, in the rule's scope
// where an example says nothing else, and returns those that fail, in the order
// of the files. It ignores overrides and the exemptions of other files.
func (s *Set) Test() []Failure {
	var out []Failure
	p := &probe{set: s}
	t := tester{probe: p, plain: claims.New(nil, claims.WithRules(p))}
	for _, r := range s.rules {
		for _, e := range r.hit {
			if why := t.try(r, e); why != fires {
				out = append(out, Failure{r.File, e.line, r.ID, e.text, true, string(why)})
			}
		}
		for _, e := range r.miss {
			if why := t.try(r, e); why == fires || strings.HasPrefix(string(why), string(failed)) {
				out = append(out, Failure{r.File, e.line, r.ID, e.text, false, string(why)})
			}
		}
	}
	return out
}

// Examples counts the examples of all rules.
func (s *Set) Examples() int {
	n := 0
	for _, r := range s.rules {
		n += len(r.hit) + len(r.miss)
	}
	return n
}

// A tester tries examples.
type tester struct {
	*probe
	plain *claims.Checker // without a sheet: making one takes longer than many examples
}

// try tells what becomes of an example.
func (t *tester) try(r *rule, e example) outcome {
	u := claims.Utterance{ID: r.ID, Room: e.room, Speaker: e.speaker, Text: e.text}
	if u.Room == "" && r.scope.rooms != nil {
		u.Room = r.scope.rooms[0]
	}
	if r.scope.hosts != nil {
		u.Host = r.scope.hosts[0]
	}
	p := e.product
	if p == nil && (r.scope.categories != nil || r.scope.skus != nil) {
		p = r.scope.example()
	}
	if u.Speaker == claims.SpeakerViewer {
		return viewers
	}
	t.rule, t.seen = r, noWords
	checker := t.plain
	if p != nil {
		u.SKU = p.SKU
		checker = claims.New(sheet.Of(p), claims.WithRules(t.probe))
	}
	checker.Check(u, nil)
	return t.seen
}

// example is a product that is within the scope.
func (sc *scope) example() *sheet.Product {
	p, err := sheet.One("", 0, sc.cells())
	if err != nil {
		return nil // a sku or category was read by the loader, so it fits a cell
	}
	return p
}

func (sc *scope) cells() map[sheet.Field]string {
	cells := map[sheet.Field]string{}
	if sc.categories != nil {
		cells[sheet.FieldCategory] = string(sc.categories[0])
	}
	if sc.skus != nil {
		cells[sheet.FieldSKU] = sc.skus[0]
	}
	return cells
}

// A probe lays one rule over a checker and notes what became of its hits.
type probe struct {
	set  *Set
	rule *rule
	seen outcome
}

func (p *probe) Version() string { return "" }

// Vocabulary is the whole set's: an example may hold users' own words.
func (p *probe) Vocabulary() claims.Vocabulary { return p.set.vocabulary }

func (p *probe) Touches(t []rune) bool { return p.set.Touches(t) }
func (p *probe) Apply(s claims.Spoken, _ []claims.Finding) []claims.Finding {
	l := line{Spoken: s, around: p.set.around.Find(nil, s.Folded())}
	for _, m := range p.set.words.Find(nil, s.Folded()) {
		if m.Term != p.rule.words || p.seen == fires {
			continue
		}
		what, err := p.rule.judge(&l, m)
		if err != nil {
			what = outcome(fmt.Sprintf("%s: %v", what, err))
		}
		p.seen = what
	}
	return nil
}
