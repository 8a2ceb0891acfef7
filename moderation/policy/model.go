package policy

import (
	"time"

	"liveroom/claims/condition"
)

// Kind is what a policy is about.
type Kind string

// The kinds of policy.
const (
	Compensation    Kind = "compensation"
	Return          Kind = "return"
	PriceProtection Kind = "price_protection"
	Appeal          Kind = "appeal"
	Statutory       Kind = "statutory" // what the law would grant: shown to people, never paid
	Penalty         Kind = "penalty"
	ServiceClock    Kind = "service_clock"
)

// Question is what a clause helps to answer.
type Question string

// The questions.
const (
	Grant     Question = "grant"     // does the policy grant what is asked for
	Enrolment Question = "enrolment" // may the host be enrolled, and keep the badge
)

// Effect is what it means that a clause holds.
type Effect string

// The effects.
const (
	Requires Effect = "requires" // it must hold
	Refuses  Effect = "refuses"  // it must not
	Notes    Effect = "notes"    // it is told, and decides nothing
)

// DefaultZone is the time zone of a room that names none. China has kept one
// offset since 1992.
var DefaultZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// A Policy is one file: a rule set that grants or refuses. It never changes
// after it was loaded.
type Policy struct {
	ID      string
	Title   Text
	Kind    Kind
	Version string // hash of the file's content
	From    Date   // first day it is in force; 0: always was
	To      Date   // last day; 0: no end
	Governs Fact   // the time that decides which version of a policy counts
	Source  string
	Checked string
	File    string
	Content string // of the file: what a record keeps to answer the same for ever
	Payers  []Party
	Choices []Choice
	Clauses []*Clause
	Clocks  []*ClockRule
	Ladder  *Ladder // nil but for penalties
	lists   map[string][]string
	amount  *formula
	payees  []payee
	base    Facts // of the examples
	tests   []example
}

// A Choice is a place where the source contradicts itself. Every option is kept
// and evaluated; only the one in use decides.
type Choice struct {
	ID      string
	Text    Text
	Options []string
	Use     string
}

// A Clause is one condition of a policy.
type Clause struct {
	ID        string
	Question  Question
	Effect    Effect
	Text      Text
	Source    string // "" : the policy's
	Choice    string // the choice it is an option of; "" : none
	Option    string
	Condition string // as written; "" : a window, or nothing to decide
	Window    string // as written; ""
	Line      int
	presume   State // what counts while facts are missing; "" : nothing
	when      *condition.Condition
	window    *window
	holds     []trial
	fails     []trial
	open      []trial
}

// A window is a time within which something must have happened.
type window struct {
	from        Fact // "" : only until
	within      Span
	withinHours Fact // a number of hours that is a fact itself; "" : within
	until       Fact // a moment that comes before from and within where it is known; ""
	at          Fact // when it happened; while that is unknown, the moment of asking
}

// A Party pays or is paid.
type Party string

// The parties.
const (
	HostBalance  Party = "host.balance"
	HostDeposit  Party = "host.deposit"
	Merchant     Party = "merchant"
	Carrier      Party = "carrier"
	BuyerWallet  Party = "buyer.wallet"
	BuyerPayment Party = "buyer.payment_path"
)

var partyTexts = map[Party]Text{
	HostBalance: {"主播账户余额", "the host's balance"}, HostDeposit: {"主播保证金", "the host's deposit"},
	Merchant: {"商家", "the merchant"}, Carrier: {"承运人", "the carrier"},
	BuyerWallet: {"买家钱包", "the buyer's wallet"}, BuyerPayment: {"原支付路径", "the original payment path"},
}

// Text names the party for people.
func (p Party) Text() Text { return partyTexts[p] }

// A payee is who is paid when its condition holds; the first one counts.
type payee struct {
	to   Party
	when *condition.Condition // nil: always
}

// A ClockRule is a time that the policy gives somebody to do something.
type ClockRule struct {
	ID       string
	Text     Text
	From     Fact
	Within   Span
	Earliest Span // not before; zero: at once
	Met      Fact // when it was done; "" : nothing tells
	when     *condition.Condition
}
