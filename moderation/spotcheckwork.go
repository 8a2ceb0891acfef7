package moderation

import (
	"context"
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

// A drawnSpotCheck is a spot check whose sample was drawn. Drawing reads every
// flag of a room, which nobody who writes should wait for.
type drawnSpotCheck struct {
	PlanSpotCheck
	sample []Sampled
}

// draw draws the sample of a spot check before its transaction. What is wrong
// with the plan is told there.
func (d *Desk) draw(ctx context.Context, c PlanSpotCheck) (drawnSpotCheck, error) {
	drawn := drawnSpotCheck{PlanSpotCheck: c}
	plan := &drawn.Plan
	plan.From, plan.To, plan.Of = Unstamp(Stamp(plan.From)), Unstamp(Stamp(plan.To)), 0
	if !plan.sound() {
		return drawn, nil
	}
	err := d.store.Snapshot(ctx, func(r Record) error {
		if plan.Seed == 0 {
			head, err := r.Head(ctx)
			if err != nil {
				return err
			}
			plan.Seed = max(int64(binary.BigEndian.Uint64(head.Root[:8])&maxSeed), 1)
		}
		parts, err := plan.candidates(ctx, r, c.Room)
		if err == nil {
			drawn.sample = plan.draw(parts)
		}
		return err
	})
	if err != nil {
		return drawn, fmt.Errorf("draw a spot check: %w", err)
	}
	return drawn, nil
}

func (t *deed) planSpotCheck(c drawnSpotCheck, r *Result) error {
	opened, err := t.asked(OpenCase{Room: c.Room, Kind: CaseSpotCheck, Title: c.Title})
	if err != nil {
		return err
	}
	switch n := len(c.sample); {
	case !c.Plan.sound():
		return refuse(CodeBadPlan, "limit", fmt.Sprint(maxSample))
	case n == 0:
		return refuse(CodeNothingToSample)
	case n > maxSample:
		return refuse(CodeSampleTooBig, "size", fmt.Sprint(n), "limit", fmt.Sprint(maxSample))
	}
	if err := t.stillToDraw(c); err != nil {
		return err
	}
	opened.Plan, opened.Sample = c.Plan, c.sample
	opened.Plan.DrawnAt = t.now
	return t.open(opened, r)
}

// stillToDraw refuses a sample of which something was decided otherwise, or drawn
// by somebody else, since it was drawn.
func (t *deed) stillToDraw(c drawnSpotCheck) error {
	held, err := sampledBefore(t.ctx, t.tx, c.Room)
	if err != nil {
		return err
	}
	for _, s := range c.sample {
		f, err := t.readFlag(s.Flag)
		if err != nil {
			return err
		}
		if held[f.ID] || !c.Plan.covers(f) {
			return refuse(CodeConflict, "row", flagName(f.ID), "by", f.ChangedBy)
		}
	}
	return nil
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
