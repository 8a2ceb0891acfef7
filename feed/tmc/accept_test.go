package tmc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/tmc"
	"liveroom/feed/tmc/tmctest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

var app = tmctest.Options{AppKey: "12345678", Secret: "EXAMPLESECRET", Group: "console"}

// run reads the server's messages into sink until stop, or the test's end.
func run(t *testing.T, srv *tmctest.Server, secret string, sink feed.Sink) (*feed.Source, func() error) {
	t.Helper()
	src, err := feed.NewSource(feed.Config{Source: "shop/tmc", Room: "南枝小院", Jitter: func() float64 { return 0.01 }},
		tmc.New(tmc.Options{AppKey: app.AppKey, Secret: secret, Group: app.Group, URL: srv.URL()}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var result error
	go func() { defer close(ended); result = src.Run(ctx, sink) }()
	stop := func() error { cancel(); <-ended; return result }
	t.Cleanup(func() { _ = stop(); srv.Close() })
	return src, stop
}

func wait(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// paid is the payment of order n.
func paid(n int) tmctest.Message {
	return tmctest.Message{
		ID: int64(7000 + n), Topic: "taobao_trade_TradeBuyerPay",
		Content: fmt.Sprintf(`{"tid":%d,"oid":1,"payment":"%d.00"}`, 100+n, n), Time: time.UnixMilli(1790000000000 + int64(n)),
	}
}

func ids(events []feed.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

// TestTenCutsLoseNothingAndLeaveNoGap cuts the connection at any moment while
// orders come in: each is recorded once, all are confirmed, and there is no gap
// because the server keeps what was not confirmed.
func TestTenCutsLoseNothingAndLeaveNoGap(t *testing.T) {
	srv := tmctest.New(app)
	sink := feedtest.NewSink()
	src, stop := run(t, srv, app.Secret, sink)
	n := 0
	var want []string
	for cut := range 10 {
		wait(t, srv.WaitPulls(cut+1, patience))
		for range 20 {
			srv.Publish(paid(n))
			want = append(want, fmt.Sprint(7000+n))
			n++
		}
		srv.Cut()
		srv.Publish(paid(n)) // while nobody listens
		want = append(want, fmt.Sprint(7000+n))
		n++
	}
	wait(t, sink.Wait(n, nil, patience))
	confirmed := func() []int64 {
		ids := srv.Confirmed()
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	for end := time.Now().Add(patience); len(confirmed()) < n && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
	}
	wait(t, stop())
	got := ids(sink.Events(nil))
	slices.Sort(got)
	if !slices.Equal(got, want) || sink.Doubled() != 0 {
		t.Errorf("%d events recorded (%d doubled), want each of %d once and no gap", len(got), sink.Doubled(), n)
	}
	if len(confirmed()) != n || src.Status().Reconnects < 10 {
		t.Errorf("%d of %d confirmed after %d reconnects", len(confirmed()), n, src.Status().Reconnects)
	}
}

// A refusing sink cannot write until it is let.
type refusing struct {
	*feedtest.Sink
	let atomic.Bool
}

func (s *refusing) Commit(ctx context.Context, b feed.Batch) error {
	if !s.let.Load() {
		return errors.New("disk full")
	}
	return s.Sink.Commit(ctx, b)
}

func TestNothingIsConfirmedBeforeItIsOnDisk(t *testing.T) {
	srv := tmctest.New(app)
	sink := &refusing{Sink: feedtest.NewSink()}
	src, stop := run(t, srv, app.Secret, sink)
	wait(t, srv.WaitPulls(1, patience))
	srv.Publish(paid(1), paid(2))
	for end := time.Now().Add(patience); src.Status().State != feed.StateBlocked; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want blocked", src.Status().State)
		}
	}
	srv.Redeliver()
	if got := srv.Confirmed(); len(got) != 0 {
		t.Errorf("%v confirmed, nothing is on disk", got)
	}
	sink.let.Store(true)
	wait(t, srv.WaitConfirmed(2, patience))
	wait(t, sink.Wait(2, nil, patience))
	wait(t, stop())
	if got := ids(sink.Events(nil)); !slices.Equal(got, []string{"7001", "7002"}) || sink.Doubled() != 0 {
		t.Errorf("recorded %q, %d doubled", got, sink.Doubled())
	}
}

// A severing sink loses the server as soon as something is on disk.
type severing struct {
	*feedtest.Sink
	srv *tmctest.Server
}

func (s severing) Commit(ctx context.Context, b feed.Batch) error {
	err := s.Sink.Commit(ctx, b)
	s.srv.Away(true)
	return err
}

// TestWhatWasOnDiskAndNotConfirmedIsAbsorbed: the program dies between the two. The
// server sends the message again, which is one event, and is confirmed then.
func TestWhatWasOnDiskAndNotConfirmedIsAbsorbed(t *testing.T) {
	srv := tmctest.New(app)
	sink := feedtest.NewSink()
	_, stop := run(t, srv, app.Secret, severing{sink, srv})
	srv.Publish(paid(1))
	wait(t, sink.Wait(1, nil, patience))
	wait(t, stop())
	if got := srv.Confirmed(); len(got) != 0 {
		t.Fatalf("%v confirmed over a connection that was gone", got)
	}
	srv.Away(false)
	_, stop = run(t, srv, app.Secret, sink)
	wait(t, srv.WaitConfirmed(1, patience))
	wait(t, stop())
	if got := ids(sink.Events(nil)); !slices.Equal(got, []string{"7001"}) {
		t.Errorf("recorded %q, want the order once and no gap", got)
	}
}

func TestARestartGoesOnWhereTheQueueIs(t *testing.T) {
	srv := tmctest.New(app)
	sink := feedtest.NewSink()
	_, stop := run(t, srv, app.Secret, sink)
	srv.Publish(paid(1))
	wait(t, srv.WaitConfirmed(1, patience))
	wait(t, stop())
	srv.Publish(paid(2))
	_, stop = run(t, srv, app.Secret, sink)
	wait(t, srv.WaitConfirmed(2, patience))
	wait(t, stop())
	if got := ids(sink.Events(nil)); !slices.Equal(got, []string{"7001", "7002"}) {
		t.Errorf("recorded %q, want both orders and no gap", got)
	}
}

func TestWhatCannotBeReadStaysWithTheServer(t *testing.T) {
	srv := tmctest.New(app)
	sink := feedtest.NewSink()
	src, stop := run(t, srv, app.Secret, sink)
	srv.Publish(tmctest.Message{ID: 1, Topic: "taobao_trade_TradeCreate", Content: "{"}, paid(2))
	wait(t, srv.WaitFailed(1, patience))
	wait(t, srv.WaitConfirmed(1, patience))
	wait(t, stop())
	if got := srv.Confirmed(); !slices.Equal(got, []int64{7002}) || !strings.Contains(srv.Failed()[0], "no JSON") || src.Status().Refused == 0 {
		t.Errorf("confirmed %v, failed %q, %d refused", got, srv.Failed(), src.Status().Refused)
	}
}

func TestWrongSecretEndsTheSourceWithARemedy(t *testing.T) {
	srv := tmctest.New(app)
	sink := feedtest.NewSink()
	src, _ := run(t, srv, "stale", sink)
	wait(t, sink.Wait(1, func(e feed.Event) bool { return e.Code == feed.CodeAuthFailed }, patience))
	for end := time.Now().Add(patience); src.Status().State != feed.StateFailed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("state %s, want failed", src.Status().State)
		}
	}
	if err := src.Status().Err; err == nil || !strings.Contains(err.Error(), "app_key") || strings.Contains(err.Error(), "stale") {
		t.Errorf("error %v, want the remedy and not the secret", err)
	}
}
