package cloudevent

import (
	"bufio"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"liveroom/feed"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var at = time.Date(2026, 11, 20, 20, 1, 34, 500e6, time.FixedZone("", 8*3600))

// stories are events of every type with the message that carries them.
var stories = []struct {
	name  string
	wire  string
	event feed.Event
}{
	{
		"chat",
		`{"specversion":"1.0","id":"c1","source":"chat","type":"liveroom.chat.v1","subject":"南枝小院","time":"2026-11-20T20:01:34.5+08:00","datacontenttype":"application/json","epoch":"e1","offset":9007199254740993,"data":{"user":{"id":"u1","name":"小鹿","role":"viewer"},"text":"真的是纯羊绒吗"}}`,
		feed.Event{
			ID: "c1", Source: "chat", Room: "南枝小院", Kind: feed.KindChat, At: at, Epoch: "e1", Offset: 9007199254740993,
			User: feed.User{ID: "u1", Name: "小鹿", Role: feed.RoleViewer}, Text: "真的是纯羊绒吗",
		},
	},
	{
		"transcript, partial, heard badly",
		`{"specversion":"1.0","id":"t1p","source":"asr","type":"liveroom.transcript.v1","subject":"r","datacontenttype":"application/json","data":{"user":{"id":"h001","name":"晚晴","role":"host"},"text":"百分之百","utterance":"t1","partial":true,"confidence":0.66,"started_at":"2026-11-20T20:01:34.5+08:00","start_ms":10,"end_ms":20}}`,
		feed.Event{
			ID: "t1p", Source: "asr", Room: "r", Kind: feed.KindTranscript,
			User: feed.User{ID: "h001", Name: "晚晴", Role: feed.RoleHost}, Text: "百分之百",
			Speech: &feed.Speech{Utterance: "t1", Partial: true, Confidence: 660, StartMS: 10, EndMS: 20, StartAt: at},
		},
	},
	{
		"paid order",
		`{"specversion":"1.0","id":"o1","source":"shop","type":"liveroom.order.v1","subject":"r","datacontenttype":"application/json","data":{"user":{"id":"u2","role":"viewer"},"product":{"id":"D01"},"order":{"id":"LR1","status":"paid","qty":2,"amount_fen":25800,"paid_fen":25000,"address_hash":"bfe1","device":"d7","created_at":"2026-11-20T20:01:34.5+08:00","paid_at":"2026-11-20T20:01:34.5+08:00","shipped_at":"2026-11-20T20:01:34.5+08:00"}}}`,
		feed.Event{
			ID: "o1", Source: "shop", Room: "r", Kind: feed.KindOrder, User: feed.User{ID: "u2", Role: feed.RoleViewer},
			Status: feed.StatusPaid, OrderID: "LR1", AmountFen: 25800, Product: &feed.Product{ID: "D01", Stock: -1},
			Order: &feed.Order{Buyer: "u2", SKU: "D01", Qty: 2, PaidFen: 25000, AddressHash: "bfe1", Device: "d7", CreatedAt: at, PaidAt: at, ShippedAt: at},
		},
	},
	{
		"refund",
		`{"specversion":"1.0","id":"r1","source":"shop","type":"liveroom.order.v1","subject":"r","datacontenttype":"application/json","data":{"user":{"id":"u2","role":"viewer"},"text":"不想要了","product":{"id":"D01"},"order":{"id":"LR1","paid_fen":12900},"refund":{"amount_fen":12900,"status":"requested"}}}`,
		feed.Event{
			ID: "r1", Source: "shop", Room: "r", Kind: feed.KindRefund, User: feed.User{ID: "u2", Role: feed.RoleViewer}, Text: "不想要了",
			Status: feed.StatusRequested, OrderID: "LR1", AmountFen: 12900, Product: &feed.Product{ID: "D01", Stock: -1},
			Order: &feed.Order{Buyer: "u2", SKU: "D01", PaidFen: 12900},
		},
	},
	{
		"product on air, sold out",
		`{"specversion":"1.0","id":"p1","source":"shop","type":"liveroom.product.v1","subject":"r","datacontenttype":"application/json","data":{"text":"羽绒服","product":{"id":"D02","title":"霜野长款白鹅绒羽绒服","price_fen":69900,"stock":0}}}`,
		feed.Event{
			ID: "p1", Source: "shop", Room: "r", Kind: feed.KindProduct, Text: "羽绒服",
			Product: &feed.Product{ID: "D02", Title: "霜野长款白鹅绒羽绒服", PriceFen: 69900},
		},
	},
	{
		"a message that the platform holds",
		`{"specversion":"1.0","id":"automod_hold:m7","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"automod_hold","text":"你们都是骗子","severity":"medium","by":"insults, level 2","user":{"id":"u7","name":"黑粉","role":"viewer"}}}`,
		feed.Event{
			ID: "automod_hold:m7", Source: "chat", Room: "r", Kind: feed.KindSystem, Code: feed.CodeHeld, Text: "你们都是骗子", Severity: "medium",
			Channel: "insults, level 2", User: feed.User{ID: "u7", Name: "黑粉", Role: feed.RoleViewer},
		},
	},
	{
		"complaint",
		`{"specversion":"1.0","id":"m1","source":"desk","type":"liveroom.complaint.v1","subject":"r","datacontenttype":"application/json","data":{"user":{"id":"u3","name":"momo","role":"viewer"},"text":"掉毛","channel":"ticket","product":{"id":"D01"},"order":{"id":"LR1"}}}`,
		feed.Event{
			ID: "m1", Source: "desk", Room: "r", Kind: feed.KindComplaint, User: feed.User{ID: "u3", Name: "momo", Role: feed.RoleViewer},
			Text: "掉毛", Channel: "ticket", OrderID: "LR1", Product: &feed.Product{ID: "D01", Stock: -1},
		},
	},
	{
		"gift",
		`{"specversion":"1.0","id":"g1","source":"chat","type":"liveroom.gift.v1","subject":"r","datacontenttype":"application/json","data":{"user":{"id":"u1","role":"viewer"},"text":"送出 啤酒 ×2","gift":{"count":2,"amount_fen":20}}}`,
		feed.Event{
			ID: "g1", Source: "chat", Room: "r", Kind: feed.KindGift, User: feed.User{ID: "u1", Role: feed.RoleViewer},
			Text: "送出 啤酒 ×2", Count: 2, AmountFen: 20,
		},
	},
	{
		"somebody comes in",
		`{"specversion":"1.0","id":"e1","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"enter","user":{"id":"u1","name":"阿芒","role":"viewer"}}}`,
		feed.Event{
			ID: "e1", Source: "chat", Room: "r", Kind: feed.KindEnter,
			User: feed.User{ID: "u1", Name: "阿芒", Role: feed.RoleViewer},
		},
	},
	{
		"gap",
		`{"specversion":"1.0","id":"s3","source":"desk","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"gap","text":"缺失弹幕 23 条","gap":{"from":"2026-11-20T20:01:34.5+08:00","to":"2026-11-20T20:01:34.5+08:00","lost":23,"reason":"disconnect"}}}`,
		feed.Event{
			ID: "s3", Source: "desk", Room: "r", Kind: feed.KindGap, Code: feed.CodeGap, Text: "缺失弹幕 23 条",
			Gap: &feed.Gap{From: at, To: at, Lost: 23, Reason: "disconnect"},
		},
	},
	{
		"retracted",
		`{"specversion":"1.0","id":"s4","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"retracted","severity":"low","retracts":"c1"}}`,
		feed.Event{ID: "s4", Source: "chat", Room: "r", Kind: feed.KindSystem, Code: feed.CodeRetracted, Severity: "low", Retracts: "c1"},
	},
	{
		"all that somebody wrote is taken out",
		`{"specversion":"1.0","id":"s7","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"user_messages_cleared","user":{"id":"u1","name":"阿芒","role":"viewer"},"clears":"person"}}`,
		feed.Event{
			ID: "s7", Source: "chat", Room: "r", Kind: feed.KindSystem, Code: feed.CodePersonCleared, Clears: feed.ClearsPerson,
			User: feed.User{ID: "u1", Name: "阿芒", Role: feed.RoleViewer},
		},
	},
	{
		"somebody is banned, with all that they wrote",
		`{"specversion":"1.0","id":"s8","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"user_banned","user":{"id":"u1","role":"viewer"},"clears":"person"}}`,
		feed.Event{
			ID: "s8", Source: "chat", Room: "r", Kind: feed.KindSystem, Code: "user_banned", Clears: feed.ClearsPerson,
			User: feed.User{ID: "u1", Role: feed.RoleViewer},
		},
	},
	{
		"the chat is emptied",
		`{"specversion":"1.0","id":"s9","source":"chat","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"chat_cleared","clears":"chat"}}`,
		feed.Event{ID: "s9", Source: "chat", Room: "r", Kind: feed.KindSystem, Code: feed.CodeChatCleared, Clears: feed.ClearsChat},
	},
	{
		"out of stock",
		`{"specversion":"1.0","id":"s6","source":"shop","type":"liveroom.system.v1","subject":"r","datacontenttype":"application/json","data":{"code":"stock_out","text":"D02 库存 0","product":{"id":"D02"}}}`,
		feed.Event{
			ID: "s6", Source: "shop", Room: "r", Kind: feed.KindSystem, Code: feed.CodeStockOut, Text: "D02 库存 0",
			Product: &feed.Product{ID: "D02", Stock: -1},
		},
	},
}

func TestStories(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			got, err := Decode([]byte(s.wire))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, s.event)
			wire, err := Encode(s.event)
			if err != nil {
				t.Fatal(err)
			}
			if string(wire) != s.wire {
				t.Errorf("encoded\n got %s\nwant %s", wire, s.wire)
			}
		})
	}
}

func same(t *testing.T, got, want feed.Event) {
	t.Helper()
	a, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	// The listing leaves out StartAt, and does not tell a zone from its name.
	if string(a) != string(b) || (got.Speech != nil && !got.Speech.StartAt.Equal(want.Speech.StartAt)) {
		t.Errorf("got  %s\nwant %s", a, b)
	}
}

// message is an event of typ around data; "id" and so on may be overridden by
// members written first, since the second of a pair is refused.
func message(typ, data string) string {
	return `{"specversion":"1.0","id":"1","source":"s","type":"` + typ + `","data":` + data + `}`
}

func TestDecodeForeignProducers(t *testing.T) {
	tests := []struct {
		name, wire, want string // want: JSON of the event without source
	}{
		{
			"order, minor units, id as number", message("com.example.live.order", `{"room":7389000000000000001,"order":{"id":6920000000000000001,"status":"paid","amount":2990,"currency":"CNY"},"product":{"id":"36"}}`),
			`{"kind":"order","id":"1","source":"s","room":"7389000000000000001","status":"paid","order_id":"6920000000000000001","amount_fen":2990,"product":{"id":"36"},"order":{"sku":"36"}}`,
		},
		{
			"refund without a refund member", message("com.example.refund", `{"order":{"id":"6","status":"refunded","amount":2990}}`),
			`{"kind":"refund","id":"1","source":"s","status":"refunded","order_id":"6","amount_fen":2990,"order":{}}`,
		},
		{
			"refund with one", message("refund", `{"order":{"id":"6","status":"paid"},"refund":{"status":"agreed","amount_fen":5}}`),
			`{"kind":"refund","id":"1","source":"s","status":"agreed","order_id":"6","amount_fen":5,"order":{}}`,
		},
		{
			"product, price in minor units", message("x.product_on_air", `{"product":{"id":"36","title":"示例","price":2990}}`),
			`{"kind":"product_on_air","id":"1","source":"s","product":{"id":"36","title":"示例","price_fen":2990}}`,
		},
		{
			"version at the end", message("com.example.chat.v2", `{"text":"hi"}`),
			`{"kind":"chat","id":"1","source":"s","text":"hi"}`,
		},
		{
			"enter", message("com.example.enter", `{"user":{"name":"a"}}`),
			`{"kind":"enter","id":"1","source":"s","user":{"name":"a","role":"viewer"}}`,
		},
		{
			"strange state", message("com.example.order", `{"order":{"id":"6","status":"teleported"}}`),
			`{"kind":"order","id":"1","source":"s","status":"unknown","order_id":"6","order":{}}`,
		},
		{
			"gift without text", message("x.gift", `{"gift":{"name":"小花花","count":5}}`),
			`{"kind":"gift","id":"1","source":"s","text":"小花花 x5","count":5}`,
		},
		{
			"a type of ours from the future", message("liveroom.poll.v1", `{}`),
			`{"kind":"system","id":"1","source":"s","text":"liveroom.poll.v1","code":"unknown"}`,
		},
		{
			"another version of ours", message("liveroom.chat.v2", `{"text":"hi"}`),
			`{"kind":"system","id":"1","source":"s","text":"liveroom.chat.v2","code":"unknown"}`,
		},
		{
			"members nobody knows", message("liveroom.chat.v1", `{"text":"hi","mood":{"happy":true}}`),
			`{"kind":"chat","id":"1","source":"s","text":"hi"}`,
		},
		{
			"an offset without an epoch resumes nothing", strings.Replace(message("liveroom.chat.v1", `{"text":"hi"}`), `"id"`, `"offset":3,"id"`, 1),
			`{"kind":"chat","id":"1","source":"s","text":"hi"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Decode([]byte(tt.wire))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	chat := func(more string) string {
		return `{"specversion":"1.0","id":"1","source":"s","type":"liveroom.chat.v1",` + more + `"data":{"text":"x"}}`
	}
	tests := []struct{ name, wire, want string }{
		{"nothing", "", "not valid JSON"},
		{"not JSON", "pong", "not valid JSON"},
		{"cut off", chat("")[:40], "not valid JSON"},
		{"two in one", chat("") + chat(""), "not valid JSON"},
		{"array", " [" + chat("") + "]", "an array: every event is a message of its own"},
		{"string", `"x"`, "not an object"},
		{"not UTF-8", chat("\"subject\":\"\xff\","), "invalid UTF-8"},
		{"member twice", chat(`"id":"2",`), "duplicate object member name"},
		{"member twice in data", message("liveroom.chat.v1", `{"text":"a","text":"b"}`), "duplicate object member name"},
		{"no id", `{"specversion":"1.0","source":"s","type":"t"}`, "id is missing"},
		{"empty id", `{"specversion":"1.0","id":"","source":"s","type":"t"}`, "id is missing"},
		{"no source", `{"specversion":"1.0","id":"1","type":"t"}`, "source is missing"},
		{"no type", `{"specversion":"1.0","id":"1","source":"s"}`, "type is missing"},
		{"id as number", `{"specversion":"1.0","id":1,"source":"s","type":"t"}`, "id: a number does not fit here"},
		{"other version", `{"specversion":"0.3","id":"1","source":"s","type":"t"}`, `specversion is "0.3", want "1.0"`},
		{"offset in text", chat(`"offset":"7",`), "offset: a string is not a whole number"},
		{"offset with a fraction", chat(`"offset":7.5,`), "offset: 7.5 is not a whole number"},
		{"offset too large", chat(`"offset":9223372036854775808,`), "is not a whole number"},
		{"offset below 0", chat(`"offset":-1,`), "offset -1 is below 0"},
		{"time in words", chat(`"time":"today",`), `time "today" is not RFC 3339`},
		{"time without zone", chat(`"time":"2026-11-20T20:01:34",`), "is not RFC 3339"},
		{"time as number", chat(`"time":1795176094,`), "time: a number does not fit here"},
		{"XML", chat(`"datacontenttype":"text/xml",`), `datacontenttype "text/xml" is not JSON`},
		{"binary data", `{"specversion":"1.0","id":"1","source":"s","type":"x.chat","data_base64":"AAE="}`, "data_base64: binary data is not supported"},
		{"no data", `{"specversion":"1.0","id":"1","source":"s","type":"x.chat"}`, "data is not an object"},
		{"data as text", message("liveroom.chat.v1", `"{}"`), "data is not an object"},
		{"type of nobody", message("com.example.blob", `{}`), `type "com.example.blob" is not supported`},
		{"text as number", message("liveroom.chat.v1", `{"text":1}`), "data.text: a number does not fit here"},
		{"user as text", message("liveroom.chat.v1", `{"user":"a"}`), "data.user: not an object"},
		{"user id as a fraction", message("liveroom.chat.v1", `{"user":{"id":1.5}}`), "data.user.id: an id must be a string or a whole number"},
		{"user id as list", message("liveroom.chat.v1", `{"user":{"id":[1]}}`), "data.user.id: an id must be a string or a whole number"},
		{"too sure", message("liveroom.transcript.v1", `{"text":"x","confidence":90}`), "data.confidence: 90 is not between 0 and 1"},
		{"started in words", message("liveroom.transcript.v1", `{"started_at":"now"}`), "data.started_at: a string is not a time in RFC 3339"},
		{"backwards", message("liveroom.transcript.v1", `{"start_ms":-1}`), "data.start_ms: -1 is below 0"},
		{"order of nobody", message("liveroom.order.v1", `{}`), "data.order.id is missing"},
		{"yuan", message("liveroom.order.v1", `{"order":{"id":"1","amount_fen":29.9}}`), "data.order.amount_fen: 29.9 is not a whole number"},
		{"negative amount", message("liveroom.order.v1", `{"order":{"id":"1","amount_fen":-1}}`), "data.order.amount_fen: -1 is below 0"},
		{"negative refund", message("liveroom.order.v1", `{"order":{"id":"1"},"refund":{"amount_fen":-1}}`), "data.refund.amount_fen: -1 is below 0"},
		{"refund as list", message("x.refund", `{"order":{"id":"1"},"refund":[]}`), "data.refund: not an object"},
		{"order refused inside refund", message("x.refund", `{}`), "data.order.id is missing"},
		{"dollars", message("x.order", `{"order":{"id":"1","amount":1,"currency":"USD"}}`), `currency "USD" is not supported`},
		{"foreign amount below 0", message("x.order", `{"order":{"id":"1","amount":-1}}`), "data.order.amount: -1 is below 0"},
		{"foreign amount in yuan", message("x.order", `{"order":{"id":"1","amount":"29.90"}}`), "data.order.amount: a string is not a whole number"},
		{"product of nobody", message("liveroom.product.v1", `{}`), "data.product.id is missing"},
		{"product without id in an order", message("liveroom.order.v1", `{"order":{"id":"1"},"product":{}}`), "data.product.id is missing"},
		{"negative price", message("liveroom.product.v1", `{"product":{"id":"1","price_fen":-1}}`), "data.product.price_fen: -1 is below 0"},
		{"negative stock", message("liveroom.product.v1", `{"product":{"id":"1","stock":-1}}`), "data.product.stock: -1 is below 0"},
		{"product as text", message("liveroom.product.v1", `{"product":"D01"}`), "data.product: not an object"},
		{"negative gift", message("liveroom.gift.v1", `{"gift":{"count":-1}}`), "data.gift.count: -1 is below 0"},
		{"gift as text", message("liveroom.gift.v1", `{"gift":"x"}`), "data.gift: not an object"},
		{"complaint as list", message("liveroom.complaint.v1", `{"order":[]}`), "data.order: not an object"},
		{"enter as list", message("x.enter", `{"user":[]}`), "data.user: not an object"},
		{"system without code", message("liveroom.system.v1", `{}`), "data.code is missing"},
		{"code as number", message("liveroom.system.v1", `{"code":1}`), "data.code: a number does not fit here"},
		{"gap without a gap", message("liveroom.system.v1", `{"code":"gap"}`), "data.gap is missing"},
		{"gap backwards", message("liveroom.system.v1", `{"code":"gap","gap":{"from":"2026-11-20T20:01:34Z","to":"2026-11-20T20:01:33Z"}}`), "data.gap: it needs from, to not before from"},
		{"whose words are taken out", message("liveroom.system.v1", `{"code":"user_messages_cleared","user":{"name":"阿芒"}}`), "data.user.id is missing: names are not unique"},
		{"banned and cleared is who", message("liveroom.system.v1", `{"code":"user_banned","clears":"person"}`), "data.user.id is missing"},
		{"what is taken out", message("liveroom.system.v1", `{"code":"user_banned","user":{"id":"u1"},"clears":"everything"}`), `data.clears is "everything": person or chat is expected`},
		{"withdrawn what", message("liveroom.system.v1", `{"code":"retracted"}`), "data.retracts is missing"},
		{"hostile value is short and clean", message("liveroom.chat.v1", `{}`)[:20] + strings.Repeat("x", 10), "not valid JSON"},
		{"hostile type", message(`\u001b[31m`+strings.Repeat("x", 500), `{}`), `type "␛[31mxx`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Decode([]byte(tt.wire))
			if err == nil {
				t.Fatalf("read as %+v", e)
			}
			if !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 300 {
				t.Errorf("error %q, want it to say %q", err, tt.want)
			}
		})
	}
}

// TestTheCodesSayWhatIsTakenOut without the member that says it beside another code.
func TestTheCodesSayWhatIsTakenOut(t *testing.T) {
	for data, want := range map[string]string{
		`{"code":"user_messages_cleared","user":{"id":7}}`: feed.ClearsPerson,
		`{"code":"chat_cleared"}`:                          feed.ClearsChat,
		`{"code":"user_banned","user":{"id":7}}`:           "",
		`{"code":"retracted","retracts":"c1"}`:             "",
	} {
		if e, err := Decode([]byte(message("liveroom.system.v1", data))); err != nil || e.Clears != want {
			t.Errorf("%s clears %q, want %q, %v", data, e.Clears, want, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, e := range map[string]feed.Event{
		"no id":      {Source: "s", Kind: feed.KindChat},
		"no source":  {ID: "1", Kind: feed.KindChat},
		"no kind":    {ID: "1", Source: "s"},
		"no product": {ID: "1", Source: "s", Kind: feed.KindProduct},
		"not UTF-8":  {ID: "1", Source: "s", Kind: feed.KindChat, Text: "\xff"},
		"bad id":     {ID: "\xff", Source: "s", Kind: feed.KindChat},
	} {
		if b, err := Encode(e); err == nil {
			t.Errorf("%s: encoded as %s", name, b)
		}
	}
}

func TestProtocol(t *testing.T) {
	p, err := New(Config{URL: "wss://example.com/feed?shop=1", Token: "secret", Room: "默认"})
	if err != nil {
		t.Fatal(err)
	}
	if p.Name() != "cloudevent" {
		t.Errorf("name %q", p.Name())
	}
	req, err := p.Request(feed.Position{})
	if err != nil || req.URL != "wss://example.com/feed?shop=1" || req.Header.Get("Authorization") != "Bearer secret" ||
		!reflect.DeepEqual(req.Subprotocols, []string{"cloudevents.json"}) {
		t.Errorf("request %+v, %v", req, err)
	}
	req, _ = p.Request(feed.Position{Epoch: "a&b", Offset: 7})
	if req.URL != "wss://example.com/feed?after=7&epoch=a%26b&shop=1" {
		t.Errorf("resuming asks for %s", req.URL)
	}
	if _, err := New(Config{URL: "wss://a b/?token=secret"}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("bad address: %v", err)
	}
	open, err := New(Config{URL: "ws://127.0.0.1/"})
	if err != nil {
		t.Fatal(err)
	}
	if req, _ := open.Request(feed.Position{}); req.Header != nil {
		t.Errorf("without a token the header is %v", req.Header)
	}
}

func TestSession(t *testing.T) {
	p, err := New(Config{URL: "ws://127.0.0.1/", Room: "默认"})
	if err != nil {
		t.Fatal(err)
	}
	s := p.NewSession(feed.Position{})
	if every, _ := s.Heartbeat(); every != 0 || s.Hello() != nil {
		t.Error("the session talks without being asked")
	}
	data := []byte(message("liveroom.chat.v1", `{"text":"x"}`))
	d := s.Decode(feed.Frame{Data: data}, at)
	if len(d.Events) != 1 || len(d.Refused) != 0 {
		t.Fatalf("decoded %+v", d)
	}
	e := d.Events[0]
	if e.Room != "默认" || !e.At.Equal(at) || !e.Recv.Equal(at) || string(e.Raw) != string(data) {
		t.Errorf("event %+v", e)
	}
	data[0] = 'x'
	if e.Raw[0] != '{' {
		t.Error("the event keeps the frame's bytes")
	}
	if d := s.Decode(feed.Frame{Data: data}, at); len(d.Refused) != 1 {
		t.Errorf("bad message: %+v", d)
	}
	for data, want := range map[string]string{
		`{"ok":true}`:              "data.action is missing",
		`{"action":null}`:          "data.action is missing",
		`{"action":7.5,"ok":true}`: "whole number",
	} {
		if d := s.Decode(feed.Frame{Data: []byte(message(TypeAck, data))}, at); len(d.Answers)+len(d.Events) != 0 || len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), want) {
			t.Errorf("an answer of %s came to %+v", data, d)
		}
	}
	if d := s.Decode(feed.Frame{Data: []byte(`{"type":"` + TypeAck + `"}`)}, at); len(d.Refused) != 1 || len(d.Answers) != 0 {
		t.Errorf("half an answer came to %+v", d)
	}
	if d := s.Decode(feed.Frame{Binary: true, Data: []byte(message("liveroom.chat.v1", `{}`))}, at); len(d.Refused) != 1 || len(d.Events) != 0 {
		t.Errorf("binary message: %+v", d)
	}
}

func TestFixtures(t *testing.T) {
	const name = "../../../shared/fixtures/cloudevents-ws/wire-constructed.jsonl"
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("SKIPPED, fixtures are not on this machine: %v", err)
	}
	defer func() { _ = f.Close() }()
	seen := map[[2]string]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var row struct {
			Name, Text string
			Expect     []map[string]jsontext.Value
		}
		if err := json.Unmarshal(lines.Bytes(), &row, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		t.Run(row.Name, func(t *testing.T) {
			e, err := Decode([]byte(row.Text))
			if err != nil || seen[[2]string{e.Source, e.ID}] {
				if len(row.Expect) > 0 {
					t.Fatalf("no event, %v", err)
				}
				return
			}
			seen[[2]string{e.Source, e.ID}] = true
			got, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if len(row.Expect) != 1 {
				t.Fatalf("an event where %d are expected: %s", len(row.Expect), got)
			}
			var members map[string]jsontext.Value
			if err := json.Unmarshal(got, &members); err != nil {
				t.Fatal(err)
			}
			for k, want := range row.Expect[0] {
				if string(members[k]) != string(want) {
					t.Errorf("%s is %s, want %s", k, members[k], want)
				}
			}
		})
	}
	if len(seen) < 3 {
		t.Errorf("only %d events read", len(seen))
	}
}

func BenchmarkDecode(b *testing.B) {
	wire := []byte(stories[0].wire)
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(wire); err != nil {
			b.Fatal(err)
		}
	}
}
