// Package helixtest is Twitch's HTTP API on this machine, as far as acts in a chat
// need it: tokens with scopes, who moderates, messages that can be deleted, pinned,
// unpinned and answered, messages that AutoMod holds, people who can be muted and let
// speak again, and a limit on requests.
//
// What is so already is answered as Twitch answers it: a person who is banned, or is
// to be unbanned and is not, with 400, a message that is gone and one that is not the
// pinned one with 404, one that is pinned with 409, a held message that was decided with
// 400 and one that is not held, or no more, with 404.
//
// Locking: every method may be called from any goroutine.
package helixtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// A Token is what a token is good for.
type Token struct {
	User      string // its account's number
	Scopes    []string
	Moderates bool
}

// Everything are the scopes of a token that may do all.
var Everything = []string{"moderator:manage:banned_users", "moderator:manage:chat_messages", "moderator:manage:automod", "user:write:chat"}

// Options say who there is.
type Options struct {
	Channel string // the login of the only channel; its number is 7
	Tokens  map[string]Token
	Clock   func() time.Time // nil: time.Now
}

// Channel is the number of the channel.
const Channel = "7"

// ClientID is the application that every token was made for.
const ClientID = "client-of-the-tests"

// A Server is one channel.
type Server struct {
	o    Options
	http *httptest.Server

	mu       sync.Mutex
	messages map[string]bool // by id: there
	banned   map[string]ban
	pinned   string
	held     map[string]string // by id: what was decided, "" for nothing yet
	replies  []Reply
	asked    []string // methods and paths, in order
	left     int      // requests before the limit; below 0: no limit
	reset    time.Time
	faults   []Fault
}

// A ban is for how long, 0 for good, and when it ends.
type ban struct {
	length time.Duration
	end    time.Time
}

// A Reply is an answer that stands in the chat.
type Reply struct{ Parent, Text, By string }

// A Fault spoils one request.
type Fault struct {
	Path   string // only a request to it
	Status int    // answered; 0: the connection is cut
	Done   bool   // what was asked for is done all the same
}

// New starts a server on a free port of this machine.
func New(o Options) *Server {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	s := &Server{o: o, messages: map[string]bool{}, banned: map[string]ban{}, held: map[string]string{}, left: -1}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth2/validate", s.validate)
	mux.HandleFunc("GET /helix/users", s.users)
	mux.HandleFunc("POST /helix/moderation/bans", s.scoped("moderator:manage:banned_users", s.mute))
	mux.HandleFunc("DELETE /helix/moderation/bans", s.scoped("moderator:manage:banned_users", s.unban))
	mux.HandleFunc("DELETE /helix/moderation/chat", s.scoped("moderator:manage:chat_messages", s.remove))
	mux.HandleFunc("PUT /helix/chat/pins", s.scoped("moderator:manage:chat_messages", s.pin))
	mux.HandleFunc("DELETE /helix/chat/pins", s.scoped("moderator:manage:chat_messages", s.unpin))
	mux.HandleFunc("POST /helix/moderation/automod/message", s.scoped("moderator:manage:automod", s.decide))
	mux.HandleFunc("POST /helix/chat/messages", s.scoped("user:write:chat", s.reply))
	s.http = httptest.NewServer(s.spoiling(mux))
	return s
}

// URL is what answers in Twitch's place.
func (s *Server) URL() string { return s.http.URL }

// Close ends the server.
func (s *Server) Close() { s.http.Close() }

// Say puts messages into the chat, by their ids.
func (s *Server) Say(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.messages[id] = true
	}
}

// Hold has AutoMod hold messages, by their ids.
func (s *Server) Hold(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.held[id] = ""
	}
}

// Expire ends the time in which a held message can be decided.
func (s *Server) Expire(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, id)
}

// Decided is what was decided of a held message: ALLOW, DENY, or "" for nothing.
func (s *Server) Decided(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[id]
}

// Spoil spoils requests, the first fault the first that fits it.
func (s *Server) Spoil(f ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f...)
}

// Limit answers all but the next n requests with 429 until a time.
func (s *Server) Limit(n int, reset time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.reset = n, reset
}

// Revoke takes a token back.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.o.Tokens, token)
}

// Muted tells for how long somebody is muted, 0 for good.
func (s *Server) Muted(user string) (d time.Duration, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, is := s.ban(user)
	return b.length, is
}

// ban is the ban of somebody that is not over; s.mu is held.
func (s *Server) ban(user string) (ban, bool) {
	b, is := s.banned[user]
	return b, is && (b.length == 0 || s.o.Clock().Before(b.end))
}

// There tells whether a message stands in the chat.
func (s *Server) There(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages[id]
}

// Pinned is the message that is pinned.
func (s *Server) Pinned() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pinned
}

// Replies are the answers that stand in the chat.
func (s *Server) Replies() []Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.replies)
}

// Asked are the requests so far, like "POST /helix/moderation/bans".
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// spoiling counts requests, keeps the limit and spoils what is to be spoiled.
func (s *Server) spoiling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path)
		limited := s.left == 0 && s.o.Clock().Before(s.reset)
		if s.left > 0 {
			s.left--
		}
		reset := s.reset
		i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.Path == r.URL.Path })
		var fault *Fault
		if i >= 0 && !limited {
			f := s.faults[i]
			fault = &f
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		s.mu.Unlock()
		switch {
		case limited:
			w.Header().Set("Ratelimit-Limit", "800")
			w.Header().Set("Ratelimit-Remaining", "0")
			w.Header().Set("Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10))
			deny(w, http.StatusTooManyRequests, "Too many requests")
		case fault != nil:
			if fault.Done {
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			if fault.Status == 0 {
				panic(http.ErrAbortHandler)
			}
			deny(w, fault.Status, http.StatusText(fault.Status))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func deny(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]any{"error": http.StatusText(status), "status": status, "message": message})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if v != nil {
		_ = json.MarshalWrite(w, v)
	}
}

func (s *Server) token(r *http.Request, scheme string) (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	header := r.Header.Get("Authorization")
	if len(header) <= len(scheme) || header[:len(scheme)] != scheme {
		return Token{}, false
	}
	t, ok := s.o.Tokens[header[len(scheme):]]
	return t, ok
}

func (s *Server) validate(w http.ResponseWriter, r *http.Request) {
	t, ok := s.token(r, "OAuth ")
	if !ok {
		deny(w, http.StatusUnauthorized, "invalid access token")
		return
	}
	answer(w, http.StatusOK, map[string]any{"client_id": ClientID, "login": "user" + t.User, "user_id": t.User, "scopes": t.Scopes, "expires_in": 3600})
}

func (s *Server) users(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.token(r, "Bearer "); !ok {
		deny(w, http.StatusUnauthorized, "Invalid OAuth token")
		return
	}
	data := []any{}
	if r.URL.Query().Get("login") == s.o.Channel {
		data = append(data, map[string]any{"id": Channel, "login": s.o.Channel})
	}
	answer(w, http.StatusOK, map[string]any{"data": data})
}

// inBody are the scopes of what names who asks in the body, and not in the address.
var inBody = []string{"user:write:chat", "moderator:manage:automod"}

// scoped lets in whose token has the scope; of those who act as moderators also
// only who moderates.
func (s *Server) scoped(scope string, next func(http.ResponseWriter, *http.Request, Token)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, ok := s.token(r, "Bearer ")
		q := r.URL.Query()
		switch {
		case !ok:
			deny(w, http.StatusUnauthorized, "Invalid OAuth token")
		case r.Header.Get("Client-Id") != ClientID:
			deny(w, http.StatusUnauthorized, "Client ID and OAuth token do not match")
		case !slices.Contains(t.Scopes, scope):
			deny(w, http.StatusUnauthorized, "Missing scope: "+scope)
		case !slices.Contains(inBody, scope) && (q.Get("broadcaster_id") != Channel || q.Get("moderator_id") != t.User):
			deny(w, http.StatusBadRequest, "The ID in moderator_id must match the user ID in the access token")
		case scope != "user:write:chat" && !t.Moderates:
			deny(w, http.StatusForbidden, "User does not have permission to moderate the channel")
		default:
			next(w, r, t)
		}
	}
}

func (s *Server) mute(w http.ResponseWriter, r *http.Request, t Token) {
	var ask struct {
		Data struct {
			User     string `json:"user_id"`
			Duration int64  `json:"duration"`
		} `json:"data"`
	}
	if err := json.UnmarshalRead(r.Body, &ask); err != nil || ask.Data.User == "" || ask.Data.Duration < 0 || ask.Data.Duration > 1_209_600 {
		deny(w, http.StatusBadRequest, "The request is not valid")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, is := s.ban(ask.Data.User); is && b.length == 0 {
		deny(w, http.StatusBadRequest, "The user specified in the user_id field is already banned.")
		return
	}
	if ask.Data.User == Channel {
		deny(w, http.StatusBadRequest, "The user specified in the user_id field may not be banned/timed out.")
		return
	}
	d := time.Duration(ask.Data.Duration) * time.Second
	given := ban{d, s.o.Clock().Add(d)}
	s.banned[ask.Data.User] = given
	var end any
	if d > 0 {
		end = given.end.UTC().Format(time.RFC3339)
	}
	answer(w, http.StatusOK, map[string]any{"data": []any{map[string]any{
		"broadcaster_id": Channel, "moderator_id": t.User, "user_id": ask.Data.User, "created_at": s.o.Clock().UTC().Format(time.RFC3339), "end_time": end,
	}}})
}

func (s *Server) unban(w http.ResponseWriter, r *http.Request, _ Token) {
	user := r.URL.Query().Get("user_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	if user == "" {
		deny(w, http.StatusBadRequest, "The user_id query parameter is required.")
		return
	}
	if _, is := s.ban(user); !is {
		deny(w, http.StatusBadRequest, "The user in the user_id query parameter is not banned.")
		return
	}
	delete(s.banned, user)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request, _ Token) {
	id := r.URL.Query().Get("message_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || !s.messages[id] { // without an id Twitch would empty the whole chat
		deny(w, http.StatusNotFound, "The message specified in the message_id field does not exist.")
		return
	}
	delete(s.messages, id)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) pin(w http.ResponseWriter, r *http.Request, _ Token) {
	id := r.URL.Query().Get("message_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.messages[id]:
		deny(w, http.StatusNotFound, "The specified message was not found.")
	case s.pinned == id:
		deny(w, http.StatusConflict, "The message is already pinned.")
	default:
		s.pinned = id
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) unpin(w http.ResponseWriter, r *http.Request, _ Token) {
	id := r.URL.Query().Get("message_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case id == "":
		deny(w, http.StatusBadRequest, "The message_id query parameter is required.")
	case s.pinned != id:
		deny(w, http.StatusNotFound, "The specified pinned message was not found.")
	default:
		s.pinned = ""
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) decide(w http.ResponseWriter, r *http.Request, t Token) {
	var ask struct {
		User    string `json:"user_id"`
		Message string `json:"msg_id"`
		Action  string `json:"action"`
	}
	err := json.UnmarshalRead(r.Body, &ask)
	s.mu.Lock()
	defer s.mu.Unlock()
	decided, held := s.held[ask.Message]
	switch {
	case err != nil || ask.Message == "" || ask.User == "":
		deny(w, http.StatusBadRequest, "The msg_id field is required.")
	case ask.Action != "ALLOW" && ask.Action != "DENY":
		deny(w, http.StatusBadRequest, "The value in the action field is not valid.")
	case ask.User != t.User:
		deny(w, http.StatusUnauthorized, "The ID in user_id must match the user ID in the user access token.")
	case !held:
		deny(w, http.StatusNotFound, "The message specified in the msg_id field was not found.")
	case decided != "":
		deny(w, http.StatusBadRequest, "The message was already processed.")
	default:
		s.held[ask.Message] = ask.Action
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) reply(w http.ResponseWriter, r *http.Request, t Token) {
	var ask struct {
		Broadcaster string `json:"broadcaster_id"`
		Sender      string `json:"sender_id"`
		Message     string `json:"message"`
		Parent      string `json:"reply_parent_message_id"`
	}
	if err := json.UnmarshalRead(r.Body, &ask); err != nil || ask.Broadcaster != Channel || ask.Sender != t.User || len([]rune(ask.Message)) > 500 {
		deny(w, http.StatusBadRequest, "The request is not valid")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.replies); n > 0 && s.replies[n-1].Text == ask.Message {
		answer(w, http.StatusOK, map[string]any{"data": []any{map[string]any{"message_id": "", "is_sent": false, "drop_reason": map[string]any{
			"code": "msg_duplicate", "message": "Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.",
		}}}})
		return
	}
	s.replies = append(s.replies, Reply{Parent: ask.Parent, Text: ask.Message, By: t.User})
	answer(w, http.StatusOK, map[string]any{"data": []any{map[string]any{"message_id": fmt.Sprintf("reply-%d", len(s.replies)), "is_sent": true}}})
}
