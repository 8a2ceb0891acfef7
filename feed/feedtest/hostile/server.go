package hostile

import (
	"bufio"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// A Dialled is one connection that came in, with the request that asks for a
// websocket still unanswered.
type Dialled struct {
	N    int // which one it is, from 1
	Conn net.Conn
	In   *bufio.Reader
	Req  *http.Request
}

// Answer is the end of the handshake as it should be, with header lines more.
func (d *Dialled) Answer(more ...string) string {
	return d.AnswerTo(d.Req.Header.Get("Sec-WebSocket-Key"), more...)
}

// AnswerTo answers to a key of choice.
func (d *Dialled) AnswerTo(key string, more ...string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	lines := []string{
		"HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]),
	}
	if p := d.Req.Header.Get("Sec-WebSocket-Protocol"); p != "" {
		lines = append(lines, "Sec-WebSocket-Protocol: "+strings.Split(p, ",")[0])
	}
	return strings.Join(append(lines, more...), "\r\n") + "\r\n\r\n"
}

// Open ends the handshake as it should be.
func (d *Dialled) Open() *Peer {
	p := NewPeer(d.Conn, d.In, false)
	p.Write([]byte(d.Answer()))
	return p
}

// Listen serves each connection to the end of the test by serve, over TLS where
// secure is given, and returns the address to dial. It knows nothing of HTTP but
// how to read a request.
func Listen(t testing.TB, secure *tls.Config, serve func(*Dialled)) (url string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{serve: serve, open: map[net.Conn]bool{}}
	url = fmt.Sprintf("ws://%s/", l.Addr())
	if secure != nil {
		url = fmt.Sprintf("wss://%s/", l.Addr())
	}
	s.work.Go(func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.keep(c)
			s.work.Go(func() { s.take(n, c, secure) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); s.end(); s.work.Wait() })
	return url
}

type server struct {
	serve func(*Dialled)
	work  sync.WaitGroup
	mu    sync.Mutex
	open  map[net.Conn]bool
	over  bool
}

func (s *server) keep(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		_ = c.Close()
		return
	}
	s.open[c] = true
}

func (s *server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for c := range s.open {
		_ = c.Close()
	}
}

func (s *server) take(n int, c net.Conn, secure *tls.Config) {
	defer func() {
		_ = c.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, c)
	}()
	conn := c
	if secure != nil {
		t := tls.Server(c, secure)
		if t.HandshakeContext(context.Background()) != nil {
			return
		}
		conn = t
	}
	in := bufio.NewReader(conn)
	req, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	s.serve(&Dialled{N: n, Conn: conn, In: in, Req: req})
}
