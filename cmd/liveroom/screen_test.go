package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/feed"
	"liveroom/feed/feedtest"
)

// cloudFrame is one event of our own feed, in a recording's line.
func cloudFrame(t *testing.T, offset int, kind string, data any) string {
	t.Helper()
	at := time.Date(2026, 11, 20, 12, 0, offset, 0, time.UTC)
	event, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": fmt.Sprintf("e%d", offset), "source": "/test", "type": "liveroom." + kind + ".v1",
		"subject": "r1", "time": at.Format(time.RFC3339), "epoch": "one", "offset": offset, "data": data,
	}, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(map[string]any{"t": offset, "dir": "in", "op": "text", "text": string(event)}, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// hostileRecording has awkward and hostile text in everything a pane shows:
// names, chat, speech with false claims in it, products, orders, complaints.
func hostileRecording(t *testing.T) string {
	t.Helper()
	texts := append(append([]string{}, awkward...), feedtest.HostileTexts(t, 200)...)
	lines := []string{`{"liveroom_record":1,"protocol":"cloudevent","room":"r1","source":"/test","start":"2026-11-20T12:00:00Z","epoch":"one"}`}
	add := func(kind string, data map[string]any) {
		lines = append(lines, cloudFrame(t, len(lines), kind, data))
	}
	user := func(name, role string) map[string]any {
		return map[string]any{"id": "u" + fmt.Sprint(len(lines)), "name": name, "role": role}
	}
	add("product", map[string]any{"product": map[string]any{"id": "S1", "title": "围巾👨‍👩‍👧\x1b[31m", "price_fen": 9900}})
	for i, s := range texts {
		if !utf8.ValidString(s) || len(s) > 4000 {
			continue
		}
		// A forged rule would be taken for one of ours by this test; that it
		// moves none of ours is tested cell by cell in tui.
		s = strings.NewReplacer("│", "I", "─", "-").Replace(s)
		add("chat", map[string]any{"user": user(s, "viewer"), "text": s})
		add("transcript", map[string]any{"user": user(s, "host"), "text": "百分之百纯羊毛 " + s, "utterance": fmt.Sprint(i), "confidence": 0.9})
		order := map[string]any{"id": "o" + s, "status": "paid", "qty": 1, "amount_fen": 9900, "paid_fen": 9900}
		add("order", map[string]any{"user": user(s, "viewer"), "product": map[string]any{"id": "S1", "title": s}, "order": order})
		add("complaint", map[string]any{"user": user(s, "viewer"), "text": s + " 不是纯羊毛", "channel": "ticket", "product": map[string]any{"id": "S1"}})
	}
	file := filepath.Join(t.TempDir(), "hostile.jsonl")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestPanesLineUpInATerminal drives the built program in a real terminal and
// holds every rule between panes against its neighbours: text that takes
// another width than we count would push the rule out of its column.
func TestPanesLineUpInATerminal(t *testing.T) {
	needs(t, "tmux")
	recording := hostileRecording(t)
	for _, size := range []struct{ cols, rows int }{{80, 24}, {120, 40}, {200, 60}} {
		for _, lang := range []string{"zh-CN", "en"} {
			t.Run(fmt.Sprintf("%dx%d %s", size.cols, size.rows, lang), func(t *testing.T) {
				term := hostileConsole(t, recording, size.cols, size.rows, lang)
				for range 12 {
					checkAligned(t, term, size.cols)
					term.keys("Tab")
					time.Sleep(120 * time.Millisecond)
				}
				// Deciding, a case and the help lie over the same panes.
				for _, k := range []string{"f", "f", "y", "j", "k", "?", "Escape"} {
					term.keys(k)
					time.Sleep(150 * time.Millisecond)
					checkAligned(t, term, size.cols)
				}
			})
		}
	}
}

// hostileConsole plays the recording to a console in a terminal and waits
// until it has arrived.
func hostileConsole(t *testing.T, recording string, cols, rows int, lang string) *terminal {
	t.Helper()
	server := start(t, "replay", recording, "--listen", "127.0.0.1:0", "--speed", "max")
	server.says(10*time.Second, "ws://")
	url := strings.TrimSpace(server.said.String()[strings.Index(server.said.String(), "ws://"):])
	config, _ := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	facts := filepath.Join(filepath.Dir(config), "facts.csv")
	if err := os.WriteFile(facts, []byte("sku,name,category,material,price\nS1,暖巷👍🏽围巾,apparel,羊毛60%;腈纶40%,99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, append([]byte("[facts]\nfile = \"facts.csv\"\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	term := startTmux(t, cols, rows, "", built(t), "console", "--config", config, "--lang", lang)
	term.shows(patience, "百分之百纯羊毛")
	time.Sleep(500 * time.Millisecond)
	return term
}

const (
	joinsDown = "│├┤┬┼┌┐╷"
	joinsUp   = "│├┤┴┼└┘╵"
)

// checkAligned fails when a vertical rule has no neighbour in its column, or
// a row reaches into the last column.
func checkAligned(t *testing.T, term *terminal, cols int) {
	t.Helper()
	var screen []string
	for try := 0; ; try++ { // a capture may fall into the middle of a frame
		screen = term.screen()
		problem := misaligned(screen, cols)
		if problem == "" {
			return
		}
		if try == 5 {
			t.Fatalf("%s\n%s", problem, strings.Join(screen, "\n"))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func misaligned(screen []string, cols int) string {
	rules := make([]map[int]rune, len(screen))
	for i, row := range screen {
		rules[i] = map[int]rune{}
		for at, r := range row {
			if strings.ContainsRune(joinsDown+joinsUp, r) {
				rules[i][feed.Sanitise(row[:at]).Width()] = r
			}
		}
		if w := feed.Sanitise(strings.TrimRight(row, " ")).Width(); w > cols-1 {
			return fmt.Sprintf("row %d takes %d of %d columns", i, w, cols)
		}
	}
	for i := range rules {
		for col, r := range rules[i] {
			if r == '│' {
				above := i > 0 && strings.ContainsRune(joinsDown, rules[i-1][col])
				below := i+1 < len(rules) && strings.ContainsRune(joinsUp, rules[i+1][col])
				if !above && !below {
					return fmt.Sprintf("row %d: the rule in column %d stands alone", i, col)
				}
			}
		}
	}
	return ""
}

// TestATerminalThatCannotPlaceTextIsRefused with what to do, instead of rows of
// control strings.
func TestATerminalThatCannotPlaceTextIsRefused(t *testing.T) {
	needs(t, "tmux")
	for _, term := range []string{"dumb", ""} {
		said := filepath.Join(t.TempDir(), "said")
		tm := startTmux(t, 100, 30, "", "sh", "-c", `exec env TERM="$1" "$2" demo 2>"$3"`, "sh", term, built(t), said)
		tm.ended(patience, "2")
		got, err := os.ReadFile(said)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("cannot place text (TERM is %q): run it in another one, or set TERM", term); !strings.Contains(string(got), want) {
			t.Errorf("TERM=%q: it said %q, want %q", term, got, want)
		}
	}
}
