// Package tikfinity reads what TikFinity, a relay on this machine, tells of a
// TikTok live room.
//
// Delivery: every frame is one JSON object and becomes at most one event, or a
// refusal that says why. A gift streak is told when it ends, viewer counts are
// left out, and a message that TikFinity tells twice (social, then follow or
// share, with one msgId) is given once.
//
// Ordering: as sent, which is by TikTok's time only roughly.
//
// Replay: after a reconnect TikTok repeats recent messages; their msgId is the
// event's ID, so each is kept once. How far they reach back is not told.
//
// Locking: a Protocol may be shared; a Session belongs to one goroutine.
package tikfinity

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// DefaultURL is where the desktop program listens.
const DefaultURL = "ws://127.0.0.1:21213/"

// Options say where the program listens.
type Options struct {
	URL string // empty means DefaultURL
}

// A Protocol reads one program.
type Protocol struct{ url string }

// New makes the protocol of the program at o.URL.
func New(o Options) *Protocol {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	return &Protocol{url: o.URL}
}

// Name is "tikfinity".
func (p *Protocol) Name() string { return "tikfinity" }

// Request tells where to connect; the program cannot go on after a place.
func (p *Protocol) Request(feed.Position) (feed.Request, error) {
	return feed.Request{URL: p.url}, nil
}

// NewSession starts one connection's decoder.
func (p *Protocol) NewSession(feed.Position) feed.Session { return &session{} }

type session struct {
	recent wire.Recent
	seq    int64
}

// Hello is nothing: the program only talks.
func (s *session) Hello() []feed.Frame { return nil }

// Heartbeat is nothing: the program only talks.
func (s *session) Heartbeat() (time.Duration, feed.Frame) { return 0, feed.Frame{} }

// A message is the data of every event; each fills in a part. Numbers inside
// monitorExtra are rounded by JavaScript, so nothing is taken from there.
type message struct {
	MsgID       wire.Scalar `json:"msgId"`
	CreateTime  wire.Scalar `json:"createTime"`
	Timestamp   wire.Scalar `json:"timestamp"`
	UserID      wire.Scalar `json:"userId"`
	UniqueID    wire.Scalar `json:"uniqueId"`
	Nickname    wire.Scalar `json:"nickname"`
	IsModerator wire.Scalar `json:"isModerator"`
	DisplayType wire.Scalar `json:"displayType"`

	Comment     wire.Scalar `json:"comment"`
	Question    wire.Scalar `json:"questionText"`
	Description wire.Scalar `json:"description"`

	GiftID      wire.Scalar `json:"giftId"`
	GiftName    wire.Scalar `json:"giftName"`
	GiftType    wire.Scalar `json:"giftType"`
	RepeatCount wire.Scalar `json:"repeatCount"`
	RepeatEnd   wire.Scalar `json:"repeatEnd"`

	LikeCount wire.Scalar `json:"likeCount"`
	Coins     wire.Scalar `json:"coins"`
	SubMonth  wire.Scalar `json:"subMonth"`
}

// Decode reads one frame.
func (s *session) Decode(f feed.Frame, recv time.Time) feed.Decoded {
	var d feed.Decoded
	e, told, err := s.event(f.Data, recv)
	switch {
	case err != nil:
		d.Refused = append(d.Refused, fmt.Errorf("tikfinity: %w", err))
	case told && !s.recent.Seen(e.ID):
		e.Raw = bytes.Clone(f.Data)
		d.Events = append(d.Events, e)
	}
	return d
}

// event reads a frame; told is false for what is left out on purpose.
func (s *session) event(data []byte, recv time.Time) (e feed.Event, told bool, err error) {
	var frame struct {
		Event string         `json:"event"`
		Data  jsontext.Value `json:"data"`
	}
	if err := json.Unmarshal(data, &frame, wire.Options); err != nil {
		return e, false, fmt.Errorf("no JSON message: %w", wire.Clean(err))
	}
	if frame.Event == "" {
		return e, false, errors.New("the message names no event")
	}
	var m message
	if len(frame.Data) > 0 && frame.Data.Kind() != 'n' {
		if err := json.Unmarshal(frame.Data, &m, wire.Options); err != nil {
			return e, false, fmt.Errorf("data of %s: %w", wire.Quote(frame.Event), wire.Clean(err))
		}
	}
	e = feed.Event{
		Kind: feed.KindSystem, ID: wire.FirstID(m.MsgID), Recv: recv, User: person(m),
		At: wire.FirstTime(wire.Guess(m.CreateTime), wire.Guess(m.Timestamp), recv),
	}
	told, err = fill(&e, frame.Event, m)
	if told && e.ID == "" {
		s.seq++
		e.ID = wire.ContentID(frame.Event, e.User.ID, strconv.FormatInt(recv.UnixNano(), 10), strconv.FormatInt(s.seq, 10))
	}
	return e, told, err
}

// fill says what an event of this name means.
func fill(e *feed.Event, name string, m message) (told bool, err error) {
	switch name {
	case "chat":
		e.Kind, e.Text = feed.KindChat, string(m.Comment)
	case "questionNew":
		e.Kind, e.Code, e.Text = feed.KindChat, "question", string(m.Question)
	case "member":
		e.Kind = feed.KindEnter
	case "gift":
		return gift(e, m), nil
	case "like":
		e.Code, e.Count = "like", m.LikeCount.Count()
	case "social":
		e.Code = social(m.DisplayType)
	case "follow", "share", "emote":
		e.Code = name
	case "subscribe":
		e.Code, e.Count = name, m.SubMonth.Count()
	case "envelope":
		e.Code, e.Count = name, m.Coins.Count()
	case "liveIntro":
		e.Code, e.Text, e.User.Role = "live_intro", string(m.Description), feed.RoleHost
	case "linkMicBattle", "linkMicArmies", "linkMicMethod", "linkMicBattlePunishFinish", "linkMicFanTicketMethod":
		e.Code = "link_mic"
	case "streamEnd":
		e.Code, e.Text = feed.CodeStreamEnd, "live ended"
	case "roomUser":
		return false, nil
	default:
		return false, feed.Unknown(name, fmt.Errorf("unknown event %s", wire.Quote(name)))
	}
	return true, nil
}

// gift fills in a gift. Gifts of type 1 come as a streak, each frame with the
// running total, of which only the last counts.
func gift(e *feed.Event, m message) (told bool) {
	if m.GiftType == "1" && m.RepeatEnd != "1" {
		return false
	}
	name := string(m.GiftName)
	if name == "" {
		name = "gift " + string(m.GiftID)
	}
	e.Kind, e.Count = feed.KindGift, max(m.RepeatCount.Count(), 1)
	e.Text = fmt.Sprintf("%s x%d", name, e.Count)
	return true
}

// social names what a social message is about; TikFinity tells it again as
// follow or share.
func social(displayType wire.Scalar) string {
	switch {
	case strings.Contains(string(displayType), "follow"):
		return "follow"
	case strings.Contains(string(displayType), "share"):
		return "share"
	}
	return "social"
}

func person(m message) feed.User {
	u := wire.Viewer(wire.FirstID(m.UserID), wire.First(m.Nickname, m.UniqueID))
	if m.IsModerator == "1" {
		u.Role = feed.RoleModerator
	}
	return u
}
