package door

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// TestWhatIsRememberedIsBounded: neither posts nor machines cost memory without end.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	clock := newClock()
	h := &hook{seen: map[[sha256.Size]byte]time.Time{}}
	mark := func(n int) (m [sha256.Size]byte) {
		binary.BigEndian.PutUint64(m[:], uint64(n))
		return m
	}
	for n := range postsKept {
		h.remember(mark(n), clock.now())
	}
	clock.add(postWindow / 2)
	h.remember(mark(postsKept), clock.now()) // all are young: there is no room
	if len(h.seen) != 1 {
		t.Errorf("%d posts remembered, want the newest", len(h.seen))
	}
	for n := range postsKept - 1 {
		h.remember(mark(n), clock.now())
	}
	clock.add(postWindow)
	h.remember(mark(-1), clock.now()) // all are old
	if len(h.seen) != 1 {
		t.Errorf("%d posts remembered after their time", len(h.seen))
	}

	c := newCounter(clock.now, 2, time.Minute)
	for n := range hostsKept {
		c.note(fmt.Sprint(n))
	}
	c.note("0")
	if c.shut("0") == 0 || c.shut("1") != 0 || c.shut("never came") != 0 {
		t.Error("who offends twice is shut out, and nobody else")
	}
	c.note("one more") // a flood from so many addresses is not held up by counting
	if len(c.by) != 1 {
		t.Errorf("%d machines remembered", len(c.by))
	}
	for n := range hostsKept - 1 {
		c.note(fmt.Sprint(n))
	}
	clock.add(time.Minute)
	c.note("a minute later")
	if len(c.by) != 1 {
		t.Errorf("%d machines remembered after their time", len(c.by))
	}
}

// TestADoorThatIsClosedLetsNobodyWait: who dialled in and was not taken is hung up
// on, and who waits for him hears that nobody comes.
func TestADoorThatIsClosedLetsNobodyWait(t *testing.T) {
	d, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	accept, err := d.Socket(Socket{Name: "tool", Token: token})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closed before it was opened: %v", err)
	}
	at, err := d.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx) }()
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+at.String()+"/in/tool", bearer(token))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	leave()
	if err := <-served; err != nil {
		t.Error(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("still connected to a closed door")
	}
	if _, err := accept(t.Context()); !errors.Is(err, errShut) {
		t.Errorf("waiting at a closed door: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

// TestNoPostIsTakenByAClosedDoor: what was read while the door closed is not
// recorded, and the shop is told to post again.
func TestNoPostIsTakenByAClosedDoor(t *testing.T) {
	sink := feedtest.NewSink()
	d, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	d.posts.close()
	h := &hook{Hook: Hook{Platform: "shopify", Sink: sink}, door: d, turn: make(chan struct{}, 1)}
	if err := h.take(nil, &Post{Body: []byte(order)}); !errors.Is(err, errShut) || len(sink.Events(nil)) != 0 {
		t.Errorf("%v, %d events", err, len(sink.Events(nil)))
	}
}
