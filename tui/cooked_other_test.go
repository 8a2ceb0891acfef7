//go:build !linux

package tui

import (
	"os"
	"testing"
)

// cooked is told only where the other end of a terminal tells its mode.
func cooked(*testing.T, *os.File) bool { return true }
