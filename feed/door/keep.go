package door

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"liveroom/feed/webhook"
)

// repeatsKept is how often a post that comes again within postWindow is handed on:
// platforms post again some eight times, and who got hold of one post can without end.
const repeatsKept = 16

// A Post is what somebody posted who knows the shop's secret, and what he was answered.
type Post struct {
	Platform string
	Method   string
	Path     string            // without the query
	Headers  map[string]string // those that webhook.Telling lets be kept
	Body     []byte
	Plain    string    // what the body decrypts to, where the platform encrypts
	At       time.Time // when it was taken in: of its events the time of arrival
	Reply    webhook.Reply
	Answered time.Time
}

// unread is the answer to a post that is signed and not understood.
var unread = webhook.Reply{Status: http.StatusBadRequest, Type: "text/plain; charset=utf-8", Body: "The post could not be understood.\n"}

// keepIn is how long a post that is about to be answered well may take to be kept
// beyond answerIn: platforms wait five seconds.
const keepIn = time.Second

// A verdict is how a post is answered: what is kept of it says the same as what is told.
type verdict struct{ v atomic.Int32 }

const (
	answeredWell int32 = iota + 1
	answeredLate
)

// is decides for v where nothing is decided, and tells whether that is what is.
func (a *verdict) is(v int32) bool { return a.v.CompareAndSwap(0, v) || a.v.Load() == v }

// post is r as it may be kept.
func (h *hook) post(r *http.Request, body []byte, reply webhook.Reply) *Post {
	p := &Post{Platform: h.Platform, Method: r.Method, Path: r.URL.Path, Body: body, Reply: reply}
	if h.Keep != nil {
		p.Headers, p.Plain = webhook.Telling(h.Platform, r.Header, h.Secret), webhook.Plain(h.Platform, body, h.Secret)
	}
	return p
}

// keep hands a post on before it is answered. It is its turn.
func (h *hook) keep(a *verdict, mark [sha256.Size]byte, p *Post) error {
	name := string(mark[:])
	if h.Keep == nil || h.kept.shut(name) > 0 {
		return nil
	}
	p.Answered = h.door.cfg.Clock()
	if !a.is(answeredWell) { // it took too long, and that was the answer
		p.Reply = webhook.Reply{Status: http.StatusServiceUnavailable, Type: unread.Type, Body: again + "\n"}
	}
	if err := h.Keep(*p); err != nil {
		return fmt.Errorf("keep a post: %w", err)
	}
	h.kept.note(name)
	return nil
}

// keepUnread hands on a post that came to nothing.
func (h *hook) keepUnread(p *Post) error {
	if h.Keep == nil {
		return nil
	}
	if !h.door.posts.enter() {
		return errShut
	}
	return h.inTurn(func(_ context.Context, a *verdict) error {
		p.At = h.door.cfg.Clock()
		return h.watched(func() error { return h.keep(a, markOf(nil, p.Body), p) })
	})
}

// answer says r as it is.
func answer(w http.ResponseWriter, r webhook.Reply) {
	if r.Status != http.StatusOK {
		refuse(w, r.Status, strings.TrimSuffix(r.Body, "\n"))
		return
	}
	w.Header().Set("Content-Type", r.Type)
	w.WriteHeader(r.Status)
	_, _ = w.Write([]byte(r.Body))
}
