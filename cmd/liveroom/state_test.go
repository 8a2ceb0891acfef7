package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
)

// shownNoMore waits until a text has left the screen.
func (m *terminal) shownNoMore(limit time.Duration, text string) {
	m.t.Helper()
	m.wait(limit, "no "+text, func() bool { return !strings.Contains(strings.Join(m.screen(), "\n"), text) })
}

// served plays the demo's broadcast to whoever dials.
func served(t *testing.T, listen, speed string) (p *process, url string) {
	t.Helper()
	p = start(t, "replay", "../../demo/broadcast.jsonl", "--listen", listen, "--speed", speed)
	p.says(10*time.Second, "ws://")
	return p, strings.TrimSpace(p.said.String()[strings.Index(p.said.String(), "ws://"):])
}

// prepend puts lines before those of a file.
func prepend(t *testing.T, path, lines string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte(lines), text...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestALostSourceIsOnTheScreen since when it is lost, with the reason, until it is
// back.
func TestALostSourceIsOnTheScreen(t *testing.T) {
	needs(t, "tmux")
	server, url := served(t, "127.0.0.1:0", "1")
	config, _ := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	term := startTmux(t, 160, 40, "", built(t), "console", "--config", config, "--lang", "en")
	term.shows(patience, "● live")
	if err := server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	term.shows(patience, "▲ signal lost")
	term.shows(patience, "r1/1/cloudevent is down since ")
	term.shows(patience, "connection refused")
	term.shows(time.Second, "if it lasts, check network and address")
	served(t, strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/"), "1")
	term.shows(60*time.Second, "● live")
	term.shownNoMore(5*time.Second, "is down since")
	term.keys("q")
	term.ended(patience, "0")
}

// TestAFullDiskIsOnTheScreen since when nothing is recorded, until there is room.
func TestAFullDiskIsOnTheScreen(t *testing.T) {
	needs(t, "tmux")
	dir := smallDisk(t, "3m")
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	_, url := served(t, "127.0.0.1:0", "100")
	config, _ := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	prepend(t, config, fmt.Sprintf("[record]\nfile = %q\n", filepath.Join(dir, "full.db")))
	term := startTmux(t, 160, 40, "", built(t), "console", "--config", config, "--lang", "zh-CN")
	term.shows(patience, "起写不进去，数据源已停读")
	term.shows(time.Second, "请腾出磁盘空间")
	term.shows(time.Second, "✗ 写不进去")
	if out := smallDiskGrow(t, dir, "64m"); out != "" {
		t.Fatal(out)
	}
	term.shownNoMore(30*time.Second, "写不进去")
	term.shows(time.Second, "记录 ✓")
	term.keys("q")
	term.ended(patience, "0")
}

// TestAStaleSheetIsOnTheScreen: one with a mistake in it, and one that nobody
// touched for long, each with what to do and until it is mended.
func TestAStaleSheetIsOnTheScreen(t *testing.T) {
	needs(t, "tmux")
	_, url := served(t, "127.0.0.1:0", "1")
	config, _ := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	prepend(t, config, "[facts]\nfile = \"facts.csv\"\n")
	facts := filepath.Join(filepath.Dir(config), "facts.csv")
	write := func(text string, age time.Duration) {
		t.Helper()
		if err := os.WriteFile(facts, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(facts, at, at); err != nil {
			t.Fatal(err)
		}
	}
	const good = "sku,name,category,price\nD01,围巾,apparel,129\n"
	write(good, 40*day)
	term := startTmux(t, 160, 40, "", built(t), "console", "--config", config, "--lang", "en")
	term.shows(patience, "The fact sheet was not changed for long: see that it still holds, then save it again:")
	term.shows(time.Second, "Since ")
	write(strings.Replace(good, "129", "cheap", 1), 0)
	term.shows(patience, "Still checking with the last good version; mend the file:")
	term.shows(time.Second, "facts.csv:2: column price")
	term.shownNoMore(5*time.Second, "not changed for long")
	write(good, time.Second)
	term.shownNoMore(10*time.Second, "last good version")
	term.keys("q")
	term.ended(patience, "0")
}

// TestANewerDatabaseIsRefusedBeforeTheScreenOpens, with what to do, readable where
// the person started it.
func TestANewerDatabaseIsRefusedBeforeTheScreenOpens(t *testing.T) {
	needs(t, "tmux")
	config, db := configFor(t, "protocol = \"cloudevent\"\nurl = \"ws://127.0.0.1:1/\"")
	runDemo(t, built(t), db)
	raw, err := sql.Open("sqlite", db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	said := filepath.Join(t.TempDir(), "said")
	term := startTmux(t, 160, 40, "", "sh", "-c", `exec "$1" console --config "$2" 2>"$3"`, "sh", built(t), config, said)
	term.ended(patience, "2")
	got, err := os.ReadFile(said)
	if err != nil || !strings.Contains(string(got), "schema version 9999") || !strings.Contains(string(got), "open it with the newer liveroom that wrote it") {
		t.Errorf("it says %q, %v", got, err)
	}
}

// TestTheTerminalIsGivenBackToTheShell whatever ends the program: screen, cursor and
// mouse are the shell's again, which reads lines and echoes them. QUIT makes Go end
// it as a panic on any goroutine does; KILL leaves it no last deed.
func TestTheTerminalIsGivenBackToTheShell(t *testing.T) {
	needs(t, "tmux")
	for signal, ended := range map[string]string{"TERM": "0", "HUP": "0", "INT": "0", "QUIT": "2", "KILL": "137"} {
		t.Run(signal, func(t *testing.T) {
			dir := t.TempDir()
			shell := `cd "$1"; sh -c 'echo $$ >pid; exec "$0" demo --lang en' "$2"; echo $? >ended; while :; do stty -a >modes.new; mv modes.new modes; sleep 0.2; done`
			term := startTmux(t, 120, 40, "", "sh", "-c", shell, "sh", dir, built(t))
			state := func() string {
				return strings.TrimSpace(term.run("display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"))
			}
			term.shows(patience, "● live")
			if got := state(); got != "1 1 0" {
				t.Errorf("while it runs: screen, mouse and cursor are %s", got)
			}
			if out, err := exec.Command("sh", "-c", `kill -"$1" "$(cat "$2"/pid)"`, "sh", signal, dir).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var modes []byte
			term.wait(patience, "the shell", func() bool {
				modes, _ = os.ReadFile(filepath.Join(dir, "modes"))
				return strings.Contains(string(modes), " icanon")
			})
			if got, err := os.ReadFile(filepath.Join(dir, "ended")); err != nil || strings.TrimSpace(string(got)) != ended {
				t.Errorf("it ended with %q, %v", got, err)
			}
			term.wait(patience, "screen, mouse and cursor of the shell", func() bool { return state() == "0 0 1" })
			if m := string(modes); strings.Contains(m, "-icanon") || strings.Contains(m, "-echo ") || strings.Contains(m, "-isig") {
				t.Errorf("the terminal is left raw:\n%s", m)
			}
		})
	}
}

// TestTheMouseInTheRealProgram: a click selects, a click on a hint decides.
func TestTheMouseInTheRealProgram(t *testing.T) {
	needs(t, "tmux")
	term := startTmux(t, 160, 50, "", built(t), "demo", "--speed", "50", "--lang", "en")
	term.shows(patience, "▌▲high")
	// click presses the left button on a text, in the protocol of SGR.
	click := func(text string) {
		t.Helper()
		time.Sleep(200 * time.Millisecond)
		for y, row := range term.screen() {
			if before, _, ok := strings.Cut(row, text); ok {
				at := fmt.Sprintf("%d;%d", feed.Sanitise(before).Width()+1, y+1)
				term.typed("\x1b[<0;" + at + "M\x1b[<0;" + at + "m")
				return
			}
		}
		t.Fatalf("%q is not on the screen:\n%s", text, strings.Join(term.screen(), "\n"))
	}
	click("4 rooms")
	term.shows(patience, "1 live")
	click("1 live")
	term.shows(patience, "4 rooms")
	click("─ Detail")
	term.shows(patience, "━ Detail")
	click("─ Flags")
	term.shows(patience, "━ Flags")
	click("y confirm")
	term.shows(patience, "opened: flag")
	click("[u]")
	term.shows(patience, "undone")
	term.keys("q")
	term.ended(patience, "0")

	term = startTmux(t, 160, 50, "", built(t), "demo", "--no-mouse")
	term.shows(patience, "● ")
	if got := strings.TrimSpace(term.run("display-message", "-p", "#{mouse_any_flag}")); got != "0" {
		t.Error("--no-mouse takes the mouse")
	}
	term.keys("q")
}
