package bilibili

import (
	"encoding/base64"
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

// danmu reads a chat message: info[0] is about the message, info[1] its text,
// info[2] its sender.
func danmu(m *message, c *command) error {
	info := wire.Array(c.Info)
	if len(info) < 3 || info[1].Kind() != '"' {
		return errors.New("info holds no text and sender")
	}
	meta, who := wire.Array(info[0]), wire.Array(info[2])
	extra := readDanmuExtra(wire.At(meta, 15))
	sent := wire.Scalar(wire.Text(wire.At(meta, 4)))
	e := feed.Event{
		Kind: feed.KindChat,
		ID:   extra.id,
		Text: wire.Text(info[1]),
		At:   wire.Millis(sent),
		User: feed.User{
			ID:   wire.FirstID(wire.Scalar(wire.Text(wire.At(who, 0))), extra.uid),
			Name: string(wire.First(wire.Scalar(wire.Text(wire.At(who, 1))), extra.name)),
			Role: roleOf(wire.Scalar(wire.Text(wire.At(who, 2)))),
		},
	}
	if e.ID == "" && sent != "" {
		e.ID = wire.ContentID("dm", e.User.ID, string(sent), e.User.Name, e.Text)
	}
	if c.cmd == "DANMU_MSG_MIRROR" {
		e.Code = "mirror"
	}
	return m.add(e, c)
}

func roleOf(admin wire.Scalar) feed.Role {
	if admin == "1" {
		return feed.RoleModerator
	}
	return feed.RoleViewer
}

// A danmuExtra is what info[0][15] tells of a message. It helps where it can be
// read and is never a reason to lose the message.
type danmuExtra struct {
	id   string
	uid  wire.Scalar
	name wire.Scalar
}

func readDanmuExtra(v jsontext.Value) danmuExtra {
	var outer struct {
		Extra string `json:"extra"`
		User  struct {
			UID  wire.Scalar `json:"uid"`
			Base struct {
				Name wire.Scalar `json:"name"`
			} `json:"base"`
		} `json:"user"`
	}
	if v.Kind() != '{' || json.Unmarshal(v, &outer, wire.Options) != nil {
		return danmuExtra{}
	}
	x := danmuExtra{uid: outer.User.UID, name: outer.User.Base.Name}
	var inner struct {
		ID wire.Scalar `json:"id_str"`
	}
	if json.Unmarshal([]byte(outer.Extra), &inner, wire.Options) == nil {
		x.id = wire.FirstID(inner.ID)
	}
	return x
}

func superChat(m *message, c *command) error {
	var d struct {
		ID      wire.Scalar `json:"id"`
		UID     wire.Scalar `json:"uid"`
		Price   wire.Scalar `json:"price"`
		Message wire.Scalar `json:"message"`
		TS      wire.Scalar `json:"ts"`
		Start   wire.Scalar `json:"start_time"`
		User    struct {
			Uname   wire.Scalar `json:"uname"`
			Manager wire.Scalar `json:"manager"`
		} `json:"user_info"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	e := feed.Event{
		Kind:      feed.KindChat,
		Text:      string(d.Message),
		AmountFen: wire.YuanToFen(d.Price),
		At:        wire.FirstTime(wire.Seconds(d.TS), wire.Seconds(d.Start)),
		User:      feed.User{ID: wire.FirstID(d.UID), Name: string(d.User.Uname), Role: roleOf(d.User.Manager)},
	}
	if id := wire.FirstID(d.ID); id != "" {
		e.ID = "sc:" + id
	}
	return m.add(e, c)
}

func superChatDelete(m *message, c *command) error {
	var d struct {
		IDs []wire.Scalar `json:"ids"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	return m.retract(c, d.IDs, "sc:")
}

// retract adds one event for each message that the platform withdrew.
func (m *message) retract(c *command, ids []wire.Scalar, prefix string) error {
	if len(ids) == 0 {
		return errors.New("names no message")
	}
	for _, id := range ids {
		e := feed.Event{
			Kind:     feed.KindSystem,
			Code:     feed.CodeRetracted,
			ID:       "retract:" + prefix + string(id),
			Retracts: prefix + string(id),
		}
		if err := m.add(e, c); err != nil {
			return err
		}
	}
	return nil
}

func sendGift(m *message, c *command) error {
	var d struct {
		UID       wire.Scalar `json:"uid"`
		Uname     wire.Scalar `json:"uname"`
		GiftName  wire.Scalar `json:"giftName"`
		Num       wire.Scalar `json:"num"`
		TotalCoin wire.Scalar `json:"total_coin"`
		CoinType  wire.Scalar `json:"coin_type"`
		TID       wire.Scalar `json:"tid"`
		Timestamp wire.Scalar `json:"timestamp"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	return m.gift(c, gift{
		id: wire.FirstID(d.TID), name: string(d.GiftName), num: d.Num.Count(), coins: d.TotalCoin.Int(),
		coinType: string(d.CoinType), at: wire.Seconds(d.Timestamp), user: wire.Viewer(wire.FirstID(d.UID), d.Uname),
	})
}

// A gift is what both forms of SEND_GIFT come to.
type gift struct {
	id       string
	name     string
	num      int64
	coins    int64
	coinType string
	at       time.Time
	user     feed.User
}

// gift adds a gift. Only gold coins are money; silver ones are free.
func (m *message) gift(c *command, g gift) error {
	e := feed.Event{
		Kind: feed.KindGift, ID: g.id, User: g.user, At: g.at,
		Text: fmt.Sprintf("%s x%d", g.name, g.num), Count: g.num,
	}
	if g.coinType == "gold" {
		e.AmountFen = coinsToFen(g.coins)
	}
	return m.add(e, c)
}

// A pbData is a command that wraps a protobuf.
type pbData struct {
	PB string `json:"pb"`
}

func readPB(c *command) ([]byte, error) {
	var d pbData
	if err := c.data(&d); err != nil {
		return nil, err
	}
	return decodePB(d.PB)
}

// decodePB undoes the base64 that wraps a protobuf in JSON.
func decodePB(pb string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(pb)
	if err != nil {
		return nil, fmt.Errorf("pb is no base64: %w", err)
	}
	if len(b) == 0 {
		return nil, errors.New("pb is missing or empty")
	}
	return b, nil
}

func sendGiftV2(m *message, c *command) error {
	pb, err := readPB(c)
	if err != nil {
		return err
	}
	var from pbUser
	var gifts []gift
	err = wire.Fields(pb, func(f wire.Field) error {
		switch f.Num {
		case 1:
			from.uid = f.Number()
		case 2:
			from.name = f.Text()
		case 10:
			if len(gifts) == maxPackets {
				return errPackets
			}
			g, err := readGift(f.Data)
			gifts = append(gifts, g)
			return err
		case 15:
			return from.fill(f.Data)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(gifts) == 0 {
		return errors.New("pb holds no gift")
	}
	for _, g := range gifts {
		g.user = from.viewer()
		if err := m.gift(c, g); err != nil {
			return err
		}
	}
	return nil
}

func readGift(b []byte) (gift, error) {
	var g gift
	err := wire.Fields(b, func(f wire.Field) error {
		switch f.Num {
		case 2:
			g.name = f.Text()
		case 3:
			g.num = max(f.Number(), 0)
		case 7:
			g.coins = f.Number()
		case 8:
			g.coinType = f.Text()
		case 9:
			g.id = f.Text()
		case 10:
			g.at = wire.Seconds(wire.Scalar(strconv.FormatInt(f.Number(), 10)))
		}
		return nil
	})
	return g, err
}

// A pbUser is a person in a protobuf; the nested form fills in what the outer
// fields leave out.
type pbUser struct {
	uid  int64
	name string
}

// fill reads user{1 uid, 2{1 name}}.
func (u *pbUser) fill(b []byte) error {
	return wire.Fields(b, func(f wire.Field) error {
		switch {
		case f.Num == 1 && u.uid == 0:
			u.uid = f.Number()
		case f.Num == 2 && u.name == "":
			return wire.Fields(f.Data, func(f wire.Field) error {
				if f.Num == 1 {
					u.name = f.Text()
				}
				return nil
			})
		}
		return nil
	})
}

func (u pbUser) viewer() feed.User {
	return wire.Viewer(wire.FirstID(wire.Scalar(strconv.FormatInt(u.uid, 10))), wire.Scalar(u.name))
}

// toast reads the purchase of a guard's title. The same purchase also sends
// GUARD_BUY, with the list price and no id, which is ignored.
func toast(m *message, c *command) error {
	var d struct {
		guardInfo
		payInfo
		UID      wire.Scalar `json:"uid"`
		Username wire.Scalar `json:"username"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	return m.guard(c, d.guardInfo, d.payInfo, wire.Viewer(wire.FirstID(d.UID), d.Username))
}

// toastV2 reads the later form of the same purchase, under the same id.
func toastV2(m *message, c *command) error {
	var d struct {
		Guard guardInfo `json:"guard_info"`
		Pay   payInfo   `json:"pay_info"`
		User  struct {
			UID  wire.Scalar `json:"uid"`
			Base struct {
				Name wire.Scalar `json:"name"`
			} `json:"base"`
		} `json:"sender_uinfo"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	return m.guard(c, d.Guard, d.Pay, wire.Viewer(wire.FirstID(d.User.UID), d.User.Base.Name))
}

type guardInfo struct {
	Level wire.Scalar `json:"guard_level"`
	Role  wire.Scalar `json:"role_name"`
	Start wire.Scalar `json:"start_time"`
}

type payInfo struct {
	PayflowID wire.Scalar `json:"payflow_id"`
	Price     wire.Scalar `json:"price"`
	Num       wire.Scalar `json:"num"`
	Unit      wire.Scalar `json:"unit"`
}

// guardNames are the titles by level.
var guardNames = map[wire.Scalar]string{"1": "总督", "2": "提督", "3": "舰长"}

func (m *message) guard(c *command, g guardInfo, p payInfo, user feed.User) error {
	name := string(g.Role)
	if name == "" {
		name = guardNames[g.Level]
	}
	id := wire.FirstID(p.PayflowID)
	if id == "" && g.Start != "" {
		id = wire.ContentID("guard", user.ID, string(g.Start), string(g.Level))
	}
	return m.add(feed.Event{
		Kind: feed.KindGift, Code: "guard", ID: id, User: user,
		Text:      fmt.Sprintf("%s x%d%s", name, p.Num.Count(), p.Unit),
		Count:     p.Num.Count(),
		AmountFen: coinsToFen(p.Price.Int()),
		At:        wire.Seconds(g.Start),
	}, c)
}

// interactions name what INTERACT_WORD tells by its type; type 1 is entering.
var interactions = map[int64]string{
	2: "follow", 3: "share", 4: "special follow", 5: "mutual", 6: "like",
}

func interact(m *message, c *command) error {
	var d struct {
		UID       wire.Scalar `json:"uid"`
		Uname     wire.Scalar `json:"uname"`
		Type      wire.Scalar `json:"msg_type"`
		Timestamp wire.Scalar `json:"timestamp"`
		Trigger   wire.Scalar `json:"trigger_time"`
		RoomID    wire.Scalar `json:"roomid"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	c.room = d.RoomID
	return m.interaction(c, d.Type.Int(), string(wire.First(d.Trigger, d.Timestamp)), wire.Viewer(wire.FirstID(d.UID), d.Uname), wire.Seconds(d.Timestamp))
}

func interactV2(m *message, c *command) error {
	pb, err := readPB(c)
	if err != nil {
		return err
	}
	var who pbUser
	var kind, sec, ms, trigger int64
	err = wire.Fields(pb, func(f wire.Field) error {
		switch f.Num {
		case 1:
			who.uid = f.Number()
		case 2:
			who.name = f.Text()
		case 5:
			kind = f.Number()
		case 6:
			c.room = wire.Scalar(strconv.FormatInt(f.Number(), 10))
		case 7:
			sec = f.Number()
		case 8:
			ms = f.Number()
		case 15:
			trigger = f.Number()
		case 22:
			return who.fill(f.Data)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if trigger == 0 {
		trigger = ms
	}
	return m.interaction(c, kind, strconv.FormatInt(trigger, 10), who.viewer(), interactedAt(sec, ms))
}

// interactedAt is the time of an INTERACT_WORD_V2. Field 8 is said to be field
// 7 in milliseconds, but a recorded one lies 19 months ahead of it (a score that
// a rank is made from), so it counts only within the same second or the next.
func interactedAt(sec, ms int64) time.Time {
	whole := wire.Seconds(wire.Scalar(strconv.FormatInt(sec, 10)))
	fine := wire.Millis(wire.Scalar(strconv.FormatInt(ms, 10)))
	if !whole.IsZero() && (fine.Before(whole) || fine.Sub(whole) > 2*time.Second) {
		return whole
	}
	return fine
}

func (m *message) interaction(c *command, kind int64, key string, user feed.User, when time.Time) error {
	e := feed.Event{Kind: feed.KindEnter, User: user, At: when}
	if kind != 1 {
		e.Kind = feed.KindSystem
		e.Text = interactions[kind]
		if e.Text == "" {
			e.Text = "interaction " + strconv.FormatInt(kind, 10)
		}
		e.Code = strings.ReplaceAll(e.Text, " ", "_")
	}
	if key != "" && key != "0" {
		e.ID = wire.ContentID("interact", user.ID, key, user.Name, strconv.FormatInt(kind, 10))
	}
	return m.add(e, c)
}

// coinsToFen turns the platform's gold coins, 1000 to the yuan, into fen.
func coinsToFen(coins int64) int64 { return max(coins, 0) / 10 }
