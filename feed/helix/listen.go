package helix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// A Grant is what a token is good for.
type Grant struct {
	Scopes  []string
	Expires time.Duration // from when it was asked; 0: it does not

	me account
}

// Lacks are those of the scopes that the token does not have.
func (g Grant) Lacks(scopes ...string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(g.Scopes, s) })
}

// Check asks whose the token is and for the channel, once. It changes nothing at
// Twitch. A *feed.DeniedError means that asking again is of no use.
func (a *API) Check(ctx context.Context) (Grant, error) {
	me, err := a.look(ctx, a.askOnce)
	if err != nil {
		return Grant{}, err
	}
	return Grant{Scopes: me.scopes, Expires: me.expires, me: me}, nil
}

// A Subject is a type of event, with the condition under which it is sent.
type Subject struct {
	Name, Version string
	As            string // the member that names the token's user; "" where none does
}

// Subscribe asks once for events of the channel to be sent to a websocket's session. A
// *feed.DeniedError means that asking again is of no use.
func (a *API) Subscribe(ctx context.Context, g Grant, s Subject, session string) error {
	type transport struct {
		Method  string `json:"method"`
		Session string `json:"session_id"`
	}
	condition := map[string]string{"broadcaster_user_id": g.me.broadcaster}
	if s.As != "" {
		condition[s.As] = g.me.user
	}
	return a.askOnce(ctx, call{
		method: http.MethodPost, address: a.api + "/eventsub/subscriptions", client: g.me.client,
		body: struct {
			Type      string            `json:"type"`
			Version   string            `json:"version"`
			Condition map[string]string `json:"condition"`
			Transport transport         `json:"transport"`
		}{s.Name, s.Version, condition, transport{"websocket", session}},
	}, nil)
}

// askOnce makes a request for who listens, and reads its answer into v; nil: nothing is
// read. Whoever listens dials again after a pause, so nothing is tried again here.
func (a *API) askOnce(ctx context.Context, c call, v any) error {
	got, _, err := a.try(ctx, c)
	switch {
	case err != nil:
		return err
	case got.status == http.StatusUnauthorized:
		return &feed.DeniedError{Reason: "twitch refused the token (" + got.said() + "): make a new token of the account and set it in token"}
	case got.status == http.StatusForbidden:
		return &feed.DeniedError{Reason: "the token lacks a scope (" + got.said() + "): make one with user:read:chat, and moderator:manage:automod and moderator:read:* for what moderators see"}
	case got.status/100 != 2:
		return errors.New("twitch answered " + got.said())
	case v == nil:
		return nil
	}
	return got.into(v)
}

// into reads an answer.
func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v, wire.Options); err != nil {
		return fmt.Errorf("twitch's answer is no JSON: %w", wire.Clean(err))
	}
	return nil
}
