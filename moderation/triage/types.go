package triage

// Type is what kind of message it is.
type Type string

// The types of message.
const (
	Abuse           Type = "abuse"            // insults, threats, spam, plans to cheat the shop
	Appeal          Type = "appeal"           // a host or merchant contests a decision
	Counterfeit     Type = "counterfeit"      // the goods are not genuine
	Damaged         Type = "damaged"          // broken, spoiled or leaking on arrival
	FalseAd         Type = "false_ad"         // the host promised what is not so
	LateShipment    Type = "late_shipment"    // not sent or not arrived in time
	MissingItem     Type = "missing_item"     // a part or gift is not there
	None            Type = "none"             // praise, chatter, banter
	NotAsDescribed  Type = "not_as_described" // differs from the page or the order
	PriceProtection Type = "price_protection" // the price fell after buying
	Quality         Type = "quality"          // a fault in use
	Question        Type = "question"         // asks without a grievance
	RefundRefused   Type = "refund_refused"   // money or return is denied
	Safety          Type = "safety"           // someone was hurt or could have been
	Service         Type = "service"          // how people were treated
)

// Types lists every type in the order in which weights are written.
var Types = []Type{
	Abuse, Appeal, Counterfeit, Damaged, FalseAd, LateShipment, MissingItem, None, NotAsDescribed,
	PriceProtection, Quality, Question, RefundRefused, Safety, Service,
}
