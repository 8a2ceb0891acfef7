package eventsub

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A target is a person, or a channel, that an action is about.
type target struct {
	ID        wire.Scalar `json:"user_id"`
	Login     wire.Scalar `json:"user_login"`
	Name      wire.Scalar `json:"user_name"`
	Reason    wire.Scalar `json:"reason"`
	Expires   wire.Scalar `json:"expires_at"`
	MessageID wire.Scalar `json:"message_id"`
	Message   wire.Scalar `json:"message_body"`
}

func (t target) user() feed.User {
	return wire.Viewer(wire.FirstID(t.ID), wire.First(t.Name, t.Login))
}

// A happening is the event of every notification; each type fills in a part.
type happening struct {
	BroadcasterID    wire.Scalar `json:"broadcaster_user_id"`
	BroadcasterLogin wire.Scalar `json:"broadcaster_user_login"`
	ChatterID        wire.Scalar `json:"chatter_user_id"`
	ChatterLogin     wire.Scalar `json:"chatter_user_login"`
	ChatterName      wire.Scalar `json:"chatter_user_name"`
	TargetID         wire.Scalar `json:"target_user_id"`
	TargetLogin      wire.Scalar `json:"target_user_login"`
	TargetName       wire.Scalar `json:"target_user_name"`
	UserID           wire.Scalar `json:"user_id"`
	UserLogin        wire.Scalar `json:"user_login"`
	UserName         wire.Scalar `json:"user_name"`
	SourceID         wire.Scalar `json:"source_broadcaster_user_id"`

	MessageID wire.Scalar    `json:"message_id"`
	Message   jsontext.Value `json:"message"`
	Badges    jsontext.Value `json:"badges"`
	Cheer     jsontext.Value `json:"cheer"`

	NoticeType    wire.Scalar    `json:"notice_type"`
	SystemMessage wire.Scalar    `json:"system_message"`
	Raid          jsontext.Value `json:"raid"`
	SharedRaid    jsontext.Value `json:"shared_chat_raid"`
	Gifts         jsontext.Value `json:"community_sub_gift"`
	SharedGifts   jsontext.Value `json:"shared_chat_community_sub_gift"`

	Reason    wire.Scalar    `json:"reason"`
	AutoMod   jsontext.Value `json:"automod"`
	Status    wire.Scalar    `json:"status"`
	HeldAt    wire.Scalar    `json:"held_at"`
	ModName   wire.Scalar    `json:"moderator_user_name"`
	ModLogin  wire.Scalar    `json:"moderator_user_login"`
	Action    wire.Scalar    `json:"action"`
	EndsAt    wire.Scalar    `json:"ends_at"`
	Permanent wire.Scalar    `json:"is_permanent"`
	Trust     wire.Scalar    `json:"low_trust_status"`
	Title     wire.Scalar    `json:"title"`
}

// part reads a member that is an object, or null, into v. What is neither reads
// as not told.
func part(raw jsontext.Value, v any) {
	if raw.Kind() == '{' {
		_ = json.Unmarshal(raw, v, wire.Options)
	}
}

// text is what was said, without the wrapping of an action.
func (h happening) text() string {
	var said struct {
		Text wire.Scalar `json:"text"`
	}
	if h.Message.Kind() == '"' { // the first version of a subscription
		said.Text = wire.Scalar(wire.Text(h.Message))
	}
	part(h.Message, &said)
	if action, ok := strings.CutPrefix(string(said.Text), "\x01ACTION "); ok {
		return strings.TrimSuffix(action, "\x01")
	}
	return string(said.Text)
}

func (h happening) chatter() feed.User {
	u := wire.Viewer(wire.FirstID(h.ChatterID), wire.First(h.ChatterName, h.ChatterLogin))
	for _, b := range wire.Array(h.Badges) {
		var badge struct {
			Set wire.Scalar `json:"set_id"`
		}
		part(b, &badge)
		switch badge.Set {
		case "broadcaster":
			u.Role = feed.RoleHost
			return u
		case "moderator", "lead_moderator":
			u.Role = feed.RoleModerator
		}
	}
	return u
}

func (h happening) user() feed.User {
	return wire.Viewer(wire.FirstID(h.UserID), wire.First(h.UserName, h.UserLogin))
}

func (h happening) target() feed.User {
	return wire.Viewer(wire.FirstID(h.TargetID), wire.First(h.TargetName, h.TargetLogin))
}

var (
	errNoMessageID = errors.New("no message_id")
	errNoPerson    = errors.New("no target_user_id: it does not tell whose messages were cleared")
)

// notification turns one notification into its event.
func (s *session) notification(m message, recv time.Time) (feed.Event, error) {
	var h happening
	raw := m.Payload.Event
	if raw.Kind() != '{' {
		return feed.Event{}, errors.New("the notification has no event object")
	}
	if err := json.Unmarshal(raw, &h, wire.Options); err != nil {
		return feed.Event{}, fmt.Errorf("event: %w", wire.Clean(err))
	}
	e := s.event(m, target{Login: h.BroadcasterLogin}, recv)
	subject := m.Metadata.Subject
	if subject == "" {
		subject = string(m.Payload.Subscription.Type)
	}
	var err error
	switch subject {
	case "channel.chat.message":
		err = chat(&e, h)
	case "channel.chat.notification":
		err = notice(&e, h)
	case "channel.chat.message_delete":
		e.Code, e.User, e.Retracts = feed.CodeRetracted, h.target(), string(h.MessageID)
		err = need(h.MessageID)
	case "channel.chat.clear_user_messages":
		e.Code, e.User, e.Clears = feed.CodePersonCleared, h.target(), feed.ClearsPerson
		e.Text = "all messages of " + e.User.Name + " were cleared"
		if e.User.ID == "" {
			err = errNoPerson
		}
	case "channel.chat.clear":
		chatCleared(&e)
	case "automod.message.hold", "automod.message.update":
		err = automod(&e, h, subject)
	case "channel.moderate":
		moderate(&e, h, raw)
	case "channel.ban":
		ban(&e, h)
	case "channel.unban":
		e.Code, e.User = "user_unbanned", h.user()
		e.Text = e.User.Name + " was unbanned"
	case "channel.suspicious_user.message":
		e.Code, e.User, e.Text, e.Severity = "suspicious_user", h.user(), h.text(), "medium"
	case "channel.suspicious_user.update":
		e.Code, e.User, e.Text = "suspicious_user_update", h.user(), string(h.Trust)
	case "stream.online":
		e.Code, e.Text = "stream_start", "live started"
	case "stream.offline":
		e.Code, e.Text = feed.CodeStreamEnd, "live ended"
	case "channel.update":
		e.Code, e.Text = "stream_info", string(h.Title)
	case "":
		return feed.Event{}, errors.New("the notification names no subscription_type")
	default:
		e.Code, e.Text = feed.CodeUnknown, subject
	}
	if err != nil {
		return feed.Event{}, fmt.Errorf("%s: %w", wire.Quote(subject), err)
	}
	return e, nil
}

func need(id wire.Scalar) error {
	if id == "" {
		return errNoMessageID
	}
	return nil
}

// chat fills in what somebody said. Its ID is the one it has on IRC, and so are
// the code and the meaning of Count.
func chat(e *feed.Event, h happening) error {
	var cheer struct {
		Bits wire.Scalar `json:"bits"`
	}
	part(h.Cheer, &cheer)
	e.Kind, e.ID, e.User, e.Text, e.Count = feed.KindChat, string(h.MessageID), h.chatter(), h.text(), cheer.Bits.Count()
	if h.SourceID != "" && h.SourceID != h.BroadcasterID {
		e.Code = "shared_chat"
	}
	return need(h.MessageID)
}

// notices are the names that notices have on IRC, and whether each stands for
// one payment or present.
var notices = map[string]struct {
	code string
	gift bool
}{
	"sub": {"sub", true}, "resub": {"resub", true}, "sub_gift": {"subgift", true},
	"gift_paid_upgrade": {"giftpaidupgrade", true}, "prime_paid_upgrade": {"primepaidupgrade", true},
	"pay_it_forward": {"communitypayforward", true}, "charity_donation": {"charitydonation", true},
	"community_sub_gift": {"submysterygift", false}, "raid": {"raid", false}, "unraid": {"unraid", false},
	"announcement": {"announcement", false}, "bits_badge_tier": {"bitsbadgetier", false},
}

func notice(e *feed.Event, h happening) error {
	e.ID, e.User = string(h.MessageID), h.chatter()
	name := strings.TrimPrefix(string(h.NoticeType), "shared_chat_")
	n, known := notices[name]
	if e.Code = n.code; !known {
		e.Code, e.Channel = feed.CodeUnknown, "notice "+name
	}
	e.Text = strings.TrimSpace(string(h.SystemMessage))
	if said := h.text(); said != "" {
		if e.Text != "" {
			e.Text += " — "
		}
		e.Text += said
	}
	var counted struct {
		Viewers wire.Scalar `json:"viewer_count"`
		Total   wire.Scalar `json:"total"`
	}
	switch {
	case n.gift:
		e.Kind, e.Count = feed.KindGift, 1
	case name == "raid":
		part(h.Raid, &counted)
		part(h.SharedRaid, &counted)
		e.Count = counted.Viewers.Count()
	case name == "community_sub_gift":
		part(h.Gifts, &counted)
		part(h.SharedGifts, &counted)
		e.Count = counted.Total.Count()
	}
	return need(h.MessageID)
}

// CodeAutoModHold is of a message that AutoMod holds until a person decides.
const CodeAutoModHold = feed.CodeHeld

// levels are AutoMod's, as the program's severities.
var levels = map[wire.Scalar]string{"1": "low", "2": "medium", "3": "high", "4": "high"}

// automod fills in a message that AutoMod holds, or what became of one: its
// code then ends in Twitch's word for that. A term that the channel itself
// forbids has no level and is as bad as can be.
func automod(e *feed.Event, h happening, subject string) error {
	var verdict struct {
		Category wire.Scalar `json:"category"`
		Level    wire.Scalar `json:"level"`
	}
	part(h.AutoMod, &verdict)
	e.User, e.Text, e.Code = h.user(), h.text(), CodeAutoModHold
	if subject == "automod.message.update" {
		e.Code, e.Channel = "automod_"+strings.ToLower(string(h.Status)), string(wire.First(h.ModName, h.ModLogin))
	} else {
		e.Severity, e.At = levels[verdict.Level], wire.FirstTime(stamp(h.HeldAt), e.At)
		e.Channel = "AutoMod"
		if verdict.Category != "" {
			e.Channel += " " + string(verdict.Category) + ", level " + string(verdict.Level)
		}
		if h.Reason == "blocked_term" {
			e.Severity, e.Channel = "high", "AutoMod blocked term"
		}
	}
	e.ID = e.Code + ":" + string(h.MessageID)
	return need(h.MessageID)
}

func ban(e *feed.Event, h happening) {
	e.User = h.user()
	silenced(e, target{Reason: h.Reason, Expires: h.EndsAt})
	if h.Permanent == "1" {
		silenced(e, target{Reason: h.Reason})
	}
}

// silenced says that e.User may not speak: for a time, or for good.
func silenced(e *feed.Event, t target) {
	e.Code, e.Text = "user_banned", e.User.Name+" was banned"
	if until := stamp(t.Expires); !until.IsZero() {
		e.Code, e.Text = "user_muted", fmt.Sprintf("%s was muted until %s", e.User.Name, until.Format(time.RFC3339))
	}
	e.Text += because(t)
}

func chatCleared(e *feed.Event) {
	e.Code, e.Text, e.Clears = feed.CodeChatCleared, "the chat was cleared", feed.ClearsChat
}

func because(t target) string {
	if t.Reason == "" {
		return ""
	}
	return ": " + string(t.Reason)
}

// moderate fills in what a moderator did. The member named like the action says
// to whom.
func moderate(e *feed.Event, h happening, raw jsontext.Value) {
	var members map[string]jsontext.Value
	part(raw, &members)
	var t target
	part(members[string(h.Action)], &t)
	e.User = t.user()
	switch action := strings.TrimPrefix(string(h.Action), "shared_chat_"); action {
	case "ban", "timeout":
		silenced(e, t)
	case "unban":
		e.Code, e.Text = "user_unbanned", e.User.Name+" was unbanned"
	case "untimeout":
		e.Code, e.Text = "user_unmuted", e.User.Name+" was unmuted"
	case "warn":
		e.Code, e.Text = "user_warned", e.User.Name+" was warned"+because(t)
	case "delete":
		if t.MessageID == "" {
			e.Code, e.Text = "moderate", strings.TrimSpace("delete "+e.User.Name)
			return
		}
		e.Code, e.Text, e.Retracts = feed.CodeRetracted, string(t.Message), string(t.MessageID)
	case "clear":
		chatCleared(e)
	case "":
		e.Code, e.Text = feed.CodeUnknown, "channel.moderate"
	default:
		e.Code, e.Text = "moderate", strings.TrimSpace(action+" "+e.User.Name)
	}
}
