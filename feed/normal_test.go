package feed

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestTimesThatCannotBe(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		name    string
		e       Event
		repeats bool
		off     time.Duration // of the source's clock
		want    time.Duration // of what counts
		told    string
	}{
		{"a chat of now", Event{Kind: KindChat}, false, 0, 0, ""},
		{"a chat that took its time", Event{Kind: KindChat}, false, -9 * time.Minute, -9 * time.Minute, ""},
		{"a chat in another zone", Event{Kind: KindChat}, false, -8 * time.Hour, 0, "the source's clock is 8h0m0s behind: the times of arrival count"},
		{"a chat to come", Event{Kind: KindChat}, false, 8 * time.Hour, 0, "the source's clock is 8h0m0s ahead: the times of arrival count"},
		{"a chat that is sent again", Event{Kind: KindChat}, true, -day, -day, ""},
		{"a chat of a source that goes on where it was", Event{Kind: KindChat, Epoch: "e"}, false, -day, -day, ""},
		{"a recording of what is to come", Event{Kind: KindComplaint, Epoch: "e"}, false, day, day, ""},
		{"speech of yesterday", Event{Kind: KindTranscript}, false, -day, 0, "the source's clock is 24h0m0s behind: the times of arrival count"},
		{"an order of yesterday", Event{Kind: KindOrder}, false, -day, -day, ""},
		{"an order of the year 2492", Event{Kind: KindOrder}, false, 200 * 365 * day, 0, "the source's clock is 1752000h0m0s ahead: the times of arrival count"},
		{"a complaint of last week", Event{Kind: KindComplaint}, false, -7 * day, -7 * day, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s Skew
			e := c.e
			e.Recv, e.At = noon, noon.Add(c.off)
			note := s.Clamp(&e, c.repeats)
			if got := e.At.Sub(noon); got != c.want {
				t.Errorf("counts as %s, want %s", got, c.want)
			}
			switch {
			case note == nil && c.told != "":
				t.Error("nobody was told")
			case note != nil && (note.Text != c.told || note.Code != CodeSkew || note.Kind != KindSystem):
				t.Errorf("told %+v, want %q", note, c.told)
			}
		})
	}
}

func TestAWrongClockIsToldOfOnceAnHour(t *testing.T) {
	var s Skew
	told := func(after, off time.Duration) bool {
		e := Event{Kind: KindChat, Recv: noon.Add(after), At: noon.Add(after + off)}
		return s.Clamp(&e, false) != nil
	}
	var got []bool
	for _, m := range []time.Duration{0, 1, 59, 60, 61} {
		got = append(got, told(m*time.Minute, 8*time.Hour))
	}
	if want := []bool{true, false, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if told(62*time.Minute, 0) || !told(63*time.Minute, 8*time.Hour) {
		t.Error("a clock that went wrong again is not told of")
	}
}

func TestOrdersTimesToComeAreClamped(t *testing.T) {
	e := Event{Kind: KindOrder, Recv: noon, At: noon, Order: &Order{CreatedAt: noon.Add(-time.Hour), PaidAt: noon.Add(500 * 24 * time.Hour)}}
	var s Skew
	s.Clamp(&e, false)
	if !e.Order.PaidAt.Equal(noon) || !e.Order.CreatedAt.Equal(noon.Add(-time.Hour)) || !e.Order.ShippedAt.IsZero() {
		t.Errorf("order %+v", e.Order)
	}
}

// TestStormsAreCounted: of thousands of likes and gifts a second, twenty of each
// are kept and the rest is one sum; nothing is lost in number or worth, and what
// people say is not touched.
func TestStormsAreCounted(t *testing.T) {
	var s storms
	var out []Event
	var gifts, likes, worth int64
	chats := 0
	for n := range 5000 {
		recv := noon.Add(time.Duration(n) * time.Millisecond)
		batch := []Event{
			{ID: fmt.Sprint("g", n), Kind: KindGift, Count: 2, AmountFen: 10},
			{ID: fmt.Sprint("l", n), Kind: KindSystem, Code: "like", Count: 7},
			{ID: fmt.Sprint("c", n), Kind: KindChat},
		}
		for i := range batch {
			batch[i].Recv, batch[i].At = recv, recv
		}
		out = append(out, s.pass(batch, recv, always)...)
	}
	out = s.sums(out)
	single := 0
	for _, e := range out {
		switch {
		case e.Kind == KindChat:
			chats++
		case e.Code == CodeStorm && e.Channel == "gift", e.Kind == KindGift:
			gifts, worth = gifts+e.Count, worth+e.AmountFen
		case e.Code == CodeStorm && e.Channel == "like", e.Code == "like":
			likes += e.Count
		}
		if e.Code != CodeStorm && e.Kind != KindChat {
			single++
		}
	}
	if chats != 5000 || gifts != 10000 || worth != 50000 || likes != 35000 {
		t.Errorf("%d chats, %d gifts worth %d, %d likes", chats, gifts, worth, likes)
	}
	if want := 5 * 2 * stormAbove; single != want {
		t.Errorf("%d kept one by one, want %d", single, want)
	}
	if n := len(out) - chats - single; n != 5*2 {
		t.Errorf("%d sums, want %d", n, 5*2)
	}
}

func always(*Event) bool { return true }

// TestAStormThatIsSentAgainIsCountedOnce: relays send the last of what they know
// after a reconnect; what was summed is known as well as what was kept.
func TestAStormThatIsSentAgainIsCountedOnce(t *testing.T) {
	r := &run{Source: &Source{}, tracker: newTracker("s", "r", Position{Source: "s"})}
	l := &link{session: lineSession{}}
	gifts := func() []Event {
		var out []Event
		for n := range 100 {
			out = append(out, Event{ID: fmt.Sprint("g", n), Kind: KindGift, Count: 1, AmountFen: 10, Raw: []byte{1}})
		}
		return out
	}
	var worth int64
	for n, recv := range []time.Time{noon, noon.Add(100 * time.Millisecond), noon.Add(2 * time.Second)} {
		for _, e := range r.complete(l, Frame{}, gifts(), recv) {
			if _, _, again := r.tracker.event(&e); !again {
				worth += e.AmountFen
			} else if n == 0 {
				t.Errorf("%s is known at once", e.ID)
			}
		}
	}
	for _, e := range r.storms.sums(nil) {
		worth += e.AmountFen
	}
	if worth != 1000 {
		t.Errorf("a hundred gifts sent three times are worth %d, want 1000", worth)
	}
}

func TestNoHolesAreMadeInASourceThatNumbers(t *testing.T) {
	var s storms
	var batch []Event
	for n := range 100 {
		batch = append(batch, Event{Kind: KindGift, Epoch: "e", Offset: int64(n), Recv: noon})
	}
	if got := s.pass(batch, noon, always); len(got) != 100 {
		t.Errorf("%d of 100 kept", len(got))
	}
}

// TestWhatIsSaidOfASourceHoldsNobodysFrame: it belongs to nobody and stays when a
// person is erased, so their frame must not stand in it.
func TestWhatIsSaidOfASourceHoldsNobodysFrame(t *testing.T) {
	frame := []byte(`{"nick":"小鹿","text":"打13912345678"}`)
	chat := Event{Kind: KindChat, Recv: noon, At: noon.Add(-8 * time.Hour), Raw: frame}
	note := (&Skew{}).Clamp(&chat, false)
	if note == nil || string(note.Raw) != note.Text {
		t.Errorf("of a wrong clock is said %+v", note)
	}
	var s storms
	gifts := make([]Event, stormAbove+5)
	for i := range gifts {
		gifts[i] = Event{Kind: KindGift, Recv: noon, At: noon, Raw: frame, User: User{ID: "u1"}}
	}
	s.pass(gifts, noon, always)
	sum := s.pass(nil, noon.Add(time.Second), always)
	if len(sum) != 1 || string(sum[0].Raw) != sum[0].Text || sum[0].User != (User{}) {
		t.Errorf("of a storm is said %+v", sum)
	}
}
