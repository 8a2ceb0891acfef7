package moderation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"liveroom/moderation/agreement"
)

// AgreementOf is what a figure of spot checks is about.
type AgreementOf string

// All of it, the decisions of one moderator, or those on flags of one rule.
const (
	OfAll       AgreementOf = "all"
	OfModerator AgreementOf = "moderator"
	OfRule      AgreementOf = "rule"
)

// Agreement is how far second reviews agree with the first decisions. Rows of
// the table are the first decision, columns the second, confirmed before
// dismissed.
type Agreement struct {
	Of    AgreementOf
	Name  string // of the moderator or the rule
	Table agreement.Table
}

// SpotChecks is what the spot checks of a record came to.
type SpotChecks struct {
	Checks    int
	Sampled   int
	Reviewed  int
	Overtaken int         // decided again before anybody reviewed them
	Figures   []Agreement // of all, then of each moderator and each rule, by name
}

// SpotChecksOf reads what the spot checks of a room, or with "" of all, came to:
// reviews made since a time.
func SpotChecksOf(ctx context.Context, r Reader, room string, since time.Time) (SpotChecks, error) {
	out := SpotChecks{}
	rows := map[AgreementOf]map[string]agreement.Table{OfAll: {"": agreement.New(2)}, OfModerator: {}, OfRule: {}}
	for page := (Page{Room: room, Limit: auditPage}); ; {
		cases, err := r.Cases(ctx, page)
		if err != nil {
			return out, fmt.Errorf("spot checks: %w", err)
		}
		for _, c := range cases {
			page.After = c.ID
			if c.Kind != CaseSpotCheck || c.State == CaseStateWithdrawn {
				continue
			}
			out.Checks++
			if err := out.add(ctx, r, c, since, rows); err != nil {
				return out, fmt.Errorf("spot check %s: %w", caseName(c.ID), err)
			}
		}
		if len(cases) < auditPage {
			break
		}
	}
	for _, of := range []AgreementOf{OfAll, OfModerator, OfRule} {
		for _, name := range slices.SortedFunc(maps.Keys(rows[of]), cmp.Compare[string]) {
			out.Figures = append(out.Figures, Agreement{of, name, rows[of][name]})
		}
	}
	return out, nil
}

func (s *SpotChecks) add(ctx context.Context, r Reader, c Case, since time.Time, rows map[AgreementOf]map[string]agreement.Table) error {
	for _, one := range c.Sample {
		f, err := r.Flag(ctx, one.Flag)
		if err != nil {
			return found(flagName(one.Flag), err)
		}
		s.Sampled++
		switch {
		case !one.Reviewed() && c.overtaken(f):
			s.Overtaken++
			continue
		case !one.Reviewed() || one.At.Before(since):
			continue
		}
		s.Reviewed++
		for of, name := range map[AgreementOf]string{OfAll: "", OfModerator: one.FirstBy, OfRule: f.Finding.Rule} {
			if rows[of][name] == nil {
				rows[of][name] = agreement.New(2)
			}
			rows[of][name][verdictAt(one.First)][verdictAt(one.Verdict)]++
		}
	}
	return nil
}

// verdictAt is the place of a verdict in a table.
func verdictAt(s FlagStatus) int {
	if s == FlagConfirmed {
		return 0
	}
	return 1
}
