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
// system's queue. A machine that has each of them open is sent away.
func bounded(l net.Listener, n, each int) net.Listener {
	return &boundedListener{Listener: l, free: make(chan struct{}, n), done: make(chan struct{}), each: each, by: map[string]int{}}
}

type boundedListener struct {
	net.Listener
	free chan struct{} // holds one for each open connection
	done chan struct{}
	once sync.Once
	each int

	mu sync.Mutex
	by map[string]int // open connections, by machine
}

func (l *boundedListener) Accept() (net.Conn, error) {
	for {
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
		if bound := l.admit(c); bound != nil {
			return bound, nil
		}
		<-l.free
		_ = c.Close()
	}
}

// admit counts c in; nil where its machine has too many open. This machine is not
// counted: a proxy on it speaks for all others.
func (l *boundedListener) admit(c net.Conn) net.Conn {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		host = c.RemoteAddr().String()
	}
	ip := net.ParseIP(host)
	host = network(ip, host)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ip.IsLoopback() && l.by[host] >= l.each {
		return nil
	}
	l.by[host]++
	return &boundedConn{Conn: c, leave: sync.OnceFunc(func() { l.leave(host) })}
}

func (l *boundedListener) leave(host string) {
	l.mu.Lock()
	if l.by[host]--; l.by[host] == 0 {
		delete(l.by, host)
	}
	l.mu.Unlock()
	<-l.free
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

// A gate lets in until it is closed.
type gate struct {
	mu     sync.Mutex
	closed bool
	inside sync.WaitGroup
}

// enter tells whether the gate is open; leave must follow if it is.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.inside.Add(1)
	}
	return !g.closed
}

func (g *gate) leave() { g.inside.Done() }

// close lets nobody in any more and waits until nobody is inside.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.inside.Wait()
}
