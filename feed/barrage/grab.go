package barrage

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// What a message of BarrageGrab is about, whatever its dialect's number.
type topic int

const (
	none topic = iota
	chat
	like
	enter
	follow
	gift
	counters
	fansClub
	share
	control
	streamEnd
)

// The dialects number the same things differently; the JSON type of Data alone
// tells them apart.
var (
	// dialectA: Data is a string of JSON.
	dialectA = map[string]topic{
		"1": chat, "2": like, "3": enter, "4": follow, "5": gift, "6": counters, "7": fansClub, "8": share, "9": streamEnd,
	}
	// dialectB: Data is an object.
	dialectB = map[string]topic{
		"1": enter, "2": follow, "3": chat, "4": like, "5": gift, "6": share, "7": counters, "8": control, "9": fansClub, "10": counters,
	}
)

// codes name the topics that become system events.
var codes = map[topic]string{
	like: "like", follow: "follow", fansClub: "fansclub", share: "share", control: "control", streamEnd: feed.CodeStreamEnd,
}

// A grabMessage is the Data of both dialects.
type grabMessage struct {
	MsgID   wire.Scalar `json:"MsgId"`
	User    *grabUser   `json:"User"`
	Content wire.Scalar `json:"Content"`
	RoomID  wire.Scalar `json:"RoomId"`
	WebRoom wire.Scalar `json:"WebRoomId"` // a number before 2.7.3
	Count   wire.Scalar `json:"Count"`

	GiftID    wire.Scalar `json:"GiftId"`
	GiftName  wire.Scalar `json:"GiftName"`
	GiftCount wire.Scalar `json:"GiftCount"` // what this message adds
}

type grabUser struct {
	ID        wire.Scalar `json:"Id"`
	SecUID    wire.Scalar `json:"SecUid"`
	NicknameA wire.Scalar `json:"Nickname"`
	NicknameB wire.Scalar `json:"NickName"`
	IsAdmin   wire.Scalar `json:"IsAdmin"`
	IsAnchor  wire.Scalar `json:"IsAnchor"`
}

// viewer is the person, nobody where the message has none.
func (u *grabUser) viewer() feed.User {
	if u == nil {
		return feed.User{}
	}
	p := wire.Viewer(wire.FirstID(u.ID, u.SecUID), wire.First(u.NicknameA, u.NicknameB))
	switch {
	case u.IsAnchor == "1":
		p.Role = feed.RoleHost
	case u.IsAdmin == "1":
		p.Role = feed.RoleModerator
	}
	return p
}

// grab reads a message of BarrageGrab.
func (r *reading) grab(dialect map[string]topic, s shape, raw jsontext.Value) error {
	about := dialect[wire.Text(s.Type)]
	if about == none {
		return feed.Unknown("Type "+string(s.Type), fmt.Errorf("unknown Type %s", wire.Quote(string(s.Type))))
	}
	body := []byte(s.Data)
	if s.Data.Kind() == '"' {
		body = []byte(wire.Text(s.Data))
	}
	var m grabMessage
	if err := json.Unmarshal(body, &m, wire.Options); err != nil {
		return fmt.Errorf("no JSON message in Data: %w", wire.Clean(err))
	}
	e := feed.Event{
		Kind: feed.KindSystem, Code: codes[about], ID: wire.FirstID(m.MsgID), Room: wire.FirstID(m.RoomID, m.WebRoom),
		User: m.User.viewer(), Text: string(m.Content),
	}
	switch about {
	case counters:
		return nil
	case chat:
		e.Kind = feed.KindChat
	case enter:
		e.Kind = feed.KindEnter
	case like:
		e.Count = m.Count.Count()
	case gift:
		e.Kind, e.Count = feed.KindGift, m.GiftCount.Count()
		if m.GiftCount == "" {
			return errors.New("a gift without GiftCount")
		}
		e.Text = giftText(string(m.GiftName), m.GiftID, e.Count)
	}
	r.add(e, raw)
	return nil
}
