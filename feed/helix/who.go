package helix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// account is whom the token belongs to, and the channel's number.
type account struct {
	client, user, login string
	scopes              []string
	broadcaster         string
	checked             time.Time
	expires             time.Duration // from then
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

// known is who asks, asked about again every hour.
func (a *API) known(ctx context.Context) (account, error) {
	a.mu.Lock()
	me := a.me
	a.mu.Unlock()
	if me != nil && a.clock().Sub(me.checked) < checkEvery {
		return *me, nil
	}
	found, err := a.look(ctx, a.read)
	var denied *feed.DeniedError
	if errors.As(err, &denied) { // who acts is refused, who listens denied
		err = &feed.RefusedError{Reason: denied.Reason}
	}
	if err != nil {
		return account{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.me = &found
	return found, nil
}

// look asks whose the token is, and for the channel.
func (a *API) look(ctx context.Context, ask func(context.Context, call, any) error) (account, error) {
	var token struct {
		ClientID string      `json:"client_id"`
		UserID   string      `json:"user_id"`
		Login    string      `json:"login"`
		Scopes   []string    `json:"scopes"`
		Expires  wire.Scalar `json:"expires_in"`
	}
	if err := ask(ctx, call{method: http.MethodGet, address: a.id + "/validate"}, &token); err != nil {
		return account{}, fmt.Errorf("check the token: %w", err)
	}
	if token.UserID == "" || token.ClientID == "" {
		return account{}, &feed.DeniedError{Reason: "the token is no user's: make one of a moderator's account"}
	}
	var found struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	where := a.api + "/users?login=" + url.QueryEscape(a.channel)
	if err := ask(ctx, call{method: http.MethodGet, address: where, client: token.ClientID}, &found); err != nil {
		return account{}, fmt.Errorf("find the channel: %w", err)
	}
	if len(found.Data) == 0 {
		return account{}, &feed.DeniedError{Reason: fmt.Sprintf("twitch knows no channel %s: check channel in the config", wire.Quote(a.channel))}
	}
	return account{
		client: token.ClientID, user: token.UserID, login: token.Login, scopes: token.Scopes, broadcaster: found.Data[0].ID, checked: a.clock(),
		expires: time.Duration(min(token.Expires.Count(), int64(maxExpiry/time.Second))) * time.Second,
	}, nil
}

// maxExpiry bounds what an answer may claim, so that it stays a time.
const maxExpiry = 10 * 365 * 24 * time.Hour

// read asks for something that only tells, for who acts.
func (a *API) read(ctx context.Context, c call, v any) error {
	got, err := a.do(ctx, c)
	if err != nil {
		return err
	}
	if got.status/100 != 2 {
		return &feed.RefusedError{Reason: "twitch answered " + got.said()}
	}
	return got.into(v)
}
