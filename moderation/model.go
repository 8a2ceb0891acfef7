package moderation

import (
	"time"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation/triage"
)

// Room is a live broadcast being watched.
type Room struct {
	ID        string
	Name      string
	TimeZone  string // IANA name; Asia/Shanghai where the config is silent
	OnAir     string // SKU last put on air
	OnAirFen  int64  // its price in force; 0: not told
	OnAirAt   time.Time
	StartedAt time.Time // first event
	EndedAt   time.Time // zero while the broadcast runs
	Heard     []Heard   // the last utterances and viewers' questions, oldest first: what the next one is checked with
}

// Heard is an utterance, or a viewer's question, with the product that was on
// air.
type Heard struct {
	Event int64
	SKU   string
}

// Recorded is an event with its place in the record. Index counts from 1 over
// all rooms and is the order of the record, whatever the clocks said.
type Recorded struct {
	Index int64
	feed.Event
	RawSHA256 [32]byte // of Raw, taken when the event was recorded; zero where that was erased
	Seal      Seal
}

// FlagStatus is where a flag stands.
type FlagStatus string

// The states of a flag.
const (
	FlagOpen      FlagStatus = "open"
	FlagConfirmed FlagStatus = "confirmed"
	FlagDismissed FlagStatus = "dismissed"
	FlagSnoozed   FlagStatus = "snoozed"
)

// Flag is a finding raised to a person.
type Flag struct {
	ID        int64
	Room      string
	Event     int64  // index of the utterance in the record
	EventID   string // the source's id of it
	At        time.Time
	Finding   claims.Finding
	Text      string       // the whole utterance
	Shown     feed.Display // Text, made fit for a terminal; not stored
	Status    FlagStatus
	DecidedBy string
	DecidedAt time.Time
	Reason    string
	Case      int64     // 0: none
	Corrected time.Time // when the host was first told to correct it: by an effect that was sent, or by a person; zero: not told
	// Settled is what became, on the platform, of the message that it holds: one of
	// feed.HeldApproved … "" : nothing was told yet. SettledBy is who decided it there,
	// as the platform names them; "" : not told. People's decisions leave both alone.
	Settled   string `json:",omitzero"`
	SettledBy string `json:",omitzero"`
	ChangedBy string // the person who changed the row last; "" : nobody yet
	Version   int64
	// Review is the spot check in which the person at a Seat has yet to review it:
	// what was decided is hidden till then. 0: none; not stored.
	Review int64 `json:"-"`
}

// Complaint is a message with a grievance.
type Complaint struct {
	ID       int64
	Room     string
	Event    int64
	EventID  string
	At       time.Time
	Channel  string
	Buyer    feed.User
	SKU      string
	OrderID  string
	Text     string
	Shown    feed.Display    // not stored
	Type     triage.Type     // what it is about; "" : not triaged
	Priority triage.Priority // how urgent it is
	Score    int             // how sure the type is, of a thousand
	Why      string          // what decided type and priority, in Chinese
	WhyEN    string
	Problem  int64 // 0: none yet
	Case     int64 // 0: none
	Version  int64
	Seal     Seal `json:"-"`
}

// Problem is alike complaints with one cause.
type Problem struct {
	ID         int64
	Room       string
	SKU        string
	Title      string
	Complaints []int64
	Flag       int64     // the flag it goes back to; 0: none found
	Event      int64     // index of the sentence that it is about; 0: none found
	SaidAt     time.Time // and when that was said
	Into       int64     // the problem that a person put it into; 0: it stands for itself
	ChangedBy  string    // the person who changed it last; "" : nobody yet
	Version    int64
	Seal       Seal `json:"-"`
}

// Question is what viewers want to know of what is on air, and whether they were
// told. Asked again before the answer it stays one question.
type Question struct {
	ID         int64
	Room       string
	Event      int64 // index of the message that asked it first
	EventID    string
	At         time.Time
	Asker      feed.User
	SKU        string // the product that was on air
	Text       string
	Shown      feed.Display // not stored
	Times      int64        // how often it was asked
	LastAt     time.Time    // when it was asked last
	AnsweredAt time.Time    // zero: not answered
	Answer     int64        // index of the line that answered it; 0: none
	AnsweredBy string       // the person who marked it answered; "" : nobody
	Note       string       // what that person wrote with it
	Version    int64
	Seal       Seal `json:"-"`
}

// Order is a purchase as far as its events told it. It only moves forward.
type Order struct {
	ID          string
	Number      int64 // place among the orders, from 1: what pages go by
	Room        string
	Buyer       feed.User
	SKU         string
	Qty         int64
	AmountFen   int64
	PaidFen     int64
	AddressHash string
	Device      string // what the shop knows the buyer's device by
	Status      string // feed.StatusCreated …
	Refund      string // "" or a refund state
	RefundFen   int64
	CreatedAt   time.Time
	PaidAt      time.Time
	ShippedAt   time.Time
	Event       int64 // index of the last event that changed it
	Case        int64 // 0: none
	Version     int64
	Seal        Seal `json:"-"`
}

// EffectStatus is where an outward effect stands.
type EffectStatus string

// The states of an effect.
const (
	EffectPending   EffectStatus = "pending"
	EffectBegun     EffectStatus = "begun" // being carried out, or cut off while it was
	EffectCancelled EffectStatus = "cancelled"
	EffectSent      EffectStatus = "sent"
	EffectFailed    EffectStatus = "failed"
	EffectKept      EffectStatus = "kept" // only recorded: there is no way out, and it needs none
	// EffectPerhaps is one of which nobody knows whether it was done. It is not asked
	// for again, unless a person says so.
	EffectPerhaps EffectStatus = "perhaps"
	EffectGivenUp EffectStatus = "given_up" // it failed, and a person let it be
	EffectSettled EffectStatus = "settled"  // there is nothing left to be done: it was decided elsewhere, or its time is over
)

// Effect is something to be done outside the program once the undo window is
// over. Key makes it idempotent.
type Effect struct {
	ID        int64
	Key       string
	Room      string
	Kind      string // correct-host, reply, mute, …
	Target    string // id of the event, order or user it is about
	Text      string
	NotBefore time.Time
	Status    EffectStatus
	Result    string
	Flag      int64
	Action    int64  // the action that asked for it
	Source    string `json:",omitzero"` // what it is about came by it; "" : it is about no message
	Event     int64  `json:",omitzero"` // index of that message; 0: none
	Seal      Seal   `json:"-"`
}

// Leaf is one entry of the ledger: canonical JSON that names what happened.
// Index counts from 1; it is record Index-1 in the terms of RFC 6962.
type Leaf struct {
	Index int64
	Kind  string // event, flag, complaint, problem, question, order, case, action, effect, policy
	Ref   string
	Data  []byte
}

// Head is the state of the ledger: how many leaves, and the tree's root.
type Head struct {
	Size int64
	Root [32]byte
}
