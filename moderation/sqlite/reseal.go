package sqlite

import (
	"context"
	"fmt"
	"strings"

	"liveroom/moderation"
	"liveroom/moderation/seal"
)

// resealPage is how many rows are read at a time while a record is sealed.
const resealPage = 1000

// sealRows seals what stood in the clear before there were seals. Leaves stay as
// they are: they hold the hash of the whole row, and the rows are read as they
// were.
func sealRows(t *tx) error {
	secret := seal.NewSecret()
	if _, err := t.exec("INSERT INTO record_keys (name, secret) VALUES (?, ?)", namesKey, secret); err != nil {
		return err
	}
	t.secrets = newSecrets(secret)
	for _, step := range []func(*tx) error{sealEvents, sealComplaints, sealQuestions, sealOrders, sealProblems, sealCases, sealEffects, sealActions, nameLinks} {
		if err := step(t); err != nil {
			return fmt.Errorf("seal what is people's: %w", err)
		}
	}
	return nil
}

// eachRow calls fn with every row of a table, a page at a time.
func eachRow[T any](t *tx, of table[T], key func(*T) int64, fn func(*T) error) error {
	for page := (moderation.Page{Limit: resealPage}); ; {
		rows, err := list(context.Background(), &t.reader, of, page)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := fn(&rows[i]); err != nil {
				return err
			}
			page.After = key(&rows[i])
		}
		if len(rows) < resealPage {
			return nil
		}
	}
}

func sealEvents(t *tx) error {
	return eachRow(t, events, func(e *moderation.Recorded) int64 { return e.Index }, func(e *moderation.Recorded) error {
		holder := moderation.EventHolder(&e.Event)
		if holder == nil {
			return nil
		}
		k, err := t.key(holder)
		if err != nil {
			return err
		}
		c, err := newEventRow(e, k, t.namer)
		if err == nil {
			_, err = t.exec("UPDATE events SET id = ?, text = ?, detail = ?, raw = ?, raw_sha256 = ?, holder = ? WHERE idx = ?",
				c.id, c.text, c.detail, c.raw, c.sum, e.Seal.Holder, e.Index)
		}
		return err
	})
}

func sealComplaints(t *tx) error {
	return eachRow(t, complaints, func(c *moderation.Complaint) int64 { return c.ID }, func(c *moderation.Complaint) error {
		sealed, err := t.sealComplaint(c)
		if err == nil {
			_, err = t.exec(`UPDATE complaints SET event_id = '', buyer = '{}', order_id = ?, text = '', why = '', why_en = '', holder = ?, sealed = ?
				WHERE id = ?`, t.orderName(c.OrderID), c.Seal.Holder, sealed, c.ID)
		}
		return err
	})
}

func sealQuestions(t *tx) error {
	return eachRow(t, questions, func(q *moderation.Question) int64 { return q.ID }, func(q *moderation.Question) error {
		sealed, err := t.sealQuestion(q)
		if err == nil {
			_, err = t.exec("UPDATE questions SET event_id = '', asker = '{}', text = '', holder = ?, sealed = ? WHERE id = ?", q.Seal.Holder, sealed, q.ID)
		}
		return err
	})
}

func sealOrders(t *tx) error {
	of := orders // of that version, which had no devices
	of.columns = strings.Replace(of.columns, " device,", " '',", 1)
	return eachRow(t, of, func(o *moderation.Order) int64 { return o.Number }, func(o *moderation.Order) error {
		sealed, err := t.sealOrder(o)
		if err == nil {
			_, err = t.exec("UPDATE orders SET id = ?, buyer = '{}', address_hash = ?, holder = ?, sealed = ? WHERE number = ?",
				t.orderName(o.ID), t.addressName(o.AddressHash), o.Seal.Holder, sealed, o.Number)
		}
		return err
	})
}

func sealProblems(t *tx) error {
	return eachRow(t, problems, func(p *moderation.Problem) int64 { return p.ID }, func(p *moderation.Problem) error {
		sealed, err := t.seal(&p.Seal, moderation.DeskHolder, problemPart, p.Title)
		if err == nil {
			_, err = t.exec("UPDATE problems SET title = '', holder = ?, sealed = ? WHERE id = ?", p.Seal.Holder, sealed, p.ID)
		}
		return err
	})
}

func sealCases(t *tx) error {
	return eachRow(t, cases, func(c *moderation.Case) int64 { return c.ID }, func(c *moderation.Case) error {
		open, sealed, err := t.sealCase(c)
		if err == nil {
			_, err = t.exec("UPDATE cases SET title = '', orders = '[]', notes = '[]', detail = ?, holder = ?, sealed = ? WHERE id = ?",
				open.rank, c.Seal.Holder, sealed, c.ID)
		}
		return err
	})
}

func sealEffects(t *tx) error {
	of := effects // of that version, which were about no message
	of.columns = strings.Replace(of.columns, " source, event,", " '', 0,", 1)
	return eachRow(t, of, func(e *moderation.Effect) int64 { return e.ID }, func(e *moderation.Effect) error {
		sealed, err := t.seal(&e.Seal, moderation.DeskHolder, effectPart, e.Target, e.Text, e.Result)
		if err == nil {
			_, err = t.exec("UPDATE effects SET target = '', text = '', result = '', holder = ?, sealed = ? WHERE id = ?", e.Seal.Holder, sealed, e.ID)
		}
		return err
	})
}

func sealActions(t *tx) error {
	return eachRow(t, actions, func(a *moderation.Action) int64 { return a.ID }, func(a *moderation.Action) error {
		sealed, err := t.seal(&a.Seal, moderation.DeskHolder, actionPart, string(a.Before), string(a.After))
		if err == nil {
			_, err = t.exec("UPDATE actions SET before_rows = '{}', after_rows = '{}', holder = ?, sealed = ? WHERE id = ?", a.Seal.Holder, sealed, a.ID)
		}
		return err
	})
}

// nameLinks puts names in the place of what tells of a person in what leads to
// cases.
func nameLinks(t *tx) error {
	for _, kind := range personalLinks {
		if err := t.nameLinks(kind); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) nameLinks(kind moderation.LinkKind) error {
	type link struct {
		value string
		of    int64
	}
	links, err := collect(context.Background(), &t.reader, func(s scanner) (l link, err error) { return l, s.Scan(&l.value, &l.of) },
		"SELECT value, case_id FROM case_links WHERE kind = ?", string(kind))
	if err != nil {
		return err
	}
	for _, l := range links {
		kept := t.linkValue(moderation.Link{Kind: kind, Value: l.value})
		if _, err := t.exec("UPDATE case_links SET value = ? WHERE kind = ? AND value = ? AND case_id = ?", kept, string(kind), l.value, l.of); err != nil {
			return err
		}
	}
	return nil
}
