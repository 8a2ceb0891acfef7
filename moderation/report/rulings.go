package report

import (
	"strings"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// A Payment is a proposal to pay for an order. The program moves no money.
type Payment struct {
	Case      int64
	Order     string // the end of its number
	Policy    string
	Title     policy.Text
	AmountFen int64
	Working   policy.Text
	Payers    policy.Text
	State     moderation.PaymentState
	By        string
	At        time.Time
	DecidedBy string // who approved, refused or withdrew it, or upheld the appeal against it
	DecidedAt time.Time
	Reason    string
}

// A Penalty is what a person imposed on who offended.
type Penalty struct {
	Case     int64
	Offender moderation.Offender
	Subject  string // hidden of a buyer
	Offence  string
	Gravity  string
	Measures policy.Text
	FineFen  int64
	Points   int64
	State    moderation.PenaltyState
	By       string
	At       time.Time
	EndedBy  string
	EndedAt  time.Time
	Why      policy.Text // how the ladder came to it
	Reason   string
}

// A Hold is an order that people had held back.
type Hold struct {
	Case       int64
	Order      string // the end of its number
	By         string
	At         time.Time
	Reason     string
	Frozen     time.Time
	Verdict    moderation.Verdict
	ReleasedBy string
	ReleasedAt time.Time
}

// addRulings notes what people decided in a case about money, penalties and held
// orders.
func (m *maker) addRulings(c *moderation.Case) {
	for i := range c.Payments {
		p := &c.Payments[i]
		line := Payment{
			Case: c.ID, Order: m.veil.Order(p.Order), Policy: p.Policy, Title: p.Title, AmountFen: p.AmountFen, Working: p.Working,
			State: p.State, By: p.By, At: p.At, DecidedBy: firstOf(p.EndedBy, p.DecidedBy), DecidedAt: later(p.DecidedAt, p.EndedAt), Reason: m.veil.Text(p.Reason),
		}
		for _, payer := range p.Payers {
			line.Payers = join(line.Payers, payer.Text())
		}
		m.Payments = append(m.Payments, line)
	}
	for i := range c.Penalties {
		p := &c.Penalties[i]
		line := Penalty{
			Case: c.ID, Offender: p.By, Subject: p.Subject, Offence: p.Kind, Gravity: p.Gravity, FineFen: p.FineFen, Points: p.Points, State: p.State,
			By: p.ImposedBy, At: p.At, EndedBy: p.EndedBy, EndedAt: p.EndedAt, Why: policy.Text{ZH: m.veil.Text(p.Why), EN: m.veil.Text(p.WhyEN)},
			Reason: m.veil.Text(firstOf(p.EndReason, p.Reason)),
		}
		if p.By == moderation.OffenderBuyer {
			line.Subject = m.veil.Account(p.Subject)
		}
		for _, measure := range p.Measures {
			line.Measures = join(line.Measures, measure.Text())
		}
		m.Penalty = append(m.Penalty, line)
	}
	for i := range c.Holds {
		h := &c.Holds[i]
		m.Holds = append(m.Holds, Hold{
			Case: c.ID, Order: m.veil.Order(h.Order), By: h.By, At: h.At, Reason: m.veil.Text(h.Reason), Frozen: h.Frozen, Verdict: h.Verdict,
			ReleasedBy: h.ReleasedBy, ReleasedAt: h.ReleasedAt,
		})
	}
}

// join puts one more behind a list in both languages.
func join(list, more policy.Text) policy.Text {
	if list.ZH == "" {
		return more
	}
	return policy.Text{ZH: strings.Join([]string{list.ZH, more.ZH}, "、"), EN: strings.Join([]string{list.EN, more.EN}, ", ")}
}

func (r *Report) paymentTable() *Table {
	t := &Table{Name: "payments", Shown: shownCases, Columns: []Column{
		{"case", Counts},
		{"order", Texts},
		{"policy", Texts},
		{"policy_title", Texts},
		{"amount_fen", Money},
		{"working", Texts},
		{"payers", Texts},
		{"payment_state", Words},
		{"proposed_by", Texts},
		{"proposed_at", Moments},
		{"decided_by", Texts},
		{"decided_at", Moments},
		{"reason", Texts},
	}}
	for _, p := range r.Payments {
		t.add(Count(p.Case), words(p.Order), words(p.Policy), both(p.Title), Fen(p.AmountFen), both(p.Working), both(p.Payers),
			word("payment", p.State), words(p.By), moment(p.At), words(p.DecidedBy), moment(p.DecidedAt), words(p.Reason))
	}
	return t
}

func (r *Report) penaltyTable() *Table {
	t := &Table{Name: "penalties", Shown: shownCases, Columns: []Column{
		{"case", Counts},
		{"offender", Words},
		{"subject", Texts},
		{"offence", Words},
		{"gravity", Words},
		{"measures", Texts},
		{"fine_fen", Money},
		{"points", Counts},
		{"penalty_state", Words},
		{"imposed_by", Texts},
		{"imposed_at", Moments},
		{"ended_by", Texts},
		{"ended_at", Moments},
		{"why", Texts},
		{"reason", Texts},
	}}
	for _, p := range r.Penalty {
		t.add(Count(p.Case), word("offender", p.Offender), words(p.Subject), word("offence", p.Offence), word("severity", p.Gravity), both(p.Measures),
			orNone(p.FineFen > 0, Fen(p.FineFen)), Count(p.Points), word("penalty", p.State), words(p.By), moment(p.At), words(p.EndedBy), moment(p.EndedAt),
			both(p.Why), words(p.Reason))
	}
	return t
}

func (r *Report) holdTable() *Table {
	t := &Table{Name: "holds", Shown: shownCases, Columns: []Column{
		{"case", Counts},
		{"order", Texts},
		{"held_by", Texts},
		{"held_at", Moments},
		{"reason", Texts},
		{"frozen_at", Moments},
		{"merchant_says", Words},
		{"released_by", Texts},
		{"released_at", Moments},
	}}
	for _, h := range r.Holds {
		t.add(Count(h.Case), words(h.Order), words(h.By), moment(h.At), words(h.Reason), moment(h.Frozen), word("merchant", h.Verdict), words(h.ReleasedBy), moment(h.ReleasedAt))
	}
	return t
}
