package moderation

import (
	"fmt"
	"math"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// Stamp is how the record keeps a time: nanoseconds since 1970 in UTC, 0 for
// the zero time. A time that does not fit (before 1678, after 2262) becomes the
// nearest that does: sources send such times, and none of them means it.
func Stamp(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() < 1678:
		return math.MinInt64
	case t.Year() > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// Unstamp is the time that Stamp kept, in UTC.
func Unstamp(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// eventDetail is what of an event has no column of its own. Members stand in
// the order of their names, so that the JSON is canonical as written.
type eventDetail struct {
	AmountFen int64          `json:"amount_fen,omitzero"`
	Channel   string         `json:"channel,omitzero"`
	Clears    string         `json:"clears,omitzero"`
	Code      string         `json:"code,omitzero"`
	Count     int64          `json:"count,omitzero"`
	Epoch     string         `json:"epoch,omitzero"`
	Gap       *gapDetail     `json:"gap,omitzero"`
	Offset    int64          `json:"offset,omitzero"`
	Order     *orderDetail   `json:"order,omitzero"`
	OrderID   string         `json:"order_id,omitzero"`
	Product   *productDetail `json:"product,omitzero"`
	Retracts  string         `json:"retracts,omitzero"`
	Severity  string         `json:"severity,omitzero"`
	Speech    *speechDetail  `json:"speech,omitzero"`
	Status    string         `json:"status,omitzero"`
	User      UserRow        `json:"user,omitzero"`
}

// UserRow is a person as the record keeps them.
type UserRow struct {
	ID   string    `json:"id,omitzero"`
	Name string    `json:"name,omitzero"`
	Role feed.Role `json:"role,omitzero"`
}

type gapDetail struct {
	From   int64  `json:"from,omitzero"`
	Lost   int64  `json:"lost,omitzero"`
	Reason string `json:"reason,omitzero"`
	To     int64  `json:"to,omitzero"`
}

type orderDetail struct {
	AddressHash string `json:"address_hash,omitzero"`
	Buyer       string `json:"buyer,omitzero"`
	CreatedAt   int64  `json:"created_at,omitzero"`
	Device      string `json:"device,omitzero"`
	PaidAt      int64  `json:"paid_at,omitzero"`
	PaidFen     int64  `json:"paid_fen,omitzero"`
	Qty         int64  `json:"qty,omitzero"`
	ShippedAt   int64  `json:"shipped_at,omitzero"`
	SKU         string `json:"sku,omitzero"`
}

type productDetail struct {
	ID       string `json:"id,omitzero"`
	PriceFen int64  `json:"price_fen,omitzero"`
	Stock    int64  `json:"stock,omitzero"`
	Title    string `json:"title,omitzero"`
}

type speechDetail struct {
	Confidence int    `json:"confidence,omitzero"`
	EndMS      int64  `json:"end_ms,omitzero"`
	Partial    bool   `json:"partial,omitzero"`
	StartAt    int64  `json:"start_at,omitzero"`
	StartMS    int64  `json:"start_ms,omitzero"`
	Utterance  string `json:"utterance,omitzero"`
}

// rowJSON writes rows: a record that refused a message for one bad byte would
// stop its source for good, so such a byte becomes U+FFFD. The raw bytes keep it.
var rowJSON = json.JoinOptions(jsontext.AllowInvalidUTF8(true))

// EventDetail is the JSON of the parts of an event that stores keep in one
// column: all but ID, Source, Room, Kind, At, Recv, Text and Raw.
func EventDetail(e *feed.Event) ([]byte, error) {
	if b, written := appendDetail(make([]byte, 0, 128), e); written {
		return b, nil
	}
	return marshalDetail(e)
}

// marshalDetail is EventDetail for any event.
func marshalDetail(e *feed.Event) ([]byte, error) {
	d := eventDetail{
		AmountFen: e.AmountFen, Channel: e.Channel, Code: e.Code, Count: e.Count,
		Epoch: e.Epoch, Offset: e.Offset, OrderID: e.OrderID, Retracts: e.Retracts, Clears: e.Clears,
		Severity: e.Severity, Status: e.Status, User: UserRowOf(e.User),
	}
	if g := e.Gap; g != nil {
		d.Gap = &gapDetail{From: Stamp(g.From), To: Stamp(g.To), Lost: g.Lost, Reason: g.Reason}
	}
	if o := e.Order; o != nil {
		d.Order = &orderDetail{
			AddressHash: o.AddressHash, Buyer: o.Buyer, Device: o.Device, PaidFen: o.PaidFen, Qty: o.Qty, SKU: o.SKU,
			CreatedAt: Stamp(o.CreatedAt), PaidAt: Stamp(o.PaidAt), ShippedAt: Stamp(o.ShippedAt),
		}
	}
	if p := e.Product; p != nil {
		d.Product = &productDetail{ID: p.ID, PriceFen: p.PriceFen, Stock: p.Stock, Title: p.Title}
	}
	if s := e.Speech; s != nil {
		d.Speech = &speechDetail{
			Confidence: s.Confidence, EndMS: s.EndMS, Partial: s.Partial,
			StartAt: Stamp(s.StartAt), StartMS: s.StartMS, Utterance: s.Utterance,
		}
	}
	b, err := json.Marshal(&d, rowJSON)
	if err != nil {
		return nil, fmt.Errorf("event %s %s: %w", e.Source, e.ID, err)
	}
	return b, nil
}

// SetEventDetail fills e with what EventDetail wrote.
func SetEventDetail(e *feed.Event, detail []byte) error {
	var d eventDetail
	if err := json.Unmarshal(detail, &d, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("event %s %s: detail: %w", e.Source, e.ID, err)
	}
	e.AmountFen, e.Channel, e.Code, e.Count = d.AmountFen, d.Channel, d.Code, d.Count
	e.Epoch, e.Offset, e.OrderID, e.Retracts, e.Clears = d.Epoch, d.Offset, d.OrderID, d.Retracts, d.Clears
	e.Severity, e.Status, e.User = d.Severity, d.Status, d.User.User()
	if g := d.Gap; g != nil {
		e.Gap = &feed.Gap{From: Unstamp(g.From), To: Unstamp(g.To), Lost: g.Lost, Reason: g.Reason}
	}
	if o := d.Order; o != nil {
		e.Order = &feed.Order{
			AddressHash: o.AddressHash, Buyer: o.Buyer, Device: o.Device, PaidFen: o.PaidFen, Qty: o.Qty, SKU: o.SKU,
			CreatedAt: Unstamp(o.CreatedAt), PaidAt: Unstamp(o.PaidAt), ShippedAt: Unstamp(o.ShippedAt),
		}
	}
	if p := d.Product; p != nil {
		e.Product = &feed.Product{ID: p.ID, PriceFen: p.PriceFen, Stock: p.Stock, Title: p.Title}
	}
	if s := d.Speech; s != nil {
		e.Speech = &feed.Speech{
			Confidence: s.Confidence, EndMS: s.EndMS, Partial: s.Partial,
			StartAt: Unstamp(s.StartAt), StartMS: s.StartMS, Utterance: s.Utterance,
		}
	}
	return nil
}

// UserRowOf is what the record keeps of u.
func UserRowOf(u feed.User) UserRow { return UserRow{ID: u.ID, Name: u.Name, Role: u.Role} }

// User is the person with a name fit for a terminal.
func (r UserRow) User() feed.User {
	return feed.User{ID: r.ID, Name: r.Name, Role: r.Role, Shown: feed.Sanitise(r.Name)}
}

// IsUtterance tells whether the event is words that a claim can stand in: what
// a host or an assistant said, in its final form, or wrote. A recogniser that
// does not tell speakers apart hears the host.
func IsUtterance(e *feed.Event) bool {
	broadcaster := e.User.Role == feed.RoleHost || e.User.Role == feed.RoleAssistant
	switch e.Kind {
	case feed.KindTranscript:
		return (broadcaster || e.User.Role == "") && (e.Speech == nil || !e.Speech.Partial)
	case feed.KindChat:
		return broadcaster
	}
	return false
}
