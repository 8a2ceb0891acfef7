package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/privacy"
	"liveroom/moderation/triage"
)

// The rows of the listings. Names are those of the glossary; money is in fen.

type userRow struct {
	ID   string    `json:"id,omitzero"`
	Name string    `json:"name,omitzero"`
	Role feed.Role `json:"role,omitzero"`
}

func showUser(u feed.User) userRow { return userRow{ID: u.ID, Name: u.Name, Role: u.Role} }

func eventLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	rows, err := asked(ctx, r, p, opt, r.Events)
	return rowsOf(rows, err, func(e moderation.Recorded) int64 { return e.Index }, func(e moderation.Recorded) (any, error) {
		by := opt.withdrawn.Of(&e)
		e.Event = opt.veil.of(opt.veil.events[e.Index]).Event(e.Event)
		return showEvent(e, by)
	})
}

// showEvent is the event as `decode` prints it, with its place in the record and that
// of the event by which the platform withdrew it, if any did.
func showEvent(e moderation.Recorded, by *moderation.Recorded) (jsontext.Value, error) {
	b, err := json.Marshal(e.Event)
	if err != nil {
		return nil, fmt.Errorf("encode event %d: %w", e.Index, err)
	}
	head := fmt.Appendf(nil, `{"index":%d,`, e.Index)
	if by != nil {
		head = fmt.Appendf(head, `"withdrawn_at":%q,"withdrawn_by":%d,`, by.At.Format(time.RFC3339Nano), by.Index)
	}
	return append(head, b[1:]...), nil
}

// flagRow is a finding as `check` prints it, where ID is the utterance's, with
// what people made of it.
type flagRow struct {
	jsonFinding
	Flag        int64                 `json:"flag"`
	Event       string                `json:"event"`
	EventIndex  int64                 `json:"event_index"`
	Room        string                `json:"room"`
	At          time.Time             `json:"at"`
	Text        string                `json:"text"`
	Status      moderation.FlagStatus `json:"status"`
	DecidedBy   string                `json:"decided_by,omitzero"`
	DecidedAt   time.Time             `json:"decided_at,omitzero"`
	Reason      string                `json:"reason,omitzero"`
	Case        int64                 `json:"case,omitzero"`
	CorrectedAt time.Time             `json:"corrected_at,omitzero"`
	Settled     string                `json:"settled,omitzero"` // by the platform that held the message
	SettledBy   string                `json:"settled_by,omitzero"`
}

func showFlag(f moderation.Flag, v moderation.Veil) (any, error) {
	return flagRow{
		jsonFinding: findingJSON(f.EventID, v.Finding(f.Finding)),
		Flag:        f.ID, Event: f.EventID, EventIndex: f.Event, Room: f.Room, At: f.At, Text: v.Text(f.Text),
		Status: f.Status, DecidedBy: f.DecidedBy, DecidedAt: f.DecidedAt, Reason: v.Text(f.Reason),
		Case: f.Case, CorrectedAt: f.Corrected, Settled: f.Settled, SettledBy: v.Text(f.SettledBy),
	}, nil
}

func flagLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	rows, err := asked(ctx, r, p, opt, r.Flags)
	return rowsOf(rows, err, func(f moderation.Flag) int64 { return f.ID }, func(f moderation.Flag) (any, error) {
		return showFlag(f, opt.veil.of(opt.veil.events[f.Event]))
	})
}

type complaintRow struct {
	ID         string    `json:"id"` // of the event it came as
	Complaint  int64     `json:"complaint"`
	EventIndex int64     `json:"event_index"`
	Room       string    `json:"room"`
	At         time.Time `json:"at"`
	Channel    string    `json:"channel,omitzero"`
	Buyer      userRow   `json:"buyer"`
	SKU        string    `json:"sku,omitzero"`
	Order      string    `json:"order_id,omitzero"`
	Text       string    `json:"text"`

	Type     triage.Type     `json:"type,omitzero"`
	Priority triage.Priority `json:"priority,omitzero"`
	Score    float64         `json:"score,omitzero"`
	Why      string          `json:"why,omitzero"`
	WhyEN    string          `json:"why_en,omitzero"`

	Problem int64 `json:"problem,omitzero"`
	Case    int64 `json:"case,omitzero"`
}

func complaintLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	rows, err := asked(ctx, r, p, opt, r.Complaints)
	return rowsOf(rows, err, func(c moderation.Complaint) int64 { return c.ID }, func(c moderation.Complaint) (any, error) {
		v := opt.veil.of(opt.veil.complaints[c.ID])
		return complaintRow{
			ID: c.EventID, Complaint: c.ID, EventIndex: c.Event, Room: c.Room, At: c.At, Channel: c.Channel,
			Buyer: showUser(v.User(c.Buyer)), SKU: c.SKU, Order: v.Order(c.OrderID), Text: v.Text(c.Text),
			Type: c.Type, Priority: c.Priority, Score: float64(c.Score) / 1000, Why: v.Text(c.Why), WhyEN: v.Text(c.WhyEN),
			Problem: c.Problem, Case: c.Case,
		}, nil
	})
}

type problemRow struct {
	ID         int64    `json:"id"`
	Room       string   `json:"room"`
	SKU        string   `json:"sku,omitzero"`
	Title      string   `json:"title"`
	Complaints []string `json:"complaints"` // ids of the events they came as
	Flag       int64    `json:"flag,omitzero"`
	Event      string   `json:"event,omitzero"` // id of the flag's sentence

	Said   string    `json:"said,omitzero"`    // id of the sentence it is about, flagged or not
	SaidAt time.Time `json:"said_at,omitzero"` // and when that was said
	Into   int64     `json:"into,omitzero"`    // the problem it was put into
}

func problemLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	rows, err := asked(ctx, r, p, opt, r.Problems)
	if err != nil {
		return nil, 0, err
	}
	names, err := complaintNames(ctx, r, p.Room)
	if err != nil {
		return nil, 0, err
	}
	return rowsOf(rows, nil, func(p moderation.Problem) int64 { return p.ID }, func(p moderation.Problem) (any, error) {
		row := problemRow{ID: p.ID, Room: p.Room, SKU: p.SKU, Title: privacy.Text(p.Title), Flag: p.Flag, SaidAt: p.SaidAt, Into: p.Into}
		for _, id := range p.Complaints {
			row.Complaints = append(row.Complaints, names[id])
		}
		if p.Event == 0 {
			return row, nil
		}
		said, err := r.Events(ctx, moderation.Page{After: p.Event - 1, Limit: 1})
		if err != nil {
			return nil, fmt.Errorf("read the sentence of problem %d: %w", p.ID, err)
		}
		for _, e := range said {
			row.Said = e.ID
		}
		if p.Flag != 0 {
			row.Event = row.Said
		}
		return row, nil
	})
}

type questionRow struct {
	ID         string    `json:"id"` // of the message that asked it first
	Question   int64     `json:"question"`
	Room       string    `json:"room"`
	At         time.Time `json:"at"`
	Asker      userRow   `json:"asker"`
	SKU        string    `json:"sku,omitzero"`
	Text       string    `json:"text"`
	Times      int64     `json:"times"`
	LastAt     time.Time `json:"last_at"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Answer     int64     `json:"answer_index,omitzero"` // of the event that answered it
	AnsweredBy string    `json:"answered_by,omitzero"`
	Note       string    `json:"note,omitzero"`
}

func questionLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	p.Open = opt.open
	v := opt.veil.of(false)
	rows, err := asked(ctx, r, p, opt, r.Questions)
	return rowsOf(rows, err, func(q moderation.Question) int64 { return q.ID }, func(q moderation.Question) (any, error) {
		return questionRow{
			ID: q.EventID, Question: q.ID, Room: q.Room, At: q.At, Asker: showUser(v.User(q.Asker)), SKU: q.SKU, Text: v.Text(q.Text), Times: q.Times,
			LastAt: q.LastAt, AnsweredAt: q.AnsweredAt, Answer: q.Answer, AnsweredBy: q.AnsweredBy, Note: v.Text(q.Note),
		}, nil
	})
}

// complaintNames maps a complaint to the id of the event it came as.
func complaintNames(ctx context.Context, r moderation.Store, room string) (map[int64]string, error) {
	all, err := r.Complaints(ctx, moderation.Page{Room: room})
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(all))
	for _, c := range all {
		names[c.ID] = c.EventID
	}
	return names, nil
}

type orderRow struct {
	ID        string      `json:"id"`
	Number    int64       `json:"number"` // place among the orders, for who is shown only the end of the id
	Room      string      `json:"room"`
	Buyer     userRow     `json:"buyer"`
	SKU       string      `json:"sku"`
	Qty       int64       `json:"qty"`
	AmountFen int64       `json:"amount_fen"`
	PaidFen   int64       `json:"paid_fen"`
	Status    string      `json:"status"`
	Refund    string      `json:"refund,omitzero"`
	RefundFen int64       `json:"refund_fen,omitzero"`
	CreatedAt time.Time   `json:"created_at,omitzero"`
	PaidAt    time.Time   `json:"paid_at,omitzero"`
	ShippedAt time.Time   `json:"shipped_at,omitzero"`
	Case      int64       `json:"case,omitzero"`
	Speech    []spokenRow `json:"speech,omitempty"`
}

// spokenRow is a sentence of an order's speech window.
type spokenRow struct {
	ID       string              `json:"id"`
	At       time.Time           `json:"at"`
	Text     string              `json:"text"`
	Standing moderation.Standing `json:"standing,omitzero"` // without a sheet, of flagged sentences only
	Findings []jsonFinding       `json:"findings,omitempty"`
	Claims   []claimRow          `json:"claims,omitempty"` // of the order's product
}

// claimRow is a claim with the fact it was held against.
type claimRow struct {
	Category claims.Category `json:"category"`
	Verdict  claims.Verdict  `json:"verdict"`
	Said     string          `json:"said"`
	Value    string          `json:"value,omitzero"`
	Fact     string          `json:"fact,omitzero"`
	FactID   string          `json:"fact_id,omitzero"`
	Sheet    string          `json:"sheet,omitzero"`
}

func showSpoken(s moderation.Spoken, v moderation.Veil) spokenRow {
	row := spokenRow{ID: s.Event.ID, At: s.Event.At, Text: v.Text(s.Event.Text), Standing: s.Standing}
	for _, f := range s.Flags {
		row.Findings = append(row.Findings, findingJSON(f.EventID, v.Finding(f.Finding)))
	}
	for _, c := range s.Claims {
		row.Claims = append(row.Claims, claimRow{c.Category, c.Verdict, v.Text(c.Said), v.Text(c.Value), c.Fact, c.FactID, c.Sheet})
	}
	return row
}

func orderLister(ctx context.Context, r moderation.Store, p moderation.Page, opt listOptions) ([]any, int64, error) {
	rows, err := asked(ctx, r, p, opt, r.Orders)
	return rowsOf(rows, err, func(o moderation.Order) int64 { return o.Number }, func(o moderation.Order) (any, error) {
		v := opt.veil.of(opt.veil.orders[o.ID])
		row := orderRow{
			ID: v.Order(o.ID), Number: o.Number, Room: o.Room, Buyer: showUser(v.User(o.Buyer)), SKU: o.SKU, Qty: o.Qty, AmountFen: o.AmountFen,
			PaidFen: o.PaidFen, Status: o.Status, Refund: o.Refund, RefundFen: o.RefundFen,
			CreatedAt: o.CreatedAt, PaidAt: o.PaidAt, ShippedAt: o.ShippedAt, Case: o.Case,
		}
		if !opt.speech {
			return row, nil
		}
		spoken, err := moderation.SpeechWindow(ctx, r, o.ID, opt.listening)
		if err != nil {
			return nil, fmt.Errorf("read the speech window of order %s: %w", privacy.Order(o.ID), err)
		}
		for _, s := range spoken {
			row.Speech = append(row.Speech, showSpoken(s, v))
		}
		return row, nil
	})
}

// rowsOf turns rows into what is printed and finds the key to go on from.
func rowsOf[T any](rows []T, err error, key func(T) int64, show func(T) (any, error)) ([]any, int64, error) {
	if err != nil {
		return nil, 0, err
	}
	out := make([]any, 0, len(rows))
	var last int64
	for _, r := range rows {
		shown, err := show(r)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, shown)
		last = key(r)
	}
	return out, last, nil
}
