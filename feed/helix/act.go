package helix

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

const (
	// longestMute is what Twitch allows of a timeout.
	longestMute = 14 * 24 * time.Hour
	// longestReply is how many characters Twitch takes.
	longestReply = 500
)

// Act does one act and returns what Twitch calls the result.
func (a *API) Act(ctx context.Context, act feed.Act) (string, error) {
	scope, can := Scopes[act.Kind]
	switch {
	case !can:
		return "", &feed.RefusedError{Reason: fmt.Sprintf("twitch's API knows no %s: it can %s", act.Kind, known())}
	case act.Target == "":
		return "", &feed.RefusedError{Reason: fmt.Sprintf("%s names nobody and nothing", act.Kind)}
	}
	me, err := a.who(ctx, scope)
	if err != nil {
		return "", err
	}
	switch act.Kind {
	case feed.ActMute:
		return a.mute(ctx, me, act)
	case feed.ActUnmute:
		return a.unmute(ctx, me, act)
	case feed.ActDelete:
		return a.remove(ctx, me, act)
	case feed.ActPin:
		return a.pin(ctx, me, act)
	case feed.ActUnpin:
		return a.unpin(ctx, me, act)
	case feed.ActAllow, feed.ActDeny:
		return a.decide(ctx, me, act)
	}
	return a.reply(ctx, me, act)
}

// known names what the API can do.
func known() string {
	names := make([]string, 0, len(Kinds))
	for _, k := range Kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Once tells whether an act of the kind, done twice, is two things: it must not be
// asked for again where it may have been done.
func Once(kind feed.ActKind) bool { return kind == feed.ActReply }

// chat is an address in the channel, about what the parameter of that name tells; ""
// tells of nothing.
func (a *API) chat(path string, me account, name, value string) string {
	q := url.Values{"broadcaster_id": {me.broadcaster}, "moderator_id": {me.user}}
	if name != "" {
		q.Set(name, value)
	}
	return a.api + path + "?" + q.Encode()
}

// turnedDown is an answer that says no.
func turnedDown(got answer, hint string) error {
	if hint != "" {
		hint = ": " + hint
	}
	return &feed.RefusedError{Reason: "twitch answered " + got.said() + hint}
}

// noModerator is what mends a 403.
const noModerator = "the token's account must moderate the channel"

func (a *API) mute(ctx context.Context, me account, act feed.Act) (string, error) {
	d, err := feed.MuteTime(act.Text)
	switch {
	case err != nil:
		return "", &feed.RefusedError{Reason: err.Error()}
	case d > longestMute:
		return "", &feed.RefusedError{Reason: fmt.Sprintf("twitch mutes for %s at most, or for good", feed.MuteText(longestMute))}
	}
	type ban struct {
		User     string `json:"user_id"`
		Duration int64  `json:"duration,omitzero"`
	}
	got, err := a.do(ctx, call{
		method: http.MethodPost, address: a.chat("/moderation/bans", me, "", ""), client: me.client, needs: Scopes[act.Kind], busy: http.StatusConflict,
		body: struct {
			Data ban `json:"data"`
		}{ban{act.Target, int64(max((d+time.Second-1)/time.Second, 0))}},
	})
	switch {
	case err != nil:
		return "", err
	case got.status == http.StatusBadRequest && strings.Contains(got.said(), "already banned"):
		return "banned already", nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	case got.status/100 != 2:
		return "", turnedDown(got, "")
	}
	var made struct {
		Data []struct {
			End wire.Scalar `json:"end_time"`
		} `json:"data"`
	}
	if json.Unmarshal(got.body, &made, wire.Options) == nil && len(made.Data) > 0 && made.Data[0].End != "" {
		return "muted until " + string(made.Data[0].End), nil
	}
	if d > 0 {
		return "muted", nil
	}
	return "banned for good", nil
}

// unmute ends a timeout as well as a ban.
func (a *API) unmute(ctx context.Context, me account, act feed.Act) (string, error) {
	got, err := a.do(ctx, call{
		method: http.MethodDelete, address: a.chat("/moderation/bans", me, "user_id", act.Target), client: me.client, needs: Scopes[act.Kind], busy: http.StatusConflict,
	})
	switch {
	case err != nil:
		return "", err
	case got.status/100 == 2:
		return "may speak again", nil
	case got.status == http.StatusBadRequest && strings.Contains(got.said(), "not banned"):
		return "was not muted any more", nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	}
	return "", turnedDown(got, "")
}

func (a *API) remove(ctx context.Context, me account, act feed.Act) (string, error) {
	got, err := a.do(ctx, call{method: http.MethodDelete, address: a.chat("/moderation/chat", me, "message_id", act.Target), client: me.client, needs: Scopes[act.Kind]})
	switch {
	case err != nil:
		return "", err
	case got.status/100 == 2:
		return "deleted", nil
	case got.status == http.StatusNotFound:
		// It says the same of a message that is older than six hours, which no viewer
		// sees any more.
		return "twitch knows no such message any more: it was deleted before, or is older than six hours", nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	}
	return "", turnedDown(got, "")
}

func (a *API) pin(ctx context.Context, me account, act feed.Act) (string, error) {
	got, err := a.do(ctx, call{method: http.MethodPut, address: a.chat("/chat/pins", me, "message_id", act.Target), client: me.client, needs: Scopes[act.Kind]})
	switch {
	case err != nil:
		return "", err
	case got.status/100 == 2:
		return "pinned until the stream ends", nil
	case got.status == http.StatusConflict:
		return "pinned already", nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	case got.status == http.StatusNotFound:
		return "", turnedDown(got, "the message is gone")
	}
	return "", turnedDown(got, "")
}

func (a *API) unpin(ctx context.Context, me account, act feed.Act) (string, error) {
	got, err := a.do(ctx, call{method: http.MethodDelete, address: a.chat("/chat/pins", me, "message_id", act.Target), client: me.client, needs: Scopes[act.Kind]})
	switch {
	case err != nil:
		return "", err
	case got.status/100 == 2:
		return "unpinned", nil
	case got.status == http.StatusNotFound:
		return "was not pinned any more", nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	}
	return "", turnedDown(got, "")
}

// decide tells AutoMod what becomes of a message that it holds.
func (a *API) decide(ctx context.Context, me account, act feed.Act) (string, error) {
	action, done := "ALLOW", "allowed, shown"
	if act.Kind == feed.ActDeny {
		action, done = "DENY", "denied, not shown"
	}
	got, err := a.do(ctx, call{
		method: http.MethodPost, address: a.api + "/moderation/automod/message", client: me.client, needs: Scopes[act.Kind],
		body: struct {
			User    string `json:"user_id"`
			Message string `json:"msg_id"`
			Action  string `json:"action"`
		}{me.user, act.Target, action},
	})
	switch {
	case err != nil:
		return "", err
	case got.status/100 == 2:
		return done, nil
	case got.status == http.StatusForbidden:
		return "", turnedDown(got, noModerator)
	case got.status == http.StatusNotFound, got.status == http.StatusBadRequest:
		// Nothing that a request can lack is lacking in ours: what is left of 400 is a
		// message that was decided before, a first try of this one's among them.
		return "", &feed.SettledError{Reason: "twitch holds the message no more: it was decided there, or its time is over (" + got.said() + ")"}
	}
	return "", turnedDown(got, "")
}

func (a *API) reply(ctx context.Context, me account, act feed.Act) (string, error) {
	if n := utf8.RuneCountInString(act.Text); n > longestReply {
		return "", &feed.RefusedError{Reason: fmt.Sprintf("the answer has %d characters, twitch takes %d: shorten it", n, longestReply)}
	}
	got, err := a.do(ctx, call{
		method: http.MethodPost, address: a.api + "/chat/messages", client: me.client, needs: Scopes[act.Kind], once: true,
		body: struct {
			Broadcaster string `json:"broadcaster_id"`
			Sender      string `json:"sender_id"`
			Message     string `json:"message"`
			Parent      string `json:"reply_parent_message_id"`
		}{me.broadcaster, me.user, act.Text, act.Target},
	})
	switch {
	case err != nil:
		return "", err
	case got.status/100 != 2:
		return "", turnedDown(got, "")
	}
	var made struct {
		Data []struct {
			ID   wire.Scalar `json:"message_id"`
			Sent bool        `json:"is_sent"`
			Drop struct {
				Message wire.Scalar `json:"message"`
			} `json:"drop_reason"`
		} `json:"data"`
	}
	if err := json.Unmarshal(got.body, &made, wire.Options); err != nil || len(made.Data) == 0 {
		return "", fmt.Errorf("twitch's answer cannot be read: %w", feed.ErrPerhaps)
	}
	if m := made.Data[0]; !m.Sent {
		why := feed.Sanitise(string(m.Drop.Message)).Truncate(200).String()
		return "", &feed.RefusedError{Reason: "twitch dropped the answer: " + why}
	}
	return "sent as " + string(made.Data[0].ID), nil
}
