package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/tui/text"
)

// beginning is the first screen without a terminal, and what it asked for.
type beginning struct {
	*testing.T
	f       *firstRun
	taken   []string // paths that exist
	reached error
	wrote   []FirstAnswers
	quit    bool
}

func begin(t *testing.T, lang text.Lang, w, h int) *beginning {
	b := &beginning{T: t}
	b.f = newFirst(First{
		Lang: lang, NoColor: true, File: "liveroom.toml", Record: "liveroom.db",
		Sources: []FirstSource{{ID: "cloudevent", Address: "ws://127.0.0.1:7788/"}, {ID: "twitch", Channel: true}},
		Check: func(a FirstAnswers, q Question) error {
			if q == AskRoom && a.Room == "" {
				return errors.New("a name is needed")
			}
			return nil
		},
		Reach: func(context.Context, FirstAnswers) error { return b.reached },
		Write: func(a FirstAnswers) (string, error) {
			if len(b.taken) > 0 {
				return "", errors.New("liveroom.toml exists by now")
			}
			b.wrote = append(b.wrote, a)
			return "liveroom.toml", nil
		},
		Open: func(path string) error {
			if path != "other.toml" {
				return errors.New("config " + path + ":3: unknown key \"rol\"")
			}
			return nil
		},
		Complete: func(s string) []string {
			var out []string
			for _, p := range []string{"facts.csv", "facts-old.csv", "other.toml"} {
				if strings.HasPrefix(p, s) {
					out = append(out, p)
				}
			}
			return out
		},
	})
	b.f.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return b
}

func (b *beginning) send(msg tea.Msg) {
	_, cmd := b.f.Update(msg)
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		b.quit = true
	default:
		b.send(msg)
	}
}

func (b *beginning) press(keys ...string) {
	for _, k := range keys {
		if typed, ok := strings.CutPrefix(k, "text:"); ok {
			b.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(typed)})
			continue
		}
		b.send(keyOf(k))
	}
}

func (b *beginning) plain() string { return ansiCodes.ReplaceAllString(b.f.View(), "") }

func (b *beginning) has(texts ...string) {
	b.Helper()
	for _, x := range texts {
		if !strings.Contains(b.plain(), x) {
			b.Fatalf("the screen does not show %q:\n%s", x, b.plain())
		}
	}
}

// TestTheFirstScreenTakesKeysThatComeTogether, as a slow line delivers them.
func TestTheFirstScreenTakesKeysThatComeTogether(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("o围巾.db")})
	if got := b.f.line.value(); b.f.page != pageOpen || got != "围巾.db" {
		t.Errorf("page %v with %q\n%s", b.f.page, got, b.plain())
	}
}

func TestTheFirstScreenLeadsToTheDemo(t *testing.T) {
	for _, keys := range [][]string{{"d"}, {"ｄ"}, {"enter"}, {"down", "up", "enter"}} {
		b := begin(t, text.EN, 100, 30)
		b.has("There is no config yet (liveroom.toml)", "d  a broadcast to try", "c  connect a room", "o  open a config")
		b.press(keys...)
		if !b.quit || !b.f.choice.Demo {
			t.Errorf("%q chose %+v", keys, b.f.choice)
		}
	}
}

func TestFiveQuestionsMakeAConfig(t *testing.T) {
	b := begin(t, text.ZH, 100, 30)
	b.press("c")
	b.has("1/5", "要看什么", "1  自己的数据流", "2  Twitch")
	b.press("enter")
	b.has("2/5", "› ws://127.0.0.1:7788/")
	b.reached = errors.New("connection refused")
	b.press("enter", "enter")
	b.has("3/5", "✗ a name is needed")
	b.press("text:东篱优选", "enter", "text:fa", "tab")
	b.has("› facts", "facts.csv  facts-old.csv")
	b.press("text:.", "tab", "enter")
	b.has("5/5", "› liveroom.db")
	b.press("enter")
	b.has("将写入 liveroom.toml", "东篱优选", "facts.csv", "▲ 地址没有应答：connection refused")
	if len(b.wrote) > 0 {
		t.Fatal("written before anybody said so")
	}
	b.reached = nil
	b.press("t")
	b.has("✓ 地址有应答")
	// An answer is changed, and the way leads back to the summary.
	b.press("3", "ctrl+u", "text:南枝小院", "enter")
	b.has("将写入", "南枝小院")
	b.press("enter")
	want := FirstAnswers{Source: b.f.opt.Sources[0], Address: "ws://127.0.0.1:7788/", Room: "南枝小院", Facts: "facts.csv", Record: "liveroom.db"}
	if !b.quit || b.f.choice.Config != "liveroom.toml" || len(b.wrote) != 1 || b.wrote[0] != want {
		t.Errorf("chose %+v, wrote %+v", b.f.choice, b.wrote)
	}
}

// TestAnswersOutliveGoingBack: to the question before, to the start, and to
// another kind of source, whose address is another.
func TestAnswersOutliveGoingBack(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.press("c", "enter", "backspace", "text:/live", "shift+tab", "enter")
	b.has("› ws://127.0.0.1:7788/live")
	b.press("enter", "text:Friday", "esc")
	b.has("There is no config yet")
	b.press("c")
	b.has("3/5", "› Friday")
	b.press("shift+tab", "shift+tab", "2", "enter")
	b.has("Which channel?", "› ")
	if b.f.answers[AskAddress] != "" {
		t.Errorf("the address of another kind stays: %q", b.f.answers[AskAddress])
	}
	b.press("text:shop", "enter")
	b.has("› Friday")
}

func TestAConfigThatExistsIsNotWrittenOver(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.press("c", "enter", "enter", "text:r", "enter", "enter", "enter")
	b.taken = []string{"liveroom.toml"}
	b.press("enter")
	b.has("✗ liveroom.toml exists by now")
	if b.quit {
		t.Error("it went on all the same")
	}
}

func TestAConfigElsewhereIsOpened(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.press("o", "text:nothing", "tab")
	b.has("nothing begins with “nothing”")
	b.press("enter")
	b.has(`✗ config nothing:3: unknown key "rol"`)
	b.press("ctrl+u", "text:o", "tab", "enter")
	if !b.quit || b.f.choice.Config != "other.toml" {
		t.Errorf("chose %+v", b.f.choice)
	}
}

// TestKeysWaitForAPath: on a slow disk a person has typed on before the path is whole.
func TestKeysWaitForAPath(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.press("o", "text:fa")
	_, slow := b.f.Update(keyOf("tab"))
	b.press("ctrl+u", "text:ot", "tab", "enter")
	b.has("› fa")
	_, again := b.f.Update(slow())
	b.has("› ot")
	if b.quit || len(b.wrote) != 0 {
		t.Fatal("it went on before the path was whole")
	}
	b.send(again()) // the second path, and what was typed behind it
	if !b.quit || b.f.choice.Config != "other.toml" {
		t.Errorf("chose %+v: %s", b.f.choice, b.plain())
	}
}

// TestTypedTextIsNoCommandOnTheFirstScreen, and pasted text none either.
func TestTypedTextIsNoCommandOnTheFirstScreen(t *testing.T) {
	b := begin(t, text.EN, 100, 30)
	b.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("d"), Paste: true})
	b.press("c", "enter", "enter", "text:dcoq")
	b.has("› dcoq")
	if b.quit {
		t.Error("a letter of the answer was a command")
	}
	b.press("ctrl+c")
	if !b.quit || b.f.choice != (FirstChoice{}) {
		t.Errorf("ctrl+c chose %+v", b.f.choice)
	}
}

// TestTheFirstScreenFitsEverywhere at any size and in any state.
func TestTheFirstScreenFitsEverywhere(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {29, 7}, {30, 8}, {40, 10}, {80, 24}, {240, 70}} {
		for _, lang := range text.Langs {
			b := begin(t, lang, size[0], size[1])
			for _, key := range []string{"", "c", "2", "1", "enter", "enter", "text:东篱优选\x1b[2J", "enter", "text:f", "tab", "enter", "enter", "esc", "o", "tab", "enter"} {
				if key != "" {
					b.press(key)
				}
				rows := strings.Split(b.plain(), "\n")
				if len(rows) != size[1] {
					t.Fatalf("%v after %q: %d rows", size, key, len(rows))
				}
				for _, row := range rows {
					if w := cells(row); w > max(size[0]-1, 1) {
						t.Fatalf("%v after %q: a row of %d cells: %q", size, key, w, row)
					}
				}
			}
		}
	}
}

// TestTheCursorOfTheFirstScreen stands behind what was typed, counted in cells.
func TestTheCursorOfTheFirstScreen(t *testing.T) {
	b := begin(t, text.ZH, 100, 30)
	b.press("c", "enter", "enter", "text:东篱a")
	rows := strings.Split(b.plain(), "\n")
	x, y := int(b.f.m.caret.Load()&0xffffffff)-1, int(b.f.m.caret.Load()>>32)-1
	if !strings.HasPrefix(rows[y], " › 东篱a") || x != cells(" › 东篱a") {
		t.Errorf("the cursor stands at %d,%d: %q", x, y, rows[y])
	}
}
