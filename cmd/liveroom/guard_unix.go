//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
)

// A process that is killed, or that a panic on any of its goroutines ends, gives
// nothing back: the terminal stays raw, on the other screen, with the mouse taken.
// So a second process looks after it. It remembers how the terminal was and waits
// for the first one's end of a pipe, which closes however that one ends.

const (
	guardName = "guard-terminal"
	// guardReady is how long the guard may take to look at the terminal.
	guardReady = 2 * time.Second
)

// giveBack leaves the other screen, shows the cursor, lets the mouse go, and ends
// bracketed paste and synchronised output.
const giveBack = "\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[0m\x1b[?25h"

func newGuard() *cobra.Command {
	return &cobra.Command{Use: guardName, Hidden: true, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return guard() }}
}

func guard() error {
	// SIGTTOU would stop a process that mends the terminal from the background,
	// where the shell puts it once the first one is gone.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTTOU)
	fd := os.Stdout.Fd()
	before, err := term.GetState(fd)
	if err != nil {
		return fmt.Errorf("look at the terminal: %w", err)
	}
	fmt.Fprintln(os.Stderr, "ready")
	if left, err := io.ReadAll(os.Stdin); err != nil || len(left) > 0 {
		return nil //nolint:nilerr // somebody else gave it back
	}
	if err := term.Restore(fd, before); err != nil {
		return fmt.Errorf("give the terminal back: %w", err)
	}
	_, err = os.Stdout.WriteString(giveBack)
	return err
}

// guarded starts a guard for the terminal. What it returns tells the guard that the
// terminal was given back. Where no guard can be had the console runs without.
func guarded(terminal *os.File) (done func()) {
	self, err := os.Executable()
	if err != nil {
		return func() {}
	}
	cmd := exec.Command(self, guardName)
	cmd.Stdout = terminal
	in, inErr := cmd.StdinPipe()
	said, saidErr := cmd.StderrPipe()
	if inErr != nil || saidErr != nil || cmd.Start() != nil {
		return func() {}
	}
	// The terminal is made raw only when the guard has seen it as it was.
	late := time.AfterFunc(guardReady, func() { _ = cmd.Process.Kill() })
	_, _ = bufio.NewReader(said).ReadString('\n')
	late.Stop()
	return func() {
		_, _ = io.WriteString(in, "given back")
		_ = in.Close()
		_ = cmd.Wait()
	}
}
