package fold

import (
	"strings"
	"unicode/utf8"
)

const (
	escape = '\x1b'
	csi    = '\u009b' // ESC [ in one character
)

// command is how many bytes a terminal takes for the control sequence that s
// begins with: its few letters and digits are nobody's words. One that is never
// ended is the escape sign alone, and so is one that carries text (a title, an
// address): people see that text on the screen, so it must be checked and found.
func command(s string) int {
	if strings.HasPrefix(s, string(csi)) {
		n := utf8.RuneLen(csi)
		return n + parameters(s[n:])
	}
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		if n := parameters(s[2:]); n > 0 {
			return 2 + n
		}
		return 1
	case ']', 'P', 'X', '^', '_', '\\':
		return 1
	}
	n := 1
	for n < len(s) && s[n] >= 0x20 && s[n] <= 0x2f {
		n++
	}
	if n < len(s) && s[n] >= 0x30 && s[n] <= 0x7e {
		return n + 1
	}
	return 1
}

// parameters is the length of what follows ESC [ up to its final letter, 0
// where there is none.
func parameters(s string) int {
	n := 0
	for n < len(s) && s[n] >= 0x20 && s[n] <= 0x3f {
		n++
	}
	if n < len(s) && s[n] >= 0x40 && s[n] <= 0x7e {
		return n + 1
	}
	return 0
}
