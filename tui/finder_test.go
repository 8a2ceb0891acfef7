package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
	"liveroom/moderation/storetest"
	"liveroom/tui/text"
)

// recorded puts the scene into a record, with an hour of chat before it that the
// screen never saw, and lets the stage read it.
func recorded(t *testing.T, lang text.Lang, w, h int) *stage {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	u := scene()
	err = store.Update(t.Context(), func(tx moderation.Tx) error {
		for i := range 300 {
			e := feed.Event{
				ID: fmt.Sprint("old", i), Source: "test", Room: "r1", Kind: feed.KindChat, At: at(i - 3600), Recv: at(i - 3600),
				User: feed.User{ID: "u", Name: "老观众"}, Text: fmt.Sprintf("昨晚的手链发黄了 %d", i),
			}
			if _, _, err := storetest.AddEvent(tx, e); err != nil {
				return err
			}
		}
		for i := range u.Events {
			r, _, err := storetest.AddEvent(tx, u.Events[i].Event)
			if err != nil {
				return err
			}
			for j := range u.Flags {
				if u.Flags[j].Event == u.Events[i].Index {
					u.Flags[j].Event = r.Index
				}
			}
			u.Events[i].Index = r.Index
		}
		other := feed.Event{ID: "other", Source: "test", Room: "r2", Kind: feed.KindChat, At: at(1), Recv: at(1), Text: "另一间也有手链"}
		if _, _, err := storetest.AddEvent(tx, other); err != nil {
			return err
		}
		c := moderation.Case{Room: "r1", Kind: moderation.CaseComplaint, State: moderation.CaseStateClosed, Title: "去年的手链", OpenedAt: at(-900)}
		return tx.PutCase(&c)
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, lang, w, h)
	s.desk.record = store
	s.update(u)
	return s
}

// A person finds what the screen never held, and goes to its moment.
func TestFindsInTheWholeRecord(t *testing.T) {
	for _, lang := range text.Langs {
		s := recorded(t, lang, 120, 40)
		s.m.setFocus(paneChat)
		s.press("F", "text:手链发黄")
		s.narrow()
		s.has("手链发黄了 299", "手链发黄了 290")
		s.hasNot("手链发黄了 100")
		if f := s.m.dialog.(*finder); len(f.found) != findPage || !f.more {
			t.Fatalf("%d found, more %v", len(f.found), f.more)
		}
		for range 8 {
			s.press("pgdown") // reads on
		}
		if f := s.m.dialog.(*finder); len(f.found) != 3*findPage {
			t.Fatalf("%d found after paging", len(f.found))
		}
		s.press("ctrl+u", `text:"手链发黄了 7"`)
		s.has("手链发黄了 7", s.m.t.T("find.done", 1))
		s.press("enter")
		r := s.m.here()
		if s.m.dialog != nil || r.lists[paneChat].selected() != 8 || !r.at.Equal(at(7-3600)) {
			t.Errorf("%s: enter went to %d at %s, want event 8 of the record", lang, r.lists[paneChat].selected(), r.at)
		}
		s.narrow()
		if got := s.m.kept.Queries[string(moderation.ListEvents)]; len(got) != 1 || got[0] != `"手链发黄了 7"` {
			t.Errorf("remembered %q", got)
		}
	}
}

// The same is asked of other lists, and of all rooms.
func TestFindsInOtherListsAndRooms(t *testing.T) {
	s := recorded(t, text.ZH, 120, 40)
	s.m.setFocus(paneChat)
	s.press("F", "text:手链")
	s.hasNot("另一间也有手链")
	s.send(tea.KeyMsg{Type: tea.KeyCtrlR})
	s.has("另一间也有手链", "全部直播间")
	for s.m.dialog.(*finder).line.list != moderation.ListCases {
		s.press("shift+tab")
	}
	s.has("案件", "去年的手链", "找到 1 条，全在这里")
	s.press("enter")
	if c := s.m.here().caseSubject(); c == nil || c.Title != "去年的手链" {
		t.Errorf("enter went to %+v", s.m.here().subject)
	}
}

// A mistake leaves what was found, and an expression that nothing meets says that
// nothing is there.
func TestFinderTellsMistakes(t *testing.T) {
	s := recorded(t, text.ZH, 120, 40)
	s.m.setFocus(paneChat)
	s.press("F", "text:手链 kind:chat", "text: kin:x")
	s.has("手链发黄了 299", "是不是 kind:？", "▲")
	s.narrow()
	s.press("ctrl+u", "text:/没有这样的话$/")
	s.has("整份记录里没有")
	s.press("esc")
	if s.m.dialog != nil {
		t.Error("esc left the dialog open")
	}
}

// What somebody searches for and finds may hold anything.
func TestFinderWithHostileText(t *testing.T) {
	for _, size := range [][2]int{{30, 8}, {80, 24}, {160, 50}} {
		s := recorded(t, text.EN, size[0], size[1])
		s.m.setFocus(paneChat)
		for _, asked := range []string{"\x1b[2J", "\u202e手链", strings.Repeat("👨‍👩‍👧‍👦", 40), "红色", "/\x1b/", "(((((", strings.Repeat("长", 300), "kind:\x1b]0;x\a"} {
			s.press("F", "text:"+asked)
			s.narrow()
			s.press("tab")
			s.narrow()
			s.press("enter")
			s.narrow()
			s.press("esc", "esc")
			s.press("/", "text:"+asked)
			s.narrow()
			s.press("tab")
			s.narrow()
			s.press("esc", "esc")
			if strings.Contains(s.m.View(), "\x1b[2J") || strings.ContainsRune(s.m.View(), '\u202e') {
				t.Fatalf("%q came through to the terminal", asked)
			}
		}
	}
}
