package bilibili_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/bilibili"
	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/feedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// hurried beats often enough for a test; all else is the protocol's own.
type hurried struct{ *bilibili.Protocol }

func (p hurried) NewSession(pos feed.Position) feed.Session {
	return hurriedSession{p.Protocol.NewSession(pos)}
}

type hurriedSession struct{ feed.Session }

func (s hurriedSession) Heartbeat() (time.Duration, feed.Frame) {
	_, f := s.Session.Heartbeat()
	return 20 * time.Millisecond, f
}

// run reads the server's room into a sink until stop, or the test's end.
func run(t *testing.T, srv *bilibilitest.Server, o bilibili.Options) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	o.URL = srv.URL()
	p, err := bilibili.New(o)
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{
		Source: p.Source(), Jitter: func() float64 { return 0.01 }, Clock: feedtest.ClockFrom(time.Unix(1790000000, 0)),
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, hurried{p})
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var result error
	go func() { defer close(ended); result = src.Run(ctx, sink) }()
	stop := func() error { cancel(); <-ended; return result }
	t.Cleanup(func() { _ = stop(); srv.Close() })
	return sink, src, stop
}

func danmu(n int) string {
	return fmt.Sprintf(`{"cmd":"DANMU_MSG","info":[[0,1,25,1,%d,1,0,"",0,0,0,"",0,"{}","{}",{"extra":"{\"id_str\":\"d%d\"}"}],"还有货吗",[20%d,"观众%d",0]]}`,
		1790000000000+n, n, n, n)
}

func dm(n int) string {
	return fmt.Sprintf(`{"cmd":"LIVE_OPEN_PLATFORM_DM","data":{"room_id":6,"open_id":"o%d","uname":"观众%d","timestamp":1790000000,"msg":"退款","msg_id":"d%d"}}`, n, n, n)
}

func shown(events []feed.Event) []string {
	var out []string
	for _, e := range events {
		if e.Kind == feed.KindGap {
			out = append(out, "gap")
		} else {
			out = append(out, e.ID)
		}
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestRoomIsReadThroughKicks reads a room on both kinds of socket: heartbeats
// answered with an echo, batches in every compression, and a kick, which is one
// gap because nothing is repeated.
func TestRoomIsReadThroughKicks(t *testing.T) {
	const authBody = `{"roomid":6,"protover":2,"uid":1,"key":"k","group":"open"}`
	for _, c := range []struct {
		name   string
		server bilibilitest.Options
		client bilibili.Options
		say    func(int) string
		source string
	}{
		{"web", bilibilitest.Options{Token: "good"}, bilibili.Options{RoomID: 5, Token: "good"}, danmu, "bilibili:5"},
		{"open-live", bilibilitest.Options{AuthBody: authBody}, bilibili.Options{AuthBody: authBody}, dm, "bilibili:6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := bilibilitest.New(c.server)
			sink, src, stop := run(t, srv, c.client)
			must(t, srv.WaitLogins(1, patience))
			must(t, srv.Say(bilibilitest.Plain, c.say(1), c.say(2)))
			must(t, srv.WaitBeats(2, patience))
			must(t, srv.Say(bilibilitest.Zlib, c.say(3), c.say(4), c.say(3)))
			must(t, srv.Say(bilibilitest.Brotli, c.say(5), c.say(4), c.say(6)))
			must(t, sink.Wait(6, nil, patience))
			srv.Kick()
			must(t, srv.Say(bilibilitest.Plain, c.say(7))) // heard by nobody
			must(t, srv.WaitLogins(2, patience))
			must(t, srv.Say(bilibilitest.Zlib, c.say(8)))
			must(t, sink.Wait(8, nil, patience))
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			want := []string{"d1", "d2", "d3", "d4", "d5", "d6", "gap", "d8"}
			events := sink.Events(nil)
			if got := shown(events); !slices.Equal(got, want) {
				t.Errorf("recorded %q, want %q", got, want)
			}
			for _, e := range events {
				if e.Source != c.source {
					t.Errorf("source %s, want %s", e.Source, c.source)
				}
			}
			if st := src.Status(); st.Reconnects != 1 || st.Refused != 0 {
				t.Errorf("status %+v", st)
			}
		})
	}
}

func TestStaleTokenEndsTheSourceWithARemedy(t *testing.T) {
	srv := bilibilitest.New(bilibilitest.Options{Token: "good"})
	sink, src, _ := run(t, srv, bilibili.Options{RoomID: 5, Token: "stale"})
	must(t, sink.Wait(1, func(e feed.Event) bool { return e.Code == feed.CodeAuthFailed && e.Text == "auth failed -101" }, patience))
	for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want failed", src.Status().State)
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "get a new token") || strings.Contains(err.Error(), "stale") {
		t.Errorf("error %v, want the remedy and not the token", err)
	}
}
