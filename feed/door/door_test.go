package door

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/barrage"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	token    = "a token of the tests"
	patience = 10 * time.Second
)

// opened is a door that listens until the test ends.
type opened struct {
	*Door
	t    *testing.T
	ctx  context.Context
	addr string
	work sync.WaitGroup
}

func open(t *testing.T, clock func() time.Time) *opened {
	t.Helper()
	d, err := New(Config{Addr: "127.0.0.1:0", Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return &opened{Door: d, t: t}
}

// listen serves what was opened, and stops at the end of the test.
func (o *opened) listen(run ...func(context.Context)) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	o.ctx = ctx
	at, err := o.Listen(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	o.addr = at.String()
	o.work.Go(func() {
		if err := o.Serve(ctx); err != nil {
			o.t.Error(err)
		}
	})
	for _, f := range run {
		o.work.Go(func() { f(ctx) })
	}
	o.t.Cleanup(func() { cancel(); o.work.Wait() })
}

// source reads a socket into a sink.
func (o *opened) source(s Socket, p feed.Protocol, sink feed.Sink, told func(feed.Status)) func(context.Context) {
	o.t.Helper()
	accept, err := o.Socket(s)
	if err != nil {
		o.t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{Source: "r/" + s.Name, Room: "r", Accept: accept, Status: told}, p)
	if err != nil {
		o.t.Fatal(err)
	}
	return func(ctx context.Context) {
		if err := src.Run(ctx, sink); err != nil && ctx.Err() == nil {
			o.t.Error(err)
		}
	}
}

func (o *opened) dial(path string, header http.Header, protocols ...string) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: patience}
	conn, resp, err := dialer.DialContext(o.ctx, "ws://"+o.addr+path, header)
	if conn != nil {
		o.t.Cleanup(func() { _ = conn.Close() })
	}
	return conn, resp, err
}

func bearer(s string) http.Header { return http.Header{"Authorization": {"Bearer " + s}} }

func event(id, text string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"tool","type":"liveroom.chat.v1","data":{"text":%q}}`, id, text)
}

func write(t *testing.T, c *websocket.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if err := c.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
}

func events(t *testing.T) feed.Protocol {
	t.Helper()
	p, err := cloudevent.New(cloudevent.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func text(e feed.Event) string {
	if e.Gap != nil {
		return "gap " + e.Gap.Reason
	}
	return e.Text
}

func texts(s *feedtest.Sink) string {
	var out []string
	for _, e := range s.Events(nil) {
		out = append(out, text(e))
	}
	return strings.Join(out, ", ")
}

func wait(t *testing.T, s *feedtest.Sink, n int) {
	t.Helper()
	if err := s.Wait(n, nil, patience); err != nil {
		t.Fatalf("%v: %s", err, texts(s))
	}
}

func TestAToolDialsIn(t *testing.T) {
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "tool", Token: token, Subprotocols: []string{cloudevent.Subprotocol}}, events(t), sink, nil))
	conn, _, err := o.dial("/in/tool", bearer(token), cloudevent.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	if conn.Subprotocol() != cloudevent.Subprotocol {
		t.Errorf("answered with subprotocol %q", conn.Subprotocol())
	}
	write(t, conn, event("1", "hello"), "no event", event("1", "hello"), event("2", "again"))
	wait(t, sink, 2)
	if got := texts(sink); got != "hello, again" {
		t.Errorf("committed %s", got)
	}
	if e := sink.Events(nil)[0]; e.Room != "r" || len(e.Raw) == 0 || e.Recv.IsZero() {
		t.Errorf("event %+v", e)
	}
}

func TestAToolThatComesAgainTakesItsPlaceAndLeavesAGap(t *testing.T) {
	o, sink := open(t, nil), feedtest.NewSink()
	states := make(chan feed.Status, 64)
	o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, func(s feed.Status) { states <- s }))
	first, _, err := o.dial("/in/tool", bearer(token))
	if err != nil {
		t.Fatal(err)
	}
	write(t, first, event("1", "one"))
	wait(t, sink, 1)
	second, _, err := o.dial("/in/tool", bearer(token)) // the first one hangs: it never closed
	if err != nil {
		t.Fatal(err)
	}
	write(t, second, event("2", "two"))
	wait(t, sink, 3)
	if got := texts(sink); got != "one, gap reconnect, two" {
		t.Errorf("committed %s", got)
	}
	_ = first.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := first.ReadMessage(); err == nil {
		t.Error("the old connection is still up")
	}
	var seen []feed.State
	for len(states) > 0 {
		if s := <-states; len(seen) == 0 || seen[len(seen)-1] != s.State {
			seen = append(seen, s.State)
		}
	}
	if want := "[dialling live waiting live]"; fmt.Sprint(seen) != want {
		t.Errorf("states %v, want %s", seen, want)
	}
}

func TestAPageDialsInFromItsOrigin(t *testing.T) {
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "dycast", Token: token, Origins: []string{"http://localhost:5173"}}, barrage.New(""), sink, nil))
	page := func(origin string) http.Header { return http.Header{"Origin": {origin}} }
	in := "/in/dycast?token=" + strings.ReplaceAll(token, " ", "%20")
	if _, resp, err := o.dial(in, page("http://evil.example")); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a strange page: %v, %v", resp, err)
	}
	conn, _, err := o.dial(in, page("http://localhost:5173"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, conn, `[{"method":"WebcastChatMessage","id":"7301","user":{"id":"9","name":"小鹿"},"content":"真的是纯羊绒吗"}]`)
	wait(t, sink, 1)
	if e := sink.Events(nil)[0]; e.Text != "真的是纯羊绒吗" || e.User.Name != "小鹿" {
		t.Errorf("event %+v", e)
	}
}

func TestARecogniserIsHeardAtTheDoor(t *testing.T) {
	p, err := asr.New(asr.Options{Format: "vosk"})
	if err != nil {
		t.Fatal(err)
	}
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "speech", Token: token}, p, sink, nil))
	conn, _, err := o.dial("/in/speech", bearer(token))
	if err != nil {
		t.Fatal(err)
	}
	write(t, conn, `{"partial":"百 分 之 百"}`, `{"result":[{"conf":0.9,"start":0.1,"end":1.2,"word":"百分之百"}],"text":"百 分 之 百 纯 羊 绒"}`)
	wait(t, sink, 2)
	got := sink.Events(nil)
	if !got[0].Speech.Partial || got[1].Speech.Partial || got[1].Text != "百分之百纯羊绒" || got[0].Speech.Utterance != got[1].Speech.Utterance {
		t.Errorf("heard %s", texts(sink))
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		header http.Header
		status int
	}{
		"no token":     {"/in/tool", nil, http.StatusUnauthorized},
		"wrong token":  {"/in/tool", bearer("a token of somebody"), http.StatusUnauthorized},
		"part of it":   {"/in/tool", bearer(token[:8]), http.StatusUnauthorized},
		"a page":       {"/in/tool", http.Header{"Authorization": {"Bearer " + token}, "Origin": {"http://localhost:5173"}}, http.StatusForbidden},
		"another door": {"/in/other", bearer(token), http.StatusNotFound},
		"the door":     {"/", bearer(token), http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			o, sink := open(t, nil), feedtest.NewSink()
			o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil))
			_, resp, err := o.dial(c.path, c.header)
			if err == nil || resp == nil || resp.StatusCode != c.status {
				t.Fatalf("%v, %v; want %d", resp, err, c.status)
			}
			body, _ := io.ReadAll(resp.Body)
			if strings.Contains(string(body), token) {
				t.Errorf("the answer repeats the token: %s", body)
			}
		})
	}
}

func TestWhoGuessesIsShutOut(t *testing.T) {
	now := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	o, sink := open(t, clock), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil))
	for range offencesAllowed {
		if _, resp, _ := o.dial("/in/tool", bearer("wrong wrong wrong wrong")); resp == nil || resp.StatusCode != http.StatusUnauthorized {
			t.Fatalf("a wrong token: %v", resp)
		}
	}
	_, resp, err := o.dial("/in/tool", bearer(token))
	if err == nil || resp == nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Fatalf("after %d wrong tokens: %v, %v", offencesAllowed, resp, err)
	}
	mu.Lock()
	now = now.Add(offenceWindow)
	mu.Unlock()
	if _, _, err := o.dial("/in/tool", bearer(token)); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestTwoToolsDoNotThrowEachOtherOutForEver(t *testing.T) {
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil))
	for n := range dialsAllowed {
		if _, _, err := o.dial("/in/tool", bearer(token)); err != nil {
			t.Fatalf("dial %d: %v", n+1, err)
		}
	}
	if _, resp, err := o.dial("/in/tool", bearer(token)); err == nil || resp == nil || resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("dial %d: %v, %v", dialsAllowed+1, resp, err)
	}
}

func TestNotAWebsocket(t *testing.T) {
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil))
	if status, _ := o.get(t, http.MethodGet, "/in/tool", nil, ""); status != http.StatusUpgradeRequired {
		t.Errorf("a plain request: %d", status)
	}
}

func TestASlowStrangerIsSentAway(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a timeout")
	}
	o, sink := open(t, nil), feedtest.NewSink()
	o.listen(o.source(Socket{Name: "tool", Token: token}, events(t), sink, nil))
	c, err := (&net.Dialer{}).DialContext(o.ctx, "tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET /in/tool HTTP/1.1\r\nHost: x\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(2 * headerTimeout))
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("still connected after %s: %v", 2*headerTimeout, err)
	}
}

func TestWaysInAreChecked(t *testing.T) {
	hook := Hook{Name: "shop", Platform: "shopify", Secret: "s", Source: "s", Sink: feedtest.NewSink()}
	for want, open := range map[string]func(*Door) error{
		"no HOST:PORT":                     func(*Door) error { _, err := New(Config{Addr: "7790"}); return err },
		"would show tokens to the network": func(*Door) error { _, err := New(Config{Addr: "0.0.0.0:7790"}); return err },
		"fewer than 16":                    func(d *Door) error { _, err := d.Socket(Socket{Name: "a", Token: "short"}); return err },
		"small letters":                    func(d *Door) error { _, err := d.Socket(Socket{Name: "A b", Token: token}); return err },
		"is not one": func(d *Door) error {
			_, err := d.Socket(Socket{Name: "a", Token: token, Origins: []string{"localhost"}})
			return err
		},
		"stands twice": func(d *Door) error {
			_, err := d.Socket(Socket{Name: "shop", Token: token})
			return errors.Join(err, d.Hook(hook))
		},
		`platform "amazon" is not known`: func(d *Door) error { h := hook; h.Platform = "amazon"; return d.Hook(h) },
		"the shop's secret is missing":   func(d *Door) error { h := hook; h.Secret = ""; return d.Hook(h) },
		`door "shop": the secret of this shop cannot be used: write it KEY:SECRET`: func(d *Door) error {
			h := hook
			h.Platform, h.Secret = "tiktok-shop", "no key before it"
			return d.Hook(h)
		},
		"its signKey is no AES key": func(d *Door) error {
			h := hook
			h.Platform, h.Secret = "kuaishou-shop", "c2hvcnQ="
			return d.Hook(h)
		},
	} {
		d, err := New(Config{Addr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		if err := open(d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	d, err := New(Config{Addr: "0.0.0.0:0", AllowPlain: true})
	if err != nil || d == nil {
		t.Errorf("allowed in the open: %v", err)
	}
}

func TestAnAddressThatIsTaken(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d, err := New(Config{Addr: l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Listen(context.Background()); err == nil || !strings.Contains(err.Error(), "open the door") {
		t.Errorf("a second door at one address: %v", err)
	}
}

// get asks over plain HTTP.
func (o *opened) get(t *testing.T, method, path string, header http.Header, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(o.ctx, method, "http://"+o.addr+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

const secret = "a secret of the tests"

func signed(id, topic, body string) http.Header {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(body))
	return http.Header{
		"X-Shopify-Hmac-Sha256": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
		"X-Shopify-Event-Id":    {id}, "X-Shopify-Topic": {topic},
	}
}

const order = `{"id":5678901234567890123,"financial_status":"paid","total_price":"299.00","currency":"CNY","updated_at":"2026-11-20T20:05:00+08:00","line_items":[{"product_id":7,"title":"围巾","quantity":1,"price":"299.00"}]}`

func shop(t *testing.T, clock func() time.Time, sink feed.Sink, status func(feed.Status)) *opened {
	t.Helper()
	o := open(t, clock)
	if err := o.Hook(Hook{Name: "shop", Platform: "shopify", Secret: secret, Source: "r/shop", Room: "r", Sink: sink, Status: status}); err != nil {
		t.Fatal(err)
	}
	o.listen()
	return o
}

func TestAShopPosts(t *testing.T) {
	sink := feedtest.NewSink()
	o := shop(t, nil, sink, nil)
	if status, answer := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	got := sink.Events(nil)
	if len(got) != 1 || got[0].OrderID != "5678901234567890123" || got[0].AmountFen != 29900 || got[0].Status != feed.StatusPaid || got[0].Room != "r" || string(got[0].Raw) != order {
		t.Fatalf("events %+v", got)
	}
	for name, h := range map[string]http.Header{
		"delivered again":             signed("e1", "orders/paid", order),
		"replayed under another name": signed("e2", "orders/paid", order),
	} {
		if status, _ := o.get(t, http.MethodPost, "/hook/shop", h, order); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
	if n := len(sink.Events(nil)); n != 1 {
		t.Errorf("%d events after replays", n)
	}
	// The same body under another topic says something else.
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e3", "orders/fulfilled", order), order); status != http.StatusOK || len(sink.Events(nil)) != 2 {
		t.Errorf("%d, %d events", status, len(sink.Events(nil)))
	}
}

func TestPostsThatAreNotTaken(t *testing.T) {
	forged := signed("e1", "orders/paid", order)
	forged.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(make([]byte, 32)))
	for name, c := range map[string]struct {
		method string
		header http.Header
		body   string
		status int
	}{
		"forged":       {http.MethodPost, forged, order, http.StatusUnauthorized},
		"unsigned":     {http.MethodPost, nil, order, http.StatusUnauthorized},
		"changed":      {http.MethodPost, signed("e1", "orders/paid", order), strings.Replace(order, "299.00", "2.99", 1), http.StatusUnauthorized},
		"not JSON":     {http.MethodPost, signed("e1", "orders/paid", "x"), "x", http.StatusBadRequest},
		"too long":     {http.MethodPost, nil, strings.Repeat("x", postBytes+1), http.StatusRequestEntityTooLarge},
		"not a post":   {http.MethodGet, signed("e1", "orders/paid", ""), "", http.StatusMethodNotAllowed},
		"never opened": {http.MethodPost, nil, "", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			sink := feedtest.NewSink()
			var last feed.Status
			o := shop(t, nil, sink, func(s feed.Status) { last = s })
			status, answer := o.get(t, c.method, "/hook/shop", c.header, c.body)
			if status != c.status || strings.Contains(answer, secret) {
				t.Errorf("%d %s, want %d", status, answer, c.status)
			}
			if n := len(sink.Events(nil)); n != 0 {
				t.Errorf("%d events", n)
			}
			if c.method == http.MethodPost && last.Refused != 1 {
				t.Errorf("status %+v", last)
			}
		})
	}
}

func TestWhoForgesPostsIsShutOut(t *testing.T) {
	o := shop(t, nil, feedtest.NewSink(), nil)
	for range offencesAllowed {
		o.get(t, http.MethodPost, "/hook/shop", nil, order)
	}
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order); status != http.StatusTooManyRequests {
		t.Errorf("after %d forged posts: %d", offencesAllowed, status)
	}
}

// full is a record that cannot be written until it is mended.
type full struct {
	*feedtest.Sink
	mu     sync.Mutex
	broken bool
}

func (f *full) Commit(ctx context.Context, b feed.Batch) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken {
		return errors.New("the disk is full")
	}
	return f.Sink.Commit(ctx, b)
}

func (f *full) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = false
}

func TestAPostIsAnsweredOnlyWhenItIsOnDisk(t *testing.T) {
	sink := &full{Sink: feedtest.NewSink(), broken: true}
	var mu sync.Mutex
	var states []feed.State
	o := shop(t, nil, sink, func(s feed.Status) { mu.Lock(); defer mu.Unlock(); states = append(states, s.State) })
	post := func() int {
		status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order)
		return status
	}
	if status := post(); status != http.StatusServiceUnavailable {
		t.Fatalf("with a full disk: %d", status)
	}
	sink.mend()
	if status := post(); status != http.StatusOK || len(sink.Events(nil)) != 1 {
		t.Errorf("posted again: %d, %d events", status, len(sink.Events(nil)))
	}
	mu.Lock()
	defer mu.Unlock()
	if want := "[live blocked live]"; fmt.Sprint(states) != want {
		t.Errorf("states %v, want %s", states, want)
	}
}

func TestPostsAtOnce(t *testing.T) {
	sink := feedtest.NewSink()
	o := shop(t, nil, sink, nil)
	const n = 40
	var wg sync.WaitGroup
	for i := range n {
		body := strings.Replace(order, "5678901234567890123", fmt.Sprint(int64(5678901234567890000)+int64(i)), 1)
		for range 2 { // platforms do deliver twice at once
			wg.Go(func() {
				if status, answer := o.get(t, http.MethodPost, "/hook/shop", signed(fmt.Sprint("e", i), "orders/paid", body), body); status != http.StatusOK {
					t.Errorf("%d %s", status, answer)
				}
			})
		}
	}
	wg.Wait()
	if got := len(sink.Events(nil)); got != n {
		t.Errorf("%d events, want %d", got, n)
	}
}

// TestAPostFromTheFuture: a shop's broken time does not move an order out of its
// broadcast, and is told of.
func TestAPostFromTheFuture(t *testing.T) {
	sink := feedtest.NewSink()
	o := shop(t, nil, sink, nil)
	body := strings.Replace(order, "2026-11-20T20:05:00+08:00", "2492-01-01T00:00:00+08:00", 1)
	if status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", body), body); status != http.StatusOK {
		t.Fatal(status)
	}
	got := sink.Events(nil)
	if len(got) != 2 || got[0].Code != feed.CodeSkew || !got[1].At.Equal(got[1].Recv) {
		t.Errorf("events %+v", got)
	}
}
