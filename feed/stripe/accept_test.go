package stripe_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/stripe"
	"liveroom/feed/stripe/stripetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

// run reads the server's events into a sink until stop, or the test's end.
func run(t *testing.T, srv *stripetest.Server, key string) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	src, err := feed.NewSource(feed.Config{
		Source: "shop/stripe", Room: "南枝小院", Jitter: func() float64 { return 0.01 },
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, stripe.New(stripe.Options{Key: key, API: srv.API(), Client: client()}))
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var result error
	go func() { defer close(ended); result = src.Run(ctx, sink) }()
	stop := func() error { cancel(); <-ended; return result }
	t.Cleanup(func() { _ = stop(); srv.Close() })
	return sink, src, stop
}

func wait(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestASessionIsOpenedReadAndOpenedAgain: what was not acknowledged comes again
// and is one event; a cut is a gap, since what is not sent to a session is lost.
func TestASessionIsOpenedReadAndOpenedAgain(t *testing.T) {
	srv := stripetest.New("sk_test")
	srv.Break(2)
	sink, src, stop := run(t, srv, "sk_test")
	wait(t, srv.WaitSessions(1, patience))
	srv.Happen("evt_1", "checkout.session.completed", `{"id":"cs_1","amount_total":2990,"currency":"cny","payment_intent":"pi_1","payment_status":"paid"}`)
	srv.Happen("evt_2", "payment_intent.succeeded", `{"id":"pi_1"}`)
	wait(t, srv.WaitAcked(2, patience))
	srv.Cut()
	wait(t, srv.WaitSessions(2, patience))
	srv.Happen("evt_3", "charge.refunded", `{"id":"ch_1","payment_intent":"pi_1","amount_refunded":2990,"currency":"cny"}`)
	wait(t, srv.WaitAcked(3, patience))
	wait(t, stop())
	var got []string
	for _, e := range sink.Events(nil) {
		got = append(got, string(e.Kind)+" "+e.OrderID+" "+e.Status)
	}
	if !slices.Equal(got, []string{"order pi_1 paid", "gap  ", "refund pi_1 refunded"}) || sink.Doubled() != 0 {
		t.Errorf("recorded %q, %d doubled", got, sink.Doubled())
	}
	acked := srv.Acked()
	slices.Sort(acked)
	if !slices.Equal(acked, []string{"evt_1", "evt_2", "evt_3"}) || src.Status().Reconnects != 3 {
		t.Errorf("acknowledged %q after %d reconnects", acked, src.Status().Reconnects)
	}
}

// TestASessionThatExpiredIsOpenedAnew: Stripe does not know it when it is dialled,
// or ends it while it is read.
func TestASessionThatExpiredIsOpenedAnew(t *testing.T) {
	srv := stripetest.New("sk_test")
	srv.Expire(2)
	sink, src, stop := run(t, srv, "sk_test")
	wait(t, srv.WaitSessions(1, patience))
	srv.Happen("evt_1", "charge.refunded", `{"id":"ch_1","payment_intent":"pi_1","amount_refunded":1,"currency":"cny"}`)
	wait(t, srv.WaitAcked(1, patience))
	srv.Kick()
	wait(t, srv.WaitSessions(2, patience))
	srv.Happen("evt_2", "charge.refunded", `{"id":"ch_2","payment_intent":"pi_2","amount_refunded":1,"currency":"cny"}`)
	wait(t, srv.WaitAcked(2, patience))
	wait(t, stop())
	var got []string
	for _, e := range sink.Events(nil) {
		got = append(got, string(e.Kind)+" "+e.OrderID)
	}
	if !slices.Equal(got, []string{"refund pi_1", "gap ", "refund pi_2"}) || src.Status().Reconnects != 3 {
		t.Errorf("recorded %q after %d reconnects", got, src.Status().Reconnects)
	}
}

// hurried is a session whose connection Stripe wants anew all the time.
type hurried struct {
	*stripe.Protocol
	opened *atomic.Int64
}

func (p hurried) Open(ctx context.Context, pos feed.Position) (feed.Request, error) {
	p.opened.Add(1)
	req, err := p.Protocol.Open(ctx, pos)
	if req.Renew != time.Minute {
		return req, errors.New("Stripe asked for a new connection every minute")
	}
	req.Renew = 30 * time.Millisecond
	return req, err
}

// TestASessionIsConnectedAnewAsStripeAsks: one session goes on over many connections,
// nothing of what happens meanwhile is missed, doubled or left unacknowledged, and no
// gap is claimed.
func TestASessionIsConnectedAnewAsStripeAsks(t *testing.T) {
	srv := stripetest.New("sk_test")
	srv.Forget()
	var opened atomic.Int64
	src, err := feed.NewSource(feed.Config{Source: "shop/stripe", Room: "南枝小院", Jitter: func() float64 { return 0.01 }},
		hurried{stripe.New(stripe.Options{Key: "sk_test", API: srv.API(), Client: client()}), &opened})
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- src.Run(ctx, sink) }()
	t.Cleanup(srv.Close)
	defer cancel()
	wait(t, srv.WaitSessions(1, patience))
	var want []string
	for n := 1; n <= 60; n++ {
		id := fmt.Sprintf("pi_%d", n)
		want = append(want, "refund "+id)
		srv.Happen("evt_"+id, "charge.refunded", fmt.Sprintf(`{"id":"ch_%d","payment_intent":%q,"amount_refunded":1,"currency":"cny"}`, n, id))
		if n%20 == 0 {
			wait(t, srv.WaitSessions(1+n/20*2, patience))
		}
	}
	wait(t, srv.WaitAcked(60, patience))
	cancel()
	wait(t, <-ended)
	var got []string
	for _, e := range sink.Events(nil) {
		got = append(got, string(e.Kind)+" "+e.OrderID)
	}
	if !slices.Equal(got, want) || sink.Doubled() != 0 || opened.Load() != 1 || src.Status().Reconnects != 0 {
		t.Errorf("%d sessions opened, %d reconnects, %d doubled, recorded %q", opened.Load(), src.Status().Reconnects, sink.Doubled(), got)
	}
}

// TestHowOftenStripeMayAskForANewConnection: as often as it says, but neither without
// pause nor never.
func TestHowOftenStripeMayAskForANewConnection(t *testing.T) {
	for said, want := range map[string]time.Duration{
		`60`: time.Minute, `"90"`: 90 * time.Second, `0`: time.Minute, `null`: time.Minute, `"soon"`: time.Minute, `{}`: time.Minute, `60.5`: time.Minute,
		`1`: 15 * time.Second, `-1`: 15 * time.Second, `-55555555555555555555`: 15 * time.Second,
		`3600`: time.Hour, `86400`: time.Hour, `55555555555555555`: time.Hour, `55555555555555555555555`: time.Hour,
	} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"websocket_url":"wss://stripe.example/s","websocket_id":"x","secret":"s","reconnect_delay":%s}`, said)
		}))
		req, err := stripe.New(stripe.Options{Key: "sk_good", API: api.URL, Client: client()}).Open(t.Context(), feed.Position{})
		api.Close()
		if err != nil || req.Renew != want {
			t.Errorf("reconnect_delay %s comes to %v, %v, want %v", said, req.Renew, err, want)
		}
	}
}

func TestWrongKeyEndsTheSourceWithARemedy(t *testing.T) {
	srv := stripetest.New("sk_test")
	_, src, _ := run(t, srv, "sk_stale")
	for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want failed", src.Status().State)
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "set it in token") || strings.Contains(err.Error(), "stale") {
		t.Errorf("error %v, want the remedy and not the key", err)
	}
}

// TestStripeMayAnswerAnything: what it would not say is an error that may pass,
// and the key goes nowhere else.
func TestStripeMayAnswerAnything(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"no JSON":      func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"no websocket": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
		"no secret": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"websocket_url":"wss://stripe.example/s","websocket_id":"x"}`))
		},
		"no address": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"websocket_url":":","websocket_id":"x"}`))
		},
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/stolen" {
				t.Error("the key went elsewhere")
			}
			http.Redirect(w, r, "/stolen", http.StatusTemporaryRedirect)
		},
		"cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"half an answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(handler)
			defer srv.Close()
			_, err := stripe.New(stripe.Options{Key: "sk_good", API: srv.URL, Client: srv.Client()}).Open(t.Context(), feed.Position{})
			var denied *feed.DeniedError
			if err == nil || errors.As(err, &denied) || strings.Contains(err.Error(), "sk_good") {
				t.Errorf("error %v, want one that may pass", err)
			}
		})
	}
	if _, err := stripe.New(stripe.Options{Key: "k", API: "\x7f:"}).Open(t.Context(), feed.Position{}); err == nil {
		t.Error("no address must be an error")
	}
}
