package sqlite

import (
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// factRow is a fact that a person added to a case.
type factRow struct {
	Fact  string `json:"fact"`
	Order string `json:"order"`
	Value string `json:"value"`
	Note  string `json:"note"`
	By    string `json:"by"`
	At    int64  `json:"at"`
}

// paymentRow is a proposal to pay.
type paymentRow struct {
	ID        int                     `json:"id"`
	Order     string                  `json:"order"`
	State     moderation.PaymentState `json:"state"`
	Policy    string                  `json:"policy"`
	Version   string                  `json:"version"`
	Title     policy.Text             `json:"title"`
	AmountFen int64                   `json:"amount_fen"`
	Working   policy.Text             `json:"working"`
	Payers    []policy.Party          `json:"payers"`
	Payee     policy.Party            `json:"payee"`
	Matter    string                  `json:"matter"`
	AsOf      int64                   `json:"as_of"`
	Kept      int64                   `json:"kept"`
	Answer    string                  `json:"answer"`
	By        string                  `json:"by"`
	At        int64                   `json:"at"`
	DecidedBy string                  `json:"decided_by"`
	DecidedAt int64                   `json:"decided_at"`
	Reason    string                  `json:"reason"`
	EndedBy   string                  `json:"ended_by"`
	EndedAt   int64                   `json:"ended_at"`
	Appeal    int64                   `json:"appeal"`
}

func factRows(facts []moderation.GivenFact) []factRow {
	var out []factRow
	for _, f := range facts {
		out = append(out, factRow{Fact: f.Fact, Order: f.Order, Value: f.Value, Note: f.Note, By: f.By, At: moderation.Stamp(f.At)})
	}
	return out
}

func factsOf(rows []factRow) []moderation.GivenFact {
	var out []moderation.GivenFact
	for _, r := range rows {
		out = append(out, moderation.GivenFact{Fact: r.Fact, Order: r.Order, Value: r.Value, Note: r.Note, By: r.By, At: moderation.Unstamp(r.At)})
	}
	return out
}

func paymentRows(payments []moderation.Payment) []paymentRow {
	var out []paymentRow
	for _, p := range payments {
		out = append(out, paymentRow{
			ID: p.ID, Order: p.Order, State: p.State, Policy: p.Policy, Version: p.Version, Title: p.Title, AmountFen: p.AmountFen,
			Working: p.Working, Payers: p.Payers, Payee: p.Payee, Matter: p.Matter, AsOf: moderation.Stamp(p.AsOf), Kept: p.Kept,
			Answer: p.Answer, By: p.By, At: moderation.Stamp(p.At), DecidedBy: p.DecidedBy, DecidedAt: moderation.Stamp(p.DecidedAt),
			Reason: p.Reason, EndedBy: p.EndedBy, EndedAt: moderation.Stamp(p.EndedAt), Appeal: p.Appeal,
		})
	}
	return out
}

func paymentsOf(rows []paymentRow) []moderation.Payment {
	var out []moderation.Payment
	for _, r := range rows {
		out = append(out, moderation.Payment{
			ID: r.ID, Order: r.Order, State: r.State, Policy: r.Policy, Version: r.Version, Title: r.Title, AmountFen: r.AmountFen,
			Working: r.Working, Payers: orNil(r.Payers), Payee: r.Payee, Matter: r.Matter, AsOf: moderation.Unstamp(r.AsOf), Kept: r.Kept,
			Answer: r.Answer, By: r.By, At: moderation.Unstamp(r.At), DecidedBy: r.DecidedBy, DecidedAt: moderation.Unstamp(r.DecidedAt),
			Reason: r.Reason, EndedBy: r.EndedBy, EndedAt: moderation.Unstamp(r.EndedAt), Appeal: r.Appeal,
		})
	}
	return out
}
