package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"liveroom/feed/feedtest"
)

// A Gate is the network between the program and a peer: TCP over loopback that can
// be cut, can stand still without being closed, and can lose a frame's second half.
type Gate struct {
	news   feedtest.News
	mode   mode
	pipes  map[*pipe]struct{}
	dials  int
	up     int  // chunks that passed from who dialled
	cuts   int  // messages of which half passed
	turned bool // it is the peer who dials
	wg     sync.WaitGroup
}

// mode is what becomes of who dials.
type mode int

const (
	opened  mode = iota
	shut         // refused
	hanging      // connected, and never answered
)

// NewGate makes an open gate.
func NewGate() *Gate { return &Gate{pipes: map[*pipe]struct{}{}} }

// PeerDials says that who dials is the peer. It is called before anybody does.
func (g *Gate) PeerDials() { g.turned = true }

// A pipe is one connection through the gate.
type pipe struct {
	near, far net.Conn // far is nil while nobody answers
	closed    chan struct{}
	once      sync.Once

	mu   sync.Mutex
	held chan struct{} // closed when the pipe goes on; nil: it goes
	half bool          // hold after half of what the peer says next
}

var errShut = errors.New("connection refused")

// Dial connects to addr through the gate. It is what feed.Config.Dial wants, and
// what a peer that dials us uses.
func (g *Gate) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	g.news.Lock()
	m := g.mode
	g.dials++
	g.news.Changed()
	g.news.Unlock()
	if m == shut {
		return nil, errShut
	}
	p := &pipe{closed: make(chan struct{})}
	if m == opened {
		far, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, fmt.Errorf("dial the peer: %w", err)
		}
		p.far = far
	}
	ours, err := p.open(ctx)
	if err != nil {
		p.close()
		return nil, err
	}
	g.news.Lock()
	defer g.news.Unlock()
	if g.mode == shut { // meanwhile
		p.close()
		_ = ours.Close()
		return nil, errShut
	}
	g.pipes[p] = struct{}{}
	if p.far != nil {
		g.wg.Go(func() { g.pump(p, p.far, p.near, true) })
		g.wg.Go(func() { g.pump(p, p.near, p.far, false) })
	}
	return ours, nil
}

// open makes the near half of the pipe, and returns its outer end.
func (p *pipe) open(ctx context.Context) (net.Conn, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the gate: %w", err)
	}
	defer func() { _ = l.Close() }()
	ours, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("enter the gate: %w", err)
	}
	if p.near, err = l.Accept(); err != nil {
		_ = ours.Close()
		return nil, fmt.Errorf("let in through the gate: %w", err)
	}
	return ours, nil
}

func (p *pipe) close() {
	p.once.Do(func() {
		close(p.closed)
		for _, c := range []net.Conn{p.near, p.far} {
			if c != nil {
				_ = c.Close()
			}
		}
	})
}

// pump carries what from says to to, until the pipe is closed.
func (g *Gate) pump(p *pipe, to, from net.Conn, up bool) {
	defer func() {
		p.close()
		g.news.Lock()
		delete(g.pipes, p)
		g.news.Changed()
		g.news.Unlock()
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !g.pass(p, to, buf[:n], up) {
			return
		}
		if err != nil {
			return
		}
		if up {
			g.news.Lock()
			g.up++
			g.news.Changed()
			g.news.Unlock()
		}
	}
}

// pass writes b, when the pipe is not held. It returns false when the pipe ended.
func (g *Gate) pass(p *pipe, to net.Conn, b []byte, up bool) bool {
	p.mu.Lock()
	held, half := p.held, p.half && up == g.turned
	if half {
		p.half = false
		if p.held == nil {
			p.held = make(chan struct{})
		}
	}
	p.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-p.closed:
			return false
		}
	}
	if half {
		if _, err := to.Write(b[:len(b)/2]); err != nil {
			return false
		}
		g.news.Lock()
		g.cuts++
		g.news.Changed()
		g.news.Unlock()
		return g.pass(p, to, b[len(b)/2:], up)
	}
	_, err := to.Write(b)
	return err == nil
}

// Cut breaks every connection without a goodbye.
func (g *Gate) Cut() {
	g.each(func(p *pipe) { p.close() })
}

// Shut cuts, and refuses who dials from now on.
func (g *Gate) Shut() {
	g.become(shut)
	g.Cut()
}

// Hang lets everybody who dials from now on in, to nobody.
func (g *Gate) Hang() { g.become(hanging) }

// Open lets dialling succeed again; what hangs stays so.
func (g *Gate) Open() { g.become(opened) }

func (g *Gate) become(m mode) {
	g.news.Lock()
	defer g.news.Unlock()
	g.mode = m
}

// Stick makes every connection stand still both ways, without closing it.
func (g *Gate) Stick() {
	g.each(func(p *pipe) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.held == nil {
			p.held = make(chan struct{})
		}
	})
}

// Halve lets half of what the peer says next through, and then sticks.
func (g *Gate) Halve() {
	g.each(func(p *pipe) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.half = true
	})
}

func (g *Gate) each(do func(*pipe)) {
	g.news.Lock()
	all := make([]*pipe, 0, len(g.pipes))
	for p := range g.pipes {
		all = append(all, p)
	}
	g.news.Unlock()
	for _, p := range all {
		do(p)
	}
}

// Dials is how often somebody dialled.
func (g *Gate) Dials() int {
	g.news.Lock()
	defer g.news.Unlock()
	return g.dials
}

// WaitDials returns when somebody dialled n times since the start.
func (g *Gate) WaitDials(n int, patience time.Duration) error {
	return g.news.Wait("dials", n, patience, func() int { return g.dials })
}

// WaitUp returns when n more pieces came from who dialled.
func (g *Gate) WaitUp(n int, patience time.Duration) error {
	g.news.Lock()
	from := g.up
	g.news.Unlock()
	return g.news.Wait("pieces said by who dialled", n, patience, func() int { return g.up - from })
}

// WaitHalved returns when a message was cut in half n times since the start.
func (g *Gate) WaitHalved(n int, patience time.Duration) error {
	return g.news.Wait("halves passed", n, patience, func() int { return g.cuts })
}

// Close cuts, and returns when nothing of the gate runs.
func (g *Gate) Close() {
	g.Shut()
	g.wg.Wait()
}
