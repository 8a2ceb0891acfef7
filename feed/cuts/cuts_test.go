// Package cuts_test lets real sources read real servers through a network that
// fails: no message is lost or doubled, and what could not be had is a gap.
package cuts_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// TestMain wants no goroutine of ours left. The proxy leaves its own behind, in pipes
// whose other end went away.
func TestMain(m *testing.M) {
	const proxy = "github.com/Shopify/toxiproxy/v2"
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction(proxy+"/toxics.(*ToxicStub).Run"),
		goleak.IgnoreAnyFunction(proxy+".(*ToxicLink).read"),
		goleak.IgnoreAnyFunction(proxy+".(*ToxicLink).write"))
}

// How often connections are cut in all, by how many sources at once. The program is
// started anew beside that, once for every cutsARestart cuts.
const (
	cutsInCI     = 200
	cutsInFull   = 2000
	cutters      = 10
	cutsARestart = 8
	sayEvery     = 4 * time.Millisecond
)

// toxics are what the proxy does to a connection before it is cut. Those that do not
// end it by themselves are followed by a cut of the line, amid what they delay.
var toxics = []func(r *rand.Rand) string{
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"latency","attributes":{"latency":%d,"jitter":%d}}`, 5+r.IntN(60), r.IntN(20))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"bandwidth","attributes":{"rate":%d}}`, 20+r.IntN(100))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"slow_close","attributes":{"delay":%d}}`, 1+r.IntN(100))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"timeout","attributes":{"timeout":%d}}`, 1+r.IntN(100))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"reset_peer","attributes":{"timeout":%d}}`, r.IntN(50))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"slicer","attributes":{"average_size":%d,"size_variation":%d,"delay":%d}}`, 2+r.IntN(30), 1, r.IntN(2000))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"limit_data","attributes":{"bytes":%d}}`, r.IntN(4000))
	},
}

// TestCutConnectionsLoseNothing cuts real sources' connections again and again while
// messages come in, and starts the program anew at times. A server that can repeat
// has everything recorded once and no gap; of one that cannot, what is missing stands
// where a gap does, and nothing stands twice.
func TestCutConnectionsLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	cuts := cutsInCI
	if os.Getenv("LIVEROOM_CUTS") == "full" {
		cuts = cutsInFull
	}
	var made, restarts, gaps, missed, recorded atomic.Int64
	t.Run("sources", func(t *testing.T) {
		for i := range cutters {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				speakers := []func(*testing.T) *speaker{newLog, newChannel, newShop, newLog, newChannel}
				c := newCutter(t, speakers[i%len(speakers)](t), uint64(i))
				c.play(cuts / cutters)
				made.Add(int64(c.made))
				restarts.Add(int64(c.restarts))
				g, m, n := c.check()
				gaps.Add(int64(g))
				missed.Add(int64(m))
				recorded.Add(int64(n))
			})
		}
	})
	if made.Load() < int64(cuts) {
		t.Errorf("only %d of %d cuts were made", made.Load(), cuts)
	}
	if want := int64(cuts / cutters / cutsARestart * cutters); restarts.Load() < want {
		t.Errorf("the program was started anew %d times, want %d", restarts.Load(), want)
	}
	if gaps.Load() == 0 || missed.Load() == 0 {
		t.Errorf("%d gaps, %d missed: the cuts did not hurt those that cannot resume", gaps.Load(), missed.Load())
	}
	t.Logf("%d cuts through the proxy and %d restarts of the program: %d messages recorded, %d missed in %d gaps by those that cannot resume",
		made.Load(), restarts.Load(), recorded.Load(), missed.Load(), gaps.Load())
}

type cutter struct {
	t      *testing.T
	rand   *rand.Rand
	server *toxiproxy.ApiServer
	// A proxy serves until its first cut: taking toxics away from a connection that
	// is ending is what the proxy cannot do.
	proxy    *toxiproxy.Proxy
	ears     *listener
	sink     *feedtest.Sink
	said     atomic.Int64
	made     int    // cuts through the proxy
	restarts int    // of the program
	silent   func() // ends the talking
}

func newCutter(t *testing.T, s *speaker, seed uint64) *cutter {
	t.Helper()
	c := &cutter{
		t: t, rand: rand.New(rand.NewPCG(seed, 26)), sink: feedtest.NewSink(),
		server: toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()),
	}
	t.Cleanup(s.close)
	jitter := rand.New(rand.NewPCG(seed, 27))
	c.ears = &listener{
		t: t, speaker: s, sink: c.sink, wakes: make(chan struct{}),
		// The bounds double within the first minute of a stream; a small part of them
		// keeps the test short.
		jitter: func() float64 { return jitter.Float64() / 300 },
	}
	c.line("")
	t.Cleanup(func() { c.proxy.Stop() })
	c.ears.start()
	t.Cleanup(func() { c.ears.stop() })
	if !c.ears.until(lives, 0, 10*time.Second) {
		t.Fatal("it never connected")
	}
	c.heard()
	c.talk()
	return c
}

// line lays a new line to the server, with a toxic in it from the start, if any.
func (c *cutter) line(toxic string) {
	c.t.Helper()
	c.proxy = toxiproxy.NewProxy(c.server, "line", "127.0.0.1:0", c.ears.speaker.addr)
	if toxic != "" {
		c.poison(toxic)
	}
	if err := c.proxy.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.ears.addr.Store(c.proxy.Listen)
}

func (c *cutter) poison(toxic string) {
	c.t.Helper()
	stream := []string{"downstream", "downstream", "upstream"}[c.rand.IntN(3)]
	toxic = strings.Replace(toxic, "{", fmt.Sprintf(`{"stream":%q,`, stream), 1)
	if _, err := c.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		c.t.Fatalf("%s: %v", toxic, err)
	}
}

// talk has the server say something all the time.
func (c *cutter) talk() {
	quit := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		tick := time.NewTicker(sayEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				c.ears.speaker.say(int(c.said.Add(1)))
			case <-quit:
				return
			}
		}
	})
	c.silent = sync.OnceFunc(func() { close(quit); work.Wait() })
	c.t.Cleanup(c.silent)
}

// heard waits until something said from now on is recorded, so that each cut is of a
// connection that works.
func (c *cutter) heard() {
	c.t.Helper()
	end := time.Now().Add(20 * time.Second)
	from := int(c.said.Load())
	for n := 0; time.Now().Before(end); n++ {
		if c.silent == nil { // nobody talks yet
			c.ears.speaker.say(int(c.said.Add(1)))
		}
		if n := c.last(); n > from {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.t.Fatalf("nothing is heard any more: %+v", c.ears.source.Status())
}

// last is the number of the message recorded last.
func (c *cutter) last() int {
	events := c.sink.Events(nil)
	for _, e := range slices.Backward(events) {
		if n, is := c.ears.speaker.number(e); is {
			return n
		}
	}
	return 0
}

func (c *cutter) play(cuts int) {
	for i := range cuts {
		c.cut(toxics[(i+c.rand.IntN(2))%len(toxics)](c.rand))
		c.heard()
		if i%cutsARestart == cutsARestart-1 {
			c.restart()
			c.heard()
		}
	}
	c.silent()
	c.heardAll()
	c.ears.stop()
	c.ears.stop = func() {}
}

// cut lets a toxic work for a while, up or down, and sees that the connection ends.
func (c *cutter) cut(toxic string) {
	c.t.Helper()
	live, lost := c.ears.counts()
	c.poison(toxic)
	if !c.ears.until(losses, lost, time.Duration(10+c.rand.IntN(90))*time.Millisecond) {
		c.proxy.Stop() // amid what the toxic holds back
	}
	if !c.ears.until(losses, lost, 10*time.Second) {
		c.t.Fatalf("%s: the end of the connection was not noticed", toxic)
	}
	c.proxy.Stop()
	c.made++
	if c.rand.IntN(4) == 0 { // the next one ends while it is opened, or soon after
		_, lost = c.ears.counts()
		c.line(fmt.Sprintf(`{"type":"limit_data","attributes":{"bytes":%d}}`, c.rand.IntN(600)))
		c.ears.until(losses, lost, 100*time.Millisecond)
		c.proxy.Stop()
		if !c.ears.until(losses, lost, 10*time.Second) {
			c.t.Fatal("the end of a connection that had hardly begun was not noticed")
		}
		live, _ = c.ears.counts()
		c.made++
	}
	time.Sleep(time.Duration(c.rand.IntN(30)) * time.Millisecond)
	c.line("")
	if !c.ears.until(lives, live, 10*time.Second) {
		c.t.Fatalf("%s: it does not come back: %+v", toxic, c.ears.source.Status())
	}
}

// restart ends the program and starts it anew on the same record.
func (c *cutter) restart() {
	live, _ := c.ears.counts()
	c.ears.stop()
	time.Sleep(time.Duration(c.rand.IntN(30)) * time.Millisecond)
	c.ears.start()
	if !c.ears.until(lives, live, 10*time.Second) {
		c.t.Fatal("it does not come back after a restart")
	}
	c.restarts++
}

// heardAll waits for the last message.
func (c *cutter) heardAll() {
	end := time.Now().Add(20 * time.Second)
	for c.last() < int(c.said.Load()) && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
}

// check compares the record with what was said.
func (c *cutter) check() (gaps, missed, recorded int) {
	c.t.Helper()
	s, seen, last, hole := c.ears.speaker, map[int]int{}, 0, false
	for _, e := range c.sink.Events(nil) {
		if e.Kind == feed.KindGap {
			gaps++
			hole = true
			if e.Gap.To.Before(e.Gap.From) {
				c.t.Errorf("a gap from %v to %v", e.Gap.From, e.Gap.To)
			}
			continue
		}
		n, is := s.number(e)
		if !is {
			continue
		}
		if seen[n]++; seen[n] > 1 {
			c.t.Errorf("%s: message %d is recorded %d times", s.name, n, seen[n])
		}
		if !s.whole {
			if last == 0 {
				last = n - 1 // nobody listened before
			}
			if n <= last {
				c.t.Errorf("%s: message %d stands behind %d", s.name, n, last)
			}
			if n > last+1 && !hole {
				c.t.Errorf("%s: messages %d to %d are missing without a gap", s.name, last+1, n-1)
			}
			missed += n - last - 1
		}
		last, hole = n, false
	}
	for n := 1; n <= int(c.said.Load()); n++ {
		if s.whole && seen[n] == 0 {
			c.t.Errorf("%s: message %d is lost", s.name, n)
		}
	}
	if s.whole && gaps > 0 {
		c.t.Errorf("%s: %d gaps where nothing is missing", s.name, gaps)
	}
	if last < int(c.said.Load()) && !s.whole {
		c.t.Errorf("%s: the last message is %d, not %d", s.name, last, c.said.Load())
	}
	return gaps, missed, len(seen)
}
