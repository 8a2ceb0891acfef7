package moderation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/moderation/ledger"
)

// The kinds of leaf.
const (
	LeafEvent     = "event"
	LeafFlag      = "flag"
	LeafComplaint = "complaint"
	LeafProblem   = "problem"
	LeafQuestion  = "question"
	LeafOrder     = "order"
	LeafCase      = "case"
	LeafAction    = "action"
	LeafEffect    = "effect"
)

// sealedEventLeaf is the data of the leaf of an event that is somebody's; one that is
// nobody's has no Holder and no V. Row is the hash of the whole row but Raw, which has
// a hash of its own: evidence is checked by the raw bytes alone. Members stand in the
// order of their names: the JSON is canonical as written. Its
// hashes are of the event's salt and what they are of, so that they say nothing
// once the salt is erased; the other members stay true then.
type sealedEventLeaf struct {
	At     string    `json:"at,omitzero"`
	Holder int64     `json:"holder"`
	ID     string    `json:"id,omitzero"` // omitted where it tells an order's number or a person
	Kind   feed.Kind `json:"kind"`
	Raw    string    `json:"raw"`
	Room   string    `json:"room"`
	Row    string    `json:"row"`
	Source string    `json:"source"`
	V      int       `json:"v"`
}

// sealedLeaf is the version of the leaves of rows that have a personal part.
const sealedLeaf = 2

// newEventLeaf is the leaf that an event leaves in the ledger.
func newEventLeaf(r *Recorded) (Leaf, error) {
	e, salt := &r.Event, r.Seal.Salt
	var room [1 << 10]byte
	content, seen := room[:0], eventSeen{id: e.ID, raw: r.RawSHA256}
	if seen.holder = r.Seal.Holder; seen.holder != 0 {
		content = append(content, salt[:]...)
	}
	content, err := appendContent(content, e)
	if err != nil {
		return Leaf{}, err
	}
	seen.row = sha256.Sum256(content)
	if seen.holder != 0 {
		seen.raw = sha256.Sum256(append(append(content[:0], salt[:]...), e.Raw...))
		if tellingID(e) {
			seen.id = ""
		}
	}
	return Leaf{Kind: LeafEvent, Ref: number(r.Index), Data: appendLeaf(make([]byte, 0, 384), e, seen)}, nil
}

// EventRow is what the row hash of an event's leaf is made of: all of the event
// but its raw bytes.
func EventRow(e *feed.Event) ([]byte, error) { return appendContent(nil, e) }

func appendContent(b []byte, e *feed.Event) ([]byte, error) {
	var room [512]byte
	detail, written := appendDetail(room[:0], e)
	if !written {
		var err error
		if detail, err = EventDetail(e); err != nil {
			return nil, err
		}
	}
	return appendRow(b, e, detail), nil
}

// rowLeaf is the data of every other leaf: the row's hash, and what a reader of
// the ledger can understand without the row. It holds no free text and no
// name of a buyer: a leaf can never be erased. Of a row with a personal part Row
// is the hash of the row's salt and the row, and Open that of the rest of it,
// which stays when the part is erased; a leaf written since has no Row.
type rowLeaf struct {
	Actor   string `json:"actor,omitzero"`
	At      string `json:"at,omitzero"`
	Command string `json:"command,omitzero"`
	Event   int64  `json:"event,omitzero"`
	Holder  int64  `json:"holder,omitzero"`
	Open    string `json:"open,omitzero"`
	Role    Role   `json:"role,omitzero"`
	Room    string `json:"room,omitzero"`
	Row     string `json:"row"`
	State   string `json:"state,omitzero"`
	V       int    `json:"v,omitzero"`
	Version int64  `json:"version,omitzero"`
}

// contentJSON writes the content that row hashes are made of: a member at its
// zero value is left out, so that rows keep their hashes when structs grow.
var contentJSON = json.JoinOptions(json.OmitZeroStructFields(true), jsontext.AllowInvalidUTF8(true), json.Deterministic(true))

func rowSum(row any) (string, error) { return rowSumIn(sha256.New(), row) }

// rowSumIn is the hash of what h has seen and the row.
func rowSumIn(h hash.Hash, row any) (string, error) {
	if err := json.MarshalWrite(h, row, contentJSON); err != nil {
		return "", fmt.Errorf("row content: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func rowBytes(row any) ([]byte, error) {
	b, err := json.Marshal(row, contentJSON)
	if err != nil {
		return nil, fmt.Errorf("row content: %w", err)
	}
	return b, nil
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func leafTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Unstamp(Stamp(t)).Format(time.RFC3339Nano)
}

// A kept row is one that stands in the record and answers for itself in the
// ledger.
type kept interface {
	// leaf is the kind and ref of the row's leaves, and their data without Row.
	leaf() (kind, ref string, data rowLeaf)
	// content is the row as its hash sees it: what stores keep, no more.
	content() any
	// open is the content but the personal part.
	open() any
	sealed() Seal
}

func newRowLeaf(k kept) (Leaf, error) {
	kind, ref, data := k.leaf()
	err := data.commit(k)
	if err != nil {
		return Leaf{}, fmt.Errorf("%s %s: %w", kind, ref, err)
	}
	b, err := ledger.Canonical(&data)
	if err != nil {
		return Leaf{}, fmt.Errorf("%s %s: %w", kind, ref, err)
	}
	return Leaf{Kind: kind, Ref: ref, Data: b}, nil
}

// commit fills in the hashes of the row.
func (l *rowLeaf) commit(k kept) error {
	s := k.sealed()
	if s.Holder == 0 {
		var err error
		l.Row, err = rowSum(k.content())
		return err
	}
	l.V, l.Holder = sealedLeaf, s.Holder
	var err error
	if l.Open, err = rowSum(k.open()); err != nil || s.Erased() {
		return err
	}
	l.Row, err = rowSumIn(s.Salt.Begin(), k.content())
	return err
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (f Flag) leaf() (string, string, rowLeaf) {
	return LeafFlag, number(f.ID), rowLeaf{Actor: f.ChangedBy, Event: f.Event, Room: f.Room, State: string(f.Status), Version: f.Version}
}

func (f Flag) content() any {
	f.Shown = feed.Display{}
	return f
}

func (f Flag) open() any { return f.content() }

func (f Flag) sealed() Seal { return Seal{} }

func (c Complaint) leaf() (string, string, rowLeaf) {
	return LeafComplaint, number(c.ID), rowLeaf{Event: c.Event, Room: c.Room, Version: c.Version}
}

func (c Complaint) content() any {
	c.Shown, c.Buyer.Shown = feed.Display{}, feed.Display{}
	return c
}

func (c Complaint) open() any {
	c.Buyer, c.EventID, c.OrderID, c.Text, c.Shown, c.Why, c.WhyEN = feed.User{}, "", "", "", feed.Display{}, "", ""
	return c
}

func (c Complaint) sealed() Seal { return c.Seal }

func (p Problem) leaf() (string, string, rowLeaf) {
	return LeafProblem, number(p.ID), rowLeaf{Actor: p.ChangedBy, Event: p.Event, Room: p.Room, Version: p.Version}
}

func (p Problem) content() any {
	p.Complaints = nil // they stand in the complaints' rows
	return p
}

func (p Problem) open() any {
	p.Title, p.Complaints = "", nil
	return p
}

func (p Problem) sealed() Seal { return p.Seal }

func (q Question) leaf() (string, string, rowLeaf) {
	state := "open"
	if !q.AnsweredAt.IsZero() {
		state = "answered"
	}
	return LeafQuestion, number(q.ID), rowLeaf{Actor: q.AnsweredBy, Event: q.Event, Room: q.Room, State: state, Version: q.Version}
}

func (q Question) content() any {
	q.Shown, q.Asker.Shown = feed.Display{}, feed.Display{}
	return q
}

func (q Question) open() any {
	q.Asker, q.EventID, q.Text, q.Shown = feed.User{}, "", "", feed.Display{}
	return q
}

func (q Question) sealed() Seal { return q.Seal }

// OrderRef is what the ledger calls an order: its number is the shop's, and the
// buyer's.
func OrderRef(o *Order) string {
	if o.Seal.Holder == 0 {
		return o.ID
	}
	return "#" + number(o.Number)
}

func (o Order) leaf() (string, string, rowLeaf) {
	return LeafOrder, OrderRef(&o), rowLeaf{Event: o.Event, Room: o.Room, State: o.Status, Version: o.Version}
}

func (o Order) content() any {
	o.Buyer.Shown = feed.Display{}
	return o
}

func (o Order) open() any {
	o.ID, o.Buyer, o.AddressHash, o.Device = "", feed.User{}, "", ""
	return o
}

func (o Order) sealed() Seal { return o.Seal }

func (c Case) leaf() (string, string, rowLeaf) {
	return LeafCase, number(c.ID), rowLeaf{Actor: c.ChangedBy, At: leafTime(c.ChangedAt), Room: c.Room, State: string(c.State), Version: c.Version}
}

func (c Case) content() any {
	c.Flags, c.Complaints, c.Orders = orNil(c.Flags), orNil(c.Complaints), orNil(c.Orders)
	c.Buyers, c.Related, c.Watchers = orNil(c.Buyers), orNil(c.Related), orNil(c.Watchers)
	c.Facts, c.Payments = orNil(c.Facts), orNil(c.Payments)
	c.Clocks, c.Skips, c.Notes = orNil(c.Clocks), orNil(c.Skips), orNil(c.Notes)
	c.Evidence, c.Replies = orNil(c.Evidence), orNil(c.Replies)
	c.Signals, c.Holds = orNil(c.Signals), orNil(c.Holds)
	c.Penalties, c.Appeal.DecidedBy = orNil(c.Penalties), orNil(c.Appeal.DecidedBy)
	c.Sample = orNil(c.Sample)
	return c
}

// open is what of a case has a column of its own.
func (c Case) open() any {
	return Case{
		ID: c.ID, Room: c.Room, Kind: c.Kind, State: c.State, SKU: c.SKU, Category: c.Category, Owner: c.Owner,
		LeaseUntil: c.LeaseUntil, SnoozedTo: c.SnoozedTo, Escalated: c.Escalated, Outcome: c.Outcome,
		Flags: orNil(c.Flags), Complaints: orNil(c.Complaints), OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt, DueAt: c.DueAt,
		ChangedAt: c.ChangedAt, ChangedBy: c.ChangedBy, ClosedAt: c.ClosedAt, StakeFen: c.StakeFen, Urgent: c.Urgent, Earlier: c.Earlier, Version: c.Version,
	}
}

func (c Case) sealed() Seal { return c.Seal }

func (e Effect) leaf() (string, string, rowLeaf) {
	return LeafEffect, number(e.ID), rowLeaf{At: leafTime(e.NotBefore), Room: e.Room, State: string(e.Status)}
}

func (e Effect) content() any { return e }

func (e Effect) open() any {
	e.Target, e.Text, e.Result = "", "", ""
	return e
}

func (e Effect) sealed() Seal { return e.Seal }

func (a Action) leaf() (string, string, rowLeaf) {
	state := ""
	if a.Undone {
		state = "undone"
	}
	return LeafAction, number(a.ID), rowLeaf{Actor: a.Actor.Name, At: leafTime(a.At), Command: a.Command, Role: a.Actor.Role, State: state}
}

func (a Action) content() any { return a }

func (a Action) open() any {
	a.Before, a.After = nil, nil
	return a
}

func (a Action) sealed() Seal { return a.Seal }

// orNil is list, an empty one as nil: both are the same list in the record.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
