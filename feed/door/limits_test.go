package door

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed/feedtest"
	"liveroom/feed/webhook/webhooktest"
)

// hasty is a door that waits a twentieth as long as usual for strangers.
func hasty(t *testing.T) *opened {
	t.Helper()
	o, sink := open(t, nil), feedtest.NewSink()
	o.within = within{header: 250 * time.Millisecond, body: 500 * time.Millisecond, all: time.Second}
	run := o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil)
	if err := o.Hook(Hook{Name: "shop", Platform: "shopify", Secret: secret, Source: "r/shop", Sink: sink}); err != nil {
		t.Fatal(err)
	}
	o.listen(run)
	return o
}

// raw opens a connection and says something on it.
func (o *opened) raw(t *testing.T, say string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(o.ctx, "tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, say); err != nil {
		t.Fatal(err)
	}
	return c
}

// gone returns when the door has closed c, or fails.
func gone(t *testing.T, c net.Conn, what string) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, c); err != nil {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%s: still connected after %s", what, patience)
		}
	}
}

// TestStrangersWhoTakeTheirTime: whatever somebody who has shown nothing says
// slowly, or not at all, his connection ends and honest posts pass meanwhile.
func TestStrangersWhoTakeTheirTime(t *testing.T) {
	t.Parallel()
	o := hasty(t)
	// Posts whose end never comes count against the machine they come from, which is
	// ours as well: on a slow machine they have failed before the honest one is there.
	const posts = offencesAllowed/2 - 1
	slow := map[string]struct {
		say   string
		times int
	}{
		"nothing":               {"", 16},
		"half a request line":   {"POST /ho", 16},
		"half a header":         {"POST /hook/shop HTTP/1.1\r\nHost: x\r\nX-Shopify", 16},
		"half a handshake":      {"GET /in/tool HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", 16},
		"half a body":           {"POST /hook/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", posts},
		"half a chunk":          {"POST /hook/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{", posts},
		"a request, then quiet": {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 16},
	}
	conns := map[string]net.Conn{}
	for what, stranger := range slow {
		for range stranger.times {
			conns[fmt.Sprint(what, len(conns))] = o.raw(t, stranger.say)
		}
	}
	if status, answer := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order); status != http.StatusOK {
		t.Errorf("a post beside %d slow strangers: %d %s", len(conns), status, answer)
	}
	for what, c := range conns {
		gone(t, c, what)
	}
}

// TestAPeerThatNeverReadsItsAnswers fills the connection with answers; its requests
// must not hold a place for ever.
func TestAPeerThatNeverReadsItsAnswers(t *testing.T) {
	t.Parallel()
	o := hasty(t)
	c := o.raw(t, "")
	_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
	ask := strings.Repeat("GET /in/tool HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	open := func() (n int) {
		l := o.listener.(*boundedListener)
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, of := range l.by {
			n += of
		}
		return n
	}
	end := time.Now().Add(patience)
	for err := error(nil); err == nil; {
		_ = c.SetWriteDeadline(end)
		_, err = io.WriteString(c, ask)
	}
	// Whoever never reads is not told that the door hung up: what it still had to say
	// to him stands before that.
	for ; open() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end.Add(patience)) {
			t.Fatalf("the connection holds its place for %s", 2*patience)
		}
	}
}

// TestBodiesThatAreMoreThanTheySeem: what is read is bounded by bytes on the wire,
// and nothing is inflated.
func TestBodiesThatAreMoreThanTheySeem(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	zipped := signed("e1", "orders/paid", bomb.String())
	zipped.Set("Content-Encoding", "gzip")
	plain := signed("e2", "orders/paid", order)
	plain.Set("Content-Type", "image/png") // the signature decides, not the type
	for name, c := range map[string]struct {
		header http.Header
		body   string
		status int
	}{
		"20 MB":            {nil, strings.Repeat("x", 20<<20), http.StatusRequestEntityTooLarge},
		"a signed bomb":    {zipped, bomb.String(), http.StatusBadRequest},
		"of another type":  {plain, order, http.StatusOK},
		"deep JSON":        {signed("e3", "orders/paid", strings.Repeat("[", 500_000)), strings.Repeat("[", 500_000), http.StatusBadRequest},
		"an endless chunk": {http.Header{"Transfer-Encoding": {"chunked"}}, strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			o := shop(t, nil, feedtest.NewSink(), nil)
			if status, answer := o.get(t, http.MethodPost, "/hook/shop", c.header, c.body); status != c.status {
				t.Errorf("%d %s, want %d", status, answer, c.status)
			}
		})
	}
}

// TestPostsThatAreNotReadCount: who sends what nobody reads is shut out as one who
// forges is.
func TestPostsThatAreNotReadCount(t *testing.T) {
	o := shop(t, nil, feedtest.NewSink(), nil)
	for range offencesAllowed {
		if status, _ := o.get(t, http.MethodPost, "/hook/shop", nil, strings.Repeat("x", postBytes+1)); status != http.StatusRequestEntityTooLarge {
			t.Fatalf("too long: %d", status)
		}
	}
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order); status != http.StatusTooManyRequests {
		t.Errorf("after %d: %d", offencesAllowed, status)
	}
}

// TestAForgerBehindTheProxyDoesNotShutTheShopOut: a proxy on this machine is many
// peers, and tells which.
func TestAForgerBehindTheProxyDoesNotShutTheShopOut(t *testing.T) {
	o := shop(t, nil, feedtest.NewSink(), nil)
	by := func(header http.Header, who string) http.Header {
		header.Set("X-Forwarded-For", who)
		return header
	}
	for range offencesAllowed {
		o.get(t, http.MethodPost, "/hook/shop", by(http.Header{}, "198.51.100.7, 203.0.113.9"), order)
	}
	good := func() http.Header { return signed("e1", "orders/paid", order) }
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", by(good(), "198.51.100.8, 203.0.113.9"), order); status != http.StatusTooManyRequests {
		t.Errorf("whom the proxy named last, under another first name: %d", status)
	}
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", by(good(), "198.51.100.7"), order); status != http.StatusOK {
		t.Errorf("the shop: %d", status)
	}
}

func TestWhoAPeerIs(t *testing.T) {
	for _, c := range []struct{ from, named, want string }{
		{"198.51.100.7:1234", "", "198.51.100.7"},
		{"198.51.100.7:1234", "203.0.113.9", "198.51.100.7"}, // who may say anything is not believed
		{"127.0.0.1:1234", "", "127.0.0.1"},
		{"127.0.0.1:1234", "203.0.113.9", "203.0.113.9"},
		{"[::1]:1234", "evil\x1b[31m, 203.0.113.9", "203.0.113.9"},
		{"127.0.0.1:1234", "evil\x1b[31m", "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::"},
		{"127.0.0.1:1234", "2001:db8:1:2:9:9:9:9", "2001:db8:1:2::"},
		{"nowhere", "", "nowhere"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		r.RemoteAddr = c.from
		if c.named != "" {
			r.Header.Set("X-Forwarded-For", c.named)
		}
		if got := peer(r); got != c.want {
			t.Errorf("%s for %q is %q, want %q", c.from, c.named, got, c.want)
		}
	}
}

// arrivals is a listener whose connections come from where a test says.
type arrivals struct {
	next chan net.Conn
	done chan struct{}
}

func (a arrivals) Accept() (net.Conn, error) {
	select {
	case c := <-a.next:
		return c, nil
	case <-a.done:
		return nil, net.ErrClosed
	}
}
func (a arrivals) Close() error   { close(a.done); return nil }
func (a arrivals) Addr() net.Addr { return &net.TCPAddr{} }

// from is one half of a connection from an address; closed tells when it was.
type from struct {
	net.Conn
	ip     string
	closed chan struct{}
	once   *sync.Once
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(f.ip), Port: 9} }
func (f from) Close() error         { f.once.Do(func() { close(f.closed) }); return nil }

// TestOneMachineCannotTakeAllPlaces: of many half-open connections of one machine
// some are let in, and of another's all.
func TestOneMachineCannotTakeAllPlaces(t *testing.T) {
	a := arrivals{make(chan net.Conn), make(chan struct{})}
	l := bounded(a, 10, 3)
	accepted := make(chan net.Conn, 64)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	come := func(ip string) from {
		f := from{ip: ip, closed: make(chan struct{}), once: new(sync.Once)}
		a.next <- f
		return f
	}
	in := func(ip string) net.Conn {
		f := come(ip)
		select {
		case c := <-accepted:
			return c
		case <-f.closed:
			return nil
		case <-time.After(patience):
			t.Fatalf("%s is neither let in nor sent away", ip)
			return nil
		}
	}
	var held []net.Conn
	for n := range 6 {
		c := in("198.51.100.7")
		if (c != nil) != (n < 3) {
			t.Fatalf("connection %d of one machine: let in %v", n+1, c != nil)
		}
		if c != nil {
			held = append(held, c)
		}
	}
	if c := in("2001:db8::1"); c == nil {
		t.Error("another machine is sent away")
	}
	for n := range 5 { // the proxy is not counted, only all together are
		if c := in("127.0.0.1"); c == nil {
			t.Fatalf("connection %d of the proxy is sent away", n+1)
		}
	}
	_ = held[0].Close()
	_ = held[0].Close() // twice is once
	if in("198.51.100.7") == nil || in("198.51.100.7") != nil {
		t.Error("a place that was left is one place")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
}

// TestHTTP2IsNotSpoken: its streams would pass the bound of connections.
func TestHTTP2IsNotSpoken(t *testing.T) {
	t.Parallel()
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	certificate := certified.TLS.Certificates[0]
	certified.Close()
	d, err := New(Config{Addr: "127.0.0.1:0", TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}})
	if err != nil {
		t.Fatal(err)
	}
	o := &opened{Door: d, t: t}
	o.listen()
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}}}
	c, err := dialer.DialContext(o.ctx, "tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := c.(*tls.Conn).ConnectionState().NegotiatedProtocol; got != "http/1.1" {
		t.Errorf("speaks %q", got)
	}
	old := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}}
	if c, err := old.DialContext(o.ctx, "tcp", o.addr); err == nil {
		_ = c.Close()
		t.Error("an old TLS is let in")
	}
	plain := o.raw(t, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	gone(t, plain, "HTTP/2 without asking")
}

// TestNothingIsReadBeforeTheSignature: a body that would be refused when it is read
// is refused for its signature, for every platform.
func TestNothingIsReadBeforeTheSignature(t *testing.T) {
	for _, platform := range webhooktest.Platforms() {
		o, sender := posting(t, platform, newClock(), feedtest.NewSink(), nil)
		sender.Secret = map[bool]string{true: "ZmVkY2JhOTg3NjU0MzIxMA==", false: "key:another secret"}[platform == "kuaishou-shop"]
		for _, body := range []string{"", "x", `{"a":1,"a":2}`, strings.Repeat("[", 100_000)} {
			a, err := sender.Post(o.ctx, webhooktest.Message{ID: "1", Topic: "orders/paid", Body: body})
			if err != nil || a.Status != http.StatusUnauthorized && a.Status != http.StatusTooManyRequests {
				t.Errorf("%s: %.20q: %+v, %v", platform, body, a, err)
			}
		}
	}
}
