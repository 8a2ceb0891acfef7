package tmc

import (
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every frame: at most one event, one refusal and one answer,
// and an answer that is a frame of ours.
func FuzzDecode(f *testing.F) {
	for i, m := range [][2]string{
		{"taobao_trade_TradeCreate", `{"tid":1,"oid":2,"payment":"100.00","buyer_nick":"甲","buyer_open_uid":"u"}`},
		{"taobao_trade_TradeBuyerPay", `{"tid":1,"payment":"1.00"}`},
		{"taobao_trade_TradeSellerShip", `{"tid":"7390000000000000001"}`},
		{"taobao_trade_TradeSuccess", `{"tid":1}`},
		{"taobao_trade_TradeClose", `{"tid":1}`},
		{"taobao_trade_TradeRated", `{"tid":1,"rater":"buyer"}`},
		{"taobao_refund_RefundCreated", `{"tid":1,"refund_id":2,"refund_fee":"1","modified":"2026-09-21 22:00:00"}`},
		{"taobao_refund_RefundSuccess", `{"tid":1,"refund_id":2,"refund_fee":"0.01"}`},
		{"taobao_refund_RefundSellerRefuseAgreement", `{"refund_id":2}`},
		{"taobao_refund_RefundTimeoutRemind", `{}`},
		{"taobao_refund_TaobaoInterApplied", `{"refund_id":2}`},
		{"taobao_refund_TaobaoIntervened", `{}`},
		{"taobao_live_RoomItemChange", `{"live_id":1,"item_ids":["1"]}`},
		{"taobao_live_RoomItemChange", `{"item_ids":["1",2,{}]}`},
		{"taobao_live_FeedRelated", `{"event":"STOP_LIVE"}`},
		{"taobao_live_FeedRelated", `{"event":"PUBLISH_LIVE"}`},
		{"taobao_live_TcpOrder", `{"tid":1}`},
		{"taobao_live_BdshLiveEventChange", `{"action":"a","count":5,"user_nick":"n"}`},
		{"taobao_live_X", `{}`},
		{"other\x1b", `{}`},
		{"taobao_trade_TradeCreate", `[`},
	} {
		f.Add(data(int64(i), m[0], m[1]).Data)
	}
	f.Add([]byte(newWriter(typeConnectAck).token("T").header(headerEnd)))
	f.Add(append(append([]byte{}, newWriter(typeConnectAck).header(headerStatus)...), 9, 0, 0, 0, 3, 0, 2, 0, 0, 0, 'n', 'o', 4, 0, 1, 0, 0, 0, 0, 0))
	f.Add(failed("T", 1, "x").Data)
	f.Add(connect(Options{AppKey: "1", Secret: "s", Group: "default"}, recv).Data)
	f.Add([]byte{2, typeSend, 1, 0, 1, 0, 0, 0, 'a', formatBytes, 0xff, 0xff, 0xff, 0xff})
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := fuzzed.Decode(t, open, feed.Frame{Binary: true, Data: b}, recv, fuzzed.Bounds{})
		for _, r := range d.Reply {
			if _, err := readMessage(r.Data); err != nil {
				t.Fatalf("we answer with % x: %v", r.Data, err)
			}
		}
		m, err := readMessage(b)
		if err != nil {
			if len(d.Events) > 0 || len(d.Reply) > 0 {
				t.Fatalf("what is no frame came to %+v", d)
			}
			return
		}
		rewritten(t, m)
	})
}

// rewritten writes what the readers of m use of it, and reads it again.
func rewritten(t *testing.T, m message) {
	t.Helper()
	w := newWriter(m.kind).token(m.token)
	for key, v := range m.custom {
		if v.format == formatString {
			w = w.customText(key, v.text)
		}
	}
	again, err := readMessage(w.frame().Data)
	if err != nil || again.kind != m.kind || again.token != m.token {
		t.Fatalf("%+v is read again as %+v, %v", m, again, err)
	}
	for key, v := range again.custom {
		if m.custom[key] != v {
			t.Fatalf("%q was %+v, is %+v", key, m.custom[key], v)
		}
	}
}
