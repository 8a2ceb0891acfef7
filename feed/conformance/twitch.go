package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/twitch"
	"liveroom/feed/twitch/twitchtest"
)

const (
	twitchChannel = "nanzhi"
	twitchToken   = "sup3rs3cret"
)

// Twitch is a channel's chat over IRC.
func Twitch() Subject {
	return Subject{
		Name: "twitch",
		Open: func(_ testing.TB, s Stage) Room { return newTwitch(s, 0) },
		Cannot: map[Ability]string{
			Resumes:  "Twitch sends nothing of what was said while nobody listened",
			HandsOff: "RECONNECT names no other address, and the old connection may end at once",
			Acks:     "IRC knows no acknowledgement",
		},
		Beats:   1, // in 4 minutes
		Denied:  "make a new token",
		Secrets: []string{twitchToken, "stale"},
	}
}

// TwitchRepeated is a channel behind a service that repeats its last lines to who
// joins.
func TwitchRepeated() Subject {
	s := Twitch()
	s.Name = "twitch behind a service that repeats"
	s.Open = func(_ testing.TB, s Stage) Room { return newTwitch(s, 100) }
	delete(s.Cannot, Resumes)
	return s
}

type twitchRoom struct {
	*twitchtest.Server
	token string
}

func newTwitch(s Stage, replay int) *twitchRoom {
	token := twitchToken
	if s.Denied {
		token = "stale"
	}
	return &twitchRoom{Server: twitchtest.New(twitchtest.Options{Channel: twitchChannel, Token: twitchToken, Replay: replay}), token: token}
}

// Source reads the channel with an account.
func (r *twitchRoom) Source(*feed.Config) (feed.Protocol, error) {
	return twitch.New(twitch.Options{URL: r.URL(), Channel: twitchChannel, Login: "watcher", Token: r.token})
}

// WaitJoined counts JOINs.
func (r *twitchRoom) WaitJoined(n int, patience time.Duration) error { return r.WaitJoins(n, patience) }

// Say says all in one frame.
func (r *twitchRoom) Say(messages ...Message) error {
	var lines []string
	for _, m := range messages {
		badges := map[feed.Role]string{feed.RoleHost: "broadcaster/1", feed.RoleModerator: "moderator/1,subscriber/6"}[m.Role]
		lines = append(lines, fmt.Sprintf("@badges=%s;display-name=%s;id=%s;mod=0;room-id=1;tmi-sent-ts=%d;user-id=%s :u%[5]s!u%[5]s@u%[5]s.tmi.twitch.tv PRIVMSG #%[6]s :%[7]s",
			badges, escapeTag(m.Name), m.ID, m.At.UnixMilli(), m.Author, twitchChannel, m.Text))
	}
	r.Server.Say(lines...)
	return nil
}

var escapeTag = strings.NewReplacer(`\`, `\\`, ";", `\:`, " ", `\s`, "\r", `\r`, "\n", `\n`).Replace

// Retract deletes one message.
func (r *twitchRoom) Retract(m Message) error {
	r.Server.Say(fmt.Sprintf("@login=u%s;room-id=;target-msg-id=%s;tmi-sent-ts=%d :tmi.twitch.tv CLEARMSG #%s :%s",
		m.Author, m.ID, time.Now().UnixMilli(), twitchChannel, m.Text))
	return nil
}

// Clear bans whoever wrote a message, or empties the chat.
func (r *twitchRoom) Clear(of Message, at time.Time) error {
	who, whom := "", ""
	if of.Author != "" {
		who, whom = "target-user-id="+of.Author+";", " :u"+of.Author
	}
	r.Server.Say(fmt.Sprintf("@room-id=1;%stmi-sent-ts=%d :tmi.twitch.tv CLEARCHAT #%s%s", who, at.UnixMilli(), twitchChannel, whom))
	return nil
}

// Kick asks everybody to come again.
func (r *twitchRoom) Kick() error {
	r.Reconnect()
	return nil
}

// WaitBeats counts our PINGs.
func (r *twitchRoom) WaitBeats(n int, patience time.Duration) error { return r.WaitPings(n, patience) }

// Odd is a command that IRC does not have.
func (r *twitchRoom) Odd() error {
	r.Server.Say(":tmi.twitch.tv HOLOGRAM #" + twitchChannel + " :soon")
	return nil
}

// Break is a line without a command.
func (r *twitchRoom) Break() error {
	r.Server.Say("@id=1 :tmi.twitch.tv")
	return nil
}
