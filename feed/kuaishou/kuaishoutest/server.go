// Package kuaishoutest is a live room's socket that behaves as Kuaishou's does:
// a room that must be entered with the right token, acknowledged heartbeats,
// pushes plain or gzipped, and errors that end the connection.
//
// Delivery: a push goes to whoever is in the room at that moment and is repeated
// to nobody.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package kuaishoutest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say who may come in.
type Options struct{ Token, LiveStreamID string }

// A Server is the socket of one room.
type Server struct {
	o    Options
	site feedtest.Site

	mu      feedtest.News
	clients map[*websocket.Conn]bool
	entered int
	beats   int
}

const (
	enterWithin = 5 * time.Second
	beatWithin  = 60 * time.Second
)

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	s := &Server{o: o, clients: map[*websocket.Conn]bool{}}
	s.site.Start(s.site.Socket(s.serve))
	return s
}

// URL is the address to dial.
func (s *Server) URL() string { return s.site.URL("/websocket") }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

// Number writes a varint field, Text a field of bytes.
func Number(num int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(num)<<3), v)
}

// Text writes a field of bytes: a string, or the fields of a message.
func Text(num int, parts ...[]byte) []byte {
	all := bytes.Join(parts, nil)
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(num)<<3|2), uint64(len(all))), all...)
}

// Message is a whole message of the server's.
func Message(kind uint64, zip bool, payload ...[]byte) []byte {
	body, compression := bytes.Join(payload, nil), uint64(1)
	if zip {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		body, compression = b.Bytes(), 2
	}
	return bytes.Join([][]byte{Number(1, kind), Number(2, compression), Text(3, body)}, nil)
}

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	_ = conn.SetReadDeadline(time.Now().Add(enterWithin))
	kind, data, err := conn.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage || !s.enter(conn, data) {
		return
	}
	defer s.forget(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(beatWithin))
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if bytes.HasPrefix(data, Number(1, 1)) {
			s.beat(conn)
		}
	}
}

// enter answers the first message; false means it was refused. Of what a client
// sends only the token and the room matter here.
func (s *Server) enter(conn *websocket.Conn, data []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := append(Text(1, []byte(s.o.Token)), Text(2, []byte(s.o.LiveStreamID))...)
	if !bytes.HasPrefix(data, Number(1, 200)) || !bytes.Contains(data, wanted) {
		send(conn, Message(103, false, Number(1, 601), Text(2, []byte("token invalid"))))
		return false
	}
	send(conn, Message(300, false, Number(1, 1000), Number(2, 30000), Number(3, 20000)))
	s.clients[conn] = true
	s.entered++
	s.mu.Changed()
	return true
}

func (s *Server) beat(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	send(conn, Message(101, false, Number(1, 1790000000020), Number(2, 1790000000000)))
	s.beats++
	s.mu.Changed()
}

func (s *Server) forget(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, conn)
	s.mu.Changed()
}

// send writes one message. s.mu is held, which keeps writers apart.
func send(conn *websocket.Conn, b []byte) { feedtest.Send(conn, websocket.BinaryMessage, b) }

// Push sends one message to everybody in the room.
func (s *Server) Push(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		send(conn, message)
	}
}

// Cut breaks every connection without a goodbye.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		_ = conn.Close()
		delete(s.clients, conn)
	}
	s.mu.Changed()
}

// WaitEntered returns when the room was entered n times since the start, or with
// an error that says how often when patience ends.
func (s *Server) WaitEntered(n int, patience time.Duration) error {
	return s.mu.Wait("entrances", n, patience, func() int { return s.entered })
}

// WaitBeats is the same for heartbeats.
func (s *Server) WaitBeats(n int, patience time.Duration) error {
	return s.mu.Wait("heartbeats", n, patience, func() int { return s.beats })
}
