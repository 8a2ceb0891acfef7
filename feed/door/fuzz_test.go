package door

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// ways is a door with a way in of each kind, which nobody listens at: requests are
// handed to it.
func ways(f testing.TB, sink feed.Sink, refused func(error)) *Door {
	f.Helper()
	d, err := New(Config{Addr: "127.0.0.1:0", Clock: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := d.Socket(Socket{Name: "tool", Token: token, Origins: []string{"http://localhost:5173"}}); err != nil {
		f.Fatal(err)
	}
	for _, platform := range []string{"shopify", "kuaishou-shop"} {
		key := secret
		if platform == "kuaishou-shop" {
			key = "MDEyMzQ1Njc4OWFiY2RlZg=="
		}
		if err := d.Hook(Hook{Name: platform, Platform: platform, Secret: key, Source: "r/" + platform, Room: "r", Sink: sink, Refused: refused}); err != nil {
			f.Fatal(err)
		}
	}
	return d
}

// answered checks what a stranger is told: a status of ours, and nothing of what he
// sent.
func answered(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	switch w.Code {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUpgradeRequired, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable:
	default:
		t.Fatalf("answered with status %d", w.Code)
	}
	if b := w.Body.String(); len(b) > 512 || strings.Contains(b, token) || strings.Contains(b, secret) {
		t.Fatalf("answered with %q", b)
	}
}

// FuzzDial asks of every request, to the byte: nobody is let in without the token,
// nor from a page that is not named, and nothing that was sent is said again.
func FuzzDial(f *testing.F) {
	const upgrade = "Host: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, s := range []string{
		"GET /in/tool HTTP/1.1\r\n" + upgrade + "Authorization: Bearer " + token + "\r\n\r\n",
		"GET /in/tool?token=" + url.QueryEscape(token) + "&token=x HTTP/1.1\r\n" + upgrade + "Origin: http://localhost:5173\r\n\r\n",
		"GET /in/tool?token=" + url.QueryEscape(token) + " HTTP/1.1\r\n" + upgrade + "Origin: http://evil.example\r\n\r\n",
		"GET /in/tool?token=%ff;%zz HTTP/1.1\r\n" + upgrade + "\r\n",
		"GET /in/../hook/shopify HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET //in/tool/ HTTP/1.1\r\n" + upgrade + "Authorization: Bearer  x\r\n\r\n",
		"POST /hook/shopify HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nX-Shopify-Hmac-Sha256: AA==\r\n\r\n{}",
		"PUT /hook/shopify HTTP/1.1\r\nHost: h\r\n\r\n", "GET /in/tool HTTP/1.0\r\n\r\n", "POST /hook/kuaishou-shop HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
	} {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return // the server itself sends those away
		}
		sink := feedtest.NewSink()
		d := ways(t, sink, func(err error) { fuzzed.Error(t, cleaned{err}) })
		w := httptest.NewRecorder()
		d.enter(w, r)
		answered(t, w)
		// A recorder cannot be made a websocket: who gets that far was let in.
		if in := w.Code == http.StatusInternalServerError; in {
			origin := r.Header.Get("Origin")
			if shown(r) != token || !strings.Contains(r.URL.RawQuery+r.Header.Get("Authorization"), "token") {
				t.Fatalf("%q was let in", raw)
			}
			if origin != "" && !strings.EqualFold(origin, "http://localhost:5173") {
				t.Fatalf("the page %q was let in", origin)
			}
			if !websocket.IsWebSocketUpgrade(r) {
				t.Fatalf("%q was let in as a websocket", raw)
			}
		}
		if n := len(sink.Events(nil)); n > 0 && !bytes.Contains(raw, []byte("kuaishou-shop")) {
			t.Fatalf("%d events of %q", n, raw)
		}
	})
}

// cleaned is an error as those who show it clean it: what a hook tells of a post is
// untrusted.
type cleaned struct{ err error }

func (c cleaned) Error() string { return feed.Sanitise(c.err.Error()).String() }

// FuzzHook asks of every post: what is not signed is never committed, what is signed
// is committed once however often it is posted, and answered well only then.
func FuzzHook(f *testing.F) {
	f.Add("orders/paid", "1", []byte(order), true, false)
	f.Add("orders/paid", "1", []byte(order), false, false)
	f.Add("orders/paid", "1", []byte(order), true, true)
	f.Add("refunds/create", "", []byte(`{"order_id":1,"transactions":[{"kind":"refund","status":"success","amount":"9","currency":"CNY"}]}`), true, false)
	f.Add("x\x1b", "\xff", []byte("{}"), true, false)
	f.Add("", "", []byte("["), true, false)
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, topic, id string, body []byte, signs, fails bool) {
		kept := feedtest.NewSink()
		var sink feed.Sink = kept
		if fails {
			sink = broken{kept}
		}
		d := ways(t, sink, func(err error) { fuzzed.Error(t, cleaned{err}) })
		var codes [2]int
		late := false
		for i := range codes {
			r := httptest.NewRequest(http.MethodPost, "/hook/shopify", bytes.NewReader(body))
			sum := []byte("not the signature")
			if signs {
				mac := hmac.New(sha256.New, []byte(secret))
				_, _ = mac.Write(body)
				sum = mac.Sum(nil)
			}
			r.Header.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(sum))
			r.Header.Set("X-Shopify-Topic", topic)
			r.Header.Set("X-Shopify-Event-Id", id)
			w := httptest.NewRecorder()
			began := time.Now()
			d.enter(w, r)
			took := time.Since(began)
			answered(t, w)
			codes[i] = w.Code
			if !fails && w.Code == http.StatusServiceUnavailable {
				if took < answerIn {
					t.Fatalf("a record that can be written was told of as none after %s", took)
				}
				late = true
			}
		}
		events := kept.Events(nil)
		if late {
			t.Skip("the machine is too slow to commit within the time of an answer")
		}
		switch {
		case codes[0] != codes[1]:
			t.Fatalf("answered with %d, and with %d when it is posted again", codes[0], codes[1])
		case !signs && (codes[0] != http.StatusUnauthorized || len(events) > 0):
			t.Fatalf("what is not signed came to HTTP %d and %d events", codes[0], len(events))
		case codes[0] == http.StatusOK && (fails || len(events) == 0), codes[0] != http.StatusOK && len(events) > 0:
			t.Fatalf("HTTP %d and %d events", codes[0], len(events))
		case kept.Doubled() > 0:
			t.Fatal("the record was offered the post again")
		}
		for i, e := range events {
			fuzzed.Event(t, e, i, noon, len(body)+len(topic)+len(id))
			if e.Room != "r" || e.Source != "r/shopify" {
				t.Fatalf("event %+v", e)
			}
		}
	})
}

// broken is a record that cannot be written.
type broken struct{ *feedtest.Sink }

func (broken) Commit(context.Context, feed.Batch) error { return errors.New("the disk is full") }
