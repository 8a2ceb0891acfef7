package tui

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/claims"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// at finds a text on the screen and tells what stands there.
func (s *stage) at(words string) hit {
	s.t.Helper()
	for y, row := range strings.Split(s.plain(), "\n") {
		if before, _, ok := strings.Cut(row, words); ok {
			return s.m.screen().hit(cells(before), y)
		}
	}
	s.t.Fatalf("%q is not on the screen:\n%s", words, s.plain())
	return hit{}
}

// itemAt is what the last picture had in a row of a list.
func (s *stage) itemAt(h hit) int64 { return s.m.glass.latest().itemAt(h) }

// TestWhatIsPointedAt goes by what a person sees, at every size, with the
// timeline and a banner above the panes.
func TestWhatIsPointedAt(t *testing.T) {
	for _, size := range sizes {
		s := newStage(t, text.EN, size[0], size[1])
		s.update(scene())
		s.update(moderation.Update{Health: &moderation.Health{OK: false, Since: start, Err: "disk full"}})
		if h := s.at("not written"); h.kind != hitStatus {
			t.Errorf("%v: the status line is %+v", size, h)
		}
		if h := s.at("disk full"); h.kind != hitHead || h.row != 1 {
			t.Errorf("%v: the banner's reason is %+v", size, h)
		}
		// The selected flag has several rows; all of them are its.
		for _, words := range []string{"high 20:01:34", "百分之百纯羊毛 一点化纤都没有", "更正一下，这条是羊毛"} {
			h := s.at(words)
			if id := s.itemAt(h); h.pane != paneFlags || id != 12 {
				t.Errorf("%v: %q is item %d of %+v", size, words, id, h)
			}
		}
		h := s.at("med  20:01:45")
		if id := s.itemAt(h); id != 13 {
			t.Errorf("%v: the second flag is item %d of %+v", size, id, h)
		}
		s.press("4")
		h = s.at("南枝小院 · 冬日专场   ●")
		if id := s.itemAt(h); id != 1 {
			t.Errorf("%v: the room's card is item %d of %+v", size, id, h)
		}
	}
}

// TestEveryCardIsFound: with more rooms than have room, the row that a room is
// drawn in is that room's.
func TestEveryCardIsFound(t *testing.T) {
	s := newStage(t, text.ZH, 80, 24)
	for i := range 15 {
		room := fmt.Sprint("room", i)
		u := moderation.Update{Rooms: []moderation.Room{{ID: room, Name: room + "号"}}}
		if i == 3 {
			u.Flags = []moderation.Flag{{ID: 1, Room: room, Status: moderation.FlagOpen, At: at(0), Finding: claims.Finding{Severity: claims.SeverityHigh}}}
		}
		s.update(u)
	}
	s.press("4")
	for n := range 15 {
		name := fmt.Sprint("room", n, "号")
		h := s.at(name + " ")
		if h.kind == hitStatus {
			h = s.at("▌")
		}
		if id := s.itemAt(h); id != int64(n+1) {
			t.Fatalf("%s is room %d of %+v:\n%s", name, id, h, s.plain())
		}
		s.narrow()
		s.press("j")
	}
	s.press("home", "j", "j", "j", "enter")
	if s.m.current != "room3" || s.m.view != viewLive {
		t.Fatalf("enter went to %s in view %d", s.m.current, s.m.view)
	}
}
