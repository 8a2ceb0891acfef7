package door

import (
	"net"
	"sync"
	"time"
)

// hostsKept bounds what a flood from many addresses costs.
const hostsKept = 4096

// A counter counts, for each of many, how often something happened of late.
type counter struct {
	clock   func() time.Time
	allowed int
	window  time.Duration

	mu sync.Mutex
	by map[string]*tally
}

type tally struct {
	since time.Time
	n     int
}

func newCounter(clock func() time.Time, allowed int, window time.Duration) *counter {
	return &counter{clock: clock, allowed: allowed, window: window, by: map[string]*tally{}}
}

// shut tells for how long who is not listened to; 0: it is.
func (c *counter) shut(who string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.by[who]
	if t == nil || t.n < c.allowed {
		return 0
	}
	return max(c.window-c.clock().Sub(t.since), 0)
}

// note counts one more.
func (c *counter) note(who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	t := c.by[who]
	if t == nil || now.Sub(t.since) >= c.window {
		c.forget(now)
		t = &tally{since: now}
		c.by[who] = t
	}
	t.n++
}

// forget drops whose time is over, or, when nobody's is, everybody: a flood from
// so many addresses is not held up by counting them.
func (c *counter) forget(now time.Time) {
	if len(c.by) < hostsKept {
		return
	}
	for who, t := range c.by {
		if now.Sub(t.since) >= c.window {
			delete(c.by, who)
		}
	}
	if len(c.by) >= hostsKept {
		clear(c.by)
	}
}

// bounded accepts only while fewer than n connections are open; more wait in the
// system's queue.
func bounded(l net.Listener, n int) net.Listener {
	return &boundedListener{Listener: l, free: make(chan struct{}, n), done: make(chan struct{})}
}

type boundedListener struct {
	net.Listener
	free chan struct{} // holds one for each open connection
	done chan struct{}
	once sync.Once
}

func (l *boundedListener) Accept() (net.Conn, error) {
	select {
	case l.free <- struct{}{}:
	case <-l.done:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &boundedConn{Conn: c, leave: sync.OnceFunc(func() { <-l.free })}, nil
}

func (l *boundedListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

type boundedConn struct {
	net.Conn
	leave func()
}

func (c *boundedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
