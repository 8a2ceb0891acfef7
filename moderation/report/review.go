package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/moderation"
)

// A Review is what a supervisor looks at while the broadcast still runs: how the
// flags of each rule were judged, who decided how much, and how far second
// reviews agreed.
type Review struct {
	Rules  []Precision // the most judged first
	People []Load      // who decided most first
	Checks moderation.SpotChecks
}

// A Load is what somebody at the desk has decided and has in hand.
type Load struct {
	Name                 string
	Confirmed, Dismissed int
	Median               time.Duration // from what was said to their decision
	Decided              int           // how many Median is of
	Holding              int           // cases they have now
	Resolved             int

	waits []time.Duration
}

// ReviewOf reads a room's review as its rows stand: the flags raised since then,
// and all its cases. What was decided and undone is not told; a report counts
// it. now is the desk's time, by which cases are held.
func ReviewOf(ctx context.Context, r moderation.Reader, room string, since, now time.Time) (*Review, error) {
	rules, people := ruleTable{}, loads{}
	flags, err := r.Flags(ctx, moderation.Page{Room: room, Since: since})
	if err != nil {
		return nil, fmt.Errorf("review of the flags: %w", err)
	}
	for i := range flags {
		f := &flags[i]
		rules.add(f.Finding.Rule, f.Status)
		people.decided(f)
	}
	cases, err := r.Cases(ctx, moderation.Page{Room: room})
	if err != nil {
		return nil, fmt.Errorf("review of the cases: %w", err)
	}
	for i := range cases {
		people.worked(&cases[i], now)
	}
	checks, err := moderation.SpotChecksOf(ctx, r, room, time.Time{})
	if err != nil {
		return nil, err
	}
	return &Review{Rules: rules.sorted(), People: people.sorted(), Checks: checks}, nil
}

// loads are people by name.
type loads map[string]*Load

func (l loads) of(name string) *Load {
	if l[name] == nil {
		l[name] = &Load{Name: name}
	}
	return l[name]
}

func (l loads) decided(f *moderation.Flag) {
	if f.DecidedBy == "" {
		return
	}
	p := l.of(f.DecidedBy)
	switch f.Status {
	case moderation.FlagConfirmed:
		p.Confirmed++
	case moderation.FlagDismissed:
		p.Dismissed++
	default:
		return
	}
	if wait := f.DecidedAt.Sub(f.At); wait >= 0 {
		p.waits = append(p.waits, wait)
	}
}

func (l loads) worked(c *moderation.Case, now time.Time) {
	if by := c.Holder(now); by != "" && !c.State.Over() {
		l.of(by).Holding++
	}
	if c.ResolvedBy != "" && c.State.Over() {
		l.of(c.ResolvedBy).Resolved++
	}
}

func (l loads) sorted() []Load {
	var out []Load
	for _, p := range l {
		p.Decided, p.Median = len(p.waits), median(p.waits)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Load) int {
		return cmp.Or(cmp.Compare(b.Confirmed+b.Dismissed, a.Confirmed+a.Dismissed), cmp.Compare(b.Holding, a.Holding), cmp.Compare(a.Name, b.Name))
	})
	return out
}
