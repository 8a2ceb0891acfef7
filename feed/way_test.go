package feed_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// The password of every proxy in these tests, which nothing may tell.
const proxyPassword = "hush%hush"

// by sends each address by the proxy of a listener.
func by(scheme, listener string) func(*http.Request) (*url.URL, error) {
	u := &url.URL{Scheme: scheme, Host: strings.Trim(listener[strings.Index(listener, "//"):], "/"), User: url.UserPassword("office", proxyPassword)}
	return func(*http.Request) (*url.URL, error) { return u, nil }
}

// tells wants the password, however written, in no reason.
func (w *watched) tells(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, err := range w.errs {
		noPassword(t, err.Error())
	}
}

func noPassword(t *testing.T, said string) {
	t.Helper()
	for _, secret := range []string{proxyPassword, url.QueryEscape(proxyPassword), base64.StdEncoding.EncodeToString([]byte("office:" + proxyPassword)), "office"} {
		if strings.Contains(said, secret) {
			t.Errorf("the proxy's password is told: %s", said)
		}
	}
}

// join leads between the asker, of whom in is read, and whom it was led to.
func join(asker net.Conn, in io.Reader, out net.Conn) {
	done := make(chan struct{})
	go func() { defer close(done); _, _ = io.Copy(out, in); _ = out.Close() }()
	_, _ = io.Copy(asker, out)
	_ = asker.Close()
	<-done
}

// says is a peer that says one thing and ends the stream.
func says(d *hostile.Dialled) {
	p := d.Open()
	p.Say(hostile.Event(1, "after"))
	p.Bye(1000, feed.CloseEnded)
	_, _ = p.Code(time.Second)
}

// A toll is an honest proxy of HTTP that takes one name and password.
type toll struct{ asked, refused atomic.Int64 }

func (p *toll) serve(d *hostile.Dialled) {
	p.asked.Add(1)
	given, ok := strings.CutPrefix(d.Req.Header.Get("Proxy-Authorization"), "Basic ")
	who, err := base64.StdEncoding.DecodeString(given)
	if !ok || err != nil || string(who) != "office:"+proxyPassword || d.Req.Method != http.MethodConnect {
		p.refused.Add(1)
		_, _ = io.WriteString(d.Conn, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
		return
	}
	out, err := net.Dial("tcp", d.Req.Host)
	if err != nil {
		_, _ = io.WriteString(d.Conn, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		return
	}
	_, _ = io.WriteString(d.Conn, "HTTP/1.0 200 Connection established\r\nVia: 1.1 office\r\n\r\n")
	join(d.Conn, d.In, out)
}

// socksProxy is a proxy of SOCKS 5 that takes one name and password, or spoils its
// first connections.
func socksProxy(t *testing.T, spoil func(c net.Conn, n int) bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() {
				defer c.Close()
				if !spoil(c, n) {
					socksLead(c)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); work.Wait() })
	return "socks://" + l.Addr().String()
}

func socksLead(c net.Conn) {
	in := bufio.NewReader(c)
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(in, b)
		return b
	}
	_ = read(int(read(2)[1]))
	_, _ = c.Write([]byte{5, 2})
	name := string(read(int(read(2)[1])))
	if password := string(read(int(read(1)[0]))); name != "office" || password != proxyPassword {
		_, _ = c.Write([]byte{1, 1})
		return
	}
	_, _ = c.Write([]byte{1, 0})
	var host string
	switch head := read(4); head[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	default:
		host = net.IP(read(16)).String()
	}
	port := read(2)
	out, err := net.Dial("tcp", net.JoinHostPort(host, fmt.Sprint(int(port[0])<<8|int(port[1]))))
	if err != nil {
		_, _ = c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	_, _ = c.Write([]byte("\x05\x00\x00\x03\x06office\x00\x00"))
	join(c, in, out)
}

// TestASourceGoesByTheProxy: each kind of proxy leads to a peer with TLS and to one
// without, is shown the name and password, and sees nothing of what is said over TLS.
func TestASourceGoesByTheProxy(t *testing.T) {
	a := hostile.NewAuthority(t)
	over(t, func(t *testing.T, server, trust *tls.Config) {
		gate := server
		if server == nil {
			gate, trust = a.Valid(t), a.Trust()
		}
		for _, scheme := range []string{"http", "https", "socks5", "socks5h"} {
			t.Run(scheme, func(t *testing.T) {
				defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
				t.Run("", func(t *testing.T) {
					url := hostile.Listen(t, server, says)
					var p toll
					var at string
					switch scheme {
					case "http":
						at = hostile.Listen(t, nil, p.serve)
					case "https":
						at = hostile.Listen(t, gate, p.serve)
					default:
						at = socksProxy(t, func(net.Conn, int) bool { p.asked.Add(1); return false })
					}
					w := watchBy(t, url, trust, by(scheme, at))
					if err := w.run(t); err != nil {
						t.Fatal(err, w.errs)
					}
					w.checkTexts(t, "after")
					if len(w.errs) > 0 || p.asked.Load() != 1 || p.refused.Load() != 0 {
						t.Errorf("asked %d times, refused %d: %v", p.asked.Load(), p.refused.Load(), w.errs)
					}
				})
			})
		}
	})
}

// proxyShakes are the ways of an HTTP proxy to spoil its answer.
func proxyShakes() []shake {
	return []shake{
		{"a refusal", answer("HTTP/1.1 403 Forbidden", "Content-Length: 0"), "HTTP 403: have it let this host through"},
		{"a refusal with a page that never ends", answer("HTTP/1.1 502 Bad Gateway", "Content-Length: 99999999999", "", "oh"), "HTTP 502"},
		{"a refusal that gives no reason", answer("HTTP/1.1 502"), "HTTP 502"},
		{"a redirect", answer("HTTP/1.1 302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0"), "HTTP 302"},
		{"an upgrade", answer("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"), "HTTP 101"},
		{"endless answers to wait for", func(d *hostile.Dialled) { longHeader(d, "HTTP/1.1 100 Continue\r\n\r\n", 800_000) }, "HTTP 100"},
		{"20 MB of headers", func(d *hostile.Dialled) { longHeader(d, "X-Fill: "+strings.Repeat("a", 1000)+"\r\n", 20_000) }, "longer than 16384 bytes"},
		{"a status line of 20 MB", func(d *hostile.Dialled) { longHeader(d, strings.Repeat("a", 1000), 20_000) }, "longer than 16384 bytes"},
		{"no HTTP", answer("SSH-2.0-OpenSSH_9.9"), "malformed HTTP"},
		{"a status that would paint the screen", answer("HTTP/1.1 \x1b[2J\x1b]0;x\x07 OK"), "malformed HTTP"},
		{"nothing", func(*hostile.Dialled) {}, "it hung up before it answered"},
		{"half an answer", func(d *hostile.Dialled) { _, _ = io.WriteString(d.Conn, "HTTP/1.1 200 O") }, "it hung up before it answered"},
		{"words of its own in the peer's place", answer("HTTP/1.1 200 OK", "", "HTTP/1.1 101 Switching Protocols"), "says more than that it leads on"},
		{"a way that ends at once", answer("HTTP/1.1 200 OK"), "hung up before it answered"},
	}
}

// TestAHostileProxyCannotHurt: whatever a proxy answers costs little, is told with the
// proxy's name and never with its password, and the source connects again.
func TestAHostileProxyCannotHurt(t *testing.T) {
	over(t, func(t *testing.T, server, trust *tls.Config) {
		for _, s := range proxyShakes() {
			t.Run(s.name, func(t *testing.T) {
				spoil(t, func() uint64 { return spoilProxy(t, s, server, trust) })
			})
		}
	})
}

func spoilProxy(t *testing.T, s shake, server, trust *tls.Config) (used uint64) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("", func(t *testing.T) {
		url := hostile.Listen(t, server, says)
		var p toll
		at := hostile.Listen(t, nil, func(d *hostile.Dialled) {
			if d.N == 1 {
				s.do(d)
				return
			}
			p.serve(d)
		})
		w := watchBy(t, url, trust, by("http", at))
		before := allocated()
		if err := w.run(t); err != nil {
			t.Errorf("Run = %v", err)
		}
		used = allocated() - before
		w.checkTexts(t, "after")
		w.checkErrors(t, s.says)
		w.checkErrors(t, "the proxy "+strings.Trim(at[len("ws:"):], "/"))
		w.tells(t)
		if len(w.errs) != 1 {
			t.Errorf("it waited %d times: %v", len(w.errs), w.errs)
		}
	})
	return used
}

// TestAHostileSOCKSProxyCannotHurt is the same for the other kind.
func TestAHostileSOCKSProxyCannotHurt(t *testing.T) {
	for name, c := range map[string]struct{ does, says string }{
		"another version":            {"\x04\x5a", "unexpected protocol version 4"},
		"a way of login nobody has":  {"\x05\x01", "unsupported authentication method 1"},
		"no way of login":            {"\x05\xff", "no acceptable authentication methods"},
		"a login refused":            {"\x05\x02\x01\x01", "username/password authentication failed"},
		"a host refused":             {"\x05\x00\x05\x02\x00\x01", "not allowed by ruleset"},
		"an answer of another":       {"\x05\x00\x04\x00\x00\x01", "unexpected protocol version 4"},
		"a kind of address nobody":   {"\x05\x00\x05\x00\x00\x07", "unknown address type 7"},
		"half an address":            {"\x05\x00\x05\x00\x00\x03\xffhalf", "it hung up before it answered"},
		"nothing":                    {"", "it hung up before it answered"},
		"a login without an outcome": {"\x05\x02\x01", "it hung up before it answered"},
		"no answer to the request":   {"\x05\x00", "it hung up before it answered"},
		"an address without length":  {"\x05\x00\x05\x00\x00\x03", "it hung up before it answered"},
		"an address of six":          {"\x05\x00\x05\x00\x00\x04", "it hung up before it answered"},
	} {
		t.Run(name, func(t *testing.T) {
			url := hostile.Listen(t, nil, says)
			at := socksProxy(t, func(conn net.Conn, n int) bool {
				if n > 1 {
					return false
				}
				_, _ = io.WriteString(conn, c.does)
				_ = conn.(*net.TCPConn).CloseWrite()
				idle(conn)
				return true
			})
			w := watchBy(t, url, nil, by("socks5", at))
			if err := w.run(t); err != nil {
				t.Errorf("Run = %v", err)
			}
			w.checkTexts(t, "after")
			w.checkErrors(t, c.says)
			w.tells(t)
			if len(w.errs) != 1 {
				t.Errorf("it waited %d times: %v", len(w.errs), w.errs)
			}
		})
	}
}

// TestAWrongPasswordIsNotTriedAgain, which would shut the account out: the environment
// is read once.
func TestAWrongPasswordIsNotTriedAgain(t *testing.T) {
	var p toll
	at := hostile.Listen(t, nil, p.serve)
	wrong := by("http", at)
	u, _ := wrong(nil)
	nobody, _ := by("http", at)(nil)
	nobody.User = nil
	u.User = url.UserPassword("office", proxyPassword+"!")
	for _, proxy := range []*url.URL{u, nobody} {
		w := watchBy(t, "ws://127.0.0.1:1/", nil, func(*http.Request) (*url.URL, error) { return proxy, nil })
		err := w.run(t)
		var refused *feed.ProxyError
		if err == nil || !errors.As(err, &refused) || refused.Status != 407 || refused.Proxy != u.Host ||
			!strings.Contains(err.Error(), "dial 127.0.0.1:1: the proxy "+u.Host+" (HTTP_PROXY): HTTP 407: put the name and password that it takes into HTTP_PROXY") {
			t.Errorf("Run = %v", err)
		}
		noPassword(t, fmt.Sprint(err))
	}
	if p.asked.Load() != 2 {
		t.Errorf("the proxy was asked %d times", p.asked.Load())
	}
}

// TestAProxyThatCannotBeUsedIsTold, before anything is said to it.
func TestAProxyThatCannotBeUsedIsTold(t *testing.T) {
	shut, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = shut.Close()
	strange := hostile.NewAuthority(t)
	secure := hostile.Listen(t, strange.Valid(t), func(*hostile.Dialled) { t.Error("it was spoken to") })
	for name, c := range map[string]struct {
		proxy func(*http.Request) (*url.URL, error)
		says  string
	}{
		"nobody there":     {by("http", "//"+shut.Addr().String()), "connection refused: check HTTPS_PROXY and NO_PROXY"},
		"an unknown kind":  {by("ftp", "//"+shut.Addr().String()), "the proxy " + shut.Addr().String() + " (HTTPS_PROXY): proxies of ftp are not supported: use http://, https:// or socks5://"},
		"nobody's paper":   {by("https", secure), "unknown authority"},
		"no proxy but why": {func(*http.Request) (*url.URL, error) { return nil, errors.New("refusing") }, "the proxy (HTTPS_PROXY): refusing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := watchBy(t, "wss://127.0.0.1:1/", nil, c.proxy)
			ctx, cancel := contextUntil(t, func() bool {
				w.mu.Lock()
				defer w.mu.Unlock()
				return len(w.errs) > 0
			})
			defer cancel()
			err := w.Run(ctx, w.sink)
			if err != nil {
				w.errs = append(w.errs, err)
			}
			if len(w.errs) == 0 {
				t.Error("it connected")
			}
			w.checkErrors(t, c.says)
			w.tells(t)
		})
	}
}

// TestASlowProxyIsLeft within what the whole dial may take, and at once when the source
// is to end.
func TestASlowProxyIsLeft(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"no answer": func(c net.Conn) { idle(c) },
		"it never reads": func(c net.Conn) {
			time.Sleep(time.Minute)
		},
		"a byte a second": func(c net.Conn) {
			go idle(c)
			for {
				time.Sleep(time.Second)
				if _, err := io.WriteString(c, "H"); err != nil {
					return
				}
			}
		},
		"it leads nowhere": func(c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			idle(c)
		},
	} {
		for _, scheme := range []string{"http", "https", "socks5"} {
			if scheme != "http" && name == "it leads nowhere" {
				continue // they find that it does not speak their language
			}
			t.Run(scheme+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { leaveProxy(t, scheme, serve) })
			})
		}
	}
}

func leaveProxy(t *testing.T, scheme string, serve func(net.Conn)) {
	begin := time.Now()
	p, err := cloudevent.New(cloudevent.Config{URL: "wss://live.example.com/"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var work sync.WaitGroup
	var why error
	var left time.Duration
	dials := 0
	src, err := feed.NewSource(feed.Config{
		Source: "slow", Room: "r", Jitter: func() float64 { return 0 }, Proxy: by(scheme, "//10.0.0.1:3128"),
		Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
			if addr != "10.0.0.1:3128" {
				t.Errorf("dialled %s", addr)
			}
			ours, theirs := net.Pipe()
			work.Go(func() { defer theirs.Close(); serve(theirs) })
			if dials++; dials == 2 { // nobody waits for it any more
				time.AfterFunc(3*time.Second, cancel)
			}
			return ours, nil
		},
		Status: func(st feed.Status) {
			if st.State == feed.StateWaiting && why == nil {
				left, why = time.Since(begin), st.Err
			}
		},
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Run(ctx, feedtest.NewSink()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); why == nil || left > 16*time.Second || left < time.Second || took > left+9*time.Second {
		t.Errorf("left after %v, over after %v: %v", left, took, why)
	}
	w := &watched{errs: []error{why}}
	w.checkErrors(t, "the proxy 10.0.0.1:3128")
	w.tells(t)
	work.Wait()
}

// TestTheWayIsTheEnvironments: which variable counts, and that this machine is reached
// straight; how the environment is read is net/http's.
func TestTheWayIsTheEnvironments(t *testing.T) {
	var asked []string
	office := &url.URL{Scheme: "http", Host: "proxy.office:3128", User: url.UserPassword("office", proxyPassword)}
	for _, address := range []string{"wss://live.example.com/x?token=t", "ws://10.0.0.7:9/y", "https://api.example.com/z", "http://127.0.0.1/"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		w, err := feed.WayTo(u, func(r *http.Request) (*url.URL, error) {
			asked = append(asked, r.URL.String())
			return office, nil
		})
		if err != nil || w.Proxy() != "proxy.office:3128" {
			t.Errorf("the way to %s is by %q, %v", address, w.Proxy(), err)
		}
	}
	if got := strings.Join(asked, " "); got != "https://live.example.com http://10.0.0.7:9 https://api.example.com http://127.0.0.1" {
		t.Errorf("the environment was asked of %s", got)
	}
	here, err := url.Parse("ws://127.0.0.1:8765/")
	if err != nil {
		t.Fatal(err)
	}
	if w, err := feed.WayTo(here, nil); err != nil || w.Proxy() != "" {
		t.Errorf("the way to this machine is by %q, %v", w.Proxy(), err)
	}
}

// TestWhatAProxyIsAsked, and where: at its kind's port where its address names none.
func TestWhatAProxyIsAsked(t *testing.T) {
	long := strings.Repeat("a", 256)
	for _, c := range []struct{ proxy, host, at, asks, answers, fails string }{
		{"http://proxy.office", "live.example.com:443", "proxy.office:80", "CONNECT live.example.com:443 HTTP/1.1\r\nHost: live.example.com:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", ""},
		{"http://only@[2001:db8::1]", "[2001:db8::2]:80", "[2001:db8::1]:80", "CONNECT [2001:db8::2]:80 HTTP/1.1\r\nHost: [2001:db8::2]:80\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: Basic b25seTo=\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", ""},
		{"https://proxy.office", "live.example.com:443", "proxy.office:443", "", "", "first record does not look like a TLS handshake"},
		{"socks5://proxy.office", "live.example.com:443", "proxy.office:1080", "\x05\x01\x00\x05\x01\x00\x03\x10live.example.com\x01\xbb", "\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01", ""},
		{"socks5h://proxy.office", "10.0.0.7:80", "proxy.office:1080", "\x05\x01\x00\x05\x01\x00\x01\x0a\x00\x00\x07\x00\x50", "\x05\x00\x05\x00\x00\x04" + strings.Repeat("\x00", 18), ""},
		{"socks5://proxy.office:9", "[2001:db8::2]:80", "proxy.office:9", "\x05\x01\x00\x05\x01\x00\x04\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x02\x00\x50", "\x05\x00\x05\x00\x00\x03\x00\x00\x00", ""},
		{"socks5://proxy.office", long + ":80", "proxy.office:1080", "\x05\x01\x00", "\x05\x00", "too long"},
		{"socks5://me:" + long + "@proxy.office", "live.example.com:80", "proxy.office:1080", "\x05\x02\x00\x02", "\x05\x02", "invalid username/password"},
		{"socks5://proxy.office", "live.example.com:99999", "proxy.office:1080", "", "", "port number out of range"},
	} {
		u, err := url.Parse(c.proxy)
		if err != nil {
			t.Fatal(err)
		}
		way, err := feed.WayTo(&url.URL{Scheme: "wss", Host: c.host}, func(*http.Request) (*url.URL, error) { return u, nil })
		if err != nil {
			t.Fatal(err)
		}
		asked := make(chan string, 1)
		conn, err := way.Dial(t.Context(), func(_ context.Context, _, addr string) (net.Conn, error) {
			if addr != c.at {
				t.Errorf("%s: dialled %s, want %s", c.proxy, addr, c.at)
			}
			ours, theirs := net.Pipe()
			go func() {
				defer theirs.Close()
				go func() { _, _ = io.WriteString(theirs, firstSet(c.answers, "no TLS at all")) }()
				b := make([]byte, len(c.asks))
				_, _ = io.ReadFull(theirs, b)
				asked <- string(b)
				idle(theirs)
			}()
			return ours, nil
		}, nil, "tcp", c.host)
		if got := <-asked; got != c.asks {
			t.Errorf("%s was asked %q, want %q", c.proxy, got, c.asks)
		}
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) != (c.fails == "") || err != nil && (!strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), long)) {
			t.Errorf("%s: %v, want %q", c.proxy, err, c.fails)
		}
	}
}

func firstSet(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
