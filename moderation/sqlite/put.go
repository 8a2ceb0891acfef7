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
		f.DecidedBy, moderation.Stamp(f.DecidedAt), f.Reason, f.Case, moderation.Stamp(f.Corrected), f.Settled, f.SettledBy, f.ChangedBy, f.Version + 1,
	}
	if f.ID == 0 {
		t.flagged = true
		f.ID, err = t.insert(`INSERT INTO flags (room, event, event_id, at, finding, text, status,
			decided_by, decided_at, reason, case_id, corrected, settled, settled_by, changed_by, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE flags SET room = ?, event = ?, event_id = ?, at = ?, finding = ?, text = ?, status = ?,
			decided_by = ?, decided_at = ?, reason = ?, case_id = ?, corrected = ?, settled = ?, settled_by = ?, changed_by = ?, version = ? WHERE id = ? AND version = ?`,
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
	sealed, err := t.sealComplaint(c)
	if err != nil {
		return err
	}
	args := []any{
		c.Room, c.Event, moderation.Stamp(c.At), c.Channel, c.SKU, string(c.Type), string(c.Priority), c.Score, c.Problem, c.Case, c.Version + 1,
		t.orderName(c.OrderID), c.Seal.Holder, sealed,
	}
	if c.ID == 0 {
		c.ID, err = t.insert(`INSERT INTO complaints (room, event, at, channel, sku, type, priority, score, problem, case_id, version, order_id, holder, sealed,
			event_id, buyer, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '{}', '')`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE complaints SET room = ?, event = ?, at = ?, channel = ?, sku = ?, type = ?, priority = ?,
			score = ?, problem = ?, case_id = ?, version = ?, order_id = ?, holder = ?, sealed = ? WHERE id = ? AND version = ?`,
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
	sealed, err := t.seal(&p.Seal, moderation.DeskHolder, problemPart, p.Title)
	if err != nil {
		return err
	}
	args := []any{p.Room, p.SKU, p.Flag, p.Event, moderation.Stamp(p.SaidAt), p.Into, p.ChangedBy, p.Version + 1, p.Seal.Holder, sealed}
	if p.ID == 0 {
		p.ID, err = t.insert(`INSERT INTO problems (room, sku, flag, event, said_at, into_id, changed_by, version, holder, sealed, title)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE problems SET room = ?, sku = ?, flag = ?, event = ?, said_at = ?,
			into_id = ?, changed_by = ?, version = ?, holder = ?, sealed = ? WHERE id = ? AND version = ?`, append(args, p.ID, p.Version)...)
		err = t.versioned(err, "problems", "id", p.ID)
	}
	if err != nil {
		return fmt.Errorf("put problem %d: %w", p.ID, err)
	}
	p.Version++
	return nil
}

func (t *tx) PutQuestion(q *moderation.Question) error {
	sealed, err := t.sealQuestion(q)
	if err != nil {
		return err
	}
	args := []any{
		q.Room, q.Event, moderation.Stamp(q.At), q.SKU, q.Times, moderation.Stamp(q.LastAt),
		moderation.Stamp(q.AnsweredAt), q.Answer, q.AnsweredBy, q.Note, q.Version + 1, q.Seal.Holder, sealed,
	}
	if q.ID == 0 {
		q.ID, err = t.insert(`INSERT INTO questions (room, event, at, sku, times, last_at, answered_at, answer, answered_by, note, version, holder, sealed,
			event_id, asker, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '{}', '')`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE questions SET room = ?, event = ?, at = ?, sku = ?, times = ?, last_at = ?,
			answered_at = ?, answer = ?, answered_by = ?, note = ?, version = ?, holder = ?, sealed = ? WHERE id = ? AND version = ?`,
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
	sealed, err := t.sealOrder(o)
	if err != nil {
		return err
	}
	args := []any{
		o.Room, o.SKU, o.Qty, o.AmountFen, o.PaidFen, o.Status, o.Refund, o.RefundFen,
		moderation.Stamp(o.CreatedAt), moderation.Stamp(o.PaidAt), moderation.Stamp(o.ShippedAt), o.Event, o.Case, o.Version + 1, t.addressName(o.AddressHash),
		t.deviceName(o.Device), o.Seal.Holder, sealed,
	}
	if o.Version == 0 {
		err = t.addOrder(o, args)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE orders SET room = ?, sku = ?, qty = ?, amount_fen = ?, paid_fen = ?,
			status = ?, refund = ?, refund_fen = ?, created_at = ?, paid_at = ?, shipped_at = ?, event = ?, case_id = ?,
			version = ?, address_hash = ?, device = ?, holder = ?, sealed = ? WHERE number = ? AND version = ?`, append(args, o.Number, o.Version)...)
		err = t.versioned(err, "orders", "number", o.Number)
	}
	if err != nil {
		return fmt.Errorf("put order %d: %w", o.Number, err)
	}
	o.Version++
	return nil
}

func (t *tx) addOrder(o *moderation.Order, args []any) error {
	res, err := t.exec(`INSERT INTO orders (room, sku, qty, amount_fen, paid_fen, status, refund, refund_fen,
		created_at, paid_at, shipped_at, event, case_id, version, address_hash, device, holder, sealed, id, buyer)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}')
		ON CONFLICT (id) DO NOTHING`, append(args, t.orderName(o.ID))...)
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
	sealed, err := t.seal(&e.Seal, moderation.DeskHolder, effectPart, e.Target, e.Text, e.Result)
	if err != nil {
		return err
	}
	args := []any{e.Key, e.Room, e.Kind, moderation.Stamp(e.NotBefore), string(e.Status), e.Flag, e.Action, e.Source, e.Event, e.Seal.Holder, sealed}
	if e.ID == 0 {
		e.ID, err = t.insertNew(`INSERT INTO effects (key, room, kind, not_before, status, flag, action, source, event, holder, sealed, target, text, result)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '') ON CONFLICT (key) DO NOTHING`, args...)
	} else {
		err = t.update(moderation.ErrNotFound, `UPDATE effects SET key = ?, room = ?, kind = ?, not_before = ?,
			status = ?, flag = ?, action = ?, source = ?, event = ?, holder = ?, sealed = ? WHERE id = ?`, append(args, e.ID)...)
	}
	if err != nil {
		return fmt.Errorf("put effect %d: %w", e.ID, err)
	}
	return nil
}

func (t *tx) PutAction(a *moderation.Action) error {
	sealed, err := t.seal(&a.Seal, moderation.DeskHolder, actionPart, string(a.Before), string(a.After))
	if err != nil {
		return err
	}
	args := []any{
		a.Actor.Name, string(a.Actor.Role), a.Key, a.Command, moderation.Stamp(a.At), moderation.Stamp(a.UndoUntil), a.Undone, a.Seal.Holder, sealed,
	}
	if a.ID == 0 {
		a.ID, err = t.insertNew(`INSERT INTO actions (actor, role, key, command, at, undo_until, undone, holder, sealed, before_rows, after_rows)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', '{}') ON CONFLICT (actor, key) WHERE key <> '' DO NOTHING`, args...)
	} else {
		err = t.update(moderation.ErrNotFound, `UPDATE actions SET actor = ?, role = ?, key = ?, command = ?, at = ?, undo_until = ?, undone = ?,
			holder = ?, sealed = ? WHERE id = ?`, append(args, a.ID)...)
	}
	if err != nil {
		return fmt.Errorf("put action %d: %w", a.ID, err)
	}
	return nil
}
