// Package post asks systems that listen over HTTPS to do acts: a merchant's order
// system to freeze, a teleprompter to show a correction. One post is one act, as an
// event of ours (liveroom.action.v1), signed.
//
// Delivery: at least once, up to three times, under one id (Idempotency-Key, and the
// event's own), which the system is to do once. Done is an answer of 2xx, unless its
// body is an ack that says no, or that all is settled; 4xx is a refusal and final, but for 408 and 429, and so is 3xx: no redirect is followed. What
// went out and got no such answer wraps feed.ErrPerhaps.
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
	// longestWait is how long a system that asks for patience gets it.
	longestWait = 20 * time.Second
)

// A Hook is one system.
type Hook struct {
	address, host, secret string
	client                *http.Client
	clock                 func() time.Time
	after                 func(time.Duration) <-chan time.Time
}

// Options are what tests change.
type Options struct {
	Client *http.Client                         // nil: one of its own
	Clock  func() time.Time                     // nil: time.Now
	After  func(time.Duration) <-chan time.Time // nil: time.After
}

// New checks the address, which may hold a secret and is never shown: https://, or
// http:// on this machine. Every post is signed with secret.
func New(address, secret string, o Options) (*Hook, error) {
	u, err := feed.CheckHTTP(address)
	if err != nil {
		return nil, err
	}
	if secret == "" {
		return nil, errors.New("the secret is missing: without a signature the system could not tell who asks")
	}
	h := &Hook{address: address, host: u.Host, secret: secret, client: &http.Client{}, clock: time.Now, after: time.After}
	if o.Client != nil {
		client := *o.Client
		h.client = &client
	}
	if o.Clock != nil {
		h.clock = o.Clock
	}
	if o.After != nil {
		h.after = o.After
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
	perhaps := false
	for n := range tries {
		if n > 0 {
			var busy *busyError
			wait := tryAgain << n
			if errors.As(last, &busy) {
				wait = max(wait, min(busy.after, longestWait))
			}
			select {
			case <-h.after(wait):
			case <-ctx.Done():
			}
		}
		if err := ctx.Err(); err != nil {
			if last != nil {
				err = fmt.Errorf("%w: %w", last, err)
			}
			last = err
			break
		}
		result, err := h.try(ctx, a.ID, body)
		var refused *feed.RefusedError
		var settled *feed.SettledError
		if err == nil || errors.As(err, &refused) || errors.As(err, &settled) {
			return result, err
		}
		last, perhaps = err, perhaps || errors.Is(err, feed.ErrPerhaps)
	}
	if perhaps && !errors.Is(last, feed.ErrPerhaps) {
		last = fmt.Errorf("%w: %w", last, feed.ErrPerhaps)
	}
	return "", fmt.Errorf("%s: %w", h, last)
}

// A busyError is a system that asks for patience: it did not do the act.
type busyError struct {
	status int
	after  time.Duration
}

func (e *busyError) Error() string { return fmt.Sprintf("HTTP %d", e.status) }

func (h *Hook) try(ctx context.Context, id string, body []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	var sent feed.Sent
	req, err := http.NewRequestWithContext(sent.Watch(ctx), http.MethodPost, h.address, bytes.NewReader(body))
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
		if sent.Perhaps() {
			err = fmt.Errorf("%w: %w", err, feed.ErrPerhaps)
		}
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch code := resp.StatusCode; {
	case code/100 == 2 && err == nil:
		var a struct {
			OK      *bool  `json:"ok"`
			Result  string `json:"result"`
			Reason  string `json:"reason"`
			Settled bool   `json:"settled"`
		}
		if json.Unmarshal(answer, &a) == nil && a.OK != nil && !*a.OK {
			return "", feed.Answer{Refusal: feed.Sanitise(a.Reason).Truncate(maxRefusal).String(), Settled: a.Settled}.No()
		}
		return a.Result, nil
	case code/100 == 2:
		return "", fmt.Errorf("the answer was cut off: %w: %w", err, feed.ErrPerhaps)
	case code/100 == 3:
		return "", &feed.RefusedError{Reason: fmt.Sprintf("HTTP %d: it redirects, which is not followed: put the final address in url", code)}
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return "", &busyError{code, feed.RetryAfter(resp.Header.Get("Retry-After"), h.clock())}
	case code/100 == 4 && code != http.StatusRequestTimeout:
		return "", &feed.RefusedError{Reason: fmt.Sprintf("HTTP %d %s", code, feed.Sanitise(string(answer[:min(len(answer), maxRefusal)])))}
	default:
		return "", fmt.Errorf("HTTP %d: %w", code, feed.ErrPerhaps)
	}
}
