// Package twitchtest is a chat server that speaks IRC over websockets as Twitch
// does: login with CAP, PASS and NICK, the greeting, JOIN with the member list
// and the room's state, PING both ways, RECONNECT, tags only for who asked, and
// several lines in one frame.
//
// Delivery: a line is sent to whoever has joined at that moment. Like Twitch the
// server repeats nothing, unless Options.Replay asks for it; then joining brings
// the last lines again, marked historical, as a recent-messages service keeps
// them, before the end of the member list.
//
// Locking: every method may be called from any goroutine. Close ends all
// connections and returns when nothing of the server runs any more.
package twitchtest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// Options say who may come in and what is repeated.
type Options struct {
	Channel string // without "#"
	Token   string // what an account's PASS must hold after "oauth:"
	Replay  int    // how many of the last lines joining brings again
}

// A Server is a chat server with one channel.
type Server struct {
	o    Options
	site feedtest.Site

	mu      feedtest.News
	clients map[*client]bool
	joins   int
	pongs   int
	pings   int
	history []string
}

// A client is one connection.
type client struct {
	conn    *websocket.Conn
	nick    string
	pass    string
	tags    bool
	welcome bool
	joined  bool
}

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	s := &Server{o: o, clients: map[*client]bool{}}
	s.site.Start(s.site.Socket(s.serve))
	return s
}

// URL is the address to dial.
func (s *Server) URL() string { return s.site.URL("") }

// Close ends the server.
func (s *Server) Close() { s.site.Close() }

func (s *Server) serve(conn *websocket.Conn, _ *http.Request) {
	c := &client{conn: conn}
	s.mu.Lock()
	s.clients[c] = true
	s.mu.Unlock()
	defer s.forget(c)
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		for l := range strings.SplitSeq(string(data), "\r\n") {
			if l != "" && !s.line(c, l) {
				return
			}
		}
	}
}

func (s *Server) forget(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
	s.mu.Changed()
}

// line answers one line of a client. It returns false when the connection ends.
func (s *Server) line(c *client, l string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	command, rest, _ := strings.Cut(l, " ")
	switch command {
	case "CAP":
		asked := strings.TrimPrefix(rest, "REQ :")
		c.tags = strings.Contains(asked, "twitch.tv/tags")
		c.send(":tmi.twitch.tv CAP * ACK :" + asked)
	case "PASS":
		c.pass = rest
	case "NICK":
		c.nick = rest
		return s.login(c)
	case "JOIN":
		s.join(c, rest)
	case "PING":
		c.send(":tmi.twitch.tv PONG tmi.twitch.tv " + rest)
		s.pings++
		s.mu.Changed()
	case "PONG":
		s.pongs++
		s.mu.Changed()
	default:
		c.send(fmt.Sprintf(":tmi.twitch.tv 421 %s %s :Unknown command", c.nick, command))
	}
	return true
}

var anonymous = regexp.MustCompile(`^justinfan[0-9]+$`)

// login lets anonymous readers in without a password and accounts with the
// token.
func (s *Server) login(c *client) bool {
	switch {
	case c.pass == "" && anonymous.MatchString(c.nick):
	case !strings.HasPrefix(c.pass, "oauth:"):
		c.send(":tmi.twitch.tv NOTICE * :Improperly formatted auth")
		return false
	case s.o.Token == "" || c.pass != "oauth:"+s.o.Token:
		c.send(":tmi.twitch.tv NOTICE * :Login authentication failed")
		return false
	}
	c.welcome = true
	from := ":tmi.twitch.tv "
	c.send(from+"001 "+c.nick+" :Welcome, GLHF!", from+"002 "+c.nick+" :Your host is tmi.twitch.tv",
		from+"003 "+c.nick+" :This server is rather new", from+"004 "+c.nick+" :-",
		from+"375 "+c.nick+" :-", from+"372 "+c.nick+" :You are in a maze of twisty passages.", from+"376 "+c.nick+" :>")
	return true
}

// join answers a JOIN of the server's channel; another one, or one before the
// greeting, gets no answer, as at Twitch.
func (s *Server) join(c *client, channel string) {
	if !c.welcome || channel != "#"+s.o.Channel {
		return
	}
	me := c.nick + "!" + c.nick + "@" + c.nick + ".tmi.twitch.tv"
	c.send(":" + me + " JOIN " + channel)
	again := s.history[max(0, len(s.history)-s.o.Replay):]
	for _, l := range again {
		c.send(historical(l))
	}
	c.send(fmt.Sprintf(":%s.tmi.twitch.tv 353 %s = %s :%s", c.nick, c.nick, channel, c.nick),
		fmt.Sprintf(":%s.tmi.twitch.tv 366 %s %s :End of /NAMES list", c.nick, c.nick, channel))
	c.send("@emote-only=0;followers-only=-1;r9k=0;room-id=1;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE " + channel)
	c.joined = true
	s.joins++
	s.mu.Changed()
}

// historical marks a line as sent again.
func historical(l string) string {
	if tags, ok := strings.CutPrefix(l, "@"); ok {
		return "@historical=1;" + tags
	}
	return "@historical=1 " + l
}

// send writes lines as one frame. s.mu is held, which keeps writers apart.
func (c *client) send(lines ...string) {
	var b strings.Builder
	for _, l := range lines {
		if strings.HasPrefix(l, "@") && !c.tags {
			_, l, _ = strings.Cut(l, " ")
		}
		b.WriteString(l)
		b.WriteString("\r\n")
	}
	feedtest.Send(c.conn, websocket.TextMessage, []byte(b.String()))
}

// Say sends lines, without their CRLF, as one frame to all who have joined, and
// keeps them for Replay.
func (s *Server) Say(lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say(lines)
}

func (s *Server) say(lines []string) {
	s.history = append(s.history, lines...)
	for c := range s.clients {
		if c.joined {
			c.send(lines...)
		}
	}
}

// Cut breaks every connection without a goodbye. What is said meanwhile is
// heard by nobody, and kept for Replay.
func (s *Server) Cut(meanwhile ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		_ = c.conn.Close()
		delete(s.clients, c)
	}
	s.say(meanwhile)
	s.mu.Changed()
}

// Reconnect asks everybody for a new connection.
func (s *Server) Reconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		c.send(":tmi.twitch.tv RECONNECT")
	}
}

// Ping asks everybody for a PONG.
func (s *Server) Ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		c.send("PING :tmi.twitch.tv")
	}
}

// WaitJoins returns when there were n joins since the start, or with an error
// that says how many when patience ends.
func (s *Server) WaitJoins(n int, patience time.Duration) error {
	return s.mu.Wait("joins", n, patience, func() int { return s.joins })
}

// WaitPongs returns when there were n PONGs since the start, or with an error
// that says how many when patience ends.
func (s *Server) WaitPongs(n int, patience time.Duration) error {
	return s.mu.Wait("pongs", n, patience, func() int { return s.pongs })
}

// WaitPings is the same for PINGs of clients.
func (s *Server) WaitPings(n int, patience time.Duration) error {
	return s.mu.Wait("pings", n, patience, func() int { return s.pings })
}
