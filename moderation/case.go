package moderation

import (
	"slices"
	"time"

	"liveroom/claims"
)

// CaseKind is what a case is about.
type CaseKind string

// The kinds of case.
const (
	CaseFalseAdvertising CaseKind = "false_advertising"
	CaseComplaint        CaseKind = "complaint"
	CaseOrderRisk        CaseKind = "order_risk"    // bad-faith orders, fake sales, mass returns
	CaseQualification    CaseKind = "qualification" // a licence is missing, expired or false
	CaseAppeal           CaseKind = "appeal"        // somebody contests what a case came to
	CaseSpotCheck        CaseKind = "spot_check"    // a sample of decisions or of a broadcast is looked at again
)

// CaseState is where a case stands.
type CaseState string

// The states of a case; moves between them stand in caseMoves.
const (
	CaseStateOpen   CaseState = "open"
	CaseStateReview CaseState = "in_review"
	// CaseStateWaiting is where a case waits for somebody outside; its clocks
	// stand still meanwhile.
	CaseStateWaiting  CaseState = "waiting"
	CaseStateResolved CaseState = "resolved"
	CaseStateClosed   CaseState = "closed"
	// CaseStateWithdrawn is where a case ends whose opening was undone.
	CaseStateWithdrawn CaseState = "withdrawn"
)

// Outcome is how a case ended.
type Outcome string

// The outcomes a person can give a case.
const (
	OutcomeUpheld    Outcome = "upheld"
	OutcomeUnfounded Outcome = "unfounded"
	OutcomeCorrected Outcome = "corrected"
)

// Case is a matter a person works on.
type Case struct {
	ID         int64
	Room       string
	Kind       CaseKind
	State      CaseState
	Title      string
	SKU        string
	Category   claims.Category // of its first flag; "" : none
	Owner      string          // who works on it, or did last; "" : nobody. See Holder
	LeaseUntil time.Time       // until when it is the owner's, by the store's clock; zero: without end
	Outcome    Outcome
	ResolvedBy string // who gave it its outcome
	Flags      []int64
	Complaints []int64
	Orders     []string
	Buyers     []string // ids of the buyers of its complaints and orders
	Host       string   // id of who said what its flags are about; "" : not known
	Merchant   string   // "" : not known
	Related    []int64  // other cases that have to do with it
	AppealOf   int64    // the case that an appeal contests; 0: none
	Appeal     Appeal   // of an appeal: what it contests
	Notes      []Note
	Evidence   []Evidence // what it rests on outside the record
	Replies    []Reply    // what its buyers were answered
	Clocks     []Clock    // what must be done by when; none is ever taken away
	Signals    []Signal   // what the program noticed about it, each rule of a buyer, address or device once
	Holds      []Hold     // orders that people had held back
	Watchers   []string
	Skips      []Skip
	Penalties  []Penalty
	Plan       SamplePlan  // of a spot check
	Sample     []Sampled   // what it drew
	SnoozedTo  time.Time   // until when nobody is given it; zero: not put off
	Escalated  time.Time   // when it was handed up to a supervisor; zero: not
	Facts      []GivenFact // what people added to what the record tells, the newest last
	Payments   []Payment   // proposals only: nothing is paid
	StakeFen   int64       // money of its orders
	Urgent     int         // how many of its complaints are urgent
	Earlier    int         // how many earlier cases its product or its buyers have
	OpenedBy   string
	OpenedAt   time.Time
	DueAt      time.Time // the next of its clocks; zero: none runs
	ChangedAt  time.Time
	ChangedBy  string
	ClosedAt   time.Time
	Version    int64
	Seal       Seal `json:"-"`
}

// Note is what a person wrote into a case.
type Note struct {
	By   string
	At   time.Time
	Text string
}

// Skip says that a person would rather not have the case, and why.
type Skip struct {
	By     string
	At     time.Time
	Reason string
}

// Holder is whose the case is at a moment of the store's clock, "" : nobody's.
// A lease that ran out gives the case back.
func (c *Case) Holder(now time.Time) string {
	if c.LeaseUntil.IsZero() || now.Before(c.LeaseUntil) {
		return c.Owner
	}
	return ""
}

// Over tells whether nobody has to do anything about a case any more, or will
// have unless it is reopened.
func (s CaseState) Over() bool {
	return s == CaseStateResolved || s == CaseStateClosed || s == CaseStateWithdrawn
}

// SkippedBy tells whether the person would rather not have the case.
func (c *Case) SkippedBy(person string) bool {
	return slices.ContainsFunc(c.Skips, func(s Skip) bool { return s.By == person })
}
