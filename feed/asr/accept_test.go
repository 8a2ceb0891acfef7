package asr_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/feedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// copied reads results from where who sends the audio copies them to.
type copied struct {
	*asr.Protocol
	url string
}

func (p copied) Request(feed.Position) (feed.Request, error) { return feed.Request{URL: p.url}, nil }

// TestResultsOverACutConnection: a recogniser that begins anew on each connection
// is read over a real websocket. Its utterances keep apart although it gives them
// no ids, and the hole between is a gap.
func TestResultsOverACutConnection(t *testing.T) {
	var n atomic.Int64
	up := websocket.Upgrader{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		say := func(texts ...string) {
			for _, text := range texts {
				_ = conn.WriteMessage(websocket.TextMessage, []byte(text))
			}
		}
		say(`{"partial":""}`, `{"partial":"今天"}`, `{"partial":"今天 这款"}`, `{"result":[{"conf":0.9,"start":0.1,"end":0.9,"word":"今天"}],"text":"今天 这款"}`)
		if n.Add(1) == 1 {
			time.Sleep(50 * time.Millisecond)
			return // cut without a goodbye
		}
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, feed.CloseEnded), time.Now().Add(time.Second))
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		_, _, _ = conn.ReadMessage()
	}))
	defer srv.Close()
	p, err := asr.New(asr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{
		Source: "room/asr", Room: "南枝小院", Jitter: func() float64 { return 0.01 },
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, copied{p, "ws" + strings.TrimPrefix(srv.URL, "http")})
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := src.Run(ctx, sink); err != nil {
		t.Fatal(err)
	}
	var got []string
	utterances := map[string]bool{}
	for _, e := range sink.Events(nil) {
		if e.Kind == feed.KindGap {
			got = append(got, "gap")
			continue
		}
		got = append(got, e.Shown.String())
		utterances[e.Speech.Utterance] = true
	}
	if !slices.Equal(got, []string{"今天", "今天这款", "今天这款", "gap", "今天", "今天这款", "今天这款"}) || len(utterances) != 2 || sink.Doubled() != 0 {
		t.Errorf("recorded %q, %d utterances, %d doubled", got, len(utterances), sink.Doubled())
	}
}
