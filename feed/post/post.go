// Package post asks systems that listen over HTTPS to do acts: a merchant's order
// system to freeze, a teleprompter to show a correction. One post is one act, as an
// event of ours (liveroom.action.v1), signed.
//
// Delivery: at least once, up to three times, under one id (Idempotency-Key, and the
// event's own), which the system is to do once. Done is an answer of 2xx; 4xx is a
// refusal and final, but for 408 and 429.
//
// Ordering: as asked, where the caller asks one after another.
//
// Locking: a Hook may be used by any number of goroutines.
package post

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
)

const (
	tries      = 3
	tryWithin  = 8 * time.Second
	tryAgain   = 500 * time.Millisecond
	maxAnswer  = 64 << 10
	maxRefusal = 200 // bytes of a refusal that are told
)

// A Hook is one system.
type Hook struct {
	address, host, secret string
	client                *http.Client
	clock                 func() time.Time
}

// Options are what tests change.
type Options struct {
	Client *http.Client     // nil: one of its own
	Clock  func() time.Time // nil: time.Now
}

// New checks the address, which may hold a secret and is never shown: https://, or
// http:// on this machine. Every post is signed with secret.
func New(address, secret string, o Options) (*Hook, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the address is no URL: write it like https://host/path")
	case u.Scheme == "http" && !feed.Loopback(u.Hostname()):
		return nil, fmt.Errorf("http://%s is not encrypted: use https://", feed.Sanitise(u.Host))
	case secret == "":
		return nil, errors.New("the secret is missing: without a signature the system could not tell who asks")
	}
	h := &Hook{address: address, host: u.Host, secret: secret, client: &http.Client{}, clock: time.Now}
	if o.Client != nil {
		client := *o.Client
		h.client = &client
	}
	if o.Clock != nil {
		h.clock = o.Clock
	}
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h, nil
}

// String never shows the address or the secret.
func (h *Hook) String() string { return "hook at " + h.host }

// GoString never shows the address or the secret.
func (h *Hook) GoString() string { return h.String() }

// LogValue never shows the address or the secret.
func (h *Hook) LogValue() slog.Value { return slog.StringValue(h.String()) }

// Act posts an act until the system answers, and returns what it calls the result.
// A *feed.RefusedError is final.
func (h *Hook) Act(ctx context.Context, a feed.Act) (string, error) {
	body, err := cloudevent.EncodeAction(a)
	if err != nil {
		return "", err
	}
	var last error
	for n := range tries {
		if n > 0 {
			select {
			case <-time.After(tryAgain << n):
			case <-ctx.Done():
				return "", errors.Join(last, ctx.Err())
			}
		}
		result, err := h.try(ctx, a.ID, body)
		var refused *feed.RefusedError
		if err == nil || errors.As(err, &refused) {
			return result, err
		}
		last = err
		if ctx.Err() != nil {
			break
		}
	}
	return "", fmt.Errorf("%s: %w", h, last)
}

func (h *Hook) try(ctx context.Context, id string, body []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, bytes.NewReader(body))
	if err != nil {
		return "", errors.New("the address is no URL")
	}
	req.Header.Set("Content-Type", "application/cloudevents+json")
	req.Header.Set("Idempotency-Key", id)
	feed.SignPost(req.Header, h.secret, body, h.clock())
	resp, err := h.client.Do(req)
	if err != nil {
		var of *url.Error
		if errors.As(err, &of) { // its text repeats the address
			err = of.Err
		}
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch code := resp.StatusCode; {
	case code/100 == 2 && err == nil:
		var a cloudevent.Ack
		if json.Unmarshal(answer, &a) == nil {
			return a.Result, nil
		}
		return "", nil
	case code/100 == 2:
		return "", fmt.Errorf("the answer was cut off: %w", err)
	case code/100 == 4 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests:
		return "", &feed.RefusedError{Reason: fmt.Sprintf("HTTP %d %s", code, feed.Sanitise(string(answer[:min(len(answer), maxRefusal)])))}
	default:
		return "", fmt.Errorf("HTTP %d", code)
	}
}
