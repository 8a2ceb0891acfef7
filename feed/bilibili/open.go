package bilibili

import (
	"errors"
	"fmt"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// An openData is the data of every open-live command; each fills in a part.
// uid is always 0, so people are told apart by open_id.
type openData struct {
	RoomID    wire.Scalar `json:"room_id"`
	OpenID    wire.Scalar `json:"open_id"`
	Uname     wire.Scalar `json:"uname"`
	Timestamp wire.Scalar `json:"timestamp"`
	MsgID     wire.Scalar `json:"msg_id"`
	Msg       wire.Scalar `json:"msg"`
	IsAdmin   wire.Scalar `json:"is_admin"`

	GiftName wire.Scalar `json:"gift_name"`
	GiftNum  wire.Scalar `json:"gift_num"`
	Price    wire.Scalar `json:"price"`
	Paid     wire.Scalar `json:"paid"`

	GuardLevel wire.Scalar `json:"guard_level"`
	GuardNum   wire.Scalar `json:"guard_num"`
	GuardUnit  wire.Scalar `json:"guard_unit"`
	User       openUser    `json:"user_info"`

	MessageID  wire.Scalar   `json:"message_id"`
	MessageIDs []wire.Scalar `json:"message_ids"`
	Message    wire.Scalar   `json:"message"`
	RMB        wire.Scalar   `json:"rmb"`
	StartTime  wire.Scalar   `json:"start_time"`

	LikeText  wire.Scalar `json:"like_text"`
	LikeCount wire.Scalar `json:"like_count"`
}

type openUser struct {
	OpenID wire.Scalar `json:"open_id"`
	Uname  wire.Scalar `json:"uname"`
}

// readOpen reads the data and starts the event with what all commands share.
func readOpen(m *message, c *command, kind feed.Kind) (openData, feed.Event, error) {
	var d openData
	if err := c.data(&d); err != nil {
		return d, feed.Event{}, err
	}
	c.room = d.RoomID
	user := wire.Viewer(wire.FirstID(d.OpenID, d.User.OpenID), wire.First(d.Uname, d.User.Uname))
	switch {
	case user.ID != "" && user.ID == m.s.p.anchor:
		user.Role = feed.RoleHost
	case d.IsAdmin == "1":
		user.Role = feed.RoleModerator
	}
	return d, feed.Event{Kind: kind, ID: wire.FirstID(d.MsgID), User: user, At: wire.Seconds(d.Timestamp)}, nil
}

func openChat(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindChat)
	if err != nil {
		return err
	}
	e.Text = string(d.Msg)
	if c.cmd == "LIVE_OPEN_PLATFORM_DM_MIRROR" {
		e.Code = "mirror"
	}
	return m.add(e, c)
}

// openGift reads a gift. A free one may have a price; paid alone says whether
// money was given.
func openGift(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindGift)
	if err != nil {
		return err
	}
	e.Count = d.GiftNum.Count()
	e.Text = fmt.Sprintf("%s x%d", d.GiftName, e.Count)
	if d.Paid == "1" {
		e.AmountFen, err = times(d.Price.Count(), e.Count)
	}
	if err != nil {
		return err
	}
	return m.add(e, c)
}

// maxCoins bounds a product of two numbers that the frame chose.
const maxCoins = 1 << 50

// times is what n pieces at a price in coins cost, in fen.
func times(coins, n int64) (int64, error) {
	if coins > 0 && n > maxCoins/coins {
		return 0, errors.New("price times number is no amount of money")
	}
	return coinsToFen(coins * n), nil
}

func openGuard(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindGift)
	if err != nil {
		return err
	}
	e.Code = "guard"
	e.Count = d.GuardNum.Count()
	e.Text = fmt.Sprintf("%s x%d%s", guardNames[d.GuardLevel], e.Count, d.GuardUnit)
	e.AmountFen = coinsToFen(d.Price.Int())
	return m.add(e, c)
}

// openSuperChat reads a paid message. It is withdrawn by its message_id and not
// by the msg_id that identifies it, so Code keeps the name that Retracts uses.
func openSuperChat(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindChat)
	if err != nil {
		return err
	}
	e.Text = string(d.Message)
	e.AmountFen = wire.YuanToFen(d.RMB)
	e.At = wire.FirstTime(e.At, wire.Seconds(d.StartTime))
	if id := wire.FirstID(d.MessageID); id != "" {
		e.Code = withdrawnAs + id
	}
	return m.add(e, c)
}

// withdrawnAs stands before an open-live message_id in Code and Retracts.
const withdrawnAs = "message_id "

func openSuperChatDelete(m *message, c *command) error {
	d, _, err := readOpen(m, c, feed.KindSystem)
	if err != nil {
		return err
	}
	return m.retract(c, d.MessageIDs, withdrawnAs)
}

func openLike(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindSystem)
	if err != nil {
		return err
	}
	e.Code, e.Text, e.Count = "like", string(d.LikeText), d.LikeCount.Count()
	return m.add(e, c)
}

// openEnter reads an entrance; its msg_id is usually there and may be missing.
func openEnter(m *message, c *command) error {
	d, e, err := readOpen(m, c, feed.KindEnter)
	if err != nil {
		return err
	}
	if e.ID == "" && d.Timestamp != "" {
		e.ID = wire.ContentID("enter", e.User.ID, string(d.Timestamp), e.User.Name)
	}
	return m.add(e, c)
}

func openLive(m *message, c *command) error {
	_, e, err := readOpen(m, c, feed.KindSystem)
	if err != nil {
		return err
	}
	e.Code, e.Text = "stream_start", "live started"
	if c.cmd == "LIVE_OPEN_PLATFORM_LIVE_END" {
		e.Code, e.Text = feed.CodeStreamEnd, "live ended"
	}
	return m.add(e, c)
}

// openEnd tells that the platform closed the open-live session. Its auth_body
// is void from then on, so dialling again cannot help.
func openEnd(m *message, c *command) error {
	_, e, err := readOpen(m, c, feed.KindSystem)
	if err != nil {
		return err
	}
	e.Code, e.Text = "session_end", "the platform ended this open-live session"
	m.d.Fatal = errors.New("the platform ended this open-live session: start it again and set its new auth_body")
	return m.add(e, c)
}
