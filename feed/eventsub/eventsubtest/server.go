// Package eventsubtest is Twitch's EventSub on this machine: the websocket with
// its welcome, keepalives, handing over and closing of who speaks, and the HTTP
// API through which a session is subscribed.
//
// Delivery: a notification goes, in order, to the newest session that is
// subscribed. A session that subscribes to nothing is closed (4003), one that
// says anything but pong too (4001). Move asks the session to go on at another
// address and closes the old connection when the new one is welcomed; what is
// sent meanwhile goes over the old one.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package eventsubtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say what the server does.
type Options struct {
	Channel   string        // the login of the only channel
	Token     string        // the only token that is good
	Denied    []string      // types that the token lacks a scope for
	Keepalive time.Duration // how often silence is broken; 0: never
	Within    time.Duration // how long a session may be without a subscription; 0: 10 s
}

// A Server is one channel's EventSub.
type Server struct {
	o    Options
	site feedtest.Site
	wg   sync.WaitGroup // of keepalives

	mu         feedtest.News
	sessions   map[string]*client
	current    *client
	subscribed []string
	welcomes   int
	joins      int // sessions that the chat was sent to
	kept       int // keepalives
	said       int
	broken     int // answers of the API that are errors yet
}

// A client is one connection.
type client struct {
	id      string
	conn    *websocket.Conn
	types   map[string]bool
	replace *client // the connection that this one takes over
	hushed  bool    // nothing breaks its silence
}

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	if o.Within == 0 {
		o.Within = 10 * time.Second
	}
	s := &Server{o: o, sessions: map[string]*client{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/ws", s.site.Socket(s.serve))
	mux.HandleFunc("GET /oauth2/validate", s.validate)
	mux.HandleFunc("GET /helix/users", s.users)
	mux.HandleFunc("POST /helix/eventsub/subscriptions", s.subscribe)
	s.site.Start(mux)
	return s
}

// URL is the websocket's address, API what answers in the place of the HTTP API.
func (s *Server) URL() string { return s.site.URL("/ws") }

// API is where subscriptions are made, and tokens checked.
func (s *Server) API() string { return s.site.API() }

// Close ends the server.
func (s *Server) Close() {
	s.site.Close()
	s.wg.Wait()
}

func (s *Server) serve(conn *websocket.Conn, r *http.Request) {
	c := s.welcome(conn, r.URL.Query().Get("from"))
	defer s.forget(c)
	late := time.AfterFunc(s.o.Within, func() { s.unused(c) })
	defer late.Stop()
	stop := s.keepalives(c)
	defer stop()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
		s.mu.Lock()
		s.said++
		c.close(4001, "client sent inbound traffic")
		s.mu.Unlock()
	}
}

func (s *Server) welcome(conn *websocket.Conn, from string) *client {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.welcomes++
	c := &client{id: fmt.Sprintf("session-%d", s.welcomes), conn: conn, types: map[string]bool{}}
	if old := s.sessions[from]; old != nil {
		c.types, c.replace = old.types, old
	}
	s.sessions[c.id] = c
	c.send("session_welcome", "", map[string]any{"session": map[string]any{
		"id": c.id, "status": "connected", "keepalive_timeout_seconds": 10, "reconnect_url": nil,
	}})
	if c.replace != nil {
		s.current = c
		s.joins++
		c.replace.close(4004, "reconnect grace time expired")
	}
	s.mu.Changed()
	return c
}

// keepalives breaks the silence until the returned function is called.
func (s *Server) keepalives(c *client) (stop func()) {
	if s.o.Keepalive == 0 {
		return func() {}
	}
	done := make(chan struct{})
	s.wg.Go(func() {
		t := time.NewTicker(s.o.Keepalive)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				s.mu.Lock()
				if !c.hushed {
					c.send("session_keepalive", "", map[string]any{})
					s.kept++
					s.mu.Changed()
				}
				s.mu.Unlock()
			case <-done:
				return
			}
		}
	})
	return func() { close(done) }
}

// unused closes a session that asked for nothing.
func (s *Server) unused(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(c.types) == 0 {
		c.close(4003, "connection unused")
	}
}

func (s *Server) forget(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, c.id)
	if s.current == c {
		s.current = nil
	}
	s.mu.Changed()
}

// close says goodbye. s.mu is held.
func (c *client) close(code int, text string) {
	feedtest.Leave(c.conn, code, text)
}

var sequence struct {
	sync.Mutex
	n int
}

// usual is when everything happens that names no time.
var usual = time.Date(2026, 9, 21, 14, 13, 20, 123456789, time.UTC)

// send writes one message. s.mu is held, which keeps writers apart.
func (c *client) send(kind, subject string, payload map[string]any) {
	c.sendAt(usual, kind, subject, payload)
}

func (c *client) sendAt(at time.Time, kind, subject string, payload map[string]any) {
	sequence.Lock()
	sequence.n++
	n := sequence.n
	sequence.Unlock()
	meta := map[string]any{
		"message_id": fmt.Sprintf("delivery-%d", n), "message_type": kind, "message_timestamp": at.UTC().Format(time.RFC3339Nano),
	}
	if subject != "" {
		meta["subscription_type"], meta["subscription_version"] = subject, "1"
	}
	b, err := json.Marshal(map[string]any{"metadata": meta, "payload": payload})
	if err != nil {
		panic(err)
	}
	feedtest.Send(c.conn, websocket.TextMessage, b)
}

// answer writes an answer of the API.
func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if b, err := json.Marshal(v); err == nil {
		_, _ = w.Write(b)
	}
}

func fault(w http.ResponseWriter, code int, message string) {
	answer(w, code, map[string]any{"status": code, "message": message})
}

// fails answers what Break asked for.
func (s *Server) fails(w http.ResponseWriter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == 0 {
		return false
	}
	s.broken--
	fault(w, http.StatusServiceUnavailable, "try again")
	return true
}

func (s *Server) validate(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.fails(w):
	case r.Header.Get("Authorization") != "OAuth "+s.o.Token:
		fault(w, http.StatusUnauthorized, "invalid access token")
	default:
		answer(w, http.StatusOK, map[string]any{"client_id": "client", "login": "watcher", "user_id": "9", "scopes": s.scopes(), "expires_in": 5011271})
	}
}

// scopes are the token's, without those of the types that it is denied.
func (s *Server) scopes() []string {
	scopes := []string{"moderator:read:chat_messages"}
	for subject, scope := range map[string]string{"channel.chat.message": "user:read:chat", "automod.message.hold": "moderator:manage:automod"} {
		if !slices.Contains(s.o.Denied, subject) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// mine checks what every call of the API must carry.
func (s *Server) mine(w http.ResponseWriter, r *http.Request) bool {
	if r.Header.Get("Authorization") == "Bearer "+s.o.Token && r.Header.Get("Client-Id") == "client" {
		return true
	}
	fault(w, http.StatusUnauthorized, "OAuth token is missing")
	return false
}

func (s *Server) users(w http.ResponseWriter, r *http.Request) {
	if !s.mine(w, r) {
		return
	}
	data := []any{}
	if r.URL.Query().Get("login") == s.o.Channel {
		data = append(data, map[string]any{"id": "7", "login": s.o.Channel})
	}
	answer(w, http.StatusOK, map[string]any{"data": data})
}

func (s *Server) subscribe(w http.ResponseWriter, r *http.Request) {
	if !s.mine(w, r) {
		return
	}
	var req struct {
		Type      string            `json:"type"`
		Version   string            `json:"version"`
		Condition map[string]string `json:"condition"`
		Transport struct {
			Method  string `json:"method"`
			Session string `json:"session_id"`
		} `json:"transport"`
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &req) != nil || req.Version == "" || req.Transport.Method != "websocket" || req.Condition["broadcaster_user_id"] != "7" {
		fault(w, http.StatusBadRequest, "bad subscription")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.sessions[req.Transport.Session]
	switch {
	case c == nil:
		fault(w, http.StatusBadRequest, "session does not exist")
	case slices.Contains(s.o.Denied, req.Type):
		fault(w, http.StatusForbidden, "subscription missing proper authorization")
	default:
		c.types[req.Type] = true
		s.current = c
		if req.Type == "channel.chat.message" {
			s.joins++
		}
		s.subscribed = append(s.subscribed, req.Type)
		s.mu.Changed()
		answer(w, http.StatusAccepted, map[string]any{"data": []any{}})
	}
}
