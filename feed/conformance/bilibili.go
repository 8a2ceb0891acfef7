package conformance

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/bilibili"
	"liveroom/feed/bilibili/bilibilitest"
)

const (
	biliRoom   = 1000001
	biliToken  = "biliT0kenOfThePage"
	biliSecret = "biliS3cretOfTheProject"
)

// biliCannot is what neither of Bilibili's sockets can.
func biliCannot() map[Ability]string {
	return map[Ability]string{
		Resumes:  "a command is sent to who is there and repeated to nobody",
		HandsOff: "the platform names no other address in the socket, it closes",
		Acks:     "heartbeats alone are said to the platform",
		Clears:   "what is taken out is named message by message",
	}
}

// BilibiliOpen is a room over open-live, the official way.
func BilibiliOpen() Subject {
	return Subject{
		Name: "bilibili open-live", Open: newBiliOpen, Cannot: biliCannot(),
		Denied: "check app_key, token and app_id", Secrets: []string{biliSecret, "stale", "anchorC0de"},
		Expect: func(m Message, e *feed.Event) {
			if m.Paid {
				e.Code = "message_id " + m.ID // by which it may be withdrawn
			}
			if m.Role == feed.RoleHost {
				e.User.ID = bilibilitest.Anchor
			}
		},
	}
}

// BilibiliWeb is a room over the web page's socket.
func BilibiliWeb() Subject {
	return Subject{
		Name: "bilibili web", Open: newBiliWeb, Cannot: biliCannot(),
		Denied: "get a new token", Secrets: []string{biliToken, "stale"},
		Expect: func(m Message, e *feed.Event) {
			if m.Paid {
				e.ID = "sc:" + m.ID
			}
			if e.User.Role == feed.RoleHost {
				e.User.Role = feed.RoleViewer // the page knows its host by other means
			}
		},
	}
}

// A biliSocket is what both ways share.
type biliSocket struct {
	*bilibilitest.Server
	batches int
}

// WaitJoined counts logins.
func (r *biliSocket) WaitJoined(n int, patience time.Duration) error {
	return r.WaitLogins(n, patience)
}

// tell sends commands, in turn plain, in a zlib batch and in a brotli batch.
func (r *biliSocket) tell(commands ...any) error {
	texts := make([]string, len(commands))
	for i, c := range commands {
		b, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("write a command: %w", err)
		}
		texts[i] = string(b)
	}
	how := []uint16{bilibilitest.Plain, bilibilitest.Zlib, bilibilitest.Brotli}[r.batches%3]
	r.batches++
	return r.Say(how, texts...)
}

// Odd is a command that the platform does not have.
func (r *biliSocket) Odd() error { return r.tell(map[string]any{"cmd": "HOLOGRAM_BEGIN"}) }

// Break sends a packet that says it is longer than it is.
func (r *biliSocket) Break() error {
	r.Raw([]byte{0, 0, 1, 0, 0, 16, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, '{'})
	return nil
}

type object = map[string]any

type biliWebRoom struct {
	biliSocket
	token string
}

func newBiliWeb(_ testing.TB, s Stage) Room {
	r := &biliWebRoom{token: biliToken, biliSocket: biliSocket{Server: bilibilitest.New(bilibilitest.Options{Token: biliToken})}}
	if s.Denied {
		r.token = "stale"
	}
	return r
}

// Source reads the room with the page's token.
func (r *biliWebRoom) Source(*feed.Config) (feed.Protocol, error) {
	return bilibili.New(bilibili.Options{URL: r.URL(), RoomID: biliRoom, Token: r.token})
}

// Say sends danmaku; what is paid for is a super chat.
func (r *biliWebRoom) Say(messages ...Message) error {
	var commands []any
	for _, m := range messages {
		admin := 0
		if m.Role == feed.RoleModerator {
			admin = 1
		}
		if m.Paid {
			commands = append(commands, object{"cmd": "SUPER_CHAT_MESSAGE", "data": object{
				"id": jsontext.Value(m.ID), "uid": jsontext.Value(m.Author), "price": 30, "message": m.Text, "ts": m.At.Unix(),
				"user_info": object{"uname": m.Name, "manager": admin},
			}})
			continue
		}
		extra, err := json.Marshal(object{"id_str": m.ID, "content": m.Text})
		if err != nil {
			return fmt.Errorf("write a danmaku: %w", err)
		}
		about := []any{0, 1, 25, 16777215, m.At.UnixMilli(), 1790000000, 0, "8a3b1c2d", 0, 0, 0, "", 0, "{}", "{}", object{"extra": string(extra), "mode": 0}}
		commands = append(commands, object{"cmd": "DANMU_MSG:4:0:2:2:2:0", "info": []any{
			about, m.Text, []any{jsontext.Value(m.Author), m.Name, admin, 0, 0, 10000, 1, ""}, []any{}, []any{5, 0, 9868950, ">50000", 0},
		}})
	}
	return r.tell(commands...)
}

// Retract withdraws a super chat.
func (r *biliWebRoom) Retract(m Message) error {
	return r.tell(object{"cmd": "SUPER_CHAT_MESSAGE_DELETE", "data": object{"ids": []any{jsontext.Value(m.ID)}}, "roomid": biliRoom})
}

// Kick closes.
func (r *biliWebRoom) Kick() error {
	r.Server.Kick()
	return nil
}

type biliOpenRoom struct {
	biliSocket
	platform *bilibilitest.Platform
	secret   string
}

func newBiliOpen(_ testing.TB, s Stage) Room {
	p := bilibilitest.NewPlatform(bilibilitest.PlatformOptions{Key: "key", Secret: biliSecret, AppID: 7, Code: "anchorC0de", RoomID: biliRoom})
	r := &biliOpenRoom{platform: p, secret: biliSecret, biliSocket: biliSocket{Server: p.Socket}}
	if s.Denied {
		r.secret = "stale"
	}
	return r
}

// Close ends the platform with its socket.
func (r *biliOpenRoom) Close() { r.platform.Close() }

// Source starts sessions as the project's developer.
func (r *biliOpenRoom) Source(*feed.Config) (feed.Protocol, error) {
	return bilibili.NewOpenLive(bilibili.OpenOptions{
		Key: "key", Secret: r.secret, AppID: 7, Code: "anchorC0de", RoomID: biliRoom, API: r.platform.URL(),
		Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
}

// Say sends what viewers write; what is paid for is a super chat.
func (r *biliOpenRoom) Say(messages ...Message) error {
	var commands []any
	for _, m := range messages {
		data := object{"room_id": biliRoom, "uid": 0, "open_id": m.Author, "uname": m.Name, "timestamp": m.At.Unix(), "msg_id": m.ID, "is_admin": 0}
		switch m.Role {
		case feed.RoleModerator:
			data["is_admin"] = 1
		case feed.RoleHost:
			data["open_id"] = bilibilitest.Anchor
		}
		cmd := "LIVE_OPEN_PLATFORM_DM"
		if m.Paid {
			cmd, data["message"], data["message_id"], data["rmb"] = "LIVE_OPEN_PLATFORM_SUPER_CHAT", m.Text, jsontext.Value(m.ID), 30
		} else {
			data["msg"], data["dm_type"] = m.Text, 0
		}
		commands = append(commands, object{"cmd": cmd, "data": data})
	}
	return r.tell(commands...)
}

// Retract withdraws a super chat.
func (r *biliOpenRoom) Retract(m Message) error {
	return r.tell(object{"cmd": "LIVE_OPEN_PLATFORM_SUPER_CHAT_DEL", "data": object{
		"room_id": biliRoom, "message_ids": []any{jsontext.Value(m.ID)}, "msg_id": "del-" + m.ID,
	}})
}

// Kick ends the session, so that a new one must be started.
func (r *biliOpenRoom) Kick() error { return r.platform.End() }
