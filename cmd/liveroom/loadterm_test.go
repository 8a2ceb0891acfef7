package main

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// An onPty is a program on a terminal of its own, of which the screen is kept
// beside it, frame by frame.
type onPty struct {
	t   *testing.T
	cmd *exec.Cmd
	tty *os.File

	mu      sync.Mutex
	screen  *grid
	seen    sync.Cond
	read    time.Time // when the last piece came that was read
	ended   bool
	last    []string // the frame before this one
	frames  int
	written int // bytes
	byHand  int // bytes that a row diff of the same frames takes
}

// watch starts the program; rate bounds the bytes a second that the terminal
// takes, 0: none.
func watch(t *testing.T, cols, rows uint16, rate int, argv ...string) *onPty {
	t.Helper()
	w := &onPty{t: t, cmd: exec.Command(argv[0], argv[1:]...), screen: newGrid(int(cols), int(rows))}
	w.seen.L = &w.mu
	// An xterm would be asked for its colours at start; this terminal cannot answer.
	w.cmd.Env = append(os.Environ(), "TERM=tmux-256color", "LC_ALL=C.UTF-8", "COLORTERM=")
	w.screen.frameEnded = func() {
		is := w.screen.frame()
		w.byHand += rowDiff(w.last, is)
		w.last = is
		w.frames++
	}
	tty, err := pty.StartWithSize(w.cmd, &pty.Winsize{Rows: rows, Cols: cols})
	if err != nil {
		t.Skipf("NOT RUN: no pseudo terminal here: %v", err)
	}
	w.tty = tty
	go w.follow(rate)
	t.Cleanup(func() {
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
		_ = tty.Close()
	})
	return w
}

// follow reads what the program writes, no faster than the line is.
func (w *onPty) follow(rate int) {
	size := 32 << 10
	if rate > 0 {
		size = 2 << 10
	}
	buf := make([]byte, size)
	free := time.Now() // when the line has carried all that was read
	for {
		n, err := w.tty.Read(buf)
		if rate > 0 {
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(n) * time.Second / time.Duration(rate))
			time.Sleep(time.Until(free))
		}
		w.mu.Lock()
		w.read = time.Now()
		_, _ = w.screen.Write(buf[:n])
		w.written += n
		w.ended = err != nil
		w.seen.Broadcast()
		w.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// shows waits until the screen is as asked, and tells when it was.
func (w *onPty) shows(limit time.Duration, what string, ok func(*grid) bool) time.Time {
	w.t.Helper()
	timeout := time.AfterFunc(limit, w.seen.Broadcast)
	defer timeout.Stop()
	end := time.Now().Add(limit)
	w.mu.Lock()
	defer w.mu.Unlock()
	for !ok(w.screen) {
		if w.ended || time.Now().After(end) {
			w.t.Fatalf("not seen within %v: %s\n%s", limit, what, w.picture())
		}
		w.seen.Wait()
	}
	return w.read
}

// picture is the screen's text.
func (w *onPty) picture() string {
	var b strings.Builder
	for y := range w.screen.rows {
		b.WriteString(w.screen.text(y) + "\n")
	}
	return b.String()
}

func (w *onPty) key(k string) {
	w.t.Helper()
	if _, err := io.WriteString(w.tty, k); err != nil {
		w.t.Fatal(err)
	}
}

// answered presses a key and tells how long it took until what sign tells of the
// screen was another.
func (w *onPty) answered(k string, sign func(*grid) string) time.Duration {
	w.t.Helper()
	w.mu.Lock()
	before := sign(w.screen)
	w.mu.Unlock()
	pressed := time.Now()
	w.key(k)
	return w.shows(patience, "the answer to "+k, func(g *grid) bool { return sign(g) != before }).Sub(pressed)
}

// traffic is what was written so far, and what it would be by hand.
func (w *onPty) traffic() (written, byHand, frames int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written, w.byHand, w.frames
}

// leave ends the program as a person would who is sure.
func (w *onPty) leave() {
	w.t.Helper()
	_ = w.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- w.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			w.t.Errorf("the program ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		w.t.Error("the program did not end within 20 s")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for odd := range w.screen.odd {
		w.t.Errorf("the terminal does not know %q: what was measured may be wrong", odd)
	}
}
