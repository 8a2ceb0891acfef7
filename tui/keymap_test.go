package tui

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/tui/text"
)

// rebound is a keymap with a person's own keys.
func rebound(t testing.TB, own map[string][]string) *Keymap {
	t.Helper()
	k, err := NewKeymap(own, func(id string) string { return "keys " + id })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestShippedKeysDoNotClash(t *testing.T) {
	k := rebound(t, nil)
	if errs := k.clashes(nil, func(id string) string { return id }); len(errs) > 0 {
		t.Error(errs)
	}
	ids := map[string]bool{}
	for _, b := range k.bindings {
		if ids[b.id] {
			t.Errorf("two bindings are called %s", b.id)
		}
		ids[b.id] = true
		for _, key := range b.keys {
			if got, err := parseKey(keyLabel(key)); got != key || err != nil {
				t.Errorf("%s: %q cannot be written in a config: %q %v", b.id, key, got, err)
			}
		}
	}
}

func TestKeysOfAPersonAreChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		own  map[string][]string
		want []string // of the error; none: it is taken
	}{
		{"another key", map[string][]string{"confirm": {"Y"}}, nil},
		{"several", map[string][]string{"confirm": {"Y", "alt+y", "f5", "ctrl+y", "space"}, "mark": {"M"}}, nil},
		{"two change places", map[string][]string{"confirm": {"x"}, "dismiss": {"y"}}, nil},
		{"the same key in other panes", map[string][]string{"take": {"a"}}, nil},
		{"left to the palette", map[string][]string{"zoom": {}}, nil},
		{"a wide sign is its narrow key", map[string][]string{"help": {"＠"}}, nil},
		{"clash with a shipped one", map[string][]string{"confirm": {"x"}}, []string{`keys confirm: "x" is the key of dismiss already: give confirm or dismiss another one`}},
		{"clash of two own", map[string][]string{"confirm": {"K"}, "zoom": {"K"}}, []string{`keys zoom: "K" is the key of confirm already`}},
		{"clash with what is valid everywhere", map[string][]string{"take": {"?"}}, []string{`keys take: "?" is the key of help already`}},
		{"ctrl+c quits", map[string][]string{"zoom": {"ctrl+c"}}, []string{`"ctrl+c" is the key of quit already`}},
		{"esc goes back", map[string][]string{"back": {"backspace"}, "zoom": {"esc"}}, []string{`"esc" is the key of back already`}},
		{"the same as ctrl+i", map[string][]string{"zoom": {"ctrl+i"}}, []string{`"tab" is the key of next_pane already`}},
		{"unknown id", map[string][]string{"confrim": {"y"}}, []string{`keys confrim: nothing is called "confrim", did you mean "confirm"?`}},
		{"unlike any id", map[string][]string{"aaaaaaaaaaaaaaaa": {"y"}}, []string{"config.example.toml"}},
		{"unknown key", map[string][]string{"zoom": {"pagedown"}}, []string{`keys zoom: "pagedown" is no key: did you mean "pgdown"?`}},
		{"two signs", map[string][]string{"zoom": {"gg"}}, []string{`"gg" is no key`}},
		{"nothing", map[string][]string{"zoom": {""}}, []string{`"" is no key: write a sign`}},
		{"a control character", map[string][]string{"zoom": {"\x01"}}, []string{"is no key"}},
		{"all that is wrong at once", map[string][]string{"zoom": {"gg"}, "confrim": {"y"}}, []string{"keys zoom:", "keys confrim:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewKeymap(c.own, func(id string) string { return "keys " + id })
			if (err == nil) != (len(c.want) == 0) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}

// TestNobodyIsLockedOut: whatever a config says, one can go back and quit.
func TestNobodyIsLockedOut(t *testing.T) {
	k := rebound(t, map[string][]string{"quit": {}, "back": {"O"}})
	if got := k.find("quit").keys; !slices.Equal(got, []string{"ctrl+c"}) {
		t.Errorf("quit has %q", got)
	}
	if got := k.find("back").keys; !slices.Equal(got, []string{"O", "esc"}) {
		t.Errorf("back has %q", got)
	}
}

// TestTwoScreensHaveKeysOfTheirOwn: a rebound key decides on one screen, is in
// its footer, help, palette and words, and leaves the other screen alone.
func TestTwoScreensHaveKeysOfTheirOwn(t *testing.T) {
	mine, other := newStage(t, text.EN, 160, 50), newStage(t, text.EN, 160, 50)
	opt := mine.m.opt
	opt.Keys = rebound(t, map[string][]string{"confirm": {"K"}, "help": {"f1"}, "undo": {"%"}, "dismiss": {}, "next": {"space"}, "mark": {"M"}})
	mine.m = New(opt)
	mine.m.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	mine.has("f1 ")
	mine.update(scene())
	other.update(scene())

	mine.has("K confirm", "f1 help", "space next")
	mine.hasNot("y confirm", "dismiss")
	other.has("y confirm", "x dismiss")
	mine.press("y", "x")
	mine.hasNot("confirmed by you", "undo 15s")
	mine.press("K")
	mine.has("[%] ")
	other.press("y")
	other.has("[u] ")

	mine.send(tea.KeyMsg{Type: tea.KeyF1})
	mine.has("K                      yes: confirm the flag")
	mine.press("esc", ":", "text:confirm the")
	mine.has("K          yes: confirm the flag")
	mine.press("esc")

	empty := New(opt).t.T("empty.flags")
	if !strings.Contains(empty, "K or — decides") {
		t.Errorf("the empty pane says %q", empty)
	}
	if hint := New(opt).t.T("form.correct_hint"); !strings.Contains(hint, "; % takes it back") {
		t.Errorf("the form says %q", hint)
	}
}

// TestReboundKeysDoNotShadowTyping: while text is typed, in a filter, a form or
// the palette, no key of the table is asked, whatever is bound to what.
func TestReboundKeysDoNotShadowTyping(t *testing.T) {
	s := newStage(t, text.EN, 160, 50)
	s.m.keymap = rebound(t, map[string][]string{"quit": {"K"}, "confirm": {"b"}, "blast": {"I"}, "mark": {"M"}, "undo": {"backspace"}, "zoom": {"left"}, "left": {"h"}, "snooze": {"space"}})
	s.update(scene())
	for _, open := range [][]string{{"/"}, {"c", "ctrl+u"}, {":"}} {
		s.press(open...)
		s.press("text:Kb", "text:c", "backspace")
		s.send(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(" ")})
		s.press("left")
		if s.m.quitting || s.m.zoom || len(s.m.undo) > 0 {
			t.Fatalf("after %q a key of the table was taken", open)
		}
		s.has("Kb")
		s.press("esc", "esc")
	}
}

// TestKeysOfTheInputMethod: what a Chinese input method types for a key is that
// key, on the panes and in questions; typed into a text it stays itself.
func TestKeysOfTheInputMethod(t *testing.T) {
	for typed, key := range map[string]string{
		"？": "?", "：": ":", "、": "/", "／": "/", "【": "[", "】": "]", "「": "[", "」": "]", "《": "<", "》": ">", "＋": "+", "－": "-",
		"１": "1", "ｙ": "y", "Ｘ": "X", "￥": "$", "……": "^", "——": "_", "·": "`", "“": `"`, "’": "'", "，": ",", "。": ".", "；": ";", "（": "(", "！": "!",
	} {
		s := newStage(t, text.ZH, 120, 40)
		s.m.keymap = rebound(t, nil)
		var pressed []string
		s.m.keymap.bindings = []binding{{id: "probe", keys: []string{key}, group: "program", do: func(*Model) tea.Cmd {
			pressed = append(pressed, key)
			return nil
		}}}
		s.press("text:" + typed)
		if len(pressed) != 1 {
			t.Errorf("%s pressed %q %d times", typed, key, len(pressed))
		}
	}
	s := newStage(t, text.ZH, 120, 40)
	s.update(scene())
	s.press("、")
	s.press("text:，。？【】")
	if got := s.m.line.value(); got != "，。？【】" {
		t.Errorf("typed text became %q", got)
	}
}
