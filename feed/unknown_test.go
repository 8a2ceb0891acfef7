package feed

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// odd speaks lines, and knows a frame "what NAME" as one of a kind it does not know,
// and "odd ID NAME" as an event about one.
type odd struct{ lines }

func (p odd) NewSession(pos Position) Session { return oddSession{p.lines.NewSession(pos)} }

type oddSession struct{ Session }

func (s oddSession) Decode(f Frame, recv time.Time) Decoded {
	text := string(f.Data)
	if name, is := strings.CutPrefix(text, "what "); is {
		return Decoded{Refused: []error{fmt.Errorf("odd: %w", Unknown(name, errors.New("not known")))}}
	}
	if rest, is := strings.CutPrefix(text, "odd "); is {
		id, name, _ := strings.Cut(rest, " ")
		return Decoded{Events: []Event{{ID: id, Kind: KindSystem, Code: CodeUnknown, Text: name}}}
	}
	return s.Session.Decode(f, recv)
}

// unknownOf sums what the events tell of what was not known.
func unknownOf(events []Event) (sums map[string]int64, rows int) {
	sums = map[string]int64{}
	for _, e := range events {
		if e.Code == CodeUnknown {
			name, n := UnknownOf(&e)
			sums[name] += n
			rows++
		}
	}
	return sums, rows
}

// TestWhatIsNotKnownIsCountedAndNotWrittenForEachFrame: whatever comes of a kind that
// the decoder does not know is in the record by its name and number, in a handful of
// rows.
func TestWhatIsNotKnownIsCountedAndNotWrittenForEachFrame(t *testing.T) {
	url := serve(t, func(c *websocket.Conn, _ *http.Request) {
		say(c, "- 0 a1 a", "what SEND_GIFT_V3", "odd u1 PARTY", "odd u1 PARTY")
		for i := range 300 {
			say(c, "what SEND_GIFT_V3", fmt.Sprintf("odd u%d PARTY", i+2))
		}
		say(c, "what \x1b[2J", "what "+strings.Repeat("长", 500), "what ")
		end(c)
	})
	sink := newMemory()
	src, _, done := start(t, Config{}, odd{lines{url: url}}, sink)
	if err := result(t, done); err != nil {
		t.Fatal(err)
	}
	sums, rows := unknownOf(sink.events)
	if sums["SEND_GIFT_V3"] != 301 || sums["PARTY"] != 301 || sums["␛[2J"] != 1 || sums["(empty)"] != 1 || rows != 7 {
		t.Errorf("the record tells of %v in %d rows", sums, rows)
	}
	for name := range sums {
		if len(name) > 4*unknownCells {
			t.Errorf("a name of %d bytes is kept", len(name))
		}
	}
	if st := src.Status(); st.Unknown != 606 || st.Refused != 304 || st.Duplicates != 1 {
		t.Errorf("status %+v", st)
	}
	for _, e := range sink.events {
		if e.Code == CodeUnknown && (e.Raw == nil || e.Source != "room/lines" || e.At.IsZero()) {
			t.Errorf("event %+v", e)
		}
	}
}

// TestNamesThatArePeersToChooseAreBounded: a peer that names another kind in every
// frame makes neither memory nor record grow with it.
func TestNamesThatArePeersToChooseAreBounded(t *testing.T) {
	var s strangers
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)
	rows := 0
	for i := range 10_000 {
		s.noteFirst(fmt.Sprintf("K%d", i))
		rows += len(s.sums(at, false))
	}
	last := s.sums(at, true)
	sums, _ := unknownOf(last)
	if rows != unknownNames+1 || len(s.again) != unknownNames+1 || len(last) != 1 || sums[unknownOther] != 10_000-unknownNames-1 {
		t.Errorf("%d rows, %d names, at the end %v", rows, len(s.again), sums)
	}
	s.noteFirst("K1")
	if got := s.sums(at.Add(unknownEvery-time.Second), false); len(got) != 0 {
		t.Errorf("told within the minute: %v", got)
	}
	if got := s.sums(at.Add(unknownEvery), false); len(got) != 1 || got[0].Count != 1 || got[0].Channel != "K1" {
		t.Errorf("after a minute: %v", got)
	}
}

// TestACountThatCouldHideAGapWaits: a peer that numbers its events has not shown yet
// whether it resumed; a note of ours must not be taken for its first event.
func TestACountThatCouldHideAGapWaits(t *testing.T) {
	url := serve(t,
		func(c *websocket.Conn, _ *http.Request) { say(c, "e1 1 a a"); end(c) },
		func(c *websocket.Conn, _ *http.Request) { say(c, "what NEW", "e1 2 b b"); end(c) })
	sink := newMemory()
	for range 2 {
		_, _, done := start(t, Config{}, odd{lines{url: url}}, sink)
		if err := result(t, done); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(sink.texts(), " | "); got != "a | b | not known here: NEW ×1" {
		t.Errorf("committed %s", got)
	}
}
