package tui

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// cooked tells whether a terminal echoes and takes whole lines, as a shell needs it.
func cooked(t *testing.T, tty *os.File) bool {
	t.Helper()
	mode, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return mode.Lflag&unix.ECHO != 0 && mode.Lflag&unix.ICANON != 0
}
