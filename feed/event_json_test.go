package feed

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

func TestEventJSON(t *testing.T) {
	at := time.Date(2026, 11, 20, 20, 1, 34, 500e6, time.FixedZone("", 8*3600))
	tests := []struct {
		name string
		e    Event
		want string
	}{
		{
			"chat",
			Event{
				Kind: KindChat, ID: "9007199254740993", Source: "chat", Room: "南枝小院", At: at, Recv: at,
				User: User{ID: "u1", Name: "\x1b小鹿", Role: RoleViewer}, Text: "真的吗", Raw: []byte("{}"),
			},
			`{"kind":"chat","id":"9007199254740993","source":"chat","room":"南枝小院","at":"2026-11-20T20:01:34.5+08:00","at_ms":1795176094500,` +
				`"user":{"id":"u1","name":"\u001b小鹿","role":"viewer"},"text":"真的吗","raw_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}`,
		},
		{
			"transcript that starts at nought",
			Event{Kind: KindTranscript, Text: "今天", Speech: &Speech{Utterance: "s1", Confidence: 660, EndMS: 1705}},
			`{"kind":"transcript","text":"今天","utterance":"s1","partial":false,"confidence":0.66,"start_ms":0,"end_ms":1705}`,
		},
		{
			"order",
			Event{
				Kind: KindOrder, Status: StatusPaid, OrderID: "LR1", AmountFen: 12900, Product: &Product{ID: "D01", Stock: -1},
				Order: &Order{Buyer: "u1", SKU: "D01", Qty: 1, PaidFen: 12900, AddressHash: "bfe1", Device: "d7", CreatedAt: at, PaidAt: at, ShippedAt: at},
			},
			`{"kind":"order","status":"paid","order_id":"LR1","amount_fen":12900,"product":{"id":"D01"},"order":{"buyer":"u1","sku":"D01","qty":1,` +
				`"paid_fen":12900,"address_hash":"bfe1","device":"d7","created_at":"2026-11-20T20:01:34.5+08:00","paid_at":"2026-11-20T20:01:34.5+08:00","shipped_at":"2026-11-20T20:01:34.5+08:00"}}`,
		},
		{
			"sold out",
			Event{Kind: KindProduct, Product: &Product{ID: "D02", Title: "羽绒服", PriceFen: 69900}},
			`{"kind":"product_on_air","product":{"id":"D02","title":"羽绒服","price_fen":69900,"stock":0}}`,
		},
		{
			"gap",
			Event{Kind: KindGap, Code: CodeGap, Gap: &Gap{From: at, To: at, Lost: -1, Reason: GapReconnect}},
			`{"kind":"gap","code":"gap","gap":{"from":"2026-11-20T20:01:34.5+08:00","to":"2026-11-20T20:01:34.5+08:00","lost":-1,"reason":"reconnect"}}`,
		},
		{
			"first of an epoch",
			Event{Kind: KindSystem, Epoch: "e1", Channel: "c", Severity: "high", Retracts: "m1", Clears: ClearsChat, Count: 2},
			`{"kind":"system","count":2,"channel":"c","severity":"high","retracts":"m1","clears":"chat","epoch":"e1","offset":0}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.e)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
