// Package oba reads what oba-live-tool, a relay on the merchant's own machine,
// tells of a room at Douyin, Kuaishou, WeChat Channels, Xiaohongshu or Taobao.
//
// Delivery: every frame is one JSON object and becomes one event, or a refusal
// that says why. The tool polls for orders and tells the same ones again with
// the same msg_id; a session gives each once.
//
// Ordering: as sent. Times are the tool's own, but for Kuaishou's.
//
// Replay: none, and the tool names neither room nor platform: both are the
// configuration's to know. Nothing is ever written to it.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package oba

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// DefaultURL is where the tool listens unless it is told otherwise.
const DefaultURL = "ws://127.0.0.1:12354"

// Options say where the tool listens.
type Options struct {
	URL string // empty means DefaultURL
}

// A Protocol reads one tool.
type Protocol struct{ url string }

// New makes the protocol of the tool at o.URL.
func New(o Options) *Protocol {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	return &Protocol{url: o.URL}
}

// Name is "oba".
func (p *Protocol) Name() string { return "oba" }

// Request tells where to connect; the tool cannot go on after a place.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{URL: p.url}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{} }

type session struct {
	recent wire.Recent
	seq    int64
}

// Hello is nothing: the tool only talks.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing: the tool only talks.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// A message is every frame; each msg_type fills in a part.
type message struct {
	Type         string      `json:"msg_type"`
	ID           wire.Scalar `json:"msg_id"`
	Nick         wire.Scalar `json:"nick_name"`
	UserID       wire.Scalar `json:"user_id"`
	Content      wire.Scalar `json:"content"`
	Time         wire.Scalar `json:"time"`
	OrderStatus  wire.Scalar `json:"order_status"`
	OrderTS      wire.Scalar `json:"order_ts"`
	ProductID    wire.Scalar `json:"product_id"`
	ProductTitle wire.Scalar `json:"product_title"`
}

// Decode reads one frame.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	e, err := s.event(f.Data, recv)
	switch {
	case err != nil:
		d.Refused = append(d.Refused, fmt.Errorf("oba: %w", err))
	case !s.recent.Seen(e.ID):
		e.Raw = bytes.Clone(f.Data)
		d.Events = append(d.Events, e)
	}
	return d
}

func (s *session) event(data []byte, recv time.Time) (feed.Event, error) {
	var m message
	if err := json.Unmarshal(data, &m, wire.Options); err != nil {
		return feed.Event{}, fmt.Errorf("no JSON message: %w", wire.Clean(err))
	}
	e := feed.Event{
		ID: string(m.ID), Recv: recv, At: wire.FirstTime(wire.Guess(m.Time), recv),
		User: person(m), Text: string(m.Content),
	}
	switch m.Type {
	case "comment", "wechat_channel_live_msg", "xiaohongshu_comment", "taobao_comment":
		e.Kind = feed.KindChat
	case "room_enter":
		e.Kind = feed.KindEnter
	case "room_like":
		e.Kind, e.Code = feed.KindSystem, "like"
	case "room_follow":
		e.Kind, e.Code = feed.KindSystem, "follow"
	case "subscribe_merchant_brand_vip":
		e.Kind, e.Code = feed.KindSystem, "brand_member"
	case "ecom_fansclub_participate":
		e.Kind, e.Code = feed.KindSystem, "fansclub"
	case "live_order":
		if err := order(&e, m); err != nil {
			return feed.Event{}, err
		}
	case "":
		return feed.Event{}, errors.New("the message names no msg_type")
	default:
		return feed.Event{}, feed.Unknown(m.Type, fmt.Errorf("unknown msg_type %s", wire.Quote(m.Type)))
	}
	switch {
	case e.ID != "" && e.Kind != feed.KindChat && e.Kind != feed.KindOrder:
		e.ID = m.Type + ":" + e.ID // numbers are told apart by what they number
	case e.ID == "":
		s.seq++
		// A name that stands in for the id is hashed: it stands in the event twice already.
		e.ID = wire.ContentID(m.Type, wire.FirstID(m.UserID), fmt.Sprint(recv.UnixNano()), string(m.Nick), fmt.Sprint(s.seq))
	}
	return e, nil
}

// person is who a message is from. Comments of Douyin and Kuaishou carry no id;
// the name then stands in, marked so that it cannot be taken for one.
func person(m message) feed.User {
	id := wire.FirstID(m.UserID)
	if id == "" && m.Nick != "" {
		id = "nick:" + string(m.Nick)
	}
	return wire.Viewer(id, m.Nick)
}

// statuses are the words of the tool; it calls its own reading of the numbers
// behind them uncertain, so only the words count.
var statuses = map[wire.Scalar]string{"已下单": feed.StatusCreated, "已付款": feed.StatusPaid}

// order fills in a live_order. Its msg_id is the order's number, "#" and the
// raw state, so that each state is an event of its own.
func order(e *feed.Event, m message) error {
	id, _, _ := strings.Cut(string(m.ID), "#")
	if id == "" {
		return errors.New("live_order: msg_id holds no order number")
	}
	e.Kind, e.OrderID, e.Status = feed.KindOrder, id, statuses[m.OrderStatus]
	if e.Status == "" {
		e.Status = feed.StatusUnknown
	}
	e.Order = &feed.Order{Buyer: string(m.Nick), CreatedAt: wire.Guess(m.OrderTS)}
	e.Product = wire.Product(m.ProductID, m.ProductTitle)
	return nil
}
