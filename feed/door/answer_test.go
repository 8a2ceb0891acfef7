package door

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/webhook/webhooktest"
)

// stuck is a record whose writing does not end before it is let, whatever the
// caller's patience.
type stuck struct {
	*feedtest.Sink
	began chan struct{}
	let   chan struct{}
}

func newStuck() *stuck {
	return &stuck{Sink: feedtest.NewSink(), began: make(chan struct{}, 64), let: make(chan struct{})}
}

func (s *stuck) Commit(ctx context.Context, b feed.Batch) error {
	s.began <- struct{}{}
	<-s.let
	return s.Sink.Commit(ctx, b)
}

// wanted is a clock that a test moves.
type wanted struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *wanted { return &wanted{at: time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)} }

func (w *wanted) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *wanted) add(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// posting opens a hook for a platform, and the shop that posts to it.
func posting(t *testing.T, platform string, clock *wanted, sink feed.Sink, told func(feed.Status)) (*opened, *webhooktest.Shop) {
	t.Helper()
	o := open(t, clock.now)
	secret := webhooktest.Secret(platform)
	if err := o.Hook(Hook{Name: "shop", Platform: platform, Secret: secret, Source: "r/shop", Room: "r", Sink: sink, Status: told}); err != nil {
		t.Fatal(err)
	}
	o.listen()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return o, &webhooktest.Shop{
		Platform: platform, Secret: secret, URL: "http://" + o.addr + "/hook/shop", Client: client,
		Wait: func(_ context.Context, d time.Duration) error { clock.add(d); return nil },
	}
}

func bought(n int, at time.Time) webhooktest.Order {
	return webhooktest.Order{ID: fmt.Sprint(9007199254740993 + n), Order: fmt.Sprint(6920000000000000001 + n), Buyer: "77", At: at}
}

// TestASlowRecordIsAnsweredInTime: what is not on disk in time is not acknowledged,
// neither the post that waits for the record nor those behind it; what gets there
// late is known when it is posted again.
func TestASlowRecordIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	clock, sink := newClock(), newStuck()
	blocked := make(chan feed.Status, 64)
	o, shop := posting(t, "doudian", clock, sink, func(s feed.Status) {
		if s.State == feed.StateBlocked {
			blocked <- s
		}
	})
	var posts sync.WaitGroup
	for n := range 3 {
		posts.Go(func() {
			a, err := shop.Post(o.ctx, webhooktest.Paid("doudian", bought(n, clock.now())))
			if err != nil || a.Status != http.StatusServiceUnavailable || a.After > answerIn+time.Second {
				t.Errorf("post %d: %+v, %v; want 503 within %s", n, a, err, answerIn)
			}
		})
	}
	<-sink.began
	began := time.Now()
	if s := <-blocked; s.Err == nil || time.Since(began) > slowAfter+time.Second {
		t.Errorf("told after %s: %+v", time.Since(began), s)
	}
	posts.Wait()
	if n := len(sink.Events(nil)); n != 0 {
		t.Fatalf("%d events before the record was let", n)
	}
	close(sink.let)
	wait(t, sink.Sink, 1) // late, and nobody was told
	for n := range 3 {
		if posts, err := shop.Deliver(o.ctx, webhooktest.Paid("doudian", bought(n, clock.now()))); err != nil || posts != 1 {
			t.Errorf("posted again: %d posts, %v", posts, err)
		}
	}
	if n := len(sink.Events(nil)); n != 3 || sink.Doubled() != 0 {
		t.Errorf("%d events, %d offered twice", n, sink.Doubled())
	}
}

// TestLeavingWithPostsInFlight: what was begun is recorded and answered, what was
// not is neither, and afterwards no sink is called.
func TestLeavingWithPostsInFlight(t *testing.T) {
	t.Parallel()
	clock, sink := newClock(), newStuck()
	o := open(t, clock.now)
	secret := webhooktest.Secret("shopify")
	if err := o.Hook(Hook{Name: "shop", Platform: "shopify", Secret: secret, Source: "r/shop", Sink: sink}); err != nil {
		t.Fatal(err)
	}
	at, err := o.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- o.Serve(ctx) }()
	shop := &webhooktest.Shop{
		Platform: "shopify", Secret: secret, URL: "http://" + at.String() + "/hook/shop",
		Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
	const n = 8
	answers := make(chan int, n)
	for i := range n {
		go func() {
			a, _ := shop.Post(t.Context(), webhooktest.Paid("shopify", bought(i, clock.now())))
			answers <- a.Status
		}()
	}
	<-sink.began
	leave()
	time.Sleep(50 * time.Millisecond) // more than the door needs to hear of it
	close(sink.let)
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	recorded := len(sink.Events(nil))
	good := 0
	for range n {
		switch status := <-answers; status {
		case http.StatusOK:
			good++
		case http.StatusServiceUnavailable, 0: // not taken, or not even let in
		default:
			t.Errorf("answered %d", status)
		}
	}
	if good == 0 || good > recorded || len(sink.Events(nil)) != recorded {
		t.Errorf("%d answered well, %d recorded, %d in the end", good, recorded, len(sink.Events(nil)))
	}
}

// TestPlatformsPostAgainUntilTheRecordIsMended: each platform's schedule is longer
// than a disk stays full, and what was posted often is one event.
func TestPlatformsPostAgainUntilTheRecordIsMended(t *testing.T) {
	for _, platform := range webhooktest.Platforms() {
		t.Run(platform, func(t *testing.T) {
			clock, sink := newClock(), &full{Sink: feedtest.NewSink(), broken: true}
			o, shop := posting(t, platform, clock, sink, nil)
			last := webhooktest.Retries(platform) // the attempt before the platform gives up
			waited := 0
			shop.Wait = func(_ context.Context, d time.Duration) error {
				clock.add(d)
				if waited++; waited == last {
					sink.mend()
				}
				return nil
			}
			m := webhooktest.Paid(platform, bought(0, clock.now()))
			posts, err := shop.Deliver(o.ctx, m)
			if err != nil || posts != last+1 {
				t.Fatalf("%d posts, %v; want %d", posts, err, last+1)
			}
			// A platform that did not hear the answer posts once more, hours later.
			clock.add(6 * time.Hour)
			if posts, err := shop.Deliver(o.ctx, m); err != nil || posts != 1 {
				t.Errorf("once more: %d posts, %v", posts, err)
			}
			got := sink.Events(func(e feed.Event) bool { return e.Kind == feed.KindOrder })
			if len(got) != 1 || got[0].OrderID != "6920000000000000001" || got[0].Status != feed.StatusPaid {
				t.Errorf("recorded %+v", got)
			}
		})
	}
}

// TestAPlatformThatGivesUp shows that the schedule of the tests ends.
func TestAPlatformThatGivesUp(t *testing.T) {
	clock, sink := newClock(), &full{Sink: feedtest.NewSink(), broken: true}
	o, shop := posting(t, "shopify", clock, sink, nil)
	posts, err := shop.Deliver(o.ctx, webhooktest.Paid("shopify", bought(0, clock.now())))
	if err == nil || posts != webhooktest.Retries("shopify")+1 || !strings.Contains(err.Error(), "gives up") {
		t.Errorf("%d posts, %v", posts, err)
	}
}

// TestAReplayedPostIsAbsorbedForGood: who got hold of a signed post posts it days
// later, to a program that was started again, under whatever names are not signed.
func TestAReplayedPostIsAbsorbedForGood(t *testing.T) {
	for _, platform := range webhooktest.Platforms() {
		t.Run(platform, func(t *testing.T) {
			clock, sink := newClock(), feedtest.NewSink()
			m := webhooktest.Paid(platform, bought(0, clock.now()))
			for _, name := range []string{m.ID, "again", "and again"} {
				o, shop := posting(t, platform, clock, sink, nil)
				if platform == "shopify" || platform == "douyin-life" {
					m.ID = name
				}
				if a, err := shop.Post(o.ctx, m); err != nil || a.Status != http.StatusOK {
					t.Fatalf("%+v, %v", a, err)
				}
				clock.add(5 * 24 * time.Hour)
			}
			if n := len(sink.Events(nil)); n != 1 {
				t.Errorf("%d events of one post", n)
			}
		})
	}
}

// TestOneDeedOfAMerchantIsSeveralMessages: Shopify gives the same name to all that
// one deed causes.
func TestOneDeedOfAMerchantIsSeveralMessages(t *testing.T) {
	clock, sink := newClock(), feedtest.NewSink()
	o, shop := posting(t, "shopify", clock, sink, nil)
	m := webhooktest.Paid("shopify", bought(0, clock.now()))
	for _, topic := range []string{"orders/create", "orders/paid"} {
		m.Topic = topic
		if a, err := shop.Post(o.ctx, m); err != nil || a.Status != http.StatusOK {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	if got := sink.Events(nil); len(got) != 2 || got[0].Status != feed.StatusCreated || got[1].Status != feed.StatusPaid {
		t.Errorf("recorded %+v", got)
	}
}

// TestATopicThatTheBodyDenies: the topic is not signed, the body is.
func TestATopicThatTheBodyDenies(t *testing.T) {
	clock, sink := newClock(), feedtest.NewSink()
	o, shop := posting(t, "shopify", clock, sink, nil)
	for topic, member := range map[string]string{
		"orders/cancelled": `"cancelled_at":null`, "orders/fulfilled": `"fulfillment_status":null`, "orders/paid": `"financial_status":"pending"`,
	} {
		m := webhooktest.Message{ID: "e", Topic: topic, Body: `{"id":1,` + member + `}`}
		if a, err := shop.Post(o.ctx, m); err != nil || a.Status != http.StatusBadRequest || len(sink.Events(nil)) != 0 {
			t.Errorf("%s: %+v, %v", topic, a, err)
		}
	}
}

// TestABlockThatWasChangedOnTheWay: Kuaishou encrypts and does not sign, so whoever
// is on the way can make 16 bytes random and change the 16 behind them.
func TestABlockThatWasChangedOnTheWay(t *testing.T) {
	clock, sink := newClock(), feedtest.NewSink()
	o, shop := posting(t, "kuaishou-shop", clock, sink, nil)
	_, body := webhooktest.Sign(shop.Platform, shop.Secret, webhooktest.Paid(shop.Platform, bought(0, clock.now())))
	changed := []byte(body)
	changed[30] ^= 1 // in the second block
	if status, answer := o.get(t, http.MethodPost, "/hook/shop", nil, string(changed)); status != http.StatusUnauthorized || len(sink.Events(nil)) != 0 {
		t.Errorf("%d %s, %d events", status, answer, len(sink.Events(nil)))
	}
}

var errGone = errors.New("the record is away")

// unknowing is a record that cannot tell where a source was.
type unknowing struct{ *feedtest.Sink }

func (unknowing) Position(context.Context, string) (feed.Position, error) {
	return feed.Position{}, errGone
}

func TestARecordThatCannotTellThePositionTakesNothing(t *testing.T) {
	sink := unknowing{feedtest.NewSink()}
	var last feed.Status
	o, shop := posting(t, "tiktok-shop", newClock(), sink, func(s feed.Status) { last = s })
	a, err := shop.Post(o.ctx, webhooktest.Paid("tiktok-shop", bought(0, time.Unix(1790000000, 0))))
	if err != nil || a.Status != http.StatusServiceUnavailable || !errors.Is(last.Err, errGone) || len(sink.Events(nil)) != 0 {
		t.Errorf("%+v, %v, status %+v", a, err, last)
	}
}
