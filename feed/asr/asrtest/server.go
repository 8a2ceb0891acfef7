package asrtest

import (
	"bytes"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

const helloWithin = 5 * time.Second

// A Server is a recogniser that is sent sound: FunASR, Vosk or WhisperLive. It
// answers only on the connection that carries the sound, begins anew on each, and
// ends one whose sound is told to be over.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
type Server struct {
	format string
	site   feedtest.Site

	mu        feedtest.News
	listeners map[*websocket.Conn]*Voice
	heard     int // connections over which sound came
	began     []time.Time
	sound     int                         // bytes of it
	last      func(v *Voice) []feed.Frame // nil: nothing
}

// NewServer starts a recogniser on a free port of this machine.
func NewServer(format string) *Server {
	s := &Server{format: format, listeners: map[*websocket.Conn]*Voice{}}
	s.site.Start(s.site.Socket(s.serve))
	return s
}

// URL is the address to dial.
func (s *Server) URL() string { return s.site.URL("/") }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

// hello is what the first message must hold, and over the sign that no more sound
// comes.
var (
	hello = map[string]string{"funasr": `"is_speaking":true`, "vosk": `"config"`, "whisperlive": `"uid"`}
	over  = map[string]string{"funasr": `{"is_speaking":false}`, "vosk": `{"eof" : 1}`, "whisperlive": "END_OF_AUDIO"}
)

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	_ = conn.SetReadDeadline(time.Now().Add(helloWithin))
	kind, first, err := conn.ReadMessage()
	if err != nil || kind != websocket.TextMessage || !bytes.Contains(first, []byte(hello[s.format])) {
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	voice := NewVoice(s.format, "orchid")
	s.mu.Lock()
	say(conn, voice.Ready())
	s.mu.Unlock()
	defer s.forget(conn)
	for first := true; ; first = false {
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if string(data) == over[s.format] {
			s.end(conn, voice)
			return
		}
		if kind == websocket.BinaryMessage {
			s.hear(conn, voice, first, len(data))
		}
	}
}

// hear takes in a piece of sound, which nobody has spoken in.
func (s *Server) hear(conn *websocket.Conn, voice *Voice, first bool, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sound += bytes
	if s.format == "vosk" { // it answers every piece
		say(conn, texts(`{"partial" : ""}`))
	}
	if first {
		s.listeners[conn] = voice
		s.heard++
		s.began = append(s.began, time.Now())
		s.mu.Changed()
	}
}

// end says what is said when the sound is over.
func (s *Server) end(conn *websocket.Conn, voice *Voice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil {
		say(conn, s.last(voice))
	}
}

// Last has every connection whose sound is told to be over end with what frames makes
// of its voice: recognisers hear a sentence to its end first.
func (s *Server) Last(frames func(v *Voice) []feed.Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = frames
}

// Sound is how many bytes of sound came, as the recogniser wants them.
func (s *Server) Sound() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sound
}

func (s *Server) forget(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, conn)
	s.mu.Changed()
}

// say writes frames. The lock is held, which keeps writers apart.
func say(conn *websocket.Conn, frames []feed.Frame) {
	for _, f := range frames {
		kind := websocket.TextMessage
		if f.Binary {
			kind = websocket.BinaryMessage
		}
		feedtest.Send(conn, kind, f.Data)
	}
}

// Each says on every connection what frames makes of its voice.
func (s *Server) Each(frames func(v *Voice) []feed.Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn, voice := range s.listeners {
		say(conn, frames(voice))
	}
}

// Kick ends every connection as the recogniser does.
func (s *Server) Kick() {
	s.Each((*Voice).Leave)
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.listeners {
		feedtest.Leave(conn, websocket.CloseGoingAway, "")
		delete(s.listeners, conn)
	}
}

// Began are the times at which the first sound came over each connection.
func (s *Server) Began() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.began...)
}

// WaitHeard returns when sound came over n connections since the start, or with an
// error that says over how many when patience ends.
func (s *Server) WaitHeard(n int, patience time.Duration) error {
	return s.mu.Wait("connections with sound", n, patience, func() int { return s.heard })
}
