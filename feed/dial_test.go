package feed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestSourceGivesUpOnlyWhereNothingHelps(t *testing.T) {
	tests := []struct {
		name   string
		code   int
		header http.Header
		state  State
		want   string
	}{
		{"wrong token", 401, nil, StateFailed, "refused the token (HTTP 401): check the token"},
		{"no right", 403, nil, StateFailed, "refused the token (HTTP 403): check the token"},
		{"redirect", 302, http.Header{"Location": {"http://elsewhere.example/"}}, StateWaiting, "redirects elsewhere (HTTP 302), which is not followed"},
		{"no websocket there", 404, nil, StateWaiting, "did not open a websocket (HTTP 404): check the address"},
		{"busy", 503, http.Header{"Retry-After": {"60"}}, StateWaiting, "HTTP 503"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range tt.header {
					w.Header()[k] = v
				}
				w.WriteHeader(tt.code)
			}))
			defer srv.Close()
			told := make(chan Status, 16)
			_, cancel, done := start(t, Config{Status: func(st Status) { told <- st }}, lines{url: "ws" + srv.URL[4:] + "/?token=secret"}, newMemory())
			var st Status
			for st.State != StateWaiting && st.State != StateFailed {
				st = <-told
			}
			cancel()
			err := result(t, done)
			if st.State != tt.state || (err != nil) != (tt.state == StateFailed) {
				t.Errorf("state %s, Run = %v", st.State, err)
			}
			if !strings.Contains(st.Err.Error(), tt.want) || strings.Contains(st.Err.Error(), "secret") {
				t.Errorf("error %q, want it to say %q and no secret", st.Err, tt.want)
			}
		})
	}
}

func TestSourceRefusesHugeMessages(t *testing.T) {
	var dials atomic.Int64
	huge := make([]byte, 20<<20)
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		dials.Add(1)
		_ = c.WriteMessage(websocket.TextMessage, huge)
		wait(c)
	})
	seen := &statuses{}
	s, cancel, done := start(t, Config{Status: seen.add, Jitter: func() float64 { return 0.999 }}, lines{url: url}, newMemory())
	time.Sleep(time.Second)
	cancel()
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if st, ok := seen.find(StateWaiting); !ok || !strings.Contains(fmt.Sprint(st.Err), "read_limit") {
		t.Errorf("waiting: %v, %v", ok, st.Err)
	}
	if n := dials.Load(); n < 1 || n > 3 {
		t.Errorf("%d dials within a second, want 2 or 3", n)
	}
	if st := s.Status(); st.Refused == 0 {
		t.Error("the message was not counted as refused")
	}
}

func TestSourceNeedsTheSubprotocol(t *testing.T) {
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { end(c) })
	_, _, done := start(t, Config{}, lines{url: url, subprotocols: []string{"lines"}}, newMemory())
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	told := make(chan Status, 16)
	_, cancel, done := start(t, Config{Status: func(st Status) { told <- st }}, lines{url: url, subprotocols: []string{"other"}}, newMemory())
	for st := range told {
		if st.State == StateWaiting {
			if !strings.Contains(st.Err.Error(), "does not speak other: check the address") {
				t.Errorf("error %q", st.Err)
			}
			break
		}
	}
	cancel()
	_ = result(t, done)
}

func TestCheckURL(t *testing.T) {
	tests := []struct {
		url   string
		plain bool
		want  string // "" : accepted
	}{
		{"wss://example.com/x", false, ""},
		{"ws://127.0.0.1:9/", false, ""},
		{"ws://[::1]:9/", false, ""},
		{"ws://localhost/", false, ""},
		{"ws://example.com/", true, ""},
		{"ws://example.com/?token=secret", false, "not encrypted"},
		{"ws://localhost.example.com/", false, "not encrypted"},
		{"http://example.com/", false, "must start with wss://"},
		{"wss:///x", false, "names no host"},
		{"ws://a b/?token=secret", false, "not a URL"},
	}
	for _, tt := range tests {
		_, err := checkURL(tt.url, tt.plain)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("checkURL(%s) = %v, want %q", tt.url, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("checkURL(%s) repeats the token: %v", tt.url, err)
		}
	}
}

func TestCheckHTTP(t *testing.T) {
	for _, tt := range []struct{ url, want string }{ // want "": accepted
		{"https://example.com/hook?token=secret", ""},
		{"https://10.0.0.7:8443", ""},
		{"http://127.0.0.1:9/", ""},
		{"http://[::1]:9/", ""},
		{"http://localhost/", ""},
		{"http://example.com/?token=secret", "http://example.com is not encrypted"},
		{"http://localhost.example.com/", "not encrypted"},
		{"http://10.0.0.7/", "not encrypted"},
		{"http://secret:secret@example.com/", "http://example.com is not encrypted"},
		{"http://exam\u202eple.com/secret", "not encrypted"},
		{"wss://example.com/secret", "must begin with https://"},
		{"ftp://example.com/secret", "must begin with https://"},
		{"example.com", "no URL"},
		{"", "no URL"},
		{"https:///secret", "no URL"},
		{"https://:443/secret", "no URL"},
		{"https://a b/?token=secret", "no URL"},
		{"%zzsecret", "no URL"},
	} {
		u, err := CheckHTTP(tt.url)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("CheckHTTP(%q) = %v, want %q", tt.url, err, tt.want)
		}
		if err == nil && u.String() != tt.url {
			t.Errorf("CheckHTTP(%q) reads %s", tt.url, u)
		}
		if err != nil && (strings.Contains(err.Error(), "secret:") || strings.Contains(err.Error(), "=secret") || strings.Contains(err.Error(), "/secret") || strings.Contains(err.Error(), "\u202e")) {
			t.Errorf("CheckHTTP(%q) tells more than the host: %v", tt.url, err)
		}
	}
}

func TestSourceBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var dials []time.Duration
		s, err := NewSource(Config{
			Source: "s", Jitter: func() float64 { return 0.5 },
			Dial: func(context.Context, string, string) (net.Conn, error) {
				dials = append(dials, time.Since(begin))
				return nil, errors.New("connection refused")
			},
		}, lines{url: "ws://127.0.0.1/"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
		defer cancel()
		if err := s.Run(ctx, newMemory()); err != nil {
			t.Fatal(err)
		}
		ms := []int{0, 125, 375, 875, 1875, 3875, 7875, 15875, 30875, 45875, 60875, 75875, 90875}
		var want []time.Duration
		for _, n := range ms {
			want = append(want, time.Duration(n)*time.Millisecond)
		}
		if !slices.Equal(dials, want) {
			t.Errorf("dialled at %v, want %v", dials, want)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "120": 2 * time.Minute,
		now.Add(time.Minute).Format(http.TimeFormat):  time.Minute,
		now.Add(-time.Minute).Format(http.TimeFormat): 0,
	} {
		if got := RetryAfter(v, now); got != want {
			t.Errorf("RetryAfter(%q) = %v, want %v", v, got, want)
		}
	}
	b := Backoff{Jitter: func() float64 { return 0 }}
	if got := b.Next(24 * time.Hour); got != retryAfterCap {
		t.Errorf("a peer can ask for a pause of %v", got)
	}
}
