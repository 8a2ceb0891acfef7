package cuts_test

import (
	"context"
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

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest/hostile"
	"liveroom/feed/tmc"
	"liveroom/feed/tmc/tmctest"
	"liveroom/feed/twitch"
	"liveroom/feed/twitch/twitchtest"
)

// A speaker is a server whose messages are numbered from 1, so that what is missing
// and what is doubled can be told.
type speaker struct {
	name string
	// whole: what was missed comes later, since the server keeps it; else it is gone.
	whole    bool
	addr     string // of the server, without a scheme
	protocol feed.Protocol
	say      func(n int)                         // message n
	number   func(e feed.Event) (n int, is bool) // of an event
	close    func()
}

// An eventLog is a producer of our own events that resumes by number.
type eventLog struct {
	mu    sync.Mutex
	said  []string
	more  chan struct{} // closed at the next message
	http  *httptest.Server
	conns sync.WaitGroup
}

func newLog(t *testing.T) *speaker {
	t.Helper()
	l := &eventLog{more: make(chan struct{})}
	l.http = httptest.NewServer(http.HandlerFunc(l.serve))
	protocol, err := cloudevent.New(cloudevent.Config{URL: "ws" + strings.TrimPrefix(l.http.URL, "http")})
	if err != nil {
		t.Fatal(err)
	}
	return &speaker{
		name: "our own, resumed by number", whole: true, addr: l.http.Listener.Addr().String(),
		protocol: protocol,
		say: func(n int) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.said = append(l.said, hostile.Event(n, fmt.Sprint("第", n, "条")))
			close(l.more)
			l.more = make(chan struct{})
		},
		number: func(e feed.Event) (int, bool) { return int(e.Offset), e.Kind == feed.KindChat },
		close:  func() { l.http.CloseClientConnections(); l.http.Close(); l.conns.Wait() },
	}
}

func (l *eventLog) serve(w http.ResponseWriter, r *http.Request) {
	l.conns.Add(1)
	defer l.conns.Done()
	up := websocket.Upgrader{Subprotocols: []string{cloudevent.Subprotocol}}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			if _, _, err := conn.NextReader(); err != nil {
				return
			}
		}
	}()
	next, _ := strconv.Atoi(r.URL.Query().Get("after"))
	for {
		l.mu.Lock()
		news, more := l.said[min(next, len(l.said)):], l.more
		l.mu.Unlock()
		for _, m := range news {
			_ = conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
			if conn.WriteMessage(websocket.TextMessage, []byte(m)) != nil {
				return
			}
			next++
		}
		select {
		case <-more:
		case <-gone:
			return
		}
	}
}

// newChannel is a chat that repeats nothing.
func newChannel(t *testing.T) *speaker {
	t.Helper()
	s := twitchtest.New(twitchtest.Options{Channel: "shop"})
	protocol, err := twitch.New(twitch.Options{Channel: "shop", URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	return &speaker{
		name: "Twitch, which repeats nothing", addr: strings.TrimPrefix(s.URL(), "ws://"),
		protocol: protocol,
		say: func(n int) {
			s.Say(fmt.Sprintf("@display-name=小鹿;id=m-%d;user-id=7;room-id=7;tmi-sent-ts=%d :a!a@a.tmi.twitch.tv PRIVMSG #shop :%d", n, time.Now().UnixMilli(), n))
		},
		number: func(e feed.Event) (int, bool) {
			n, err := strconv.Atoi(e.Text)
			return n, e.Kind == feed.KindChat && err == nil
		},
		close: s.Close,
	}
}

// newShop keeps what was not confirmed and sends it again.
func newShop(*testing.T) *speaker {
	o := tmctest.Options{AppKey: "12345678", Secret: "EXAMPLESECRET", Group: "console"}
	s := tmctest.New(o)
	return &speaker{
		name: "Taobao, which keeps what is not confirmed", whole: true, addr: strings.TrimSuffix(strings.TrimPrefix(s.URL(), "ws://"), "/"),
		protocol: tmc.New(tmc.Options{AppKey: o.AppKey, Secret: o.Secret, Group: o.Group, URL: s.URL()}),
		say: func(n int) {
			s.Publish(tmctest.Message{
				ID: int64(n), Topic: "taobao_trade_TradeBuyerPay", Time: time.Now(),
				Content: fmt.Sprintf(`{"tid":%d,"oid":1,"payment":"1.00"}`, n),
			})
		},
		number: func(e feed.Event) (int, bool) {
			n, err := strconv.Atoi(e.OrderID)
			return n, e.Kind == feed.KindOrder && err == nil
		},
		close: s.Close,
	}
}

// A listener is the program: a source that is started again at times, on a record
// that stays.
type listener struct {
	t       *testing.T
	speaker *speaker
	addr    atomic.Value // of the line to the server, as a string
	jitter  func() float64
	sink    feed.Sink

	source *feed.Source
	stop   func()

	mu    sync.Mutex
	live  int // how often a connection came up
	lost  int // how often one ended
	wakes chan struct{}
}

func (l *listener) start() {
	src, err := feed.NewSource(feed.Config{
		Source: "r/s", Room: "r", Jitter: l.jitter,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, l.addr.Load().(string))
		},
		Status: func(s feed.Status) {
			l.mu.Lock()
			defer l.mu.Unlock()
			switch s.State {
			case feed.StateLive:
				l.live++
			case feed.StateWaiting:
				l.lost++
			default:
				return
			}
			close(l.wakes)
			l.wakes = make(chan struct{})
		},
	}, l.speaker.protocol)
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- src.Run(ctx, l.sink) }()
	l.source, l.stop = src, func() {
		cancel()
		if err := <-done; err != nil {
			l.t.Error(err)
		}
	}
}

// until waits for a count to grow beyond n, or for so long.
func (l *listener) until(count func(*listener) int, n int, patience time.Duration) bool {
	end := time.After(patience)
	for {
		l.mu.Lock()
		reached, wakes := count(l) > n, l.wakes
		l.mu.Unlock()
		if reached {
			return true
		}
		select {
		case <-wakes:
		case <-end:
			return false
		}
	}
}

func lives(l *listener) int  { return l.live }
func losses(l *listener) int { return l.lost }

func (l *listener) counts() (live, lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.live, l.lost
}
