package door

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// A busySink tells that a commit began, and lets it go on when it is told to.
type busySink struct {
	*feedtest.Sink
	began, goOn chan struct{}
}

func (s busySink) Commit(ctx context.Context, b feed.Batch) error {
	close(s.began)
	select {
	case <-s.goOn:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Sink.Commit(ctx, b)
}

// TestAPostThatWasReadIsRecordedBeforeTheDoorCloses: the door is told to close while
// the record takes a post in. The shop hears what became of it.
func TestAPostThatWasReadIsRecordedBeforeTheDoorCloses(t *testing.T) {
	d, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	sink := busySink{feedtest.NewSink(), make(chan struct{}), make(chan struct{})}
	if err := d.Hook(Hook{Name: "shop", Platform: "shopify", Secret: secret, Source: "r/shop", Room: "r", Sink: sink}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	at, err := d.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	served, posted := make(chan error, 1), make(chan int, 1)
	go func() { served <- d.Serve(ctx) }()
	go func() {
		status := 0
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+at.String()+"/hook/shop", strings.NewReader(order))
		if err == nil {
			req.Header = signed("e1", "orders/paid", order)
			if resp, err := http.DefaultClient.Do(req); err == nil {
				_ = resp.Body.Close()
				status = resp.StatusCode
			}
		}
		posted <- status
	}()
	<-sink.began
	cancel()
	time.AfterFunc(200*time.Millisecond, func() { close(sink.goOn) })
	if err := <-served; err != nil {
		t.Error(err)
	}
	if status := <-posted; status != http.StatusOK || len(sink.Events(nil)) != 1 {
		t.Errorf("the shop was told %d, %d events recorded", status, len(sink.Events(nil)))
	}
}
