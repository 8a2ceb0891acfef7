package door

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// front is a door with a way in for each case.
type front struct {
	addr   string
	trust  *tls.Config
	accept []func(context.Context) (*websocket.Conn, error)
}

func frontDoor(t *testing.T, ways int, server, trust *tls.Config) *front {
	t.Helper()
	d, err := New(Config{Addr: "127.0.0.1:0", TLS: server})
	if err != nil {
		t.Fatal(err)
	}
	f := &front{trust: trust}
	for n := range ways {
		accept, err := d.Socket(Socket{Name: fmt.Sprint("tool", n), Token: token})
		if err != nil {
			t.Fatal(err)
		}
		f.accept = append(f.accept, accept)
	}
	ctx, cancel := context.WithCancel(t.Context())
	at, err := d.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f.addr = at.String()
	var work sync.WaitGroup
	work.Go(func() {
		if err := d.Serve(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); work.Wait() })
	// It serves before anybody counts goroutines.
	conn := f.knock(t)
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	return f
}

// read lets a source read one way in until it ends.
func (f *front) read(t *testing.T, way int) *reader {
	t.Helper()
	r := &reader{front: f, way: way, sink: feedtest.NewSink(), done: make(chan error, 1)}
	src, err := feed.NewSource(feed.Config{Source: "r/tool", Room: "r", Accept: f.accept[way], Status: r.note}, events(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	go func() {
		r.done <- errors.Join(src.Run(ctx, r.sink), ctx.Err())
		cancel()
	}()
	r.Source = src
	return r
}

// A reader is the source behind a way in.
type reader struct {
	*front
	*feed.Source
	way  int
	sink *feedtest.Sink
	done chan error

	mu   sync.Mutex
	errs []error // why it waited, each time
}

func (r *reader) note(s feed.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.State == feed.StateWaiting {
		r.errs = append(r.errs, s.Err)
	}
}

// end waits until the source has, and wants it to have recorded this and no more.
func (r *reader) end(t *testing.T, want ...string) {
	t.Helper()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	if got := texts(r.sink); got != strings.Join(want, ", ") {
		t.Errorf("recorded %.200q, want %q", got, want)
	}
}

// knock connects, and no more.
func (f *front) knock(t *testing.T) net.Conn {
	t.Helper()
	var c net.Conn
	var err error
	if f.trust != nil {
		c, err = (&tls.Dialer{Config: f.trust}).DialContext(t.Context(), "tcp", f.addr)
	} else {
		c, err = (&net.Dialer{}).DialContext(t.Context(), "tcp", f.addr)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// request asks for a way in.
func request(way int) string {
	return fmt.Sprintf("GET /in/tool%d HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "+token+"\r\n", way)
}

// enter goes through the handshake by hand, with header lines more.
func (f *front) enter(t *testing.T, way int, more ...string) *hostile.Peer {
	t.Helper()
	c := f.knock(t)
	if _, err := io.WriteString(c, request(way)+strings.Join(append(more, "", ""), "\r\n")); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Extensions") != "" {
		t.Fatalf("not let in as a plain tool: %s %v", resp.Status, resp.Header)
	}
	return hostile.NewPeer(c, in, true)
}

// after is an honest tool that says one thing and ends the stream.
func (f *front) after(t *testing.T, p *hostile.Peer, offset int) {
	t.Helper()
	p.Say(hostile.Event(offset, "after"))
	p.Bye(1000, feed.CloseEnded)
	if _, err := p.Code(patience); err != nil {
		t.Error(err)
	}
	_ = p.Conn.Close()
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// overBoth runs a test at a plain and at an encrypted door.
func overBoth(t *testing.T, run func(t *testing.T, server, trust *tls.Config)) {
	a := hostile.NewAuthority(t)
	t.Run("ws", func(t *testing.T) { run(t, nil, nil) })
	t.Run("wss", func(t *testing.T) { run(t, a.Valid(t), a.Trust()) })
}

// TestAHostileToolCannotHurt plays to the door what a hostile server plays to a
// source, the tool masking what it sends: nothing panics or leaks, little memory is
// asked for, and what came before and what comes after is recorded.
func TestAHostileToolCannotHurt(t *testing.T) {
	cases := hostile.Cases()
	overBoth(t, func(t *testing.T, server, trust *tls.Config) {
		f := frontDoor(t, len(cases), server, trust)
		for i, c := range cases {
			t.Run(c.Class+"/"+c.Name, func(t *testing.T) { playTool(t, c, f, i) })
		}
	})
}

func playTool(t *testing.T, c hostile.Case, f *front, way int) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	r := f.read(t, way)
	p := f.enter(t, way)
	p.Say(hostile.Event(1, "before"))
	before := allocated()
	if err := c.Play(p); err != nil {
		t.Errorf("the tool saw: %v", err)
	}
	if c.Want == hostile.Cut || c.Want == hostile.Closed {
		_ = p.Conn.Close()
		p = f.enter(t, way)
	}
	f.after(t, p, 2+len(c.Texts))
	r.end(t, slices.Concat([]string{"before"}, c.Texts, []string{"after"})...)
	if used := allocated() - before; used > hostile.Harmless {
		t.Errorf("it took %d kB of memory", used>>10)
	}
	if c.Want == hostile.Refused && r.Status().Refused == 0 {
		t.Error("what could not be read was not counted")
	}
	for _, err := range r.errs {
		if s := err.Error(); strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) || !strings.Contains(s, c.Says) {
			t.Errorf("the reason is %.600q, want it to say %q", s, c.Says)
		}
	}
}

// A spoilt request is none, and answered with that status; 0 is with a hang-up.
type spoilt struct {
	name    string
	request string
	status  int
}

func spoiltRequests(way int) []spoilt {
	whole := request(way)
	without := func(line string) string { return strings.Replace(whole, line+"\r\n", "", 1) + "\r\n" }
	return []spoilt{
		{"no key", without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), http.StatusBadRequest},
		{"a key that is no key", strings.Replace(whole, "dGhlIHNhbXBsZSBub25jZQ==", "short", 1) + "\r\n", http.StatusBadRequest},
		{"no version", without("Sec-WebSocket-Version: 13"), http.StatusBadRequest},
		{"another version", strings.Replace(whole, "Version: 13", "Version: 8", 1) + "\r\n", http.StatusBadRequest},
		{"no upgrade", without("Upgrade: websocket"), http.StatusUpgradeRequired},
		{"a post", strings.Replace(whole, "GET", "POST", 1) + "Content-Length: 0\r\n\r\n", http.StatusMethodNotAllowed},
		{"20 MB of headers", whole + strings.Repeat("X-Fill: "+strings.Repeat("a", 1000)+"\r\n", 20_000) + "\r\n", http.StatusRequestHeaderFieldsTooLarge},
		{"one header of 20 MB", whole + "X-Fill: " + strings.Repeat("a", 20<<20) + "\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
		{"an address of 20 MB", "GET /in/" + strings.Repeat("a", 20<<20) + " HTTP/1.1\r\nHost: x\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
		{"no host", without("Host: x"), http.StatusBadRequest},
		{"no HTTP", "SSH-2.0-OpenSSH_9.9\r\n\r\n", http.StatusBadRequest},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", http.StatusBadRequest},
		{"HTTP/3.0", strings.Replace(whole, "HTTP/1.1", "HTTP/3.0", 1) + "\r\n", http.StatusHTTPVersionNotSupported},
		{"two lengths", strings.Replace(whole, "GET", "POST", 1) + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", http.StatusBadRequest},
		{"a header of controls", whole + "X-\x1b[2J: 1\r\n\r\n", http.StatusBadRequest},
		{"frames from the start", "\x81\x85abcd\x00\x00\x00\x00\x00\r\n\r\n", http.StatusBadRequest},
		{"frames before the answer", whole + "\r\n\x81\x85abcd\x00\x00\x00\x00\x00", 0},
	}
}

// TestASpoiltRequestCannotHurt: it is refused or hung up on, costs little, and the
// next tool is let in.
func TestASpoiltRequestCannotHurt(t *testing.T) {
	overBoth(t, func(t *testing.T, server, trust *tls.Config) {
		f := frontDoor(t, len(spoiltRequests(0)), server, trust)
		for way := range f.accept {
			s := spoiltRequests(way)[way]
			t.Run(s.name, func(t *testing.T) { spoil(t, s, f, way) })
		}
	})
}

func spoil(t *testing.T, s spoilt, f *front, way int) {
	// net/http gives who is refused half a second to read why.
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
	r := f.read(t, way)
	conn := f.knock(t)
	request := []byte(s.request)
	before := allocated()
	var write sync.WaitGroup
	write.Go(func() { _, _ = conn.Write(request) })
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		_ = resp.Body.Close()
		if resp.StatusCode != s.status || bytes.ContainsRune(body, '\x1b') {
			t.Errorf("answered %s %q, want %d", resp.Status, body, s.status)
		}
	} else if s.status != 0 && len(request) < 1<<20 { // of a long one the answer may be lost in a reset
		t.Errorf("not answered: %v", err)
	}
	if used := allocated() - before; used > hostile.Harmless {
		t.Errorf("it took %d kB of memory", used>>10)
	}
	_ = conn.Close()
	write.Wait()
	f.after(t, f.enter(t, way), 1)
	r.end(t, "after")
}

// TestTheDoorAgreesToNoDeflate: it would have to inflate without a limit.
func TestTheDoorAgreesToNoDeflate(t *testing.T) {
	f := frontDoor(t, 1, nil, nil)
	r := f.read(t, 0)
	p := f.enter(t, 0, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_no_context_takeover; client_no_context_takeover")
	p.Frame(0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00")
	if code, err := p.Code(patience); err != nil || code != 1002 {
		t.Errorf("closed with %d, %v", code, err)
	}
	f.after(t, f.enter(t, 0), 1)
	r.end(t, "after")
}

// TestADoorInTLSTakesNothingElse: neither plain requests nor old versions.
func TestADoorInTLSTakesNothingElse(t *testing.T) {
	a := hostile.NewAuthority(t)
	f := frontDoor(t, 1, a.Valid(t), a.Trust())
	r := f.read(t, 0)
	old := a.Trust()
	old.MaxVersion = tls.VersionTLS11
	if _, err := (&tls.Dialer{Config: old}).DialContext(t.Context(), "tcp", f.addr); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("by TLS 1.1: %v", err)
	}
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", f.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request(0)+"\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(patience))
	if got, _ := io.ReadAll(c); bytes.Contains(got, []byte("101")) {
		t.Errorf("a plain request was answered: %q", got)
	}
	f.after(t, f.enter(t, 0), 1)
	r.end(t, "after")
}

// TestAToolThatDialsAgainAtOnceLosesNothing: what it sent before it left is read,
// however soon it is back, also while the record is slow to take anything.
func TestAToolThatDialsAgainAtOnceLosesNothing(t *testing.T) {
	f := frontDoor(t, 1, nil, nil)
	var want []string
	send := func(n int, last bool) {
		p := f.enter(t, 0)
		want = append(want, fmt.Sprint("n", n))
		p.Say(hostile.Event(n, fmt.Sprint("n", n)))
		if last {
			p.Bye(1000, feed.CloseEnded)
			_, _ = p.Code(patience)
		}
		_ = p.Conn.Close()
	}
	for n := range 5 { // nobody reads yet
		send(n+1, false)
	}
	r := f.read(t, 0)
	for n := range 10 {
		// The door keeps eight that wait, and on a busy machine the reader may not have
		// taken one yet.
		if err := r.sink.Wait(n+1, nil, patience); err != nil {
			t.Fatal(err)
		}
		send(n+6, n == 9)
	}
	r.end(t, want...)
}
