package tui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/tui/text"
)

// TestAnyKeysAtAnySize presses whatever there is to press while things arrive
// and the window changes: nothing breaks or hangs, every frame has its rows, and
// no row is too wide.
func TestAnyKeysAtAnySize(t *testing.T) {
	var keys []string
	for _, b := range shippedBindings() {
		keys = append(keys, b.keys...)
	}
	keys = append(keys, "text:纯羊毛", "text:y", "enter", "enter", "tab", "tab", "j", "k", "y", "x", "backspace", "esc")
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t, rapid.SampledFrom(text.Langs).Draw(rt, "language"), 120, 40)
		s.update(scene())
		sc := &script{room: "r1", n: 100}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			switch rapid.IntRange(0, 9).Draw(rt, "step") {
			case 0:
				s.send(tea.WindowSizeMsg{Width: rapid.IntRange(0, 220).Draw(rt, "width"), Height: rapid.IntRange(0, 70).Draw(rt, "height")})
			case 1:
				s.update(arrival(rt, sc))
			case 2:
				s.now = s.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "seconds")) * time.Second)
				s.m.Update(tick(s.now))
			case 3, 4:
				s.send(anyPointer(rt))
			default:
				s.press(rapid.SampledFrom(keys).Draw(rt, "key"))
			}
			frame(rt, s)
		}
	})
}

// anyPointer is something that a mouse may do, on the screen or beside it.
func anyPointer(t *rapid.T) tea.MouseMsg {
	return tea.MouseMsg{
		X: rapid.IntRange(-1, 220).Draw(t, "x"), Y: rapid.IntRange(-1, 70).Draw(t, "y"),
		Button: rapid.SampledFrom([]tea.MouseButton{tea.MouseButtonLeft, tea.MouseButtonLeft, tea.MouseButtonWheelUp, tea.MouseButtonWheelDown}).Draw(t, "button"),
		Action: rapid.SampledFrom([]tea.MouseAction{tea.MouseActionPress, tea.MouseActionPress, tea.MouseActionMotion, tea.MouseActionRelease}).Draw(t, "action"),
	}
}

// arrival is one of the things that can come at any moment.
func arrival(t *rapid.T, sc *script) moderation.Update {
	sc.evs = nil
	sec := 600 + int(sc.n)
	switch rapid.IntRange(0, 5).Draw(t, "arrival") {
	case 0:
		e := sc.add(sec, feed.KindTranscript, "晚晴", "全网第一 假一赔十")
		f := sc.flag(100+sc.n, e, claims.SeverityHigh, claims.Finding{SKU: "D01", Category: claims.CategoryAbsolute, Said: "全网第一"})
		return moderation.Update{Events: sc.evs, Flags: []moderation.Flag{f}}
	case 1:
		f := scene().Flags[rapid.IntRange(0, 2).Draw(t, "flag")]
		f.Status, f.DecidedBy, f.Version = moderation.FlagDismissed, "小林", 9
		return moderation.Update{Flags: []moderation.Flag{f}}
	case 2:
		return moderation.Update{Health: &moderation.Health{OK: rapid.Bool().Draw(t, "written"), Err: "disk full"}}
	case 3:
		return moderation.Update{Rooms: []moderation.Room{{ID: "r2", Name: "北巷好物"}}, Skipped: map[string]int64{"r1": 3}}
	case 4:
		return moderation.Update{Sources: []feed.Status{{Room: "r1", Source: "chat", State: feed.StateWaiting, Since: at(1)}}}
	}
	for range 30 {
		sc.add(sec, feed.KindChat, "观众", "这条围巾真的是纯羊毛吗 👍")
	}
	return moderation.Update{Events: sc.evs}
}

func frame(t *rapid.T, s *stage) {
	rows := strings.Split(s.m.View(), "\n")
	if s.m.w == 0 || s.m.h == 0 {
		return
	}
	if len(rows) != s.m.h {
		t.Fatalf("%d rows on a terminal of %dx%d", len(rows), s.m.w, s.m.h)
	}
	for y, row := range rows {
		if w := cells(ansiCodes.ReplaceAllString(row, "")); w > max(s.m.w-1, 1) {
			t.Fatalf("row %d is %d wide on a terminal of %dx%d: %q", y, w, s.m.w, s.m.h, row)
		}
	}
}

// TestThePaletteInALowWindow: it has no row left to say that nothing was found.
func TestThePaletteInALowWindow(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.press(":", "text:zzzzzz")
	for h := 40; h >= 1; h-- {
		s.m.Update(tea.WindowSizeMsg{Width: 40, Height: h})
		if got := strings.Count(s.m.View(), "\n") + 1; got != h {
			t.Fatalf("%d rows in a window of %d", got, h)
		}
	}
}
