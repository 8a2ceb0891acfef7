// Package webhooktest is a shop that posts as the platforms do: signed, in their
// own words, with a limit on how long it waits for the answer, and again after a
// while where the answer was not the one it wants to hear.
//
// Delivery: at least once until the platform gives up. A message that was given up
// is lost, as it is with the platforms.
//
// Locking: a Shop may be used from several goroutines.
package webhooktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Message is what a platform has to say, before it is signed.
type Message struct {
	ID    string // as the platform names the message
	Topic string // where that stands outside of the body
	Body  string // in the clear
}

// A Shop posts to one address.
type Shop struct {
	Platform string // one of Platforms
	Secret   string // as package webhook wants it
	URL      string
	Client   *http.Client // nil: http.DefaultClient
	// Wait is how a platform waits before it posts again: a test moves its clock.
	// It fails when there is no use in waiting. nil waits for real.
	Wait func(ctx context.Context, d time.Duration) error
	// AnswerIn is how long it waits for an answer; 0: as long as the platform.
	AnswerIn time.Duration
}

// A schedule is how a platform treats who does not answer.
type schedule struct {
	answer  time.Duration   // how long it waits for the answer
	retries []time.Duration // after which it posts again
	body    string          // of the answer it wants; "": any
}

const (
	shortly = 5 * time.Second
	hour    = time.Hour
)

// schedules are Shopify's as it documents it, eight times in four hours; the
// others document none, and are taken to try as often within a day.
var schedules = map[string]schedule{
	"shopify": {shortly, []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 40 * time.Minute, hour, 100 * time.Minute}, ""},
	"doudian": {shortly, daily, `"code":0`}, "kuaishou-shop": {shortly, daily, `"result":1`},
	"tiktok-shop": {shortly, daily, ""}, "douyin-life": {shortly, daily, ""},
}

var daily = []time.Duration{30 * time.Second, time.Minute, 10 * time.Minute, hour, 3 * hour, 6 * hour, 12 * hour}

// Retries is how often a platform posts again.
func Retries(platform string) int { return len(schedules[platform].retries) }

// An Answer is what came back to a post; the zero value: nothing in time.
type Answer struct {
	Status int
	Body   string
	After  time.Duration
}

// Post posts once.
func (s *Shop) Post(ctx context.Context, m Message) (Answer, error) {
	header, body := Sign(s.Platform, s.Secret, m)
	return s.post(ctx, header, body)
}

func (s *Shop) post(ctx context.Context, header http.Header, body string) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.AnswerIn, schedules[s.Platform].answer))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("make a post: %w", err)
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	client := s.Client
	if client == nil {
		client = http.DefaultClient
	}
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("post: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("read the answer: %w", err)
	}
	return Answer{Status: resp.StatusCode, Body: string(b), After: time.Since(began)}, nil
}

// content tells whether the platform is content with an answer.
func (s *Shop) content(a Answer) bool {
	return a.Status/100 == 2 && strings.Contains(a.Body, schedules[s.Platform].body)
}

// Deliver posts until the platform is content, and says how often. It fails when
// the platform gives the message up.
func (s *Shop) Deliver(ctx context.Context, m Message) (posts int, err error) {
	header, body := Sign(s.Platform, s.Secret, m)
	for {
		a, failed := s.post(ctx, header, body)
		posts++
		if failed == nil && s.content(a) {
			return posts, nil
		}
		if ctx.Err() != nil {
			return posts, ctx.Err()
		}
		retries := schedules[s.Platform].retries
		if posts > len(retries) {
			return posts, errors.Join(fmt.Errorf("%s gives up %s after %d posts: %d %s", s.Platform, m.ID, posts, a.Status, a.Body), failed)
		}
		if err := s.wait(ctx, retries[posts-1]); err != nil {
			return posts, err
		}
	}
}

func (s *Shop) wait(ctx context.Context, d time.Duration) error {
	if s.Wait != nil {
		return s.Wait(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
