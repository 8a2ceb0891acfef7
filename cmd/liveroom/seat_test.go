package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// A seat is a person in front of the built program: a pty whose other end an
// emulated terminal reads. It waits for what stands on the screen, never for a
// time, and remembers the keys that were pressed.
//
// The emulator counts every rune as one cell. Rows hold no more runes than cells
// and every pane starts at a column of its own, so that text is found whole.
type seat struct {
	t       *testing.T
	cmd     *exec.Cmd
	tty     *os.File
	term    vt10x.Terminal
	ended   chan struct{} // closed when the program let go of the pty
	pressed []string      // as docs/tasks.md writes them
	last    time.Time     // of the last key
}

const (
	// seatPatience is how long a person waits for the screen. It only bounds a
	// test that fails: the machine may be busy with others.
	seatPatience = 30 * time.Second
	// fingerPause is how long a finger takes to the next key. Keys that come
	// faster are a key held down, which decides nothing.
	fingerPause = 150 * time.Millisecond
)

// sitDown starts the program on a terminal of cols × rows.
func sitDown(t *testing.T, cols, rows int, args ...string) *seat {
	t.Helper()
	s := &seat{t: t, cmd: exec.Command(built(t), args...), ended: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=", "NO_COLOR=", "XDG_STATE_HOME="+t.TempDir())
	tty, err := pty.StartWithSize(s.cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	s.tty = tty
	s.term = vt10x.New(vt10x.WithSize(cols, rows), vt10x.WithWriter(tty))
	go s.read()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = tty.Close()
		<-s.ended
		_ = s.cmd.Wait()
	})
	return s
}

// read feeds the terminal. A read may end within a rune, which the emulator would
// take for two broken ones.
func (s *seat) read() {
	defer close(s.ended)
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, err := s.tty.Read(buf[kept:])
		if err != nil {
			return
		}
		whole := wholeRunes(buf[:kept+n])
		_, _ = s.term.Write(buf[:whole])
		kept = copy(buf, buf[whole:kept+n])
	}
}

// wholeRunes is how many bytes there are before a rune that is cut off.
func wholeRunes(b []byte) int {
	for k := 1; k < utf8.UTFMax && k <= len(b); k++ {
		if from := len(b) - k; utf8.RuneStart(b[from]) {
			if !utf8.FullRune(b[from:]) {
				return from
			}
			break
		}
	}
	return len(b)
}

// screen is the text on the screen.
func (s *seat) screen() string { return s.term.String() }

// wait looks until ok, and shows the screen where that takes too long.
func (s *seat) wait(what string, ok func(screen string) bool) {
	s.t.Helper()
	for end := time.Now().Add(seatPatience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok(s.screen()) {
			return
		}
	}
	s.t.Fatalf("not seen within %v: %s\n%s", seatPatience, what, s.screen())
}

// sees waits until all of the texts are on the screen.
func (s *seat) sees(texts ...string) {
	s.t.Helper()
	s.wait(fmt.Sprintf("%q", texts), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// keyBytes are the keys with a name, as a terminal sends them.
var keyBytes = map[string]string{"enter": "\r", "esc": "\x1b", "tab": "\t", "space": " ", "down": "\x1b[B", "up": "\x1b[A"}

// press presses keys, each a finger's pause after the one before.
func (s *seat) press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		time.Sleep(time.Until(s.last.Add(fingerPause)))
		s.pressed = append(s.pressed, "`"+k+"`")
		b, named := keyBytes[k]
		if !named {
			b = k
		}
		s.send(b)
	}
}

// types types text, which counts as no key.
func (s *seat) types(text string) {
	s.t.Helper()
	time.Sleep(time.Until(s.last.Add(fingerPause)))
	s.pressed = append(s.pressed, "‹"+text+"›")
	s.send(text)
}

func (s *seat) send(b string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(b); err != nil {
		s.t.Fatal(err)
	}
	s.last = time.Now()
}

// leaves presses q and waits for the program to end as it should. A question
// whether something would be lost is answered: it may.
func (s *seat) leaves() {
	s.t.Helper()
	time.Sleep(time.Until(s.last.Add(fingerPause)))
	s.send("q")
	for end := time.Now().Add(seatPatience); ; {
		select {
		case <-s.ended:
			if err := s.cmd.Wait(); err != nil {
				s.t.Errorf("the program ended with %v", err)
			}
			return
		case <-time.After(fingerPause):
			if time.Now().After(end) {
				s.t.Fatalf("q does not end the program\n%s", s.screen())
			}
			if strings.Contains(s.screen(), "Leave now?") {
				s.send("q")
			}
		}
	}
}
