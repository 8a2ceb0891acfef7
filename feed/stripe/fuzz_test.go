package stripe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
	"liveroom/feed/stripe/stripetest"
)

var objects = map[string]string{
	"checkout.session.completed":               `{"id":"cs","amount_total":1,"currency":"cny","payment_status":"paid","payment_intent":"pi","customer":"cus","client_reference_id":"r"}`,
	"checkout.session.expired":                 `{"id":"cs","amount_total":1,"currency":"usd","payment_status":"unpaid"}`,
	"checkout.session.async_payment_succeeded": `{"id":"cs","amount_total":-5,"currency":"CNY"}`,
	"checkout.session.created":                 `{"id":"cs"}`,
	"charge.refunded":                          `{"id":"ch","amount":9,"amount_refunded":4,"currency":"cny"}`,
	"refund.created":                           `{"id":"re","amount":"9","currency":"cny","charge":"ch","status":"pending"}`,
	"refund.updated":                           `{"id":"re","payment_intent":"pi","status":"failed"}`,
	"charge.dispute.created":                   `{"reason":"x","amount":9,"currency":"usd","charge":"ch"}`,
	"charge.dispute.closed":                    `{"status":"won","charge":"ch"}`,
	"invoice.paid":                             `{}`,
}

// FuzzDecode asks of every frame, of a session that checks signatures and one that
// has none to check: one event or one answer, and an acknowledgement for each event
// once it is committed.
func FuzzDecode(f *testing.F) {
	for kind, object := range objects {
		f.Add(stripetest.Message("", "evt_1", about(kind, object)))
		f.Add(stripetest.Message("s", "evt_1", about(kind, object)))
	}
	f.Add([]byte(`{"type":"webhook_event","http_headers":{"stripe-signature":"t=,v1=00"},"event_payload":"{}"}`))
	f.Add([]byte(`{"type":"request_log_event"}`))
	f.Add([]byte(`{"type":"v2_event\u001b","payload":"{}"}`))
	f.Add([]byte(`{}`))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, secret := range []string{"", "s"} {
			d := fuzzed.Decode(t, func() feed.Session { return open(secret) }, feed.Frame{Data: data}, recv, fuzzed.Bounds{})
			if len(d.Events)+len(d.Refused)+len(d.Reply) > 1 {
				t.Fatalf("%+v", d)
			}
			s := open(secret)
			d = s.Decode(feed.Frame{Data: data}, recv)
			if acks := s.(feed.Acker).Committed(d.Events); len(acks) != len(d.Events) {
				t.Fatalf("%d events are acknowledged by %d messages", len(d.Events), len(acks))
			}
		}
	})
}

// FuzzSignature asks: what is signed is let in, and nothing that differs from it in
// the payload, the time or the secret.
func FuzzSignature(f *testing.F) {
	f.Add("whsec_1", "1790000000", `{"id":"evt_1","type":"charge.refunded"}`, "v1=00,v0=1")
	f.Add("", ",", "=", "t=1,v1=zz")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, secret, stamp, payload, header string) {
		mac := hmac.New(sha256.New, []byte(secret))
		_, _ = mac.Write([]byte(stamp + "." + payload))
		sum := hex.EncodeToString(mac.Sum(nil))
		signature := func(h, payload string) bool {
			// Through JSON, as the frame brings it.
			b, err := json.Marshal(map[string]any{"event_payload": payload, "http_headers": map[string]string{"stripe-signature": h}})
			if err != nil {
				t.Skip("no text that JSON can carry")
			}
			var m message
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			return signed(secret, m)
		}
		if !strings.ContainsAny(stamp, ",") && !signature("t="+stamp+",v0=x,v1=00,v1="+sum, payload) {
			t.Fatal("what is signed is refused")
		}
		if strings.Contains(header, sum) {
			t.Skip("the signature itself")
		}
		if signature(header, payload) {
			t.Fatalf("%q signs %q", header, payload)
		}
		if signature("t="+stamp+",v1="+sum, payload+" ") || signature("t="+stamp+"0,v1="+sum, payload) {
			t.Fatal("a signature holds for what it does not sign")
		}
	})
}

// answers is an HTTP peer that always says the same.
type answers struct {
	status int
	body   string
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// FuzzAnswer asks of whatever the API may answer to the wish for a session: an
// address to dial, or an error that can be shown and does not tell the key.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"websocket_url":"wss://h/x?a=b","websocket_id":"i","websocket_authorized_feature":"f","secret":"s","reconnect_delay":60}`)
	f.Add(200, `{"websocket_url":"http://[::1","websocket_id":"i"}`)
	f.Add(400, "Unknown WebSocket ID.")
	f.Add(401, `{}`)
	f.Add(200, "\x1b[2J")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		p := New(Options{Key: "sk_verysecret", API: "http://api", Client: &http.Client{Transport: answers{status, body}}})
		r, err := p.Open(t.Context(), feed.Position{})
		fuzzed.Error(t, err)
		var denied *feed.DeniedError
		switch {
		case err == nil && (r.URL == "" || status/100 != 2 || len(r.Header["Websocket-Id"]) != 1):
			t.Fatalf("HTTP %d came to %+v", status, r)
		case err != nil && strings.Contains(err.Error(), "verysecret"):
			t.Fatalf("the key is told: %v", err)
		case errors.As(err, &denied) != (status == 401 || status == 403):
			t.Fatalf("HTTP %d came to %v", status, err)
		}
		if s := fmt.Sprintf("%v %+v", p, p); strings.Contains(s, "verysecret") {
			t.Fatalf("the key is told: %s", s)
		}
	})
}
