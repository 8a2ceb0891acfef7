package post

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
)

// answers is a system that always says the same.
type answers struct {
	status int
	body   string
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Location": {"http://elsewhere/"}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// FuzzAnswer asks of whatever a merchant's system may answer: done, refused for good
// or to be asked again, by its status alone, and nothing in an error that cannot be
// shown or should not be.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"action":"a","ok":true,"result":"done"}`)
	f.Add(204, "")
	f.Add(200, `{"ok":false,"reason":"shipped\u001b[31m already"}`)
	f.Add(503, "")
	f.Add(200, "ok")
	f.Add(409, "frozen\x1b[31m already")
	f.Add(408, "late")
	f.Add(429, "")
	f.Add(500, "\xff")
	f.Add(301, "")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, status int, body string) {
		h, err := New("https://shop.example/act?token=hidden", "verysecret", Options{
			Client: &http.Client{Transport: answers{status, body}}, Clock: func() time.Time { return now },
		})
		if err != nil {
			t.Fatal(err)
		}
		result, err := h.try(t.Context(), "effect-7", []byte("{}"))
		var refused *feed.RefusedError
		final := errors.As(err, &refused)
		switch class := status / 100; {
		case class == 2 && err != nil && !final, class != 2 && err == nil:
			t.Fatalf("HTTP %d came to %v", status, err)
		case class != 2 && final != (class == 3 || class == 4 && status != 408 && status != 429):
			t.Fatalf("HTTP %d came to %v", status, err)
		case errors.Is(err, feed.ErrPerhaps) && (final || status == 429 || status == 503):
			t.Fatalf("HTTP %d may have been done: %v", status, err)
		case !utf8.ValidString(result):
			t.Fatalf("result %q", result)
		}
		fuzzed.Error(t, err)
		if err != nil && !strings.Contains(body, "hidden") && !strings.Contains(body, "verysecret") && (strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "verysecret")) {
			t.Fatalf("a secret is told: %v", err)
		}
	})
}
