package main

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/cloudevent"
	"liveroom/moderation/surge"
)

// A talking server sends each room that is dialled so many events a second, over
// a real websocket.
type talking struct {
	*httptest.Server
	rate atomic.Int64 // events a second and room
	sent atomic.Int64
}

func talk(t *testing.T, rate int) *talking {
	t.Helper()
	s := &talking{}
	s.rate.Store(int64(rate))
	up := websocket.Upgrader{Subprotocols: []string{cloudevent.Subprotocol}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		go func() { // pings are answered by reading
			for {
				if _, _, err := conn.NextReader(); err != nil {
					return
				}
			}
		}()
		_ = s.say(conn, path.Base(r.URL.Path)) // until the program leaves
	}))
	t.Cleanup(s.Close)
	return s
}

// pieces is how often a second events are sent.
const pieces = 100

func (s *talking) say(conn *websocket.Conn, room string) error {
	tick := time.NewTicker(time.Second / pieces)
	defer tick.Stop()
	began := time.Now()
	owed := 0.0
	for n := int64(0); ; {
		<-tick.C
		owed += time.Since(began).Seconds() * float64(s.rate.Load())
		for began = time.Now(); owed >= 1; owed-- {
			i := n
			if n > 0 { // after the product the first false sentence soon comes
				i += surge.TalkFalse - 50
			}
			e := surge.Talk(room, i, time.Now())
			e.Offset = n
			n++
			b, err := cloudevent.Encode(e)
			if err != nil {
				return err
			}
			if err := conn.WriteMessage(websocket.TextMessage, b); err != nil {
				return err
			}
			s.sent.Add(1)
		}
	}
}

func (s *talking) url(room string) string {
	return strings.Replace(s.URL, "http", "ws", 1) + "/" + room
}
