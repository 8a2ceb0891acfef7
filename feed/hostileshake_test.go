package feed_test

import (
	"bytes"
	"compress/flate"
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest/hostile"
)

// A shake is a way to spoil the handshake.
type shake struct {
	name string
	do   func(d *hostile.Dialled)
	says string // why no connection came of it
}

func answer(lines ...string) func(*hostile.Dialled) {
	return func(d *hostile.Dialled) { _, _ = io.WriteString(d.Conn, strings.Join(lines, "\r\n")+"\r\n\r\n") }
}

// opened spoils a good answer by header lines more.
func opened(more ...string) func(*hostile.Dialled) {
	return func(d *hostile.Dialled) { _, _ = io.WriteString(d.Conn, d.Answer(more...)) }
}

const switching = "HTTP/1.1 101 Switching Protocols"

func shakes(elsewhere string) []shake {
	all := []shake{
		{"an accept key that is wrong", func(d *hostile.Dialled) { _, _ = io.WriteString(d.Conn, d.AnswerTo("another")) }, "answered the handshake wrongly"},
		{"no accept key", answer(switching, "Upgrade: websocket", "Connection: Upgrade"), "answered the handshake wrongly"},
		{"our own key sent back", func(d *hostile.Dialled) {
			answer(switching, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: "+d.Req.Header.Get("Sec-WebSocket-Key"))(d)
		}, "answered the handshake wrongly"},
		{"no upgrade", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, strings.Replace(d.Answer(), "Upgrade: websocket\r\n", "", 1))
		}, "answered the handshake wrongly"},
		{"an upgrade to something else", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, strings.Replace(d.Answer(), "Upgrade: websocket", "Upgrade: h2c", 1))
		}, "answered the handshake wrongly"},
		{"no connection header", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, strings.Replace(d.Answer(), "Connection: Upgrade", "Connection: close", 1))
		}, "answered the handshake wrongly"},
		{"another subprotocol", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, strings.Replace(d.Answer(), "cloudevents.json", "evil", 1))
		}, "does not speak"},
		{"no subprotocol", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, strings.Replace(d.Answer(), "Sec-WebSocket-Protocol", "X-Nothing", 1))
		}, "does not speak"},
		{"deflate that nobody offered", inflating("permessage-deflate; server_no_context_takeover; client_no_context_takeover"), "nobody offered"},
		{"deflate that nobody offered, with a window", inflating("permessage-deflate; server_max_window_bits=15; server_no_context_takeover; client_no_context_takeover"), "nobody offered"},
		{"deflate that nobody offered, of another kind", inflating("permessage-deflate"), "nobody offered"},
		{"an extension that nobody offered", opened("Sec-WebSocket-Extensions: x-webkit-deflate-frame"), "nobody offered"},
		{"20 MB of headers", func(d *hostile.Dialled) { longHeader(d, "X-Fill: "+strings.Repeat("a", 1000)+"\r\n", 20_000) }, "longer than"},
		{"one header of 20 MB", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, switching+"\r\nX-Fill: ")
			longHeader(d, strings.Repeat("a", 1000), 20_000)
		}, "longer than"},
		{"a status line of 20 MB", func(d *hostile.Dialled) { longHeader(d, strings.Repeat("a", 1000), 20_000) }, "longer than"},
		{"a million empty headers", func(d *hostile.Dialled) { longHeader(d, strings.Repeat("a:\r\n", 250), 4_000) }, "longer than"},
		{"endless answers to wait for", func(d *hostile.Dialled) { longHeader(d, "HTTP/1.1 100 Continue\r\n\r\n", 800_000) }, "HTTP 100"},
		{"no HTTP", answer("SSH-2.0-OpenSSH_9.9"), "malformed HTTP"},
		{"a status that is no number", answer("HTTP/1.1 abc OK"), "malformed HTTP"},
		{"nothing", func(*hostile.Dialled) {}, "hung up before it answered"},
		{"half an answer", func(d *hostile.Dialled) { _, _ = io.WriteString(d.Conn, d.Answer()[:20]) }, "hung up before it answered"},
		{"a page", answer("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello"), "HTTP 200"},
		{"a page whose length lies", answer("HTTP/1.1 500 Oops", "Content-Length: 99999999999", "", "hello"), "HTTP 500"},
		{"a page without end", func(d *hostile.Dialled) {
			_, _ = io.WriteString(d.Conn, "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range 20_000 {
				if _, err := io.WriteString(d.Conn, "400\r\n"+strings.Repeat("a", 1024)+"\r\n"); err != nil {
					return
				}
			}
		}, "HTTP 404"},
		{"a status that would paint the screen", answer("HTTP/1.1 \x1b[2J\x1b]0;x\x07 OK"), "malformed HTTP"},
		{"a header that would paint the screen", answer(switching, "\x1b[2J\u009b2J\u202e no header"), "malformed MIME"},
	}
	for _, code := range []int{300, 301, 302, 303, 307, 308} {
		all = append(all, shake{
			fmt.Sprintf("a redirect with %d", code),
			answer(fmt.Sprintf("HTTP/1.1 %d Elsewhere", code), "Location: "+elsewhere, "Content-Length: 0"),
			fmt.Sprintf("redirects elsewhere (HTTP %d)", code),
		})
	}
	for _, code := range []int{400, 404, 426, 429, 500, 502, 503} {
		all = append(all, shake{
			fmt.Sprintf("a refusal with %d", code),
			answer(fmt.Sprintf("HTTP/1.1 %d No", code), "Content-Length: 0"), fmt.Sprintf("HTTP %d", code),
		})
	}
	return all
}

func longHeader(d *hostile.Dialled, line string, n int) {
	if strings.HasSuffix(line, "\n") && !strings.HasPrefix(line, "HTTP") {
		_, _ = io.WriteString(d.Conn, switching+"\r\n")
	}
	for range n {
		if _, err := io.WriteString(d.Conn, line); err != nil {
			return
		}
	}
}

// bomb fits the read limit and inflates to 256 MiB.
var bomb = sync.OnceValue(func() string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	for range 256 << 4 {
		_, _ = w.Write(make([]byte, 64<<10))
	}
	_ = w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
})

// inflating agrees to what nobody offered, and sends a message that uses it.
func inflating(extension string) func(*hostile.Dialled) {
	return func(d *hostile.Dialled) {
		opened("Sec-WebSocket-Extensions: " + extension)(d)
		p := hostile.NewPeer(d.Conn, d.In, false)
		p.Frame(0xc1, bomb())
		_, _ = p.Code(5 * time.Second)
	}
}

// TestASpoiltHandshakeCannotHurt: whatever a server answers in place of a handshake
// costs little and is told, nobody else is asked, and the source connects again.
func TestASpoiltHandshakeCannotHurt(t *testing.T) {
	var strayed atomic.Int64
	bomb() // is not the source's to pay for
	elsewhere := hostile.Listen(t, nil, func(*hostile.Dialled) { strayed.Add(1) })
	over(t, func(t *testing.T, server, trust *tls.Config) {
		for _, s := range shakes("http" + strings.TrimPrefix(elsewhere, "ws")) {
			t.Run(s.name, func(t *testing.T) { spoil(t, func() uint64 { return spoilOnce(t, s, server, trust) }) })
		}
	})
	if n := strayed.Load(); n > 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

// spoil tries a handshake that asked for much again: the server's own writing counts
// too, and it writes for longer where the machine is slow.
func spoil(t *testing.T, once func() (used uint64)) {
	t.Helper()
	used := once()
	for try := 1; try < 3 && used > hostile.Harmless; try++ {
		used = once()
	}
	if used > hostile.Harmless {
		t.Errorf("it took %d kB of memory", used>>10)
	}
}

func spoilOnce(t *testing.T, s shake, server, trust *tls.Config) (used uint64) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("", func(t *testing.T) {
		url := hostile.Listen(t, server, func(d *hostile.Dialled) {
			if d.N == 1 {
				s.do(d)
				return
			}
			p := d.Open()
			p.Say(hostile.Event(1, "after"))
			p.Bye(1000, feed.CloseEnded)
			_, _ = p.Code(time.Second)
		})
		w := watch(t, url, trust)
		before := allocated()
		if err := w.run(t); err != nil {
			t.Errorf("Run = %v", err)
		}
		used = allocated() - before
		w.checkTexts(t, "after")
		w.checkErrors(t, s.says)
		if len(w.errs) != 1 {
			t.Errorf("it waited %d times: %v", len(w.errs), w.errs)
		}
	})
	return used
}

// TestACertificateMustHold: a server is spoken to only while its certificate is
// valid, for its name, from somebody trusted, and by TLS 1.2 or more.
func TestACertificateMustHold(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	a, other := hostile.NewAuthority(t), hostile.NewAuthority(t)
	now := time.Now()
	old := a.Valid(t)
	old.MaxVersion = tls.VersionTLS11
	weak := a.Valid(t)
	weak.MaxVersion, weak.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}
	tests := []struct {
		name   string
		server *tls.Config
		says   string
	}{
		{"expired a second ago", a.Certificate(t, now.AddDate(-1, 0, 0), now.Add(-time.Second)), "expired"},
		{"not valid yet", a.Certificate(t, now.Add(time.Hour), now.AddDate(1, 0, 0)), "not yet valid"},
		{"of another machine", a.Stranger(t), "127.0.0.1"},
		{"of an authority that nobody knows", other.Valid(t), "unknown authority"},
		{"by TLS 1.1", old, "protocol version"},
		{"by a broken cipher", weak, "handshake failure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var served atomic.Int64
			first := hostile.Listen(t, tt.server, func(*hostile.Dialled) { served.Add(1) })
			refusedDial(t, first, a.Trust(), tt.says)
			if served.Load() > 0 {
				t.Error("the request, and with it the token, was sent")
			}
		})
	}
	t.Run("TLS 1.2", func(t *testing.T) {
		enough := a.Valid(t)
		enough.MaxVersion = tls.VersionTLS12
		w := watch(t, hostile.Listen(t, enough, honest), a.Trust())
		if err := w.run(t); err != nil {
			t.Error(err)
		}
		w.checkTexts(t, "after")
	})
	t.Run("none at all", func(t *testing.T) {
		plain := hostile.Listen(t, nil, func(*hostile.Dialled) {})
		refusedDial(t, "wss"+strings.TrimPrefix(plain, "ws"), a.Trust(), "hung up before it answered")
	})
}

// refusedDial wants a source to wait, and why.
func refusedDial(t *testing.T, url string, trust *tls.Config, says string) {
	t.Helper()
	w := watch(t, url, trust)
	ctx, cancel := contextUntil(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.errs) > 0
	})
	defer cancel()
	if err := w.Run(ctx, w.sink); err != nil {
		t.Errorf("Run = %v", err)
	}
	if len(w.errs) == 0 {
		t.Error("it connected")
	}
	w.checkErrors(t, says)
}
