// Package bilibilitest is a live room's socket that behaves as Bilibili's do:
// the login that must come within five seconds, heartbeat replies with the
// client's own bytes after their end, and commands plain, in a zlib batch or in
// a brotli batch.
//
// Delivery: a command is sent to whoever has logged in at that moment and is
// repeated to nobody.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package bilibilitest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say who may come in.
type Options struct {
	Token    string // the key of a web login; "" lets none in
	AuthBody string // the body of an open-live login, to the byte; "" lets none in
}

// A Server is the socket of one room.
type Server struct {
	o    Options
	site feedtest.Site

	mu      feedtest.News
	clients map[*websocket.Conn]bool
	logins  int
	beats   int
}

const (
	headerLen   = 16
	loginWithin = 5 * time.Second
	beatWithin  = 70 * time.Second
	popularity  = 2466

	opHeartbeat, opHeartbeatReply, opMessage, opAuth, opAuthReply = 2, 3, 5, 7, 8
)

// How commands are sent.
const (
	Plain  = 0
	Zlib   = 2
	Brotli = 3
)

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	s := &Server{o: o, clients: map[*websocket.Conn]bool{}}
	s.site.Start(s.site.Socket(s.serve))
	return s
}

// URL is the address to dial.
func (s *Server) URL() string { return s.site.URL("/sub") }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

// packet writes one packet.
func packet(ver uint16, op uint32, body []byte) []byte {
	b := make([]byte, 0, headerLen+len(body))
	b = binary.BigEndian.AppendUint32(b, uint32(headerLen+len(body)))
	b = binary.BigEndian.AppendUint16(b, headerLen)
	b = binary.BigEndian.AppendUint16(b, ver)
	b = binary.BigEndian.AppendUint32(b, op)
	b = binary.BigEndian.AppendUint32(b, 1)
	return append(b, body...)
}

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	_ = conn.SetReadDeadline(time.Now().Add(loginWithin))
	if !s.login(conn) {
		return
	}
	defer s.forget(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(beatWithin))
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if len(data) >= headerLen && binary.BigEndian.Uint32(data[8:]) == opHeartbeat {
			s.beat(conn, data[headerLen:])
		}
	}
}

// login reads the first packet and answers it. A refusal ends the connection.
func (s *Server) login(conn *websocket.Conn) bool {
	kind, data, err := conn.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage || len(data) < headerLen || binary.BigEndian.Uint32(data[8:]) != opAuth {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.mayEnter(data[headerLen:]) {
		write(conn, packet(1, opAuthReply, []byte(`{"code":-101}`)))
		return false
	}
	write(conn, packet(1, opAuthReply, []byte(`{"code":0}`)))
	s.clients[conn] = true
	s.logins++
	s.mu.Changed()
	return true
}

func (s *Server) mayEnter(body []byte) bool {
	if s.o.AuthBody != "" && string(body) == s.o.AuthBody {
		return true
	}
	var web struct {
		RoomID   int64  `json:"roomid"`
		Protover int    `json:"protover"`
		Platform string `json:"platform"`
		Key      string `json:"key"`
	}
	return s.o.Token != "" && json.Unmarshal(body, &web) == nil &&
		web.Key == s.o.Token && web.RoomID > 0 && web.Protover == 3 && web.Platform == "web"
}

// beat answers a heartbeat: the popularity, and past the packet's end what the
// client sent.
func (s *Server) beat(conn *websocket.Conn, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply := packet(1, opHeartbeatReply, binary.BigEndian.AppendUint32(nil, popularity))
	write(conn, append(reply, body...))
	s.beats++
	s.mu.Changed()
}

// write sends one message. s.mu is held, which keeps writers apart.
func write(conn *websocket.Conn, data []byte) { feedtest.Send(conn, websocket.BinaryMessage, data) }

func (s *Server) forget(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, conn)
	s.mu.Changed()
}

// Say sends commands, JSON each, as one message to all who have logged in.
func (s *Server) Say(version uint16, commands ...string) error {
	var run []byte
	for _, c := range commands {
		run = append(run, packet(Plain, opMessage, []byte(c))...)
	}
	if version != Plain {
		packed, err := compress(version, run)
		if err != nil {
			return err
		}
		run = packet(version, opMessage, packed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		write(conn, run)
	}
	return nil
}

// Raw sends a message as it is.
func (s *Server) Raw(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		write(conn, data)
	}
}

func compress(version uint16, run []byte) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser
	switch version {
	case Zlib:
		w = zlib.NewWriter(&out)
	case Brotli:
		w = brotli.NewWriter(&out)
	default:
		return nil, fmt.Errorf("version %d: expected 0, 2 (zlib) or 3 (brotli)", version)
	}
	if _, err := w.Write(run); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Kick breaks every connection without a goodbye.
func (s *Server) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		_ = conn.Close()
		delete(s.clients, conn)
	}
	s.mu.Changed()
}

// WaitLogins returns when there were n logins since the start, or with an error
// that says how many when patience ends.
func (s *Server) WaitLogins(n int, patience time.Duration) error {
	return s.mu.Wait("logins", n, patience, func() int { return s.logins })
}

// WaitBeats returns when there were n heartbeats since the start, or with an
// error that says how many when patience ends.
func (s *Server) WaitBeats(n int, patience time.Duration) error {
	return s.mu.Wait("heartbeats", n, patience, func() int { return s.beats })
}
