package webhooktest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// This is a second hand at the signatures and words of the platforms, so that a
// mistake of the decoder's is not repeated by the shop that tests it.

// Platforms are the names that Shop.Platform may have.
func Platforms() []string { return slices.Sorted(maps.Keys(schedules)) }

// Secret is one of the form that a platform has.
func Secret(platform string) string {
	switch platform {
	case "kuaishou-shop":
		return "MDEyMzQ1Njc4OWFiY2RlZg==" // of 16 bytes
	case "tiktok-shop":
		return "app-key:a secret of the tests"
	}
	return "a secret of the tests"
}

// Sign makes the post of a message: its headers, and the body as it goes over the
// wire.
func Sign(platform, secret string, m Message) (http.Header, string) {
	h := http.Header{}
	switch platform {
	case "doudian":
		sum := md5.Sum([]byte("6839" + m.Body + secret))
		h.Set("App-Id", "6839")
		h.Set("Event-Sign", hex.EncodeToString(sum[:]))
	case "kuaishou-shop":
		return h, encrypt(secret, m.Body)
	case "tiktok-shop":
		key, secret, _ := strings.Cut(secret, ":")
		h.Set("Authorization", hex.EncodeToString(mac(secret, key+m.Body)))
	case "shopify":
		h.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac(secret, m.Body)))
		h.Set("X-Shopify-Topic", m.Topic)
		h.Set("X-Shopify-Event-Id", m.ID)
	case "douyin-life":
		sum := sha1.Sum([]byte(secret + m.Body))
		h.Set("X-Douyin-Signature", hex.EncodeToString(sum[:]))
		h.Set("Msg-Id", m.ID)
	}
	return h, m.Body
}

func mac(secret, text string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write([]byte(text))
	return h.Sum(nil)
}

func encrypt(secret, plain string) string {
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize
	data := append([]byte(plain), strings.Repeat(string(rune(n)), n)...)
	cipher.NewCBCEncrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(data, data)
	return base64.StdEncoding.EncodeToString(data)
}

// An Order is what a buyer did.
type Order struct {
	ID    string // of the message, a decimal number
	Order string // a decimal number
	Buyer string
	At    time.Time
}

// Paid is the message that an order was paid.
func Paid(platform string, o Order) Message {
	m := Message{ID: o.ID}
	s, ms := o.At.Unix(), o.At.UnixMilli()
	switch platform {
	case "doudian":
		m.Body = fmt.Sprintf(`[{"tag":"101","msg_id":%q,"data":{"p_id":%s,"order_status":2,"pay_time":%d,"pay_amount":2990}}]`, o.ID, o.Order, s)
	case "kuaishou-shop":
		info := fmt.Sprintf(`{"oid":%s,"buyerOpenId":%q,"status":30,"payTime":%d}`, o.Order, o.Buyer, ms)
		m.Body = fmt.Sprintf(`{"eventId":"e","msgId":%q,"event":"kwaishop_order_paySuccess","info":%q,"status":2,"createTime":%d}`, o.ID, info, ms)
	case "tiktok-shop":
		m.Body = fmt.Sprintf(`{"type":1,"tts_notification_id":%q,"shop_id":"7","timestamp":%d,"data":{"order_id":%q,"order_status":"AWAITING_SHIPMENT","update_time":%d}}`,
			o.ID, s, o.Order, s)
	case "shopify":
		m.Topic = "orders/paid"
		m.Body = fmt.Sprintf(`{"id":%s,"financial_status":"paid","total_price":"29.90","currency":"CNY","updated_at":%q,"customer":{"id":%s},"line_items":[]}`,
			o.Order, o.At.UTC().Format(time.RFC3339), o.Buyer)
	case "douyin-life":
		content := fmt.Sprintf(`{"action":"pay_success","msg_time":%d,"order":{"order_id":%q,"pay_amount":2990,"pay_time":%d}}`, s, o.Order, s)
		m.Body = fmt.Sprintf(`{"event":"life_trade_order_notify","client_key":"k","from_user_id":%q,"content":%q}`, o.Buyer, content)
	}
	return m
}

// Ended is a message about an order with words of the buyer's or the shop's, where
// the platform hands such on: an order that was cancelled, or paid back. Elsewhere it
// is Paid.
func Ended(platform string, o Order, words string) Message {
	switch platform {
	case "doudian":
		return Message{ID: o.ID, Body: fmt.Sprintf(`[{"tag":"106","msg_id":%q,"data":{"p_id":%s,"order_status":4,"cancel_time":%d,"cancel_reason":%s}}]`,
			o.ID, o.Order, o.At.Unix(), quote(words))}
	case "shopify":
		return Message{ID: o.ID, Topic: "refunds/create", Body: fmt.Sprintf(`{"id":%s,"order_id":%s,"created_at":%q,"note":%s,"transactions":[]}`,
			o.ID, o.Order, o.At.UTC().Format(time.RFC3339), quote(words))}
	}
	return Paid(platform, o)
}

func quote(s string) string {
	b, err := json.Marshal(s, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return `""`
	}
	return string(b)
}

// Broken is a message that ends in its middle, signed as all are.
func Broken(id string) Message { return Message{ID: id, Topic: "orders/paid", Body: `{"id":12,"na`} }

// Unknown is a message of a kind of next year's.
func Unknown(platform, id string) Message {
	m := Message{ID: id, Topic: "orders/wished"}
	switch platform {
	case "doudian":
		m.Body = fmt.Sprintf(`[{"tag":"9901","msg_id":%q,"data":{}}]`, id)
	case "kuaishou-shop":
		m.Body = fmt.Sprintf(`{"msgId":%q,"event":"kwaishop_wish_add","info":{}}`, id)
	case "tiktok-shop":
		m.Body = fmt.Sprintf(`{"type":9901,"tts_notification_id":%q,"data":{}}`, id)
	case "shopify":
		m.Body = fmt.Sprintf(`{"id":%s}`, id)
	case "douyin-life":
		m.Body = fmt.Sprintf(`{"event":"life_wish_notify","content":"{\"n\":%s}"}`, id)
	}
	return m
}
