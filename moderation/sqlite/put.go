package sqlite

import (
	"fmt"

	"liveroom/moderation"
)

func (t *tx) PutFlag(f *moderation.Flag) error {
	finding, err := toJSON(f.Finding)
	if err != nil {
		return err
	}
	args := []any{
		f.Room, f.Event, f.EventID, moderation.Stamp(f.At), finding, f.Text, string(f.Status),
		f.DecidedBy, moderation.Stamp(f.DecidedAt), f.Reason, f.Case, moderation.Stamp(f.Corrected), f.ChangedBy, f.Version + 1,
	}
	if f.ID == 0 {
		f.ID, err = t.insert(`INSERT INTO flags (room, event, event_id, at, finding, text, status,
			decided_by, decided_at, reason, case_id, corrected, changed_by, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE flags SET room = ?, event = ?, event_id = ?, at = ?, finding = ?, text = ?, status = ?,
			decided_by = ?, decided_at = ?, reason = ?, case_id = ?, corrected = ?, changed_by = ?, version = ? WHERE id = ? AND version = ?`,
			append(args, f.ID, f.Version)...)
		err = t.versioned(err, "flags", "id", f.ID)
	}
	if err != nil {
		return fmt.Errorf("put flag %d: %w", f.ID, err)
	}
	f.Version++
	return nil
}

func (t *tx) PutComplaint(c *moderation.Complaint) error {
	buyer, err := toJSON(moderation.UserRowOf(c.Buyer))
	if err != nil {
		return err
	}
	args := []any{
		c.Room, c.Event, c.EventID, moderation.Stamp(c.At), c.Channel, buyer, c.SKU, c.OrderID, c.Text,
		string(c.Type), string(c.Priority), c.Score, c.Why, c.WhyEN, c.Problem, c.Case, c.Version + 1,
	}
	if c.ID == 0 {
		c.ID, err = t.insert(`INSERT INTO complaints (room, event, event_id, at, channel, buyer, sku, order_id, text,
			type, priority, score, why, why_en, problem, case_id, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE complaints SET room = ?, event = ?, event_id = ?, at = ?, channel = ?, buyer = ?,
			sku = ?, order_id = ?, text = ?, type = ?, priority = ?, score = ?, why = ?, why_en = ?, problem = ?, case_id = ?, version = ?
			WHERE id = ? AND version = ?`,
			append(args, c.ID, c.Version)...)
		err = t.versioned(err, "complaints", "id", c.ID)
	}
	if err != nil {
		return fmt.Errorf("put complaint %d: %w", c.ID, err)
	}
	c.Version++
	return nil
}

func (t *tx) PutProblem(p *moderation.Problem) error {
	args := []any{p.Room, p.SKU, p.Title, p.Flag, p.Event, moderation.Stamp(p.SaidAt), p.Into, p.ChangedBy, p.Version + 1}
	var err error
	if p.ID == 0 {
		p.ID, err = t.insert(`INSERT INTO problems (room, sku, title, flag, event, said_at, into_id, changed_by, version)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE problems SET room = ?, sku = ?, title = ?, flag = ?, event = ?, said_at = ?,
			into_id = ?, changed_by = ?, version = ? WHERE id = ? AND version = ?`, append(args, p.ID, p.Version)...)
		err = t.versioned(err, "problems", "id", p.ID)
	}
	if err != nil {
		return fmt.Errorf("put problem %d: %w", p.ID, err)
	}
	p.Version++
	return nil
}

func (t *tx) PutQuestion(q *moderation.Question) error {
	asker, err := toJSON(moderation.UserRowOf(q.Asker))
	if err != nil {
		return err
	}
	args := []any{
		q.Room, q.Event, q.EventID, moderation.Stamp(q.At), asker, q.SKU, q.Text, q.Times, moderation.Stamp(q.LastAt),
		moderation.Stamp(q.AnsweredAt), q.Answer, q.AnsweredBy, q.Note, q.Version + 1,
	}
	if q.ID == 0 {
		q.ID, err = t.insert(`INSERT INTO questions (room, event, event_id, at, asker, sku, text, times, last_at,
			answered_at, answer, answered_by, note, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE questions SET room = ?, event = ?, event_id = ?, at = ?, asker = ?, sku = ?, text = ?,
			times = ?, last_at = ?, answered_at = ?, answer = ?, answered_by = ?, note = ?, version = ? WHERE id = ? AND version = ?`,
			append(args, q.ID, q.Version)...)
		err = t.versioned(err, "questions", "id", q.ID)
	}
	if err != nil {
		return fmt.Errorf("put question %d: %w", q.ID, err)
	}
	q.Version++
	return nil
}

func (t *tx) PutOrder(o *moderation.Order) error {
	buyer, err := toJSON(moderation.UserRowOf(o.Buyer))
	if err != nil {
		return err
	}
	args := []any{
		o.Room, buyer, o.SKU, o.Qty, o.AmountFen, o.PaidFen, o.AddressHash, o.Status, o.Refund, o.RefundFen,
		moderation.Stamp(o.CreatedAt), moderation.Stamp(o.PaidAt), moderation.Stamp(o.ShippedAt), o.Event, o.Case, o.Version + 1, o.ID,
	}
	if o.Version == 0 {
		err = t.addOrder(o, args)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE orders SET room = ?, buyer = ?, sku = ?, qty = ?, amount_fen = ?, paid_fen = ?,
			address_hash = ?, status = ?, refund = ?, refund_fen = ?, created_at = ?, paid_at = ?, shipped_at = ?, event = ?, case_id = ?,
			version = ? WHERE id = ? AND version = ?`, append(args, o.Version)...)
		err = t.versioned(err, "orders", "id", o.ID)
	}
	if err != nil {
		return fmt.Errorf("put order %s: %w", o.ID, err)
	}
	o.Version++
	return nil
}

func (t *tx) addOrder(o *moderation.Order, args []any) error {
	res, err := t.exec(`INSERT INTO orders (room, buyer, sku, qty, amount_fen, paid_fen, address_hash, status, refund, refund_fen,
		created_at, paid_at, shipped_at, event, case_id, version, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return moderation.ErrConflict
	}
	o.Number, err = res.LastInsertId()
	return err
}

func (t *tx) PutEffect(e *moderation.Effect) error {
	args := []any{e.Key, e.Room, e.Kind, e.Target, e.Text, moderation.Stamp(e.NotBefore), string(e.Status), e.Result, e.Flag, e.Action}
	var err error
	if e.ID == 0 {
		e.ID, err = t.insertNew(`INSERT INTO effects (key, room, kind, target, text, not_before, status, result, flag, action)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`, args...)
	} else {
		err = t.update(moderation.ErrNotFound, `UPDATE effects SET key = ?, room = ?, kind = ?, target = ?, text = ?, not_before = ?,
			status = ?, result = ?, flag = ?, action = ? WHERE id = ?`, append(args, e.ID)...)
	}
	if err != nil {
		return fmt.Errorf("put effect %d: %w", e.ID, err)
	}
	return nil
}

func (t *tx) PutAction(a *moderation.Action) error {
	args := []any{
		a.Actor.Name, string(a.Actor.Role), a.Key, a.Command, moderation.Stamp(a.At), moderation.Stamp(a.UndoUntil), a.Undone,
		string(a.Before), string(a.After),
	}
	var err error
	if a.ID == 0 {
		a.ID, err = t.insertNew(`INSERT INTO actions (actor, role, key, command, at, undo_until, undone, before_rows, after_rows)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (actor, key) WHERE key <> '' DO NOTHING`, args...)
	} else {
		err = t.update(moderation.ErrNotFound, `UPDATE actions SET actor = ?, role = ?, key = ?, command = ?, at = ?, undo_until = ?, undone = ?,
			before_rows = ?, after_rows = ? WHERE id = ?`, append(args, a.ID)...)
	}
	if err != nil {
		return fmt.Errorf("put action %d: %w", a.ID, err)
	}
	return nil
}
