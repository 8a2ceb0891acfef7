package record

import (
	"crypto/subtle"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
)

const (
	// A console whose disk is full stops reading; it is given time to recover
	// before the connection is cut.
	writeTimeout = time.Minute
	closeTimeout = 5 * time.Second
	// What clients say is not listened to.
	clientBytes = 64 << 10
)

// ServerConfig is how a recording is played.
type ServerConfig struct {
	Speed float64 // 0: 1; +Inf: as fast as clients take it
	Token string  // clients must bring it as "Authorization: Bearer …"; "" : open
}

// A Server plays the messages of a recording that came in to every client that
// dials. Playing begins when the first client comes, at the place it asks for;
// a client that comes later gets at once what it has missed. After the last
// message the connection is closed with 1000 "ended".
//
// Of a cloudevent recording clients may ask for what comes after a place, with
// ?epoch=…&after=…; where the epoch is not in it they get everything.
type Server struct {
	rec      *Recording
	token    string
	speed    float64
	messages []message
	story    story
	upgrader websocket.Upgrader
	quit     chan struct{}
	once     sync.Once
	wall     func() time.Time

	mu       sync.Mutex
	playing  sync.WaitGroup
	closed   bool
	begun    time.Time     // when the first client came; zero: not yet
	origin   time.Duration // where on the playback clock it began
	furthest int           // messages sent to whoever is ahead
	finished time.Time     // when the last message was sent first
}

type message struct {
	feed.Frame
	t        time.Duration
	epoch    string
	offset   int64
	numbered bool
}

// NewServer prepares rec. Close must follow when it has served.
func NewServer(rec *Recording, c ServerConfig) *Server {
	s := &Server{
		rec: rec, token: c.Token, speed: c.Speed, story: newStory(rec),
		quit: make(chan struct{}), wall: time.Now,
	}
	if s.speed <= 0 {
		s.speed = 1
	}
	if rec.Protocol == "cloudevent" {
		s.upgrader.Subprotocols = []string{cloudevent.Subprotocol}
	}
	for _, f := range rec.Frames {
		if f.Out {
			continue
		}
		m := message{Frame: f.Frame, t: f.T}
		var place struct {
			Epoch  string `json:"epoch"`
			Offset *int64 `json:"offset"`
		}
		if rec.Protocol == "cloudevent" && json.Unmarshal(f.Data, &place) == nil && place.Offset != nil {
			m.epoch, m.offset, m.numbered = place.Epoch, *place.Offset, true
		}
		s.messages = append(s.messages, m)
	}
	return s
}

// ServeHTTP plays the recording to one client.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+s.token)) != 1 {
		http.Error(w, "wrong or missing token", http.StatusUnauthorized)
		return
	}
	first, err := s.after(r.FormValue("epoch"), r.FormValue("after"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !s.enter() {
		http.Error(w, "the server is closing", http.StatusServiceUnavailable)
		return
	}
	defer s.playing.Done()
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	defer func() { _ = conn.Close() }()
	conn.SetReadLimit(clientBytes)
	s.begin(first)
	gone := make(chan struct{})
	go func() { // answers pings, and notices when the client leaves
		defer close(gone)
		for {
			if _, _, err := conn.NextReader(); err != nil {
				return
			}
		}
	}()
	s.play(conn, first, gone)
	_ = conn.Close()
	<-gone
}

func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.playing.Add(1)
	return true
}

// Close cuts all connections and waits until nothing is played any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.once.Do(func() { close(s.quit) })
	s.playing.Wait()
}

// after finds the message that follows a client's place.
func (s *Server) after(epoch, after string) (int, error) {
	if epoch == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("after=%q is not a whole number", after)
	}
	for i := len(s.messages) - 1; i >= 0; i-- {
		if m := s.messages[i]; m.numbered && m.epoch == epoch && m.offset <= n {
			return i + 1, nil
		}
	}
	return 0, nil
}

// begin starts the playback clock with the first client, at its place.
func (s *Server) begin(first int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun.IsZero() {
		return
	}
	s.begun, s.furthest = s.wall(), first
	if first > 0 {
		s.origin = s.messages[first-1].t
	}
}

// play sends the messages from first on, each when it is due.
func (s *Server) play(conn *websocket.Conn, first int, gone <-chan struct{}) {
	for i, m := range s.messages[first:] {
		if !s.waitFor(m.t, gone) {
			return
		}
		kind := websocket.TextMessage
		if m.Binary {
			kind = websocket.BinaryMessage
		}
		_ = conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		if conn.WriteMessage(kind, m.Data) != nil {
			return
		}
		s.sent(first + i + 1)
	}
	s.sent(len(s.messages))
	ended := websocket.FormatCloseMessage(websocket.CloseNormalClosure, feed.CloseEnded)
	if conn.WriteControl(websocket.CloseMessage, ended, time.Now().Add(closeTimeout)) != nil {
		return
	}
	select {
	case <-gone:
	case <-s.quit:
	case <-time.After(closeTimeout):
	}
}

// waitFor waits until t has come; with false when there is no more use in it.
func (s *Server) waitFor(t time.Duration, gone <-chan struct{}) bool {
	var wait time.Duration
	if !math.IsInf(s.speed, 1) {
		s.mu.Lock()
		wait = time.Duration(float64(t-s.origin)/s.speed) - s.wall().Sub(s.begun)
		s.mu.Unlock()
	}
	if wait <= 0 {
		select {
		case <-gone:
			return false
		case <-s.quit:
			return false
		default:
			return true
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-gone:
		return false
	case <-s.quit:
		return false
	}
}

func (s *Server) sent(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.furthest = max(s.furthest, n)
	if n == len(s.messages) && s.finished.IsZero() {
		s.finished = s.wall()
	}
}

// Clock is the time in the story: it stands at the start until the first
// client comes, follows the recording as it is played, and runs on as fast as
// life after its end. At the highest speed it is the time of the last message
// sent. It never goes back.
func (s *Server) Clock() func() time.Time { return s.now }

func (s *Server) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun.IsZero() {
		return s.rec.Start
	}
	if math.IsInf(s.speed, 1) {
		at := s.rec.Start
		if s.furthest > 0 {
			at = s.story.at(s.messages[s.furthest-1].t)
		}
		if !s.finished.IsZero() {
			at = s.story.end().Add(s.wall().Sub(s.finished))
		}
		return at
	}
	elapsed := s.wall().Sub(s.begun)
	toEnd := time.Duration(float64(s.story.length()-s.origin) / s.speed)
	if elapsed >= toEnd {
		return s.story.end().Add(elapsed - toEnd)
	}
	return s.story.at(s.origin + time.Duration(float64(elapsed)*s.speed))
}
