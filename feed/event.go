package feed

import "time"

// Kind says what one event is about.
type Kind string

// The kinds of event, as the glossary names them.
const (
	KindChat       Kind = "chat"
	KindTranscript Kind = "transcript"
	KindProduct    Kind = "product_on_air"
	KindOrder      Kind = "order"
	KindRefund     Kind = "refund"
	KindComplaint  Kind = "complaint"
	KindGift       Kind = "gift"
	KindEnter      Kind = "enter"
	KindSystem     Kind = "system"
	KindGap        Kind = "gap"
)

// Role is what a person is in the room, as the source tells it.
type Role string

// The roles a source may give a person.
const (
	RoleViewer    Role = "viewer"
	RoleHost      Role = "host"
	RoleAssistant Role = "assistant"
	RoleModerator Role = "moderator"
)

// Order and refund states. An order only moves forward: created, paid,
// shipped, completed; closed ends it from anywhere. Refund states are apart.
const (
	StatusCreated   = "created"
	StatusPaid      = "paid"
	StatusShipped   = "shipped"
	StatusCompleted = "completed"
	StatusClosed    = "closed"
	StatusUnknown   = "unknown"

	StatusRequested = "requested"
	StatusAgreed    = "agreed"
	StatusRefused   = "refused"
	StatusRefunded  = "refunded"
)

// Codes of system events that the program itself acts on.
const (
	CodeGap        = "gap"
	CodeRetracted  = "retracted"
	CodeStreamEnd  = "stream_end"
	CodeStockOut   = "stock_out"
	CodeAuthFailed = "auth_failed"

	CodePersonCleared = "user_messages_cleared"
	CodeChatCleared   = "chat_cleared"
)

// What a system event says that the platform took out of its source's chat: all that
// User had written in the room by then, or all that anybody had. What is written later
// stands.
const (
	ClearsPerson = "person"
	ClearsChat   = "chat"
)

// An Event is one thing that arrived, in the terms every source shares.
//
// (Source, ID) identifies it: the same pair seen twice is one event. Text and
// names are valid UTF-8 and otherwise as the source sent them; a view shows
// Shown and User.Shown, never these. Raw is the frame (or the part of it) the
// event was made from, byte for byte, and is what evidence is made from.
type Event struct {
	ID     string
	Source string
	Room   string
	Kind   Kind
	At     time.Time // the source's time; Recv where the protocol has none
	Recv   time.Time // when the frame arrived here
	User   User
	Text   string
	Shown  Display // Text, made fit for a terminal

	Status    string // of an order or a refund
	OrderID   string
	AmountFen int64 // what was paid or is asked back; the worth of a gift
	Count     int64 // gifts, likes
	Channel   string
	Code      string // of a system event; of a message its other name, where it is withdrawn by that
	Severity  string
	Retracts  string // ID, or that other name, of the event of the same Source that the platform withdrew
	Clears    string // ClearsPerson, which goes with a User.ID, or ClearsChat; "": neither

	Product *Product
	Order   *Order
	Speech  *Speech
	Gap     *Gap

	Epoch  string // with Offset: the place in a source that can resume
	Offset int64
	Raw    []byte
}

// Withdraws tells whether e says that the platform took back what was said before.
func (e *Event) Withdraws() bool { return e.Retracts != "" || e.Clears != "" }

// User is a person in the room. Name is untrusted text.
type User struct {
	ID    string
	Name  string
	Role  Role
	Shown Display // Name, made fit for a terminal
}

// Product is what is known of a product from an event. Title is untrusted.
type Product struct {
	ID       string
	Title    string
	PriceFen int64 // 0: not told
	Stock    int64 // -1: not told
}

// Order is the part of an order event beyond id, state and amount.
type Order struct {
	Buyer       string
	SKU         string
	Qty         int64
	PaidFen     int64
	AddressHash string
	Device      string // what the shop knows the buyer's device by
	CreatedAt   time.Time
	PaidAt      time.Time
	ShippedAt   time.Time
}

// Speech is what a recogniser tells beside the text.
type Speech struct {
	Utterance  string // partial results share it with the final one
	Partial    bool
	Confidence int // in thousandths; 0: not told
	StartMS    int64
	EndMS      int64
	StartAt    time.Time
}

// Gap is a hole in what was received: nothing is known between From and To.
// Lost counts the missing events where offsets tell, else it is -1.
type Gap struct {
	From   time.Time
	To     time.Time
	Lost   int64
	Reason string
}

// Position is the place in a source up to which everything is committed.
type Position struct {
	Source string
	Epoch  string
	Offset int64
	ID     string
	At     time.Time
}
