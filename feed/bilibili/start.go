package bilibili

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// DefaultAPI is where open-live sessions are started.
const DefaultAPI = "https://live-open.biliapi.com"

const (
	// A session that is not told of for longer is ended by the platform.
	beatEvery  = 20 * time.Second
	callWithin = 10 * time.Second
	maxAnswer  = 1 << 20
)

// Codes by which the platform says that a session is over.
const (
	codeNoSession    = 7000
	codeSessionOver  = 7003
	codeWrongSign    = 4002
	codeWrongProject = 4001
)

// OpenOptions say which room is read, and as which project of a developer.
type OpenOptions struct {
	Key, Secret string // of the developer's account
	AppID       int64
	Code        string // the streamer's 身份码, which lets the project in
	// RoomID is the room that the code must belong to.
	RoomID int64

	API    string           // "" means DefaultAPI
	Client *http.Client     // nil: a client of its own
	Clock  func() time.Time // nil: time.Now
	Beat   time.Duration    // 0: every 20 s
}

// An OpenLive reads a room through the official way: it starts a session, keeps
// it up with the platform while the source runs, and ends it, since a session
// left open keeps the room from being opened again for a while. What runs at the
// platform outlives a connection: a reconnect enters the same session, unless
// the platform ended it.
type OpenLive struct {
	o      OpenOptions
	client http.Client

	mu    sync.Mutex
	show  *show // nil: none is open
	links int   // of the session, taken in turn
}

// A show is one session at the platform.
type show struct {
	p     *Protocol
	id    string // "" when the platform wants no heartbeat
	links []string
	over  bool // the platform ended it
	stop  context.CancelFunc
	done  chan struct{}
}

// NewOpenLive checks the options. Its errors name the option and what is expected.
func NewOpenLive(o OpenOptions) (*OpenLive, error) {
	switch {
	case o.Key == "" || o.Secret == "":
		return nil, errors.New("bilibili open-live needs app_key and, in token, the secret of the developer's account")
	case o.AppID <= 0:
		return nil, errors.New("bilibili open-live needs app_id, the project's number")
	case o.Code == "":
		return nil, errors.New("bilibili open-live needs code, the streamer's 身份码")
	case o.RoomID <= 0:
		return nil, errors.New("bilibili open-live needs room_id, the real number of the room that the code is for")
	}
	if o.API == "" {
		o.API = DefaultAPI
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Beat == 0 {
		o.Beat = beatEvery
	}
	p := &OpenLive{o: o}
	if o.Client != nil {
		p.client = *o.Client
	}
	p.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return p, nil
}

// Name is "bilibili".
func (p *OpenLive) Name() string { return "bilibili" }

// Source is the name of this room as a source of events.
func (p *OpenLive) Source() string { return "bilibili:" + strconv.FormatInt(p.o.RoomID, 10) }

// String never shows a secret.
func (p *OpenLive) String() string { return p.Source() }

// GoString never shows a secret.
func (p *OpenLive) GoString() string { return p.Source() }

// Request refuses: each connection needs a session, see Open.
func (p *OpenLive) Request(feed.Position) (feed.Request, error) {
	return feed.Request{}, errors.New("bilibili: a connection needs an open-live session: open one")
}

// Open starts a session where none is open, and names the next of its sockets.
func (p *OpenLive) Open(ctx context.Context, _ feed.Position) (feed.Request, error) {
	p.mu.Lock()
	s := p.show
	p.mu.Unlock()
	if s == nil || s.ended(p) {
		if s != nil {
			s.rest()
		}
		var err error
		if s, err = p.start(ctx); err != nil {
			return feed.Request{}, fmt.Errorf("start an open-live session: %w", err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.show = s
	link := s.links[p.links%len(s.links)]
	p.links++
	return feed.Request{URL: link}, nil
}

func (s *show) ended(p *OpenLive) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return s.over
}

// rest stops telling the platform that the session is in use.
func (s *show) rest() {
	s.stop()
	<-s.done
}

// start opens a session at the platform and begins to keep it up.
func (p *OpenLive) start(ctx context.Context) (*show, error) {
	var a struct {
		Game struct {
			ID string `json:"game_id"`
		} `json:"game_info"`
		Socket struct {
			Auth  string   `json:"auth_body"`
			Links []string `json:"wss_link"`
		} `json:"websocket_info"`
		Anchor struct {
			RoomID wire.Scalar `json:"room_id"`
			OpenID wire.Scalar `json:"open_id"`
		} `json:"anchor_info"`
	}
	err := p.call(ctx, "start", struct {
		Code  string `json:"code"`
		AppID int64  `json:"app_id"`
	}{p.o.Code, p.o.AppID}, &a)
	var no *answerError
	if errors.As(err, &no) && (no.code == codeWrongSign || no.code == codeWrongProject) {
		return nil, &feed.DeniedError{Reason: fmt.Sprintf("%v: check app_key, token and app_id", err)}
	}
	if err != nil {
		return nil, err
	}
	s := &show{id: a.Game.ID, links: a.Socket.Links, done: make(chan struct{})}
	if room := a.Anchor.RoomID.Int(); room != 0 && room != p.o.RoomID {
		_ = p.end(ctx, s.id)
		return nil, &feed.DeniedError{Reason: fmt.Sprintf("the code belongs to room %d and not to room_id %d: mend one of them", room, p.o.RoomID)}
	}
	if len(s.links) == 0 || a.Socket.Auth == "" {
		_ = p.end(ctx, s.id)
		return nil, errors.New("the answer names no websocket")
	}
	if s.p, err = New(Options{URL: s.links[0], RoomID: p.o.RoomID, AuthBody: a.Socket.Auth, Anchor: wire.FirstID(a.Anchor.OpenID)}); err != nil {
		_ = p.end(ctx, s.id)
		return nil, err
	}
	var beating context.Context
	// The session outlives the attempt that opened it: Close ends it.
	beating, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	go p.keep(beating, s)
	return s, nil
}

// Check asks the platform whether it knows the developer's key and this machine's
// clock, by telling of a session that there is none of. It opens and ends nothing.
func (p *OpenLive) Check(ctx context.Context) error {
	err := p.call(ctx, "heartbeat", struct {
		ID string `json:"game_id"`
	}{"00000000-0000-0000-0000-000000000000"}, nil)
	var no *answerError
	if errors.As(err, &no) {
		switch no.code {
		case codeNoSession, codeSessionOver:
			return nil
		case codeWrongSign, codeWrongProject:
			return &feed.DeniedError{Reason: fmt.Sprintf("%v: check app_key, token and app_id", err)}
		}
	}
	return err
}

// keep tells the platform that the session is in use, until it is stopped or the
// platform says that it is over. A beat that got lost is made up for by the next.
func (p *OpenLive) keep(ctx context.Context, s *show) {
	defer close(s.done)
	if s.id == "" {
		return
	}
	beat := time.NewTicker(p.o.Beat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
		err := p.call(ctx, "heartbeat", struct {
			ID string `json:"game_id"`
		}{s.id}, nil)
		var no *answerError
		if errors.As(err, &no) && (no.code == codeNoSession || no.code == codeSessionOver) {
			p.lost(s)
			return
		}
	}
}

// lost notes that the platform ended a session.
func (p *OpenLive) lost(s *show) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.over = true
}

// Close ends the session at the platform.
func (p *OpenLive) Close(ctx context.Context) error {
	p.mu.Lock()
	s := p.show
	p.show = nil
	p.mu.Unlock()
	if s == nil {
		return nil
	}
	s.rest()
	if s.ended(p) {
		return nil
	}
	return p.end(ctx, s.id)
}

func (p *OpenLive) end(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	err := p.call(ctx, "end", struct {
		AppID int64  `json:"app_id"`
		ID    string `json:"game_id"`
	}{p.o.AppID, id}, nil)
	if err != nil {
		return fmt.Errorf("end the open-live session, which keeps the room for a while now: %w", err)
	}
	return nil
}

// An answerError is a code of the platform other than 0.
type answerError struct {
	code    int64
	message string
}

func (e *answerError) Error() string {
	return fmt.Sprintf("the platform answered code %d %s", e.code, wire.Quote(e.message))
}

// call posts one signed message and reads the answer's data into v, nil for none.
func (p *OpenLive) call(ctx context.Context, what string, body, v any) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write the message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.API+"/v2/app/"+what, bytes.NewReader(b))
	if err != nil {
		return wire.Clean(err)
	}
	signOpen(req.Header, b, p.o.Key, p.o.Secret, rand.Text(), p.o.Clock())
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the platform answered HTTP %d", resp.StatusCode)
	}
	var a struct {
		Code    int64          `json:"code"`
		Message string         `json:"message"`
		Data    jsontext.Value `json:"data"`
	}
	if err := json.Unmarshal(answer, &a, wire.Options); err != nil {
		return fmt.Errorf("the answer is no JSON: %w", wire.Clean(err))
	}
	if a.Code != 0 {
		return &answerError{a.Code, a.Message}
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(a.Data, v, wire.Options); err != nil {
		return fmt.Errorf("the answer's data cannot be read: %w", wire.Clean(err))
	}
	return nil
}

// signOpen signs a message: the headers in this order, as lines of name:value.
func signOpen(h http.Header, body []byte, key, secret, nonce string, now time.Time) {
	sum := md5.Sum(body)
	signed := [][2]string{
		{"x-bili-accesskeyid", key},
		{"x-bili-content-md5", hex.EncodeToString(sum[:])},
		{"x-bili-signature-method", "HMAC-SHA256"},
		{"x-bili-signature-nonce", nonce},
		{"x-bili-signature-version", "1.0"},
		{"x-bili-timestamp", strconv.FormatInt(now.Unix(), 10)},
	}
	var lines []string
	for _, s := range signed {
		h.Set(s[0], s[1])
		lines = append(lines, s[0]+":"+s[1])
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(strings.Join(lines, "\n")))
	h.Set("Authorization", hex.EncodeToString(mac.Sum(nil)))
	h.Set("Accept", "application/json")
	h.Set("Content-Type", "application/json")
}

// NewSession starts one connection's decoder, in the session that Open named.
func (p *OpenLive) NewSession(pos feed.Position) feed.Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &openSession{Session: p.show.p.NewSession(pos), p: p, show: p.show}
}

// An openSession starts anew where a session with a given auth_body would end.
type openSession struct {
	feed.Session
	p    *OpenLive
	show *show
}

// Unwrap is the decoder beneath.
func (s *openSession) Unwrap() feed.Session { return s.Session }

// Decode reads one message.
func (s *openSession) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	d := s.Session.Decode(f, recv)
	if d.Fatal != nil {
		s.p.lost(s.show)
		d.Fatal, d.Redial = nil, true
	}
	return d
}
