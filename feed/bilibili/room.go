package bilibili

import (
	"errors"
	"fmt"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// liveStarted may come several times for one broadcast, with one live_key; its
// roomid is a number where PREPARING writes a string.
func liveStarted(m *message, c *command) error {
	e := feed.Event{Kind: feed.KindSystem, Code: "stream_start", Text: "live started", At: wire.Seconds(c.LiveTime)}
	if key := wire.FirstID(c.LiveKey, c.LiveTime); key != "" {
		e.ID = "live:" + key
	}
	return m.add(e, c)
}

func liveEnded(m *message, c *command) error {
	return m.add(feed.Event{Kind: feed.KindSystem, Code: feed.CodeStreamEnd, Text: "live ended"}, c)
}

// platform reads a step of the platform's own moderators against the room,
// which nothing is more urgent than.
func platform(code, severity string) handler {
	return func(m *message, c *command) error {
		said := wire.First(c.Msg, c.Reason)
		if said == "" && c.Data.Kind() == '{' {
			var d struct {
				Msg    wire.Scalar `json:"msg"`
				Reason wire.Scalar `json:"reason"`
			}
			if err := c.data(&d); err != nil {
				return err
			}
			said = wire.First(d.Msg, d.Reason)
		}
		if said == "" && c.Expire != "" {
			said = "locked until " + c.Expire
		}
		return m.add(feed.Event{Kind: feed.KindSystem, Code: code, Severity: severity, Text: string(said)}, c)
	}
}

// silencers are who took somebody's voice, as ROOM_BLOCK_MSG numbers them.
var silencers = map[wire.Scalar]string{"1": "a moderator", "2": "the host"}

func blocked(m *message, c *command) error {
	var d struct {
		UID      wire.Scalar `json:"uid"`
		Uname    wire.Scalar `json:"uname"`
		Operator wire.Scalar `json:"operator"`
	}
	if c.Data.Kind() == '{' {
		if err := c.data(&d); err != nil {
			return err
		}
	}
	text := "muted"
	if by := silencers[d.Operator]; by != "" {
		text += " by " + by
	}
	return m.add(feed.Event{
		Kind: feed.KindSystem, Code: "user_muted", Text: text,
		User: wire.Viewer(wire.FirstID(d.UID, c.UID), wire.First(d.Uname, c.Uname)),
	}, c)
}

// recall tells that something was withdrawn. What target_id counts depends on
// recall_type and is not known to be a chat's id, so the text tells both.
func recall(m *message, c *command) error {
	var d struct {
		Type   wire.Scalar `json:"recall_type"`
		Target wire.Scalar `json:"target_id"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	e := feed.Event{
		Kind: feed.KindSystem, Code: feed.CodeRetracted, Retracts: wire.FirstID(d.Target),
		Text: fmt.Sprintf("messages withdrawn: type %s, target %s", d.Type, d.Target),
	}
	if e.Retracts == "" {
		e.Code = "messages_withdrawn"
	}
	return m.add(e, c)
}

// hotBuy tells which product is being bought, which is the nearest that the
// platform comes to saying which one is on air.
func hotBuy(m *message, c *command) error {
	var d struct {
		GoodsID wire.Scalar `json:"goods_id"`
		Num     wire.Scalar `json:"num"`
	}
	if err := c.data(&d); err != nil {
		return err
	}
	if d.GoodsID == "" {
		return errors.New("no goods_id")
	}
	return m.add(feed.Event{
		Kind: feed.KindProduct, Count: d.Num.Count(),
		Product: &feed.Product{ID: string(d.GoodsID), Stock: -1},
	}, c)
}
