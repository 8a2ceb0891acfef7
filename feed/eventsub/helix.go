package eventsub

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// Where Twitch answers, and what no answer of it exceeds.
const (
	defaultAPI = "https://api.twitch.tv/helix"
	defaultID  = "https://id.twitch.tv/oauth2"
	maxAnswer  = 1 << 20
)

// A Helix subscribes through Twitch's HTTP API, as the user to whom a token
// belongs. It may be used by several goroutines.
type Helix struct {
	channel, token string
	api, id        string
	client         *http.Client
}

// HelixOptions say for whom a Helix asks, and for which channel.
type HelixOptions struct {
	Channel string // the broadcaster's login, with or without "#"
	Token   string // a user's access token, with or without "oauth:"
	API, ID string // where Twitch answers; empty means its own addresses
	Client  *http.Client
}

// NewHelix makes a Helix. It follows no redirect, since that would take the token
// elsewhere.
func NewHelix(o HelixOptions) *Helix {
	h := &Helix{
		channel: strings.ToLower(strings.TrimPrefix(o.Channel, "#")), token: strings.TrimPrefix(o.Token, "oauth:"),
		api: defaultAPI, id: defaultID, client: &http.Client{},
	}
	if o.API != "" {
		h.api = o.API
	}
	if o.ID != "" {
		h.id = o.ID
	}
	if o.Client != nil {
		c := *o.Client
		h.client = &c
	}
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// String never shows the token.
func (h *Helix) String() string { return "helix of #" + h.channel }

// GoString never shows the token.
func (h *Helix) GoString() string { return h.String() }

// A subject is a type of event, with the condition under which it is sent.
type subject struct {
	name, version string
	as            string // the member that names us; "" where none does
}

// subjects are what is asked for. The first is what the program cannot do
// without.
var subjects = []subject{
	{"channel.chat.message", "1", "user_id"},
	{"channel.chat.message_delete", "1", "user_id"},
	{"channel.chat.clear_user_messages", "1", "user_id"},
	{"channel.chat.clear", "1", "user_id"},
	{"channel.chat.notification", "1", "user_id"},
	{"automod.message.hold", "2", "moderator_user_id"},
	{"automod.message.update", "2", "moderator_user_id"},
	{"channel.moderate", "2", "moderator_user_id"},
	{"channel.suspicious_user.message", "1", "moderator_user_id"},
	{"stream.online", "1", ""},
	{"stream.offline", "1", ""},
}

// A Grant is what a token is good for.
type Grant struct {
	Scopes  []string
	Expires time.Duration // from now; 0: it does not

	client, user, channel string // ids
}

// Check asks whose the token is and for the channel. It changes nothing at Twitch.
func (h *Helix) Check(ctx context.Context) (Grant, error) {
	var me struct {
		ClientID string      `json:"client_id"`
		UserID   string      `json:"user_id"`
		Scopes   []string    `json:"scopes"`
		Expires  wire.Scalar `json:"expires_in"`
	}
	if err := h.ask(ctx, http.MethodGet, h.id+"/validate", "", nil, &me); err != nil {
		return Grant{}, fmt.Errorf("check the token: %w", err)
	}
	var found struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	where := h.api + "/users?login=" + url.QueryEscape(h.channel)
	if err := h.ask(ctx, http.MethodGet, where, me.ClientID, nil, &found); err != nil {
		return Grant{}, fmt.Errorf("find the channel: %w", err)
	}
	if len(found.Data) == 0 {
		return Grant{}, &feed.DeniedError{Reason: fmt.Sprintf("twitch knows no channel %s: check channel in the config", wire.Quote(h.channel))}
	}
	seconds := min(me.Expires.Count(), int64(maxExpiry/time.Second))
	return Grant{
		Scopes: me.Scopes, Expires: time.Duration(seconds) * time.Second,
		client: me.ClientID, user: me.UserID, channel: found.Data[0].ID,
	}, nil
}

// maxExpiry bounds what an answer may claim, so that it stays a time.
const maxExpiry = 10 * 365 * 24 * time.Hour

// Subscribe asks for every subject. What the token's scopes do not allow is
// refused and left out; without the chat nothing is worth having.
func (h *Helix) Subscribe(ctx context.Context, session string) (refused []error, err error) {
	g, err := h.Check(ctx)
	if err != nil {
		return nil, err
	}
	for i, s := range subjects {
		err := h.subscribe(ctx, session, s, g.client, g.channel, g.user)
		if err == nil {
			continue
		}
		err = fmt.Errorf("%s is not sent: %w", s.name, err)
		if i == 0 {
			return refused, err
		}
		refused = append(refused, err)
	}
	return refused, nil
}

func (h *Helix) subscribe(ctx context.Context, session string, s subject, client, channel, me string) error {
	type transport struct {
		Method  string `json:"method"`
		Session string `json:"session_id"`
	}
	condition := map[string]string{"broadcaster_user_id": channel}
	if s.as != "" {
		condition[s.as] = me
	}
	body, err := json.Marshal(struct {
		Type      string            `json:"type"`
		Version   string            `json:"version"`
		Condition map[string]string `json:"condition"`
		Transport transport         `json:"transport"`
	}{s.name, s.version, condition, transport{"websocket", session}}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write the subscription: %w", err)
	}
	return h.ask(ctx, http.MethodPost, h.api+"/eventsub/subscriptions", client, body, nil)
}

// ask sends one request and reads its answer into v. Without a client id it is
// the token itself that is asked about.
func (h *Helix) ask(ctx context.Context, method, where, client string, body []byte, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, where, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask twitch: %w", wire.Clean(err))
	}
	req.Header.Set("Authorization", "OAuth "+h.token)
	if client != "" {
		req.Header.Set("Authorization", "Bearer "+h.token)
		req.Header.Set("Client-Id", client)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask twitch: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("ask twitch: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return refusal(resp.StatusCode, answer)
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(answer, v, wire.Options); err != nil {
		return fmt.Errorf("twitch's answer is no JSON: %w", wire.Clean(err))
	}
	return nil
}

// refusal is an answer that is none. Twitch says of a token that it is wrong, or
// of a scope that it is missing, and will say so again.
func refusal(code int, answer []byte) error {
	var said struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer, &said, wire.Options)
	why := fmt.Sprintf("HTTP %d %s", code, wire.Quote(said.Message))
	switch code {
	case http.StatusUnauthorized:
		return &feed.DeniedError{Reason: "twitch refused the token (" + why + "): make a new token of the account and set it in token"}
	case http.StatusForbidden:
		return &feed.DeniedError{Reason: "the token lacks a scope (" + why + "): make one with user:read:chat, and moderator:manage:automod and moderator:read:* for what moderators see"}
	}
	return fmt.Errorf("twitch answered %s", why)
}
