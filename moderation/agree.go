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
	sum := newSpotCheckSum(r, func(int64) bool { return true })
	sum.since = since
	for page := (Page{Room: room, Limit: auditPage}); ; {
		cases, err := r.Cases(ctx, page)
		if err != nil {
			return SpotChecks{}, fmt.Errorf("spot checks: %w", err)
		}
		for _, c := range cases {
			page.After = c.ID
			if err := sum.add(ctx, &c); err != nil {
				return SpotChecks{}, err
			}
		}
		if len(cases) < auditPage {
			return sum.done(), nil
		}
	}
}

// SpotChecksAmong is what the spot checks among cases came to, as far as they are
// about these flags.
func SpotChecksAmong(ctx context.Context, r Reader, cases []Case, about func(flag int64) bool) (SpotChecks, error) {
	sum := newSpotCheckSum(r, about)
	for i := range cases {
		if err := sum.add(ctx, &cases[i]); err != nil {
			return SpotChecks{}, err
		}
	}
	return sum.done(), nil
}

// A spotCheckSum sums up spot checks one by one.
type spotCheckSum struct {
	SpotChecks
	record Reader
	about  func(flag int64) bool // other flags do not count
	since  time.Time             // reviews made before do not count
	rows   map[AgreementOf]map[string]agreement.Table
}

func newSpotCheckSum(r Reader, about func(int64) bool) *spotCheckSum {
	return &spotCheckSum{record: r, about: about, rows: map[AgreementOf]map[string]agreement.Table{
		OfAll: {"": agreement.New(2)}, OfModerator: {}, OfRule: {},
	}}
}

func (s *spotCheckSum) add(ctx context.Context, c *Case) error {
	if c.Kind != CaseSpotCheck || c.State == CaseStateWithdrawn {
		return nil
	}
	sampled := slices.DeleteFunc(slices.Clone(c.Sample), func(one Sampled) bool { return !s.about(one.Flag) })
	if len(sampled) > 0 || len(c.Sample) == 0 {
		s.Checks++
	}
	for _, one := range sampled {
		f, err := s.record.Flag(ctx, one.Flag)
		if err != nil {
			return fmt.Errorf("spot check %s: %w", caseName(c.ID), found(flagName(one.Flag), err))
		}
		s.Sampled++
		switch {
		case !one.Reviewed() && c.overtaken(f):
			s.Overtaken++
			continue
		case !one.Reviewed() || one.At.Before(s.since):
			continue
		}
		s.Reviewed++
		for of, name := range map[AgreementOf]string{OfAll: "", OfModerator: one.FirstBy, OfRule: f.Finding.Rule} {
			if s.rows[of][name] == nil {
				s.rows[of][name] = agreement.New(2)
			}
			s.rows[of][name][verdictAt(one.First)][verdictAt(one.Verdict)]++
		}
	}
	return nil
}

// done is the sum, with its figures.
func (s *spotCheckSum) done() SpotChecks {
	for _, of := range []AgreementOf{OfAll, OfModerator, OfRule} {
		for _, name := range slices.SortedFunc(maps.Keys(s.rows[of]), cmp.Compare[string]) {
			s.Figures = append(s.Figures, Agreement{of, name, s.rows[of][name]})
		}
	}
	return s.SpotChecks
}

// verdictAt is the place of a verdict in a table.
func verdictAt(s FlagStatus) int {
	if s == FlagConfirmed {
		return 0
	}
	return 1
}
