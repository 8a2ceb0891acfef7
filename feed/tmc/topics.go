package tmc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Statuses of this source beyond those of package feed.
const (
	// StatusAttributed: the order was made in the live room. It says nothing
	// about how far the order is.
	StatusAttributed = "attributed-to-room"
	// StatusIntervention: Taobao decides between buyer and shop.
	StatusIntervention = "platform-intervention"
	// StatusReturnShipped: the buyer sent the goods back.
	StatusReturnShipped = "return_shipped"
)

// A content is the JSON of every topic; each fills in a part.
type content struct {
	TID       wire.Scalar    `json:"tid"`
	OID       wire.Scalar    `json:"oid"`
	Payment   wire.Scalar    `json:"payment"`
	BuyerNick wire.Scalar    `json:"buyer_nick"`
	BuyerUID  wire.Scalar    `json:"buyer_open_uid"`
	RefundID  wire.Scalar    `json:"refund_id"`
	RefundFee wire.Scalar    `json:"refund_fee"`
	Modified  wire.Scalar    `json:"modified"`
	LiveID    wire.Scalar    `json:"live_id"`
	ItemIDs   jsontext.Value `json:"item_ids"`
	Event     wire.Scalar    `json:"event"`
	Action    wire.Scalar    `json:"action"`
	Count     wire.Scalar    `json:"count"`
	UserNick  wire.Scalar    `json:"user_nick"`
	Rater     wire.Scalar    `json:"rater"`
}

// trades are the topics that tell a state of an order. The topic counts and not
// the field status, which some of them lack.
var trades = map[string]string{
	"taobao_trade_TradeCreate": feed.StatusCreated, "taobao_trade_TradeBuyerPay": feed.StatusPaid,
	"taobao_trade_TradeSellerShip": feed.StatusShipped, "taobao_trade_TradeSuccess": feed.StatusCompleted,
	"taobao_trade_TradeClose": feed.StatusClosed,
}

// way is how an order goes.
var way = []string{feed.StatusCreated, feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted, feed.StatusClosed}

// refunds are the topics that tell a state of a refund.
var refunds = map[string]string{
	"taobao_refund_RefundCreated": feed.StatusRequested, "taobao_refund_RefundSellerAgreeAgreement": feed.StatusAgreed,
	"taobao_refund_RefundSellerRefuseAgreement": feed.StatusRefused, "taobao_refund_RefundBuyerReturnGoods": StatusReturnShipped,
	"taobao_refund_RefundSuccess": feed.StatusRefunded, "taobao_refund_RefundClosed": feed.StatusClosed,
}

// interventions are the topics by which a dispute reaches Taobao, in words that
// are shown as the complaint's.
var interventions = map[string]string{
	"taobao_refund_TaobaoInterApplied": "买家申请平台介入，退款单 ", "taobao_refund_TaobaoIntervened": "平台已介入，退款单 ",
}

// event says what one message means. state names what it tells of an order or
// refund, "" where it tells no state; once one of later was told, it is
// overtaken.
func event(m message) (e feed.Event, state string, later []string, err error) {
	topic := string(m.custom["topic"].scalar())
	if topic == "" {
		return e, "", nil, errors.New("the message names no topic")
	}
	var c content
	if text := m.custom["content"].text; text != "" {
		if err := json.Unmarshal([]byte(text), &c, wire.Options); err != nil {
			return e, "", nil, fmt.Errorf("content of %s is no JSON object: %w", wire.Quote(topic), wire.Clean(err))
		}
	}
	e = feed.Event{
		OrderID: wire.FirstID(c.TID), Channel: string(c.LiveID),
		User: wire.Viewer(wire.FirstID(c.BuyerUID), c.BuyerNick),
	}
	switch {
	case trades[topic] != "":
		state, later, err = trade(&e, topic, c)
	case refunds[topic] != "":
		state, err = refund(&e, topic, c)
	case interventions[topic] != "":
		state, err = intervention(&e, topic, c)
	case topic == "taobao_live_TcpOrder":
		e.Kind, e.Status = feed.KindOrder, StatusAttributed
		state, err = need(topic, "tid", e.OrderID)
	case strings.HasPrefix(topic, "taobao_live_"):
		live(&e, topic, c)
	default:
		other(&e, topic, c)
	}
	return e, state, later, err
}

// need is the state of what a topic cannot do without.
func need(topic, name, id string) (string, error) {
	if id == "" {
		return "", fmt.Errorf("%s: no %s", wire.Quote(topic), name)
	}
	return topic + "/" + id, nil
}

func trade(e *feed.Event, topic string, c content) (state string, later []string, err error) {
	if _, err := need(topic, "tid", e.OrderID); err != nil {
		return "", nil, err
	}
	e.Kind, e.Status, e.AmountFen = feed.KindOrder, trades[topic], wire.YuanToFen(c.Payment)
	e.Order = &feed.Order{Buyer: e.User.ID}
	switch e.Status {
	case feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted: // closed may be before anything was paid
		e.Order.PaidFen = e.AmountFen
	}
	line := e.OrderID + "/" + string(c.OID) + "/"
	at := slices.Index(way, e.Status)
	for _, s := range way[at+1:] {
		later = append(later, line+s)
	}
	return line + e.Status, later, nil
}

func refund(e *feed.Event, topic string, c content) (state string, err error) {
	state, err = need(topic, "refund_id", wire.FirstID(c.RefundID))
	if err == nil {
		_, err = need(topic, "tid", e.OrderID)
	}
	e.Kind, e.Status, e.AmountFen = feed.KindRefund, refunds[topic], wire.YuanToFen(c.RefundFee)
	return state + "/" + string(c.Modified), err
}

func intervention(e *feed.Event, topic string, c content) (state string, err error) {
	state, err = need(topic, "refund_id", wire.FirstID(c.RefundID))
	e.Kind, e.Status, e.AmountFen = feed.KindComplaint, StatusIntervention, wire.YuanToFen(c.RefundFee)
	e.Text = interventions[topic] + string(c.RefundID)
	return state + "/" + string(c.Modified), err
}

// live fills in what concerns the live room itself.
func live(e *feed.Event, topic string, c content) {
	e.Kind = feed.KindSystem
	switch topic {
	case "taobao_live_RoomItemChange":
		items(e, c)
	case "taobao_live_FeedRelated":
		switch c.Event {
		case "PUBLISH_LIVE":
			e.Code, e.Text = "stream_start", "live started"
		case "STOP_LIVE":
			e.Code, e.Text = feed.CodeStreamEnd, "live ended"
		default:
			e.Code, e.Text = "live_event", string(c.Event)
		}
	case "taobao_live_BdshLiveEventChange":
		e.Code, e.Text, e.Count = "live_event", string(c.Action), c.Count.Count()
		e.User = wire.Viewer("", c.UserNick)
	default:
		e.Code, e.Text = feed.CodeUnknown, topic
	}
}

// items tells that the list of the room's products changed. Only a list of one
// says which product is meant.
func items(e *feed.Event, c content) {
	e.Kind = feed.KindProduct
	var ids []string
	for _, v := range wire.Array(c.ItemIDs) {
		if id := wire.Text(v); id != "" {
			ids = append(ids, id)
		}
	}
	e.Text = strings.Join(ids, " ")
	if len(ids) == 1 {
		e.Product = &feed.Product{ID: ids[0], Stock: -1}
	}
}

// other fills in what tells no state: details of an order or a refund, and
// topics not known here.
func other(e *feed.Event, topic string, c content) {
	e.Kind = feed.KindSystem
	trade, isTrade := strings.CutPrefix(topic, "taobao_trade_")
	refund, isRefund := strings.CutPrefix(topic, "taobao_refund_")
	switch {
	case isTrade:
		e.Code, e.Text = "order_detail", trade
		if c.Rater != "" {
			e.Text += " " + string(c.Rater)
		}
	case isRefund:
		e.Code, e.Text = "refund_detail", refund
	default:
		e.Code, e.Text = feed.CodeUnknown, topic
	}
}
