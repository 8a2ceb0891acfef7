package feed

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// movingLines is lines for a peer that sends people elsewhere: "move URL" asks
// to go on there, "then WORD" calls for IO that comes to that message. What wraps
// it must not hide what it can do.
type movingLines struct {
	lines
	patience time.Duration
}

func (p movingLines) NewSession(Position) Session {
	return wrapped{movingSession{lineSession{p.lines}, p.patience}}
}

type wrapped struct{ Session }

func (w wrapped) Unwrap() Session { return w.Session }

type movingSession struct {
	lineSession
	patience time.Duration
}

func (s movingSession) Hello() []Frame { return nil }

func (s movingSession) Heartbeat() (time.Duration, Frame) { return 0, Frame{} }

func (s movingSession) Patience() time.Duration { return s.patience }

func (s movingSession) Decode(f Frame, recv time.Time) Decoded {
	text := string(f.Data)
	if url, ok := strings.CutPrefix(text, "move "); ok {
		return Decoded{Move: &Move{Request: Request{URL: url}, Session: s}}
	}
	if rest, ok := strings.CutPrefix(text, "then "); ok {
		return Decoded{Then: func(context.Context) Decoded {
			return s.lineSession.Decode(Frame{Data: []byte(rest)}, recv)
		}}
	}
	return s.lineSession.Decode(f, recv)
}

// silent makes sure that the peer hears nothing but pongs and the goodbye.
func silent(t *testing.T, c *websocket.Conn) {
	c.SetPingHandler(func(string) error { t.Error("a listener pings"); return nil })
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		_, data, err := c.ReadMessage()
		if err != nil {
			return
		}
		t.Errorf("a listener says %q", data)
	}
}

func TestAPeerMovesAConnectionWithoutAGap(t *testing.T) {
	after := make(chan struct{})
	next := serve(t, func(c *websocket.Conn, _ *http.Request) {
		<-after
		say(c, "- 0 w welcome")
		time.Sleep(50 * time.Millisecond)
		say(c, "- 0 c c")
		msg := websocket.FormatCloseMessage(websocket.CloseNormalClosure, CloseEnded)
		_ = c.WriteControl(websocket.CloseMessage, msg, time.Now().Add(time.Second))
		silent(t, c)
	})
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "- 0 a a", "move "+next, "move "+next)
		say(c, "- 0 b b") // while the new connection is being opened
		close(after)
		silent(t, c)
	})
	sink := newMemory()
	src, _, done := start(t, Config{}, movingLines{lines{url: url}, time.Minute}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "b", "welcome", "c"}) {
		t.Errorf("recorded %q, want both connections' and no gap", got)
	}
	if n := src.Status().Reconnects; n != 0 {
		t.Errorf("%d reconnects: moving is none", n)
	}
}

func TestAnOldConnectionThatClosesEarlyWaitsForTheNewOne(t *testing.T) {
	next := serve(t, func(c *websocket.Conn, _ *http.Request) {
		time.Sleep(100 * time.Millisecond)
		say(c, "- 0 w welcome")
		end(c)
	})
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "- 0 a a", "move "+next)
		_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4004, "grace"), time.Now().Add(time.Second))
		wait(c)
	})
	sink := newMemory()
	_, _, done := start(t, Config{}, movingLines{lines{url: url}, time.Minute}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "welcome"}) {
		t.Errorf("recorded %q, want no gap", got)
	}
}

func TestAMoveThatFailsIsAReconnect(t *testing.T) {
	gone := serve(t, func(*websocket.Conn, *http.Request) {})
	for name, where := range map[string]string{"nobody answers": "ws://127.0.0.1:1/", "closed before a word": gone} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, func(c *websocket.Conn, _ *http.Request) {
				say(c, "- 0 a a", "move "+where)
				time.Sleep(100 * time.Millisecond)
				say(c, "- 0 b b")
				_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4004, "grace"), time.Now().Add(time.Second))
				wait(c)
			}, func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 c c"); end(c) })
			sink := newMemory()
			var seen statuses
			_, _, done := start(t, Config{Status: seen.add}, movingLines{lines{url: url}, time.Minute}, sink)
			if err := result(t, done); err != nil {
				t.Fatal(err)
			}
			if got := sink.texts(); !slices.Equal(got, []string{"a", "b", "gap -1 reconnect", "c"}) {
				t.Errorf("recorded %q", got)
			}
			told := slices.ContainsFunc(seen.all, func(st Status) bool {
				return st.State == StateWaiting && strings.Contains(st.Err.Error(), "4004") && strings.Contains(st.Err.Error(), "asked to go on")
			})
			if !told {
				t.Errorf("the status does not tell why: %+v", seen.all)
			}
		})
	}
}

func TestEndingWhileMovingEndsBothConnections(t *testing.T) {
	reached := make(chan struct{})
	next := serve(t, func(c *websocket.Conn, _ *http.Request) { close(reached); wait(c) })
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a a", "move "+next); wait(c) })
	_, cancel, done := start(t, Config{}, movingLines{lines{url: url}, time.Minute}, newMemory())
	<-reached
	cancel()
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
}

func TestIOThatAMessageCallsForIsDoneBeforeTheNext(t *testing.T) {
	sink := newMemory()
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, "then - 0 a a", "- 0 b b"); end(c) })
	_, _, done := start(t, Config{}, movingLines{lines{url: url}, time.Minute}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("recorded %q", got)
	}
	url = serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, "then fatal", "- 0 b b"); wait(c) })
	_, _, done = start(t, Config{}, movingLines{lines{url: url}, time.Minute}, newMemory())
	if err := result(t, done); err == nil || !strings.Contains(err.Error(), "no such room") {
		t.Errorf("error %v, want the one that the IO came to", err)
	}
}

func TestAListenersPeerIsGoneWhenItsPatienceEnds(t *testing.T) {
	var dials atomic.Int64
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		if dials.Add(1) > 1 {
			say(c, "- 0 b b")
			end(c)
			return
		}
		say(c, "- 0 a a")
		for range 20 { // pings are no sign of life here
			_ = c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
			time.Sleep(20 * time.Millisecond)
		}
		silent(t, c)
	})
	sink := newMemory()
	began := time.Now()
	_, _, done := start(t, Config{}, movingLines{lines{url: url}, 200 * time.Millisecond}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"a", "gap -1 reconnect", "b"}) || time.Since(began) > 10*time.Second {
		t.Errorf("recorded %q after %s", got, time.Since(began))
	}
}

// openedLines is lines for a peer that must be asked where to connect.
type openedLines struct {
	lines
	open func() (Request, error)
}

func (p openedLines) Open(context.Context, Position) (Request, error) { return p.open() }

// wrappedProtocol hides what it does not unwrap.
type wrappedProtocol struct{ Protocol }

func (p wrappedProtocol) Unwrap() Protocol { return p.Protocol }

func TestAPeerIsAskedWhereToConnect(t *testing.T) {
	url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a a"); end(c) })
	asked := 0
	p := openedLines{open: func() (Request, error) {
		if asked++; asked < 3 {
			return Request{}, errors.New("busy")
		}
		return Request{URL: url}, nil
	}}
	sink := newMemory()
	_, _, done := start(t, Config{}, wrappedProtocol{p}, sink)
	if err := result(t, done); err != nil || asked != 3 || !slices.Equal(sink.texts(), []string{"a"}) {
		t.Errorf("%v, asked %d times, recorded %q", err, asked, sink.texts())
	}
	p.open = func() (Request, error) { return Request{}, &DeniedError{Reason: "wrong key: make a new one"} }
	_, _, done = start(t, Config{}, p, newMemory())
	if err := result(t, done); err == nil || !strings.Contains(err.Error(), "make a new one") {
		t.Errorf("error %v, want the denial", err)
	}
}
