// Package barrage reads the relays that tell of a Douyin live room: both
// dialects of BarrageGrab, the page of dycast, douyinLive and f2.
//
// The shape of a frame says which of them wrote it, since two BarrageGrab tools
// listen on the same port with the same numbers for different things. Text and
// binary frames are read alike.
//
// Delivery: every message becomes its event, or a refusal that says why. Viewer
// counts and rankings are left out, what closes a gift's combo is not counted
// again, and a message told twice is given once per connection.
//
// Ordering: as sent. BarrageGrab and dycast tell no time: their events are at
// the time of arrival.
//
// Replay: none of the relays can.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package barrage

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Where the relays listen unless they are told otherwise.
const (
	DefaultURL           = "ws://127.0.0.1:8888"
	DefaultDouyinLiveURL = "ws://127.0.0.1:1088/ws/"
)

// pingEvery keeps a douyinLive connection from being taken for dead.
const pingEvery = 30 * time.Second

// maxMessages bounds what one frame may hold; dycast sends some tens.
const maxMessages = 4096

// A Protocol reads one relay.
type Protocol struct {
	name string
	req  feed.Request
	ping bool
}

// New reads a BarrageGrab, or with a dycast page that dialled in its frames.
// Nothing is ever written to it: BarrageGrab obeys what it is sent, {"Cmd":1}
// for one ends the program. An empty url means DefaultURL.
func New(url string) *Protocol {
	if url == "" {
		url = DefaultURL
	}
	return &Protocol{name: "barrage", req: feed.Request{URL: url}}
}

// NewDouyinLive reads one room of a douyinLive. key is what the tool was
// started with, "" if with none. An empty url means DefaultDouyinLiveURL with
// the room's id.
func NewDouyinLive(url, liveID, key string) (*Protocol, error) {
	if url == "" {
		if liveID == "" || strings.ContainsFunc(liveID, func(r rune) bool { return !isIDRune(r) }) {
			return nil, fmt.Errorf("douyinlive room %s: expected the number or name at the end of live.douyin.com/…", wire.Quote(liveID))
		}
		url = DefaultDouyinLiveURL + liveID
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("douyinlive key: expected letters and digits without blanks")
	}
	p := &Protocol{name: "douyinlive", req: feed.Request{URL: url}, ping: true}
	if key != "" {
		p.req.Header = http.Header{"Authorization": {"Bearer " + key}}
	}
	return p, nil
}

func isIDRune(r rune) bool {
	return r == '_' || r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// Name is "barrage" or "douyinlive".
func (p *Protocol) Name() string { return p.name }

// String never shows the key.
func (p *Protocol) String() string { return p.name + " " + p.req.URL }

// GoString never shows the key.
func (p *Protocol) GoString() string { return p.String() }

// Request tells where to connect; no relay can go on after a place.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	r := p.req
	r.Header = r.Header.Clone()
	return r, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session {
	return &session{ping: p.ping}
}

type session struct {
	ping   bool
	room   string // what dycast told in its first frame
	recent wire.Recent
	combos combos
	seq    int64
}

// Hello is nothing: every relay begins by itself.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is what douyinLive answers with "pong"; to the others nothing.
func (s *session) Heartbeat() (time.Duration, feed.Frame) {
	if !s.ping {
		return 0, feed.Frame{}
	}
	return pingEvery, feed.Frame{Data: []byte("ping")}
}

// A reading is the work on one frame.
type reading struct {
	s    *session
	d    feed.Decoded
	recv time.Time
}

// Decode reads one frame.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	r := &reading{s: s, recv: recv}
	data := bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
	if err := r.frame(bytes.Clone(data)); err != nil {
		r.refuse(err)
	}
	return r.d
}

func (r *reading) refuse(err error) {
	r.d.Refused = append(r.d.Refused, fmt.Errorf("barrage: %w", err))
}

// A shape is the members that tell one relay's frames from another's.
type shape struct {
	Type    jsontext.Value `json:"Type"`
	Data    jsontext.Value `json:"Data"`
	Event   string         `json:"event"`
	Method  string         `json:"method"`
	Common  jsontext.Value `json:"common"`
	RoomNum jsontext.Value `json:"roomNum"`
}

func (r *reading) frame(data []byte) error {
	switch trimmed := bytes.TrimSpace(data); {
	case string(trimmed) == "pong" || string(trimmed) == "ping":
		return nil
	case len(trimmed) > 0 && trimmed[0] == '[':
		return r.array(trimmed)
	default:
		return r.object(trimmed)
	}
}

// array reads what dycast and f2 send: several messages, each as if alone.
func (r *reading) array(data []byte) error {
	var list []jsontext.Value
	if err := json.Unmarshal(data, &list, wire.Options); err != nil {
		return fmt.Errorf("no JSON: %w", wire.Clean(err))
	}
	for i, v := range list {
		if i == maxMessages {
			return fmt.Errorf("a frame with more than %d messages", maxMessages)
		}
		if err := r.object(v); err != nil {
			r.refuse(fmt.Errorf("message %d: %w", i+1, err))
		}
	}
	return nil
}

func (r *reading) object(data jsontext.Value) error {
	var s shape
	if err := json.Unmarshal(data, &s, wire.Options); err != nil {
		return fmt.Errorf("no JSON message: %w", wire.Clean(err))
	}
	var err error
	switch {
	case s.Data.Kind() == '"':
		err = r.grab(dialectA, s, data)
	case s.Data.Kind() == '{':
		err = r.grab(dialectB, s, data)
	case s.Event == "live_status":
		err = r.liveStatus(data)
	case s.Common.Kind() == '{':
		err = r.webcast(s, data)
	case s.Method != "":
		err = r.dycast(s.Method, data)
	case s.RoomNum != nil:
		err = r.dycastRoom(data)
	default:
		err = errors.New("a message of no relay known here")
	}
	return err
}

// add completes an event and keeps it, unless it was told before.
func (r *reading) add(e feed.Event, raw []byte) {
	e.Recv, e.Raw = r.recv, raw
	if e.At.IsZero() {
		e.At = r.recv
	}
	if e.Room == "" {
		e.Room = r.s.room
	}
	if e.ID == "" {
		r.s.seq++
		e.ID = wire.ContentID(string(e.Kind), e.User.ID, strconv.FormatInt(r.recv.UnixNano(), 10), strconv.FormatInt(r.s.seq, 10))
	}
	if !r.s.recent.Seen(e.ID) {
		r.d.Events = append(r.d.Events, e)
	}
}

func giftText(name string, id wire.Scalar, n int64) string {
	if name == "" {
		name = "gift " + string(id)
	}
	return fmt.Sprintf("%s x%d", name, n)
}
