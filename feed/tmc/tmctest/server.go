// Package tmctest is a message channel that behaves as Taobao's does: a signed
// login answered with a token that every later message must carry, delivery only
// to who asks for it, and redelivery of what was not confirmed.
//
// Delivery: a message is sent, in order, to whoever pulls next, and stays queued
// until it is confirmed. It is sent again on the next connection, when it is
// reported as failed, when it is published again, and when Redeliver asks for it.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package tmctest

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say who may come in.
type Options struct{ AppKey, Secret, Group string }

// A Message is one message of the shop.
type Message struct {
	ID      int64
	Topic   string
	Content string
	Time    time.Time
}

// A Server is the channel of one group of an app.
type Server struct {
	o    Options
	site feedtest.Site

	mu        feedtest.News
	clients   map[*client]bool
	queue     []Message
	confirmed []int64
	failed    []string
	logins    int
	pulls     int
	away      bool
}

// A client is one connection.
type client struct {
	conn   *websocket.Conn
	token  string
	sent   map[int64]bool
	pulled bool
}

const (
	loginWithin = 5 * time.Second

	typeConnect, typeConnectAck, typeSend, typeSendAck = 0, 1, 2, 3
	kindPull, kindConfirm, kindData, kindFailed        = 1, 2, 3, 20
)

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	s := &Server{o: o, clients: map[*client]bool{}}
	socket := s.site.Socket(s.serve)
	s.site.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.isAway() {
			http.Error(w, "upkeep", http.StatusServiceUnavailable)
			return
		}
		socket(w, r)
	}))
	return s
}

// URL is the address to dial.
func (s *Server) URL() string { return s.site.URL("/") }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

func (s *Server) isAway() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.away
}

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	_ = conn.SetReadDeadline(time.Now().Add(loginWithin))
	_, data, err := conn.ReadMessage()
	if err != nil {
		return
	}
	c := s.login(conn, read(data))
	if c == nil {
		return
	}
	defer s.forget(c)
	_ = conn.SetReadDeadline(time.Time{})
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil || kind != websocket.BinaryMessage || !s.message(c, read(data)) {
			return
		}
	}
}

// login answers the first message; nil means it was refused.
func (s *Server) login(conn *websocket.Conn, m parsed) *client {
	s.mu.Lock()
	defer s.mu.Unlock()
	stamp := m.text["timestamp"]
	sum := md5.Sum([]byte(s.o.Secret + "app_key" + s.o.AppKey + "group_name" + s.o.Group + "timestamp" + stamp + s.o.Secret))
	good := m.text["app_key"] == s.o.AppKey && m.text["group_name"] == s.o.Group &&
		m.text["sign"] == strings.ToUpper(hex.EncodeToString(sum[:]))
	if m.kind != typeConnect || !good {
		b := binary.LittleEndian.AppendUint16([]byte{2, typeConnectAck}, 2)
		b = binary.LittleEndian.AppendUint32(b, 1001)
		send(conn, end(counted(binary.LittleEndian.AppendUint16(b, 3), "invalid sign")))
		return nil
	}
	s.logins++
	c := &client{conn: conn, token: fmt.Sprintf("TOKEN-%04d", s.logins), sent: map[int64]bool{}}
	s.clients[c] = true
	send(conn, end(token([]byte{2, typeConnectAck}, c.token)))
	s.mu.Changed()
	return c
}

func (s *Server) forget(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
	s.mu.Changed()
}

// message answers one message of a client that has logged in; false ends the
// connection.
func (s *Server) message(c *client, m parsed) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.token != c.token {
		return false
	}
	id := m.num["id"]
	switch m.num["__kind"] {
	case kindPull:
		s.pulls++
		c.pulled = true
		s.deliver(c)
	case kindConfirm:
		s.confirmed = append(s.confirmed, id)
		s.queue = slices.DeleteFunc(s.queue, func(q Message) bool { return q.ID == id })
	case kindFailed:
		s.failed = append(s.failed, m.text["msg"])
		delete(c.sent, id)
	default:
		return false
	}
	s.mu.Changed()
	return true
}

// deliver sends what was not sent yet on this connection. s.mu is held, which
// keeps writers apart.
func (s *Server) deliver(c *client) {
	for _, m := range s.queue {
		if !c.sent[m.ID] {
			c.sent[m.ID] = true
			send(c.conn, Data(c.token, m))
		}
	}
}

// Publish queues messages, and sends them to who has asked.
func (s *Server) Publish(messages ...Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, messages...)
	for c := range s.clients {
		for _, m := range messages {
			delete(c.sent, m.ID)
		}
		if c.pulled {
			s.deliver(c)
		}
	}
}

// Redeliver sends again whatever was not confirmed.
func (s *Server) Redeliver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		clear(c.sent)
		s.deliver(c)
	}
}

// Cut breaks every connection without a goodbye.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		_ = c.conn.Close()
		delete(s.clients, c)
	}
	s.mu.Changed()
}

// Away cuts, and lets nobody in until it is told that the server is back.
func (s *Server) Away(yes bool) {
	s.mu.Lock()
	s.away = yes
	s.mu.Unlock()
	if yes {
		s.Cut()
	}
}

// Kick ends every connection with a close frame, as the real server does for its
// upkeep.
func (s *Server) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		feedtest.Leave(c.conn, websocket.CloseServiceRestart, "upkeep")
		delete(s.clients, c)
	}
	s.mu.Changed()
}

// Frame sends a frame as it is to everybody.
func (s *Server) Frame(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		send(c.conn, b)
	}
}

// Confirmed are the ids confirmed so far, in order, as often as they were.
func (s *Server) Confirmed() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.confirmed)
}

// Failed are the reasons for which messages were reported as failed.
func (s *Server) Failed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.failed)
}

// WaitLogins returns when there were n logins since the start, or with an error
// that says how many when patience ends.
func (s *Server) WaitLogins(n int, patience time.Duration) error {
	return s.mu.Wait("logins", n, patience, func() int { return s.logins })
}

// WaitPulls is the same for requests for the backlog.
func (s *Server) WaitPulls(n int, patience time.Duration) error {
	return s.mu.Wait("pulls", n, patience, func() int { return s.pulls })
}

// WaitMorePulls returns when there were n more of them from now on.
func (s *Server) WaitMorePulls(n int, patience time.Duration) error {
	s.mu.Lock()
	from := s.pulls
	s.mu.Unlock()
	return s.WaitPulls(from+n, patience)
}

// WaitConfirmed is the same for confirmations.
func (s *Server) WaitConfirmed(n int, patience time.Duration) error {
	return s.mu.Wait("confirmations", n, patience, func() int { return len(s.confirmed) })
}

// WaitFailed is the same for failures.
func (s *Server) WaitFailed(n int, patience time.Duration) error {
	return s.mu.Wait("failures", n, patience, func() int { return len(s.failed) })
}
