package helix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

const (
	tries     = 3
	tryWithin = 8 * time.Second
	tryAgain  = 500 * time.Millisecond
	maxAnswer = 1 << 20
	// longestWait is how long a rate limit is waited for: Twitch counts by the
	// minute.
	longestWait = 65 * time.Second
)

// A call is one request, asked until there is an answer.
type call struct {
	method, address string
	client          string // the client id; "" : the token itself is asked about
	body            any
	needs           string // the scope
	// once: done twice it would be two things.
	once bool
	// busy is a status that passes; 0: none
	busy int
}

// An answer is a status with what was said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// said is Twitch's own word on an answer that is none.
func (a answer) said() string {
	var e struct {
		Message wire.Scalar `json:"message"`
	}
	_ = json.Unmarshal(a.body, &e, wire.Options)
	said := feed.Sanitise(string(e.Message)).Truncate(200).String()
	if said == "" {
		said = http.StatusText(a.status)
	}
	return fmt.Sprintf("HTTP %d %s", a.status, said)
}

// do asks until Twitch says yes or no. What is an error here is no answer at all, or
// one that no call gets around: a token that is refused, a limit, a failing server.
func (a *API) do(ctx context.Context, c call) (answer, error) {
	var last error
	perhaps := false
	for n := range tries {
		got, out, err := a.try(ctx, c)
		wait := tryAgain << n
		switch {
		case err != nil:
			last = err
			perhaps = perhaps || out
		case got.status == http.StatusTooManyRequests:
			if wait = a.untilReset(got); wait > longestWait {
				return got, fmt.Errorf("twitch takes no more requests until %s (%s)", a.clock().Add(wait).UTC().Format(time.RFC3339), got.said())
			}
			last = errors.New("twitch answered " + got.said())
		case got.status == http.StatusServiceUnavailable, got.status == c.busy:
			last = errors.New("twitch answered " + got.said())
		case got.status >= 500:
			last, perhaps = errors.New("twitch answered "+got.said()), true
		case got.status == http.StatusUnauthorized:
			return got, a.refusedToken(c, got)
		case got.status/100 == 3:
			return got, &feed.RefusedError{Reason: "it sent us elsewhere, which is not followed (" + got.said() + "): check api"}
		default:
			return got, nil
		}
		if c.once && perhaps {
			return got, fmt.Errorf("%w: %w", last, feed.ErrPerhaps)
		}
		if n == tries-1 {
			break
		}
		select {
		case <-a.after(wait):
		case <-ctx.Done():
			return answer{}, a.open(c, perhaps, fmt.Errorf("%w: %w", last, ctx.Err()))
		}
	}
	return answer{}, a.open(c, perhaps, fmt.Errorf("%w, tried %d times", last, tries))
}

// open says of an error whether what was asked for may be done all the same.
func (a *API) open(c call, perhaps bool, err error) error {
	if perhaps && c.method != http.MethodGet {
		return fmt.Errorf("%w: %w", err, feed.ErrPerhaps)
	}
	return err
}

// refusedToken says what to do about a token that is refused, and forgets who it
// was.
func (a *API) refusedToken(c call, got answer) error {
	a.forget()
	scope := ""
	if c.needs != "" {
		scope = " with the scope " + c.needs
	}
	return &feed.RefusedError{Reason: "twitch refuses the token (" + got.said() + "): make a new one of a moderator" + scope + " and set it in token"}
}

// untilReset is how long Twitch asks to wait.
func (a *API) untilReset(got answer) time.Duration {
	at, err := strconv.ParseInt(got.header.Get("Ratelimit-Reset"), 10, 64)
	if err != nil {
		return max(feed.RetryAfter(got.header.Get("Retry-After"), a.clock()), time.Second)
	}
	// The limit ends with that second, and clocks differ. One of centuries would not
	// fit with a second more.
	return min(max(time.Unix(at, 0).Sub(a.clock()), 0), 24*time.Hour) + time.Second
}

// try makes one request. out tells of an error whether the request may have arrived.
func (a *API) try(ctx context.Context, c call) (got answer, out bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	var body io.Reader
	if c.body != nil {
		b, err := json.Marshal(c.body, json.Deterministic(true))
		if err != nil {
			return got, false, fmt.Errorf("write the request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	var sent feed.Sent
	req, err := http.NewRequestWithContext(sent.Watch(ctx), c.method, c.address, body)
	if err != nil {
		return got, false, errors.New("twitch's address makes no request: check api")
	}
	req.Header.Set("Authorization", "OAuth "+a.token)
	if c.client != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
		req.Header.Set("Client-Id", c.client)
	}
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.client.Do(req)
	if err != nil {
		var of *url.Error
		if errors.As(err, &of) { // its text repeats the address
			err = of.Err
		}
		return got, sent.Perhaps(), fmt.Errorf("ask twitch: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	got = answer{status: resp.StatusCode, header: resp.Header}
	got.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return got, true, fmt.Errorf("twitch's answer was cut off: %w", err)
	}
	return got, false, nil
}
