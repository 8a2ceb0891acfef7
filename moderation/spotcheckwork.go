package moderation

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// PlanSpotCheck opens a spot check of a room with a sample drawn by its plan.
type PlanSpotCheck struct {
	Room  string
	Title string
	Plan  SamplePlan
}

// ReviewSample says what a person who did not decide a flag of a spot check makes
// of it. Nothing becomes of the flag itself: who finds the first decision wrong
// decides it again. It carries no version, so that several may review at once.
type ReviewSample struct {
	Case    int64
	Flag    int64
	Verdict FlagStatus // confirmed or dismissed
	Reason  string     // may be empty
}

// Name implements Command.
func (PlanSpotCheck) Name() string { return "plan-spot-check" }

// Name implements Command.
func (ReviewSample) Name() string { return "review-sample" }

func (t *deed) planSpotCheck(c PlanSpotCheck, r *Result) error {
	opened, err := t.asked(OpenCase{Room: c.Room, Kind: CaseSpotCheck, Title: c.Title})
	if err != nil {
		return err
	}
	plan := c.Plan
	plan.From, plan.To, plan.DrawnAt, plan.Of = Unstamp(Stamp(plan.From)), Unstamp(Stamp(plan.To)), t.now, 0
	if !plan.sound() {
		return refuse(CodeBadPlan, "limit", fmt.Sprint(maxSample))
	}
	if plan.Seed == 0 {
		head, err := t.tx.Head(t.ctx)
		if err != nil {
			return err
		}
		plan.Seed = max(int64(binary.BigEndian.Uint64(head.Root[:8])&maxSeed), 1)
	}
	parts, err := plan.candidates(t.ctx, t.tx, c.Room)
	if err != nil {
		return err
	}
	sample := plan.draw(parts)
	switch {
	case len(sample) == 0:
		return refuse(CodeNothingToSample)
	case len(sample) > maxSample:
		return refuse(CodeSampleTooBig, "size", fmt.Sprint(len(sample)), "limit", fmt.Sprint(maxSample))
	}
	opened.Plan, opened.Sample = plan, sample
	return t.open(opened, r)
}

func (t *deed) reviewSample(c ReviewSample, r *Result) error {
	old, err := t.tx.Case(t.ctx, c.Case)
	if err != nil {
		return found(caseName(c.Case), err)
	}
	if err := t.fitFor(old); err != nil {
		return err
	}
	i := slices.IndexFunc(old.Sample, func(s Sampled) bool { return s.Flag == c.Flag })
	switch {
	case i < 0:
		return refuse(CodeNotFound, "row", flagName(c.Flag)+" of "+caseName(old.ID))
	case old.State.Over():
		return refuse(CodeOver, "row", caseName(old.ID), "from", string(old.State))
	case old.Sample[i].Reviewed():
		return refuse(CodeReviewed, "row", flagName(c.Flag), "by", old.Sample[i].By)
	case c.Verdict != FlagConfirmed && c.Verdict != FlagDismissed:
		return refuse(CodeBadVerdict)
	}
	f, err := t.readFlag(c.Flag)
	if err != nil {
		return err
	}
	switch {
	case old.overtaken(f):
		return refuse(CodeOvertaken, "row", flagName(f.ID))
	case f.DecidedBy == t.actor.Name:
		return refuse(CodeOwnReview, "row", flagName(f.ID))
	}
	s := Sampled{Flag: f.ID, Verdict: c.Verdict, By: t.actor.Name, At: t.now, First: f.Status, FirstBy: f.DecidedBy}
	if tidy(c.Reason) != "" {
		if s.Reason, err = written(c.Reason); err != nil {
			return err
		}
	}
	reviewed := old
	reviewed.Sample = slices.Clone(old.Sample)
	reviewed.Sample[i] = s
	reviewed, err = t.work(old, reviewed)
	r.Case = &reviewed
	return err
}
