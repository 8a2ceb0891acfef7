package oba

import (
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

var recv = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)

func decode(s feed.Session, text string) feed.Decoded {
	return s.Decode(feed.Frame{Data: []byte(text)}, recv)
}

func open() feed.Session { return New(Options{}).NewSession(feed.Position{}) }

func TestProtocolOnlyListens(t *testing.T) {
	p := New(Options{})
	r, err := p.Request(feed.Position{})
	if err != nil || r.URL != DefaultURL || p.Name() != "oba" {
		t.Errorf("request %+v, %v, name %s", r, err, p.Name())
	}
	if r, _ := New(Options{URL: "ws://10.0.0.2:1"}).Request(feed.Position{}); r.URL != "ws://10.0.0.2:1" {
		t.Errorf("request %+v", r)
	}
	every, _ := open().Heartbeat()
	if len(open().Hello()) != 0 || every != 0 {
		t.Error("the tool must not be written to")
	}
}

func TestMessages(t *testing.T) {
	at := time.UnixMilli(1790000000123)
	for _, c := range []struct {
		name, text string
		want       feed.Event
	}{
		{
			"comment without a user id", `{"msg_type":"comment","msg_id":"c1","nick_name":"甲","content":"多少钱","time":1790000000123}`,
			feed.Event{ID: "c1", Kind: feed.KindChat, Text: "多少钱", At: at, User: feed.User{ID: "nick:甲", Name: "甲", Role: feed.RoleViewer}},
		},
		{
			"comment of Taobao", `{"msg_type":"taobao_comment","msg_id":2,"nick_name":"乙","user_id":9007199254740993,"content":"可以用券吗","time":"1790000000123"}`,
			feed.Event{ID: "2", Kind: feed.KindChat, Text: "可以用券吗", At: at, User: feed.User{ID: "9007199254740993", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"comment without a time", `{"msg_type":"xiaohongshu_comment","msg_id":"x","nick_name":"乙","user_id":"u","content":"有小样吗"}`,
			feed.Event{ID: "x", Kind: feed.KindChat, Text: "有小样吗", At: recv, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"enter", `{"msg_type":"room_enter","msg_id":"e","nick_name":"乙","user_id":"u","time":1790000000123}`,
			feed.Event{ID: "room_enter:e", Kind: feed.KindEnter, At: at, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"follow", `{"msg_type":"room_follow","msg_id":"f","nick_name":"乙","user_id":"u","time":1790000000123}`,
			feed.Event{ID: "room_follow:f", Kind: feed.KindSystem, Code: "follow", At: at, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"like", `{"msg_type":"room_like","msg_id":"l","nick_name":"乙","user_id":"u","time":1790000000123}`,
			feed.Event{ID: "room_like:l", Kind: feed.KindSystem, Code: "like", At: at, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"brand member", `{"msg_type":"subscribe_merchant_brand_vip","msg_id":"v","nick_name":"乙","user_id":"u","content":"加入品牌会员","time":1790000000123}`,
			feed.Event{ID: "subscribe_merchant_brand_vip:v", Kind: feed.KindSystem, Code: "brand_member", Text: "加入品牌会员", At: at, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
		{
			"fans club", `{"msg_type":"ecom_fansclub_participate","msg_id":"k","nick_name":"乙","user_id":"u","content":"加入购物粉丝团","time":1790000000123}`,
			feed.Event{ID: "ecom_fansclub_participate:k", Kind: feed.KindSystem, Code: "fansclub", Text: "加入购物粉丝团", At: at, User: feed.User{ID: "u", Name: "乙", Role: feed.RoleViewer}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decode(open(), c.text)
			if len(d.Events) != 1 || len(d.Refused) != 0 {
				t.Fatalf("%d events, refused %v", len(d.Events), d.Refused)
			}
			e, want := d.Events[0], c.want
			if e.ID != want.ID || e.Kind != want.Kind || e.Text != want.Text || e.Code != want.Code || e.User != want.User || !e.At.Equal(want.At) || !e.Recv.Equal(recv) || string(e.Raw) != c.text {
				t.Errorf("got  %+v\nwant %+v", e, want)
			}
		})
	}
}

func TestOrdersMoveByStateAndAreToldOnce(t *testing.T) {
	s := open()
	order := func(msgID, status string) feed.Decoded {
		return decode(s, `{"msg_type":"live_order","msg_id":"`+msgID+`","nick_name":"丁**","order_status":"`+status+`","order_ts":1790000000,"product_id":"3607009049079634959","product_title":"精华液","time":1790000000006}`)
	}
	for _, c := range []struct{ msgID, status, want string }{
		{"692#0", "已下单", feed.StatusCreated}, {"692#3", "已付款", feed.StatusPaid}, {"693#7", "未知状态", feed.StatusUnknown}, {"694", "", feed.StatusUnknown},
	} {
		d := order(c.msgID, c.status)
		if len(d.Events) != 1 {
			t.Fatalf("%s: refused %v", c.msgID, d.Refused)
		}
		e := d.Events[0]
		if e.Kind != feed.KindOrder || e.ID != c.msgID || e.OrderID != c.msgID[:3] || e.Status != c.want {
			t.Errorf("%+v, want order %s %s", e, c.msgID[:3], c.want)
		}
		if e.Product.ID != "3607009049079634959" || e.Product.Stock != -1 || e.Order.Buyer != "丁**" || !e.Order.CreatedAt.Equal(time.Unix(1790000000, 0)) {
			t.Errorf("product %+v, order %+v", e.Product, e.Order)
		}
		if again := order(c.msgID, c.status); len(again.Events)+len(again.Refused) != 0 {
			t.Errorf("%s polled again came to %+v", c.msgID, again)
		}
	}
	d := decode(open(), `{"msg_type":"live_order","msg_id":"1#0","order_ts":1790000000000}`)
	if e := d.Events[0]; e.Product != nil || !e.Order.CreatedAt.Equal(time.Unix(1790000000, 0)) {
		t.Errorf("order without a product, time in milliseconds: %+v", e)
	}
}

func TestMessagesWithoutAnIDAreNotMistakenForEachOther(t *testing.T) {
	s := open()
	const text = `{"msg_type":"comment","nick_name":"甲","content":"1"}`
	a, b := decode(s, text), decode(s, text)
	if len(a.Events) != 1 || len(b.Events) != 1 || a.Events[0].ID == b.Events[0].ID {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		``: "no JSON", `pong`: "no JSON", `[]`: "no JSON", `{}`: "names no msg_type",
		`{"msg_type":"new_\u001b[2J"}`:                `unknown msg_type "new_\x1b[2J"`,
		`{"msg_type":"live_order","msg_id":"#3"}`:     "no order number",
		`{"msg_type":"live_order","nick_name":"丁**"}`: "no order number",
		`{"msg_type":7}`:                              "no JSON",
	} {
		d := decode(open(), text)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("%s: %d events, refused %v; want %q", text, len(d.Events), d.Refused, want)
		}
	}
}

func TestFixtures(t *testing.T) {
	s := open()
	feedtest.Incoming(t, "oba-live-tool", func(f feed.Frame) feed.Decoded { return s.Decode(f, recv) })
}

func BenchmarkDecode(b *testing.B) {
	s := open()
	frame := feed.Frame{Data: []byte(`{"msg_type":"comment","nick_name":"甲用户","content":"这个多少钱？","time":1790000000000}`)}
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decode(frame, recv); len(d.Events) != 1 {
			b.Fatal(d.Refused)
		}
	}
}
