// Package doortest is a tool that dials in at a door, as programs and pages beside
// ours do: it shows its token, pings and answers pings, hangs up when it is told to or
// nobody answers, and comes again for as long as it runs.
//
// Delivery: what it has to say while it is not connected is forgotten, as such tools
// do that copy what passes by.
//
// Locking: every method may be called from any goroutine. Close ends the connection
// and returns when nothing of the tool runs any more.
package doortest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// Options say how a tool comes.
type Options struct {
	Path         string // with its query
	Header       http.Header
	Subprotocols []string
	// Dial is the network; nil: the system's.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Greet is what it says first on each connection; nil: nothing.
	Greet func() []feed.Frame
}

const (
	handshakeIn  = 2 * time.Second
	writeTimeout = 5 * time.Second
	comesAgain   = 5 * time.Millisecond
	refusedAgain = 50 * time.Millisecond
	pingEvery    = 500 * time.Millisecond
	// silence is when a tool takes the door for gone.
	silence = 8 * time.Second
)

// A Tool is one program beside ours.
type Tool struct {
	o    Options
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu     feedtest.News
	addr   string // "": it knows no door
	conn   *websocket.Conn
	joined int
	status int // the last HTTP status that was not a websocket's
}

// New starts a tool, which dials as soon as it is told where.
func New(o Options) *Tool {
	ctx, stop := context.WithCancel(context.Background())
	t := &Tool{o: o, stop: stop}
	t.wg.Go(func() { t.run(ctx) })
	return t
}

// At tells where the door is; "" is nowhere.
func (t *Tool) At(addr string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.addr = addr
	t.mu.Changed()
}

// run dials again and again until ctx ends.
func (t *Tool) run(ctx context.Context) {
	for ctx.Err() == nil {
		t.mu.Lock()
		addr, changed := t.addr, t.mu.Next()
		t.mu.Unlock()
		if addr == "" {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		wait := comesAgain
		if !t.connect(ctx, addr) {
			wait = refusedAgain
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// connect stays for one connection; false means that the door did not open.
func (t *Tool) connect(ctx context.Context, addr string) bool {
	dialer := websocket.Dialer{HandshakeTimeout: handshakeIn, Subprotocols: t.o.Subprotocols, NetDialContext: t.o.Dial}
	conn, resp, err := dialer.DialContext(ctx, "ws://"+addr+t.o.Path, t.o.Header)
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		if resp != nil {
			t.mu.Lock()
			t.status = resp.StatusCode
			t.mu.Changed()
			t.mu.Unlock()
		}
		return resp == nil // a network that is away may be back at once
	}
	defer func() { _ = conn.Close() }()
	hang := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer hang()
	t.mu.Lock()
	if t.o.Greet != nil {
		say(conn, t.o.Greet())
	}
	t.conn = conn
	t.joined++
	t.mu.Changed()
	t.mu.Unlock()
	t.listen(ctx, conn)
	t.mu.Lock()
	t.conn = nil
	t.mu.Changed()
	t.mu.Unlock()
	return true
}

// listen returns when the connection has ended.
func (t *Tool) listen(ctx context.Context, conn *websocket.Conn) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	t.wg.Go(func() {
		ticks := time.NewTicker(pingEvery)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				_ = conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout))
			case <-ctx.Done():
				return
			}
		}
	})
	alive := func() { _ = conn.SetReadDeadline(time.Now().Add(silence)) }
	conn.SetPongHandler(func(string) error { alive(); return nil })
	for alive(); ; alive() {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

// say writes frames. The lock is held, which keeps writers apart.
func say(conn *websocket.Conn, frames []feed.Frame) {
	for _, f := range frames {
		kind := websocket.TextMessage
		if f.Binary {
			kind = websocket.BinaryMessage
		}
		_ = conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		_ = conn.WriteMessage(kind, f.Data)
	}
}

// Say says frames, in order, if it is connected.
func (t *Tool) Say(frames ...feed.Frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil {
		say(t.conn, frames)
	}
}

// Leave says its last words, closes properly, and comes again.
func (t *Tool) Leave(last ...feed.Frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil {
		say(t.conn, last)
		bye := websocket.FormatCloseMessage(websocket.CloseGoingAway, "restart")
		_ = t.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(writeTimeout))
	}
}

// Close ends the tool.
func (t *Tool) Close() {
	t.stop()
	t.wg.Wait()
}

// WaitJoined returns when the door was opened to it n times since the start, or with
// an error that says how often when patience ends.
func (t *Tool) WaitJoined(n int, patience time.Duration) error {
	err := t.mu.Wait("connections", n, patience, func() int { return t.joined })
	if err == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Errorf("%w; the last refusal was HTTP %d", err, t.status)
}
