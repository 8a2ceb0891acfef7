// Package stripetest is the part of Stripe that `stripe listen` talks to: the
// HTTP call that opens a session, and the websocket of the session with signed
// events and their acknowledgements.
//
// Delivery: an event goes to the newest session that is connected. One that was
// not acknowledged is sent again to the next session, unless Forget was called: then
// what no session got is lost. A session ends when another is opened, and when Kick
// says so.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package stripetest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Secret signs the events.
const Secret = "whsec_of_the_test"

// A Server is one account's.
type Server struct {
	key  string
	site feedtest.Site

	mu       feedtest.News
	opened   int
	valid    string // the id of the newest session
	current  *websocket.Conn
	clients  map[*websocket.Conn]bool
	events   []event
	acked    []string
	broken   int
	sessions int
	forgets  bool
	expired  int // sessions to come that will be unknown when they are dialled
}

type event struct{ id, payload string }

// New starts a server on a free port of this machine.
func New(key string) *Server {
	s := &Server{key: key, clients: map[*websocket.Conn]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/stripecli/sessions", s.open)
	socket := s.site.Socket(s.serve, "stripecli-devproxy-v1")
	mux.HandleFunc("/subscribe/acct", func(w http.ResponseWriter, r *http.Request) {
		if !s.known(r) {
			http.Error(w, "Unknown WebSocket ID.", http.StatusBadRequest)
			return
		}
		socket(w, r)
	})
	s.site.Start(mux)
	return s
}

// API is the address of the HTTP call.
func (s *Server) API() string { return s.site.API() }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

// open answers the call for a session.
func (s *Server) open(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer "+s.key:
		w.WriteHeader(http.StatusUnauthorized)
		return
	case r.FormValue("device_name") == "" || r.FormValue("websocket_features[]") != "webhooks":
		w.WriteHeader(http.StatusBadRequest)
		return
	case s.broken > 0:
		s.broken--
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	s.opened++
	id := fmt.Sprintf("cliws_%d", s.opened)
	s.valid = id
	if s.expired > 0 {
		s.expired--
		s.valid = "another"
	}
	_, _ = fmt.Fprintf(w, `{"websocket_id":%q,"websocket_url":%q,"websocket_authorized_feature":"webhooks","secret":%q,"reconnect_delay":60}`,
		id, "ws://"+r.Host+"/subscribe/acct?x=1", Secret)
}

// known tells whether the newest session is dialled.
func (s *Server) known(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := r.URL.Query()
	return r.Header.Get("Websocket-Id") == s.valid && asked.Get("websocket_feature") == "webhooks" && asked.Get("x") == "1"
}

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	s.join(conn)
	defer s.leave(conn)
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		s.ack(data)
	}
}

func (s *Server) join(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current, s.clients[conn] = conn, true
	s.sessions++
	for _, e := range s.events {
		if !s.forgets && !slices.Contains(s.acked, e.id) {
			s.deliver(e)
		}
	}
	s.mu.Changed()
}

func (s *Server) leave(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, conn)
	if s.current == conn {
		s.current = nil
	}
	s.mu.Changed()
}

func (s *Server) ack(data []byte) {
	var m struct {
		Type         string `json:"type"`
		Conversation string `json:"webhook_conversation_id"`
		Event        string `json:"event_id"`
		WebhookID    string `json:"webhook_id"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if json.Unmarshal(data, &m) == nil && m.Type == "event_ack" && m.Conversation == "wc_"+m.Event && m.WebhookID == "wh" {
		s.acked = append(s.acked, m.Event)
		s.mu.Changed()
	}
}

// Message is the frame that carries an event, signed with secret.
func Message(secret, id, payload string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte("1790000000." + payload))
	b, err := json.Marshal(map[string]any{
		"type": "webhook_event", "endpoint": map[string]any{"api_version": nil}, "event_payload": payload,
		"http_headers":            map[string]any{"Stripe-Signature": "t=1790000000,v1=" + hex.EncodeToString(mac.Sum(nil)) + ",v0=x"},
		"webhook_conversation_id": "wc_" + id, "webhook_id": "wh",
	})
	if err != nil {
		panic(err)
	}
	return b
}

// deliver sends one event to the current session. s.mu is held, which keeps
// writers apart.
func (s *Server) deliver(e event) {
	if s.current != nil {
		feedtest.Send(s.current, websocket.TextMessage, Message(Secret, e.id, e.payload))
	}
}

// Happen makes an event of a type about an object.
func (s *Server) Happen(id, kind, object string) {
	s.HappenAt(time.Unix(1790000000, 0), id, kind, object)
}

// HappenAt is Happen at a time, in whole seconds.
func (s *Server) HappenAt(at time.Time, id, kind, object string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := event{id, fmt.Sprintf(`{"id":%q,"created":%d,"type":%q,"data":{"object":%s}}`, id, at.Unix(), kind, object)}
	s.events = append(s.events, e)
	s.deliver(e)
}

// Again sends an event as it was sent before, to another version of the API: with
// another conversation of its own.
func (s *Server) Again(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.events, func(e event) bool { return e.id == id }); i >= 0 {
		s.deliver(s.events[i])
	}
}

// Frame sends a frame as it is to the current session.
func (s *Server) Frame(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		feedtest.Send(s.current, websocket.TextMessage, []byte(text))
	}
}

// Forget makes what no session got be lost.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgets = true
}

// Kick ends the session, which cannot be connected to again.
func (s *Server) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.valid = ""
	for conn := range s.clients {
		feedtest.Leave(conn, websocket.CloseGoingAway, "session expired")
	}
	s.current = nil
	s.mu.Changed()
}

// Break makes the next n calls for a session fail.
func (s *Server) Break(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = n
}

// Expire makes the next n sessions unknown by the time that they are dialled.
func (s *Server) Expire(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = n
}

// Cut breaks every connection without a goodbye.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		_ = conn.Close()
	}
	s.current = nil
	s.mu.Changed()
}

// Acked are the events acknowledged so far, in order.
func (s *Server) Acked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acked)
}

// WaitSessions returns when n sessions were connected since the start, or with an
// error that says how many when patience ends.
func (s *Server) WaitSessions(n int, patience time.Duration) error {
	return s.mu.Wait("sessions", n, patience, func() int { return s.sessions })
}

// WaitAcked is the same for acknowledgements.
func (s *Server) WaitAcked(n int, patience time.Duration) error {
	return s.mu.Wait("acknowledgements", n, patience, func() int { return len(s.acked) })
}
