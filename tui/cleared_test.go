package tui

import (
	"fmt"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/storetest"
	"liveroom/tui/text"
)

// clearedChat is the scene, and a chat of two sources in which the platform bans a
// person who goes on.
func clearedChat() moderation.Update {
	u := scene()
	sc := &script{room: "r1", n: 200}
	sc.add(520, feed.KindChat, "小鹿", "这条起球吗")
	sc.add(521, feed.KindChat, "刷单客", "加微信返现")
	sc.add(522, feed.KindChat, "刷单客", "骗子直播间").Source = "other"
	sc.add(523, feed.KindChat, "刷单客", "返现五十")
	ban := sc.add(524, feed.KindSystem, "刷单客", "刷单客 was banned")
	ban.Clears, ban.Code = feed.ClearsPerson, "user_banned"
	sc.add(525, feed.KindChat, "刷单客", "对不起我不发了")
	sc.add(526, feed.KindChat, "橙子", "主播好温柔")
	u.Events = append(u.Events, sc.evs...)
	return u
}

// TestAClearedPersonIsStruckOut in the room: what they wrote before, by that source, and
// not what they write afterwards.
func TestAClearedPersonIsStruckOut(t *testing.T) {
	for _, lang := range text.Langs {
		s := newStage(t, lang, 160, 50)
		s.update(clearedChat())
		s.narrow()
		golden(t, fmt.Sprintf("cleared-%s-160x50.txt", lang), s.plain())
		// A chat that is emptied takes the rest of its source.
		sc := &script{room: "r1", n: 300}
		sc.add(523, feed.KindChat, "刷单客", "还有谁要")
		all := sc.add(531, feed.KindSystem, "", "the chat was cleared")
		all.User, all.Clears, all.Code = feed.User{}, feed.ClearsChat, feed.CodeChatCleared
		sc.add(532, feed.KindChat, "橙子", "清屏了")
		s.update(moderation.Update{Events: sc.evs})
		for words, want := range map[string]bool{"加微信返现": true, "骗子直播间": false, "返现五十": true, "对不起我不发了": true, "这条起球吗": true, "还有谁要": true, "清屏了": false} {
			if got := s.struck(words); got != want {
				t.Errorf("%s: struck out is %v", words, got)
			}
		}
	}
}

// struck tells whether the chat shows a line struck out.
func (s *stage) struck(words string) bool {
	s.t.Helper()
	for _, e := range s.m.here().ring(paneChat).live() {
		if e.ev.Text == words {
			return e.retracted
		}
	}
	s.t.Fatalf("%q is not in the chat", words)
	return false
}

// TestAClearingIsReadFromTheRecord for what was said long before it, where somebody
// pages back or searches, however far the two stand apart.
func TestAClearingIsReadFromTheRecord(t *testing.T) {
	s, sc := longRecord(t, 100_000)
	ban := sc.add(6000, feed.KindSystem, "观众", "观众 was banned")
	ban.Clears, ban.Code = feed.ClearsPerson, "user_banned"
	after := s.talk(sc, 10)
	s.update(moderation.Update{Events: after}) // the screen was never told of the ban
	s.press("home")
	if got := s.selectedLine(); got != 1 || !s.struck("line 1.") {
		t.Errorf("event %d is selected, line 1 is not struck out", got)
	}
	s.press("end")
	if last := after[len(after)-1].Text; s.struck(last) {
		t.Errorf("%s was said after the ban", last)
	}

	s = recorded(t, text.EN, 120, 40)
	store := s.desk.record.(moderation.Store)
	err := store.Update(t.Context(), func(tx moderation.Tx) error {
		e := ban.Event
		e.User = feed.User{ID: "u", Name: "老观众"}
		_, _, err := storetest.AddEvent(tx, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.m.setFocus(paneChat)
	s.press("F", "text:手链发黄")
	s.has("手链发黄了 299")
	for row := range strings.Lines(s.plain()) {
		if strings.Contains(row, "手链发黄了 299") && !strings.Contains(row, "⌫") {
			t.Errorf("found, and not struck out: %q", row)
		}
	}
	s.press("ctrl+u", "text:红色")
	for row := range strings.Lines(s.plain()) {
		if strings.Contains(row, "红色") && strings.Contains(row, "⌫") {
			t.Errorf("of somebody else, and struck out: %q", row)
		}
	}
}
