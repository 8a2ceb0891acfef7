package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liveroom/moderation"
	"liveroom/moderation/seal"
)

// What of a row is somebody's stands in the row as one ciphertext, and its own
// columns are empty: in sealed, of an event in raw. holder is the number of the
// key; with the key or the ciphertext gone the row is erased.

// sealColumns are what a row is opened by.
func sealColumns(table string) string {
	return fmt.Sprintf("holder, sealed, (SELECT secret FROM buyer_keys WHERE number = %s.holder)", table)
}

// sealedAs is what a part is sealed as: its kind, and the columns that only make
// sense with it.
func sealedAs(kind string, columns ...string) string {
	return strings.Join(append([]string{kind}, columns...), "\x00")
}

// noSecret is what stands in the place of a key that was erased.
var noSecret = make([]byte, seal.SecretSize)

// errInClear is for a row with something beside its sealed part that belongs in
// it: nobody reads it, so somebody else has put it there.
var errInClear = errors.New("it holds in the clear what stands sealed beside it")

// unseal fills in the parts of a row that was sealed, whose own columns are
// empty. It reports true for one that was erased; of a row without a personal
// part it leaves all alone.
func unseal(s *moderation.Seal, kind string, sealed, secret []byte, parts ...*string) (erased bool, err error) {
	if s.Holder == 0 {
		return false, nil
	}
	for _, p := range parts {
		if p != nil && *p != "" && *p != "{}" && *p != "[]" {
			return false, errInClear
		}
	}
	if len(sealed) == 0 || bytes.Equal(secret, noSecret) {
		return true, nil
	}
	if secret == nil {
		return false, fmt.Errorf("holder %d has no key", s.Holder)
	}
	key, err := loaded.load(secret)
	if err != nil {
		return false, fmt.Errorf("holder %d: %w", s.Holder, err)
	}
	b, err := key.Open(sealed, kind)
	if err != nil {
		return false, err
	}
	s.Salt, err = seal.Unpack(b, parts...)
	return false, err
}

// seal is the parts of a row as they are kept, under the holder's key and a new
// salt. A row that was erased stays so.
func (t *tx) seal(s *moderation.Seal, h moderation.Holder, kind string, parts ...string) ([]byte, error) {
	if s.Erased() {
		return []byte{}, nil
	}
	k, err := t.key(h)
	if err != nil {
		return nil, err
	}
	return k.seal(s, kind, parts...)
}

func (t *tx) sealComplaint(c *moderation.Complaint) ([]byte, error) {
	buyer, err := toJSON(moderation.UserRowOf(c.Buyer))
	if err != nil {
		return nil, err
	}
	return t.seal(&c.Seal, c.Held(), sealedAs(complaintPart, t.orderName(c.OrderID)), c.EventID, buyer, c.OrderID, c.Text, c.Why, c.WhyEN)
}

func (t *tx) sealQuestion(q *moderation.Question) ([]byte, error) {
	asker, err := toJSON(moderation.UserRowOf(q.Asker))
	if err != nil {
		return nil, err
	}
	return t.seal(&q.Seal, q.Held(), questionPart, q.EventID, asker, q.Text)
}

func (t *tx) sealOrder(o *moderation.Order) ([]byte, error) {
	buyer, err := toJSON(moderation.UserRowOf(o.Buyer))
	if err != nil {
		return nil, err
	}
	kept := keptOrder{t.orderName(o.ID), t.addressName(o.AddressHash), t.deviceName(o.Device)}
	parts := []string{o.ID, buyer, o.AddressHash}
	if kept.device != "" {
		parts = append(parts, o.Device)
	}
	return t.seal(&o.Seal, o.Held(), kept.sealedAs(), parts...)
}

// A keptOrder is the columns of an order that only make sense with its key. One
// that names no device is sealed as all were before orders had any.
type keptOrder struct{ name, address, device string }

func (k keptOrder) sealedAs() string {
	if k.device == "" {
		return sealedAs(orderPart, k.name, k.address)
	}
	return sealedAs(orderPart, k.name, k.address, k.device)
}

func (k keptOrder) unseal(s *moderation.Seal, sealed, secret []byte, id, buyer, address, device *string) (erased bool, err error) {
	parts := []*string{id, buyer, address}
	if k.device != "" {
		parts = append(parts, device)
	}
	return unseal(s, k.sealedAs(), sealed, secret, parts...)
}

// orderName is what an order is kept as.
func (r *reader) orderName(id string) string {
	if id == "" {
		return ""
	}
	return moderation.KeptOrderID(id, r.namer)
}

// A caseOpen is the columns of a case that are JSON and stay in the clear.
type caseOpen struct{ flags, complaints, rank string }

// rankRow is what of a case's detail also stands in the clear: waiting cases are
// ranked by it.
type rankRow struct {
	StakeFen int64 `json:"stake_fen"`
	Urgent   int   `json:"urgent"`
	Earlier  int   `json:"earlier"`
}

// sealCase also gives the columns that stay in the clear.
func (t *tx) sealCase(c *moderation.Case) (clear caseOpen, sealed []byte, err error) {
	var parts [3]string
	for _, v := range []struct {
		of   any
		into *string
	}{
		{c.Flags, &clear.flags}, {c.Complaints, &clear.complaints}, {rankRow{c.StakeFen, c.Urgent, c.Earlier}, &clear.rank}, {c.Orders, &parts[0]}, {noteRows(c.Notes), &parts[1]}, {detailOf(c), &parts[2]},
	} {
		if *v.into, err = toJSON(v.of); err != nil {
			return clear, nil, err
		}
	}
	sealed, err = t.seal(&c.Seal, moderation.DeskHolder, sealedAs(casePart, clear.rank), c.Title, parts[0], parts[1], parts[2])
	return clear, sealed, err
}

// addressName is the name that orders to one address are found by: what shops
// send is a bare hash of it.
func (r *reader) addressName(hash string) string {
	if hash == "" {
		return ""
	}
	return r.namer.Name("address", hash)
}

// deviceName is the name that orders from one device are found by.
func (r *reader) deviceName(device string) string {
	if device == "" {
		return ""
	}
	return r.namer.Name("device", device)
}

// personalLinks are the links that tell of a person.
var personalLinks = []moderation.LinkKind{moderation.LinkBuyer, moderation.LinkAddress, moderation.LinkDevice, moderation.LinkOrder}

// linkValue is a link as it is kept: one that tells of a person by a name only.
func (r *reader) linkValue(l moderation.Link) string {
	switch {
	case l.Kind == moderation.LinkOrder:
		return r.orderName(l.Value)
	case slices.Contains(personalLinks, l.Kind):
		return r.namer.Name(string(l.Kind), l.Value)
	}
	return l.Value
}

// namesKey is what the record's secrets are made of.
const namesKey = "names"

// secrets are what is made of the record's own secret.
type secrets struct {
	namer seal.Namer
	words seal.Words
}

func newSecrets(of []byte) secrets { return secrets{seal.NewNamer(of), seal.NewWords(of)} }

// readSecrets reads what hides people in this record.
func readSecrets(ctx context.Context, r *reader) (secrets, error) {
	var secret []byte
	err := r.row(ctx, "SELECT secret FROM record_keys WHERE name = ?", []any{namesKey}, &secret)
	if errors.Is(err, moderation.ErrNotFound) {
		err = fmt.Errorf("%w: it lacks the secret that people are named by", moderation.ErrDamaged)
	}
	if err != nil {
		return secrets{}, fmt.Errorf("open %s: %w", r.path, err)
	}
	return newSecrets(secret), nil
}
