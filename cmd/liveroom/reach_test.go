package main

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
)

// A wayThrough is a proxy that leads every name to one host, which it shows as example.com.
type wayThrough struct {
	*httptest.Server
	says int    // instead of leading anywhere; 0: it leads
	who  string // whom it leads, NAME:PASSWORD; empty: everybody

	mu    sync.Mutex
	led   []string // where it was asked to lead
	asked []string // what the host behind it was asked
	trust string   // the file of the host's certificate
}

func newWayThrough(t *testing.T, says int, host http.HandlerFunc) *wayThrough {
	t.Helper()
	p := &wayThrough{says: says, trust: filepath.Join(t.TempDir(), "host.pem")}
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.Method+" "+r.URL.Path)
		p.mu.Unlock()
		host(w, r)
	})
	behind, plain := httptest.NewTLSServer(answers), httptest.NewServer(answers)
	t.Cleanup(behind.Close)
	t.Cleanup(plain.Close)
	if err := os.WriteFile(p.trust, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: behind.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.led = append(p.led, r.Method+" "+r.Host)
		p.mu.Unlock()
		if p.says != 0 || r.Method != http.MethodConnect {
			w.WriteHeader(max(p.says, http.StatusBadRequest))
			return
		}
		if p.who != "" && r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(p.who)) {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if strings.HasSuffix(r.Host, ":80") {
			p.lead(w, plain.Listener.Addr().String())
			return
		}
		p.lead(w, behind.Listener.Addr().String())
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *wayThrough) lead(w http.ResponseWriter, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer out.Close()
	in, rest, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer in.Close()
	_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	done := make(chan struct{})
	go func() { defer close(done); _, _ = io.Copy(in, out); _ = in.Close() }()
	_, _ = io.Copy(out, rest)
	_ = out.Close()
	<-done
}

// seen tells where it led since it was asked last, and what the host behind was asked.
func (p *wayThrough) seen() (led, asked []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	led, asked, p.led, p.asked = p.led, p.asked, nil, nil
	return led, asked
}

// at is the proxy's address as the environment has it.
func (p *wayThrough) at(who string) string {
	if who == "" {
		return p.URL
	}
	name, password, _ := strings.Cut(who, ":")
	return "http://" + url.UserPassword(name, password).String() + "@" + strings.TrimPrefix(p.URL, "http://")
}

// runs runs the program with the proxy in its environment, and what it prints.
func (p *wayThrough) runs(t *testing.T, config string, args ...string) string {
	t.Helper()
	out, _ := p.runsAs(t, p.at(p.who), config, append(args, "--format", "jsonl")...)
	return out
}

// runsAs is runs with the address of a proxy, and what is said beside.
func (p *wayThrough) runsAs(t *testing.T, proxy, config string, args ...string) (printed, said string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t), append(args, "--config", path)...)
	cmd.Env = append(os.Environ(), "HTTPS_PROXY="+proxy, "HTTP_PROXY="+proxy, "NO_PROXY=", "SSL_CERT_FILE="+p.trust, "LC_ALL=C.UTF-8", "TERM=xterm")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != exitDone && code != exitFound && args[0] != "collect" {
		t.Fatalf("%s: %v\n%s%s", args, err, out, errs.String())
	}
	for _, secret := range []string{"SECRET", base64.StdEncoding.EncodeToString([]byte(p.who))} {
		if all := string(out) + errs.String(); secret != "" && strings.Contains(all, secret) {
			t.Errorf("a secret is printed: %s", all)
		}
	}
	return string(out), errs.String()
}

// TestPeersAreReachedByTheProxyAndToldNothing: HTTP goes by the proxy of the environment
// as the program's own would, a system that is posted to is connected to and asked for
// nothing, and a redirect is told of and not followed.
func TestPeersAreReachedByTheProxyAndToldNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: elsewhere a file in the environment makes no certificate known")
	}
	const out = "[[out]]\nname = \"shop\"\nurl = \"https://example.com/hook?k=SECRET\"\nsecret = \"0123456789abcdef\"\nactions = [\"mute\"]\n"
	away := newWayThrough(t, 0, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(http.StatusFound)
	})
	got := away.runs(t, out, "doctor", "--timeout", "5s")
	for _, want := range []string{`example.com answers (`, `certificate good until`, "by the proxy " + away.Listener.Addr().String()} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if led, asked := away.seen(); !slices.Equal(led, []string{"CONNECT example.com:443"}) || len(asked) != 0 {
		t.Errorf("the proxy led to %q, and there was asked %q", led, asked)
	}
	got = away.runs(t, "[[room]]\nid = \"s\"\n[[room.source]]\nprotocol = \"stripe\"\ntoken = \"sk_SECRET\"\napi = \"https://example.com\"\n", "preflight")
	for _, want := range []string{"example.com redirects elsewhere (HTTP 302)", "within 5 s of example.com"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if led, asked := away.seen(); !slices.Equal(led, []string{"CONNECT example.com:443"}) || !slices.Equal(asked, []string{"HEAD /"}) {
		t.Errorf("the proxy led to %q, and there was asked %q", led, asked)
	}

	shut := newWayThrough(t, http.StatusProxyAuthRequired, nil)
	if got := shut.runs(t, out, "doctor"); !strings.Contains(got, "example.com: the proxy "+shut.Listener.Addr().String()+" (HTTPS_PROXY): HTTP 407") || !strings.Contains(got, "check HTTPS_PROXY and NO_PROXY") {
		t.Errorf("of a proxy that lets nobody through: %s", got)
	}
	if got := remedy(&feed.ProxyError{Variable: "HTTP_PROXY"}); !strings.Contains(got.en, "check HTTP_PROXY and NO_PROXY") || !strings.Contains(got.zh, "HTTP_PROXY") {
		t.Errorf("of the proxy of what goes without TLS: %+v", got)
	}
	shut.Close()
	if got := shut.runs(t, out, "doctor"); !strings.Contains(got, "example.com: the proxy "+shut.Listener.Addr().String()+" (HTTPS_PROXY): the connection was refused") {
		t.Errorf("of a proxy that is not there: %s", got)
	}
}

// live is a peer that says one thing and ends the stream.
func live(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{cloudevent.Subprotocol}}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.WriteMessage(websocket.TextMessage, []byte(goodEvent))
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, feed.CloseEnded), time.Now().Add(time.Minute))
	_, _, _ = conn.ReadMessage()
}

// TestAWebsocketGoesByTheProxy of the environment, with TLS and without: what doctor and
// preflight look at, and what is recorded. One on this machine does
// not. The proxy's password is told by nobody.
func TestAWebsocketGoesByTheProxy(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: elsewhere a file in the environment makes no certificate known")
	}
	p := newWayThrough(t, 0, live)
	p.who = "office:SECRET#1"
	here := httptest.NewServer(http.HandlerFunc(live))
	defer here.Close()
	at := p.Listener.Addr().String()
	rooms := source("cloudevent", "wss://example.com/room") + strings.Replace(source("cloudevent", "ws://example.com/room", "allow_insecure = true"), "id = \"cloudevent\"", "id = \"plain\"", 1) +
		strings.Replace(source("cloudevent", "ws"+strings.TrimPrefix(here.URL, "http")), "id = \"cloudevent\"", "id = \"here\"", 1)
	got := p.runs(t, rooms, "doctor", "--timeout", "20s")
	if n := strings.Count(got, "by the proxy "+at); n != 2 || strings.Count(got, "first message after") != 3 {
		t.Errorf("%d sources are told to go by the proxy, want 2:\n%s", n, got)
	}
	if led, _ := p.seen(); !slices.Contains(led, "CONNECT example.com:443") || !slices.Contains(led, "CONNECT example.com:80") || slices.ContainsFunc(led, func(s string) bool { return !strings.Contains(s, "example.com") }) {
		t.Errorf("the proxy was asked to lead to %q", led)
	}
	if got := p.runs(t, rooms, "preflight"); strings.Count(got, "example.com answers") != 2 {
		t.Errorf("preflight: %s", got)
	}
	if _, said := p.runsAs(t, p.at(p.who), rooms, "collect", "--once"); strings.Contains(said, "failed") || strings.Contains(said, "waiting") {
		t.Errorf("collect: %s", said)
	}
	if led, asked := p.seen(); len(led) != 4 || len(asked) != 4 {
		t.Errorf("the proxy led to %q, where was asked %q", led, asked)
	}

	one := source("cloudevent", "wss://example.com/room")
	_, said := p.runsAs(t, p.at("office:SECRET"), one, "collect", "--once")
	if !strings.Contains(said, "the proxy "+at+" (HTTPS_PROXY): HTTP 407: put the name and password that it takes into HTTPS_PROXY") {
		t.Errorf("of a wrong password collect says: %s", said)
	}
	unread, _ := p.runsAs(t, "http://office:SECRET#1@"+at, "", "doctor", "--format", "jsonl")
	if strings.Count(unread, "it cannot be read as a proxy's address") != 2 || !strings.Contains(unread, "special characters of the password as %XX (# is %23") {
		t.Errorf("of an address that cannot be read doctor says: %s", unread)
	}
}

// TestAClockIsAskedWithoutTheAddress, which may hold a secret: of the host alone, even
// where the address is a websocket's.
func TestAClockIsAskedWithoutTheAddress(t *testing.T) {
	var asked []string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization")+r.Header.Get("Upgrade"))
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	}))
	defer host.Close()
	r := reach(t.Context(), "ws://me:SECRET@"+strings.TrimPrefix(host.URL, "http://")+"/room?token=SECRET", askClock)
	if r.err != nil || !r.dated || r.skew < 59*time.Minute || r.status != http.StatusOK || !slices.Equal(asked, []string{"HEAD / "}) {
		t.Errorf("%+v, asked %q", r, asked)
	}
	if r := reach(t.Context(), "\x7f://", askClock); r.err == nil || r.host != "?" {
		t.Errorf("%+v", r)
	}
}
