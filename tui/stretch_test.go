package tui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// longRecord is a room of which the record holds far more than the screen: line n
// says n, and every hundredth event is a sentence of the host.
func longRecord(t *testing.T, events int) (*stage, *script) {
	t.Helper()
	s := newStage(t, text.EN, 160, 50)
	over, stop := context.WithCancel(t.Context())
	stop()
	s.m.ctx = over // no updates come by themselves
	sc := &script{room: "r1"}
	s.talk(sc, events)
	last := sc.evs[max(0, len(sc.evs)-moderation.KeptEvents):]
	_, cmd := s.m.Update(updated{u: moderation.Update{Events: last, Rooms: []moderation.Room{{ID: "r1", StartedAt: start}}}})
	s.run(cmd)
	s.m.setFocus(paneChat)
	return s, sc
}

// talk lets n more events happen.
func (s *stage) talk(sc *script, n int) []moderation.Recorded {
	had := len(sc.evs)
	for range n {
		if sec := len(sc.evs) / 20; len(sc.evs)%100 == 50 {
			sc.add(sec, feed.KindTranscript, "主播", fmt.Sprintf("sentence %d.", sc.n+1))
		} else {
			sc.add(sec, feed.KindChat, "观众", fmt.Sprintf("line %d.", sc.n+1))
		}
	}
	s.desk.events = sc.evs
	return sc.evs[had:]
}

// selectedLine is the number of the event that is selected in the chat.
func (s *stage) selectedLine() int64 { return s.m.here().lists[paneChat].selected() }

func TestHomeIsTheFirstEventOfAll(t *testing.T) {
	s, sc := longRecord(t, 30_000)
	s.hasNot("line 1.")
	s.press("home")
	if got := s.selectedLine(); got != 1 {
		t.Fatalf("home selects event %d", got)
	}
	s.has("line 1.", "line 2.", "sentence 51.") // and what was said then stands beside it
	s.press("end")
	s.has(fmt.Sprintf("line %d.", len(sc.evs)))
	s.hasNot("line 1.")
}

// TestPagingHasNoSeam goes through all of the record, upwards and back down, and
// sees every line of the chat in its place.
func TestPagingHasNoSeam(t *testing.T) {
	s, sc := longRecord(t, 12_000)
	s.press("up", "up")
	var seen []int64
	look := func() {
		t.Helper()
		g := s.m.here().ring(paneChat)
		if n := len(g.live()); n > feedCap {
			t.Fatalf("the screen holds %d entries", n)
		}
		seen = append(seen, s.selectedLine())
		s.has(fmt.Sprintf("line %d.", s.selectedLine()))
	}
	step := func(key string) bool {
		before := s.selectedLine()
		s.press(key)
		look()
		return s.selectedLine() != before
	}
	for step("up") && s.selectedLine() > 11_000 { // by lines …
	}
	for step("pgup") { // … and by pages
	}
	if got := s.selectedLine(); got != 1 {
		t.Fatalf("page up ended at event %d", got)
	}
	for i := 1; i < len(seen); i++ {
		lines := int64(0)
		for n := seen[i]; n < seen[i-1]; n++ {
			if sc.evs[n-1].Kind == feed.KindChat {
				lines++
			}
		}
		if page := int64(s.m.page()); lines != 1 && lines != page && seen[i] != 1 {
			t.Fatalf("from event %d to %d are %d lines, neither one nor a page of %d", seen[i-1], seen[i], lines, page)
		}
	}
	for step("pgdown") {
	}
	if got, want := s.selectedLine(), int64(len(sc.evs)); got != want {
		t.Fatalf("page down ended at event %d of %d", got, want)
	}
	if s.m.here().past[paneChat] != nil {
		t.Error("back at the end, the chat does not run on")
	}
}

// TestWhatIsHeldStaysWhileAThousandsLinesPass: however many lines come, the one
// that is selected keeps its row, with the same lines around it.
func TestWhatIsHeldStaysWhileThousandsOfLinesPass(t *testing.T) {
	s, sc := longRecord(t, 12_000)
	s.press("up", "up", "up")
	chat := func() string {
		var rows []string
		for _, row := range strings.Split(s.plain(), "\n") {
			if left, _, _ := strings.Cut(row, "."); strings.Contains(left, ": line ") {
				rows = append(rows, left)
			}
		}
		return strings.Join(rows, "\n")
	}
	held, was := s.selectedLine(), chat()
	for range 20 {
		s.update(moderation.Update{Events: s.talk(sc, 1000)})
		if now := chat(); s.selectedLine() != held || now != was {
			t.Fatalf("%d lines later event %d is selected:\n%s\nbefore\n%s", len(sc.evs)-12_000, s.selectedLine(), now, was)
		}
	}
	s.press("pgdown", "pgdown")
	if now := s.selectedLine(); now < held+2*int64(s.m.page()) || now > held+3*int64(s.m.page()) {
		t.Errorf("two pages on from event %d is event %d", held, now)
	}
	s.press("g")
	s.has(fmt.Sprintf("line %d.", len(sc.evs)))
}

// TestAMomentIsReadFromTheRecord: a flag of long ago takes the chat there though
// thousands of lines came since, and to the lines just around it.
func TestAMomentIsReadFromTheRecord(t *testing.T) {
	s, sc := longRecord(t, 30_000)
	said := &sc.evs[5050]
	s.update(moderation.Update{Flags: []moderation.Flag{{
		ID: 1, Room: "r1", Event: said.Index, At: said.At, Text: said.Text, Shown: said.Shown, Status: moderation.FlagOpen, Version: 1,
	}}})
	s.m.setFocus(paneFlags)
	s.has("sentence") // panes are as high as they were drawn
	s.run(s.m.choose(paneFlags, 1))
	s.has("sentence 5051.", "line 5050.", "line 5052.")
	s.desk.fail = errors.New("the disk is gone")
	s.run(s.m.goTo(s.m.here(), sc.evs[100].At, paneFlags))
	s.has("the disk is gone")
}

// TestAPaneIsFilledWhereTheSnapshotHasNothing: after thousands of lines of chat no
// sentence is among the newest events.
func TestAPaneIsFilledWhereTheSnapshotHasNothing(t *testing.T) {
	s, sc := longRecord(t, 3000)
	for range 2500 {
		sc.add(200, feed.KindChat, "观众", "line")
	}
	s.desk.events = sc.evs
	s.m.started = false
	s.m.here().speech = ring{}
	s.m.here().chat = ring{}
	_, cmd := s.m.Update(updated{u: moderation.Update{Events: sc.evs[len(sc.evs)-moderation.KeptEvents:]}})
	s.hasNot("sentence 2951.")
	s.run(cmd)
	s.has("sentence 2951.")
}

func TestAStretchIsBoundedAtBothEnds(t *testing.T) {
	entries := func(from, to int64) (out []*entry) {
		for i := from; i < to; i++ {
			out = append(out, &entry{ev: moderation.Recorded{Index: i}})
		}
		return out
	}
	g := &ring{all: entries(1000, 1000+feedCap)}
	g.lead(entries(500, 1100), true) // some of it again
	if live := g.live(); len(live) != feedCap || live[0].ev.Index != 500 || !g.older || !g.newer {
		t.Errorf("%d entries from %d, older %v, newer %v", len(live), live[0].ev.Index, g.older, g.newer)
	}
	for i, e := range g.live() {
		if e.ev.Index != int64(500+i) {
			t.Fatalf("entry %d is event %d", i, e.ev.Index)
		}
	}
	g.older = false
	g.trail(entries(500+feedCap, 600+feedCap))
	if live := g.live(); len(live) != feedCap || live[0].ev.Index != 600 || !g.older {
		t.Errorf("%d entries from %d, older %v", len(live), live[0].ev.Index, g.older)
	}
	empty := &ring{older: true}
	if empty.reaches(start) || !(&ring{}).reaches(start) {
		t.Error("an empty ring tells wrongly whether the record holds more")
	}
	empty.lead(entries(1, math.MaxInt8), false)
	if empty.older || len(empty.shown()) != math.MaxInt8-1 {
		t.Errorf("%d entries shown, older %v", len(empty.shown()), empty.older)
	}
}
