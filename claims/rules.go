package claims

import (
	"slices"

	"liveroom/claims/sheet"
)

// Rules are what users lay over the built-in checks. The methods are called
// from many goroutines at once and must not change anything.
type Rules interface {
	// Touches reports whether a word that a rule looks for stands in the folded
	// text. It is asked of every line: it must allocate nothing.
	Touches(folded []rune) bool
	// Apply returns what counts with the rules in force: the findings of the
	// built-in checks, changed or set aside or left out, and the rules' own.
	Apply(s Spoken, found []Finding) []Finding
	// Vocabulary is the words and units that come with the rules.
	Vocabulary() Vocabulary
	// Version is the hash of the rules' content.
	Version() string
}

// An Option changes what New makes.
type Option func(*Checker)

// WithRules lays users' rules over the built-in checks.
func WithRules(r Rules) Option { return func(c *Checker) { c.rules = r } }

// RulesVersion is the version of the users' rules in force, "" without any.
func (c *Checker) RulesVersion() string {
	if c.rules == nil {
		return ""
	}
	return c.rules.Version()
}

// Aside says why a finding raises nothing.
type Aside string

// The reasons. A finding that is raised has none.
const (
	AsideShadow Aside = "shadow" // of a rule that only counts what it would find
	AsideExempt Aside = "exempt" // a user's exemption holds
	AsideFailed Aside = "failed" // the rule's condition could not be evaluated; Why says how
)

// Raised returns the findings that are to be shown to a person. It may be
// found itself.
func Raised(found []Finding) []Finding {
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Aside != "" }) {
		return found
	}
	var out []Finding
	for _, f := range found {
		if f.Aside == "" {
			out = append(out, f)
		}
	}
	return out
}

// Spoken is an utterance in the middle of its check, as users' rules see it.
// Positions are folded runes. It must not be kept.
type Spoken struct{ l *line }

// Utterance is what was said.
func (s Spoken) Utterance() Utterance { return s.l.u }

// Product is the product spoken of, nil where none is known.
func (s Spoken) Product() *sheet.Product {
	if s.l.p == nil {
		return nil
	}
	return s.l.p.Product
}

// Folded is the text that is matched.
func (s Spoken) Folded() []rune { return s.l.t.R }

// Raw gives the runes of the utterance's text that [from, to) stands for.
func (s Spoken) Raw(from, to int) (start, end int) { return s.l.t.Raw(from, to) }

// Clause is the clause that the rune at i stands in.
func (s Spoken) Clause(i int) (from, to int) {
	c := s.l.clauseAt(i)
	return c.from, c.to
}

// Asserted reports whether the words in [from, to) are claimed, and not denied,
// asked, quoted or supposed.
func (s Spoken) Asserted(from, to int) bool { return s.l.stanceOf(from, to) == asserted }

// InName reports whether the words in [from, to) are part of a longer name or
// phrase in which they say nothing of their own.
func (s Spoken) InName(from, to int) bool {
	in := s.l.inName
	for i := from; i < to; i++ {
		if !in[i] {
			return false
		}
	}
	return from > 0 && in[from-1] || to < len(in) && in[to]
}

// Finding writes a finding over [from, to), with the law, the reason and the
// suggestion that are usual for its category and verdict.
func (s Spoken) Finding(c Category, v Verdict, rule string, from, to int) Finding {
	return s.l.finish(&mark{Finding: Finding{Category: c, Verdict: v, Rule: rule}, from: from, to: to})
}

func (l *line) touched() bool { return l.c.rules != nil && !l.trial && l.c.rules.Touches(l.t.R) }

// ruled lets the users' rules have their say, in the order of the text.
func (l *line) ruled(found []Finding) []Finding {
	if l.c.rules == nil || l.trial {
		return found
	}
	found = l.c.rules.Apply(Spoken{l}, found)
	sortFindings(found)
	for i := range found {
		found[i].Rules = l.c.rules.Version()
	}
	return found
}

// RuleIDs lists the ids of the built-in rules: what Finding.Rule can hold and
// users can override. An id never changes its meaning.
func RuleIDs() []string { return slices.Clone(ruleIDs) }

var ruleIDs = []string{
	"absolute.learned", "absolute.rank", "absolute.superlative", "absolute.term",
	"brand.factory", "brand.learned", "brand.other",
	"conduct.abuse", "conduct.discrimination", "conduct.gamble", "conduct.learned", "conduct.scare", "conduct.threat", "conduct.vulgar",
	"credential.award", "credential.cert", "credential.developer", "credential.endorsed", "credential.figure", "credential.learned",
	"credential.patent", "credential.rank", "credential.sales",
	"effect.figure", "effect.guarantee", "effect.hours", "effect.learned", "effect.outcome",
	"efficacy.learned", "efficacy.outcome", "efficacy.unknown",
	"ingredient.absent", "ingredient.amount", "ingredient.level", "ingredient.only", "ingredient.present", "ingredient.pure", "ingredient.unknown",
	"material.absent", "material.other", "material.pure", "material.share", "material.unknown",
	"medical.disease", "medical.learned", "medical.treat",
	"metric", "metric.grade",
	"offplatform", "offplatform.learned",
	"origin.other", "origin.unknown", "origin.variety",
	"price.below", "price.discount", "price.lowest", "price.reference", "price.threshold", "price.unit",
	"promise.denied", "promise.fake", "promise.learned", "promise.pledge", "promise.remedy", "promise.returns", "promise.ships", "promise.unknown", "promise.warranty",
	"quantity.gift", "quantity.other", "quantity.stock",
	"rival",
	"shelflife",
	"size.letter", "size.other", "size.shoe", "size.unknown",
	"weight.other", "weight.unknown",
}
