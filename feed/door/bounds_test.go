package door

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"liveroom/feed/feedtest"
)

// TestAFloodOfNamesIsForgotten: what is remembered of peers and posts is bounded,
// whoever they claim to be; those whose time is over go first.
func TestAFloodOfNamesIsForgotten(t *testing.T) {
	now := noon
	c := newCounter(func() time.Time { return now }, 1, time.Minute)
	for i := range hostsKept / 2 {
		c.note(fmt.Sprint("old", i))
	}
	now = now.Add(2 * time.Minute)
	for i := range hostsKept / 2 {
		c.note(fmt.Sprint("new", i))
	}
	c.note("one more")
	if len(c.by) != hostsKept/2+1 || c.shut("new0") == 0 || c.shut("old0") != 0 {
		t.Errorf("%d are counted", len(c.by))
	}
	for i := range hostsKept {
		c.note(fmt.Sprint("flood", i))
	}
	if len(c.by) > hostsKept {
		t.Errorf("%d are counted", len(c.by))
	}

	h := &hook{seen: map[[sha256.Size]byte]time.Time{}}
	mark := func(i int) [sha256.Size]byte { return sha256.Sum256(fmt.Append(nil, i)) }
	for i := range postsKept {
		h.remember(mark(i), noon.Add(time.Duration(i%2)*postWindow))
	}
	h.remember(mark(postsKept), noon.Add(postWindow))
	if len(h.seen) != postsKept/2+1 {
		t.Errorf("%d posts are remembered, want those of the last hour", len(h.seen))
	}
	for i := range postsKept {
		h.remember(mark(-i), noon.Add(postWindow))
	}
	if len(h.seen) > postsKept {
		t.Errorf("%d posts are remembered", len(h.seen))
	}
}

func TestADoorIsClosedWheneverThatIs(t *testing.T) {
	d := ways(t, feedtest.NewSink(), nil)
	if err := d.Close(); err != nil {
		t.Errorf("before it was opened: %v", err)
	}
	if _, err := d.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("closed again: %v", err)
		}
	}
	if err := d.Serve(t.Context()); err == nil {
		t.Error("a door that was closed serves")
	}
}

// TestNobodyComesToADoorThatIsClosed: who waits for a tool is told.
func TestNobodyComesToADoorThatIsClosed(t *testing.T) {
	d, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	accept, err := d.Socket(Socket{Name: "tool", Token: token})
	if err != nil {
		t.Fatal(err)
	}
	d.closeSockets()
	if _, err := accept(t.Context()); !errors.Is(err, errShut) {
		t.Errorf("error %v", err)
	}
}
