package claims

import (
	"sync"

	"liveroom/claims/lexicon"
)

// Exemptions are data (lexicon/exemption.toml); what each looks at is code,
// bound to it by its id. A rule asks before it takes words for a hit: exempt,
// or stanceOf and elsewhere, which the exemptions of speech and target look at
// too. What was spared is not kept on the way: Checker.Exempted reads a line a
// second time as if no exemption held, and tells of each alarm more which one
// spared it. So a rule has nothing to record, and what an exemption saved is
// what would have been raised without it.

// A hit is words that a rule would raise.
type hit struct {
	rule     string
	from, to int // folded runes
	mark     *mark
}

// A reading is what came of trying an exemption.
type reading uint8

const (
	untried reading = iota
	fails
	trapped // looks as if it held
	holds
)

func holdsIf(b bool) reading {
	if b {
		return holds
	}
	return fails
}

// A condition tells whether an exemption holds for a hit.
type condition func(*line, hit) reading

// A trial is an exemption with its condition.
type trial struct {
	*lexicon.Exemption
	try condition
}

// trialsOf gives the exemptions that are tried for a rule, in their order.
var trialsOf = sync.OnceValue(func() map[string][]trial {
	out := map[string][]trial{}
	for _, rule := range ruleIDs {
		for _, e := range lexicon.Exemptions() {
			if e.For(rule) {
				out[rule] = append(out[rule], trial{e, conditions[e.ID]})
			}
		}
		if len(out[rule]) > mostTrials {
			panic("claims: more exemptions are tried for " + rule + " than a mark keeps")
		}
	}
	return out
})

// mostTrials is how many exemptions a mark keeps the readings of.
const mostTrials = 32

// reads tries the k-th exemption of a hit's rule. What came of it is kept with
// a mark: every finding is asked twice, whether one holds and what to tell of
// each.
func (h hit) reads(l *line, k int, t trial) reading {
	if h.mark == nil {
		return t.try(l, h)
	}
	if h.mark.tries[k] == untried {
		h.mark.tries[k] = t.try(l, h)
	}
	return h.mark.tries[k]
}

// exempt reports whether an exemption holds for words that a rule would raise.
func (l *line) exempt(rule string, from, to int) bool {
	return l.sparedBy(hit{rule: rule, from: from, to: to}) != nil
}

// sparedBy is the first exemption that holds for a hit, nil for none.
func (l *line) sparedBy(h hit) *lexicon.Exemption {
	if l.waived {
		return nil
	}
	for k, t := range trialsOf()[h.rule] {
		if h.reads(l, k, t) == holds {
			return t.Exemption
		}
	}
	return nil
}

// notOverThese is why an exemption does not hold for words that a rule raised,
// though it would by the words around: the rule read nearer ones. 海水珠不是淡水的
// denies the 淡水, not the 海水.
var notOverThese = lexicon.Words{ZH: "旁边有这样的话，但管不到这几个字", EN: "Such words stand beside it, and do not govern these"}

// tried tells of every exemption of a hit's rule whether it held, and why. Of
// words that are raised none does.
func (l *line) tried(h hit, raised bool) []Exemption {
	trials := trialsOf()[h.rule]
	if len(trials) == 0 {
		return nil
	}
	out := make([]Exemption, 0, len(trials))
	for k, t := range trials {
		e := Exemption{ID: t.ID, Reason: t.Failed.ZH, ReasonEN: t.Failed.EN, Source: t.Source}
		switch h.reads(l, k, t) {
		case holds:
			if raised {
				e.Trap, e.Reason, e.ReasonEN = true, notOverThese.ZH, notOverThese.EN
				break
			}
			e.Held, e.Reason, e.ReasonEN, e.Ask = true, t.Held.ZH, t.Held.EN, t.Ask
			switch t.ID {
			case unlikeID:
				e.Reason, e.ReasonEN = l.unlikeReason(h, e.Reason, e.ReasonEN)
			case disownedID:
				e.Reason, e.ReasonEN = l.disownedReason(e.Reason, e.ReasonEN)
			}
		case trapped:
			e.Trap, e.Reason, e.ReasonEN = true, t.Trap.ZH, t.Trap.EN
		}
		out = append(out, e)
	}
	return out
}

// Title names an exemption, "" for one of the users' own.
func (e Exemption) Title() (zh, en string) {
	for _, known := range lexicon.Exemptions() {
		if known.ID == e.ID {
			return known.Title.ZH, known.Title.EN
		}
	}
	return "", ""
}

// Exempted finds what would have been raised but for an exemption: findings
// whose Aside is AsideExempt, with the exemptions tried and which held. The
// users' exemptions are among them.
func (c *Checker) Exempted(u Utterance, before []Utterance) []Finding {
	return pieces(c, u, func(l *line, u Utterance) []Finding { return l.exempted(u, before) }, itself)
}

func (l *line) exempted(u Utterance, before []Utterance) []Finding {
	raised := l.check(u, before)
	var out []Finding
	for _, f := range raised {
		if f.Aside == AsideExempt {
			out = append(out, f)
		}
	}
	l.forget()
	l.waived = true
	l.read(u, before)
	l.waived = false
	l.settle() // what was found while no exemption held is not so now
	for i := range l.marks {
		m := &l.marks[i]
		if m.right || l.sparedBy(m.asHit()) == nil {
			continue
		}
		f := l.finish(m)
		f.Exempted, f.Aside = l.tried(m.asHit(), false), AsideExempt
		if !saysAlready(raised, &f) && !saysAlready(out, &f) {
			out = append(out, f)
		}
	}
	sortFindings(out)
	return out
}

// saysAlready reports whether a finding of the same category lies over the
// same words.
func saysAlready(found []Finding, f *Finding) bool {
	for i := range found {
		if o := &found[i]; o.Category == f.Category && o.Start < f.End && f.Start < o.End {
			return true
		}
	}
	return false
}
