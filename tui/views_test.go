package tui

import (
	"strings"
	"testing"

	"liveroom/tui/text"
)

// A person keeps a filter under a name, sees how much it finds, applies it in a list,
// and lets it go.
func TestSavedViews(t *testing.T) {
	for _, lang := range text.Langs {
		s := recorded(t, lang, 120, 40)
		s.press("v")
		s.has("s ", s.m.t.T("views.title", 0))
		s.press("s") // nothing to save: no filter
		if _, open := s.m.dialog.(*viewSheet); !open || len(s.m.kept.Views) != 0 {
			t.Fatal("a view was saved of no filter")
		}
		s.press("esc")
		s.m.setFocus(paneChat)
		s.press("/", "text:手链", "enter", "v", "s", "text:发黄的手链", "enter")
		s.narrow()
		// 300 lines of the record, which the screen never held, and none of its own.
		s.has("   300 发黄的手链", "手链")
		s.press("esc", "esc")
		if s.m.here().filters[paneChat] != "" {
			t.Fatal("the filter is still there")
		}
		s.m.setFocus(paneFlags)
		s.press("v", "enter")
		if s.m.focused() != paneChat || s.m.here().filters[paneChat] != "手链" {
			t.Errorf("applying went to pane %d with %q", s.m.focused(), s.m.here().filters[paneChat])
		}
		s.press("v", "d")
		s.has("发黄的手链")
		s.press("enter") // keeps it: what destroys is not what enter does first
		if len(s.m.kept.Views) != 1 {
			t.Fatal("enter deleted")
		}
		s.press("d", "y")
		if len(s.m.kept.Views) != 0 {
			t.Fatalf("views left: %v", s.m.kept.Views)
		}
		s.narrow()
	}
}

// What was kept by another version, or is not of a list, is said and breaks nothing.
func TestSavedViewsThatCannotBeUsed(t *testing.T) {
	s := recorded(t, text.EN, 80, 24)
	s.m.kept.Views = []SavedView{{"a\x1b[2J", "gone", "x"}, {"b", "flags", "nofield:x"}, {"c", "flags", "is:open"}}
	s.press("v")
	s.has("     ? a␛[2J", "     ? b", "     0 c")
	s.narrow()
	s.press("enter")
	s.has("is of a list that is no more")
	s.press("v", "down", "enter")
	s.has("no field is called nofield")
	if strings.Contains(s.m.View(), "\x1b[2J") {
		t.Error("a name came through to the terminal")
	}
}

// The palette goes to whatever has a name: by its letters, its pinyin or initials.
func TestPaletteFinds(t *testing.T) {
	tests := []struct {
		typed string
		first string // of what is found
		then  func(*stage) bool
	}{
		{"mywj", "暮云羊绒混纺格纹围巾", func(s *stage) bool { return s.m.focused() == paneSpeech }},
		{"muyunyang", "暮云羊绒混纺格纹围巾", nil},
		{"围巾", "暮云羊绒混纺格纹围巾", nil},
		{"d01", "暮云羊绒混纺格纹围巾", nil},
		{"diaomao", "掉毛起球", func(s *stage) bool { return s.m.here().caseSubject().ID == 1041 }},
		{"1042", "原价与划线价不符", func(s *stage) bool { return s.m.here().caseSubject().ID == 1042 }},
		{"xiaolin", "小林", func(s *stage) bool { return s.m.here().filters[paneCases] == `owner:"小林"` }},
		{"xiaolu", "小鹿", func(s *stage) bool { return s.m.here().filters[paneChat] == `user:"小鹿"` }},
		{"快到", "快到时的", func(s *stage) bool { return s.m.here().filters[paneCases] == "is:soon" }},
		{"kdsd", "快到时的", nil},
		{"nzxy", "南枝小院", nil},
		{"chexiao", "撤销", nil},
	}
	for _, tt := range tests {
		s := newStage(t, text.ZH, 120, 40)
		s.update(scene())
		s.m.kept.Views = []SavedView{{"快到时的", "cases", "is:soon"}}
		s.press(":", "text:"+tt.typed)
		p := s.m.dialog.(*palettePane)
		if len(p.hits) == 0 || !strings.Contains(p.x.entries[p.hits[0]].name.String(), tt.first) {
			t.Errorf("%q does not find %s first:\n%s", tt.typed, tt.first, s.plain())
			continue
		}
		if s.press("enter"); tt.then != nil && !tt.then(s) {
			t.Errorf("%q went nowhere:\n%s", tt.typed, s.plain())
		}
	}
}

// A palette of thousands of names answers each key at once: names are spelled when
// it opens, and only once.
func BenchmarkPaletteKey(b *testing.B) {
	s := newStage(b, text.ZH, 120, 40)
	u := scene()
	for i := range 3000 {
		c := u.Cases[0]
		c.ID = int64(2000 + i)
		u.Cases = append(u.Cases, c)
	}
	s.update(u)
	s.press(":")
	p := s.m.dialog.(*palettePane)
	b.ResetTimer()
	for b.Loop() {
		p.x.search("diaomao")
	}
}
