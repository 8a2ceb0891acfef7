// Package bilibili reads a Bilibili live room: the web danmaku socket and the
// official open-live socket, which share their packets.
//
// Delivery: every command in a message becomes its events. Commands that repeat
// what another one tells (combo totals, translations, list prices) come to
// nothing on purpose; counters pass at most once in counterEvery each. A packet
// that cannot be read, and a command not known here, stand in Decoded.Refused,
// so that a new command of the platform is counted and not taken for silence.
//
// Ordering: as sent, which is by time only roughly. An event that stands in one
// message twice is given once.
//
// Replay: none. Events carry no offset; their IDs are the platform's own where
// it gives one.
//
// Limits: one message may inflate to 16 MiB, nest compression twice and hold
// 4,096 packets and as many events. A compressed part that fails is dropped
// whole, so that no half of it counts.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package bilibili

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// heartbeatEvery is half of the time after which the server drops a client.
const heartbeatEvery = 30 * time.Second

// heartbeatBody is what the platform's own web client sends.
const heartbeatBody = "[object Object]"

// Options say which room is read and how the socket is entered: with Token
// through the web socket, or with AuthBody through open-live. Neither is needed
// to read recorded frames.
type Options struct {
	// URL is the socket's address, such as wss://HOST:PORT/sub.
	URL string
	// RoomID is the real room number, not the short one of the address bar.
	// With AuthBody it may be 0; the room then is the one named there.
	RoomID int64

	// Token is the key of the web socket. UID 0 is a guest, to whom the platform
	// shows masked names and fewer messages. Buvid is the browser's cookie buvid3.
	Token string
	UID   int64
	Buvid string

	// AuthBody is the auth_body that starting an open-live session returned. It
	// is sent as it is.
	AuthBody string
	// Anchor is the host's open_id, as the same answer tells it; "" marks nobody.
	Anchor string
}

// A Protocol reads one room.
type Protocol struct {
	url    string
	room   string // "" when only recorded frames are read
	source string
	anchor string // the host's open_id; "": not told
	auth   []byte // the body of the first packet; nil when there is nothing to enter with
	open   bool
}

// New checks the options. Its errors name the option and what is expected.
func New(o Options) (*Protocol, error) {
	if o.Token != "" && o.AuthBody != "" {
		return nil, errors.New("bilibili: token is for the web socket and auth_body for open-live; set one of them")
	}
	if o.RoomID < 0 {
		return nil, fmt.Errorf("bilibili room_id %d: expected the real room number, above 0", o.RoomID)
	}
	p := &Protocol{url: o.URL, anchor: o.Anchor}
	switch {
	case o.AuthBody != "":
		var body struct {
			RoomID wire.Scalar `json:"roomid"`
		}
		if err := json.Unmarshal([]byte(o.AuthBody), &body); err != nil {
			return nil, errors.New("bilibili auth_body: expected the JSON object that the open-live start returned, unchanged")
		}
		if o.RoomID == 0 {
			o.RoomID = body.RoomID.Int()
		}
		if o.RoomID <= 0 {
			return nil, errors.New("bilibili auth_body names no room: set room_id too")
		}
		p.auth, p.open = []byte(o.AuthBody), true
	case o.Token != "":
		if o.RoomID == 0 {
			return nil, errors.New("bilibili: a token needs room_id, the real room number")
		}
		auth, err := webAuth(o)
		if err != nil {
			return nil, fmt.Errorf("bilibili: write the web login: %w", err)
		}
		p.auth = auth
	}
	if o.RoomID != 0 {
		p.room = strconv.FormatInt(o.RoomID, 10)
	}
	p.source = "bilibili:" + p.room
	return p, nil
}

// webAuth is the body of the web socket's first packet, members in the order
// the platform's own client writes them.
func webAuth(o Options) ([]byte, error) {
	return json.Marshal(struct {
		UID      int64  `json:"uid"`
		RoomID   int64  `json:"roomid"`
		Protover int    `json:"protover"`
		Buvid    string `json:"buvid"`
		Platform string `json:"platform"`
		Type     int    `json:"type"`
		Key      string `json:"key"`
	}{o.UID, o.RoomID, 3, o.Buvid, "web", 2, o.Token})
}

// Name is "bilibili", for both sockets.
func (p *Protocol) Name() string { return "bilibili" }

// Source is the name of this room as a source of events.
func (p *Protocol) Source() string { return p.source }

// String never shows the token or the auth body.
func (p *Protocol) String() string { return p.source }

// GoString never shows the token or the auth body.
func (p *Protocol) GoString() string { return p.source }

// Request tells where to connect; the place makes no difference, since the
// platform cannot go on after one.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	if p.url == "" {
		return feed.Request{}, errors.New("bilibili: no url; set it to the socket's address, such as wss://HOST:443/sub")
	}
	if p.auth == nil {
		return feed.Request{}, errors.New("bilibili: nothing to enter with; set token (web) or auth_body (open-live)")
	}
	return feed.Request{URL: p.url}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session {
	return &session{p: p, counted: map[string]time.Time{}}
}
