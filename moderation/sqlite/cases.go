package sqlite

import (
	"context"
	"fmt"

	"liveroom/claims"
	"liveroom/moderation"
)

var cases = table[moderation.Case]{
	name: "cases", key: "id", since: "opened_at", open: "state NOT IN ('closed', 'withdrawn')", scan: scanCase,
	columns: `id, room, kind, state, title, sku, category, owner, lease_until, snoozed_to, escalated, outcome, flags, complaints, orders, notes,
		detail, opened_by, opened_at, due_at, changed_at, changed_by, closed_at, version, ` + sealColumns("cases"),
}

// noteRow is a note of a case in its column; a skip is kept as one.
type noteRow struct {
	By   string `json:"by"`
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// caseDetail is what of a case no query asks for.
type caseDetail struct {
	ResolvedBy string        `json:"resolved_by"`
	Buyers     []string      `json:"buyers"`
	Host       string        `json:"host"`
	Merchant   string        `json:"merchant"`
	Related    []int64       `json:"related"`
	Appeal     appealRow     `json:"appeal,omitzero"`
	AppealOf   int64         `json:"appeal_of"`
	Clocks     []clockRow    `json:"clocks"`
	Watchers   []string      `json:"watchers"`
	Skips      []noteRow     `json:"skips"`
	Facts      []factRow     `json:"facts"`
	Payments   []paymentRow  `json:"payments"`
	Signals    []signalRow   `json:"signals"`
	Holds      []holdRow     `json:"holds"`
	Evidence   []evidenceRow `json:"evidence"`
	Replies    []replyRow    `json:"replies"`
	StakeFen   int64         `json:"stake_fen"`
	Urgent     int           `json:"urgent"`
	Earlier    int           `json:"earlier"`
	Penalties  []penaltyRow  `json:"penalties,omitzero"`
	Plan       planRow       `json:"plan,omitzero"`
	Sample     []sampledRow  `json:"sample,omitzero"`
}

type clockRow struct {
	Name     string     `json:"name"`
	Policy   string     `json:"policy"`
	Version  string     `json:"version"`
	Text     string     `json:"text"`
	TextEN   string     `json:"text_en"`
	Within   string     `json:"within"`
	Met      string     `json:"met"`
	Started  int64      `json:"started"`
	Earliest int64      `json:"earliest"`
	Due      int64      `json:"due"`
	Pauses   []pauseRow `json:"pauses"`
	MetAt    int64      `json:"met_at"`
	MissedAt int64      `json:"missed_at"`
	// Notices is left out while there is none, which is nearly always.
	Notices []noticeRow `json:"notices,omitempty"`
}

type noticeRow struct {
	Key string `json:"key"`
	To  string `json:"to"`
	At  int64  `json:"at"`
}

type pauseRow struct {
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Reason string `json:"reason"`
}

func (t *tx) PutCase(c *moderation.Case) error {
	args, err := t.caseArgs(c)
	if err != nil {
		return err
	}
	if c.ID == 0 {
		c.ID, err = t.insert(`INSERT INTO cases (room, kind, state, title, sku, category, owner, lease_until, snoozed_to, escalated, outcome,
			flags, complaints, orders, notes, detail, opened_by, opened_at, due_at, changed_at, changed_by, closed_at, holder, sealed, version)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	} else {
		err = t.update(moderation.ErrConflict, `UPDATE cases SET room = ?, kind = ?, state = ?, title = ?, sku = ?, category = ?, owner = ?,
			lease_until = ?, snoozed_to = ?, escalated = ?, outcome = ?, flags = ?, complaints = ?, orders = ?, notes = ?, detail = ?,
			opened_by = ?, opened_at = ?, due_at = ?, changed_at = ?, changed_by = ?, closed_at = ?, holder = ?, sealed = ?, version = ?
			WHERE id = ? AND version = ?`, append(args, c.ID, c.Version)...)
		err = t.versioned(err, "cases", "id", c.ID)
	}
	if err == nil {
		err = t.putLinks(c)
	}
	if err != nil {
		return fmt.Errorf("put case %d: %w", c.ID, err)
	}
	c.Version++
	return nil
}

// putLinks adds what the case is about. It is known when a case is opened, and
// never becomes less.
func (t *tx) putLinks(c *moderation.Case) error {
	links := c.Links()
	pairs := make([][2]string, len(links))
	for i, l := range links {
		pairs[i] = [2]string{string(l.Kind), t.linkValue(l)}
	}
	all, err := toJSON(pairs)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO case_links SELECT value ->> 0, value ->> 1, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, c.ID, all)
	return err
}

func (r *reader) CasesOf(ctx context.Context, l moderation.Link, before int64, limit int) ([]moderation.Case, error) {
	found, err := collect(ctx, r, scanCase, "SELECT "+cases.columns+` FROM cases
		WHERE id IN (SELECT case_id FROM case_links WHERE kind = ? AND value = ? AND case_id < ? ORDER BY case_id DESC)
		AND state <> 'withdrawn' ORDER BY id DESC`+limited(limit), string(l.Kind), r.linkValue(l), before)
	if err != nil {
		return nil, fmt.Errorf("cases of a %s: %w", l.Kind, err)
	}
	return found, nil
}

func (t *tx) caseArgs(c *moderation.Case) ([]any, error) {
	open, sealed, err := t.sealCase(c)
	if err != nil {
		return nil, err
	}
	return []any{
		c.Room, string(c.Kind), string(c.State), "", c.SKU, string(c.Category),
		c.Owner, moderation.Stamp(c.LeaseUntil), moderation.Stamp(c.SnoozedTo), moderation.Stamp(c.Escalated), string(c.Outcome),
		open.flags, open.complaints, "[]", "[]", open.rank, c.OpenedBy, moderation.Stamp(c.OpenedAt), moderation.Stamp(c.DueAt),
		moderation.Stamp(c.ChangedAt), c.ChangedBy, moderation.Stamp(c.ClosedAt), c.Seal.Holder, sealed, c.Version + 1,
	}, nil
}

func noteRows(notes []moderation.Note) []noteRow {
	out := make([]noteRow, len(notes))
	for i, n := range notes {
		out[i] = noteRow{By: n.By, At: moderation.Stamp(n.At), Text: n.Text}
	}
	return out
}

func detailOf(c *moderation.Case) caseDetail {
	d := caseDetail{
		ResolvedBy: c.ResolvedBy, Buyers: c.Buyers, Host: c.Host, Merchant: c.Merchant, Related: c.Related, AppealOf: c.AppealOf,
		Watchers: c.Watchers, StakeFen: c.StakeFen, Urgent: c.Urgent, Earlier: c.Earlier,
	}
	d.Appeal = appealRowOf(c.Appeal)
	d.Plan, d.Sample = planRowOf(c.Plan), sampledRows(c.Sample)
	d.Penalties = penaltyRows(c.Penalties)
	for _, s := range c.Skips {
		d.Skips = append(d.Skips, noteRow{By: s.By, At: moderation.Stamp(s.At), Text: s.Reason})
	}
	d.Facts, d.Payments = factRows(c.Facts), paymentRows(c.Payments)
	d.Evidence, d.Replies = evidenceRows(c.Evidence), replyRows(c.Replies)
	d.Signals, d.Holds = signalRows(c.Signals), holdRows(c.Holds)
	for _, k := range c.Clocks {
		row := clockRow{
			Name: k.Name, Policy: k.Policy, Version: k.Version, Text: k.Text, TextEN: k.TextEN, Within: k.Within, Met: k.Met,
			Started: moderation.Stamp(k.Started), Earliest: moderation.Stamp(k.Earliest), Due: moderation.Stamp(k.Due),
			MetAt: moderation.Stamp(k.MetAt), MissedAt: moderation.Stamp(k.MissedAt),
		}
		for _, p := range k.Pauses {
			row.Pauses = append(row.Pauses, pauseRow{From: moderation.Stamp(p.From), To: moderation.Stamp(p.To), Reason: p.Reason})
		}
		for _, n := range k.Notices {
			row.Notices = append(row.Notices, noticeRow{Key: n.Key, To: n.To, At: moderation.Stamp(n.At)})
		}
		d.Clocks = append(d.Clocks, row)
	}
	return d
}

func (d caseDetail) fill(c *moderation.Case) {
	c.ResolvedBy, c.Host, c.Merchant, c.AppealOf = d.ResolvedBy, d.Host, d.Merchant, d.AppealOf
	c.Buyers, c.Related, c.Watchers = orNil(d.Buyers), orNil(d.Related), orNil(d.Watchers)
	c.StakeFen, c.Urgent, c.Earlier = d.StakeFen, d.Urgent, d.Earlier
	c.Appeal = d.Appeal.appeal()
	c.Plan, c.Sample = d.Plan.plan(), sampleOf(d.Sample)
	c.Penalties = penaltiesOf(d.Penalties)
	for _, s := range d.Skips {
		c.Skips = append(c.Skips, moderation.Skip{By: s.By, At: moderation.Unstamp(s.At), Reason: s.Text})
	}
	c.Facts, c.Payments = factsOf(d.Facts), paymentsOf(d.Payments)
	c.Evidence, c.Replies = evidenceOf(d.Evidence), repliesOf(d.Replies)
	c.Signals, c.Holds = signalsOf(d.Signals), holdsOf(d.Holds)
	for _, row := range d.Clocks {
		k := moderation.Clock{
			Name: row.Name, Policy: row.Policy, Version: row.Version, Text: row.Text, TextEN: row.TextEN, Within: row.Within, Met: row.Met,
			Started: moderation.Unstamp(row.Started), Earliest: moderation.Unstamp(row.Earliest), Due: moderation.Unstamp(row.Due),
			MetAt: moderation.Unstamp(row.MetAt), MissedAt: moderation.Unstamp(row.MissedAt),
		}
		for _, p := range row.Pauses {
			k.Pauses = append(k.Pauses, moderation.Pause{From: moderation.Unstamp(p.From), To: moderation.Unstamp(p.To), Reason: p.Reason})
		}
		for _, n := range row.Notices {
			k.Notices = append(k.Notices, moderation.Notice{Key: n.Key, To: n.To, At: moderation.Unstamp(n.At)})
		}
		c.Clocks = append(c.Clocks, k)
	}
}

func scanCase(s scanner) (moderation.Case, error) {
	var c moderation.Case
	var lease, snoozed, escalated, opened, due, changed, closed int64
	var ofFlags, ofComplaints, sealed, secret []byte
	var ofOrders, notes, detail, category string
	if err := s.Scan(&c.ID, &c.Room, &c.Kind, &c.State, &c.Title, &c.SKU, &category, &c.Owner, &lease, &snoozed, &escalated, &c.Outcome,
		&ofFlags, &ofComplaints, &ofOrders, &notes, &detail, &c.OpenedBy, &opened, &due, &changed, &c.ChangedBy, &closed, &c.Version,
		&c.Seal.Holder, &sealed, &secret); err != nil {
		return c, err
	}
	rank := detail
	if c.Seal.Holder != 0 {
		detail = ""
	}
	erased, err := unseal(&c.Seal, sealedAs(casePart, rank), sealed, secret, &c.Title, &ofOrders, &notes, &detail)
	if err != nil {
		return c, fmt.Errorf("case %d: %w", c.ID, err)
	}
	if erased {
		detail = rank
	}
	c.Category = claims.Category(category)
	c.LeaseUntil, c.SnoozedTo, c.Escalated = moderation.Unstamp(lease), moderation.Unstamp(snoozed), moderation.Unstamp(escalated)
	c.OpenedAt, c.DueAt = moderation.Unstamp(opened), moderation.Unstamp(due)
	c.ChangedAt, c.ClosedAt = moderation.Unstamp(changed), moderation.Unstamp(closed)
	var rows []noteRow
	var more caseDetail
	if err := fromJSON(jsonColumn{"flags", ofFlags, &c.Flags}, jsonColumn{"complaints", ofComplaints, &c.Complaints},
		jsonColumn{"orders", []byte(ofOrders), &c.Orders}, jsonColumn{"notes", []byte(notes), &rows}, jsonColumn{"detail", []byte(detail), &more}); err != nil {
		return c, fmt.Errorf("case %d: %w", c.ID, err)
	}
	c.Flags, c.Complaints, c.Orders = orNil(c.Flags), orNil(c.Complaints), orNil(c.Orders)
	for _, n := range rows {
		c.Notes = append(c.Notes, moderation.Note{By: n.By, At: moderation.Unstamp(n.At), Text: n.Text})
	}
	more.fill(&c)
	if erased {
		c.SetErased()
	}
	return c, nil
}
