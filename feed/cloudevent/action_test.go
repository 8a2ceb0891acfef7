package cloudevent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A producer notes what it was asked, and answers as it is told to.
type producer struct {
	http *httptest.Server
	do   func(n int, id string) (answers []string, hangUp bool) // on the n-th action that arrives

	mu    sync.Mutex
	asked []string
}

func newProducer(t *testing.T, do func(n int, id string) ([]string, bool)) *producer {
	p := &producer{do: do}
	p.http = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.http.Close)
	return p
}

func (p *producer) serve(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{Subprotocol}}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var env envelope
		if json.Unmarshal(data, &env) != nil {
			continue
		}
		p.mu.Lock()
		p.asked = append(p.asked, string(data))
		n := len(p.asked)
		p.mu.Unlock()
		answers, hangUp := p.do(n, env.ID)
		for _, a := range answers {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(a))
		}
		if hangUp {
			return
		}
	}
}

func ack(id, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":"a-%s","source":"tool","type":"liveroom.ack.v1","data":{"action":%q,%s}}`, id, id, data)
}

// connected runs a source on the producer.
func connected(t *testing.T, p *producer) *feed.Source {
	t.Helper()
	protocol, err := New(Config{URL: "ws" + strings.TrimPrefix(p.http.URL, "http")})
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{Source: "r/tool", Room: "r", Jitter: func() float64 { return 0.01 }}, protocol)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = src.Run(ctx, feedtest.NewSink()) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return src
}

var correction = feed.Act{ID: "effect-7", Kind: feed.ActCorrect, Room: "r", Text: "更正一下，这条是羊毛七成"}

func TestAnActionIsAskedForAndAnswered(t *testing.T) {
	p := newProducer(t, func(_ int, id string) ([]string, bool) {
		// Answers to what nobody asked, and one that cannot be read, do no harm.
		return []string{ack("effect-6", `"ok":true`), ack(id, `"ok":"yes"`), ack(id, `"ok":true,"result":"提词器已显示"`), ack(id, `"ok":true`)}, false
	})
	result, err := connected(t, p).Act(t.Context(), correction)
	if err != nil || result != "提词器已显示" {
		t.Errorf("%q, %v", result, err)
	}
	want := []string{`{"specversion":"1.0","id":"effect-7","source":"liveroom","type":"liveroom.action.v1","subject":"r","datacontenttype":"application/json","data":{"action":"correct-host","text":"更正一下，这条是羊毛七成"}}`}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Equal(p.asked, want) {
		t.Errorf("asked\n%s, want\n%s", p.asked, want)
	}
}

func TestAnActionIsRefused(t *testing.T) {
	p := newProducer(t, func(_ int, id string) ([]string, bool) {
		return []string{ack(id, `"ok":false,"reason":"nobody is on air"`)}, false
	})
	_, err := connected(t, p).Act(t.Context(), correction)
	var refused *feed.RefusedError
	if !errors.As(err, &refused) || refused.Reason != "nobody is on air" {
		t.Errorf("error %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) != 1 {
		t.Errorf("asked %d times after a refusal", len(p.asked))
	}
}

// TestAnActionIsSettledBefore: the producer says that there is nothing left to be done,
// which is no refusal that waits for somebody.
func TestAnActionIsSettledBefore(t *testing.T) {
	p := newProducer(t, func(_ int, id string) ([]string, bool) {
		return []string{ack(id, `"ok":false,"settled":true,"reason":"mei allowed it"`)}, false
	})
	_, err := connected(t, p).Act(t.Context(), feed.Act{ID: "deny/4/7", Kind: feed.ActDeny, Room: "r", Source: "tool", Target: "m1"})
	var settled *feed.SettledError
	if !errors.As(err, &settled) || settled.Reason != "mei allowed it" {
		t.Errorf("error %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) != 1 || !strings.Contains(p.asked[0], `"data":{"action":"deny","target":"m1","origin":"tool"}`) {
		t.Errorf("asked %q", p.asked)
	}
}

// TestAConnectionThatIsCutIsAskedAgain: under the same id, so that the producer
// does it once.
func TestAConnectionThatIsCutIsAskedAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for an answer that does not come")
	}
	p := newProducer(t, func(n int, id string) ([]string, bool) {
		if n == 1 {
			return nil, true
		}
		return []string{ack(id, `"ok":true`)}, false
	})
	if _, err := connected(t, p).Act(t.Context(), correction); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) != 2 || p.asked[0] != p.asked[1] {
		t.Errorf("asked %q", p.asked)
	}
}

func TestNobodyAnswers(t *testing.T) {
	p := newProducer(t, func(int, string) ([]string, bool) { return nil, false })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := connected(t, p).Act(ctx, correction); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
