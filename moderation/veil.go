package moderation

import (
	"slices"
	"strings"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation/privacy"
)

// A Veil hides personal data in what leaves the record, but the fields that were
// revealed.
type Veil []PersonalField

// Lifts tells whether a field was revealed. Frames as they arrived hold all the
// others.
func (v Veil) Lifts(f PersonalField) bool {
	return slices.Contains(v, f) || slices.Contains(v, FieldRaw)
}

// Text is what a person wrote or said.
func (v Veil) Text(s string) string {
	if v.Lifts(FieldText) {
		return s
	}
	return privacy.Text(s)
}

// Order is an order's number.
func (v Veil) Order(id string) string {
	if v.Lifts(FieldOrder) {
		return id
	}
	return privacy.Order(id)
}

// Account is a buyer's id.
func (v Veil) Account(id string) string {
	if v.Lifts(FieldBuyer) {
		return id
	}
	return privacy.Account(id)
}

// User hides who is not broadcasting.
func (v Veil) User(u feed.User) feed.User {
	if u.Role == feed.RoleHost || u.Role == feed.RoleAssistant || v.Lifts(FieldBuyer) {
		return u
	}
	return feed.User{ID: privacy.Account(u.ID), Name: privacy.Name(u.Name), Role: u.Role}
}

// Event hides what an event says of people.
func (v Veil) Event(e feed.Event) feed.Event {
	// Shops and exports make an event's id of the order's number.
	if e.OrderID != "" {
		e.ID = strings.ReplaceAll(e.ID, e.OrderID, v.Order(e.OrderID))
	}
	e.Text, e.OrderID, e.User = v.Text(e.Text), v.Order(e.OrderID), v.User(e.User)
	if e.Order != nil {
		o := *e.Order
		o.Buyer, o.AddressHash, o.Device = v.Account(o.Buyer), privacy.Hash(o.AddressHash), privacy.Hash(o.Device)
		e.Order = &o
	}
	return e
}

// Finding hides what a finding quotes of what was said.
func (v Veil) Finding(f claims.Finding) claims.Finding {
	for _, quoted := range []*string{&f.Said, &f.Value, &f.Why, &f.WhyEN, &f.Suggest, &f.Answers} {
		*quoted = v.Text(*quoted)
	}
	f.Exempted = slices.Clone(f.Exempted)
	for i := range f.Exempted {
		e := &f.Exempted[i]
		e.Reason, e.ReasonEN = v.Text(e.Reason), v.Text(e.ReasonEN)
	}
	return f
}
