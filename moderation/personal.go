package moderation

import (
	"fmt"
	"strings"

	"liveroom/feed"
	"liveroom/moderation/seal"
)

// What of each row is somebody's, and whose. A store keeps that part as
// ciphertext under its holder's key, and nothing of it anywhere else but in its
// search index; the rest stays readable when the holder is erased.
//
// An event that is not the broadcast's own, a complaint, a question and an order
// are the buyer's. What people at the desk wrote is about several buyers at once
// and the desk's: erasing one of them writes it anew.

// ErasedText stands where a text or a name was erased.
const ErasedText = "〔已删除/erased〕"

// erasedPrefix begins the number by which an erased order is still named.
const erasedPrefix = "erased-"

// Seal says whose a row's personal part is. It is the store's to set.
type Seal struct {
	Holder int64     // number of the holder's key; 0: the row has no personal part
	Salt   seal.Salt // hashed with the part; zero where the part was erased
}

// Erased tells whether the row's personal part is gone.
func (s Seal) Erased() bool { return s.Holder != 0 && s.Salt == seal.Salt{} }

// A Holder is who a key belongs to, in the terms that a record's Namer names
// them by; nil is nobody.
type Holder []string

// DeskHolder holds what the people at the desk wrote.
var DeskHolder = Holder{"desk"}

// nobodyOf holds what came into a room without telling from whom.
func nobodyOf(room string) Holder { return Holder{"nobody", room} }

// BuyerHolders are the holders that a buyer's id, or where a source gives none
// the name, can be.
func BuyerHolders(buyer string) []Holder { return []Holder{{"id", buyer}, {"name", buyer}} }

// holderOf is who a row about a person belongs to.
func holderOf(u feed.User, room string) Holder {
	switch {
	case u.ID != "":
		return Holder{"id", u.ID}
	case u.Name != "":
		return Holder{"name", u.Name}
	}
	return nobodyOf(room)
}

// EventHolder is whose an event is; nil for the broadcast's own: what its host
// and assistants say, its products, holes and the platform's notices.
func EventHolder(e *feed.Event) Holder {
	if e.User.Role == feed.RoleHost || e.User.Role == feed.RoleAssistant {
		return nil
	}
	someone := e.User.ID != "" || e.User.Name != ""
	switch e.Kind {
	case feed.KindGap, feed.KindProduct:
		return nil
	case feed.KindTranscript:
		if e.User.Role == "" {
			return nil // a recogniser's name of a speaker, who is the host
		}
	case feed.KindSystem:
		if !someone {
			return nil
		}
	}
	if !someone && e.Order != nil && e.Order.Buyer != "" {
		return Holder{"id", e.Order.Buyer}
	}
	return holderOf(e.User, e.Room)
}

// KeptEventID is what a store knows an event by: shops make an event's id of the
// order's number, and then its keyed name stands for it.
func KeptEventID(e *feed.Event, n seal.Namer) string {
	if tellingID(e) && EventHolder(e) != nil {
		return keptPrefix + n.Name("event", e.Source, e.ID)
	}
	return e.ID
}

// tellingID tells whether an event's id may name a person or an order.
func tellingID(e *feed.Event) bool {
	return e.Kind == feed.KindOrder || e.Kind == feed.KindRefund || e.OrderID != "" ||
		e.User.ID != "" && strings.Contains(e.ID, e.User.ID) || e.User.Name != "" && strings.Contains(e.ID, e.User.Name)
}

// KeptOrderID is what a store knows an order by.
func KeptOrderID(id string, n seal.Namer) string { return keptPrefix + n.Name("order", id) }

// keptPrefix begins an id that is the name of one.
const keptPrefix = "~"

// ErasedOrder is what an erased order is called, by its place among the orders.
func ErasedOrder(number int64) string { return erasedPrefix + fmt.Sprint(number) }

// ErasedOrderNumber is the place of the order that ErasedOrder calls so.
func ErasedOrderNumber(id string) (n int64, ok bool) {
	rest, ok := strings.CutPrefix(id, erasedPrefix)
	if !ok {
		return 0, false
	}
	_, err := fmt.Sscanf(rest, "%d", &n)
	return n, err == nil && ErasedOrder(n) == id
}

// SetErasedEvent fills in what is told of an event whose personal part is gone.
func SetErasedEvent(e *Recorded) {
	if strings.HasPrefix(e.ID, keptPrefix) {
		e.ID = erasedPrefix + number(e.Index)
	}
	e.Text, e.User, e.Raw = ErasedText, erasedUser(), nil
	e.Shown = feed.Sanitise(e.Text)
	e.Seal.Salt = seal.Salt{}
}

func erasedUser() feed.User {
	return feed.User{Name: ErasedText, Shown: feed.Sanitise(ErasedText)}
}

// Held is whose the complaint is.
func (c *Complaint) Held() Holder { return holderOf(c.Buyer, c.Room) }

// Held is whose the question is.
func (q *Question) Held() Holder { return holderOf(q.Asker, q.Room) }

// Held is whose the order is.
func (o *Order) Held() Holder { return holderOf(o.Buyer, o.Room) }

// SetErased fills in what is told of a row whose personal part is gone.
func (c *Complaint) SetErased() {
	c.Buyer, c.EventID, c.OrderID, c.Text, c.Why, c.WhyEN = erasedUser(), erasedPrefix+number(c.Event), "", ErasedText, "", ""
	c.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone.
func (q *Question) SetErased() {
	q.Asker, q.EventID, q.Text = erasedUser(), erasedPrefix+number(q.Event), ErasedText
	q.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone.
func (o *Order) SetErased() {
	o.ID, o.Buyer, o.AddressHash, o.Device = ErasedOrder(o.Number), erasedUser(), "", ""
	o.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone. Clocks
// and whom it was about went with it.
func (c *Case) SetErased() {
	c.Title, c.Orders, c.Notes = ErasedText, nil, nil
	c.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone.
func (p *Problem) SetErased() {
	p.Title = ErasedText
	p.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone.
func (e *Effect) SetErased() {
	e.Target, e.Text, e.Result = "", ErasedText, ""
	e.Seal.Salt = seal.Salt{}
}

// SetErased fills in what is told of a row whose personal part is gone.
func (a *Action) SetErased() {
	a.Before, a.After = []byte("{}"), []byte("{}")
	a.Seal.Salt = seal.Salt{}
}
