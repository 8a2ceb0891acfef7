package moderation

import (
	"slices"

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
	e.Text, e.OrderID, e.User = v.Text(e.Text), v.Order(e.OrderID), v.User(e.User)
	if e.Order != nil {
		o := *e.Order
		o.Buyer, o.AddressHash = v.Account(o.Buyer), privacy.Hash(o.AddressHash)
		e.Order = &o
	}
	return e
}
