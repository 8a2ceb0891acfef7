package moderation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"liveroom/moderation/policy"
)

// Appeal is what the case of an appeal knows of what it contests: all that the
// contested case ruled against who appeals, and that still stands.
type Appeal struct {
	By       Offender  // who appeals; "" : whoever was ruled against
	Ruling   string    // the fact ruling.kind; "" : only the outcome
	RuledAt  time.Time // the last of it
	RaisedAt time.Time
	Evidence int64  // how many pieces came with it
	Policy   string // that let it in; "" : none for appeals is in force
	Version  string // of that policy
	Window   string // the policy's clause that says by when it was to be raised
	Until    time.Time
	Late     bool // it came after that, and a supervisor let it in
	// DecidedBy are who decided what it contests when it was raised. None of them
	// hears it, whatever becomes of the contested case.
	DecidedBy []string
}

// rulings are when a case ruled against who appeals, the last time, and of what
// kind it was, as policies call it; "" : it has only an outcome.
func (c *Case) rulings(by Offender) (kind string, at time.Time) {
	for _, p := range c.Penalties {
		if p.State == PenaltyReversed || !p.hits(by) {
			continue
		}
		at = later(at, p.At)
		switch {
		case !slices.Equal(p.Measures, []policy.Measure{policy.MeasureWarning}):
			kind = "penalty"
		case kind == "":
			kind = "warning"
		}
	}
	for _, p := range c.Payments {
		if p.State != PaymentApproved || !p.hits(by) {
			continue
		}
		at = later(at, p.DecidedAt)
		if kind != "penalty" {
			kind = "compensation"
		}
	}
	if at.IsZero() {
		at = c.resolvedAt()
	}
	return kind, at
}

// hits tells whether the penalty is against who appeals.
func (p *Penalty) hits(by Offender) bool { return by == "" || p.By == by }

// deciders are who decided what a case came to and ruled.
func (c *Case) deciders() []string {
	who := []string{c.ResolvedBy}
	for _, p := range c.Penalties {
		who = append(who, p.ImposedBy)
	}
	for _, p := range c.Payments {
		if p.State == PaymentApproved || p.State == PaymentReversed {
			who = append(who, p.By, p.DecidedBy)
		}
	}
	return slices.DeleteFunc(unique(who), func(name string) bool { return name == "" })
}

// LinkAppealed leads from a case to the appeals against it.
const LinkAppealed LinkKind = "appealed"

// contest makes the appeal's case that OpenCase asks for of a new case, and
// refuses what no policy allows to be contested.
func (t *deed) contest(c OpenCase, opened *Case) error {
	if (c.Kind == CaseAppeal) != (c.AppealOf != 0) {
		return refuse(CodeNeedsAppealed)
	}
	if c.AppealOf == 0 {
		return nil
	}
	of, err := t.tx.Case(t.ctx, c.AppealOf)
	if err != nil {
		return found(caseName(c.AppealOf), err)
	}
	switch {
	case of.Room != c.Room:
		return refuse(CodeOtherRoom, "row", caseName(of.ID))
	case of.Outcome == "" || of.Kind == CaseAppeal || of.Kind == CaseSpotCheck:
		return refuse(CodeNothingToAppeal, "row", caseName(of.ID))
	case c.AppealBy != "" && of.offenders(c.AppealBy) == nil:
		return refuse(CodeNoOffender, "row", caseName(of.ID), "offender", string(c.AppealBy))
	}
	opened.AppealOf, opened.Related = of.ID, []int64{of.ID}
	opened.SKU, opened.Host = firstOf(opened.SKU, of.SKU), of.Host
	opened.Merchant, opened.Category = firstOf(opened.Merchant, of.Merchant), of.Category
	a := Appeal{By: c.AppealBy, Evidence: max(c.Evidence, 0), RaisedAt: t.now}
	if !c.RaisedAt.IsZero() {
		a.RaisedAt = Unstamp(Stamp(c.RaisedAt))
	}
	a.Ruling, a.RuledAt = of.rulings(a.By)
	if a.RaisedAt.Before(a.RuledAt) || a.RaisedAt.After(t.now) {
		return refuse(CodeRaisedWhen, "at", a.RuledAt.Format(time.RFC3339))
	}
	if a.DecidedBy, err = t.decidersOf(of); err != nil {
		return err
	}
	if err := t.notAppealed(of, a); err != nil {
		return err
	}
	if err := t.admit(of, &a, c.Late, opened); err != nil {
		return err
	}
	opened.Appeal = a
	return nil
}

// decidersOf are who decided what a case came to, who confirmed what it is about
// included.
func (t *deed) decidersOf(c Case) ([]string, error) {
	who := c.deciders()
	for _, id := range c.Flags {
		f, err := t.readFlag(id)
		if err != nil {
			return nil, err
		}
		if f.Status == FlagConfirmed {
			who = append(who, f.DecidedBy)
		}
	}
	return unique(who), nil
}

// notAppealed refuses to have the same contested twice.
func (t *deed) notAppealed(of Case, a Appeal) error {
	before, err := t.tx.CasesOf(t.ctx, Link{LinkAppealed, number(of.ID)}, lastPage, 0)
	if err != nil {
		return err
	}
	for _, other := range before {
		theirs := a.By != "" && other.Appeal.By != "" && a.By != other.Appeal.By
		if !theirs && (!other.State.Over() || !a.RuledAt.After(other.Appeal.RuledAt)) {
			return refuse(CodeAppealed, "row", caseName(of.ID), "case", number(other.ID))
		}
	}
	return nil
}

// admit asks the policies for appeals whether one is let in. One that is only
// late a supervisor may let in all the same, and says why.
func (t *deed) admit(of Case, a *Appeal, late string, opened *Case) error {
	res, inForce, err := t.desk.askAppeals(t.ctx, t.tx, of.Room, *a, t.now)
	if err != nil || !inForce {
		return err
	}
	a.Policy, a.Version = res.Policy, res.Version
	windows := make(map[string]bool)
	for _, d := range res.Deadlines {
		if d.Window && d.Due != nil {
			windows[d.ID] = true
			a.Window, a.Until = d.ID, Unstamp(Stamp(d.Due.At))
		}
	}
	switch {
	case res.Standing != policy.Refused:
		return nil
	case slices.ContainsFunc(res.DecidedBy, func(id string) bool { return !windows[id] }):
		return refuse(CodeNotAppealable, "row", caseName(of.ID), "policy", res.Policy, "clause", strings.Join(res.DecidedBy, ", "))
	case tidy(late) == "" || !t.actor.Role.May(rightLate):
		return refuse(CodeAppealLate, "row", caseName(of.ID), "policy", res.Policy, "clause", strings.Join(res.DecidedBy, ", "), "at", a.Until.Format(time.RFC3339))
	}
	a.Late = true
	return t.because(opened, late)
}

// askAppeals asks the policies for appeals, and gives the answer that is best
// for who appeals; false: none is in force.
func (d *Desk) askAppeals(ctx context.Context, r Reader, room string, a Appeal, now time.Time) (best policy.Result, inForce bool, err error) {
	policies := d.Policies()
	ids := policies.Of(policy.Appeal)
	if len(ids) == 0 {
		return best, false, nil
	}
	by, err := d.reckoning(ctx, r, room)
	if err != nil {
		return best, false, err
	}
	facts := policy.Facts{
		"ruling.at": policy.Moment(a.RuledAt), "appeal.raised_at": policy.Moment(a.RaisedAt), "appeal.evidence": policy.Number(a.Evidence),
	}
	if a.Ruling != "" {
		facts["ruling.kind"] = policy.Word(a.Ruling)
	}
	results, err := policies.Evaluate(policy.Matter{Facts: facts, Zone: by.zone}, now, ids...)
	if err != nil {
		return best, false, err
	}
	best = slices.MaxFunc(results, func(x, y policy.Result) int {
		return cmp.Or(cmp.Compare(standingRank(x), standingRank(y)), cmp.Compare(len(y.DecidedBy), len(x.DecidedBy)))
	})
	return best, best.Standing != policy.NotInForce, nil
}

// uphold reverses, with an appeal that was upheld, what the contested case ruled
// against who appealed: in the same transaction, as a change of its own to each
// ruling, none of which is taken away.
func (t *deed) uphold(appeal Case) error {
	old, err := t.tx.Case(t.ctx, appeal.AppealOf)
	if err != nil {
		return found(caseName(appeal.AppealOf), err)
	}
	of := old
	of.Related = unique(append(slices.Clone(old.Related), appeal.ID))
	of.reversePayments(appeal, t.actor.Name, t.now)
	of.Penalties = slices.Clone(old.Penalties)
	var reversed []int
	for i := range of.Penalties {
		p := &of.Penalties[i]
		if p.State == PenaltyReversed || !p.hits(appeal.Appeal.By) {
			continue
		}
		p.State, p.EndedBy, p.EndedAt, p.Appeal = PenaltyReversed, t.actor.Name, t.now, appeal.ID
		p.EndReason = ""
		reversed = append(reversed, i+1)
	}
	_, err = t.rule(old, of, reversed...)
	return err
}

// ruledOn refuses what would make a decided appeal come to something else: its
// reversals stand.
func (c *Case) ruledOn(m MoveCase) error {
	switch {
	case c.Kind != CaseAppeal:
		return nil
	case m.Outcome == OutcomeCorrected:
		return refuse(CodeAppealOutcome, "row", caseName(c.ID))
	case c.State.Over() && c.Outcome == OutcomeUpheld && !m.To.Over():
		return refuse(CodeReversalStands, "row", caseName(c.ID), "of", caseName(c.AppealOf))
	}
	return nil
}
