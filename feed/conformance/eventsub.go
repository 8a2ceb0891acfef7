package conformance

import (
	"fmt"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/eventsub"
	"liveroom/feed/eventsub/eventsubtest"
	"liveroom/feed/helix"
)

// EventSub is a channel over Twitch's EventSub.
func EventSub() Subject {
	return Subject{
		Name: "eventsub",
		Open: newEventSub,
		Cannot: map[Ability]string{
			Resumes: "Twitch sends nothing of what was said while nobody was subscribed",
			Acks:    "Twitch closes a connection on which anything is said",
		},
		Denied:  "check the token",
		Secrets: []string{twitchToken, "stale"},
		// Twitch promises a sign of life in 10 s; a fifth of the usual haste leaves a
		// busy machine time for it.
		Pace:  20,
		Beats: 20,
	}
}

type eventSubRoom struct {
	*eventsubtest.Server
	token string
}

func newEventSub(_ testing.TB, s Stage) Room {
	r := &eventSubRoom{token: twitchToken, Server: eventsubtest.New(eventsubtest.Options{
		Channel: twitchChannel, Token: twitchToken, Keepalive: 50 * time.Millisecond,
	})}
	if s.Denied {
		r.token = "stale"
	}
	return r
}

// Source subscribes with the account's token.
func (r *eventSubRoom) Source(*feed.Config) (feed.Protocol, error) {
	api, err := helix.New(helix.Options{Channel: twitchChannel, Token: r.token, Host: r.API()})
	if err != nil {
		return nil, fmt.Errorf("the API of twitch: %w", err)
	}
	return eventsub.New(eventsub.Options{Channel: twitchChannel, URL: r.URL(), Subscriber: eventsub.Through(api)}), nil
}

// Say sends a notification for each.
func (r *eventSubRoom) Say(messages ...Message) error {
	for _, m := range messages {
		badges := []any{}
		if set := map[feed.Role]string{feed.RoleHost: "broadcaster", feed.RoleModerator: "moderator"}[m.Role]; set != "" {
			badges = append(badges, map[string]any{"set_id": "subscriber", "id": "6"}, map[string]any{"set_id": set, "id": "1"})
		}
		r.NotifyAt(m.At, "channel.chat.message", map[string]any{
			"broadcaster_user_id": "7", "broadcaster_user_login": twitchChannel, "chatter_user_id": m.Author, "chatter_user_login": "u" + m.Author,
			"chatter_user_name": m.Name, "message_id": m.ID, "message": map[string]any{"text": m.Text}, "badges": badges,
		})
	}
	return nil
}

// withdrawalsAsked is with how many subscriptions the program has asked for the chat and
// for all by which it is told of withdrawals: of those it makes one after the other, and
// is joined with the first.
const withdrawalsAsked = 4

// Retract deletes one message.
func (r *eventSubRoom) Retract(m Message) error {
	if err := r.WaitSubscribed(withdrawalsAsked, patience); err != nil {
		return err
	}
	r.NotifyAt(time.Now(), "channel.chat.message_delete", map[string]any{
		"broadcaster_user_login": twitchChannel, "message_id": m.ID, "target_user_id": m.Author, "target_user_name": m.Name,
	})
	return nil
}

// Clear takes out what whoever wrote a message wrote, or all of the chat.
func (r *eventSubRoom) Clear(of Message, at time.Time) error {
	if err := r.WaitSubscribed(withdrawalsAsked, patience); err != nil {
		return err
	}
	if of.Author == "" {
		r.NotifyAt(at, "channel.chat.clear", map[string]any{"broadcaster_user_login": twitchChannel})
		return nil
	}
	r.NotifyAt(at, "channel.chat.clear_user_messages", map[string]any{
		"broadcaster_user_login": twitchChannel, "target_user_id": of.Author, "target_user_login": "u" + of.Author, "target_user_name": of.Name,
	})
	return nil
}

// Kick asks the session to go on at another address.
func (r *eventSubRoom) Kick() error {
	r.Move()
	return nil
}

// WaitBeats counts keepalives.
func (r *eventSubRoom) WaitBeats(n int, patience time.Duration) error {
	return r.WaitKeepalives(n, patience)
}

// Odd is a type of event that Twitch does not have.
func (r *eventSubRoom) Odd() error {
	r.Force("channel.hologram.begin", map[string]any{"broadcaster_user_login": twitchChannel})
	return nil
}

// Break is a chat message that names no id.
func (r *eventSubRoom) Break() error {
	r.NotifyAt(time.Now(), "channel.chat.message", map[string]any{"message": map[string]any{"text": "x"}})
	return nil
}
