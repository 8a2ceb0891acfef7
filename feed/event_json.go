package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// eventJSON is the one shape in which events are listed. Its names are a
// contract with everyone who reads listings: do not change them.
type eventJSON struct {
	Kind       Kind         `json:"kind"`
	ID         string       `json:"id,omitzero"`
	Source     string       `json:"source,omitzero"`
	Room       string       `json:"room,omitzero"`
	At         time.Time    `json:"at,omitzero"`
	AtMS       int64        `json:"at_ms,omitzero"`
	User       userJSON     `json:"user,omitzero"`
	Text       string       `json:"text,omitzero"`
	Status     string       `json:"status,omitzero"`
	OrderID    string       `json:"order_id,omitzero"`
	AmountFen  int64        `json:"amount_fen,omitzero"`
	Count      int64        `json:"count,omitzero"`
	Channel    string       `json:"channel,omitzero"`
	Code       string       `json:"code,omitzero"`
	Severity   string       `json:"severity,omitzero"`
	Retracts   string       `json:"retracts,omitzero"`
	Clears     string       `json:"clears,omitzero"`
	Product    *productJSON `json:"product,omitzero"`
	Order      *orderJSON   `json:"order,omitzero"`
	Utterance  string       `json:"utterance,omitzero"`
	Partial    *bool        `json:"partial,omitzero"`
	Confidence float64      `json:"confidence,omitzero"`
	StartMS    *int64       `json:"start_ms,omitzero"`
	EndMS      *int64       `json:"end_ms,omitzero"`
	Gap        *gapJSON     `json:"gap,omitzero"`
	Epoch      string       `json:"epoch,omitzero"`
	Offset     *int64       `json:"offset,omitzero"`
	RawSHA256  string       `json:"raw_sha256,omitzero"`
}

type userJSON struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
	Role Role   `json:"role,omitzero"`
}

type productJSON struct {
	ID       string `json:"id,omitzero"`
	Title    string `json:"title,omitzero"`
	PriceFen int64  `json:"price_fen,omitzero"`
	Stock    *int64 `json:"stock,omitzero"`
}

type orderJSON struct {
	Buyer       string    `json:"buyer,omitzero"`
	SKU         string    `json:"sku,omitzero"`
	Qty         int64     `json:"qty,omitzero"`
	PaidFen     int64     `json:"paid_fen,omitzero"`
	AddressHash string    `json:"address_hash,omitzero"`
	Device      string    `json:"device,omitzero"`
	CreatedAt   time.Time `json:"created_at,omitzero"`
	PaidAt      time.Time `json:"paid_at,omitzero"`
	ShippedAt   time.Time `json:"shipped_at,omitzero"`
}

type gapJSON struct {
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
	Lost   int64     `json:"lost"`
	Reason string    `json:"reason,omitzero"`
}

// MarshalJSONTo writes e as one flat object without what is not told. Texts are
// as the source sent them: JSON escapes controls, but what prints the strings
// elsewhere must sanitise them. Confidence is between 0 and 1.
func (e Event) MarshalJSONTo(enc *jsontext.Encoder) error {
	j := eventJSON{
		Kind: e.Kind, ID: e.ID, Source: e.Source, Room: e.Room, At: e.At,
		User: userJSON{ID: e.User.ID, Name: e.User.Name, Role: e.User.Role},
		Text: e.Text, Status: e.Status, OrderID: e.OrderID, AmountFen: e.AmountFen, Count: e.Count,
		Channel: e.Channel, Code: e.Code, Severity: e.Severity, Retracts: e.Retracts, Clears: e.Clears, Epoch: e.Epoch,
	}
	if !e.At.IsZero() {
		j.AtMS = e.At.UnixMilli()
	}
	if p := e.Product; p != nil {
		j.Product = &productJSON{ID: p.ID, Title: p.Title, PriceFen: p.PriceFen}
		if p.Stock >= 0 {
			j.Product.Stock = &p.Stock
		}
	}
	if o := e.Order; o != nil {
		j.Order = (*orderJSON)(o)
	}
	if s := e.Speech; s != nil {
		j.Utterance, j.Partial, j.Confidence = s.Utterance, &s.Partial, float64(s.Confidence)/1000
		if s.StartMS != 0 || s.EndMS != 0 {
			j.StartMS, j.EndMS = &s.StartMS, &s.EndMS
		}
	}
	if g := e.Gap; g != nil {
		j.Gap = (*gapJSON)(g)
	}
	if e.Epoch != "" {
		j.Offset = &e.Offset
	}
	if e.Raw != nil {
		sum := sha256.Sum256(e.Raw)
		j.RawSHA256 = hex.EncodeToString(sum[:])
	}
	return json.MarshalEncode(enc, j)
}
