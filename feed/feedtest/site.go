package feedtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// writeTimeout is how long a peer that is played waits for who does not read.
const writeTimeout = 5 * time.Second

// A Site is where a peer that is played is met: an HTTP server on a free port of this
// machine, and the websockets that it opens. The zero value is not started. Its
// methods may be called from any goroutine once Start has returned.
type Site struct {
	http    *httptest.Server
	serving sync.WaitGroup // the handlers of websockets, which no HTTP server waits for

	mu     sync.Mutex
	open   map[*websocket.Conn]bool
	closed bool
}

// Start lets h answer.
func (s *Site) Start(h http.Handler) {
	s.open = map[*websocket.Conn]bool{}
	s.http = httptest.NewServer(h)
}

// Socket opens a websocket for each request, with one of the subprotocols where some
// are named, and lets serve have it. It ends when serve returns.
func (s *Site) Socket(serve func(conn *websocket.Conn, r *http.Request), subprotocols ...string) http.HandlerFunc {
	up := websocket.Upgrader{Subprotocols: subprotocols}
	return func(w http.ResponseWriter, r *http.Request) {
		s.serving.Add(1)
		defer s.serving.Done()
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer s.end(conn)
		if s.begin(conn) {
			serve(conn, r)
		}
	}
}

// begin is false where the site was closed meanwhile.
func (s *Site) begin(conn *websocket.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[conn] = true
	return !s.closed
}

func (s *Site) end(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
	_ = conn.Close()
}

// Close breaks every connection without a goodbye and returns when no handler runs
// any more.
func (s *Site) Close() {
	_ = s.http.Listener.Close()
	s.mu.Lock()
	s.closed = true
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.http.Close()
	s.serving.Wait()
}

// URL is the address of a path for websockets.
func (s *Site) URL(path string) string { return "ws" + strings.TrimPrefix(s.http.URL, "http") + path }

// API is the same server's address for HTTP calls.
func (s *Site) API() string { return s.http.URL }

// Send writes one message. Writers of one connection keep apart by a lock of theirs.
func Send(conn *websocket.Conn, kind int, b []byte) {
	_ = conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	_ = conn.WriteMessage(kind, b)
}

// Leave says goodbye; who is left ends the connection.
func Leave(conn *websocket.Conn, code int, why string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(writeTimeout))
}
