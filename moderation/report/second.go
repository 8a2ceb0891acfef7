package report

import (
	"fmt"
	"math"

	"liveroom/moderation"
	"liveroom/moderation/agreement"
	"liveroom/moderation/backtest"
)

// readSpotChecks sums up what second reviews made of the broadcast's flags.
func (m *maker) readSpotChecks() (err error) {
	m.Second, err = moderation.SpotChecksAmong(m.ctx, m.record, m.all, func(id int64) bool { return m.flags[id] != nil })
	return err
}

func (r *Report) spotCheckTable() *Table {
	t := &Table{Name: "spot_checks", Columns: []Column{{"checks", Counts}, {"sampled", Counts}, {"reviewed", Counts}, {"overtaken", Counts}}}
	s := r.Second
	t.add(Count(s.Checks), Count(s.Sampled), Count(s.Reviewed), Count(s.Overtaken))
	return t
}

func (r *Report) agreementTable() *Table {
	t := &Table{Name: "agreement", Shown: shownFigures, Columns: []Column{
		{"agreement_of", Words},
		{"name", Texts},
		{"judged", Counts},
		{"alike", Counts},
		{"alike_share", Shares},
		{"kappa", Agreements},
		{"confirmed_again", Counts},
		{"confirmed_then_dismissed", Counts},
		{"dismissed_then_confirmed", Counts},
		{"dismissed_again", Counts},
	}}
	if r.Second.Reviewed == 0 {
		return t
	}
	for _, a := range r.Second.Figures {
		f, n := a.Table.Measure(), a.Table
		t.add(word("agreement", a.Of), words(a.Name), Count(f.N), Count(f.Agreed), Rate(backtest.Share{K: int(f.Agreed), N: int(f.N)}), Kappa(f),
			Count(n[0][0]), Count(n[0][1]), Count(n[1][0]), Count(n[1][1]))
	}
	return t
}

// spotCheckLine says how much was looked at again.
func (r *Report) spotCheckLine(s speaker) string {
	c := r.Second
	return s.T("page.spot_checks", c.Checks, c.Sampled, c.Reviewed, c.Overtaken)
}

// kappa writes a figure of agreement beyond chance, or why there is none.
func (s speaker) kappa(f agreement.Figure) (figure, note string) {
	if f.Kappa == nil {
		return s.T("kappa." + string(f.Why)), s.T("kappa.n", f.N)
	}
	figure = fmt.Sprintf("%.2f", *f.Kappa)
	if f.Bounds == nil {
		note = s.T("kappa." + string(f.NoBounds))
	} else {
		note = fmt.Sprintf("%.2f…%.2f", f.Bounds.Low, f.Bounds.High)
	}
	note += " · " + s.T("kappa.n", f.N)
	if f.Few() {
		note += " · " + s.T("kappa.few", agreement.Few)
	}
	return figure, note
}

// jsonKappa is Cohen's kappa in JSON; null is a figure that there is none of, and
// why says why.
type jsonKappa struct {
	N           int64         `json:"n"`
	Kappa       *float64      `json:"kappa"`
	Low         *float64      `json:"low"`
	High        *float64      `json:"high"`
	Why         agreement.Gap `json:"why,omitzero"`
	WhyNoBounds agreement.Gap `json:"why_no_interval,omitzero"`
	Few         bool          `json:"few,omitzero"`
}

func jsonKappaOf(f agreement.Figure) jsonKappa {
	// Of some hundred judgements four places say more than there is.
	round := func(x float64) *float64 { return new(math.Round(x*1e4) / 1e4) }
	out := jsonKappa{N: f.N, Why: f.Why, WhyNoBounds: f.NoBounds, Few: f.Few()}
	if f.Kappa != nil {
		out.Kappa = round(*f.Kappa)
	}
	if f.Bounds != nil {
		out.Low, out.High = round(f.Bounds.Low), round(f.Bounds.High)
	}
	return out
}
