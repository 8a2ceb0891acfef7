package post

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
)

var now = time.Date(2026, 11, 20, 20, 5, 0, 0, time.UTC)

// A system answers posts in turn with what it was given, the last for all further.
type system struct {
	http *httptest.Server
	mu   sync.Mutex
	got  []string // "key signed body"

	waited []time.Duration // by who asks, who does not really wait
}

func newSystem(t *testing.T, answers ...func(http.ResponseWriter)) *system {
	s := &system{}
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		mac := hmac.New(sha256.New, []byte("s3cret"))
		fmt.Fprintf(mac, "%d.%s", now.Unix(), body)
		signed := r.Header.Get("X-Liveroom-Signature") == "sha256="+hex.EncodeToString(mac.Sum(nil))
		s.mu.Lock()
		s.got = append(s.got, fmt.Sprintf("%s %t %s", r.Header.Get("Idempotency-Key"), signed, body))
		n := len(s.got)
		s.mu.Unlock()
		answers[min(n, len(answers))-1](w)
	}))
	t.Cleanup(s.http.Close)
	return s
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (s *system) ask(t *testing.T) (string, error) {
	t.Helper()
	h, err := New(s.http.URL+"/act?token=hidden", "s3cret", Options{Clock: func() time.Time { return now }, After: func(d time.Duration) <-chan time.Time {
		s.waited = append(s.waited, d)
		over := make(chan time.Time, 1)
		over <- now
		return over
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return h.Act(ctx, feed.Act{ID: "freeze-order/LR1/7", Kind: feed.ActFreeze, Room: "r", Target: "LR1", Text: "等商家确认"})
}

func TestAnActIsPostedSigned(t *testing.T) {
	s := newSystem(t, says(http.StatusOK, `{"action":"freeze-order/LR1/7","ok":true,"result":"on hold"}`))
	if result, err := s.ask(t); err != nil || result != "on hold" {
		t.Errorf("%q, %v", result, err)
	}
	want := `freeze-order/LR1/7 true {"specversion":"1.0","id":"freeze-order/LR1/7","source":"liveroom","type":"liveroom.action.v1","subject":"r","datacontenttype":"application/json","data":{"action":"freeze-order","target":"LR1","text":"等商家确认"}}`
	if len(s.got) != 1 || s.got[0] != want {
		t.Errorf("got %q, want %q", s.got, want)
	}
}

func TestWhatMayPassIsAskedAgain(t *testing.T) {
	s := newSystem(t, says(http.StatusBadGateway, ""), says(http.StatusTooManyRequests, ""), says(http.StatusNoContent, ""))
	if _, err := s.ask(t); err != nil {
		t.Error(err)
	}
	if len(s.got) != 3 || s.got[0] != s.got[2] {
		t.Errorf("got %q", s.got)
	}
}

func TestItEndsAfterThreeTries(t *testing.T) {
	s := newSystem(t, says(http.StatusInternalServerError, ""))
	_, err := s.ask(t)
	if err == nil || !strings.Contains(err.Error(), "HTTP 500") || strings.Contains(err.Error(), "hidden") || !errors.Is(err, feed.ErrPerhaps) || len(s.got) != tries {
		t.Errorf("%d posts, error %v", len(s.got), err)
	}
}

func TestARefusalIsFinal(t *testing.T) {
	s := newSystem(t, says(http.StatusConflict, "shipped \x1b[31malready"))
	_, err := s.ask(t)
	var refused *feed.RefusedError
	if !errors.As(err, &refused) || refused.Reason != "HTTP 409 shipped ␛[31malready" || len(s.got) != 1 {
		t.Errorf("%d posts, error %v", len(s.got), err)
	}
}

// A system that says no with a word may answer 200.
func TestAnAckMaySayNo(t *testing.T) {
	s := newSystem(t, says(http.StatusOK, `{"action":"a","ok":false,"reason":"shipped already"}`))
	_, err := s.ask(t)
	var refused *feed.RefusedError
	if !errors.As(err, &refused) || refused.Reason != "shipped already" || len(s.got) != 1 {
		t.Errorf("%d posts, error %v", len(s.got), err)
	}
}

// What is settled already is no refusal, and is not asked for again.
func TestAnAckMaySayThatAllIsSettled(t *testing.T) {
	s := newSystem(t, says(http.StatusOK, `{"action":"a","ok":false,"settled":true,"reason":"released yesterday"}`))
	_, err := s.ask(t)
	var settled *feed.SettledError
	if !errors.As(err, &settled) || settled.Reason != "released yesterday" || len(s.got) != 1 {
		t.Errorf("%d posts, error %v", len(s.got), err)
	}
}

// A system that asks for patience did nothing; one that is not there was not asked.
func TestWhatWasCertainlyNotDoneSaysSo(t *testing.T) {
	s := newSystem(t, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	if _, err := s.ask(t); err == nil || errors.Is(err, feed.ErrPerhaps) || !strings.Contains(err.Error(), "HTTP 503") || s.waited[0] != 3*time.Second {
		t.Errorf("error %v, waited %s", err, s.waited)
	}
	s.http.Close()
	if _, err := s.ask(t); err == nil || errors.Is(err, feed.ErrPerhaps) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("error %v", err)
	}
}

// What was cut off may be done, whatever the tries after it come to.
func TestWhatWasCutOffMayBeDone(t *testing.T) {
	cut := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	s := newSystem(t, cut, says(http.StatusServiceUnavailable, ""))
	if _, err := s.ask(t); !errors.Is(err, feed.ErrPerhaps) || !strings.Contains(err.Error(), "HTTP 503: it may be done") {
		t.Errorf("error %v", err)
	}
}

// Who leaves while it waits is told in one line.
func TestLeavingWhileItWaits(t *testing.T) {
	s := newSystem(t, says(http.StatusTooManyRequests, ""))
	leaving, leave := context.WithCancel(t.Context())
	h, err := New(s.http.URL, "s3cret", Options{After: func(time.Duration) <-chan time.Time {
		leave()
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Act(leaving, feed.Act{ID: "a1", Kind: feed.ActFreeze, Room: "r", Target: "LR1"})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "HTTP 429") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q", err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := newSystem(t, says(http.StatusOK, ""))
	s := newSystem(t, func(w http.ResponseWriter) {
		w.Header().Set("Location", elsewhere.http.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	if _, err := s.ask(t); err == nil || !strings.Contains(err.Error(), "final address") || len(s.got) != 1 || len(elsewhere.got) != 0 {
		t.Errorf("error %v, %d posts elsewhere", err, len(elsewhere.got))
	}
}

func TestAHookIsChecked(t *testing.T) {
	for address, want := range map[string]string{"no url": "no URL", "http://shop.example/x": "not encrypted", "ftp://x/": "no URL"} {
		if _, err := New(address, "s", Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", address, err)
		}
	}
	if _, err := New("https://shop.example/x", "", Options{}); err == nil {
		t.Error("a hook without a secret")
	}
	h, err := New("https://shop.example/x?token=hidden", "s3cret", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %#v", h, h, h); strings.Contains(s, "hidden") || strings.Contains(s, "s3cret") {
		t.Errorf("shows a secret: %s", s)
	}
}
