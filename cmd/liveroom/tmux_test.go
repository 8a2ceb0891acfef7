package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is how long what comes at once on a free machine is waited for: others test
// on the same two cores. What must come soon is measured elsewhere.
const patience = 30 * time.Second

// A terminal is a program running in tmux, which stands for the real terminal
// of a person: it has its own idea of widths, modes and the cursor.
type terminal struct {
	t      *testing.T
	socket string
	status string // the file that the exit status is written to
}

// startTmux runs a command in a terminal of cols × rows. env is NAME=VALUE or "".
func startTmux(t *testing.T, cols, rows int, env string, argv ...string) *terminal {
	t.Helper()
	dir := t.TempDir()
	term := &terminal{t: t, socket: filepath.Join(dir, "tmux"), status: filepath.Join(dir, "status")}
	args := []string{"-S", term.socket, "-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(cols), "-y", strconv.Itoa(rows)}
	if env != "" {
		args = append(args, "-e", env)
	}
	// tmux itself sometimes forgets the exit status of a program.
	args = append(args, "-e", "LANG=C.UTF-8", "-e", "LC_ALL=C.UTF-8", "-e", "STATUS="+term.status, "--",
		"sh", "-c", `"$@"; echo $? >"$STATUS"`, "sh")
	args = append(args, argv...)
	cmd := exec.Command("tmux", append([]string{"-u"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TERM=xterm-256color")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	// What the program leaves on the screen when it ends stays readable.
	term.run("set-option", "-g", "remain-on-exit", "on")
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	return term
}

func (m *terminal) run(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-S", m.socket}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// screen is the text on the screen, a string for each row.
func (m *terminal) screen() []string {
	return strings.Split(strings.TrimSuffix(m.run("capture-pane", "-p", "-N"), "\n"), "\n")
}

func (m *terminal) keys(keys ...string) {
	m.t.Helper()
	for _, k := range keys {
		m.run("send-keys", k)
	}
}

// wait polls until ok; on the deadline it shows the screen.
func (m *terminal) wait(limit time.Duration, what string, ok func() bool) {
	m.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if ok() {
			return
		}
	}
	m.t.Fatalf("not seen within %v: %s\n%s", limit, what, strings.Join(m.screen(), "\n"))
}

// shows waits for a text on the screen.
func (m *terminal) shows(limit time.Duration, text string) {
	m.t.Helper()
	m.wait(limit, fmt.Sprintf("%q", text), func() bool { return strings.Contains(strings.Join(m.screen(), "\n"), text) })
}

// ended waits for the program to end with an exit status.
func (m *terminal) ended(limit time.Duration, status string) {
	m.t.Helper()
	m.wait(limit, "the end with exit status "+status, func() bool {
		got, err := os.ReadFile(m.status)
		return err == nil && strings.TrimSpace(string(got)) == status
	})
}
