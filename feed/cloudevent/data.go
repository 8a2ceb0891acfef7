package cloudevent

import (
	"errors"
	"time"

	"liveroom/feed"

	"github.com/go-json-experiment/json/jsontext"
)

// The types of event. A producer of another vocabulary may use any type that
// ends in one of the kinds, such as com.example.live.order.
const (
	TypeChat       = "liveroom.chat.v1"
	TypeTranscript = "liveroom.transcript.v1"
	TypeOrder      = "liveroom.order.v1"
	TypeProduct    = "liveroom.product.v1"
	TypeComplaint  = "liveroom.complaint.v1"
	TypeGift       = "liveroom.gift.v1"
	TypeSystem     = "liveroom.system.v1"

	// TypeAction is what goes to a producer, and TypeAck what it answers.
	TypeAction = "liveroom.action.v1"
	TypeAck    = "liveroom.ack.v1"
)

// Codes of liveroom.system.v1 that become a kind of their own.
const codeEnter = "enter"

// Chat is the data of liveroom.chat.v1.
type Chat struct {
	User    User     `json:"user" doc:"who wrote it"`
	Text    string   `json:"text" doc:"what was written, as it was written"`
	Product *Product `json:"product,omitzero" doc:"the product it was written about, where the platform tells"`
}

// Transcript is the data of liveroom.transcript.v1.
type Transcript struct {
	User       User      `json:"user,omitzero" doc:"who speaks"`
	Text       string    `json:"text" doc:"what was recognised"`
	Utterance  ID        `json:"utterance,omitzero" doc:"shared by the partial results and the final one of an utterance"`
	Partial    bool      `json:"partial,omitzero" doc:"true: a later result with the same utterance replaces this one"`
	Confidence float64   `json:"confidence,omitzero" doc:"how sure the recogniser is" min:"0" max:"1"`
	StartedAt  time.Time `json:"started_at,omitzero" doc:"when the utterance began; the event's time is when it ended"`
	StartMS    int64     `json:"start_ms,omitzero" doc:"beginning in the recogniser's own time, milliseconds" min:"0"`
	EndMS      int64     `json:"end_ms,omitzero" doc:"end in the recogniser's own time, milliseconds" min:"0"`
}

// Order is the data of liveroom.order.v1. With a refund it is about the refund.
type Order struct {
	User    User      `json:"user,omitzero" doc:"the buyer"`
	Text    string    `json:"text,omitzero" doc:"the buyer's reason for a refund"`
	Product *Product  `json:"product,omitzero" doc:"what was bought"`
	Order   OrderInfo `json:"order" doc:"the order as it is now"`
	Refund  *Refund   `json:"refund,omitzero" doc:"the refund that this event is about"`
}

// OrderInfo is an order in an event.
type OrderInfo struct {
	ID          ID        `json:"id" doc:"the shop's order number"`
	Status      string    `json:"status,omitzero" doc:"an order only moves forward" enum:"created|paid|shipped|completed|closed"`
	Qty         int64     `json:"qty,omitzero" doc:"pieces" min:"0"`
	AmountFen   int64     `json:"amount_fen,omitzero" doc:"what the order costs, in fen" min:"0"`
	PaidFen     int64     `json:"paid_fen,omitzero" doc:"what was paid, in fen" min:"0"`
	AddressHash string    `json:"address_hash,omitzero" doc:"the same for the same address; never the address itself"`
	Device      ID        `json:"device,omitzero" doc:"the same for the same device that orders were made on: the platform's id of it, or a hash of one"`
	CreatedAt   time.Time `json:"created_at,omitzero"`
	PaidAt      time.Time `json:"paid_at,omitzero"`
	ShippedAt   time.Time `json:"shipped_at,omitzero"`
}

// Refund is a refund in an event.
type Refund struct {
	AmountFen int64  `json:"amount_fen,omitzero" doc:"what is asked back, in fen" min:"0"`
	Status    string `json:"status" enum:"requested|agreed|refused|refunded|closed"`
}

// ProductOnAir is the data of liveroom.product.v1: the product that is shown
// from now on, or its new price.
type ProductOnAir struct {
	Text    string  `json:"text,omitzero" doc:"what the platform shows about it"`
	Product Product `json:"product"`
}

// Product is a product in an event.
type Product struct {
	ID       ID     `json:"id" doc:"the SKU of the fact sheet"`
	Title    string `json:"title,omitzero"`
	PriceFen int64  `json:"price_fen,omitzero" doc:"price in force from now on, in fen" min:"0"`
	Stock    *int64 `json:"stock,omitzero" doc:"pieces left" min:"0"`
}

// Complaint is the data of liveroom.complaint.v1.
type Complaint struct {
	User    User           `json:"user"`
	Text    string         `json:"text"`
	Channel string         `json:"channel,omitzero" doc:"how it came: ticket, review, phone, …"`
	Product *Product       `json:"product,omitzero"`
	Order   *ComplaintInfo `json:"order,omitzero" doc:"the order, where the customer gave it"`
}

// ComplaintInfo names the order of a complaint.
type ComplaintInfo struct {
	ID ID `json:"id"`
}

// Gift is the data of liveroom.gift.v1.
type Gift struct {
	User User     `json:"user"`
	Text string   `json:"text,omitzero" doc:"what the platform shows; else made from name and count"`
	Gift GiftInfo `json:"gift"`
}

// GiftInfo is a gift in an event.
type GiftInfo struct {
	Name      string `json:"name,omitzero"`
	Count     int64  `json:"count,omitzero" min:"0"`
	AmountFen int64  `json:"amount_fen,omitzero" doc:"what all of it is worth, in fen" min:"0"`
}

// System is the data of liveroom.system.v1.
type System struct {
	Code     string   `json:"code" doc:"enter: user came in; gap: nothing is known between from and to; retracted: the platform withdrew an event; user_messages_cleared: it took out all that user had written in the chat; chat_cleared: all that anybody had; automod_hold: text is a message that the platform holds back until somebody decides, and the event's id is automod_hold:MESSAGE; automod_approved, automod_denied, automod_expired: what became of it, with an id made alike; stock_out; stream_end; any other"`
	Text     string   `json:"text,omitzero"`
	Severity string   `json:"severity,omitzero"`
	By       string   `json:"by,omitzero" doc:"with the automod codes: what holds the message and why, or who decided"`
	User     User     `json:"user,omitzero"`
	Product  *Product `json:"product,omitzero"`
	Gap      *Gap     `json:"gap,omitzero" doc:"with code gap"`
	Retracts ID       `json:"retracts,omitzero" doc:"with code retracted: the id of the event withdrawn"`
	Clears   string   `json:"clears,omitzero" doc:"what of the source's chat in the room was taken out: person, all that user (whose id is told) had written by then; chat, all that anybody had. The two codes of that name say it without; another, as that somebody was banned, says it so" enum:"person|chat"`
}

// Gap is a hole in what the producer itself received.
type Gap struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Lost   *int64    `json:"lost,omitzero" doc:"how many events are missing, where known" min:"0"`
	Reason string    `json:"reason,omitzero"`
}

// User is a person in the room.
type User struct {
	ID   ID        `json:"id,omitzero"`
	Name string    `json:"name,omitzero"`
	Role feed.Role `json:"role,omitzero" enum:"viewer|host|assistant|moderator"`
}

// ID is an identifier that producers write as a string or as a number. A number
// keeps its digits: many platforms' ids do not fit into a float.
type ID string

// UnmarshalJSONFrom reads a string or a whole number.
func (id *ID) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch tok.Kind() {
	case jsontext.KindString:
	case jsontext.KindNumber:
		for i, c := range tok.String() {
			if (c < '0' || c > '9') && (c != '-' || i > 0) {
				return errors.New("an id must be a string or a whole number")
			}
		}
	case jsontext.KindNull:
		return nil
	default:
		return errors.New("an id must be a string or a whole number")
	}
	*id = ID(tok.String())
	return nil
}
