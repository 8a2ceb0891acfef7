package feed_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// A slow peer costs nobody's work: it is left after a time, and told of.
type slow struct {
	name   string
	secure bool // only where there is TLS
	serve  func(c net.Conn, server *tls.Config)
	within time.Duration
	says   string
}

// up gives the peer after the handshake.
func up(c net.Conn, server *tls.Config) *hostile.Dialled {
	if server != nil {
		c = tls.Server(c, server)
	}
	in := bufio.NewReader(c)
	req, err := http.ReadRequest(in)
	if err != nil {
		return nil
	}
	return &hostile.Dialled{Conn: c, In: in, Req: req}
}

// idle reads for ever and answers nothing.
func idle(r io.Reader) { _, _ = io.Copy(io.Discard, r) }

var slows = []slow{
	{"no answer to the hello of TLS", true, func(c net.Conn, _ *tls.Config) { idle(c) }, 11 * time.Second, "dial 127.0.0.1"},
	{"a hello of TLS that is never read", true, func(net.Conn, *tls.Config) { time.Sleep(time.Minute) }, 11 * time.Second, "dial 127.0.0.1"},
	{"no answer to the request", false, func(c net.Conn, server *tls.Config) {
		if d := up(c, server); d != nil {
			idle(d.In)
		}
	}, 11 * time.Second, "timeout"},
	{"an answer of a byte a second", false, func(c net.Conn, server *tls.Config) {
		d := up(c, server)
		for _, b := range []byte(d.Answer()) {
			time.Sleep(time.Second)
			if _, err := d.Conn.Write([]byte{b}); err != nil {
				return
			}
		}
	}, 16 * time.Second, "timeout"}, // of which TLS takes five to say goodbye
	{"silence", false, func(c net.Conn, server *tls.Config) { idle(up(c, server).Open().Conn) }, 63 * time.Second, "timeout"},
	{"a message of a byte every ten seconds", false, func(c net.Conn, server *tls.Config) {
		p := up(c, server).Open()
		go idle(p.Conn)
		for _, b := range []byte("\x81\x7d" + hostile.Event(1, "never whole")) {
			if p.Write([]byte{b}); p.Gone() {
				return
			}
			time.Sleep(10 * time.Second)
		}
	}, 63 * time.Second, "timeout"},
	{"pings whose answers are never read", false, func(c net.Conn, server *tls.Config) {
		p := up(c, server).Open()
		for !p.Gone() {
			p.Frame(0x89, "read this")
			time.Sleep(time.Second)
		}
	}, 15 * time.Second, "timeout"},
	{"pieces of a message, but never reads a word", false, func(c net.Conn, server *tls.Config) {
		p := up(c, server).Open()
		for p.Frame(0x01, ""); !p.Gone(); {
			p.Frame(0x00, "")
			time.Sleep(time.Second)
		}
	}, 40 * time.Second, ""},
}

// TestASlowServerIsLeft: how long it may take hangs on our clock alone.
func TestASlowServerIsLeft(t *testing.T) {
	over(t, func(t *testing.T, server, trust *tls.Config) {
		for _, s := range slows {
			if s.secure && server == nil {
				continue
			}
			t.Run(s.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { leave(t, s, server, trust) })
			})
		}
	})
}

func leave(t *testing.T, s slow, server, trust *tls.Config) {
	begin := time.Now()
	url, dials := "ws://127.0.0.1/", 0
	var work sync.WaitGroup
	if server != nil {
		url = "wss://127.0.0.1/"
	}
	p, err := cloudevent.New(cloudevent.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	sink := feedtest.NewSink()
	var left time.Duration
	var why error
	src, err := feed.NewSource(feed.Config{
		Source: "slow", Room: "r", TLS: trust, Jitter: func() float64 { return 0 },
		Dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			serve := s.serve
			if dials++; dials > 1 {
				serve = func(c net.Conn, server *tls.Config) { honest(up(c, server)) }
			}
			work.Go(func() { defer theirs.Close(); serve(theirs, server) })
			return ours, nil
		},
		Status: func(st feed.Status) {
			if st.State == feed.StateWaiting && why == nil {
				left, why = time.Since(begin), st.Err
			}
		},
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Run(t.Context(), sink); err != nil {
		t.Fatal(err)
	}
	work.Wait()
	w := &watched{sink: sink, errs: []error{why}}
	w.checkErrors(t, s.says)
	w.checkTexts(t, "after")
	if why == nil || left > s.within || left < time.Second {
		t.Errorf("left after %v (%v), want at most %v", left, why, s.within)
	}
	if dials != 2 {
		t.Errorf("dialled %d times", dials)
	}
}

// TestLeavingEndsAHandshakeThatHangs: who ends the program does not wait for a peer that
// took the connection and answers nothing.
func TestLeavingEndsAHandshakeThatHangs(t *testing.T) {
	over(t, func(t *testing.T, server, trust *tls.Config) {
		synctest.Test(t, func(t *testing.T) {
			url := "ws://127.0.0.1/"
			if server != nil {
				url = "wss://127.0.0.1/"
			}
			p, err := cloudevent.New(cloudevent.Config{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			var work sync.WaitGroup
			src, err := feed.NewSource(feed.Config{
				Source: "hangs", Room: "r", TLS: trust,
				Dial: func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					work.Go(func() { defer theirs.Close(); idle(up(theirs, server).Conn) })
					return ours, nil
				},
			}, p)
			if err != nil {
				t.Fatal(err)
			}
			ctx, end := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, end)
			began := time.Now()
			if err := src.Run(ctx, feedtest.NewSink()); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 1100*time.Millisecond {
				t.Errorf("it left after %v, a second was given", took)
			}
			work.Wait()
		})
	})
}

// honest says one thing and ends the stream.
func honest(d *hostile.Dialled) {
	p := d.Open()
	said := make(chan struct{})
	go func() { defer close(said); p.Say(hostile.Event(1, "after")) }()
	time.Sleep(time.Second)
	<-said
	p.Bye(1000, feed.CloseEnded)
	_, _ = p.Code(time.Second)
}

// TestASourceDoesAsItIsAsked: a server that asks for patience is given it, up to an
// hour, and what spreads the attempts on top: half of as long here, at most 30 s.
func TestASourceDoesAsItIsAsked(t *testing.T) {
	for asked, want := range map[string]time.Duration{
		"": 125 * time.Millisecond, "-1": 125 * time.Millisecond, "soon": 125 * time.Millisecond,
		"4": 6 * time.Second, "120": 2*time.Minute + 15*time.Second, "86400": time.Hour + 15*time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			var dials []time.Time
			p, _ := cloudevent.New(cloudevent.Config{URL: "ws://127.0.0.1/"})
			src, err := feed.NewSource(feed.Config{
				Source: "busy", Jitter: func() float64 { return 0.5 },
				Dial: func(context.Context, string, string) (net.Conn, error) {
					if dials = append(dials, time.Now()); len(dials) > 1 {
						return nil, errors.New("enough")
					}
					ours, theirs := net.Pipe()
					go func() {
						defer theirs.Close()
						answer("HTTP/1.1 503 Busy", "Retry-After: "+asked, "Content-Length: 0")(up(theirs, nil))
					}()
					return ours, nil
				},
			}, p)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour+time.Minute)
			defer cancel()
			if err := src.Run(ctx, feedtest.NewSink()); err != nil {
				t.Fatal(err)
			}
			if got := dials[1].Sub(dials[0]); got != want {
				t.Errorf("asked for %q: dialled again after %v, want %v", asked, got, want)
			}
		})
	}
}
