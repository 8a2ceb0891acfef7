package main

import (
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// A wire lies between two programs and can be broken. Its address stays the same
// while it is shut.
type wire struct {
	t      *testing.T
	addr   string
	target string // where it leads
	work   sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener // nil: shut
	strands  []*strand
	accepted int
	pings    [2]int // of websockets: by who dialled, and by the target
}

// A strand is one connection over a wire: a dialled the wire, b is its target.
type strand struct {
	a, b net.Conn

	mu     sync.Mutex
	clear  chan struct{} // closed while bytes pass
	budget int           // how many more pass to the collector; -1: all
	abrupt bool          // what a cut by the budget looks like
}

// newWire leads to target; it is taken away at the end of the test.
func newWire(t *testing.T, target string) *wire {
	t.Helper()
	w := &wire{t: t, addr: free(t), target: target}
	w.open()
	t.Cleanup(func() { w.shut(); w.work.Wait() })
	return w
}

// open lets connections in.
func (w *wire) open() {
	w.t.Helper()
	var l net.Listener
	var err error
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if l, err = net.Listen("tcp", w.addr); err == nil {
			break
		}
	}
	if err != nil {
		w.t.Error(err)
		return
	}
	w.mu.Lock()
	w.listener = l
	w.mu.Unlock()
	w.work.Go(func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			w.work.Go(func() { w.lead(a) })
		}
	})
}

// shut closes the address and breaks what is connected.
func (w *wire) shut() {
	w.mu.Lock()
	l := w.listener
	w.listener = nil
	w.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	w.breakAll(false)
}

func (w *wire) lead(a net.Conn) {
	b, err := net.DialTimeout("tcp", w.target, 5*time.Second)
	if err != nil {
		_ = a.Close()
		return
	}
	s := &strand{a: a, b: b, clear: make(chan struct{}), budget: -1}
	close(s.clear)
	w.mu.Lock()
	shut := w.listener == nil
	if !shut {
		w.strands = append(w.strands, s)
		w.accepted++
	}
	w.mu.Unlock()
	if shut {
		s.end(false)
		return
	}
	var both sync.WaitGroup
	both.Go(func() { s.pass(a, b, w.watch(0)) })
	both.Go(func() { s.pass(b, a, w.watch(1)) })
	both.Wait()
	w.mu.Lock()
	w.strands = slices.DeleteFunc(w.strands, func(o *strand) bool { return o == s })
	w.mu.Unlock()
}

// watch counts the pings in what one side of a connection writes.
func (w *wire) watch(side int) func(piece []byte) {
	var pings pingWatch
	return func(piece []byte) {
		n := pings.see(piece)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.pings[side] += n
	}
}

// pinged is how often who dialled has sent a ping, and the target.
func (w *wire) pinged() (dialler, target int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pings[0], w.pings[1]
}

// pass copies from one side to the other until either ends.
func (s *strand) pass(from, to net.Conn, look func(chunk []byte)) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		look(buf[:n])
		s.mu.Lock()
		clear := s.clear
		s.mu.Unlock()
		<-clear
		s.mu.Lock()
		cut, abrupt := s.budget >= 0 && n >= s.budget, s.abrupt
		if cut {
			n = s.budget
		} else if s.budget >= 0 {
			s.budget -= n
		}
		s.mu.Unlock()
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		switch {
		case cut:
			s.end(abrupt)
			return
		case errors.Is(err, io.EOF):
			s.end(false)
			return
		case err != nil:
			s.end(true)
			return
		}
	}
}

// end closes both sides, abruptly with a reset, which discards what was not read.
func (s *strand) end(abrupt bool) {
	s.free()
	for _, c := range []net.Conn{s.a, s.b} {
		if tcp, ok := c.(*net.TCPConn); ok && abrupt {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// free lets bytes pass again.
func (s *strand) free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.clear:
	default:
		close(s.clear)
	}
}

func (w *wire) now() []*strand {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.strands)
}

// breakAll ends every connection.
func (w *wire) breakAll(abrupt bool) {
	for _, s := range w.now() {
		s.end(abrupt)
	}
}

// breakAfter ends every connection when so many more bytes have passed, which is
// within a frame.
func (w *wire) breakAfter(bytes int, abrupt bool) {
	for _, s := range w.now() {
		s.mu.Lock()
		s.budget, s.abrupt = bytes, abrupt
		s.mu.Unlock()
	}
}

// stick keeps what is sent from arriving, for so long.
func (w *wire) stick(d time.Duration) {
	for _, s := range w.now() {
		s.mu.Lock()
		select {
		case <-s.clear:
			s.clear = make(chan struct{})
			time.AfterFunc(d, s.free)
		default: // it is stuck already
		}
		s.mu.Unlock()
	}
}

// connections are those made so far.
func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.accepted
}
