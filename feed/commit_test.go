package feed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

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
	if n, limit := s.Status().Received, int64(inboxEvents+batchMost+1); n > limit {
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

func TestSourceKeepsRoomsApart(t *testing.T) {
	r := &run{
		Source: &Source{cfg: Config{Source: "s", Clock: time.Now, Jitter: func() float64 { return 0 }}},
		inbox:  newInbox(), leaving: leaveAfter(t.Context(), leaveStalled),
	}
	sink := &batches{}
	r.sink = sink
	for i, room := range []string{"a", "a", "b", "a"} {
		if err := r.inbox.put(t.Context(), arrival{event: Event{ID: strconv.Itoa(i), Room: room}}); err != nil {
			t.Fatal(err)
		}
	}
	r.inbox.close()
	if err := r.commitAll(Position{Source: "s"}); err != nil {
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

// TestABatchWaitsForNothingThatMatters: it is committed when it is old, full, or holds
// words of the host, and then with all that came meanwhile.
func TestABatchWaitsForNothingThatMatters(t *testing.T) {
	chat := func(n int) (out []Event) {
		for range n {
			out = append(out, Event{Kind: KindChat, Text: "666"})
		}
		return out
	}
	said := Event{Kind: KindTranscript, Text: "纯羊毛的", Speech: &Speech{}}
	tests := []struct {
		name   string
		events []Event
		want   time.Duration // until the first commit
		size   int
	}{
		{"chat alone", chat(1), batchWait, 1},
		{"a full batch", chat(batchEvents), 0, batchEvents},
		{"more than a full one", chat(batchMost + 7), 0, batchMost},
		{"the host speaks", append(chat(3), said), 0, 4},
		{"a recogniser that names nobody", []Event{{Kind: KindTranscript, Text: "纯羊毛的"}}, 0, 1},
		{"the assistant writes", []Event{{Kind: KindChat, User: User{Role: RoleAssistant}}}, 0, 1},
		{"the host is about to", []Event{{Kind: KindTranscript, Speech: &Speech{Partial: true}}}, batchWait, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := &pace{began: time.Now()}
				r := &run{Source: &Source{cfg: Config{Source: "s", Clock: time.Now, Jitter: rand.Float64}}, inbox: newInbox(), sink: sink, leaving: leaveAfter(t.Context(), leaveStalled)}
				defer r.leaving.end()
				for i, e := range tt.events {
					e.ID = strconv.Itoa(i)
					if err := r.inbox.put(t.Context(), arrival{event: e}); err != nil {
						t.Fatal(err)
					}
				}
				done := make(chan error, 1)
				go func() { done <- r.commitAll(Position{Source: "s"}) }()
				time.Sleep(time.Second)
				r.inbox.close()
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				if sink.after[0] != tt.want || sink.sizes[0] != tt.size {
					t.Errorf("the first batch, of %d, was committed after %v; want %d after %v", sink.sizes[0], sink.after[0], tt.size, tt.want)
				}
				n := 0
				for _, size := range sink.sizes {
					n += size
				}
				if n != len(tt.events) {
					t.Errorf("%d events committed of %d", n, len(tt.events))
				}
			})
		})
	}
}

// A pace notes when how many events came to it.
type pace struct {
	began time.Time
	after []time.Duration
	sizes []int
}

func (p *pace) Commit(_ context.Context, b Batch) error {
	p.after, p.sizes = append(p.after, time.Since(p.began)), append(p.sizes, len(b.Events))
	return nil
}

func (p *pace) Position(context.Context, string) (Position, error) { return Position{}, nil }
