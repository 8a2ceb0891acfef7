package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
)

// broadcast makes a recording of n chat messages, 10 ms apart.
func broadcast(t testing.TB, n int, epoch string) *Recording {
	t.Helper()
	rec := &Recording{Header: Header{Protocol: "cloudevent", Room: "南枝小院", Start: start, Epoch: epoch}}
	for i := 1; i <= n; i++ {
		at := time.Duration(i) * 10 * time.Millisecond
		b, err := cloudevent.Encode(feed.Event{
			ID: fmt.Sprintf("%s-%d", epoch, i), Source: "chat", Room: rec.Room, Kind: feed.KindChat, At: start.Add(at),
			User: feed.User{ID: "u1", Name: "小鹿", Role: feed.RoleViewer}, Text: fmt.Sprintf("第%d条", i),
			Epoch: epoch, Offset: int64(i),
		})
		if err != nil {
			t.Fatal(err)
		}
		rec.Frames = append(rec.Frames, Frame{Frame: feed.Frame{Data: b}, T: at, At: start.Add(at)})
	}
	return rec
}

// serve plays rec until the test's end.
func serve(t testing.TB, rec *Recording, c ServerConfig) (*Server, string) {
	t.Helper()
	s := NewServer(rec, c)
	h := httptest.NewServer(s)
	t.Cleanup(func() { s.Close(); h.Close() })
	return s, "ws" + strings.TrimPrefix(h.URL, "http")
}

var atOnce = ServerConfig{Speed: math.Inf(1)}

// collect runs a source on url until it ends by itself.
func collect(t testing.TB, url, token string, sink feed.Sink) feed.Status {
	t.Helper()
	p, err := cloudevent.New(cloudevent.Config{URL: url, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	return run(t, p, sink)
}

func run(t testing.TB, p feed.Protocol, sink feed.Sink) feed.Status {
	t.Helper()
	s, err := feed.NewSource(feed.Config{
		Source: "demo", Jitter: func() float64 { return 0.001 }, Clock: func() time.Time { return start },
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := s.Run(ctx, sink); err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatal("the source did not end by itself")
	}
	return s.Status()
}

func isGap(e feed.Event) bool { return e.Kind == feed.KindGap }

// complete tells whether the sink holds messages 1…n once and in order.
func complete(t testing.TB, sink *feedtest.Sink, n int) {
	t.Helper()
	events := sink.Events(nil)
	if len(events) != n {
		t.Fatalf("%d events, want %d", len(events), n)
	}
	for i, e := range events {
		if e.Offset != int64(i+1) || e.Kind != feed.KindChat {
			t.Fatalf("event %d is %s with offset %d", i, e.Kind, e.Offset)
		}
	}
}

func TestReplayingTwiceGivesTheSame(t *testing.T) {
	rec := broadcast(t, 500, "e1")
	var first []byte
	for i := range 2 {
		_, url := serve(t, rec, atOnce)
		sink := feedtest.NewSink()
		st := collect(t, url, "", sink)
		complete(t, sink, 500)
		b, err := json.Marshal(sink.Events(nil))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = b
		} else if !bytes.Equal(b, first) {
			t.Error("the second replay gave other events")
		}
		if st.State != feed.StateEnded || st.Reconnects != 0 {
			t.Errorf("status %+v", st)
		}
	}
}

// cutter is a proxy that cuts its first connections after as many bytes as
// limits say.
func cutter(t *testing.T, target string, limits []int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for n := 0; ; n++ {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", strings.TrimPrefix(target, "ws://"))
			if err != nil {
				_ = in.Close()
				continue
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			var from io.Reader = out
			if n < len(limits) {
				from = io.LimitReader(out, limits[n])
			}
			go func() { _, _ = io.Copy(in, from); _ = in.Close(); _ = out.Close() }()
		}
	}()
	return "ws://" + l.Addr().String()
}

func TestCutConnectionsLoseAndDoubleNothing(t *testing.T) {
	const seed = 20261120
	random := rand.New(rand.NewPCG(seed, 0))
	var limits []int64
	for range 20 {
		limits = append(limits, random.Int64N(60_000)) // some within the handshake, all within a frame
	}
	_, url := serve(t, broadcast(t, 5000, "e1"), atOnce)
	sink := feedtest.NewSink()
	st := collect(t, cutter(t, url, limits), "", sink)
	complete(t, sink, 5000)
	if sink.Doubled() != 0 || st.Reconnects != 20 {
		t.Errorf("%d doubled, %d reconnects (seed %d)", sink.Doubled(), st.Reconnects, seed)
	}
}

func TestAServerThatForgetsLeavesAGap(t *testing.T) {
	old := NewServer(broadcast(t, 1000, "e1"), atOnce)
	fresh := NewServer(broadcast(t, 3, "e2"), atOnce)
	var dials atomic.Int64
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if dials.Add(1) == 1 {
			old.ServeHTTP(w, r)
		} else {
			fresh.ServeHTTP(w, r)
		}
	}))
	defer func() { old.Close(); fresh.Close(); h.Close() }()
	sink := feedtest.NewSink()
	collect(t, cutter(t, "ws"+h.URL[4:], []int64{100_000}), "", sink)
	gaps := sink.Events(isGap)
	if len(gaps) != 1 || gaps[0].Gap.Lost != -1 || gaps[0].Gap.Reason != feed.GapEpoch {
		t.Fatalf("gaps %+v", gaps)
	}
	events := sink.Events(nil)
	i := slices.IndexFunc(events, isGap)
	if i < 1 || events[i-1].Epoch != "e1" || events[i+1].ID != "e2-1" || len(events) != i+4 {
		t.Errorf("the gap is event %d of %d", i, len(events))
	}
	if want := fmt.Sprintf("gap:e1:%d", events[i-1].Offset+1); gaps[0].ID != want {
		t.Errorf("the gap's id is %s, want %s", gaps[0].ID, want)
	}
}

// flaky fails two commits of three.
type flaky struct {
	*feedtest.Sink
	n int
}

func (f *flaky) Commit(ctx context.Context, b feed.Batch) error {
	if f.n++; f.n%3 != 0 {
		return errors.New("database is locked")
	}
	return f.Sink.Commit(ctx, b)
}

func TestFailingCommitsLoseNothing(t *testing.T) {
	_, url := serve(t, broadcast(t, 3000, "e1"), atOnce)
	sink := &flaky{Sink: feedtest.NewSink()}
	collect(t, url, "", sink)
	complete(t, sink.Sink, 3000)
	if sink.Doubled() != 0 {
		t.Errorf("%d events were offered twice", sink.Doubled())
	}
}

func TestARestartGoesOnWhereTheRecordEnds(t *testing.T) {
	rec := broadcast(t, 400, "e1")
	half := *rec
	half.Frames = rec.Frames[:250]
	sink := feedtest.NewSink()
	_, url := serve(t, &half, atOnce)
	collect(t, url, "", sink)
	// A new server, playing as fast as life: it must start at the place asked
	// for, not let the client wait for what it already has.
	server, url := serve(t, rec, ServerConfig{Speed: 10})
	begun := time.Now()
	collect(t, url, "", sink)
	complete(t, sink, 400)
	if took := time.Since(begun); took < 140*time.Millisecond || took > 3*time.Second {
		t.Errorf("1.5 s of recording at ten times the speed took %v", took)
	}
	if now := server.Clock()(); now.Before(start.Add(4 * time.Second)) {
		t.Errorf("at the end the story is at %v", now)
	}
}

func TestLateJoinersAndManyClients(t *testing.T) {
	_, url := serve(t, broadcast(t, 100, "e1"), ServerConfig{Speed: 5})
	type outcome struct {
		sink *feedtest.Sink
		took time.Duration
	}
	done := make(chan outcome, 3)
	for i := range 3 {
		go func() {
			time.Sleep(time.Duration(i) * 100 * time.Millisecond)
			begun := time.Now()
			sink := feedtest.NewSink()
			collect(t, url, "", sink)
			done <- outcome{sink, time.Since(begun)}
		}()
	}
	for range 3 {
		o := <-done
		complete(t, o.sink, 100)
		if o.took > 3*time.Second {
			t.Errorf("took %v", o.took)
		}
	}
}

func TestServerRefuses(t *testing.T) {
	s, url := serve(t, broadcast(t, 1, "e1"), ServerConfig{Token: "secret"})
	dial := func(query, token string) (*websocket.Conn, int) {
		d := websocket.Dialer{Subprotocols: []string{"other", cloudevent.Subprotocol}}
		head := http.Header{}
		if token != "" {
			head.Set("Authorization", "Bearer "+token)
		}
		conn, resp, err := d.Dial(url+query, head)
		if err != nil {
			if resp == nil {
				t.Fatal(err)
			}
			return nil, resp.StatusCode
		}
		return conn, 101
	}
	for _, tt := range []struct {
		query, token string
		code         int
	}{
		{"", "", 401},
		{"", "wrong", 401},
		{"/?epoch=e1&after=x", "secret", 400},
		{"/?epoch=e1", "secret", 400},
		{"/?epoch=e1&after=0", "secret", 101},
	} {
		conn, code := dial(tt.query, tt.token)
		if code != tt.code {
			t.Errorf("%q with token %q: HTTP %d, want %d", tt.query, tt.token, code, tt.code)
		}
		if conn != nil {
			if conn.Subprotocol() != cloudevent.Subprotocol {
				t.Errorf("subprotocol %q", conn.Subprotocol())
			}
			_ = conn.Close()
		}
	}
	p, err := cloudevent.New(cloudevent.Config{URL: url, Token: "wrong"})
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{Source: "demo"}, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Run(context.Background(), feedtest.NewSink()); err == nil || !strings.Contains(err.Error(), "refused the token") {
		t.Errorf("a source with a wrong token: %v", err)
	}
	s.Close()
	if _, code := dial("", "secret"); code != 503 {
		t.Errorf("a closed server answers %d", code)
	}
}

func TestServerAfter(t *testing.T) {
	rec := broadcast(t, 5, "e1")
	rec.Frames = append(rec.Frames[:2:2], append([]Frame{{Frame: feed.Frame{Data: []byte("{}")}, T: rec.Frames[1].T}}, rec.Frames[2:]...)...)
	s := NewServer(rec, atOnce)
	for _, tt := range []struct {
		epoch, after string
		want         int
	}{
		{"", "", 0},
		{"", "x", 0},
		{"e1", "0", 0},
		{"e1", "1", 1},
		{"e1", "2", 2},
		{"e1", "3", 4},
		{"e1", "99", 6},
		{"e0", "3", 0},
	} {
		if got, err := s.after(tt.epoch, tt.after); err != nil || got != tt.want {
			t.Errorf("after %s %s: message %d (%v), want %d", tt.epoch, tt.after, got, err, tt.want)
		}
	}
}

// lineProtocol takes every message for a chat message.
type lineProtocol struct {
	url  string
	acks bool
}

func (lineProtocol) Name() string { return "lines" }

func (p lineProtocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{URL: p.url}, nil
}

func (p lineProtocol) NewSession(feed.Position) feed.Session {
	if p.acks {
		return ackSession{}
	}
	return lineSession{}
}

type lineSession struct{}

func (lineSession) Hello() []feed.Frame { return []feed.Frame{{Data: []byte("PASS secret")}} }

func (lineSession) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

func (lineSession) Decode(f feed.Frame, _ time.Time) feed.Decoded {
	return feed.Decoded{
		Events: []feed.Event{{Kind: feed.KindChat, ID: string(f.Data), Text: string(f.Data)}},
		Reply:  []feed.Frame{{Data: []byte("PONG")}},
	}
}

type ackSession struct{ lineSession }

func (ackSession) Committed(events []feed.Event) []feed.Frame {
	return []feed.Frame{{Binary: true, Data: []byte{byte(len(events))}}}
}

func TestTapRecordsWhatCanBePlayedAgain(t *testing.T) {
	rec := &Recording{Header: Header{Protocol: "lines", Start: start}}
	for i, s := range []string{"a", "b", "\xff"} {
		rec.Frames = append(rec.Frames,
			Frame{Frame: feed.Frame{Data: []byte(s), Binary: i == 2}, T: time.Duration(i) * time.Millisecond, At: start},
			Frame{Frame: feed.Frame{Data: []byte("never played")}, T: time.Duration(i) * time.Millisecond, At: start, Out: true})
	}
	_, url := serve(t, rec, atOnce)
	var file bytes.Buffer
	w, err := NewWriter(&file, rec.Header)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return start.Add(time.Second) }
	tapped := Tap(lineProtocol{url: url, acks: true}, w, clock, "secret")
	if tapped.Name() != "lines" {
		t.Errorf("name %q", tapped.Name())
	}
	run(t, tapped, feedtest.NewSink())

	again, err := Read("tap", strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, f := range again.Frames {
		count[fmt.Sprintf("%v %q", f.Out, f.Data)]++
	}
	if count[`false "a"`] != 1 || count[`false "b"`] != 1 || count[`false "\xff"`] != 1 || count[`true "PONG"`] != 3 || len(count) < 5 {
		t.Errorf("recorded %v", count)
	}
	if strings.Contains(file.String(), "secret") {
		t.Error("the recording holds the token")
	}
	_, url = serve(t, again, atOnce)
	sink := feedtest.NewSink()
	run(t, lineProtocol{url: url}, sink)
	if events := sink.Events(nil); len(events) != 3 || events[1].Text != "b" {
		t.Errorf("played again: %+v", events)
	}
}

// movedProtocol's peer asks to go on elsewhere, and may not be pinged.
type movedProtocol struct{ lineProtocol }

func (p movedProtocol) NewSession(pos feed.Position) feed.Session {
	return movedSession{p.lineProtocol.NewSession(pos)}
}

type movedSession struct{ feed.Session }

func (movedSession) Patience() time.Duration { return time.Minute }

func (s movedSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	if string(f.Data) == "move" {
		return feed.Decoded{Move: &feed.Move{Session: s}}
	}
	return s.Session.Decode(f, recv)
}

func TestTapFollowsAMoveAndHidesNothing(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{Protocol: "lines", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	s := Tap(movedProtocol{}, w, time.Now).NewSession(feed.Position{})
	d := s.Decode(feed.Frame{Data: []byte("move")}, start)
	if d.Move == nil {
		t.Fatal("the move is lost")
	}
	if d = d.Move.Session.Decode(feed.Frame{Data: []byte("beyond")}, start); len(d.Events) != 1 || !strings.Contains(file.String(), "beyond") {
		t.Errorf("%d events, recorded %s", len(d.Events), file.String())
	}
	inner := s.(interface{ Unwrap() feed.Session }).Unwrap()
	if _, listens := inner.(feed.Listener); !listens {
		t.Error("what the session can do is hidden")
	}
}

func TestTapEndsTheSourceWhenTheDiskIsFull(t *testing.T) {
	w, err := NewWriter(&brokenDisk{left: 1}, Header{Protocol: "lines", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	d := Tap(lineProtocol{}, w, time.Now).NewSession(feed.Position{}).Decode(feed.Frame{Data: []byte("a")}, start)
	if d.Fatal == nil || d.Fatal.Error() != "write recording: no space left: free the disk or choose another file" || len(d.Events) != 1 {
		t.Errorf("decoded %+v", d)
	}
}

func TestClockFollowsTheStory(t *testing.T) {
	// A minute of broadcast, then three days in three minutes.
	rec := &Recording{Header: Header{Protocol: "lines", Start: start}}
	for _, f := range []struct {
		t  time.Duration
		at time.Duration
	}{
		{0, 0},
		{time.Minute, time.Minute},
		{90 * time.Second, 30 * time.Second}, // a late message
		{4 * time.Minute, 73 * time.Hour},
	} {
		rec.Frames = append(rec.Frames, Frame{T: f.t, At: start.Add(f.at)})
	}
	s := NewServer(rec, ServerConfig{Speed: 4})
	wall := start.Add(1000 * time.Hour)
	s.wall = func() time.Time { return wall }
	clock := s.Clock()
	check := func(after, want time.Duration) {
		t.Helper()
		wall = s.begun.Add(after)
		if got := clock().Sub(start); got != want {
			t.Errorf("after %v the story is %v old, want %v", after, got, want)
		}
	}
	if !clock().Equal(start) {
		t.Errorf("before anybody came it is %v", clock())
	}
	s.begin(0)
	check(0, 0)
	check(10*time.Second, 40*time.Second)
	check(15*time.Second, time.Minute)
	check(20*time.Second, time.Minute) // 1:20, between the last in time and the late one
	check(22500*time.Millisecond, time.Minute)
	check(41250*time.Millisecond, 36*time.Hour+30*time.Minute+30*time.Second) // half of the way
	check(time.Minute, 73*time.Hour)
	check(70*time.Second, 73*time.Hour+10*time.Second)

	s = NewServer(rec, atOnce)
	s.wall = func() time.Time { return wall }
	clock = s.Clock()
	s.begin(1)
	check(time.Hour, 0)
	s.sent(2)
	check(time.Hour, time.Minute)
	s.sent(1) // a slower client does not turn the clock back
	check(time.Hour, time.Minute)
	s.sent(4)
	check(time.Hour, 73*time.Hour)
	check(time.Hour+time.Second, 73*time.Hour+time.Second)

	s = NewServer(rec, ServerConfig{})
	s.wall = func() time.Time { return wall }
	clock = s.Clock()
	s.begin(4)
	check(0, 73*time.Hour)
	if got := (story{points: []point{{0, start}}}).at(-time.Second); !got.Equal(start) {
		t.Errorf("before the start it is %v", got)
	}
}

func TestServerCloseCutsEverybody(t *testing.T) {
	s, url := serve(t, broadcast(t, 1000, "e1"), ServerConfig{Speed: 0.1})
	conn, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	s.Close()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		t.Error("the connection is still up")
	}
}

func TestServerLetsAClientGo(t *testing.T) {
	s, url := serve(t, broadcast(t, 1000, "e1"), ServerConfig{Speed: 0.1})
	conn, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	done := make(chan struct{})
	go func() { s.playing.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("the server plays on to nobody")
	}
}

// count is a sink that only counts.
type count struct{ n int }

func (c *count) Commit(_ context.Context, b feed.Batch) error { c.n += len(b.Events); return nil }

func (c *count) Position(context.Context, string) (feed.Position, error) {
	return feed.Position{}, nil
}

func BenchmarkLoopback(b *testing.B) {
	const n = 20_000
	rec := broadcast(b, n, "e1")
	_, url := serve(b, rec, atOnce)
	total := 0
	for b.Loop() {
		sink := &count{}
		collect(b, url, "", sink)
		if sink.n != n {
			b.Fatalf("%d events", sink.n)
		}
		total += n
	}
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "events/s")
}
