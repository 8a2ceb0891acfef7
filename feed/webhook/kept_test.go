package webhook

import (
	"encoding/base64"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// TestWhatMayBeKeptOfAPost: what says what the body is and proves it, and no header that
// nobody here has named.
func TestWhatMayBeKeptOfAPost(t *testing.T) {
	every := http.Header{
		"Authorization": {"c4nary"}, "Cookie": {"c4nary"}, "X-Other": {"c4nary"}, "Content-Type": {"application/json", "c4nary"},
		"App-Id": {"683"}, "Event-Sign": {"d0"}, "Msg-Id": {"m"}, "X-Douyin-Signature": {"d1"},
		"X-Shopify-Topic": {"orders/paid\xff"}, "X-Shopify-Event-Id": {"s3cret"}, "X-Shopify-Hmac-Sha256": {"d2"},
	}
	for platform, want := range map[string]map[string]string{
		"doudian":       {"Content-Type": "application/json", "App-Id": "683", "Event-Sign": "d0"},
		"douyin-life":   {"Content-Type": "application/json", "Msg-Id": "m", "X-Douyin-Signature": "d1"},
		"shopify":       {"Content-Type": "application/json", "X-Shopify-Topic": "orders/paid\uFFFD", "X-Shopify-Hmac-Sha256": "d2"},
		"tiktok-shop":   {"Content-Type": "application/json"},
		"kuaishou-shop": {"Content-Type": "application/json"},
	} {
		if got := Telling(platform, every, "s3cret"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", platform, got, want)
		}
		if got := Telling(platform, nil, "s3cret"); got != nil {
			t.Errorf("%s: of nothing %q", platform, got)
		}
	}
	cipher := []byte(encrypt(`{"a":1}`))
	for platform, want := range map[string]string{"kuaishou-shop": `{"a":1}`, "shopify": ""} {
		if got := Plain(platform, cipher, secrets["kuaishou-shop"]); got != want {
			t.Errorf("%s: in the clear %q", platform, got)
		}
	}
	if got := Plain("kuaishou-shop", []byte("x"), secrets["kuaishou-shop"]); got != "" {
		t.Errorf("what cannot be decrypted is %q", got)
	}
}

// TestWithASecretThatCannotBeUsedNothingIsProven: such a post is none that was signed.
func TestWithASecretThatCannotBeUsedNothingIsProven(t *testing.T) {
	for platform, decode := range Platforms {
		bad := []string{""}
		switch platform {
		case "tiktok-shop":
			bad = append(bad, "key", ":s")
		case "kuaishou-shop":
			bad = append(bad, "!", "MDE=")
		}
		for _, secret := range bad {
			header, body := sign(platform, "{}")
			if events, _, err := decode(header, body, secret); !errors.Is(err, ErrSecret) || errors.Is(err, ErrSignature) || len(events) > 0 {
				t.Errorf("%s with %q: %d events, %v", platform, secret, len(events), err)
			}
		}
	}
}

// TestAPostOfTheDoorComesToWhatItCameToThere: its identity is that of what was signed,
// and its clock is not believed beyond its arrival; a post kept by hand says itself.
func TestAPostOfTheDoorComesToWhatItCameToThere(t *testing.T) {
	p, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"id":1,"updated_at":"2030-01-01T00:00:00Z"}`
	kept := func(more map[string]any) feed.Frame {
		line := map[string]any{"dir": "in", "op": "http", "proto": "shopify", "headers": map[string]string{"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e1"}}
		for k, v := range more {
			line[k] = v
		}
		return feed.Frame{Data: []byte(row(line))}
	}
	byHand := p.NewSession(feed.Position{}).Decode(kept(map[string]any{"body": body}), recv)
	if len(byHand.Events) != 1 || byHand.Events[0].ID != "e1" || byHand.Events[0].At.Year() != 2030 {
		t.Errorf("by hand: %+v", byHand)
	}
	for name, more := range map[string]map[string]any{
		"as text":   {"path": "/hook/shop", "body": body},
		"in base64": {"path": "/hook/shop", "b64": base64.StdEncoding.EncodeToString([]byte(body))},
	} {
		s := p.NewSession(feed.Position{})
		first, again := s.Decode(kept(more), recv), s.Decode(kept(more), recv.Add(time.Minute))
		if len(first.Events) != 2 || first.Events[0].Code != feed.CodeSkew || len(again.Events) != 1 {
			t.Fatalf("%s: %+v, again %+v", name, first, again)
		}
		e := first.Events[1]
		if e.ID != Identity("shopify", e, []byte(body)) || !e.At.Equal(recv) || string(e.Raw) != body {
			t.Errorf("%s: %+v", name, e)
		}
		if single := (session{}).Decode(kept(more), recv); !reflect.DeepEqual(single, first) {
			t.Errorf("%s: alone %+v", name, single)
		}
	}
	if d := p.NewSession(feed.Position{}).Decode(kept(map[string]any{"b64": "*"}), recv); len(d.Refused) != 1 || !strings.Contains(d.Refused[0].Error(), "b64: illegal base64") {
		t.Errorf("no base64: %+v", d)
	}
}

// TestAKuaishouPostIsReadWithoutItsKey: from what it decrypted to when it came; a key
// that stands beside it counts for more.
func TestAKuaishouPostIsReadWithoutItsKey(t *testing.T) {
	cipher := encrypt(kuaishouBody("kwaishop_order_addOrder", `{"oid":26}`))
	other := kuaishouBody("kwaishop_order_addOrder", `{"oid":27}`)
	for name, c := range map[string]struct {
		line map[string]any
		want string
	}{
		"plain":         {map[string]any{"proto": "kuaishou-shop", "body": cipher, "plain": other}, "27"},
		"plain and key": {map[string]any{"proto": "kuaishou-shop", "body": cipher, "plain": other, "key_b64": secrets["kuaishou-shop"]}, "26"},
	} {
		d := session{}.Decode(feed.Frame{Data: []byte(row(c.line))}, recv)
		if len(d.Events) != 1 || d.Events[0].OrderID != c.want {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
