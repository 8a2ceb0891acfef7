package sqlite

import "liveroom/moderation"

// signalRow is a signal of a case in its column.
type signalRow struct {
	Rule    string   `json:"rule"`
	Buyer   string   `json:"buyer"`
	Address string   `json:"address"`
	Device  string   `json:"device,omitempty"`
	At      int64    `json:"at"`
	Value   int64    `json:"value"`
	Of      int64    `json:"of"`
	Line    int64    `json:"line"`
	Points  int      `json:"points"`
	Orders  []string `json:"orders"`
	Events  []int64  `json:"events"`
	Why     string   `json:"why"`
	WhyEN   string   `json:"why_en"`
}

// holdRow is an order that was held back.
type holdRow struct {
	Order      string             `json:"order"`
	By         string             `json:"by"`
	At         int64              `json:"at"`
	Reason     string             `json:"reason"`
	Frozen     int64              `json:"frozen"`
	Failed     string             `json:"failed"`
	Verdict    moderation.Verdict `json:"verdict"`
	SaidBy     string             `json:"said_by"`
	SaidAt     int64              `json:"said_at"`
	Note       string             `json:"note"`
	ReleasedBy string             `json:"released_by"`
	ReleasedAt int64              `json:"released_at"`
	Release    string             `json:"release"`
	Freed      int64              `json:"freed"`
}

func signalRows(signals []moderation.Signal) []signalRow {
	var out []signalRow
	for _, s := range signals {
		out = append(out, signalRow{
			Rule: s.Rule, Buyer: s.Buyer, Address: s.Address, Device: s.Device, At: moderation.Stamp(s.At), Value: s.Value, Of: s.Of, Line: s.Line,
			Points: s.Points, Orders: s.Orders, Events: s.Events, Why: s.Why, WhyEN: s.WhyEN,
		})
	}
	return out
}

func signalsOf(rows []signalRow) []moderation.Signal {
	var out []moderation.Signal
	for _, r := range rows {
		out = append(out, moderation.Signal{
			Rule: r.Rule, Buyer: r.Buyer, Address: r.Address, Device: r.Device, At: moderation.Unstamp(r.At), Value: r.Value, Of: r.Of, Line: r.Line,
			Points: r.Points, Orders: orNil(r.Orders), Events: orNil(r.Events), Why: r.Why, WhyEN: r.WhyEN,
		})
	}
	return out
}

func holdRows(holds []moderation.Hold) []holdRow {
	var out []holdRow
	for _, h := range holds {
		out = append(out, holdRow{
			Order: h.Order, By: h.By, At: moderation.Stamp(h.At), Reason: h.Reason, Frozen: moderation.Stamp(h.Frozen), Failed: h.Failed,
			Verdict: h.Verdict, SaidBy: h.SaidBy, SaidAt: moderation.Stamp(h.SaidAt), Note: h.Note,
			ReleasedBy: h.ReleasedBy, ReleasedAt: moderation.Stamp(h.ReleasedAt), Release: h.Release, Freed: moderation.Stamp(h.Freed),
		})
	}
	return out
}

func holdsOf(rows []holdRow) []moderation.Hold {
	var out []moderation.Hold
	for _, r := range rows {
		out = append(out, moderation.Hold{
			Order: r.Order, By: r.By, At: moderation.Unstamp(r.At), Reason: r.Reason, Frozen: moderation.Unstamp(r.Frozen), Failed: r.Failed,
			Verdict: r.Verdict, SaidBy: r.SaidBy, SaidAt: moderation.Unstamp(r.SaidAt), Note: r.Note,
			ReleasedBy: r.ReleasedBy, ReleasedAt: moderation.Unstamp(r.ReleasedAt), Release: r.Release, Freed: moderation.Unstamp(r.Freed),
		})
	}
	return out
}
