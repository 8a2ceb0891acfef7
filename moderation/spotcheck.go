package moderation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// SampleBy is what a spot check draws evenly over.
type SampleBy string

// What a sample can be drawn by: from all at once, or so much from each host,
// rule or moderator.
const (
	SampleRandom    SampleBy = "random"
	SampleHost      SampleBy = "host"
	SampleRule      SampleBy = "rule"
	SampleModerator SampleBy = "moderator"
)

// LinkSpotCheck leads from a room to its spot checks.
const LinkSpotCheck LinkKind = "spot_check"

// A SamplePlan says which decided flags a spot check looks at again. The same
// plan with the same seed draws the same from the same decisions.
type SamplePlan struct {
	By       SampleBy
	Only     string    // of one host, rule or moderator alone; "" : of all
	Size     int       // how many of each part; 0: Permille says
	Permille int       // how many of a thousand of each part, rounded up
	From, To time.Time // when they were decided: from the one, before the other; zero: without bound
	Seed     int64     // what draws; 0: taken from the ledger's root, which nobody chooses
	DrawnAt  time.Time // set by the draw
	Of       int       // from how many; set by the draw
}

// Sampled is a flag of a spot check. It holds nothing of the first decision
// until somebody else has reviewed the flag: who looks again shall not know.
type Sampled struct {
	Flag    int64
	Verdict FlagStatus // of the review: confirmed or dismissed; "" : not reviewed
	By      string
	At      time.Time
	Reason  string
	First   FlagStatus // the first decision, as it was when reviewed
	FirstBy string
}

// Reviewed tells whether somebody has looked at it again.
func (s *Sampled) Reviewed() bool { return s.Verdict != "" }

// maxSample is how many flags one spot check may hold: about a day's work.
const maxSample = 500

// maxSeed keeps seeds within what every reader of JSON reads exactly.
const maxSeed = 1<<53 - 1

// Draw picks n of the ids by a seed: those whose SHA-256, seed and id as eight
// bytes each, is lowest, lowest first. It hangs on nothing else, so that anybody
// can draw again.
func Draw(seed int64, ids []int64, n int) []int64 {
	sums := make(map[int64][sha256.Size]byte, len(ids))
	for _, id := range ids {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], uint64(seed))
		binary.BigEndian.PutUint64(b[8:], uint64(id))
		sums[id] = sha256.Sum256(b[:])
	}
	drawn := slices.Sorted(slices.Values(ids))
	slices.SortStableFunc(drawn, func(x, y int64) int {
		a, b := sums[x], sums[y]
		return bytes.Compare(a[:], b[:])
	})
	return drawn[:min(n, len(drawn))]
}

// of is how many of a part the plan draws.
func (p *SamplePlan) of(part int) int {
	if p.Size > 0 {
		return min(p.Size, part)
	}
	return (part*p.Permille + 999) / 1000
}

func (p *SamplePlan) sound() bool {
	known := slices.Contains([]SampleBy{SampleRandom, SampleHost, SampleRule, SampleModerator}, p.By)
	return known && (p.By != SampleRandom || p.Only == "") && p.Size >= 0 && p.Size <= maxSample && p.Permille >= 0 && p.Permille <= 1000 &&
		(p.Size > 0) != (p.Permille > 0) && p.Seed >= 0 && p.Seed <= maxSeed && (p.To.IsZero() || p.From.Before(p.To))
}

// candidates are the plan's flags of a room by part: decided in its time, and in
// no spot check before.
func (p *SamplePlan) candidates(ctx context.Context, r Reader, room string) (map[string][]int64, error) {
	before, err := sampledBefore(ctx, r, room)
	if err != nil {
		return nil, err
	}
	parts := make(map[string][]int64)
	for page := (Page{Room: room, Limit: auditPage}); ; {
		flags, err := r.Flags(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, f := range flags {
			page.After = f.ID
			if before[f.ID] || !p.covers(f) {
				continue
			}
			part, err := p.part(ctx, r, f)
			if err != nil {
				return nil, err
			}
			if p.Only == "" || p.Only == part {
				parts[part] = append(parts[part], f.ID)
			}
		}
		if len(flags) < auditPage {
			return parts, nil
		}
	}
}

func (p *SamplePlan) covers(f Flag) bool {
	return (f.Status == FlagConfirmed || f.Status == FlagDismissed) && !f.DecidedAt.Before(p.From) && (p.To.IsZero() || f.DecidedAt.Before(p.To))
}

func (p *SamplePlan) part(ctx context.Context, r Reader, f Flag) (string, error) {
	switch p.By {
	case SampleRule:
		return f.Finding.Rule, nil
	case SampleModerator:
		return f.DecidedBy, nil
	case SampleHost:
		return hostOf(ctx, r, f)
	}
	return "", nil
}

// sampledBefore are the flags of a room that a spot check holds.
func sampledBefore(ctx context.Context, r Reader, room string) (map[int64]bool, error) {
	cases, err := r.CasesOf(ctx, Link{LinkSpotCheck, room}, lastPage, 0)
	if err != nil {
		return nil, err
	}
	held := make(map[int64]bool)
	for _, c := range cases {
		for _, s := range c.Sample {
			held[s.Flag] = true
		}
	}
	return held, nil
}

// draw draws the plan's sample: so much of each part, in an order that tells
// nothing of the parts.
func (p *SamplePlan) draw(parts map[string][]int64) []Sampled {
	var all []int64
	for _, ids := range parts {
		p.Of += len(ids)
		all = append(all, Draw(p.Seed, ids, p.of(len(ids)))...)
	}
	var out []Sampled
	for _, id := range Draw(p.Seed, all, len(all)) {
		out = append(out, Sampled{Flag: id})
	}
	return out
}

// A SampleView is a flag of a spot check as who reviews it sees it.
type SampleView struct {
	// Flag is without anything of what was decided on it, until it is reviewed.
	Flag Flag
	Sampled
	// Overtaken: it was decided again since it was drawn, and drops out.
	Overtaken bool
	// Own: the viewer decided it, and somebody else reviews it.
	Own bool
}

// SpotCheck reads a spot check's sample as a person may see it: what was decided
// first is not told before the second verdict is in the record.
func (d *Desk) SpotCheck(ctx context.Context, who Actor, id int64) (Case, []SampleView, error) {
	var c Case
	var views []SampleView
	err := d.store.Snapshot(ctx, func(r Record) error {
		views = nil
		var err error
		if c, err = r.Case(ctx, id); err != nil {
			return found(caseName(id), err)
		}
		if !who.Role.Takes(c.Kind) || c.Kind != CaseSpotCheck {
			return refuse(CodeNotYours, "role", string(who.Role), "kind", string(c.Kind))
		}
		for _, s := range c.Sample {
			f, err := r.Flag(ctx, s.Flag)
			if err != nil {
				return found(flagName(s.Flag), err)
			}
			v := SampleView{Flag: f, Sampled: s, Overtaken: !s.Reviewed() && c.overtaken(f), Own: !s.Reviewed() && f.DecidedBy == who.Name}
			if !s.Reviewed() {
				v.Flag = f.undecided()
			}
			views = append(views, v)
		}
		return nil
	})
	if err != nil {
		return Case{}, nil, fmt.Errorf("spot check %s: %w", caseName(id), err)
	}
	return c, views, nil
}

// overtaken tells whether a flag of the sample was decided again since.
func (c *Case) overtaken(f Flag) bool { return !c.Plan.covers(f) || f.DecidedAt.After(c.Plan.DrawnAt) }

// undecided is a flag as it was before anybody decided on it.
func (f Flag) undecided() Flag {
	return Flag{
		ID: f.ID, Room: f.Room, Event: f.Event, EventID: f.EventID, At: f.At, Finding: f.Finding, Text: f.Text, Shown: f.Shown, Status: FlagOpen,
	}
}
