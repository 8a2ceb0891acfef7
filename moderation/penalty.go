package moderation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims"
	"liveroom/moderation/policy"
)

// Offender is what somebody is who offended, as policies call them.
type Offender string

// The offenders.
const (
	OffenderHost     Offender = "host"
	OffenderMerchant Offender = "merchant"
	OffenderBuyer    Offender = "buyer"
)

// An Offence is what somebody did, as a person judges it. What is left empty
// follows from the case: see Desk.RecommendPenalty.
type Offence struct {
	By      Offender
	Subject string // id of who it was; a case knows one host and one merchant
	Kind    string // a word of the fact offence.kind
	Gravity string // low, medium or high
}

// PenaltyState is where a penalty stands.
type PenaltyState string

// The states of a penalty.
const (
	PenaltyImposed PenaltyState = "imposed"
	// PenaltyLifted: a person ended it. The offence stays, and counts as a strike.
	PenaltyLifted PenaltyState = "lifted"
	// PenaltyReversed: an appeal was upheld. It counts for nothing.
	PenaltyReversed PenaltyState = "reversed"
)

// A Penalty is what a person imposed on who offended. Its number in the case
// counts from 1; none is ever taken away.
type Penalty struct {
	Offence
	Measures    []policy.Measure
	FineFen     int64 // with a fine; recorded, never collected by the program
	State       PenaltyState
	ImposedBy   string
	At          time.Time
	Policy      string // whose ladder recommended
	Version     string // of that policy
	Recommended []policy.Measure
	Points      int64  // on the ladder, this offence and the strikes that counted
	Why         string // how the ladder came to it, in Chinese
	WhyEN       string
	Reason      string // why the person chose otherwise; "" : they did not
	EndedBy     string // who lifted it, or upheld the appeal
	EndedAt     time.Time
	EndReason   string
	Appeal      int64 // the appeal that reversed it; 0: none
}

// PenaltyAdvice is what the penalty policies make of an offence. A person
// decides.
type PenaltyAdvice struct {
	Offence Offence         // with what followed from the case
	Strikes []policy.Strike // what was ruled before against the same
	// Result is of the policy that covers it best. Its Recommendation is nil
	// where none does; its clauses say why.
	Result policy.Result
}

// Measures are the measures that are recommended; none below the first step.
func (a PenaltyAdvice) Measures() []policy.Measure {
	if a.Result.Recommendation == nil {
		return nil
	}
	return a.Result.Recommendation.Step.Measures
}

// RecommendPenalty asks the penalty policies about a case, as of now. The zero
// Offence takes all from the case: the host (or merchant, or only buyer) it
// names, the kind by what the case is about, the gravity by the gravest of its
// confirmed flags, low where the host put it right on air.
func (d *Desk) RecommendPenalty(ctx context.Context, id int64, o Offence) (PenaltyAdvice, error) {
	var a PenaltyAdvice
	err := d.store.Snapshot(ctx, func(r Record) error {
		c, err := r.Case(ctx, id)
		if err != nil {
			return found(caseName(id), err)
		}
		a, err = d.advise(ctx, r, c, o, d.now())
		return err
	})
	if err != nil {
		return PenaltyAdvice{}, fmt.Errorf("recommend a penalty for %s: %w", caseName(id), err)
	}
	return a, nil
}

func (d *Desk) advise(ctx context.Context, r Reader, c Case, o Offence, now time.Time) (PenaltyAdvice, error) {
	var a PenaltyAdvice
	o, err := judged(ctx, r, c, o)
	if err != nil {
		return a, err
	}
	a.Offence = o
	if a.Strikes, err = strikesOf(ctx, r, c, o); err != nil {
		return a, err
	}
	policies := d.Policies()
	ids := policies.Of(policy.Penalty)
	if len(ids) == 0 {
		return a, refuse(CodeNoLadder, "policy", "-", "clause", "-")
	}
	by, err := d.reckoning(ctx, r, c.Room)
	if err != nil {
		return a, err
	}
	results, err := policies.Evaluate(policy.Matter{Facts: o.facts(c), Strikes: a.Strikes, Zone: by.zone}, now, ids...)
	if err != nil {
		return a, err
	}
	slices.SortStableFunc(results, func(x, y policy.Result) int {
		return cmp.Or(cmp.Compare(standingRank(y), standingRank(x)), cmp.Compare(climbed(y), climbed(x)))
	})
	a.Result = results[0]
	return a, nil
}

func standingRank(r policy.Result) int {
	return slices.Index([]policy.Standing{policy.NotInForce, policy.Refused, policy.Open, policy.Granted}, r.Standing)
}

func climbed(r policy.Result) int {
	if r.Recommendation == nil {
		return 0
	}
	return len(r.Recommendation.Step.Measures)
}

// judged fills in what a person left open about an offence.
func judged(ctx context.Context, r Reader, c Case, o Offence) (Offence, error) {
	o.By = cmp.Or(o.By, offenderOf(c))
	o.Subject = tidy(o.Subject)
	if o.Subject == "" {
		o.Subject = c.onlyOne(o.By)
	}
	if o.Subject == "" || !slices.Contains(c.offenders(o.By), o.Subject) {
		return o, refuse(CodeNoOffender, "row", caseName(c.ID), "offender", string(o.By))
	}
	o.Kind = cmp.Or(o.Kind, offenceKind(c, o.By))
	if o.Gravity == "" {
		var err error
		if o.Gravity, err = gravityOf(ctx, r, c); err != nil {
			return o, err
		}
	}
	if o.facts(c).Check() != nil {
		return o, refuse(CodeBadOffence, "offence", o.Kind, "gravity", o.Gravity)
	}
	return o, nil
}

// offenders are who of a case could have offended as one.
func (c *Case) offenders(by Offender) []string {
	switch by {
	case OffenderHost:
		return []string{c.Host}
	case OffenderMerchant:
		return []string{c.Merchant}
	case OffenderBuyer:
		return c.Buyers
	}
	return nil
}

func (c *Case) onlyOne(by Offender) string {
	if who := c.offenders(by); len(who) == 1 {
		return who[0]
	}
	return ""
}

func offenderOf(c Case) Offender {
	switch {
	case c.Kind == CaseOrderRisk:
		return OffenderBuyer
	case c.Host == "" && c.Merchant != "":
		return OffenderMerchant
	}
	return OffenderHost
}

// offenceKind is what a case's offence is by what the case is about, "" where
// that does not tell.
func offenceKind(c Case, by Offender) string {
	switch {
	case by == OffenderBuyer && c.Kind == CaseOrderRisk:
		return "fake_order"
	case by == OffenderBuyer:
		return "malicious_claim"
	case c.Category == claims.CategoryPrice:
		return "price_fraud"
	case c.Category == claims.CategoryOffplatform:
		return "off_platform"
	case c.Category == claims.CategoryConduct:
		return "conduct"
	case c.Kind == CaseFalseAdvertising || c.Category != "":
		return "false_advertising"
	}
	return ""
}

var gravityOfSeverity = map[claims.Severity]string{
	claims.SeverityLow: "low", claims.SeverityMedium: "medium", claims.SeverityHigh: "high",
}

// gravityOf is how grave a case's outcome and its confirmed flags make the
// offence, "" where they do not tell.
func gravityOf(ctx context.Context, r Reader, c Case) (string, error) {
	if c.Outcome == OutcomeCorrected {
		return "low", nil
	}
	gravest := -1
	order := []string{"low", "medium", "high"}
	for _, id := range c.Flags {
		f, err := r.Flag(ctx, id)
		if err != nil {
			return "", found(flagName(id), err)
		}
		if f.Status == FlagConfirmed {
			gravest = max(gravest, slices.Index(order, gravityOfSeverity[f.Finding.Severity]))
		}
	}
	if gravest < 0 {
		return "", nil
	}
	return order[gravest], nil
}

// facts are the offence as policies ask about it.
func (o Offence) facts(c Case) policy.Facts {
	f := policy.Facts{"case.opened_at": policy.Moment(c.OpenedAt), "offence.by": policy.Word(string(o.By))}
	if c.Outcome != "" {
		f["offence.confirmed"] = policy.Bool(c.established())
	}
	if o.Kind != "" {
		f["offence.kind"] = policy.Word(o.Kind)
	}
	if o.Gravity != "" {
		f["offence.gravity"] = policy.Word(o.Gravity)
	}
	return f
}

// established tells whether a person came to the end that the matter is true.
func (c *Case) established() bool {
	return c.Outcome == OutcomeUpheld || c.Outcome == OutcomeCorrected
}

// link is what leads from who offended to their cases.
func (o Offence) link() Link {
	kinds := map[Offender]LinkKind{OffenderHost: LinkHost, OffenderMerchant: LinkMerchant, OffenderBuyer: LinkBuyer}
	return Link{kinds[o.By], o.Subject}
}

// strikesOf are the offences that were ruled on before, in other cases, against
// the same. A case is one offence: of its penalties the last that stands counts.
func strikesOf(ctx context.Context, r Reader, c Case, o Offence) ([]policy.Strike, error) {
	cases, err := r.CasesOf(ctx, o.link(), lastPage, 0)
	if err != nil {
		return nil, err
	}
	var out []policy.Strike
	for _, other := range cases {
		if other.ID == c.ID || other.Outcome == OutcomeUnfounded {
			continue
		}
		if s, ok := other.strike(o); ok {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b policy.Strike) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func (c *Case) strike(o Offence) (s policy.Strike, ok bool) {
	for _, p := range c.Penalties {
		if p.By != o.By || p.Subject != o.Subject || ok && !s.Reversed && p.State == PenaltyReversed {
			continue
		}
		s, ok = policy.Strike{ID: fmt.Sprintf("#%d", c.ID), At: p.At, Gravity: p.Gravity, Reversed: p.State == PenaltyReversed}, true
	}
	return s, ok
}

// Penalised tells whether a penalty stands against the same.
func (c *Case) penalised(o Offence) bool {
	return slices.ContainsFunc(c.Penalties, func(p Penalty) bool {
		return p.State == PenaltyImposed && p.By == o.By && p.Subject == o.Subject
	})
}
