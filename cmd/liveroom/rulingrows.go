package main

import (
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// penaltyRow is a penalty as listings print it.
type penaltyRow struct {
	Number      int                     `json:"number"`
	By          moderation.Offender     `json:"by"`
	Subject     string                  `json:"subject"`
	Offence     string                  `json:"offence"`
	Gravity     string                  `json:"gravity"`
	Measures    []policy.Measure        `json:"measures"`
	FineFen     int64                   `json:"fine_fen,omitzero"`
	State       moderation.PenaltyState `json:"state"`
	ImposedBy   string                  `json:"imposed_by"`
	At          time.Time               `json:"at"`
	Policy      string                  `json:"policy"`
	Version     string                  `json:"version"`
	Recommended []policy.Measure        `json:"recommended"`
	Points      int64                   `json:"points"`
	Why         string                  `json:"why"`
	WhyEN       string                  `json:"why_en"`
	Reason      string                  `json:"reason,omitzero"`
	EndedBy     string                  `json:"ended_by,omitzero"`
	EndedAt     time.Time               `json:"ended_at,omitzero"`
	EndReason   string                  `json:"end_reason,omitzero"`
	Appeal      int64                   `json:"appeal,omitzero"`
}

func showPenalty(number int, p moderation.Penalty, v moderation.Veil) penaltyRow {
	row := penaltyRow{
		Number: number, By: p.By, Subject: p.Subject, Offence: p.Kind, Gravity: p.Gravity, Measures: p.Measures, FineFen: p.FineFen, State: p.State,
		ImposedBy: p.ImposedBy, At: p.At, Policy: p.Policy, Version: p.Version, Recommended: p.Recommended, Points: p.Points, Why: p.Why, WhyEN: p.WhyEN,
		Reason: v.Text(p.Reason), EndedBy: p.EndedBy, EndedAt: p.EndedAt, EndReason: v.Text(p.EndReason), Appeal: p.Appeal,
	}
	if p.By == moderation.OffenderBuyer {
		row.Subject = v.Account(p.Subject)
	}
	return row
}

// appealRow is what an appeal contests, as listings print it.
type appealRow struct {
	By        moderation.Offender `json:"by,omitzero"`
	Ruling    string              `json:"ruling,omitzero"`
	RuledAt   time.Time           `json:"ruled_at"`
	RaisedAt  time.Time           `json:"raised_at"`
	Evidence  int64               `json:"evidence"`
	Policy    string              `json:"policy,omitzero"`
	Version   string              `json:"version,omitzero"`
	Window    string              `json:"window,omitzero"`
	Until     time.Time           `json:"until,omitzero"`
	Late      bool                `json:"late,omitzero"`
	DecidedBy []string            `json:"decided_by,omitempty"`
}

// planRow is the plan of a spot check as listings print it.
type planRow struct {
	By       moderation.SampleBy `json:"by"`
	Only     string              `json:"only,omitzero"`
	Size     int                 `json:"size,omitzero"`
	Permille int                 `json:"permille,omitzero"`
	From     time.Time           `json:"from,omitzero"`
	To       time.Time           `json:"to,omitzero"`
	Seed     int64               `json:"seed"`
	DrawnAt  time.Time           `json:"drawn_at"`
	Of       int                 `json:"drawn_from"`
}

// sampledRow is a flag of a spot check. The first decision is not in the record
// before the second: whoever lists the case is told no more.
type sampledRow struct {
	Flag    int64                 `json:"flag"`
	Verdict moderation.FlagStatus `json:"verdict,omitzero"`
	By      string                `json:"by,omitzero"`
	At      time.Time             `json:"at,omitzero"`
	Reason  string                `json:"reason,omitzero"`
	First   moderation.FlagStatus `json:"first,omitzero"`
	FirstBy string                `json:"first_by,omitzero"`
}
