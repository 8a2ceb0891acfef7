package helix

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// account is whom the token belongs to, and the channel's number.
type account struct {
	client, user, login string
	scopes              []string
	broadcaster         string
	checked             time.Time
}

// checkEvery is how often a token is asked about: Twitch wants it every hour.
const checkEvery = time.Hour

func (a *API) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.me = nil
}

// who tells who asks, and for which channel; the token must have the scope.
func (a *API) who(ctx context.Context, scope string) (account, error) {
	me, err := a.known(ctx)
	if err != nil {
		return me, err
	}
	if !slices.Contains(me.scopes, scope) {
		a.forget() // it may be given one: the next act asks again
		return me, &feed.RefusedError{Reason: fmt.Sprintf("the token of %s lacks the scope %s: make one that has it and set it in token", wire.Quote(me.login), scope)}
	}
	return me, nil
}

func (a *API) known(ctx context.Context) (account, error) {
	a.mu.Lock()
	me := a.me
	a.mu.Unlock()
	if me != nil && a.clock().Sub(me.checked) < checkEvery {
		return *me, nil
	}
	var token struct {
		ClientID string   `json:"client_id"`
		UserID   string   `json:"user_id"`
		Login    string   `json:"login"`
		Scopes   []string `json:"scopes"`
	}
	if err := a.read(ctx, call{method: http.MethodGet, address: a.id + "/validate"}, &token); err != nil {
		return account{}, fmt.Errorf("check the token: %w", err)
	}
	if token.UserID == "" || token.ClientID == "" {
		return account{}, &feed.RefusedError{Reason: "the token is no user's: make one of a moderator's account"}
	}
	var found struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	where := a.api + "/users?login=" + url.QueryEscape(a.channel)
	if err := a.read(ctx, call{method: http.MethodGet, address: where, client: token.ClientID}, &found); err != nil {
		return account{}, fmt.Errorf("find the channel: %w", err)
	}
	if len(found.Data) == 0 {
		return account{}, &feed.RefusedError{Reason: fmt.Sprintf("twitch knows no channel %s: check channel in the config", wire.Quote(a.channel))}
	}
	me = &account{client: token.ClientID, user: token.UserID, login: token.Login, scopes: token.Scopes, broadcaster: found.Data[0].ID, checked: a.clock()}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.me = me
	return *me, nil
}

// read asks for something that only tells.
func (a *API) read(ctx context.Context, c call, into any) error {
	got, err := a.do(ctx, c)
	if err != nil {
		return err
	}
	if got.status/100 != 2 {
		return &feed.RefusedError{Reason: "twitch answered " + got.said()}
	}
	if err := json.Unmarshal(got.body, into, wire.Options); err != nil {
		return fmt.Errorf("twitch's answer is no JSON: %w", wire.Clean(err))
	}
	return nil
}
