package sqlite

import (
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// What people ruled on a case, as its detail keeps it.

type penaltyRow struct {
	By          string           `json:"by"`
	Subject     string           `json:"subject"`
	Kind        string           `json:"kind"`
	Gravity     string           `json:"gravity"`
	Measures    []policy.Measure `json:"measures"`
	FineFen     int64            `json:"fine_fen"`
	State       string           `json:"state"`
	ImposedBy   string           `json:"imposed_by"`
	At          int64            `json:"at"`
	Policy      string           `json:"policy"`
	Version     string           `json:"version"`
	Recommended []policy.Measure `json:"recommended"`
	Points      int64            `json:"points"`
	Why         string           `json:"why"`
	WhyEN       string           `json:"why_en"`
	Reason      string           `json:"reason"`
	EndedBy     string           `json:"ended_by"`
	EndedAt     int64            `json:"ended_at"`
	EndReason   string           `json:"end_reason"`
	Appeal      int64            `json:"appeal"`
}

func penaltyRows(list []moderation.Penalty) []penaltyRow {
	var out []penaltyRow
	for _, p := range list {
		out = append(out, penaltyRow{
			By: string(p.By), Subject: p.Subject, Kind: p.Kind, Gravity: p.Gravity, Measures: p.Measures, FineFen: p.FineFen, State: string(p.State),
			ImposedBy: p.ImposedBy, At: moderation.Stamp(p.At), Policy: p.Policy, Version: p.Version, Recommended: p.Recommended, Points: p.Points,
			Why: p.Why, WhyEN: p.WhyEN, Reason: p.Reason, EndedBy: p.EndedBy, EndedAt: moderation.Stamp(p.EndedAt), EndReason: p.EndReason, Appeal: p.Appeal,
		})
	}
	return out
}

func penaltiesOf(rows []penaltyRow) []moderation.Penalty {
	var out []moderation.Penalty
	for _, r := range rows {
		out = append(out, moderation.Penalty{
			Offence:  moderation.Offence{By: moderation.Offender(r.By), Subject: r.Subject, Kind: r.Kind, Gravity: r.Gravity},
			Measures: orNil(r.Measures), FineFen: r.FineFen, State: moderation.PenaltyState(r.State), ImposedBy: r.ImposedBy, At: moderation.Unstamp(r.At),
			Policy: r.Policy, Version: r.Version, Recommended: orNil(r.Recommended), Points: r.Points, Why: r.Why, WhyEN: r.WhyEN, Reason: r.Reason,
			EndedBy: r.EndedBy, EndedAt: moderation.Unstamp(r.EndedAt), EndReason: r.EndReason, Appeal: r.Appeal,
		})
	}
	return out
}

type appealRow struct {
	By        string   `json:"by"`
	Ruling    string   `json:"ruling"`
	RuledAt   int64    `json:"ruled_at"`
	RaisedAt  int64    `json:"raised_at"`
	Evidence  int64    `json:"evidence"`
	Policy    string   `json:"policy"`
	Version   string   `json:"version"`
	Window    string   `json:"window"`
	Until     int64    `json:"until"`
	Late      bool     `json:"late"`
	DecidedBy []string `json:"decided_by"`
}

func appealRowOf(a moderation.Appeal) appealRow {
	return appealRow{
		By: string(a.By), Ruling: a.Ruling, RuledAt: moderation.Stamp(a.RuledAt), RaisedAt: moderation.Stamp(a.RaisedAt), Evidence: a.Evidence,
		Policy: a.Policy, Version: a.Version, Window: a.Window, Until: moderation.Stamp(a.Until), Late: a.Late, DecidedBy: a.DecidedBy,
	}
}

func (r appealRow) appeal() moderation.Appeal {
	return moderation.Appeal{
		By: moderation.Offender(r.By), Ruling: r.Ruling, RuledAt: moderation.Unstamp(r.RuledAt), RaisedAt: moderation.Unstamp(r.RaisedAt), Evidence: r.Evidence,
		Policy: r.Policy, Version: r.Version, Window: r.Window, Until: moderation.Unstamp(r.Until), Late: r.Late, DecidedBy: orNil(r.DecidedBy),
	}
}

type planRow struct {
	By       string `json:"by"`
	Only     string `json:"only"`
	Size     int    `json:"size"`
	Permille int    `json:"permille"`
	From     int64  `json:"from"`
	To       int64  `json:"to"`
	Seed     int64  `json:"seed"`
	DrawnAt  int64  `json:"drawn_at"`
	Of       int    `json:"of"`
}

func planRowOf(p moderation.SamplePlan) planRow {
	return planRow{
		By: string(p.By), Only: p.Only, Size: p.Size, Permille: p.Permille, From: moderation.Stamp(p.From), To: moderation.Stamp(p.To), Seed: p.Seed,
		DrawnAt: moderation.Stamp(p.DrawnAt), Of: p.Of,
	}
}

func (r planRow) plan() moderation.SamplePlan {
	return moderation.SamplePlan{
		By: moderation.SampleBy(r.By), Only: r.Only, Size: r.Size, Permille: r.Permille, From: moderation.Unstamp(r.From), To: moderation.Unstamp(r.To), Seed: r.Seed,
		DrawnAt: moderation.Unstamp(r.DrawnAt), Of: r.Of,
	}
}

type sampledRow struct {
	Flag    int64  `json:"flag"`
	Verdict string `json:"verdict"`
	By      string `json:"by"`
	At      int64  `json:"at"`
	Reason  string `json:"reason"`
	First   string `json:"first"`
	FirstBy string `json:"first_by"`
}

func sampledRows(list []moderation.Sampled) []sampledRow {
	var out []sampledRow
	for _, s := range list {
		out = append(out, sampledRow{
			Flag: s.Flag, Verdict: string(s.Verdict), By: s.By, At: moderation.Stamp(s.At), Reason: s.Reason, First: string(s.First), FirstBy: s.FirstBy,
		})
	}
	return out
}

func sampleOf(rows []sampledRow) []moderation.Sampled {
	var out []moderation.Sampled
	for _, r := range rows {
		out = append(out, moderation.Sampled{
			Flag: r.Flag, Verdict: moderation.FlagStatus(r.Verdict), By: r.By, At: moderation.Unstamp(r.At), Reason: r.Reason,
			First: moderation.FlagStatus(r.First), FirstBy: r.FirstBy,
		})
	}
	return out
}
