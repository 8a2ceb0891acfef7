// Package relaytest is a relay on the streamer's own machine, as BarrageGrab,
// douyinLive, oba-live-tool and TikFinity are: a websocket that tells whoever
// connects what happens in the room.
//
// Delivery: a frame is sent to whoever is connected at that moment. With
// Options.Again the last frames are sent again to who connects.
//
// Locking: every method may be called from any goroutine. Close ends all connections
// and returns when nothing of the relay runs any more.
package relaytest

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say what sort of relay it is.
type Options struct {
	Key      string   // must be shown as "Authorization: Bearer …"; "": everybody is let in
	Pongs    bool     // "ping" is answered with "pong"; else whatever is said is noted as a fault
	Greeting []string // is told to who connects
	Again    int      // how many of the last frames are told again to who connects
}

// A Relay is one relay.
type Relay struct {
	o    Options
	site feedtest.Site

	mu      feedtest.News
	clients map[*websocket.Conn]bool
	told    []string // the last frames, for who comes
	joined  int
	pings   int
	said    []string
}

// New starts a relay on a free port of this machine.
func New(o Options) *Relay {
	r := &Relay{o: o, clients: map[*websocket.Conn]bool{}}
	socket := r.site.Socket(r.serve)
	r.site.Start(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if o.Key != "" && req.Header.Get("Authorization") != "Bearer "+o.Key {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		socket(w, req)
	}))
	return r
}

// URL is the address to dial.
func (r *Relay) URL() string { return r.site.URL("/") }

// Close ends the relay.
func (r *Relay) Close() { r.site.Close() }

func (r *Relay) serve(conn *websocket.Conn, _ *http.Request) {
	r.join(conn)
	defer r.forget(conn)
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		r.hear(conn, string(data))
	}
}

func (r *Relay) join(conn *websocket.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range append(r.o.Greeting, r.told...) {
		send(conn, f)
	}
	r.clients[conn] = true
	r.joined++
	r.mu.Changed()
}

func (r *Relay) forget(conn *websocket.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.clients, conn)
	r.mu.Changed()
}

// hear takes what a client says.
func (r *Relay) hear(conn *websocket.Conn, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.o.Pongs && text == "ping" {
		send(conn, "pong")
		r.pings++
	} else {
		r.said = append(r.said, text)
	}
	r.mu.Changed()
}

// send writes one frame. r.mu is held, which keeps writers apart.
func send(conn *websocket.Conn, text string) {
	feedtest.Send(conn, websocket.TextMessage, []byte(text))
}

// Tell sends frames to everybody.
func (r *Relay) Tell(frames ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.clients {
		for _, f := range frames {
			send(conn, f)
		}
	}
	r.told = append(r.told, frames...)
	r.told = r.told[max(0, len(r.told)-r.o.Again):]
}

// Leave ends every connection with a goodbye, as a tool does that is closed.
func (r *Relay) Leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.clients {
		feedtest.Leave(conn, websocket.CloseGoingAway, "bye")
	}
}

// Cut breaks every connection without a goodbye.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.clients {
		_ = conn.Close()
		delete(r.clients, conn)
	}
	r.mu.Changed()
}

// Said is what clients said, but for pings that are answered. BarrageGrab obeys such
// words.
func (r *Relay) Said() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.said...)
}

// WaitJoined returns when somebody connected n times since the start, or with an
// error that says how often when patience ends.
func (r *Relay) WaitJoined(n int, patience time.Duration) error {
	return r.mu.Wait("connections", n, patience, func() int { return r.joined })
}

// WaitPings is the same for pings that were answered.
func (r *Relay) WaitPings(n int, patience time.Duration) error {
	return r.mu.Wait("pings", n, patience, func() int { return r.pings })
}
