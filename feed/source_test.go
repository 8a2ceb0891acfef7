package feed

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

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
	if n := slices.Max(sink.batches); n > batchMost {
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

func TestNewSourceChecksItsConfig(t *testing.T) {
	if _, err := NewSource(Config{}, lines{}); err == nil {
		t.Error("a source without a name was made")
	}
	if _, err := NewSource(Config{Source: "x", ReadLimit: -1}, lines{}); err == nil {
		t.Error("a negative read limit was taken")
	}
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
