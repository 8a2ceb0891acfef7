package tmc

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/tmc/tmctest"
)

var (
	recv = time.Date(2026, 9, 21, 14, 13, 21, 0, time.UTC)
	sent = time.UnixMilli(1790000000000)
)

func open() feed.Session { return New(Options{}).NewSession(feed.Position{}) }

func data(id int64, topic, content string) feed.Frame {
	return feed.Frame{Binary: true, Data: tmctest.Data("T", tmctest.Message{ID: id, Topic: topic, Content: content, Time: sent})}
}

// one is the only event of a message that must be read without complaint.
func one(t *testing.T, s feed.Session, f feed.Frame) feed.Event {
	t.Helper()
	d := s.Decode(f, recv)
	if len(d.Events) != 1 || len(d.Refused) != 0 {
		t.Fatalf("%d events, refused %v; want one event", len(d.Events), d.Refused)
	}
	return d.Events[0]
}

func TestRequestNeedsKeyAndSecret(t *testing.T) {
	for _, o := range []Options{{}, {AppKey: "1"}, {Secret: "s"}} {
		if _, err := New(o).Request(feed.Position{}); err == nil || !strings.Contains(err.Error(), "app_key") {
			t.Errorf("%+v: error %v", o, err)
		}
	}
	p := New(Options{AppKey: "1", Secret: "verysecret"})
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "tmc" {
		t.Errorf("request %+v, %v", r, err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(s, "verysecret") || !strings.Contains(s, "tmc:1/default") {
		t.Errorf("prints as %s", s)
	}
}

func TestLoginIsSigned(t *testing.T) {
	p := New(Options{AppKey: "12345678", Secret: "EXAMPLESECRET", Clock: func() time.Time { return sent }})
	s := p.NewSession(feed.Position{})
	hello := s.Hello()
	if len(hello) != 1 || !hello[0].Binary {
		t.Fatalf("hello %+v", hello)
	}
	m, err := readMessage(hello[0].Data)
	if err != nil || m.kind != typeConnect {
		t.Fatalf("%+v, %v", m, err)
	}
	for key, want := range map[string]string{
		"app_key": "12345678", "group_name": "default", "timestamp": "1790000000000",
		"sign": "7DE8A92B209B26EA8D8486A70B62738B",
	} {
		if got := m.custom[key].text; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	ack := feed.Frame{Binary: true, Data: newWriter(typeConnectAck).token("TOK").header(headerEnd)}
	d := s.Decode(ack, recv)
	if len(d.Reply) != 1 || len(d.Events)+len(d.Refused) != 0 {
		t.Fatalf("the acknowledgement came to %+v", d)
	}
	every, beat := s.Heartbeat()
	for _, f := range []feed.Frame{d.Reply[0], beat} {
		if m, err := readMessage(f.Data); err != nil || m.kind != typeSend || m.token != "TOK" || m.custom[keyKind].num != kindPull {
			t.Errorf("%+v, %v; want a pull with the token", m, err)
		}
	}
	if every != 30*time.Second || s.(feed.Keeper).Keeps() < time.Hour {
		t.Errorf("pulls every %s", every)
	}
}

func TestRefusedLoginEndsTheSourceWithARemedy(t *testing.T) {
	b := binary.LittleEndian.AppendUint32([]byte{2, 1, 2, 0}, 1001)
	b = append(binary.LittleEndian.AppendUint32(append(b, 3, 0), 3), "no\x1b\x00\x00"...)
	d := open().Decode(feed.Frame{Binary: true, Data: b}, recv)
	if d.Fatal == nil || !strings.Contains(d.Fatal.Error(), "app_key") || strings.Contains(d.Fatal.Error(), "\x1b") {
		t.Fatalf("fatal %v, refused %v", d.Fatal, d.Refused)
	}
	if len(d.Events) != 1 || d.Events[0].Code != feed.CodeAuthFailed || d.Events[0].Text != "tmc connect failed" {
		t.Errorf("events %+v", d.Events)
	}
}

func TestTopics(t *testing.T) {
	const order = `{"tid":360800000000000001,"oid":360800000000000002,"payment":"100.50","buyer_nick":"买**","buyer_open_uid":"AAbuyer","status":"X"}`
	const back = `{"refund_id":19000000003,"refund_fee":"50.00","tid":"3608","oid":3609,"modified":"2026-09-21 22:14:20"}`
	for _, c := range []struct {
		topic, content string
		want           feed.Event
	}{
		{"taobao_trade_TradeCreate", order, feed.Event{Kind: feed.KindOrder, Status: feed.StatusCreated, OrderID: "360800000000000001", AmountFen: 10050}},
		{"taobao_trade_TradeBuyerPay", order, feed.Event{Kind: feed.KindOrder, Status: feed.StatusPaid, OrderID: "360800000000000001", AmountFen: 10050}},
		{"taobao_trade_TradeSellerShip", order, feed.Event{Kind: feed.KindOrder, Status: feed.StatusShipped, OrderID: "360800000000000001", AmountFen: 10050}},
		{"taobao_trade_TradeSuccess", order, feed.Event{Kind: feed.KindOrder, Status: feed.StatusCompleted, OrderID: "360800000000000001", AmountFen: 10050}},
		{"taobao_trade_TradeClose", order, feed.Event{Kind: feed.KindOrder, Status: feed.StatusClosed, OrderID: "360800000000000001", AmountFen: 10050}},
		{"taobao_trade_TradeRated", `{"tid":1,"rater":"buyer"}`, feed.Event{Kind: feed.KindSystem, Code: "order_detail", Text: "TradeRated buyer", OrderID: "1"}},
		{"taobao_trade_TradeModifyFee", `{"tid":1}`, feed.Event{Kind: feed.KindSystem, Code: "order_detail", Text: "TradeModifyFee", OrderID: "1"}},
		{"taobao_refund_RefundCreated", back, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRequested, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundSellerAgreeAgreement", back, feed.Event{Kind: feed.KindRefund, Status: feed.StatusAgreed, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundSellerRefuseAgreement", back, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRefused, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundBuyerReturnGoods", back, feed.Event{Kind: feed.KindRefund, Status: StatusReturnShipped, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundSuccess", back, feed.Event{Kind: feed.KindRefund, Status: feed.StatusRefunded, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundClosed", back, feed.Event{Kind: feed.KindRefund, Status: feed.StatusClosed, OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_RefundTimeoutRemind", back, feed.Event{Kind: feed.KindSystem, Code: "refund_detail", Text: "RefundTimeoutRemind", OrderID: "3608"}},
		{"taobao_refund_TaobaoInterApplied", back, feed.Event{Kind: feed.KindComplaint, Status: StatusIntervention, Text: "买家申请平台介入，退款单 19000000003", OrderID: "3608", AmountFen: 5000}},
		{"taobao_refund_TaobaoIntervened", back, feed.Event{Kind: feed.KindComplaint, Status: StatusIntervention, Text: "平台已介入，退款单 19000000003", OrderID: "3608", AmountFen: 5000}},
		{"taobao_live_TcpOrder", `{"tid":7,"anchor_open_id":"A"}`, feed.Event{Kind: feed.KindOrder, Status: StatusAttributed, OrderID: "7"}},
		{"taobao_live_RoomItemChange", `{"live_id":"43","item_ids":["68","69"]}`, feed.Event{Kind: feed.KindProduct, Channel: "43", Text: "68 69"}},
		{"taobao_live_FeedRelated", `{"live_id":43,"event":"PUBLISH_LIVE"}`, feed.Event{Kind: feed.KindSystem, Code: "stream_start", Text: "live started", Channel: "43"}},
		{"taobao_live_FeedRelated", `{"live_id":43,"event":"STOP_LIVE"}`, feed.Event{Kind: feed.KindSystem, Code: feed.CodeStreamEnd, Text: "live ended", Channel: "43"}},
		{"taobao_live_FeedRelated", `{"live_id":43,"event":"PAUSE"}`, feed.Event{Kind: feed.KindSystem, Code: "live_event", Text: "PAUSE", Channel: "43"}},
		{"taobao_live_BdshLiveEventChange", `{"live_id":43,"action":"like","count":3,"user_nick":"甲"}`, feed.Event{Kind: feed.KindSystem, Code: "live_event", Text: "like", Channel: "43", Count: 3}},
		{"taobao_live_Tomorrow", `{}`, feed.Event{Kind: feed.KindSystem, Code: "unknown", Text: "taobao_live_Tomorrow"}},
		{"taobao_item_ItemAdd", "", feed.Event{Kind: feed.KindSystem, Code: "unknown", Text: "taobao_item_ItemAdd"}},
	} {
		t.Run(c.topic+"/"+c.want.Text, func(t *testing.T) {
			f := data(701, c.topic, c.content)
			e, want := one(t, open(), f), c.want
			if e.Kind != want.Kind || e.Status != want.Status || e.OrderID != want.OrderID || e.AmountFen != want.AmountFen ||
				e.Code != want.Code || e.Text != want.Text || e.Channel != want.Channel || e.Count != want.Count {
				t.Errorf("got  %+v\nwant %+v", e, want)
			}
			if e.ID != "701" || !e.At.Equal(sent) || !e.Recv.Equal(recv) || string(e.Raw) != string(f.Data) {
				t.Errorf("id %s, at %s, recv %s", e.ID, e.At, e.Recv)
			}
		})
	}
}

func TestOrderTellsWhoPaidWhat(t *testing.T) {
	const content = `{"tid":1,"payment":"100.50","buyer_nick":"买**","buyer_open_uid":"AAbuyer"}`
	for topic, paid := range map[string]int64{
		"taobao_trade_TradeCreate": 0, "taobao_trade_TradeBuyerPay": 10050, "taobao_trade_TradeSuccess": 10050, "taobao_trade_TradeClose": 0,
	} {
		e := one(t, open(), data(1, topic, content))
		if e.Order == nil || e.Order.PaidFen != paid || e.Order.Buyer != "AAbuyer" || e.User != (feed.User{ID: "AAbuyer", Name: "买**", Role: feed.RoleViewer}) {
			t.Errorf("%s: order %+v, user %+v", topic, e.Order, e.User)
		}
	}
}

func TestOneItemIsTheProductOnAir(t *testing.T) {
	e := one(t, open(), data(1, "taobao_live_RoomItemChange", `{"item_ids":["68"]}`))
	if e.Product == nil || e.Product.ID != "68" || e.Product.Stock != -1 {
		t.Errorf("product %+v", e.Product)
	}
	if e := one(t, open(), data(1, "taobao_live_RoomItemChange", `{"item_ids":["68","69",{}]}`)); e.Product != nil {
		t.Errorf("a list does not say which: %+v", e.Product)
	}
}

// TestWhatIsToldTwiceIsConfirmedAndNotRepeated: the same state under another id,
// and a state overtaken, are taken off the queue; the same message sent again is
// not, since its event may not be on disk yet.
func TestWhatIsToldTwiceIsConfirmedAndNotRepeated(t *testing.T) {
	p := New(Options{})
	s := p.NewSession(feed.Position{})
	step := func(id int64, topic, content string, events int) {
		t.Helper()
		d := s.Decode(data(id, topic, content), recv)
		if len(d.Events) != events || len(d.Refused) != 0 || len(d.Reply) != 1-events {
			t.Fatalf("message %d: %d events, %d replies, refused %v; want %d events", id, len(d.Events), len(d.Reply), d.Refused, events)
		}
		if events == 0 {
			if m, err := readMessage(d.Reply[0].Data); err != nil || m.custom[keyKind].num != kindConfirm || m.custom["id"].num != id {
				t.Fatalf("message %d is answered with %+v, %v", id, m, err)
			}
		}
	}
	const a, b = `{"tid":1,"oid":11}`, `{"tid":1,"oid":12}`
	step(1, "taobao_trade_TradeBuyerPay", a, 1)
	step(1, "taobao_trade_TradeBuyerPay", a, 1)
	step(2, "taobao_trade_TradeBuyerPay", a, 0)
	step(3, "taobao_trade_TradeCreate", a, 0)
	step(4, "taobao_trade_TradeCreate", b, 1)
	step(5, "taobao_trade_TradeClose", b, 1)
	step(6, "taobao_trade_TradeSuccess", b, 0)
	step(7, "taobao_trade_TradeSuccess", a, 1)
	s = p.NewSession(feed.Position{}) // a new connection knows what the old one heard
	step(8, "taobao_trade_TradeSellerShip", a, 0)
	step(7, "taobao_trade_TradeSuccess", a, 1)
	const r1, r2 = `{"refund_id":5,"tid":1,"modified":"2026-09-21 22:14:20"}`, `{"refund_id":5,"tid":1,"modified":"2026-09-21 22:14:21"}`
	step(9, "taobao_refund_RefundCreated", r1, 1)
	step(10, "taobao_refund_RefundCreated", r1, 0)
	step(11, "taobao_refund_RefundCreated", r2, 1)
	step(12, "taobao_trade_TradeModifyFee", a, 1)
	step(13, "taobao_trade_TradeModifyFee", a, 1)
}

func TestStatesForgetTheOldest(t *testing.T) {
	var s states
	for i := range maxStates + 1 {
		if !s.admit(int64(i), fmt.Sprint(i), nil) {
			t.Fatalf("%d is new", i)
		}
	}
	if !s.admit(99, "0", nil) || s.admit(99, "5", nil) || len(s.first) != maxStates {
		t.Errorf("%d remembered; the oldest must make room", len(s.first))
	}
}

func TestCommittedConfirmsWhatTheServerSent(t *testing.T) {
	s := open().(feed.Acker)
	frames := s.Committed([]feed.Event{{ID: "701"}, {ID: "connect:1:2"}, {ID: "702"}})
	if len(frames) != 2 {
		t.Fatalf("%d confirmations, want 2", len(frames))
	}
	for i, f := range frames {
		if m, err := readMessage(f.Data); err != nil || m.custom["id"].num != int64(701+i) || m.custom[keyKind].num != kindConfirm {
			t.Errorf("%+v, %v", m, err)
		}
	}
}

func TestRefused(t *testing.T) {
	frame := func(b ...byte) []byte { return b }
	for _, c := range []struct {
		name, want string
		data       []byte
		failed     bool
	}{
		{"empty", "ends within", nil, false},
		{"other version", "version 3", frame(3, 2, 0, 0), false},
		{"no end", "ends within", frame(2, 2, 1, 0), false},
		{"negative length", "-1 bytes", frame(2, 2, 1, 0, 255, 255, 255, 255), false},
		{"length past the end", "ends within", frame(2, 2, 5, 0, 9, 0, 0, 0, 'a'), false},
		{"unknown header", "header 9", frame(2, 2, 9, 0), false},
		{"unknown format", "format 8", frame(2, 2, 1, 0, 1, 0, 0, 0, 'a', 8), false},
		{"a client's message", "not one that a server sends", connect(Options{}, recv).Data, false},
		{"status on a message", "status 7", frame(2, 2, 2, 0, 7, 0, 0, 0, 0, 0), false},
		{"too many headers", "more than 256", append([]byte{2, 2}, make256()...), false},
		{"no topic", "names no topic", data(1, "", "{}").Data, true},
		{"no id", "has no id", data(0, "taobao_item_ItemAdd", "{}").Data, false},
		{"neither", "names no topic", data(0, "", "").Data, false},
		{"content is no JSON", `"taobao_trade_TradeCreate" is no JSON`, data(1, "taobao_trade_TradeCreate", "[").Data, true},
		{"order without a number", "no tid", data(1, "taobao_trade_TradeCreate", "{}").Data, true},
		{"refund without a number", "no refund_id", data(1, "taobao_refund_RefundCreated", `{"tid":1}`).Data, true},
		{"refund without an order", "no tid", data(1, "taobao_refund_RefundCreated", `{"refund_id":1}`).Data, true},
		{"intervention without a refund", "no refund_id", data(1, "taobao_refund_TaobaoIntervened", `{}`).Data, true},
		{"room order without a number", "no tid", data(1, "taobao_live_TcpOrder", `{}`).Data, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open().Decode(feed.Frame{Binary: true, Data: c.data}, recv)
			if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), c.want) {
				t.Fatalf("%d events, refused %v; want %q", len(d.Events), d.Refused, c.want)
			}
			if !c.failed {
				if len(d.Reply) != 0 {
					t.Errorf("answered with %d messages", len(d.Reply))
				}
				return
			}
			if m, err := readMessage(d.Reply[0].Data); err != nil || m.kind != typeSendAck || m.custom[keyKind].num != kindFailed || m.custom["id"].num != 1 || m.custom["msg"].text == "" {
				t.Errorf("answered with %+v, %v; want a failure", m, err)
			}
		})
	}
}

// make256 is more headers than a message may have.
func make256() []byte {
	var b []byte
	for range maxHeaders {
		b = append(b, headerFlag, 0, 0, 0, 0, 0)
	}
	return append(b, 0, 0)
}

func TestEveryValueFormatIsRead(t *testing.T) {
	b := []byte{2, 2}
	add := func(key string, format byte, v ...byte) {
		b = append(append(append(b, 1, 0, 1, 0, 0, 0), key...), format)
		b = append(b, v...)
	}
	add("v", 0)
	add("s", 1, 2, 0, 0, 0, 'h', 0xff)
	add("y", 2, 0xff)
	add("h", 3, 0xfe, 0xff)
	add("i", 4, 0xfd, 0xff, 0xff, 0xff)
	add("q", 5, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	add("d", 6, 1, 0, 0, 0, 0, 0, 0, 0)
	add("B", 7, 1, 0, 0, 0, 'b')
	m, err := readMessage(append(b, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"v": "", "s": "h\uFFFD", "y": "-1", "h": "-2", "i": "-3", "q": "-4", "d": "1", "B": "b"} {
		if got := string(m.custom[key].scalar()); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if d := open().Decode(feed.Frame{Binary: true, Data: append(b, 0, 0)}, recv); len(d.Events)+len(d.Refused) != 0 {
		t.Errorf("a message of no kind came to %+v", d)
	}
}

func TestFixtures(t *testing.T) {
	s := open()
	feedtest.Incoming(t, "taobao-tmc", func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
}

func TestFixturesOfWhatIsSent(t *testing.T) {
	ours := map[string]feed.Frame{
		"pull-request": pull("EXAMPLE-TOKEN-0001"), "confirm": confirm("EXAMPLE-TOKEN-0001", 7010000000000000002),
		"fail": failed("EXAMPLE-TOKEN-0001", 7010000000000000002, "db down"),
	}
	found := 0
	for _, f := range feedtest.Fixtures(t, "taobao-tmc") {
		if want, ok := ours[f.Name]; ok {
			found++
			if string(f.Data) != string(want.Data) {
				t.Errorf("%s: we send % x, the fixture is % x", f.Name, want.Data, f.Data)
			}
		}
	}
	if found != len(ours) {
		t.Errorf("%d of %d found", found, len(ours))
	}
}

func BenchmarkDecode(b *testing.B) {
	s := open()
	f := data(1, "taobao_trade_TradeBuyerPay", `{"tid":360800000000000001,"oid":360800000000000002,"payment":"100.50","buyer_nick":"买**"}`)
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(f, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
