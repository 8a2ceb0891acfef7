package bilibili

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A command is the JSON of one message packet. The fields beside Cmd, Data and
// Info stand at the root of some commands only.
type command struct {
	Cmd      string         `json:"cmd"`
	Data     jsontext.Value `json:"data"`
	Info     jsontext.Value `json:"info"`
	Msg      wire.Scalar    `json:"msg"`
	Reason   wire.Scalar    `json:"reason"`
	Expire   wire.Scalar    `json:"expire"`
	RoomID   wire.Scalar    `json:"roomid"`
	LiveKey  wire.Scalar    `json:"live_key"`
	LiveTime wire.Scalar    `json:"live_time"`
	UID      wire.Scalar    `json:"uid"`
	Uname    wire.Scalar    `json:"uname"`
	MsgID    wire.Scalar    `json:"msg_id"`
	SendTime wire.Scalar    `json:"send_time"`

	cmd  string // Cmd without its suffix
	raw  []byte
	room wire.Scalar // the room as Data tells it
}

// data reads c.Data into v.
func (c *command) data(v any) error {
	if len(c.Data) == 0 {
		return errors.New("no data")
	}
	return json.Unmarshal(c.Data, v, wire.Options)
}

// A handler turns one command into its events.
type handler func(m *message, c *command) error

// handlers holds every command that has a reader of its own.
var handlers = map[string]handler{
	"DANMU_MSG":                 danmu,
	"DANMU_MSG_MIRROR":          danmu,
	"SUPER_CHAT_MESSAGE":        superChat,
	"SUPER_CHAT_MESSAGE_DELETE": superChatDelete,
	"SEND_GIFT":                 sendGift,
	"SEND_GIFT_V2":              sendGiftV2,
	"USER_TOAST_MSG":            toast,
	"USER_TOAST_MSG_V2":         toastV2,
	"INTERACT_WORD":             interact,
	"INTERACT_WORD_V2":          interactV2,
	"LIVE":                      liveStarted,
	"PREPARING":                 liveEnded,
	"WARNING":                   platform("platform_warning", "platform-warning"),
	"CUT_OFF":                   platform("platform_cut_off", "platform-cut-off"),
	"CUT_OFF_V2":                platform("platform_cut_off", "platform-cut-off"),
	"ROOM_LOCK":                 platform("platform_room_lock", "platform-room-lock"),
	"ROOM_BLOCK_MSG":            blocked,
	"RECALL_DANMU_MSG":          recall,
	"HOT_BUY_NUM":               hotBuy,
	"LIKE_INFO_V3_UPDATE":       counter,
	"WATCHED_CHANGE":            counter,
	"AREA_RANK_CHANGED":         counter,
	"POPULAR_RANK_CHANGED":      counter,

	"LIVE_OPEN_PLATFORM_DM":              openChat,
	"LIVE_OPEN_PLATFORM_DM_MIRROR":       openChat,
	"LIVE_OPEN_PLATFORM_SEND_GIFT":       openGift,
	"LIVE_OPEN_PLATFORM_GUARD":           openGuard,
	"LIVE_OPEN_PLATFORM_SUPER_CHAT":      openSuperChat,
	"LIVE_OPEN_PLATFORM_SUPER_CHAT_DEL":  openSuperChatDelete,
	"LIVE_OPEN_PLATFORM_LIKE":            openLike,
	"LIVE_OPEN_PLATFORM_LIVE_ROOM_ENTER": openEnter,
	"LIVE_OPEN_PLATFORM_LIVE_START":      openLive,
	"LIVE_OPEN_PLATFORM_LIVE_END":        openLive,
	"LIVE_OPEN_PLATFORM_INTERACTION_END": openEnd,
}

// notices are commands told as system events in the platform's own words, each
// with its code.
var notices = map[string]string{
	"GOTO_BUY_FLOW":               "goto_buy",
	"SHOPPING_CART_SHOW":          "shopping_cart",
	"ROOM_SILENT_ON":              "room_silent_on",
	"ROOM_SILENT_OFF":             "room_silent_off",
	"ROOM_ADMINS":                 "room_admins",
	"ROOM_CHANGE":                 "room_changed",
	"LIKE_INFO_V3_CLICK":          "like",
	"LOG_IN_NOTICE":               "login_notice",
	"COMMON_NOTICE_DANMAKU":       "notice",
	"ACTIVITY_BANNER_CHANGE_V2":   "activity_banner",
	"POPULARITY_RED_POCKET_NEW":   "red_pocket",
	"POPULARITY_RED_POCKET_START": "red_pocket_start",
	"VIDEO_CONNECTION_JOIN_START": "connection_start",
	"VIDEO_CONNECTION_JOIN_END":   "connection_end",
	"VIDEO_CONNECTION_MSG":        "connection",
	"VOICE_JOIN_LIST":             "voice_join",
	"VOICE_JOIN_ROOM_COUNT_INFO":  "voice_join",
	"VOICE_JOIN_STATUS":           "voice_join",
	"VTR_GIFT_LOTTERY":            "gift_lottery",
}

// ignored are commands that tell again what another one tells (a translation, a
// combo's running total, a purchase's list price, an entrance's animation), or
// that are about other rooms.
var ignored = map[string]bool{
	"SUPER_CHAT_MESSAGE_JPN":    true,
	"COMBO_SEND":                true,
	"COMBO_END":                 true,
	"GUARD_BUY":                 true,
	"ENTRY_EFFECT":              true,
	"ENTRY_EFFECT_MUST_RECEIVE": true,
	"STOP_LIVE_ROOM_LIST":       true,
	"NOTICE_MSG":                true,
}

// command reads one command. An error ends the message; what is wrong with
// this command alone is told in Refused.
func (m *message) command(raw []byte) error {
	c := &command{raw: raw}
	if err := json.Unmarshal(raw, c, wire.Options); err != nil {
		m.refuse(fmt.Errorf("no JSON command: %w", wire.Clean(err)))
		return nil
	}
	// The suffix after ':' is a variant's number. Whole words only: DANMU_MSG
	// also ends RECALL_DANMU_MSG.
	c.cmd, _, _ = strings.Cut(c.Cmd, ":")
	err := m.dispatch(c)
	if errors.Is(err, errPackets) {
		return err
	}
	if err != nil {
		m.refuse(fmt.Errorf("command %s: %w", c.cmd, wire.Clean(err)))
	}
	return nil
}

func (m *message) dispatch(c *command) error {
	if do := handlers[c.cmd]; do != nil {
		return do(m, c)
	}
	if code := notices[c.cmd]; code != "" {
		return notice(m, c, code)
	}
	switch {
	case ignored[c.cmd]:
		return nil
	case strings.HasPrefix(c.cmd, "ONLINE_RANK_") && isWord(c.cmd):
		return counter(m, c)
	case c.cmd == "":
		m.refuse(errors.New("the message names no cmd"))
	default:
		m.refuse(feed.Unknown(c.cmd, fmt.Errorf("unknown cmd %s", wire.Quote(c.cmd))))
	}
	return nil
}

// isWord tells whether s is written as all commands are, so that it may name a
// code.
func isWord(s string) bool {
	return len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

// A noticeData is what the commands without a reader of their own may tell.
type noticeData struct {
	UID         wire.Scalar `json:"uid"`
	Uname       wire.Scalar `json:"uname"`
	UserName    wire.Scalar `json:"user_name"`
	SenderUID   wire.Scalar `json:"sender_uid"`
	SenderName  wire.Scalar `json:"sender_name"`
	InvitedUID  wire.Scalar `json:"invited_uid"`
	InvitedName wire.Scalar `json:"invited_uname"`
	Text        wire.Scalar `json:"text"`
	LikeText    wire.Scalar `json:"like_text"`
	Toast       wire.Scalar `json:"toast"`
	ToastMsg    wire.Scalar `json:"toast_msg"`
	InteractMsg wire.Scalar `json:"interact_msg"`
	NoticeMsg   wire.Scalar `json:"notice_msg"`
	Danmu       wire.Scalar `json:"danmu"`
	Title       wire.Scalar `json:"title"`
	Action      wire.Scalar `json:"action"`
	GiftName    wire.Scalar `json:"gift_name"`
	Timestamp   wire.Scalar `json:"timestamp"`
	CurrentTime wire.Scalar `json:"current_time"`
	StartAt     wire.Scalar `json:"start_at"`
	RoomID      wire.Scalar `json:"room_id"`
	Segments    []struct {
		Text wire.Scalar `json:"text"`
	} `json:"content_segments"`
	Num          wire.Scalar `json:"num"`
	Count        wire.Scalar `json:"count"`
	OnlineCount  wire.Scalar `json:"online_count"`
	ClickCount   wire.Scalar `json:"click_count"`
	Rank         wire.Scalar `json:"rank"`
	RankName     wire.Scalar `json:"rank_name"`
	TextLarge    wire.Scalar `json:"text_large"`
	ActivityList []struct {
		Title wire.Scalar `json:"activity_title"`
	} `json:"list"`
}

// readNotice reads what a command tells; ROOM_ADMINS and its like have no data.
func readNotice(c *command) (noticeData, error) {
	var n noticeData
	if len(c.Data) == 0 {
		return n, nil
	}
	if err := c.data(&n); err != nil {
		return n, err
	}
	c.room = n.RoomID
	return n, nil
}

// say is the platform's own words, whichever field holds them.
func (n noticeData) say() string {
	if s := wire.First(n.Toast, n.ToastMsg, n.InteractMsg, n.NoticeMsg, n.Text, n.LikeText, n.Danmu, n.Title); s != "" {
		return string(s)
	}
	var b strings.Builder
	for _, s := range n.Segments {
		b.WriteString(string(s.Text))
	}
	if b.Len() == 0 && n.GiftName != "" {
		b.WriteString(string(n.Action + n.GiftName))
	}
	if b.Len() == 0 && len(n.ActivityList) > 0 {
		b.WriteString(string(n.ActivityList[0].Title))
	}
	return b.String()
}

// user is whom the command is about, under whichever name.
func (n noticeData) user() feed.User {
	return wire.Viewer(wire.FirstID(n.UID, n.SenderUID, n.InvitedUID), wire.First(n.Uname, n.UserName, n.SenderName, n.InvitedName))
}

func notice(m *message, c *command, code string) error {
	n, err := readNotice(c)
	if err != nil {
		return err
	}
	return m.add(feed.Event{
		Kind: feed.KindSystem,
		Code: code,
		Text: n.say(),
		User: n.user(),
		At:   wire.FirstTime(wire.Seconds(n.Timestamp), wire.Seconds(n.CurrentTime), wire.Seconds(n.StartAt)),
	}, c)
}

// counter lets a counter through once in counterEvery.
func counter(m *message, c *command) error {
	if last, ok := m.s.counted[c.cmd]; ok && m.recv.Sub(last).Abs() < counterEvery {
		return nil
	}
	n, err := readNotice(c)
	if err != nil {
		return err
	}
	if len(m.s.counted) < maxPackets {
		m.s.counted[c.cmd] = m.recv
	}
	return m.add(feed.Event{
		Kind:  feed.KindSystem,
		Code:  strings.ToLower(c.cmd),
		Text:  string(wire.First(n.TextLarge, n.RankName)),
		Count: wire.First(n.ClickCount, n.OnlineCount, n.Count, n.Num, n.Rank).Count(),
		User:  n.user(),
		At:    wire.Seconds(n.Timestamp),
	}, c)
}
