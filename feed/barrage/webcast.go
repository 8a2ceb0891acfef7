package barrage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// liveStatus reads what douyinLive says of the room itself. It keeps the
// connection while the room is offline; only a room that is not there ends it.
func (r *reading) liveStatus(raw jsontext.Value) error {
	var m struct {
		Code    string      `json:"code"`
		RoomID  wire.Scalar `json:"room_id"`
		Message wire.Scalar `json:"message"`
		Text    wire.Scalar `json:"status_text"`
	}
	if err := json.Unmarshal(raw, &m, wire.Options); err != nil {
		return fmt.Errorf("live_status: %w", wire.Clean(err))
	}
	e := feed.Event{Kind: feed.KindSystem, Room: wire.FirstID(m.RoomID), Text: string(wire.First(m.Message, m.Text))}
	switch m.Code {
	case "ROOM_ONLINE":
		e.Code = "stream_start"
	case "ROOM_ENDED":
		e.Code = feed.CodeStreamEnd
	case "ROOM_OFFLINE", "ACCOUNT_OFFLINE_NO_ROOM", "ROOM_STATUS_UNKNOWN":
		e.Code = strings.ToLower(m.Code)
	case "ROOM_NOT_FOUND":
		e.Code = "room_not_found"
		r.d.Fatal = errors.New("douyinlive knows no such room: check the room's id, and that its page opens in a browser")
	default:
		return feed.Unknown("live_status "+m.Code, fmt.Errorf("unknown live_status code %s", wire.Quote(m.Code)))
	}
	r.add(e, raw)
	return nil
}

// A webcastMessage is Douyin's own message, protobuf turned to JSON: 64-bit
// numbers are strings. douyinLive writes its names in one word, f2 those of the
// shopping messages with underscores.
type webcastMessage struct {
	Common struct {
		Method     string      `json:"method"`
		MsgID      wire.Scalar `json:"msgId"`
		RoomID     wire.Scalar `json:"roomId"`
		CreateTime wire.Scalar `json:"createTime"` // ms; some messages have none
	} `json:"common"`
	User webcastUser `json:"user"`

	Content        wire.Scalar `json:"content"`
	DefaultContent wire.Scalar `json:"defaultContent"`
	Action         wire.Scalar `json:"action"`
	Status         wire.Scalar `json:"status"`
	Count          wire.Scalar `json:"count"`
	Total          wire.Scalar `json:"total"`

	GiftID      wire.Scalar `json:"giftId"`
	GroupID     wire.Scalar `json:"groupId"`
	RepeatCount wire.Scalar `json:"repeatCount"`
	ComboCount  wire.Scalar `json:"comboCount"`
	Gift        struct {
		ID   wire.Scalar `json:"id"`
		Name wire.Scalar `json:"name"`
	} `json:"gift"`

	SoldOut      wire.Scalar   `json:"sold_out"`
	SoldOut2     wire.Scalar   `json:"soldOut"`
	ProductIDs   []wire.Scalar `json:"updated_product_ids"`
	ProductIDs2  []wire.Scalar `json:"updatedProductIds"`
	ProductInfo  productInfo   `json:"updated_product_info"`
	ProductInfo2 productInfo   `json:"updatedProductInfo"`
}

type webcastUser struct {
	ID       wire.Scalar `json:"id"`
	SecUID   wire.Scalar `json:"secUid"`
	Nickname wire.Scalar `json:"nickname"`
	UserAttr struct {
		IsAdmin wire.Scalar `json:"isAdmin"`
	} `json:"userAttr"`
}

type productInfo struct {
	Title wire.Scalar `json:"title"`
}

// webcast reads a message of douyinLive or f2.
func (r *reading) webcast(s shape, raw jsontext.Value) error {
	var m webcastMessage
	if err := json.Unmarshal(raw, &m, wire.Options); err != nil {
		return fmt.Errorf("no Webcast message: %w", wire.Clean(err))
	}
	method := m.Common.Method
	if method == "" {
		method = s.Method
	}
	e := feed.Event{
		Kind: feed.KindSystem, ID: wire.FirstID(m.Common.MsgID), Room: wire.FirstID(m.Common.RoomID),
		At: wire.Guess(m.Common.CreateTime), User: m.User.viewer(), Text: string(m.Content),
	}
	switch method {
	case "WebcastChatMessage":
		e.Kind = feed.KindChat
	case "WebcastEmojiChatMessage":
		e.Kind, e.Text = feed.KindChat, string(wire.First(m.DefaultContent, m.Content))
	case "WebcastMemberMessage":
		e.Kind = feed.KindEnter
	case "WebcastGiftMessage":
		return r.webcastGift(e, m, raw)
	case "WebcastLiveShoppingMessage":
		return r.shopping(e, m, raw)
	case "WebcastProductChangeMessage":
		e.Code, e.Count = "bag_changed", m.Total.Count()
	case "WebcastControlMessage":
		e.Code = "control"
		if wire.First(m.Status, m.Action) == "3" {
			e.Code, e.Text = feed.CodeStreamEnd, "live ended"
		}
	case "WebcastSocialMessage":
		e.Code = "follow"
		if m.Action == "3" {
			e.Code = "share"
		}
	case "WebcastLikeMessage":
		e.Code, e.Count = "like", m.Count.Count()
	case "WebcastFansclubMessage":
		e.Code = "fansclub"
	default:
		if leftOut[method] {
			return nil
		}
		return feed.Unknown(method, fmt.Errorf("unknown method %s", wire.Quote(method)))
	}
	r.add(e, raw)
	return nil
}

func (u webcastUser) viewer() feed.User {
	p := wire.Viewer(wire.FirstID(u.ID, u.SecUID), u.Nickname)
	if u.UserAttr.IsAdmin == "1" {
		p.Role = feed.RoleModerator
	}
	return p
}

// maxCombos is how many combos one generation holds.
const maxCombos = 2048

// combos remembers the running total of each gift combo. It keeps two
// generations, so that a combo that is still going is never forgotten.
type combos struct {
	young, old map[string]int64
}

// added notes the total of a combo, and returns by how much it grew.
func (c *combos) added(key string, total int64) int64 {
	last, known := c.young[key]
	if !known {
		last = c.old[key]
	}
	if len(c.young) >= maxCombos && !known {
		c.young, c.old = nil, c.young
	}
	if c.young == nil {
		c.young = make(map[string]int64)
	}
	c.young[key] = max(total, last)
	return total - last
}

// webcastGift counts what a message adds: RepeatCount is the running total of
// one person's combo, and the message that ends it tells the total once more.
func (r *reading) webcastGift(e feed.Event, m webcastMessage, raw jsontext.Value) error {
	total := max(wire.First(m.RepeatCount, m.ComboCount).Count(), 1)
	added := total
	if id := wire.FirstID(m.GroupID); id != "" {
		key := e.User.ID + "\x00" + id + "\x00" + string(m.GiftID)
		if added = r.s.combos.added(key, total); added <= 0 {
			return nil
		}
	}
	e.Kind, e.Count = feed.KindGift, added
	e.Text = giftText(string(m.Gift.Name), wire.First(m.GiftID, m.Gift.ID), added)
	r.add(e, raw)
	return nil
}

// shopping reads which products the host turned to, or that one is sold out.
// The title is that of the first.
func (r *reading) shopping(e feed.Event, m webcastMessage, raw jsontext.Value) error {
	ids := slices.DeleteFunc(append(m.ProductIDs, m.ProductIDs2...), func(id wire.Scalar) bool { return id == "" })
	if len(ids) == 0 {
		return errors.New("a shopping message without a product")
	}
	if len(ids) > maxMessages {
		return fmt.Errorf("a shopping message with more than %d products", maxMessages)
	}
	title := string(wire.First(m.ProductInfo.Title, m.ProductInfo2.Title))
	e.Kind = feed.KindProduct
	if wire.First(m.SoldOut, m.SoldOut2) == "1" {
		e.Kind, e.Code, e.Text = feed.KindSystem, feed.CodeStockOut, title
	}
	id := e.ID
	for i, product := range ids {
		e.Product = &feed.Product{ID: string(product), Stock: -1}
		if i == 0 {
			e.Product.Title = title
		}
		if e.Code == feed.CodeStockOut {
			e.Product.Stock = 0
		}
		if i > 0 && id != "" {
			e.ID = id + "." + string(product)
		}
		r.add(e, raw)
	}
	return nil
}
