package feed_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	neturl "net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// over runs a test over plain and over encrypted connections.
func over(t *testing.T, run func(t *testing.T, server, trust *tls.Config)) {
	a := hostile.NewAuthority(t)
	t.Run("ws", func(t *testing.T) { run(t, nil, nil) })
	t.Run("wss", func(t *testing.T) { run(t, a.Valid(t), a.Trust()) })
}

// A watched is a source whose states and errors are kept.
type watched struct {
	*feed.Source
	sink *feedtest.Sink

	mu   sync.Mutex
	errs []error // why it waited, each time
}

func watch(t *testing.T, url string, trust *tls.Config) *watched {
	t.Helper()
	return watchBy(t, url, trust, nil)
}

// watchBy watches a source that goes by a proxy; nil: none.
func watchBy(t *testing.T, url string, trust *tls.Config, proxy func(*http.Request) (*neturl.URL, error)) *watched {
	t.Helper()
	p, err := cloudevent.New(cloudevent.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{sink: feedtest.NewSink()}
	w.Source, err = feed.NewSource(feed.Config{
		Source: "hostile", Room: "r", TLS: trust, Proxy: proxy, Jitter: func() float64 { return 0 },
		Status: func(s feed.Status) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if s.State == feed.StateWaiting {
				w.errs = append(w.errs, s.Err)
			}
		},
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// run lets the source run until its peer ends the stream.
func (w *watched) run(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := w.Run(ctx, w.sink)
	if ctx.Err() != nil {
		return fmt.Errorf("it did not come through within 20 s: %v", w.Status())
	}
	return err
}

// checkTexts wants these events in this order, and no gap: their peer can resume.
func (w *watched) checkTexts(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, e := range w.sink.Events(nil) {
		got = append(got, e.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded %.200q, want %q", got, want)
	}
}

// checkErrors wants each reason to be clear and fit for a terminal.
func (w *watched) checkErrors(t *testing.T, says string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, err := range w.errs {
		if err == nil {
			t.Error("it waited without a reason")
		} else if s := err.Error(); len(s) > 500 || strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
			t.Errorf("the reason is no line to show: %.600q", s)
		} else if !strings.Contains(s, says) {
			t.Errorf("the reason is %q, want it to say %q", s, says)
		}
	}
}

// allocated is how much memory was asked for so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestAHostileServerCannotHurt plays every case to a source: it never panics, leaves
// no goroutine, asks for little memory, keeps what came before and what comes after,
// and says why where it had to connect again.
func TestAHostileServerCannotHurt(t *testing.T) {
	cases := hostile.Cases()
	if len(cases) < 120 {
		t.Fatalf("only %d cases", len(cases))
	}
	seeds, _ := strconv.Atoi(os.Getenv("LIVEROOM_HOSTILE_SEEDS"))
	over(t, func(t *testing.T, server, trust *tls.Config) {
		for seed := range max(seeds, 1) {
			for _, c := range cases {
				t.Run(fmt.Sprintf("%s/%s/%d", c.Class, c.Name, seed), func(t *testing.T) {
					playServer(t, c, uint64(seed), server, trust)
				})
			}
		}
	})
}

func playServer(t *testing.T, c hostile.Case, seed uint64, server, trust *tls.Config) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	played := make(chan error, 16)
	dials := make(chan int, 64)
	t.Run("", func(t *testing.T) { // so that the server has ended before goroutines are counted
		url := hostile.Listen(t, server, func(d *hostile.Dialled) {
			dials <- d.N
			p := d.Open()
			if d.N == 1 {
				p.Cut(seed)
				p.Say(hostile.Event(1, "before"))
				if err := c.Play(p); err != nil {
					played <- err
				}
				if c.Want == hostile.Cut || c.Want == hostile.Closed {
					return
				}
			}
			p.Say(hostile.Event(2+len(c.Texts), "after"))
			p.Bye(1000, feed.CloseEnded)
			_, _ = p.Code(time.Second)
		})
		w := watch(t, url, trust)
		before := allocated()
		if err := w.run(t); err != nil {
			t.Errorf("Run = %v", err)
		}
		if used := allocated() - before; used > hostile.Harmless {
			t.Errorf("it took %d kB of memory", used>>10)
		}
		w.checkTexts(t, slices.Concat([]string{"before"}, c.Texts, []string{"after"})...)
		w.checkErrors(t, c.Says)
		want := 1
		if c.Want == hostile.Cut || c.Want == hostile.Closed {
			want = 2
		}
		if len(dials) != want {
			t.Errorf("dialled %d times, want %d", len(dials), want)
		}
		if st := w.Status(); c.Want == hostile.Refused && st.Refused == 0 {
			t.Error("what could not be read was not counted")
		}
	})
	close(played)
	for err := range played {
		t.Error(errors.Join(errors.New("the server saw"), err))
	}
}

// contextUntil ends when done says so, or after ten seconds.
func contextUntil(t *testing.T, done func() bool) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	go func() {
		for ctx.Err() == nil && !done() {
			time.Sleep(2 * time.Millisecond)
		}
		cancel()
	}()
	return ctx, cancel
}
