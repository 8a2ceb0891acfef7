// Package cloudeventtest is a producer of our own events that is dialled: it asks for
// a token and the subprotocol, numbers its events where it is to, and sends whoever
// names a place what comes after it.
//
// Delivery: an event goes to every client that is connected, in order; one that was
// produced before is sent again as it was. A numbered one is kept, any other is
// forgotten.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package cloudeventtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/cloudevent"
	"liveroom/feed/feedtest"
)

// Options say what kind of producer it is.
type Options struct {
	Token    string // clients must show it; "": open
	Numbered bool
}

// A Server is one producer.
type Server struct {
	o    Options
	site feedtest.Site

	mu      feedtest.News
	clients map[*websocket.Conn]bool
	joined  int
	log     [][]byte // the events produced, in order
	places  map[string]int
	epoch   int
}

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	s := &Server{o: o, clients: map[*websocket.Conn]bool{}, places: map[string]int{}, epoch: 1}
	socket := s.site.Socket(s.serve, cloudevent.Subprotocol)
	s.site.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.Token != "" && r.Header.Get("Authorization") != "Bearer "+o.Token {
			http.Error(w, "no", http.StatusUnauthorized)
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

func (s *Server) serve(conn *websocket.Conn, r *http.Request) {
	if conn.Subprotocol() == "" { // the binding asks for it
		return
	}
	s.join(conn, r.FormValue("epoch"), r.FormValue("after"))
	defer s.leave(conn)
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

// join sends what comes after a place, everything where that is of another count,
// and all that is produced from now on.
func (s *Server) join(conn *websocket.Conn, epoch, after string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := len(s.log)
	if n, err := strconv.Atoi(after); err == nil && epoch == s.epochName() {
		first = min(max(n, 0), len(s.log))
	} else if epoch != "" {
		first = 0
	}
	for _, b := range s.log[first:] {
		send(conn, b)
	}
	s.clients[conn] = true
	s.joined++
	s.mu.Changed()
}

func (s *Server) leave(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, conn)
	s.mu.Changed()
}

func (s *Server) epochName() string { return "e" + strconv.Itoa(s.epoch) }

func send(conn *websocket.Conn, b []byte) { feedtest.Send(conn, websocket.TextMessage, b) }

// Produce makes the event called id, with the members that give its place, each with
// a comma behind it; one that was made before is sent again.
func (s *Server) Produce(id string, event func(place string) []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, again := s.places[id]
	if !again {
		at = len(s.log)
		place := ""
		if s.o.Numbered {
			place = fmt.Sprintf(`"epoch":%q,"offset":%d,`, s.epochName(), at+1)
		}
		s.places[id] = at
		s.log = append(s.log, event(place))
	}
	s.all(s.log[at])
}

// all sends a frame to everybody. s.mu is held, which keeps writers apart.
func (s *Server) all(b []byte) {
	for conn := range s.clients {
		send(conn, b)
	}
}

// Frame sends a frame as it is to everybody.
func (s *Server) Frame(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all(b)
}

// Kick ends every connection with a close frame.
func (s *Server) Kick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		feedtest.Leave(conn, websocket.CloseServiceRestart, "upkeep")
		delete(s.clients, conn)
	}
}

// Forget is a restart after which nothing is known of what was produced: the next
// event is the first of a new count.
func (s *Server) Forget() {
	s.Cut()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	s.log = nil
	clear(s.places)
}

// Cut breaks every connection without a goodbye.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.clients {
		_ = conn.Close()
	}
}

// WaitClients returns when n clients were connected since the start, or with an
// error that says how many when patience ends.
func (s *Server) WaitClients(n int, patience time.Duration) error {
	return s.mu.Wait("clients", n, patience, func() int { return s.joined })
}
