package feed

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// replayLines is lines for a peer that begins by sending again; "quiet" ends
// what it sends again.
type replayLines struct{ lines }

func (p replayLines) NewSession(Position) Session {
	return &replaySession{lineSession: lineSession{p.lines}}
}

type replaySession struct {
	lineSession
	over bool
}

func (s *replaySession) Decode(f Frame, recv time.Time) Decoded {
	if string(f.Data) == "quiet" {
		s.over = true
	}
	return s.lineSession.Decode(f, recv)
}

func (s *replaySession) Replaying() bool { return !s.over }

func TestReplayShowsWhetherSomethingIsMissing(t *testing.T) {
	cut := func(messages ...string) func(*websocket.Conn, *http.Request) {
		return func(c *websocket.Conn, _ *http.Request) {
			say(c, messages...)
			_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
			wait(c)
		}
	}
	last := func(messages ...string) func(*websocket.Conn, *http.Request) {
		return func(c *websocket.Conn, _ *http.Request) { say(c, messages...); end(c) }
	}
	start3 := cut("quiet", "- 0 a a", "- 0 b b", "- 0 c c")
	for _, c := range []struct {
		name    string
		scripts []func(*websocket.Conn, *http.Request)
		want    []string
	}{
		{
			"what is sent again reaches back",
			[]func(*websocket.Conn, *http.Request){start3, last("- 0 b b", "- 0 c c", "- 0 d d", "quiet", "- 0 e e")},
			[]string{"a", "b", "c", "d", "e"},
		},
		{
			"older than all that is known, then known",
			[]func(*websocket.Conn, *http.Request){start3, last("- 0 x x", "- 0 a a", "- 0 d d", "quiet")},
			[]string{"a", "b", "c", "x", "d"},
		},
		{
			"it does not reach back",
			[]func(*websocket.Conn, *http.Request){start3, last("- 0 x x", "- 0 y y", "quiet", "- 0 z z")},
			[]string{"a", "b", "c", "gap -1 reconnect", "x", "y", "z"},
		},
		{
			"nothing is sent again",
			[]func(*websocket.Conn, *http.Request){start3, last("quiet", "- 0 z z")},
			[]string{"a", "b", "c", "gap -1 reconnect", "z"},
		},
		{
			"cut while sending again: what came is no proof of what did not",
			[]func(*websocket.Conn, *http.Request){start3, cut("- 0 x x"), last("- 0 x x", "- 0 y y", "quiet")},
			[]string{"a", "b", "c", "gap -1 reconnect", "x", "y"},
		},
		{
			"cut before anything is sent again is one hole",
			[]func(*websocket.Conn, *http.Request){start3, cut(), last("quiet", "- 0 z z")},
			[]string{"a", "b", "c", "gap -1 reconnect", "z"},
		},
		{
			"nothing was known before",
			[]func(*websocket.Conn, *http.Request){last("- 0 a a", "quiet", "- 0 b b")},
			[]string{"a", "b"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink := newMemory()
			_, _, done := start(t, Config{}, replayLines{lines{url: serve(t, c.scripts...)}}, sink)
			if err := result(t, done); err != nil {
				t.Fatal(err)
			}
			if got := sink.texts(); !slices.Equal(got, c.want) {
				t.Errorf("recorded %q, want %q", got, c.want)
			}
		})
	}
}

func TestSomethingKnownProvesNothingOfAPeerThatDoesNotReplay(t *testing.T) {
	sink := newMemory()
	url := serve(t,
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a a", "- 0 b b") },
		func(c *websocket.Conn, _ *http.Request) { say(c, "- 0 a a", "- 0 d d"); end(c) },
	)
	_, _, done := start(t, Config{}, lines{url: url}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got, want := sink.texts(), []string{"a", "b", "gap -1 reconnect", "d"}; !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

func TestReplayAfterARestartKnowsTheLastEvent(t *testing.T) {
	sink := newMemory()
	sink.pos["room/lines"] = Position{Source: "room/lines", ID: "c", At: time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)}
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "- 0 b b", "- 0 c c", "- 0 d d", "quiet")
		end(c)
	})
	_, _, done := start(t, Config{}, replayLines{lines{url: url}}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	if got := sink.texts(); !slices.Equal(got, []string{"b", "d"}) {
		t.Errorf("recorded %q, want no gap and nothing again but what only the sink can know", got)
	}
}

// keeperLines is lines for a peer that keeps what was not acknowledged.
type keeperLines struct {
	lines
	keeps time.Duration
}

func (p keeperLines) NewSession(Position) Session {
	return keeperSession{lineSession{p.lines}, p.keeps}
}

type keeperSession struct {
	lineSession
	keeps time.Duration
}

func (s keeperSession) Keeps() time.Duration { return s.keeps }

func TestAPeerThatKeepsWhatWasMissedLeavesNoGap(t *testing.T) {
	for _, c := range []struct {
		name string
		away time.Duration
		want []string
	}{
		{"away for less than is kept", time.Hour - time.Second, []string{"a", "b"}},
		{"away for longer", time.Hour, []string{"gap -1 reconnect", "a", "b"}},
		{"the clock ran backwards", -time.Second, []string{"a", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink := newMemory()
			left := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
			sink.pos["room/lines"] = Position{Source: "room/lines", ID: "0", At: left}
			url := serve(t, func(c *websocket.Conn, _ *http.Request) { say(c, "quiet", "- 0 a a", "- 0 b b"); end(c) })
			clock := func() time.Time { return left.Add(c.away) }
			_, _, done := start(t, Config{Clock: clock}, keeperLines{lines{url: url}, time.Hour}, sink)
			if err := result(t, done); err != nil {
				t.Fatal(err)
			}
			if got := sink.texts(); !slices.Equal(got, c.want) {
				t.Errorf("recorded %q, want %q", got, c.want)
			}
		})
	}
}
