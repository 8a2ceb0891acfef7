package moderation

import (
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// PaymentState is where a proposal to pay stands.
type PaymentState string

// The states of a payment; only the first leads to others, and an approved one
// to reversed.
const (
	PaymentProposed  PaymentState = "proposed"
	PaymentApproved  PaymentState = "approved"
	PaymentRefused   PaymentState = "refused"
	PaymentWithdrawn PaymentState = "withdrawn"
	// PaymentReversed is an approved one that an upheld appeal, or a supervisor,
	// took back.
	PaymentReversed PaymentState = "reversed"
)

// live tells whether a payment in the state stands in the way of another one for
// the same order.
func (s PaymentState) live() bool { return s == PaymentProposed || s == PaymentApproved }

// Payment is a proposal to pay for an order what a policy grants. It is only
// ever a proposal: approved or not, this program moves no money.
type Payment struct {
	ID        int // in its case, from 1
	Order     string
	State     PaymentState
	Policy    string
	Version   string // of the policy
	Title     policy.Text
	AmountFen int64       // what the policy grants; nobody chooses it
	Working   policy.Text // the arithmetic
	Payers    []policy.Party
	Payee     policy.Party
	Matter    string    // the facts it was granted on, as policy.DecodeMatter reads them
	AsOf      time.Time // and the moment
	Kept      int64     // the leaf that holds the policy and the working days
	Answer    string    // SHA-256 of the whole answer
	By        string
	At        time.Time
	DecidedBy string // who approved, refused or withdrew it
	DecidedAt time.Time
	Reason    string    // of a refusal, a withdrawal, or a reversal by hand
	EndedBy   string    // who reversed it, or upheld the appeal that ended it
	EndedAt   time.Time // and when
	Appeal    int64     // the appeal's case; 0: by hand
}

// payers are the offenders whose money a party's is.
var payers = map[policy.Party]Offender{
	policy.HostBalance: OffenderHost, policy.HostDeposit: OffenderHost, policy.Merchant: OffenderMerchant,
}

// hits tells whether the payment is asked of who appeals.
func (p *Payment) hits(by Offender) bool {
	return by == "" || slices.ContainsFunc(p.Payers, func(x policy.Party) bool { return payers[x] == by })
}

// reversePayments takes back what an upheld appeal contested: what was approved,
// and what was only proposed. Each stays in the case with who ended it.
func (c *Case) reversePayments(appeal Case, by string, now time.Time) {
	c.Payments = slices.Clone(c.Payments)
	for i := range c.Payments {
		p := &c.Payments[i]
		if !p.State.live() || !p.hits(appeal.Appeal.By) {
			continue
		}
		p.State = map[PaymentState]PaymentState{PaymentApproved: PaymentReversed, PaymentProposed: PaymentRefused}[p.State]
		p.EndedBy, p.EndedAt, p.Appeal = by, now, appeal.ID
	}
}

// GiveFact adds a fact to a case, for one order of it or, with "", for all. A
// zero value says that the fact is not known after all.
type GiveFact struct {
	Case    int64
	Order   string
	Fact    policy.Fact
	Value   policy.Value
	Note    string // where the person has it from
	Version int64
}

// ProposePayment proposes to pay for an order what a policy grants now. With ""
// it is the one order that the case is about.
type ProposePayment struct {
	Case    int64
	Order   string
	Policy  string
	Version int64
}

// ApprovePayment agrees to a proposal of somebody else.
type ApprovePayment struct {
	Case    int64
	Payment int
	Version int64
}

// RefusePayment says no to a proposal of somebody else.
type RefusePayment struct {
	Case    int64
	Payment int
	Reason  string
	Version int64
}

// WithdrawPayment takes back a proposal of the actor's own.
type WithdrawPayment struct {
	Case    int64
	Payment int
	Reason  string // may be empty
	Version int64
}

// ReversePayment takes back an approved payment that turned out wrong.
type ReversePayment struct {
	Case    int64
	Payment int
	Reason  string
	Version int64
}

// Name implements Command.
func (ReversePayment) Name() string { return "reverse-payment" }

// Name implements Command.
func (GiveFact) Name() string { return "give-fact" }

// Name implements Command.
func (ProposePayment) Name() string { return "propose-payment" }

// Name implements Command.
func (ApprovePayment) Name() string { return "approve-payment" }

// Name implements Command.
func (RefusePayment) Name() string { return "refuse-payment" }

// Name implements Command.
func (WithdrawPayment) Name() string { return "withdraw-payment" }
