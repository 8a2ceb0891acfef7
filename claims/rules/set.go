package rules

import (
	"cmp"
	"fmt"
	"slices"

	"liveroom/claims"
	"liveroom/claims/condition"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// State says what comes of what a rule finds.
type State string

// The states.
const (
	StateOff    State = "off"
	StateShadow State = "shadow"
	StateOn     State = "on"
)

// A Set is the users' rules of one or more files.
type Set struct {
	rules     []*rule
	overrides []override
	exempts   []exempt
	words     *lexicon.Matcher // what rules look for
	around    *lexicon.Matcher // what is looked for around what they found
	version   string

	vocabulary claims.Vocabulary
}

var _ claims.Rules = (*Set)(nil)

// A Rule is what others may know of a rule.
type Rule struct {
	ID       string
	State    State
	Category claims.Category
	File     string
	Line     int
}

type rule struct {
	Rule
	verdict  claims.Verdict
	severity claims.Severity
	words    *lexicon.Term
	near     *lexicon.Term // nil: nothing must stand near
	without  *lexicon.Term // nil: anything may stand near
	exempts  []ownExempt
	scope    scope
	when     *condition.Condition // nil: always
	law      string
	why      string
	whyEN    string
	suggest  string
	hit      []example
	miss     []example
}

// An ownExempt is an exemption that belongs to a rule.
type ownExempt struct {
	id, reason string
	words      *lexicon.Term
	source     string
}

// A scope is where something holds: everywhere it is silent about.
type scope struct {
	categories []sheet.Category
	rooms      []string
	hosts      []string
	skus       []string
}

type override struct {
	rule     string        // id; "" : by term
	term     *lexicon.Term // the words of the lexicon's term; nil: by rule
	state    State         // "" : as it is
	severity claims.Severity
	scope    scope
}

type exempt struct {
	id       string
	state    State
	rule     string
	category claims.Category
	words    *lexicon.Term
	scope    scope
	reason   string
	source   string
}

// Vocabulary implements claims.Rules: the users' units and terms.
func (s *Set) Vocabulary() claims.Vocabulary { return s.vocabulary }

// Version is the hash of the files' contents.
func (s *Set) Version() string { return s.version }

// Rules lists the users' own rules in the order of the files.
func (s *Set) Rules() []Rule {
	out := make([]Rule, len(s.rules))
	for i, r := range s.rules {
		out[i] = r.Rule
	}
	return out
}

// Counting is the set with every rule and exemption in shadow on, and every
// override to shadow on: what the set would raise if it counted.
func (s *Set) Counting() *Set {
	c := *s
	c.rules = nil
	for _, r := range s.rules {
		on := *r
		if on.State == StateShadow {
			on.State = StateOn
		}
		c.rules = append(c.rules, &on)
	}
	c.overrides = slices.Clone(s.overrides)
	for i := range c.overrides {
		if c.overrides[i].state == StateShadow {
			c.overrides[i].state = StateOn
		}
	}
	c.exempts = slices.Clone(s.exempts)
	for i := range c.exempts {
		if c.exempts[i].state == StateShadow {
			c.exempts[i].state = StateOn
		}
	}
	return &c
}

func (sc *scope) holds(s claims.Spoken) bool {
	u := s.Utterance()
	return sc.inRoom(u.Room) && (sc.hosts == nil || slices.Contains(sc.hosts, u.Host)) && sc.ofGoods(u.SKU, s.Product())
}

func (sc *scope) inRoom(room string) bool { return sc.rooms == nil || slices.Contains(sc.rooms, room) }

// ofGoods reports whether the scope holds for the goods on air and those spoken
// of, nil where none are known.
func (sc *scope) ofGoods(sku string, p *sheet.Product) bool {
	if sc.skus != nil && !slices.Contains(sc.skus, sku) && (p == nil || !slices.Contains(sc.skus, p.SKU)) {
		return false
	}
	return sc.categories == nil || p != nil && slices.Contains(sc.categories, p.Category)
}

// Touches implements claims.Rules.
func (s *Set) Touches(folded []rune) bool {
	var few [8]lexicon.Match
	return len(s.words.Find(few[:0], folded)) > 0
}

// Apply implements claims.Rules.
func (s *Set) Apply(spoken claims.Spoken, found []claims.Finding) []claims.Finding {
	var few [8]lexicon.Match
	hits := s.words.Find(few[:0], spoken.Folded())
	if len(hits) == 0 && len(found) == 0 {
		return nil
	}
	l := line{Spoken: spoken, around: s.around.Find(nil, spoken.Folded())}
	for i, r := range s.rules {
		if r.State != StateOff {
			if f, ok := r.apply(&l, hits, i); ok {
				found = append(found, f...)
			}
		}
	}
	out := found[:0]
	for _, f := range found {
		if s.override(&l, &f) {
			s.exempt(&l, &f)
			out = append(out, f)
		}
	}
	return out
}

// A line is an utterance with what stands around in it.
type line struct {
	claims.Spoken
	around []lexicon.Match
}

// inClause finds one of the words in the clause of the rune at i.
func (l *line) inClause(words *lexicon.Term, i int) bool {
	from, to := l.Clause(i)
	return slices.ContainsFunc(l.around, func(m lexicon.Match) bool { return m.Term == words && m.Start >= from && m.End <= to })
}

// besides finds one of the words in a clause that the finding stands in.
func (l *line) besides(words *lexicon.Term, f *claims.Finding) bool {
	return slices.ContainsFunc(l.around, func(m lexicon.Match) bool {
		if m.Term != words {
			return false
		}
		start, end := l.Raw(l.Clause(m.Start))
		return f.Start < end && start < f.End
	})
}

// over finds one of the words where the finding stands.
func (l *line) over(words *lexicon.Term, f *claims.Finding) bool {
	return slices.ContainsFunc(l.around, func(m lexicon.Match) bool {
		start, end := l.Raw(m.Start, m.End)
		return m.Term == words && f.Start < end && start < f.End
	})
}

// An outcome is what became of a hit of a rule's words.
type outcome string

// The outcomes.
const (
	fires     outcome = "it fires"
	silent    outcome = "the words are denied, asked, quoted or supposed, and not claimed"
	inName    outcome = "the words stand inside a name"
	elsewhere outcome = "the rule's scope does not hold here"
	alone     outcome = "none of the near words stands in the clause"
	kept      outcome = "one of the without words stands in the clause"
	unmet     outcome = "the condition does not hold"
	exempted  outcome = "an exemption holds"
	failed    outcome = "the condition could not be evaluated"
	viewers   outcome = "a viewer's words are no claim"
	noWords   outcome = "none of the rule's terms stands in it"
)

// judge tells what becomes of a hit.
func (r *rule) judge(l *line, m lexicon.Match) (outcome, error) {
	switch {
	case !l.Asserted(m.Start, m.End):
		return silent, nil
	case l.InName(m.Start, m.End):
		return inName, nil
	case !r.scope.holds(l.Spoken):
		return elsewhere, nil
	case r.near != nil && !l.inClause(r.near, m.Start):
		return alone, nil
	case r.without != nil && l.inClause(r.without, m.Start):
		return kept, nil
	}
	if r.when != nil {
		start, end := l.Raw(m.Start, m.End)
		holds, err := r.when.Holds(variables{l.Spoken, l.Product(), string([]rune(l.Utterance().Text)[start:end])})
		if err != nil {
			return failed, err
		}
		if !holds {
			return unmet, nil
		}
	}
	for _, e := range r.exempts {
		if l.inClause(e.words, m.Start) {
			return exempted, nil
		}
	}
	return fires, nil
}

// apply gives the rule's findings: of each clause the first, and there the
// longest, hit.
func (r *rule) apply(l *line, hits []lexicon.Match, index int) ([]claims.Finding, bool) {
	var out []claims.Finding
	done := -1 // where the last clause with a finding ends
	for i, m := range hits {
		if m.Term.Index != index || m.Start < done {
			continue
		}
		for _, o := range hits[i+1:] {
			if o.Term == m.Term && o.Start == m.Start && o.End > m.End {
				m = o
			}
		}
		what, err := r.judge(l, m)
		if what != fires && what != exempted && what != failed {
			continue
		}
		out = append(out, r.finding(l, m, what, err))
		_, done = l.Clause(m.Start)
	}
	return out, len(out) > 0
}

func (r *rule) finding(l *line, m lexicon.Match, what outcome, err error) claims.Finding {
	f := l.Finding(r.Category, r.verdict, r.ID, m.Start, m.End)
	f.Severity, f.Law, f.Why, f.WhyEN = r.severity, r.law, r.why, cmp.Or(r.whyEN, r.why)
	f.Suggest = cmp.Or(r.suggest, f.Suggest)
	if r.State == StateShadow {
		f.Aside = claims.AsideShadow
	}
	for _, e := range r.exempts {
		held := l.inClause(e.words, m.Start)
		reason := e.reason
		if !held {
			reason = "同一句里没有说到：" + e.words.Surfaces[0]
		}
		f.Exempted = append(f.Exempted, claims.Exemption{ID: e.id, Held: held, Reason: reason, Source: e.source})
	}
	switch what {
	case exempted:
		f.Aside = claims.AsideExempt
	case failed:
		f.Aside, f.Value = claims.AsideFailed, err.Error()
		f.Why = fmt.Sprintf("规则 %s 的条件无法计算：%v", r.ID, err)
		f.WhyEN = fmt.Sprintf("the condition of rule %s could not be evaluated: %v", r.ID, err)
	}
	return f
}

// override changes a finding by the last override that holds for it. It
// reports whether the finding stays.
func (s *Set) override(l *line, f *claims.Finding) bool {
	for _, o := range slices.Backward(s.overrides) {
		if o.rule != "" && o.rule != f.Rule || o.term != nil && !l.over(o.term, f) || !o.scope.holds(l.Spoken) {
			continue
		}
		switch o.state {
		case StateOff:
			return false
		case StateShadow:
			f.Aside = cmp.Or(f.Aside, claims.AsideShadow)
		case StateOn:
			if f.Aside == claims.AsideShadow {
				f.Aside = ""
			}
		}
		f.Severity = cmp.Or(o.severity, f.Severity)
		return true
	}
	return true
}

// exempt tries the exemptions that could hold for a finding. One in shadow is
// told of, and spares nothing.
func (s *Set) exempt(l *line, f *claims.Finding) {
	for _, e := range s.exempts {
		if e.state == StateOff || e.rule != "" && e.rule != f.Rule || e.category != "" && e.category != f.Category || !e.scope.holds(l.Spoken) || !l.besides(e.words, f) {
			continue
		}
		shadow := e.state == StateShadow
		f.Exempted = append(slices.Clone(f.Exempted), claims.Exemption{ID: e.id, Held: !shadow, Shadow: shadow, Reason: e.reason, Source: e.source})
		if shadow {
			continue
		}
		if f.Aside != claims.AsideFailed {
			f.Aside = claims.AsideExempt
		}
		return
	}
}
