package helix_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
	"liveroom/feed/helix"
)

// says is a Twitch that knows who asks, and answers every act with the same.
type says struct {
	status int
	reset  string
	body   string
}

func (s says) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Ratelimit-Reset": {s.reset}, "Location": {"http://elsewhere/"}}
	status, body := s.status, s.body
	switch {
	case strings.HasSuffix(r.URL.Path, "/validate"):
		status, body = 200, `{"client_id":"c","user_id":"7","login":"mod","scopes":["moderator:manage:banned_users","moderator:manage:chat_messages","moderator:manage:automod","user:write:chat"]}`
	case strings.HasSuffix(r.URL.Path, "/users"):
		status, body = 200, `{"data":[{"id":"1"}]}`
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// FuzzAnswer asks of whatever Twitch may answer to an act: done only at its yes, a
// refusal that is final, or an error that says whether it may have been done, and
// nothing that cannot be shown or should not be.
func FuzzAnswer(f *testing.F) {
	for i, body := range []string{
		`{"data":[{"end_time":"2026-11-20T20:10:00Z"}]}`, `{"message":"The user is already banned\u001b[m"}`, `{"data":[{"message_id":"m","is_sent":true}]}`,
		`{"data":[{"is_sent":false,"drop_reason":{"code":"c","message":"m"}}]}`, "", "\xff", `{"data":[]}`, `[]`,
	} {
		for _, status := range []int{200, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503} {
			f.Add(status, i, "1793217601", body)
		}
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, status, kind int, reset, body string) {
		const token = "verysecret"
		passed := func(d time.Duration) <-chan time.Time {
			if d < 0 || d > time.Hour {
				t.Fatalf("waits %s", d)
			}
			over := make(chan time.Time, 1)
			over <- began
			return over
		}
		api, err := helix.New(helix.Options{Channel: "shop", Token: token, Host: "http://127.0.0.1:1", Client: &http.Client{Transport: says{status, reset, body}}, Clock: func() time.Time { return began }, After: passed})
		if err != nil {
			t.Fatal(err)
		}
		what := helix.Kinds[uint(kind)%uint(len(helix.Kinds))]
		result, err := api.Act(t.Context(), act(what, "c1", ""))
		fuzzed.Error(t, err)
		var refused *feed.RefusedError
		final := errors.As(err, &refused)
		var settled *feed.SettledError
		over := errors.As(err, &settled)
		switch {
		case err == nil && (!utf8.ValidString(result) || len(result) > 512+3*len(body)):
			t.Fatalf("%s came to %q", what, result)
		case err == nil && status/100 != 2 && status/100 != 4:
			t.Fatalf("%s: HTTP %d counts as done", what, status)
		case over && ((what != feed.ActAllow && what != feed.ActDeny) || status != 400 && status != 404 || final || errors.Is(err, feed.ErrPerhaps)):
			t.Fatalf("%s: HTTP %d leaves nothing to be done: %v", what, status, err)
		case final && errors.Is(err, feed.ErrPerhaps):
			t.Fatalf("%s: refused, and may be done: %v", what, err)
		case status == http.StatusUnauthorized && !final:
			t.Fatalf("%s: a token that is refused came to %v", what, err)
		}
		if err != nil && strings.Contains(err.Error(), token) && !strings.Contains(body, token) {
			t.Fatalf("the token is told: %v", err)
		}
	})
}
