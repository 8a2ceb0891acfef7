package moderation

import (
	"time"

	"liveroom/moderation/risk"
)

// Program is who opens cases that no person opened. It decides nothing.
const Program = "liveroom"

// A Signal is something that the program noticed and a person should look at,
// with its number and what it was read from.
type Signal struct {
	Rule    string // id of the rule; of goods on air, what they lack
	Buyer   string // whom it is about; "" : no buyer
	Address string // the address's hash; "" : no address
	Device  string // "" : no device
	At      time.Time
	Value   int64 // the number; 0: there is none
	Of      int64 // of how many, for a share in percent
	Line    int64 // from which number on it counts
	Points  int
	Orders  []string // behind it
	Events  []int64  // indexes of the events behind it
	Why     string   // in a sentence, in Chinese
	WhyEN   string
}

// Verdict is what a merchant says of an order that is held back.
type Verdict string

// What a merchant can say.
const (
	VerdictGenuine  Verdict = "genuine"
	VerdictBadFaith Verdict = "bad_faith"
)

// A Hold is an order that a person had held back from being shipped until the
// merchant says what it is. It stays in the case after its release.
type Hold struct {
	Order      string
	By         string
	At         time.Time
	Reason     string
	Frozen     time.Time // when the shop was told; zero: not yet, or it could not be
	Failed     string    // why the shop could not be told, the last time it could not
	Verdict    Verdict   // "" : the merchant has not said
	SaidBy     string    // the person who noted what the merchant said
	SaidAt     time.Time
	Note       string // in the merchant's words
	ReleasedBy string // "" : not released
	ReleasedAt time.Time
	Release    string    // the reason
	Freed      time.Time // when the shop was told of the release
}

// Held tells whether the order is held back, or is to be.
func (h *Hold) Held() bool { return h.ReleasedBy == "" }

// RiskPoints is what the case's signals count together.
func (c *Case) RiskPoints() int {
	found := make([]risk.Signal, len(c.Signals))
	for i, s := range c.Signals {
		found[i] = risk.Signal{Rule: s.Rule, Buyer: s.Buyer, Address: s.Address, Device: s.Device, Points: s.Points}
	}
	return risk.Points(found)
}
