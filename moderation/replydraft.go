package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"liveroom/moderation/policy"
	"liveroom/moderation/privacy"
	"liveroom/moderation/reply"
)

// A Draft is an answer filled in for a complaint; a person reads it before it
// goes out.
type Draft struct {
	Template reply.Template
	Text     string
	Missing  []string // what the template asks for and the record does not know
}

// Drafts are the answers to a complaint in a language, those to its type first,
// as the record and the policies stood at a moment.
func (q Inquiry) Drafts(ctx context.Context, complaint int64, set *reply.Set, lang string, asOf time.Time) ([]Draft, error) {
	c, err := q.Record.Complaint(ctx, complaint)
	if err != nil {
		return nil, fmt.Errorf("answer: %w", found(complaintName(complaint), err))
	}
	values, err := q.replyValues(ctx, c, lang, asOf)
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", complaintName(complaint), err)
	}
	var out []Draft
	for _, t := range set.For(c.Type) {
		d := Draft{Template: t}
		d.Text, d.Missing = t.Fill(lang, values)
		out = append(out, d)
	}
	return out, nil
}

// Drafts are the answers that the desk offers to a complaint now.
func (d *Desk) Drafts(ctx context.Context, complaint int64, set *reply.Set, lang string) ([]Draft, error) {
	return d.inquiry(d.store).Drafts(ctx, complaint, set, lang, d.now())
}

func (q Inquiry) replyValues(ctx context.Context, c Complaint, lang string, asOf time.Time) (map[string]string, error) {
	values := map[string]string{}
	sku, paidAt := c.SKU, noTime
	_, zone, err := q.room(ctx, c.Room)
	if err != nil {
		return nil, err
	}
	if c.OrderID != "" {
		o, err := q.Record.Order(ctx, c.OrderID)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil {
			sku, paidAt = firstOf(sku, o.SKU), o.PaidAt
			values[reply.Order] = strings.TrimLeft(privacy.Order(o.ID), "*")
			if o.PaidFen > 0 {
				values[reply.Paid] = money(o.PaidFen, lang)
			}
			if err := q.granted(ctx, values, c, o, lang, asOf); err != nil {
				return nil, err
			}
		}
	}
	if q.Product != nil {
		if p := q.Product(sku); p != nil {
			values[reply.Product] = p.Name
			if p.ShipsHours > 0 && !paidAt.IsZero() {
				values[reply.Ship] = momentIn(paidAt.Add(time.Duration(p.ShipsHours)*time.Hour), zone)
			}
		}
	}
	if c.Case != 0 {
		in, err := q.Record.Case(ctx, c.Case)
		if err != nil {
			return nil, found(caseName(c.Case), err)
		}
		if i := slices.IndexFunc(in.Clocks, func(k Clock) bool { return k.Name == ClockResult && k.MetAt.IsZero() }); i >= 0 {
			values[reply.Due] = momentIn(in.Clocks[i].Due, zone)
		}
	}
	return values, nil
}

// granted fills in what a policy grants for the order, the most of several. A
// scenario of the law is no offer.
func (q Inquiry) granted(ctx context.Context, values map[string]string, c Complaint, o Order, lang string, asOf time.Time) error {
	s, err := q.Ask(ctx, c.Case, o.ID, asOf)
	if err != nil {
		return err
	}
	most := int64(0)
	for _, r := range s.Results {
		if !r.ShownOnly && r.GrantedFen > most {
			most = r.GrantedFen
			values[reply.Amount], values[reply.Policy] = money(most, lang), reply.Text(r.Title).In(lang)
		}
	}
	return nil
}

func money(fen int64, lang string) string {
	if lang == "en" {
		return "CNY " + policy.Yuan(fen)
	}
	return policy.Yuan(fen) + " 元"
}

func momentIn(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04")
}
