package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Shopify reads a post of a Shopify shop, signed by an HMAC of the body.
func Shopify(header http.Header, body []byte, secret string) ([]feed.Event, Reply, error) {
	if secret == "" {
		return nil, Reply{}, errSecret
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body)
	if err := checkBase64(header.Get("X-Shopify-Hmac-Sha256"), mac.Sum(nil)); err != nil {
		return nil, Reply{}, err
	}
	e, err := shopify(header, body)
	if err != nil {
		return nil, Reply{}, err
	}
	return []feed.Event{e}, Reply{Status: http.StatusOK}, nil
}

type shopifyLine struct {
	ProductID wire.Scalar `json:"product_id"`
	Title     wire.Scalar `json:"title"`
	Quantity  wire.Scalar `json:"quantity"`
	Price     wire.Scalar `json:"price"`
	SKU       wire.Scalar `json:"sku"`
}

// A shopifyBody is the body of every topic; each fills in a part.
type shopifyBody struct {
	ID       wire.Scalar   `json:"id"`
	OrderID  wire.Scalar   `json:"order_id"`
	Created  wire.Scalar   `json:"created_at"`
	Updated  wire.Scalar   `json:"updated_at"`
	Total    wire.Scalar   `json:"total_price"`
	Currency wire.Scalar   `json:"currency"`
	Amount   wire.Scalar   `json:"amount"`
	Reason   wire.Scalar   `json:"reason"`
	Note     wire.Scalar   `json:"note"`
	Lines    []shopifyLine `json:"line_items"`

	Paid      jsontext.Value `json:"financial_status"`
	Fulfilled jsontext.Value `json:"fulfillment_status"`
	Cancelled jsontext.Value `json:"cancelled_at"`
	Customer  struct {
		ID wire.Scalar `json:"id"`
	} `json:"customer"`
	Transactions []struct {
		Kind     wire.Scalar `json:"kind"`
		Status   wire.Scalar `json:"status"`
		Amount   wire.Scalar `json:"amount"`
		Currency wire.Scalar `json:"currency"`
	} `json:"transactions"`
}

var shopifyOrders = map[string]string{
	"orders/create": feed.StatusCreated, "orders/paid": feed.StatusPaid, "orders/fulfilled": feed.StatusShipped, "orders/cancelled": feed.StatusClosed,
}

// contradicts tells that the body, which is signed, denies what the topic, which is
// not, makes of it. What an order's body lacks denies nothing.
func (b shopifyBody) contradicts(topic string) bool {
	switch topic {
	case "orders/paid":
		state := wire.Text(b.Paid)
		return state == "pending" || state == "authorized" || state == "voided"
	case "orders/fulfilled":
		return b.Fulfilled.Kind() == 'n'
	case "orders/cancelled":
		return b.Cancelled.Kind() == 'n'
	}
	return false
}

// shopify reads one message. Deliveries are not in order: what counts is when the
// order was last changed.
func shopify(header http.Header, body []byte) (feed.Event, error) {
	topic := header.Get("X-Shopify-Topic")
	if topic == "" {
		return feed.Event{}, errors.New("the post has no X-Shopify-Topic")
	}
	var b shopifyBody
	if err := read(body, &b); err != nil {
		return feed.Event{}, err
	}
	var e feed.Event
	needsOrder := true
	switch {
	case b.contradicts(topic):
		return e, fmt.Errorf("%s: the body denies it", wire.Quote(topic))
	case shopifyOrders[topic] != "":
		e.Kind, e.Status, e.OrderID = feed.KindOrder, shopifyOrders[topic], wire.FirstID(b.ID)
		price(&e, b.Total, b.Currency)
		b.fill(&e)
	case topic == "refunds/create":
		e.Kind, e.Status, e.OrderID = feed.KindRefund, feed.StatusRefunded, wire.FirstID(b.OrderID)
		b.refunded(&e)
	case topic == "disputes/create":
		e.Kind, e.Status, e.OrderID, needsOrder = feed.KindComplaint, StatusDisputed, wire.FirstID(b.OrderID), false
		price(&e, b.Amount, b.Currency)
		e.Text = strings.TrimSpace("拒付争议 " + string(b.Reason) + " " + e.Text)
	default:
		e, needsOrder = unknown(topic), false
	}
	if needsOrder && e.OrderID == "" {
		return e, fmt.Errorf("%s: the message names no order", wire.Quote(topic))
	}
	e.ID = strings.TrimSpace(header.Get("X-Shopify-Event-Id"))
	if e.ID == "" {
		e.ID = wire.ContentID("shopify", e.OrderID, topic, string(body))
	}
	e.At = wire.FirstTime(rfc3339(string(b.Updated)), rfc3339(string(b.Created)), rfc3339(header.Get("X-Shopify-Triggered-At")))
	e.User = wire.Viewer(wire.FirstID(b.Customer.ID), "")
	e.Raw = bytes.Clone(body)
	return e, nil
}

// fill tells what was bought. Only an order of one line says which product it is
// about.
func (b shopifyBody) fill(e *feed.Event) {
	e.Order = &feed.Order{Buyer: string(b.Customer.ID), CreatedAt: rfc3339(string(b.Created))}
	if e.Status == feed.StatusPaid {
		e.Order.PaidFen, e.Order.PaidAt = e.AmountFen, rfc3339(string(b.Updated))
	}
	for _, l := range b.Lines {
		e.Order.Qty += min(l.Quantity.Count(), 1<<30)
	}
	if len(b.Lines) != 1 {
		return
	}
	l := b.Lines[0]
	e.Order.SKU = string(l.SKU)
	e.Product = wire.Product(wire.First(l.SKU, l.ProductID), l.Title)
	if e.Product != nil && strings.EqualFold(string(b.Currency), "cny") {
		e.Product.PriceFen = wire.YuanToFen(l.Price)
	}
}

// maxFen bounds a sum of numbers that the post chose.
const maxFen = 1 << 60

// refunded adds up what was paid back.
func (b shopifyBody) refunded(e *feed.Event) {
	foreign := ""
	for _, t := range b.Transactions {
		if t.Kind != "refund" || t.Status != "success" {
			continue
		}
		var part feed.Event
		price(&part, t.Amount, t.Currency)
		e.AmountFen = min(e.AmountFen+part.AmountFen, maxFen)
		foreign = strings.TrimSpace(foreign + " " + part.Text)
	}
	e.Text = strings.TrimSpace(foreign + " " + string(b.Note))
}

// rfc3339 reads a time; the zero time where there is none that can be written
// again.
func rfc3339(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
