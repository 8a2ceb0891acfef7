package webhook

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// DouyinLife reads a post of Douyin's life services, signed by the SHA-1 of the
// client's secret and the body. The platform says itself that posts can repeat
// and can be lost.
func DouyinLife(header http.Header, body []byte, secret string) ([]feed.Event, Reply, error) {
	if secret == "" {
		return nil, Reply{}, errSecret
	}
	h := sha1.New()
	_, _ = h.Write([]byte(secret))
	_, _ = h.Write(body)
	if err := checkHex(header.Get("X-Douyin-Signature"), h.Sum(nil)); err != nil {
		return nil, Reply{}, err
	}
	e, err := douyinLife(header, body)
	if err != nil {
		return nil, Reply{}, err
	}
	return []feed.Event{e}, Reply{Status: http.StatusOK}, nil
}

// A lifeContent is the content of every event; each fills in a part.
type lifeContent struct {
	Action    string      `json:"action"`
	Time      wire.Scalar `json:"msg_time"`
	ProductID wire.Scalar `json:"product_id"`
	Status    wire.Scalar `json:"status"`
	Order     struct {
		ID     wire.Scalar `json:"order_id"`
		Amount wire.Scalar `json:"pay_amount"`
		Create wire.Scalar `json:"create_time"`
		Pay    wire.Scalar `json:"pay_time"`
	} `json:"order"`
	Certificate struct {
		OrderID wire.Scalar `json:"order_id"`
	} `json:"certificate"`
}

// douyinLife reads one message.
func douyinLife(header http.Header, body []byte) (feed.Event, error) {
	var m struct {
		Event   string         `json:"event"`
		From    wire.Scalar    `json:"from_user_id"`
		Content jsontext.Value `json:"content"`
	}
	if err := read(body, &m); err != nil {
		return feed.Event{}, err
	}
	if m.Event == "" {
		return feed.Event{}, errors.New("the message names no event")
	}
	var c lifeContent
	if err := inner(m.Content, &c); err != nil {
		return feed.Event{}, fmt.Errorf("%s: %w", wire.Quote(m.Event), err)
	}
	e := unknown(m.Event)
	switch m.Event {
	case "life_trade_order_notify":
		e = feed.Event{Kind: feed.KindOrder, Status: feed.StatusUnknown, Text: c.Action, AmountFen: c.Order.Amount.Count()}
		e.Order = &feed.Order{CreatedAt: wire.Seconds(c.Order.Create), PaidAt: wire.Seconds(c.Order.Pay)}
		if c.Action == "pay_success" {
			e.Status, e.Text, e.Order.PaidFen = feed.StatusPaid, "", e.AmountFen
		}
		if wire.FirstID(c.Order.ID) == "" {
			return e, fmt.Errorf("%s: the message names no order_id", wire.Quote(m.Event))
		}
	case "life_trade_certificate_notify":
		e = system("order_detail", "certificate "+c.Action)
	case "life_product_audit":
		e = system("product_changed", "product audit "+string(c.Status))
		e.Product = wire.Product(c.ProductID, "")
	case "life_member_join":
		e = system("member_join", "")
	case "life_member_leave":
		e = system("member_leave", "")
	}
	e.OrderID, e.User = wire.FirstID(c.Order.ID, c.Certificate.OrderID), wire.Viewer(wire.FirstID(m.From), "")
	e.At = wire.FirstTime(wire.Seconds(c.Time), wire.Seconds(c.Order.Pay), wire.Seconds(c.Order.Create))
	if e.ID = header.Get("Msg-Id"); e.ID == "" {
		e.ID = wire.ContentID(m.Event, e.OrderID, string(c.Time), string(body))
	}
	e.Raw = bytes.Clone(body)
	return e, nil
}
