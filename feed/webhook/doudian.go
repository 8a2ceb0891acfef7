package webhook

import (
	"crypto/md5"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Doudian reads a post of 抖店: an array of messages, signed by the MD5 of the
// app's key, the body and the app's secret.
func Doudian(header http.Header, body []byte, secret string) ([]feed.Event, Reply, error) {
	if secret == "" {
		return nil, Reply{}, errSecret
	}
	h := md5.New()
	_, _ = h.Write([]byte(header.Get("App-Id")))
	_, _ = h.Write(body)
	_, _ = h.Write([]byte(secret))
	if err := checkHex(header.Get("Event-Sign"), h.Sum(nil)); err != nil {
		return nil, Reply{}, err
	}
	events, err := doudian(body)
	return events, jsonReply(`{"code":0,"msg":"success"}`), err
}

type doudianMessage struct {
	Tag   wire.Scalar    `json:"tag"`
	MsgID wire.Scalar    `json:"msg_id"`
	Camel wire.Scalar    `json:"msgId"`
	Data  jsontext.Value `json:"data"`
}

// A doudianData is the data of every message; each tag fills in a part. Times are
// in seconds, amounts in fen.
type doudianData struct {
	OrderID      wire.Scalar `json:"p_id"`
	AftersaleID  wire.Scalar `json:"aftersale_id"`
	PayAmount    wire.Scalar `json:"pay_amount"`
	TotalAmount  wire.Scalar `json:"total_amount"`
	RefundAmount wire.Scalar `json:"refund_amount"`
	ProductID    wire.Scalar `json:"product_id"`
	CancelReason wire.Scalar `json:"cancel_reason"`

	Create  wire.Scalar `json:"create_time"`
	Pay     wire.Scalar `json:"pay_time"`
	Cancel  wire.Scalar `json:"cancel_time"`
	Apply   wire.Scalar `json:"apply_time"`
	Agree   wire.Scalar `json:"agree_time"`
	Refuse  wire.Scalar `json:"refuse_time"`
	Success wire.Scalar `json:"success_time"`
	Modify  wire.Scalar `json:"modify_time"`
	Update  wire.Scalar `json:"update_time"`
}

// doudianProbe is what is posted when the address is saved.
const doudianProbe = "0"

// The tags of messages. 101 and 110 both tell that an order is paid: which one
// comes depends on the way of paying.
var (
	doudianOrders = map[wire.Scalar]string{
		"100": feed.StatusCreated, "101": feed.StatusPaid, "110": feed.StatusPaid, "102": feed.StatusShipped,
		"108": feed.StatusShipped, "103": feed.StatusCompleted, "106": feed.StatusClosed,
	}
	doudianRefunds = map[wire.Scalar]string{
		"200": feed.StatusRequested, "201": feed.StatusAgreed, "202": feed.StatusAgreed, "203": StatusReturnShipped,
		"204": feed.StatusRefused, "205": feed.StatusRefused, "206": feed.StatusRefunded, "207": feed.StatusClosed,
	}
	doudianComplaints = map[wire.Scalar]string{
		"212": "买家申请仲裁", "216": "仲裁已审核", "217": "平台客服介入", "218": "仲裁举证",
	}
	doudianDetails = map[wire.Scalar]string{
		"104": "logistics changed", "105": "address changed", "109": "amount changed", "111": "address change asked for",
		"112": "appointment", "113": "memo changed", "208": "refund changed", "209": "refund deadline changed", "211": "exchange confirmed",
	}
)

// doudian reads the messages of a body: an array, or one alone as the platform's
// samples are.
func doudian(body []byte) ([]feed.Event, error) {
	list := []jsontext.Value{body}
	if v := jsontext.Value(body); v.Kind() == '[' {
		if err := read(body, &list); err != nil {
			return nil, err
		}
	}
	if len(list) > maxEvents {
		return nil, fmt.Errorf("the body holds more than %d messages", maxEvents)
	}
	var events []feed.Event
	for i, raw := range list {
		var m doudianMessage
		err := read(raw, &m)
		if err == nil && m.Tag == doudianProbe {
			continue
		}
		var e feed.Event
		if err == nil {
			e, err = m.event()
		}
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", i+1, err)
		}
		e.Raw = raw.Clone()
		events = append(events, e)
	}
	return events, nil
}

func (m doudianMessage) event() (feed.Event, error) {
	var d doudianData
	if m.Tag == "" {
		return feed.Event{}, errors.New("the message names no tag")
	}
	if err := inner(m.Data, &d); err != nil {
		return feed.Event{}, err
	}
	var e feed.Event
	switch {
	case doudianOrders[m.Tag] != "":
		e.Kind, e.Status, e.Text = feed.KindOrder, doudianOrders[m.Tag], string(d.CancelReason)
		e.AmountFen = wire.First(d.PayAmount, d.TotalAmount).Count()
		e.Order = &feed.Order{CreatedAt: wire.Seconds(d.Create), PaidAt: wire.Seconds(d.Pay)}
		if e.Status == feed.StatusPaid {
			e.Order.PaidFen = e.AmountFen
		}
	case doudianRefunds[m.Tag] != "":
		e.Kind, e.Status, e.AmountFen = feed.KindRefund, doudianRefunds[m.Tag], d.RefundAmount.Count()
	case doudianComplaints[m.Tag] != "":
		e.Kind, e.Status = feed.KindComplaint, StatusIntervention
		e.Text = doudianComplaints[m.Tag] + "，售后单 " + string(d.AftersaleID)
	case m.Tag == "400":
		e = system("product_changed", "product changed")
		e.Product = wire.Product(d.ProductID, "")
	case doudianDetails[m.Tag] != "":
		e = system("order_detail", doudianDetails[m.Tag])
		if m.Tag >= "200" {
			e.Code = "refund_detail"
		}
	default:
		e = unknown("tag " + string(m.Tag))
	}
	e.ID, e.OrderID = string(wire.First(m.MsgID, m.Camel)), wire.FirstID(d.OrderID)
	e.At = wire.FirstTime(wire.Seconds(d.Pay), wire.Seconds(d.Cancel), wire.Seconds(d.Agree), wire.Seconds(d.Refuse), wire.Seconds(d.Success),
		wire.Seconds(d.Modify), wire.Seconds(d.Apply), wire.Seconds(d.Create), wire.Seconds(d.Update))
	if e.Kind != feed.KindSystem && e.OrderID == "" {
		return e, errors.New("the message names no p_id")
	}
	return e, nil
}
