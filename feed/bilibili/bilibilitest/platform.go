package bilibilitest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
)

// PlatformOptions say who may start sessions, and of which room.
type PlatformOptions struct {
	Key, Secret string
	AppID       int64
	Code        string
	RoomID      int64
}

// Anchor is the open_id of the host.
const Anchor = "9007199254740991000"

// A Platform is the part of open-live that starts, keeps up and ends sessions. It
// checks every signature, refuses a nonce that it has seen, and lets nobody into
// the socket whose session is over.
type Platform struct {
	o      PlatformOptions
	http   *httptest.Server
	Socket *Server

	mu     sync.Mutex
	nonces map[string]bool
	games  int
	open   string // the game that is open; "" : none
	beats  int
	log    []string
}

// NewPlatform starts a platform with the socket of its room.
func NewPlatform(o PlatformOptions) *Platform {
	p := &Platform{o: o, Socket: New(Options{}), nonces: map[string]bool{}}
	p.http = httptest.NewServer(http.HandlerFunc(p.serve))
	return p
}

// URL is where sessions are started.
func (p *Platform) URL() string { return p.http.URL }

// Close ends the platform and its socket.
func (p *Platform) Close() {
	p.http.Close()
	p.Socket.Close()
}

// Log lists what was asked: "start g1", "end g1", "refused 4002"; beats are counted.
func (p *Platform) Log() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.log)
}

// Beats counts the heartbeats of sessions.
func (p *Platform) Beats() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.beats
}

// End ends the open session as the platform does: it tells the socket, and knows
// the session no more.
func (p *Platform) End() error {
	p.mu.Lock()
	game := p.open
	p.open = ""
	p.Socket.admit("")
	p.mu.Unlock()
	return p.Socket.Say(Plain, fmt.Sprintf(`{"cmd":"LIVE_OPEN_PLATFORM_INTERACTION_END","data":{"game_id":%q,"timestamp":1790000000}}`, game))
}

func (p *Platform) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.signed(r.Header, body) {
		p.answer(w, 4002, nil)
		return
	}
	var ask struct {
		Code  string `json:"code"`
		AppID int64  `json:"app_id"`
		Game  string `json:"game_id"`
	}
	if err := json.Unmarshal(body, &ask); err != nil {
		p.answer(w, 4000, nil)
		return
	}
	switch what := strings.TrimPrefix(r.URL.Path, "/v2/app/"); {
	case what == "start" && ask.Code == p.o.Code && ask.AppID == p.o.AppID:
		p.games++
		p.open = "g" + strconv.Itoa(p.games)
		auth := fmt.Sprintf(`{"roomid":%d,"protover":2,"uid":1,"key":%q,"group":"open"}`, p.o.RoomID, p.open)
		p.Socket.admit(auth)
		p.log = append(p.log, "start "+p.open)
		p.answer(w, 0, map[string]any{
			"game_info":      map[string]any{"game_id": p.open},
			"websocket_info": map[string]any{"auth_body": auth, "wss_link": []string{p.Socket.URL()}},
			"anchor_info":    map[string]any{"room_id": p.o.RoomID, "uid": 0, "open_id": Anchor},
		})
	case what == "start":
		p.answer(w, 7007, nil)
	case ask.Game == "" || ask.Game != p.open:
		p.answer(w, 7003, nil)
	case what == "heartbeat":
		p.beats++
		p.answer(w, 0, map[string]any{})
	case what == "end" && ask.AppID == p.o.AppID:
		p.log = append(p.log, "end "+p.open)
		p.open = ""
		p.answer(w, 0, nil)
	default:
		p.answer(w, 4000, nil)
	}
}

// signed checks the six headers, in their order, against the secret.
func (p *Platform) signed(h http.Header, body []byte) bool {
	sum := md5.Sum(body)
	nonce := h.Get("x-bili-signature-nonce")
	if h.Get("x-bili-accesskeyid") != p.o.Key || h.Get("x-bili-content-md5") != hex.EncodeToString(sum[:]) || nonce == "" || p.nonces[nonce] {
		return false
	}
	p.nonces[nonce] = true
	var lines []string
	for _, name := range []string{"accesskeyid", "content-md5", "signature-method", "signature-nonce", "signature-version", "timestamp"} {
		lines = append(lines, "x-bili-"+name+":"+h.Get("x-bili-"+name))
	}
	mac := hmac.New(sha256.New, []byte(p.o.Secret))
	_, _ = io.WriteString(mac, strings.Join(lines, "\n"))
	return h.Get("Authorization") == hex.EncodeToString(mac.Sum(nil))
}

func (p *Platform) answer(w http.ResponseWriter, code int, data any) {
	if code != 0 {
		p.log = append(p.log, "refused "+strconv.Itoa(code))
	}
	b, err := json.Marshal(map[string]any{"code": code, "message": "", "data": data})
	if err == nil {
		_, _ = w.Write(b)
	}
}

// admit changes the body by which the socket lets people in.
func (s *Server) admit(authBody string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.AuthBody = authBody
}
