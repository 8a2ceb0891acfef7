package feed

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
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
	return pipeSourceOf(t, lines{url: "ws://127.0.0.1/"}, cfg, conns...)
}

func pipeSourceOf(t *testing.T, p Protocol, cfg Config, conns ...net.Conn) *Source {
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
	s, err := NewSource(cfg, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
