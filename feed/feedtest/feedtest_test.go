package feedtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

func TestSinkKeepsAnEventOnce(t *testing.T) {
	s := NewSink()
	batch := feed.Batch{Source: "a", Events: []feed.Event{{Source: "a", ID: "1"}, {Source: "b", ID: "1"}, {Source: "a", ID: "1"}}, Position: feed.Position{ID: "1"}}
	if err := s.Commit(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if len(s.Events(nil)) != 2 || s.Doubled() != 1 {
		t.Errorf("%d events, %d doubled", len(s.Events(nil)), s.Doubled())
	}
	p, err := s.Position(t.Context(), "a")
	if err != nil || p.ID != "1" || p.Source != "a" {
		t.Errorf("position %+v, %v", p, err)
	}
	if p, _ := s.Position(t.Context(), "new"); p != (feed.Position{Source: "new"}) {
		t.Errorf("position of a source never seen: %+v", p)
	}
	if err := s.Wait(1, func(e feed.Event) bool { return e.Source == "b" }, time.Second); err != nil {
		t.Error(err)
	}
	if err := s.Wait(3, nil, time.Millisecond); err == nil || !strings.Contains(err.Error(), "2 events") {
		t.Errorf("waiting for too much: %v", err)
	}
}

// A failing is a test that may fail without failing the test around it.
type failing struct {
	testing.TB
	said []string
}

func (f *failing) Helper() {}

func (f *failing) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func (f *failing) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(f)
}

func TestCheckSeesEveryDifference(t *testing.T) {
	d := feed.Decoded{Events: []feed.Event{{ID: "1", Kind: feed.KindChat, Text: "x", User: feed.User{ID: "7"}, Product: &feed.Product{ID: "p", Stock: -1}}}}
	for expect, want := range map[string]int{
		`[{"id":"1","user":{"id":"7"},"product":{"id":"p"}}]`: 0,
		`[{}]`:                    0,
		`[]`:                      1,
		`[{},{}]`:                 1,
		`[{"id":"2"}]`:            1,
		`[{"user":{"id":"8"}}]`:   1,
		`[{"user":{"name":"a"}}]`: 1,
		`[{"order_id":"1"}]`:      1,
		`[{"amount_fen":50}]`:     1,
		`[{"text":"x","id":1}]`:   1,
		`[{"order_id":null,"status":"","note":"why"}]`: 0,
		`[{"id":null}]`: 1,
		`[{"text":""}]`: 1,
	} {
		f := &failing{TB: t}
		func() {
			defer func() { _ = recover() }()
			Check(f, d, jsontext.Value(expect))
		}()
		if len(f.said) != want {
			t.Errorf("%s: %d complaints %q, want %d", expect, len(f.said), f.said, want)
		}
	}
}

// TestOwnStringsCoverEveryClass: where the shared list is absent, each class is tried
// all the same.
func TestOwnStringsCoverEveryClass(t *testing.T) {
	own := map[string]bool{}
	for _, h := range OwnHostile() {
		own[h.Class] = true
	}
	for _, h := range HostileStrings(t, 1) {
		if !own[h.Class] {
			t.Errorf("no string of our own is of the class %q", h.Class)
		}
	}
}
