package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// beforeCursor is what stands left of the terminal's cursor in its row, or why it
// cannot be told: the cursor is hidden, or within a wide character.
func (m *terminal) beforeCursor() (text string, err error) {
	var x, y, shown int
	at := strings.TrimSpace(m.run("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}"))
	if _, err := fmt.Sscan(at, &x, &y, &shown); err != nil {
		return "", fmt.Errorf("tmux says %q: %w", at, err)
	}
	if shown == 0 {
		return "", fmt.Errorf("the cursor is hidden")
	}
	row := m.screen()[y]
	head, _ := feed.Sanitise(row).Cut(x)
	if head.Width() != x {
		return "", fmt.Errorf("the cursor stands within a character of %q", row)
	}
	return head.String(), nil
}

// cursorBehind waits until the cursor stands right behind a text.
func (m *terminal) cursorBehind(text string) {
	m.t.Helper()
	m.wait(patience, "the cursor behind "+strconv.Quote(text), func() bool {
		head, err := m.beforeCursor()
		return err == nil && strings.HasSuffix(head, text)
	})
}

// typed sends text as an input method commits it: whole, not key by key.
func (m *terminal) typed(text string) { m.run("send-keys", "-l", text) }

// pasted sends text as a terminal pastes it.
func (m *terminal) pasted(text string) {
	m.run("set-buffer", text)
	m.run("paste-buffer", "-p")
}

// TestTheInputMethodFindsTheCursor: its window opens at the terminal's cursor, so
// that stands where text is typed, in each kind of input, at every place of a text
// longer than its line.
func TestTheInputMethodFindsTheCursor(t *testing.T) {
	needs(t, "tmux")
	term := startTmux(t, 80, 24, "", built(t), "demo", "--speed", "50", "--lang", "zh-CN")
	term.shows(patience, "▌▲高")
	hidden := func(when string) {
		t.Helper()
		term.wait(patience, "no cursor "+when, func() bool { _, err := term.beforeCursor(); return err != nil })
	}
	hidden("while nothing is typed")
	long := strings.Repeat("这条围巾真的很暖和，", 12)

	term.keys("/") // the filter, in the last row
	term.typed("百分之百")
	term.cursorBehind("百分之百")
	term.typed(long + "尾")
	term.cursorBehind("和，尾")
	term.keys("Left", "Left")
	term.cursorBehind("暖和")
	term.keys("Home")
	term.cursorBehind("疑点 ")
	term.keys("Escape")
	hidden("after the filter")

	term.keys("X", "w") // a form, whose text goes over several rows
	term.typed(long + "到此为止")
	term.cursorBehind("到此为止")
	term.keys("Home")
	term.cursorBehind("› ")
	term.keys("Right", "Right", "Right")
	term.cursorBehind("这条围")
	term.keys("Escape")
	hidden("after the form")

	term.keys(":") // the palette
	term.typed("直播间　①")
	term.cursorBehind("直播间　①")
	term.keys("Escape")
	hidden("after the palette")
	term.keys("q")
}

// TestTypedAndPastedTextIsNoCommand in the real program: keys of the table and their
// wide signs are text while text is typed, and what is pasted beside an input does
// nothing at all.
func TestTypedAndPastedTextIsNoCommand(t *testing.T) {
	needs(t, "tmux")
	term := startTmux(t, 120, 40, "", built(t), "demo", "--speed", "50", "--lang", "zh-CN")
	term.shows(patience, "▌▲高")
	term.pasted("yyxq4?")
	time.Sleep(300 * time.Millisecond)
	term.keys("X", "w")
	term.typed("yxq？：、1")
	term.pasted("\nu\tz")
	term.cursorBehind("yxq？：、1 u z")
	term.keys("Escape")
	// On a slow machine the next key would come with it, and the two are one to a terminal.
	term.wait(patience, "the input is closed", func() bool { return !strings.Contains(strings.Join(term.screen(), "\n"), "回车继续") })
	term.typed("？") // and beside an input the wide sign is the key
	term.shows(patience, "━ 按键")
	term.keys("Escape")
	term.wait(patience, "nothing decided", func() bool {
		screen := strings.Join(term.screen(), "\n")
		return !strings.Contains(screen, "已立案") && !strings.Contains(screen, "不成立：") && !strings.Contains(screen, "━ 按键")
	})
	term.keys("q")
	term.ended(patience, "0")
}
