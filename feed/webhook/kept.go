package webhook

import (
	"net/http"
	"strings"
	"time"

	"liveroom/feed"
)

// telling are the headers of each platform that say what a body is, and prove it. A
// proof is made with the secret and does not tell it. TikTok's stands in Authorization,
// where others put what nobody may read, and no reader of a recording could tell which
// it is: it is not kept, and neither is any header that is not named here.
var telling = map[string][]string{
	"doudian": {"App-Id", "Event-Sign"},
	"shopify": {
		"X-Shopify-Topic", "X-Shopify-Event-Id", "X-Shopify-Webhook-Id", "X-Shopify-Triggered-At",
		"X-Shopify-Shop-Domain", "X-Shopify-Api-Version", "X-Shopify-Hmac-Sha256",
	},
	"douyin-life": {"Msg-Id", "X-Douyin-Signature"},
}

// Telling are the headers of a platform's post that may be kept beside its body, of
// each the value that is read. Who puts the shop's secret into one is not kept.
func Telling(platform string, header http.Header, secret string) map[string]string {
	var kept map[string]string
	for _, name := range append([]string{"Content-Type"}, telling[platform]...) {
		value := strings.ToValidUTF8(header.Get(name), "\uFFFD")
		if value == "" || secret != "" && strings.Contains(value, secret) {
			continue
		}
		if kept == nil {
			kept = map[string]string{}
		}
		kept[name] = value
	}
	return kept
}

// Plain is what the body of a post decrypts to; "" where the platform does not encrypt,
// or not with this secret.
func Plain(platform string, body []byte, secret string) string {
	if platform != "kuaishou-shop" {
		return ""
	}
	plain, err := decrypt(body, secret)
	if err != nil {
		return ""
	}
	return string(plain)
}

// Complete fills in what a decoder left open of a post's events, and tells of a clock
// that is wrong. Shops post again for days: old times are honest, times to come are
// not.
func Complete(platform string, events []feed.Event, body []byte, source, room string, recv time.Time, skew *feed.Skew) []feed.Event {
	out := make([]feed.Event, 0, len(events))
	for i := range events {
		e := &events[i]
		e.ID = Identity(platform, *e, body)
		feed.Finish(e, source, room, i, recv)
		if note := skew.Clamp(e, true); note != nil {
			out = append(out, *note)
		}
		out = append(out, *e)
	}
	return out
}
