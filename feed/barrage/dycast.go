package barrage

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// dycastRoom reads the first frame of a page that already had a room: the only
// one that names it.
func (r *reading) dycastRoom(raw jsontext.Value) error {
	var m struct {
		RoomNum  wire.Scalar `json:"roomNum"`
		RoomID   wire.Scalar `json:"roomId"`
		Title    wire.Scalar `json:"title"`
		Nickname wire.Scalar `json:"nickname"`
	}
	if err := json.Unmarshal(raw, &m, wire.Options); err != nil {
		return fmt.Errorf("room: %w", wire.Clean(err))
	}
	r.s.room = wire.FirstID(m.RoomID, m.RoomNum)
	r.add(feed.Event{Kind: feed.KindSystem, Code: "room_info", Text: string(wire.First(m.Title, m.Nickname))}, raw)
	return nil
}

// A dycastMessage is one element of the arrays that follow.
type dycastMessage struct {
	ID   wire.Scalar `json:"id"`
	User struct {
		ID   wire.Scalar `json:"id"` // the secUid
		Name wire.Scalar `json:"name"`
	} `json:"user"`
	Content wire.Scalar `json:"content"`
	Gift    struct {
		ID        wire.Scalar `json:"id"`
		Name      wire.Scalar `json:"name"`
		Count     wire.Scalar `json:"count"`
		RepeatEnd wire.Scalar `json:"repeatEnd"`
	} `json:"gift"`
	Room struct {
		Status wire.Scalar `json:"status"`
	} `json:"room"`
}

// roomStates are the states of a ControlMessage as dycast numbers them.
var roomStates = map[wire.Scalar]struct{ code, text string }{
	"1": {"stream_prepare", "live is being prepared"},
	"2": {"stream_start", "live started"},
	"3": {"stream_pause", "live paused"},
	"4": {feed.CodeStreamEnd, "live ended"},
}

func (r *reading) dycast(method string, raw jsontext.Value) error {
	var m dycastMessage
	if err := json.Unmarshal(raw, &m, wire.Options); err != nil {
		return fmt.Errorf("%s: %w", wire.Quote(method), wire.Clean(err))
	}
	e := feed.Event{
		Kind: feed.KindSystem, ID: wire.FirstID(m.ID), Text: string(m.Content),
		User: wire.Viewer(wire.FirstID(m.User.ID), m.User.Name),
	}
	switch method {
	case "WebcastChatMessage", "WebcastEmojiChatMessage":
		if m.ID == "" && m.Content == "" {
			return fmt.Errorf("%s without id and content", method)
		}
		e.Kind = feed.KindChat
	case "WebcastMemberMessage":
		e.Kind = feed.KindEnter
	case "WebcastGiftMessage":
		if m.Gift.RepeatEnd.Int() > 0 {
			return nil // closes a combo whose gifts were told already
		}
		e.Kind, e.Count = feed.KindGift, max(m.Gift.Count.Count(), 1)
		e.Text = giftText(string(m.Gift.Name), m.Gift.ID, e.Count)
	case "WebcastControlMessage":
		state, known := roomStates[m.Room.Status]
		e.Code, e.Text = state.code, state.text
		if !known {
			e.Code, e.Text = "control", "room status "+string(m.Room.Status)
		}
	case "WebcastLikeMessage", "WebcastSocialMessage", "WebcastFansclubMessage", "WebcastCustomMessage":
		e.Code = systemMethods[method]
	default:
		if leftOut[method] {
			return nil
		}
		return feed.Unknown(method, fmt.Errorf("unknown method %s", wire.Quote(method)))
	}
	r.add(e, raw)
	return nil
}

// systemMethods are the messages that become system events as they are.
var systemMethods = map[string]string{
	"WebcastLikeMessage":     "like",
	"WebcastSocialMessage":   "follow",
	"WebcastFansclubMessage": "fansclub",
	"WebcastCustomMessage":   "custom",
}

// leftOut are counters and rankings, which come every few seconds and of which
// only the newest matters to anybody.
var leftOut = map[string]bool{
	"WebcastRoomUserSeqMessage":     true,
	"WebcastRoomStatsMessage":       true,
	"WebcastRoomRankMessage":        true,
	"WebcastRoomDataSyncMessage":    true,
	"WebcastUpdateFanTicketMessage": true,

	"WebcastRoomStreamAdaptationMessage": true, // of the picture's size
}
