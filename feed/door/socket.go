package door

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
)

// Bounds of how often a tool may dial in: one that is refused what it sends and
// dials again at once must not fill the record with gaps.
const (
	dialsAllowed = 20
	dialWindow   = time.Minute
	upgradeIn    = 5 * time.Second
	// drainIn is for what is still on the way over a connection that a newer one
	// follows.
	drainIn = 500 * time.Millisecond
	// maxNext bounds those that wait to be read: as many as a tool may dial in a
	// minute, since what each sent before it left is not to be lost.
	maxNext = dialsAllowed
	// minToken keeps a token from being guessed.
	minToken = 16
)

// A Socket is a way in for one tool and one room, at /in/NAME.
type Socket struct {
	Name string
	// Token must be shown as "Authorization: Bearer …", or as ?token=… by a page,
	// which cannot set a header.
	Token string
	// Origins are the pages that may dial in, like http://localhost:5173. A tool
	// that is no page tells none and needs none.
	Origins []string
	// Subprotocols are what we answer to, best first; a tool that offers none
	// gets none.
	Subprotocols []string
}

type socket struct {
	Socket
	door  *Door
	dials *counter // of the tool

	entry sync.Mutex // held from the answer to a handshake until the connection is offered

	mu     sync.Mutex
	next   []*websocket.Conn // dialled in and not taken yet, oldest first
	now    *websocket.Conn   // taken
	closed bool
	ready  chan struct{} // next was added to, or closed
}

// Socket opens a way in. What it returns waits for the next connection and is
// made for feed.Config.Accept.
func (d *Door) Socket(s Socket) (func(context.Context) (*websocket.Conn, error), error) {
	if len(s.Token) < minToken {
		return nil, fmt.Errorf("door %q: the token has fewer than %d characters: anybody who reaches the door could write into the room", s.Name, minToken)
	}
	for _, o := range s.Origins {
		if u, err := url.Parse(o); err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" {
			return nil, fmt.Errorf("door %q: origin %q is not one: write it like http://localhost:5173", s.Name, feed.Sanitise(o))
		}
	}
	if err := d.claim(s.Name); err != nil {
		return nil, err
	}
	way := &socket{Socket: s, door: d, dials: newCounter(d.cfg.Clock, dialsAllowed, dialWindow), ready: make(chan struct{}, 1)}
	d.sockets = append(d.sockets, way)
	d.mux.HandleFunc("/in/"+s.Name, way.serve)
	return way.accept, nil
}

var errShut = errors.New("the door is closed")

// accept waits for the next connection.
func (s *socket) accept(ctx context.Context) (*websocket.Conn, error) {
	for {
		s.mu.Lock()
		closed := s.closed
		if len(s.next) > 0 {
			conn := s.next[0]
			s.now, s.next = conn, s.next[1:]
			if len(s.next) > 0 {
				s.leave(conn)
			}
			s.mu.Unlock()
			return conn, nil
		}
		s.mu.Unlock()
		if closed {
			return nil, errShut
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// offer puts conn behind whoever was here, and has them leave.
func (s *socket) offer(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = conn.Close()
		return
	}
	if s.now != nil {
		s.leave(s.now)
		s.now = nil
	}
	if len(s.next) == maxNext { // nobody has taken one for long: the record is blocked
		_ = s.next[0].Close()
		s.next = s.next[1:]
	}
	s.next = append(s.next, conn)
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// leave ends a connection that a newer one follows. What it has brought already is
// read before: a tool that sent something and dialled again has lost nothing.
func (s *socket) leave(conn *websocket.Conn) {
	time.AfterFunc(drainIn, func() {
		// The reader may be waiting in it: closing wakes him.
		_ = conn.NetConn().Close()
	})
}

func (d *Door) closeSockets() {
	for _, s := range d.sockets {
		s.mu.Lock()
		s.closed = true
		for _, conn := range s.next {
			_ = conn.Close()
		}
		s.next = nil
		s.mu.Unlock()
		select {
		case s.ready <- struct{}{}:
		default:
		}
	}
}

func (s *socket) serve(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		refuse(w, http.StatusUpgradeRequired, "This address takes websockets.")
		return
	}
	if status, why := s.admit(r); status != 0 {
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(int(offenceWindow/time.Second)))
		}
		refuse(w, status, why)
		return
	}
	up := websocket.Upgrader{
		HandshakeTimeout: upgradeIn, Subprotocols: s.Subprotocols,
		CheckOrigin: func(*http.Request) bool { return true }, // admit did
		Error: func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
			refuse(w, status, "This is no proper websocket handshake.")
		},
	}
	// The tool may send, leave and dial again as soon as it is answered: its
	// connections are taken in the order in which they were.
	s.entry.Lock()
	defer s.entry.Unlock()
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // it was answered
	}
	s.offer(conn)
}

// admit tells with which status and why a request is refused; 0: it is not.
func (s *socket) admit(r *http.Request) (status int, why string) {
	host := peer(r)
	if s.door.offences.shut(host) > 0 {
		return http.StatusTooManyRequests, "Too many wrong tokens: wait a minute."
	}
	if origin := r.Header.Get("Origin"); origin != "" && !slices.ContainsFunc(s.Origins, func(o string) bool { return strings.EqualFold(o, origin) }) {
		return http.StatusForbidden, "This page is not among the origins of this way in: add it in the config."
	}
	if !sameSecret(shown(r), s.Token) {
		s.door.offences.note(host)
		return http.StatusUnauthorized, "The token is missing or wrong: send it as Authorization: Bearer, or as ?token=."
	}
	if s.dials.shut(s.Name) > 0 {
		return http.StatusTooManyRequests, "This way in was dialled too often: two tools may be using it, each needs its own."
	}
	s.dials.note(s.Name)
	return 0, ""
}

// shown is the token that a request shows.
func shown(r *http.Request) string {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(bearer)
	}
	return r.URL.Query().Get("token")
}
