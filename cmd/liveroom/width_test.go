package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// measureEnv makes the test binary measure texts in the terminal it runs in.
const measureEnv = "LIVEROOM_MEASURE"

// awkward is text that programs like to measure wrongly. Emoji of the last few
// Unicode versions are left out: a terminal does not know those younger than
// itself.
var awkward = []string{
	"东篱优选 100%纯羊毛", "👨‍👩‍👧‍👦一家", "👍🏽好评", "❤️‍🔥爱了", "🇨🇳国货", "é́́́́́́", "ｆｕｌｌ　ｗｉｄｔｈ", "ﾊﾝｶｸ", "한국어", "ก็ดี", "नमस्ते",
	"\x1b[2J\x1b[31m假\x1b[0m", "链接\u202e包红\u202c快\u200b点\u200d进", "①②③④", "→←↑↓", "…—“”‘’", "🅰🅱", "𠮷野家", "\u0301开头", "㊙㊗", "½⅓", "☆★●○", "a\tb\nc\rd",
	"🧑‍🦰", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣2️⃣", "\u3164\u115f空", "ﷺ", "﷽", "Ⅷ", "㍿", "Ａ", "￥299", "¥299", "°C", "±5%", "×3",
}

// TestWidthsAreThoseOfTheTerminal holds the width of every sanitised text
// against where a real terminal's cursor stands after it: one cell of
// difference moves every row of the screen that shows it.
func TestWidthsAreThoseOfTheTerminal(t *testing.T) {
	needs(t, "tmux")
	texts := append([]string{}, awkward...)
	texts = append(texts, feedtest.HostileTexts(t, 200)...)
	var shown []string
	for _, s := range texts {
		d := feed.Sanitise(s).Truncate(70)
		shown = append(shown, d.String())
	}
	in, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.json"), in, 0o600); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	term := startTmux(t, 100, 30, measureEnv+"="+dir, exe)
	term.wait(patience, "measured", func() bool {
		_, err := os.Stat(filepath.Join(dir, "out.json"))
		return err == nil
	})
	var columns []int
	out, err := os.ReadFile(filepath.Join(dir, "out.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &columns); err != nil {
		t.Fatal(err)
	}
	for i, s := range shown {
		if want := feed.Sanitise(s).Width(); columns[i] != want {
			t.Errorf("%+q: the terminal takes %d cells, we count %d", s, columns[i], want)
		}
	}
}

// measure prints each text at the start of a row and asks the terminal where
// its cursor is.
func measure(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "in.json"))
	if err != nil {
		return err
	}
	var texts []string
	if err := json.Unmarshal(b, &texts); err != nil {
		return err
	}
	raw := exec.Command("stty", "raw", "-echo")
	raw.Stdin = os.Stdin
	if err := raw.Run(); err != nil {
		return err
	}
	in := bufio.NewReader(os.Stdin)
	columns := make([]int, 0, len(texts))
	for _, s := range texts {
		fmt.Printf("\x1b[H\x1b[2K%s\x1b[6n", s)
		answer, err := in.ReadString('R')
		if err != nil {
			return err
		}
		var row, col int
		if _, err := fmt.Sscanf(answer[strings.IndexByte(answer, '['):], "[%d;%dR", &row, &col); err != nil {
			return fmt.Errorf("answer %q: %w", answer, err)
		}
		columns = append(columns, col-1)
	}
	out, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, "out.tmp")
	if err := os.WriteFile(tmp, out, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, "out.json"))
}
