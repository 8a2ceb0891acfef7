package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/demo"
	"liveroom/feed"
)

// A line is one event of the story. T is its place on the playback clock, in
// ms; after the stream that clock runs faster than life, and RealT is the place
// on the real one.
type line struct {
	T       int64     `json:"t"`
	RealT   *int64    `json:"real_t"`
	Kind    string    `json:"kind"`
	ID      string    `json:"id"`
	Source  string    `json:"source"`
	User    user      `json:"user"`
	Text    string    `json:"text"`
	Code    string    `json:"code"`
	Channel string    `json:"channel"`
	Product string    `json:"product"`
	Price   int64     `json:"price_fen"`
	Stock   *int64    `json:"stock"`
	Conf    float64   `json:"conf"`
	Final   bool      `json:"final"`
	Utt     string    `json:"utt"`
	TStart  int64     `json:"t_start"`
	Order   *order    `json:"order"`
	Refund  *refund   `json:"refund"`
	Gift    *gift     `json:"gift"`
	Gap     []lostRun `json:"gap"`
}

type user struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Role feed.Role `json:"role"`
}

type order struct {
	ID        string `json:"id"`
	Qty       int64  `json:"qty"`
	AmountFen int64  `json:"amount_fen"`
	PaidFen   int64  `json:"paid_fen"`
	AddrHash  string `json:"addr_hash"`
	Status    string `json:"status"`
	CreatedAt *int64 `json:"created_at_t"`
	PaidAt    *int64 `json:"paid_at_t"`
	ShippedAt *int64 `json:"shipped_at_t"`
}

type refund struct {
	AmountFen int64  `json:"amount_fen"`
	Status    string `json:"status"`
}

type gift struct {
	Count int64 `json:"count"`
}

// lostRun counts what one of the room's sources lost in the outage.
type lostRun struct {
	Lost int64 `json:"lost"`
}

func readStory(r io.Reader) ([]line, error) {
	var story []line
	scan := bufio.NewScanner(r)
	for n := 1; scan.Scan(); n++ {
		var l line
		if err := json.Unmarshal(scan.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("story line %d: %w", n, err)
		}
		story = append(story, l)
	}
	return story, scan.Err()
}

// teller turns the story's lines into events. It remembers when the connection
// broke, to tell of the hole when it is back.
type teller struct {
	start  time.Time
	broken time.Time
}

// event is the line as an event; told is false for lines that a live console
// makes itself (the acknowledgement of a correction).
func (t *teller) event(l line) (e feed.Event, told bool, err error) {
	e = feed.Event{
		ID: l.ID, Source: "/" + demo.Room + "/" + l.Source, Room: demo.Room,
		At: t.at(l.T), User: feed.User{ID: l.User.ID, Name: l.User.Name, Role: l.User.Role}, Text: l.Text,
	}
	if l.RealT != nil {
		e.At = t.at(*l.RealT)
	}
	if l.Product != "" {
		e.Product = &feed.Product{ID: l.Product, PriceFen: l.Price, Stock: -1}
	}
	switch l.Kind {
	case "chat", "enter":
		e.Kind = feed.Kind(l.Kind)
	case "transcript":
		e.Kind = feed.KindTranscript
		e.Speech = &feed.Speech{Utterance: l.Utt, Partial: !l.Final, Confidence: int(l.Conf*1000 + 0.5), StartAt: t.at(l.TStart)}
	case "product_on_air":
		e.Kind = feed.KindProduct
		e.Product.Title = l.Text
		if l.Stock != nil {
			e.Product.Stock = *l.Stock
		}
	case "order", "refund":
		t.setOrder(&e, l)
	case "complaint":
		e.Kind, e.Channel = feed.KindComplaint, l.Channel
		if l.Order != nil {
			e.OrderID = l.Order.ID
		}
	case "gift":
		e.Kind, e.Count = feed.KindGift, l.Gift.Count
	case "system":
		t.setSystem(&e, l)
	case "correction_ack":
		return e, false, nil
	default:
		return e, false, fmt.Errorf("event %s: kind %q is not known", l.ID, l.Kind)
	}
	return e, true, nil
}

func (t *teller) at(ms int64) time.Time { return t.start.Add(time.Duration(ms) * time.Millisecond) }

func (t *teller) setOrder(e *feed.Event, l line) {
	e.Kind, e.OrderID, e.Status, e.AmountFen = feed.KindOrder, l.Order.ID, l.Order.Status, l.Order.AmountFen
	e.Order = &feed.Order{SKU: l.Product, Qty: l.Order.Qty, PaidFen: l.Order.PaidFen, AddressHash: l.Order.AddrHash}
	for _, w := range []struct {
		to   *time.Time
		from *int64
	}{{&e.Order.CreatedAt, l.Order.CreatedAt}, {&e.Order.PaidAt, l.Order.PaidAt}, {&e.Order.ShippedAt, l.Order.ShippedAt}} {
		if w.from != nil {
			*w.to = t.at(*w.from)
		}
	}
	if l.Refund != nil {
		e.Kind, e.Status, e.AmountFen = feed.KindRefund, l.Refund.Status, l.Refund.AmountFen
	}
}

func (t *teller) setSystem(e *feed.Event, l line) {
	e.Kind, e.Code = feed.KindSystem, l.Code
	switch l.Code {
	case "disconnect":
		t.broken = e.At
	case "reconnect":
		e.Kind, e.Code = feed.KindGap, feed.CodeGap
		e.Gap = &feed.Gap{From: t.broken, To: e.At, Reason: l.Text}
		for _, run := range l.Gap {
			e.Gap.Lost += run.Lost
		}
	}
}
