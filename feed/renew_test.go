package feed_test

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// renewed is a protocol whose peer wants a new connection every minute.
type renewed struct{ feed.Protocol }

func (p renewed) Unwrap() feed.Protocol { return p.Protocol }

func (p renewed) Request(pos feed.Position) (feed.Request, error) {
	req, err := p.Protocol.Request(pos)
	req.Renew = time.Minute
	return req, err
}

// renewing is a peer of whom connections are opened anew.
type renewing struct {
	work       sync.WaitGroup
	said, open atomic.Int64
	most       atomic.Int64 // connections at once
	states     []feed.State
}

// watch runs a source that dials the peer so, for so long.
func (r *renewing) watch(t *testing.T, limit time.Duration, dial feed.DialFunc) (*feed.Source, *watched) {
	t.Helper()
	inner, err := cloudevent.New(cloudevent.Config{URL: "ws://127.0.0.1/"})
	if err != nil {
		t.Fatal(err)
	}
	src, err := feed.NewSource(feed.Config{
		Source: "renewed", Room: "r", Jitter: func() float64 { return 0 }, Dial: dial,
		Status: func(st feed.Status) { r.states = append(r.states, st.State) },
	}, renewed{inner})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	w := &watched{sink: feedtest.NewSink()}
	if err := src.Run(ctx, w.sink); err != nil {
		t.Fatal(err)
	}
	r.work.Wait()
	return src, w
}

// says says one thing and answers pings until it is left.
func (r *renewing) says(c net.Conn, text string) {
	p := up(c, nil).Open()
	if n := r.open.Add(1); n > r.most.Load() {
		r.most.Store(n)
	}
	defer r.open.Add(-1)
	p.Say(hostile.Event(int(r.said.Add(1)), text))
	for !p.Gone() {
		switch op, payload, err := p.Read(); {
		case err != nil:
			return
		case op == 0x9:
			p.Frame(0x8a, string(payload))
		case op == 0x8:
			p.Bye(1000, "")
			return
		}
	}
}

// TestAConnectionIsOpenedAnewWhenThePeerAsks: every minute here, with the old one read
// until the new one is there, so that nothing is missed and no gap is claimed. A peer
// that refuses the new one keeps us on the old.
func TestAConnectionIsOpenedAnewWhenThePeerAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var r renewing
		var dials []time.Duration
		src, w := r.watch(t, 4*time.Minute+30*time.Second, func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			dials = append(dials, time.Since(begin))
			refuses := len(dials) == 3
			r.work.Go(func() {
				defer theirs.Close()
				if refuses {
					_, _ = io.WriteString(up(theirs, nil).Conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
					return
				}
				r.says(theirs, "hello")
			})
			return ours, nil
		})
		if len(dials) != 5 {
			t.Errorf("dialled after %v", dials)
		}
		for i := 1; i < len(dials); i++ {
			if d := dials[i] - dials[i-1]; d < time.Minute || d > time.Minute+time.Second {
				t.Errorf("dialled after %v", dials)
			}
		}
		w.checkTexts(t, "hello", "hello", "hello", "hello")
		if !slices.Equal(r.states, []feed.State{feed.StateDialling, feed.StateLive, feed.StateEnded}) || r.most.Load() != 2 {
			t.Errorf("states %v, at most %d connections at once", r.states, r.most.Load())
		}
		if st := src.Status(); st.Refused != 1 || st.Reconnects != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestAPeerThatLeavesTheOldConnectionForTheNewOne lets us miss nothing either: it ends
// the old one as soon as somebody dials.
func TestAPeerThatLeavesTheOldConnectionForTheNewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r renewing
		var old net.Conn
		_, w := r.watch(t, 2*time.Minute+30*time.Second, func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			if old != nil {
				_ = old.Close()
			}
			old = theirs
			r.work.Go(func() {
				defer theirs.Close()
				time.Sleep(time.Second)
				r.says(theirs, "hello")
			})
			return ours, nil
		})
		w.checkTexts(t, "hello", "hello", "hello")
		if !slices.Equal(r.states, []feed.State{feed.StateDialling, feed.StateLive, feed.StateEnded}) {
			t.Errorf("states %v", r.states)
		}
	})
}

// TestARenewalIsNotWaitedForAtTheEnd: a source that is to end while a new connection is
// being opened ends as soon as any other.
func TestARenewalIsNotWaitedForAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, err := cloudevent.New(cloudevent.Config{URL: "ws://127.0.0.1/"})
		if err != nil {
			t.Fatal(err)
		}
		var r renewing
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var asked time.Time
		src, err := feed.NewSource(feed.Config{
			Source: "renewed", Room: "r", Jitter: func() float64 { return 0 },
			Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				if r.said.Load() > 0 { // the new one hangs
					asked = time.Now()
					time.AfterFunc(time.Second, cancel)
					<-ctx.Done()
					return nil, ctx.Err()
				}
				ours, theirs := net.Pipe()
				r.work.Go(func() { defer theirs.Close(); r.says(theirs, "hello") })
				return ours, nil
			},
		}, renewed{inner})
		if err != nil {
			t.Fatal(err)
		}
		if err := src.Run(ctx, feedtest.NewSink()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(asked); asked.IsZero() || took > 3*time.Second {
			t.Errorf("it ended %v after the renewal began", took)
		}
		r.work.Wait()
	})
}
