package sqlite

import (
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/moderation"
)

var events = table[moderation.Recorded]{
	name: "events", key: "idx", since: "at", scan: scanEvent,
	columns: eventColumns("events"),
}

func eventColumns(name string) string {
	columns := ""
	for _, c := range []string{"idx", "source", "id", "room", "kind", "at", "recv", "text", "detail", "raw", "raw_sha256", "holder"} {
		columns += name + "." + c + ", "
	}
	return columns + fmt.Sprintf("(SELECT secret FROM buyer_keys WHERE number = %s.holder)", name)
}

var leaves = table[moderation.Leaf]{
	name: "leaves", key: "idx", scan: scanLeaf,
	columns: "idx, kind, ref, data",
}

var flags = table[moderation.Flag]{
	name: "flags", key: "id", since: "at", open: "status IN ('open', 'snoozed')", scan: scanFlag,
	columns: "id, room, event, event_id, at, finding, text, status, decided_by, decided_at, reason, case_id, corrected, settled, settled_by, changed_by, version",
}

var complaints = table[moderation.Complaint]{
	name: "complaints", key: "id", since: "at", scan: scanComplaint,
	columns: "id, room, event, event_id, at, channel, buyer, sku, order_id, text, type, priority, score, why, why_en, problem, case_id, version, " + sealColumns("complaints"),
}

var problems = table[moderation.Problem]{
	name: "problems", key: "id", scan: scanProblem,
	columns: `id, room, sku, title, flag, event, said_at, into_id, changed_by, version,
		(SELECT json_group_array(c.id ORDER BY c.id) FROM complaints c WHERE c.problem = problems.id AND c.problem <> 0), ` + sealColumns("problems"),
}

var questions = table[moderation.Question]{
	name: "questions", key: "id", since: "at", open: "answered_at = 0", scan: scanQuestion,
	columns: "id, room, event, event_id, at, asker, sku, text, times, last_at, answered_at, answer, answered_by, note, version, " + sealColumns("questions"),
}

var orders = table[moderation.Order]{
	name: "orders", key: "number", since: "created_at", scan: scanOrder,
	columns: "number, id, room, buyer, sku, qty, amount_fen, paid_fen, address_hash, device, status, refund, refund_fen, created_at, paid_at, shipped_at, event, case_id, version, " + sealColumns("orders"),
}

var effects = table[moderation.Effect]{
	name: "effects", key: "id", since: "not_before", scan: scanEffect,
	columns: "id, key, room, kind, target, text, not_before, status, result, flag, action, source, event, " + sealColumns("effects"),
}

var actions = table[moderation.Action]{
	name: "actions", key: "id", since: "at", scan: scanAction,
	columns: "id, actor, role, key, command, at, undo_until, undone, before_rows, after_rows, " + sealColumns("actions"),
}

// rowJSON keeps rows small and lets a struct grow: a member at its zero value
// is not written.
var rowJSON = json.JoinOptions(json.OmitZeroStructFields(true), jsontext.AllowInvalidUTF8(true))

// The kinds of personal part, as they are sealed. They never change.
const (
	eventPart     = "event"
	complaintPart = "complaint"
	questionPart  = "question"
	orderPart     = "order"
	problemPart   = "problem"
	casePart      = "case"
	effectPart    = "effect"
	actionPart    = "action"
)

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v, rowJSON)
	if err != nil {
		return "", fmt.Errorf("write JSON column: %w", err)
	}
	return string(b), nil
}

// fromJSON fills pairs of a column's name and where its JSON goes.
type jsonColumn struct {
	name string
	text []byte
	into any
}

func fromJSON(columns ...jsonColumn) error {
	for _, c := range columns {
		if err := json.Unmarshal(c.text, c.into); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	return nil
}

func scanRoom(s scanner) (moderation.Room, error) {
	var r moderation.Room
	var onAir, started, ended int64
	var heard []byte
	if err := s.Scan(&r.ID, &r.Name, &r.TimeZone, &r.OnAir, &r.OnAirFen, &onAir, &started, &ended, &heard); err != nil {
		return r, err
	}
	r.OnAirAt, r.StartedAt, r.EndedAt = moderation.Unstamp(onAir), moderation.Unstamp(started), moderation.Unstamp(ended)
	if err := fromJSON(jsonColumn{"heard", heard, &r.Heard}); err != nil {
		return r, fmt.Errorf("room %s: %w", r.ID, err)
	}
	return r, nil
}

func scanEvent(s scanner) (moderation.Recorded, error) {
	var e moderation.Recorded
	var at, recv int64
	var detail, sum, secret []byte
	if err := s.Scan(&e.Index, &e.Source, &e.ID, &e.Room, &e.Kind, &at, &recv, &e.Text, &detail, &e.Raw, &sum, &e.Seal.Holder, &secret); err != nil {
		return e, err
	}
	e.At, e.Recv = moderation.Unstamp(at), moderation.Unstamp(recv)
	if e.Seal.Holder != 0 {
		if len(sum) > 0 {
			return e, fmt.Errorf("event %d: %w", e.Index, errInClear)
		}
		return e, openEvent(&e, string(detail), secret)
	}
	if len(sum) != len(e.RawSHA256) {
		return e, fmt.Errorf("event %d: raw_sha256 has %d bytes, 32 expected", e.Index, len(sum))
	}
	copy(e.RawSHA256[:], sum)
	return e, fillEvent(&e, detail)
}

// openEvent opens the event that is sealed in its raw bytes.
func openEvent(e *moderation.Recorded, detail string, secret []byte) error {
	var id, raw string
	erased, err := unseal(&e.Seal, sealedAs(eventPart, e.ID), e.Raw, secret, &id, &e.Text, &detail, &raw)
	if err != nil {
		return fmt.Errorf("event %d: %w", e.Index, err)
	}
	if erased {
		moderation.SetErasedEvent(e)
		return nil
	}
	if id != "" {
		e.ID = id
	}
	e.Raw = []byte(raw)
	e.RawSHA256 = sha256.Sum256(e.Raw)
	return fillEvent(e, []byte(detail))
}

func fillEvent(e *moderation.Recorded, detail []byte) error {
	if len(e.Raw) == 0 {
		e.Raw = nil
	}
	e.Shown = feed.Sanitise(e.Text)
	if err := moderation.SetEventDetail(&e.Event, detail); err != nil {
		return fmt.Errorf("event %d: %w", e.Index, err)
	}
	return nil
}

func scanLeaf(s scanner) (l moderation.Leaf, err error) {
	return l, s.Scan(&l.Index, &l.Kind, &l.Ref, &l.Data)
}

func scanFlag(s scanner) (moderation.Flag, error) {
	var f moderation.Flag
	var at, decided, corrected int64
	var finding []byte
	if err := s.Scan(&f.ID, &f.Room, &f.Event, &f.EventID, &at, &finding, &f.Text, &f.Status,
		&f.DecidedBy, &decided, &f.Reason, &f.Case, &corrected, &f.Settled, &f.SettledBy, &f.ChangedBy, &f.Version); err != nil {
		return f, err
	}
	f.At, f.DecidedAt, f.Corrected = moderation.Unstamp(at), moderation.Unstamp(decided), moderation.Unstamp(corrected)
	f.Shown = feed.Sanitise(f.Text)
	if err := fromJSON(jsonColumn{"finding", finding, &f.Finding}); err != nil {
		return f, fmt.Errorf("flag %d: %w", f.ID, err)
	}
	return f, nil
}

func scanComplaint(s scanner) (moderation.Complaint, error) {
	var c moderation.Complaint
	var at int64
	var buyer string
	var sealed, secret []byte
	if err := s.Scan(&c.ID, &c.Room, &c.Event, &c.EventID, &at, &c.Channel, &buyer, &c.SKU, &c.OrderID,
		&c.Text, &c.Type, &c.Priority, &c.Score, &c.Why, &c.WhyEN, &c.Problem, &c.Case, &c.Version, &c.Seal.Holder, &sealed, &secret); err != nil {
		return c, err
	}
	order := c.OrderID
	if c.Seal.Holder != 0 {
		order = ""
	}
	erased, err := unseal(&c.Seal, sealedAs(complaintPart, c.OrderID), sealed, secret, &c.EventID, &buyer, &order, &c.Text, &c.Why, &c.WhyEN)
	c.OrderID = order
	var u moderation.UserRow
	if err == nil {
		err = fromJSON(jsonColumn{"buyer", []byte(buyer), &u})
	}
	if err != nil {
		return c, fmt.Errorf("complaint %d: %w", c.ID, err)
	}
	c.Buyer = u.User()
	if erased {
		c.SetErased()
	}
	c.At, c.Shown = moderation.Unstamp(at), feed.Sanitise(c.Text)
	return c, nil
}

func scanProblem(s scanner) (moderation.Problem, error) {
	var p moderation.Problem
	var saidAt int64
	var of, sealed, secret []byte
	if err := s.Scan(&p.ID, &p.Room, &p.SKU, &p.Title, &p.Flag, &p.Event, &saidAt, &p.Into, &p.ChangedBy, &p.Version, &of, &p.Seal.Holder, &sealed, &secret); err != nil {
		return p, err
	}
	erased, err := unseal(&p.Seal, problemPart, sealed, secret, &p.Title)
	if err != nil {
		return p, fmt.Errorf("problem %d: %w", p.ID, err)
	}
	if erased {
		p.SetErased()
	}
	p.SaidAt = moderation.Unstamp(saidAt)
	if err := fromJSON(jsonColumn{"complaints", of, &p.Complaints}); err != nil {
		return p, fmt.Errorf("problem %d: %w", p.ID, err)
	}
	return p, nil
}

func scanQuestion(s scanner) (moderation.Question, error) {
	var q moderation.Question
	var at, last, answered int64
	var asker string
	var sealed, secret []byte
	if err := s.Scan(&q.ID, &q.Room, &q.Event, &q.EventID, &at, &asker, &q.SKU, &q.Text, &q.Times, &last, &answered,
		&q.Answer, &q.AnsweredBy, &q.Note, &q.Version, &q.Seal.Holder, &sealed, &secret); err != nil {
		return q, err
	}
	erased, err := unseal(&q.Seal, questionPart, sealed, secret, &q.EventID, &asker, &q.Text)
	var u moderation.UserRow
	if err == nil {
		err = fromJSON(jsonColumn{"asker", []byte(asker), &u})
	}
	if err != nil {
		return q, fmt.Errorf("question %d: %w", q.ID, err)
	}
	q.Asker = u.User()
	if erased {
		q.SetErased()
	}
	q.At, q.LastAt, q.AnsweredAt, q.Shown = moderation.Unstamp(at), moderation.Unstamp(last), moderation.Unstamp(answered), feed.Sanitise(q.Text)
	return q, nil
}

func scanOrder(s scanner) (moderation.Order, error) {
	var o moderation.Order
	var created, paid, shipped int64
	var buyer string
	var sealed, secret []byte
	if err := s.Scan(&o.Number, &o.ID, &o.Room, &buyer, &o.SKU, &o.Qty, &o.AmountFen, &o.PaidFen, &o.AddressHash, &o.Device,
		&o.Status, &o.Refund, &o.RefundFen, &created, &paid, &shipped, &o.Event, &o.Case, &o.Version, &o.Seal.Holder, &sealed, &secret); err != nil {
		return o, err
	}
	o.CreatedAt, o.PaidAt, o.ShippedAt = moderation.Unstamp(created), moderation.Unstamp(paid), moderation.Unstamp(shipped)
	var id, address, device string
	erased, err := keptOrder{o.ID, o.AddressHash, o.Device}.unseal(&o.Seal, sealed, secret, &id, &buyer, &address, &device)
	var u moderation.UserRow
	if err == nil {
		err = fromJSON(jsonColumn{"buyer", []byte(buyer), &u})
	}
	if err != nil {
		return o, fmt.Errorf("order %d: %w", o.Number, err)
	}
	o.Buyer = u.User()
	switch {
	case erased:
		o.SetErased()
	case o.Seal.Holder != 0:
		o.ID, o.AddressHash, o.Device = id, address, device
	}
	return o, nil
}

// orNil is list, an empty one as nil: what was put in is what comes out.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func scanEffect(s scanner) (moderation.Effect, error) {
	var e moderation.Effect
	var notBefore int64
	var sealed, secret []byte
	if err := s.Scan(&e.ID, &e.Key, &e.Room, &e.Kind, &e.Target, &e.Text, &notBefore, &e.Status, &e.Result, &e.Flag, &e.Action, &e.Source, &e.Event,
		&e.Seal.Holder, &sealed, &secret); err != nil {
		return e, err
	}
	erased, err := unseal(&e.Seal, effectPart, sealed, secret, &e.Target, &e.Text, &e.Result)
	if err != nil {
		return e, fmt.Errorf("effect %d: %w", e.ID, err)
	}
	if erased {
		e.SetErased()
	}
	e.NotBefore = moderation.Unstamp(notBefore)
	return e, nil
}

func scanAction(s scanner) (moderation.Action, error) {
	var a moderation.Action
	var at, until int64
	var before, after string
	var sealed, secret []byte
	if err := s.Scan(&a.ID, &a.Actor.Name, &a.Actor.Role, &a.Key, &a.Command, &at, &until, &a.Undone, &before, &after,
		&a.Seal.Holder, &sealed, &secret); err != nil {
		return a, err
	}
	erased, err := unseal(&a.Seal, actionPart, sealed, secret, &before, &after)
	if err != nil {
		return a, fmt.Errorf("action %d: %w", a.ID, err)
	}
	a.Before, a.After = []byte(before), []byte(after)
	if erased {
		a.SetErased()
	}
	a.At, a.UndoUntil = moderation.Unstamp(at), moderation.Unstamp(until)
	return a, nil
}
