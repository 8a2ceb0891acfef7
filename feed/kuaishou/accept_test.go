package kuaishou_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/kuaishou"
	"liveroom/feed/kuaishou/kuaishoutest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// hurried beats often enough for a test; all else is the protocol's own.
type hurried struct{ *kuaishou.Protocol }

func (p hurried) NewSession(pos feed.Position) feed.Session {
	return hurriedSession{p.Protocol.NewSession(pos)}
}

type hurriedSession struct{ feed.Session }

func (s hurriedSession) Heartbeat() (time.Duration, feed.Frame) {
	_, f := s.Session.Heartbeat()
	return 20 * time.Millisecond, f
}

// run reads the server's room into a sink until stop, or the test's end.
func run(t *testing.T, srv *kuaishoutest.Server, token string) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	src, err := feed.NewSource(feed.Config{
		Source: "room/kuaishou", Room: "南枝小院", Jitter: func() float64 { return 0.01 }, Clock: feedtest.ClockFrom(time.Unix(1790000000, 0)),
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, hurried{kuaishou.New(kuaishou.Options{URL: srv.URL(), Token: token, LiveStreamID: "live-1"})})
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

func wait(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// said is a push of one comment.
func said(id string, zip bool) []byte {
	return kuaishoutest.Message(310, zip, kuaishoutest.Text(5,
		kuaishoutest.Text(1, []byte(id)), kuaishoutest.Text(2, kuaishoutest.Text(1, []byte("3xA"))), kuaishoutest.Text(3, []byte("多少钱")), kuaishoutest.Number(9, 1790000000100)))
}

func TestARoomIsEnteredReadAndEnteredAgain(t *testing.T) {
	srv := kuaishoutest.New(kuaishoutest.Options{Token: "good", LiveStreamID: "live-1"})
	sink, src, stop := run(t, srv, "good")
	wait(t, srv.WaitEntered(1, patience))
	srv.Push(said("c1", false))
	srv.Push(said("c2", true))
	srv.Push(said("", false))
	wait(t, sink.Wait(3, nil, patience))
	wait(t, srv.WaitBeats(2, patience))
	srv.Cut()
	srv.Push(said("c3", false)) // nobody hears it
	wait(t, srv.WaitEntered(2, patience))
	srv.Push(said("c4", false))
	wait(t, sink.Wait(5, nil, patience))
	wait(t, stop())
	var got []string
	for _, e := range sink.Events(nil) {
		switch {
		case e.Kind == feed.KindGap:
			got = append(got, "gap")
		case strings.HasPrefix(e.ID, "h:"):
			got = append(got, "by its bytes")
		default:
			got = append(got, e.ID)
		}
	}
	if !slices.Equal(got, []string{"c1", "c2", "by its bytes", "gap", "c4"}) || src.Status().Reconnects != 1 {
		t.Errorf("recorded %q after %d reconnects", got, src.Status().Reconnects)
	}
}

func TestAnErrorInTheRoomIsDialledAgain(t *testing.T) {
	srv := kuaishoutest.New(kuaishoutest.Options{Token: "good", LiveStreamID: "live-1"})
	sink, _, stop := run(t, srv, "good")
	wait(t, srv.WaitEntered(1, patience))
	srv.Push(kuaishoutest.Message(103, false, kuaishoutest.Number(1, 2)))
	wait(t, srv.WaitEntered(2, patience))
	wait(t, sink.Wait(1, func(e feed.Event) bool { return e.Code == "server_error" }, patience))
	wait(t, stop())
}

func TestWrongTokenEndsTheSourceWithARemedy(t *testing.T) {
	srv := kuaishoutest.New(kuaishoutest.Options{Token: "good", LiveStreamID: "live-1"})
	sink, src, _ := run(t, srv, "stale")
	wait(t, sink.Wait(1, func(e feed.Event) bool { return e.Code == feed.CodeAuthFailed }, patience))
	for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want failed", src.Status().State)
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "new token") || strings.Contains(err.Error(), "stale") {
		t.Errorf("error %v, want the remedy and not the token", err)
	}
}
