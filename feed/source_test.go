package feed

import (
	"bufio"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lines is a protocol for tests: a message is "epoch offset id text", with "-"
// for no epoch; "fatal", "redial" and "bad" do what they say.
type lines struct {
	url          string
	header       http.Header
	subprotocols []string
	beat         time.Duration
	acks         bool
}

func (p lines) Name() string { return "lines" }

func (p lines) Request(pos Position) (Request, error) {
	url := p.url
	if pos.Epoch != "" {
		url += fmt.Sprintf("?epoch=%s&after=%d", pos.Epoch, pos.Offset)
	}
	return Request{URL: url, Header: p.header, Subprotocols: p.subprotocols}, nil
}

func (p lines) NewSession(Position) Session {
	if p.acks {
		return ackingSession{lineSession{p}}
	}
	return lineSession{p}
}

type lineSession struct{ p lines }

func (s lineSession) Hello() []Frame { return []Frame{{Data: []byte("hello")}} }

func (s lineSession) Heartbeat() (time.Duration, Frame) {
	return s.p.beat, Frame{Binary: true, Data: []byte("beat")}
}

func (s lineSession) Decode(f Frame, _ time.Time) Decoded {
	switch string(f.Data) {
	case "fatal":
		return Decoded{Fatal: errors.New("no such room")}
	case "redial":
		return Decoded{Redial: true}
	case "quiet":
		return Decoded{Reply: []Frame{{Data: []byte("heard")}}}
	}
	part := strings.SplitN(string(f.Data), " ", 4)
	if len(part) < 4 {
		return Decoded{Refused: []error{fmt.Errorf("%d words, want 4", len(part))}}
	}
	e := Event{Kind: KindChat, ID: part[2], Text: part[3]}
	if part[0] != "-" {
		e.Epoch = part[0]
		e.Offset, _ = strconv.ParseInt(part[1], 10, 64)
	}
	return Decoded{Events: []Event{e}}
}

type ackingSession struct{ lineSession }

func (ackingSession) Committed(events []Event) []Frame {
	var frames []Frame
	for _, e := range events {
		frames = append(frames, Frame{Data: []byte("ack " + e.ID)})
	}
	return frames
}

// memory is a sink that behaves like a store.
type memory struct {
	mu      sync.Mutex
	events  []Event
	known   map[string]bool
	pos     map[string]Position
	batches []int
	doubled int
	fail    func() error
}

func newMemory() *memory { return &memory{known: map[string]bool{}, pos: map[string]Position{}} }

func (m *memory) Commit(_ context.Context, b Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		if err := m.fail(); err != nil {
			return err
		}
	}
	for _, e := range b.Events {
		key := e.Source + "\x00" + e.ID
		if m.known[key] {
			m.doubled++
			continue
		}
		m.known[key] = true
		m.events = append(m.events, e)
	}
	m.batches = append(m.batches, len(b.Events))
	m.pos[b.Source] = b.Position
	return nil
}

func (m *memory) Position(_ context.Context, source string) (Position, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.pos[source]; ok {
		return p, nil
	}
	return Position{Source: source}, nil
}

// texts lists what was committed, a gap as "gap lost reason".
func (m *memory) texts() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, e := range m.events {
		if e.Gap != nil {
			out = append(out, fmt.Sprintf("gap %d %s", e.Gap.Lost, e.Gap.Reason))
		} else {
			out = append(out, e.Text)
		}
	}
	return out
}

// serve runs script for each connection in turn, the last one for all further.
func serve(t *testing.T, scripts ...func(*websocket.Conn, *http.Request)) string {
	t.Helper()
	var n atomic.Int64
	up := websocket.Upgrader{Subprotocols: []string{"lines"}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		i := min(int(n.Add(1)), len(scripts)) - 1
		scripts[i](conn, r)
	}))
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http")
}

func say(c *websocket.Conn, messages ...string) {
	for _, m := range messages {
		if c.WriteMessage(websocket.TextMessage, []byte(m)) != nil {
			return
		}
	}
}

func end(c *websocket.Conn) {
	msg := websocket.FormatCloseMessage(websocket.CloseNormalClosure, CloseEnded)
	_ = c.WriteControl(websocket.CloseMessage, msg, time.Now().Add(time.Second))
	wait(c)
}

// wait reads until the client is gone.
func wait(c *websocket.Conn) {
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
	}
}

// statuses collects states.
type statuses struct {
	mu  sync.Mutex
	all []Status
}

func (s *statuses) add(st Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, st)
}

func (s *statuses) find(state State) (Status, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.all {
		if st.State == state {
			return st, true
		}
	}
	return Status{}, false
}

// start runs a source until the test's end or its own.
func start(t *testing.T, cfg Config, p Protocol, sink Sink) (*Source, context.CancelFunc, <-chan error) {
	t.Helper()
	cfg.Source = "room/lines"
	if cfg.Jitter == nil {
		cfg.Jitter = func() float64 { return 0.01 }
	}
	s, err := NewSource(cfg, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, sink) }()
	return s, cancel, done
}

// result waits for the source to end.
func result(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the source does not end")
		return nil
	}
}

func TestSourceDeliversInOrder(t *testing.T) {
	var want, sent []string
	for i := 1; i <= 1000; i++ {
		text := fmt.Sprintf("第%d条", i)
		want = append(want, text)
		sent = append(sent, fmt.Sprintf("e1 %d c%d %s", i, i, text))
	}
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, sent...); end(c) })
	recv := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	sink, seen := newMemory(), &statuses{}
	s, _, done := start(t, Config{Room: "南枝小院", Clock: func() time.Time { return recv }, Status: seen.add}, lines{url: url}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, want) {
		t.Fatalf("%d events, want %d in order", len(got), len(want))
	}
	if n := slices.Max(sink.batches); n > batchEvents {
		t.Errorf("a batch holds %d events", n)
	}
	e := sink.events[0]
	if e.Room != "南枝小院" || e.Source != "room/lines" || !e.Recv.Equal(recv) || !e.At.Equal(recv) ||
		string(e.Raw) != "e1 1 c1 第1条" || e.Shown.String() != "第1条" {
		t.Errorf("event is not finished: %+v", e)
	}
	pos := sink.pos["room/lines"]
	if pos.Epoch != "e1" || pos.Offset != 1000 || pos.ID != "c1000" || pos.Source != "room/lines" {
		t.Errorf("position %+v", pos)
	}
	if st := s.Status(); st.State != StateEnded || st.Received != 1000 || st.Reconnects != 0 {
		t.Errorf("status %+v", st)
	}
	if _, ok := seen.find(StateLive); !ok {
		t.Error("never told to be live")
	}
}

func TestSourceResumesAfterACut(t *testing.T) {
	asked := make(chan string, 3)
	url := serve(t,
		func(c *websocket.Conn, r *http.Request) {
			asked <- r.URL.RawQuery
			say(c, "e1 1 c1 a", "e1 2 c2 b")
			_ = c.NetConn().(*net.TCPConn).CloseWrite()
		},
		func(c *websocket.Conn, r *http.Request) {
			asked <- r.URL.RawQuery
			say(c, "e1 2 c2 b", "e1 3 c3 c")
			end(c)
		})
	sink := newMemory()
	s, _, done := start(t, Config{}, lines{url: url}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("committed %q", got)
	}
	if first, second := <-asked, <-asked; first != "" || second != "epoch=e1&after=2" {
		t.Errorf("asked for %q, then %q", first, second)
	}
	if st := s.Status(); st.Duplicates != 1 || st.Reconnects != 1 {
		t.Errorf("status %+v", st)
	}
}

func TestSourceRecordsGaps(t *testing.T) {
	tests := []struct {
		name          string
		first, second []string
		want          []string
	}{
		{
			"a source without numbers cannot replay",
			[]string{"- 0 a1 a"},
			[]string{"- 0 a2 b"},
			[]string{"a", "gap -1 reconnect", "b"},
		},
		{
			"any message shows that the line is back",
			[]string{"- 0 a1 a"},
			[]string{"quiet"},
			[]string{"a", "gap -1 reconnect"},
		},
		{
			"numbers skipped while away",
			[]string{"e1 1 a1 a"},
			[]string{"e1 5 a5 e"},
			[]string{"a", "gap 3 skipped", "e"},
		},
		{
			"numbers skipped in a running stream",
			[]string{"e1 1 a1 a", "e1 4 a4 d"},
			[]string{"e1 5 a5 e"},
			[]string{"a", "gap 2 skipped", "d", "e"},
		},
		{
			"the numbering starts anew",
			[]string{"e1 7 a7 a"},
			[]string{"e2 1 b1 b"},
			[]string{"a", "gap -1 epoch_changed", "b"},
		},
		{
			"numbers vanish",
			[]string{"e1 7 a7 a"},
			[]string{"- 0 b1 b"},
			[]string{"a", "gap -1 reconnect", "b"},
		},
		{
			"resumed",
			[]string{"e1 1 a1 a"},
			[]string{"e1 2 a2 b"},
			[]string{"a", "b"},
		},
		{
			"nothing was heard before",
			nil,
			[]string{"- 0 a1 a"},
			[]string{"a"},
		},
		{
			"a late joiner has lost nothing",
			[]string{"e1 900 a a"},
			[]string{"e1 901 b b"},
			[]string{"a", "b"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t,
				func(c *websocket.Conn, _ *http.Request) { say(c, tt.first...) },
				func(c *websocket.Conn, _ *http.Request) { say(c, tt.second...); end(c) })
			sink := newMemory()
			_, _, done := start(t, Config{}, lines{url: url}, sink)
			if err := result(t, done); err != nil {
				t.Fatal(err)
			}
			if got := sink.texts(); !slices.Equal(got, tt.want) {
				t.Errorf("committed %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSourceRecordsTheGapOfEachRestartOnce(t *testing.T) {
	url := serve(t,
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a1 a"); end(c) },
		func(c *websocket.Conn, _ *http.Request) { say(c, "quiet"); end(c) },
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a2 b"); end(c) })
	sink := newMemory()
	now := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	for range 3 {
		now = now.Add(time.Minute)
		at := now
		_, _, done := start(t, Config{Clock: func() time.Time { return at }}, lines{url: url}, sink)
		if err := result(t, done); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := sink.texts(), []string{"a", "gap -1 reconnect", "gap -1 reconnect", "b"}; !slices.Equal(got, want) {
		t.Fatalf("committed %q, want %q", got, want)
	}
	for i, g := range []*Gap{sink.events[1].Gap, sink.events[2].Gap} {
		from := now.Add(time.Duration(i-2) * time.Minute)
		if !g.From.Equal(from) || !g.To.Equal(from.Add(time.Minute)) {
			t.Errorf("gap %d is from %v to %v", i, g.From, g.To)
		}
	}
}

func TestSourceLosesNothingWhenTheSinkFails(t *testing.T) {
	var want, sent []string
	for i := 1; i <= 3000; i++ {
		want = append(want, strconv.Itoa(i))
		sent = append(sent, fmt.Sprintf("e1 %d c%d %d", i, i, i))
	}
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, sent...); end(c) })
	sink, seen := newMemory(), &statuses{}
	n := 0
	sink.fail = func() error {
		if n++; n%3 != 0 {
			return errors.New("disk full")
		}
		return nil
	}
	s, _, done := start(t, Config{Status: seen.add}, lines{url: url}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, want) {
		t.Errorf("%d events committed, want %d in order", len(got), len(want))
	}
	if st, ok := seen.find(StateBlocked); !ok || st.Err == nil || st.Err.Error() != "disk full" {
		t.Errorf("blocked: %v, %+v", ok, st)
	}
	if st := s.Status(); st.State != StateEnded || st.Err != nil {
		t.Errorf("status %+v", st)
	}
}

func TestSourceStopsReadingWhenTheSinkIsBlocked(t *testing.T) {
	const total = 5000
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		for i := 1; i <= total; i++ {
			say(c, fmt.Sprintf("e1 %d c%d x", i, i))
		}
		end(c)
	})
	open := make(chan struct{})
	sink := newMemory()
	sink.fail = func() error { <-open; return nil }
	seen := &statuses{}
	s, _, done := start(t, Config{Status: seen.add}, lines{url: url}, sink)
	time.Sleep(sinkPatience + 300*time.Millisecond)
	if got := s.Status(); got.State != StateBlocked || !errors.Is(got.Err, errSlow) {
		t.Errorf("status while blocked: %+v", got)
	}
	if n, limit := s.Status().Received, int64(inboxEvents+batchEvents+1); n > limit {
		t.Errorf("read %d messages while blocked, want at most %d", n, limit)
	}
	close(open)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if n := len(sink.texts()); n != total {
		t.Errorf("committed %d events, want %d", n, total)
	}
}

func TestSourceAcknowledgesOnlyWhatIsCommitted(t *testing.T) {
	acked := make(chan string, 8)
	var committed atomic.Bool
	listen := func(c *websocket.Conn, n int) {
		for n > 0 {
			_, m, err := c.ReadMessage()
			if err != nil {
				return
			}
			if id, ok := strings.CutPrefix(string(m), "ack "); ok {
				if !committed.Load() {
					id += " too early"
				}
				acked <- id
				n--
			}
		}
	}
	url := serve(t,
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a1 a", "- 0 a2 b"); listen(c, 2) },
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a2 b"); listen(c, 1); end(c) })
	sink := newMemory()
	calls := 0
	sink.fail = func() error {
		if calls++; calls == 1 {
			return errors.New("busy")
		}
		committed.Store(true)
		return nil
	}
	_, _, done := start(t, Config{}, lines{url: url, acks: true}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	var got []string
	for len(acked) > 0 {
		got = append(got, <-acked)
	}
	if want := []string{"a1", "a2", "a2"}; !slices.Equal(got, want) {
		t.Errorf("acknowledged %q, want %q: a duplicate must be acknowledged too", got, want)
	}
}

func TestSourceSpeaksFirstAndKeepsTalking(t *testing.T) {
	heard := make(chan string, 16)
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "quiet")
		for range 4 {
			kind, m, err := c.ReadMessage()
			if err != nil {
				break
			}
			heard <- fmt.Sprint(kind, " ", string(m))
		}
		end(c)
	})
	_, _, done := start(t, Config{}, lines{url: url, beat: 20 * time.Millisecond}, newMemory())
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for len(heard) > 0 {
		count[<-heard]++
	}
	if count["1 hello"] != 1 || count["1 heard"] != 1 || count["2 beat"] != 2 {
		t.Errorf("the peer heard %v", count)
	}
}

func TestSourceStopsCleanly(t *testing.T) {
	closed := make(chan int, 1)
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "e1 1 c1 a", "e1 2 c2 b")
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		for {
			if _, _, err := c.ReadMessage(); err != nil {
				var ce *websocket.CloseError
				if errors.As(err, &ce) {
					closed <- ce.Code
				}
				return
			}
		}
	})
	sink := newMemory()
	s, cancel, done := start(t, Config{}, lines{url: url}, sink)
	for s.Status().Received < 2 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("committed %q at shutdown", got)
	}
	select {
	case code := <-closed:
		if code != websocket.CloseNormalClosure {
			t.Errorf("closed with %d", code)
		}
	case <-time.After(5 * time.Second):
		t.Error("no close frame came")
	}
}

func TestSourceSaysWhatAShutdownLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go func() {
			handshake(t, server)
			writeText(t, server, "- 0 a1 a")
			_, _ = io.Copy(io.Discard, server)
		}()
		sink := newMemory()
		sink.fail = func() error { return errors.New("disk full") }
		s := pipeSource(t, Config{}, client)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx, sink) }()
		time.Sleep(5 * time.Second)
		cancel()
		err := <-done
		if err == nil || !strings.Contains(err.Error(), "1 events received could not be recorded: disk full") {
			t.Errorf("Run = %v", err)
		}
	})
}

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

func TestSourceEndsOnFatalAndRedialsWhenAsked(t *testing.T) {
	url := serve(t,
		func(c *websocket.Conn, _ *http.Request) { say(c, "e1 1 a a", "redial"); wait(c) },
		func(c *websocket.Conn, _ *http.Request) { say(c, "e1 2 b b", "nonsense", "fatal"); wait(c) })
	sink := newMemory()
	var refused []error
	s, _, done := start(t, Config{Refused: func(err error) { refused = append(refused, err) }}, lines{url: url}, sink)
	err := result(t, done)
	if err == nil || err.Error() != "source room/lines: no such room" {
		t.Errorf("Run = %v", err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("committed %q", got)
	}
	if st := s.Status(); st.State != StateFailed || st.Refused != 1 || len(refused) != 1 {
		t.Errorf("status %+v, refused %v", st, refused)
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

func TestNewSourceChecksItsConfig(t *testing.T) {
	if _, err := NewSource(Config{}, lines{}); err == nil {
		t.Error("a source without a name was made")
	}
	if _, err := NewSource(Config{Source: "x", ReadLimit: -1}, lines{}); err == nil {
		t.Error("a negative read limit was taken")
	}
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

// handshake answers a client by hand, so that a peer can be as odd as it likes.
func handshake(t *testing.T, c net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		t.Error(err)
		return
	}
	sum := sha1.Sum([]byte(req.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
}

func writeText(t *testing.T, c net.Conn, s string) {
	if _, err := c.Write(append([]byte{0x81, byte(len(s))}, s...)); err != nil {
		t.Error(err)
	}
}

// pipeSource dials the given connections in turn, and then nothing.
func pipeSource(t *testing.T, cfg Config, conns ...net.Conn) *Source {
	t.Helper()
	cfg.Source = "room/lines"
	cfg.Jitter = func() float64 { return 0.5 }
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
		if len(conns) == 0 {
			return nil, errors.New("connection refused")
		}
		c := conns[0]
		conns = conns[1:]
		return c, nil
	}
	s, err := NewSource(cfg, lines{url: "ws://127.0.0.1/"})
	if err != nil {
		t.Fatal(err)
	}
	return s
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

func TestSourceNoticesASilentPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go func() {
			handshake(t, server)
			_, _ = io.Copy(io.Discard, server) // reads pings, answers none
		}()
		begin := time.Now()
		var waited time.Duration
		s := pipeSource(t, Config{Status: func(st Status) {
			if st.State == StateWaiting && waited == 0 {
				waited = time.Since(begin)
			}
		}}, client)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		if err := s.Run(ctx, newMemory()); err != nil {
			t.Fatal(err)
		}
		if waited < silence || waited > silence+2*closeTimeout {
			t.Errorf("noticed after %v, want about %v", waited, silence)
		}
	})
}

func TestSourceForgetsFailuresAfterAHealthyMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go func() {
			handshake(t, server)
			go func() { _, _ = io.Copy(io.Discard, server) }()
			for range 3 {
				time.Sleep(30 * time.Second)
				writeText(t, server, "quiet")
			}
			server.Close()
		}()
		var waits []time.Time
		var dials []time.Time
		s := pipeSource(t, Config{Status: func(st Status) {
			switch st.State {
			case StateWaiting:
				waits = append(waits, time.Now())
			case StateDialling:
				dials = append(dials, time.Now())
			}
		}}, client)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if err := s.Run(ctx, newMemory()); err != nil {
			t.Fatal(err)
		}
		if got := dials[1].Sub(waits[0]); got != backoffBase/2 {
			t.Errorf("waited %v after a healthy stream, want %v", got, backoffBase/2)
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

func TestSourceKeepsRoomsApart(t *testing.T) {
	r := &run{
		Source: &Source{cfg: Config{Source: "s", Clock: time.Now, Jitter: func() float64 { return 0 }}},
		inbox:  newInbox(),
	}
	sink := &batches{}
	r.sink = sink
	for i, room := range []string{"a", "a", "b", "a"} {
		if err := r.inbox.put(t.Context(), arrival{event: Event{ID: strconv.Itoa(i), Room: room}}); err != nil {
			t.Fatal(err)
		}
	}
	r.inbox.close()
	if err := r.commitAll(t.Context(), Position{Source: "s"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a 2 1", "b 1 2", "a 1 3"}; !slices.Equal(sink.got, want) {
		t.Errorf("batches (room, events, last id) %q, want %q", sink.got, want)
	}
}

type batches struct{ got []string }

func (b *batches) Commit(_ context.Context, batch Batch) error {
	b.got = append(b.got, fmt.Sprint(batch.Room, " ", len(batch.Events), " ", batch.Position.ID))
	return nil
}

func (b *batches) Position(context.Context, string) (Position, error) { return Position{}, nil }

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
		if got := retryAfter(v, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", v, got, want)
		}
	}
	b := backoff{jitter: func() float64 { return 0 }}
	if got := b.next(24 * time.Hour); got != retryAfterCap {
		t.Errorf("a peer can ask for a pause of %v", got)
	}
}

func TestFallbackID(t *testing.T) {
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	a := Event{Raw: []byte("666"), Recv: at}
	again := Event{Raw: []byte("666"), Recv: at.Add(time.Second)}
	if fallbackID(a, 0) == fallbackID(again, 0) {
		t.Error("two people saying the same became one event")
	}
	if fallbackID(a, 0) == fallbackID(a, 1) {
		t.Error("two events of one message became one")
	}
	a.At, again.At = at, at
	if fallbackID(a, 0) != fallbackID(again, 0) {
		t.Error("a message sent twice became two events")
	}
}

func TestClean(t *testing.T) {
	bad := "x\xffy"
	e := Event{
		ID: bad, Text: "\x1b" + bad, User: User{Name: bad, ID: bad}, Raw: []byte(bad),
		Product: &Product{Title: bad}, Order: &Order{SKU: bad}, Speech: &Speech{Utterance: bad},
	}
	Clean(&e)
	const want = "x\uFFFDy"
	for _, got := range []string{e.ID, e.Text[1:], e.User.Name, e.User.ID, e.Product.Title, e.Order.SKU, e.Speech.Utterance} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if e.Shown.String() != "␛"+want || e.User.Shown.String() != want || string(e.Raw) != bad {
		t.Errorf("shown %q, user %q, raw %q", e.Shown, e.User.Shown, e.Raw)
	}
}
