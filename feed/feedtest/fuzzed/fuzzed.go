// Package fuzzed says what must hold of whatever a decoder makes of a message,
// whoever sent it.
//
// Decode is for fuzz targets: it asks of every decoder the same, so that a new
// one is asked it too. What a protocol promises beyond that stands in its own
// target.
package fuzzed

import (
	"bytes"
	"reflect"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
)

// Bounds are what one message of a protocol may come to.
type Bounds struct {
	Events   int // 0: one
	Refused  int // 0: one
	Inflates int // bytes that a compressed message may grow to; 0: none is compressed
}

const (
	// A message may cost so much memory beside its own size many times over: an
	// event takes some 600 bytes, the shortest message that makes one some 10.
	fixedCost   = 4 << 20
	costPerByte = 512
	// costInflated is the same for what was compressed, which is copied once.
	costInflated = 8
	// tooLong is far above what any message takes on a machine with other work.
	tooLong = 20 * time.Second
	// longestError keeps a peer from filling a log with one message.
	longestError = 2 << 10
)

var kinds = []feed.Kind{
	feed.KindChat, feed.KindTranscript, feed.KindProduct, feed.KindOrder, feed.KindRefund, feed.KindComplaint, feed.KindGift, feed.KindEnter, feed.KindSystem, feed.KindGap,
}

// Decode decodes f in two sessions of their own and checks what every decoder
// promises: it neither changes nor keeps the message, comes to the same both
// times, keeps to b in number, time and memory, and says nothing that cannot be
// shown, listed and read again. It returns what the message came to.
func Decode(t testing.TB, open func() feed.Session, f feed.Frame, recv time.Time, b Bounds) feed.Decoded {
	t.Helper()
	lent := feed.Frame{Binary: f.Binary, Data: bytes.Clone(f.Data)}
	s := open()
	started, used := time.Now(), allocated()
	d := s.Decode(lent, recv)
	cost, took := allocated()-used, time.Since(started)
	if !bytes.Equal(lent.Data, f.Data) {
		t.Fatal("the message was changed")
	}
	// A source reads the next message into the same memory.
	clear(lent.Data)
	again := open().Decode(feed.Frame{Binary: f.Binary, Data: bytes.Clone(f.Data)}, recv)
	Same(t, d, again)
	if most := uint64(fixedCost + costPerByte*len(f.Data) + costInflated*b.Inflates); cost > most || took > tooLong {
		t.Fatalf("%d bytes took %d bytes and %s", len(f.Data), cost, took)
	}
	if len(d.Events) > max(b.Events, 1) || len(d.Refused) > max(b.Refused, 1) || len(d.Reply) > max(b.Events, 1) {
		t.Fatalf("%d events, %d replies, %d refused", len(d.Events), len(d.Reply), len(d.Refused))
	}
	for _, err := range append(slices.Clone(d.Refused), d.Fatal) {
		Error(t, err)
	}
	for i, e := range d.Events {
		if e.Raw == nil { // the source fills it in
			e.Raw = f.Data
		}
		if b.Inflates == 0 && !bytes.Contains(f.Data, e.Raw) {
			t.Fatalf("event %+v: its evidence %q is not of the message", e, e.Raw)
		}
		Event(t, e, i, recv, max(len(f.Data), b.Inflates))
	}
	for _, r := range d.Reply {
		if len(r.Data) == 0 || len(r.Data) > 4<<10+2*len(f.Data) {
			t.Fatalf("a reply of %d bytes to %d", len(r.Data), len(f.Data))
		}
	}
	return d
}

// allocated counts the bytes ever given out, to some 100 kB.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// Same checks that a message comes to the same when it is sent again.
func Same(t testing.TB, d, again feed.Decoded) {
	t.Helper()
	if !reflect.DeepEqual(d.Events, again.Events) || !reflect.DeepEqual(d.Reply, again.Reply) || !reflect.DeepEqual(d.Answers, again.Answers) {
		t.Fatalf("comes to %+v, and to %+v when it is sent again", d, again)
	}
	if !slices.EqualFunc(d.Refused, again.Refused, func(a, b error) bool { return a.Error() == b.Error() }) {
		t.Fatalf("is refused for %v, and for %v when it is sent again", d.Refused, again.Refused)
	}
	if d.Redial != again.Redial || (d.Fatal == nil) != (again.Fatal == nil) || (d.Move == nil) != (again.Move == nil) {
		t.Fatalf("asks for %+v, and for %+v when it is sent again", d, again)
	}
}

// Error checks that what is said of a message is fit to be shown; nil is.
func Error(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if s := err.Error(); s == "" || len(s) > longestError || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		t.Fatalf("error %q is not fit to be shown", s)
	}
}

// Event checks one event, the part-th of a message of so many bytes, as a source
// would finish it.
func Event(t testing.TB, e feed.Event, part int, recv time.Time, size int) {
	t.Helper()
	if len(e.Raw) == 0 {
		t.Fatalf("event %+v without evidence", e)
	}
	feed.Finish(&e, "source", "", part, recv)
	if e.ID == "" || e.Source == "" || !slices.Contains(kinds, e.Kind) || e.At.IsZero() || !e.Recv.Equal(recv) {
		t.Fatalf("event %+v", e)
	}
	switch e.Kind {
	case feed.KindOrder, feed.KindRefund:
		if e.OrderID == "" || e.Status == "" {
			t.Fatalf("%s without its number or state: %+v", e.Kind, e)
		}
	case feed.KindSystem:
		if e.Code == "" || e.Code == feed.CodeRetracted && e.Retracts == "" || e.Clears == feed.ClearsPerson && e.User.ID == "" {
			t.Fatalf("a system event without a code, or that withdraws nothing: %+v", e)
		}
	case feed.KindTranscript:
		if e.Speech == nil {
			t.Fatalf("a transcript without speech: %+v", e)
		}
	}
	numbers(t, e)
	if n := len(e.ID) + len(e.Text) + len(e.User.ID) + len(e.User.Name) + len(e.Channel) + len(e.OrderID); n > 2<<10+6*size {
		t.Fatalf("%d bytes became %d of text", size, n)
	}
	for _, shown := range []feed.Display{e.Shown, e.User.Shown} {
		if s := shown.String(); strings.ContainsFunc(s, unicode.IsControl) || feed.Sanitise(s).String() != s {
			t.Fatalf("%q is shown", s)
		}
	}
	listed(t, e)
	sentOn(t, e)
}

func numbers(t testing.TB, e feed.Event) {
	t.Helper()
	bad := e.AmountFen < 0 || e.Count < 0 || e.Offset < 0
	if p := e.Product; p != nil {
		bad = bad || p.PriceFen < 0 || p.Stock < -1
	}
	if o := e.Order; o != nil {
		bad = bad || o.Qty < 0 || o.PaidFen < 0
	}
	if s := e.Speech; s != nil {
		bad = bad || s.Confidence < 0 || s.Confidence > 1000 || s.StartMS < 0 || s.EndMS < 0
	}
	if bad {
		t.Fatalf("a number below what can be: %+v", e)
	}
}

// listed checks that the event can be listed, and that its texts are the same in
// the list.
func listed(t testing.TB, e feed.Event) {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatalf("%+v cannot be listed: %v", e, err)
	}
	var got struct {
		ID    string `json:"id"`
		Kind  string `json:"kind"`
		Room  string `json:"room"`
		Text  string `json:"text"`
		Order string `json:"order_id"`
		User  struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"user"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	if got.ID != e.ID || got.Kind != string(e.Kind) || got.Room != e.Room || got.Text != e.Text || got.Order != e.OrderID || got.User.ID != e.User.ID || got.User.Name != e.User.Name {
		t.Fatalf("%+v is listed as %s", e, b)
	}
}

// sentOn checks that the event can be told in our own protocol, in which it is the
// same event. A change of several products has no message there.
func sentOn(t testing.TB, e feed.Event) {
	t.Helper()
	if e.Kind == feed.KindProduct && e.Product == nil {
		return
	}
	b, err := cloudevent.Encode(e)
	if err != nil {
		t.Fatalf("%+v cannot be sent on: %v", e, err)
	}
	got, err := cloudevent.Decode(b)
	if err != nil {
		t.Fatalf("%s cannot be read again: %v", b, err)
	}
	if e.Kind == feed.KindProduct {
		e.User = feed.User{} // its message there is the room's and nobody's
	}
	if got.ID != e.ID || got.Source != e.Source || got.Kind != e.Kind || got.Room != e.Room || got.Text != e.Text || got.User.ID != e.User.ID || got.User.Name != e.User.Name || !got.At.Equal(e.At) {
		t.Fatalf("%+v is read again as %+v", e, got)
	}
}
