package twitch

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
)

// event says what one line means in the terms every source shares.
func (s *session) event(l line, recv time.Time) (feed.Event, error) {
	if l.param(0) == "" && l.command != "RECONNECT" && l.command != "GLOBALUSERSTATE" {
		return feed.Event{}, fmt.Errorf("%s: %w", excerpt([]byte(l.command)), errNoTarget)
	}
	e := feed.Event{
		Source: s.p.source,
		Room:   s.p.channel,
		Kind:   feed.KindSystem,
		Recv:   recv,
		At:     sentAt(l, recv),
		User:   sender(l),
	}
	if s.p.channel == "" && strings.HasPrefix(l.param(0), "#") {
		e.Source, e.Room = sourceOf(l.param(0)), l.param(0)
	}
	switch l.command {
	case "PRIVMSG":
		chat(&e, l)
	case "USERNOTICE":
		userNotice(&e, l)
	case "CLEARMSG":
		if err := clearMessage(&e, l); err != nil {
			return feed.Event{}, err
		}
	case "CLEARCHAT":
		clearChat(&e, l)
	case "NOTICE":
		e.Code, e.Text, e.User = noticeCode(l), l.param(1), feed.User{}
	case "JOIN":
		e.Kind, e.User = feed.KindEnter, member(l)
	case "PART":
		e.Code, e.User = "part", member(l)
	case "ROOMSTATE":
		e.Code, e.Text, e.User = "room_state", roomState(l), feed.User{}
	case "USERSTATE", "GLOBALUSERSTATE":
		e.Code = "user_state"
	case "HOSTTARGET":
		e.Code, e.Text = "host_target", l.param(1)
	case "RECONNECT":
		e.Code, e.Text = "reconnect", "Twitch asks for a new connection"
	default:
		e.Code, e.Text = feed.CodeUnknown, l.command
	}
	if e.ID == "" {
		e.ID = s.id(l, recv)
	}
	return e, nil
}

// id is the message's own id, else one that the same line sent again has too.
// A line without a time cannot be told from an equal later one; those get a
// number of their own.
func (s *session) id(l line, recv time.Time) string {
	if id := l.tag("id"); id != "" {
		return id
	}
	command := strings.ToLower(l.command)
	sent := l.tag("tmi-sent-ts")
	if sent == "" {
		s.seq++
		return fmt.Sprintf("%s:%d:%d", command, recv.UnixNano(), s.seq)
	}
	h := fnv.New64a()
	for _, part := range append([]string{l.prefix, l.tag("target-user-id"), l.tag("target-msg-id")}, l.params...) {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return fmt.Sprintf("%s:%s:%016x", command, sent, h.Sum64())
}

// latestMS is the end of the year 9999, past which a time cannot be written.
const latestMS = 253402300799999

// sentAt is when Twitch took the message, else when it arrived here.
func sentAt(l line, recv time.Time) time.Time {
	ms, err := strconv.ParseInt(l.tag("tmi-sent-ts"), 10, 64)
	if err != nil || ms <= 0 || ms > latestMS {
		return recv
	}
	return time.UnixMilli(ms).UTC()
}

// sender is who a tagged line is from. The display name may be empty or the
// login in another script.
func sender(l line) feed.User {
	u := feed.User{ID: l.tag("user-id"), Name: l.tag("display-name"), Role: role(l)}
	if u.Name == "" {
		u.Name = l.tag("login")
	}
	if u.Name == "" && strings.ContainsRune(l.prefix, '!') {
		u.Name = l.login()
	}
	return u
}

// member is who a JOIN or PART is about; those carry no tags.
func member(l line) feed.User {
	return feed.User{Name: l.login(), Role: feed.RoleViewer}
}

func role(l line) feed.Role {
	mod := l.tag("mod") == "1" || l.tag("user-type") == "mod"
	for badges := l.tag("badges"); badges != ""; {
		var badge string
		badge, badges, _ = strings.Cut(badges, ",")
		switch name, _, _ := strings.Cut(badge, "/"); name {
		case "broadcaster":
			return feed.RoleHost
		case "moderator", "lead_moderator":
			mod = true
		}
	}
	if mod {
		return feed.RoleModerator
	}
	return feed.RoleViewer
}

// chat fills in a PRIVMSG. A cheer stays a chat, because its text may matter as
// any other's; Count is then the number of bits.
func chat(e *feed.Event, l line) {
	e.Kind = feed.KindChat
	e.Text = l.param(1)
	if action, ok := strings.CutPrefix(e.Text, "\x01ACTION "); ok {
		e.Text = strings.TrimSuffix(action, "\x01")
	}
	e.Count = number(l.tag("bits"))
	if from := l.tag("source-room-id"); from != "" && from != l.tag("room-id") {
		e.Code = "shared_chat"
	}
}

// number reads a count; what is none, or less than none, counts as 0.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// gifts are the notices that stand for one payment or present each. A
// submysterygift is not one: each of its subs follows as a subgift of its own.
var gifts = map[string]bool{
	"sub": true, "resub": true, "subgift": true, "anonsubgift": true,
	"giftpaidupgrade": true, "anongiftpaidupgrade": true, "primepaidupgrade": true,
	"standardpayforward": true, "communitypayforward": true, "charitydonation": true,
}

func userNotice(e *feed.Event, l line) {
	e.Code = l.tag("msg-id")
	if e.Code == "sharedchatnotice" && l.tag("source-msg-id") != "" {
		e.Code = l.tag("source-msg-id")
	}
	if e.Code == "" {
		e.Code, e.Channel = feed.CodeUnknown, "USERNOTICE without msg-id"
	}
	e.Text = strings.TrimSpace(l.tag("system-msg"))
	if said := l.param(1); said != "" {
		if e.Text != "" {
			e.Text += " — "
		}
		e.Text += said
	}
	switch {
	case gifts[e.Code]:
		e.Kind, e.Count = feed.KindGift, 1
	case e.Code == "submysterygift" || e.Code == "anonsubmysterygift":
		e.Count = number(l.tag("msg-param-mass-gift-count"))
	case e.Code == "raid":
		e.Count = number(l.tag("msg-param-viewerCount"))
	}
}

// clearMessage fills in a CLEARMSG. Its room-id may be empty and its text cut
// short, so only the target counts.
func clearMessage(e *feed.Event, l line) error {
	e.Code = feed.CodeRetracted
	e.Retracts = l.tag("target-msg-id")
	e.Text = l.param(1)
	e.User = feed.User{Name: l.tag("login"), Role: feed.RoleViewer}
	if e.Retracts == "" {
		return errNoMessage
	}
	return nil
}

// clearChat fills in a CLEARCHAT: the whole chat emptied, or a person silenced for a
// time or for good, which takes what they wrote with it. A name alone clears nothing:
// it is not the one that their messages show.
func clearChat(e *feed.Event, l line) {
	login := l.param(1)
	e.User = feed.User{}
	if login == "" {
		e.Code, e.Text, e.Clears = feed.CodeChatCleared, "the chat was cleared", feed.ClearsChat
		return
	}
	e.User = feed.User{ID: l.tag("target-user-id"), Name: login, Role: feed.RoleViewer}
	if e.User.ID != "" {
		e.Clears = feed.ClearsPerson
	}
	if seconds := l.tag("ban-duration"); seconds != "" {
		e.Code, e.Text = "user_muted", fmt.Sprintf("%s was muted for %s s", login, seconds)
		return
	}
	e.Code, e.Text = "user_banned", login+" was banned"
}

func noticeCode(l line) string {
	if refusals[l.param(1)] && l.param(0) == "*" {
		return feed.CodeAuthFailed
	}
	if id := l.tag("msg-id"); id != "" {
		return id
	}
	return "notice"
}

// roomStates are the switches of a channel in the order they are shown.
var roomStates = []string{"emote-only", "followers-only", "r9k", "slow", "subs-only"}

func roomState(l line) string {
	var set []string
	for _, name := range roomStates {
		if v := l.tag(name); v != "" {
			set = append(set, name+"="+v)
		}
	}
	return strings.Join(set, " ")
}
