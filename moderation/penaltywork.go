package moderation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"liveroom/moderation/ledger"
	"liveroom/moderation/policy"
)

// ImposePenalty imposes a penalty on who offended in a case that was resolved as
// upheld or corrected. Without Measures it is what the ladder recommends;
// otherwise Reason says why. What is left empty of the offence follows from the
// case.
type ImposePenalty struct {
	Case     int64
	Offence  Offence
	Measures []policy.Measure
	FineFen  int64 // with a fine, and only then
	Reason   string
	Version  int64
}

// LiftPenalty ends a penalty that stands. The offence stays; only an upheld
// appeal makes it count for nothing.
type LiftPenalty struct {
	Case    int64
	Penalty int // its number in the case, from 1
	Reason  string
	Version int64
}

// Name implements Command.
func (ImposePenalty) Name() string { return "impose-penalty" }

// Name implements Command.
func (LiftPenalty) Name() string { return "lift-penalty" }

// EffectPenalty is the kind of effect that tells of a penalty outside: imposed,
// lifted or reversed. Its text is JSON, a PenaltyNotice.
const EffectPenalty = "penalty"

// A PenaltyNotice is what a penalty's effect says, in the shape of a webhook.
type PenaltyNotice struct {
	Type     string           `json:"type"` // liveroom.penalty.v1
	Case     int64            `json:"case"`
	Penalty  int              `json:"penalty"`
	State    PenaltyState     `json:"state"`
	By       Offender         `json:"by"`
	Subject  string           `json:"subject"`
	Offence  string           `json:"offence"`
	Gravity  string           `json:"gravity"`
	Measures []policy.Measure `json:"measures"`
	FineFen  int64            `json:"fine_fen"`
	Policy   string           `json:"policy"`
	Version  string           `json:"version"`
	At       time.Time        `json:"at"` // of this state
}

func (t *deed) imposePenalty(c ImposePenalty, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	name := caseName(old.ID)
	if !old.State.Over() || !old.established() || old.Kind == CaseAppeal || old.Kind == CaseSpotCheck {
		return refuse(CodeNotEstablished, "row", name)
	}
	advice, err := t.desk.advise(t.ctx, t.tx, old, c.Offence, t.now)
	if err != nil {
		return err
	}
	if old.penalised(advice.Offence) {
		return refuse(CodePenalised, "row", name, "offender", string(advice.Offence.By))
	}
	p, err := c.penalty(name, advice)
	if err != nil {
		return err
	}
	p.ImposedBy, p.At = t.actor.Name, t.now
	fined := old
	fined.Penalties = append(slices.Clone(old.Penalties), p)
	r.Case, err = t.rule(old, fined, len(fined.Penalties))
	return err
}

// penalty is what a person imposes beside what was recommended to them.
func (c ImposePenalty) penalty(row string, advice PenaltyAdvice) (Penalty, error) {
	res := advice.Result
	if res.Recommendation == nil {
		return Penalty{}, refuse(CodeNoLadder, "policy", res.Policy, "clause", strings.Join(res.DecidedBy, ", "))
	}
	p := Penalty{
		Offence: advice.Offence, Measures: unique(c.Measures), FineFen: c.FineFen, State: PenaltyImposed,
		Policy: res.Policy, Version: res.Version, Recommended: slices.Clone(advice.Measures()),
		Points: res.Recommendation.Points, Why: res.Recommendation.Reason.ZH, WhyEN: res.Recommendation.Reason.EN,
	}
	if len(p.Measures) == 0 {
		p.Measures = p.Recommended
	}
	for _, m := range p.Measures {
		if m.Text() == (policy.Text{}) {
			return p, refuse(CodeBadMeasure, "measure", string(m))
		}
	}
	var err error
	if tidy(c.Reason) != "" {
		if p.Reason, err = written(c.Reason); err != nil {
			return p, err
		}
	}
	switch {
	case len(p.Measures) == 0 || !sameMeasures(p.Measures, p.Recommended) && p.Reason == "":
		return p, refuse(CodeNotRecommended, "row", row, "measures", named(p.Recommended))
	case slices.Contains(p.Measures, policy.MeasureFine) != (p.FineFen > 0) || p.FineFen < 0:
		return p, refuse(CodeFine, "row", row)
	}
	return p, nil
}

func sameMeasures(a, b []policy.Measure) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(m policy.Measure) bool { return !slices.Contains(b, m) })
}

// named lists measures by the names that policies know them by.
func named(list []policy.Measure) string {
	if len(list) == 0 {
		return "-"
	}
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}

func (t *deed) liftPenalty(c LiftPenalty, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	name := caseName(old.ID)
	switch {
	case c.Penalty < 1 || c.Penalty > len(old.Penalties):
		return refuse(CodeNotFound, "row", fmt.Sprintf("%s, penalty %d", name, c.Penalty))
	case old.Penalties[c.Penalty-1].State != PenaltyImposed:
		return refuse(CodeUnchanged, "row", name)
	case tidy(c.Reason) == "":
		return refuse(CodeNeedsReason, "row", name)
	}
	reason, err := written(c.Reason)
	if err != nil {
		return err
	}
	lifted := old
	lifted.Penalties = slices.Clone(old.Penalties)
	p := &lifted.Penalties[c.Penalty-1]
	p.State, p.EndedBy, p.EndedAt, p.EndReason = PenaltyLifted, t.actor.Name, t.now, reason
	r.Case, err = t.rule(old, lifted, c.Penalty)
	return err
}

// rule puts a case whose penalties of the given numbers changed, and has them
// told outside.
func (t *deed) rule(old, c Case, numbers ...int) (*Case, error) {
	c.settle(t.now)
	c, err := t.changeCase(old, c)
	for _, n := range numbers {
		if err == nil {
			err = t.tell(c, n)
		}
	}
	return &c, err
}

func (t *deed) tell(c Case, number int) error {
	p := c.Penalties[number-1]
	text, err := ledger.Canonical(&PenaltyNotice{
		Type: "liveroom.penalty.v1", Case: c.ID, Penalty: number, State: p.State, By: p.By, Subject: p.Subject, Offence: p.Kind, Gravity: p.Gravity,
		Measures: p.Measures, FineFen: p.FineFen, Policy: p.Policy, Version: p.Version, At: t.now,
	})
	if err != nil {
		return fmt.Errorf("notice of a penalty: %w", err)
	}
	t.effects = append(t.effects, &Effect{
		Room: c.Room, Kind: EffectPenalty, Key: fmt.Sprintf("%d.%d", c.ID, number), Target: p.Subject, Text: string(text),
	})
	return nil
}
