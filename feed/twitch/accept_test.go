package twitch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/twitch"
	"liveroom/feed/twitch/twitchtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// recording is 800 lines of a channel: the recorded ones where they are beside
// the project, else lines of our own with the same parts.
func recording(t *testing.T) (channel string, lines []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "twitch-irc", "recorded-nymn-2024-01-06.irc"))
	if err == nil {
		return "nymn", strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n")
	}
	t.Log("the recorded channel is not beside the project: playing 800 lines made here")
	for i := range 800 {
		tags := fmt.Sprintf("tmi-sent-ts=%d;room-id=7", 1790000000000+int64(i)*560-int64(i%7)*100)
		if i%400 == 399 {
			lines = append(lines, fmt.Sprintf("@ban-duration=180;target-user-id=%d;%s :tmi.twitch.tv CLEARCHAT #shop u%d", i, tags, i))
			continue
		}
		text := []string{"这个多少钱？", "还有货吗", "退款", "ok"}[i%4] // spam repeats itself
		lines = append(lines, fmt.Sprintf("@display-name=用户%d;id=m-%d;user-id=%d;%s :u%d!u%d@u%d.tmi.twitch.tv PRIVMSG #shop :%s", i%119, i, i%119, tags, i%119, i%119, i%119, text))
	}
	return "shop", lines
}

// idsOf are the IDs that the lines come to, in order.
func idsOf(t *testing.T, channel string, lines []string) []string {
	t.Helper()
	p, err := twitch.New(twitch.Options{Channel: channel})
	if err != nil {
		t.Fatal(err)
	}
	d := p.NewSession(feed.Position{}).Decode(feed.Frame{Data: []byte(strings.Join(lines, "\r\n"))}, time.Now())
	if len(d.Events) != len(lines) {
		t.Fatalf("%d lines come to %d events, refused %v", len(lines), len(d.Events), d.Refused)
	}
	var ids []string
	for _, e := range d.Events {
		ids = append(ids, e.ID)
	}
	return ids
}

// run reads the server's channel into a sink until the test's end.
func run(t *testing.T, srv *twitchtest.Server, o twitch.Options) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	o.URL = srv.URL()
	p, err := twitch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{
		Source: p.Source(), Room: "南枝小院",
		Jitter:  func() float64 { return 0.01 },
		Clock:   feedtest.ClockFrom(time.Unix(1790000000, 0)),
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- src.Run(ctx, sink) }()
	stopped := false
	stop := func() error {
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if !stopped {
			_ = stop()
		}
		srv.Close()
	})
	return sink, src, stop
}

// ofChannel leaves out what joining tells, and that a recording is old.
func ofChannel(e feed.Event) bool { return e.Code != "room_state" && e.Code != feed.CodeSkew }

func isGap(e feed.Event) bool { return e.Kind == feed.KindGap }

func isLine(e feed.Event) bool { return ofChannel(e) && !isGap(e) }

// shown lists the events of the channel by ID, a gap as "gap".
func shown(events []feed.Event) []string {
	var out []string
	for _, e := range events {
		if isGap(e) {
			out = append(out, "gap")
		} else {
			out = append(out, e.ID)
		}
	}
	return out
}

const cuts = 10

// TestTenCutsThatTheServerCanReplayLoseNothing plays 800 lines through ten cuts
// made at any moment, while people go on talking, to a server that repeats its
// last lines: everything arrives once, in order, without a gap.
func TestTenCutsThatTheServerCanReplayLoseNothing(t *testing.T) {
	channel, lines := recording(t)
	want := idsOf(t, channel, lines)
	srv := twitchtest.New(twitchtest.Options{Channel: channel, Replay: 120})
	sink, src, stop := run(t, srv, twitch.Options{Channel: channel})
	part := len(lines) / (cuts + 1)
	for cut := range cuts {
		wait(t, srv.WaitJoins(cut+1, patience))
		now := lines[:part]
		lines = lines[part:]
		srv.Say(now[:30]...)
		for _, l := range now[30:50] {
			srv.Say(l)
		}
		srv.Cut(now[50:]...) // what was said just before may be on its way still
	}
	wait(t, srv.WaitJoins(cuts+1, patience))
	srv.Say(lines...)
	wait(t, sink.Wait(len(want), isLine, patience))
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	got := shown(sink.Events(ofChannel))
	if !slices.Equal(got, want) {
		t.Errorf("%d events recorded, want exactly the %d lines in order; first difference at %d", len(got), len(want), differ(got, want))
	}
	if st := src.Status(); st.Reconnects != cuts || sink.Doubled() != 0 {
		t.Errorf("%d reconnects, %d doubled; want %d and 0", st.Reconnects, sink.Doubled(), cuts)
	}
}

// TestTenCutsThatTheServerCannotReplayAreTenGaps loses exactly the lines that
// the server sent nowhere, and says ten times where.
func TestTenCutsThatTheServerCannotReplayAreTenGaps(t *testing.T) {
	channel, lines := recording(t)
	ids := idsOf(t, channel, lines)
	srv := twitchtest.New(twitchtest.Options{Channel: channel})
	sink, _, stop := run(t, srv, twitch.Options{Channel: channel})
	const nowhere = 5
	var want []string
	heard := 0
	part := len(lines) / (cuts + 1)
	for cut := range cuts {
		wait(t, srv.WaitJoins(cut+1, patience))
		srv.Say(lines[:part-nowhere]...)
		heard += part - nowhere
		wait(t, sink.Wait(heard, isLine, patience))
		srv.Cut(lines[part-nowhere : part]...)
		want = append(append(want, ids[:part-nowhere]...), "gap")
		lines, ids = lines[part:], ids[part:]
	}
	wait(t, srv.WaitJoins(cuts+1, patience))
	srv.Say(lines...)
	want = append(want, ids...)
	wait(t, sink.Wait(len(want), ofChannel, patience))
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	got := shown(sink.Events(ofChannel))
	if !slices.Equal(got, want) {
		t.Errorf("%d events and gaps recorded, want %d; first difference at %d", len(got), len(want), differ(got, want))
	}
	gaps := sink.Events(isGap)
	for _, e := range gaps {
		if e.Gap.To.Before(e.Gap.From) || e.Gap.From.IsZero() || e.Room != "南枝小院" {
			t.Errorf("gap %+v in room %s", e.Gap, e.Room)
		}
	}
	if len(gaps) != cuts {
		t.Errorf("%d gaps, want %d", len(gaps), cuts)
	}
}

func differ(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func wait(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const line = "@id=m-1;tmi-sent-ts=1790000000000;user-id=1 :u!u@u.tmi.twitch.tv PRIVMSG #shop :hi"

func TestAccountSignsInAndAnswersPings(t *testing.T) {
	srv := twitchtest.New(twitchtest.Options{Channel: "shop", Token: "good"})
	sink, _, stop := run(t, srv, twitch.Options{Channel: "shop", Login: "watcher", Token: "good"})
	wait(t, srv.WaitJoins(1, patience))
	srv.Ping()
	srv.Say(line)
	wait(t, srv.WaitPongs(1, patience))
	wait(t, sink.Wait(1, isLine, patience))
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if e := sink.Events(isLine)[0]; e.ID != "m-1" || e.User.ID != "1" || e.Shown.String() != "hi" {
		t.Errorf("recorded %+v", e)
	}
}

func TestWrongTokenEndsTheSourceWithARemedy(t *testing.T) {
	srv := twitchtest.New(twitchtest.Options{Channel: "shop", Token: "good"})
	sink, src, _ := run(t, srv, twitch.Options{Channel: "shop", Login: "watcher", Token: "stale"})
	failed := func(e feed.Event) bool { return e.Code == feed.CodeAuthFailed }
	wait(t, sink.Wait(1, failed, patience))
	for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want failed", src.Status().State)
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "make a new token") || strings.Contains(err.Error(), "stale") {
		t.Errorf("error %v, want the remedy and not the token", err)
	}
}

func TestServerThatAsksForANewConnectionGetsOne(t *testing.T) {
	srv := twitchtest.New(twitchtest.Options{Channel: "shop", Replay: 5})
	sink, src, stop := run(t, srv, twitch.Options{Channel: "shop"})
	wait(t, srv.WaitJoins(1, patience))
	srv.Say(line)
	wait(t, sink.Wait(1, isLine, patience))
	srv.Reconnect()
	wait(t, srv.WaitJoins(2, patience))
	srv.Say(strings.ReplaceAll(line, "m-1", "m-2"))
	wait(t, sink.Wait(3, isLine, patience))
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := shown(sink.Events(ofChannel)); src.Status().Reconnects != 1 || len(got) != 3 || got[0] != "m-1" || got[2] != "m-2" {
		t.Errorf("recorded %q after %d reconnects", got, src.Status().Reconnects)
	}
}
