package moderation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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

// eventLeaf is the data of an event's leaf. Row is the hash of the whole row
// but Raw, which has a hash of its own: evidence is checked by the raw bytes
// alone. Members stand in the order of their names: the JSON is canonical as
// written, which for events is worth the care.
type eventLeaf struct {
	At     string    `json:"at,omitzero"`
	ID     string    `json:"id"`
	Kind   feed.Kind `json:"kind"`
	Raw    string    `json:"raw"`
	Room   string    `json:"room"`
	Row    string    `json:"row"`
	Source string    `json:"source"`
}

// eventContent is what an event's row hash is made of.
type eventContent struct {
	At     int64          `json:"at"`
	Detail jsontext.Value `json:"detail"`
	ID     string         `json:"id"`
	Kind   feed.Kind      `json:"kind"`
	Recv   int64          `json:"recv"`
	Room   string         `json:"room"`
	Source string         `json:"source"`
	Text   string         `json:"text"`
}

// newEventLeaf is the leaf that an event leaves in the ledger. raw is the hash
// of its raw bytes.
func newEventLeaf(index int64, e *feed.Event, raw [32]byte) (Leaf, error) {
	content, err := EventRow(e)
	if err != nil {
		return Leaf{}, err
	}
	data, err := json.Marshal(&eventLeaf{
		At: leafTime(e.At), ID: e.ID, Kind: e.Kind, Raw: hex.EncodeToString(raw[:]), Room: e.Room, Row: hexSum(content), Source: e.Source,
	}, rowJSON)
	if err != nil {
		return Leaf{}, fmt.Errorf("event %s %s: %w", e.Source, e.ID, err)
	}
	return Leaf{Kind: LeafEvent, Ref: strconv.FormatInt(index, 10), Data: data}, nil
}

// EventRow is what the row hash of an event's leaf is made of: all of the event
// but its raw bytes.
func EventRow(e *feed.Event) ([]byte, error) {
	detail, err := EventDetail(e)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(&eventContent{
		At: Stamp(e.At), Detail: detail, ID: e.ID, Kind: e.Kind, Recv: Stamp(e.Recv), Room: e.Room, Source: e.Source, Text: e.Text,
	}, rowJSON)
	if err != nil {
		return nil, fmt.Errorf("event %s %s: %w", e.Source, e.ID, err)
	}
	return b, nil
}

// rowLeaf is the data of every other leaf: the row's hash, and what a reader of
// the ledger can understand without the row. It holds no free text and no
// name of a buyer: a leaf can never be erased.
type rowLeaf struct {
	Actor   string `json:"actor,omitzero"`
	At      string `json:"at,omitzero"`
	Command string `json:"command,omitzero"`
	Event   int64  `json:"event,omitzero"`
	Role    Role   `json:"role,omitzero"`
	Room    string `json:"room,omitzero"`
	Row     string `json:"row"`
	State   string `json:"state,omitzero"`
	Version int64  `json:"version,omitzero"`
}

// contentJSON writes the content that row hashes are made of: a member at its
// zero value is left out, so that rows keep their hashes when structs grow.
var contentJSON = json.JoinOptions(json.OmitZeroStructFields(true), jsontext.AllowInvalidUTF8(true), json.Deterministic(true))

func rowSum(row any) (string, error) {
	b, err := rowBytes(row)
	return hexSum(b), err
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
}

func newRowLeaf(k kept) (Leaf, error) {
	kind, ref, data := k.leaf()
	var err error
	if data.Row, err = rowSum(k.content()); err != nil {
		return Leaf{}, fmt.Errorf("%s %s: %w", kind, ref, err)
	}
	b, err := ledger.Canonical(&data)
	if err != nil {
		return Leaf{}, fmt.Errorf("%s %s: %w", kind, ref, err)
	}
	return Leaf{Kind: kind, Ref: ref, Data: b}, nil
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (f Flag) leaf() (string, string, rowLeaf) {
	return LeafFlag, number(f.ID), rowLeaf{Actor: f.ChangedBy, Event: f.Event, Room: f.Room, State: string(f.Status), Version: f.Version}
}

func (f Flag) content() any {
	f.Shown = feed.Display{}
	return f
}

func (c Complaint) leaf() (string, string, rowLeaf) {
	return LeafComplaint, number(c.ID), rowLeaf{Event: c.Event, Room: c.Room, Version: c.Version}
}

func (c Complaint) content() any {
	c.Shown, c.Buyer.Shown = feed.Display{}, feed.Display{}
	return c
}

func (p Problem) leaf() (string, string, rowLeaf) {
	return LeafProblem, number(p.ID), rowLeaf{Actor: p.ChangedBy, Event: p.Event, Room: p.Room, Version: p.Version}
}

func (p Problem) content() any {
	p.Complaints = nil // they stand in the complaints' rows
	return p
}

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

func (o Order) leaf() (string, string, rowLeaf) {
	return LeafOrder, o.ID, rowLeaf{Event: o.Event, Room: o.Room, State: o.Status, Version: o.Version}
}

func (o Order) content() any {
	o.Buyer.Shown = feed.Display{}
	return o
}

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

func (e Effect) leaf() (string, string, rowLeaf) {
	return LeafEffect, number(e.ID), rowLeaf{At: leafTime(e.NotBefore), Room: e.Room, State: string(e.Status)}
}

func (e Effect) content() any { return e }

func (a Action) leaf() (string, string, rowLeaf) {
	state := ""
	if a.Undone {
		state = "undone"
	}
	return LeafAction, number(a.ID), rowLeaf{Actor: a.Actor.Name, At: leafTime(a.At), Command: a.Command, Role: a.Actor.Role, State: state}
}

func (a Action) content() any { return a }

// orNil is list, an empty one as nil: both are the same list in the record.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
