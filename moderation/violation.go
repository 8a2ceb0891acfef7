package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/claims"
)

// A Violation is an offence that a person established, with what was imposed for
// it: a row for each penalty, and one for a case that has none.
type Violation struct {
	Case        int64
	Room        string
	Kind        CaseKind
	SKU         string
	Title       string
	Category    claims.Category
	Outcome     Outcome
	Established time.Time
	Offence     Offence // without a penalty only who, as far as the case tells
	Number      int     // of the penalty in its case; 0: none was imposed
	Penalty     Penalty
	Contested   bool     // an appeal against the case is not decided yet
	Said        []string // the words of its confirmed flags, with the rules that
	Rules       []string // fired and the law that they cite, each once
	Laws        []string
}

// Stands tells whether the violation counts: it was not reversed on appeal.
func (v *Violation) Stands() bool { return v.Penalty.State != PenaltyReversed }

// ViolationsOf lists what a case established, if anything.
func ViolationsOf(ctx context.Context, r Reader, c Case) ([]Violation, error) {
	if !c.State.Over() || c.State == CaseStateWithdrawn || !c.established() || c.Kind == CaseAppeal || c.Kind == CaseSpotCheck {
		return nil, nil
	}
	v := Violation{
		Case: c.ID, Room: c.Room, Kind: c.Kind, SKU: c.SKU, Title: c.Title, Category: c.Category, Outcome: c.Outcome, Established: c.resolvedAt(),
		Offence: Offence{By: offenderOf(c), Subject: c.onlyOne(offenderOf(c))},
	}
	if err := v.cite(ctx, r, c); err != nil {
		return nil, fmt.Errorf("violation of %s: %w", caseName(c.ID), err)
	}
	appeals, err := r.CasesOf(ctx, Link{LinkAppealed, number(c.ID)}, lastPage, 0)
	if err != nil {
		return nil, fmt.Errorf("violation of %s: %w", caseName(c.ID), err)
	}
	for _, a := range appeals {
		v.Contested = v.Contested || !a.State.Over()
	}
	if len(c.Penalties) == 0 {
		return []Violation{v}, nil
	}
	var out []Violation
	for i, p := range c.Penalties {
		v.Number, v.Penalty, v.Offence = i+1, p, p.Offence
		out = append(out, v)
	}
	return out, nil
}

// resolvedAt is when a case was given its outcome, as far as its clocks tell.
func (c *Case) resolvedAt() time.Time {
	if at := c.metAt(decided); !at.IsZero() {
		return at
	}
	return c.ChangedAt
}

// cite gathers what the confirmed flags found.
func (v *Violation) cite(ctx context.Context, r Reader, c Case) error {
	for _, id := range c.Flags {
		f, err := r.Flag(ctx, id)
		if err != nil {
			return found(flagName(id), err)
		}
		if f.Status == FlagConfirmed {
			v.Said, v.Rules, v.Laws = append(v.Said, f.Finding.Said), append(v.Rules, f.Finding.Rule), append(v.Laws, f.Finding.Law)
		}
	}
	for _, list := range []*[]string{&v.Said, &v.Rules, &v.Laws} {
		*list = slices.DeleteFunc(unique(*list), func(s string) bool { return s == "" })
	}
	return nil
}
