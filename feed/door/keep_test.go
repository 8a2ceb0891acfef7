package door

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/feedtest"
	"liveroom/feed/webhook"
	"liveroom/feed/webhook/webhooktest"
)

// keeper is who records posts.
type keeper struct {
	mu    sync.Mutex
	posts []Post
	err   error
}

func (k *keeper) keep(p Post) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	k.posts = append(k.posts, p)
	return nil
}

func (k *keeper) breaks(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

func (k *keeper) all() []Post {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.posts
}

// keeping is a shop whose posts are handed on.
func keeping(t *testing.T, clock func() time.Time, platform, secret string, sink feed.Sink, status func(feed.Status)) (*opened, *keeper) {
	t.Helper()
	o, k := open(t, clock), &keeper{}
	if err := o.Hook(Hook{Name: "shop", Platform: platform, Secret: secret, Source: "r/shop", Room: "r", Sink: sink, Status: status, Keep: k.keep}); err != nil {
		t.Fatal(err)
	}
	o.listen()
	return o, k
}

// TestWhatIsSignedIsKeptAsItCame: the body to the byte, what tells of it and proves it,
// and what was answered; not what a query or another header may hold, and nothing of
// who did not know the secret.
func TestWhatIsSignedIsKeptAsItCame(t *testing.T) {
	clock := newClock()
	o, k := keeping(t, clock.now, "shopify", secret, feedtest.NewSink(), nil)
	header := signed("e1", "orders/paid", order)
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Authorization": "Bearer c4nary", "Cookie": "c4nary", "X-Canary": "c4nary",
		"X-Shopify-Shop-Domain": "shop.example " + secret, "X-Shopify-Webhook-Id": "w1",
	} {
		header.Set(name, value)
	}
	forged := header.Clone()
	forged.Set("X-Shopify-Hmac-Sha256", "AAAA")
	half := `{"id":12,"na`
	for _, c := range []struct {
		method string
		header http.Header
		body   string
		status int
	}{
		{http.MethodPost, header, order, http.StatusOK},
		{http.MethodPost, forged, order, http.StatusUnauthorized},
		{http.MethodPost, nil, order, http.StatusUnauthorized},
		{http.MethodPut, header, order, http.StatusMethodNotAllowed},
		{http.MethodPost, signed("e2", "orders/paid", half), half, http.StatusBadRequest},
		{http.MethodPost, header, order, http.StatusOK}, // again
		{http.MethodPost, nil, strings.Repeat("x", postBytes+1), http.StatusRequestEntityTooLarge},
	} {
		if status, said := o.get(t, c.method, "/hook/shop?token=c4nary", c.header, c.body); status != c.status {
			t.Errorf("%d %s, want %d", status, said, c.status)
		}
	}
	want := Post{
		Platform: "shopify", Method: http.MethodPost, Path: "/hook/shop", Body: []byte(order), At: clock.now(), Answered: clock.now(),
		Reply: webhook.Reply{Status: http.StatusOK},
		Headers: map[string]string{
			"Content-Type": "application/json", "X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e1", "X-Shopify-Webhook-Id": "w1",
			"X-Shopify-Hmac-Sha256": header.Get("X-Shopify-Hmac-Sha256"),
		},
	}
	broken := want
	broken.Body, broken.Reply = []byte(half), unread
	broken.Headers = map[string]string{"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e2", "X-Shopify-Hmac-Sha256": signed("", "", half).Get("X-Shopify-Hmac-Sha256")}
	if got := k.all(); !reflect.DeepEqual(got, []Post{want, broken, want}) {
		t.Errorf("kept %+v", got)
	}
}

// TestEveryPlatformsPostsAreKept: with what is needed to read them without the secret,
// and without what could be one.
func TestEveryPlatformsPostsAreKept(t *testing.T) {
	for _, platform := range webhooktest.Platforms() {
		t.Run(platform, func(t *testing.T) {
			key := webhooktest.Secret(platform)
			o, k := keeping(t, nil, platform, key, feedtest.NewSink(), nil)
			m := webhooktest.Paid(platform, webhooktest.Order{ID: "9", Order: "10", Buyer: "11", At: noon})
			header, body := webhooktest.Sign(platform, key, m)
			if status, said := o.get(t, http.MethodPost, "/hook/shop", header, body); status != http.StatusOK {
				t.Fatalf("%d %s", status, said)
			}
			got := k.all()
			if len(got) != 1 || string(got[0].Body) != body || got[0].Reply.Status != http.StatusOK || got[0].Headers["Authorization"] != "" {
				t.Fatalf("kept %+v", got)
			}
			if encrypts := platform == "kuaishou-shop"; encrypts != (got[0].Plain == m.Body) || encrypts == (got[0].Plain == "") {
				t.Errorf("in the clear: %q", got[0].Plain)
			}
		})
	}
}

// TestAFloodOfPostsKeepsFew: who has one signed post, of whatever kind, sends it without
// end, under other names too, and what is kept of it does not grow.
func TestAFloodOfPostsKeepsFew(t *testing.T) {
	clock := newClock()
	o, k := keeping(t, clock.now, "shopify", secret, feedtest.NewSink(), nil)
	half := `{"id":12,"na`
	flood := func() {
		for i := range 3 * repeatsKept {
			if status, said := o.get(t, http.MethodPost, "/hook/shop", signed(fmt.Sprint(i), "orders/paid", order), order); status != http.StatusOK {
				t.Fatalf("%d %s", status, said)
			}
			if status, said := o.get(t, http.MethodPost, "/hook/shop", signed(fmt.Sprint(i), fmt.Sprint("orders/", i), half), half); status != http.StatusBadRequest {
				t.Fatalf("%d %s", status, said)
			}
		}
	}
	flood()
	if n := len(k.all()); n != 2*repeatsKept {
		t.Errorf("%d posts kept of two, want %d", n, 2*repeatsKept)
	}
	clock.add(postWindow)
	flood()
	if n := len(k.all()); n != 4*repeatsKept {
		t.Errorf("%d posts kept after an hour, want %d", n, 4*repeatsKept)
	}
}

// TestAPostThatCannotBeKeptIsNotAnsweredWell: the shop posts it again until it is.
func TestAPostThatCannotBeKeptIsNotAnsweredWell(t *testing.T) {
	sink := feedtest.NewSink()
	var news feedtest.News
	var last feed.Status
	o, k := keeping(t, nil, "shopify", secret, sink, func(s feed.Status) {
		news.Lock()
		defer news.Unlock()
		last = s
	})
	state := func() feed.State {
		news.Lock()
		defer news.Unlock()
		return last.State
	}
	half := `{"id":12,"na`
	post := func(body string) int {
		status, _ := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", body), body)
		return status
	}
	k.breaks(errors.New("no space left"))
	if a, b := post(order), post(half); a != http.StatusServiceUnavailable || b != http.StatusServiceUnavailable || state() != feed.StateBlocked {
		t.Errorf("answered %d and %d, %s", a, b, state())
	}
	k.breaks(nil)
	if a, b := post(order), post(half); a != http.StatusOK || b != http.StatusBadRequest || len(k.all()) != 2 || state() != feed.StateLive {
		t.Errorf("answered %d and %d, %d kept, %s", a, b, len(k.all()), state())
	}
	k.breaks(errors.New("no space left"))
	if a := post(order); a != http.StatusServiceUnavailable {
		t.Errorf("again, answered %d", a)
	}
	k.breaks(nil)
	if a := post(order); a != http.StatusOK || state() != feed.StateLive {
		t.Errorf("again, answered %d, %s", a, state())
	}
	if n, again := len(sink.Events(nil)), sink.Doubled(); n != 1 || again != 1 { // what was not kept was not remembered, and the record knew it
		t.Errorf("%d events, %d of them again", n, again)
	}
	o.posts.close()
	if b := post(half); b != http.StatusServiceUnavailable {
		t.Errorf("at a closed door: %d", b)
	}
}

// late is a record that is done when it is let, or else when its time is over.
type late struct {
	*feedtest.Sink
	let chan struct{}
}

func (s late) Commit(ctx context.Context, b feed.Batch) error {
	if s.let != nil {
		<-s.let
	} else {
		<-ctx.Done()
	}
	return s.Sink.Commit(context.WithoutCancel(ctx), b)
}

// TestWhatWasAnsweredIsWhatIsKept: who waited too long was told to post again, and who
// waited to the last moment one or the other.
func TestWhatWasAnsweredIsWhatIsKept(t *testing.T) {
	for name, let := range map[string]chan struct{}{"too long": make(chan struct{}), "to the last moment": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, k := keeping(t, nil, "shopify", secret, late{feedtest.NewSink(), let}, nil)
			release := sync.OnceFunc(func() {
				if let != nil {
					close(let)
				}
			})
			t.Cleanup(release) // before the door waits for its posts
			status, said := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order)
			if let != nil && status != http.StatusServiceUnavailable {
				t.Errorf("%d %s", status, said)
			}
			release()
			for end := time.Now().Add(patience); len(k.all()) == 0; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("nothing was kept")
				}
			}
			if got := k.all()[0].Reply; got.Status != status || got.Body != said {
				t.Errorf("answered with %d %s, kept as %+v", status, said, got)
			}
		})
	}
}

// TestAKeeperThatHangsHoldsNoAnswerUp: beyond a second more the shop is told to post again.
func TestAKeeperThatHangsHoldsNoAnswerUp(t *testing.T) {
	t.Parallel()
	o, let := open(t, nil), make(chan struct{})
	err := o.Hook(Hook{Name: "shop", Platform: "shopify", Secret: secret, Source: "r/shop", Room: "r", Sink: feedtest.NewSink(), Keep: func(Post) error { <-let; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	o.listen()
	t.Cleanup(func() { close(let) }) // before the door waits for its posts
	if status, said := o.get(t, http.MethodPost, "/hook/shop", signed("e1", "orders/paid", order), order); status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", status, said)
	}
}
