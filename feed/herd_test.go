package feed_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
	"liveroom/feed/feedtest/hostile"
)

// herd is how many programs one server has.
const herd = 200

// A restart is how a server goes away and comes back.
type restart struct {
	name   string
	code   uint16 // it says why; 0: it is gone without a word
	down   time.Duration
	busy   string        // Retry-After of who comes while it starts; "": refused
	within time.Duration // by when all are back
}

// TestARestartIsNotFollowedByAStampede: of all who read one server, no second after
// its restart sees more than a tenth. A server that says that it restarts, or asks
// for patience, is given room even when it is back at once; so is one that is gone
// without a word, if only for the quarter of a second in which everybody tries again.
func TestARestartIsNotFollowedByAStampede(t *testing.T) {
	for _, r := range []restart{
		{"said, and back at once", 1012, 0, "", 31 * time.Second},
		{"asked to come later, and back at once", 1013, 0, "", 31 * time.Second},
		{"busy for half a minute", 0, 30 * time.Second, "30", 61 * time.Second},
		{"gone for a quarter of a second", 0, 250 * time.Millisecond, "", 31 * time.Second},
		{"gone for three seconds", 0, 3 * time.Second, "", 31 * time.Second},
		{"gone for ten seconds", 0, 10 * time.Second, "", 31 * time.Second},
		{"gone for half a minute", 0, 30 * time.Second, "", 31 * time.Second},
		{"gone for two minutes", 0, 2 * time.Minute, "", 31 * time.Second},
	} {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				back := r.play(t)
				if len(back) != herd {
					t.Fatalf("%d of %d came back", len(back), herd)
				}
				most, last := crowd(back)
				if most*10 > herd || last > r.within {
					t.Errorf("%d of %d came within one second, the last after %v", most, herd, last)
				}
				t.Logf("%d of %d within one second, the last after %v", most, herd, last)
			})
		})
	}
}

// crowd is how many came within any one second, and when the last one did.
func crowd(back []time.Duration) (most int, last time.Duration) {
	for _, from := range back {
		n := 0
		for _, at := range back {
			if at >= from && at < from+time.Second {
				n++
			}
		}
		most, last = max(most, n), max(last, from)
	}
	return most, last
}

// play lets everybody listen for more than a minute, restarts the server, and tells
// how long after that each was back.
func (r restart) play(t *testing.T) []time.Duration {
	var mu sync.Mutex
	var back []time.Duration
	var work sync.WaitGroup
	leave := time.Now().Add(90 * time.Second)
	up := leave.Add(r.down)
	end := up.Add(2 * time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	serve := func(c net.Conn) {
		defer c.Close()
		switch now := time.Now(); {
		case now.Before(leave):
			p := upgraded(c, leave)
			if r.code != 0 {
				p.Bye(r.code, "restart")
				_, _ = p.Code(time.Second)
			}
		case now.Before(up):
			answer("HTTP/1.1 503 Busy", "Retry-After: "+r.busy, "Content-Length: 0")(up0(c))
		default:
			mu.Lock()
			back = append(back, now.Sub(up))
			mu.Unlock()
			upgraded(c, end)
		}
	}
	for n := range herd {
		work.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 0))
			p, err := cloudevent.New(cloudevent.Config{URL: "ws://shop.example/"})
			if err != nil {
				t.Error(err)
				return
			}
			src, err := feed.NewSource(feed.Config{
				Source: fmt.Sprint(n), Jitter: random.Float64, AllowPlain: true,
				Dial: func(context.Context, string, string) (net.Conn, error) {
					if now := time.Now(); r.busy == "" && now.After(leave) && now.Before(up) {
						return nil, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
					}
					ours, theirs := net.Pipe()
					work.Go(func() { serve(theirs) })
					return ours, nil
				},
			}, p)
			if err != nil {
				t.Error(err)
				return
			}
			if err := src.Run(ctx, feedtest.NewSink()); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	return back
}

func up0(c net.Conn) *hostile.Dialled { return up(c, (*tls.Config)(nil)) }

// upgraded is the peer on an open connection, which lives until then.
func upgraded(c net.Conn, until time.Time) *hostile.Peer {
	p := up0(c).Open()
	go idle(c)
	for left := time.Until(until); left > 0; left = time.Until(until) {
		time.Sleep(min(left, 20*time.Second))
		p.Frame(0x89, "")
	}
	return p
}
