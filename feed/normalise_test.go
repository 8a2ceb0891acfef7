package feed_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/stripe/stripetest"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/webhook"
)

// came is what one message comes to, finished as a source does; it must be one
// event.
func came(t *testing.T, dir string, frames ...feed.Frame) []feed.Event {
	t.Helper()
	s := protocolOf(t, dir).NewSession(feed.Position{})
	var out []feed.Event
	for _, f := range frames {
		d := s.Decode(f, fixtureTime)
		if len(d.Refused) > 0 {
			t.Fatalf("%s: %s is refused: %v", dir, f.Data, d.Refused)
		}
		for i, e := range d.Events {
			if e.Raw == nil {
				e.Raw = f.Data
			}
			feed.Finish(&e, dir, "", i, fixtureTime)
			out = append(out, e)
		}
	}
	return out
}

func text(s string, args ...any) feed.Frame {
	if len(args) > 0 {
		s = fmt.Sprintf(s, args...)
	}
	return feed.Frame{Data: []byte(s)}
}

// posted is a recorded post.
func posted(t *testing.T, headers map[string]string, body string) feed.Frame {
	t.Helper()
	b, err := json.Marshal(map[string]any{"headers": headers, "body": body})
	if err != nil {
		t.Fatal(err)
	}
	return feed.Frame{Data: b}
}

func taobao(topic, content string) feed.Frame {
	return feed.Frame{Binary: true, Data: tmctest.Data("T", tmctest.Message{ID: 7, Topic: topic, Content: content, Time: time.UnixMilli(1790000000000)})}
}

func doudian(tag, data string) feed.Frame {
	return text(`[{"tag":%q,"msg_id":"m1","data":%s}]`, tag, data)
}

// kuaishouShop encrypts a message as the shop does.
func kuaishouShop(t *testing.T, id, event, info string) feed.Frame {
	t.Helper()
	key := []byte("0123456789abcdef")
	plain := fmt.Appendf(nil, `{"eventId":1,"msgId":%q,"event":%q,"info":%q,"status":2,"createTime":1790000000000}`, id, event, info)
	n := aes.BlockSize - len(plain)%aes.BlockSize
	plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(plain, plain)
	b, err := json.Marshal(map[string]string{"proto": "kuaishou-shop", "body": base64.StdEncoding.EncodeToString(plain), "key_b64": base64.StdEncoding.EncodeToString(key)})
	if err != nil {
		t.Fatal(err)
	}
	return feed.Frame{Data: b}
}

func shopify(t *testing.T, topic, body string) feed.Frame {
	t.Helper()
	return posted(t, map[string]string{"X-Shopify-Topic": topic, "X-Shopify-Event-Id": "e1"}, body)
}

func stripeEvent(kind, object string) feed.Frame {
	return feed.Frame{Data: stripetest.Message("", "evt_1", fmt.Sprintf(`{"id":"evt_1","created":1790000000,"type":%q,"data":{"object":%s}}`, kind, object))}
}

// TestStatesOfEveryShop is the table of states: what each shop's word for a state of
// an order, a refund or a dispute comes to, with the amount in fen, of which none is
// ever a float.
func TestStatesOfEveryShop(t *testing.T) {
	const (
		order, refund, complaint = feed.KindOrder, feed.KindRefund, feed.KindComplaint
		yuan                     = `{"tid":"6920000000000000001","payment":"100.10","refund_id":"9","refund_fee":"100.10","modified":"2026-09-21 22:13:20"}`
		fen                      = `{"p_id":"6920000000000000001","aftersale_id":9,"pay_amount":10010,"refund_amount":"10010"}`
		oid                      = `{"oid":6920000000000000001,"orderId":"6920000000000000001","refundId":9}`
		shop                     = `{"id":6920000000000000001,"order_id":6920000000000000001,"total_price":"100.10","amount":"100.10","currency":"CNY","transactions":[{"kind":"refund","status":"success","amount":"100.10","currency":"CNY"}]}`
		checkout                 = `{"id":"cs","payment_intent":"6920000000000000001","amount_total":10010,"amount":10010,"amount_refunded":10010,"currency":"cny","payment_status":"paid","status":"pending"}`
	)
	for _, c := range []struct {
		shop, said string
		frame      feed.Frame
		kind       feed.Kind
		status     string
		fen        int64
	}{
		{"taobao-tmc", "TradeCreate", taobao("taobao_trade_TradeCreate", yuan), order, feed.StatusCreated, 10010},
		{"taobao-tmc", "TradeBuyerPay", taobao("taobao_trade_TradeBuyerPay", yuan), order, feed.StatusPaid, 10010},
		{"taobao-tmc", "TradeSellerShip", taobao("taobao_trade_TradeSellerShip", yuan), order, feed.StatusShipped, 10010},
		{"taobao-tmc", "TradeSuccess", taobao("taobao_trade_TradeSuccess", yuan), order, feed.StatusCompleted, 10010},
		{"taobao-tmc", "TradeClose", taobao("taobao_trade_TradeClose", yuan), order, feed.StatusClosed, 10010},
		{"taobao-tmc", "RefundCreated", taobao("taobao_refund_RefundCreated", yuan), refund, feed.StatusRequested, 10010},
		{"taobao-tmc", "RefundSellerAgreeAgreement", taobao("taobao_refund_RefundSellerAgreeAgreement", yuan), refund, feed.StatusAgreed, 10010},
		{"taobao-tmc", "RefundSellerRefuseAgreement", taobao("taobao_refund_RefundSellerRefuseAgreement", yuan), refund, feed.StatusRefused, 10010},
		{"taobao-tmc", "RefundBuyerReturnGoods", taobao("taobao_refund_RefundBuyerReturnGoods", yuan), refund, webhook.StatusReturnShipped, 10010},
		{"taobao-tmc", "RefundSuccess", taobao("taobao_refund_RefundSuccess", yuan), refund, feed.StatusRefunded, 10010},
		{"taobao-tmc", "RefundClosed", taobao("taobao_refund_RefundClosed", yuan), refund, feed.StatusClosed, 10010},
		{"taobao-tmc", "TaobaoInterApplied", taobao("taobao_refund_TaobaoInterApplied", yuan), complaint, webhook.StatusIntervention, 10010},
		{"taobao-tmc", "TaobaoIntervened", taobao("taobao_refund_TaobaoIntervened", yuan), complaint, webhook.StatusIntervention, 10010},

		{"doudian", "100", doudian("100", fen), order, feed.StatusCreated, 10010},
		{"doudian", "101", doudian("101", fen), order, feed.StatusPaid, 10010},
		{"doudian", "110", doudian("110", fen), order, feed.StatusPaid, 10010},
		{"doudian", "102", doudian("102", fen), order, feed.StatusShipped, 10010},
		{"doudian", "108", doudian("108", fen), order, feed.StatusShipped, 10010},
		{"doudian", "103", doudian("103", fen), order, feed.StatusCompleted, 10010},
		{"doudian", "106", doudian("106", fen), order, feed.StatusClosed, 10010},
		{"doudian", "200", doudian("200", fen), refund, feed.StatusRequested, 10010},
		{"doudian", "201", doudian("201", fen), refund, feed.StatusAgreed, 10010},
		{"doudian", "202", doudian("202", fen), refund, feed.StatusAgreed, 10010},
		{"doudian", "203", doudian("203", fen), refund, webhook.StatusReturnShipped, 10010},
		{"doudian", "204", doudian("204", fen), refund, feed.StatusRefused, 10010},
		{"doudian", "205", doudian("205", fen), refund, feed.StatusRefused, 10010},
		{"doudian", "206", doudian("206", fen), refund, feed.StatusRefunded, 10010},
		{"doudian", "207", doudian("207", fen), refund, feed.StatusClosed, 10010},
		{"doudian", "212", doudian("212", fen), complaint, webhook.StatusIntervention, 0},
		{"doudian", "216", doudian("216", fen), complaint, webhook.StatusIntervention, 0},
		{"doudian", "217", doudian("217", fen), complaint, webhook.StatusIntervention, 0},
		{"doudian", "218", doudian("218", fen), complaint, webhook.StatusIntervention, 0},

		{"orders-webhook", "addOrder", kuaishouShop(t, "m1", "kwaishop_order_addOrder", oid), order, feed.StatusCreated, 0},
		{"orders-webhook", "paySuccess", kuaishouShop(t, "m1", "kwaishop_order_paySuccess", oid), order, feed.StatusPaid, 0},
		{"orders-webhook", "delivering", kuaishouShop(t, "m1", "kwaishop_order_delivering", oid), order, feed.StatusShipped, 0},
		{"orders-webhook", "orderSuccess", kuaishouShop(t, "m1", "kwaishop_order_orderSuccess", oid), order, feed.StatusCompleted, 0},
		{"orders-webhook", "orderFail", kuaishouShop(t, "m1", "kwaishop_order_orderFail", oid), order, feed.StatusClosed, 0},
		{"orders-webhook", "addRefund", kuaishouShop(t, "m1", "kwaishop_aftersales_addRefund", oid), refund, feed.StatusRequested, 0},
		{"orders-webhook", "updateRefund: its numbers stand in no document", kuaishouShop(t, "m1", "kwaishop_aftersales_updateRefund", oid), refund, feed.StatusUnknown, 0},

		{"orders-webhook", "orders/create", shopify(t, "orders/create", shop), order, feed.StatusCreated, 10010},
		{"orders-webhook", "orders/paid", shopify(t, "orders/paid", shop), order, feed.StatusPaid, 10010},
		{"orders-webhook", "orders/fulfilled", shopify(t, "orders/fulfilled", shop), order, feed.StatusShipped, 10010},
		{"orders-webhook", "orders/cancelled", shopify(t, "orders/cancelled", shop), order, feed.StatusClosed, 10010},
		{"orders-webhook", "refunds/create", shopify(t, "refunds/create", shop), refund, feed.StatusRefunded, 10010},
		{"orders-webhook", "disputes/create", shopify(t, "disputes/create", shop), complaint, webhook.StatusDisputed, 10010},

		{"stripe-cli", "checkout.session.completed", stripeEvent("checkout.session.completed", checkout), order, feed.StatusPaid, 10010},
		{"stripe-cli", "checkout.session.completed, unpaid", stripeEvent("checkout.session.completed", strings.Replace(checkout, `"paid"`, `"unpaid"`, 1)), order, feed.StatusCreated, 10010},
		{"stripe-cli", "checkout.session.expired", stripeEvent("checkout.session.expired", checkout), order, feed.StatusClosed, 10010},
		{"stripe-cli", "refund.created", stripeEvent("refund.created", checkout), refund, feed.StatusRequested, 10010},
		{"stripe-cli", "charge.refunded", stripeEvent("charge.refunded", checkout), refund, feed.StatusRefunded, 10010},
		{"stripe-cli", "charge.dispute.created", stripeEvent("charge.dispute.created", checkout), complaint, webhook.StatusDisputed, 10010},

		{"oba-live-tool", "已下单", text(`{"msg_type":"live_order","msg_id":"6920000000000000001#0","order_status":"已下单"}`), order, feed.StatusCreated, 0},
		{"oba-live-tool", "已付款", text(`{"msg_type":"live_order","msg_id":"6920000000000000001#3","order_status":"已付款"}`), order, feed.StatusPaid, 0},
		{"oba-live-tool", "未知状态", text(`{"msg_type":"live_order","msg_id":"6920000000000000001#7","order_status":"未知状态"}`), order, feed.StatusUnknown, 0},
	} {
		t.Run(c.shop+"/"+c.said, func(t *testing.T) {
			events := came(t, c.shop, c.frame)
			if len(events) != 1 {
				t.Fatalf("%d events", len(events))
			}
			e := events[0]
			if e.Kind != c.kind || e.Status != c.status || e.AmountFen != c.fen || e.OrderID != "6920000000000000001" {
				t.Errorf("%s %s of %s, %d fen; want %s %s, %d fen", e.Kind, e.Status, e.OrderID, e.AmountFen, c.kind, c.status, c.fen)
			}
		})
	}
}

// danmu is a comment of Bilibili's, with its own number or none.
func danmu(extra, user, ms, said string) feed.Frame {
	return text(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,%s,1,0,"",0,0,0,"",0,"{}","{}",{"extra":%q}],%q,[%s,"n",0]]}`, ms, extra, said, user)
}

// TestWhatTellsEventsApart is the table of keys: the same thing told again, as each
// source tells it again, has the same Source and ID; another thing has not, however
// alike.
func TestWhatTellsEventsApart(t *testing.T) {
	const chatOfTwitch = `"message_id":"%s","chatter_user_id":"7","broadcaster_user_login":"shop","message":{"text":"好"}`
	for _, c := range []struct {
		name, dir       string
		one, same, next feed.Frame
	}{
		{"Bilibili: id_str", "bilibili-web", danmu(`{"id_str":"d1"}`, "7", "1790000000000", "好"), danmu(`{"id_str":"d1","x":1}`, "7", "1790000000000", "好"), danmu(`{"id_str":"d2"}`, "7", "1790000000000", "好")},
		{"Bilibili: person, time and words", "bilibili-web", danmu(`{}`, "7", "1790000000000", "好"), danmu(`{"x":1}`, "7", "1790000000000", "好"), danmu(`{}`, "7", "1790000000001", "好")},
		{"Bilibili: tid of a gift", "bilibili-web", text(`{"cmd":"SEND_GIFT","data":{"uid":1,"giftName":"花","num":1,"tid":"t1"}}`), text(`{"cmd":"SEND_GIFT","data":{"uid":1,"giftName":"花","num":1,"tid":"t1","rnd":"2"}}`), text(`{"cmd":"SEND_GIFT","data":{"uid":1,"giftName":"花","num":1,"tid":"t2"}}`)},
		{"Bilibili: id of a paid message", "bilibili-web", text(`{"cmd":"SUPER_CHAT_MESSAGE","data":{"id":1,"uid":2,"message":"m"}}`), text(`{"cmd":"SUPER_CHAT_MESSAGE","data":{"id":"1","uid":2,"message":"m"}}`), text(`{"cmd":"SUPER_CHAT_MESSAGE","data":{"id":2,"uid":2,"message":"m"}}`)},
		{"Bilibili: payflow_id of a guard", "bilibili-web", text(`{"cmd":"USER_TOAST_MSG","data":{"uid":1,"payflow_id":"p1"}}`), text(`{"cmd":"USER_TOAST_MSG_V2","data":{"pay_info":{"payflow_id":"p1"}}}`), text(`{"cmd":"USER_TOAST_MSG","data":{"uid":1,"payflow_id":"p2"}}`)},
		{"open-live: msg_id", "bilibili-open", text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"room_id":1,"msg_id":"m1","msg":"好"}}`), text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"room_id":1,"msg_id":"m1","msg":"好","uname":"n"}}`), text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"room_id":1,"msg_id":"m2","msg":"好"}}`)},
		{"IRC: id", "twitch-irc", text("@id=a;tmi-sent-ts=1790000000000 :a!a@a PRIVMSG #shop :好"), text("@historical=1;id=a :a!a@a PRIVMSG #shop :好"), text("@id=b;tmi-sent-ts=1790000000000 :a!a@a PRIVMSG #shop :好")},
		{"IRC: a line without an id", "twitch-irc", text("@tmi-sent-ts=1790000000000;target-user-id=7 :t CLEARCHAT #shop :m"), text("@target-user-id=7;rm-received-ts=1;tmi-sent-ts=1790000000000 :t CLEARCHAT #shop m"), text("@tmi-sent-ts=1790000000001;target-user-id=7 :t CLEARCHAT #shop :m")},
		{"EventSub: the same message over the same channel's IRC", "twitch-irc", text("@id=a;tmi-sent-ts=1790000000000 :a!a@a PRIVMSG #shop :好"), text(`{"metadata":{"message_id":"d1","message_type":"notification","subscription_type":"channel.chat.message"},"payload":{"event":{`+chatOfTwitch+`}}}`, "a"), text(`{"metadata":{"message_id":"d1","message_type":"notification","subscription_type":"channel.chat.message"},"payload":{"event":{`+chatOfTwitch+`}}}`, "b")},
		{"EventSub: the delivery", "twitch-eventsub", text(`{"metadata":{"message_id":"d1","message_type":"notification","subscription_type":"stream.online"},"payload":{"event":{}}}`), text(`{"metadata":{"message_id":"d1","message_type":"notification","message_timestamp":"2026-09-21T14:13:20Z","subscription_type":"stream.online"},"payload":{"event":{}}}`), text(`{"metadata":{"message_id":"d2","message_type":"notification","subscription_type":"stream.online"},"payload":{"event":{}}}`)},
		{"BarrageGrab: MsgId, beyond what a float holds", "douyin-barragegrab", text(`{"Type":1,"Data":"{\"MsgId\":7390000000000000001,\"Content\":\"好\"}"}`), text(`{"Type":1,"Data":"{\"MsgId\":\"7390000000000000001\",\"Content\":\"好\"}"}`), text(`{"Type":1,"Data":"{\"MsgId\":7390000000000000002,\"Content\":\"好\"}"}`)},
		{"dycast: id", "douyin-dycast", text(`[{"id":"7390000000000000001","method":"WebcastChatMessage","content":"好"}]`), text(`[{"id":7390000000000000001,"method":"WebcastChatMessage","content":"好"}]`), text(`[{"id":"7390000000000000002","method":"WebcastChatMessage","content":"好"}]`)},
		{"douyinLive and f2: msgId", "douyin-douyinlive", text(`{"common":{"method":"WebcastChatMessage","msgId":"7390000000000000001"},"content":"好"}`), text(`{"common":{"method":"WebcastChatMessage","msgId":7390000000000000001},"content":"好"}`), text(`{"common":{"method":"WebcastChatMessage","msgId":"7390000000000000002"},"content":"好"}`)},
		{"oba: msg_type and msg_id", "oba-live-tool", text(`{"msg_type":"room_like","msg_id":"1"}`), text(`{"msg_type":"room_like","msg_id":1,"time":2}`), text(`{"msg_type":"room_follow","msg_id":"1"}`)},
		{"oba: the state of an order", "oba-live-tool", text(`{"msg_type":"live_order","msg_id":"1#0","order_status":"已下单"}`), text(`{"msg_type":"live_order","msg_id":"1#0","order_status":"已下单","order_ts":1}`), text(`{"msg_type":"live_order","msg_id":"1#3","order_status":"已付款"}`)},
		{"TikFinity: msgId", "tiktok-tikfinity", text(`{"event":"chat","data":{"msgId":"7390000000000000001","comment":"好"}}`), text(`{"event":"chat","data":{"msgId":7390000000000000001,"comment":"好"}}`), text(`{"event":"chat","data":{"msgId":"7390000000000000002","comment":"好"}}`)},
		{"TMC: id", "taobao-tmc", taobao("taobao_live_FeedRelated", `{"event":"STOP_LIVE"}`), taobao("taobao_live_FeedRelated", `{"event":"STOP_LIVE" }`), feed.Frame{Binary: true, Data: tmctest.Data("T", tmctest.Message{ID: 8, Topic: "taobao_live_FeedRelated", Content: `{"event":"STOP_LIVE"}`})}},
		{"Doudian: msg_id", "doudian", doudian("100", `{"p_id":1}`), text(`[{"tag":100,"msgId":"m1","data":"{\"p_id\":1}"}]`), text(`[{"tag":"100","msg_id":"m2","data":{"p_id":1}}]`)},
		{"Kuaishou shop: msgId", "orders-webhook", kuaishouShop(t, "m1", "kwaishop_order_addOrder", `{"oid":1}`), kuaishouShop(t, "m1", "kwaishop_order_addOrder", `{"oid":1,"x":2}`), kuaishouShop(t, "m2", "kwaishop_order_addOrder", `{"oid":1}`)},
		{"Shopify: the event, not its delivery", "orders-webhook", posted(t, map[string]string{"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e1", "X-Shopify-Webhook-Id": "1"}, `{"id":1}`), posted(t, map[string]string{"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e1", "X-Shopify-Webhook-Id": "2"}, `{"id":1}`), posted(t, map[string]string{"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e2", "X-Shopify-Webhook-Id": "1"}, `{"id":1}`)},
		{"Stripe: the event, not its version of the API", "stripe-cli", stripeEvent("charge.refunded", `{"id":"ch"}`), stripeEvent("charge.refunded", `{"id":"ch","x":1}`), feed.Frame{Data: stripetest.Message("", "evt_2", `{"id":"evt_2","type":"charge.refunded","data":{"object":{"id":"ch"}}}`)}},
		{"CloudEvents: id", "cloudevents-ws", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","data":{"text":"好"}}`), text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","time":"2026-09-21T14:13:20Z","data":{"text":"好"}}`), text(`{"specversion":"1.0","id":"2","source":"s","type":"liveroom.chat.v1","data":{"text":"好"}}`)},
		{"CloudEvents: and source", "cloudevents-ws", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","data":{"text":"好"}}`), text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","data":{"text":"好"}}`), text(`{"specversion":"1.0","id":"1","source":"s2","type":"liveroom.chat.v1","data":{"text":"好"}}`)},
		{"recognisers: the sentence", "asr-cloud", text(`{"code":0,"voice_id":"v","result":{"slice_type":2,"index":1,"voice_text_str":"好"}}`), text(`{"code":0,"voice_id":"v","message_id":"m","result":{"slice_type":2,"index":1,"voice_text_str":"好"}}`), text(`{"code":0,"voice_id":"v","result":{"slice_type":2,"index":2,"voice_text_str":"好"}}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := func(f feed.Frame) string {
				events := came(t, c.dir, f)
				if len(events) != 1 {
					t.Fatalf("%s comes to %d events", f.Data, len(events))
				}
				return events[0].Source + " " + events[0].ID
			}
			one, same, next := key(c.one), key(c.same), key(c.next)
			if one != same {
				t.Errorf("told again it is %s, and was %s", same, one)
			}
			if one == next {
				t.Errorf("another one is %s too", next)
			}
		})
	}
}

// TestTimesOfEverySource is the table of units: seconds, milliseconds, microseconds
// guessed by size only where a source does not say which, and written times.
func TestTimesOfEverySource(t *testing.T) {
	const ms, sec = 1790000000123, 1790000000000
	for _, c := range []struct {
		name, dir string
		frame     feed.Frame
		want      int64 // ms
	}{
		{"Bilibili's comments: ms", "bilibili-web", danmu(`{}`, "7", "1790000000123", "好"), ms},
		{"Bilibili's gifts: s", "bilibili-web", text(`{"cmd":"SEND_GIFT","data":{"uid":1,"num":1,"timestamp":1790000000}}`), sec},
		{"open-live: s", "bilibili-open", text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"timestamp":1790000000,"msg":"好"}}`), sec},
		{"IRC: ms", "twitch-irc", text("@id=a;tmi-sent-ts=1790000000123 :a!a@a PRIVMSG #shop :好"), ms},
		{"EventSub: RFC 3339", "twitch-eventsub", text(`{"metadata":{"message_type":"notification","message_timestamp":"2026-09-21T14:13:20.123456789Z","subscription_type":"stream.online"},"payload":{"event":{}}}`), ms},
		{"Webcast: ms in a string", "douyin-douyinlive", text(`{"common":{"method":"WebcastChatMessage","createTime":"1790000000123"},"content":"好"}`), ms},
		{"BarrageGrab: none", "douyin-barragegrab", text(`{"Type":1,"Data":"{\"Content\":\"好\"}"}`), fixtureTime.UnixMilli()},
		{"oba: ms", "oba-live-tool", text(`{"msg_type":"comment","content":"好","time":1790000000123}`), ms},
		{"TikFinity: ms in a string", "tiktok-tikfinity", text(`{"event":"chat","data":{"comment":"好","createTime":"1790000000123"}}`), ms},
		{"Taobao: ms", "taobao-tmc", taobao("taobao_live_FeedRelated", `{"event":"STOP_LIVE"}`), sec},
		{"Doudian: s", "doudian", doudian("100", `{"p_id":1,"create_time":1790000000}`), sec},
		{"Doudian: s in a string", "doudian", doudian("200", `{"p_id":1,"apply_time":"1790000000"}`), sec},
		{"Kuaishou shop: ms", "orders-webhook", kuaishouShop(t, "m1", "kwaishop_order_addOrder", `{"oid":1,"createTime":1790000000123}`), ms},
		{"TikTok Shop: s", "tiktok-shop", text(`{"type":1,"shop_id":"7","timestamp":1790000000,"data":{"order_id":"1","order_status":"UNPAID"}}`), sec},
		{"Shopify: RFC 3339", "orders-webhook", shopify(t, "orders/paid", `{"id":1,"updated_at":"2026-09-21T22:13:20.123+08:00"}`), ms},
		{"Stripe: s", "stripe-cli", stripeEvent("charge.refunded", `{"id":"ch"}`), sec},
		{"CloudEvents: RFC 3339", "cloudevents-ws", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","time":"2026-09-21T22:13:20.123+08:00","data":{"text":"好"}}`), ms},
	} {
		t.Run(c.name, func(t *testing.T) {
			events := came(t, c.dir, c.frame)
			if len(events) != 1 || events[0].At.UnixMilli() != c.want {
				t.Fatalf("at %v, want %s", events, time.UnixMilli(c.want))
			}
		})
	}
}

// TestRolesOfEverySource is the table of roles: a source's own word for the host and
// for those who may act in the room; all others are viewers.
func TestRolesOfEverySource(t *testing.T) {
	for _, c := range []struct {
		name, dir string
		frame     feed.Frame
		want      feed.Role
	}{
		{"IRC: broadcaster", "twitch-irc", text("@id=a;badges=broadcaster/1,subscriber/3;user-id=7 :a!a@a PRIVMSG #shop :x"), feed.RoleHost},
		{"IRC: moderator", "twitch-irc", text("@id=a;badges=moderator/1;user-id=7 :a!a@a PRIVMSG #shop :x"), feed.RoleModerator},
		{"IRC: mod without a badge", "twitch-irc", text("@id=a;mod=1;user-id=7 :a!a@a PRIVMSG #shop :x"), feed.RoleModerator},
		{"IRC: vip", "twitch-irc", text("@id=a;badges=vip/1;user-id=7 :a!a@a PRIVMSG #shop :x"), feed.RoleViewer},
		{"EventSub: broadcaster", "twitch-eventsub", text(`{"metadata":{"message_type":"notification","subscription_type":"channel.chat.message"},"payload":{"event":{"message_id":"a","chatter_user_id":"7","badges":[{"set_id":"broadcaster"}]}}}`), feed.RoleHost},
		{"EventSub: moderator", "twitch-eventsub", text(`{"metadata":{"message_type":"notification","subscription_type":"channel.chat.message"},"payload":{"event":{"message_id":"a","chatter_user_id":"7","badges":[{"set_id":"moderator"}]}}}`), feed.RoleModerator},
		{"Bilibili: is_admin", "bilibili-web", text(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,1790000000000],"x",[7,"n",1]]}`), feed.RoleModerator},
		{"Bilibili: viewer", "bilibili-web", danmu(`{}`, "7", "1790000000000", "x"), feed.RoleViewer},
		{"open-live: is_admin", "bilibili-open", text(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"open_id":"o","msg":"x","is_admin":1}}`), feed.RoleModerator},
		{"BarrageGrab: IsAnchor before IsAdmin", "douyin-barragegrab", text(`{"Type":3,"Data":{"User":{"Id":7,"IsAnchor":true,"IsAdmin":true},"Content":"x"}}`), feed.RoleHost},
		{"BarrageGrab: IsAdmin", "douyin-barragegrab", text(`{"Type":3,"Data":{"User":{"Id":7,"IsAdmin":true},"Content":"x"}}`), feed.RoleModerator},
		{"BarrageGrab: viewer", "douyin-barragegrab", text(`{"Type":3,"Data":{"User":{"Id":7},"Content":"x"}}`), feed.RoleViewer},
		{"Webcast: isAdmin", "douyin-douyinlive", text(`{"common":{"method":"WebcastChatMessage"},"user":{"id":"7","userAttr":{"isAdmin":true}},"content":"x"}`), feed.RoleModerator},
		{"TikFinity: isModerator", "tiktok-tikfinity", text(`{"event":"chat","data":{"userId":"7","comment":"x","isModerator":true}}`), feed.RoleModerator},
		{"oba: viewer", "oba-live-tool", text(`{"msg_type":"comment","nick_name":"n","content":"x"}`), feed.RoleViewer},
		{"CloudEvents: host", "cloudevents-ws", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","data":{"user":{"id":"h","role":"host"},"text":"x"}}`), feed.RoleHost},
		{"CloudEvents: a role of its own", "cloudevents-ws", text(`{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1","data":{"user":{"id":"h","role":"queen"},"text":"x"}}`), feed.RoleViewer},
	} {
		t.Run(c.name, func(t *testing.T) {
			events := came(t, c.dir, c.frame)
			if len(events) != 1 || events[0].User.Role != c.want {
				t.Fatalf("%+v, want %s", events, c.want)
			}
		})
	}
}

// TestWhatOthersFellInto are the mistakes that were reported of other programs that
// read these sources.
func TestWhatOthersFellInto(t *testing.T) {
	webcastGift := func(id, n string) feed.Frame {
		return text(`{"common":{"method":"WebcastGiftMessage","msgId":"` + id + `"},"user":{"id":"7"},"giftId":"1","groupId":"9","repeatCount":"` + n + `"}`)
	}
	for _, c := range []struct {
		name, dir string
		frames    []feed.Frame
		want      string // kind, code, text and count of each
	}{
		{"a command that ends another's name", "bilibili-web", []feed.Frame{text(`{"cmd":"RECALL_DANMU_MSG","data":{"recall_type":1,"target_id":5}}`), danmu(`{"id_str":"d"}`, "7", "1790000000000", "好")}, "system retracted messages withdrawn: type 1, target 5 0, chat  好 0"},
		{"a command with a suffix", "bilibili-web", []feed.Frame{text(`{"cmd":"DANMU_MSG:4:0:2:2:2:0","info":[[0,1,25,1,1790000000000],"好",[7,"n",0]]}`)}, "chat  好 0"},
		{"masked names, and nobody's number", "bilibili-web", []feed.Frame{text(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,1790000000000],"甲",[0,"张***",0]]}`), text(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,1790000000000],"乙",[0,"张***",0]]}`)}, "chat  甲 0, chat  乙 0"},
		{"one purchase that is told three times", "bilibili-web", []feed.Frame{text(`{"cmd":"GUARD_BUY","data":{"uid":1,"price":198000}}`), text(`{"cmd":"USER_TOAST_MSG","data":{"uid":1,"payflow_id":"p","price":138000,"num":1,"unit":"月","guard_level":3}}`)}, "gift guard 舰长 x1月 1"},
		{"a combo's running total", "douyin-douyinlive", []feed.Frame{webcastGift("1", "1"), webcastGift("2", "3"), webcastGift("3", "3")}, "gift  gift 1 x1 1, gift  gift 1 x2 2"},
		{"what closes a combo", "douyin-dycast", []feed.Frame{text(`[{"id":"1","method":"WebcastGiftMessage","gift":{"name":"花","count":2}},{"id":"2","method":"WebcastGiftMessage","gift":{"name":"花","count":2,"repeatEnd":1}}]`)}, "gift  花 x2 2"},
		{"a streak that still runs", "tiktok-tikfinity", []feed.Frame{text(`{"event":"gift","data":{"giftType":1,"repeatCount":3,"repeatEnd":false,"giftName":"Rose"}}`), text(`{"event":"gift","data":{"giftType":1,"repeatCount":5,"repeatEnd":1,"giftName":"Rose"}}`)}, "gift  Rose x5 5"},
		{"what is told again after a reconnect", "tiktok-tikfinity", []feed.Frame{text(`{"event":"chat","data":{"msgId":"1","comment":"好"}}`), text(`{"event":"chat","data":{"msgId":"1","comment":"好"}}`)}, "chat  好 0"},
		{"a CLEARMSG without a room, and cut", "twitch-irc", []feed.Frame{text("@login=a;room-id=;target-msg-id=m;tmi-sent-ts=1790000000000 :tmi.twitch.tv CLEARMSG #shop :cut of")}, "system retracted cut of 0"},
		{"is_final that is never true", "asr-funasr", []feed.Frame{text(`{"mode":"2pass-online","text":"好","is_final":false}`), text(`{"mode":"2pass-offline","text":"好的。","is_final":false,"timestamp":123}`)}, "transcript  好 0, transcript  好的。 0"},
		{"ids rounded in a field beside the true one", "tiktok-tikfinity", []feed.Frame{text(`{"event":"chat","data":{"msgId":"7137749190944230165","comment":"好","monitorExtra":"{\"msg_id\":7137749190944230000}"}}`)}, "chat  好 0"},
		{"a mark before the JSON", "douyin-barragegrab", []feed.Frame{text("\xef\xbb\xbf" + `{"Type":1,"Data":"{\"Content\":\"好\"}"}`)}, "chat  好 0"},
		{"a user that is null", "douyin-barragegrab", []feed.Frame{text(`{"Type":9,"Data":"{\"User\":null,\"Onwer\":null,\"Content\":\"下播\"}"}`)}, "system stream_end 下播 0"},
		{"the same numbers for other things", "douyin-barragegrab", []feed.Frame{text(`{"Type":3,"Data":"{\"MsgId\":1}"}`), text(`{"Type":3,"Data":{"MsgId":2,"Content":"好"}}`)}, "enter   0, chat  好 0"},
		{"spam is no duplicate", "twitch-irc", []feed.Frame{text("@id=a :a!a@a PRIVMSG #shop :666"), text("@id=b :a!a@a PRIVMSG #shop :666")}, "chat  666 0, chat  666 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, e := range came(t, c.dir, c.frames...) {
				got = append(got, fmt.Sprintf("%s %s %s %d", e.Kind, e.Code, e.Text, e.Count))
				if strings.HasSuffix(e.ID, "0000") && c.dir == "tiktok-tikfinity" {
					t.Errorf("id %s is the rounded one", e.ID)
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("came to %q, want %q", strings.Join(got, ", "), c.want)
			}
		})
	}
	for name, f := range map[string]struct {
		dir   string
		frame feed.Frame
		named string
	}{
		"a command that replaced another overnight": {"bilibili-web", text(`{"cmd":"SEND_GIFT_V3","data":{}}`), "SEND_GIFT_V3"},
		"an array where an object stands":           {"bilibili-web", text(`{"cmd":"SEND_GIFT","data":[]}`), "SEND_GIFT"},
		"words where JSON stands":                   {"asr-vosk", text("busy"), "JSON"},
	} {
		d := protocolOf(t, f.dir).NewSession(feed.Position{}).Decode(f.frame, fixtureTime)
		if len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), f.named) {
			t.Errorf("%s: %d events, refused %v", name, len(d.Events), d.Refused)
		}
	}
}
