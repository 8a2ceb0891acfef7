package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"liveroom/moderation"
)

// caseRow is a case as the listing prints it.
type caseRow struct {
	ID         int64                `json:"id"`
	Room       string               `json:"room"`
	Kind       moderation.CaseKind  `json:"kind"`
	State      moderation.CaseState `json:"state"`
	Title      string               `json:"title"`
	SKU        string               `json:"sku,omitzero"`
	Owner      string               `json:"owner,omitzero"`
	LeaseUntil time.Time            `json:"lease_until,omitzero"`
	Outcome    moderation.Outcome   `json:"outcome,omitzero"`
	ResolvedBy string               `json:"resolved_by,omitzero"`
	Flags      []int64              `json:"flags"`
	Complaints []int64              `json:"complaints"`
	Orders     []string             `json:"orders"`
	Buyers     []string             `json:"buyers,omitempty"`
	Host       string               `json:"host,omitzero"`
	Merchant   string               `json:"merchant,omitzero"`
	Related    []int64              `json:"related,omitempty"`
	AppealOf   int64                `json:"appeal_of,omitzero"`
	Appeal     *appealRow           `json:"appeal,omitempty"`
	Notes      []noteRow            `json:"notes"`
	Replies    []replyRow           `json:"replies,omitempty"`
	Clocks     []clockRow           `json:"clocks,omitempty"`
	Watchers   []string             `json:"watchers,omitempty"`
	Skips      []skipRow            `json:"skips,omitempty"`
	Penalties  []penaltyRow         `json:"penalties,omitempty"`
	Plan       *planRow             `json:"plan,omitempty"`
	Sample     []sampledRow         `json:"sample,omitempty"`
	SnoozedTo  time.Time            `json:"snoozed_to,omitzero"`
	Escalated  time.Time            `json:"escalated,omitzero"`
	Facts      []givenRow           `json:"facts,omitempty"`
	Payments   []paymentRow         `json:"payments,omitempty"`
	StakeFen   int64                `json:"stake_fen,omitzero"`
	OpenedBy   string               `json:"opened_by"`
	OpenedAt   time.Time            `json:"opened_at"`
	DueAt      time.Time            `json:"due_at,omitzero"`
	ClosedAt   time.Time            `json:"closed_at,omitzero"`
	Version    int64                `json:"version"`
	Points     int                  `json:"points,omitzero"` // with --urgent, and what they are made of
	Reasons    []reasonRow          `json:"reasons,omitempty"`
}

type reasonRow struct {
	Code   moderation.ReasonCode `json:"code"`
	Points int                   `json:"points"`
	Of     int64                 `json:"of"`
}

type noteRow struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// replyRow is what a buyer was answered; by_hand: the person sent it themselves.
type replyRow struct {
	Complaint int64     `json:"complaint"`
	Template  string    `json:"template,omitzero"`
	Text      string    `json:"text"`
	ByHand    bool      `json:"by_hand,omitzero"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

type skipRow struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

type clockRow struct {
	Name     string     `json:"name"`
	Policy   string     `json:"policy,omitzero"`
	Version  string     `json:"version,omitzero"`
	Text     string     `json:"text,omitzero"`
	Within   string     `json:"within,omitzero"`
	Started  time.Time  `json:"started"`
	Earliest time.Time  `json:"earliest,omitzero"`
	Due      time.Time  `json:"due"`
	Pauses   []pauseRow `json:"pauses,omitempty"`
	MetAt    time.Time  `json:"met_at,omitzero"`
	MissedAt time.Time  `json:"missed_at,omitzero"`
}

type pauseRow struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`
	Reason string    `json:"reason"`
}

func caseLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	if opt.urgent {
		return urgentCases(ctx, r, p, opt)
	}
	rows, err := asked(ctx, r, p, opt, r.Cases)
	return rowsOf(rows, err, func(c moderation.Case) int64 { return c.ID }, func(c moderation.Case) (any, error) {
		return showCase(c, opt.veil.of(c.ID == opt.veil.incident))
	})
}

// urgentCases are all that are not over at once: their order is no key to go on
// from.
func urgentCases(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	if p.After > 0 {
		return nil, 0, nil
	}
	now, err := momentOf(opt.at)
	if err != nil {
		return nil, 0, err
	}
	queue, err := moderation.QueueOf(ctx, r, p.Room, 0, now)
	queue = slices.DeleteFunc(queue, func(u moderation.Urgency) bool {
		return u.Case.OpenedAt.Before(p.Since) || !opt.filter.Match(&u.Case, nil)
	})
	return rowsOf(queue, err, func(moderation.Urgency) int64 { return math.MaxInt64 }, func(u moderation.Urgency) (any, error) {
		row, err := showCase(u.Case, opt.veil.of(u.Case.ID == opt.veil.incident))
		row.Points = u.Points
		for _, why := range u.Reasons {
			row.Reasons = append(row.Reasons, reasonRow(why))
		}
		return row, err
	})
}

func showCase(c moderation.Case, v moderation.Veil) (caseRow, error) {
	row := caseRow{
		ID: c.ID, Room: c.Room, Kind: c.Kind, State: c.State, Title: v.Text(c.Title), SKU: c.SKU, Owner: c.Owner, LeaseUntil: c.LeaseUntil,
		Outcome: c.Outcome, ResolvedBy: c.ResolvedBy, Flags: c.Flags, Complaints: c.Complaints, Orders: each(c.Orders, v.Order),
		Buyers: each(c.Buyers, v.Account), Host: c.Host, Merchant: c.Merchant, Related: c.Related, AppealOf: c.AppealOf,
		Watchers: c.Watchers, SnoozedTo: c.SnoozedTo, Escalated: c.Escalated, StakeFen: c.StakeFen,
		OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt, DueAt: c.DueAt, ClosedAt: c.ClosedAt, Version: c.Version,
	}
	for _, n := range c.Notes {
		n.Text = v.Text(n.Text)
		row.Notes = append(row.Notes, noteRow(n))
	}
	for _, a := range c.Replies {
		a.Text = v.Text(a.Text)
		row.Replies = append(row.Replies, replyRow(a))
	}
	for _, s := range c.Skips {
		s.Reason = v.Text(s.Reason)
		row.Skips = append(row.Skips, skipRow(s))
	}
	if c.Kind == moderation.CaseAppeal && !c.Appeal.RaisedAt.IsZero() {
		row.Appeal = new(appealRow(c.Appeal))
	}
	if c.Plan != (moderation.SamplePlan{}) {
		row.Plan = new(planRow(c.Plan))
	}
	for _, s := range c.Sample {
		s.Reason = v.Text(s.Reason)
		row.Sample = append(row.Sample, sampledRow(s))
	}
	for _, g := range c.Facts {
		given, err := showGiven(g, v)
		if err != nil {
			return row, fmt.Errorf("case %d: %w", c.ID, err)
		}
		row.Facts = append(row.Facts, given)
	}
	for _, p := range c.Payments {
		row.Payments = append(row.Payments, showPayment(c, p, v))
	}
	for i, p := range c.Penalties {
		row.Penalties = append(row.Penalties, showPenalty(i+1, p, v))
	}
	for _, k := range c.Clocks {
		clock := clockRow{
			Name: k.Name, Policy: k.Policy, Version: k.Version, Text: k.Text, Within: k.Within, Started: k.Started, Earliest: k.Earliest, Due: k.Due, MetAt: k.MetAt, MissedAt: k.MissedAt,
		}
		for _, p := range k.Pauses {
			p.Reason = v.Text(p.Reason)
			clock.Pauses = append(clock.Pauses, pauseRow(p))
		}
		row.Clocks = append(row.Clocks, clock)
	}
	return row, nil
}

func each(list []string, hide func(string) string) []string {
	var out []string
	for _, s := range list {
		out = append(out, hide(s))
	}
	return out
}
