package webhook

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every recorded post: no more events than one may hold; and of
// what is posted without a signature: no platform reads it.
func FuzzDecode(f *testing.F) {
	for _, b := range bodies() {
		f.Add([]byte(b.body))
	}
	for _, topic := range []string{"orders/create", "refunds/create", "disputes/create", "x"} {
		f.Add([]byte(row(map[string]any{"headers": map[string]string{"X-Shopify-Topic": topic}, "body": `{"id":1,"order_id":1,"transactions":[{"kind":"refund","status":"success","amount":"9","currency":"CNY"}]}`})))
	}
	f.Add([]byte(row(map[string]any{"proto": "kuaishou-shop", "body": encrypt(kuaishouBody("kwaishop_order_addOrder", `{"oid":26}`)), "key_b64": secrets["kuaishou-shop"]})))
	f.Add([]byte(row(map[string]any{"proto": "nobody", "body": "x"})))
	for _, b := range []string{encrypt(kuaishouBody("kwaishop_order_addOrder", `{"oid":26}`)), "\xff"} {
		f.Add([]byte(row(map[string]any{"dir": "in", "op": "http", "proto": "kuaishou-shop", "path": "/hook/shop", "b64": []byte(b), "plain": kuaishouBody("kwaishop_order_addOrder", `{"oid":26,"payTime":9790000000000}`)})))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		// What a Kuaishou post decrypts to is no part of what was posted.
		d := fuzzed.Decode(t, func() feed.Session { return session{} }, feed.Frame{Data: data}, recv, fuzzed.Bounds{Events: maxEvents + 1, Inflates: 2 * len(data)}) // one tells of the clock
		if len(d.Events) > 0 && len(d.Refused) > 0 {
			t.Fatalf("of a post that is refused %d events count", len(d.Events))
		}
		for platform, decode := range Platforms {
			if events, _, err := decode(http.Header{}, data, secrets[platform]); err == nil && len(events) > 0 && platform != "kuaishou-shop" {
				t.Fatalf("%s reads what is not signed", platform)
			}
		}
	})
}

// bodies are posts of every kind of every platform.
func bodies() (list []struct{ platform, topic, body string }) {
	add := func(platform, topic, body string) {
		list = append(list, struct{ platform, topic, body string }{platform, topic, body})
	}
	for _, tags := range []map[string]string{{"0": "", "100": "", "400": "", "999": "", "": ""}, stringKeys(doudianOrders), stringKeys(doudianRefunds), stringKeys(doudianComplaints), stringKeys(doudianDetails)} {
		for tag := range tags {
			add("doudian", "", doudianBody(tag, `{"p_id":"7390000000000000001","aftersale_id":2,"pay_amount":5,"refund_amount":"3","product_id":1,"pay_time":1790000000,"cancel_reason":"r"}`))
		}
	}
	for event := range kuaishouOrders {
		add("kuaishou-shop", "", kuaishouBody(event, `{"oid":26,"buyerOpenId":"b","status":30,"createTime":1790000000000,"payTime":1790000000001}`))
	}
	for _, event := range []string{"kwaishop_aftersales_addRefund", "kwaishop_aftersales_updateRefund", "kwaishop_order_addNote", "kwaishop_item_x"} {
		add("kuaishou-shop", "", kuaishouBody(event, `{"orderId":26,"refundId":2,"status":"11"}`))
	}
	for _, kind := range []string{"1", "3", "4", "5", "6", "11", "12", "16", "99"} {
		add("tiktok-shop", "", tiktokBody(kind, `{"order_id":"57","order_status":"UNPAID","cancel_status":"CANCELLATION_REQUEST_PENDING","return_status":"X_COMPLETE","package_list":[{"package_id":1,"order_id_list":["1"]}],"update_time":1790000000}`))
	}
	for _, event := range []string{"life_trade_order_notify", "life_trade_certificate_notify", "life_product_audit", "life_member_join", "life_member_leave", "x"} {
		add("douyin-life", "", lifeBody(event, `{"action":"pay_success","order":{"order_id":"1","pay_amount":5}}`))
	}
	for topic := range shopifyOrders {
		add("shopify", topic, `{"id":6789012345678901234,"total_price":"29.90","currency":"CNY","updated_at":"2026-09-21T14:13:20+08:00","line_items":[{"product_id":1,"sku":"s","title":"t","quantity":2,"price":"14.95"}],"customer":{"id":7}}`)
	}
	add("shopify", "refunds/create", `{"order_id":1,"note":"n","transactions":[{"kind":"refund","status":"success","amount":"9","currency":"CNY"},{"kind":"refund","status":"success","amount":"9","currency":"EUR"}]}`)
	add("shopify", "disputes/create", `{"order_id":1,"amount":"9.00","currency":"USD","reason":"fraud"}`)
	add("shopify", "app/uninstalled", `{}`)
	slices.SortFunc(list, func(a, b struct{ platform, topic, body string }) int {
		return strings.Compare(a.platform+a.topic+a.body, b.platform+b.topic+b.body)
	})
	return list
}

func stringKeys[K ~string](m map[K]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[string(k)] = v
	}
	return out
}

// FuzzPost asks of every body that a platform has signed: the same events each time
// it is posted, and the platform's answer; of the same body with another secret, or
// of another body under that signature: nothing.
func FuzzPost(f *testing.F) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range Platforms {
			if !yield(name) {
				return
			}
		}
	})
	for _, b := range bodies() {
		f.Add(slices.Index(names, b.platform), b.topic, b.body)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, which int, topic, body string) {
		platform := names[uint(which)%uint(len(names))]
		decode, secret := Platforms[platform], secrets[platform]
		header, wire := sign(platform, body)
		if platform == "shopify" {
			header.Set("X-Shopify-Topic", topic)
		}
		session := func() feed.Session { return posted{decode, header, secret, t} }
		d := fuzzed.Decode(t, session, feed.Frame{Data: wire}, recv, fuzzed.Bounds{Events: maxEvents, Inflates: 2 * (len(wire) + len(topic))})
		if len(d.Events) > 0 && len(d.Refused) > 0 {
			t.Fatalf("of a post that is refused %d events count", len(d.Events))
		}
		for _, e := range d.Events {
			if e.AmountFen > 1<<60 {
				t.Fatalf("%d fen", e.AmountFen)
			}
		}
		if platform == "kuaishou-shop" {
			return // encrypted and not signed: see FuzzCipher
		}
		other := "x" + secret
		if platform == "tiktok-shop" {
			other = secret + "x"
		}
		if _, _, err := decode(header, wire, other); !errors.Is(err, ErrSignature) {
			t.Fatalf("%s: another secret comes to %v", platform, err)
		}
		if _, _, err := decode(header, append(slices.Clone(wire), ' '), secret); !errors.Is(err, ErrSignature) {
			t.Fatalf("%s: another body comes to %v", platform, err)
		}
	})
}

// posted is a post as a session, so that it is asked what every decoder is.
type posted struct {
	decode Decoder
	header http.Header
	secret string
	t      *testing.T
}

func (p posted) Decode(f feed.Frame, at time.Time) feed.Decoded {
	events, reply, err := p.decode(p.header, f.Data, p.secret)
	if err != nil {
		return feed.Decoded{Refused: []error{err}}
	}
	if reply.Status != http.StatusOK {
		p.t.Fatalf("the platform is answered %+v", reply)
	}
	for i := range events {
		if events[i].Recv = at; events[i].At.IsZero() {
			events[i].At = at
		}
	}
	return feed.Decoded{Events: events}
}

func (p posted) Hello() []feed.Frame { return nil }

func (p posted) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// FuzzCipher asks of every body that claims to come from the Kuaishou shop: what is
// wrong is never told apart, and what was encrypted with the key is read as it was.
func FuzzCipher(f *testing.F) {
	f.Add([]byte(kuaishouBody("kwaishop_order_addOrder", `{"oid":26}`)))
	f.Add([]byte("0123456789abcdef"))
	f.Add([]byte{})
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		secret := secrets["kuaishou-shop"]
		for _, body := range [][]byte{data, []byte(base64.StdEncoding.EncodeToString(data))} {
			if plain, err := decrypt(body, secret); err != nil && !errors.Is(err, errCipher) || err == nil && len(plain) > len(body) {
				t.Fatalf("%q came to %q, %v", body, plain, err)
			}
		}
		plain, err := decrypt([]byte(encrypt(string(data))), secret)
		if err == nil && string(plain) != string(data) || err != nil && !errors.Is(err, errCipher) {
			t.Fatalf("%q encrypted is read as %q, %v", data, plain, err)
		}
	})
}
