package backtest

import (
	"cmp"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
)

// An Utterance is one to check again, with how it was judged: by labels, or by
// the flags on it.
type Utterance struct {
	claims.Utterance
	At     time.Time // zero: not told
	Before []claims.Utterance
	Labels *Labels // nil: judged by Flags
	Flags  []moderation.Flag
}

// FromRecord is an utterance of a record.
func FromRecord(h moderation.Hearing) Utterance {
	return Utterance{Utterance: h.Utterance, At: h.Event.At, Before: h.Before, Flags: h.Flags}
}

// Judgement is what somebody made of a finding.
type Judgement string

// The judgements.
const (
	Right   Judgement = "right"
	Wrong   Judgement = "wrong"
	Unknown Judgement = "not_judged"
)

// A Score sums up findings.
type Score struct {
	Findings, Right, Wrong, Unknown int
	Missed                          int // of what somebody says is to be found
}

// Precision is the share of the judged findings that are right.
func (s Score) Precision() Share { return Share{s.Right, s.Right + s.Wrong} }

// Recall is the share of what is to be found that was found.
func (s Score) Recall() Share { return Share{s.Right, s.Right + s.Missed} }

func (s *Score) add(j Judgement) {
	s.Findings++
	switch j {
	case Right:
		s.Right++
	case Wrong:
		s.Wrong++
	case Unknown:
		s.Unknown++
	}
}

// A RuleScore is one rule's part: its findings with the new set, how many it
// has with the current one, and on how many its condition failed.
type RuleScore struct {
	Rule string
	Own  bool // one of those that NewRun was told
	Score
	Before   int
	Failures int
	Failure  string // the first of them
}

func (s RuleScore) rank() int {
	switch {
	case s.Own:
		return 0
	case s.Findings != s.Before:
		return 1
	}
	return 2
}

// A Change is a finding that only one of the two sets has.
type Change struct {
	Utterance Utterance
	Finding   claims.Finding
	Judged    Judgement
}

// A Saving is how many findings an exemption kept from being raised.
type Saving struct {
	ID, Reason string
	Findings   int
}

// A Report is what a run came to.
type Report struct {
	Utterances    int
	Current, Next Score
	Rules         []RuleScore // own ones, then those that changed, then the rest; by findings, most first
	New, Lost     []Change    // in the order of the utterances
	Saved         []Saving    // with the new set, most first
}

// A Run compares two sets.
type Run struct {
	current, next *claims.Checker
	report        Report
	rules         map[string]*RuleScore
	saved         map[string]*Saving
}

// NewRun prepares a comparison. rules are the ids that stand in the report even
// if they find nothing.
func NewRun(current, next *claims.Checker, rules []string) *Run {
	r := &Run{current: current, next: next, rules: map[string]*RuleScore{}, saved: map[string]*Saving{}}
	for _, id := range rules {
		r.rule(id).Own = true
	}
	return r
}

func (r *Run) rule(id string) *RuleScore {
	if r.rules[id] == nil {
		r.rules[id] = &RuleScore{Rule: id}
	}
	return r.rules[id]
}

// Add checks an utterance with both sets.
func (r *Run) Add(u Utterance) {
	r.report.Utterances++
	all := r.next.Check(u.Utterance, u.Before)
	r.aside(all)
	before, after := claims.Raised(r.current.Check(u.Utterance, u.Before)), claims.Raised(all)
	r.report.Current.sum(&u, before)
	r.report.Next.sum(&u, after)
	for _, f := range before {
		r.rule(f.Rule).Before++
		if !slices.ContainsFunc(after, func(o claims.Finding) bool { return same(o, f) }) {
			r.report.Lost = append(r.report.Lost, Change{u, f, u.judge(f)})
		}
	}
	for _, f := range after {
		j := u.judge(f)
		r.rule(f.Rule).add(j)
		if !slices.ContainsFunc(before, func(o claims.Finding) bool { return same(o, f) }) {
			r.report.New = append(r.report.New, Change{u, f, j})
		}
	}
}

// aside counts what was found and not raised.
func (r *Run) aside(found []claims.Finding) {
	for _, f := range found {
		switch f.Aside {
		case claims.AsideFailed:
			s := r.rule(f.Rule)
			s.Failures++
			s.Failure = cmp.Or(s.Failure, f.WhyEN)
		case claims.AsideExempt:
			for _, e := range f.Exempted {
				if !e.Held {
					continue
				}
				if r.saved[e.ID] == nil {
					r.saved[e.ID] = &Saving{ID: e.ID, Reason: e.Reason}
				}
				r.saved[e.ID].Findings++
			}
		}
	}
}

func same(a, b claims.Finding) bool {
	return a.Rule == b.Rule && a.Category == b.Category && a.Verdict == b.Verdict && a.Start == b.Start && a.End == b.End
}

// Report closes the run.
func (r *Run) Report() Report {
	for _, s := range r.rules {
		r.report.Rules = append(r.report.Rules, *s)
	}
	slices.SortFunc(r.report.Rules, func(a, b RuleScore) int {
		return cmp.Or(a.rank()-b.rank(), cmp.Compare(b.Findings, a.Findings), cmp.Compare(b.Before, a.Before), cmp.Compare(a.Rule, b.Rule))
	})
	for _, s := range r.saved {
		r.report.Saved = append(r.report.Saved, *s)
	}
	slices.SortFunc(r.report.Saved, func(a, b Saving) int { return cmp.Or(b.Findings-a.Findings, cmp.Compare(a.ID, b.ID)) })
	return r.report
}
