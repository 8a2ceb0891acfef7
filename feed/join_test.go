package feed

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// joiningLines is lines for a peer that lets us in when it says "in".
type joiningLines struct{ lines }

func (p joiningLines) NewSession(Position) Session { return joiningSession{lineSession{p.lines}} }

type joiningSession struct{ lineSession }

func (joiningSession) Joins() bool { return true }

func (s joiningSession) Decode(f Frame, recv time.Time) Decoded {
	if string(f.Data) == "in" {
		return Decoded{Joined: true}
	}
	if notice, is := strings.CutPrefix(string(f.Data), "notice "); is {
		return Decoded{Events: []Event{{Kind: KindSystem, Code: "notice", ID: notice, Text: notice}}}
	}
	return s.lineSession.Decode(f, recv)
}

// play connects a source to peers that each say their messages, one every second,
// and then hang up.
func play(t *testing.T, p Protocol, sink Sink, peers ...[]string) {
	t.Helper()
	var conns []net.Conn
	for _, messages := range peers {
		client, server := net.Pipe()
		conns = append(conns, client)
		go func() {
			handshake(t, server)
			go func() { _, _ = io.Copy(io.Discard, server) }()
			for _, m := range messages {
				time.Sleep(time.Second)
				writeText(t, server, m)
			}
			time.Sleep(100 * time.Millisecond)
			_ = server.Close()
		}()
	}
	s := pipeSourceOf(t, p, Config{}, conns...)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, sink) }()
	time.Sleep(time.Minute)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// told lists events, gaps by their beginning and end in seconds after begin.
func told(events []Event, begin time.Time) string {
	var out []string
	for _, e := range events {
		text := e.Text
		if g := e.Gap; g != nil {
			text = g.From.Sub(begin).Round(time.Second).String() + "–" + g.To.Sub(begin).Round(time.Second).String()
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// TestAGapLastsUntilWeAreInTheRoom: a peer tells nothing of the room while we log
// in, so the hole does not end with the connection.
func TestAGapLastsUntilWeAreInTheRoom(t *testing.T) {
	for name, c := range map[string]struct {
		peers [][]string
		want  string
	}{
		"let in":                     {[][]string{{"in", "- 0 a a"}, {"quiet", "quiet", "in", "- 0 b b"}}, "a 2s–5s b"},
		"the login says things":      {[][]string{{"in", "- 0 a a"}, {"notice n", "in", "- 0 b b"}}, "a 2s–4s n b"},
		"never let in, then let in":  {[][]string{{"in", "- 0 a a"}, {"quiet"}, {"in", "- 0 b b"}}, "a 2s–5s b"},
		"never let in, said things":  {[][]string{{"in", "- 0 a a"}, {"notice n"}, {"in", "- 0 b b"}}, "a 2s–3s n 3s–5s b"},
		"it tells of the room":       {[][]string{{"- 0 a a"}, {"quiet", "- 0 b b"}}, "a 1s–3s b"},
		"the first is nobody's hole": {[][]string{{"quiet", "in", "- 0 a a"}}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink, begin := newMemory(), time.Now()
				play(t, joiningLines{lines{url: "ws://127.0.0.1/"}}, sink, c.peers...)
				if got := told(sink.events, begin); got != c.want {
					t.Errorf("recorded %q, want %q", got, c.want)
				}
			})
		})
	}
}

// lateLines is lines whose events happened a while before they came.
type lateLines struct{ lines }

func (p lateLines) NewSession(Position) Session { return lateSession{lineSession{p.lines}} }

type lateSession struct{ lineSession }

func (s lateSession) Decode(f Frame, recv time.Time) Decoded {
	d := s.lineSession.Decode(f, recv)
	for i := range d.Events {
		d.Events[i].At = recv.Add(-5 * time.Second)
	}
	return d
}

// TestAGapBeginsWithWhatCameLast: where we lag behind the room, what was under way
// behind the last event and is lost happened before that event came here.
func TestAGapBeginsWithWhatCameLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink, begin := newMemory(), time.Now()
		play(t, lateLines{lines{url: "ws://127.0.0.1/"}}, sink, []string{"quiet", "quiet", "quiet", "quiet", "quiet", "- 0 a a"}, []string{"- 0 b b"})
		if got := told(sink.events, begin); got != "a 1s–6s b" {
			t.Errorf("recorded %q", got)
		}
	})
}
