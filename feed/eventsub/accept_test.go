package eventsub_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/eventsub"
	"liveroom/feed/eventsub/eventsubtest"
	"liveroom/feed/feedtest"
	"liveroom/feed/helix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// run reads the server's channel into a sink until stop, or the test's end.
func run(t *testing.T, srv *eventsubtest.Server, token string) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	api, err := helix.New(helix.Options{Channel: "shop", Token: token, Host: srv.API()})
	if err != nil {
		t.Fatal(err)
	}
	p := eventsub.New(eventsub.Options{Channel: "shop", URL: srv.URL(), Subscriber: eventsub.Through(api)})
	src, err := feed.NewSource(feed.Config{Source: p.Source(), Room: "南枝小院", Jitter: func() float64 { return 0.01 }, Clock: feedtest.ClockFrom(time.Date(2026, 9, 21, 14, 13, 20, 0, time.UTC))}, p)
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

// shown lists events by ID, a gap as "gap".
func shown(events []feed.Event) []string {
	var out []string
	for _, e := range events {
		if e.Kind == feed.KindGap {
			out = append(out, "gap")
		} else {
			out = append(out, e.ID)
		}
	}
	return out
}

const subscriptions = 11

func TestAChannelIsSubscribedToAndRead(t *testing.T) {
	srv := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good", Denied: []string{"automod.message.hold"}, Keepalive: 20 * time.Millisecond})
	sink, src, stop := run(t, srv, "oauth:good")
	wait(t, srv.WaitSubscribed(subscriptions-1, patience))
	srv.Chat("m1")
	srv.Notify("channel.chat.message_delete", map[string]any{"message_id": "m1", "target_user_id": "42"})
	wait(t, sink.Wait(2, nil, patience))
	time.Sleep(100 * time.Millisecond) // some keepalives
	wait(t, stop())
	events := sink.Events(nil)
	if len(events) != 2 || events[0].Shown.String() != "m1" || events[1].Retracts != "m1" || events[0].Source != "twitch:#shop" {
		t.Errorf("recorded %+v", events)
	}
	if st := src.Status(); st.Refused != 1 || st.Reconnects != 0 {
		t.Errorf("%d refused, %d reconnects; want the one type that the token does not allow", st.Refused, st.Reconnects)
	}
	if srv.Said() != 0 || slices.Contains(srv.Subscribed(), "automod.message.hold") {
		t.Errorf("we spoke %d times", srv.Said())
	}
}

// TestTenHandoversLoseNothing: while people talk, Twitch asks ten times to go on
// elsewhere. Everything arrives once, in order, without a gap and without another
// subscription.
func TestTenHandoversLoseNothing(t *testing.T) {
	srv := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	sink, src, stop := run(t, srv, "good")
	wait(t, srv.WaitSubscribed(subscriptions, patience))
	var want []string
	say := func(n int) {
		for range n {
			id := fmt.Sprintf("m%03d", len(want))
			want = append(want, id)
			srv.Chat(id)
		}
	}
	for move := range 10 {
		say(5)
		srv.Move()
		say(5) // over whichever connection is the current one
		wait(t, srv.WaitWelcomes(move+2, patience))
		say(5)
		wait(t, srv.WaitSessions(1, patience))
	}
	wait(t, sink.Wait(len(want), nil, patience))
	wait(t, stop())
	if got := shown(sink.Events(nil)); !slices.Equal(got, want) || sink.Doubled() != 0 {
		t.Errorf("recorded %d, want %d: %q", len(got), len(want), got)
	}
	if st := src.Status(); st.Reconnects != 0 || len(srv.Subscribed()) != subscriptions {
		t.Errorf("%d reconnects, %d subscriptions", st.Reconnects, len(srv.Subscribed()))
	}
}

func TestACutIsAGapAndSubscribesAgain(t *testing.T) {
	srv := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	sink, _, stop := run(t, srv, "good")
	wait(t, srv.WaitSubscribed(subscriptions, patience))
	srv.Chat("m1")
	wait(t, sink.Wait(1, nil, patience))
	srv.Cut()
	srv.Chat("m2") // nobody hears it
	wait(t, srv.WaitSubscribed(2*subscriptions, patience))
	srv.Chat("m3")
	wait(t, sink.Wait(3, nil, patience))
	wait(t, stop())
	if got := shown(sink.Events(nil)); !slices.Equal(got, []string{"m1", "gap", "m3"}) {
		t.Errorf("recorded %q", got)
	}
}

func TestABusyAPIIsAskedAgain(t *testing.T) {
	srv := eventsubtest.New(eventsubtest.Options{Channel: "shop", Token: "good"})
	srv.Break(2)
	sink, src, stop := run(t, srv, "good")
	wait(t, srv.WaitSubscribed(subscriptions, patience))
	srv.Chat("m1")
	wait(t, sink.Wait(1, func(e feed.Event) bool { return e.ID == "m1" }, patience))
	wait(t, stop())
	if st := src.Status(); st.Reconnects != 2 || st.Refused != 2 {
		t.Errorf("%d reconnects, %d refused", st.Reconnects, st.Refused)
	}
}

func TestWhatCannotHelpEndsTheSourceWithARemedy(t *testing.T) {
	for _, c := range []struct {
		name, token, channel, want string
		denied                     []string
		act                        func(*eventsubtest.Server)
	}{
		{name: "bad token", token: "stale", channel: "shop", want: "make a new token"},
		{name: "no such channel", token: "good", channel: "other", want: "check channel"},
		{name: "no chat for this token", token: "good", channel: "shop", denied: []string{"channel.chat.message"}, want: "user:read:chat"},
		{name: "token withdrawn", token: "good", channel: "shop", want: "authorization_revoked", act: func(s *eventsubtest.Server) {
			_ = s.WaitSubscribed(subscriptions, patience)
			s.Revoke("channel.chat.message", "authorization_revoked")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := eventsubtest.New(eventsubtest.Options{Channel: c.channel, Token: "good", Denied: c.denied})
			sink, src, _ := run(t, srv, c.token)
			if c.act != nil {
				c.act(srv)
			}
			wait(t, sink.Wait(1, nil, patience))
			for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("state %s, want failed", src.Status().State)
				}
			}
			if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "stale") {
				t.Errorf("error %v, want %q and not the token", err, c.want)
			}
		})
	}
}

// TestTheAPIMayAnswerAnything: what Twitch would not say is an error that may
// pass, and the token goes nowhere else.
func TestTheAPIMayAnswerAnything(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/stolen" {
				t.Error("the token went elsewhere")
			}
			http.Redirect(w, r, "/stolen", http.StatusFound)
		},
		"cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"half an answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		},
		"limit": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(handler)
			defer srv.Close()
			api, err := helix.New(helix.Options{Channel: "shop", Token: "good", Host: srv.URL, Client: srv.Client()})
			if err != nil {
				t.Fatal(err)
			}
			_, err = eventsub.Through(api).Subscribe(t.Context(), "s")
			var denied *feed.DeniedError
			if err == nil || errors.As(err, &denied) || strings.Contains(err.Error(), "good") {
				t.Errorf("error %v, want one that may pass", err)
			}
		})
	}
	api, err := helix.New(helix.Options{Channel: "shop", Token: "good", Host: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eventsub.Through(api).Subscribe(t.Context(), "s"); err == nil || errors.As(err, new(*feed.DeniedError)) {
		t.Errorf("nobody there: error %v", err)
	}
}
