package feed

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
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

func TestSourceSurvivesHostileFrames(t *testing.T) {
	const huge = "\xff\xff\xff\xff\xff\xff\xff\xff"
	tests := []struct{ name, bytes string }{
		{"reserved bit: compression never offered", "\xc1\x01a"},
		{"reserved bit 2", "\xa1\x01a"},
		{"unknown opcode", "\x83\x00"},
		{"unknown control opcode", "\x8b\x00"},
		{"masked by the server", "\x81\x81abcd\x00"},
		{"length of 2^64-1", "\x81\x7f" + huge},
		{"length beyond the read limit", "\x81\x7f\x00\x00\x00\x00\x40\x00\x00\x00"},
		{"fragmented ping", "\x09\x00"},
		{"ping too long", "\x89\x7e\x00\x80"},
		{"continuation of nothing", "\x80\x01a"},
		{"text inside a fragmented text", "\x01\x01a\x81\x01b"},
		{"close of one byte", "\x88\x01a"},
		{"close with a reserved code", "\x88\x02\x03\xed"},
		{"close reason not UTF-8", "\x88\x03\x03\xe8\xff"},
		{"cut in the middle", "\x81\x0aabc"},
		{"no frame at all", "HTTP/1.1 400 Bad Request\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := net.Pipe()
				go func() {
					defer server.Close()
					handshake(t, server)
					go func() { _, _ = io.Copy(io.Discard, server) }()
					_, _ = io.WriteString(server, tt.bytes)
					time.Sleep(time.Second)
				}()
				begin, seen := time.Now(), &statuses{}
				s := pipeSource(t, Config{Status: seen.add}, client)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				sink := newMemory()
				if err := s.Run(ctx, sink); err != nil {
					t.Fatal(err)
				}
				st, ok := seen.find(StateWaiting)
				if !ok || st.Err == nil || len(sink.texts()) > 0 {
					t.Errorf("waiting %v, error %v, events %q", ok, st.Err, sink.texts())
				}
				if st.Since.Sub(begin) >= time.Second && tt.name != "cut in the middle" {
					t.Errorf("only the end of the connection was noticed: %v", st.Err)
				}
			})
		})
	}
}

func TestSourceWantsModernTLS(t *testing.T) {
	for _, tt := range []struct {
		version uint16
		works   bool
	}{{tls.VersionTLS11, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, true}} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var up websocket.Upgrader
			conn, err := up.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			defer conn.Close()
			end(conn)
		}))
		srv.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tt.version}
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.StartTLS()
		roots := x509.NewCertPool()
		roots.AddCert(srv.Certificate())
		cfg := Config{TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10}}
		if tt.works {
			_, _, done := start(t, cfg, lines{url: "wss" + srv.URL[5:]}, newMemory())
			if err := result(t, done); err != nil {
				t.Errorf("TLS %x: %v", tt.version, err)
			}
		} else {
			waiting := make(chan error, 16)
			cfg.Status = func(st Status) {
				if st.State == StateWaiting {
					waiting <- st.Err
				}
			}
			_, cancel, done := start(t, cfg, lines{url: "wss" + srv.URL[5:]}, newMemory())
			if err := <-waiting; !strings.Contains(err.Error(), "protocol version") {
				t.Errorf("TLS %x: %v", tt.version, err)
			}
			cancel()
			_ = result(t, done)
		}
		srv.Close()
	}
}

func TestSourceBoundsTheHandshake(t *testing.T) {
	tests := []struct {
		name  string
		serve func(net.Conn)
		want  string
	}{
		{"endless headers", func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\n")
			line := "X-Fill: " + strings.Repeat("a", 1000) + "\r\n"
			for range 20_000 {
				if _, err := io.WriteString(c, line); err != nil {
					return
				}
			}
		}, "longer than"},
		{"no answer", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "timeout"},
		{"wrong key", func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n")
		}, "answered the handshake wrongly"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := net.Pipe()
				go func() {
					defer server.Close()
					if _, err := http.ReadRequest(bufio.NewReader(server)); err != nil {
						t.Error(err)
					}
					tt.serve(server)
				}()
				var got error
				s := pipeSource(t, Config{Status: func(st Status) {
					if st.State == StateWaiting && got == nil {
						got = st.Err
					}
				}}, client)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				if err := s.Run(ctx, newMemory()); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(fmt.Sprint(got), tt.want) {
					t.Errorf("error %v, want it to say %q", got, tt.want)
				}
			})
		})
	}
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
